"""What is still lacking before a database is locked, each with the place that mends it; and locking it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from db.casebook.casebook import Casebook
from db.ledger.ledger import Act
from db.ledger.signatures import read_signatures
from forms.course.reconcile import serious_gaps
from forms.errors import Refusal
from forms.place import Place
from forms.progress import Tick
from forms.record.dataset import Query
from forms.sheet.sheet import open_sheet
from forms.study.names import VERIFICATION
from forms.subject.subject import Subject
from forms.value import Value

if TYPE_CHECKING:
    from db.casebook.entering import Changes

Kind = Literal["query", "incomplete", "missing", "unsigned", "broken", "unverified", "serious"]
KINDS: tuple[Kind, ...] = ("query", "incomplete", "missing", "unsigned", "broken", "unverified", "serious")
"""In the order of the list; their words are ``db.lacking.<kind>``."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """One thing to be settled. ``place`` is where; its ``item`` is "" when it is about the whole form.

    ``query`` is the question that is open; ``why`` the key of a text that says more, "" for none.
    """

    kind: Kind
    place: Place
    query: Query | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """What was lacking at a position of the ledger."""

    position: int
    lines: tuple[Lacking, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of each kind; kinds that have none are left out."""
        found = Counter(line.kind for line in self.lines)
        return {kind: found[kind] for kind in KINDS if kind in found}


def read_checklist(reader: Casebook, *, tick: Tick | None = None) -> Checklist:
    """Go through all subjects: queries, forms, answers, signatures, verification, serious events."""
    reader.check_right("read")
    position = reader.position()
    lines = [Lacking("query", query.place, query) for query in reader.queries() if query.is_open]
    subjects = reader.subjects(limit=1_000_000)
    for at, line in enumerate(subjects):
        if tick is not None:
            tick(at, len(subjects), line.id)
        lines += _of(reader, reader.subject(line.id))
    order = {kind: at for at, kind in enumerate(KINDS)}
    return Checklist(position, tuple(sorted(lines, key=lambda each: order[each.kind])))


def _of(reader: Casebook, subject: Subject) -> Iterator[Lacking]:
    setting = subject.study.setting_by_id.get(VERIFICATION)
    verified = setting is not None and setting.value.strip().lower() == "all"
    with reader.reading() as connection:
        signed = {each.key for each in read_signatures(connection, subject.id)}
    for key in subject.keys():
        state, whole = subject.state(key), key.place("", "")
        if state.status != "complete":
            yield Lacking("incomplete", whole)
            blockers = open_sheet(subject, key).complete_blockers()
            yield from (Lacking("missing", each.place) for each in blockers if each.rule == "required")
        elif not state.marks.signed:
            yield Lacking("broken" if key in signed else "unsigned", whole)
        if verified and not state.marks.verified:
            yield Lacking("unverified", whole)
    yield from (Lacking("serious", place, why=why) for place, why in serious_gaps(subject))


def lock_database(casebook: Casebook, checklist: Checklist, why: str) -> Changes:
    """Take the rights to change anything from everybody, in one act; its reason is kept with what was lacking.

    Raises Refusal without a reason, and when something was written since the checklist was made.
    """
    casebook.check_right("lock")
    if casebook.database_lock is not None:
        raise Refusal("db.state.database_locked")
    if not why.strip():
        raise Refusal("db.lock_why" if checklist.lines else "db.why_missing")
    if checklist.position != casebook.position():
        raise Refusal("db.lock_stale")
    return _act(casebook, "database_locked", json.dumps(checklist.counts, sort_keys=True), why)


def unlock_database(casebook: Casebook, why: str) -> Changes:
    """Give the rights back, with a reason. Single forms stay frozen or locked as they were."""
    casebook.check_right("unlock")
    if casebook.database_lock is None:
        raise Refusal("db.state.database_unlocked")
    if not why.strip():
        raise Refusal("db.why_missing")
    return _act(casebook, "database_unlocked", "", why)


def _act(casebook: Casebook, act: str, told: str, why: str) -> Changes:
    with casebook.writing() as ledger:
        ledger.append([Act(act, value=Value(value=told), why=why.strip())])
        changes = casebook.done(())
    casebook.read_database_lock()
    return changes
