"""The cohort as the report sees it: every subject cut at the cut-off, sets of the definition, expressions evaluated.

Nothing here belongs to one study: what is asked comes from ``study.analysis``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TypeVar, cast

from forms.record.dataset import Dataset, SubjectData
from forms.sheet.resolve import ImputedDate, resolve
from forms.study.definition import Analysis, ResponseEndpoint, Study, SurvivalEndpoint
from forms.study.names import DEATH, TREATED
from forms.subject.cut import cut_at
from forms.subject.subject import Subject
from forms.texts import said, say
from forms.values.censored import Amount, Censored
from forms.values.dates import PartialDate
from reports.figure import Figure
from reports.statistics.describe import MEDIAN_METHOD
from reports.statistics.numbers import rounded
from reports.statistics.proportions import CLOPPER_PEARSON, proportion
from reports.statistics.survival import MEDIAN_METHODS, METHODS, Observation

DAYS_A_MONTH = Decimal("30.4375")
"""365.25 / 12; printed in the report's definitions."""

_METHOD_KEYS = {
    CLOPPER_PEARSON: "cp",
    MEDIAN_METHOD: "median",
    METHODS["log-log"]: "km_log_log",
    METHODS["plain"]: "km_plain",
    MEDIAN_METHODS["log-log"]: "median_log_log",
    MEDIAN_METHODS["plain"]: "median_plain",
}

T = TypeVar("T")


def as_date(value: object) -> date | None:
    """A day for calculations; dates known in part were read by the study's rule before (`forms.sheet.resolve`)."""
    if isinstance(value, PartialDate):
        return value.first()
    return value if isinstance(value, date) else None


def months(days: Decimal | float | int | None, decimals: int = 1) -> Decimal | None:
    """Days in months, rounded half away from zero."""
    if days is None:
        return None
    exact = Fraction(days) if not isinstance(days, float) else Fraction(f"{days:.10g}")
    return rounded(exact / Fraction(DAYS_A_MONTH), decimals)


@dataclass(frozen=True)
class Person:
    """One subject of the report. ``subject`` is read by the rule for dates and cut at the cut-off."""

    data: SubjectData
    subject: Subject
    taken: tuple[ImputedDate, ...] = ()
    """Dates of the subject that were known in part, uncut, with the days that stand for them."""

    @property
    def id(self) -> str:
        """Subject id."""
        return self.subject.id

    def value(self, expression: str, event: str = "", event_no: str = "1") -> object | None:
        """The value of an expression; "" is unknown."""
        return self.subject.evaluate(expression, event=event, event_no=event_no) if expression else None

    def day(self, expression: str) -> date | None:
        """The value of an expression as a day."""
        return as_date(self.value(expression))

    def amount(self, expression: str) -> Amount | None:
        """The value of an expression as it was reported, the sign of a limit included."""
        return as_amount(self.value(expression))

    def number(self, expression: str, event: str = "", event_no: str = "1") -> Decimal | None:
        """The value of an expression as a number; a censored one counts as its limit."""
        return as_number(self.value(expression, event, event_no))


def as_number(value: object) -> Decimal | None:
    """A number for calculations; a result below or above a limit counts as the limit."""
    amount = as_amount(value)
    return amount.number if isinstance(amount, Censored) else amount


def as_amount(value: object) -> Amount | None:
    """A number as it was reported, its sign (``<500``) included; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, Censored):
        return value
    if isinstance(value, int):
        return Decimal(value)
    return value if isinstance(value, Decimal) and value.is_finite() else None


def _person(data: SubjectData, cut: date | None) -> Person:
    read = resolve(data.subject)
    return Person(data, cut_at(read.subject, cut) if cut else read.subject, read.taken)


class Cohort:
    """Everything the sections of the report ask for, worked out once."""

    def __init__(self, dataset: Dataset, language: str) -> None:
        self.dataset = dataset
        self.language = language
        self.study: Study = dataset.study
        self.analysis: Analysis = dataset.study.analysis
        self.day: date = min(dataset.today, dataset.cut_off) if dataset.cut_off else dataset.today
        self._kept: dict[tuple[str, ...], object] = {}
        self.tables = 0
        self.drawings = 0
        cut = dataset.cut_off
        self.people = tuple(_person(data, cut) for data in sorted(dataset.subjects, key=lambda data: data.subject.id))

    def say(self, key: str, **values: object) -> str:
        """A text of this report in its language."""
        return say(self.language, f"reports.{key}", **values)

    def once(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """The result of ``make``, computed the first time it is asked for."""
        if key not in self._kept:
            self._kept[key] = make()
        return cast(T, self._kept[key])

    def method(self, name: str) -> str:
        """The name of a statistical method in the report's language."""
        key = _METHOD_KEYS.get(name)
        return self.say(f"method_name.{key}") if key else name

    def table(self, key: str, **values: object) -> str:
        """The title of the next table, numbered."""
        return self.say(key, no=self.next_table(), **values)

    def next_table(self) -> int:
        """The number of the next table."""
        self.tables += 1
        return self.tables

    def figure(self, key: str, **values: object) -> str:
        """The caption of the next figure, numbered."""
        return self.say(key, no=self.next_drawing(), **values)

    def next_drawing(self) -> int:
        """The number of the next figure."""
        self.drawings += 1
        return self.drawings

    def said(self, text: dict[str, str]) -> str:
        """A text of the study in the report's language."""
        return said(text, self.language)

    @cached_property
    def sets(self) -> dict[str, tuple[Person, ...]]:
        """Members of each analysis set of the definition, in its order."""
        return {
            entry.id: tuple(person for person in self.people if person.value(entry.holds) is True)
            for entry in self.analysis.sets
        }

    @property
    def enrolled(self) -> tuple[Person, ...]:
        """The first set of the definition; everybody when it names none."""
        return next(iter(self.sets.values()), self.people)

    @cached_property
    def counts_from_first_dose(self) -> bool:
        """Whether times of the first survival endpoint begin on the day of first dose, which is study day 1."""
        if not self.analysis.survivals:
            return True
        origins = ((person.day(self.analysis.survivals[0].origin), person) for person in self.treated)
        return all(day is None or day == person.subject.first_dose for day, person in origins)

    @property
    def treated(self) -> tuple[Person, ...]:
        """The set counted for safety and exposure; the first set when there is none of that name."""
        return self.sets.get(TREATED, self.enrolled)

    def asked(self, endpoint: ResponseEndpoint) -> tuple[Person, ...]:
        """The set of whom a response counts the evaluable: the one it names, else those treated."""
        return self.sets.get(endpoint.set, self.treated) if endpoint.set else self.treated

    def asked_label(self, endpoint: ResponseEndpoint) -> str:
        """The name of that set."""
        return self.set_label(endpoint.set) if endpoint.set in self.sets else self.treated_label

    def set_label(self, set_id: str) -> str:
        """The name of a set in the report's language."""
        found = next((entry for entry in self.analysis.sets if entry.id == set_id), None)
        return self.said(found.label) if found else self.say("all_subjects")

    @cached_property
    def treated_label(self) -> str:
        """The name of the treated set."""
        return self.set_label(TREATED if TREATED in self.sets else next(iter(self.sets), ""))

    @property
    def enrolled_label(self) -> str:
        """The name of the first set."""
        return self.set_label(next(iter(self.sets), ""))

    def cycle_starts(self, person: Person) -> dict[str, date]:
        """Actual first day of each cycle begun, by cycle number."""
        event, subject = self.study.cycle_event, person.subject
        days = {no: subject.event_day(event, no) for no in subject.event_nos(event)}
        return {no: day for no, day in days.items() if day is not None and day <= self.day}

    @cached_property
    def observed(self) -> dict[str, tuple[Observation, ...]]:
        """Times of each survival endpoint in days, for members of its set that have an origin."""
        return {endpoint.id: tuple(self._observations(endpoint)) for endpoint in self.analysis.survivals}

    def _observations(self, endpoint: SurvivalEndpoint) -> Iterable[Observation]:
        for person in self.sets.get(endpoint.set, self.people):
            origin = person.day(endpoint.origin)
            if origin is None or origin > self.day:
                continue
            event = person.day(endpoint.event)
            if event is not None and origin <= event <= self.day:
                yield Observation(Decimal((event - origin).days), True, person.id)
                continue
            last = min(person.day(endpoint.censor) or origin, self.day)
            if last >= origin:
                yield Observation(Decimal((last - origin).days), False, person.id)

    def without_origin(self, endpoint: SurvivalEndpoint) -> tuple[str, ...]:
        """Members of the endpoint's set whose time can't be counted."""
        counted = {entry.subject for entry in self.observed[endpoint.id]}
        return tuple(person.id for person in self.sets.get(endpoint.set, self.people) if person.id not in counted)

    @cached_property
    def dead(self) -> dict[str, date]:
        """Day of death of those who died: of the milestone named death, else of the first survival endpoint."""
        named = next((entry.value for entry in self.analysis.milestones if entry.id == DEATH), "")
        expression = named or (self.analysis.survivals[0].event if self.analysis.survivals else "")
        days = {person.id: person.day(expression) for person in self.people}
        return {subject: day for subject, day in days.items() if day is not None and day <= self.day}


def ids(people: Iterable[Person]) -> tuple[str, ...]:
    """Subject ids."""
    return tuple(person.id for person in people)


def share(
    figure: str,
    label: str,
    members: Iterable[Person],
    total: int,
    *,
    interval: bool = False,
    stratum: str = "",
    note: str = "",
) -> Figure:
    """The figure of a part: count, denominator and percent, with exact limits when asked for."""
    subjects = ids(members)
    found = proportion(len(subjects), total)
    return Figure(
        id=figure,
        label=label,
        value=found.percent,
        unit="%",
        n=len(subjects),
        denominator=total,
        ci_low=found.low if interval else None,
        ci_high=found.high if interval else None,
        ci_method=found.method if interval else "",
        stratum=stratum,
        subjects=subjects,
        note=note,
    )
