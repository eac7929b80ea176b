"""Stores of earlier versions, which signed no entries: what is told of their past, and what binds it from now on."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from db import sqlite
from db.clock import clock_of
from db.folder import keys, paths
from db.folder.door import unlock
from db.folder.keys import CHEAP, new_recovery_code
from db.ledger.ledger import Act, Ledger
from db.ledger.seals import has_seals
from db.opening.vault import open_store, recovery_wrap
from db.people.accounts import recover
from db.proof.blueprint import parts_of
from db.proof.verify import Verification, verify
from forms.value import Value
from tests.db.attacks.insider import Insider, Unsealed
from tests.db.attacks.test_forged_seals import written_anew
from tests.db.stores import PASSPHRASE, START, at, hands

OLD = Path(__file__).resolve().parents[2] / "old_stores"
LATER = START + timedelta(days=5)
SCHEMAS = [1, 2, 3]
PLT = at("AN-001", "SCR", "LB", "PLT")


def taken(folder: Path, schema: int) -> Path:
    return Path(shutil.copytree(OLD / f"schema-{schema}.casebook", folder / "trial.casebook"))


def worked_on(store: Path) -> tuple[str, int]:
    """Ann signs in and corrects a value; gives the strand and the last entry of before."""
    book = open_store(store, user="ann", passphrase=PASSPHRASE, clock=clock_of(hands(LATER)))
    strand = book.ledger.strand
    first = book.connection.execute("SELECT min(run) FROM seal").fetchone()[0]
    book.enter(PLT, "77", why="misread")
    book.close()
    return strand, first - 1


def checked(store: Path, **given: bool) -> Verification:
    return verify(store, user="ann", passphrase=PASSPHRASE, **given)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_store_that_was_not_opened_since_is_sound_and_told_to_be_unsigned(tmp_path, schema):
    store = taken(tmp_path, schema)
    found = checked(store)
    assert found.faults == ()
    assert found.sealed == 0
    assert f":{found.entries} were made by an earlier version" in str(found.notes)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_first_signed_act_binds_the_past_which_is_told_as_such(tmp_path, schema):
    store = taken(tmp_path, schema)
    strand, last = worked_on(store)
    found = checked(store, full=True)
    assert found.faults == ()
    assert found.sealed == found.entries - last
    assert f"Entries up to {strand}:{last} were made by an earlier version" in str(found.notes)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_past_written_anew_after_that_is_named(tmp_path, schema):
    store = taken(tmp_path, schema)
    strand, last = worked_on(store)
    insider = Insider(store, "ann")
    with insider.unhindered() as connection:
        seq = connection.execute("SELECT min(seq) FROM entry WHERE item = 'PLT' AND act = 'value'").fetchone()[0]
        connection.execute("UPDATE payload SET value = '250' WHERE seq = ?", (seq,))
        written_anew(connection, strand, seq)
    (store / paths.COUNTER).unlink()
    assert seq <= last
    assert "seal" in [kind for kind, _ in insider.found()]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_seals_left_out_do_not_make_the_present_part_of_the_unsigned_past(tmp_path, schema):
    store = taken(tmp_path, schema)
    strand, last = worked_on(store)
    insider = Insider(store, "ann")
    with insider.unhindered() as connection:
        connection.execute("DELETE FROM seal")
        end = connection.execute("SELECT max(seq) FROM entry").fetchone()[0]
        step = connection.execute("SELECT seq FROM entry WHERE act = 'migration'").fetchone()[0]
    assert last < step <= last + 2
    assert insider.found() == [("unsealed", f"{strand}:{step} – {strand}:{end}")]


def test_a_table_of_seals_dropped_makes_no_old_store_of_it(tmp_path):
    store = taken(tmp_path, 3)
    worked_on(store)
    insider = Insider(store, "ann")
    with insider.opened() as connection:
        due = {part[:2] for part in parts_of(3)}
        there = connection.execute("SELECT type, name FROM sqlite_schema ORDER BY type = 'table'").fetchall()
        for kind, name in there:
            if (kind, name) not in due:
                connection.execute(f"DROP {kind} IF EXISTS {name}")
        connection.execute("PRAGMA user_version = 3")
        assert not has_seals(connection)
    assert "unsealed" in [kind for kind, _ in insider.found()]


def test_entries_put_behind_an_unsigned_past_that_was_restored_are_named(tmp_path):
    from db.copies.restoring import restore

    taken(tmp_path, 3).rename(tmp_path / "copy.casebook")
    store = tmp_path / "trial.casebook"
    restore(tmp_path / "copy.casebook", store, user="ann", passphrase=PASSPHRASE, clock=clock_of(hands(LATER)))
    insider = Insider(store, "ann")
    assert insider.found() == []
    with insider.opened() as connection:
        old = connection.execute("SELECT strand FROM entry WHERE act = 'store_created'").fetchone()[0]
    (where,) = insider.write(Act("report"), strand=old, unsealed=True, sign_in=False, when=LATER + timedelta(days=1))
    assert ("unsealed", f"{where} – {where}") in insider.found()


def test_a_recovery_as_the_first_signed_act_of_an_old_store_is_sealed_by_its_sheet(tmp_path):
    store = taken(tmp_path, 3)
    code = new_recovery_code()
    unwrapped, _ = unlock(store, "ann", PASSPHRASE, clock_of(hands(LATER)))
    known = keys.read_keys(store / paths.KEYS)
    known = known.with_wrap(recovery_wrap(known, code, unwrapped.store_key, CHEAP))
    connection = sqlite.connect(store / paths.STORE, unwrapped.store_key)
    ledger = Ledger(connection, connection.execute("SELECT value FROM device").fetchone()[0], clock_of(hands(LATER)))
    ledger.sealer = Unsealed()  # type: ignore[assignment]
    told = {"version": known.version, "sha256": keys.mark(known)}
    with ledger.transaction():
        ledger.append([Act("keys_changed", value=Value(value=json.dumps(told)))])
    connection.close()
    paths.write_whole(store / paths.KEYS, keys.dump_keys(known))
    later = clock_of(hands(LATER + timedelta(days=1)))
    book = recover(store, code, "ann", PASSPHRASE + " again", later, CHEAP)
    book.enter(PLT, "77", why="misread")
    assert verify(book, full=True).faults == ()
    book.close()
