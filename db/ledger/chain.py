"""The chain of entries, walked: each against its hash, its commitment and the entry before it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from db import sqlite
from db.ledger.ledger import BACKWARD, COLUMNS, START, encode, read_acts, read_strands
from db.ledger.seals import SEALED_FROM, read_last_run, read_root
from forms.progress import Tick
from forms.study.definition import Text
from forms.texts import both

SHORTEST_ANCHOR = 8
"""Hex digits of a tip that are enough to be compared."""

MOST_TAIL = 1000
"""So many entries at the most are walked when a store is opened: a hundredth of a second."""

MOST_FAULTS = 100
"""After so many the rest of a strand is not worth naming."""

TOLD_EVERY = 5000
"""Entries after which a walk says how far it is."""


@dataclass(frozen=True, slots=True)
class ProofFault:
    """Something that must not be. ``where`` is a page, an address, a position or a place; it holds no value."""

    key: str
    where: str

    @property
    def text(self) -> Text:
        """The sentence for a person, by language."""
        return both(self.key, where=self.where)

    def __str__(self) -> str:
        return self.text["en"]


@dataclass(slots=True)
class ProofSource:
    """A connection to read through. ``again`` opens another: behind a damaged page the first reads nothing any more."""

    connection: sqlite.Connection
    again: Callable[[], sqlite.Connection] | None = None
    _spare: sqlite.Connection = None

    def prepare(self, act: Callable[[sqlite.Connection], None]) -> None:
        """Do something with the connection and with each that is opened after it."""
        again = self.again
        act(self.connection)
        if again is not None:

            def prepared() -> sqlite.Connection:
                connection = again()
                act(connection)
                return connection

            self.again = prepared

    def renew(self) -> None:
        """Read on through a new connection, where one can be opened."""
        if self.again is not None:
            self.close_spare()
            self.connection = self._spare = self.again()

    def close_spare(self) -> None:
        """Close what `renew` opened."""
        if self._spare is not None:
            self._spare.close()
            self._spare = None


@dataclass(slots=True)
class Chain:
    """What walking the chain gave. ``entries`` are those that were read; ``tip`` is "" when the last can't be."""

    entries: int = 0
    position: int = 0
    tip: str = ""
    has_anchor: bool = False
    faults: list[ProofFault] = field(default_factory=list)


def check_chain(
    source: ProofSource, anchor: str, said: Tick, chain: Chain, watch: Callable[[Sequence[Any]], None] | None = None
) -> None:
    """Every strand from its first entry on; every position of the store must be taken once.

    Entries that can't be read are named and passed over: what comes before and after them is checked all the same.
    ``chain`` holds what was found so far also when the walk ends at something that can't be read. ``watch`` is shown
    each entry that was read, as `COLUMNS` gives it.
    """
    mark = anchor.strip().lower()
    walk = _Walk(source, chain, said, mark if len(mark) >= SHORTEST_ANCHOR else "", watch)
    for strand in _strands(source):
        _check_strand(walk, strand)
    if walk.lacks_end:
        chain.tip = ""
    missing = walk.seen.find(0, 1)
    if missing > 0 and not walk.has_gaps:
        chain.faults.append(ProofFault("db.verify.position", str(missing)))


@dataclass(slots=True)
class _Walk:
    """A walk along the chain. ``removed`` None: the tombstones can't be read; ``total`` 0: nor how much there is."""

    source: ProofSource
    chain: Chain
    said: Tick
    looked_for: str
    watch: Callable[[Sequence[Any]], None] | None = None
    removed: dict[str, bytes] | None = None
    total: int = 0
    seen: bytearray = field(default_factory=bytearray)
    has_gaps: bool = False
    lacks_end: bool = False
    at: int = 0
    """Instant of the entry before, 0 at the beginning of a strand."""
    people: dict[str, int] = field(default_factory=dict)
    """Number under which each subject is kept, which no hash binds."""
    homes: set[tuple[int, int]] = field(default_factory=set)
    """Pairs of such a number and a form's that were found to belong together."""

    def __post_init__(self) -> None:
        try:
            self.total = self.source.connection.execute("SELECT count(*) FROM entry").fetchone()[0]
        except sqlite.DatabaseError:
            self.source.renew()
        try:
            removed = read_tombstones(self.source.connection)
            sqlite.check_sound(self.source.connection)
            self.removed = removed
        except sqlite.DatabaseError:
            self.source.renew()
        self.seen = bytearray(self.total + 1)
        try:
            self.people = dict(self.source.connection.execute(_PEOPLE).fetchall())
        except sqlite.DatabaseError:
            self.source.renew()

    def at_home(self, subject: str, person: int, spot: int) -> bool:
        """Whether an entry is found under its subject. Where the numbers can't be read, that is named elsewhere."""
        if (person, spot) in self.homes or not self.people:
            return True
        if self.people.get(subject) != person:
            return False
        self.homes.add((person, spot))
        return True

    def takes(self, arrival: int, last: int) -> bool:
        """Whether a position is free, and behind the one before it in its strand."""
        if not self.total:
            return arrival > last
        fits = last < arrival <= self.total and not self.seen[arrival]
        if arrival <= self.total:
            self.seen[arrival] = 1
        return fits


def _strands(source: ProofSource) -> tuple[str, ...]:
    """The strands; where the entries don't tell them, that of this device."""
    try:
        return read_strands(source.connection)
    except sqlite.DatabaseError:
        source.renew()
        return tuple(row[0] for row in source.connection.execute("SELECT value FROM device WHERE name = 'strand'"))


def read_tombstones(connection: sqlite.Connection) -> dict[str, bytes]:
    """Commitments of texts that were lawfully removed, by address; the tombstone keeps them."""
    return {act.replaces: bytes.fromhex(json.loads(act.value.value)["sealed"]) for act in
            read_acts(connection, "redacted")}  # fmt: skip


_PEOPLE = "SELECT subject, id FROM spot WHERE event = '' AND event_no = '' AND form = '' AND form_no = ''"
_FROM = f"SELECT {COLUMNS}, t.person, t.spot FROM trail AS t WHERE t.strand = ? AND t.seq >= ? ORDER BY t.seq"


def _check_strand(walk: _Walk, strand: str) -> None:
    """One strand to its end, over whatever can't be read."""
    prev: bytes | None = START
    seq = last = walk.at = 0
    chain = walk.chain
    while len(chain.faults) < MOST_FAULTS:
        try:
            for row in walk.source.connection.execute(_FROM, (strand, seq + 1)):
                _check_row(walk, row, seq + 1, prev, last)
                seq, last, prev = row[1], row[20], row[22]
                if len(chain.faults) >= MOST_FAULTS:
                    break
            break
        except sqlite.DatabaseError:
            walk.has_gaps = True
            after = _next_readable(walk.source, strand, seq + 1)
            chain.faults.append(ProofFault("db.verify.entries", f"{strand}:{seq + 1} – {after - 1 if after else '?'}"))
            if not after:
                walk.lacks_end = True
                break
            seq, prev = after - 1, None
    if last > chain.position and prev is not None:
        chain.position, chain.tip = last, prev.hex()


def _check_row(walk: _Walk, row: Sequence[Any], seq: int, prev: bytes | None, last: int) -> None:
    """One entry that should be number ``seq`` after ``prev`` (None: what stands before it can't be read)."""
    chain, arrival = walk.chain, row[20]
    misfit = misfit_of(row[:27], seq, row[21] if prev is None else prev, walk.removed or {})
    if not misfit and not walk.at_home(row[7], row[27], row[28]):
        misfit = "db.verify.person"
    if not misfit and row[2] < walk.at - BACKWARD and row[6] != "clock_set_back":
        misfit = "db.verify.time"
    walk.at = row[2]
    if misfit == "db.verify.text_gone" and walk.removed is None:
        misfit = ""
    if misfit:
        sqlite.check_sound(walk.source.connection)
    chain.entries += 1
    if not chain.entries % TOLD_EVERY:
        walk.said(chain.entries, walk.total, "")
    if not walk.takes(arrival, last) or misfit:
        chain.faults.append(ProofFault(misfit or "db.verify.position", f"{row[0]}:{row[1]}"))
    if walk.watch is not None:
        walk.watch(row)
    if walk.looked_for and row[22].hex().startswith(walk.looked_for):
        chain.has_anchor = True


def _next_readable(source: ProofSource, strand: str, first: int) -> int:
    """Number of the first entry that can be read behind ``first``, which can't; 0 when there is none.

    Looked for in growing steps, then between the last two.
    """

    def look(seq: int) -> int | None:
        try:
            row = source.connection.execute(f"{_FROM} LIMIT 1", (strand, seq)).fetchone()
            sqlite.check_sound(source.connection)
        except sqlite.DatabaseError:
            source.renew()
            return None
        return row[1] if row else 0

    source.renew()
    low, step = first, 1
    while (found := look(first + step)) is None:
        low, step = first + step, step * 2
        if step > 1 << 40:
            return 0
    high = first + step
    while high - low > 1:
        middle = (low + high) // 2
        here = look(middle)
        if here is None:
            low = middle
        else:
            high, found = middle, here
    return found


def misfit_of(row: Sequence[Any], seq: int, prev: bytes, removed: dict[str, bytes]) -> str:
    """What is wrong with an entry that should be number ``seq`` after the hash ``prev``: the key of a text, or ""."""
    told_prev, mark, salt, text, value, why = row[21:]
    if row[1] != seq or told_prev != prev:
        return "db.verify.order"
    sealed: bytes | None
    if salt is None:
        sealed = removed.get(f"{row[0]}:{row[1]}")
        if sealed is None:
            return "db.verify.text_gone"
    elif removed and f"{row[0]}:{row[1]}" in removed:
        return "db.verify.text_back"
    else:
        sealed = sha256(salt + encode((text, value, why)).encode()).digest()
    if sha256(prev + sealed + encode(row[:20]).encode()).digest() != mark:
        return "db.verify.entry"
    return ""


def check_tail(connection: sqlite.Connection, strand: str) -> ProofFault | None:
    """What a strand ends with, which is looked at whenever a store is opened: the last seal, and what it answers for.

    Of a long run only the last `MOST_TAIL` entries are walked.
    """
    last = connection.execute("SELECT max(seq) FROM entry WHERE strand = ?", (strand,)).fetchone()[0] or 0
    run = read_last_run(connection, strand)
    if run is None:
        begin = _last_signed_tip(connection, strand)
        if last and _must_be_sealed(connection, strand):
            return ProofFault("db.verify.unsealed", f"{strand}:{last}")
    else:
        begin = run.first
        if run.last != last:
            return ProofFault("db.verify.unsealed", f"{strand}:{min(run.last, last) + 1} – {strand}:{last}")
        if run.basis.key not in _read_keys(connection) or not run.is_sealed_by(run.basis.key, read_root(connection)):
            return ProofFault("db.verify.seal", f"{strand}:{run.first} – {run.address}")
    return _check_from(connection, strand, max(begin, last - MOST_TAIL, 1))


def _read_keys(connection: sqlite.Connection) -> set[str]:
    """Every public key that the ledger ever named: of accounts and of recovery sheets."""
    told = [
        json.loads(act.value.value) for act in read_acts(connection, "account_added", "account_changed", "keys_changed")
    ]
    return {each.get("public_key", each.get("sheet", "")) for each in told}


def _last_signed_tip(connection: sqlite.Connection, strand: str) -> int:
    """Where an earlier version signed last."""
    row = connection.execute(
        """SELECT seq FROM entry WHERE person = 1 AND act = 'tip_signed' AND strand = ?
           ORDER BY arrival DESC LIMIT 1""",
        (strand,),
    ).fetchone()
    return row[0] if row else 1


def _check_from(connection: sqlite.Connection, strand: str, begin: int) -> ProofFault | None:
    before = connection.execute("SELECT hash FROM entry WHERE strand = ? AND seq = ?", (strand, begin - 1)).fetchone()
    prev = before[0] if before else START
    removed = read_tombstones(connection)
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM trail AS t WHERE t.strand = ? AND t.seq >= ? ORDER BY t.seq", (strand, begin)
    )
    for seq, row in enumerate(rows, begin):
        if misfit := misfit_of(row, seq, prev, removed):
            return ProofFault(misfit, f"{strand}:{row[1]}")
        prev = row[22]
    return None


def _must_be_sealed(connection: sqlite.Connection, strand: str) -> bool:
    """Whether entries of a strand without any seal are a fault: when the ledger says that there were seals by then."""
    for act in read_acts(connection, "store_created", "migration"):
        told = json.loads(act.value.value)
        if act.strand == strand and told.get("to", told.get("schema", 0)) >= SEALED_FROM:
            return True
    return False
