"""Median, range and quartiles on Decimal; results given as a limit (``<500``) keep their sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from forms.values.censored import Amount, Censored

MEDIAN_METHOD = "median (minimum-maximum)"


_ORDER = {"<": -2, "<=": -1, ">=": 1, ">": 2}
"""Of results with the same number: what is below it comes first, what is above it last."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Of known values: how many, median and extremes; None of nothing."""

    n: int
    median: Amount | None
    low: Amount | None
    high: Amount | None


def quantile(values: Sequence[Amount], share: Decimal) -> Amount:
    """The quantile of sorted values by linear interpolation (type 7; Hyndman and Fan, Am Stat 1996;50:361-365).

    Between a number and a limit it is a limit of the same sign; between limits of opposite signs their numbers alone
    are left.
    """
    place = share * (len(values) - 1)
    at = int(place)
    rest = place - at
    if rest == 0:
        return values[at]
    one, other = values[at], values[at + 1]
    low, high = _number(one), _number(other)
    number = low + (high - low) * rest
    signs = {value.sign[0]: value.sign for value in (one, other) if isinstance(value, Censored)}
    return Censored(next(iter(signs.values())), number) if len(signs) == 1 else number


def describe(values: Sequence[Amount]) -> Summary:
    """Summary of the values, in any order."""
    if not values:
        return Summary(0, None, None, None)
    ordered = sorted(values, key=lambda value: (_number(value), _rank(value)))
    return Summary(len(ordered), quantile(ordered, Decimal("0.5")), ordered[0], ordered[-1])


def _number(value: Amount) -> Decimal:
    return value.number if isinstance(value, Censored) else value


def _rank(value: Amount) -> int:
    return _ORDER[value.sign] if isinstance(value, Censored) else 0
