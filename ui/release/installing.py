"""Installs a release beside the present program, switches to it, and goes back.

Everything is copied into ``versions/VERSION.part`` and compared with its hash on the way; only when all of it is there,
is flushed to the disk and has told its version does it get its name, and only then is ``current.json`` replaced.
Whatever breaks off before leaves the program that was there; what lies about is cleared the next time.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from db import VERSION
from db.folder import paths
from db.folder.lock import seize
from forms.errors import Refusal, Trouble
from forms.progress import Tick
from ui.release.manifest import PROGRAM, Packed, Release, ordered, read_release
from ui.release.pointer import (
    POINTER,
    VERSIONS,
    InstalledVersion,
    Pointer,
    dump_pointer,
    install_root,
    program_of,
    read_pointer,
)

SLICE = 1 << 20
SECONDS = 120
"""How long a new program may take to tell its version: virus scanners read all of it first."""


def running() -> InstalledVersion:
    """The version at work and the schema of its stores."""
    from db.ledger.schema import CURRENT

    return InstalledVersion(VERSION, CURRENT)


def this_system() -> tuple[str, str]:
    """System and processor, as releases name them."""
    return sys.platform, platform.machine().lower()


def install(place: Path, key: bytes, stores: Mapping[str, int], tick: Tick, root: Path | None = None) -> Release:
    """Install the release in a folder; it runs from the next start on. ``stores``: schema by path of those known here.

    Raises Refusal for a release that won't do, Trouble when the disk refuses; then nothing has changed.
    """
    root = root or install_root()
    release = read_release(place, key)
    before = read_pointer(root)
    base = before.base if before else VERSION
    _check(release, before)
    check_schema(release.schema, stores)
    versions = root / VERSIONS
    part, target = versions / f"{release.version}.part", versions / release.version
    try:
        versions.mkdir(exist_ok=True)
        with (versions / "lock").open("wb") as held:
            if not seize(held):
                raise Trouble("program.update.busy")
            shutil.rmtree(part, ignore_errors=True)
            _copy(place / PROGRAM, part, release, tick)
            _try(part, release)
            _take_name(part, target)
            tick(len(release.files), len(release.files), "switch")
            pointer = Pointer(base, InstalledVersion(release.version, release.schema), running())
            paths.replace_file(root / POINTER, dump_pointer(pointer))
            _clear(root, pointer)
    except OSError as error:
        raise paths.disk_trouble(root, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return release


def _check(release: Release, before: Pointer | None) -> None:
    if (release.system, release.machine) != this_system():
        raise Refusal("program.update.other_system", system=f"{release.system} {release.machine}")
    newest = max(VERSION, before.current.version if before else VERSION, key=ordered)
    if ordered(release.version) <= ordered(newest):
        raise Refusal("program.update.older", version=release.version, present=newest)


def check_schema(schema: int, stores: Mapping[str, int]) -> None:
    """Raises Refusal where a program could not open a store that was opened on this computer before."""
    for store, found in sorted(stores.items(), key=lambda each: -each[1]):
        if found > schema and Path(store).exists():
            raise Refusal("program.update.schema", path=store, found=found, known=schema)


def _copy(source: Path, part: Path, release: Release, tick: Tick) -> None:
    for at, (name, file) in enumerate(sorted(release.files.items())):
        tick(at, len(release.files), name)
        target = part / name
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy_file(source / name, target, name, file)
    for name, leads_to in sorted(release.links.items()):
        (part / name).parent.mkdir(parents=True, exist_ok=True)
        (part / name).symlink_to(leads_to)
    for folder in (part, *(path for path in part.rglob("*") if path.is_dir() and not path.is_symlink())):
        paths.sync_folder(folder)


def _copy_file(source: Path, target: Path, name: str, file: Packed) -> None:
    """Copy a file to the disk; what was copied is what was compared. Raises Refusal when it is another."""
    digest = hashlib.sha256()
    with source.open("rb") as read, target.open("xb") as written:
        while block := read.read(SLICE):
            digest.update(block)
            written.write(block)
        written.flush()
        os.fsync(written.fileno())
    if digest.hexdigest() != file.sha256:
        raise Refusal("program.update.altered", file=name)
    if file.runs and os.name != "nt":
        target.chmod(0o755)


def _try(part: Path, release: Release) -> None:
    """Start the new program once. Raises Refusal unless it tells the version it is said to be."""
    names = ("casebook-cli.exe",) if sys.platform == "win32" else ("casebook",)
    told = {**os.environ, "PYINSTALLER_RESET_ENVIRONMENT": "1"}
    try:
        command = [str(part / names[0]), "--version"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, env=told, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        raise Refusal("program.update.does_not_start", version=release.version) from error
    if done.returncode or done.stdout.strip() != release.version:
        raise Refusal("program.update.does_not_start", version=release.version)


def _take_name(part: Path, target: Path) -> None:
    """Give the copy its name; one of that name from before, which nothing points to any more, goes."""
    if target.exists():
        shutil.rmtree(target)
    os.replace(part, target)
    paths.sync_folder(target.parent)


def _clear(root: Path, pointer: Pointer) -> None:
    """Take away the versions that are neither in use nor the way back. One that still runs stays until the next."""
    kept = {pointer.current.version, pointer.previous.version, "lock"}
    for path in (root / VERSIONS).iterdir():
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


def go_back(stores: Mapping[str, int], root: Path | None = None) -> str:
    """Let the version before run from the next start on; returns it. Raises Refusal when there is none that can."""
    root = root or install_root()
    pointer = read_pointer(root)
    if pointer is None or pointer.current.version == pointer.previous.version:
        raise Refusal("program.update.nothing_before")
    if not program_of(root, pointer.previous.version, pointer.base).is_dir():
        raise Refusal("program.update.nothing_before")
    check_schema(pointer.previous.schema, stores)
    try:
        back = Pointer(pointer.base, pointer.previous, pointer.previous)
        paths.replace_file(root / POINTER, dump_pointer(back))
    except OSError as error:
        raise paths.disk_trouble(root, error) from error
    return pointer.previous.version
