"""The chain of entries, walked: each against its hash, its commitment and the entry before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from db import _sqlite
from db.ledger import COLUMNS, JOINED, START, encode, read_acts, read_strands
from forms.study import Text
from forms.texts import both

Tick = Callable[[int, int, str], None]

SHORTEST_ANCHOR = 8
"""Hex digits of a tip that are enough to be compared."""

MOST_FAULTS = 100
"""After so many the rest of a strand is not worth naming."""


@dataclass(frozen=True, slots=True)
class Fault:
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
class Chain:
    """What walking the chain gave. ``removed``: addresses whose text is gone."""

    entries: int = 0
    position: int = 0
    tip: str = ""
    has_anchor: bool = False
    removed: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def check_chain(connection: _sqlite.Connection, anchor: str, said: Tick) -> Chain:
    """Every strand from its first entry on; every position of the store must be taken once."""
    total: int = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    chain = Chain()
    seen = bytearray(total + 1)
    for strand in read_strands(connection):
        _check_strand(connection, strand, anchor.strip().lower(), chain, seen, said)
    missing = seen.find(0, 1)
    if missing > 0:
        chain.faults.append(Fault("db.verify.position", str(missing)))
    chain.faults += [Fault("db.verify.text_gone", each) for each in _unlawful(connection, chain.removed)]
    return chain


def _check_strand(
    connection: _sqlite.Connection, strand: str, anchor: str, chain: Chain, seen: bytearray, said: Tick
) -> None:
    prev, seq, last, total = START, 0, 0, len(seen) - 1
    looked_for = anchor if len(anchor) >= SHORTEST_ANCHOR else ""
    rows = connection.execute(f"SELECT {COLUMNS} FROM {JOINED} WHERE e.strand = ? ORDER BY e.seq", (strand,))
    for row in rows:
        arrival, mark = row[20], row[23]
        seq += 1
        if not seq % 5000:
            said(chain.entries + seq, total, "")
        misfit = misfit_of(row, seq, prev)
        if misfit or not last < arrival <= total or seen[arrival]:
            chain.faults.append(Fault(misfit or "db.verify.position", f"{strand}:{row[1]}"))
            seq = row[1]
        if arrival <= total:
            seen[arrival] = 1
        if row[24] is None:
            chain.removed.append(f"{strand}:{row[1]}")
        if looked_for and mark.hex().startswith(looked_for):
            chain.has_anchor = True
        prev, last = mark, arrival
        if len(chain.faults) >= MOST_FAULTS:
            break
    chain.entries += seq
    if last > chain.position:
        chain.position, chain.tip = last, prev.hex()


def misfit_of(row: Sequence[Any], seq: int, prev: bytes) -> str:
    """What is wrong with an entry that should be number ``seq`` after the hash ``prev``: the key of a text, or ""."""
    _, sealed, told_prev, mark, salt, text, value, why = row[20:]
    if row[1] != seq or told_prev != prev:
        return "db.verify.order"
    if sha256(prev + sealed + encode(row[:20]).encode()).digest() != mark:
        return "db.verify.entry"
    if salt is not None and sha256(salt + encode((text, value, why)).encode()).digest() != sealed:
        return "db.verify.text"
    return ""


def _unlawful(connection: _sqlite.Connection, removed: list[str]) -> Iterator[str]:
    if removed:
        lawful = {act.replaces for act in read_acts(connection, "redacted")}
        yield from (each for each in removed if each not in lawful)


def check_tail(connection: _sqlite.Connection, strand: str) -> Fault | None:
    """The entries since the last signed tip, which is what is looked at whenever a store is opened."""
    row = connection.execute(
        """SELECT seq FROM entry WHERE subject = '' AND act = 'tip_signed' AND strand = ?
           ORDER BY arrival DESC LIMIT 1""",
        (strand,),
    ).fetchone()
    seq = row[0] if row else 1
    before = connection.execute("SELECT hash FROM entry WHERE strand = ? AND seq = ?", (strand, seq - 1)).fetchone()
    prev = before[0] if before else START
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM {JOINED} WHERE e.strand = ? AND e.seq >= ? ORDER BY e.seq", (strand, seq)
    )
    for number, row in enumerate(rows, seq):
        if misfit := misfit_of(row, number, prev):
            return Fault(misfit, f"{strand}:{row[1]}")
        prev = row[23]
    return None
