"""Failed sign-ins. They can't be written into the ledger without its key, so they wait in a file beside it.

The next sign-in absorbs them as acts. Five in a row lock the account for a quarter of an hour. Whoever holds the folder
can delete the file: the lock slows a person at the keyboard; against a stolen folder stands Argon2id alone.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from db.clock import Clock, milliseconds, offset_minutes
from db.folder import paths
from forms.errors import Trouble

MOST = 5
"""Failed tries in a row that lock an account."""

WAIT = 15 * 60 * 1000
"""Milliseconds an account stays locked after its last failed try."""


SHEET = "(recovery sheet)"
"""Stands for the sign-in name when a wrong recovery code was typed; no sign-in name looks like it."""


NOBODY = "(unknown name)"
"""Stands for a name that no account has: the file is not sealed, and people type passphrases into the wrong line."""


@dataclass(frozen=True, slots=True)
class Try:
    """One failed sign-in: sign-in name, instant in milliseconds UTC, offset in minutes, whether the ledger has it."""

    user: str
    at: int
    offset: int
    noted: bool = False


def read_tries(folder: Path) -> tuple[Try, ...]:
    """Failed sign-ins since the last good one. An unreadable file counts as none."""
    try:
        told = json.loads((folder / paths.TRIES).read_bytes())
        return tuple(
            Try(str(each["user"]), int(each["at"]), int(each["offset"]), each.get("noted") is True) for each in told
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def add_try(folder: Path, failed: Try) -> None:
    """Note a failed sign-in."""
    _write(folder, (*read_tries(folder), failed)[-1000:])


def forget_tries(folder: Path, user: str) -> None:
    """After all were taken into the ledger: those of ``user`` go, another person's still count for their lock."""
    others = tuple(replace(each, noted=True) for each in read_tries(folder) if each.user != user)
    if others:
        _write(folder, others)
    else:
        (folder / paths.TRIES).unlink(missing_ok=True)


def _write(folder: Path, tries: tuple[Try, ...]) -> None:
    paths.write_whole(folder / paths.TRIES, json.dumps([asdict(each) for each in tries]).encode())


def minutes_locked(folder: Path, user: str, now: int) -> int:
    """Minutes that the account stays locked, 0 when it is not. A clock set back keeps it locked."""
    mine = [each.at for each in read_tries(folder) if each.user == user]
    if len(mine) < MOST:
        return 0
    passed = now - max(mine)
    left = WAIT - passed if passed >= 0 else WAIT
    return max(0, -(-left // 60_000))


def note_try(folder: Path, user: str, clock: Clock) -> None:
    """Note a failed try made just now; on a write-protected medium there is nowhere to note it."""
    now = clock()
    try:
        add_try(folder, Try(user[:40], milliseconds(now), offset_minutes(now)))
    except Trouble as trouble:
        if trouble.key != "db.not_writable":
            raise


def check_locked(folder: Path, user: str, clock: Clock) -> None:
    """Raises Trouble while an account is locked."""
    minutes = minutes_locked(folder, user, milliseconds(clock()))
    if minutes:
        raise Trouble("db.locked_out", user=user, minutes=minutes)
