"""Somebody with the key and a tool of their own alters what lies around the entries: each alteration is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from db import sqlite
from db.casebook.outlooks import NOTE, keep_notes, read_outlooks
from db.clock import clock_of
from db.folder import paths
from db.folder.door import unlock
from db.folder.keys import CHEAP
from db.opening.second_factor import code_of, new_secret, turn_on
from db.opening.vault import open_as
from db.people.accounts import add_account, remove_account
from db.people.identity import Identity, read_identity, write_identity
from db.proof.verify import Verification, verify
from reports.data.data_file import render
from tests.db.stores import PASSPHRASE, START, at, fill_screening, hands, key, with_identify

Alter = Callable[[sqlite.Connection], object]
NOTED = at("AN-001", "UNS", "UV", "UVNOTE")


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A closed store with everything that lies beside entries: log, second factor, draft, notes; and its key."""
    book = with_identify(tmp_path_factory.mktemp("whole"))
    fill_screening(book)
    book.enter(at("AN-001", "SCR", "VS", "TEMP"), "41.5")
    book.complete(key("AN-001", "SCR", "VS"))
    book.complete(key("AN-001", "SCR", "LB"))
    write_identity(book, "AN-001", Identity("H-77", "Li Si"))
    write_identity(book, "AN-001", Identity("H-78", "Li Si"), "misread")
    book.draft(NOTED, "half a sentence")
    made: dict[str, str] = {}
    list(read_outlooks(book, made, lambda *_: None))
    keep_notes(book, made)
    secret = new_secret()
    now = book.clock().timestamp()
    turn_on(book, secret, code_of(secret, int(now) // 30))
    store_key = bytes(book.store_key)
    book.close()
    return book.path, store_key


def altered(closed: tuple[Path, bytes], folder: Path, *statements: str) -> list[tuple[str, str]]:
    """What verification finds after statements that no trigger hindered."""
    found = after(closed, folder, *statements)
    return [(fault.key.removeprefix("db.verify."), fault.where) for fault in found.found]


def after(closed: tuple[Path, bytes], folder: Path, *statements: str) -> Verification:
    store = Path(shutil.copytree(closed[0], folder / "trial.casebook"))
    connection = sqlite.connect(store / paths.STORE, closed[1])
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return verify(store, user="ann", passphrase=PASSPHRASE)


def test_the_store_nobody_altered_is_sound(closed, tmp_path):
    assert altered(closed, tmp_path) == []


# --- the structure ----------------------------------------------------------------------------------------------------


def test_a_view_that_shows_another_trail_is_named_and_the_entries_are_read_past_it(closed, tmp_path):
    store = sqlite.connect(closed[0] / paths.STORE, closed[1], "ro")
    told = store.execute("SELECT sql FROM sqlite_schema WHERE name = 'trail'").fetchone()[0]
    store.close()
    found = after(
        closed, tmp_path, "DROP VIEW trail", told.replace("p.value, p.why", "replace(p.value, '41.5', '36.5'), p.why")
    )
    assert [(fault.key, fault.where) for fault in found.found] == [("db.verify.schema_altered", "view trail")]
    assert found.entries == found.position > 0


@pytest.mark.parametrize(
    ("statement", "kind", "where"),
    [
        ("DROP TRIGGER entry_is_never_changed", "missing", "trigger entry_is_never_changed"),
        ("DROP TRIGGER value_becomes_current", "missing", "trigger value_becomes_current"),
        ("DROP INDEX query_of_subject", "missing", "index query_of_subject"),
        ("CREATE INDEX mine ON subject (status)", "added", "index mine"),
        ("CREATE TABLE mine (id INTEGER PRIMARY KEY)", "added", "table mine"),
        ("CREATE VIEW mine AS SELECT 1", "added", "view mine"),
        ("CREATE TRIGGER mine AFTER INSERT ON entry BEGIN UPDATE subject SET sex = 'M'; END", "added", "trigger mine"),
        ("ALTER TABLE draft ADD COLUMN more TEXT", "altered", "table draft"),
    ],
)
def test_a_part_taken_away_added_or_changed_is_named(closed, tmp_path, statement, kind, where):
    assert (f"schema_{kind}", where) in altered(closed, tmp_path, statement)


def test_a_trigger_put_back_with_another_body_is_named(closed, tmp_path):
    found = altered(
        closed, tmp_path, "DROP TRIGGER entry_is_never_deleted",
        "CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry WHEN 0 BEGIN SELECT 1; END",
    )  # fmt: skip
    assert found == [("schema_altered", "trigger entry_is_never_deleted")]


def test_behind_a_table_that_is_another_one_nothing_counts_as_checked(closed, tmp_path):
    found = after(closed, tmp_path, "ALTER TABLE current RENAME TO kept", "CREATE VIEW current AS SELECT * FROM kept")
    assert "db.verify.schema_added" in [fault.key for fault in found.found]
    assert found.entries == 0
    assert "were not checked" in str(found.notes)


# --- what people look at ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE subject SET status = 'off'", ("subject", "AN-001")),
        ("UPDATE subject SET sex = 'M'", ("subject", "AN-001")),
        ("UPDATE subject SET age = '7'", ("subject", "AN-001")),
        ("UPDATE subject SET worst_grade = '0'", ("subject", "AN-001")),
        ("UPDATE subject SET last_entry = last_entry + 1", ("subject", "AN-001")),
        ("UPDATE current SET seq = seq - 1 WHERE item = 'PLT'", ("value", "AN-001/SCR[1]/LB[1]/1/PLT")),
        ("INSERT INTO current VALUES (999, '1', 'X', 'x', 1, 1, 0)", ("value", "?")),
        ("INSERT INTO current VALUES (1, '1', 'X', 'x', 1, 1, 0)", ("value", "")),
        ("INSERT INTO form_state VALUES (998, 'complete', 1, 'x', 1)", ("state", "?")),
        ("UPDATE query SET arrival = arrival - 1", ("queries", "AN-001")),
        ("UPDATE query SET closed_arrival = 9", ("queries", "AN-001")),
        ("UPDATE query SET subject = 'AN-009'", ("queries", "AN-009")),
    ],
)
def test_a_row_that_says_otherwise_than_the_entries_is_named(closed, tmp_path, statement, fault):
    assert fault in altered(closed, tmp_path, statement)


def test_an_entry_filed_away_so_that_no_subject_shows_it_is_named(closed, tmp_path):
    found = altered(
        closed, tmp_path, "DROP TRIGGER entry_is_never_changed",
        "UPDATE entry SET person = 1 WHERE item = 'PLT'", "DELETE FROM current WHERE item = 'PLT'",
    )  # fmt: skip
    assert "person" in [kind for kind, _ in found]


# --- what lies beside the entries -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("DELETE FROM identity WHERE turn = 2", "identity"),
        ("INSERT INTO identity SELECT 'AN-002', 1, at, who, sealed FROM identity WHERE turn = 1", "identity"),
        ("UPDATE identity SET sealed = (SELECT sealed FROM identity WHERE turn = 1) WHERE turn = 2", "identity"),
        ("UPDATE identity SET who = 'x' WHERE turn = 2", "identity"),
        ("UPDATE identity SET at = at - 1 WHERE turn = 2", "identity"),
        ("DELETE FROM identity_key WHERE holder = '*' OR holder LIKE '%'", "identity_keys"),
        ("UPDATE identity_key SET box = 'ff'", "identity_keys"),
        ("DELETE FROM second_factor", "second_factor"),
        ("UPDATE second_factor SET box = 'ff'", "second_factor"),
        ("UPDATE second_factor SET account = 'x-9'", "second_factor"),
        ("UPDATE second_factor SET used = -1", "second_factor"),
        ("UPDATE second_factor SET used = used + 1000000", "second_factor"),
        ("UPDATE draft SET who = 'nobody'", "draft"),
        ("UPDATE draft SET subject = 'AN-009'", "draft"),
        ("UPDATE draft SET item = 'NOTHING'", "draft"),
        ("UPDATE draft SET at = 5", "draft"),
        ("UPDATE device SET value = 'zzzz' WHERE name = 'strand'", "device"),
        ("INSERT INTO device VALUES ('mine', 'x')", "device"),
        (f"UPDATE device SET value = replace(value, '2025', '2024') WHERE name LIKE '{NOTE}%'", "prospects"),
        (f"UPDATE device SET value = substr(value, 1, 60) WHERE name LIKE '{NOTE}%'", "prospects"),
        (f"UPDATE device SET value = 'x' WHERE name LIKE '{NOTE}%'", "prospects"),
        (f"UPDATE device SET name = '{NOTE}AN-009' WHERE name LIKE '{NOTE}%'", "prospects"),
    ],
)
def test_a_row_beside_the_entries_that_no_act_tells_of_is_named(closed, tmp_path, statement, kind):
    assert kind in [each for each, _ in altered(closed, tmp_path, statement)]


def test_no_backup_is_advised_while_every_entry_is_there(closed, tmp_path):
    for turn, statement in enumerate(("DROP TRIGGER entry_is_never_changed", "UPDATE subject SET sex = 'M'")):
        advice = after(closed, tmp_path / str(turn), statement).advice
        assert "restore no backup" in advice["en"]
        assert "不要恢复备份" in advice["zh"]
    lost = after(closed, tmp_path / "lost", "DROP TRIGGER payload_goes_only_by_a_tombstone", "DELETE FROM payload")
    assert "restore the last backup beside it" in lost.advice["en"]


def test_a_log_sealed_anew_stays_bound_to_the_act_that_did_it(tmp_path):
    book = with_identify(tmp_path)
    fill_screening(book)
    bob = add_account(book, "bob", "Bob Li", "investigator", "another phrase", kdf=CHEAP, temporary=False)
    write_identity(book, "AN-001", Identity("H-77", "Li Si"))
    remove_account(book, bob.id, "left")
    assert read_identity(book, "AN-001").number == "H-77"
    assert verify(book).faults == ()
    book.connection.execute("UPDATE identity SET sealed = ?", ("00" * 60,))
    assert [fault.key for fault in verify(book).found] == ["db.verify.identity_sealed"]
    book.close()


def test_what_was_drafted_is_in_no_report_and_no_export(closed, tmp_path):
    store = Path(shutil.copytree(closed[0], tmp_path / "trial.casebook"))
    clock = clock_of(hands(START + timedelta(days=1)))
    unwrapped, wrap = unlock(store, "ann", PASSPHRASE, clock)
    reader = open_as(store, unwrapped, wrap.id, "", clock)
    assert reader.drafts()[0].text == "half a sentence"
    data = reader.dataset()
    assert NOTED not in data.subjects[0].subject.values
    assert all("half" not in entry.value.text for entry in (*data.subjects[0].entries, *data.acts))
    assert b"half a sentence" not in render(data)
    reader.close()
