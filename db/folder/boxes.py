"""Sealing something for one person whose public key the ledger holds, without their passphrase at hand.

Boxes are sealed by HPKE (RFC 9180: DHKEM over X25519 with HKDF-SHA-256, HKDF-SHA-256, AES-256-GCM). The person's
Ed25519 key is used as an X25519 key (RFC 7748 section 4.1 gives the map u = (1 + y) / (1 - y)), as age and libsodium
do. So a new key of the store reaches everybody who stays, and nobody who was taken away.

Boxes of earlier versions (the same agreement, its key by HKDF-SHA-256 of RFC 5869 and AES-256-GCM) still open.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.hpke import Suite

MARK = "hpke:"
"""What a box begins with."""

Secret = bytes | bytearray
"""A key: a ``bytearray`` where it can be wiped, ``bytes`` on its way there."""

_EARLIER = "box:"
BOXES = (MARK, _EARLIER)
_PRIME = 2**255 - 19
_POINT = 32
_NONCE = 12


def is_box(sealed: str) -> bool:
    """Whether a sealed text is a box, not a wrap under a passphrase."""
    return sealed.startswith(BOXES)


def seal_for(public_key: str, plain: bytes, about: bytes) -> str:
    """Seal for the holder of an Ed25519 key (hex); ``about`` is bound in and must be given again to open."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    theirs = X25519PublicKey.from_public_bytes(_curve_point(bytes.fromhex(public_key)))
    return MARK + _suite().encrypt(plain, theirs, about).hex()


def open_box(signing_key: Secret, sealed: str, about: bytes) -> bytes | None:
    """The content, None when the box is for somebody else or was altered."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    own = X25519PrivateKey.from_private_bytes(hashlib.sha512(signing_key).digest()[:_POINT])
    try:
        if sealed.startswith(_EARLIER):
            return _open_earlier(own, bytes.fromhex(sealed.removeprefix(_EARLIER)), about)
        return _suite().decrypt(bytes.fromhex(sealed.removeprefix(MARK)), own, about)
    except (InvalidTag, ValueError):
        return None


def _suite() -> Suite:
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _curve_point(public_key: bytes) -> bytes:
    y = int.from_bytes(public_key, "little") & ((1 << 255) - 1)
    return ((1 + y) * pow(1 - y, _PRIME - 2, _PRIME) % _PRIME).to_bytes(_POINT, "little")


def _open_earlier(own: X25519PrivateKey, data: bytes, about: bytes) -> bytes:
    """The content of a box as versions before 0.2 sealed it."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    theirs, nonce, rest = data[:_POINT], data[_POINT : _POINT + _NONCE], data[_POINT + _NONCE :]
    agreed = own.exchange(X25519PublicKey.from_public_bytes(theirs))
    points = theirs + own.public_key().public_bytes_raw()
    secret = HKDF(SHA256(), 32, salt=points, info=b"casebook box").derive(agreed)
    return AESGCM(secret).decrypt(nonce, rest, about)
