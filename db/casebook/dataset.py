"""The frozen picture for reports, folded from the ledger at any position, read from a snapshot of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from db import VERSION, sqlite
from db.casebook.versions import with_versions
from db.clock import iso, local_date, read_instant
from db.folder import paths
from db.folder.boxes import Secret
from db.ledger.definitions import read_definition, read_history, read_ranges, read_set_clock, read_site
from db.ledger.ledger import ACTS, read_acts, read_position, read_strands
from db.ledger.projection import Entries, Records, fold, read_rows
from db.ledger.roles import ACCOUNT_ACTS, fold_accounts
from db.ledger.signatures import fold_signatures
from forms.errors import Refusal
from forms.progress import Tick
from forms.record.dataset import Dataset, SubjectData
from forms.study.definition import LabRange
from forms.subject.in_force import StudyInForce
from forms.subject.subject import Subject


def read_dataset(
    folder: Path, store_key: Secret, as_of: str = "", cut_off: date | None = None, today: date | None = None, *,
    subject: str = "", trail: bool = True, tick: Tick | None = None,
) -> Dataset:  # fmt: skip
    """What was recorded by ``as_of``: a position, a time (ISO; a bare date means its end), or "" for all.

    A time without a zone is meant in the zone in which the store was made. ``today`` defaults to the local date of the
    entry at that position, so that the same position gives the same picture on any later day. ``subject`` limits it to
    one; ``trail`` False leaves the entries out. Raises Refusal for a position that isn't.
    """
    with sqlite.translated(folder):
        connection = sqlite.connect(folder / paths.STORE, store_key, "ro")
        try:
            with sqlite.snapshot(connection):
                return _read(connection, as_of, cut_off, today, subject, trail, tick)
        finally:
            connection.close()


def find_position(connection: sqlite.Connection, as_of: str) -> int:
    """The position meant by a number, a time or "" (the last). Raises Refusal when there is none such."""
    last = read_position(connection)
    wanted = as_of.strip()
    if not wanted:
        return last
    if wanted.isdecimal() and len(wanted) < 20:
        if not 1 <= int(wanted) <= last:
            raise Refusal("db.position_unknown", position=wanted, last=last)
        return int(wanted)
    try:
        instant = read_instant(wanted, read_acts(connection, "store_created")[0].offset)
    except ValueError as error:
        raise Refusal("db.time_misread", text=wanted[:40]) from error
    found = connection.execute("SELECT max(arrival) FROM entry WHERE at <= ?", (instant,)).fetchone()[0]
    if found is None:
        raise Refusal("db.time_before_store", text=wanted[:40])
    position: int = found
    return position


def _check_begun(connection: sqlite.Connection, position: int) -> None:
    """Raises Refusal for a position from before there was a study to make a picture of."""
    first = connection.execute("SELECT min(arrival) FROM entry WHERE person = 1 AND act = 'definition'").fetchone()[0]
    if first is not None and position < first:
        raise Refusal("db.as_of_too_early", position=position, first=first)


def _read(
    connection: sqlite.Connection, as_of: str, cut_off: date | None, today: date | None, subject: str, trail: bool,
    tick: Tick | None,
) -> Dataset:  # fmt: skip
    position = find_position(connection, as_of)
    _check_begun(connection, position)
    at, offset, tip = _find_entry(connection, position)
    study, definition = read_definition(connection, position)
    history = read_history(connection, position)
    ranges = read_ranges(connection, position)
    site = read_site(connection)
    day = today or local_date(at, offset)
    accounts = fold_accounts(act for act in read_acts(connection, *ACCOUNT_ACTS) if act.arrival <= position)
    ids = [subject] if subject else [row[0] for row in connection.execute("SELECT id FROM subject ORDER BY id")]
    found = []
    for done, each in enumerate(ids):
        if tick is not None:
            tick(done, len(ids), each)
        data = _subject(connection, history, ranges, site, day, each, position, trail)
        if data is not None:
            found.append(data)
    if subject and not found:
        raise Refusal("db.subject_unknown", id=subject[:40])
    return Dataset(
        study=study, definition=definition, site=site, app=VERSION, position=position, as_of=iso(at), tip=tip.hex(),
        cut_off=cut_off, today=day, subjects=tuple(found),
        names={account.id: account.name for account in accounts.values()},
        acts=tuple(act for act in read_acts(connection, *ACTS) if not act.place.subject and act.arrival <= position)
        if trail and not subject else (),
        set_clock=read_set_clock(connection), history=history,
    )  # fmt: skip


def _find_entry(connection: sqlite.Connection, position: int) -> tuple[int, int, bytes]:
    """Instant, offset and hash of the entry at a position: positions rise with the number within each strand."""
    found: tuple[int, int, int, bytes] | None = None
    for strand in read_strands(connection):
        row = connection.execute(
            """SELECT arrival, at, "offset", hash FROM trail WHERE strand = ? AND arrival <= ?
               ORDER BY seq DESC LIMIT 1""",
            (strand, position),
        ).fetchone()
        if row is not None and (found is None or row[0] > found[0]):
            found = row
    assert found is not None  # `find_position` gave it
    return found[1:]


def _subject(
    connection: sqlite.Connection, history: tuple[StudyInForce, ...], ranges: tuple[LabRange, ...], site: str,
    today: date, subject: str, position: int, trail: bool,
) -> SubjectData | None:  # fmt: skip
    rows = list(read_rows(connection, subject, position))
    folded = fold(rows)
    if not folded.added:
        return None
    picture = Subject(history[-1].study, subject, folded.values, folded.states, ranges, today, site)
    return SubjectData(
        subject=with_versions(picture, history, folded.stamps, folded.added),
        records=Records(folded),
        states=folded.states,
        queries=tuple(folded.queries.values()),
        entries=Entries(rows if trail else ()),
        signatures=fold_signatures(rows),
    )
