"""What a page shows otherwise than the one that was kept: what came, what went, what moved and by how much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

NEAR = 0.2
"""Points that a piece may lie elsewhere: less than a printer or an eye tells apart."""
MOST = 12
"""Differences of a kind that are written out; of more there is a count."""
NUMBERS = re.compile(r"(-?\d+(?:\.\d+)?(?: -?\d+(?:\.\d+)?)*) ?(.*)", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """One line of a dump: its kind and look (what is compared word for word), and where its points lie."""

    what: str
    at: tuple[float, ...]

    @property
    def words(self) -> str:
        """How the piece is called in a message."""
        x, y = (*self.at, 0, 0)[:2]
        return f"{self.what} at {x:g}, {y:g}"


def read(line: str) -> Piece:
    """A line of a dump."""
    kind, _, rest = line.partition(" ")
    found = NUMBERS.match(rest)
    assert found, line
    return Piece(f"{kind} {found[2]}".strip(), tuple(float(number) for number in found[1].split()))


def differences(kept: Sequence[str], now: Sequence[str]) -> list[str]:
    """What a person has to know to tell a fault from a wish; [] when the pages are the same."""
    before, after = [read(line) for line in kept], [read(line) for line in now]
    told: list[str] = []
    moved: list[tuple[Piece, tuple[float, ...]]] = []
    match = SequenceMatcher(None, [piece.what for piece in before], [piece.what for piece in after], autojunk=False)
    for kind, first, last, start, end in match.get_opcodes():
        if kind == "equal":
            for old, new in zip(before[first:last], after[start:end], strict=True):
                by = tuple(round(to - was, 1) for was, to in zip(old.at, new.at, strict=False))
                if len(old.at) != len(new.at) or any(abs(step) > NEAR for step in by):
                    moved.append((old, by if len(old.at) == len(new.at) else ()))
        else:
            told += [f"gone: {piece.words}" for piece in before[first:last]]
            told += [f"new: {piece.words}" for piece in after[start:end]]
    return [*shortened(told), *shortened(list(in_one_step(moved)))]


def in_one_step(moved: Sequence[tuple[Piece, tuple[float, ...]]]) -> Iterator[str]:
    """Pieces that moved; neighbours that moved by the same are told in one line."""
    at = 0
    while at < len(moved):
        piece, by = moved[at]
        after = at + 1
        while by and after < len(moved) and moved[after][1][:2] == by[:2]:
            after += 1
        others = f" and {after - at - 1} after it" if after - at > 1 else ""
        yield f"moved by {by[0]:+g}, {by[1]:+g}: {piece.words}{others}" if by else f"of another shape: {piece.words}"
        at = after


def shortened(told: list[str]) -> list[str]:
    """The first of many, and how many more there are."""
    return told if len(told) <= MOST else [*told[:MOST], f"... and {len(told) - MOST} more"]
