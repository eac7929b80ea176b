"""Files are their owner's alone, come whole or not at all, and no link among them leads a write elsewhere."""

import os
import stat
import sys

import pytest

from db.copies.automatic import copy_store
from db.copies.restoring import restore
from db.folder import paths
from db.folder.door import users
from db.folder.keys import CHEAP
from db.opening.vault import open_store
from db.people.rekey import rekey
from db.proof.copying import backup
from db.proof.verify import verify
from forms.errors import Trouble
from tests.db.stores import PASSPHRASE, fill_screening, later_reader, new_store, reopened
from ui.commands.files import write_file
from ui.messages import LOG_NAME, write_log

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights otherwise")


@pytest.fixture(autouse=True)
def careless():
    """Whoever starts the program lets everybody read and write what is made."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder):
    """What in a folder anybody but its owner could read or write."""
    found = [path for path in (folder, *folder.rglob("*")) if stat.S_IMODE(path.lstat().st_mode) & 0o077]
    return sorted(str(path.relative_to(folder)) for path in found)


def test_a_store_its_copies_and_what_a_restore_makes_are_their_owners_alone(tmp_path):
    place = tmp_path / "work"
    book = new_store(place, role="nurse")
    fill_screening(book)
    assert {path.name for path in book.path.iterdir()} >= {"store.db", "store.db-wal", "keys.json", "lock", "counter"}
    backup(book, place / "copies" / "one.casebook")
    reader = later_reader(place)
    paths.make_folder(place / "stick")
    copy_store(reader, str(place / "stick"), tick=lambda *_: None)
    reader.close()
    assert open_to_others(place) == []
    book.close()
    with pytest.raises(Trouble):
        open_store(book.path, user="ann", passphrase="not this one", clock=book.clock)
    restore(place / "copies" / "one.casebook", place / "again", user="ann", passphrase=PASSPHRASE, clock=book.clock)
    assert open_to_others(place) == []


def test_a_new_key_leaves_files_that_are_their_owners_alone(tmp_path):
    book = new_store(tmp_path / "work", role="admin")
    rekey(book, "somebody left", kdf=CHEAP).close()
    assert open_to_others(tmp_path / "work") == []


@pytest.mark.parametrize("write", [write_file, paths.write_whole])
def test_a_file_written_over_one_that_anybody_read_is_its_owners_alone(tmp_path, write):
    path = tmp_path / "cohort.pdf"
    path.write_bytes(b"old")
    path.chmod(0o666)
    write(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_folders_made_for_a_file_are_their_owners_alone(tmp_path):
    write_file(tmp_path / "out" / "july" / "cohort.pdf", b"new")
    assert open_to_others(tmp_path / "out") == []


def test_a_log_is_its_owners_alone_also_when_it_grows(tmp_path):
    for text in ("one", "two"):
        write_log(tmp_path / "log", "2026-11-21", text)
    assert open_to_others(tmp_path / "log") == []
    assert (tmp_path / "log" / LOG_NAME).read_text(encoding="utf-8").split() == ["2026-11-21", "one", "2026-11-21",
                                                                                "two"]  # fmt: skip


@pytest.mark.parametrize("write", [write_file, paths.write_whole])
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_broken_off_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch, write, step):
    path = tmp_path / "cohort.pdf"
    path.write_bytes(b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(Trouble):
        write(path, b"new" * 1000)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("write", [write_file, paths.write_whole])
def test_a_link_in_the_place_of_an_output_is_replaced_and_not_followed(tmp_path, write):
    other = tmp_path / "other"
    other.write_bytes(b"not mine")
    (tmp_path / "out.pdf").symlink_to(other)
    (tmp_path / "dangling.pdf").symlink_to(tmp_path / "nowhere")
    (tmp_path / "out.pdf.part").symlink_to(other)
    write(tmp_path / "out.pdf", b"new")
    write(tmp_path / "dangling.pdf", b"new")
    assert other.read_bytes() == b"not mine"
    assert not (tmp_path / "nowhere").exists()
    assert not (tmp_path / "out.pdf").is_symlink()
    assert not (tmp_path / "dangling.pdf").is_symlink()


# --- a store from somebody else ---------------------------------------------------------------------------------------


def assert_refused(folder, told):
    with pytest.raises(Trouble) as refused:
        told(folder)
    assert refused.value.key == "db.no_plain_file"


def opened(folder):
    reopened(folder.parent)


def proved(folder):
    verify(folder, user="ann", passphrase=PASSPHRASE)


def restored(folder):
    restore(folder, folder.with_name("new.casebook"), user="ann", passphrase=PASSPHRASE)


def restored_over(folder):
    source = folder.with_name("good.casebook")
    restore(source, folder, user="ann", passphrase=PASSPHRASE)


@pytest.mark.parametrize("name", paths.FILES)
def test_a_link_among_the_files_of_a_store_is_refused_and_what_it_names_stays_as_it_is(tmp_path, name):
    book = new_store(tmp_path)
    backup(book, tmp_path / "good.casebook")
    book.close()
    victim = tmp_path / "victim"
    victim.write_bytes(b"of somebody else")
    (book.path / name).unlink(missing_ok=True)
    (book.path / name).symlink_to(victim)
    for told in (opened, users, proved, restored, restored_over):
        assert_refused(book.path, told)
    assert victim.read_bytes() == b"of somebody else"


@pytest.mark.parametrize("name", ["lock", "counter", "keys.json", "tries.json"])
def test_a_pipe_among_the_files_of_a_store_is_refused_instead_of_waited_for(tmp_path, name):
    book = new_store(tmp_path)
    book.close()
    (book.path / name).unlink(missing_ok=True)
    os.mkfifo(book.path / name)
    assert_refused(book.path, opened)


def test_a_folder_reached_by_a_link_opens_as_any_other(tmp_path):
    book = new_store(tmp_path)
    book.close()
    (tmp_path / "linked.casebook").symlink_to(book.path)
    found = open_store(tmp_path / "linked.casebook", user="ann", passphrase=PASSPHRASE, clock=book.clock)
    assert (found.user, found.path.name) == ("ann", "linked.casebook")
    found.close()


def test_a_link_in_the_place_of_a_copy_in_the_making_is_not_followed(tmp_path):
    book = new_store(tmp_path)
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "kept").write_bytes(b"of somebody else")
    (tmp_path / "copy.casebook.part").symlink_to(victim)
    with pytest.raises(Trouble):
        backup(book, tmp_path / "copy.casebook")
    book.close()
    assert [path.name for path in victim.iterdir()] == ["kept"]
