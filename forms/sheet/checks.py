"""Checks that every study has: whether a value can be read, its unit, its bounds, and whether it is in another unit.

All are pure and look at one value. Bounds are inclusive and stand in the item's first unit; a result reported in
another unit is converted first, one that can't be converted is not judged. A censored result (``<0.5``) is outside
bounds only when every value it can stand for is.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from forms.compiled.study import ItemPlan
from forms.findings import Severity
from forms.shown import quantity
from forms.study.definition import Bounds, Item, LabRange, Text
from forms.subject.filled import in_first_unit
from forms.texts import both
from forms.value import Value
from forms.values.censored import Censored
from forms.values.dates import lacking_part
from forms.values.digits import number_words, result_words
from forms.values.glyphs import code_points, lacking
from forms.values.kinds import typed
from forms.values.units import can_convert, convert, known, symbol

Saying = tuple[str, Text, Severity]
"""(rule, text, severity): a finding without its place."""

SLIPS = (Decimal(10), Decimal(100), Decimal(1000))
"""A decimal point typed in the wrong place, either way."""

FAR, NEAR = Decimal(8), Decimal("1.3")
"""Times off the last value, for `check_trend`."""

_KIND_WORDS = {"integer": "integer", "number": "number", "date": "date", "datetime": "datetime", "time": "time"}


def check_value(plan: ItemPlan, value: Value) -> tuple[Saying, ...]:
    """Everything to be said about a value by itself, except which other unit it may be in."""
    if value.blank:
        return ()
    lost = lacking(value.text)
    if lost:
        told: Saying = ("glyph.missing", both("forms.glyph_missing", signs=code_points(lost)), "note")
        return (told, *_check_reading(plan, value))
    return _check_reading(plan, value)


def _check_reading(plan: ItemPlan, value: Value) -> tuple[Saying, ...]:
    item = plan.item
    if value.missing:
        if value.missing in item.missing:
            return ()
        allowed = ", ".join(item.missing) or "-"
        return (("kind.missing_code", both("forms.missing_code", code=value.missing, allowed=allowed), "block"),)
    if value.unread:
        return (("kind.unread", _unread_words(item, value.text), "block"),)
    if value.value and item.kind == "code" and plan.codelist is not None and value.value not in plan.codelist.labels:
        return (("kind.unread", both("forms.unread_code"), "block"),)
    if item.kind not in ("number", "integer", "date", "datetime"):
        return ()
    if typed(item, value) is None:
        return (("kind.unread", _unread_words(item, value.text), "block"),)
    if item.kind not in ("number", "integer"):
        return ()
    if not unit_is_ours(item, value.unit):
        words = both("forms.unit", unit=value.unit or "-", units=", ".join(item.units) or "-")
        return (("kind.unit", words, "block"),)
    return tuple(_check_bounds(item, value))


def _unread_words(item: Item, text: str) -> Text:
    if item.kind in ("code", "codes"):
        return both("forms.unread_code")
    missed = lacking_part(text, timed=item.kind == "datetime") if item.kind in ("date", "datetime") else ""
    if missed and not (item.partial and missed != "year"):
        return both(f"forms.date_lacks_{missed}")
    key = _KIND_WORDS.get(item.kind, "text")
    if item.partial and key in ("date", "datetime"):
        key = "partial_date"
    return both(f"forms.unread_{key}")


def unit_is_ours(item: Item, unit: str) -> bool:
    """Whether the unit is among the item's, in whatever spelling, or one that leads to its first unit."""
    if not unit:
        return not item.units
    if unit in item.units:
        return True
    name = item.analyte or item.id
    meant = symbol(name, unit)
    if meant is None or not item.units:
        return False
    return any(symbol(name, ours) == meant for ours in item.units) or can_convert(name, meant, item.units[0])


def outside(number: Decimal | Censored, bounds: Bounds | None) -> str:
    """``low`` or ``high`` when the number is certainly outside the bounds, else ""."""
    if bounds is None:
        return ""
    exact = isinstance(number, Decimal)
    at = number if isinstance(number, Decimal) else number.number
    sign = "" if isinstance(number, Decimal) else number.sign
    if (
        bounds.low is not None
        and (exact or sign in ("<", "<="))
        and (at < bounds.low or (sign == "<" and at == bounds.low))
    ):
        return "low"
    if (
        bounds.high is not None
        and (exact or sign in (">", ">="))
        and (at > bounds.high or (sign == ">" and at == bounds.high))
    ):
        return "high"
    return ""


def _number(item: Item, value: Value) -> Decimal | Censored | None:
    number = in_first_unit(item, value)
    return number if isinstance(number, Decimal | Censored) else None


def _check_bounds(item: Item, value: Value) -> Iterator[Saying]:
    number = _number(item, value)
    if number is None:
        return
    severities: tuple[tuple[str, Bounds | None, Severity], ...] = (
        ("hard", item.hard, "block"),
        ("soft", item.soft, "query"),
    )
    for name, bounds, severity in severities:
        side = outside(number, bounds)
        if side and bounds is not None:
            limit = bounds.low if side == "low" else bounds.high
            unit = item.units[0] if item.units else ""
            assert limit is not None
            yield f"bounds.{name}", both(f"forms.{name}_{side}", limit=quantity(number_words(limit), unit)), severity
            return


def check_unit_mix_up(item: Item, value: Value, limits: LabRange | None, last: Decimal | None) -> Saying | None:
    """A number outside its bounds that would be ordinary in another unit, or with its point moved: the likely one.

    ``limits`` is the reference range, ``last`` the person's previous value; both in the item's first unit. Candidates
    are what falls into the range or the soft bounds. The form's own units are likelier than other known ones, those
    than a slip of the decimal point; then comes what is closest to the last value, then what lies within the range.
    """
    raw = typed(item, value)
    number = _number(item, value)
    if not isinstance(raw, Decimal) or not isinstance(number, Decimal) or number == 0:
        return None
    if not (outside(number, item.hard) or outside(number, item.soft)):
        return None
    ordinary = _ordinary(item, limits)
    first = item.units[0] if item.units else ""
    ranked: list[tuple[int, Decimal, bool, int, str, Decimal]] = []
    for at, (unit, meant) in enumerate(_candidates(item, raw, value.unit, number)):
        in_soft = item.soft is None or not outside(meant, item.soft)
        if in_soft and not outside(meant, item.hard) and any(not outside(meant, bounds) for bounds in ordinary):
            outside_range = limits is None or bool(outside(meant, Bounds(limits.low, limits.high)))
            likely = 0 if unit in item.units else 1 if unit else 2
            moved = outside_range if likely == 2 else False
            ranked.append((likely, _distance(meant, last), moved, at, unit, meant))
    if not ranked:
        return None
    *_, unit, meant = min(ranked)
    told = {"typed": quantity(value.value, value.unit), "meant": quantity(result_words(meant), first)}
    if unit:
        return "bounds.unit", both("forms.unit_mix_up", unit=quantity("", unit), **told), "query"
    return "bounds.unit", both("forms.decimal_slip", **told), "query"


def check_trend(item: Item, value: Value, last: Decimal | None) -> Saying | None:
    """A note on a number within bounds that is far from the last one, and near it in another unit of the form.

    Far is `FAR` times off or more, near `NEAR` times at most: our own choice, so that a real fall is rarely named.
    """
    raw, number = typed(item, value), _number(item, value)
    if not isinstance(raw, Decimal) or not isinstance(number, Decimal) or number <= 0 or last is None or last <= 0:
        return None
    if _distance(number, last) < FAR:
        return None
    name = item.analyte or item.id
    for unit in item.units:
        meant = convert(name, raw, unit, item.units[0])
        if meant is not None and meant > 0 and _distance(meant, last) <= NEAR:
            told = {"typed": quantity(value.value, value.unit), "meant": quantity(result_words(meant), item.units[0])}
            return "bounds.unit", both("forms.unit_trend", unit=quantity("", unit), **told), "note"
    return None


def _ordinary(item: Item, limits: LabRange | None) -> list[Bounds]:
    found = [] if limits is None else [Bounds(limits.low, limits.high)]
    return [*found, item.soft] if item.soft is not None else found


def _candidates(item: Item, raw: Decimal, unit: str, number: Decimal) -> Iterator[tuple[str, Decimal]]:
    """(unit, amount in the first unit) for every other unit, then ("", amount) for a moved decimal point."""
    if item.units:
        name = item.analyte or item.id
        mine = symbol(name, unit)
        for other in dict.fromkeys((*item.units, *known(name))):
            if other == unit or symbol(name, other) == mine:
                continue
            meant = convert(name, raw, other, item.units[0])
            if meant is not None and meant != number:
                yield other, meant
    for factor in SLIPS:
        yield "", number * factor
        yield "", number / factor


def _distance(meant: Decimal, last: Decimal | None) -> Decimal:
    """How many times off the last value; zero when there is none to compare with."""
    if last is None or last <= 0 or meant <= 0:
        return Decimal(0)
    return max(meant / last, last / meant)
