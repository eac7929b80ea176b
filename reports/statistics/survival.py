"""Kaplan-Meier survival with limits, median, landmarks, follow-up and the log-rank test.

Times are in any one unit (days here). A tie of event and censoring counts the event first. Where an interval says
nothing (no event yet, or nobody left) it is None; R gives NA or a point there. Checked in the tests against R's
survival package, lifelines and statsmodels.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from reports.statistics.special import Z_95

IntervalKind = Literal["log-log", "plain"]

METHODS: dict[str, str] = {
    "log-log": "Kaplan-Meier, 95 % log-log limits (Greenwood)",
    "plain": "Kaplan-Meier, 95 % plain limits (Greenwood)",
}
MEDIAN_METHODS: dict[str, str] = {
    "log-log": "Brookmeyer-Crowley, 95 % log-log limits",
    "plain": "Brookmeyer-Crowley, 95 % plain limits",
}
LOG_RANK = "Log-rank test"
_NEAR = 1.5e-8
"""Two survival probabilities closer than this are one (square root of the double's precision, as R uses)."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One subject: time from origin, whether the event happened then (else censored), and who it is."""

    time: Decimal
    event: bool
    subject: str = ""


@dataclass(frozen=True, slots=True)
class CurveStep:
    """The curve from ``time`` on. Limits are shares of one, None where not estimable."""

    time: Decimal
    at_risk: int
    events: int
    censored: int
    survival: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with limits, None where not estimable."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """A fitted curve: one step for each distinct time, in order."""

    steps: tuple[CurveStep, ...]
    observations: tuple[Observation, ...]
    interval: IntervalKind

    @property
    def n(self) -> int:
        """Subjects."""
        return len(self.observations)

    @property
    def events(self) -> int:
        """Events in all."""
        return sum(step.events for step in self.steps)

    def at(self, time: Decimal) -> Estimate:
        """Survival at a time; None beyond the last observation unless nobody was left alive."""
        if not self.steps or time < 0:
            return Estimate(None, None, None)
        last = self.steps[-1]
        if time > last.time and last.survival > 0:
            return Estimate(None, None, None)
        value, low, high = 1.0, None, None
        for step in self.steps:
            if step.time > time:
                break
            value, low, high = step.survival, step.low, step.high
        return Estimate(value, low, high)

    def counts(self, time: Decimal) -> tuple[int, int, int]:
        """At risk just before ``time``; events and censorings at or before it."""
        at_risk = sum(entry.time >= time for entry in self.observations)
        events = sum(entry.event and entry.time <= time for entry in self.observations)
        censored = sum(not entry.event and entry.time <= time for entry in self.observations)
        return at_risk, events, censored

    def median(self) -> Estimate:
        """Median with Brookmeyer-Crowley limits (Biometrics 1982;38:29-41), inverting the pointwise interval.

        Where the curve is exactly one half over a flat stretch the middle of the stretch is taken, as R does.
        """
        times = [float(step.time) for step in self.steps]
        return Estimate(
            _half_time(times, [step.survival for step in self.steps]),
            _half_time(times, [step.low for step in self.steps]),
            _half_time(times, [step.high for step in self.steps]),
        )


def _half_time(times: Sequence[float], shares: Sequence[float | None]) -> float | None:
    reached = [
        (time, share) for time, share in zip(times, shares, strict=True) if share is not None and share < 0.5 + _NEAR
    ]
    if not reached:
        return None
    first_time, first = reached[0]
    if abs(first - 0.5) < _NEAR:
        for time, share in reached:
            if share < first - _NEAR:
                return (first_time + time) / 2.0
    return first_time


def kaplan_meier(observations: Sequence[Observation], interval: IntervalKind = "log-log") -> Curve:
    """The product-limit curve (Kaplan and Meier, JASA 1958;53:457-481) with Greenwood's variance."""
    events = Counter(entry.time for entry in observations if entry.event)
    censored = Counter(entry.time for entry in observations if not entry.event)
    at_risk = len(observations)
    survival, spread = 1.0, 0.0
    steps = []
    for time in sorted(events.keys() | censored.keys()):
        dead, gone = events[time], censored[time]
        if dead:
            survival *= 1.0 - dead / at_risk
            spread = spread + dead / (at_risk * (at_risk - dead)) if at_risk > dead else math.inf
        low, high = _limits(survival, spread, interval)
        steps.append(CurveStep(time, at_risk, dead, gone, survival, low, high))
        at_risk -= dead + gone
    ordered = tuple(sorted(observations, key=lambda entry: (entry.time, not entry.event, entry.subject)))
    return Curve(tuple(steps), ordered, interval)


def _limits(survival: float, spread: float, interval: IntervalKind) -> tuple[float | None, float | None]:
    """Pointwise limits. plain: S +- z S sqrt(sum), cut to [0, 1]. log-log: S^exp(+-z sqrt(sum) / ln S)."""
    if survival <= 0.0 or survival >= 1.0 or math.isinf(spread):
        return None, None
    error = Z_95 * math.sqrt(spread)
    if interval == "plain":
        return max(0.0, survival - survival * error), min(1.0, survival + survival * error)
    turn = error / abs(math.log(survival))
    return survival ** math.exp(turn), survival ** math.exp(-turn)


def follow_up(observations: Sequence[Observation]) -> Curve:
    """The reverse curve, in which being censored is the event: its median is the median follow-up.

    Schemper and Smith, Control Clin Trials 1996;17:343-346.
    """
    turned = [Observation(entry.time, not entry.event, entry.subject) for entry in observations]
    return kaplan_meier(turned)


@dataclass(frozen=True, slots=True)
class GroupTest:
    """A test of several groups; ``p`` is None where the groups can't be compared."""

    statistic: float | None
    freedom: int
    p: float | None
    method: str


def log_rank(groups: Sequence[Sequence[Observation]]) -> GroupTest:
    """Log-rank test of two or more groups (Mantel 1966; Peto and Peto 1972), hypergeometric variance, by lifelines.

    Groups that share no moment of risk at which some die and some live can't be compared: ``p`` is None.
    """
    filled = [group for group in groups if group]
    if len(filled) < 2:
        return GroupTest(None, 0, None, LOG_RANK)
    if not _comparable(filled):
        return GroupTest(None, len(filled) - 1, None, LOG_RANK)
    from lifelines.statistics import multivariate_logrank_test
    from pandas import DataFrame

    table = DataFrame(
        [(float(entry.time), at, entry.event) for at, group in enumerate(filled) for entry in group],
        columns=["time", "group", "event"],
    )
    found = multivariate_logrank_test(table["time"], table["group"], table["event"])
    return GroupTest(float(found.test_statistic), len(filled) - 1, float(found.p_value), LOG_RANK)


def _comparable(groups: Sequence[Sequence[Observation]]) -> bool:
    """Whether every group is at risk at the first death that another group and somebody who lives on are there for."""
    everyone = [entry for group in groups for entry in group]
    for time in sorted({entry.time for entry in everyone if entry.event}):
        present = [any(entry.time >= time for entry in group) for group in groups]
        dying = sum(entry.event and entry.time == time for entry in everyone)
        if sum(present) > 1 and dying < sum(entry.time >= time for entry in everyone):
            return all(present)
    return False
