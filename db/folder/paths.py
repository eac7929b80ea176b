"""Files beside the database: where they lie, and writing them so that a power cut leaves the old one or the new one."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from forms.errors import Trouble

STORE = "store.db"
KEYS = "keys.json"
NEXT_KEYS = "keys.next.json"
NEXT_STORE = "store.next.db"
TRIES = "tries.json"
LOG = "-wal"
"""What the name of SQLite's write-ahead log has behind that of its database."""
COUNTER = "counter"
LOCK = "lock"
BACKUPS = "backups"
SUFFIX = ".casebook"


def write_whole(path: Path, content: bytes) -> None:
    """Write, flush to the disk, then rename over the old file. Raises Trouble when the disk refuses."""
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise disk_trouble(path, error) from error


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
    if error.errno == errno.ENAMETOOLONG:
        return Trouble("db.name_too_long", path=str(path))
    return Trouble("db.disk_error", path=str(path), code=errno.errorcode.get(error.errno or 0, str(error.errno)))
