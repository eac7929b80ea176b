"""The way back from a copy: it is proved, brought up to date and put in the store's place, the old one kept aside."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from db import sqlite
from db.clock import Clock, iso, milliseconds, system_clock
from db.folder import paths, unfinished
from db.folder.copying import copy_into
from db.folder.door import find_store, store_folder, unlock
from db.folder.keys import Unwrapped
from db.folder.lock import take_lock
from db.ledger import schema
from db.ledger.counted import COUNTED
from db.ledger.definitions import read_definition
from db.ledger.ledger import DEFINITION_DIGITS, START, Act, Ledger, new_strand, read_acts, read_tip
from db.ledger.roles import ACCOUNT_ACTS, fold_accounts
from db.ledger.seals import Sealer
from db.opening.vault import open_as, take_steps
from db.proof.copying import Copy, check_copy
from forms.errors import Trouble
from forms.progress import Tick
from forms.value import Value


def restore(
    source: str | Path, dest: str | Path, *, user: str, passphrase: str, clock: Clock | None = None,
    tick: Tick | None = None,
) -> Copy:  # fmt: skip
    """Make a working store of a backup, under a strand of its own. It is left closed.

    A store that lies at ``dest`` is kept beside it under another name; nobody may be writing in it. The new strand
    begins with an act that names the entry the backup ended with, so that a store that lived on elsewhere can still be
    brought together with this one.
    """
    clock = clock or system_clock()
    folder, target = find_store(source), store_folder(dest)
    unwrapped, wrap = unlock(folder, user, passphrase, clock)
    said = tick or (lambda at, of, text: None)
    kept: list[str] = []

    def keep_as() -> str:
        kept.append(_free_name(target, iso(milliseconds(clock()))[:19].replace(":", "")))
        return kept[0]

    with _held(target, user, clock) as let_go, unfinished.made_whole(target, keep_as) as part:
        said(0, 3, "copy")
        _take_out(folder, part, unwrapped)
        said(1, 3, "check")
        came_from = _bring_up(part, unwrapped)
        _check_may_restore(part, unwrapped, wrap.id, clock)
        _begin_strand(part, unwrapped, clock, wrap.id, folder.name)
        said(2, 3, "change")
        let_go()
    casebook = open_as(target, unwrapped, wrap.id, user, clock)
    try:
        told = {"from": folder.name, "kept": "".join(kept), "schema": came_from}
        casebook.note_act("restore", json.dumps(told, sort_keys=True))
        return Copy(target, casebook.position(), casebook.tip())
    finally:
        casebook.close()


@contextmanager
def _held(target: Path, user: str, clock: Clock) -> Iterator[Callable[[], None]]:
    """The lock of the store that is to be set aside. Raises Trouble naming who writes in it.

    What it gives is called right before the folder is renamed: Windows renames none in which a file is open.
    """
    lock = take_lock(target, user, iso(milliseconds(clock()))) if target.is_dir() else None
    try:
        yield lock.release if lock is not None and os.name == "nt" else lambda: None
    finally:
        if lock is not None:
            lock.release()


def _free_name(target: Path, stamp: str) -> str:
    """A name beside a store for what it was until ``stamp``, with a number when that is taken."""
    names = (f"{target.stem}-before-{stamp}{tail}{paths.SUFFIX}" for tail in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if not target.with_name(name).exists())


def _check_may_restore(folder: Path, unwrapped: Unwrapped, account: str, clock: Clock) -> None:
    """Whoever may make copies, or has the right of its own, may take one back. Raises Refusal otherwise."""
    reader = open_as(folder, unwrapped, account, "", clock)
    try:
        if not reader.may("backup"):
            reader.check_right("restore")
    finally:
        reader.let_go()


def _take_out(folder: Path, part: Path, unwrapped: Unwrapped) -> None:
    """Take the store out of a backup and prove it. Raises Trouble for a backup that is damaged."""
    path = folder / paths.STORE
    if not path.exists() or not path.stat().st_size:
        raise Trouble("db.backup_empty", path=str(folder))
    try:
        connection = sqlite.connect(path, unwrapped.store_key, "ro")
        try:
            with sqlite.translated(folder):
                strand = connection.execute("SELECT value FROM device WHERE name = 'strand'").fetchone()[0]
                tip = read_tip(connection, strand)
            with sqlite.translated(part.with_suffix("")):
                connection.execute("PRAGMA query_only = OFF")
                copy_into(connection, part / paths.STORE)
        finally:
            connection.close()
        paths.copy_file(folder / paths.KEYS, part / paths.KEYS)
        check_copy(part, unwrapped.store_key, tip.hash.hex() if tip.hash != START else "", tip.arrival)
    except Trouble as trouble:
        if trouble.key == "db.damaged":
            raise Trouble("db.backup_damaged", path=str(folder), code=trouble.values.get("code", "")) from trouble
        if trouble.key == "db.copy_differs":
            raise Trouble("db.backup_not_proved", path=str(folder)) from trouble
        raise


def _bring_up(part: Path, unwrapped: Unwrapped) -> int:
    """Bring what was taken out of an older copy up to date; the copy itself stays as it is. Returns its schema."""
    connection = sqlite.connect(part / paths.STORE, unwrapped.store_key, "rw")
    try:
        with sqlite.translated(part):
            found: int = connection.execute("PRAGMA user_version").fetchone()[0]
            if found > schema.CURRENT:
                raise Trouble("db.newer_store", path=str(part), found=found, known=schema.CURRENT)
            take_steps(connection, found)
            return found
    finally:
        connection.close()


def _begin_strand(part: Path, unwrapped: Unwrapped, clock: Clock, account: str, source: str) -> None:
    connection = sqlite.connect(part / paths.STORE, unwrapped.store_key, "rw")
    try:
        with sqlite.translated(part):
            old = connection.execute("SELECT value FROM device WHERE name = 'strand'").fetchone()[0]
            before = read_tip(connection, old)
            strand = new_strand()
            ledger = Ledger(connection, strand, clock)
            ledger.sealer = Sealer(connection, unwrapped.signing_key, 1)
            ledger.who, ledger.role = account, fold_accounts(read_acts(connection, *ACCOUNT_ACTS))[account].role
            ledger.definition = read_definition(connection)[1][:DEFINITION_DIGITS]
            begun = {"after": f"{old}:{before.seq}", "hash": before.hash.hex(), "from": source}
            with ledger.transaction():
                ledger.append([Act("strand_begun", value=Value(value=json.dumps(begun, sort_keys=True)))])
                connection.execute("UPDATE device SET value = ? WHERE name = 'strand'", (strand,))
                connection.execute("DELETE FROM device WHERE name = ?", (COUNTED,))
    finally:
        connection.close()
