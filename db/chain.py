"""The chain of entries, walked: each against its hash, its commitment and the entry before it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from db import _sqlite
from db.ledger import COLUMNS, START, encode, read_acts, read_strands
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
    """What walking the chain gave."""

    entries: int = 0
    position: int = 0
    tip: str = ""
    has_anchor: bool = False
    faults: list[Fault] = field(default_factory=list)


def check_chain(connection: _sqlite.Connection, anchor: str, said: Tick, chain: Chain) -> None:
    """Every strand from its first entry on; every position of the store must be taken once.

    ``chain`` holds what was found so far also when the walk ends at something that can't be read.
    """
    total: int = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    seen = bytearray(total + 1)
    removed = read_tombstones(connection)
    for strand in read_strands(connection):
        _check_strand(connection, strand, anchor.strip().lower(), chain, seen, removed, said)
    missing = seen.find(0, 1)
    if missing > 0:
        chain.faults.append(Fault("db.verify.position", str(missing)))


def read_tombstones(connection: _sqlite.Connection) -> dict[str, bytes]:
    """Commitments of texts that were lawfully removed, by address; the tombstone keeps them."""
    return {act.replaces: bytes.fromhex(json.loads(act.value.value)["sealed"]) for act in
            read_acts(connection, "redacted")}  # fmt: skip


def _check_strand(
    connection: _sqlite.Connection, strand: str, anchor: str, chain: Chain, seen: bytearray,
    removed: dict[str, bytes], said: Tick,
) -> None:  # fmt: skip
    prev, seq, last, total = START, 0, 0, len(seen) - 1
    looked_for = anchor if len(anchor) >= SHORTEST_ANCHOR else ""
    rows = connection.execute(f"SELECT {COLUMNS} FROM trail AS t WHERE t.strand = ? ORDER BY t.seq", (strand,))
    for row in rows:
        arrival, mark = row[20], row[22]
        seq += 1
        if not seq % 5000:
            said(chain.entries + seq, total, "")
        misfit = misfit_of(row, seq, prev, removed)
        if misfit or not last < arrival <= total or seen[arrival]:
            chain.faults.append(Fault(misfit or "db.verify.position", f"{strand}:{row[1]}"))
            seq = row[1]
        if arrival <= total:
            seen[arrival] = 1
        if looked_for and mark.hex().startswith(looked_for):
            chain.has_anchor = True
        prev, last = mark, arrival
        if len(chain.faults) >= MOST_FAULTS:
            break
    chain.entries += seq
    if last > chain.position:
        chain.position, chain.tip = last, prev.hex()


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
    else:
        sealed = sha256(salt + encode((text, value, why)).encode()).digest()
    if sha256(prev + sealed + encode(row[:20]).encode()).digest() != mark:
        return "db.verify.entry"
    return ""


def check_tail(connection: _sqlite.Connection, strand: str) -> Fault | None:
    """The entries since the last signed tip, which is what is looked at whenever a store is opened."""
    row = connection.execute(
        """SELECT seq FROM entry WHERE person = 1 AND act = 'tip_signed' AND strand = ?
           ORDER BY arrival DESC LIMIT 1""",
        (strand,),
    ).fetchone()
    begin = row[0] if row else 1
    before = connection.execute("SELECT hash FROM entry WHERE strand = ? AND seq = ?", (strand, begin - 1)).fetchone()
    prev = before[0] if before else START
    removed = read_tombstones(connection)
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM trail AS t WHERE t.strand = ? AND t.seq >= ? ORDER BY t.seq", (strand, begin)
    )
    for seq, row in enumerate(rows, begin):
        if misfit := misfit_of(row, seq, prev, removed):
            return Fault(misfit, f"{strand}:{row[1]}")
        prev = row[22]
    return None
