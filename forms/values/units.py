"""Units of measurement: spellings, conversions for each analyte, and the analyte that a code or name stands for.

Facts lie in `resources/units.json`: under ``units`` the spellings of each unit, under ``measurements`` what each one is
reported in, what it is called (``names``, ``loinc``), and what can be true of it (``possible``, ``usual``, see
`forms.grading.scale`). A factor ``"10"`` leads to the analyte's first unit by multiplying, ``"/88.57"`` by dividing,
``"F"`` is degrees Fahrenheit; ``null`` marks a unit that the analyte is reported in but that no factor leads out of
(assay-specific). A spelling is looked up among the units of its analyte alone, so ``G/L`` is giga per litre of a count
and grams per litre of a protein. A unit that is not listed for an analyte is unknown for it: nothing is guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from forms.values.glyphs import folded
from resources import folder

SAME_AS_LIMITS = "same unit as limits"
"""Unit of ratios in the criteria: value and limits share a unit, whichever it is."""

ONE = Decimal(1)
_WITHOUT_DIMENSION = frozenset({"ratio", "pH", "decimal", "SD", "points"})


class Factor(NamedTuple):
    """``canonical = value * times / over``; ``fahrenheit`` marks the one scale with another zero."""

    times: Decimal
    over: Decimal
    fahrenheit: bool = False


class Plausible(NamedTuple):
    """Results and limits of normal that a measurement can have, in its first unit; None: not limited.

    ``possible`` are the lowest and highest result; ``usual`` the limits of normal as they mostly are, and ``apart`` how
    many times off a laboratory's own may be.
    """

    possible: tuple[Decimal, Decimal] | None
    usual: tuple[Decimal | None, Decimal | None]
    apart: Decimal


class _Facts(NamedTuple):
    spellings: Mapping[str, frozenset[str]]
    units: Mapping[str, Mapping[str, Factor | None]]
    names: Mapping[str, str]
    codes: Mapping[str, str]
    measured: frozenset[str]
    called: Mapping[str, str]
    scales: Mapping[str, Plausible]


def _factor(text: str | None) -> Factor | None:
    if text is None:
        return None
    if text == "F":
        return Factor(ONE, Decimal("1.8"), fahrenheit=True)
    return Factor(ONE, Decimal(text[1:])) if text.startswith("/") else Factor(Decimal(text), ONE)


def _scale(entry: Mapping[str, Any]) -> Plausible | None:
    if "possible" not in entry and "usual" not in entry:
        return None
    possible = tuple(map(Decimal, entry["possible"])) if "possible" in entry else None
    low, high, apart = (None if part is None else Decimal(part) for part in entry.get("usual", (None, None, "1")))
    return Plausible((possible[0], possible[1]) if possible else None, (low, high), apart or ONE)


@cache
def _facts() -> _Facts:
    raw = json.loads(folder("units.json").read_text(encoding="utf-8"))
    units: dict[str, Mapping[str, Factor | None]] = {}
    names: dict[str, str] = {}
    codes: dict[str, str] = {}
    called: dict[str, str] = {}
    scales: dict[str, Plausible] = {}
    for entry in raw["measurements"]:
        factors = {unit: _factor(text) for unit, text in entry["units"].items()}
        code, name = entry["code"], entry["name"]
        scale = _scale(entry)
        for key in filter(None, (name, code)):
            units[key] = factors
            if scale is not None:
                scales[key] = scale
        if code and name:
            names[code] = name
            codes[name] = code
        for other in filter(None, (code, name, *entry.get("names", ()), *entry.get("loinc", ()))):
            called.setdefault(_plain(other), code or name)
    measured = frozenset(entry["name"] for entry in raw["measurements"] if entry["name"])
    return _Facts(_spellings(raw["units"], raw["measurements"]), units, names, codes, measured, called, scales)


def _spellings(listed: Mapping[str, Sequence[str]], entries: Sequence[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for entry in entries:
        for unit in entry["units"]:
            found.setdefault(_squeezed(unit), set()).add(unit)
    for unit, spellings in listed.items():
        for spelling in spellings:
            found.setdefault(_squeezed(spelling), set()).add(unit)
    return {spelling: frozenset(units) for spelling, units in found.items()}


# --- names of measurements ---------------------------------------------------------------------------------------

_UNHEARD = re.compile(r"[\s\-‐‑–_,.:;()\[\]/+·]+")
_AROUND = re.compile(r"^(?:serum|plasma|blood|total|血清|血浆|血)|(?:level|count|计数|浓度|测定)$")


def _plain(name: str) -> str:
    """A name as it is compared: without width, case, blanks, dashes, brackets and the like."""
    return _UNHEARD.sub("", folded(name).casefold())


@cache
def key_of(name: str) -> str:
    """The name of a measurement here: its laboratory code, or its CTCAE name where it has none; "" for unknown.

    Taken are codes of this house and of CDISC (LBTESTCD, EGTESTCD, VSTESTCD), LOINC and common names in either
    language, whatever their case, width and punctuation, with or without "serum" before and "count" behind them.
    """
    called = _facts().called
    plain = _plain(name)
    return called.get(plain) or called.get(_AROUND.sub("", plain), "")


@cache
def analyte_of(name: str) -> str:
    """The CTCAE measurement that a code or name stands for, e.g. ``PLT`` or ``血小板`` -> ``Platelets``.

    "" when CTCAE does not speak of it in any edition.
    """
    facts = _facts()
    if name in facts.measured:
        return name
    key = key_of(name)
    return facts.names.get(key, key if key in facts.measured else "")


def like(name: str, few: int = 3) -> tuple[str, ...]:
    """Names of measurements that an unknown one may have been meant for, the likeliest first."""
    from rapidfuzz import fuzz, process  # loaded when a name fits nothing by itself

    facts = _facts()
    near = process.extract(_plain(name), list(facts.called), scorer=fuzz.ratio, score_cutoff=60, limit=4 * few)
    keys = dict.fromkeys(facts.called[plain] for plain, _, _ in near)
    return tuple(facts.names.get(key, key) for key in keys)[:few]


def code_of(analyte: str) -> str:
    """The laboratory code of a CTCAE measurement, "" when it has none."""
    return _facts().codes.get(analyte, "")


def _units(analyte: str) -> Mapping[str, Factor | None] | None:
    units = _facts().units
    found = units.get(analyte)
    return units.get(key_of(analyte)) if found is None else found


def known(analyte: str) -> tuple[str, ...]:
    """Units an analyte (by any of its names) is reported in, the canonical one first. Empty when unknown."""
    return tuple(_units(analyte) or ())


@cache
def scale_of(analyte: str) -> Plausible | None:
    """The results an analyte can have, in its first unit; None where nothing is said of it."""
    return _facts().scales.get(analyte) or _facts().scales.get(key_of(analyte))


# --- spellings of units ------------------------------------------------------------------------------------------

_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_LEVEL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_ALIKE = str.maketrans(
    {"º": "°", "˚": "°", "℃": "°C", "℉": "°F", "−": "-", "–": "-", "⁄": "/", "∕": "/", "∙": ".", "⋅": ".", "㎣": "mm3"}
)
_RESPELLED = tuple(
    (re.compile(pattern), meant)
    for pattern, meant in (
        (r"\s+per\s+", "/"),
        (r"[\s_{}]+", ""),
        ("[·•]", "."),
        ("[μµ]", "u"),
        ("[×✕]", "x"),
        (r"\[i?u\]", "iu"),
        (r"(?<![a-z])mc(?=g|l(?![a-z])|mol|kat|iu)", "u"),
        (r"cu\.?mm|(?<![a-z])cmm", "mm3"),
        (r"^[x*.]?10(?:\*{1,2}|\^|e|~|exp)?\(?\+?0?([2-9]|1[0-2])\)?(?![0-9])", r"10^\1"),
        (r"^x?1?e\+?0?([2-9]|1[0-2])(?![0-9])", r"10^\1"),
        (r"\.?(dl|ml|ul|nl|l|kg|min|h|s)\^?-1(?![0-9])", r"/\1"),
        (r"(?<=10)\^|(?<=m)\^(?=[23])", ""),
        (r"^(10\d+)[.]?(?=/)", r"\1"),
    )
)
_ANNOTATION = re.compile(r"\{[^{}]*\}")


def _squeezed(unit: str) -> str:
    """The spelling without what typing varies: case, blanks, micro and multiplication signs, how powers are written."""
    text = _RAISED.sub(lambda raised: "^" + raised[0].translate(_LEVEL), unit.strip().translate(_ALIKE))
    text = folded(text).casefold()
    for pattern, meant in _RESPELLED:
        text = pattern.sub(meant, text)
    return text


@cache
def symbol(analyte: str, unit: str) -> str | None:
    """The one way this house writes ``unit`` for ``analyte``; None when the analyte is not reported in it."""
    units = _units(analyte)
    if units is None:
        return None
    if unit in units:
        return unit
    if unit.strip() in {"", "1", SAME_AS_LIMITS}:
        first = next(iter(units))
        return first if first in _WITHOUT_DIMENSION else None
    spellings = _facts().spellings
    for text in (unit, _ANNOTATION.sub("", unit)):
        squeezed = _squeezed(text)
        own = [one for one in units if _squeezed(one) == squeezed]
        found = own or [one for one in spellings.get(squeezed, ()) if one in units]
        if len(found) == 1:
            return found[0]
    return None


@cache
def factor_between(analyte: str, from_unit: str, to_unit: str) -> tuple[Decimal, Decimal, bool, bool] | None:
    """``(times, over, from Fahrenheit, to Fahrenheit)`` between two units; None when nothing leads there."""
    units = _units(analyte) or {}
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
