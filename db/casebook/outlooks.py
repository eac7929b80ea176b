"""What each subject's schedule wants done, kept in the store until something of that subject changes.

Notes of this device, in the same encrypted database but outside the ledger: nothing is lost with them, and each names
what it was worked out from, so that one which is out of date is passed over and made anew. `db.proof.verify` works
those that count out again. A note holds days and forms of one subject and no value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date

from db import VERSION, sqlite
from db.casebook.outline import outline_of
from db.casebook.reading import OpenStore
from db.ledger.definitions import read_definition, read_history, read_ranges, read_site
from forms.course.prospects import FORMAT, Outlook, dump, look_out, read
from forms.progress import Tick
from forms.subject.subject import Subject

NOTE = "prospects "
"""What a note's name begins with; the subject's id follows."""

PAGE = 200
"""Subjects read at a time."""

_PAGE = f"""SELECT s.id, d.value, coalesce(
   (SELECT max(e.arrival) FROM entry AS e JOIN spot AS p ON p.id = e.person
    WHERE p.subject = s.id AND p.event = '' AND p.event_no = '' AND p.form = '' AND p.form_no = '' AND e.person > 1), 0)
 FROM subject AS s LEFT JOIN device AS d ON d.name = '{NOTE}' || s.id WHERE s.id > ? ORDER BY s.id LIMIT {PAGE}"""

_REDACTED = "SELECT coalesce(max(arrival), 0) FROM entry WHERE person = 1 AND act = 'redacted'"


def read_outlooks(casebook: OpenStore, made: dict[str, str], tick: Tick) -> Iterator[Outlook]:
    """What is to be done for each subject, in order of id; notes worked out for it are put into ``made``, by name."""
    casebook.check_right("read")
    today, of, at, last = casebook.clock.today(), casebook.count_subjects(), 0, ""
    while True:
        with casebook.reading() as connection:
            base = _base(connection, casebook.definition)
            rows = connection.execute(_PAGE, (last,)).fetchall()
        for last, kept, arrival in rows:
            tick(at, of, last)
            at += 1
            mark = f"{arrival} {base}"
            outlook = _read_kept(last, kept, mark)
            if outlook is None or not outlook.span.holds(today):
                outlook = look_out(casebook.outline(last))
                made[NOTE + last] = f"{mark}\n{dump(outlook)}"
            yield outlook
        if len(rows) < PAGE:
            return


def keep_notes(casebook: OpenStore, made: Mapping[str, str]) -> None:
    """Keep notes for the next time. A store opened for looking keeps none."""
    if not made or casebook.read_only:
        return
    with casebook.writing():
        casebook.connection.executemany(
            "INSERT INTO device (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            list(made.items()),
        )


def find_misfits(connection: sqlite.Connection) -> Iterator[str]:
    """Subjects whose note counts and says something else than their entries.

    Notes made of earlier entries or by another version of the program count for nothing and are passed over.
    """
    study, definition = read_definition(connection)
    ranges, site = read_ranges(connection), read_site(connection)
    base, last, history = _base(connection, definition), "", read_history(connection)
    while rows := connection.execute(_PAGE, (last,)).fetchall():
        for last, kept, arrival in rows:
            mark = f"{arrival} {base}"
            outlook = _read_kept(last, kept, mark)
            if outlook is None:
                if kept is not None and kept.startswith(f"{mark}\n"):
                    yield last
                continue
            empty = Subject(study, last, {}, {}, ranges, outlook.span.first or date.min, site)
            if look_out(outline_of(connection, empty, history)) != outlook:
                yield last


def has_shape(kept: str) -> bool:
    """Whether a note looks like one: what it was made of, then JSON."""
    made_of, _, text = kept.partition("\n")
    words = made_of.split(" ")
    try:
        json.loads(text)
    except ValueError:
        return False
    return len(words) > 2 and words[0].isdecimal() and words[1].isdecimal()


def _base(connection: sqlite.Connection, definition: str) -> str:
    """What all notes depend on besides their subject's entries."""
    return f"{connection.execute(_REDACTED).fetchone()[0]} {definition} {VERSION} {FORMAT}"


def _read_kept(subject: str, kept: str | None, mark: str) -> Outlook | None:
    made_of, _, text = (kept or "").partition("\n")
    try:
        return read(subject, text) if made_of == mark else None
    except (ValueError, TypeError):
        return None
