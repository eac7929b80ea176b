"""The worklist: serious events to report, visits due, open queries and unfinished forms of all subjects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Literal

from db.casebook.casebook import Casebook
from db.casebook.outlooks import read_outlooks
from db.casebook.serious import SeriousEvent, find_unreported
from db.casebook.versions import read_added
from db.casebook.waiting import Waiting, read_waiting
from forms.compiled.graph import read_by
from forms.compiled.study import compiled
from forms.course.prospects import Outlook, look_out
from forms.place import SINGLE, FormKey, Place
from forms.progress import Tick
from forms.record.dataset import Query
from forms.study.definition import Study
from forms.study.names import REPORT_HOURS
from forms.subject.in_force import is_to_consent
from forms.subject.subject import Subject
from forms.values.dates import read_date
from forms.values.kinds import read_number

Kind = Literal["serious", "consent", "overdue", "due", "query", "incomplete", "broken", "unsigned"]
KINDS: tuple[Kind, ...] = ("serious", "consent", "overdue", "due", "query", "incomplete", "broken", "unsigned")
"""In the order in which they are counted above the list."""

HOURS = 24
"""Hours within which a serious event is reported where the study says nothing else (ICH E2A: immediately)."""


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the worklist. ``key`` opens what is to be filled, ``place`` the field a query is about.

    ``until`` is the last day of the window (due, overdue), the day of the visit (incomplete), of the question, or
    of the deadline of a serious event, whose local time is ``deadline`` (None: when the site learned of it isn't
    known). ``open_forms`` counts the forms of the visit that are not complete, or of a subject those that wait for
    a signature. ``waits``: a query that this person may answer while it is unanswered, or close once it is
    answered. ``version``: the one a subject has to re-consent to.
    """

    kind: Kind
    subject: str
    key: FormKey
    until: date | None
    open_forms: int = 0
    query: Query | None = None
    event: SeriousEvent | None = None
    deadline: datetime | None = None
    waits: bool = False
    version: str = ""

    @property
    def place(self) -> Place | None:
        """The field a query is about, or the line of a serious event."""
        if self.event is not None:
            return self.event.place
        return self.query.place if self.query else None

    def rank(self, today: date) -> int:
        """How pressing: serious events, the visits of today, overdue, due, my queries, unfinished, others' queries."""
        if self.kind in ("due", "incomplete") and self.until == today:
            return 1
        ranks = {
            "serious": 0,
            "consent": 1,
            "overdue": 2,
            "due": 3,
            "broken": 4,
            "query": 4,
            "incomplete": 5,
            "unsigned": 6,
        }
        return 6 if self.kind == "query" and not self.waits else ranks[self.kind]


def find_tasks(reader: Casebook, made: dict[str, str], *, tick: Tick) -> tuple[Task, ...]:
    """Serious events to be reported, visits, open queries and visits with unfinished forms, the most pressing first.

    ``made`` takes the notes that had to be worked out, for `db.casebook.outlooks.keep_notes`, also when it is
    cancelled.
    """
    today = reader.clock.today()
    found = [task for outlook in read_outlooks(reader, made, tick) for task in tasks_on(outlook, today)]
    may = {"open": reader.may("query.answer"), "answered": reader.may("query.close")}
    found += [
        Task(
            "query", query.place.subject, query.place.form_key, _day(query.opened_at), 0, query,
            waits=may[query.status] and query.to in ("", reader.role),
        )
        for query in reader.queries()
        if query.is_open
    ]  # fmt: skip
    hours = report_hours(reader.study)
    found += _consents(reader)
    found += [_serious(event, hours, reader.clock().tzinfo) for event in find_unreported(reader)]
    if reader.may("sign"):
        found += _to_sign(read_waiting(reader))
    return tuple(sorted(found, key=lambda task: (*_order(task, today), task.subject)))


def _to_sign(waiting: Sequence[Waiting]) -> Iterator[Task]:
    """A line for each broken signature, and one a subject for the forms that were never signed."""
    fresh: dict[str, list[Waiting]] = {}
    for each in waiting:
        if each.broken:
            yield Task("broken", each.key.subject, each.key, None)
        else:
            fresh.setdefault(each.key.subject, []).append(each)
    for subject, own in fresh.items():
        yield Task("unsigned", subject, own[0].key, None, len(own))


def _consents(reader: Casebook) -> Iterator[Task]:
    """Subjects who have to re-consent to the version in force, for whoever enters data."""
    version = reader.versions[-1]
    asked = version.study.amendment.consent
    if not asked or not reader.may("enter"):
        return
    ready = compiled(version.study)
    nodes = sorted(read_by(ready, [(ready.rule(asked), "")]))
    form = next((form for form, _ in nodes if ready.homes.get(form)), "")
    for line in reader.subjects(limit=reader.count_subjects()):
        with reader.reading() as connection:
            added = read_added(connection, line.id)
        if form and is_to_consent(reader.outline(line.id), version, added):
            key = FormKey(line.id, ready.homes[form][0], SINGLE, form)
            yield Task("consent", line.id, key, version.since, version=version.study.version)


def _order(task: Task, today: date) -> tuple[int, date, str]:
    return task.rank(today), task.until or date.max, task.deadline.isoformat() if task.deadline else ""


def report_hours(study: Study) -> Decimal:
    """Hours within which a serious event is reported."""
    setting = study.setting_by_id.get(REPORT_HOURS)
    number = read_number(setting.value) if setting is not None else None
    return number if isinstance(number, Decimal) else Decimal(HOURS)


def _serious(event: SeriousEvent, hours: Decimal, zone: tzinfo | None) -> Task:
    """The line of a serious event; its clock runs from the minute the site learned of it."""
    aware, deadline = read_date(event.aware), None
    if aware is not None and aware.month and aware.day and aware.hour is not None and aware.minute is not None:
        learned = datetime(aware.year, aware.month, aware.day, aware.hour, aware.minute, tzinfo=zone)
        deadline = learned + timedelta(hours=float(hours))
    until = deadline.date() if deadline else None
    key = event.place.form_key
    return Task("serious", key.subject, key, until, event=event, deadline=deadline)


def tasks_of(subject: Subject) -> Iterator[Task]:
    """Visits of one subject that want something."""
    return tasks_on(look_out(subject), subject.today)


def tasks_on(outlook: Outlook, today: date) -> Iterator[Task]:
    """Visits that want something on a day."""
    for at in outlook.prospects:
        status = at.status(today)
        if status == "overdue" or status == "due":
            yield Task(status, outlook.subject, at.key, at.latest, at.open_forms)
        elif at.actual is not None:
            yield Task("incomplete", outlook.subject, at.key, at.actual, at.open_forms)


def _day(instant: str) -> date | None:
    return date.fromisoformat(instant[:10]) if instant else None
