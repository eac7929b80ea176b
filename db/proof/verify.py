"""The proof that nothing was altered: pages, chain, commitments, projections, definitions, signatures, anchor.

Everything streams: memory does not grow with the store, but for one byte an entry. What a check can't know is said with
its result, see docs/decisions/ledger.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from db import sqlite
from db.casebook.casebook import Casebook
from db.clock import Clock, system_clock
from db.folder import keys, paths
from db.folder.boxes import Secret
from db.folder.counter import Counted, read_counter
from db.folder.door import find_store, unlock
from db.ledger.chain import Chain, ProofFault, ProofSource, check_chain
from db.ledger.counted import first_missing
from db.ledger.definitions import read_definitions, read_set_clock
from db.ledger.ledger import DEFINITION_DIGITS, read_acts
from db.ledger.roles import ACCOUNT_ACTS
from db.ledger.seals import grouped, is_root
from db.proof.authors import Authors, check_every_seal
from db.proof.blueprint import check_blueprint, read_through_own_view
from db.proof.clockwork import note_clock
from db.proof.kept import check_drafts, check_identity, check_notes, check_second_factors
from db.proof.pages import check_pages
from db.proof.projections import check_projections
from db.proof.signed import check_signed
from forms.errors import Refusal, Trouble
from forms.progress import Tick
from forms.study.canonical import fingerprint
from forms.study.definition import Text
from forms.texts import both

UNREAD = frozenset(
    f"db.verify.{each}"
    for each in ("page", "pages", "head", "cut_short", "structure", "unreadable", "subject_unread", "entries")
)
"""Faults by which something was not read, so that it can't be told as checked."""

LOST = UNREAD | {f"db.verify.{each}" for each in ("empty", "order", "entry", "text_gone", "position", "anchor_missing")}
"""Faults by which entries are lost or no longer what was entered."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found, where; what was proved (``checked``) and what can't be known (``notes``), by language."""

    found: tuple[ProofFault, ...]
    entries: int
    position: int
    tip: str
    signed: int
    sealed: int
    root: str
    checked: tuple[Text, ...]
    notes: tuple[Text, ...]

    @property
    def faults(self) -> tuple[Text, ...]:
        """What was found, as sentences by language."""
        return tuple(fault.text for fault in self.found)

    @property
    def advice(self) -> Text:
        """What to do about what was found: a backup is only worth restoring when nothing else keeps the entries."""
        keys = {fault.key for fault in self.found}
        if keys & LOST:
            return both("db.verify.advice_copy")
        return both("db.verify.advice_log" if "db.verify.counted" in keys else "db.verify.advice_kept")


def verify(
    store: Casebook | str | Path, anchor: str = "", tick: Tick | None = None, *, user: str = "", passphrase: str = "",
    clock: Clock | None = None, root: str = "", full: bool = False,
) -> Verification:  # fmt: skip
    """Check a whole store through a connection of its own. ``anchor`` is a tip that was printed or noted outside.

    ``root`` is the fingerprint on the recovery sheet, by which a store is told from one made anew. ``full`` verifies
    every seal, also those that a later one of the same sign-in covers.
    With a path it signs nobody in and needs a passphrase. Raises Trouble when there is nothing to be read.
    """
    store_key: Secret
    if isinstance(store, Casebook):
        folder, store_key = store.path, store.store_key
    else:
        folder = find_store(store)
        store_key = unlock(folder, user, passphrase, clock or system_clock())[0].store_key
    path = folder / paths.STORE
    counted = read_counter(folder)
    if not path.exists():
        raise Trouble("db.database_missing", path=str(path))
    if not path.stat().st_size:
        return _nothing(ProofFault("db.verify.empty", paths.STORE))

    def connect() -> sqlite.Connection:
        return sqlite.connect(path, store_key, "ro", unread=True)

    if clock is not None and clock.was_set:
        _check_clock(connect, clock)
    connection = connect()
    try:
        with sqlite.translated(folder):
            return verify_connection(connection, anchor, tick, folder, connect, counted, root, full)
    finally:
        connection.close()


def _check_clock(connect: Callable[[], sqlite.Connection], clock: Clock) -> None:
    """Raises Refusal for a clock set by hand when the store was made in earnest; a damaged one may say nothing."""
    connection = connect()
    try:
        day = read_set_clock(connection)
    except sqlite.DatabaseError:
        return
    finally:
        connection.close()
    if not day:
        raise Refusal("db.clock_not_of_store", day=clock.was_set)


def _nothing(fault: ProofFault) -> Verification:
    """The result when nothing can be read at all."""
    return Verification((fault,), 0, 0, "", 0, 0, "", (), (both("db.verify.not_checked"),))


def verify_connection(
    connection: sqlite.Connection, anchor: str = "", tick: Tick | None = None, folder: Path | None = None,
    again: Callable[[], sqlite.Connection] | None = None, counted: Counted | None = None, root: str = "",
    full: bool = False,
) -> Verification:  # fmt: skip
    """The same over a connection that is open; everything it reads is of one instant.

    What can be read beside damaged pages is checked through connections that ``again`` opens, and only what was read
    is told as checked.
    """
    source = ProofSource(connection, again)
    try:
        connection.execute("BEGIN")
        return _verify(_Proof(source, anchor, tick or (lambda at, of, text: None), folder, counted, root, full))
    finally:
        source.close_spare()
        connection.execute("ROLLBACK")


@dataclass(slots=True)
class _Proof:
    """A verification under way: what was found, what was proved, what else is to be said."""

    source: ProofSource
    anchor: str
    said: Tick
    folder: Path | None
    counted: Counted | None
    """Read before the snapshot, so that it can't be ahead of it because somebody works on."""
    root: str
    full: bool
    found: list[ProofFault] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    chain: Chain = field(default_factory=Chain)
    signed: int = 0
    sealed: int = 0
    found_root: str = ""
    damaged: bool = False
    """Damaged pages were named already, so that what they make unreadable is no news."""

    @contextmanager
    def part(self, what: str) -> Iterator[list[ProofFault]]:
        """A part of the proof, which adds its faults to what it is given.

        What can't be read to its end is a fault, and does not count as proved.
        """
        faults: list[ProofFault] = []
        try:
            yield faults
        except (sqlite.DatabaseError, ValueError, KeyError, TypeError, AttributeError) as error:
            if not self.damaged:
                faults.append(ProofFault("db.verify.unreadable", getattr(error, "sqlite_errorname", None) or what))
            self.source.renew()
        else:
            if not any(fault.key in UNREAD for fault in faults):
                self.done.append(what)
        self.found += faults

    def result(self) -> Verification:
        """What came of it."""
        chain = self.chain
        self.found += chain.faults
        if self.anchor and not chain.has_anchor:
            self.found.append(ProofFault("db.verify.anchor_missing", self.anchor[:16]))
        anchored = "db.verify.anchor_found" if self.anchor and chain.has_anchor else "db.verify.no_anchor"
        unread = ["db.verify.not_checked"] if any(fault.key in UNREAD for fault in self.found) else []
        return Verification(
            tuple(self.found), chain.entries, chain.position, chain.tip, self.signed, self.sealed, self.found_root,
            tuple(both(f"db.verify.did_{each}", entries=chain.entries, signed=self.signed, sealed=self.sealed)
                  for each in self.done if chain.entries or each not in ("chain", "authors")),
            (*(both(each) for each in (*unread, anchored, "db.verify.key_holder")), *self.notes),
        )  # fmt: skip


def _verify(proof: _Proof) -> Verification:
    source, readable = proof.source, True
    with proof.part("pages") as faults:
        misfits, log_keeps = check_pages(source)
        faults += misfits
        if log_keeps:
            proof.notes.append(both("db.verify.log_keeps", file=paths.STORE + paths.LOG))
    proof.damaged = bool(proof.found)
    with proof.part("schema") as faults:
        misfits, readable = check_blueprint(source.connection)
        faults += misfits
    if not readable:
        proof.notes.append(both("db.verify.not_read"))
        return proof.result()
    source.prepare(read_through_own_view)
    authors = _authors(proof)
    with proof.part("chain") as faults:
        check_chain(source, proof.anchor, proof.said, proof.chain, authors.saw if authors is not None else None)
        faults += _check_counted(proof)
    if authors is not None:
        with proof.part("authors") as faults:
            faults += authors.finish()
            faults += check_every_seal(source.connection, authors.root) if proof.full else []
            proof.sealed = authors.sealed
            proof.notes += [both("db.verify.unsealed_past", where=each) for each in authors.unsigned]
    with proof.part("projection") as faults:
        check_projections(source, proof.said, faults)
    with proof.part("kept") as faults:
        _check_kept(proof, faults)
    with proof.part("signatures") as faults:
        proof.signed, misfits = check_signatures(source.connection)
        misfits += check_signed(source.connection)
        misfits += check_definitions(source.connection)
        misfits += check_keys(source.connection, proof.folder) if proof.folder is not None else []
        sqlite.check_sound(source.connection)
        faults += misfits
    with proof.part("clock"):
        proof.notes += note_clock(source.connection)
    return proof.result()


def _authors(proof: _Proof) -> Authors | None:
    """What looks at authors while the chain is walked; None where who they are can't be read."""
    found = None
    with proof.part("root") as faults:
        found = Authors(proof.source.connection)
        proof.found_root = grouped(found.root)
        sqlite.check_sound(proof.source.connection)
        if proof.root and not is_root(proof.root, found.root):
            faults.append(ProofFault("db.verify.root_differs", proof.found_root))
    return found


def _check_counted(proof: _Proof) -> list[ProofFault]:
    """Entries that were acknowledged, by the file beside the database, and are not there."""
    counted = proof.counted
    first = first_missing(proof.source.connection, counted)
    if not first or counted is None:
        return []
    return [ProofFault("db.verify.counted", f"{counted.strand}:{first} – {counted.strand}:{counted.seq}")]


def _check_kept(proof: _Proof, faults: list[ProofFault]) -> None:
    """What lies beside the entries, see `db.proof.kept`."""
    connection = proof.source.connection
    misfits, unbound = check_identity(connection)
    misfits += check_second_factors(connection)
    sqlite.check_sound(connection)
    faults += misfits
    proof.notes += [both("db.verify.identity_unbound")] if unbound else []
    try:
        misfits = [*check_drafts(connection, read_definitions(connection)), *check_notes(connection)]
        sqlite.check_sound(connection)
    except Trouble:
        return
    faults += misfits


def check_signatures(connection: sqlite.Connection) -> tuple[int, list[ProofFault]]:
    """Every tip signed by an earlier version: the entry has that hash, and the signature is its person's."""
    public: dict[str, str] = {}
    count = 0
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
        message = f"casebook tip {told['address']} {told['hash']}".encode()
        if good and keys.is_signed(public.get(act.who, ""), message, told["signature"]):
            count += 1
        else:
            faults.append(ProofFault("db.verify.signature", act.address))
    return count, faults


def check_definitions(connection: sqlite.Connection) -> list[ProofFault]:
    """Every definition must have the sha256 by which it is named."""
    return [
        ProofFault("db.verify.definition", act.address)
        for act in read_acts(connection, "definition")
        if fingerprint(act.value.value.encode("utf-8")) != act.place.item
        or act.place.item[:DEFINITION_DIGITS] != act.definition
    ]


def check_keys(connection: sqlite.Connection, folder: Path) -> list[ProofFault]:
    """The key file must be the one the ledger names last, with the recovery sheet it names."""
    acts = read_acts(connection, "keys_changed")
    told = json.loads(acts[-1].value.value) if acts else {"sha256": ""}
    known = keys.read_keys(folder / paths.KEYS)
    same = keys.mark(known) == told["sha256"] and told.get("sheet", known.sheet) == known.sheet
    good = same or (folder / paths.NEXT_KEYS).exists()
    return [] if good else [ProofFault("db.verify.keys", paths.KEYS)]
