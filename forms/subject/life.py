"""Alive until when, and dead or not, by everything that is recorded of a subject.

`last_seen` and `known_dead` are words of the expression language. A date known in part shows that the subject lived on
its first possible day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from forms.compiled.life import names_of, read_for
from forms.place import SINGLE
from forms.study.names import (
    AE_END,
    AE_GRADE,
    DEATH_CAUSE,
    DEATH_DAY,
    FATAL,
    KNOWN_DEAD,
    LAST_SEEN,
    NO,
    OCCURRED,
    SURVIVAL,
    YES,
)
from forms.subject.applies import counted, value_counts
from forms.values.dates import PartialDate

if TYPE_CHECKING:
    from forms.subject.filled import Filled
    from forms.subject.picture import Picture

_SAID = ("UNK", "NI", "NASK")
"""Missing codes that, at the day of death, say that there was a death."""
_DIED = ("FATAL", "DEATH", "DEAD")


def _counts(filled: Filled) -> bool:
    """Whether the dates of a form count at all: not of a missed visit, nor of a call that did not find life."""
    known = filled.plan.form.known
    if OCCURRED in known and filled.typed(SINGLE, known[OCCURRED].id) == NO:
        return False
    if filled.plan.form.domain != "SS":
        return True
    return SURVIVAL in known and filled.typed(SINGLE, known[SURVIVAL].id) == "ALIVE"


def find_last_seen(subject: Picture, until: date = date.max) -> date | None:
    """The last day, not after ``until``, on which anything recorded shows the subject alive; None when nothing does."""
    telling = read_for(subject.compiled, LAST_SEEN)
    days = (day for key in subject.keys() for day in _days_on(subject, subject.filled(key), telling))
    return max((day for day in days if day <= until), default=None)


def _days_on(subject: Picture, filled: Filled, telling: frozenset[tuple[str, str]]) -> Iterator[date]:
    form = filled.key.form
    spots = [spot for spot in filled.values if (form, spot[1]) in telling]
    if spots and _counts(filled):
        for row, item in spots:
            day = counted(subject, filled, row, item)
            if isinstance(day, PartialDate):
                yield day.first()


def find_known_dead(subject: Picture) -> bool:
    """Whether anything recorded says that the subject died, with a day or without one."""
    return any(True for _ in _spots_of_death(subject))


def _spots_of_death(subject: Picture) -> Iterator[tuple[Filled, str, str]]:
    """Every answer that says the subject died."""
    asked = read_for(subject.compiled, KNOWN_DEAD)
    for key in subject.keys():
        filled = subject.filled(key)
        for row, item in filled.values:
            if (key.form, item) in asked and _says_died(filled, row, item) and value_counts(subject, filled, row, item):
                yield filled, row, item


def _says_died(filled: Filled, row: str, item: str) -> bool:
    plan, value = filled.plan, filled.typed(row, item)
    names = names_of(plan, item)
    if names & set(DEATH_DAY):
        return value is not None or filled.value(row, item).missing in _SAID
    if value is None or DEATH_CAUSE in names:
        return value is not None
    if plan.form.domain == "AE" and names & {AE_GRADE, FATAL}:
        return value == ("5" if AE_GRADE in names else YES)
    return value in _DIED


def recorded_elsewhere(subject: Picture) -> PartialDate | None:
    """The day of death by another form: the end of a fatal event, or the date that stands beside an end by death."""
    days = [day for spot in _spots_of_death(subject) for day in _beside(*spot)]
    return next(iter([day for day in days if day.whole] or days), None)


def _beside(filled: Filled, row: str, item: str) -> Iterator[PartialDate]:
    """Dates in the same group and row: of an adverse event its end, of a disposition the one that stands there."""
    for other in filled.plan.laid_out[item].group.items:
        names, domain = names_of(filled.plan, other.id), filled.plan.form.domain
        if domain == "DS" or (domain == "AE" and AE_END in names):
            day = filled.typed(row, other.id)
            if isinstance(day, PartialDate):
                yield day
