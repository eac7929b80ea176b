r"""Patterns of ids: a small part of regular expressions, matched in time that grows with the text and never more.

A study's author writes the pattern and whoever imports a file writes the text, so neither may hold a program up. What
is read here is what ids need: letters, digits and signs as they are, ``[A-Z0-9]``, ``[^-]``, ``\d \w \s``, ``.``,
groups ``( )`` and ``(?: )``, ``A|B``, and ``? * + {3} {2,4} {2,}``. Nothing that looks back or ahead. The whole text
must fit; ``^`` at the beginning and ``$`` at the end say the same once more. ``\d`` and ``\w`` are those of ASCII.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice, product

from forms.texts import both

LONGEST = 200
"""Characters of a pattern, and of a text that may fit one."""
MOST_STATES = 2_000
"""Parts of a pattern once its repetitions are written out."""
DEEPEST = 20
"""Groups within each other."""

Ranges = tuple[tuple[str, str], ...]
_SHORT: dict[str, Ranges] = {
    "d": (("0", "9"),),
    "w": (("A", "Z"), ("a", "z"), ("0", "9"), ("_", "_")),
    "s": ((" ", " "), ("\t", "\r")),
}
_FAVOURED = "A0a-_"


class PatternFault(Exception):
    """Why a pattern can't be read, in words, and the column (from 1) where."""

    def __init__(self, key: str, column: int, **values: object) -> None:
        super().__init__(key)
        self.message = both(f"load.pattern_{key}", **values)
        self.column = column


@dataclass(frozen=True, slots=True)
class Sign:
    """One character out of ranges, or out of all others."""

    ranges: Ranges
    negated: bool = False

    def takes(self, character: str) -> bool:
        """Whether the character is one of them."""
        return any(low <= character <= high for low, high in self.ranges) is not self.negated

    def some(self) -> Iterator[str]:
        """Characters it takes, printable ones of ASCII, those that ids are usually made of first."""
        every = [*_FAVOURED, *(chr(code) for code in range(33, 127))]
        return (each for each in dict.fromkeys(every) if self.takes(each))


@dataclass(frozen=True, slots=True)
class InTurn:
    """Parts one after another."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part several times; ``most`` None is without end."""

    part: Part
    least: int
    most: int | None


Part = Sign | InTurn | Either | Repeat
State = tuple[Sign | None, tuple[int, ...]]
"""The sign taken here (None: none) and the states that follow. State 0 is the end."""


class Pattern:
    """A pattern that was read: which texts fit, and texts that do."""

    def __init__(self, text: str) -> None:
        self.part = _Reader(text).whole()
        self.states: list[State] = [(None, ())]
        self.work = 0
        self.start = self._built(self.part, 0)

    def fits(self, text: str) -> bool:
        """Whether the whole text is one the pattern describes."""
        if len(text) > LONGEST:
            return False
        here = self._open({self.start})
        for character in text:
            here = self._open({goes_on[0] for sign, goes_on in map(self._at, here) if sign and sign.takes(character)})
        return 0 in here

    def _at(self, state: int) -> State:
        return self.states[state]

    def _open(self, states: set[int]) -> set[int]:
        """The states with all that are reached from them without taking a character."""
        seen, waiting = set(states), list(states)
        while waiting:
            sign, goes_on = self.states[waiting.pop()]
            if sign is None:
                waiting += [state for state in goes_on if state not in seen]
                seen.update(goes_on)
        return seen

    def _add(self, sign: Sign | None, *goes_on: int) -> int:
        self.states.append((sign, goes_on))
        return len(self.states) - 1

    def _built(self, part: Part, then: int) -> int:
        """States for a part that go on at ``then``; the one where they begin."""
        self.work += 1
        if self.work > MOST_STATES:
            raise PatternFault("too_large", 1)
        if isinstance(part, Sign):
            return self._add(part, then)
        if isinstance(part, InTurn):
            for each in reversed(part.parts):
                then = self._built(each, then)
            return then
        if isinstance(part, Either):
            return self._add(None, *(self._built(each, then) for each in part.parts))
        if part.most is None:
            loop = self._add(None, then)
            self.states[loop] = (None, (self._built(part.part, loop), then))
            then = loop
        else:
            for _ in range(part.most - part.least):
                then = self._add(None, self._built(part.part, then), then)
        for _ in range(part.least):
            then = self._built(part.part, then)
        return then

    def some(self, most: int = 10_000) -> Iterator[str]:
        """Texts that fit, the shortest of the first choices, the last place changing first."""
        places = [tuple(sign.some()) for sign in _shortest(self.part)]
        return islice(map("".join, product(*places)), most)

    def id_like(self, site: str) -> Callable[[int], str] | None:
        """A way to make a fitting id of a number at a site (``AN-007``); None when none was found.

        The site's code with a number is tried first, then a text of the pattern with its last digits counting.
        """
        for sign in ("-", "", "_", ".", "/"):
            for width in (3, 4, 5, 2, 6, 1):
                counting = partial(_counted, f"{site}{sign}", "", width)
                if self.fits(counting(1)):
                    return counting
        texts = list(self.some())
        if not texts:
            return None
        first = texts[0]
        head = first.rstrip("".join({each for each in first if not each.isdigit()}))
        begin = head.rstrip("0123456789")
        counting = partial(_counted, begin, first[len(head) :], len(head) - len(begin))
        if head and self.fits(counting(1)):
            return counting
        return lambda number: texts[number - 1] if number <= len(texts) else ""


def _counted(begin: str, end: str, width: int, number: int) -> str:
    return f"{begin}{number:0{width}d}{end}"


def _shortest(part: Part) -> tuple[Sign, ...]:
    """The signs of a short text that fits: of alternatives the first, of repetitions the fewest."""
    if isinstance(part, Sign):
        return (part,)
    if isinstance(part, InTurn):
        return tuple(sign for each in part.parts for sign in _shortest(each))
    if isinstance(part, Either):
        return _shortest(part.parts[0])
    return _shortest(part.part) * part.least


@cache
def pattern(text: str) -> Pattern:
    """The pattern of a text, read once; raises `PatternFault` with words and column when it can't be used."""
    return Pattern(text)


def fits(text: str, words: str) -> bool:
    """Whether the words fit the pattern of a text; nothing fits a pattern that can't be used."""
    try:
        return pattern(text).fits(words)
    except PatternFault:
        return False


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise PatternFault("too_large", LONGEST)
        self.text = text.removeprefix("^")
        self.shift = len(text) - len(self.text)
        if self.text.endswith("$") and not self.text.endswith("\\$"):
            self.text = self.text[:-1]
        self.at = 0
        self.depth = 0

    def fault(self, key: str, at: int, **values: object) -> PatternFault:
        return PatternFault(key, at + self.shift + 1, **values)

    def next(self) -> str:
        """The character to be read, "" at the end."""
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        """The next character, passed over."""
        self.at += 1
        return self.text[self.at - 1 : self.at]

    def whole(self) -> Part:
        part = self.choice()
        if self.next():
            raise self.fault("unexpected", self.at, found=self.next())
        return part

    def choice(self) -> Part:
        """Alternatives between ``|``."""
        rows = [self.row()]
        while self.next() == "|":
            self.take()
            rows.append(self.row())
        return rows[0] if len(rows) == 1 else Either(tuple(rows))

    def row(self) -> Part:
        """Parts one after another up to ``|`` or a closing parenthesis."""
        parts = []
        while self.next() and self.next() not in "|)":
            parts.append(self.repeated(self.atom()))
        return InTurn(tuple(parts))

    def repeated(self, part: Part) -> Part:
        """The part with what is said about how often it comes."""
        mark = self.next()
        if not mark or mark not in "?*+{":
            return part
        at = self.at
        self.take()
        least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(mark) or self.counted(at)
        if self.next() == "?":
            self.take()
        if self.next() and self.next() in "?*+{":
            raise self.fault("unsupported", self.at, found=self.next())
        return Repeat(part, least, most)

    def counted(self, at: int) -> tuple[int, int | None]:
        """``{3}``, ``{2,4}`` or ``{2,}``, the opening brace already passed."""
        inside, closing, rest = self.text[self.at :].partition("}")
        low, comma, high = inside.partition(",")
        if not closing or not _is_count(low) or (high and not _is_count(high)):
            raise self.fault("count", at, found="{")
        self.at = len(self.text) - len(rest)
        least, most = int(low), int(high) if high else (None if comma else int(low))
        if most is not None and most < least:
            raise self.fault("count", at, found="{")
        return least, most

    def atom(self) -> Part:
        """One character, one of several, or a group."""
        at = self.at
        sign = self.take()
        if sign == "(":
            return self.group(at)
        if sign == "[":
            return self.several(at)
        if sign == ".":
            return Sign((("\n", "\n"),), negated=True)
        if sign == "\\":
            return self.escaped(at)
        if sign in "?*+{})^$":
            raise self.fault("unexpected", at, found=sign)
        return Sign(((sign, sign),))

    def group(self, at: int) -> Part:
        """The part in parentheses, the opening one already passed."""
        if self.next() == "?":
            if self.text[self.at : self.at + 2] != "?:":
                raise self.fault("unsupported", at, found=self.text[at : at + 3])
            self.at += 2
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fault("too_large", at)
        part = self.choice()
        self.depth -= 1
        if self.take() != ")":
            raise self.fault("unclosed", at, found="(")
        return part

    def escaped(self, at: int) -> Sign:
        """The part after a backslash: a sign as it is, or a short name of several."""
        letter = self.take()
        if letter.lower() in _SHORT:
            return Sign(_SHORT[letter.lower()], negated=letter.isupper())
        if not letter or letter.isalnum():
            raise self.fault("unsupported", at, found=f"\\{letter}")
        return Sign(((letter, letter),))

    def several(self, at: int) -> Sign:
        """``[...]``, the opening bracket already passed."""
        negated = self.next() == "^"
        if negated:
            self.take()
        ranges: list[tuple[str, str]] = []
        while self.next() != "]" or not ranges:
            if not self.next():
                raise self.fault("unclosed", at, found="[")
            ranges.extend(self.range())
        self.take()
        return Sign(tuple(ranges), negated)

    def range(self) -> Ranges:
        """A character, a span ``A-Z`` or a short name within brackets."""
        at = self.at
        low = self.edge()
        if isinstance(low, Sign):
            return low.ranges
        if self.next() != "-" or self.text[self.at + 1 : self.at + 2] in ("]", ""):
            return ((low, low),)
        self.take()
        high = self.edge()
        if isinstance(high, Sign) or high < low:
            raise self.fault("range", at)
        return ((low, high),)

    def edge(self) -> str | Sign:
        """One end of a span."""
        at = self.at
        character = self.take()
        if character != "\\":
            return character
        sign = self.escaped(at)
        if sign.negated:
            raise self.fault("unsupported", at, found=self.text[at : at + 2])
        return sign if sign.ranges in _SHORT.values() else sign.ranges[0][0]


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3
