"""The proof that nothing was altered: pages, chain, commitments, projections, definitions, signatures, anchor.

Everything streams: memory does not grow with the store, but for one byte an entry. What a check can't know is said with
its result, see docs/decisions/ledger.md.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from db import sqlite
from db.casebook.casebook import Casebook
from db.casebook.outlooks import find_misfits
from db.casebook.session import tip_message
from db.clock import Clock, system_clock
from db.folder import keys, paths
from db.folder.door import find_store, unlock
from db.ledger.chain import Chain, Fault, Source, Tick, check_chain
from db.ledger.ledger import DEFINITION_DIGITS, read_acts
from db.ledger.projection import fold, read_queries, read_rows, read_states
from db.ledger.roles import ACCOUNT_ACTS
from forms.errors import Trouble
from forms.place import Place
from forms.study.canonical import fingerprint
from forms.study.definition import Text
from forms.texts import both

UNREAD = frozenset(
    f"db.verify.{each}"
    for each in ("page", "pages", "head", "cut_short", "structure", "unreadable", "subject_unread", "entries")
)
"""Faults by which something was not read, so that it can't be told as checked."""


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

    With a path it signs nobody in and needs a passphrase. Raises Trouble when there is nothing to be read.
    """
    if isinstance(store, Casebook):
        folder, store_key = store.path, store.store_key
    else:
        folder = find_store(store)
        store_key = unlock(folder, user, passphrase, clock or system_clock())[0].store_key
    path = folder / paths.STORE
    if not path.exists():
        raise Trouble("db.database_missing", path=str(path))
    if not path.stat().st_size:
        return _nothing(Fault("db.verify.empty", paths.STORE))

    def connect() -> sqlite.Connection:
        return sqlite.connect(path, store_key, "ro", unread=True)

    connection = connect()
    try:
        with sqlite.translated(folder):
            return verify_connection(connection, anchor, tick, folder, connect)
    finally:
        connection.close()


def _nothing(fault: Fault) -> Verification:
    """The result when nothing can be read at all."""
    return Verification((fault,), 0, 0, "", 0, "", (), (both("db.verify.not_checked"),))


def verify_connection(
    connection: sqlite.Connection, anchor: str = "", tick: Tick | None = None, folder: Path | None = None,
    again: Callable[[], sqlite.Connection] | None = None,
) -> Verification:  # fmt: skip
    """The same over a connection that is open; everything it reads is of one instant.

    What can be read beside damaged pages is checked through connections that ``again`` opens, and only what was read
    is told as checked.
    """
    source = Source(connection, again)
    try:
        connection.execute("BEGIN")
        return _verify(source, anchor, tick or (lambda at, of, text: None), folder)
    finally:
        source.close_spare()
        connection.execute("ROLLBACK")


def _verify(source: Source, anchor: str, said: Tick, folder: Path | None) -> Verification:
    found: list[Fault] = []
    chain, signed, last_signed = Chain(), 0, ""
    done: list[str] = []
    with _told("pages", source, found, done) as faults:
        faults += check_pages(source)
    damaged = bool(found)
    with _told("chain", source, found, done, silent=damaged):
        check_chain(source, anchor, said, chain)
    with _told("projection", source, found, done, silent=damaged) as faults:
        check_projections(source, said, faults)
        lines = check_identity(source.connection)
        sqlite.check_sound(source.connection)
        faults += [*lines, *check_prospects(source)]
    with _told("signatures", source, found, done, silent=damaged) as faults:
        signed, last_signed, misfits = check_signatures(source.connection)
        misfits += check_definitions(source.connection)
        misfits += check_keys(source.connection, folder) if folder is not None else []
        sqlite.check_sound(source.connection)
        faults += misfits
    found += chain.faults
    if anchor and not chain.has_anchor:
        found.append(Fault("db.verify.anchor_missing", anchor[:16]))
    anchored = "db.verify.anchor_found" if anchor and chain.has_anchor else "db.verify.no_anchor"
    unread = ["db.verify.not_checked"] if any(fault.key in UNREAD for fault in found) else []
    return Verification(
        tuple(found), chain.entries, chain.position, chain.tip, signed, last_signed,
        tuple(both(f"db.verify.did_{each}", entries=chain.entries, signed=signed)
              for each in done if each != "chain" or chain.entries),
        tuple(both(each) for each in (*unread, anchored, "db.verify.key_holder")),
    )  # fmt: skip


@contextmanager
def _told(
    what: str, source: Source, found: list[Fault], done: list[str], *, silent: bool = False
) -> Iterator[list[Fault]]:
    """A part of the proof, which adds its faults to what it is given.

    What can't be read to its end is a fault, and does not count as proved. ``silent``: damaged pages were named
    already, so that what they make unreadable is no news.
    """
    faults: list[Fault] = []
    try:
        yield faults
    except (sqlite.DatabaseError, ValueError, KeyError, TypeError, AttributeError) as error:
        if not silent:
            faults.append(Fault("db.verify.unreadable", getattr(error, "sqlite_errorname", None) or what))
        source.renew()
    else:
        if not any(fault.key in UNREAD for fault in faults):
            done.append(what)
    found += faults


def check_prospects(source: Source) -> list[Fault]:
    """What is kept of schedules for the worklist must be what the entries amount to.

    Where that can't be worked out, the definition or the pages it hangs on are named by another part of the proof.
    """
    try:
        found = [Fault("db.verify.prospects", each) for each in find_misfits(source.connection)]
        sqlite.check_sound(source.connection)
    except (sqlite.DatabaseError, Trouble, ValueError, KeyError, TypeError, AttributeError):
        source.renew()
        return []
    return found


def check_pages(source: Source) -> list[Fault]:
    """Every page against its own authentication code, then the structure of the database."""
    pages, others = [], []
    for (told,) in source.connection.execute("PRAGMA cipher_integrity_check"):
        page = re.search(r"page (\d+)", str(told))
        if page is None:
            others.append(Fault("db.verify.structure", str(told)[:200]))
        else:
            pages.append(int(page[1]))
    cut = _look_past_the_end(source)
    if cut is not None:
        others.append(cut)
    if pages or others:
        return [*_damaged(source, pages), *others]
    try:
        found = [row[0] for row in source.connection.execute("PRAGMA integrity_check(100)")]
    except sqlite.DatabaseError as error:
        source.renew()
        return [Fault("db.verify.unreadable", str(getattr(error, "sqlite_errorname", "")))]
    return [Fault("db.verify.structure", str(told)[:200]) for told in found if told != "ok"]


def _look_past_the_end(source: Source) -> Fault | None:
    """Whether the file is shorter than its database. If so, what there is of it is read all the same."""
    if not _refuses(source.connection, "PRAGMA user_version"):
        return None
    source.connection.execute("PRAGMA writable_schema = ON")
    if source.again is None or _refuses(source.connection, "PRAGMA user_version"):
        source.connection.execute("PRAGMA writable_schema = OFF")
        source.renew()
        return None
    source.again = _lenient(source.again)
    source.renew()
    return Fault("db.verify.cut_short", str(source.connection.execute("PRAGMA page_count").fetchone()[0]))


def _lenient(again: Callable[[], sqlite.Connection]) -> Callable[[], sqlite.Connection]:
    """A connection that takes the end of the file for the end of the database."""

    def connect() -> sqlite.Connection:
        connection = again()
        connection.execute("PRAGMA writable_schema = ON")
        return connection

    return connect


def _damaged(source: Source, pages: Sequence[int]) -> list[Fault]:
    """Damaged pages, those side by side in one sentence. All of them: the key or the beginning of the file is wrong."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    if len(runs) == 1 and runs[0][0] == 1 and runs[0][1] > 1 and _refuses(source.connection, "PRAGMA user_version"):
        return [Fault("db.verify.head", str(runs[0][1]))]
    return [
        Fault("db.verify.page", str(first)) if first == last else Fault("db.verify.pages", f"{first} – {last}")
        for first, last in runs
    ]


def _refuses(connection: sqlite.Connection, statement: str) -> bool:
    try:
        connection.execute(statement).fetchone()
    except sqlite.DatabaseError:
        return True
    return False


def check_signatures(connection: sqlite.Connection) -> tuple[int, str, list[Fault]]:
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


def check_definitions(connection: sqlite.Connection) -> list[Fault]:
    """Every definition must have the sha256 by which it is named."""
    return [
        Fault("db.verify.definition", act.address)
        for act in read_acts(connection, "definition")
        if fingerprint(act.value.value.encode("utf-8")) != act.place.item
        or act.place.item[:DEFINITION_DIGITS] != act.definition
    ]


def check_keys(connection: sqlite.Connection, folder: Path) -> list[Fault]:
    """The key file must be the one the ledger names last."""
    acts = read_acts(connection, "keys_changed")
    told = json.loads(acts[-1].value.value)["sha256"] if acts else ""
    good = keys.mark(keys.read_keys(folder / paths.KEYS)) == told or (folder / paths.NEXT_KEYS).exists()
    return [] if good else [Fault("db.verify.keys", paths.KEYS)]


def check_projections(source: Source, said: Tick, faults: list[Fault]) -> None:
    """The tables must say of every subject what its entries amount to; adds to ``faults``.

    A subject that can't be read is named and the others are checked.
    """
    ids = [row[0] for row in source.connection.execute("SELECT id FROM subject ORDER BY id")]
    for at, subject in enumerate(ids):
        said(at, len(ids), subject)
        try:
            misfits = list(_check_subject(source.connection, subject))
            sqlite.check_sound(source.connection)
            faults += misfits
        except sqlite.DatabaseError:
            source.renew()
            faults.append(Fault("db.verify.subject_unread", subject))
    added = source.connection.execute("SELECT DISTINCT subject FROM trail WHERE act = 'subject_added'").fetchall()
    sqlite.check_sound(source.connection)
    faults += [Fault("db.verify.subject", each) for each in sorted({row[0] for row in added} ^ set(ids))]


def check_identity(connection: sqlite.Connection) -> list[Fault]:
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


def _check_subject(connection: sqlite.Connection, subject: str) -> Iterator[Fault]:
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
    open_queries = sum(query.is_open for query in folded.queries.values())
    row = connection.execute(
        "SELECT open_queries, arrival, last_entry FROM subject WHERE id = ?", (subject,)
    ).fetchone()
    if row != (open_queries, folded.added, folded.touched):
        yield Fault("db.verify.subject", subject)
