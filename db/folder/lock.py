"""One writer at a time: the file ``lock`` names who is writing, and the operating system holds it for them.

The system lets go when a program ends, however it ends, so a lock left behind on this computer is known to be stale. A
lock left by another computer (the folder was carried or is shared) can't be tested from here and is respected; the
message says when it may be removed.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from db.folder import paths
from forms.errors import Trouble

_BYTE = 1 << 20
"""Which byte of the file is locked on Windows: far behind the text, so that others can read who holds it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is writing: sign-in name, computer, program number, since when (ISO, UTC)."""

    user: str
    host: str
    pid: int
    since: str


class WriterLock:
    """Held from opening to closing a store."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def file_id(self) -> tuple[int, int]:
        """Device and number of the file that is held, whatever lies under its name by now."""
        found = os.fstat(self._file.fileno())
        return found.st_dev, found.st_ino

    def release(self) -> None:
        """Let go; the file stays, empty. Letting go twice changes nothing."""
        with contextlib.suppress(OSError, ValueError):
            self._file.truncate(0)
        self._file.close()


def take_lock(folder: Path, user: str, since: str) -> WriterLock:
    """Become the one writer. Raises Trouble naming who is, when there is one."""
    path = folder / paths.LOCK
    paths.check_plain(folder)
    try:
        file = os.fdopen(paths.private(path), "r+b", buffering=0)
    except OSError as error:
        raise paths.disk_trouble(path, error) from error
    try:
        text = file.read(4096) or b""
        holder = _read_holder(text)
        if not seize(file):
            raise _told(path, holder)
        if holder and holder.host != socket.gethostname():
            raise Trouble("db.open_on_other_computer", user=holder.user, host=holder.host, since=holder.since,
                          path=str(path))  # fmt: skip
        file.seek(0)
        file.truncate()
        mine = {"user": user, "host": socket.gethostname(), "pid": os.getpid(), "since": since}
        file.write(json.dumps(mine).encode())
        file.flush()
    except OSError as error:
        file.close()
        raise paths.disk_trouble(path, error) from error
    except BaseException:
        file.close()
        raise
    return WriterLock(file)


def holder_of(folder: Path) -> Holder | None:
    """Who the lock file names; it may be stale."""
    try:
        return _read_holder((folder / paths.LOCK).read_bytes())
    except OSError:
        return None


def _read_holder(text: bytes) -> Holder | None:
    try:
        told = json.loads(text)
        return Holder(str(told["user"]), str(told["host"]), int(told["pid"]), str(told["since"]))
    except (ValueError, KeyError, TypeError):
        return None


def _told(path: Path, holder: Holder | None) -> Trouble:
    if holder is None:
        return Trouble("db.open_elsewhere_unknown", path=str(path))
    return Trouble("db.open_elsewhere", user=holder.user, host=holder.host, pid=holder.pid, since=holder.since)


def seize(file: BinaryIO) -> bool:
    """Lock an open file until it is closed; False when another holds it."""
    try:
        if os.name == "nt":  # pragma: no cover: measured on Debian
            import msvcrt

            file.seek(_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
