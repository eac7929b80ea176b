"""What was acknowledged is there after any sudden end; what the world does to a store is told in words."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from db import sqlite
from db.clock import clock_of
from db.folder import paths
from db.folder.lock import holder_of
from db.ledger import schema
from db.opening.vault import create_store, find_store, open_store, store_folder, users
from db.proof.verify import verify
from forms.errors import Refusal, Trouble
from tests.db.stores import PASSPHRASE, START, at, fill_screening, hands, later_reader, new_store, reopened, site_study

ROOT = Path(__file__).resolve().parents[2]
OLD = Path(__file__).resolve().parents[1] / "old_stores"

ENTERING = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from tests.db.stores import at, reopened
from db.clock import system_clock
book = reopened(Path(sys.argv[1]), system_clock())
subject = book.add_subject().places[0].subject
print("in", subject, flush=True)
for turn in range(100000):
    blood = ("PLT", str(turn + 1)), ("HGB", str(turn % 90 + 60)), ("ALT", str(turn + 20))
    for item, text in (("LBDAT", "2025-02-01"), *blood):
        changes = book.enter(at(subject, "SCR", "LB", item), text)
        print(changes.position, item, text, flush=True)
"""

needs_signals = pytest.mark.skipif(os.name == "nt", reason="kills by signal")


@needs_signals
@pytest.mark.slow
def test_killed_twenty_times_while_entering_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    new_store(tmp_path).close()
    script = tmp_path / "entering.py"
    script.write_text(ENTERING, encoding="utf-8")
    moments = random.Random(20)
    for turn in range(20):
        with subprocess.Popen(
            [sys.executable, str(script), str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as program:
            first = program.stdout.readline().split()
            assert first[0] == "in"
            time.sleep(moments.uniform(0.0, 0.12))
            program.send_signal(signal.SIGKILL)
            lines = program.stdout.read().splitlines()
        acknowledged = [line.split() for line in lines if len(line.split()) == 3 and line.endswith(tuple("0123456789"))]
        later = clock_of(hands(START + timedelta(days=900 + turn)))
        book = reopened(tmp_path, later)
        assert book.interrupted
        found = verify(book)
        assert found.faults == (), turn
        last = {item: text for _, item, text in acknowledged[:-1]}
        if acknowledged:
            assert found.position >= int(acknowledged[-1][0])
        for item, text in last.items():
            place = at(first[1], "SCR", "LB", item)
            kept = [entry.value.value for entry in book.history(place)]
            assert text in kept, (turn, item)
            grade = book.record(place.grade_place)
            if grade is not None:
                assert grade.entry.at >= book.history(place)[0].at
        book.close()


def test_a_store_opens_where_it_was_after_a_sudden_end_and_says_until_when_it_was_kept(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    fill_screening(book)
    last = book.history(at("AN-001", "SCR", "LB", "ALT"))[-1].at
    book.let_go()
    again = reopened(tmp_path)
    assert again.interrupted >= last
    again.close()
    third = reopened(tmp_path, clock_of(hands(START + timedelta(days=3))))
    assert third.interrupted == ""
    third.close()


# --- opened twice -----------------------------------------------------------------------------------------------------


def test_a_second_writer_is_told_who_is_writing_and_a_reader_is_let_in(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    fill_screening(book)
    with pytest.raises(Trouble) as told:
        reopened(tmp_path)
    assert told.value.key == "db.open_elsewhere"
    assert told.value.values["user"] == "ann"
    assert holder_of(book.path).pid == os.getpid()
    reader = later_reader(tmp_path)
    assert reader.read_only
    assert reader.subjects()[0].id == "AN-001"
    book.enter(at("AN-001", "SCR", "LB", "PLT"), "40")
    reader.forget()
    assert reader.subject("AN-001").values[at("AN-001", "SCR", "LB", "PLT")].value == "40"
    reader.close()
    book.close()
    reopened(tmp_path).close()


def test_a_lock_left_behind_on_this_computer_does_not_shut_anybody_out(tmp_path: Path) -> None:
    new_store(tmp_path).close()
    import socket

    left = {"user": "bob", "host": socket.gethostname(), "pid": 1, "since": "2025-01-01T00:00:00.000Z"}
    (tmp_path / "trial.casebook" / paths.LOCK).write_text(json.dumps(left), encoding="utf-8")
    book = reopened(tmp_path)
    holder = holder_of(book.path)
    assert (book.read_only, holder.user, holder.pid) == (False, "ann", os.getpid())
    book.close()


def test_a_lock_of_another_computer_is_respected_and_the_way_out_is_told(tmp_path: Path) -> None:
    new_store(tmp_path).close()
    left = {"user": "bob", "host": "ward-7", "pid": 1, "since": "2025-01-01T00:00:00.000Z"}
    path = tmp_path / "trial.casebook" / paths.LOCK
    path.write_text(json.dumps(left), encoding="utf-8")
    with pytest.raises(Trouble) as told:
        reopened(tmp_path)
    assert told.value.key == "db.open_on_other_computer"
    assert "ward-7" in told.value.in_language("zh")
    path.unlink()
    reopened(tmp_path).close()


# --- versions and damage ----------------------------------------------------------------------------------------------


def test_a_newer_store_is_refused_with_its_version_and_left_alone(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    book.connection.execute("PRAGMA user_version = 99")
    book.let_go()
    before = (tmp_path / "trial.casebook" / paths.STORE).read_bytes()
    for attempt in (reopened, later_reader):
        with pytest.raises(Trouble) as told:
            attempt(tmp_path)
        assert told.value.key == "db.newer_store"
        assert (told.value.values["found"], told.value.values["known"]) == (99, schema.CURRENT)
    assert (tmp_path / "trial.casebook" / paths.STORE).read_bytes() == before


@pytest.mark.parametrize("old", sorted(OLD.glob("*.casebook")), ids=lambda path: path.stem)
def test_a_store_of_every_earlier_schema_is_copied_and_brought_up_to_date(tmp_path: Path, old: Path) -> None:
    shutil.copytree(old, tmp_path / "trial.casebook")
    number = int(old.stem.removeprefix("schema-"))
    later = clock_of(hands(START + timedelta(days=4000)))
    if number < schema.CURRENT:
        with pytest.raises(Trouble) as told:
            open_store(tmp_path / "trial", user="ann", passphrase=PASSPHRASE, clock=later, read_only=True)
        assert told.value.key == "db.older_store"
    book = open_store(tmp_path / "trial", user="ann", passphrase=PASSPHRASE, clock=later)
    assert book.connection.execute("PRAGMA user_version").fetchone() == (schema.CURRENT,)
    assert verify(book).faults == ()
    assert book.subjects()
    assert len(book.acts("migration")) == (number < schema.CURRENT)
    assert (book.path / paths.BACKUPS / f"schema-{number}.casebook" / paths.STORE).exists() == (number < schema.CURRENT)
    book.close()


def test_every_schema_before_the_present_one_has_a_store_in_the_tests() -> None:
    kept = {int(path.stem.removeprefix("schema-")) for path in OLD.glob("*.casebook")}
    assert kept >= set(range(1, schema.CURRENT))


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 500])
def test_an_empty_or_foreign_database_is_no_new_store(tmp_path: Path, content: bytes) -> None:
    new_store(tmp_path).close()
    (tmp_path / "trial.casebook" / paths.STORE).write_bytes(content)
    with pytest.raises(Trouble) as told:
        reopened(tmp_path)
    assert told.value.key in ("db.database_missing", "db.keys_misfit")
    assert (tmp_path / "trial.casebook" / paths.STORE).read_bytes() == content


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as told:
        reopened(tmp_path)
    assert told.value.key == "db.no_store"
    new_store(tmp_path).close()
    (tmp_path / "trial.casebook" / paths.STORE).rename(tmp_path / "away.db")
    with pytest.raises(Trouble) as told:
        reopened(tmp_path)
    assert told.value.key == "db.database_missing"
    (tmp_path / "away.db").rename(tmp_path / "trial.casebook" / paths.STORE)
    (tmp_path / "trial.casebook" / paths.KEYS).unlink()
    with pytest.raises(Trouble) as told:
        reopened(tmp_path)
    assert told.value.key == "db.keys_missing"


# --- making -----------------------------------------------------------------------------------------------------------


def test_a_store_is_never_made_over_something(tmp_path: Path) -> None:
    new_store(tmp_path).close()
    with pytest.raises(Trouble) as told:
        new_store(tmp_path)
    assert told.value.key == "db.exists"
    reopened(tmp_path).close()


@pytest.mark.parametrize(
    ("change", "told_key"),
    [
        ({"user": "a b"}, "db.user_pattern"),
        ({"user": ""}, "db.user_pattern"),
        ({"site": "../x"}, "db.site_pattern"),
        ({"role": "emperor"}, "db.role_unknown"),
        ({"passphrase": "abc"}, "db.passphrase_short"),
    ],
)
def test_a_store_that_cannot_be_made_leaves_no_folder(tmp_path: Path, change: dict[str, str], told_key: str) -> None:
    given = {"site": "AN", "user": "ann", "role": "nurse", "passphrase": PASSPHRASE} | change
    with pytest.raises(Refusal) as told:
        create_store(tmp_path / "trial", site_study(), clock=clock_of(hands()), **given)
    assert told.value.key == told_key
    assert list(tmp_path.iterdir()) == []


def test_a_store_is_found_from_inside_its_folder_and_a_path_without_a_name_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = new_store(tmp_path)
    book.close()
    for inside in (".", "", "../trial.casebook"):
        monkeypatch.chdir(book.path)
        assert find_store(inside).resolve() == book.path
    monkeypatch.chdir(tmp_path)
    for path in (".", "", "..", "/"):
        with pytest.raises(Trouble) as told:
            find_store(path)
        assert told.value.key == "db.no_store"


def test_names_and_folders_are_found_with_and_without_the_ending(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    assert book.path == store_folder(tmp_path / "trial") == find_store(tmp_path / "trial.casebook")
    assert users(tmp_path / "trial") == ("ann",)
    book.close()


# --- the disk says no -------------------------------------------------------------------------------------------------

SHIM = """
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
static int fails(void) { const char *file = getenv("FAIL_FSYNC"); return file && access(file, F_OK) == 0; }
int fsync(int fd) { if (fails()) { errno = EIO; return -1; } return 0; }
int fdatasync(int fd) { if (fails()) { errno = EIO; return -1; } return 0; }
"""

REFUSING = f"""
import os, sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from forms.errors import Trouble
from tests.db.stores import at, reopened
book = reopened(Path(sys.argv[1]))
book.enter(at("AN-001", "SCR", "LB", "PLT"), "70", why="before")
Path(os.environ["FAIL_FSYNC"]).touch()
try:
    book.enter(at("AN-001", "SCR", "LB", "PLT"), "60", why="during")
    print("acknowledged")
except Trouble as trouble:
    print(trouble.key, trouble.values["code"])
print(book.subject("AN-001").values[at("AN-001", "SCR", "LB", "PLT")].value)
os.unlink(os.environ["FAIL_FSYNC"])
book.enter(at("AN-001", "SCR", "LB", "PLT"), "50", why="after")
book.close()
"""


@pytest.mark.skipif(shutil.which("gcc") is None or sys.platform != "linux", reason="needs a compiler for the shim")
def test_when_the_disk_does_not_confirm_the_value_is_not_called_saved(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    fill_screening(book)
    book.close()
    (tmp_path / "shim.c").write_text(SHIM, encoding="utf-8")
    library = tmp_path / "shim.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", str(library), str(tmp_path / "shim.c")], check=True)
    script = tmp_path / "refusing.py"
    script.write_text(REFUSING, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, str(script), str(tmp_path)],
        env={**os.environ, "LD_PRELOAD": str(library), "FAIL_FSYNC": str(tmp_path / "fail")},
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == ["db.disk_error SQLITE_IOERR", "70"]
    again = reopened(tmp_path, clock_of(hands(START + timedelta(days=5))))
    kept = [entry.value.value for entry in again.history(at("AN-001", "SCR", "LB", "PLT"))]
    assert kept == ["80", "70", "50"]
    assert verify(again).faults == ()
    again.close()


def test_what_the_database_says_of_the_world_has_words_in_both_languages() -> None:
    for name, key in (("SQLITE_FULL", "db.disk_full"), ("SQLITE_IOERR_WRITE", "db.disk_error"),
                      ("SQLITE_READONLY_DBMOVED", "db.not_writable"), ("SQLITE_BUSY", "db.busy")):  # fmt: skip
        error = sqlite.DatabaseError("x")
        error.sqlite_errorname = name
        with pytest.raises(Trouble) as told, sqlite.translated("somewhere"):
            raise error
        assert told.value.key == key
        assert "somewhere" in told.value.in_language("en") + told.value.in_language("zh")
    with pytest.raises(sqlite.DatabaseError), sqlite.translated("somewhere"):
        raise sqlite.DatabaseError("a bug stays a bug")


def test_sqlite_utils_takes_sqlcipher_and_leaves_pandas_alone() -> None:
    body = (
        "import sys; sys.path.insert(0, %r)\n"
        "from db import sqlite as _sqlite\n"
        "from pathlib import Path\n"
        "import tempfile\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    connection = _sqlite.connect(Path(folder) / 'x.db', b'k' * 32, 'rwc')\n"
        "    _sqlite.utilities(connection)['t'].insert({'a': 1}, alter=True)\n"
        "    _sqlite.utilities(connection)['t'].insert({'a': 1, 'b': 2}, alter=True)\n"
        "    assert connection.execute('SELECT sum(b) FROM t').fetchone() == (2,)\n"
        "    connection.close()\n"
        "assert 'pandas' not in sys.modules and 'numpy' not in sys.modules\n"
        "import pandas\n"
    )
    subprocess.run([sys.executable, "-c", body % str(ROOT)], check=True, cwd=ROOT)


def test_opening_a_store_needs_neither_sqlite_utils_nor_pandas_nor_pydantic(tmp_path: Path) -> None:
    new_store(tmp_path).close()
    body = (
        "import sys; sys.path.insert(0, %r)\n"
        "from pathlib import Path\n"
        "from db.opening.vault import open_store\n"
        "from db.clock import system_clock\n"
        "book = open_store(Path(%r) / 'trial', user='ann', passphrase=%r, clock=system_clock())\n"
        "book.subjects()\n"
        "book.close()\n"
        "heavy = {'sqlite_utils', 'pandas', 'numpy', 'pydantic', 'reportlab', 'lifelines', 'yaml'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", body % (str(ROOT), str(tmp_path), PASSPHRASE)], check=True, cwd=ROOT)
