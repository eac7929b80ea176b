"""Files beside the database: where they lie, and writing them so that a power cut leaves the old one or the new one."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from forms.errors import Trouble

STORE = "store.db"
KEYS = "keys.json"
NEXT_KEYS = "keys.next.json"
NEXT_STORE = "store.next.db"
TRIES = "tries.json"
TRIES_LOCK = "tries.lock"
LOG = "-wal"
"""What the name of SQLite's write-ahead log has behind that of its database."""
COUNTER = "counter"
LOCK = "lock"
BACKUPS = "backups"
SUFFIX = ".casebook"
PART = ".part"
"""The end of the name of what is being made."""

FILES = (STORE, STORE + LOG, STORE + "-shm", STORE + "-journal", KEYS, NEXT_KEYS, NEXT_STORE, TRIES, TRIES_LOCK,
         COUNTER, LOCK)  # fmt: skip
"""What lies in a store's folder beside its copies."""

OWNERS = 0o600
"""Whoever owns a file reads and writes it, nobody else does either."""


def private(path: str | os.PathLike[str], flags: int = os.O_RDWR | os.O_CREAT) -> int:
    """Opens a file of one's own, for ``opener=``: made new it is its owner's alone, and a link is not followed."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0), OWNERS)


def make_new(path: Path) -> BinaryIO:
    """A new empty file, its owner's alone, open for writing; whatever lies there is taken away. Raises OSError."""
    path.unlink(missing_ok=True)
    return os.fdopen(private(path, os.O_RDWR | os.O_CREAT | os.O_EXCL), "w+b")


def make_folder(path: Path) -> None:
    """A folder, and those above it that are not there yet, its owner's alone. Raises OSError."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(0o700, exist_ok=True)


def copy_file(source: Path, target: Path) -> None:
    """A copy that is its owner's alone. Raises OSError."""
    with source.open("rb") as read, make_new(target) as written:
        shutil.copyfileobj(read, written, 1 << 20)


def check_plain(folder: Path) -> None:
    """Raises Trouble when something in a store's folder stands for a file elsewhere, or is no file at all.

    Opening a store writes into its files: a link among them would let a folder from somebody else write elsewhere.
    """
    for name in FILES:
        path = folder / name
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise Trouble("db.no_plain_file", path=str(path))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, or over one, so that the old or the new one is there. Raises Trouble when the disk refuses."""
    try:
        replace_file(path, content)
    except OSError as error:
        raise disk_trouble(path, error) from error


def replace_file(path: Path, content: bytes) -> None:
    """Write a new file beside, flush it to the disk, then rename it over the old one; it is its owner's alone.

    A link under that name is replaced, not followed. Raises OSError.
    """
    beside = path.with_name(f"{path.name[:40]}.{secrets.token_hex(4)}{PART}")
    try:
        with make_new(beside) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable, where the system knows how."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def disk_trouble(path: Path, error: OSError) -> Trouble:
    """The words for what the operating system said."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Trouble("db.disk_full", path=str(path), code=errno.errorcode.get(error.errno, ""))
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Trouble("db.not_writable", path=str(path), code=errno.errorcode.get(error.errno, ""))
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return Trouble("db.under_a_file", path=str(path))
    if error.errno == errno.ELOOP:
        return Trouble("db.no_plain_file", path=str(path))
    if error.errno == errno.ENAMETOOLONG:
        return Trouble("db.name_too_long", path=str(path))
    return Trouble("db.disk_error", path=str(path), code=errno.errorcode.get(error.errno or 0, str(error.errno)))
