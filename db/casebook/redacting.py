"""Removing personal data that was typed by mistake: one person proposes it, another confirms, a tombstone stays.

What goes is the text of one entry about a subject: as typed, as read, and its reason. Who, when and where stay, and the
commitment to the text, so that chain and seals hold. It can't be undone. Copies, packs and reports that left the store
before hold the text still and are listed, so that somebody sees to them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db import sqlite
from db.casebook.reading import OpenStore
from db.ledger.ledger import COLUMNS, NOWHERE, PERSON, SYSTEM, Act, commitment, read_acts, read_entry
from db.ledger.roles import ACCOUNT_ACTS
from forms.errors import Refusal
from forms.record.dataset import Entry
from forms.value import REDACTED, Value

if TYPE_CHECKING:
    from db.casebook.entering import Changes

RIGHT = "redact"
PROPOSED = "redaction_proposed"
TAKEN_OUT = ("backup", "export", "report", "rehearsal", "restore")
"""Acts by which something left the store that holds what it held then."""

SHORTEST_TEXT = 2
"""Characters from which on a text is looked for elsewhere: a single digit stands everywhere."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What still holds a text: ``taken_out`` acts by which it left the store, ``elsewhere`` other entries with it."""

    taken_out: tuple[Entry, ...]
    elsewhere: tuple[Entry, ...]


def propose_redaction(casebook: OpenStore, address: str, why: str) -> Changes:
    """Ask that the text of an entry be removed; ``why`` stays readable, so it must not repeat the text.

    Raises Refusal for an entry that is not about a subject, is gone already or was proposed before.
    """
    casebook.check_right(RIGHT)
    if not why.strip():
        raise Refusal("db.why_missing")
    with casebook.writing() as ledger:
        entry = _find(casebook.connection, address)
        if any(each.replaces == address for each in read_proposals(casebook)):
            raise Refusal("db.redaction_proposed", where=address)
        ledger.append([Act(PROPOSED, why=why.strip(), replaces=address)])
        return casebook.done((entry.place,))


def confirm_redaction(casebook: OpenStore, proposal: str) -> Holding:
    """Remove the text that somebody else proposed to remove; ``proposal`` is the address of that act.

    Returns what still holds the text. Raises Refusal for the own proposal and for one that is done.
    """
    casebook.check_right(RIGHT)
    with casebook.writing() as ledger:
        asked = next((each for each in read_proposals(casebook) if each.address == proposal), None)
        if asked is None:
            raise Refusal("db.redaction_unknown", where=proposal[:40])
        if asked.who == casebook.account.id:
            raise Refusal("db.redaction_own")
        entry = _find(casebook.connection, asked.replaces)
        holding = find_holding(casebook, entry)
        place = (entry.strand, entry.seq)
        salted = casebook.connection.execute(
            "SELECT salt, coalesce(text, value), value, why FROM payload WHERE strand = ? AND seq = ?", place
        ).fetchone()
        told = Value(value=json.dumps({"sealed": commitment(*salted).hex()}))
        ledger.append([Act("redacted", NOWHERE, told, asked.why, replaces=entry.address, cause=proposal)])
        casebook.connection.execute("DELETE FROM payload WHERE strand = ? AND seq = ?", place)
    casebook.forget()
    _forget_pages(casebook)
    return holding


def read_proposals(casebook: OpenStore) -> tuple[Entry, ...]:
    """Removals that were proposed and not yet confirmed, oldest first."""
    acts = casebook.acts(PROPOSED, "redacted")
    done = {act.cause for act in acts if act.act == "redacted"}
    return tuple(act for act in acts if act.act == PROPOSED and act.address not in done)


def find_texts(casebook: OpenStore, subject: str, item: str = "") -> tuple[Entry, ...]:
    """Entries about a subject, of one ``item`` or all, that hold a text a person gave, oldest first."""
    casebook.check_right(RIGHT)
    with casebook.reading() as connection:
        return tuple(
            entry
            for entry in _trail(connection, subject)
            if item in ("", entry.place.item) and (entry.why or (entry.value.text and entry.who != SYSTEM))
        )


def _trail(connection: sqlite.Connection, subject: str) -> Iterator[Entry]:
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM trail AS t WHERE t.person = {PERSON} ORDER BY t.arrival", (subject,)
    )
    return map(read_entry, rows)


def find_holding(casebook: OpenStore, entry: Entry) -> Holding:
    """What holds the text of an entry: what left the store since, and other entries about the same subject."""
    subject = entry.place.subject
    with casebook.reading() as connection:
        left = [
            act
            for act in read_acts(connection, *TAKEN_OUT)
            if act.arrival > entry.arrival and act.place.subject in ("", subject)
        ]
        left += [
            read_entry(row)
            for row in connection.execute(
                f"SELECT {COLUMNS} FROM trail AS t WHERE t.person = {PERSON} AND t.arrival > ?"
                " AND t.act IN ('report', 'export') ORDER BY t.arrival",
                (subject, entry.arrival),
            )
        ]
        others = tuple(other for other in _trail(connection, subject) if _repeats(other, entry))
    return Holding(tuple(sorted(left, key=lambda act: act.arrival)), others)


def _repeats(other: Entry, entry: Entry) -> bool:
    texts = {text for text in (entry.value.text, entry.why) if len(text) >= SHORTEST_TEXT}
    said = (other.value.text, other.value.value, other.why)
    return other.address != entry.address and any(text in each for text in texts for each in said)


def _find(connection: sqlite.Connection, address: str) -> Entry:
    strand, _, seq = address.partition(":")
    place = (strand, int(seq) if seq.isdecimal() else 0)
    row = connection.execute(f"SELECT {COLUMNS} FROM trail AS t WHERE t.strand = ? AND t.seq = ?", place).fetchone()
    if row is None:
        raise Refusal("db.redaction_nowhere", where=address[:40])
    entry = read_entry(row)
    if not entry.place.subject or entry.act in ACCOUNT_ACTS:
        raise Refusal("db.redaction_not_of_subject", where=address)
    if entry.value.value == REDACTED:
        raise Refusal("db.redaction_done", where=address)
    return entry


def _forget_pages(casebook: OpenStore) -> None:
    """Let no older page with the text stay in SQLite's log; a reader may keep it there until it is done."""
    with casebook.reading() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
