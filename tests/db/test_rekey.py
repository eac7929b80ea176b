"""A new key for the store: everybody who stays gets in, whoever left does not, and no moment loses anything."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from db.clock import clock_of
from db.folder import keys, paths
from db.folder.boxes import open_box, seal_for
from db.folder.keys import CHEAP
from db.opening.vault import open_store
from db.people.accounts import add_account, change_passphrase, recover, remove_account
from db.people.rekey import rekey
from db.proof.verify import verify
from forms.errors import Cancelled, Refusal, Trouble
from tests.db.stores import PASSPHRASE, START, at, fill_screening, hands, new_store, reopened

ROOT = Path(__file__).resolve().parents[2]
BOBS = "phrase of bob"


def filled(folder):
    book = new_store(folder)
    fill_screening(book)
    add_account(book, "bob", "Bob Li", "nurse", BOBS, kdf=CHEAP, temporary=False)
    return book


def later(days: int):
    return clock_of(hands(START + timedelta(days=days)))


def test_a_box_opens_for_its_person_alone():
    one, two = keys.new_signing_key(), keys.new_signing_key()
    sealed = seal_for(keys.public_key(one), b"the key", b"about")
    assert open_box(one, sealed, b"about") == b"the key"
    assert open_box(two, sealed, b"about") is None
    assert open_box(one, sealed, b"other") is None
    assert open_box(one, sealed[:-2] + ("00" if sealed[-2:] != "00" else "01"), b"about") is None


def test_a_box_of_an_earlier_version_still_opens_for_its_person_alone():
    sealed = (
        "box:d7db18c08ae47c02da5332ccf5db8cb9246b590595d6111422aac206748af220c015cd6915378e1407ccfbe5a351720a42730fbadd"
        "cb52334ef0f170880efceee2a2253981064814"
    )
    assert open_box(bytes(range(32)), sealed, b"casebook second factor lin") == b"kept for lin"
    assert open_box(bytes(range(1, 33)), sealed, b"casebook second factor lin") is None
    assert open_box(bytes(range(32)), sealed, b"casebook second factor hu") is None


def test_after_a_new_key_everyone_who_stays_signs_in_with_the_passphrase_they_have(tmp_path):
    book = filled(tmp_path)
    old_key, old_code = bytes(book.store_key), book.recovery_code
    entries = book.dataset().subjects[0].subject.values
    book = rekey(book, "A laptop was stolen", kdf=CHEAP)
    assert book.store_key != old_key
    assert book.dataset().subjects[0].subject.values == entries
    assert not verify(book).faults
    new_code = book.recovery_code
    book.close()
    bob = reopened(tmp_path, later(3), "bob", BOBS)
    change_passphrase(bob, BOBS, "bob has another", kdf=CHEAP)
    bob.close()
    reopened(tmp_path, later(4), "bob", "bob has another").close()
    with pytest.raises(Trouble, match="recovery"):
        recover(tmp_path / "trial", old_code, "ann", "found again", later(5), CHEAP)
    recover(tmp_path / "trial", new_code, "ann", "found again", later(5), CHEAP).close()
    assert not list((tmp_path / "trial.casebook").glob("*next*"))


def test_the_old_key_opens_nothing_any_more(tmp_path):
    book = filled(tmp_path)
    old_key = bytes(book.store_key)
    bob = next(each for each in book.accounts.values() if each.user == "bob")
    stolen = keys.read_keys(book.path / paths.KEYS)
    remove_account(book, bob.id, "Left")
    rekey(book, "Bob left", kdf=CHEAP).close()
    (tmp_path / "trial.casebook" / paths.KEYS).write_bytes(keys.dump_keys(stolen))
    with pytest.raises(Trouble, match="does not open the database"):
        reopened(tmp_path, later(3), "bob", BOBS)
    assert old_key not in (tmp_path / "trial.casebook" / paths.STORE).read_bytes()


def test_a_new_key_asks_for_a_reason_and_for_the_right(tmp_path):
    book = filled(tmp_path)
    with pytest.raises(Refusal, match="reason"):
        rekey(book, " ")
    book.close()
    bob = reopened(tmp_path, later(3), "bob", BOBS)
    with pytest.raises(Refusal, match="right"):
        rekey(bob, "I would like to")
    bob.close()


@pytest.mark.parametrize("step", [0, 1, 2])
def test_a_new_key_that_is_given_up_at_any_step_leaves_the_store_as_it_was(tmp_path, step):
    book = filled(tmp_path)
    before, key = book.position(), bytes(book.store_key)

    def tick(at, of, text):
        if at == step:
            raise Cancelled

    with pytest.raises(Cancelled):
        rekey(book, "A laptop was stolen", tick, kdf=CHEAP)
    assert book.position() == before
    assert {path.name for path in book.path.iterdir()} & {paths.NEXT_KEYS, paths.NEXT_STORE} == set()
    book.add_subject()
    assert book.store_key == key
    assert not verify(book).faults
    book.close()
    reopened(tmp_path, later(3), "bob", BOBS).close()


def test_while_another_program_reads_the_store_the_key_stays_and_work_goes_on(tmp_path):
    book = filled(tmp_path)
    reader = open_store(tmp_path / "trial", user="bob", passphrase=BOBS, clock=later(1), read_only=True)
    with pytest.raises(Trouble):
        rekey(book, "Not now", kdf=CHEAP)
    reader.close()
    book.enter(at("AN-001", "SCR", "VS", "WEIGHT"), "61", why="again")
    rekey(book, "Now", kdf=CHEAP).close()


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
import db.people.rekey as module
from db.folder.keys import CHEAP
from tests.db.stores import reopened
stop = int(sys.argv[2])
real, seen = os.replace, 0
def replace(*given):
    global seen
    seen += 1
    if seen == stop:
        os.kill(os.getpid(), signal.SIGKILL)
    real(*given)
book = reopened(Path(sys.argv[1]))
os.replace = replace
module.rekey(book, "Power goes", kdf=CHEAP)
"""


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
@pytest.mark.parametrize("stop", [1, 2, 3])
def test_killed_at_any_step_of_a_new_key_the_store_opens_with_all_it_had(tmp_path, stop):
    filled(tmp_path).close()
    script = tmp_path / "killed.py"
    script.write_text(KILLED.format(root=str(ROOT)), encoding="utf-8")
    ended = subprocess.run([sys.executable, str(script), str(tmp_path), str(stop)], check=False, cwd=ROOT)
    assert ended.returncode == -signal.SIGKILL
    for user, phrase in (("ann", PASSPHRASE), ("bob", BOBS)):
        book = reopened(tmp_path, later(4), user, phrase)
        assert book.sheet(at("AN-001", "SCR", "VS", "WEIGHT").form_key).cell("WEIGHT").value.value == "60.5"
        assert not verify(book).faults
        assert not list(book.path.glob("*next*"))
        book.close()


def test_an_older_key_file_beside_a_newer_database_is_named(tmp_path):
    book = filled(tmp_path)
    old = (book.path / paths.KEYS).read_bytes()
    change_passphrase(book, PASSPHRASE, "another one", kdf=CHEAP)
    book.close()
    (book.path / paths.KEYS).write_bytes(old)
    again = reopened(tmp_path)
    assert "older than the store" in again.warnings[0]["en"]
    assert any("key file" in fault["en"] for fault in verify(again).faults)
    again.close()


def test_a_newer_key_file_beside_an_older_database_is_named(tmp_path):
    book = filled(tmp_path)
    book.close()
    shutil.copy(book.path / paths.STORE, tmp_path / "old.db")
    book = reopened(tmp_path)
    change_passphrase(book, PASSPHRASE, "another one", kdf=CHEAP)
    book.close()
    shutil.copy(tmp_path / "old.db", book.path / paths.STORE)
    with pytest.raises(Trouble) as told:
        reopened(tmp_path, passphrase="another one")
    assert told.value.key == "db.entries_missing"
    (book.path / paths.COUNTER).unlink()
    again = reopened(tmp_path, passphrase="another one")
    assert any("not the one the ledger names" in text["en"] for text in again.warnings)
    again.close()


def test_a_wrong_passphrase_a_damaged_key_file_and_a_damaged_database_are_told_apart(tmp_path):
    book = filled(tmp_path)
    book.close()
    with pytest.raises(Trouble) as wrong:
        reopened(tmp_path, passphrase="wrong")
    content = (book.path / paths.KEYS).read_bytes()
    (book.path / paths.KEYS).write_bytes(content.replace(b'"check": "', b'"check": "0'))
    with pytest.raises(Trouble) as damaged:
        reopened(tmp_path)
    (book.path / paths.KEYS).write_bytes(content)
    with (book.path / paths.STORE).open("r+b") as file:
        file.write(bytes(64))
    with pytest.raises(Trouble) as misfit:
        reopened(tmp_path)
    assert [each.value.key for each in (wrong, damaged, misfit)] == [
        "db.wrong_passphrase", "db.keys_damaged", "db.keys_misfit",
    ]  # fmt: skip


@pytest.mark.parametrize("way", ["reading", "writing"])
def test_who_waited_while_the_store_was_closed_is_told_that_it_is(tmp_path, way):
    book = new_store(tmp_path)
    told: list[str] = []

    def wait() -> None:
        try:
            with getattr(book, way)():
                told.append("went on")
        except Refusal as refusal:
            told.append(refusal.key)

    waiting = threading.Thread(target=wait)
    with book.guard:
        waiting.start()
        waiting.join(0.2)
        book.let_go()
    waiting.join(10)
    assert told == ["db.closed"]
