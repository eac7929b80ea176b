"""What lies beside the entries: subject lines, identification log, second factors, drafts, notes of this device.

Where an act of the ledger speaks of a row, the row must be the one it speaks of. Where something can be worked out
from entries, it is. Drafts and notes are no evidence and enter no report; they must have the shape the program gives.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from db import sqlite
from db.casebook.outlooks import NOTE, find_misfits, has_shape
from db.casebook.subjects import line_facts
from db.clock import local_date, read_instant
from db.ledger.chain import ProofFault
from db.ledger.counted import COUNTED
from db.ledger.definitions import read_definitions, read_ranges, read_site
from db.ledger.ledger import read_acts, read_strands
from db.ledger.marks import DRIFT, ON, SEALED, STEP, mark_of_factor, mark_of_keys, mark_of_rows
from db.ledger.projection import Folded, read_rows
from db.ledger.roles import ACCOUNT_ACTS
from forms.record.dataset import Entry
from forms.study.definition import LabRange, Study
from forms.subject.subject import Subject
from forms.value import REDACTED

STRAND = "strand"
"""Name of the note that says which strand this device writes."""

_MAY_RESEAL = ("account_removed", "account_changed", "recovery_used", "definition")
"""Acts after which somebody may no longer look into the identification log."""

Turn = tuple[str, int]


@dataclass(slots=True)
class Lines:
    """The list of subjects, worked out again from entries under the definition in force, or an earlier one."""

    studies: tuple[Study, ...]
    ranges: tuple[LabRange, ...]
    site: str

    @classmethod
    def of(cls, connection: sqlite.Connection) -> Lines:
        """What all lines depend on besides the entries of their subject."""
        return cls(read_definitions(connection), read_ranges(connection), read_site(connection))

    def fits(self, connection: sqlite.Connection, subject: str, folded: Folded) -> bool:
        """Whether the line of a subject says what its entries amount to; a removed text can't be worked with."""
        kept = connection.execute(
            "SELECT status, sex, age, cycle, worst_grade FROM subject WHERE id = ?", (subject,)
        ).fetchone()
        if any(value.value == REDACTED for value in folded.values.values()):
            return True
        last = next(reversed(folded.last.values()), None)
        day = date.min if last is None else local_date(folded.touched, last[3])
        asks = False
        for study in self.studies:
            picture = self._picture(study, subject, folded, day)
            if line_facts(picture) == kept:
                return True
            asks = asks or bool(picture.asked_today)
        days = {local_date(row[2], row[3]) for row in read_rows(connection, subject, 1 << 62)} if asks else set()
        pictures = (self._picture(study, subject, folded, each) for study in self.studies for each in days)
        return any(line_facts(picture) == kept for picture in pictures)

    def _picture(self, study: Study, subject: str, folded: Folded, day: date) -> Subject:
        return Subject(study, subject, folded.values, folded.states, self.ranges, day, self.site)


@dataclass(slots=True)
class _Log:
    """What acts say of the identification log: who noted what and when, and what was sealed anew."""

    due: dict[Turn, Entry] = field(default_factory=dict)
    covered: frozenset[Turn] = frozenset()
    rows: tuple[str, str] = ("", "")
    keys: tuple[str, str] = ("", "")
    """Mark and address of the last act on the rows, and on the boxes with the key."""
    may_be_anew: bool = False


def check_identity(connection: sqlite.Connection) -> tuple[list[ProofFault], bool]:
    """Each line of the identification log against the act that told of it; what it says stays sealed.

    The flag says that lines were sealed anew before the program recorded that, so that nothing binds them.
    """
    if not sqlite.has_table(connection, "identity"):
        return [], False
    rows = {
        (row[0], row[1]): row[2:]
        for row in connection.execute("SELECT subject, turn, at, who, sealed FROM identity ORDER BY subject, turn")
    }
    log = _read_log(connection)
    odd = {subject for subject, _ in rows.keys() ^ log.due.keys()}
    unbound = set()
    for key in rows.keys() & log.due.keys():
        (at, who, box), act = rows[key], log.due[key]
        if (at, who) != (read_instant(act.at), act.who):
            odd.add(key[0])
        elif key not in log.covered and hashlib.sha256(box.encode()).hexdigest() != act.value.value:
            unbound.add(key[0])
    is_old = bool(unbound) and log.may_be_anew and not log.keys[0]
    faults = [ProofFault("db.verify.identity", each) for each in sorted(odd if is_old else odd | unbound)]
    covered = [(*key, rows[key][2]) for key in sorted(log.covered & rows.keys())]
    if log.rows[0] and mark_of_rows(covered) != log.rows[0]:
        faults.append(ProofFault("db.verify.identity_sealed", log.rows[1]))
    if log.keys[0] and mark_of_keys(connection) != log.keys[0]:
        faults.append(ProofFault("db.verify.identity_keys", log.keys[1]))
    return faults, is_old


def _read_log(connection: sqlite.Connection) -> _Log:
    log, turns = _Log(), Counter[str]()
    for act in read_acts(connection, "identity_changed", SEALED, *_MAY_RESEAL):
        if act.act == "identity_changed":
            subject = act.place.item
            turns[subject] += 1
            log.due[subject, turns[subject]] = act
        elif act.act == SEALED:
            told = json.loads(act.value.value)
            log.keys = told["keys"], act.address
            if told["rows"]:
                log.rows, log.covered = (told["rows"], act.address), frozenset(log.due)
        elif log.due:
            log.may_be_anew = True
    return log


def check_second_factors(connection: sqlite.Connection) -> list[ProofFault]:
    """A person has a second factor exactly when their last act on it says so, and it is the one of that act."""
    if not sqlite.has_table(connection, "second_factor"):
        return []
    due: dict[str, Entry] = {act.place.item: act for act in read_acts(connection, "second_factor")}
    latest = connection.execute("SELECT max(at) FROM entry").fetchone()[0] or 0
    odd = set()
    kept = connection.execute("SELECT account, public_key, box, used FROM second_factor").fetchall()
    for account, public, box, used in kept:
        act = due.get(account)
        is_its_own = act is not None and _is_factor(act.value.value, mark_of_factor(account, public, box))
        first = _code_at(read_instant(act.at)) if act is not None else 0
        if not is_its_own or not first - DRIFT <= used <= _code_at(latest) + DRIFT:
            odd.add(account)
    on = {account for account, act in due.items() if act.value.value.partition(" ")[0] == ON}
    odd |= on - {row[0] for row in kept}
    return [ProofFault("db.verify.second_factor", account) for account in sorted(odd)]


def _is_factor(told: str, mark: str) -> bool:
    """Whether an act speaks of the second factor with this mark; acts of earlier versions name none."""
    word, _, known = told.partition(" ")
    return word == ON and known in ("", mark)


def _code_at(instant: int) -> int:
    return instant // 1000 // STEP


def check_drafts(connection: sqlite.Connection, studies: tuple[Study, ...]) -> list[ProofFault]:
    """Drafts must be of people and subjects there are, at places a definition of the store knows."""
    people = {act.place.item for act in read_acts(connection, *ACCOUNT_ACTS)}
    begun = connection.execute("SELECT min(at) FROM entry").fetchone()[0] or 0
    rows = connection.execute(
        """SELECT d.subject, d.form, d.item, d.who, d.at, s.id FROM draft AS d LEFT JOIN subject AS s
           ON s.id = d.subject ORDER BY d.subject, d.form, d.item"""
    )
    return [
        ProofFault("db.verify.draft", f"{subject} {form}.{item}")
        for subject, form, item, who, at, known in rows
        if known is None or who not in people or at < begun or not _is_known(studies, form, item)
    ]


def _is_known(studies: tuple[Study, ...], form: str, item: str) -> bool:
    return any(
        item in {each.id for group in study.form_by_id[form].groups for each in group.items}
        for study in studies
        if form in study.form_by_id
    )


def check_notes(connection: sqlite.Connection) -> Iterator[ProofFault]:
    """Notes of this device: its strand must be one of the store, what is kept of a schedule what the entries give."""
    strands = read_strands(connection)
    subjects = {row[0] for row in connection.execute("SELECT id FROM subject")}
    notes: Mapping[str, str] = dict(connection.execute("SELECT name, value FROM device ORDER BY name").fetchall())
    if notes.get(STRAND) not in strands:
        yield ProofFault("db.verify.device", STRAND)
    for name, value in notes.items():
        if name.startswith(NOTE):
            if name.removeprefix(NOTE) not in subjects or not has_shape(value):
                yield ProofFault("db.verify.prospects", name.removeprefix(NOTE))
        elif name not in DEVICE_NOTES:
            yield ProofFault("db.verify.device", name[:40])
    for subject in find_misfits(connection):
        yield ProofFault("db.verify.prospects", subject)


DEVICE_NOTES = frozenset({STRAND, COUNTED})
"""Names of single notes; those of a schedule begin with `NOTE`."""
