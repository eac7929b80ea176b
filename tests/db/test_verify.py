"""Whoever holds the key and alters something is found out, with the place named; what can't be found is said."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from db import sqlite
from db.casebook.casebook import Casebook
from db.clock import clock_of
from db.folder import paths
from db.folder.door import unlock
from db.ledger.ledger import COLUMNS, entry_hash
from db.proof.verify import Verification, verify
from forms.errors import Trouble
from forms.place import Place
from forms.texts import both
from tests.db.stores import PASSPHRASE, at, fill_screening, hands, key, later_reader, new_store, reopened

LAB = key("AN-001", "SCR", "LB")
OLD = Path(__file__).resolve().parents[1] / "old_stores"


def build(folder: Path) -> tuple[bytes, str]:
    """A closed store with a completed form and a query; its key and the tip that was printed."""
    book = new_store(folder)
    fill_screening(book)
    book.enter(at("AN-001", "SCR", "VS", "TEMP"), "41.5")
    book.complete(key("AN-001", "SCR", "VS"))
    book.complete(LAB)
    tip, store_key = book.tip(), bytes(book.store_key)
    book.close()
    return store_key, tip


def forged(folder: Path, store_key: bytes, act: Callable[[sqlite.Connection], object]) -> Verification:
    """What verification says after somebody with the key and a tool of their own did something."""
    connection = sqlite.connect(folder / "trial.casebook" / paths.STORE, store_key)
    triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    act(connection)
    for _, told in triggers:
        connection.execute(told)
    connection.close()
    return verify(folder / "trial.casebook", user="ann", passphrase=PASSPHRASE)


def keys_of(found: Verification) -> list[str]:
    return [fault.key.removeprefix("db.verify.") for fault in found.found]


def seq_of(connection: sqlite.Connection, item: str) -> int:
    return int(connection.execute("SELECT seq FROM entry WHERE item = ? AND act = 'value'", (item,)).fetchone()[0])


def test_a_whole_store_is_sound_and_says_what_was_proved(tmp_path: Path) -> None:
    _, tip = build(tmp_path)
    found = verify(tmp_path / "trial.casebook", user="ann", passphrase=PASSPHRASE)
    assert found.faults == ()
    assert found.entries == found.position
    assert found.sealed == found.entries
    assert len(found.checked) == 9
    assert all(set(text) == {"en", "zh"} for text in (*found.checked, *found.notes))
    assert "can't be known" in found.notes[0]["en"]
    anchored = verify(tmp_path / "trial.casebook", anchor=tip[:16].upper(), user="ann", passphrase=PASSPHRASE)
    assert anchored.faults == ()
    assert "is in the ledger" in anchored.notes[0]["en"]


def test_an_altered_value_is_named(tmp_path: Path) -> None:
    store_key, _ = build(tmp_path)

    def alter(connection: sqlite.Connection) -> None:
        seq = seq_of(connection, "PLT")
        connection.execute("UPDATE payload SET value = '800' WHERE seq = ?", (seq,))

    found = forged(tmp_path, store_key, alter)
    assert keys_of(found) == ["entry"]
    assert found.found[0].where in found.faults[0]["en"]


@pytest.mark.parametrize(
    "change", ["at = at + 1", "act = 'derived'", "item = 'HGB'", "unit = 'g/L'", "cause = 'x:1'", "missing = 'ND'"]
)
def test_an_altered_column_is_named(tmp_path: Path, change: str) -> None:
    store_key, _ = build(tmp_path)

    def alter(connection: sqlite.Connection) -> None:
        seq = seq_of(connection, "PLT")
        connection.execute(f"UPDATE entry SET {change} WHERE seq = ?", (seq,))

    assert "entry" in keys_of(forged(tmp_path, store_key, alter))


@pytest.mark.parametrize("change", ["UPDATE spot SET event = 'EOT' WHERE form = 'LB'", "UPDATE context SET who = 'x'"])
def test_what_entries_share_is_bound_as_well(tmp_path: Path, change: str) -> None:
    store_key, _ = build(tmp_path)
    assert "entry" in keys_of(forged(tmp_path, store_key, lambda connection: connection.execute(change)))


def test_an_entry_taken_out_of_the_middle_is_found(tmp_path: Path) -> None:
    store_key, _ = build(tmp_path)

    def alter(connection: sqlite.Connection) -> None:
        seq = seq_of(connection, "PLT")
        connection.execute("DELETE FROM entry WHERE seq = ?", (seq,))

    assert "order" in keys_of(forged(tmp_path, store_key, alter))


def test_a_text_that_went_without_a_tombstone_is_found(tmp_path: Path) -> None:
    store_key, _ = build(tmp_path)

    def alter(connection: sqlite.Connection) -> None:
        connection.execute("DELETE FROM payload WHERE seq = ?", (seq_of(connection, "PLT"),))

    assert "text_gone" in keys_of(forged(tmp_path, store_key, alter))


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE current SET seq = seq - 1 WHERE item = 'PLT'", "value"),
        ("DELETE FROM current WHERE item = 'PLT'", "value"),
        ("UPDATE current SET changes = 3 WHERE item = 'PLT'", "value"),
        ("UPDATE form_state SET status = 'started' WHERE status = 'complete'", "state"),
        ("UPDATE form_state SET completed_by = 'x' WHERE status = 'complete'", "state"),
        ("UPDATE query SET status = 'closed'", "queries"),
        ("UPDATE subject SET open_queries = 0", "subject"),
        ("DELETE FROM subject", "subject"),
    ],
)
def test_a_table_that_says_otherwise_than_the_ledger_is_found(tmp_path: Path, change: str, kind: str) -> None:
    store_key, _ = build(tmp_path)
    assert kind in keys_of(forged(tmp_path, store_key, lambda connection: connection.execute(change)))


def forge_chain(connection: sqlite.Connection) -> None:
    """Change a value and write every hash after it anew, as only a holder of the key can."""
    connection.execute("UPDATE payload SET value = '800' WHERE seq = ?", (seq_of(connection, "PLT"),))
    from db.ledger.ledger import commitment

    prev = bytes(32)
    rows = connection.execute(f"SELECT {COLUMNS} FROM trail AS t ORDER BY t.seq").fetchall()
    for row in rows:
        mark = entry_hash(prev, commitment(*row[23:27]), row[:20])
        connection.execute("UPDATE entry SET prev = ?, hash = ? WHERE seq = ?", (prev, mark, row[1]))
        prev = mark


def test_a_chain_forged_whole_is_betrayed_by_its_seals_and_by_a_printed_tip(tmp_path: Path) -> None:
    store_key, tip = build(tmp_path)
    (tmp_path / "trial.casebook" / paths.COUNTER).unlink()
    found = forged(tmp_path, store_key, forge_chain)
    assert set(keys_of(found)) == {"seal"}
    anchored = verify(tmp_path / "trial.casebook", anchor=tip, user="ann", passphrase=PASSPHRASE)
    assert "anchor_missing" in keys_of(anchored)


def test_a_tail_cut_off_is_found_by_a_printed_tip_alone(tmp_path: Path) -> None:
    store_key, _ = build(tmp_path)
    earlier = tmp_path / "earlier"
    shutil.copytree(tmp_path / "trial.casebook", earlier)
    book = reopened(tmp_path)
    book.enter(at("AN-001", "SCR", "LB", "NEUT"), "1.1", why="late result")
    tip = book.tip()
    book.close()
    shutil.rmtree(tmp_path / "trial.casebook")
    shutil.copytree(earlier, tmp_path / "trial.casebook")
    without = verify(tmp_path / "trial.casebook", user="ann", passphrase=PASSPHRASE)
    assert without.faults == ()
    anchored = verify(tmp_path / "trial.casebook", anchor=tip, user="ann", passphrase=PASSPHRASE)
    assert keys_of(anchored) == ["anchor_missing"]
    assert store_key


def test_an_anchor_too_short_to_prove_anything_proves_nothing(tmp_path: Path) -> None:
    _, tip = build(tmp_path)
    found = verify(tmp_path / "trial.casebook", anchor=tip[:4], user="ann", passphrase=PASSPHRASE)
    assert keys_of(found) == ["anchor_missing"]


def test_a_definition_that_is_not_the_one_it_is_named_for_is_found(tmp_path: Path) -> None:
    store_key, _ = build(tmp_path)

    def alter(connection: sqlite.Connection) -> None:
        connection.execute(
            """UPDATE payload SET value = replace(value, 'nurse', 'nurze') WHERE seq =
               (SELECT seq FROM entry WHERE act = 'definition')"""
        )

    assert "definition" in keys_of(forged(tmp_path, store_key, alter))
    with pytest.raises(Trouble) as told:
        reopened(tmp_path)
    assert told.value.key == "db.definition_altered"


def test_a_tip_signed_by_an_earlier_version_is_checked_still(tmp_path: Path) -> None:
    shutil.copytree(OLD / "schema-3.casebook", tmp_path / "trial.casebook")
    store_key = unlock(tmp_path / "trial.casebook", "ann", PASSPHRASE, clock_of(hands()))[0].store_key
    whole = verify(tmp_path / "trial.casebook", user="ann", passphrase=PASSPHRASE)
    assert (whole.faults, whole.signed) == ((), 3)

    def alter(connection: sqlite.Connection) -> None:
        seq, value = connection.execute(
            "SELECT seq, value FROM trail WHERE act = 'tip_signed' ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        told = json.loads(value) | {"signature": "00" * 64}
        connection.execute("UPDATE payload SET value = ? WHERE seq = ?", (json.dumps(told, sort_keys=True), seq))

    assert {"signature", "entry"} <= set(keys_of(forged(tmp_path, store_key, alter)))


def test_the_last_entries_are_looked_at_whenever_a_store_is_opened(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    fill_screening(book)
    store_key = bytes(book.store_key)
    book.let_go()

    def alter(connection: sqlite.Connection) -> None:
        connection.execute("UPDATE payload SET value = '800' WHERE seq = ?", (seq_of(connection, "PLT"),))

    forged(tmp_path, store_key, alter)
    with pytest.raises(Trouble) as told:
        reopened(tmp_path)
    assert told.value.key == "db.tail_broken"


def flip(path: Path, page: int) -> None:
    """Damage one byte of a page."""
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096 + 1000)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 0xFF]))


def pages_of(path: Path) -> int:
    return path.stat().st_size // 4096


def test_a_damaged_page_is_named_and_the_rest_stays_readable(tmp_path: Path) -> None:
    store_key, _ = build(tmp_path)
    path = tmp_path / "trial.casebook" / paths.STORE
    page = pages_of(path) - 2
    flip(path, page)
    found = verify(tmp_path / "trial.casebook", user="ann", passphrase=PASSPHRASE)
    assert (found.found[0].key, found.found[0].where) == ("db.verify.page", str(page))
    connection = sqlite.connect(path, store_key, "ro")
    assert connection.execute("SELECT count(*) FROM subject").fetchone() == (1,)
    connection.close()


def value_or_words(folder: Path) -> str:
    """What somebody who opens the store to look gets: the value, or which trouble."""
    try:
        reader = later_reader(folder)
    except Trouble as trouble:
        return trouble.key
    try:
        return reader.sheet(LAB).cell("PLT").value.value
    except Trouble as trouble:
        return trouble.key
    finally:
        reader.let_go()


def test_each_damaged_page_ends_in_words_and_never_in_a_wrong_value(tmp_path: Path) -> None:
    build(tmp_path)
    path = tmp_path / "trial.casebook" / paths.STORE
    whole = path.read_bytes()
    for page in range(1, pages_of(path) + 1):
        flip(path, page)
        assert value_or_words(tmp_path) in ("80", "db.damaged", "db.keys_misfit"), page
        found = verify(tmp_path / "trial.casebook", user="ann", passphrase=PASSPHRASE)
        assert (found.found[0].key, found.found[0].where) == ("db.verify.page", str(page))
        path.write_bytes(whole)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A store of several hundred entries about three subjects, closed, and the number of its entries."""
    book = new_store(tmp_path_factory.mktemp("large"))
    for subject in ("AN-001", "AN-002", "AN-003"):
        fill_screening(book, subject)
        for turn in range(60):
            book.enter(at(subject, "SCR", "LB", "PLT"), str(100 + turn))
    entries = book.position()
    book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    book.let_go()
    return book.path, entries


READ = {"page", "entries", "subject_unread"}


def test_whatever_page_is_damaged_the_entries_around_it_are_checked_and_those_on_it_named(
    large: tuple[Path, int], tmp_path: Path
) -> None:
    folder, entries = Path(shutil.copytree(large[0], tmp_path / "trial.casebook")), large[1]
    path = folder / paths.STORE
    whole = path.read_bytes()
    between, subjects = 0, []
    for page in range(2, pages_of(path) + 1):
        flip(path, page)
        found = verify(folder, user="ann", passphrase=PASSPHRASE)
        path.write_bytes(whole)
        assert set(keys_of(found)) <= READ, page
        assert both("db.verify.did_pages") not in found.checked
        assert both("db.verify.not_checked") in found.notes
        gaps = [fault.where.partition(":")[2].split(" – ") for fault in found.found if fault.key == "db.verify.entries"]
        if gaps and gaps[-1][1] != "?":
            assert found.entries == entries - sum(int(last) - int(first) + 1 for first, last in gaps)
            between += len(gaps) == 1 and int(gaps[0][0]) > 1
        assert bool(found.tip) == (found.entries > 0 and not (gaps and gaps[-1][1] == "?")), page
        subjects.append([fault.where for fault in found.found if fault.key == "db.verify.subject_unread"])
    assert between > 3
    assert ["AN-002"] in subjects


@pytest.mark.parametrize("kept", [0.4, 0.8])
@pytest.mark.parametrize("more", [0, 1152])
def test_a_database_cut_off_is_named_with_its_last_page_and_read_up_to_there(
    large: tuple[Path, int], tmp_path: Path, kept: float, more: int
) -> None:
    folder = Path(shutil.copytree(large[0], tmp_path / "trial.casebook"))
    path = folder / paths.STORE
    pages = int(pages_of(path) * kept)
    os.truncate(path, pages * 4096 + more)
    found = verify(folder, user="ann", passphrase=PASSPHRASE)
    assert "cut_short" in keys_of(found)
    assert found.entries < large[1]
    assert found.entries > 0 or kept < 0.5
    assert found.tip == ""


def test_an_overwritten_beginning_is_one_fault_and_nothing_counts_as_checked(tmp_path: Path) -> None:
    build(tmp_path)
    path = tmp_path / "trial.casebook" / paths.STORE
    with path.open("r+b") as file:
        file.write(b"garbage" * 20)
    found = verify(tmp_path / "trial.casebook", user="ann", passphrase=PASSPHRASE)
    assert [(fault.key, fault.where) for fault in found.found] == [("db.verify.head", str(pages_of(path)))]
    assert (found.checked, found.entries) == ((), 0)


def test_an_emptied_database_is_told_so_and_nothing_is_left_behind(tmp_path: Path) -> None:
    build(tmp_path)
    folder = tmp_path / "trial.casebook"
    (folder / paths.STORE).write_bytes(b"")
    before = sorted(path.name for path in folder.iterdir())
    found = verify(folder, user="ann", passphrase=PASSPHRASE)
    assert [fault.key for fault in found.found] == ["db.verify.empty"]
    assert found.checked == ()
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_missing_database_is_trouble_and_none_is_made(tmp_path: Path) -> None:
    build(tmp_path)
    path = tmp_path / "trial.casebook" / paths.STORE
    path.unlink()
    with pytest.raises(Trouble) as told:
        verify(tmp_path / "trial.casebook", user="ann", passphrase=PASSPHRASE)
    assert told.value.key == "db.database_missing"
    assert not path.exists()


def test_a_long_text_on_a_damaged_page_comes_whole_or_not_at_all(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    fill_screening(book)
    place = at("AN-001", "UNS", "UV", "UVNOTE")
    text = " ".join(f"word{number}" for number in range(4000))
    book.enter(place, text)
    book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    book.let_go()
    path = tmp_path / "trial.casebook" / paths.STORE
    whole = path.read_bytes()
    refused = 0
    for page in range(2, pages_of(path) + 1):
        flip(path, page)
        for told in (noted(tmp_path, place), in_dataset(tmp_path, place)):
            assert told in (text, ""), page
            refused += not told
        path.write_bytes(whole)
    assert refused > len(text) // 4096


def noted(folder: Path, place: Place) -> str:
    """What the history shows, "" for trouble."""
    try:
        reader = later_reader(folder)
    except Trouble:
        return ""
    try:
        return reader.history(place)[0].value.value
    except Trouble:
        return ""
    finally:
        reader.let_go()


def in_dataset(folder: Path, place: Place) -> str:
    """What a report would be made of, "" for trouble."""
    try:
        reader = later_reader(folder)
    except Trouble:
        return ""
    try:
        return reader.dataset(subject=place.subject).subjects[0].subject.values[place].value
    except Trouble:
        return ""
    finally:
        reader.let_go()


def test_an_older_page_put_back_is_found_although_its_code_fits(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    fill_screening(book)
    path = book.path / paths.STORE
    book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    old = path.read_bytes()
    book.enter(at("AN-001", "SCR", "LB", "PLT"), "40")
    book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    new = path.read_bytes()
    book.let_go()
    changed = [
        page for page in range(len(old) // 4096) if old[page * 4096 :][:4096] != new[page * 4096 :][:4096] and page
    ]
    assert changed
    for page in changed:
        mixed = bytearray(new)
        mixed[page * 4096 : (page + 1) * 4096] = old[page * 4096 :][:4096]
        path.write_bytes(bytes(mixed))
        assert verify(tmp_path / "trial.casebook", user="ann", passphrase=PASSPHRASE).faults, page


def test_verification_tells_its_progress_and_can_be_cancelled(tmp_path: Path) -> None:
    from forms.errors import Cancelled

    build(tmp_path)
    seen: list[tuple[int, int, str]] = []

    def tick(done: int, of: int, text: str) -> None:
        seen.append((done, of, text))
        raise Cancelled

    with pytest.raises(Cancelled):
        verify(tmp_path / "trial.casebook", user="ann", passphrase=PASSPHRASE, tick=tick)
    assert seen == [(0, 1, "AN-001")]


def test_an_open_store_can_be_verified_while_it_is_written(tmp_path: Path) -> None:
    book: Casebook = new_store(tmp_path)
    fill_screening(book)
    assert verify(book, anchor=book.tip()).faults == ()
    book.enter(at("AN-001", "SCR", "LB", "NEUT"), "1.0")
    assert verify(book).entries == book.position()
    book.close()
