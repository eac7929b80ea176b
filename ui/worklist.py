"""What is to be done today across all subjects: a job's work, pure, read through the worker's own connection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from db.casebook.casebook import Casebook
from db.casebook.outlooks import read_outlooks
from forms.course.prospects import Outlook, look_out
from forms.place import FormKey, Place
from forms.record.dataset import Query
from forms.subject.subject import Subject
from ui.jobs import Tick

Kind = Literal["overdue", "due", "query", "incomplete"]
KINDS: tuple[Kind, ...] = ("overdue", "due", "query", "incomplete")
"""In the order of the list."""


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


def find_tasks(reader: Casebook, made: dict[str, str], *, tick: Tick) -> tuple[Task, ...]:
    """Due and overdue visits, open queries and visits with unfinished forms, the most pressing first.

    ``made`` takes the notes that had to be worked out, for `db.casebook.outlooks.keep_notes`, also when it is
    cancelled.
    """
    today = reader.clock.today()
    found = [task for outlook in read_outlooks(reader, made, tick) for task in tasks_on(outlook, today)]
    found += [
        Task("query", query.place.subject, query.place.form_key, _day(query.opened_at), 0, query)
        for query in reader.queries()
        if query.status == "open"
    ]
    return tuple(sorted(found, key=lambda task: (KINDS.index(task.kind), task.until or date.max, task.subject)))


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
