"""Copies count only when they were opened; a restore begins a strand of its own and loses nothing that was there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from db import sqlite
from db.clock import clock_of
from db.copies.automatic import read_copies
from db.copies.restoring import restore
from db.folder import paths, unfinished
from db.ledger import schema
from db.opening.vault import open_store
from db.proof.copying import backup
from db.proof.verify import verify
from forms.errors import Cancelled, Refusal, Trouble
from tests.db.stores import PASSPHRASE, START, at, fill_screening, hands, key, new_store, reopened, site_study

PLT = at("AN-001", "SCR", "LB", "PLT")
OLD = Path(__file__).resolve().parents[1] / "old_stores"


def later(days: int):
    return clock_of(hands(START + timedelta(days=days)))


def test_a_copy_is_a_whole_store_and_both_it_and_the_act_name_its_end(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    fill_screening(book)
    copied = backup(book, tmp_path / "stick")
    assert copied.path.parent == tmp_path / "stick"
    assert copied.path.name.startswith("trial-20250301T")
    assert (copied.position, book.acts("backup")[0].value.value) == (
        book.position() - 1,
        json.dumps({"to": copied.path.name, "position": copied.position, "tip": copied.tip}, sort_keys=True),
    )
    book.enter(PLT, "40")
    assert verify(book, anchor=copied.tip).faults == ()
    book.close()
    found = verify(copied.path, anchor=copied.tip, user="ann", passphrase=PASSPHRASE, clock=later(1))
    assert found.faults == ()
    assert sorted(path.name for path in copied.path.iterdir()) == [paths.KEYS, paths.STORE]


def test_a_copy_never_overwrites(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    backup(book, tmp_path / "copy.casebook")
    with pytest.raises(Trouble) as told:
        backup(book, tmp_path / "copy.casebook")
    assert told.value.key == "db.exists"
    book.close()


def test_two_copies_within_a_second_lie_beside_each_other_and_the_later_is_the_newer(tmp_path: Path) -> None:
    book = new_store(tmp_path, clock_of(hands(step=timedelta(0))))
    fill_screening(book)
    first, second, third = (backup(book, tmp_path / "stick") for _ in range(3))
    assert len({first.path, second.path, third.path}) == 3
    assert [kept.path for kept in read_copies(tmp_path / "stick", book.path)] == [third.path, second.path, first.path]
    book.close()


@pytest.mark.parametrize("inside", ["", "in", "in/deeper", "copy.casebook"])
def test_a_copy_in_the_store_itself_is_refused_and_nothing_is_noted(tmp_path: Path, inside: str) -> None:
    book = new_store(tmp_path)
    before = sorted(path.name for path in book.path.iterdir())
    with pytest.raises(Refusal) as told:
        backup(book, book.path / inside)
    assert told.value.key == "db.copy_inside"
    assert sorted(path.name for path in book.path.iterdir()) == before
    assert book.acts("backup") == []
    book.close()


def test_what_a_sudden_end_left_half_made_goes_with_the_next_copy_and_nothing_else_does(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    stick = tmp_path / "stick"
    left = [f"{name}-20250228T090000Z.casebook.part" for name in ("trial", "trial-2", "other")]
    for name in (*left, "trial-notes.part", "trial-20250228T100000Z-2.casebook.part"):
        (stick / name).mkdir(parents=True)
        (stick / name / paths.STORE).write_bytes(b"half")
    with unfinished.made_whole(stick / "trial-20250228T110000Z.casebook") as growing:
        copied = backup(book, stick)
        assert growing.exists()
    assert sorted(path.name for path in stick.iterdir()) == sorted(
        [*left[1:], "trial-notes.part", "trial-20250228T110000Z.casebook", copied.path.name]
    )
    book.close()


def test_a_copy_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    book = new_store(tmp_path)

    def tick(done: int, of: int, text: str) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        backup(book, tmp_path / "copy.casebook", tick)
    assert not list(tmp_path.glob("copy*"))
    book.close()


def test_a_copy_that_cannot_be_proved_is_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = new_store(tmp_path)
    fill_screening(book)
    copy_file = paths.copy_file

    def damaging(source: Path, target: Path) -> None:
        copy_file(source, target)
        path = Path(target).with_name(paths.STORE)
        content = bytearray(path.read_bytes())
        content[-2000] ^= 0xFF
        path.write_bytes(bytes(content))

    monkeypatch.setattr(paths, "copy_file", damaging)
    with pytest.raises(Trouble) as told:
        backup(book, tmp_path / "copy.casebook")
    assert told.value.key == "db.copy_differs"
    assert not list(tmp_path.glob("copy*"))
    book.close()


def test_a_restore_goes_back_to_the_copy_and_keeps_the_store_that_was_there(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    fill_screening(book)
    copied = backup(book, tmp_path / "copy.casebook")
    book.enter(PLT, "40")
    old_strand = book.ledger.strand
    book.close()
    restore(copied.path, tmp_path / "trial", user="ann", passphrase=PASSPHRASE, clock=later(1))
    again = reopened(tmp_path)
    assert again.subject("AN-001").values[PLT].value == "80"
    assert verify(again, anchor=copied.tip).faults == ()
    begun = json.loads(again.acts("strand_begun")[0].value.value)
    assert (begun["hash"], begun["after"].partition(":")[0]) == (copied.tip, old_strand)
    assert again.ledger.strand != old_strand
    told = json.loads(again.acts("restore")[0].value.value)
    assert told["from"] == "copy.casebook"
    again.enter(PLT, "50", why="typed again")
    assert [entry.strand for entry in again.history(PLT)] == [old_strand, again.ledger.strand]
    again.complete(key("AN-001", "SCR", "LB"))
    assert verify(again).faults == ()
    assert again.dataset(as_of=str(copied.position)).tip == copied.tip
    again.close()
    kept = open_store(tmp_path / told["kept"], user="ann", passphrase=PASSPHRASE, clock=later(2))
    assert kept.subject("AN-001").values[PLT].value == "40"
    kept.close()


def test_a_restore_from_a_medium_that_cannot_be_written(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    copied = backup(book, tmp_path / "copy.casebook")
    book.close()
    before = {path.name: path.read_bytes() for path in copied.path.iterdir()}
    restore(copied.path, tmp_path / "other", user="ann", passphrase=PASSPHRASE, clock=later(1))
    assert {path.name: path.read_bytes() for path in copied.path.iterdir()} == before


def test_a_restore_with_a_wrong_passphrase_or_of_a_damaged_copy_changes_nothing(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    fill_screening(book)
    copied = backup(book, tmp_path / "copy.casebook")
    book.close()
    with pytest.raises(Trouble) as told:
        restore(copied.path, tmp_path / "trial", user="ann", passphrase="wrong one", clock=later(1))
    assert told.value.key == "db.wrong_passphrase"
    content = bytearray((copied.path / paths.STORE).read_bytes())
    content[-2000] ^= 0xFF
    (copied.path / paths.STORE).write_bytes(bytes(content))
    with pytest.raises(Trouble):
        restore(copied.path, tmp_path / "trial", user="ann", passphrase=PASSPHRASE, clock=later(1))
    assert not list(tmp_path.glob("*.part"))
    again = reopened(tmp_path)
    assert again.subject("AN-001").values[PLT].value == "80"
    again.close()


@pytest.mark.parametrize(
    ("damage", "told_key"),
    [
        (lambda path: path.write_bytes(b""), "db.backup_empty"),
        (lambda path: path.unlink(), "db.backup_empty"),
        (lambda path: path.write_bytes(path.read_bytes()[: 4096 * 9]), "db.backup_damaged"),
        (lambda path: spoil(path, -2000), "db.backup_damaged"),
        (lambda path: spoil(path, 4096 * 3 + 100), "db.backup_damaged"),
    ],
    ids=["emptied", "gone", "cut off", "last page", "early page"],
)
def test_a_damaged_copy_is_told_in_words_about_copies(
    tmp_path: Path, damage: Callable[[Path], object], told_key: str
) -> None:
    book = new_store(tmp_path)
    fill_screening(book)
    copied = backup(book, tmp_path / "copy.casebook")
    book.close()
    damage(copied.path / paths.STORE)
    with pytest.raises(Trouble) as told:
        restore(copied.path, tmp_path / "other", user="ann", passphrase=PASSPHRASE, clock=later(1))
    assert told.value.key == told_key
    assert "another backup" in str(told.value)
    assert not list(tmp_path.glob("other*"))


def test_a_copy_that_somebody_altered_is_not_restored(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    fill_screening(book)
    copied = backup(book, tmp_path / "copy.casebook")
    store_key = bytes(book.store_key)
    book.close()
    connection = sqlite.connect(copied.path / paths.STORE, store_key)
    connection.execute("DROP TRIGGER payload_is_never_changed")
    connection.execute("UPDATE payload SET value = '800' WHERE value = '80'")
    connection.close()
    with pytest.raises(Trouble) as told:
        restore(copied.path, tmp_path / "other", user="ann", passphrase=PASSPHRASE, clock=later(1))
    assert told.value.key == "db.backup_not_proved"
    assert not list(tmp_path.glob("other*"))


def spoil(path: Path, at: int) -> None:
    """Damage one byte."""
    content = bytearray(path.read_bytes())
    content[at] ^= 0xFF
    path.write_bytes(bytes(content))


def test_who_may_not_make_copies_may_not_take_one_back(tmp_path: Path) -> None:
    book = new_store(tmp_path, role="investigator", study=site_study())
    with pytest.raises(Refusal):
        backup(book, tmp_path / "copy.casebook")
    folder = book.path
    book.close()
    with pytest.raises(Refusal):
        restore(folder, tmp_path / "other", user="ann", passphrase=PASSPHRASE, clock=later(1))
    assert not (tmp_path / "other.casebook").exists()
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("old", sorted(OLD.glob("*.casebook")), ids=lambda path: path.stem)
def test_a_copy_made_by_an_earlier_program_is_restored_and_stays_as_it_is(tmp_path: Path, old: Path) -> None:
    shutil.copytree(old, tmp_path / "copy.casebook")
    before = (tmp_path / "copy.casebook" / paths.STORE).read_bytes()
    restore(tmp_path / "copy.casebook", tmp_path / "trial", user="ann", passphrase=PASSPHRASE, clock=later(4000))
    assert (tmp_path / "copy.casebook" / paths.STORE).read_bytes() == before
    book = reopened(tmp_path, later(4001))
    assert book.connection.execute("PRAGMA user_version").fetchone() == (schema.CURRENT,)
    assert book.subjects()
    assert verify(book).faults == ()
    book.close()


def test_a_copy_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    copied = backup(book, tmp_path / "copy.casebook")
    backup_of_newer = backup(book, tmp_path / "newer.casebook")
    newer = sqlite.connect(backup_of_newer.path / paths.STORE, book.store_key)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    book.close()
    with pytest.raises(Trouble) as told:
        restore(backup_of_newer.path, tmp_path / "other", user="ann", passphrase=PASSPHRASE, clock=later(1))
    assert told.value.key == "db.newer_store"
    restore(copied.path, tmp_path / "other", user="ann", passphrase=PASSPHRASE, clock=later(1))
