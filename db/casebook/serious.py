"""Serious adverse events that have not been reported yet, found across all subjects by the names CDASH gives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db import sqlite
from forms.place import FormKey, Place
from forms.study.definition import Form
from forms.study.names import AE_AWARE, AE_REPORTED, AE_SERIOUS, AE_TERM, AE_WORDS, YES

if TYPE_CHECKING:
    from db.casebook.casebook import Casebook

_VALUE = """(SELECT coalesce(p.value, '') FROM current AS v JOIN payload AS p ON p.strand = v.strand AND p.seq = v.seq
   WHERE v.spot = c.spot AND v."row" = c."row" AND v.item = ?)"""

_ROWS = f"""SELECT s.subject, s.event, s.event_no, s.form, s.form_no, c."row", {_VALUE}, {_VALUE}, {_VALUE}
 FROM spot AS s JOIN current AS c ON c.spot = s.id AND c.item = ?
 JOIN payload AS y ON y.strand = c.strand AND y.seq = c.seq AND y.value = ?
 WHERE s.form = ? ORDER BY s.subject, c.first"""


@dataclass(frozen=True, slots=True)
class SeriousEvent:
    """A serious event without a report. ``place`` is its line in the log, ``term`` the CTCAE term or the own words.

    ``aware`` is the canonical date and time at which the site learned of it, "" when it is not known.
    """

    place: Place
    term: str
    aware: str


def find_unreported(casebook: Casebook) -> tuple[SeriousEvent, ...]:
    """Serious events whose report is still to be sent, in every log that asks for the day of the report."""
    casebook.check_right("read")
    with casebook.reading() as connection:
        return tuple(event for form in casebook.study.forms for event in _on(connection, form))


def _on(connection: sqlite.Connection, form: Form) -> Iterator[SeriousEvent]:
    names = form.known
    if AE_SERIOUS not in names or AE_REPORTED not in names:
        return
    term = names.get(AE_TERM) or names.get(AE_WORDS)
    asked = [names[name].id if name in names else "" for name in (AE_AWARE, AE_REPORTED)]
    found = connection.execute(_ROWS, (term.id if term else "", *asked, names[AE_SERIOUS].id, YES, form.id))
    for row in found.fetchall():
        if not row[8]:
            place = FormKey(*row[:5]).place(names[AE_SERIOUS].id, row[5])
            yield SeriousEvent(place, row[6] or "", row[7] or "")
