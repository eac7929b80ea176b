"""Failed sign-ins. They can't be written into the ledger without its key, so they wait in a file beside it.

The next sign-in absorbs them as acts. Five in a row lock the account for a quarter of an hour. Whoever holds the folder
can delete the file: the lock slows a person at the keyboard; against a stolen folder stands Argon2id alone.
"""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from db.clock import Clock, milliseconds, offset_minutes
from db.folder import paths, shapes
from db.folder.lock import seize
from db.folder.presence import file_id
from forms.errors import Trouble

MOST = 5
"""Failed tries in a row that lock an account."""

WAIT = 15 * 60 * 1000
"""Milliseconds an account stays locked after its last failed try."""


MOST_KEPT = 1000
"""Failed tries that are kept until somebody signs in; the latest ones."""

PATIENCE = 600
"""Twentieths of a second for which another program's try is waited for."""

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


UNREADABLE = "(unreadable file)"
"""Stands for the sign-in name when the file was damaged: whatever it told is lost, and that is put on record."""

_LAST = 253_402_214_400_000
"""Milliseconds: the last day of the year 9999."""

_held = threading.local()


@contextmanager
def counted(folder: Path) -> Iterator[None]:
    """One try at a time, over all programs: looked at, tried and noted before the next one may look.

    Else many guesses at once would be one failed try, or none. Where nothing can be written, nothing is counted either.
    Raises Trouble when another program doesn't get done.
    """
    inside: set[Path] = _held.__dict__.setdefault("folders", set())
    if folder in inside:
        yield
        return
    path = folder / paths.TRIES_LOCK
    file = _take(path)
    inside.add(folder)
    try:
        yield
    finally:
        inside.discard(folder)
        if file is not None:
            with suppress(OSError):  # Windows removes no file that is open
                path.unlink()
            file.close()


def _take(path: Path) -> BinaryIO | None:
    """The file of that name, held. Whoever lets go removes it, so that only a file that still has its name counts."""
    pause = threading.Event()
    for _ in range(PATIENCE):
        try:
            file = os.fdopen(paths.private(path), "r+b", buffering=0)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise paths.disk_trouble(path, error) from error
            return None
        held = os.fstat(file.fileno())
        if seize(file) and file_id(str(path)) == (held.st_dev, held.st_ino):
            return file
        file.close()
        pause.wait(0.05)
    raise Trouble("db.busy", path=str(path.parent))


def read_tries(folder: Path) -> tuple[Try, ...]:
    """Failed sign-ins since the last good one. Of a damaged file one, `UNREADABLE`, of the moment it was written."""
    path = folder / paths.TRIES
    try:
        return tuple(_read(each) for each in shapes.items(shapes.read_json(path), MOST_KEPT))
    except OSError:
        return ()
    except ValueError:
        return (Try(UNREADABLE, _written(path), 0),)


def _read(told: Any) -> Try:
    if type(told) is dict:
        told.setdefault("noted", False)
    user, at, offset, noted = shapes.fields(told, "user", "at", "offset", "noted")
    if type(noted) is not bool:
        raise ValueError("neither true nor false")
    return Try(shapes.word(user), shapes.whole(at, 0, _LAST), shapes.whole(offset, -1440, 1440), noted)


def _written(path: Path) -> int:
    try:
        return min(max(int(path.stat().st_mtime * 1000), 0), _LAST)
    except OSError:
        return 0


def add_try(folder: Path, failed: Try) -> None:
    """Note a failed sign-in."""
    with counted(folder):
        _write(folder, (*read_tries(folder), failed)[-MOST_KEPT:])


def forget_tries(folder: Path, user: str) -> None:
    """After all were taken into the ledger: those of ``user`` go, another person's still count for their lock."""
    with counted(folder):
        others = tuple(replace(each, noted=True) for each in read_tries(folder) if each.user not in (user, UNREADABLE))
        if others:
            _write(folder, others)
        else:
            (folder / paths.TRIES).unlink(missing_ok=True)


def _write(folder: Path, tries: tuple[Try, ...]) -> None:
    for left in folder.glob(f"{paths.TRIES}.*{paths.PART}"):
        left.unlink(missing_ok=True)
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
        add_try(folder, Try(_showable(user), milliseconds(now), offset_minutes(now)))
    except Trouble as trouble:
        if trouble.key != "db.not_writable":
            raise


def _showable(user: str) -> str:
    return "".join(letter for letter in user if letter.isprintable())[:40] or NOBODY


def check_locked(folder: Path, user: str, clock: Clock) -> None:
    """Raises Trouble while an account is locked."""
    minutes = minutes_locked(folder, user, milliseconds(clock()))
    if minutes:
        raise Trouble("db.locked_out", user=user, minutes=minutes)
