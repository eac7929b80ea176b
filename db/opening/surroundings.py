"""What is noticed around a store when somebody signs in: where it lies, which key file it has, what the clock did."""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePath

from db.casebook.casebook import Casebook
from db.clock import milliseconds, read_instant
from db.folder import keys, paths
from db.ledger.ledger import read_acts
from db.proof.clockwork import told_clock, told_time
from forms.record.dataset import Entry
from forms.study.definition import Text
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


CLOCK_ACTS = ("clock_set_back", "clock_set_on", "zone_changed")
WEEK = 7 * 24 * 60 * 60 * 1000
"""Milliseconds for which it is told at sign-in that the clock was set."""


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
    return (
        *_interrupted(casebook),
        *_counter(casebook),
        *_key_file(casebook),
        *_clock(casebook),
        *check_folder(casebook.path),
    )


def look_again(casebook: Casebook) -> None:
    """Find the warnings of an open store anew, as after its clock was set."""
    with casebook.reading():
        casebook.warnings = find_warnings(casebook)


def _interrupted(casebook: Casebook) -> tuple[Text, ...]:
    """Whoever comes first hears that the last session broke off; whose own it was hears it when she comes."""
    offset = casebook.ledger.tip.offset
    if casebook.interrupted:
        return (both("db.was_interrupted", at=told_time(casebook.interrupted, offset)),)
    if casebook.broken_off is not None:
        return (both("db.yours_was_interrupted", at=told_time(casebook.broken_off.at, offset)),)
    return ()


def _counter(casebook: Casebook) -> tuple[Text, ...]:
    if not casebook.lacks_counter:
        return ()
    return (both("db.counter_missing", file=paths.COUNTER),)


def _key_file(casebook: Casebook) -> tuple[Text, ...]:
    acts = read_acts(casebook.connection, "keys_changed")
    told = json.loads(acts[-1].value.value)
    known = keys.read_keys(casebook.path / paths.KEYS)
    if keys.mark(known) == told["sha256"]:
        return ()
    age = "db.keys_older_than_store" if known.version < told["version"] else "db.keys_newer_than_store"
    return (both(age, found=known.version, told=told["version"]),)


def _clock(casebook: Casebook) -> tuple[Text, ...]:
    """What the clock did since the last sign-in or in the last week; the latest of each kind.

    Entries of that moment carry whatever time it showed, so their age goes by the time that was expected. A clock that
    a demonstration sets begins anew at each sign-in, which is no news.
    """
    if casebook.set_clock and not casebook.clock.zoned:
        return ()
    now = milliseconds(casebook.clock())
    signed_in = read_acts(casebook.connection, "signed_in")
    before = signed_in[-2].arrival if len(signed_in) > 1 else 0
    acts = [
        act
        for act in read_acts(casebook.connection, *CLOCK_ACTS)
        if act.arrival > before or _moment(act, now) >= now - WEEK
    ]
    return tuple(told_clock(act) for act in {act.act: act for act in acts}.values())


def _moment(act: Entry, now: int) -> int:
    """The instant (milliseconds UTC) of an act on the clock: of the times it tells the latest that can have been."""
    told = json.loads(act.value.value)
    instants = [read_instant(str(each)) for each in (act.at, told.get("expected", act.at), told.get("shown", act.at))]
    return max((each for each in instants if each <= now), default=0)
