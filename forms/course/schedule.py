"""Planned, actual and due visits of a subject.

A planned day is worked out by the event's own rule from what has happened: cycles are anchored on the actual day 1 of
the cycle. Where the day that a rule needs has not happened yet, the planned one stands in, also in the rule that says
whether a visit is expected: so the whole course is projected. A visit planned on such a projection is never due or
overdue before the one it hangs on has taken place. Windows are days around the planned day, both ends included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

from forms.compiled.graph import Node, read_by
from forms.compiled.study import CompiledStudy, EventPlan
from forms.place import SINGLE, FormKey
from forms.study.definition import Form, Text
from forms.study.names import NO, OCCURRED
from forms.subject.states import FormState
from forms.subject.subject import InstanceScope, Subject
from forms.values.dates import as_day, whole_date

At = tuple[str, str]
"""An event and the number of one instance of it."""

Status = Literal["done", "due", "overdue", "upcoming", "missed", "out_of_window", "not_expected", "added"]
"""done: took place within its window (or has none). out_of_window: took place outside it. due: today is in the window,
or it is the first visit of a subject just added, for which no day can be planned yet.
overdue: the window is past. missed: recorded as not done, or its window is past and a later visit took place.
added: made by a person, or a log that runs through the study."""


@dataclass(frozen=True, slots=True)
class VisitForm:
    """A form of a visit. ``applicable``: its condition holds for certain, or it was started all the same."""

    key: FormKey
    required: bool
    state: FormState
    applicable: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """One instance of an event. ``earliest`` and ``latest`` are the ends of its window, None without a planned day."""

    event: str
    event_no: str
    label: Text
    planned: date | None
    earliest: date | None
    latest: date | None
    actual: date | None
    status: Status
    forms: tuple[VisitForm, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """One instance of an event as it stands on any day. ``settled``: its status where no day decides it, else "".

    ``passed``: a later visit of the course took place.
    """

    plan: EventPlan
    event_no: str
    planned: date | None
    earliest: date | None
    latest: date | None
    actual: date | None
    settled: Status | Literal[""]
    passed: bool

    def status(self, today: date) -> Status:
        """Where the visit stands on a day."""
        return self.settled or status_on(today, self.earliest, self.latest, passed=self.passed)


def status_on(today: date, earliest: date | None, latest: date | None, *, passed: bool) -> Status:
    """Where a visit that is expected and has not taken place stands on a day."""
    if latest is not None and today > latest:
        return "missed" if passed else "overdue"
    return "due" if earliest is not None and today >= earliest else "upcoming"


def schedule(subject: Subject) -> tuple[Visit, ...]:
    """Every visit of a subject in study order, cycle by cycle; today is the subject's."""
    return tuple(
        Visit(
            at.plan.event.id, at.event_no, at.plan.event.label, at.planned, at.earliest, at.latest, at.actual,
            at.status(subject.today), forms_of(subject, at.plan, at.event_no),
        )
        for at in standings(subject)
    )  # fmt: skip


def planned_day(subject: Subject, event: str, event_no: str) -> date | None:
    """The planned day of one instance of an event, None without a rule or while what it needs is not known."""
    subject = subject.judging(event, event_no)
    return _Plans(subject).day(event, event_no) if event in subject.compiled.events else None


def standings(subject: Subject, *, to_do: bool = False) -> Iterator[Standing]:
    """How every visit stands, in study order.

    ``to_do``: those that can't want anything on any day are left out, and days are planned only where one is awaited.
    Where versions of the study differ, each visit stands as the one that judges it says.
    """
    if not subject.versions.names:
        yield from _standings(subject, to_do=to_do)
        return
    found: dict[At, Standing] = {}
    lists = [[(at.plan.event.id, at.event_no) for at in by] for by in _by_version(subject, found, to_do=to_do)]
    for at in merged(lists):
        if at in found:
            yield found[at]


def _by_version(subject: Subject, found: dict[At, Standing], *, to_do: bool) -> Iterator[list[Standing]]:
    """Every visit as each version sees it, that in force first; into ``found`` go those it judges."""
    for name in subject.versions.names:
        told = list(_standings(subject.as_of(name), to_do=to_do))
        found.update(
            ((at.plan.event.id, at.event_no), at)
            for at in told
            if subject.versions.of(at.plan.event.id, at.event_no) == name
        )
        yield told


def merged(lists: Iterable[Sequence[At]]) -> list[At]:
    """One order of visits out of several: that of the first, what others have besides stands after what it follows."""
    whole: list[At] = []
    for each in lists:
        at = 0
        for visit in each:
            if visit in whole:
                at = whole.index(visit) + 1
            else:
                whole.insert(at, visit)
                at += 1
    return whole


def _standings(subject: Subject, *, to_do: bool) -> Iterator[Standing]:
    plans = _Plans(subject)
    walk = _walk(subject)
    actual = [subject.event_day(plan.event.id, event_no) for plan, event_no in walk]
    last_done = max((at for at, (plan, _) in enumerate(walk) if actual[at] and _in_course(plan)), default=-1)
    opening = next((at for at, (plan, _) in enumerate(walk) if _in_course(plan)), -1) if last_done < 0 else -1
    for number, (plan, event_no) in enumerate(walk):
        event, day = plan.event, actual[number]
        settled = _settled(_Projection(plans, event.id, event_no), plan, day)
        if to_do and (settled in ("missed", "not_expected") or (settled == "added" and day is None)):
            continue
        planned = None if to_do and settled else plans.day(event.id, event_no)
        earliest, latest = _moved(planned, -event.before), _moved(planned, event.after)
        passed = number < last_done
        if planned is None or (event.id, event_no) in plans.projected:
            if not settled:
                settled = "due" if number == opening and planned is None else "missed" if passed else "upcoming"
        elif settled == "done" and day is not None and not -event.before <= (day - planned).days <= event.after:
            settled = "out_of_window"
        yield Standing(plan, event_no, planned, earliest, latest, day, settled, passed)


def read_by_schedule(ready: CompiledStudy) -> frozenset[Node]:
    """Every item whose value the schedule of a subject can look at. What stands elsewhere changes no visit of it."""
    cache = ready.cache("schedule")
    found = cache.get("reads")
    if found is None:
        rules = [(rule, "") for plan in ready.events.values() for rule in (plan.planned, plan.expected) if rule]
        rules += [(rule, form) for plan in ready.events.values() for form, rule in plan.forms.items()]
        dates = [plan.date for plan in ready.events.values() if plan.date is not None]
        found = cache["reads"] = frozenset(
            read_by(ready, rules)
            | {(source.form, source.item) for source in dates}
            | {(source.form, item) for source in dates for item in _asked_whether(ready.forms[source.form].form)}
        )
    return cast(frozenset[Node], found)


def _walk(subject: Subject) -> list[tuple[EventPlan, str]]:
    found: list[tuple[EventPlan, str]] = []
    for plan in subject.compiled.events.values():
        kind = plan.event.kind
        if kind == "cycle":
            numbers = dict.fromkeys(str(number) for number in range(1, plan.event.cycles + 1))
            numbers.update(dict.fromkeys(subject.event_nos(plan.event.id)))
            found.extend((plan, number) for number in numbers)
        elif kind == "added":
            found.extend((plan, number) for number in subject.event_nos(plan.event.id))
        else:
            found.append((plan, SINGLE))
    ready = subject.compiled
    return sorted(found, key=lambda at: ready.event_rank(at[0].event.id, at[1]))


def _in_course(plan: EventPlan) -> bool:
    return plan.event.kind in ("visit", "cycle")


def _moved(day: date | None, days: int) -> date | None:
    return None if day is None else day + timedelta(days=days)


def _settled(scope: _Projection, plan: EventPlan, actual: date | None) -> Status | Literal[""]:
    """Where a visit stands if no planned day has a say in it, else "". Unknown whether expected is yes."""
    if not _in_course(plan):
        return "added"
    if actual is not None:
        return "done"
    if _recorded_as_missed(scope.subject, plan, scope.event_no):
        return "missed"
    return "not_expected" if plan.expected.evaluate(scope) is False else ""


def _recorded_as_missed(subject: Subject, plan: EventPlan, event_no: str) -> bool:
    """Somebody wrote down that the visit did not take place: a missing code for its date, or no to whether it did."""
    if plan.date is None:
        return False
    filled = subject.filled(FormKey(subject.id, plan.event.id, event_no, plan.date.form))
    if filled.value(SINGLE, plan.date.item).missing:
        return True
    return any(filled.value(SINGLE, item).value == NO for item in _asked_whether(filled.plan.form))


def _asked_whether(form: Form) -> tuple[str, ...]:
    return (form.known[OCCURRED].id,) if OCCURRED in form.known else ()


def forms_of(subject: Subject, plan: EventPlan, event_no: str) -> tuple[VisitForm, ...]:
    """The forms of one instance of an event, in study order."""
    subject = subject.judging(plan.event.id, event_no)
    event, forms = plan.event, subject.compiled.forms
    found: list[VisitForm] = []
    for entry in event.forms:
        form = forms.get(entry.form)
        numbers = subject.form_nos(event.id, event_no, entry.form) if form is not None and form.form.repeat else ()
        rule = plan.forms[entry.form]
        applies = rule.constant
        if applies is None:
            scope = InstanceScope(subject, event.id, event_no, entry.form)
            applies = rule.evaluate(scope) is True or bool(rule.fault)
        for number in numbers or (SINGLE,):
            key = FormKey(subject.id, event.id, event_no, entry.form, number)
            state = subject.state(key)
            found.append(VisitForm(key, entry.required, state, applies or state.status != "empty"))
    return tuple(found)


class _Plans:
    """Planned days of one subject, each worked out once; one that needs itself stays unknown."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.projected: set[tuple[str, str]] = set()
        self._days: dict[tuple[str, str], date | None] = {}

    def day(self, event: str, event_no: str) -> date | None:
        """The planned day of an event instance."""
        at = (event, event_no)
        if at not in self._days:
            self._days[at] = None
            plan = self.subject.compiled.events[event]
            if plan.planned is not None:
                scope = _Projection(self, event, event_no)
                self._days[at] = as_day(plan.planned.evaluate(scope))
                if scope.projected:
                    self.projected.add(at)
        return self._days[at]

    def stand_in(self, event: str, event_no: str, form: str, item: str) -> object | None:
        """The planned day as the date of a visit that has not taken place."""
        plan = self.subject.compiled.events.get(event)
        if plan is None or plan.date is None or (plan.date.form, plan.date.item) != (form, item):
            return None
        planned = self.day(event, event_no) if event_no else None
        return None if planned is None else whole_date(planned)


class _Projection(InstanceScope):
    """The scope of an event's planned day: dates of visits still to come are the planned ones."""

    __slots__ = ("_plans", "projected")

    def __init__(self, plans: _Plans, event: str, event_no: str) -> None:
        super().__init__(plans.subject, event, event_no)
        self._plans = plans
        self.projected = False

    def other(self, event: str, number: int | None, form: str, item: str) -> object | None:
        """The recorded value, else the planned day of that visit."""
        found = super().other(event, number, form, item)
        if found is not None:
            return found
        event = event or self.subject.compiled.home(self.event, form)
        event_no = str(number) if number is not None else self._same_or_single(event)
        if (event, event_no) == (self.event, self.event_no):
            return None
        return self._stand_in(event, event_no, form, item)

    def previous(self, form: str, item: str) -> object | None:
        """The recorded value of the cycle before, else its planned day."""
        found = super().previous(form, item)
        if found is not None or not self.event_no.isdecimal() or self.event_no == "1":
            return found
        return self._stand_in(self.event, str(int(self.event_no) - 1), form, item)

    def _stand_in(self, event: str, event_no: str, form: str, item: str) -> object | None:
        found = self._plans.stand_in(event, event_no, form, item)
        self.projected |= found is not None
        return found
