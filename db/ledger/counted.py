"""The ledger against the file that counts acknowledged entries beside it."""

from __future__ import annotations

from db import sqlite
from db.folder.counter import MARK, Counted

COUNTED = "counted"
"""Name of the note of this device which says that there is such a file."""


def is_counted(connection: sqlite.Connection) -> bool:
    """Whether a store says that its entries are counted beside it."""
    return connection.execute("SELECT 1 FROM device WHERE name = ?", (COUNTED,)).fetchone() is not None


def first_missing(connection: sqlite.Connection, counted: Counted | None) -> int:
    """Number of the first acknowledged entry that the database lacks or has as another one, 0 when none is missing."""
    if counted is None:
        return 0
    row = connection.execute(
        "SELECT seq, hash FROM entry WHERE strand = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
        (counted.strand, counted.seq),
    ).fetchone()
    if row is None:
        return 1
    seq, mark = row
    if seq < counted.seq:
        return int(seq) + 1
    return 0 if mark.hex()[:MARK] == counted.mark else counted.seq
