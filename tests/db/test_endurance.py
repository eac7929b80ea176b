"""Kills, power cuts, disks that fail, again and again: what was acknowledged is there, what is there is sound.

The ordinary suite takes a small sample; ``-m slow`` does it all. A store that was told to be damaged, or advised to be
restored, would fail here as well: verification must find nothing.
"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from db.clock import clock_of
from db.folder import paths
from db.opening.vault import open_store
from db.proof.verify import verify
from tests.db.disk import ROOT, Op, after_cut, build_shim, needs_shim, read_record, run_on
from tests.db.stores import PASSPHRASE, START, at, fill_screening, hands, new_store, reopened

ACKNOWLEDGED = "acknowledged"

ENTERING = """
import os, random
from datetime import timedelta
from pathlib import Path
from forms.errors import Trouble
from tests.db.stores import START, at, clock_of, hands, reopened
folder, sessions, each, pages = Path(sys.argv[1]), *map(int, sys.argv[2:5])
told = os.open(folder / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
turn, book = 0, None
try:
    for session in range(sessions):
        book = reopened(folder, clock_of(hands(START + timedelta(days=3 + session))))
        book.connection.execute(f"PRAGMA wal_autocheckpoint = {pages}")
        for _ in range(each):
            turn += 1
            book.enter(at("AN-001", "SCR", "LB", "PLT"), str(100 + turn), why="repeated")
            os.write(told, f"{100 + turn} {book.position()}\\n".encode())
        book.close()
except Trouble as trouble:
    print("TOLD", trouble.key, flush=True)
    if book is not None:
        book.let_go()
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The disk of these tests, compiled once."""
    return build_shim(tmp_path_factory.mktemp("shim"))


def made(folder: Path) -> Path:
    """A closed store with one subject."""
    folder.mkdir(exist_ok=True)
    book = new_store(folder)
    fill_screening(book)
    book.close()
    return folder


def check_kept(folder: Path, acknowledged: str, days: int = 900) -> None:
    """The store verifies, opens, and holds each value that was acknowledged (lines of value and position)."""
    store = folder / "trial.casebook"
    (store / paths.LOCK).unlink(missing_ok=True)
    found = verify(store, user="ann", passphrase=PASSPHRASE)
    assert [str(fault) for fault in found.found] == []
    lines = [line.split() for line in acknowledged.splitlines() if len(line.split()) == 2]
    assert found.position >= max((int(position) for _, position in lines), default=0)
    book = open_store(store, user="ann", passphrase=PASSPHRASE, clock=clock_of(hands(START + timedelta(days=days))))
    kept = {entry.value.value for entry in book.history(at("AN-001", "SCR", "LB", "PLT"))}
    book.close()
    assert {value for value, _ in lines} <= kept
    assert verify(store, user="ann", passphrase=PASSPHRASE).faults == ()


# --- power cuts -------------------------------------------------------------------------------------------------------


def cut_again_and_again(shim: Path, folder: Path, cuts: int, seed: int, *work: str) -> int:
    """Record a program at work, then cut the power at random moments; returns how often the log had to help."""
    made(folder / "work")
    store = folder / "work"
    before = {str(path): path.read_bytes() for path in store.rglob("*") if path.is_file() and path.name != paths.LOCK}
    ended = run_on(
        shim, ENTERING, str(store), *work, DISK_RECORD=str(folder / "record"), DISK_UNDER=str(store),
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr
    record = [op for op in read_record(folder / "record") if not op.path.endswith(("-shm", "/" + paths.LOCK))]
    assert sum(op.kind == "s" and op.path.endswith(paths.STORE) for op in record) > 1, "no checkpoint was recorded"
    chance, helped = random.Random(seed), 0
    for turn in range(cuts):
        moment = chance.randrange(len(record) + 1)
        files = after_cut(before, [op for op in record if op.path != str(store / ACKNOWLEDGED)],
                          _without_acks(record, moment, store), chance)  # fmt: skip
        again = folder / f"cut-{turn}"
        for path, content in files.items():
            place = again / Path(path).relative_to(store)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        told = b"".join(op.data for op in record[:moment] if op.path == str(store / ACKNOWLEDGED))
        found = verify(again / "trial.casebook", user="ann", passphrase=PASSPHRASE)
        helped += any("Nothing is lost" in note["en"] for note in found.notes)
        check_kept(again, told.decode())
        shutil.rmtree(again)
    return helped


def _without_acks(record: list[Op], moment: int, store: Path) -> int:
    return sum(op.path != str(store / ACKNOWLEDGED) for op in record[:moment])


@needs_shim
def test_after_ten_power_cuts_nothing_acknowledged_is_lost_and_the_store_is_sound(shim, tmp_path):
    cut_again_and_again(shim, tmp_path, 10, 1, "2", "12", "8")


@needs_shim
@pytest.mark.slow
def test_after_a_hundred_and_fifty_power_cuts_nothing_acknowledged_is_lost_and_the_store_is_sound(shim, tmp_path):
    helped = sum(
        cut_again_and_again(shim, tmp_path / str(seed), 50, seed, "3", "25", pages)
        for seed, pages in ((2, "6"), (3, "12"), (4, "40"))
        if not (tmp_path / str(seed)).mkdir()
    )
    assert helped > 0, "no cut fell into a checkpoint"


# --- kills ------------------------------------------------------------------------------------------------------------


def kill_again_and_again(folder: Path, kills: int, seed: int) -> None:
    """Programs that enter values are killed at random moments, one after the other, on the same store."""
    made(folder)
    chance = random.Random(seed)
    script = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{ENTERING}"
    for turn in range(kills):
        told = folder / ACKNOWLEDGED
        told.unlink(missing_ok=True)
        words = [str(folder), "1", "100000", chance.choice(("4", "30", "1000"))]
        with subprocess.Popen([sys.executable, "-c", script, *words], cwd=ROOT) as program:
            while not told.exists() and program.poll() is None:
                time.sleep(0.01)
            time.sleep(chance.uniform(0.0, 0.4))
            program.send_signal(signal.SIGKILL)
        assert program.returncode == -signal.SIGKILL
        check_kept(folder, told.read_text(), 900 + turn)


@needs_shim
def test_killed_three_times_while_entering_nothing_acknowledged_is_lost(tmp_path):
    kill_again_and_again(tmp_path, 3, 5)


@needs_shim
@pytest.mark.slow
def test_killed_two_hundred_times_while_entering_nothing_acknowledged_is_lost(tmp_path):
    for seed in range(8):
        kill_again_and_again(tmp_path / str(seed), 25, seed)


# --- disks that fail --------------------------------------------------------------------------------------------------


def fail_at(shim: Path, folder: Path, kind: str, number: int) -> str:
    """The disk refuses a write or flush (``kind``: W or S, then E for an error or N for no room), and goes on so.

    Returns what the program said.
    """
    made(folder)
    held = folder.parent / f"{folder.name}-failing"
    held.touch()
    ended = run_on(
        shim, ENTERING, str(folder), "2", "10", "6", DISK_FAIL=f"{kind}{number}", DISK_FAILING=str(held),
        DISK_UNDER=str(folder / "trial.casebook"),
    )  # fmt: skip
    assert "Traceback" not in ended.stderr or "Trouble" in ended.stderr.splitlines()[-1], ended.stderr
    held.unlink()
    told = folder / ACKNOWLEDGED
    check_kept(folder, told.read_text() if told.exists() else "")
    return ended.stdout + ended.stderr


@needs_shim
@pytest.mark.parametrize(("kind", "number"), [("SE", 9), ("WE", 30), ("WN", 40)])
def test_a_disk_that_refuses_a_write_or_a_flush_loses_nothing_acknowledged(shim, tmp_path, kind, number):
    assert "db.disk" in fail_at(shim, tmp_path / "store", kind, number)


@needs_shim
@pytest.mark.slow
def test_a_disk_that_refuses_at_any_of_a_hundred_moments_loses_nothing_acknowledged(shim, tmp_path):
    said = [
        fail_at(shim, tmp_path / f"{kind}-{number}", kind, number)
        for kind, step in (("SE", 1), ("WE", 5), ("WN", 5), ("SN", 2))
        for number in range(1, 26 * step, step)
    ]
    assert sum("db.disk" in each for each in said) > 70


LIMITED = """
import resource
from pathlib import Path
from forms.errors import Trouble
from tests.db.stores import at, reopened
folder, spare = Path(sys.argv[1]), int(sys.argv[2])
book = reopened(folder)
book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
size = (book.path / "store.db").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + spare, resource.RLIM_INFINITY))
turn = 0
with (folder / "acknowledged").open("w") as told:
    try:
        while True:
            turn += 1
            book.enter(at("AN-001", "SCR", "LB", "PLT"), str(100 + turn), why="repeated " * 200)  # grows soon
            told.write(f"{100 + turn} {book.position()}\\n")
    except Trouble as trouble:
        print("TOLD", trouble.key)
try:
    book.close()
except Trouble as trouble:
    print("CLOSING", trouble.key)
"""


@needs_shim
@pytest.mark.parametrize("spare", [1_000, 3_000, 6_000])
def test_a_file_that_may_not_grow_stops_a_checkpoint_and_the_store_stays_sound(tmp_path, spare):
    folder = made(tmp_path / "limited")
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{LIMITED}", str(folder), str(spare)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert "TOLD db.disk" in ended.stdout, ended.stderr
    store = folder / "trial.casebook"
    assert (store / paths.STORE).stat().st_size % 4096, "the checkpoint was not stopped within a page"
    found = verify(store, user="ann", passphrase=PASSPHRASE)
    assert found.faults == ()
    assert any(paths.STORE + paths.LOG in note["en"] and "Nothing is lost" in note["en"] for note in found.notes)
    check_kept(folder, (folder / ACKNOWLEDGED).read_text())
    assert not any("Nothing is lost" in note["en"] for note in verify(store, user="ann", passphrase=PASSPHRASE).notes)


IMPORTING = """
import resource
from benchmarks.store import write_file
from db.incoming.data_file import import_csv
from pathlib import Path
from forms.errors import Trouble
from tests.db.stores import new_store
folder = Path(sys.argv[1])
folder.mkdir()
book = new_store(folder)
for count in range(1, 60):
    write_file(folder / "long.csv", count, 2)
    if count == 34:
        book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_100_000, resource.RLIM_INFINITY))
    try:
        import_csv(book, folder / "long.csv", reason="repeated")
    except Trouble as trouble:
        print("TOLD", trouble.key, count, book.position())
        break
try:
    book.close()
except Trouble as trouble:
    print("CLOSING", trouble.key)
"""


@needs_shim
@pytest.mark.slow
def test_an_import_that_outgrows_1100000_bytes_leaves_a_sound_store(tmp_path):
    ended = run_on(None, IMPORTING, str(tmp_path / "limited"))
    assert "TOLD db.disk" in ended.stdout, ended.stderr
    store = tmp_path / "limited" / "trial.casebook"
    assert (store / paths.STORE).stat().st_size == 1_100_000
    assert verify(store, user="ann", passphrase=PASSPHRASE).faults == ()
    count, position = map(int, ended.stdout.split()[2:4])
    again = reopened(tmp_path / "limited")
    assert again.count_subjects() == count - 1
    assert again.position() > position
    again.close()
    assert verify(store, user="ann", passphrase=PASSPHRASE).notes
