"""Tests of tables and of ranks. Exact ones are exact: integer arithmetic over all tables or all rank sums."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reports.statistics.freeman_halton import DRAWS, drawn_p, exact_p
from reports.statistics.special import chi_square_tail, normal_tail

FISHER = "Fisher's exact test, two-sided"
FREEMAN_HALTON = "Fisher-Freeman-Halton exact test"
FREEMAN_HALTON_DRAWN = f"Fisher-Freeman-Halton test, {DRAWS:,} seeded draws"
PEARSON = "Pearson's chi-square test without continuity correction"
RANK_SUM = "Wilcoxon rank-sum test, two-sided, exact"
RANK_SUM_NORMAL = "Wilcoxon rank-sum test, two-sided, normal approximation with tie correction"
RANK_SUM_PLAIN = "Wilcoxon rank-sum test, two-sided, normal approximation with tie correction, no continuity correction"
SIGNED_RANK = "Wilcoxon signed-rank test, two-sided, exact"
SIGNED_RANK_NORMAL = "Wilcoxon signed-rank test, two-sided, normal approximation with tie correction"
SIGNED_RANK_PLAIN = (
    "Wilcoxon signed-rank test, two-sided, normal approximation with tie correction, no continuity correction"
)

EXACT_UP_TO = 50
"""Rank tests are exact up to this many values together."""

PLAIN_ABOVE = 20
"""Up to this many values an approximation is no answer, even where asked for: five pairs can't give P = 0.043 when
the least that five signs can give is 0.0625."""


@dataclass(frozen=True, slots=True)
class Tested:
    """Result of a test. ``p`` is None where it can't be computed; ``error``: its standard error where it was drawn."""

    p: float | None
    method: str
    statistic: float | None = None
    freedom: int = 0
    error: float = 0.0


def fisher(table: Sequence[Sequence[int]]) -> Tested:
    """Fisher's exact test of a 2 x 2 table: sum of all tables no more probable than the one seen."""
    return freeman_halton(table, FISHER)


def freeman_halton(table: Sequence[Sequence[int]], method: str = FREEMAN_HALTON) -> Tested:
    """Fisher's test of an r x c table (Freeman and Halton, Biometrika 1951;38:141-149).

    Exact where that takes about a second, else by a million seeded draws, whose standard error is given.
    """
    filled = [line for line in table if sum(line)]
    columns = [column for column in zip(*filled, strict=True) if sum(column)]
    lines = [list(line) for line in zip(*columns, strict=True)]
    if len(lines) < 2 or len(columns) < 2:
        return Tested(None, method)
    exact = exact_p(lines)
    if exact is not None:
        return Tested(exact, method)
    p, error = drawn_p(lines)
    return Tested(p, FREEMAN_HALTON_DRAWN, error=error)


def pearson(table: Sequence[Sequence[int]]) -> Tested:
    """Pearson's chi-square test without Yates' correction."""
    rows = [sum(line) for line in table]
    columns = [sum(column) for column in zip(*table, strict=True)]
    total = sum(rows)
    freedom = (sum(1 for row in rows if row) - 1) * (sum(1 for column in columns if column) - 1)
    if freedom < 1:
        return Tested(None, PEARSON)
    statistic = Fraction(0)
    for line, row in zip(table, rows, strict=True):
        for count, column in zip(line, columns, strict=True):
            if row and column:
                expected = Fraction(row * column, total)
                statistic += (count - expected) ** 2 / expected
    return Tested(chi_square_tail(float(statistic), freedom), PEARSON, float(statistic), freedom)


def _doubled_ranks(values: Sequence[Decimal]) -> list[int]:
    """Twice the mid-ranks, which makes them whole."""
    order = sorted(values)
    first = {value: at for at, value in reversed(list(enumerate(order)))}
    count = Counter(order)
    return [2 * first[value] + count[value] + 1 for value in values]


def _sums(ranks: Sequence[int], chosen: int) -> Counter[int]:
    """How many choices of ``chosen`` ranks have each sum."""
    ways: list[Counter[int]] = [Counter({0: 1})] + [Counter() for _ in range(chosen)]
    for rank in ranks:
        for size in range(chosen, 0, -1):
            for total, count in ways[size - 1].items():
                ways[size][total + rank] += count
    return ways[chosen]


def _two_sided(distribution: Counter[int], seen: int) -> float:
    """Twice the smaller tail, at most one."""
    everything = sum(distribution.values())
    below = sum(count for total, count in distribution.items() if total <= seen)
    above = sum(count for total, count in distribution.items() if total >= seen)
    return min(1.0, float(Fraction(2 * min(below, above), everything)))


def rank_sum(first: Sequence[Decimal], second: Sequence[Decimal], *, plain: bool = False) -> Tested:
    """Wilcoxon's rank-sum (Mann-Whitney) test of two independent groups; statistic is U of the first.

    Exact over all divisions of the mid-ranks up to 50 values, else normal with tie and continuity correction.
    ``plain``: above 20 values normal with tie correction alone, as SPSS prints it.
    """
    n, m = len(first), len(second)
    if not n or not m:
        return Tested(None, RANK_SUM)
    ranks = _doubled_ranks([*first, *second])
    seen = sum(ranks[:n])
    statistic = seen / 2.0 - n * (n + 1) / 2.0
    if n + m <= (PLAIN_ABOVE if plain else EXACT_UP_TO):
        return Tested(_two_sided(_sums(ranks, n), seen), RANK_SUM, statistic)
    ties = sum(count**3 - count for count in Counter(ranks).values())
    total = n + m
    variance = n * m / 12.0 * (total + 1 - ties / (total * (total - 1)))
    method = RANK_SUM_PLAIN if plain else RANK_SUM_NORMAL
    return Tested(_normal_p(statistic - n * m / 2.0, variance, plain), method, statistic)


def signed_rank(differences: Sequence[Decimal], *, plain: bool = False) -> Tested:
    """Wilcoxon's signed-rank test of paired differences; zeros are left out; statistic is the positive rank sum.

    Exact over all signs of the mid-ranks up to 50 differences, else normal with tie and continuity correction.
    ``plain``: above 20 differences normal with tie correction alone, as SPSS prints it.
    """
    moved = [value for value in differences if value != 0]
    if not moved:
        return Tested(None, SIGNED_RANK)
    ranks = _doubled_ranks([abs(value) for value in moved])
    seen = sum(rank for rank, value in zip(ranks, moved, strict=True) if value > 0)
    n = len(moved)
    if n <= (PLAIN_ABOVE if plain else EXACT_UP_TO):
        sums = Counter({0: 1})
        for rank in ranks:
            added = Counter({total + rank: count for total, count in sums.items()})
            sums = sums + added
        return Tested(_two_sided(sums, seen), SIGNED_RANK, seen / 2.0)
    ties = sum(count**3 - count for count in Counter(ranks).values())
    variance = n * (n + 1) * (2 * n + 1) / 24.0 - ties / 48.0
    method = SIGNED_RANK_PLAIN if plain else SIGNED_RANK_NORMAL
    return Tested(_normal_p(seen / 2.0 - n * (n + 1) / 4.0, variance, plain), method, seen / 2.0)


def _normal_p(distance: float, variance: float, plain: bool) -> float | None:
    if variance <= 0:
        return None
    corrected = abs(distance) if plain else max(0.0, abs(distance) - 0.5)
    return min(1.0, 2.0 * normal_tail(corrected / math.sqrt(variance)))
