"""What a release folder holds, and whether its maker signed it.

A folder ``release.json`` (version, schema of stores, system, notes, the SHA-256 and size of every file, links),
``release.sig`` (Ed25519 over it) and ``program/``. The public key is built into the program: ``release.pub`` among its
resources, 64 hexadecimal digits. A program that was built without one takes no release, only an installer.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from forms.errors import Refusal
from resources import folder

MANIFEST, SIGNATURE, PROGRAM = "release.json", "release.sig", "program"
KEY = "release.pub"
SIGNED = b"casebook release 1\n"
"""Stands before what is signed, so that the signature holds for nothing else."""

NUMBER = re.compile(r"\d+(?:\.\d+){1,3}")


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of the program: SHA-256 in hexadecimal, bytes, and whether it is a program."""

    sha256: str
    size: int
    runs: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """A version of the program for one system. ``links`` are names with what they lead to, beside or below them."""

    version: str
    schema: int
    system: str
    machine: str
    notes: dict[str, str]
    files: dict[str, Packed]
    links: dict[str, str]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files.values())


def dump(release: Release) -> bytes:
    """The bytes of ``release.json``."""
    return json.dumps(asdict(release), ensure_ascii=False, indent=1, sort_keys=True).encode()


def ordered(version: str) -> tuple[int, ...]:
    """A version to compare by. Raises Refusal when it is none."""
    if not NUMBER.fullmatch(version):
        raise Refusal("program.update.unreadable", file=MANIFEST)
    return tuple(int(part) for part in version.split("."))


def release_key() -> bytes:
    """The public key that releases are signed against. Raises Refusal in a program that was built without one."""
    try:
        key = bytes.fromhex(folder(KEY).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) != 32:
        raise Refusal("program.update.no_key")
    return key


def read_release(place: Path, key: bytes) -> Release:
    """The release in a folder, signed by the holder of the key, with no file too many or missing. Raises Refusal.

    What the files hold is compared when they are copied.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        told = (place / MANIFEST).read_bytes()
        signature = bytes.fromhex((place / SIGNATURE).read_text(encoding="ascii").strip())
    except OSError as error:
        raise Refusal("program.update.no_release", path=str(place)) from error
    except ValueError as error:
        raise Refusal("program.update.unreadable", file=SIGNATURE) from error
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, SIGNED + told)
    except InvalidSignature as error:
        raise Refusal("program.update.not_signed", path=str(place)) from error
    release = _read(told)
    _compare(place, release)
    return release


def _read(told: bytes) -> Release:
    try:
        facts: dict[str, Any] = json.loads(told)
        files = {str(name): Packed(**each) for name, each in facts.pop("files").items()}
        release = Release(files=files, **facts)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refusal("program.update.unreadable", file=MANIFEST) from error
    ordered(release.version)
    for name, target in release.links.items():
        path = PurePosixPath(name).parent / target
        if not _is_inside(name) or PurePosixPath(target).is_absolute() or not _is_inside(_plain(path)):
            raise Refusal("program.update.unreadable", file=MANIFEST)
    if not all(_is_inside(name) for name in files):
        raise Refusal("program.update.unreadable", file=MANIFEST)
    return release


def _is_inside(name: str) -> bool:
    """Whether a name can only be that of something in the program's own folder, on every system."""
    parts = name.split("/")
    return bool(name) and not any(part in ("", ".", "..") or "\\" in part or ":" in part for part in parts)


def _plain(path: PurePosixPath) -> str:
    """A path with its ``..`` worked out; "" where it leads out."""
    parts: list[str] = []
    for part in path.parts:
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            return ""
    return "/".join(parts)


def _compare(place: Path, release: Release) -> None:
    """Raises Refusal for a file that is missing, too many, or of another size."""
    program = place / PROGRAM
    there = {path.relative_to(program).as_posix(): path for path in program.rglob("*") if not path.is_dir()}
    for name in sorted({*there} - {*release.files}):
        raise Refusal("program.update.extra", file=name)
    for name, file in sorted(release.files.items()):
        if name not in there:
            raise Refusal("program.update.missing", file=name)
        if there[name].is_symlink() or there[name].stat().st_size != file.size:
            raise Refusal("program.update.altered", file=name)
