"""Errors in words, and the page for what should not have happened.

Refusal and Trouble have their own sentences. Anything else is a bug: a log is written that holds the kind of error and
the places in the program, never a message or a variable (they might hold a patient's value), and the crash page is
shown.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from db.folder.paths import make_folder, replace_file

LOG_NAME = "casebook-errors.log"
LOG_BYTES = 200_000


def places_of(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Kind of the error and the places it passed, without message and values."""
    import traceback

    lines = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return "\n".join([kind.__qualname__, *(f"  {line}" for line in lines)])


def write_log(folder: Path, at: str, text: str) -> Path:
    """Add to the log, which is cut to its newest part when long."""
    make_folder(folder)
    path = folder / LOG_NAME
    old = path.read_text(encoding="utf-8")[-LOG_BYTES:] if path.exists() else ""
    replace_file(path, f"{old}{at}\n{text}\n\n".encode())
    return path


def catch_bugs(folder: Callable[[], Path], now: Callable[[], str], show: Callable[[Path], Any]) -> None:
    """Send every uncaught exception to the log and the crash page."""

    def on_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        show(write_log(folder(), now(), places_of(kind, trace)))

    sys.excepthook = on_bug
