"""An optional second factor at sign-in: six digits of an authenticator on a telephone, without any network.

Time-based one-time passwords after RFC 6238 (HMAC-SHA-1, 30 seconds, six digits) over RFC 4226. The secret is sealed
for its person's own key, so nobody else reads it, and a new key (a reset passphrase, the recovery sheet) ends it. It
guards the sign-in of the program; against a stolen folder stands the passphrase alone, see docs/decisions/accounts.md.
"""

from __future__ import annotations

import base64
import hmac
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from db.casebook.casebook import Casebook
from db.clock import milliseconds
from db.folder import tries
from db.folder.boxes import open_box, seal_for
from db.ledger.ledger import NOWHERE, Act
from db.ledger.marks import DRIFT, ON, STEP, mark_of_factor
from forms.errors import Refusal, Trouble
from forms.value import Value

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

DIGITS = 6
SECRET = 20
"""Bytes of the secret: the length of the hash (RFC 4226 section 4)."""


def code_of(secret: bytes, counter: int) -> str:
    """The code for a counter: the number of steps since 1970 UTC (RFC 6238 section 4.2)."""
    return _totp(secret).generate(counter * STEP).decode()


def new_secret() -> bytes:
    """A fresh secret."""
    return os.urandom(SECRET)


def shown_secret(secret: bytes) -> str:
    """The secret in base 32, as it is typed into an authenticator."""
    return base64.b32encode(secret).decode().rstrip("=")


def uri_of(secret: bytes, user: str, store: str) -> str:
    """The otpauth:// URI encoded in the QR code."""
    return _totp(secret).get_provisioning_uri(f"{user} {store}", "Casebook")


def is_on(casebook: Casebook) -> bool:
    """Whether the person signed in has a second factor."""
    return _row(casebook) is not None


def turn_on(casebook: Casebook, secret: bytes, code: str) -> None:
    """Ask for codes of this secret from now on. Raises Refusal unless ``code`` shows that the telephone has it."""
    counter = _counter_of(casebook, secret, code, -1)
    if counter is None:
        raise Refusal("db.code_wrong")
    account = casebook.account
    box = seal_for(account.public_key, secret, _about(account.id))
    with casebook.writing() as ledger:
        casebook.connection.execute(
            "INSERT OR REPLACE INTO second_factor VALUES (?, ?, ?, ?)", (account.id, account.public_key, box, counter)
        )
        told = f"{ON} {mark_of_factor(account.id, account.public_key, box)}"
        ledger.append([Act("second_factor", replace(NOWHERE, item=account.id), Value(value=told))])


def turn_off(casebook: Casebook) -> None:
    """Ask for no codes any more."""
    with casebook.writing() as ledger:
        casebook.connection.execute("DELETE FROM second_factor WHERE account = ?", (casebook.account.id,))
        ledger.append([Act("second_factor", replace(NOWHERE, item=casebook.account.id), Value(value="off"))])


def check_code(casebook: Casebook, code: str) -> int:
    """At sign-in. Raises Trouble when a code is asked for and this is none, or was used before; a wrong one counts.

    Returns the number of the code, 0 when none is asked for.
    """
    row = _row(casebook)
    if row is None:
        return 0
    if not code.strip():
        raise Trouble("db.code_needed", user=casebook.user)
    secret = open_box(casebook.signing_key, row[0], _about(casebook.account.id))
    with tries.counted(casebook.path):
        tries.check_locked(casebook.path, casebook.user, casebook.clock)
        counter = None if secret is None else _counter_of(casebook, secret, code, row[1])
        if counter is None:
            tries.note_try(casebook.path, casebook.user, casebook.clock)
            raise Trouble("db.code_wrong")
    return counter


def spend_code(casebook: Casebook, counter: int) -> None:
    """The code numbered ``counter`` and those before it open nothing any more."""
    with casebook.writing() as ledger:
        ledger.connection.execute("UPDATE second_factor SET used = ? WHERE account = ?", (counter, casebook.account.id))


def _row(casebook: Casebook) -> tuple[str, int] | None:
    """The sealed secret and the last counter used; none when the person's key is another by now."""
    found: tuple[str, int] | None = casebook.connection.execute(
        "SELECT box, used FROM second_factor WHERE account = ? AND public_key = ?",
        (casebook.account.id, casebook.account.public_key),
    ).fetchone()
    return found


def _counter_of(casebook: Casebook, secret: bytes, code: str, used: int) -> int | None:
    typed = "".join(code.split())
    now = milliseconds(casebook.clock()) // 1000 // STEP
    near = range(max(now - DRIFT, used + 1), now + DRIFT + 1)
    return next((each for each in near if hmac.compare_digest(code_of(secret, each), typed)), None)


def _totp(secret: bytes) -> TOTP:
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

    return TOTP(secret, DIGITS, SHA1(), STEP)


def _about(account: str) -> bytes:
    return f"casebook second factor {account}".encode()
