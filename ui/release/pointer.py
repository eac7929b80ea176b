"""Which version of the program is to run: read at each start, before anything else is loaded.

A program that runs can't be replaced on Windows, so it never is. The installed program stays as it is and is the
starter too: beside it lie later versions in ``versions/VERSION``, and ``current.json`` names the one to run. That file
is replaced whole, so that at each moment it names a version that is there whole. It holds for the installed program
that it was written by: an installer that puts another one in its place makes it void.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

POINTER = "current.json"
VERSIONS = "versions"
RETURN = ("update", "--return")


class InstalledVersion(NamedTuple):
    """A version that is installed, and the schema of stores it works on."""

    version: str
    schema: int


class Pointer(NamedTuple):
    """``base``: the version of the installed program. ``previous`` is where one goes back to."""

    base: str
    current: InstalledVersion
    previous: InstalledVersion


def is_packed() -> bool:
    """Whether this is the program without Python."""
    return bool(getattr(sys, "frozen", False))


def takes_releases() -> bool:
    """Whether this program can be updated from a stick: packed with a key, and no bundle of macOS."""
    from resources import folder

    return is_packed() and sys.platform != "darwin" and folder("release.pub").is_file()


def install_root() -> Path:
    """The folder of the installed program, also when a later version of it runs."""
    here = Path(sys.executable).resolve().parent
    return here.parent.parent if here.parent.name == VERSIONS else here


def read_pointer(root: Path) -> Pointer | None:
    """What ``current.json`` says; None without one, or with one that can't be read."""
    try:
        told = json.loads((root / POINTER).read_text(encoding="utf-8"))
        known = [
            InstalledVersion(str(told[name]["version"]), int(told[name]["schema"])) for name in ("current", "previous")
        ]
        return Pointer(str(told["base"]), *known)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def dump_pointer(pointer: Pointer) -> bytes:
    """The bytes of ``current.json``."""
    told = {"base": pointer.base, "current": pointer.current._asdict(), "previous": pointer.previous._asdict()}
    return json.dumps(told, indent=1, sort_keys=True).encode()


def program_of(root: Path, version: str, base: str) -> Path:
    """The folder in which a version's programs lie."""
    return root if version == base else root / VERSIONS / version


def next_program(arguments: list[str]) -> Path | None:
    """The program that is to run instead of this one, None when this one is right.

    Going back is done by the installed program itself, so that a later one that doesn't start can be left.
    """
    here = Path(sys.executable).resolve()
    root = install_root()
    if not is_packed() or here.parent != root or set(RETURN) <= set(arguments):
        return None
    from db import VERSION

    pointer = read_pointer(root)
    if pointer is None or pointer.base != VERSION or pointer.current.version == VERSION:
        return None
    found = program_of(root, pointer.current.version, pointer.base) / here.name
    return found if found.is_file() else None


def hand_over(arguments: list[str]) -> int | None:
    """Run the version that is to run and give back its exit code; None when that is this one, or it can't be run."""
    program = next_program(arguments)
    if program is None:
        return None
    told = {**os.environ, "PYINSTALLER_RESET_ENVIRONMENT": "1"}
    try:
        if sys.platform == "win32":
            return subprocess.call([str(program), *arguments], env=told)
        os.execve(program, [str(program), *arguments], told)
    except OSError:
        return None
