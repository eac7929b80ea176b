"""The tables that people look at against what the entries amount to: values, forms, queries, the list of subjects."""

from __future__ import annotations

from collections.abc import Iterator

from db import sqlite
from db.ledger.chain import ProofFault, ProofSource
from db.ledger.projection import FLAGS, fold, read_queries, read_rows, read_scopes, read_states
from db.proof.kept import Lines
from forms.errors import Trouble
from forms.place import Place
from forms.progress import Tick

_STRAYS = (
    ("db.verify.value", """SELECT DISTINCT coalesce(s.subject, '?')
       FROM current AS c
       LEFT JOIN spot AS s ON s.id = c.spot
       WHERE s.id IS NULL OR s.subject NOT IN (SELECT id FROM subject) ORDER BY 1"""),
    ("db.verify.state", """SELECT DISTINCT coalesce(s.subject, '?')
       FROM form_state AS f
       LEFT JOIN spot AS s ON s.id = f.spot
       WHERE s.id IS NULL OR s.subject NOT IN (SELECT id FROM subject) ORDER BY 1"""),
    ("db.verify.queries", """SELECT DISTINCT q.subject FROM query AS q
       LEFT JOIN entry AS e ON e.strand = q.strand AND e.seq = q.seq LEFT JOIN spot AS s ON s.id = e.spot
       WHERE e.act IS NOT 'query_opened' OR s.subject IS NOT q.subject OR e.arrival IS NOT q.arrival
         OR q.id IS NOT q.strand || ':' || q.seq ORDER BY 1"""),
    ("db.verify.spot", """SELECT subject || '/' || event || '/' || event_no || '/' || form || '/' || form_no FROM spot
       GROUP BY subject, event, event_no, form, form_no HAVING count(*) > 1 ORDER BY 1"""),
)  # fmt: skip
"""Rows that belong to no subject, no query or the wrong one, and forms that are kept under two numbers."""


_STRAY_FLAGS = """SELECT DISTINCT coalesce(s.subject, '?') FROM flag AS g LEFT JOIN spot AS s ON s.id = g.spot
 WHERE s.id IS NULL OR s.subject NOT IN (SELECT id FROM subject) ORDER BY 1"""


def check_projections(source: ProofSource, said: Tick, faults: list[ProofFault]) -> None:
    """The tables must say of every subject what its entries amount to; adds to ``faults``.

    A subject that can't be read is named and the others are checked.
    """
    lines = _lines_of(source)
    ids = [row[0] for row in source.connection.execute("SELECT id FROM subject ORDER BY id")]
    for at, subject in enumerate(ids):
        said(at, len(ids), subject)
        try:
            misfits = list(_check_subject(source.connection, subject, lines))
            sqlite.check_sound(source.connection)
            faults += misfits
        except sqlite.DatabaseError:
            source.renew()
            faults.append(ProofFault("db.verify.subject_unread", subject))
    flags = [("db.verify.state", _STRAY_FLAGS)] if sqlite.has_table(source.connection, FLAGS) else []
    for key, statement in (*_STRAYS, *flags):
        faults += [ProofFault(key, row[0]) for row in source.connection.execute(statement)]
    added = source.connection.execute("SELECT DISTINCT subject FROM trail WHERE act = 'subject_added'").fetchall()
    sqlite.check_sound(source.connection)
    faults += [ProofFault("db.verify.subject", each) for each in sorted({row[0] for row in added} ^ set(ids))]


def _lines_of(source: ProofSource) -> Lines | None:
    """What lines depend on; None where that can't be read, which another part of the proof names."""
    try:
        return Lines.of(source.connection)
    except (sqlite.DatabaseError, Trouble, ValueError, KeyError, TypeError, AttributeError):
        source.renew()
        return None


def _check_subject(connection: sqlite.Connection, subject: str, lines: Lines | None) -> Iterator[ProofFault]:
    folded = fold(read_rows(connection, subject, 1 << 62))
    kept = {
        row[:7]: row[7:]
        for row in connection.execute(
            """SELECT s.subject, s.event, s.event_no, s.form, s.form_no, c."row", c.item,
                 c.strand, c.seq, c.first, c.changes
               FROM spot AS s JOIN current AS c ON c.spot = s.id WHERE s.subject = ?""",
            (subject,),
        )
    }
    # the three dictionaries have their places in the same order: bare rows are compared four times as fast
    beside = zip(folded.last.values(), folded.first.values(), folded.changes.values(), strict=True)
    told = {row[7:14]: (row[0], row[1], first, changes) for row, first, changes in beside}
    if kept != told:
        for place in kept.keys() | told.keys():
            if kept.get(place) != told.get(place):
                yield ProofFault("db.verify.value", str(Place(*place)))
    states = read_states(connection, subject)
    if states != folded.states:
        for key in states.keys() | folded.states.keys():
            if states.get(key) != folded.states.get(key):
                yield ProofFault("db.verify.state", str(key.place("", "")))
    if read_scopes(connection, subject) != folded.scopes:
        yield ProofFault("db.verify.state", subject)
    for address in folded.uncalled:
        yield ProofFault("db.verify.locked_form", address)
    closed = dict(connection.execute("SELECT id, closed_arrival FROM query WHERE subject = ?", (subject,)))
    if {query.id: query for query in read_queries(connection, subject)} != folded.queries or closed != folded.closed:
        yield ProofFault("db.verify.queries", subject)
    open_queries = sum(query.is_open for query in folded.queries.values())
    row = connection.execute(
        "SELECT open_queries, arrival, last_entry FROM subject WHERE id = ?", (subject,)
    ).fetchone()
    fits = lines is None or lines.fits(connection, subject, folded)
    if row != (open_queries, folded.added, folded.touched) or not fits:
        yield ProofFault("db.verify.subject", subject)
