"""The proof that nothing was altered: pages, chain, commitments, projections, definitions, signatures, anchor.

Everything streams: memory does not grow with the store, but for one byte an entry. What a check can't know is said with
its result, see docs/decisions/ledger.md.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from db import _sqlite, files, keys
from db.casebook import Casebook
from db.chain import Chain, Fault, Tick, check_chain
from db.clock import Clock, system_clock
from db.ledger import DEFINITION_DIGITS, read_acts
from db.people import ACCOUNT_ACTS
from db.projection import fold, read_queries, read_rows, read_states
from db.session import tip_message
from db.vault import find_store, unlock
from forms.place import Place
from forms.study import Text
from forms.study_json import fingerprint
from forms.texts import both


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found, where; what was proved (``checked``) and what can't be known (``notes``), by language."""

    found: tuple[Fault, ...]
    entries: int
    position: int
    tip: str
    signed: int
    last_signed: str
    checked: tuple[Text, ...]
    notes: tuple[Text, ...]

    @property
    def faults(self) -> tuple[Text, ...]:
        """What was found, as sentences by language."""
        return tuple(fault.text for fault in self.found)


def verify(
    store: Casebook | str | Path, anchor: str = "", tick: Tick | None = None, *, user: str = "", passphrase: str = "",
    clock: Clock | None = None,
) -> Verification:  # fmt: skip
    """Check a whole store through a connection of its own. ``anchor`` is a tip that was printed or noted outside.

    With a path it signs nobody in and needs a passphrase. Raises Trouble when the store can't be read at all.
    """
    if isinstance(store, Casebook):
        folder, store_key = store.path, store.store_key
    else:
        folder = find_store(store)
        store_key = unlock(folder, user, passphrase, clock or system_clock())[0].store_key
    connection = _sqlite.connect(folder / files.STORE, store_key, "ro", unread=True)
    try:
        with _sqlite.translated(folder):
            return verify_connection(connection, anchor, tick, folder)
    finally:
        connection.close()


def verify_connection(
    connection: _sqlite.Connection, anchor: str = "", tick: Tick | None = None, folder: Path | None = None
) -> Verification:
    """The same over a connection that is open; everything it reads is of one instant."""
    said = tick or (lambda at, of, text: None)
    found: list[Fault] = []
    chain, signed, last_signed = Chain(), 0, ""
    done: list[str] = []
    with _sqlite.snapshot(connection):
        with _told("pages", found, done):
            found += check_pages(connection)
        damaged = bool(found)
        with _told("chain", found, done, silent=damaged):
            check_chain(connection, anchor, said, chain)
        with _told("projection", found, done, silent=damaged):
            found += check_projections(connection, said)
            found += check_identity(connection)
        with _told("signatures", found, done, silent=damaged):
            signed, last_signed, misfits = check_signatures(connection)
            found += misfits
            found += check_definitions(connection)
            found += check_keys(connection, folder) if folder is not None else []
    found += chain.faults
    if anchor and not chain.has_anchor:
        found.append(Fault("db.verify.anchor_missing", anchor[:16]))
    anchored = "db.verify.anchor_found" if anchor and chain.has_anchor else "db.verify.no_anchor"
    return Verification(
        tuple(found), chain.entries, chain.position, chain.tip, signed, last_signed,
        tuple(both(f"db.verify.did_{each}", entries=chain.entries, signed=signed) for each in done),
        (both(anchored), both("db.verify.key_holder")),
    )  # fmt: skip


@contextmanager
def _told(what: str, found: list[Fault], done: list[str], *, silent: bool = False) -> Iterator[None]:
    """A part of the proof. What can't be read to its end is a fault, and does not count as proved.

    ``silent``: damaged pages were named already, so that what they make unreadable is no news.
    """
    try:
        yield
    except (_sqlite.DatabaseError, ValueError, KeyError, TypeError, AttributeError) as error:
        if not silent:
            found.append(Fault("db.verify.unreadable", getattr(error, "sqlite_errorname", None) or what))
    else:
        done.append(what)


def check_pages(connection: _sqlite.Connection) -> list[Fault]:
    """Every page against its own authentication code, then the structure of the database."""
    faults = []
    for (told,) in connection.execute("PRAGMA cipher_integrity_check"):
        page = str(told).rpartition("page ")[2]
        faults.append(Fault("db.verify.page", page if page.isdecimal() else str(told)))
    if faults:
        return faults
    try:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(100)")]
    except _sqlite.DatabaseError as error:
        return [Fault("db.verify.unreadable", str(getattr(error, "sqlite_errorname", "")))]
    return [Fault("db.verify.structure", str(told)[:200]) for told in found if told != "ok"]


def check_signatures(connection: _sqlite.Connection) -> tuple[int, str, list[Fault]]:
    """Every signed tip: the entry it names must have that hash, and the signature be its person's."""
    public: dict[str, str] = {}
    count, last = 0, ""
    faults = []
    for act in read_acts(connection, *ACCOUNT_ACTS, "tip_signed"):
        if act.act != "tip_signed":
            if act.act in ("account_added", "account_changed"):
                public[act.place.item] = json.loads(act.value.value)["public_key"]
            continue
        told = json.loads(act.value.value)
        strand, _, seq = told["address"].partition(":")
        row = connection.execute("SELECT hash FROM entry WHERE strand = ? AND seq = ?", (strand, int(seq))).fetchone()
        good = row is not None and row[0].hex() == told["hash"]
        message = tip_message(told["address"], told["hash"])
        if good and keys.is_signed(public.get(act.who, ""), message, told["signature"]):
            count, last = count + 1, told["address"]
        else:
            faults.append(Fault("db.verify.signature", act.address))
    return count, last, faults


def check_definitions(connection: _sqlite.Connection) -> list[Fault]:
    """Every definition must have the sha256 by which it is named."""
    return [
        Fault("db.verify.definition", act.address)
        for act in read_acts(connection, "definition")
        if fingerprint(act.value.value.encode("utf-8")) != act.place.item
        or act.place.item[:DEFINITION_DIGITS] != act.definition
    ]


def check_keys(connection: _sqlite.Connection, folder: Path) -> list[Fault]:
    """The key file must be the one the ledger names last."""
    acts = read_acts(connection, "keys_changed")
    told = json.loads(acts[-1].value.value)["sha256"] if acts else ""
    good = keys.mark(keys.read_keys(folder / files.KEYS)) == told or (folder / files.NEXT_KEYS).exists()
    return [] if good else [Fault("db.verify.keys", files.KEYS)]


def check_projections(connection: _sqlite.Connection, said: Tick) -> list[Fault]:
    """The tables must say of every subject what its entries amount to."""
    ids = [row[0] for row in connection.execute("SELECT id FROM subject ORDER BY id")]
    in_entries = {
        row[0] for row in connection.execute("SELECT DISTINCT subject FROM trail WHERE act = 'subject_added'")
    }
    faults = [Fault("db.verify.subject", each) for each in sorted(in_entries ^ set(ids))]
    for at, subject in enumerate(ids):
        said(at, len(ids), subject)
        faults += _check_subject(connection, subject)
    return faults


def check_identity(connection: _sqlite.Connection) -> list[Fault]:
    """The identification log must hold one line for each change the ledger tells of; what it says stays sealed."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'identity'").fetchone():
        return []
    told = Counter(act.place.item for act in read_acts(connection, "identity_changed"))
    kept = dict(connection.execute("SELECT subject, count(*) FROM identity GROUP BY subject").fetchall())
    return [
        Fault("db.verify.identity", each)
        for each in sorted(told.keys() | kept.keys())
        if told[each] != kept.get(each, 0)
    ]


def _check_subject(connection: _sqlite.Connection, subject: str) -> Iterator[Fault]:
    folded = fold(read_rows(connection, subject, 1 << 62))
    kept = {
        Place(*row[:7]): tuple(row[7:])
        for row in connection.execute(
            """SELECT s.subject, s.event, s.event_no, s.form, s.form_no, c."row", c.item,
                 c.strand, c.seq, c.first, c.changes
               FROM spot AS s JOIN current AS c ON c.spot = s.id WHERE s.subject = ?""",
            (subject,),
        )
    }
    told = {place: (row[0], row[1], folded.first[place], folded.changes[place]) for place, row in folded.last.items()}
    for place in kept.keys() | told.keys():
        if kept.get(place) != told.get(place):
            yield Fault("db.verify.value", str(place))
    states = read_states(connection, subject)
    for key in states.keys() | folded.states.keys():
        if states.get(key) != folded.states.get(key):
            yield Fault("db.verify.state", str(key.place("", "")))
    if {query.id: query for query in read_queries(connection, subject)} != folded.queries:
        yield Fault("db.verify.queries", subject)
    open_queries = sum(query.status != "closed" for query in folded.queries.values())
    row = connection.execute(
        "SELECT open_queries, arrival, last_entry FROM subject WHERE id = ?", (subject,)
    ).fetchone()
    if row != (open_queries, folded.added, folded.touched):
        yield Fault("db.verify.subject", subject)
