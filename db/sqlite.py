"""The only importer of SQLCipher and sqlite-utils, and the translator of their errors.

sqlite-utils looks for `pysqlite3` before `sqlite3`, and catches that module's exceptions; SQLCipher's are others. So
SQLCipher is put in that place first. sqlite-utils also imports pandas when it is installed, which costs more than the
whole start of the program: pandas is hidden while it is being imported (and only then). See
docs/decisions/ledger.md.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import sqlcipher3

from forms.errors import Trouble

if TYPE_CHECKING:
    from sqlite_utils import Database

Connection = Any
"""A `sqlcipher3.Connection`; the package ships no types."""

DatabaseError = sqlcipher3.DatabaseError
IntegrityError = sqlcipher3.IntegrityError

LONGEST = 250 if sys.platform == "win32" else 500
"""Characters on Windows, bytes elsewhere, of the longest path of a database: SQLite has room for 260 and 512 of them
with the ending of its journal, and calls a longer one merely impossible to open."""

_HIDDEN = ("pandas", "numpy")

_TROUBLES = {
    "SQLITE_FULL": "db.disk_full",
    "SQLITE_CORRUPT": "db.damaged",
    "SQLITE_NOTADB": "db.damaged",
    "SQLITE_READONLY": "db.not_writable",
    "SQLITE_BUSY": "db.busy",
    "SQLITE_LOCKED": "db.busy",
    "SQLITE_CANTOPEN": "db.cannot_open",
    "SQLITE_IOERR": "db.disk_error",
    "SQLITE_PERM": "db.not_writable",
    "SQLITE_NOMEM": "db.memory",
}


def connect(
    path: Path, key: bytes | bytearray, mode: Literal["ro", "rw", "rwc"] = "rw", *, unread: bool = False
) -> Connection:
    """A keyed connection in autocommit, safe to hand between threads one at a time.

    ``unread`` leaves out whatever looks into the file, so that a damaged one can still be checked page by page.
    ``mode`` "rw" never makes a file: an empty or missing file would open as a new store under any key.
    """
    check_length(path)
    still = "&immutable=1" if mode == "ro" and _lies_still(path) else ""
    with translated(path):
        connection = sqlcipher3.connect(
            f"{path.resolve().as_uri()}?mode={mode}{still}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=5,
        )
        try:
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            connection.execute("PRAGMA cipher_log_level = NONE")
            if unread:
                return connection
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            for pragma in ("foreign_keys = ON", "recursive_triggers = ON", "synchronous = FULL", "fullfsync = ON",
                           "checkpoint_fullfsync = ON", "trusted_schema = OFF", "cache_size = -32000"):  # fmt: skip
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("PRAGMA query_only = ON" if mode == "ro" else "PRAGMA journal_mode = WAL")
        except BaseException:
            connection.close()
            raise
        return connection


def check_length(path: Path) -> None:
    """Raises Trouble when the path of a database is longer than SQLite takes; links in it are followed."""
    whole = str(path.resolve())
    size = len(whole) if sys.platform == "win32" else len(os.fsencode(whole))
    if size > LONGEST:
        raise Trouble("db.path_too_long", path=str(path.parent), size=size, most=LONGEST)


def empty() -> Connection:
    """A database in memory with nothing in it, in autocommit."""
    return sqlcipher3.connect(":memory:", isolation_level=None)


def _lies_still(path: Path) -> bool:
    """Whether a store was closed and nobody can write beside it, as on a write-protected medium.

    Without the files of its write-ahead log, which can't be made there, it can be read only if it is told so.
    """
    return not os.access(path.parent, os.W_OK) and not path.with_name(path.name + "-wal").exists()


@contextmanager
def translated(where: Path | str) -> Iterator[None]:
    """Turns what the database says about the world into `Trouble` with words for a person."""
    try:
        yield
    except sqlcipher3.IntegrityError:
        raise
    except sqlcipher3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        key = next((text for start, text in _TROUBLES.items() if name.startswith(start)), "")
        if not key:
            raise
        raise Trouble(key, path=str(where), code=name) from error


def is_sound(connection: Connection) -> bool:
    """Whether every page read through this connection had its authentication code."""
    row = connection.execute("PRAGMA cipher_status").fetchone()
    return row is None or row[0] == "1"


def check_sound(connection: Connection) -> None:
    """Raises DatabaseError when a page that was read is damaged.

    SQLCipher gives zeros for such a page and an error only with the next one, so that the last page of a long text
    would come back empty and nobody be told.
    """
    if not is_sound(connection):
        error = sqlcipher3.DatabaseError("a page that was read is damaged")
        error.sqlite_errorname = "SQLITE_CORRUPT"
        raise error


def has_table(connection: Connection, table: str) -> bool:
    """Whether a table is there: a copy made by an earlier program lacks what later steps of the schema add."""
    found = connection.execute("SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = ?", (table,))
    return found.fetchone() is not None


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """One write transaction: all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        check_sound(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(connection: Connection) -> Iterator[None]:
    """A read transaction: everything read inside belongs to one instant. Raises DatabaseError for a damaged page."""
    connection.execute("BEGIN")
    try:
        yield
        check_sound(connection)
    finally:
        connection.execute("ROLLBACK")


def utilities(connection: Connection) -> Database:
    """The connection under sqlite-utils, for schema steps and whatever is not done at every key stroke."""
    if "sqlite_utils" not in sys.modules:
        sys.modules.setdefault("pysqlite3", sqlcipher3)
        sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher3.dbapi2)
        hidden = [name for name in _HIDDEN if name not in sys.modules]
        for name in hidden:
            sys.modules[name] = None  # type: ignore[assignment]
        try:
            import sqlite_utils  # noqa: F401
        finally:
            for name in hidden:
                del sys.modules[name]
    from sqlite_utils import Database

    return Database(connection)
