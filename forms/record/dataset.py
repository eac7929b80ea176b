"""The frozen picture that the store hands to the reports: `db` fills it, `reports` reads it, neither knows the other.

Two instants, never mixed. ``as_of``: a position of the ledger, what was recorded by then. ``cut_off``: a clinical date,
what happened after it does not count and times are censored there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from forms.place import FormKey, Place
from forms.study.definition import Study
from forms.subject.in_force import StudyInForce
from forms.subject.states import FormState
from forms.subject.subject import Subject
from forms.value import REDACTED, Value


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of the ledger. Its address is ``strand:seq``; ``arrival`` is its position in this store.

    ``at`` is ISO 8601 UTC with milliseconds, ``offset`` the local offset in minutes at that moment. ``replaces`` and
    ``cause`` are addresses of other entries or "". ``act`` is one of the words listed in `db.ledger.ledger.ACTS`.
    """

    strand: str
    seq: int
    arrival: int
    at: str
    offset: int
    who: str
    role: str
    act: str
    place: Place
    value: Value
    replaces: str
    why: str
    cause: str
    definition: str
    app: str
    prev: str
    hash: str

    @property
    def address(self) -> str:
        """``strand:seq``."""
        return f"{self.strand}:{self.seq}"


@dataclass(frozen=True, slots=True)
class Record:
    """What the ledger knows of a current value: its last entry and how often it was changed since the first."""

    entry: Entry
    changes: int


@dataclass(frozen=True, slots=True)
class Query:
    """A question about a place. ``rule`` names the check that raised it, "" when a person did."""

    id: str
    place: Place
    rule: str
    text: str
    status: str
    opened_at: str
    opened_by: str
    closed_at: str = ""
    closed_by: str = ""
    words: Mapping[str, str] = field(default_factory=dict, compare=False)
    """``text`` by language; a person's own question stands in the language it was written in alone."""
    due: str = ""
    """ISO date by which an answer is asked for, "" when none was set."""
    to: str = ""
    """Role that is asked, "" for whoever may answer."""

    @property
    def is_open(self) -> bool:
        """Not closed yet, answered or not: what "open query" means in every list, count and report."""
        return self.status != "closed"


def read_asked(text: str) -> tuple[str, dict[str, str], str, str]:
    """Rule, words, due date and role asked of a query as its entry keeps it; a redacted one has none."""
    if text == REDACTED:
        return "", {"en": REDACTED}, "", ""
    told = json.loads(text)
    words = {str(language): str(each) for language, each in told["words"].items()}
    return str(told["rule"]), words, str(told.get("due", "")), str(told.get("to", ""))


@dataclass(frozen=True, slots=True)
class SignedOver:
    """One thing that changed under a signature: what stood there when it was signed and what stands there since.

    ``before`` and ``after`` are None where a complete form was opened again, ``before`` also where nothing stood.
    """

    place: Place
    before: Value | None
    after: Value | None
    entry: Entry


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature. ``entry`` is the act; ``key`` says what it covers, with "" for every form or every visit."""

    entry: Entry
    key: FormKey
    name: str
    meaning: str
    scope: str
    changes: tuple[SignedOver, ...] = field(default=())

    @property
    def is_broken(self) -> bool:
        """Whether anything changed underneath."""
        return bool(self.changes)

    def covers(self, place: Place) -> bool:
        """Whether a place lies under the signature."""
        key = self.key
        return (
            key.subject == place.subject
            and (not key.event or (key.event, key.event_no) == (place.event, place.event_no))
            and (not key.form or (key.form, key.form_no) == (place.form, place.form_no))
        )


@dataclass(frozen=True, slots=True)
class SubjectData:
    """One subject of a dataset: the picture, where each value came from, and the whole trail."""

    subject: Subject
    records: Mapping[Place, Record]
    states: Mapping[FormKey, FormState]
    queries: tuple[Query, ...]
    entries: Sequence[Entry]
    signatures: tuple[Signature, ...] = ()
    """Signatures over anything of the subject, oldest first, each with what changed underneath."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A whole store at an instant. ``tip`` is the hash of the entry at ``position`` of the writing strand."""

    study: Study
    definition: str
    site: str
    app: str
    position: int
    as_of: str
    tip: str
    cut_off: date | None
    today: date
    subjects: tuple[SubjectData, ...]
    names: Mapping[str, str]
    """Display name by account id, for prints."""
    acts: Sequence[Entry] = ()
    """Acts on the store itself: accounts, sign-ins, definitions, backups, exports, reports."""
    set_clock: str = ""
    """The day (ISO date) the clock was set to by hand when the store was made: a demonstration or a test; "" else."""
    history: tuple[StudyInForce, ...] = ()
    """Every version of the study that was in force by then, oldest first."""
