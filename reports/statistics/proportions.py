"""Limits of a proportion."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from reports.statistics.numbers import percent, rounded
from reports.statistics.special import beta_point

CLOPPER_PEARSON = "Clopper-Pearson exact, 95 %"


@dataclass(frozen=True, slots=True)
class Proportion:
    """``count`` of ``total`` in percent with its limits, as printed (one decimal); None where not estimable."""

    count: int
    total: int
    percent: Decimal | None
    low: Decimal | None
    high: Decimal | None
    method: str = CLOPPER_PEARSON


@lru_cache(maxsize=4096)
def clopper_pearson(count: int, total: int, level: float = 0.95) -> tuple[float, float] | None:
    """Exact limits as shares of one, None when total is 0. Clopper and Pearson, Biometrika 1934;26:404-413."""
    if total <= 0 or not 0 <= count <= total:
        return None
    tail = (1.0 - level) / 2.0
    low = 0.0 if count == 0 else beta_point(tail, count, total - count + 1)
    high = 1.0 if count == total else beta_point(1.0 - tail, count + 1, total - count)
    return low, high


def proportion(count: int, total: int) -> Proportion:
    """The proportion in percent with exact 95 % limits, rounded half away from zero to one decimal."""
    limits = clopper_pearson(count, total)
    low, high = (None, None) if limits is None else (rounded(limits[0] * 100), rounded(limits[1] * 100))
    return Proportion(count, total, percent(count, total), low, high)
