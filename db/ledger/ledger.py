"""The append-only history. Every act of everybody is an entry of a strand, bound to the entry before it.

``sealed = sha256(salt + json([text, value, why]))``: a salted commitment to the free text, which lies in its own table.
``hash = sha256(prev + sealed + json(columns))`` with the columns in the order of `CHAINED`. JSON is UTF-8, without
spaces, non-ASCII letters unescaped. The first entry of a strand has 32 zero bytes for ``prev``. Who, role, offset,
definition and program repeat from entry to entry, as do form instances: both are kept once, under a number, and the
view ``trail`` shows entries whole. The hash is over the words, never over such a number.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from db import VERSION, sqlite
from db.clock import EPOCH, MILLISECOND, Clock, iso, milliseconds, offset_minutes
from db.ledger.binding import RELIED
from db.ledger.binding import START as START
from db.ledger.binding import Tip as Tip
from db.ledger.binding import encode as encode
from db.ledger.seals import Sealer
from forms.place import Place
from forms.record.dataset import Entry
from forms.value import BLANK, REDACTED, Value
from forms.values.kinds import legible

ACTS = (
    "store_created", "strand_begun", "definition", "range", "setting",
    "account_added", "account_changed", "account_removed", "passphrase_changed", "recovery_used", "keys_changed",
    "recovery_renewed", "account_unlocked", "passphrase_reset", "training", "second_factor", "rekeyed",
    "identity_changed", "identity_read", "identity_sealed",
    "signed_in", "signed_out", "sign_in_failed", "tip_signed",
    "clock_set", "clock_set_back", "clock_set_on", "zone_changed",
    "subject_added", "value", "derived", "overridden", "completed", "reopened",
    "query_opened", "query_answered", "query_closed", "query_reopened",
    "verified", "unverified", "signed", "frozen", "unfrozen", "locked", "unlocked",
    "database_locked", "database_unlocked",
    "report", "export", "import", "backup", "restore", "rehearsal", "counter_missing", "verification", "migration",
    "redaction_proposed", "redacted",
)  # fmt: skip
"""Every word that may stand in ``act``; its text for people is ``db.act.<word>``."""

SYSTEM = "system"
"""``who`` of an entry that follows from another one by a rule; its ``cause`` names that one."""

NOWHERE = Place("", "", "", "", "", "", "")
"""The place of acts on the store itself."""

CHAINED = ("strand", "seq", "at", "offset", "who", "role", "act", "subject", "event", "event_no", "form", "form_no",
           "row", "item", "unit", "missing", "replaces", "cause", "definition", "app")  # fmt: skip
"""Columns bound by the hash. ``arrival`` is not: it is the position in one store, and a merge gives another."""

DEFINITION_DIGITS = 16
"""Leading hex digits of a definition's sha256 that an entry carries; the whole stands in the ``definition`` act."""

BACKWARD = 5_000
"""Milliseconds by which the clock may lag behind before it counts as set back (time servers nudge it)."""

FORWARD = 5 * 60_000
"""Milliseconds by which the clock may run ahead of the time that passed before it counts as set on: a computer that
slept, and one whose quartz is poor, stay below it."""

_ENTRY = """INSERT INTO entry (strand, seq, arrival, at, context, act, person, spot, "row", item, unit, missing,
 replaces, cause, prev, hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"""
_PAYLOAD = "INSERT INTO payload (strand, seq, salt, text, value, why) VALUES (?,?,?,?,?,?)"
_SPOT = "subject = ? AND event = ? AND event_no = ? AND form = ? AND form_no = ?"
_CONTEXT = 'who = ? AND role = ? AND "offset" = ? AND definition = ? AND app = ?'

COLUMNS = """t.strand, t.seq, t.at, t."offset", t.who, t.role, t.act, t.subject, t.event, t.event_no, t.form, t.form_no,
 t."row", t.item, t.unit, t.missing, t.replaces, t.cause, t.definition, t.app,
 t.arrival, t.prev, t.hash, t.salt, t.text, t.value, t.why"""
"""What `read_entry` takes from ``trail AS t``, in this order; the first twenty are `CHAINED`."""

PERSON = """(SELECT id FROM spot WHERE subject = ? AND event = '' AND event_no = '' AND form = '' AND form_no = '')"""
"""Number under which a subject is kept: that of the spot of the subject as a whole."""

MOST_SPOTS = 20_000
"""Numbers of forms and contexts remembered between entries."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something to be appended. ``who`` "" means the person signed in."""

    act: str
    place: Place = NOWHERE
    value: Value = BLANK
    why: str = ""
    replaces: str = ""
    cause: str = ""
    who: str = ""
    definition: str = ""
    """Leading digits of the definition that judged it, "" for the one in force."""


def commitment(salt: bytes, text: str, value: str, why: str) -> bytes:
    """What the chain holds in place of free text."""
    return hashlib.sha256(salt + encode((text, value, why)).encode()).digest()


def entry_hash(prev: bytes, sealed: bytes, columns: Sequence[object]) -> bytes:
    """Hash of an entry; ``columns`` as in `CHAINED`."""
    return hashlib.sha256(prev + sealed + encode(columns).encode()).digest()


def new_strand() -> str:
    """Four letters that name a device's strand."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(4))


class Ledger:
    """Appends to one strand of one store. Its tip is what the database holds, also after a refused transaction."""

    def __init__(self, connection: sqlite.Connection, strand: str, clock: Clock) -> None:
        self.connection = connection
        self.strand = strand
        self.clock = clock
        self.definition = ""
        self.who = SYSTEM
        self.role = SYSTEM
        self.tip = read_tip(connection, strand)
        clock.go_on_from(EPOCH + self.tip.at * MILLISECOND)
        self._begun = (milliseconds(clock()), clock.monotonic())
        self._now = (0, 0)
        self.clock_acts = 0
        """How often the clock was found set or moved to another zone since this ledger was opened."""
        self._numbers: dict[tuple[object, ...], int] = {}
        self.sealer: Sealer | None = None
        """The key of who is signed in; nothing is written without one."""
        self._noted: dict[str, str] = {}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One write transaction at one instant; when it is refused the tip is what it was before.

        A clock that was set back, set on or moved to another zone since the last entry is recorded first. Under the
        last entry comes the seal of its author.
        """
        before = self.tip
        self._noted = {}
        try:
            with sqlite.transaction(self.connection):
                self._look()
                yield
                self._seal(before)
        except BaseException:
            self.tip = before
            self._numbers.clear()
            if self.sealer is not None:
                self.sealer.forget()
            raise
        if self._noted and self.sealer is not None:
            self.sealer.keep(self._noted)

    def _seal(self, before: Tip) -> None:
        if self.tip.seq == before.seq:
            return
        if self.sealer is None:
            raise ValueError("entries without an author")
        self.sealer.seal(self.connection, self.strand, self.tip, self._noted)

    def address(self, ahead: int = 1) -> str:
        """Address that the next entry will have (``ahead`` 1), or one after it."""
        return f"{self.strand}:{self.tip.seq + ahead}"

    @property
    def now(self) -> int:
        """Instant of the transaction that is open, in milliseconds UTC."""
        return self._now[0]

    @property
    def offset(self) -> int:
        """Minutes by which local time was ahead of UTC then."""
        return self._now[1]

    def append(self, acts: Sequence[Act]) -> tuple[str, ...]:
        """Append inside `transaction`; returns the addresses. All carry the instant of the transaction."""
        at, offset = self._now
        entries: list[tuple[object, ...]] = []
        payloads: list[tuple[object, ...]] = []
        strand, seq, prev, arrival = self.strand, self.tip.seq, self.tip.hash, self.tip.arrival
        salts = os.urandom(16 * len(acts))
        for turn, act in enumerate(acts):
            seq += 1
            arrival += 1
            place, value, why = act.place, act.value, legible(act.why)
            salt = salts[16 * turn : 16 * turn + 16]
            who, role = (SYSTEM, SYSTEM) if act.who == SYSTEM else (act.who or self.who, self.role)
            definition = act.definition or self.definition
            spot = (place.subject, place.event, place.event_no, place.form, place.form_no)
            said = (place.row, place.item, value.unit, value.missing, act.replaces, act.cause)
            mark = entry_hash(
                prev,
                commitment(salt, value.text, value.value, why),
                (strand, seq, at, offset, who, role, act.act, *spot, *said, definition, VERSION),
            )
            context = self._number("context", _CONTEXT, (who, role, offset, definition, VERSION))
            person = self._number("spot", _SPOT, (place.subject, "", "", "", ""))
            number = self._number("spot", _SPOT, spot)
            entries.append((strand, seq, arrival, at, context, act.act, person, number, *said, prev, mark))
            text = None if value.text == value.value else value.text
            payloads.append((strand, seq, salt, text, value.value, why))
            prev = mark
            if act.act in RELIED:
                self._noted[RELIED[act.act]] = f"{strand}:{seq}"
        self.connection.executemany(_PAYLOAD, payloads)
        self.connection.executemany(_ENTRY, entries)
        self.tip = Tip(seq, prev, arrival, at, offset)
        return tuple(f"{strand}:{number}" for number in range(seq - len(payloads) + 1, seq + 1))

    def _number(self, table: str, where: str, content: tuple[object, ...]) -> int:
        """The number under which a form instance or a context is kept."""
        found = self._numbers.get(content)
        if found is None:
            row = self.connection.execute(f"SELECT id FROM {table} WHERE {where}", content).fetchone()
            if row is None:
                row = self.connection.execute(
                    f"INSERT INTO {table} VALUES (NULL, ?, ?, ?, ?, ?) RETURNING id", content
                ).fetchone()
            if len(self._numbers) > MOST_SPOTS:
                self._numbers.clear()
            found = self._numbers[content] = row[0]
        return found

    def _look(self) -> None:
        now = self.clock()
        at, offset = milliseconds(now), offset_minutes(now)
        begun, ticks = self._begun
        expected = begun + int((self.clock.monotonic() - ticks) * 1000)
        found = []
        if at < max(self.tip.at, expected) - BACKWARD:
            told = {"expected": iso(max(expected, self.tip.at)), "shown": iso(at)}
            found.append(Act("clock_set_back", value=Value(value=encode(told)), who=SYSTEM))
            self._begun = (at, self.clock.monotonic())
        elif at > expected + FORWARD and not self.clock.was_set:
            told = {"expected": iso(expected), "shown": iso(at)}
            found.append(Act("clock_set_on", value=Value(value=encode(told)), who=SYSTEM))
            self._begun = (at, self.clock.monotonic())
            at = max(at, self.tip.at)
        elif at < self.tip.at:
            at = self.tip.at
        if self.tip.seq and offset != self.tip.offset and self.clock.zoned:
            told = {"before": str(self.tip.offset), "now": str(offset)}
            found.append(Act("zone_changed", value=Value(value=encode(told)), who=SYSTEM))
        self._now = (at, offset)
        if found:
            self.clock_acts += len(found)
            self.append(found)


def read_tip(connection: sqlite.Connection, strand: str) -> Tip:
    """Where a strand ends, and the last position of the whole store."""
    row = connection.execute(
        'SELECT seq, hash, at, "offset" FROM trail WHERE strand = ? ORDER BY seq DESC LIMIT 1', (strand,)
    ).fetchone()
    seq, mark, at, offset = row or (0, START, 0, 0)
    return Tip(seq, mark, read_position(connection), at, offset)


def read_strands(connection: sqlite.Connection) -> tuple[str, ...]:
    """Every strand of the store, by skipping through the key."""
    rows = connection.execute(
        """WITH RECURSIVE each(strand) AS (
             SELECT min(strand) FROM entry
             UNION ALL SELECT (SELECT min(strand) FROM entry WHERE strand > each.strand) FROM each
             WHERE each.strand IS NOT NULL)
           SELECT strand FROM each WHERE strand IS NOT NULL"""
    )
    return tuple(strand for (strand,) in rows)


def read_position(connection: sqlite.Connection) -> int:
    """The last position (arrival) of the store, 0 when it is empty."""
    ends = (
        connection.execute("SELECT arrival FROM entry WHERE strand = ? ORDER BY seq DESC LIMIT 1", (strand,)).fetchone()
        for strand in read_strands(connection)
    )
    return max((row[0] for row in ends), default=0)


def read_entry(row: Sequence[Any]) -> Entry:
    """An entry from a row of `COLUMNS`. A lawfully removed text shows as `REDACTED`."""
    text, value, why = (REDACTED, REDACTED, "") if row[23] is None else row[24:27]
    return Entry(
        strand=row[0], seq=row[1], arrival=row[20], at=iso(row[2]), offset=row[3], who=row[4], role=row[5], act=row[6],
        place=Place(*row[7:14]), value=Value(text, value, row[14], row[15]), replaces=row[16], why=why, cause=row[17],
        definition=row[18], app=row[19], prev=row[21].hex(), hash=row[22].hex(),
    )  # fmt: skip


def read_acts(connection: sqlite.Connection, *acts: str) -> list[Entry]:
    """Acts on the store itself of the kinds named, in order of arrival."""
    marks = ",".join("?" for _ in acts)
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM trail AS t WHERE t.person = 1 AND t.act IN ({marks}) ORDER BY t.arrival", acts
    )
    return [read_entry(row) for row in rows]
