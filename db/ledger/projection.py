"""What the ledger amounts to: the tables kept by triggers, and the fold that must agree with them.

The tables serve the window (the present, fast). The fold serves reports (any position) and the proof that the tables
say what the ledger says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from db import sqlite
from db.clock import iso
from db.ledger.ledger import COLUMNS, PERSON, read_entry
from forms.place import FormKey, Place
from forms.record.dataset import Entry, Query, Record, read_asked
from forms.subject.states import (
    ACTS_ON_FLAGS,
    EMPTY,
    NONE,
    STARTED,
    Flags,
    FormState,
    FormStatus,
    completed,
    entered,
    flagged,
    reopened,
    value_changed,
    with_flags,
)
from forms.value import REDACTED, Value

FLAGS = "flag"
"""The table of flags, which stores before the fifth step of the schema lack."""

Row = Sequence[Any]
"""A row of `db.ledger.ledger.COLUMNS`."""

TOUCHING = frozenset(("subject_added", "value", "derived", "completed", "reopened"))
"""Acts after which a subject's line says that something was entered."""


@dataclass(slots=True)
class Pictured:
    """One subject as the tables have it. ``pointers``: address of the entry behind each value."""

    values: dict[Place, Value]
    pointers: dict[Place, str]
    states: dict[FormKey, FormState]


def read_picture(connection: sqlite.Connection, subject: str) -> Pictured:
    """The present of one subject; values in order of first arrival."""
    values: dict[Place, Value] = {}
    pointers: dict[Place, str] = {}
    rows = connection.execute(
        """SELECT s.subject, s.event, s.event_no, s.form, s.form_no, c."row", c.item,
             coalesce(p.text, p.value, ?), coalesce(p.value, ?), e.unit, e.missing, c.strand, c.seq
           FROM spot AS s JOIN current AS c ON c.spot = s.id
           JOIN entry AS e ON e.strand = c.strand AND e.seq = c.seq
           LEFT JOIN payload AS p ON p.strand = c.strand AND p.seq = c.seq
           WHERE s.subject = ? ORDER BY c.first""",
        (REDACTED, REDACTED, subject),
    )
    for row in rows:
        place = Place(*row[:7])
        values[place] = Value(*row[7:11])
        pointers[place] = f"{row[11]}:{row[12]}"
    return Pictured(values, pointers, read_states(connection, subject))


def read_item(connection: sqlite.Connection, form: str, item: str) -> Iterator[tuple[Place, Value]]:
    """What all subjects have at an item of a form."""
    rows = connection.execute(
        """SELECT s.subject, s.event, s.event_no, s.form, s.form_no, c."row", c.item,
             coalesce(p.text, p.value, ?), coalesce(p.value, ?), e.unit, e.missing
           FROM spot AS s JOIN current AS c ON c.spot = s.id
           JOIN entry AS e ON e.strand = c.strand AND e.seq = c.seq
           LEFT JOIN payload AS p ON p.strand = c.strand AND p.seq = c.seq
           WHERE s.form = ? AND c.item = ?""",
        (REDACTED, REDACTED, form, item),
    )
    for row in rows:
        yield Place(*row[:7]), Value(*row[7:11])


def read_outline(connection: sqlite.Connection, subject: str, wanted: str) -> dict[Place, Value]:
    """Values of one subject at some items, in order of first arrival, and of each form the one that came first.

    ``wanted`` is a JSON list of ``FORM.ITEM``. The first value tells that a form is there, and in which order.
    """
    rows = connection.execute(
        """SELECT s.subject, s.event, s.event_no, s.form, s.form_no, c."row", c.item,
             coalesce(p.text, p.value, ?), coalesce(p.value, ?), e.unit, e.missing
           FROM spot AS s JOIN current AS c ON c.spot = s.id
           JOIN entry AS e ON e.strand = c.strand AND e.seq = c.seq
           LEFT JOIN payload AS p ON p.strand = c.strand AND p.seq = c.seq
           WHERE s.subject = ? AND (s.form || '.' || c.item IN (SELECT value FROM json_each(?))
             OR c.first IN (SELECT min(a.first) FROM spot AS b JOIN current AS a ON a.spot = b.id
                            WHERE b.subject = ? GROUP BY a.spot))
           ORDER BY c.first""",
        (REDACTED, REDACTED, subject, wanted, subject),
    )
    return {Place(*row[:7]): Value(*row[7:]) for row in rows}


def read_states(connection: sqlite.Connection, subject: str) -> dict[FormKey, FormState]:
    """The state of every form of a subject."""
    rows = connection.execute(
        """SELECT s.subject, s.event, s.event_no, s.form, s.form_no,
             f.status, f.completed_at, f.completed_by, f.once_completed
           FROM spot AS s JOIN form_state AS f ON f.spot = s.id WHERE s.subject = ?""",
        (subject,),
    )
    states = {FormKey(*row[:5]): state_of(*row[5:]) for row in rows}
    for key, row, flags in _read_flags(connection, subject):
        if key.form:
            states[key] = with_flags(states.get(key, EMPTY), row, flags)
    return states


def read_scopes(connection: sqlite.Connection, subject: str) -> dict[FormKey, Flags]:
    """Flags of whole visits, and of the subject as a whole: they hold for forms that are still to be begun."""
    return {key: flags for key, _, flags in _read_flags(connection, subject) if not key.form}


def _read_flags(connection: sqlite.Connection, subject: str) -> Iterator[tuple[FormKey, str, Flags]]:
    if not sqlite.has_table(connection, FLAGS):
        return
    rows = connection.execute(
        """SELECT s.subject, s.event, s.event_no, s.form, s.form_no, g."row", g.verified, g.signed, g.frozen, g.locked
           FROM spot AS s JOIN flag AS g ON g.spot = s.id WHERE s.subject = ?""",
        (subject,),
    )
    for row in rows:
        yield FormKey(*row[:5]), row[5], Flags(False, *(bool(each) for each in row[6:]))


def state_of(status: FormStatus, completed_at: int, completed_by: str, once_completed: int) -> FormState:
    """A form state from its columns."""
    return FormState(status, iso(completed_at) if completed_at else "", completed_by, bool(once_completed))


def read_rows(connection: sqlite.Connection, subject: str, position: int) -> Iterator[Row]:
    """Entries of a subject up to a position, in order of arrival."""
    rows: Iterator[Row] = connection.execute(
        f"""SELECT {COLUMNS} FROM trail AS t
            WHERE t.person = {PERSON} AND t.person > 1 AND t.arrival <= ? ORDER BY t.arrival""",
        (subject, position),
    )
    return rows


_QUERY = f"""SELECT q.id, t.subject, t.event, t.event_no, t.form, t.form_no, t."row", t.item,
 coalesce(t.value, '{REDACTED}'), q.status, t.at, t.who, q.closed_at, q.closed_by
 FROM query AS q JOIN trail AS t ON t.strand = q.strand AND t.seq = q.seq"""


def read_queries(connection: sqlite.Connection, subject: str = "") -> tuple[Query, ...]:
    """Queries of one subject, or all, in order of arrival."""
    where, values = ("WHERE q.subject = ?", (subject,)) if subject else ("", ())
    return tuple(query_of(row) for row in connection.execute(f"{_QUERY} {where} ORDER BY q.arrival", values))


def read_standing(connection: sqlite.Connection, key: FormKey) -> tuple[Query, ...]:
    """Queries at places of one form that are not closed, in order of arrival."""
    rows = connection.execute(
        f"""{_QUERY} WHERE q.subject = ? AND q.status <> 'closed' AND t.event = ? AND t.event_no = ? AND t.form = ?
            AND t.form_no = ? ORDER BY q.arrival""",
        (key.subject, key.event, key.event_no, key.form, key.form_no),
    )
    return tuple(query_of(row) for row in rows)


def read_query(connection: sqlite.Connection, query_id: str) -> Query | None:
    """One query, None when there is none such."""
    row = connection.execute(f"{_QUERY} WHERE q.id = ?", (query_id,)).fetchone()
    return None if row is None else query_of(row)


def query_of(row: Row) -> Query:
    """A query from its columns."""
    rule, words, due, to = read_asked(row[8])
    return Query(
        id=row[0], place=Place(*row[1:8]), rule=rule, text=words.get("en") or next(iter(words.values()), ""),
        words=words, status=row[9], opened_at=iso(row[10]), opened_by=row[11],
        closed_at=iso(row[12]) if row[12] else "", closed_by=row[13], due=due, to=to,
    )  # fmt: skip


def asked(rule: str, words: Mapping[str, str], due: str = "", to: str = "") -> str:
    """What a query asks, as its entry keeps it, by when (ISO date), and which role."""
    told = {"rule": rule, "words": dict(words), **({"due": due} if due else {}), **({"to": to} if to else {})}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


@dataclass(slots=True)
class Folded:
    """What the entries of one subject amount to."""

    values: dict[Place, Value] = field(default_factory=dict)
    last: dict[Place, Row] = field(default_factory=dict)
    first: dict[Place, int] = field(default_factory=dict)
    changes: dict[Place, int] = field(default_factory=dict)
    states: dict[FormKey, FormState] = field(default_factory=dict)
    scopes: dict[FormKey, Flags] = field(default_factory=dict)
    """Flags of visits and of the subject as a whole, under keys without a form."""
    queries: dict[str, Query] = field(default_factory=dict)
    closed: dict[str, int] = field(default_factory=dict)
    """Position at which each query was closed, 0 while it is not."""
    uncalled: list[str] = field(default_factory=list)
    """Addresses of values on a form that took none then, frozen or locked as it was."""
    stamps: dict[tuple[str, str], str] = field(default_factory=dict)
    """The version of the study that judged the last entered value of each visit."""
    added: int = 0
    touched: int = 0
    """Instant of the last act that changed values or the state of a form."""


def fold(rows: Iterable[Row]) -> Folded:
    """Walk entries of one subject in order of arrival."""
    folded = Folded()
    kept: dict[Row, _Kept] = {}
    keys: dict[Row, FormKey] = {}
    stamps = folded.stamps
    for row in rows:
        act = row[6]
        if act in TOUCHING:
            folded.touched = row[2]
        if act in ("value", "derived"):
            where = row[7:14]
            if (known := kept.get(where)) is None:
                kept[where] = _Kept(row, row[20])
            else:
                known.row = row
                known.changes += 1
            key = keys.get(row[7:12])
            if key is None:
                key = keys[row[7:12]] = FormKey(*row[7:12])
            _fold_value(folded, key, row)
            if act == "value":
                stamps[row[8], row[9]] = row[18]
        elif act == "subject_added":
            folded.added = row[20]
        else:
            _fold_act(folded, row, act)
    _lay_out(folded, kept)
    return folded


@dataclass(slots=True)
class _Kept:
    """The last entry at a place, the position of the first, and how often it changed."""

    row: Row
    first: int
    changes: int = 0


def _lay_out(folded: Folded, kept: Mapping[Row, _Kept]) -> None:
    """Name each place once, however many entries it has."""
    for where, each in kept.items():
        place, row = Place(*where), each.row
        text, value = (REDACTED, REDACTED) if row[23] is None else (row[24], row[25])
        folded.values[place] = Value(text, value, row[14], row[15])
        folded.last[place] = row
        folded.first[place] = each.first
        folded.changes[place] = each.changes


def _fold_value(folded: Folded, key: FormKey, row: Row) -> None:
    """An entry starts a form, and any change takes signature and verification away."""
    act, states = row[6], folded.states
    state = states.get(key)
    is_flagged = state is not None and state.is_flagged
    if state is not None and is_flagged:
        flags = state.flags(row[12])
        if not (flags.takes_entries if act == "value" else flags.takes_computed):
            folded.uncalled.append(f"{row[0]}:{row[1]}")
    if act == "value" and (state is None or state.status == "empty"):
        state = states[key] = entered(state)
    if state is not None and is_flagged:
        states[key] = value_changed(state, row[12])


def _fold_flag(folded: Folded, key: FormKey, row: str, act: str) -> None:
    flag, on = ACTS_ON_FLAGS[act]
    if key.form:
        folded.states[key] = flagged(folded.states.get(key, EMPTY), flag, on=on, row=row)
    elif flag != "signed":
        folded.scopes[key] = replace(folded.scopes.get(key, NONE), **{flag: on})


def _fold_act(folded: Folded, row: Row, act: str) -> None:
    if act == "completed":
        key = FormKey(*row[7:12])
        folded.states[key] = completed(folded.states.get(key, STARTED), iso(row[2]), row[4])
    elif act == "reopened":
        key = FormKey(*row[7:12])
        folded.states[key] = reopened(folded.states.get(key, STARTED))
    elif act in ACTS_ON_FLAGS:
        _fold_flag(folded, FormKey(*row[7:12]), row[12], act)
    elif act == "query_opened":
        text = REDACTED if row[23] is None else row[25]
        opened = (f"{row[0]}:{row[1]}", *row[7:14], text, "open", row[2], row[4], 0, "")
        folded.queries[opened[0]] = query_of(opened)
        folded.closed[opened[0]] = 0
    elif act.startswith("query_") and row[16] in folded.queries:
        _fold_query(folded, row, act)


def _fold_query(folded: Folded, row: Row, act: str) -> None:
    query = folded.queries[row[16]]
    if act == "query_answered" and query.status == "open":
        query = replace(query, status="answered")
    elif act == "query_closed" and query.status != "closed":
        query = replace(query, status="closed", closed_at=iso(row[2]), closed_by=row[4])
        folded.closed[query.id] = row[20]
    elif act == "query_reopened":
        query = replace(query, status="open", closed_at="", closed_by="")
        folded.closed[query.id] = 0
    folded.queries[query.id] = query


class Records(Mapping[Place, Record]):
    """Where each value came from; an entry is built when it is asked for."""

    def __init__(self, folded: Folded) -> None:
        self._last = folded.last
        self._changes = folded.changes

    def __getitem__(self, place: Place) -> Record:
        return Record(read_entry(self._last[place]), self._changes[place])

    def __iter__(self) -> Iterator[Place]:
        return iter(self._last)

    def __len__(self) -> int:
        return len(self._last)


class Entries(Sequence[Entry]):
    """The trail of a subject; an entry is built when it is asked for."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return Entries(self._rows[at])
        return read_entry(self._rows[at])

    def __len__(self) -> int:
        return len(self._rows)
