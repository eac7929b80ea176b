"""Bounds of a grade as the data files write them, read once into comparisons of exact decimals.

``75 <= x < LLN``, ``1.5*BL < x <= 3.0*BL``, ``x > ULN and x > BL``, ``10 <= fall <= 19``, ``fall_pct >= 75``.
Left and right stand numbers, a limit, a multiple of a limit or a limit plus a number; in the middle what is compared:

``x`` the result, ``t`` the temperature beside it, ``lines`` lines of vision lost, ``fall`` = BL - x, ``rise`` = x - BL,
``fall_pct`` and ``rise_pct`` the same in per cent of BL, ``below_lln`` = LLN - x. Changes are rewritten as comparisons
of ``x`` with a multiple of BL, so that nothing is ever divided.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

Comparison = Callable[[Decimal, Decimal], bool]

OPERATORS: Mapping[str, Comparison] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TERM = re.compile(r"(?:(?P<times>\d+(?:\.\d+)?)\*)?(?P<ref>LLN|ULN|BL|MI)(?:\+(?P<plus>\d+(?:\.\d+)?))?")
_SPLIT = re.compile(r"\s*(<=|>=|<|>)\s*")
ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)


class Atom(NamedTuple):
    """``name sign times*ref + plus``; ``ref`` "" means a plain number (``plus``)."""

    name: str
    sign: str
    compare: Comparison
    ref: str
    times: Decimal
    plus: Decimal

    def negated(self) -> Atom:
        """The comparison that holds exactly where this one doesn't."""
        return self._replace(sign=_NEGATED[self.sign], compare=OPERATORS[_NEGATED[self.sign]])

    def threshold(self, values: Mapping[str, Decimal | None]) -> Decimal | None:
        """The number that ``name`` is compared with; None when its limit is not known."""
        if not self.ref:
            return self.plus
        reference = values.get(self.ref)
        return None if reference is None else self.times * reference + self.plus


def parse_bound(text: str) -> tuple[Atom, ...]:
    """Read a bound; raises ``ValueError`` for text that is not one."""
    atoms: list[Atom] = []
    for part in text.split(" and "):
        pieces = _SPLIT.split(part.strip())
        if len(pieces) == 3:
            atoms.append(_atom(pieces[0], pieces[1], pieces[2]))
        elif len(pieces) == 5:
            atoms.append(_atom(pieces[2], _MIRRORED[pieces[1]], pieces[0]))
            atoms.append(_atom(pieces[2], pieces[3], pieces[4]))
        else:
            raise ValueError(f"not a bound: {text!r}")
    return tuple(atoms)


def _atom(name: str, sign: str, limit: str) -> Atom:
    found = _TERM.fullmatch(limit)
    if found is None:
        return _measured(name, sign, Decimal(limit))
    times = Decimal(found["times"] or 1)
    return Atom(name, sign, OPERATORS[sign], found["ref"], times, Decimal(found["plus"] or 0))


def _measured(name: str, sign: str, number: Decimal) -> Atom:
    """A comparison with a plain number, changes turned into comparisons of ``x``."""
    if name == "rise":
        return Atom("x", sign, OPERATORS[sign], "BL", ONE, number)
    if name == "rise_pct":
        return Atom("x", sign, OPERATORS[sign], "BL", (HUNDRED + number) / HUNDRED, ZERO)
    turned = _MIRRORED[sign]
    if name == "fall":
        return Atom("x", turned, OPERATORS[turned], "BL", ONE, -number)
    if name == "fall_pct":
        return Atom("x", turned, OPERATORS[turned], "BL", (HUNDRED - number) / HUNDRED, ZERO)
    if name == "below_lln":
        return Atom("x", turned, OPERATORS[turned], "LLN", ONE, -number)
    if name not in {"x", "t", "lines"}:
        raise ValueError(f"unknown measure {name!r}")
    return Atom(name, sign, OPERATORS[sign], "", ZERO, number)


def holds(atoms: Iterable[Atom], values: Mapping[str, Decimal | None]) -> bool | None:
    """Whether every comparison holds; None when that hangs on a value that is not known."""
    unknown = False
    for name, _sign, compare, ref, times, plus in atoms:
        value = values.get(name)
        if value is None:
            unknown = True
        elif not ref:
            if not compare(value, plus):
                return False
        else:
            reference = values.get(ref)
            if reference is None:
                unknown = True
            elif not compare(value, times * reference + plus):
                return False
    return None if unknown else True


def mild_end(atoms: Iterable[Atom], side: str) -> Atom | None:
    """The end of a band that faces the normal values: the upper one of a criterion of low values."""
    return _end(atoms, ("<", "<=") if side == "low" else (">", ">="))


def severe_end(atoms: Iterable[Atom], side: str) -> Atom | None:
    """The end of a band that faces the worse values; None for a band open that way."""
    return _end(atoms, (">", ">=") if side == "low" else ("<", "<="))


def _end(atoms: Iterable[Atom], signs: tuple[str, str]) -> Atom | None:
    return next((atom for atom in atoms if atom.name == "x" and atom.sign in signs), None)


def between(mild: Atom, severe: Atom, side: str) -> bool | None:
    """Whether values lie between the end of the milder band (``mild``) and the start of the worse one (``severe``).

    None when the two can't be compared without knowing a limit. Equal ends leave a gap only when neither includes it.
    """
    if mild.ref != severe.ref or (mild.ref and mild.times != severe.times and mild.plus != severe.plus):
        return None
    here, there = (mild.times, mild.plus), (severe.times, severe.plus)
    if here == there:
        return "=" not in mild.sign and "=" not in severe.sign
    return there < here if side == "low" else there > here
