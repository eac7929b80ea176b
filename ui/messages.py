"""Errors in words, and the page for what should not have happened.

Refusal and Trouble have their own sentences. Anything else is a bug: a log is written that holds the kind of error and
the places in the program, never a message or a variable (they might hold a patient's value), and the crash page is
shown.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from db.folder.paths import make_folder, replace_file

LOG_NAME = "casebook-errors.log"
LOG_BYTES = 200_000
PLACES = 40
"""How many frames of a failure the log keeps, the innermost."""


MISSING = re.compile(r"[\w+-]+(?:\.[\w+-]+)*\.(?:so(?:\.\d+)*|dll|pyd|dylib)\b", re.ASCII)
"""The name of a library in the words of a system's loader."""


def places_of(error: BaseException) -> str:
    """Kind of the error, a module or library that is missing, the places it passed; no message and no values."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)[-PLACES:]
    lines = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    if missing := missing_part(error):
        lines.insert(0, f"missing {missing}")
    return "\n".join([type(error).__name__, *(f"  {line}" for line in lines)])


def missing_part(error: BaseException) -> str:
    """The library or module that an ImportError can't find; "" for other errors.

    The library that the system's loader names comes first: the module is there and only can't be loaded without it.
    """
    if not isinstance(error, ImportError):
        return ""
    library = MISSING.search(str(error))
    return library[0] if library else str(error.name or "")


def write_log(folder: Path, at: str, text: str) -> Path:
    """Add to the log, which is cut to its newest part when long."""
    make_folder(folder)
    path = folder / LOG_NAME
    old = path.read_text(encoding="utf-8")[-LOG_BYTES:] if path.exists() else ""
    replace_file(path, f"{old}{at}\n{text}\n\n".encode())
    return path


def catch_bugs(folder: Callable[[], Path], now: Callable[[], str], show: Callable[[Path, str], Any]) -> None:
    """Send every uncaught exception to the log and the crash page.

    One in a thread or in a destructor is written to the log alone: a page can only be shown in the window's thread, and
    what such a thread was to bring is asked for there.
    """

    def note(error: BaseException) -> Path:
        return write_log(folder(), now(), places_of(error))

    def on_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        show(note(error), missing_part(error))

    def on_unseen(told: Any) -> None:
        if isinstance(told.exc_value, Exception):
            note(told.exc_value)

    sys.excepthook = on_bug
    threading.excepthook = on_unseen
    sys.unraisablehook = on_unseen
