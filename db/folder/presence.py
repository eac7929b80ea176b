"""Whether the files of an open store are still the ones it was opened with, asked before each commit counts.

A folder renamed or deleted, a database exchanged, a lock file or a log taken away: SQLite goes on writing into files
that nobody finds again. So names are compared with the files behind them, which costs a few microseconds.
"""

from __future__ import annotations

import os
from pathlib import Path

from db.folder import paths
from db.folder.lock import WriterLock
from forms.errors import Trouble

FileId = tuple[int, int]
"""Device and number of a file."""


class Presence:
    """What the files of a store were when it was opened for writing."""

    def __init__(self, folder: Path, lock: WriterLock) -> None:
        self._folder = folder
        self._paths = {name: os.path.join(folder, name) for name in (paths.STORE, paths.LOCK)}
        self._log = self._paths[paths.STORE] + paths.LOG
        self._ids = {paths.STORE: file_id(self._paths[paths.STORE]), paths.LOCK: lock.file_id()}
        self._log_id: FileId | None = None

    def check(self) -> None:
        """Raises Trouble when something is no longer there or is another file."""
        for name, path in self._paths.items():
            if file_id(path) != self._ids[name]:
                raise self._told(name)
        found = file_id(self._log)
        if found != self._log_id:
            if self._log_id is not None:
                raise Trouble("db.log_gone", path=self._log)
            self._log_id = found

    def forget_log(self) -> None:
        """Whatever log there is next is the one that counts."""
        self._log_id = None

    def _told(self, name: str) -> Trouble:
        if not self._folder.is_dir():
            return Trouble("db.folder_gone", path=str(self._folder))
        key = "db.lock_gone" if name == paths.LOCK else "db.database_exchanged"
        return Trouble(key, path=self._paths[name])


def file_id(path: str) -> FileId | None:
    """Which file a name stands for, None when there is none or it can't be looked at."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
