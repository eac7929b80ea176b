"""How a patient's blood moves: disease activity, what each drug does to it, and a little scatter, all repeatable.

A quantity is ``normal`` without disease and ``active`` at presentation; in between it follows the patient's disease
activity (1 at presentation, 0 in remission) on a log scale. On top come the drugs: pegaspargase takes fibrinogen and
antithrombin down and triglycerides and bilirubin up with a peak about eleven days after the dose; gemcitabine and
oxaliplatin take platelets and neutrophils down with a trough about twelve days after day 1.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from math import exp, log

Points = Sequence[tuple[int, float]]


@dataclass(frozen=True)
class Quantity:
    """One measurement: its value in health and at presentation, what the drugs do, its decimals and scatter."""

    normal: float
    active: float
    decimals: int = 0
    peg: float = 0.0
    marrow: float = 0.0
    scatter: float = 0.05
    lowest: float = 0.0
    highest: float = 1e9


@dataclass(frozen=True)
class Course:
    """What drives the quantities of one patient; days count from the first dose (day 0)."""

    subject: str
    activity: Points
    peg_days: tuple[int, ...] = ()
    chemo_days: tuple[int, ...] = ()
    gem_days: tuple[int, ...] = ()
    quantities: dict[str, Quantity] = field(default_factory=dict)

    def value(self, name: str, day: int) -> Decimal:
        """The measured value on a day, rounded as the laboratory reports it."""
        return rounded(self.exact(name, day), self.quantities[name].decimals)

    def exact(self, name: str, day: int) -> float:
        """The same before rounding."""
        quantity = self.quantities[name]
        share = interpolate(self.activity, day)
        level = exp(log(quantity.normal) * (1 - share) + log(quantity.active) * share)
        level *= 1 + quantity.peg * total(self.peg_days, day, peak=11, power=4)
        fall = total(self.chemo_days, day, peak=12, power=5) + 0.3 * total(self.gem_days, day, peak=8, power=4)
        level *= max(0.02, 1 + quantity.marrow * min(fall, 1.15))
        level *= 1 + quantity.scatter * chance(f"{self.subject} {name} {day}")
        return min(max(level, quantity.lowest), quantity.highest)


def interpolate(points: Points, day: int) -> float:
    """Straight lines between the points, level outside them."""
    at = bisect_right([each for each, _ in points], day)
    if at == 0:
        return points[0][1]
    if at == len(points):
        return points[-1][1]
    (left, low), (right, high) = points[at - 1], points[at]
    return low + (high - low) * (day - left) / (right - left)


def total(doses: Sequence[int], day: int, *, peak: int, power: int) -> float:
    """Effect of all doses on a day: each rises to 1 at ``peak`` days and fades; what one leaves adds to the next."""
    return sum(effect(day - dose, peak, power) for dose in doses)


def effect(days: int, peak: int, power: int) -> float:
    """Effect of one dose so many days later."""
    if days <= 0:
        return 0.0
    return float((days / peak * exp(1 - days / peak)) ** power)


def chance(seed: str) -> float:
    """A number between -1 and 1 that is always the same for the same seed."""
    digest = hashlib.sha256(seed.encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**31 - 1


def rounded(value: float, decimals: int) -> Decimal:
    """Half up to so many decimals."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
