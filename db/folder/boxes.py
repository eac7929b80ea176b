"""Sealing something for one person whose public key the ledger holds, without their passphrase at hand.

The person's Ed25519 key is used as an X25519 key (RFC 7748 section 4.1 gives the map u = (1 + y) / (1 - y)), as age and
libsodium do. A fresh key pair agrees on a secret with it, HKDF-SHA-256 (RFC 5869) makes a key of that and AES-256-GCM
seals the content. So a new key of the store reaches everybody who stays, and nobody who was taken away.
"""

from __future__ import annotations

import hashlib
import os

MARK = "box:"
"""A sealed text that begins so is a box, not a wrap under a passphrase."""

_PRIME = 2**255 - 19
_POINT = 32
_NONCE = 12


def seal_for(public_key: str, plain: bytes, about: bytes) -> str:
    """Seal for the holder of an Ed25519 key (hex); ``about`` is bound in and must be given again to open."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    theirs = _curve_point(bytes.fromhex(public_key))
    fresh = X25519PrivateKey.generate()
    mine = fresh.public_key().public_bytes_raw()
    secret = _secret(fresh.exchange(X25519PublicKey.from_public_bytes(theirs)), mine + theirs)
    nonce = os.urandom(_NONCE)
    return MARK + (mine + nonce + AESGCM(secret).encrypt(nonce, plain, about)).hex()


def open_box(signing_key: bytes, sealed: str, about: bytes) -> bytes | None:
    """The content, None when the box is for somebody else or was altered."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        data = bytes.fromhex(sealed.removeprefix(MARK))
        own = X25519PrivateKey.from_private_bytes(hashlib.sha512(signing_key).digest()[:_POINT])
        theirs, nonce, rest = data[:_POINT], data[_POINT : _POINT + _NONCE], data[_POINT + _NONCE :]
        agreed = own.exchange(X25519PublicKey.from_public_bytes(theirs))
        secret = _secret(agreed, theirs + own.public_key().public_bytes_raw())
        return AESGCM(secret).decrypt(nonce, rest, about)
    except (InvalidTag, ValueError):
        return None


def _curve_point(public_key: bytes) -> bytes:
    y = int.from_bytes(public_key, "little") & ((1 << 255) - 1)
    return ((1 + y) * pow(1 - y, _PRIME - 2, _PRIME) % _PRIME).to_bytes(_POINT, "little")


def _secret(agreed: bytes, points: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt=points, info=b"casebook box").derive(agreed)
