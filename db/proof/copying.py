"""Copies of a store that were opened and compared before they count."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from db import sqlite
from db.casebook.casebook import Casebook
from db.clock import milliseconds
from db.folder import keys, paths, unfinished
from db.folder.boxes import Secret
from db.folder.copying import copy_into
from db.ledger.chain import ProofSource
from db.proof.pages import check_pages
from db.proof.verify import verify_connection
from forms.errors import Trouble
from forms.progress import Tick


@dataclass(frozen=True, slots=True)
class Copy:
    """A verified copy: where, up to which position, and the hash of the entry there."""

    path: Path
    position: int
    tip: str


def backup(casebook: Casebook, dest: str | Path, tick: Tick | None = None) -> Copy:
    """Copy the store to ``dest``: a folder to put it in, or a name ending in ``.casebook``.

    The copy is written beside its name, opened with the same keys, checked page by page and
    compared entry by entry before it gets that name. Raises Trouble when it can't be proved.
    """
    casebook.check_right("backup")
    target = Path(dest)
    unfinished.check_outside(casebook.path, target)
    if target.suffix != paths.SUFFIX:
        unfinished.clear_left(target, casebook.path)
        target = unfinished.free_name(target, casebook.path, milliseconds(casebook.clock()))
    if target.exists():
        raise Trouble("db.exists", path=str(target))
    tip, position = casebook.tip(), casebook.position()
    _copy(casebook, target, tick)
    copied = json.dumps({"to": target.name, "position": position, "tip": tip}, sort_keys=True)
    casebook.note_act("backup", copied)
    return Copy(target, position, tip)


def _copy(casebook: Casebook, target: Path, tick: Tick | None) -> None:
    said = tick or (lambda at, of, text: None)
    with unfinished.made_whole(target) as part:
        said(0, 3, "copy")
        with casebook.reading() as connection, sqlite.translated(target):
            copy_into(connection, part / paths.STORE)
        paths.copy_file(casebook.path / paths.KEYS, part / paths.KEYS)
        for each in (part / paths.STORE, part / paths.KEYS):
            _sync(each)
        said(1, 3, "check")
        check_copy(part, casebook.store_key, casebook.tip(), casebook.position())
    said(3, 3, "")


def check_copy(folder: Path, store_key: Secret, tip: str, position: int) -> None:
    """Raises Trouble unless the copy opens, every page is sound, the chain holds and it ends where the store does."""
    known = keys.read_keys(folder / paths.KEYS)
    connection = sqlite.connect(folder / paths.STORE, store_key, "ro", unread=True)
    try:
        found = verify_connection(connection, anchor=tip)
        if found.found or found.position != position or not known.proves(store_key):
            raise Trouble("db.copy_differs", path=str(folder))
    finally:
        connection.close()


def copy_before_step(connection: sqlite.Connection, store_key: Secret, folder: Path, found: int) -> None:
    """A copy of the store kept beside it before its schema is brought up to date, opened and counted.

    The copy has the older schema, so that it is compared by what every schema has: its pages and its entries.
    """
    target = folder / paths.BACKUPS / f"schema-{found}{paths.SUFFIX}"
    if target.exists():
        return
    with unfinished.made_whole(target) as part:
        copy_into(connection, part / paths.STORE)
        paths.copy_file(folder / paths.KEYS, part / paths.KEYS)
        for each in (part / paths.STORE, part / paths.KEYS):
            _sync(each)
        _check_old_copy(connection, store_key, part)


def _check_old_copy(connection: sqlite.Connection, store_key: Secret, part: Path) -> None:
    ends = "SELECT strand, max(seq), count(*) FROM entry GROUP BY strand ORDER BY strand"
    copied = sqlite.connect(part / paths.STORE, store_key, "ro")
    try:
        if (
            check_pages(ProofSource(copied))[0]
            or copied.execute(ends).fetchall() != connection.execute(ends).fetchall()
        ):
            raise Trouble("db.copy_differs", path=str(part))
    finally:
        copied.close()


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
