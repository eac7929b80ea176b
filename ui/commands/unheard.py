"""The program without a console (Windows starts it from the menu): what would be printed is shown in a box."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager

TITLE = "Casebook"


@contextmanager
def in_a_box() -> Iterator[None]:
    """Where Python has neither output nor input, give it some, and show at the end what was said into it."""
    if sys.stdout is not None and sys.stderr is not None:
        yield
        return
    kept = sys.stdin, sys.stdout, sys.stderr
    said = io.StringIO()
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), said, said
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept
        if said.getvalue().strip():
            show_box(said.getvalue().strip())


def show_box(text: str) -> None:
    """Show words in a box of the system; only Windows has programs without a console."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, TITLE, 0)
