"""Where a folder lies: on this computer's own disk, on another computer, or where a program copies it to a server.

Both damage stores. SQLite relies on locks and flushing that file systems of other computers promise and don't keep; a
program that synchronises takes database and log at different moments, and brings back older ones. It is known by what
such programs tell the system (environment, a file in the person's own folders), by marks they leave in their folders,
and by the names these folders have.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePath

from forms.study.definition import Text
from forms.texts import both

SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "my drive", "icloud", "clouddocs", "cloudstorage",
          "mobile documents", "nextcloud", "owncloud", "seafile", "syncthing", "pcloud", "mega", "baidunetdisk",
          "baidusyncdisk", "nutstore", "坚果云", "我的坚果云", "百度网盘", "百度云同步盘", "weiyun", "微云", "阿里云盘",
          "box sync", "yandex.disk")  # fmt: skip
"""Beginnings of folder names under which programs that copy files to a server keep them, small letters."""

MARKS = (".stfolder", ".dropbox", ".dropbox.cache", ".owncloudsync.log", ".seafile-data", "desktop.ini.onedrive",
         ".849C9593-D756-4E56-8D6E-42412F2A707B", ".tmp.drivedownload", ".nutstore", ".nutstore.db")  # fmt: skip
"""Files that such programs leave in the folder they look after; the long one is OneDrive's."""

SYNC_DATABASES = (".sync_*.db", "._sync_*.db")
"""Those of Nextcloud and ownCloud have a number in their name."""

TOLD_BY_SYSTEM = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
"""Environment variables of Windows with the folders of OneDrive, whatever these are called."""

NETWORKED = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "afpfs", "webdav", "ceph", "glusterfs",
                       "davfs", "lustre", "vboxsf", "prl_fs", "ncpfs", "coda", "gfs2", "ocfs2"})  # fmt: skip
"""File systems of other computers, where locks and flushing can't be relied on."""

OWN_FUSE = frozenset({"fuse.ntfs", "fuse.ntfs-3g", "fuse.exfat", "fuse.ext4", "fuse.bindfs", "fuse.encfs",
                      "fuse.gocryptfs", "fuse.cryfs", "fuse.lxcfs", "fuse.mergerfs", "fuse.portal"})  # fmt: skip
"""What a program shows as a file system and still lies on a disk of this computer; any other may be anywhere."""

REMOTE = 4
"""DRIVE_REMOTE of GetDriveTypeW."""


def check_folder(folder: Path, mounts: str = "") -> tuple[Text, ...]:
    """Warnings about where a store lies: in a synced folder, on another computer. ``mounts`` as `mount_kind` takes."""
    told = kinds_of_place(folder, mounts)
    keys = {"synced": "db.folder_synced", "network": "db.folder_network"}
    return tuple(both(keys[kind], **{_BLANKS[kind]: what}) for kind, what in told.items())


def check_copies(folder: Path) -> tuple[Text, ...]:
    """Warnings about where copies lie. A share is a good place for them; a server of somebody else is not."""
    told = kinds_of_place(folder)
    return (both("db.copies_synced", folder=told["synced"]),) if "synced" in told else ()


_BLANKS = {"synced": "folder", "network": "kind"}


def kinds_of_place(folder: Path, mounts: str = "") -> dict[str, str]:
    """What is special about a place: "synced" with what tells it, "network" with the kind. Empty for an ordinary one.

    A link is followed: what counts is where the files are.
    """
    paths = {folder.absolute(): None}
    with suppress(OSError, RuntimeError):
        paths[folder.resolve()] = None
    found = {}
    if synced := next(filter(None, (_synced(path) for path in paths)), ""):
        found["synced"] = synced
    if networked := next(filter(None, (_networked(path, mounts) for path in paths)), ""):
        found["network"] = networked
    return found


def _synced(path: Path) -> str:
    """What tells that a path is synchronised: the name of a folder, or the folder that bears the mark."""
    named = next((part for part in path.parts if part.lower().startswith(SYNCED)), "")
    return named or next((str(each) for each in (path, *path.parents) if _is_marked(each)), "") or _told(path)


def _is_marked(folder: Path) -> bool:
    with suppress(OSError):
        return any((folder / name).exists() for name in MARKS) or any(
            next(folder.glob(shape), None) for shape in SYNC_DATABASES
        )
    return False


def _told(path: Path) -> str:
    places = [os.environ.get(name, "") for name in TOLD_BY_SYSTEM]
    return next((place for place in (*places, *_dropboxes()) if place and _lies_in(path, place)), "")


def _lies_in(path: PurePath, place: str) -> bool:
    """Whether a path lies in a folder, which Windows and macOS find in capital and small letters alike."""
    if sys.platform in ("win32", "darwin"):
        return type(path)(str(path).lower()).is_relative_to(place.lower())
    return path.is_relative_to(place)


def _dropboxes() -> Iterator[str]:
    """Folders of Dropbox, which notes them in a file of the person's own: ``{"personal": {"path": ...}, ...}``."""
    roots = [os.environ.get("APPDATA", ""), os.environ.get("LOCALAPPDATA", "")]
    files = [Path(root) / "Dropbox" / "info.json" for root in roots if root]
    with suppress(RuntimeError):
        files.append(Path.home() / ".dropbox" / "info.json")
    for file in files:
        with suppress(OSError, ValueError, AttributeError):
            told = json.loads(file.read_text(encoding="utf-8"))
            yield from (str(each.get("path", "")) for each in told.values())


def _networked(path: PurePath, mounts: str) -> str:
    """The kind of another computer's file system, "" for one of this computer."""
    if str(path).startswith(("\\\\", "//")) and not str(path).startswith(("\\\\?\\", "\\\\.\\")):
        return "UNC"
    if str(path).upper().startswith("\\\\?\\UNC\\"):
        return "UNC"
    if sys.platform == "win32":  # pragma: no cover: measured on Debian
        import ctypes

        remote = ctypes.windll.kernel32.GetDriveTypeW(path.anchor) == REMOTE  # type: ignore[attr-defined,unused-ignore]
        return "UNC" if remote else ""
    kind = mount_kind(path, mounts or _read_mounts())
    is_foreign = kind in NETWORKED or (kind.startswith("fuse.") and kind not in OWN_FUSE)
    return kind if is_foreign else ""


def mount_kind(path: PurePath, mounts: str) -> str:
    """File system under a path, by the longest mount point of ``mounts`` (the words of /proc/mounts)."""
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1].encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")
        if path.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, parts[2]
    return kind


def _read_mounts() -> str:
    try:
        if sys.platform == "darwin":
            done = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5, check=False)
            return read_mount_command(done.stdout)
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except (OSError, subprocess.SubprocessError):
        return ""


def read_mount_command(said: str) -> str:
    """What macOS says of its mounts (``//x@server/y on /Volumes/y (smbfs, nodev)``) in the words of /proc/mounts."""
    lines = []
    for line in said.splitlines():
        before, _, options = line.rpartition(" (")
        device, _, point = before.partition(" on ")
        lines.append(
            f"{device.replace(' ', '-')} {point.replace(' ', chr(92) + '040')} {options.split(',')[0].strip(')')}"
        )
    return "\n".join(lines)
