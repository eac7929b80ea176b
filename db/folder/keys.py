"""The key file: the key of the store and each person's signing key, wrapped by their passphrase.

A random 256-bit key opens the database. For each person Argon2id (RFC 9106) makes a wrapping key of their passphrase,
and AES-256-GCM seals the store's key and the person's Ed25519 signing key with it. So a passphrase is changed without
re-encrypting anything, and taking a person's wrap away takes their access away. One more wrap is for the sealed
recovery code. A checksum tells a damaged key file from a wrong passphrase, a check of the store's key does the same for
a damaged database. What the file tells a thief: sign-in names, nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import unicodedata
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from db.clock import Clock
from db.folder import paths, shapes
from db.folder.boxes import BOXES, Secret, is_box, open_box
from forms.errors import Refusal, Trouble

FORMAT = "casebook keys 1"
RECOVERY = "recovery"

_FORMATS = re.compile(r"casebook keys [0-9]{1,6}")

MOST_WRAPS = 5000
MOST_MEMORY = 1 << 20
"""KiB: one GiB, sixteen times what is used. A key file that asks for more would stop the computer, not open a store."""

MOST_WORK = 4 * MOST_MEMORY
"""KiB times passes: some seconds."""
SHORTEST_PASSPHRASE = 10
"""Characters of a new passphrase. One that was chosen when fewer would do opens its store as before."""

SHORTEST_SHOWN = 4
"""The same of a store under a clock that was set, a demonstration or a test: its passphrase is told to everybody."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""

KEY_LENGTH = 32
"""Bytes of each key."""

_CODE_LENGTH = 28
_CHECK_LENGTH = 2


@dataclass(frozen=True, slots=True)
class Kdf:
    """Cost of Argon2id: memory in KiB, passes, lanes."""

    memory: int
    passes: int
    lanes: int


DEFAULT = Kdf(65536, 3, 4)
"""RFC 9106 section 4, second recommended option (64 MiB, three passes, four lanes)."""

CHEAP = Kdf(64, 1, 1)
"""For tests only: no protection."""


@dataclass(frozen=True, slots=True)
class Wrap:
    """What one person can unwrap. ``id`` is the account, ``user`` the name typed at sign-in."""

    id: str
    user: str
    kdf: Kdf
    salt: str
    store_key: str
    signing_key: str


@dataclass(frozen=True, slots=True)
class Keys:
    """The content of the key file. ``version`` counts its changes."""

    store: str
    version: int
    check: str
    wraps: tuple[Wrap, ...]

    def wrap_of(self, user: str) -> Wrap | None:
        """The wrap of a sign-in name."""
        return next((wrap for wrap in self.wraps if wrap.user == user and wrap.id != RECOVERY), None)

    @property
    def recovery(self) -> Wrap | None:
        """The wrap of the recovery code."""
        return next((wrap for wrap in self.wraps if wrap.id == RECOVERY), None)

    @property
    def sheet(self) -> str:
        """Hex of the public key of the recovery sheet, "" without one."""
        return self.recovery.user.partition(" ")[2] if self.recovery is not None else ""

    def with_wrap(self, wrap: Wrap) -> Keys:
        """The next version, with this wrap in place of the account's earlier one."""
        others = tuple(each for each in self.wraps if each.id != wrap.id)
        return replace(self, version=self.version + 1, wraps=(*others, wrap))

    def without(self, account: str) -> Keys:
        """The next version, without the account's wrap."""
        return replace(self, version=self.version + 1, wraps=tuple(each for each in self.wraps if each.id != account))

    def proves(self, store_key: Secret) -> bool:
        """Whether a key is this store's."""
        return hmac.compare_digest(self.check, key_check(self.store, store_key))


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """What a right passphrase gives. No picture of it in words: it might get into a log."""

    store_key: Secret = field(repr=False)
    signing_key: Secret = field(repr=False)


def key_check(store: str, store_key: Secret) -> str:
    """A value that proves a key to be the store's and tells nothing about it (HMAC-SHA-256)."""
    return hmac.new(store_key, b"casebook key check " + store.encode(), hashlib.sha256).hexdigest()


def new_keys(store_key: Secret) -> Keys:
    """A key file without any wrap yet."""
    store = secrets.token_hex(16)
    return Keys(store, 0, key_check(store, store_key), ())


def check_passphrase(passphrase: str, clock: Clock) -> None:
    """Raises Refusal when a new passphrase is too short to be one; blanks around it and marks of letters don't count.

    NIST SP 800-63B section 5.1.1.2 asks for length and for nothing else.
    """
    least = SHORTEST_SHOWN if clock.was_set else SHORTEST_PASSPHRASE
    if len(unicodedata.normalize("NFC", passphrase).strip()) < least:
        raise Refusal("db.passphrase_short", least=least)


def wrap(keys: Keys, account: str, user: str, passphrase: str, unwrapped: Unwrapped, kdf: Kdf) -> Wrap:
    """Seals both keys under a passphrase. The account and the cost are bound in as associated data."""
    salt = os.urandom(16)
    secret = _derive(passphrase, salt, kdf)
    about = _about(keys.store, account, user, kdf)
    return Wrap(
        account,
        user,
        kdf,
        salt.hex(),
        _seal(secret, unwrapped.store_key, about + b"store"),
        _seal(secret, unwrapped.signing_key, about + b"signing"),
    )


def unwrap(keys: Keys, sealed: Wrap, passphrase: str) -> Unwrapped | None:
    """Both keys, or None when the passphrase is not the right one."""
    secret = _derive(passphrase, bytes.fromhex(sealed.salt), sealed.kdf)
    about = _about(keys.store, sealed.id, sealed.user, sealed.kdf)
    signing_key = _open(secret, sealed.signing_key, about + b"signing")
    store_key: bytes | None
    if is_box(sealed.store_key):
        store_key = open_box(signing_key, sealed.store_key, box_about(keys, sealed)) if signing_key else None
    else:
        store_key = _open(secret, sealed.store_key, about + b"store")
    if store_key is None or signing_key is None or len(signing_key) != KEY_LENGTH or not keys.proves(store_key):
        return None
    return Unwrapped(store_key, signing_key)


def box_about(keys: Keys, sealed: Wrap) -> bytes:
    """What is bound into a box that holds the store's key for an account."""
    return json.dumps([FORMAT, keys.store, keys.check, sealed.id, "store"]).encode()


def _derive(passphrase: str, salt: bytes, kdf: Kdf) -> bytes:
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    secret = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    try:
        return hash_secret_raw(secret, salt, kdf.passes, kdf.memory, kdf.lanes, 32, Type.ID)
    except (HashingError, MemoryError) as error:
        raise Trouble("db.memory") from error


def _about(store: str, account: str, user: str, kdf: Kdf) -> bytes:
    return json.dumps([FORMAT, store, account, user, kdf.memory, kdf.passes, kdf.lanes]).encode()


def _seal(secret: bytes, plain: Secret, about: bytes) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    return (nonce + AESGCM(secret).encrypt(nonce, plain, about)).hex()


def _open(secret: bytes, sealed: str, about: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    data = bytes.fromhex(sealed)
    try:
        return AESGCM(secret).decrypt(data[:12], data[12:], about)
    except InvalidTag:
        return None


def new_signing_key() -> bytes:
    """A fresh Ed25519 private key, 32 bytes."""
    return os.urandom(32)


def public_key(signing_key: Secret) -> str:
    """Hex of the public half."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(signing_key).public_key().public_bytes_raw().hex()


def sign(signing_key: Secret, message: bytes) -> str:
    """Hex of the Ed25519 signature."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(signing_key).sign(message).hex()


class Signer:
    """A person's Ed25519 key made ready, for signing again and again. The library overwrites it when it is let go."""

    def __init__(self, signing_key: Secret) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.from_private_bytes(signing_key)
        self.public = self._key.public_key().public_bytes_raw().hex()
        """Hex of the public half."""

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes."""
        return self._key.sign(message)


def is_signed(public: str, message: bytes, signature: str) -> bool:
    """Whether the signature is that key's."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def new_recovery_code() -> str:
    """A code for the sealed recovery sheet: 140 random bits in groups of five, two characters of check at the end."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    code += _code_check(code)
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


def read_recovery_code(typed: str) -> str:
    """The code as it was made, from what a person typed off the sheet. Raises Refusal for a slip of the pen."""
    plain = unicodedata.normalize("NFKC", typed).upper().translate(str.maketrans("OIL", "011"))
    code = "".join(letter for letter in plain if letter in _ALPHABET)
    if len(code) != _CODE_LENGTH + _CHECK_LENGTH or _code_check(code[:_CODE_LENGTH]) != code[_CODE_LENGTH:]:
        raise Refusal("db.recovery_code_misread")
    return code


def _code_check(code: str) -> str:
    digest = hashlib.sha256(code.encode()).digest()
    return "".join(_ALPHABET[byte % 32] for byte in digest[:_CHECK_LENGTH])


def dump_keys(keys: Keys) -> bytes:
    """The bytes of the key file, with a checksum."""
    content = {"format": FORMAT, **asdict(keys)}
    return json.dumps({**content, "sum": _sum(content)}, indent=1, sort_keys=True).encode() + b"\n"


def mark(keys: Keys) -> str:
    """sha256 of the key file's bytes, as the ledger keeps it."""
    return hashlib.sha256(dump_keys(keys)).hexdigest()


def read_keys(path: Path) -> Keys:
    """The key file. Raises Trouble when it is missing, damaged in any way or of a newer program."""
    try:
        content = shapes.read_json(path)
        if type(content) is not dict:
            raise ValueError("no object")
        form = shapes.word(content.get("format"))
        if form != FORMAT and _FORMATS.fullmatch(form):
            raise Trouble("db.keys_newer", path=str(path), found=form, known=FORMAT)
        told = content.pop("sum", None)
        if form != FORMAT or told != _sum(content):
            raise ValueError("another sum")
        del content["format"]
        return _read(content)
    except FileNotFoundError as error:
        raise Trouble("db.keys_missing", path=str(path)) from error
    except OSError as error:
        raise paths.disk_trouble(path, error) from error
    except ValueError as error:
        raise Trouble("db.keys_damaged", path=str(path)) from error


def _read(content: Any) -> Keys:
    """The keys of a file whose sum is right; that proves nothing, as anybody can make a sum. Raises ValueError."""
    store, version, check, told = shapes.fields(content, "store", "version", "check", "wraps")
    wraps = tuple(_read_wrap(each) for each in shapes.items(told, MOST_WRAPS))
    if not wraps:
        raise ValueError("nobody")
    for names in ([each.id for each in wraps], [each.user for each in wraps]):
        if len(names) != len(set(names)):
            raise ValueError("somebody twice")
    return Keys(shapes.word(store), shapes.whole(version, 0, 1 << 53), shapes.hex_text(check, 32, 32), wraps)


def _read_wrap(told: Any) -> Wrap:
    account, user, kdf, salt, store_key, signing_key = shapes.fields(
        told, "id", "user", "kdf", "salt", "store_key", "signing_key"
    )
    return Wrap(
        shapes.word(account), shapes.word(user), _read_kdf(kdf), shapes.hex_text(salt, 8, 64),
        shapes.hex_text(store_key, 44, 4096, ("", *BOXES)), shapes.hex_text(signing_key, 44, 4096),
    )  # fmt: skip


def _read_kdf(told: Any) -> Kdf:
    """A cost that Argon2id takes and this computer can bear, whoever wrote it there (RFC 9106 section 3.1)."""
    memory, passes, lanes = shapes.fields(told, "memory", "passes", "lanes")
    lanes = shapes.whole(lanes, 1, 64)
    memory = shapes.whole(memory, 8 * lanes, MOST_MEMORY)
    return Kdf(memory, shapes.whole(passes, 1, MOST_WORK // memory), lanes)


def _sum(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
