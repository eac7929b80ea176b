"""The list of subjects as lines, searched and paged by the database, and how a subject gets on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from db import sqlite
from db.clock import iso
from forms.compiled.graph import FACT, graph_of
from forms.compiled.study import compiled
from forms.errors import Refusal
from forms.place import Place
from forms.study import names
from forms.study.definition import Study
from forms.study.patterns import PatternFault, fits, pattern
from forms.subject.subject import Subject
from forms.values.dates import PartialDate
from forms.values.likeness import unseen

SHOWN = {
    "status": names.STATUS,
    "sex": names.SEX,
    "age": names.AGE,
    "cycle": names.CYCLE,
    "worst_grade": names.WORST_GRADE,
}
"""Columns of a line and the study's facts that fill them; a study need not have them all."""


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """One line of the list. Codes and numbers as text, "" when unknown; ``last_entry`` ISO UTC."""

    id: str
    status: str
    sex: str
    age: str
    cycle: str
    worst_grade: str
    open_queries: int
    last_entry: str


def read_lines(connection: sqlite.Connection, search: str, offset: int, limit: int) -> list[SubjectLine]:
    """Lines whose id holds ``search`` (any case), in order of id."""
    rows = connection.execute(
        """SELECT id, status, sex, age, cycle, worst_grade, open_queries, last_entry FROM subject
           WHERE id LIKE ? ESCAPE '!' ORDER BY id LIMIT ? OFFSET ?""",
        (_pattern(search), limit, offset),
    )
    return [_line(row) for row in rows]


def _line(row: Sequence[Any]) -> SubjectLine:
    subject, status, sex, age, cycle, worst, open_queries, last = row
    return SubjectLine(subject, status, sex, age, cycle, worst, open_queries, iso(last))


def count_lines(connection: sqlite.Connection, search: str) -> int:
    """How many lines a search has."""
    found: int = connection.execute(
        "SELECT count(*) FROM subject WHERE id LIKE ? ESCAPE '!'", (_pattern(search),)
    ).fetchone()[0]
    return found


def _pattern(search: str) -> str:
    return "%" + re.sub(r"([!%_])", r"!\1", search.strip()) + "%"


def touch(connection: sqlite.Connection, now: int, subject: str) -> int:
    """Note on a subject's line that something was entered at ``now``; returns how many queries are open.

    The caller holds the transaction; ``now`` is the ledger's, in milliseconds since 1970 UTC.
    """
    row = connection.execute(
        "UPDATE subject SET last_entry = ? WHERE id = ? RETURNING open_queries", (now, subject)
    ).fetchone()
    return int(row[0])


def write_line(connection: sqlite.Connection, subject: Subject, now: int | None, *, facts: bool) -> int:
    """Bring a subject's line up to date; returns how many queries are open.

    The caller holds the transaction. ``now`` is the ledger's instant if something was entered, None if not; ``facts``
    says that what the line shows may have changed.
    """
    if facts:
        connection.execute(
            "UPDATE subject SET status = ?, sex = ?, age = ?, cycle = ?, worst_grade = ? WHERE id = ?",
            (*line_facts(subject), subject.id),
        )
    if now is not None:
        return touch(connection, now, subject.id)
    row = connection.execute("SELECT open_queries FROM subject WHERE id = ?", (subject.id,)).fetchone()
    return int(row[0])


def line_facts(subject: Subject) -> tuple[str, ...]:
    """What the line of a subject shows, in the order of `SHOWN`."""
    values = [subject.fact(name) for name in SHOWN.values()]
    return tuple(
        value.canonical if isinstance(value, PartialDate) else "" if value is None else str(value) for value in values
    )


def free_id(connection: sqlite.Connection, study: Study, site: str) -> str:
    """The next unused id of the site that fits the study's pattern: ``AN-007`` wherever that does."""
    make = _id_maker(study, site)
    stem = make(1).rstrip("0123456789")
    rows = connection.execute("SELECT id FROM subject").fetchall()
    taken = {each for (each,) in rows}
    tails = [each.removeprefix(stem) for each in taken if each.startswith(stem)]
    numbers = [int(tail) for tail in tails if tail.isascii() and tail.isdigit()]
    number = max(numbers, default=0) + 1
    while make(number) in taken:
        number += 1
    return make(number)


def _id_maker(study: Study, site: str) -> Callable[[int], str]:
    """How a number becomes an id; where the study's pattern can't be used the site's code with three digits."""
    try:
        make = pattern(study.subject_id_pattern).id_like(site)
    except PatternFault:
        make = None
    return make or (lambda number: f"{site}-{number:03d}")


def check_id(connection: sqlite.Connection, study: Study, subject: str) -> None:
    """Raises Refusal for an id that is taken, not of the study's pattern, or has a character that can't be seen."""
    if sign := unseen(subject):
        raise Refusal(
            "exchange.subject_unseen", id=subject[:40].encode("ascii", "backslashreplace").decode(), sign=sign
        )
    if not fits(study.subject_id_pattern, subject):
        raise Refusal("db.subject_pattern", id=subject[:40], pattern=study.subject_id_pattern)
    if connection.execute("SELECT 1 FROM subject WHERE id = ?", (subject,)).fetchone():
        raise Refusal("db.subject_taken", id=subject)


def line_changed(study: Study, places: Iterable[Place]) -> bool:
    """Whether a change at these places can change what a line shows."""
    shown = {(FACT, name) for name in SHOWN.values()}
    graph = graph_of(compiled(study))
    return bool(shown & graph.known_after({(place.form, place.item) for place in places}))
