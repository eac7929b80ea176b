"""A PIN of six digits for one sitting: it takes the cover off after an inactivity lock, and does nothing else.

It is kept in memory alone, as a keyed hash under a random key that is made for it and overwritten with it. A slow hash
would not help: of a million PINs each is soon tried by whoever reads the memory, and the store's own key lies beside.
Once the key is overwritten the hash tells nothing. See docs/decisions/keys.md.
"""

from __future__ import annotations

import hmac
import os
import unicodedata
from hashlib import sha256
from itertools import pairwise

from db.casebook.casebook import Casebook
from db.folder import keys, paths
from db.folder.tries import check_locked, counted, note_try
from db.people.accounts import check_last_day, check_own_passphrase
from forms.errors import Refusal, Trouble

DIGITS = 6
TRIES = 5
"""Wrong PINs in a row that end it."""

SIZE = 32
"""Bytes of the random key and of each hash under it (SHA-256)."""

KEY, PIN, WRAP, WRONG = slice(0, SIZE), slice(SIZE, 2 * SIZE), slice(2 * SIZE, 3 * SIZE), 3 * SIZE
"""Where `Session.pin` holds the key, the hash of the digits, that of the wrap they were set under, the wrong tries."""


def set_pin(casebook: Casebook, pin: str, passphrase: str | None = None) -> None:
    """Let six digits take the cover off after an inactivity lock, until the person signs out.

    ``passphrase`` is asked where the person did not give it a moment before, so that nobody sets one at a window left
    open; a wrong one counts as a failed try. Raises Refusal for digits that everybody would try first.
    """
    digits = _digits(pin)
    if len(set(digits)) == 1 or _is_run(digits):
        raise Refusal("db.pin_easy")
    if passphrase is not None:
        check_own_passphrase(casebook, passphrase)
    end_pin(casebook)
    key = os.urandom(SIZE)
    casebook.pin[:] = key + _hash(key, digits) + _hash(key, _wrap(casebook)) + b"\0"


def end_pin(casebook: Casebook) -> None:
    """From now on the passphrase is asked; what was kept of the PIN is overwritten."""
    casebook.pin[:] = bytes(len(casebook.pin))
    del casebook.pin[:]


def has_pin(casebook: Casebook) -> bool:
    """Whether a PIN takes the cover off. A passphrase changed, reset or taken away since then ended it."""
    if not casebook.pin:
        return False
    try:
        same = hmac.compare_digest(casebook.pin[WRAP], _hash(casebook.pin[KEY], _wrap(casebook)))
    except Trouble:
        return False  # the passphrase is asked, and with it told what is wrong with the key file
    if not same:
        end_pin(casebook)
    return same


def check_pin(casebook: Casebook, pin: str) -> None:
    """Raises Refusal when it is not the PIN. The fifth wrong one in a row ends it and counts as one failed try.

    What is no six digits is not counted. Refused, as the passphrase is, while the account is locked after failed tries
    and after its last day.
    """
    if not has_pin(casebook):
        raise Refusal("db.pin_over")
    digits = _digits(pin)
    with counted(casebook.path):
        check_locked(casebook.path, casebook.user, casebook.clock)
        if not hmac.compare_digest(casebook.pin[PIN], _hash(casebook.pin[KEY], digits)):
            _wrong(casebook)
    casebook.pin[WRONG] = 0
    check_last_day(casebook)


def _wrong(casebook: Casebook) -> None:
    casebook.pin[WRONG] += 1
    left = TRIES - casebook.pin[WRONG]
    if left > 0:
        raise Refusal("db.pin_wrong", left=left)
    end_pin(casebook)
    note_try(casebook.path, casebook.user, casebook.clock)
    raise Refusal("db.pin_over")


def _digits(pin: str) -> str:
    """Six digits, also from a Chinese keyboard that types them wide. Raises Refusal for anything else."""
    digits = unicodedata.normalize("NFKC", pin)
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        raise Refusal("db.pin_digits")
    return digits


def _is_run(digits: str) -> bool:
    """Whether each digit is one more, or each one less, than the one before; 0 follows 9."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    return steps in ({1}, {9})


def _wrap(casebook: Casebook) -> str:
    """What the key file holds for the person: other with each new passphrase, nothing once access was taken away."""
    return repr(keys.read_keys(casebook.path / paths.KEYS).wrap_of(casebook.user))


def _hash(key: bytes | bytearray, text: str) -> bytes:
    return hmac.digest(key, text.encode(), sha256)
