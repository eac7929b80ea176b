"""Units of measurement: spellings, conversions for each analyte, and the analyte that a laboratory code stands for.

Facts lie in `resources/units.json`. A factor ``"10"`` leads to the analyte's first unit by multiplying, ``"/88.57"`` by
dividing, ``"F"`` is degrees Fahrenheit; ``null`` marks a unit that the analyte is reported in but that no factor leads
out of (assay-specific). A unit that is not listed for an analyte is unknown for it: nothing is guessed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from forms.values.glyphs import folded
from resources import folder

SAME_AS_LIMITS = "same unit as limits"
"""What the criteria write for ratios: value and limits share a unit, whichever it is."""

ONE = Decimal(1)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_WITHOUT_DIMENSION = frozenset({"ratio", "pH", "decimal", "SD", "points"})
_CASE_MATTERS = frozenset({"G/L", "T/L", "F", "C", "a"})


class Factor(NamedTuple):
    """``canonical = value * times / over``; ``fahrenheit`` marks the one scale with another zero."""

    times: Decimal
    over: Decimal
    fahrenheit: bool = False


class _Facts(NamedTuple):
    spellings: Mapping[str, str]
    units: Mapping[str, Mapping[str, Factor | None]]
    names: Mapping[str, str]
    codes: Mapping[str, str]
    measured: frozenset[str]


def _factor(text: str | None) -> Factor | None:
    if text is None:
        return None
    if text == "F":
        return Factor(ONE, Decimal("1.8"), fahrenheit=True)
    return Factor(ONE, Decimal(text[1:])) if text.startswith("/") else Factor(Decimal(text), ONE)


@cache
def _facts() -> _Facts:
    raw = json.loads(folder("units.json").read_text(encoding="utf-8"))
    units: dict[str, Mapping[str, Factor | None]] = {}
    names: dict[str, str] = {}
    codes: dict[str, str] = {}
    for entry in raw["measurements"]:
        factors = {unit: _factor(text) for unit, text in entry["units"].items()}
        code, name = entry["code"], entry["name"]
        for key in (name, code):
            if key:
                units[key] = factors
        if code and name:
            names[code] = name
            codes[name] = code
    measured = frozenset(entry["name"] for entry in raw["measurements"] if entry["name"])
    return _Facts(raw["spellings"], units, names, codes, measured)


def analyte_of(code: str) -> str:
    """The CTCAE measurement that a laboratory or vital-sign code stands for, e.g. ``PLT`` -> ``Platelets``.

    A name that is a CTCAE measurement itself is returned as it is; "" when CTCAE does not speak of it.
    """
    facts = _facts()
    if code in facts.names:
        return facts.names[code]
    return code if code in facts.measured else ""


def code_of(analyte: str) -> str:
    """The laboratory code of a CTCAE measurement, "" when it has none."""
    return _facts().codes.get(analyte, "")


def known(analyte: str) -> tuple[str, ...]:
    """Units an analyte (by code or CTCAE name) is reported in, the canonical one first. Empty when unknown."""
    return tuple(_facts().units.get(analyte, ()))


def _squeezed(unit: str) -> str:
    """The spelling without what typing varies: blanks, the micro sign, multiplication signs, raised digits."""
    text = unit.strip()
    for raised in "⁰¹²³⁴⁵⁶⁷⁸⁹":
        if raised in text:
            head, _, tail = text.partition(raised)
            text = f"{head}^{raised.translate(_SUPERSCRIPT)}{tail.translate(_SUPERSCRIPT)}"
            break
    text = folded(text.replace("℃", "°C").replace("℉", "°F")).replace(" ", "")
    for typed, meant in (
        ("μ", "u"),
        ("µ", "u"),
        ("×", "x"),
        ("10**", "10^"),
        ("10*", "10^"),
        ("10E", "10^"),
        ("10e", "10^"),
    ):
        text = text.replace(typed, meant)
    return text[1:] if text[:3] in {"x10", "X10", "*10"} else text


@cache
def symbol(analyte: str, unit: str) -> str | None:
    """The one way this house writes ``unit`` for ``analyte``; None when the analyte is not reported in it."""
    facts = _facts()
    units = facts.units.get(analyte)
    if units is None:
        return None
    if unit.strip() in {"", "1", SAME_AS_LIMITS}:
        first = next(iter(units))
        return first if first in _WITHOUT_DIMENSION else None
    for text in (unit, _squeezed(unit)):
        if text in units:
            return text
        found = facts.spellings.get(text)
        if found in units:
            return found
    if _squeezed(unit) in _CASE_MATTERS:
        return None
    lower = _squeezed(unit).lower()
    matches = {known_unit for known_unit in units if known_unit.replace(" ", "").lower() == lower}
    matches |= {
        meant
        for spelling, meant in facts.spellings.items()
        if meant in units and spelling not in _CASE_MATTERS and spelling.lower() == lower
    }
    return matches.pop() if len(matches) == 1 else None


@cache
def factor_between(analyte: str, from_unit: str, to_unit: str) -> tuple[Decimal, Decimal, bool, bool] | None:
    """``(times, over, from Fahrenheit, to Fahrenheit)`` between two units; None when nothing leads there."""
    units = _facts().units.get(analyte, {})
    start, end = symbol(analyte, from_unit), symbol(analyte, to_unit)
    if start is None or end is None:
        return None
    if start == end:
        return ONE, ONE, False, False
    first, second = units[start], units[end]
    if first is None or second is None:
        return None
    return first.times * second.over, first.over * second.times, first.fahrenheit, second.fahrenheit


def can_convert(analyte: str, from_unit: str, to_unit: str) -> bool:
    """Whether a result in one unit can be told in another."""
    return factor_between(analyte, from_unit, to_unit) is not None


def convert(analyte: str, value: Decimal, from_unit: str, to_unit: str) -> Decimal | None:
    """``value`` of ``analyte`` in another unit, unrounded; None when either unit is unknown or no factor exists.

    Factors: conventional ones of clinical chemistry (SI brochure, molar masses), as listed in `resources/units.json`.
    """
    found = factor_between(analyte, from_unit, to_unit)
    if found is None:
        return None
    times, over, out_of_fahrenheit, into_fahrenheit = found
    if out_of_fahrenheit:
        value -= 32
    result = value * times if over == ONE else value * times / over
    return result + 32 if into_fahrenheit else result
