"""Median, range and quartiles on Decimal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

MEDIAN_METHOD = "median (minimum-maximum)"


@dataclass(frozen=True, slots=True)
class Summary:
    """Of known values: how many, median, extremes and quartiles; None of nothing."""

    n: int
    median: Decimal | None
    low: Decimal | None
    high: Decimal | None
    first_quartile: Decimal | None
    third_quartile: Decimal | None


def quantile(values: Sequence[Decimal], share: Decimal) -> Decimal:
    """The quantile of sorted values by linear interpolation (type 7; Hyndman and Fan, Am Stat 1996;50:361-365)."""
    place = share * (len(values) - 1)
    at = int(place)
    rest = place - at
    if rest == 0:
        return values[at]
    return values[at] + (values[at + 1] - values[at]) * rest


def describe(values: Sequence[Decimal]) -> Summary:
    """Summary of the values, in any order."""
    if not values:
        return Summary(0, None, None, None, None, None)
    ordered = sorted(values)
    return Summary(
        len(ordered),
        quantile(ordered, Decimal("0.5")),
        ordered[0],
        ordered[-1],
        quantile(ordered, Decimal("0.25")),
        quantile(ordered, Decimal("0.75")),
    )
