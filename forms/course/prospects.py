"""Visits and forms that a subject's schedule wants, in a form that holds on other days until something is entered.

Going through all subjects of a store for what is due today would work out every schedule anew each morning, though
few of them changed. A prospect says of one visit which forms are open and between which days it is due; what it is on
a day then takes a comparison. `Span` tells on which days that holds: on all of them, unless a rule of the schedule asks
what day it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from forms.course.schedule import Standing, Status, VisitForm, forms_of, standings, status_on
from forms.place import FormKey
from forms.subject.subject import Subject

FORMAT = "2"
"""Changes with whatever makes kept prospects read or mean something else, `forms.course.schedule` among it."""

DAYS_AHEAD = 31
"""Days for which it is looked whether the answers to "what day is it" stay the same."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """A visit with forms to fill, the first of them in ``key``. With ``actual`` it took place, else it is awaited.

    ``earliest`` and ``latest`` are the ends of the window of one that is awaited.

    ``settled``: its status where no day decides it, else "".
    """

    key: FormKey
    open_forms: int
    actual: date | None
    earliest: date | None
    latest: date | None
    settled: Status | Literal[""]
    passed: bool

    def status(self, today: date) -> Status:
        """Where the visit stands on a day, as in `forms.course.schedule`."""
        return self.settled or status_on(today, self.earliest, self.latest, passed=self.passed)


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which prospects hold, both ends included; None is without end."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether they hold on a day."""
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Visits due for one subject, and the days on which that is true."""

    subject: str
    prospects: tuple[Prospect, ...]
    span: Span


def look_out(subject: Subject) -> Outlook:
    """Visits due for a subject as it stands, in study order."""
    fresh = subject.on(subject.today)
    prospects = tuple(_prospects(fresh))
    return Outlook(subject.id, prospects, _span(fresh))


def _prospects(subject: Subject) -> Iterator[Prospect]:
    for at in standings(subject, to_do=True):
        if at.plan.event.kind == "log" or at.settled in ("missed", "upcoming"):
            continue
        forms = [form.key for form in forms_of(subject, at.plan, at.event_no) if _is_open(form)]
        if forms:
            yield _prospect(at, forms)


def _prospect(at: Standing, forms: list[FormKey]) -> Prospect:
    return Prospect(forms[0], len(forms), at.actual, at.earliest, at.latest, at.settled, at.passed)


def _is_open(form: VisitForm) -> bool:
    return form.applicable and form.state.status != "complete" and (form.required or form.state.status == "started")


def _span(subject: Subject) -> Span:
    """The days on which whatever asked for the day gets the same answers.

    A fact is asked again for each of the days to come; a rule that asks for itself holds for its own day only.
    """
    asked = subject.asked_today
    if not asked:
        return Span()
    today = last = subject.today
    names = [name for name in asked if name]
    answers = {name: subject.fact(name) for name in names}
    for ahead in range(1, DAYS_AHEAD + 1 if "" not in asked else 0):
        day = today + timedelta(days=ahead)
        later = subject.on(day)
        if any(later.fact(name) != answers[name] for name in names):
            break
        last = day
    return Span(today, last)


def dump(outlook: Outlook) -> str:
    """An outlook as compact text."""
    visits = [
        [at.key.event, at.key.event_no, at.key.form, at.key.form_no, at.open_forms,
         *map(_told, (at.actual, at.earliest, at.latest)), at.settled, int(at.passed)]
        for at in outlook.prospects
    ]  # fmt: skip
    told = [_told(outlook.span.first), _told(outlook.span.last), visits]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def read(subject: str, text: str) -> Outlook:
    """An outlook from the text of `dump`. Raises ValueError for any other."""
    first, last, visits = json.loads(text)
    return Outlook(subject, tuple(_read(subject, each) for each in visits), Span(_day(first), _day(last)))


def _read(subject: str, told: list[Any]) -> Prospect:
    event, event_no, form, form_no, open_forms, actual, earliest, latest, settled, passed = told
    key = FormKey(subject, event, event_no, form, form_no)
    return Prospect(key, open_forms, _day(actual), _day(earliest), _day(latest), settled, bool(passed))


def _told(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
