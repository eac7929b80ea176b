"""Makes the locks anew: ``python requirements/lock.py``, where ``uv`` and the pip of ``pip.txt`` are at hand.

What is locked stays as it is unless an ``.in`` file or ``--upgrade`` asks for another. Each lock is valid for every
supported Python and system and names no index. ``closure.json`` then keeps what the locked packages need themselves, as
the index tells it for each Python and system, so that a test can walk the locks without a network; a lock that
names a package without a wheel for one of them is refused.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = Path(__file__).resolve().parent
CLOSURE = FOLDER / "closure.json"
LOCKS = {
    "pip": (),
    "build": (),
    "runtime": ("pip", "build"),
    "test": ("runtime",),
    "builder": ("build", "test"),
    "oldest_pip": (),
}
"""Each lock, and the locks whose versions it keeps to."""

ALONE = "oldest_pip"
"""Installed beside none of the others."""

PYTHONS = ("3.11", "3.12", "3.13")
SYSTEMS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "linux": (
        {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
        ("manylinux_2_34_x86_64", "manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    ),
    "windows": (
        {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
        ("win_amd64",),
    ),
    "macos": (
        {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
        ("macosx_14_0_arm64",),
    ),
}
"""What a marker sees of each system, and the tags of its wheels."""

SOURCE_ONLY = {"autograd-gamma"}
"""Published as source alone; ``build.txt`` locks what builds it."""


def environments() -> Iterator[tuple[str, dict[str, str], tuple[str, ...]]]:
    """Every supported Python and system: the Python, what a marker sees of both, and the tags of its wheels."""
    for python in PYTHONS:
        for seen, tags in SYSTEMS.values():
            yield python, {**seen, **implementation(python)}, tags


def implementation(python: str) -> dict[str, str]:
    """What a marker sees of a CPython."""
    return {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_version": "",
    }


def pins(lock: str) -> list[Requirement]:
    """What a lock names, each with its one version."""
    lines = (FOLDER / f"{lock}.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line.removesuffix("\\")) for line in lines if line and not line[0].isspace()]


def compile_lock(lock: str, keeps_to: tuple[str, ...], options: list[str]) -> None:
    """Write one lock."""
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", PYTHONS[0]]
    command += ["--fork-strategy", "requires-python", "--generate-hashes", "--no-strip-extras"]
    command += ["--no-emit-index-url", "--no-annotate", "--no-header"]
    for other in keeps_to:
        command += ["--constraints", str(FOLDER / f"{other}.txt")]
    command += [*options, str(FOLDER / f"{lock}.in"), "--output-file", str(FOLDER / f"{lock}.txt")]
    subprocess.run(command, check=True)


def needs_of(pinned: list[Requirement], python: str, tags: tuple[str, ...]) -> dict[str, list[str]]:
    """What each pinned package needs itself, by ``name==version``, as the index tells it for a Python and system."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps"]
        command += ["--target", folder, "--report", str(report), "--python-version", python]
        command += [word for tag in tags for word in ("--platform", tag)]
        subprocess.run([*command, *sorted({f"{each.name}{each.specifier}" for each in pinned})], check=True)
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    needs = {}
    for each in found:
        name, version = canonicalize_name(each["metadata"]["name"]), each["metadata"]["version"]
        if not each["download_info"]["url"].endswith(".whl") and name not in SOURCE_ONLY:
            sys.exit(f"{name} {version} has no wheel for Python {python} on {tags[0]}")
        needs[f"{name}=={version}"] = sorted(each["metadata"].get("requires_dist", []))
    return needs


def main(options: list[str]) -> None:
    """Write every lock and what their packages need."""
    for lock, keeps_to in LOCKS.items():
        compile_lock(lock, keeps_to, options)
    needs: dict[str, list[str]] = {}
    for python, seen, tags in environments():
        together = [each for lock in LOCKS if lock != ALONE for each in pins(lock)]
        pinned = [each for each in together if not each.marker or each.marker.evaluate(seen)]
        for package, told in needs_of(pinned, python, tags).items():
            if needs.setdefault(package, told) != told:
                sys.exit(f"{package} needs other packages for Python {python} on {tags[0]} than elsewhere")
    CLOSURE.write_text(json.dumps(needs, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
