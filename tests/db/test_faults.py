"""Power cuts, full disks, sticks pulled out, two programs at once: nothing acknowledged is lost, nothing half stays."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path, PurePosixPath

import pytest

from db.clock import clock_of
from db.copies.automatic import copy_store, read_copies, rehearse
from db.copies.restoring import restore
from db.folder import paths, tries
from db.folder.keys import CHEAP
from db.folder.whereabouts import check_folder, mount_kind
from db.opening.vault import open_store
from db.people.accounts import add_account, change_passphrase
from db.people.rekey import rekey
from db.proof.copying import backup
from db.proof.verify import verify
from forms.errors import Trouble
from tests.db.stores import PASSPHRASE, START, at, fill_screening, hands, later_reader, new_store, reopened

ROOT = Path(__file__).resolve().parents[2]
WEIGHT = at("AN-001", "SCR", "VS", "WEIGHT")
OTHER = "another passphrase"


def filled(folder: Path):
    book = new_store(folder)
    fill_screening(book)
    return book


def later(days: int):
    return clock_of(hands(START + timedelta(days=days)))


def check_whole(folder: Path, phrases: tuple[str, ...] = (PASSPHRASE,)) -> None:
    """The store opens with one of the passphrases, holds what was entered and is sound."""
    for phrase in phrases:
        try:
            book = open_store(folder, user="ann", passphrase=phrase, clock=later(9))
        except Trouble as trouble:
            if trouble.key != "db.wrong_passphrase":
                raise
            continue
        assert book.sheet(WEIGHT.form_key).cell("WEIGHT").value.value == "60.5"
        assert not verify(book).faults
        book.close()
        return
    raise AssertionError("no passphrase opened the store")


def killed(tmp_path: Path, body: str, *words: str) -> None:
    """Run ``body`` in a program of its own that kills itself."""
    script = tmp_path / "killed.py"
    script.write_text(
        f"import os, signal, sys\nfrom pathlib import Path\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from db.folder.keys import CHEAP\nfrom tests.db.stores import reopened, PASSPHRASE\n"
        "def die(*given):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        f"book = reopened(Path({str(tmp_path)!r}))\n{body}\n",
        encoding="utf-8",
    )
    ended = subprocess.run([sys.executable, str(script), *words], check=False, cwd=ROOT)
    assert ended.returncode == -signal.SIGKILL


needs_signals = pytest.mark.skipif(os.name == "nt", reason="kills by signal")


@needs_signals
@pytest.mark.parametrize("stop", [1, 2])
def test_killed_while_a_passphrase_is_changed_the_old_or_the_new_one_opens_the_store(tmp_path, stop):
    filled(tmp_path).close()
    body = f"""from db.people.accounts import change_passphrase
real, seen = os.replace, []
def replace(*given):
    seen.append(1)
    die() if len(seen) == {stop} else real(*given)
os.replace = replace
change_passphrase(book, PASSPHRASE, {OTHER!r}, CHEAP)"""
    killed(tmp_path, body)
    check_whole(tmp_path / "trial.casebook", (PASSPHRASE, OTHER))


@needs_signals
@pytest.mark.parametrize("step", ["db.folder.paths.copy_file", "os.replace", "db.proof.copying.check_copy"])
def test_killed_during_a_backup_the_store_is_whole_and_nothing_half_counts_as_a_copy(tmp_path, step):
    filled(tmp_path).close()
    (tmp_path / "stick").mkdir()
    module, _, name = step.rpartition(".")
    body = f"""import db.proof.copying, shutil
{module}.{name} = die
db.proof.copying.backup(book, {str(tmp_path / "stick")!r})"""
    killed(tmp_path, body)
    check_whole(tmp_path / "trial.casebook")
    assert list((tmp_path / "stick").glob("*.casebook")) == []
    assert read_copies(tmp_path / "stick", tmp_path / "trial.casebook") == ()


@needs_signals
def test_killed_in_the_middle_of_work_the_next_sign_in_says_up_to_when_everything_was_kept(tmp_path):
    filled(tmp_path).close()
    killed(tmp_path, "from tests.db.stores import at\nbook.add_subject('AN-002')\ndie()")
    book = reopened(tmp_path, later(5))
    assert book.count_subjects() == 2
    assert "did not" in str(book.warnings) or "without signing out" in book.warnings[0]["en"]
    assert "UTC+08:00" in book.warnings[0]["en"]
    book.close()


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.ENODEV, errno.EROFS])
@pytest.mark.parametrize("step", ["paths.copy_file", "os.fsync", "os.replace"])
def test_a_stick_pulled_out_during_a_copy_is_told_in_words_and_leaves_nothing_half(tmp_path, monkeypatch, step, code):
    book = filled(tmp_path)
    stick = tmp_path / "stick"
    stick.mkdir()
    reader = later_reader(tmp_path)

    def gone(*given, **more):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(f"db.copies.automatic.{step}", gone)
    with pytest.raises(Trouble) as told:
        copy_store(reader, str(stick), tick=lambda *_: None)
    assert told.value.key in ("db.disk_error", "db.disk_full", "db.not_writable")
    monkeypatch.undo()
    assert list(stick.iterdir()) == []
    assert copy_store(reader, str(stick), tick=lambda *_: None).position == book.position()
    reader.close()
    book.close()


def test_a_damaged_copy_does_not_count_and_a_rehearsal_names_it(tmp_path, monkeypatch):
    book = filled(tmp_path)
    (tmp_path / "stick").mkdir()
    reader = later_reader(tmp_path)
    made = copy_store(reader, str(tmp_path / "stick"), tick=lambda *_: None)
    with (made.path / paths.STORE).open("r+b") as file:
        file.seek(3 * 4096 + 100)
        file.write(b"\0" * 64)
    shown = rehearse(reader, str(made.path), tick=lambda *_: None)
    assert not shown.good
    assert any("damaged" in fault["en"] and "损坏" in fault["zh"] for fault in shown.faults)
    reader.close()
    book.close()


SMALL = """
import os, subprocess, sys
from pathlib import Path
sys.path.insert(0, {root!r})
os.environ["SQLITE_TMPDIR"] = {tmp!r}
disk = Path({disk!r})
subprocess.run(["mount", "-t", "tmpfs", "-o", "size={size}k", "tmpfs", str(disk)], check=True)
try:
    {body}
finally:
    subprocess.run(["umount", "-l", str(disk)], check=True)
"""


def on_small_disk(tmp_path: Path, size: int, body: str) -> subprocess.CompletedProcess[str]:
    """Run ``body`` with ``disk`` a tmpfs of ``size`` kB, in a mount space of its own; skipped where that is refused."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if (
        shutil.which("unshare") is None
        or subprocess.run(
            ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", str(disk)], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("a tmpfs can't be mounted here")
    script = tmp_path / "small.py"
    body = body.replace("\n", "\n    ")
    script.write_text(SMALL.format(root=str(ROOT), tmp=str(tmp_path), disk=str(disk), size=size, body=body), "utf-8")
    return subprocess.run(["unshare", "-m", sys.executable, str(script)], check=False, capture_output=True, text=True,
                          cwd=ROOT)  # fmt: skip


def test_on_a_full_disk_what_was_shown_as_saved_stays_and_the_rest_is_refused_in_words(tmp_path):
    told = on_small_disk(tmp_path, 700, """from tests.db.stores import new_store, reopened, fill_screening
from db.proof.verify import verify
from forms.errors import Trouble
book = new_store(disk)
kept = 0
try:
    for number in range(1, 999):
        book.add_subject(f"AN-{number:03d}")
        kept = number
except Trouble as trouble:
    print("TOLD", trouble.key)
try:
    book.close()
except Trouble as trouble:
    print("CLOSING", trouble.key)
from db.opening.vault import open_store
from tests.db.stores import PASSPHRASE
reader = open_store(disk / "trial", user="ann", passphrase=PASSPHRASE, read_only=True)
print("KEPT", kept == reader.count_subjects(), kept > 10, len(verify(reader).faults))
reader.close()""")  # fmt: skip
    assert "TOLD db.disk_full" in told.stdout, told.stderr
    assert "KEPT True True 0" in told.stdout, told.stdout + told.stderr


def test_a_copy_to_a_stick_that_is_too_small_is_refused_and_cleared_away(tmp_path):
    filled(tmp_path).close()
    told = on_small_disk(tmp_path, 60, f"""from tests.db.stores import later_reader
from db.copies.automatic import copy_store
from forms.errors import Trouble
reader = later_reader(Path({str(tmp_path)!r}))
try:
    copy_store(reader, str(disk), tick=lambda *_: None)
except Trouble as trouble:
    print("TOLD", trouble.key, list(disk.iterdir()))
reader.close()""")  # fmt: skip
    assert "TOLD db.disk_full []" in told.stdout, told.stdout + told.stderr


def test_on_a_disk_without_a_byte_left_opening_a_store_is_refused_in_words(tmp_path):
    told = on_small_disk(tmp_path, 1400, """from tests.db.stores import new_store, fill_screening, reopened
from forms.errors import Trouble
book = new_store(disk)
fill_screening(book)
book.close()
try:
    (disk / "ballast").write_bytes(bytes(2_000_000))
except OSError:
    pass
try:
    reopened(disk)
except Trouble as trouble:
    print("TOLD", trouble.key)""")  # fmt: skip
    assert "TOLD db.disk_full" in told.stdout, told.stdout + told.stderr


def test_a_restore_to_a_disk_without_room_names_that_disk(tmp_path):
    book = filled(tmp_path)
    backup(book, tmp_path / "copy.casebook")
    book.close()
    told = on_small_disk(tmp_path, 60, f"""from tests.db.stores import PASSPHRASE
from db.copies.restoring import restore
from forms.errors import Trouble
try:
    restore(Path({str(tmp_path / "copy.casebook")!r}), disk / "again", user="ann", passphrase=PASSPHRASE)
except Trouble as trouble:
    print("TOLD", trouble.key, str(disk) in str(trouble), list(disk.iterdir()))""")  # fmt: skip
    assert "TOLD db.disk_full True []" in told.stdout, told.stdout + told.stderr


def test_a_store_on_a_write_protected_medium_is_checked_and_a_wrong_passphrase_is_told_as_such(tmp_path):
    told = on_small_disk(tmp_path, 1400, """from tests.db.stores import PASSPHRASE, new_store, fill_screening, reopened
from db.opening.vault import open_store
from db.proof.verify import verify
from forms.errors import Trouble
book = new_store(disk)
fill_screening(book)
book.close()
before = sorted(path.name for path in book.path.iterdir())
subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
print("FAULTS", len(verify(book.path, user="ann", passphrase=PASSPHRASE).found))
try:
    verify(book.path, user="ann", passphrase="not this one")
except Trouble as trouble:
    print("TOLD", trouble.key)
try:
    reopened(disk)
except Trouble as trouble:
    print("OPENING", trouble.key)
reader = open_store(book.path, user="ann", passphrase=PASSPHRASE, read_only=True)
print("LINES", reader.count_subjects(), len(reader.dataset().subjects), before == sorted(os.listdir(book.path)))
reader.close()""")  # fmt: skip
    assert "FAULTS 0" in told.stdout, told.stdout + told.stderr
    assert "TOLD db.wrong_passphrase" in told.stdout
    assert "OPENING db.not_writable" in told.stdout
    assert "LINES 1 1 True" in told.stdout, told.stdout + told.stderr


def test_a_new_key_on_a_disk_without_room_leaves_the_store_under_its_old_key(tmp_path):
    told = on_small_disk(tmp_path, 1400, """from tests.db.stores import new_store, fill_screening, reopened
from db.folder.keys import CHEAP
from db.people.rekey import rekey
from db.proof.verify import verify
from forms.errors import Trouble
book = new_store(disk)
fill_screening(book)
(disk / "ballast").write_bytes(bytes(max(0, os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize - 40_000)))
key = bytes(book.store_key)
try:
    rekey(book, "Stolen", kdf=CHEAP)
    print("DONE")
except Trouble as trouble:
    print("TOLD", trouble.key)
(disk / "ballast").unlink()
book.add_subject("AN-002")
left = sorted(path.name for path in book.path.glob("*next*"))
print("KEPT", book.count_subjects(), book.store_key == key, len(verify(book).faults), left)
book.close()""")  # fmt: skip
    assert "TOLD db.disk_full" in told.stdout, told.stdout + told.stderr
    assert "KEPT 2 True 0 []" in told.stdout, told.stdout + told.stderr


def test_two_programs_at_once_the_second_is_told_who_writes(tmp_path):
    book = filled(tmp_path)
    with pytest.raises(Trouble) as told:
        open_store(book.path, user="ann", passphrase=PASSPHRASE, clock=later(1))
    assert told.value.key == "db.open_elsewhere"
    assert told.value.values["user"] == "ann"
    reader = later_reader(tmp_path)
    assert reader.count_subjects() == 1
    reader.close()
    book.close()


def test_a_wrong_passphrase_ten_times_locks_counts_and_says_when_to_try_again(tmp_path):
    filled(tmp_path).close()
    at_door = later(1)
    keys = []
    for _ in range(10):
        with pytest.raises(Trouble) as told:
            open_store(tmp_path / "trial", user="ann", passphrase="guess", clock=at_door)
        keys.append(told.value.key)
    assert keys == ["db.wrong_passphrase"] * tries.MOST + ["db.locked_out"] * (10 - tries.MOST)
    after = clock_of(hands(START + timedelta(days=1, minutes=16)))
    book = open_store(tmp_path / "trial", user="ann", passphrase=PASSPHRASE, clock=after)
    assert len(book.acts("sign_in_failed")) == tries.MOST
    book.close()


def test_a_restore_brings_everything_back_also_after_a_new_key(tmp_path):
    book = filled(tmp_path)
    add_account(book, "bob", "Bob Li", "nurse", OTHER, kdf=CHEAP, temporary=False)
    book = rekey(book, "Stolen", kdf=CHEAP)
    backup(book, tmp_path / "copy.casebook")
    book.close()
    restore(tmp_path / "copy.casebook", tmp_path / "back", user="ann", passphrase=PASSPHRASE, clock=later(3))
    check_whole(tmp_path / "back.casebook")


def test_a_change_of_passphrase_on_a_disk_that_refuses_leaves_the_old_one(tmp_path, monkeypatch):
    book = filled(tmp_path)

    def refused(*given):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("db.folder.paths.os.replace", refused)
    with pytest.raises(Trouble, match="full"):
        change_passphrase(book, PASSPHRASE, OTHER, CHEAP)
    monkeypatch.undo()
    book.close()
    check_whole(tmp_path / "trial.casebook")


@pytest.mark.parametrize(
    ("folder", "key"),
    [("/users/lin/OneDrive - Hospital/trial", "synced"), ("/users/lin/坚果云/trial", "synced"),
     ("/srv/share/trial", "network"), ("/users/lin/trial", "")],
)  # fmt: skip
def test_a_store_in_a_synced_or_network_folder_is_warned_of(folder, key):
    mounts = "/dev/sda1 / ext4 rw 0 0\n//server/x /srv/share cifs rw 0 0\n"
    told = [text["en"] for text in check_folder(Path(folder), mounts)]
    assert len(told) == bool(key)
    assert all({"synced": "copies to a server", "network": "another computer"}[key] in text for text in told)


def test_the_file_system_is_that_of_the_longest_mount_point():
    mounts = "/dev/a / ext4 rw\nserver:/x /users nfs4 rw\n/dev/b /users/my\\040disk ext4 rw\n"
    assert mount_kind(PurePosixPath("/users/lin/x"), mounts) == "nfs4"
    assert mount_kind(PurePosixPath("/users/my disk/x"), mounts) == "ext4"
