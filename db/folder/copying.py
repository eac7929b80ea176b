"""A copy of a database under the same key, in a file that is its owner's alone."""

from __future__ import annotations

from pathlib import Path

from db.folder.paths import make_new
from db.sqlite import Connection


def copy_into(connection: Connection, path: Path) -> None:
    """Copy the database of an open connection to ``path``, a new file. Raises OSError and DatabaseError."""
    make_new(path).close()
    connection.execute("VACUUM INTO ?", (str(path),))
