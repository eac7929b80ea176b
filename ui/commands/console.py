"""What the command line says: results on stdout, findings and trouble on stderr, progress only to a person."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from forms.texts import say
from ui.commands.codes import TROUBLE

PLACES = 12
"""How many frames of a failure the log keeps."""


class Console(NamedTuple):
    """Speaks one language."""

    language: str

    def words(self, key: str, **values: object) -> str:
        """A text in the person's language."""
        return say(self.language, key, **values)

    def say(self, key: str, **values: object) -> None:
        """Print a text to stdout."""
        self.show(self.words(key, **values))

    def show(self, line: str) -> None:
        """Print a line that is data, not words, to stdout."""
        print(line)

    def complain(self, line: str) -> None:
        """Print a line to stderr, over whatever progress stands there."""
        self.wipe()
        print(line, file=sys.stderr)

    def fault(self, where: object, line: int, column: str, text: str) -> None:
        """Print ``file:line: column: text``; line 0 or an empty column are left out."""
        self.complain(f"{where}{f':{line}' if line else ''}: {f'{column}: ' if column else ''}{text}")

    def ticker(self, title: str) -> Callable[..., None]:
        """A ``tick(at, of, text)`` that shows progress on a terminal and stays silent in a pipe."""
        if not sys.stderr.isatty():
            return lambda *_: None

        def tick(at: int, of: int = 0, text: str = "") -> None:
            done = f"{at}/{of}" if of else str(at)
            print(f"\r{title}: {done} {text}"[:100].ljust(100), end="", file=sys.stderr, flush=True)
            if of and at >= of:
                self.wipe()

        return tick

    def wipe(self) -> None:
        """Clear the progress line."""
        if sys.stderr.isatty():
            print("\r" + " " * 101 + "\r", end="", file=sys.stderr, flush=True)

    def own_up(self, bug: BaseException) -> int:
        """Say that the program failed and where the log is. The log holds places, never values."""
        try:
            path = log_failure(bug)
        except OSError:
            self.complain(self.words("commands.bug_unlogged", kind=type(bug).__name__))
        else:
            self.complain(self.words("commands.bug", kind=type(bug).__name__, path=path))
        return TROUBLE


def log_failure(bug: BaseException) -> Path:
    """Append the kind of a failure and the places it passed to the log; returns the log's path. Raises OSError."""
    import traceback

    from platformdirs import user_log_path

    from db.clock import system_clock

    folder = user_log_path("casebook", appauthor=False, ensure_exists=True)
    moment = system_clock()()
    frames = traceback.extract_tb(bug.__traceback__)[-PLACES:]
    house = Path(__file__).parents[2]
    places = [f"  {os.path.relpath(each.filename, house)}:{each.lineno} {each.name}" for each in frames]
    path = folder / "casebook.log"
    with path.open("a", encoding="utf-8") as log:
        log.write("\n".join([f"{moment.isoformat(timespec='seconds')} {type(bug).__name__}", *places]) + "\n")
    return path
