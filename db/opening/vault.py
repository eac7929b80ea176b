"""Making and opening a store: the folder, the keys, the lock, the schema, and who signs in."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from db import sqlite
from db.casebook.broken_off import find_broken_off
from db.casebook.casebook import Casebook
from db.clock import Clock, iso, milliseconds, system_clock
from db.folder import keys, paths, tries
from db.folder.boxes import Secret
from db.folder.counter import Counted, Counter, read_counter
from db.folder.door import find_store as find_store
from db.folder.door import store_folder as store_folder
from db.folder.door import unlock as unlock
from db.folder.door import users as users
from db.folder.keys import DEFAULT, Kdf, Keys, Unwrapped, Wrap
from db.folder.lock import take_lock
from db.ledger import schema
from db.ledger.chain import check_tail
from db.ledger.counted import COUNTED, first_missing, is_counted
from db.ledger.definitions import definition_act, range_act, read_definition, read_ranges, read_set_clock, read_site
from db.ledger.ledger import DEFINITION_DIGITS, SYSTEM, Act, Ledger, new_strand, read_acts
from db.ledger.roles import ACCOUNT_ACTS, Account, fold_accounts, rights_of, told
from db.opening.key_acts import keys_act, settle_keys
from forms.errors import Refusal, Trouble
from forms.place import Place
from forms.study.canonical import dump, fingerprint
from forms.study.definition import Study, Text
from forms.texts import both
from forms.value import Value

USER = re.compile(r"[\w.@+-]{1,40}")
SITE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")


def create_store(
    path: str | Path, study: Study, *, site: str, user: str, name: str = "", role: str, passphrase: str,
    clock: Clock | None = None, kdf: Kdf = DEFAULT,
) -> Casebook:  # fmt: skip
    """A new encrypted store, open and signed in. ``recovery_code`` of the casebook is shown this once.

    Raises Refusal for names, roles or passphrases that won't do, Trouble when something is there already.
    """
    clock = clock or system_clock()
    folder = store_folder(path)
    if not USER.fullmatch(user):
        raise Refusal("db.user_pattern")
    if not SITE.fullmatch(site):
        raise Refusal("db.site_pattern")
    if not rights_of(study, role):
        raise Refusal("db.role_unknown", role=role[:40], known=", ".join(each.id for each in study.roles))
    keys.check_passphrase(passphrase, clock)
    if folder.exists() and any(folder.iterdir()):
        raise Trouble("db.exists", path=str(folder))
    sqlite.check_length(folder / paths.STORE)
    unwrapped = Unwrapped(os.urandom(32), keys.new_signing_key())
    strand = new_strand()
    account = Account(f"{strand}-1", user, name.strip() or user, role, keys.public_key(unwrapped.signing_key), True)
    known = keys.new_keys(unwrapped.store_key)
    known = known.with_wrap(keys.wrap(known, account.id, user, passphrase, unwrapped, kdf))
    code = keys.new_recovery_code()
    known = known.with_wrap(recovery_wrap(known, code, unwrapped.store_key, kdf))
    made = not folder.exists()
    try:
        paths.make_folder(folder)
        paths.write_whole(folder / paths.KEYS, keys.dump_keys(known))
        _make_database(folder / paths.STORE, unwrapped.store_key, strand)
        casebook = _open(folder, unwrapped, account.id, clock, user)
        casebook.sign_with(unwrapped.signing_key)
        _first_acts(casebook, study, site, account, known)
    except BaseException as error:
        if made:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise paths.disk_trouble(folder, error) from error
        raise
    casebook.recovery_code = code
    return casebook


def recovery_wrap(known: Keys, code: str, store_key: Secret, kdf: Kdf) -> Wrap:
    """The wrap of the sealed recovery code. It opens the store and, by a key of its own, boxes.

    That key seals nothing but the letting in of a person.
    """
    unwrapped = Unwrapped(store_key, keys.new_signing_key())
    named = f"{keys.RECOVERY} {keys.public_key(unwrapped.signing_key)}"
    return keys.wrap(known, keys.RECOVERY, named, keys.read_recovery_code(code), unwrapped, kdf)


def _make_database(path: Path, store_key: Secret, strand: str) -> None:
    paths.make_new(path).close()
    connection = sqlite.connect(path, store_key, "rwc")
    try:
        with sqlite.translated(path):
            take_steps(connection, 0)
            connection.execute("INSERT INTO device (name, value) VALUES ('strand', ?)", (strand,))
    finally:
        connection.close()


def take_steps(connection: sqlite.Connection, done: int) -> None:
    """Bring a database from schema ``done`` to the present one, each step whole or not at all."""
    for number, step in enumerate(schema.STEPS[done:], done + 1):
        database = sqlite.utilities(connection)
        with sqlite.transaction(connection):
            step(database)
            connection.execute(f"PRAGMA user_version = {number}")


def _first_acts(casebook: Casebook, study: Study, site: str, account: Account, known: Keys) -> None:
    content = dump(study)
    definition = fingerprint(content)
    ledger = casebook.ledger
    ledger.who, ledger.role = account.id, account.role
    with casebook.writing():
        ledger.definition = definition[:DEFINITION_DIGITS]
        made = json.dumps({"store": known.store, "site": site, "schema": schema.CURRENT}, sort_keys=True)
        acts = [Act("store_created", value=Value(value=made)), definition_act(content)]
        acts += [range_act(each) for each in study.ranges]
        acts += [account_act("account_added", account), keys_act(known)]
        ledger.append([*acts, *_clock_note(casebook.clock), Act("signed_in")])
    _settle_in(casebook, account.id)
    _begin_counting(casebook)


def _begin_counting(casebook: Casebook) -> None:
    """From now on each commit is counted beside the database, and the database says that it is."""
    if not is_counted(casebook.connection):
        with casebook.writing() as ledger:
            ledger.connection.execute("INSERT INTO device (name, value) VALUES (?, '1')", (COUNTED,))
    casebook.counter = Counter(casebook.path)
    casebook.counter.note(casebook.ledger.strand, casebook.ledger.tip.seq, casebook.ledger.tip.hash)


def account_act(act: str, account: Account, why: str = "") -> Act:
    """An act on an account; its id stands where an item would."""
    return Act(act, Place("", "", "", "", "", "", account.id), Value(value=told(account)), why)


def _clock_note(clock: Clock) -> list[Act]:
    return [Act("clock_set", value=Value(value=clock.was_set), who=SYSTEM)] if clock.was_set else []


def open_store(
    path: str | Path, *, user: str, passphrase: str, clock: Clock | None = None, read_only: bool = False, code: str = ""
) -> Casebook:
    """Sign in. Raises Trouble telling a wrong passphrase, a damaged or newer store and another writer apart.

    ``code`` is that of the second factor; Trouble ``db.code_needed`` says when the person has one.
    """
    clock = clock or system_clock()
    folder = find_store(path)
    unwrapped, wrap = unlock(folder, user, passphrase, clock)
    return open_as(folder, unwrapped, wrap.id, "" if read_only else user, clock, code)


def open_as(
    folder: Path, unwrapped: Unwrapped, account: str, writer: str, clock: Clock, code: str | None = None
) -> Casebook:
    """Open with keys that are there already. ``writer`` is the sign-in name of who will write, "" to look only.

    ``code`` None asks for no second factor: a further connection of somebody who is signed in.
    """
    from db.opening.second_factor import check_code, spend_code

    casebook = _open(folder, unwrapped, account, clock, writer)
    try:
        with sqlite.translated(folder):
            if writer:
                casebook.sign_with(unwrapped.signing_key)
            _settle_in(casebook, account)
            sqlite.check_sound(casebook.connection)
            number = check_code(casebook, code) if code is not None else 0
            if writer:
                _sign_in(casebook)
                if number:
                    spend_code(casebook, number)
    except BaseException:
        casebook.let_go()
        raise
    return casebook


def _open(folder: Path, unwrapped: Unwrapped, account: str, clock: Clock, writer: str) -> Casebook:
    """A connection under its lock, at the present schema; nobody has signed in yet."""
    lock = take_lock(folder, writer, iso(milliseconds(clock()))) if writer else None
    try:
        path = folder / paths.STORE
        if not path.exists() or not path.stat().st_size:
            raise Trouble("db.database_missing", path=str(path))
        counted = read_counter(folder)
        try:
            connection = sqlite.connect(path, unwrapped.store_key, "rw" if writer else "ro")
        except Trouble as trouble:
            if trouble.values.get("code") == "SQLITE_NOTADB":
                raise Trouble("db.keys_misfit", path=str(folder)) from trouble
            raise
        try:
            with sqlite.translated(path):
                found = check_schema(connection, unwrapped.store_key, path, may_step=bool(writer))
                strand = connection.execute("SELECT value FROM device WHERE name = 'strand'").fetchone()[0]
                ledger = Ledger(connection, strand, clock)
                missing = check_counted(connection, folder, counted, may_go_on=not writer)
        except BaseException:
            connection.close()
            raise
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    nobody = Account(account, "", "", "", "")
    casebook = Casebook(folder, unwrapped.store_key, unwrapped.signing_key, connection, ledger, nobody, lock)
    casebook.came_from = found
    casebook.warnings = missing
    return casebook


def check_counted(
    connection: sqlite.Connection, folder: Path, counted: Counted | None, *, may_go_on: bool
) -> tuple[Text, ...]:
    """Raises Trouble when entries that were acknowledged are gone; whoever only looks is told so instead.

    Writing on would make it impossible to put SQLite's log back, should it be found.
    """
    first = first_missing(connection, counted)
    if not first or counted is None:
        return ()
    told = {"first": f"{counted.strand}:{first}", "last": f"{counted.strand}:{counted.seq}",
            "log": paths.STORE + paths.LOG, "path": str(folder), "counter": str(folder / paths.COUNTER)}  # fmt: skip
    if not may_go_on:
        raise Trouble("db.entries_missing", **told)
    return (both("db.entries_missing", **told),)


def check_schema(connection: sqlite.Connection, store_key: Secret, path: Path, *, may_step: bool) -> int:
    """Refuses a newer store by its number; brings an older one up to date after a backup that was opened.

    Returns the schema that was found.
    """
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > schema.CURRENT:
        raise Trouble("db.newer_store", path=str(path.parent), found=found, known=schema.CURRENT)
    if found == schema.CURRENT:
        return found
    if not may_step:
        raise Trouble("db.older_store", path=str(path.parent), found=found, known=schema.CURRENT)
    from db.proof.copying import copy_before_step

    copy_before_step(connection, store_key, path.parent, found)
    take_steps(connection, found)
    return found


def _settle_in(casebook: Casebook, account: str) -> None:
    """Study, ranges and people as the ledger tells them, and the person's place among them."""
    connection = casebook.connection
    casebook.site = read_site(connection)
    casebook.set_clock = read_set_clock(connection)
    if casebook.clock.was_set and not casebook.set_clock:
        raise Refusal("db.clock_not_of_store", day=casebook.clock.was_set)
    casebook.ranges = read_ranges(connection)
    study, definition = read_definition(connection)
    casebook.accounts = fold_accounts(read_acts(connection, *ACCOUNT_ACTS))
    person = casebook.accounts.get(account)
    if person is None or not person.active:
        raise Refusal("db.account_closed")
    if person.last_day and casebook.clock.today().isoformat() > person.last_day:
        raise Refusal("db.account_over", day=person.last_day)
    casebook.account = person
    casebook.read_database_lock()
    casebook.work_by(study, definition)
    ledger = casebook.ledger
    ledger.who, ledger.role, ledger.definition = person.id, person.role, definition[:DEFINITION_DIGITS]


def _interrupted_at(casebook: Casebook) -> str:
    """When the last entry was kept, "" after a sign-out; earlier versions signed the tip behind it."""
    tip = casebook.ledger.tip
    rows = casebook.connection.execute(
        "SELECT act FROM entry WHERE strand = ? AND seq > ? ORDER BY seq DESC", (casebook.ledger.strand, tip.seq - 2)
    )
    acts = [row[0] for row in rows if row[0] != "tip_signed"]
    return "" if not acts or acts[0] in ("signed_out", "strand_begun") else iso(tip.at)


def _sign_in(casebook: Casebook) -> None:
    """Settle an interrupted change of keys, take failed tries into the ledger, and note who is here."""
    from db.opening.surroundings import find_warnings

    misfit = check_tail(casebook.connection, casebook.ledger.strand)
    if misfit is not None:
        raise Trouble("db.tail_broken", path=str(casebook.path), where=misfit.where)
    casebook.interrupted = _interrupted_at(casebook)
    casebook.broken_off = find_broken_off(casebook.connection, casebook.ledger.strand, casebook.account.id)
    settle_keys(casebook)
    acts = [*_clock_note(casebook.clock), Act("signed_in")]
    if casebook.came_from != schema.CURRENT:
        steps = json.dumps({"from": casebook.came_from, "to": schema.CURRENT})
        acts.insert(0, Act("migration", value=Value(value=steps), who=SYSTEM))
    if is_counted(casebook.connection) and not (casebook.path / paths.COUNTER).exists():
        acts.insert(0, Act("counter_missing", who=SYSTEM))
        casebook.lacks_counter = True
    absorb_tries(casebook, casebook.user, [*acts, *_sheet_note(casebook)])
    _begin_counting(casebook)
    casebook.warnings = find_warnings(casebook)


def _sheet_note(casebook: Casebook) -> list[Act]:
    """Name the key of the recovery sheet, which acts of earlier versions did not; an exchanged key file names none."""
    told = json.loads(read_acts(casebook.connection, "keys_changed")[-1].value.value)
    known = keys.read_keys(casebook.path / paths.KEYS)
    return [keys_act(known)] if "sheet" not in told and told["sha256"] == keys.mark(known) else []


def absorb_tries(casebook: Casebook, user: str, more: Sequence[Act] = ()) -> None:
    """Take failed tries into the ledger, then ``more``. Those of ``user`` no longer count for a lock."""
    with tries.counted(casebook.path):
        _absorb(casebook, user, more)


def _absorb(casebook: Casebook, user: str, more: Sequence[Act]) -> None:
    failed = tries.read_tries(casebook.path)
    acts = [
        Act("sign_in_failed", value=Value(value=json.dumps({"user": each.user, "at": iso(each.at)})), who=SYSTEM)
        for each in failed
        if not each.noted
    ]
    with casebook.writing() as ledger:
        ledger.append([*acts, *more])
    if failed:
        tries.forget_tries(casebook.path, user)
