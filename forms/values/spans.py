"""The one rule for dates known in part: an interval of days, narrowed by what is recorded, of which one day is taken.

Nothing here knows a study or a subject. A bound that would leave no day at all contradicts what was typed; it is passed
over, so a date is never lost by narrowing it. Widening an interval never loses one either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from forms.values.dates import PartialDate, whole_date

Take = Literal["earliest", "middle", "latest"]
"""Which day of an interval stands for it; ``middle`` is the earlier of two middle days."""


@dataclass(frozen=True, slots=True)
class PossibleDays:
    """The days a date can be, both ends among them."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("an interval ends before it begins")

    @property
    def known(self) -> bool:
        """Only one day is left."""
        return self.first == self.last

    def not_before(self, day: date | None) -> PossibleDays:
        """Without the days before ``day``; as it is when none would be left."""
        return self if day is None or day <= self.first or day > self.last else PossibleDays(day, self.last)

    def not_after(self, day: date | None) -> PossibleDays:
        """Without the days after ``day``; as it is when none would be left."""
        return self if day is None or day >= self.last or day < self.first else PossibleDays(self.first, day)

    def taken(self, take: Take) -> date:
        """The day that stands for the interval."""
        if take == "earliest":
            return self.first
        return self.last if take == "latest" else self.first + timedelta(days=(self.last - self.first).days // 2)


def days_of(value: PartialDate) -> PossibleDays:
    """The days an incomplete (or whole) date can be."""
    return PossibleDays(value.first(), value.last())


@dataclass(frozen=True, slots=True)
class DateSpan(PartialDate):
    """A date known to lie between two days that are no month and no year: what `earliest_of` leaves undecided.

    It comes out of expressions and is never typed. ``canonical`` is ISO 8601's interval, ``2025-03-05/2025-03-20``.
    """

    early: date = date.min
    late: date = date.max

    @property
    def whole(self) -> bool:
        """Never: it has at least two days."""
        return False

    def first(self) -> date:
        """The earliest day it can be."""
        return self.early

    def last(self) -> date:
        """The latest day it can be."""
        return self.late

    @property
    def canonical(self) -> str:
        """Both days, joined by a stroke."""
        return f"{self.early.isoformat()}/{self.late.isoformat()}"

    @property
    def without_time(self) -> PartialDate:
        """Itself: it has no time of day."""
        return self

    @property
    def covering(self) -> PartialDate | None:
        """The month or the year that holds all of it, as an item can keep it; None when it passes a new year."""
        if self.early.year != self.late.year:
            return None
        return PartialDate(self.early.year, self.early.month if self.early.month == self.late.month else None)


def between(first: date, last: date) -> PartialDate:
    """The date that can be any day from ``first`` to ``last``: a day, a month or a year where it is just that."""
    if first == last:
        return whole_date(first)
    for known in (PartialDate(first.year, first.month), PartialDate(first.year)):
        if (known.first(), known.last()) == (first, last):
            return known
    return DateSpan(first.year, early=first, late=last)


def earliest_of(dates: Sequence[PartialDate]) -> PartialDate:
    """The days that the earliest of several dates can be, when none of them surely is it."""
    return between(min(one.first() for one in dates), min(one.last() for one in dates))


def latest_of(dates: Sequence[PartialDate]) -> PartialDate:
    """The days that the latest of several dates can be, when none of them surely is it."""
    return between(max(one.first() for one in dates), max(one.last() for one in dates))
