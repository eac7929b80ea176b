"""Long texts being typed, kept in the store so that nothing is lost. They are no data: no act, in no report."""

from __future__ import annotations

from dataclasses import dataclass

from db import sqlite
from db.clock import iso
from forms.place import FormKey, Place

_WRITE = "INSERT OR REPLACE INTO draft VALUES (?,?,?,?,?,?,?,?,?,?,?)"
_MINE = """subject = ? AND event = ? AND event_no = ? AND form = ? AND form_no = ? AND "row" = ? AND item = ?
 AND who = ?"""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed at a place and not yet entered; ``at`` ISO UTC."""

    place: Place
    text: str
    unit: str
    at: str


def write_draft(connection: sqlite.Connection, place: Place, who: str, text: str, unit: str, at: int) -> None:
    """Keep what is being typed, over the earlier draft of the same person."""
    connection.execute(_WRITE, (*_columns(place), who, text, unit, at))


def drop_draft(connection: sqlite.Connection, place: Place, who: str) -> None:
    """The text was entered or given up."""
    connection.execute(f"DELETE FROM draft WHERE {_MINE}", (*_columns(place), who))


def read_drafts(connection: sqlite.Connection, who: str, key: FormKey | None = None) -> tuple[Draft, ...]:
    """A person's drafts, of one form or all, oldest first."""
    where, values = "who = ?", [who]
    if key is not None:
        where += " AND subject = ? AND event = ? AND event_no = ? AND form = ? AND form_no = ?"
        values += [key.subject, key.event, key.event_no, key.form, key.form_no]
    rows = connection.execute(
        f"""SELECT subject, event, event_no, form, form_no, "row", item, text, unit, at FROM draft
            WHERE {where} ORDER BY at""",
        values,
    )
    return tuple(Draft(Place(*row[:7]), row[7], row[8], iso(row[9])) for row in rows)


def drafted_ids(connection: sqlite.Connection, subject: str) -> list[tuple[str, str, str]]:
    """Instance ids that drafts of a subject use: event, form, row."""
    rows: list[tuple[str, str, str]] = connection.execute(
        'SELECT DISTINCT event_no, form_no, "row" FROM draft WHERE subject = ?', (subject,)
    ).fetchall()
    return rows


def _columns(place: Place) -> tuple[str, ...]:
    return (place.subject, place.event, place.event_no, place.form, place.form_no, place.row, place.item)
