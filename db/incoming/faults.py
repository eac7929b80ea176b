"""Why a data file can't be brought in, cause by cause, and what is to be said of one that can."""

from __future__ import annotations

from dataclasses import dataclass

from forms.findings import Finding
from forms.study.definition import Text
from forms.texts import LANGUAGES, both, say

MOST_OF_A_CAUSE = 10
"""Lines named one by one for the same cause; the others are counted."""


@dataclass(frozen=True, slots=True)
class FileFault:
    """Why a file can't be brought in. ``column`` is the name of the column, "" for the whole line."""

    line: int
    column: str
    text: Text


@dataclass(frozen=True, slots=True)
class Noted:
    """What is to be said of a line that came in; ``column`` is the place, or ``subject`` for the subject itself."""

    line: int
    column: str
    finding: Finding


class Faults:
    """Faults of a file, as they are found."""

    def __init__(self) -> None:
        self._found: list[FileFault] = []
        self._causes: dict[tuple[object, ...], list[int]] = {}

    def __len__(self) -> int:
        return len(self._found)

    def note(self, line: int, column: str, key: str, **values: object) -> None:
        """Name a fault by the key of its text."""
        cause = self._causes.setdefault((column, key, *sorted(values.items())), [0, 0])
        cause[0] += 1
        if cause[0] <= MOST_OF_A_CAUSE:
            cause[1] = len(self._found)
            self._found.append(FileFault(line, column, both(key, **values)))

    def told(self) -> tuple[FileFault, ...]:
        """Every fault in order of its line; the last one of a cause that has more says how many more."""
        found = list(self._found)
        for count, at in self._causes.values():
            if count > MOST_OF_A_CAUSE:
                last = found[at]
                more = count - MOST_OF_A_CAUSE
                text = {each: say(each, "exchange.more", text=last.text[each], more=more) for each in LANGUAGES}
                found[at] = FileFault(last.line, last.column, text)
        return tuple(sorted(found, key=lambda fault: fault.line))
