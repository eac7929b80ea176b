"""What a person may send when the program fails: about the program and the computer, nothing about people.

No path, no name, no number of a subject and no value goes in. Settings whose values are free text are only said to be
set; stores are counted and weighed, not named; of the logs only those lines are taken that have the shape of a time, a
kind of error or a place in the program, so that whatever else came into a log stays there.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from db import VERSION
from db.folder import paths
from forms.texts import LANGUAGES, say

LAST_LINES = 120
"""Lines of each log that are told."""

LIBRARIES = ("PySide6", "sqlcipher3", "cryptography", "argon2-cffi", "pydantic", "pandas", "lifelines", "reportlab")

VARIABLES = ("LANG", "LC_ALL", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "QT_QPA_PLATFORM", "QT_SCALE_FACTOR",
             "QT_FONT_DPI", "QT_STYLE_OVERRIDE", "PYTHONUTF8")  # fmt: skip
"""What of the environment decides how the window looks; their values are short words of the system."""

PLAIN = re.compile(r"[A-Za-z0-9_.:,;@/+-]{1,40}")

SHAPES = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-][\d:]+)?(?: \w{1,40}(?:Error|Exception|Warning|Exit|Fault|Trouble|Refusal))?"
    r"|\w{1,40}(?:Error|Exception|Warning|Exit|Fault|Trouble|Refusal)"
    r"|  missing [A-Za-z0-9_.+-]{1,80}"
    r"|  (?:[A-Za-z0-9_]{1,40}|<frozen [a-z._]+>|<string>)(?:\.pyx?)?:\d+ (?:[A-Za-z0-9_]{1,60}|<\w+>)",
    re.ASCII,
)
"""Lines of a log as `ui.messages.places_of` writes them."""


def report(
    seen: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    stores: Iterable[Path] = (),
    logs: Iterable[Path] = (),
) -> str:
    """The whole text. ``seen`` is what only the window knows; ``settings`` are declared keys with their values."""
    parts = {
        "program": program(),
        "computer": computer(),
        "window": seen or {},
        "settings": told_settings(settings or {}),
    }
    lines = [*(say(language, "program.diagnostics.about") for language in LANGUAGES)]
    for name, facts in parts.items():
        lines += ["", f"[{name}]", *(f"{key}: {value}" for key, value in facts.items())]
    for number, store in enumerate(stores, 1):
        lines += ["", f"[store {number}]", *(f"{key}: {value}" for key, value in told_store(store).items())]
    for log in logs:
        lines += ["", f"[log {log.name}]", *told_log(log)]
    return "\n".join(lines) + "\n"


def program() -> dict[str, str]:
    """Versions, and how the program was started."""
    from db.ledger.schema import CURRENT

    facts = {"version": VERSION, "schema": str(CURRENT), "frozen": str(bool(getattr(sys, "frozen", False))).lower()}
    facts["python"] = platform.python_version()
    return facts | {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    """Version of a library; a frozen program knows it only of what was loaded."""
    try:
        return version(name)
    except PackageNotFoundError:
        loaded = sys.modules.get(name.partition("-")[0])
        return str(getattr(loaded, "__version__", "")) or "unknown"


def computer() -> dict[str, str]:
    """System, processor, room on the disk of the home folder, and what of the environment decides the look."""
    facts = {
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "processors": str(os.cpu_count()),
        "encoding": sys.getfilesystemencoding(),
    }
    try:
        facts["free_mb"] = str(shutil.disk_usage(Path.home()).free // 1_000_000)
    except (OSError, RuntimeError):
        facts["free_mb"] = "unknown"
    return facts | {name: told for name in VARIABLES if PLAIN.fullmatch(told := os.environ.get(name, ""))}


def told_settings(settings: Mapping[str, str]) -> dict[str, str]:
    """Each setting: its value where that is one of a few words, else how many lines it has."""
    from ui.settings import DECLARED

    facts = {}
    for line in DECLARED:
        value = settings.get(line.key, "")
        if line.choices:
            facts[line.key] = value if value in line.choices else "not allowed"
        else:
            facts[line.key] = f"set, {len(value.splitlines())} lines" if value else "not set"
    return facts


def told_store(store: Path) -> dict[str, str]:
    """Sizes of the files of a store in bytes by their fixed names, how many others, and what is known of its place."""
    from db.folder.whereabouts import kinds_of_place

    facts = {}
    others = 0
    for path in _files(store):
        if path.name in paths.FILES:
            facts[path.name] = str(path.stat().st_size)
        else:
            others += 1
    place = ", ".join(kinds_of_place(store)) or "ordinary"
    return {**facts, "other_files": str(others), "place": place, "path_length": str(len(str(store)))}


def _files(store: Path) -> Iterator[Path]:
    try:
        yield from sorted(path for path in store.iterdir() if path.is_file())
    except OSError:
        return


def told_log(log: Path) -> list[str]:
    """The end of a log, only lines that are a time, a kind of error or a place in the program."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ["none"]
    return [line if SHAPES.fullmatch(line) else "…" for line in lines[-LAST_LINES:] if line.strip()]
