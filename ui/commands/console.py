"""What the command line says: results on stdout, findings and trouble on stderr, progress only to a person.

File names, values, labels and the words of the operating system come from elsewhere, and a terminal obeys what it
reads: it can be made to type, to hide lines, to write files. So whatever goes to it passes `visible`.
"""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from forms.errors import Told
from forms.texts import say
from ui.commands.codes import TROUBLE

_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
"""Control characters (C0 but for tabs and line feeds, DEL, C1), marks that turn the direction of text, separators of
lines, halves of surrogate pairs (as in file names that are not UTF-8), tags that nobody sees."""


def visible(text: str, *, lines: bool = False) -> str:
    """A text for a terminal: what a terminal would obey is written as its code, ``x1b`` behind a backslash.

    Line feeds too, so that a value can't look like a line of its own; with ``lines`` they stay.
    """
    shown = _OBEYED.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode(), text)
    return shown if lines else shown.replace("\n", "\\n")


class SafeParser(ArgumentParser):
    """An argument parser that may repeat what was typed: it says it visibly."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong on one line, and end."""
        super().error(visible(message))

    def _print_message(self, message: str, file: Any = None) -> None:
        super()._print_message(visible(message or "", lines=True), file)


class Console(NamedTuple):
    """Speaks one language."""

    language: str

    def words(self, key: str, **values: object) -> str:
        """A text in the person's language; what fills it can't break out of its line."""
        return say(self.language, key, **{name: _filling(value) for name, value in values.items()})

    def told(self, error: Told) -> str:
        """The sentence of an error."""
        return self.words(error.key, **error.values)

    def say(self, key: str, **values: object) -> None:
        """Print a text to stdout."""
        print(visible(self.words(key, **values), lines=True))

    def show(self, line: str) -> None:
        """Print a line that is data, not words, to stdout."""
        print(visible(line))

    def complain(self, line: str) -> None:
        """Print a line to stderr, over whatever progress stands there."""
        self.wipe()
        print(visible(line), file=sys.stderr)

    def fault(self, where: object, line: int, column: str, text: str) -> None:
        """Print ``file:line: column: text``; line 0 or an empty column are left out."""
        self.complain(f"{where}{f':{line}' if line else ''}: {f'{column}: ' if column else ''}{text}")

    def ticker(self, title: str) -> Callable[..., None]:
        """A ``tick(at, of, text)`` that shows progress on a terminal and stays silent in a pipe."""
        if not sys.stderr.isatty():
            return lambda *_: None

        def tick(at: int, of: int = 0, text: str = "") -> None:
            done = f"{at}/{of}" if of else str(at)
            print("\r" + visible(f"{title}: {done} {text}")[:100].ljust(100), end="", file=sys.stderr, flush=True)
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


def _filling(value: object) -> object:
    """What fills a text: numbers stay as they are, as a text may ask for their shape."""
    return value if isinstance(value, int | float) else visible(str(value))


def log_failure(bug: BaseException) -> Path:
    """Append the kind of a failure and the places it passed to the log; returns the log's path. Raises OSError."""
    from db.clock import system_clock
    from db.folder.paths import private
    from ui.messages import places_of

    path = own_log()
    path.parent.mkdir(parents=True, exist_ok=True)
    moment = system_clock()().isoformat(timespec="seconds")
    with open(path, "a", encoding="utf-8", opener=private) as log:
        log.write(f"{moment} {places_of(bug)}\n")
    return path


def own_log() -> Path:
    """Where the failures of commands are written down."""
    from platformdirs import user_log_path

    return Path(user_log_path("casebook", appauthor=False)) / "casebook.log"
