"""Which version of the study judges which visit of a subject, as the ledger tells it.

Each entry carries the definition that judged it. The version of a visit is that of its last entered value, so that it
needs no table of its own; `forms.subject.in_force` decides which one a visit gets when it begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from db import sqlite
from db.ledger.ledger import DEFINITION_DIGITS, PERSON
from forms.place import Place
from forms.subject.in_force import StudyInForce, applying_on, day_items, versions_of, visits_begun
from forms.subject.subject import Subject
from forms.subject.versions import ONE, Visit


def read_stamps(connection: sqlite.Connection, subject: str) -> dict[Visit, str]:
    """The version by which the last entered value of each visit was judged."""
    rows = connection.execute(
        f"""SELECT s.event, s.event_no, c.definition, max(e.arrival)
            FROM entry AS e JOIN spot AS s ON s.id = e.spot JOIN context AS c ON c.id = e.context
            WHERE e.person = {PERSON} AND e.person > 1 AND e.act = 'value' GROUP BY s.event, s.event_no""",
        (subject,),
    )
    return {(event, event_no): name[:DEFINITION_DIGITS] for event, event_no, name, _ in rows}


def read_added(connection: sqlite.Connection, subject: str) -> int:
    """Position at which a subject was taken in, 0 for one there isn't."""
    row = connection.execute("SELECT arrival FROM subject WHERE id = ?", (subject,)).fetchone()
    return 0 if row is None else int(row[0])


def with_versions(
    subject: Subject, history: Sequence[StudyInForce], stamps: Mapping[Visit, str], added: int
) -> Subject:
    """A subject by the version in force, with those that judge its visits."""
    begun = visits_begun(subject)
    kept = {visit: name for visit, name in stamps.items() if visit in begun}
    versions = versions_of(subject, history, kept, added)
    return subject if versions is ONE else subject.judged_by(versions)


def judged(connection: sqlite.Connection, subject: Subject, history: Sequence[StudyInForce]) -> Subject:
    """The same for a subject as the tables have it."""
    if len(history) < 2:
        return subject
    return with_versions(subject, history, read_stamps(connection, subject.id), read_added(connection, subject.id))


def judged_after(
    connection: sqlite.Connection,
    history: Sequence[StudyInForce],
    before: Subject,
    after: Subject,
    places: Iterable[Place],
) -> tuple[Subject, bool]:
    """A subject after values at some places changed, with the versions that judge its visits now.

    The flag says that something that stood already is judged by another version than before.
    """
    if len(history) < 2:
        return after, False
    added = read_added(connection, before.id)
    was, begun = before.versions, visits_begun(before)
    stamps = {visit: was.of(*visit) or history[-1].name for visit in begun}
    for visit in dict.fromkeys((place.event, place.event_no) for place in places):
        items = {(place.form, place.item) for place in places if (place.event, place.event_no) == visit}
        if visit not in begun:
            stamps[visit] = history[_version_on(after, history, visit, added)].name
        elif items & day_items(history, visit[0]):
            known = [each for each in history if each.arrival < _begun_at(connection, before.id, visit)]
            stamps[visit] = history[_version_on(after, known, visit, added)].name
    logs = {event.id for version in history for event in version.study.events if event.kind == "log"}
    now = versions_of(after, history, {visit: name for visit, name in stamps.items() if visit[0] not in logs}, added)
    moved = was.default != now.default or any(was.of(*visit) != now.of(*visit) for visit in begun)
    return (after if was.says_the_same(now) else after.judged_by(now)), moved


def _version_on(subject: Subject, history: Sequence[StudyInForce], visit: Visit, added: int) -> int:
    """The version of a visit by its day; while that is not known by the day on which it is begun."""
    days = (seen.event_day(*visit) for seen in (subject, *(subject.as_of(name) for name in subject.versions.names)))
    return applying_on(subject, history, added, next((day for day in days if day is not None), subject.today))


def _begun_at(connection: sqlite.Connection, subject: str, visit: Visit) -> int:
    """Position of the first value that was ever entered in a visit."""
    row = connection.execute(
        """SELECT min(c.first) FROM current AS c JOIN spot AS s ON s.id = c.spot
           WHERE s.subject = ? AND s.event = ? AND s.event_no = ?""",
        (subject, *visit),
    ).fetchone()
    return int(row[0] or 0)
