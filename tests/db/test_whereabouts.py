"""Where a store lies: what is recognised as another computer's disk, and what as a folder copied to a server."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path, PurePosixPath

import pytest

from db.clock import set_clock
from db.folder.keys import CHEAP
from db.folder.whereabouts import check_copies, check_folder, kinds_of_place, mount_kind, read_mount_command
from db.opening.vault import create_store, open_store
from db.proof.copying import backup
from forms.authoring.load import read_study
from forms.errors import Trouble
from ui.commands import main

PHRASE = "four wet horses dance"
TODAY = "2024-10-18"
LOCAL = "/dev/sda1 / ext4 rw 0 0\n"


@pytest.mark.parametrize("name", [
    "OneDrive - 某某医院", "OneDrive", "Dropbox (Ward 4)", "Google Drive", "My Drive", "iCloudDrive", "CloudStorage",
    "Mobile Documents", "Nextcloud", "Seafile", "坚果云", "我的坚果云", "Nutstore Files", "百度网盘", "BaiduSyncdisk",
])  # fmt: skip
def test_a_folder_with_the_name_of_a_synchronising_program_is_recognised(name):
    assert kinds_of_place(Path("/users/lin") / name / "trial.casebook", LOCAL) == {"synced": name}


@pytest.mark.parametrize(
    "mark",
    [".dropbox", ".stfolder", ".849C9593-D756-4E56-8D6E-42412F2A707B", ".sync_0a1b2c.db", "._sync_77.db", ".nutstore"],
)
def test_a_folder_with_the_mark_of_one_is_recognised_whatever_it_is_called(tmp_path, mark):
    inside = tmp_path / "ward" / "trials" / "trial.casebook"
    inside.mkdir(parents=True)
    assert kinds_of_place(inside, LOCAL) == {}
    (tmp_path / "ward" / mark).touch()
    assert kinds_of_place(inside, LOCAL) == {"synced": str(tmp_path / "ward")}


def test_what_windows_says_of_onedrive_is_believed(tmp_path, monkeypatch):
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "cloud"))
    assert kinds_of_place(tmp_path / "cloud" / "trial", LOCAL) == {"synced": str(tmp_path / "cloud")}
    assert kinds_of_place(tmp_path / "cloudy" / "trial", LOCAL) == {}


def test_what_dropbox_notes_of_its_folders_is_believed_and_a_spoiled_note_ends_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("APPDATA", str(tmp_path))
    note = tmp_path / "Dropbox" / "info.json"
    note.parent.mkdir()
    note.write_text(json.dumps({"business": {"path": str(tmp_path / "team")}}), encoding="utf-8")
    assert "synced" in kinds_of_place(tmp_path / "team" / "x", LOCAL)
    for spoiled in ("[]", "{", '{"personal": 3}', "null"):
        note.write_text(spoiled, encoding="utf-8")
        assert kinds_of_place(tmp_path / "team" / "x", LOCAL) == {}


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_is_followed_to_where_the_files_are(tmp_path):
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "desk").symlink_to(tmp_path / "Dropbox")
    assert kinds_of_place(tmp_path / "desk" / "trial", LOCAL) == {"synced": "Dropbox"}


@pytest.mark.parametrize(("kind", "far"), [
    ("nfs4", True), ("cifs", True), ("smb3", True), ("9p", True), ("davfs", True), ("fuse.sshfs", True),
    ("fuse.rclone", True), ("fuse.google-drive-ocamlfuse", True), ("fuse.gvfsd-fuse", True), ("ext4", False),
    ("vfat", False), ("exfat", False), ("fuseblk", False), ("fuse.ntfs-3g", False), ("overlay", False),
    ("btrfs", False),
])  # fmt: skip
def test_a_file_system_of_another_computer_is_told_from_a_disk_and_a_stick(kind, far):
    told = kinds_of_place(Path("/media/lin/d/trial"), f"{LOCAL}x /media/lin/d {kind} rw 0 0\n")
    assert told == ({"network": kind} if far else {})


def test_a_path_that_names_a_server_is_one():
    assert kinds_of_place(Path("//server/share/trial"), LOCAL) == {"network": "UNC"}


def test_mount_points_with_spaces_and_chinese_are_read():
    mounts = f"{LOCAL}//s/x /srv/病区\\040四 cifs rw 0 0\n"
    assert mount_kind(PurePosixPath("/srv/病区 四/trial"), mounts) == "cifs"


def test_the_mounts_of_macos_are_read():
    said = "/dev/disk3s1 on / (apfs, local)\n//lin@ward/x on /Volumes/ward 4 (smbfs, nodev, nosuid)\n"
    assert mount_kind(PurePosixPath("/Volumes/ward 4/trial"), read_mount_command(said)) == "smbfs"


def test_a_share_is_a_good_place_for_copies_and_a_server_of_somebody_else_is_warned_of(tmp_path):
    assert check_copies(Path("//server/share/copies")) == ()
    (told,) = check_copies(tmp_path / "OneDrive" / "copies")
    assert "share of the hospital" in told["en"]
    assert "院内共享" in told["zh"]
    assert len(check_folder(Path("//server/OneDrive/trial"), LOCAL)) == 2


@pytest.fixture
def spoken(monkeypatch):
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", PHRASE)
    monkeypatch.setenv("CASEBOOK_TODAY", TODAY)


@pytest.mark.parametrize(("language", "words"), [("en", "copies to a server"), ("zh", "同步到服务器")])
def test_the_commands_warn_when_a_store_or_its_copies_come_into_a_synchronised_folder(
    tmp_path, capsys, spoken, language, words
):
    store, said = tmp_path / "Nutstore" / "a.casebook", ["--user", "lin", "--language", language]
    store.parent.mkdir()
    assert main(["new", str(store), "--study", "ankl", "--site", "S01", *said]) == 0
    assert words in capsys.readouterr().err
    assert main(["backup", str(store), str(tmp_path / "百度网盘"), *said]) == 0
    assert words in capsys.readouterr().err
    assert main(["backup", str(store), str(tmp_path / "stick"), *said]) == 0
    assert words not in capsys.readouterr().err


def new_store(folder: Path):
    return create_store(
        folder / "a.casebook", read_study("ankl"), site="S01", user="lin", role="nurse", passphrase=PHRASE,
        clock=set_clock(TODAY), kdf=CHEAP,
    )  # fmt: skip


def deep(folder: Path, part: str, size: int) -> Path:
    while len(os.fsencode(folder)) + len(os.fsencode(part)) < size:
        folder = folder / part
    folder.mkdir(parents=True)
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="paths of Windows end at 260 characters")
@pytest.mark.parametrize("part", ["ward 4 room 2 bed 1 %20 #1", "病区 四床 ？号", "o'hara & 'son' ; --"])
def test_a_store_works_in_a_folder_of_spaces_chinese_and_300_characters(tmp_path, part):
    folder = deep(tmp_path / "deep", part, 340)
    book = new_store(folder)
    book.add_subject("S01-001")
    copy = backup(book, folder / "copies")
    book.close()
    again = open_store(copy.path, user="lin", passphrase=PHRASE, clock=set_clock(TODAY), read_only=True)
    assert again.count_subjects() == 1
    again.close()


@pytest.mark.parametrize("part", ["a" * 60, "病" * 20])
def test_a_path_longer_than_the_database_takes_is_refused_in_words_and_nothing_is_made(tmp_path, part):
    folder = deep(tmp_path / "deep", part, 560)
    with pytest.raises(Trouble, match="nearer to the top of the disk"):
        new_store(folder)
    assert list(folder.iterdir()) == []
