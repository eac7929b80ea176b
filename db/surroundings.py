"""What is noticed around a store when somebody signs in: where it lies, which key file it has, what the clock did."""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePath

from db import files, keys
from db.casebook import Casebook
from db.clock import iso, milliseconds, read_instant
from db.ledger import read_acts
from forms.study import Text
from forms.texts import both

SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "my drive", "icloud", "clouddocs", "nextcloud",
          "owncloud", "seafile", "syncthing", "pcloud", "mega", "baidunetdisk", "baidusyncdisk", "nutstore",
          "坚果云", "百度网盘", "weiyun", "box sync", "yandex.disk")  # fmt: skip
"""Beginnings of folder names under which programs that copy files to a server keep them, small letters."""

MARKS = (".stfolder", ".dropbox", ".owncloudsync.log", ".seafile-data", "desktop.ini.onedrive")
"""Files that such programs leave in the folder they look after."""

NETWORKED = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "sshfs", "fuse.sshfs", "9p", "afs", "ceph", "glusterfs",
                       "fuse.rclone", "davfs", "fuse.davfs2", "lustre", "vboxsf", "fuse.vmhgfs-fuse"})  # fmt: skip
"""File systems of other computers, where locks and flushing can't be relied on."""


def check_folder(folder: Path, mounts: str = "") -> tuple[Text, ...]:
    """Warnings about where a store lies: in a synced folder, on another computer. ``mounts`` is read on Linux."""
    found = []
    path = folder.absolute()
    named = next((part for part in path.parts if part.lower().startswith(SYNCED)), "")
    marked = next((str(each) for each in path.parents if any((each / name).exists() for name in MARKS)), "")
    if named or marked:
        found.append(both("db.folder_synced", folder=named or marked))
    kind = mount_kind(path, mounts or _read_mounts())
    if kind in NETWORKED or str(path).startswith(("\\\\", "//")):
        found.append(both("db.folder_network", kind=kind or "UNC"))
    return tuple(found)


def mount_kind(path: PurePath, mounts: str) -> str:
    """File system under a path, by the longest mount point of ``mounts`` (the words of /proc/mounts)."""
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ")
        if path.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, parts[2]
    return kind


def _read_mounts() -> str:
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="replace") if os.name == "posix" else ""
    except OSError:
        return ""


def find_warnings(casebook: Casebook) -> tuple[Text, ...]:
    """Everything worth saying at sign-in."""
    return (*_interrupted(casebook), *_key_file(casebook), *_clock(casebook), *check_folder(casebook.path))


def _interrupted(casebook: Casebook) -> tuple[Text, ...]:
    if not casebook.interrupted:
        return ()
    return (both("db.was_interrupted", at=told_time(casebook.interrupted, casebook.ledger.tip.offset)),)


def _key_file(casebook: Casebook) -> tuple[Text, ...]:
    acts = read_acts(casebook.connection, "keys_changed")
    told = json.loads(acts[-1].value.value)
    known = keys.read_keys(casebook.path / files.KEYS)
    if keys.mark(known) == told["sha256"]:
        return ()
    age = "db.keys_older_than_store" if known.version < told["version"] else "db.keys_newer_than_store"
    return (both(age, found=known.version, told=told["version"]),)


def _clock(casebook: Casebook) -> tuple[Text, ...]:
    back = read_acts(casebook.connection, "clock_set_back")
    now = milliseconds(casebook.clock())
    day = 24 * 60 * 60 * 1000
    if not back or now - read_instant(back[-1].at) > 7 * day:
        return ()
    told = json.loads(back[-1].value.value)
    offset = back[-1].offset
    return (both("db.clock_was_back", expected=told_time(told["expected"], offset),
                 shown=told_time(told["shown"], offset)),)  # fmt: skip


def told_time(at: str, offset: int) -> str:
    """``2026-11-21 09:30 UTC+08:00`` of an ISO instant."""
    instant = read_instant(at) + offset * 60_000
    sign, (hours, minutes) = "-" if offset < 0 else "+", divmod(abs(offset), 60)
    return f"{iso(instant)[:16].replace('T', ' ')} UTC{sign}{hours:02d}:{minutes:02d}"
