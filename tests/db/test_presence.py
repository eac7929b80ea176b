"""Files of an open store taken away, exchanged, cut: the next entry is refused in words, lost ones are noticed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from db.casebook.casebook import Casebook
from db.clock import clock_of
from db.copies.restoring import restore
from db.folder import paths
from db.folder.counter import read_counter
from db.folder.door import find_store
from db.opening.vault import open_store
from db.proof.copying import backup
from db.proof.verify import verify
from forms.errors import Trouble
from tests.db.stores import PASSPHRASE, START, at, fill_screening, hands, later_reader, new_store, reopened

ROOT = Path(__file__).resolve().parents[2]
PLT = at("AN-001", "SCR", "LB", "PLT")

posix = pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody take away a file that is open")


def later(days: int):
    return clock_of(hands(START + timedelta(days=days)))


@pytest.fixture
def book(tmp_path: Path):
    """A store at work with one subject; let go at the end whatever became of it."""
    opened = new_store(tmp_path)
    fill_screening(opened)
    yield opened
    opened.let_go()


def refused(book: Casebook) -> str:
    """The key of the Trouble in which the next entry ends; it must not be in the picture afterwards."""
    before = book.position()
    with pytest.raises(Trouble) as told:
        book.enter(PLT, "41", why="repeated")
    assert "NOT saved" in told.value.in_language("en")
    assert "没有保存" in told.value.in_language("zh")
    assert book.position() == before
    assert book.subject("AN-001").values[PLT].value == "80"
    return told.value.key


# --- taken away while it is open --------------------------------------------------------------------------------------


@posix
def test_a_folder_renamed_while_open_refuses_the_next_entry_until_it_is_back(book, tmp_path):
    book.path.rename(tmp_path / "elsewhere")
    assert refused(book) == "db.folder_gone"
    (tmp_path / "elsewhere").rename(book.path)
    book.enter(PLT, "41", why="repeated")
    book.close()
    again = reopened(tmp_path)
    assert again.subject("AN-001").values[PLT].value == "41"
    assert verify(again).faults == ()
    again.close()


@posix
def test_a_folder_deleted_while_open_refuses_the_next_entry(book):
    shutil.rmtree(book.path)
    assert refused(book) == "db.folder_gone"


@posix
@pytest.mark.parametrize("put_back", [False, True])
def test_a_lock_file_deleted_while_open_refuses_the_next_entry(book, put_back):
    (book.path / paths.LOCK).unlink()
    if put_back:
        (book.path / paths.LOCK).touch()
    assert refused(book) == "db.lock_gone"


@posix
def test_with_the_lock_deleted_a_second_writer_gets_in_and_the_first_one_no_more(book, tmp_path):
    (book.path / paths.LOCK).unlink()
    second = reopened(tmp_path)
    second.enter(PLT, "42", why="second look")
    with pytest.raises(Trouble) as told:
        book.enter(PLT, "41", why="repeated")
    assert told.value.key == "db.lock_gone"
    assert verify(second).faults == ()
    second.close()


@posix
def test_a_database_exchanged_while_open_refuses_the_next_entry(book):
    path = book.path / paths.STORE
    shutil.copyfile(path, path.with_name("copy"))
    os.replace(path.with_name("copy"), path)
    assert refused(book) == "db.database_exchanged"


@posix
def test_a_log_deleted_while_open_refuses_the_next_entry_and_loses_nothing_saved(book, tmp_path):
    tip = book.tip()
    (book.path / (paths.STORE + paths.LOG)).unlink()
    assert refused(book) == "db.log_gone"
    copy = Path(shutil.copytree(book.path, tmp_path / "as-after-a-power-cut.casebook"))
    (copy / paths.LOCK).unlink()
    found = verify(copy, user="ann", passphrase=PASSPHRASE, anchor=tip)
    assert found.faults == ()


# --- acknowledged entries that are gone -------------------------------------------------------------------------------


def stopped(book: Casebook, tmp_path: Path) -> Path:
    """The folder as a power cut leaves it: database, log, counter."""
    return Path(shutil.copytree(book.path, tmp_path / "stopped" / "trial.casebook", ignore=ignored))


def ignored(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith("-shm") or name == paths.LOCK]


@pytest.mark.parametrize("cut", ["removed", "emptied", "half"])
def test_a_log_that_is_gone_or_cut_is_noticed_by_writer_reader_and_verify(book, tmp_path, cut):
    book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for turn in range(30):
        book.enter(PLT, str(100 + turn), why="repeated")
    folder = stopped(book, tmp_path)
    log = folder / (paths.STORE + paths.LOG)
    if cut == "removed":
        log.unlink()
    else:
        os.truncate(log, 0 if cut == "emptied" else log.stat().st_size // 2)
    found = verify(folder, user="ann", passphrase=PASSPHRASE)
    assert [fault.key for fault in found.found] == ["db.verify.counted"]
    assert "restore no backup yet" in found.advice["en"]
    assert found.found[0].where.endswith(f" – {book.ledger.strand}:{book.ledger.tip.seq}")
    with pytest.raises(Trouble) as told:
        reopened(folder.parent)
    assert told.value.key == "db.entries_missing"
    assert paths.STORE + paths.LOG in told.value.in_language("zh")
    reader = later_reader(folder.parent)
    assert "missing" in reader.warnings[0]["en"]
    reader.close()


def test_whoever_goes_on_without_the_lost_entries_does_so_in_the_ledger(book, tmp_path):
    book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    book.enter(PLT, "41", why="repeated")
    folder = stopped(book, tmp_path)
    (folder / (paths.STORE + paths.LOG)).unlink()
    (folder / paths.COUNTER).unlink()
    again = reopened(folder.parent)
    assert [act.act for act in again.acts("counter_missing")] == ["counter_missing"]
    assert any("can't be known" in text["en"] for text in again.warnings)
    again.close()
    once_more = reopened(folder.parent, later(4))
    assert len(once_more.acts("counter_missing")) == 1
    once_more.close()


def test_an_older_database_under_the_same_counter_is_noticed(book, tmp_path):
    book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    older = (book.path / paths.STORE).read_bytes()
    book.enter(PLT, "41", why="repeated")
    book.close()
    (book.path / paths.STORE).write_bytes(older)
    with pytest.raises(Trouble) as told:
        reopened(tmp_path)
    assert told.value.key == "db.entries_missing"


@pytest.mark.parametrize("content", [b"", b"casebook", b"\0" * 64, b"casebook abcd 999999 0123456789abcdef 00000000\n"])
def test_a_counter_that_lags_behind_or_was_torn_by_a_power_cut_is_normal(book, tmp_path, content):
    earlier = (book.path / paths.COUNTER).read_bytes()
    book.enter(PLT, "41", why="repeated")
    folder = stopped(book, tmp_path)
    for each in (earlier, content):
        (folder / paths.COUNTER).write_bytes(each)
        assert verify(folder, user="ann", passphrase=PASSPHRASE).faults == ()
    again = reopened(folder.parent)
    assert again.subject("AN-001").values[PLT].value == "41"
    assert not again.acts("counter_missing")
    again.close()
    counted = read_counter(folder)
    assert (counted.strand, counted.seq) == (again.ledger.strand, again.ledger.tip.seq)


def test_copies_and_restored_stores_begin_a_count_of_their_own(book, tmp_path):
    backup(book, tmp_path / "copy.casebook")
    book.close()
    assert not (tmp_path / "copy.casebook" / paths.COUNTER).exists()
    assert verify(tmp_path / "copy.casebook", user="ann", passphrase=PASSPHRASE).faults == ()
    restore(tmp_path / "copy.casebook", tmp_path / "back", user="ann", passphrase=PASSPHRASE, clock=later(2))
    restored = open_store(tmp_path / "back", user="ann", passphrase=PASSPHRASE, clock=later(3))
    assert restored.acts("counter_missing") == []
    assert read_counter(restored.path).strand == restored.ledger.strand
    assert verify(restored).faults == ()
    restored.close()


# --- a restore over a store -------------------------------------------------------------------------------------------


def test_a_restore_over_a_store_somebody_writes_in_is_refused_and_says_who(book, tmp_path):
    backup(book, tmp_path / "copy.casebook")
    with pytest.raises(Trouble) as told:
        restore(tmp_path / "copy.casebook", book.path, user="ann", passphrase=PASSPHRASE, clock=later(2))
    assert (told.value.key, told.value.values["user"]) == ("db.open_elsewhere", "ann")
    book.enter(PLT, "41", why="repeated")
    assert verify(book).faults == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.casebook", "trial.casebook"]


RESTORING = f"""
import os, signal, sys
from datetime import timedelta
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from db.copies.restoring import restore
from tests.db.stores import PASSPHRASE, START, clock_of, hands
folder = Path(sys.argv[1])
real, seen = os.replace, []
def replace(source, target):
    if Path(source).suffix in (".casebook", ".part") and Path(source).is_dir():
        seen.append(1)
        if len(seen) == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
    real(source, target)
os.replace = replace
restore(folder / "copy.casebook", folder / "trial", user="ann", passphrase=PASSPHRASE,
        clock=clock_of(hands(START + timedelta(days=2))))
"""


@posix
@pytest.mark.parametrize(("stop", "kept", "seen"), [(1, 0, "41"), (2, 1, "80")])
def test_a_restore_broken_off_between_its_renames_leaves_a_whole_store_under_the_name(book, tmp_path, stop, kept, seen):
    backup(book, tmp_path / "copy.casebook")
    book.enter(PLT, "41", why="repeated")
    book.close()
    script = tmp_path / "restoring.py"
    script.write_text(RESTORING, encoding="utf-8")
    ended = subprocess.run([sys.executable, str(script), str(tmp_path), str(stop)], check=False, cwd=ROOT)
    assert ended.returncode == -signal.SIGKILL
    assert find_store(tmp_path / "trial") == tmp_path / "trial.casebook"
    again = reopened(tmp_path, later(5))
    assert again.subject("AN-001").values[PLT].value == seen
    assert verify(again).faults == ()
    again.close()
    assert len(list(tmp_path.glob("trial-before-*"))) == kept
    restore(tmp_path / "copy.casebook", tmp_path / "trial", user="ann", passphrase=PASSPHRASE, clock=later(6))
    assert not list(tmp_path.glob("*.part"))


def test_a_disk_that_refuses_the_last_rename_leaves_the_store_where_it_was(book, tmp_path, monkeypatch):
    backup(book, tmp_path / "copy.casebook")
    book.close()
    real = os.replace

    def replace(source, target):
        if str(source).endswith(".part") and Path(source).is_dir():
            raise OSError(5, "gone")
        real(source, target)

    monkeypatch.setattr("db.folder.unfinished.os.replace", replace)
    with pytest.raises(Trouble):
        restore(tmp_path / "copy.casebook", book.path, user="ann", passphrase=PASSPHRASE, clock=later(2))
    monkeypatch.undo()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.casebook", "trial.casebook"]
    reopened(tmp_path, later(3)).close()
