"""Every page of the database as it is read: from the log beside it where that holds a newer one, else from the file.

SQLCipher's own check looks at the file alone. After a checkpoint that was stopped (a power cut, a full disk) pages of
the file are torn while the log holds all of them whole, and every reader takes them from there: nothing is damaged.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

from db import sqlite
from db.folder import paths
from db.ledger.chain import ProofFault, ProofSource

_LOG_HEAD = struct.Struct(">8I")
_FRAME_HEAD = struct.Struct(">4I")
_FRAME_HEAD_BYTES = 24
_MAGIC = (0x377F0682, 0x377F0683)


def check_pages(source: ProofSource) -> tuple[list[ProofFault], bool]:
    """Every page against its own authentication code, then the structure of the database.

    The flag says that pages which the file no longer holds were read from the log.
    """
    _refuses(source.connection, "SELECT count(*) FROM sqlite_schema")  # holds the snapshot: the log stays as it is
    failing, others = _look_at_file(source)
    cut = _look_past_the_end(source)
    if cut is not None:
        others.append(cut)
    in_log = read_log_pages(_path_of(source)) if failing else frozenset()
    damaged = [page for page in failing if page not in in_log and _counts(source, page)]
    if damaged or others:
        return [*_damaged(source, damaged), *others], False
    kept = [page for page in failing if page in in_log]
    return _check_structure(source, log_keeps=bool(kept)), bool(kept)


def _look_at_file(source: ProofSource) -> tuple[list[int], list[ProofFault]]:
    """Pages of the file whose code does not fit, and whatever else SQLCipher says of it."""
    pages, others = [], []
    for (told,) in source.connection.execute("PRAGMA cipher_integrity_check"):
        page = re.search(r"page (\d+)", str(told))
        if page is None:
            others.append(ProofFault("db.verify.structure", str(told)[:200]))
        else:
            pages.append(int(page[1]))
    return pages, others


def _check_structure(source: ProofSource, *, log_keeps: bool) -> list[ProofFault]:
    """Trees and lists of the database, each page read as every reader reads it."""
    try:
        found = [row[0] for row in source.connection.execute("PRAGMA integrity_check(100)")]
        if log_keeps:
            sqlite.check_sound(source.connection)
    except sqlite.DatabaseError as error:
        source.renew()
        return [ProofFault("db.verify.unreadable", str(getattr(error, "sqlite_errorname", "")))]
    return [ProofFault("db.verify.structure", str(told)[:200]) for told in found if told != "ok"]


def read_log_pages(database: Path) -> frozenset[int]:
    """Numbers of the pages that the write-ahead log beside a database holds, by the format of SQLite's log.

    Whether their content is whole is for the reader to find: SQLite takes no frame whose checksum does not fit.
    """
    try:
        log = database.with_name(database.name + paths.LOG).open("rb")
    except OSError:
        return frozenset()
    pages = set()
    with log:
        head = log.read(_LOG_HEAD.size)
        if len(head) < _LOG_HEAD.size:
            return frozenset()
        magic, _, size, _, *salts = _LOG_HEAD.unpack(head)[:6]
        while magic in _MAGIC and len(frame := log.read(_FRAME_HEAD_BYTES)) == _FRAME_HEAD_BYTES:
            page, _, *own = _FRAME_HEAD.unpack(frame[: _FRAME_HEAD.size])
            if own != salts:
                break
            pages.add(page)
            log.seek(size, 1)
    return frozenset(pages)


def _path_of(source: ProofSource) -> Path:
    return Path(str(source.connection.execute("PRAGMA database_list").fetchone()[2]))


def _counts(source: ProofSource, page: int) -> bool:
    """Whether a page belongs to the database: a file may be longer after a checkpoint that was stopped."""
    try:
        count = source.connection.execute("PRAGMA page_count").fetchone()[0]
    except sqlite.DatabaseError:
        return True
    return not count or page <= count


def _look_past_the_end(source: ProofSource) -> ProofFault | None:
    """Whether the file is shorter than its database. If so, what there is of it is read all the same."""
    if not _refuses(source.connection, "PRAGMA user_version"):
        return None
    source.connection.execute("PRAGMA writable_schema = ON")
    if source.again is None or _refuses(source.connection, "PRAGMA user_version"):
        source.connection.execute("PRAGMA writable_schema = OFF")
        source.renew()
        return None
    source.again = _lenient(source.again)
    source.renew()
    return ProofFault("db.verify.cut_short", str(source.connection.execute("PRAGMA page_count").fetchone()[0]))


def _lenient(again: Callable[[], sqlite.Connection]) -> Callable[[], sqlite.Connection]:
    """A connection that takes the end of the file for the end of the database."""

    def connect() -> sqlite.Connection:
        connection = again()
        connection.execute("PRAGMA writable_schema = ON")
        return connection

    return connect


def _damaged(source: ProofSource, pages: Sequence[int]) -> list[ProofFault]:
    """Damaged pages, those side by side in one sentence. All of them: the key or the beginning of the file is wrong."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    if len(runs) == 1 and runs[0][0] == 1 and runs[0][1] > 1 and _refuses(source.connection, "PRAGMA user_version"):
        return [ProofFault("db.verify.head", str(runs[0][1]))]
    return [
        ProofFault("db.verify.page", str(first))
        if first == last
        else ProofFault("db.verify.pages", f"{first} – {last}")
        for first, last in runs
    ]


def _refuses(connection: sqlite.Connection, statement: str) -> bool:
    try:
        connection.execute(statement).fetchone()
    except sqlite.DatabaseError:
        return True
    return False
