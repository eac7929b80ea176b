"""Tables, indexes, triggers and views of a store against what the steps of its schema make.

Whoever holds the key can redefine the view that everything is read through, or take away a trigger. So `verify` looks
at the definitions first, exactly as SQLite keeps them, and reads the trail through its own definition of it.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from functools import lru_cache

from db import sqlite
from db.ledger import schema
from db.ledger.chain import ProofFault
from forms.errors import Trouble

Part = tuple[str, str, str, str]
"""Type, name, table and definition of one object of a schema."""

VIEW = "trail"
_LIST = "SELECT type, name, tbl_name, coalesce(sql, '') FROM main.sqlite_schema"
_BRACKETS = re.compile(r"\[(\w+)\]")


def check_blueprint(connection: sqlite.Connection) -> tuple[list[ProofFault], bool]:
    """Compare a schema with its steps, nothing missing and nothing more. Raises Trouble for a newer one.

    The flag says whether tables are what they should be, so that reading them means something.
    """
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > schema.CURRENT:
        raise Trouble("db.newer_store", path=_path_of(connection), found=version, known=schema.CURRENT)
    due = parts_of(version)
    there = Counter(_plain(*row) for row in connection.execute(_LIST))
    sqlite.check_sound(connection)
    misfits = {part[:2] for part in (there - due) + (due - there)}
    names = {part[:2] for part in due}
    found = {part[:2] for part in there}
    faults = [ProofFault(_fault_of(each, names, found), " ".join(each)) for each in sorted(misfits)]
    return faults, not any(kind == "table" or (kind == "view" and name != VIEW) for kind, name in misfits)


def read_through_own_view(connection: sqlite.Connection) -> None:
    """Let this connection read ``trail`` by the definition of the steps, whatever the store calls by that name.

    Where a damaged page stands in the way nothing can be read anyhow; whoever tries finds that out.
    """
    told = next(sql for kind, name, _, sql in parts_of(schema.CURRENT) if (kind, name) == ("view", VIEW))
    with suppress(sqlite.DatabaseError):
        connection.execute(f"DROP VIEW IF EXISTS temp.{VIEW}")
        connection.execute(told.replace(f"CREATE VIEW {VIEW}", f"CREATE TEMP VIEW {VIEW}", 1))


@lru_cache(maxsize=8)
def parts_of(version: int) -> Counter[Part]:
    """What the steps up to a version make, worked out in an empty database."""
    connection = sqlite.empty()
    try:
        database = sqlite.utilities(connection)
        for step in schema.STEPS[:version]:
            step(database)
        return Counter(_plain(*row) for row in connection.execute(_LIST))
    finally:
        connection.close()


def _plain(kind: str, name: str, table: str, sql: str) -> Part:
    """A part with names quoted in one way: releases of sqlite-utils differ in that alone."""
    return kind, name, table, _BRACKETS.sub(r'"\1"', sql)


def _fault_of(part: tuple[str, str], due: set[tuple[str, str]], there: set[tuple[str, str]]) -> str:
    if part not in there:
        return "db.verify.schema_missing"
    return "db.verify.schema_altered" if part in due else "db.verify.schema_added"


def _path_of(connection: sqlite.Connection) -> str:
    return str(connection.execute("PRAGMA database_list").fetchone()[2])
