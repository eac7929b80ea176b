"""What is to be done today across all subjects: a job's work, pure, read through the worker's own connection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from db.casebook import Casebook
from forms.dataset import Query
from forms.place import FormKey, Place
from forms.schedule import Visit, schedule
from forms.subject import Subject
from ui.jobs import Tick

Kind = Literal["overdue", "due", "query", "incomplete"]
KINDS: tuple[Kind, ...] = ("overdue", "due", "query", "incomplete")
"""In the order of the list."""

PAGE = 200


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the worklist. ``key`` opens what is to be filled, ``place`` the field a query is about.

    ``until`` is the last day of the window (due, overdue), the day of the visit (incomplete) or of the question.
    ``open_forms`` counts the forms of the visit that are not complete.
    """

    kind: Kind
    subject: str
    key: FormKey
    until: date | None
    open_forms: int = 0
    query: Query | None = None

    @property
    def place(self) -> Place | None:
        """The field a query is about."""
        return self.query.place if self.query else None


def find_tasks(reader: Casebook, *, tick: Tick) -> tuple[Task, ...]:
    """Due and overdue visits, open queries and visits with unfinished forms, the most pressing first."""
    of = reader.count_subjects()
    found: list[Task] = []
    for offset in range(0, of, PAGE):
        for at, line in enumerate(reader.subjects("", offset, PAGE), offset):
            tick(at, of, line.id)
            found += tasks_of(reader.outline(line.id))
    for query in reader.queries():
        if query.status == "open":
            found.append(Task("query", query.place.subject, query.place.form_key, _day(query.opened_at), 0, query))
    return tuple(sorted(found, key=lambda task: (KINDS.index(task.kind), task.until or date.max, task.subject)))


def tasks_of(subject: Subject) -> Iterator[Task]:
    """Visits of one subject that want something."""
    for visit in schedule(subject):
        to_fill = _unfinished(visit)
        if not to_fill or subject.study.event_by_id[visit.event].kind == "log":
            continue
        if visit.status == "overdue" or visit.status == "due":
            yield Task(visit.status, subject.id, to_fill[0], visit.latest, len(to_fill))
        elif visit.actual is not None:
            yield Task("incomplete", subject.id, to_fill[0], visit.actual, len(to_fill))


def _unfinished(visit: Visit) -> list[FormKey]:
    return [
        form.key
        for form in visit.forms
        if form.applicable and form.state.status != "complete" and (form.required or form.state.status == "started")
    ]


def _day(instant: str) -> date | None:
    return date.fromisoformat(instant[:10]) if instant else None
