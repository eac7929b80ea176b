"""The ledger itself: what it refuses, how its hashes are made, and what it makes of a clock that was moved."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from db import sqlite
from db.casebook.casebook import Casebook
from db.clock import Clock, clock_of, seconds_passed, set_clock, system_clock
from db.ledger.definitions import read_history
from db.ledger.ledger import CHAINED, START, Act, encode
from db.opening.surroundings import look_again
from db.proof.verify import verify
from forms.errors import Refusal, Trouble
from forms.value import Value
from tests.db.stores import START as BEGUN
from tests.db.stores import at, fill_screening, hands, key, new_store, reopened

PLT = at("AN-001", "SCR", "LB", "PLT")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Casebook]:
    casebook = new_store(tmp_path)
    fill_screening(casebook)
    yield casebook
    casebook.close()


COLUMNS = (
    'strand, seq, arrival, at, context, act, person, spot, "row", item, unit, missing, replaces, cause, prev, hash'
)


def copy_of_last(book: Casebook, **changes: object) -> tuple[object, ...]:
    """The last entry's row, as a forger would put it in again with something changed."""
    names = COLUMNS.replace('"', "").split(", ")
    row = book.connection.execute(f"SELECT {COLUMNS} FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
    content = dict(zip(names, row, strict=True)) | changes
    return tuple(content[name] for name in names)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET act = 'value' WHERE seq = 3",
        "DELETE FROM entry WHERE seq = 3",
        "UPDATE payload SET value = '800' WHERE seq = 3",
        "DELETE FROM payload WHERE seq = 3",
        "UPDATE spot SET subject = 'AN-002' WHERE id = 3",
        "DELETE FROM spot WHERE id = 3",
        "UPDATE context SET who = 'somebody' WHERE id = 2",
        "DELETE FROM context WHERE id = 2",
        "INSERT OR REPLACE INTO payload SELECT strand, seq, salt, text, '800', why FROM payload WHERE seq = 3",
    ],
)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_nothing_in_the_ledger_can_be_changed_or_deleted(book: Casebook, statement: str, recursive: str) -> None:
    book.connection.execute(f"PRAGMA recursive_triggers = {recursive}")
    with pytest.raises(sqlite.IntegrityError):
        book.connection.execute(statement)


@pytest.mark.parametrize("verb", ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"])
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_an_entry_can_neither_be_replaced_nor_put_in_between(book: Casebook, verb: str, recursive: str) -> None:
    book.connection.execute(f"PRAGMA recursive_triggers = {recursive}")
    tip = book.ledger.tip
    marks = ",".join("?" * 16)
    forged = {
        "the same number": copy_of_last(book),
        "a gap": copy_of_last(book, seq=tip.seq + 2, arrival=tip.arrival + 2),
        "a foreign prev": copy_of_last(book, seq=tip.seq + 1, arrival=tip.arrival + 1, prev=b"x" * 32),
        "no prev": copy_of_last(book, seq=tip.seq + 1, arrival=tip.arrival + 1, prev=START),
        "an earlier position": copy_of_last(book, seq=tip.seq + 1, arrival=tip.arrival, prev=tip.hash),
        "a short hash": copy_of_last(book, seq=tip.seq + 1, arrival=tip.arrival + 1, prev=tip.hash, hash=b"x"),
        "a strand begun in the middle": copy_of_last(book, strand="zzzz", seq=2, prev=START),
        "a strand that begins after something": copy_of_last(book, strand="zzzz", seq=1, prev=b"x" * 32),
    }
    for what, row in forged.items():
        with pytest.raises(sqlite.IntegrityError):
            book.connection.execute(f"{verb} INTO entry ({COLUMNS}) VALUES ({marks})", row)
        assert book.connection.execute("SELECT max(seq) FROM entry").fetchone()[0] == tip.seq, what


def test_the_hash_is_what_the_decision_note_says(book: Casebook) -> None:
    named = ", ".join(f'"{column}"' for column in CHAINED)
    prev = bytes(32)
    rows = book.connection.execute(f"SELECT {named}, salt, text, value, why, prev, hash FROM trail ORDER BY seq")
    count = 0
    for row in rows:
        columns, (salt, text, value, why, told_prev, told) = row[:20], row[20:]
        free = json.dumps([text, value, why], ensure_ascii=False, separators=(",", ":")).encode()
        bound = json.dumps(list(columns), ensure_ascii=False, separators=(",", ":")).encode()
        sealed = hashlib.sha256(salt + free).digest()
        assert told_prev == prev
        assert told == hashlib.sha256(prev + sealed + bound).digest()
        prev, count = told, count + 1
    assert count == book.position()
    assert prev.hex() == book.tip()


def test_the_salt_keeps_equal_values_from_looking_equal(book: Casebook) -> None:
    salts = [row[0] for row in book.connection.execute("SELECT salt FROM payload")]
    assert len(set(salts)) == len(salts)
    assert all(len(salt) == 16 for salt in salts)


def test_what_is_encoded_for_a_hash_has_no_spaces_and_no_escapes() -> None:
    assert encode(("芦可替尼", 1, "a b")) == '["芦可替尼",1,"a b"]'


def test_a_correction_names_the_entry_it_replaces_and_a_result_its_cause(book: Casebook) -> None:
    first = book.record(PLT).entry
    book.enter(PLT, "40")
    second, grade = book.record(PLT).entry, book.record(PLT.grade_place).entry
    assert second.replaces == first.address
    assert grade.cause == second.address


def test_every_entry_carries_definition_program_person_role_and_both_times(book: Casebook) -> None:
    entry = book.record(PLT).entry
    assert book.definition.startswith(entry.definition)
    assert (entry.app, entry.who, entry.role, entry.offset) == ("0.1.0", book.account.id, "nurse", 480)
    assert entry.at.endswith("Z")


def test_a_refused_transaction_leaves_tip_and_numbers_as_they_were(book: Casebook) -> None:
    tip = book.ledger.tip
    with pytest.raises(AttributeError), book.writing() as ledger:
        ledger.append([Act("value", at("AN-001", "UNS", "UV", "UVNOTE", "u-9"), Value("x", "x")), None])
    assert book.ledger.tip == tip
    book.enter(at("AN-001", "UNS", "UV", "UVNOTE", "u-9"), "kept")
    assert not verify(book).faults


def test_a_clock_set_back_is_an_act_before_the_entry_it_touches(tmp_path: Path) -> None:
    turned = hands()
    book = new_store(tmp_path, clock_of(turned))
    fill_screening(book)
    turned.move_to(BEGUN - timedelta(days=30))
    book.enter(PLT, "81", why="clock was wrong")
    back = book.acts("clock_set_back")
    assert len(back) == 1
    assert json.loads(back[0].value.value)["shown"].startswith("2025-01-30")
    assert book.record(PLT).entry.seq > back[0].seq
    book.enter(PLT, "82", why="again")
    assert len(book.acts("clock_set_back")) == 1
    assert not verify(book).faults
    book.close()


def test_a_clock_set_back_while_the_store_was_closed_is_noticed_at_the_next_sign_in(tmp_path: Path) -> None:
    new_store(tmp_path).close()
    book = reopened(tmp_path, clock_of(hands(BEGUN - timedelta(days=1))))
    assert len(book.acts("clock_set_back")) == 1
    book.close()


def test_a_nudge_by_a_time_server_is_no_act_and_time_does_not_run_backwards(tmp_path: Path) -> None:
    turned = hands()
    book = new_store(tmp_path, clock_of(turned))
    fill_screening(book)
    before = book.record(at("AN-001", "SCR", "LB", "ALT")).entry.at
    turned.at -= timedelta(seconds=4)
    book.enter(at("AN-001", "SCR", "LB", "CREAT"), "60")
    assert book.acts("clock_set_back") == []
    assert book.record(at("AN-001", "SCR", "LB", "CREAT")).entry.at >= before
    book.close()


def test_a_clock_set_on_while_somebody_works_is_an_act_and_told(tmp_path: Path) -> None:
    turned = hands()
    book = new_store(tmp_path, Clock(turned.now, turned.monotonic))
    turned.at += timedelta(minutes=4)
    book.add_subject()
    assert book.acts("clock_set_on") == []
    turned.at += timedelta(days=40)
    book.add_subject()
    book.add_subject()
    assert len(book.acts("clock_set_on")) == 1
    look_again(book)
    assert any("was set on" in text["en"] and "被调快" in text["zh"] for text in book.warnings)
    assert not verify(book).faults
    book.close()


def test_hours_in_which_the_computer_slept_are_no_clock_set_on(tmp_path: Path) -> None:
    turned = hands()
    slept = [0.0]
    book = new_store(tmp_path, Clock(turned.now, lambda: turned.monotonic() + slept[0]))
    turned.at += timedelta(hours=9)
    slept[0] += 9 * 3600
    book.add_subject()
    assert book.acts("clock_set_on") == []
    book.close()
    assert abs(seconds_passed() - seconds_passed()) < 1


def test_another_time_zone_is_told_with_both_zones(tmp_path: Path) -> None:
    turned = hands()
    book = new_store(tmp_path, clock_of(turned))
    turned.move_to(turned.at.astimezone(timezone(-timedelta(hours=3, minutes=30))))
    book.add_subject()
    look_again(book)
    assert "from UTC+08:00 to UTC-03:30" in book.warnings[0]["en"]
    book.close()


def test_another_time_zone_is_an_act(tmp_path: Path) -> None:
    turned = hands()
    book = new_store(tmp_path, clock_of(turned))
    book.add_subject()
    turned.move_to(turned.at.astimezone(timezone(timedelta(hours=1))))
    book.add_subject()
    assert json.loads(book.acts("zone_changed")[0].value.value) == {"before": "480", "now": "60"}
    book.close()


def test_a_set_clock_has_no_time_zone_of_its_own_to_warn_of(tmp_path: Path) -> None:
    new_store(tmp_path, clock_of(hands())).close()
    book = reopened(tmp_path, set_clock("2025-03-02"))
    book.add_subject()
    assert book.acts("zone_changed") == []
    assert book.warnings == ()
    book.close()


def test_a_clock_set_for_a_demonstration_is_recorded(tmp_path: Path) -> None:
    book = new_store(tmp_path, set_clock("2024-12-01"))
    assert [act.value.value for act in book.acts("clock_set")] == ["2024-12-01"]
    assert book.clock.today().isoformat() == "2024-12-01"
    book.close()
    real = reopened(tmp_path, system_clock())
    assert len(real.acts("clock_set")) == 1
    real.close()


def test_a_stepping_clock_builds_the_same_times_again() -> None:
    one, two = clock_of(hands(BEGUN)), clock_of(hands(BEGUN))
    assert [one() for _ in range(3)] == [two() for _ in range(3)]
    assert one.monotonic() == two.monotonic()


def test_without_a_person_signed_in_nothing_is_written(tmp_path: Path) -> None:
    new_store(tmp_path).close()
    from tests.db.stores import later_reader

    reader = later_reader(tmp_path)
    for attempt in (lambda: reader.add_subject(), lambda: reader.note_act("export")):
        with pytest.raises(Refusal) as told:
            attempt()
        assert told.value.key == "db.read_only"
    reader.close()


def test_a_text_removed_with_a_tombstone_leaves_the_chain_whole_and_is_named_where_nobody_proposed_it(
    book: Casebook,
) -> None:
    from db.ledger.ledger import commitment

    term = at("AN-001", "LOG", "AE", "AETERM")
    book.enter(at("AN-001", "LOG", "AE", "AEYN"), "Y")
    book.enter(term, "Mrs. Zhang has a fever")
    entry = book.record(term).entry
    salt, text, value, why = book.connection.execute(
        "SELECT salt, text, value, why FROM trail WHERE seq = ?", (entry.seq,)
    ).fetchone()
    tombstone = json.dumps({"sealed": commitment(salt, text, value, why).hex()})
    with book.writing() as ledger:
        ledger.append([Act("redacted", value=Value(value=tombstone), why="a name", replaces=entry.address)])
        book.connection.execute("DELETE FROM payload WHERE seq = ?", (entry.seq,))
    book.forget()
    assert [fault.key for fault in verify(book).found] == ["db.verify.redaction"]
    assert book.record(term).entry.value.text == "█"
    assert book.subject("AN-001").values[term].text == "█"
    assert book.dataset().subjects[0].subject.values[term].text == "█"
    assert book.sheet(key("AN-001", "LOG", "AE")).form.id == "AE"


def test_more_forms_than_are_remembered_by_number_do_no_harm(book: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.ledger.ledger.MOST_SPOTS", 3)
    for turn in range(6):
        book.enter(at("AN-001", "UNS", "UV", "UVNOTE", f"u-{turn}"), f"note {turn}")
    assert verify(book).faults == ()
    assert len([place for place in book.subject("AN-001").values if place.item == "UVNOTE"]) == 6


def test_each_transaction_is_sealed_once_under_its_last_entry(book: Casebook) -> None:
    sealed = "SELECT count(*), max(seq), count(DISTINCT run), max(run) FROM seal"
    before = book.connection.execute(sealed).fetchone()
    book.enter(PLT, "81", why="misread")
    book.complete(key("AN-001", "SCR", "LB"))
    after = book.connection.execute(sealed).fetchone()
    assert after[0] - before[0] == 2
    assert after[1] == book.ledger.tip.seq
    assert after[2:] == (1, 1)


def test_what_is_refused_leaves_no_seal(book: Casebook) -> None:
    before = book.connection.execute("SELECT count(*) FROM seal").fetchone()
    with pytest.raises(Refusal):
        book.add_subject("?")
    with contextlib.suppress(ZeroDivisionError), book.writing() as ledger:
        ledger.append([Act("export")])
        raise ZeroDivisionError
    assert book.connection.execute("SELECT count(*) FROM seal").fetchone() == before
    book.note_act("export")
    assert verify(book).faults == ()


def test_nothing_is_written_without_an_author(book: Casebook) -> None:
    kept, book.ledger.sealer = book.ledger.sealer, None
    with pytest.raises(ValueError, match="author"):
        book.note_act("export")
    assert not book.acts("export")
    book.ledger.sealer = kept


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE seal SET signature = zeroblob(64)", "never changed"),
        ("UPDATE seal SET run = 2", "never changed"),
        ("DELETE FROM seal", "never deleted"),
        ("INSERT OR REPLACE INTO seal SELECT strand, seq, run, basis, zeroblob(64) FROM seal", "under the last entry"),
        ("REPLACE INTO seal SELECT strand, seq, run, basis, signature FROM seal LIMIT 1", "under the last entry"),
        ("INSERT INTO seal SELECT strand, seq + 1, run, basis, signature FROM seal ORDER BY seq DESC LIMIT 1", "last"),
        ("UPDATE basis SET \"key\" = ''", "never changed"),
        ("DELETE FROM basis", "never deleted"),
        ("INSERT OR REPLACE INTO basis VALUES (1, '', '', '', '')", "never replaced"),
    ],
)
def test_no_statement_alters_a_seal(book: Casebook, statement: str, words: str) -> None:
    with pytest.raises(sqlite.IntegrityError, match=words):
        book.connection.execute(statement)


def test_a_version_whose_words_do_not_fit_its_name_is_not_worked_by(book: Casebook) -> None:
    assert len(read_history(book.connection)) == 1
    book.connection.execute("DROP TRIGGER payload_is_never_changed")
    book.connection.execute(
        """UPDATE payload SET value = value || ' ' WHERE (strand, seq) IN
           (SELECT strand, seq FROM entry WHERE act = 'definition')"""
    )
    with pytest.raises(Trouble, match="definition"):
        read_history(book.connection)
