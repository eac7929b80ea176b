"""An open store and the person in front of it: rights, transactions, acts that change no value."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from db import sqlite
from db.casebook.broken_off import BrokenOff
from db.casebook.entering import Changes
from db.clock import Clock, iso
from db.folder.boxes import Secret
from db.folder.counter import Counter
from db.folder.lock import WriterLock
from db.folder.presence import Presence
from db.ledger.ledger import ACTS, NOWHERE, Act, Ledger, read_acts, read_position
from db.ledger.roles import EDIT_RIGHTS, Account, check_right, rights_of
from db.ledger.seals import Sealer, grouped, read_root
from forms.errors import Refusal, Trouble
from forms.place import Place
from forms.record.dataset import Entry
from forms.study.definition import LabRange, Study, Text
from forms.subject.subject import Subject
from forms.value import Value


class Session:
    """What every part of an open store needs. Calls may come from several threads, one at a time."""

    def __init__(
        self, folder: Path, store_key: Secret, signing_key: Secret, connection: sqlite.Connection, ledger: Ledger,
        account: Account, lock: WriterLock | None,
    ) -> None:  # fmt: skip
        self.path = folder
        self.store_key = bytearray(store_key)
        """A copy of its own, as is the next, and what `db.people.pin` keeps: wiped when the store is let go."""
        self.signing_key, self.pin = bytearray(signing_key), bytearray()
        self.connection = connection
        self.ledger = ledger
        self.account = account
        self.accounts: dict[str, Account] = {account.id: account}
        self.guard = threading.RLock()
        self.ranges: tuple[LabRange, ...] = ()
        self.definition = ""
        self.site = ""
        self.set_clock = ""
        """The day the clock was set to when the store was made: a demonstration or a test, which says so everywhere."""
        self.study: Study
        self.recovery_code = ""
        self.interrupted = ""
        """When the last entry was kept (ISO UTC) if the session before did not end by signing out, "" if it did."""
        self.broken_off: BrokenOff | None = None
        """This person's own last session, if it did not end by signing out."""
        self.came_from = 0
        """Schema the store had when it was opened."""
        self.lacks_counter = False
        """Whether the file that counts acknowledged entries was missing at sign-in."""
        self.warnings: tuple[Text, ...] = ()
        """What was noticed at sign-in and a person should know, by language."""
        self._lock = lock
        self.database_lock: Entry | None = None
        """The act by which the database was locked, None while it is not."""
        self.signings = 0
        """How often the person has signed since signing in: after the first one the passphrase alone is asked."""
        self._presence = Presence(folder, lock) if lock is not None else None
        self.counter: Counter | None = None
        self._rights: frozenset[str] = frozenset()
        self._is_closed = False

    # --- who and what ---------------------------------------------------------------------------------------------

    @property
    def read_only(self) -> bool:
        """Opened for looking only."""
        return self._lock is None

    @property
    def is_open(self) -> bool:
        """Whether the store can still be worked with."""
        return not self._is_closed

    @property
    def user(self) -> str:
        """Sign-in name of the person."""
        return self.account.user

    @property
    def role(self) -> str:
        """Role of the person."""
        return self.account.role

    @property
    def clock(self) -> Clock:
        """The clock the store was opened with."""
        return self.ledger.clock

    def names(self) -> Mapping[str, str]:
        """Display name by account id."""
        return {account.id: account.name for account in self.accounts.values()}

    def work_by(self, study: Study, definition: str) -> None:
        """Use a definition that is in the ledger, named by its sha256."""
        self.study = study
        self.definition = definition
        self._rights = rights_of(study, self.account.role)
        self.forget()

    def become(self, account: Account) -> None:
        """The person's account as it is now."""
        self.account = account
        self.accounts[account.id] = account
        self._rights = rights_of(self.study, account.role)

    def sign_with(self, signing_key: Secret) -> None:
        """Seal what is written from now on by this key: at sign-in, and when the person has got another one."""
        self.signing_key[:] = signing_key
        self.ledger.sealer = Sealer(self.connection, signing_key, self.ledger.tip.seq + 1)

    def read_database_lock(self) -> None:
        """Whether the database is locked, as the ledger tells it."""
        acts = read_acts(self.connection, "database_locked", "database_unlocked")
        self.database_lock = acts[-1] if acts and acts[-1].act == "database_locked" else None

    def may(self, right: str) -> bool:
        """Whether the person has a right, for showing or hiding an action."""
        try:
            self.check_right(right)
        except Refusal:
            return False
        return True

    def check_right(self, right: str) -> None:
        """Raises Refusal when the person may not, or has not taken the account over yet."""
        if self.account.waiting:
            raise Refusal("db.must_take_over")
        if right in EDIT_RIGHTS and self.database_lock is not None:
            who = self.names().get(self.database_lock.who, self.database_lock.who)
            raise Refusal("db.database_locked", who=who, day=self.database_lock.at[:10])
        if right not in self._rights or not self.account.active:
            check_right(self.study, self.accounts, self.account, right)

    # --- transactions ---------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[Ledger]:
        """One transaction. What the disk says is told in words, and nothing read before it is trusted after that."""
        if self._presence is None:
            raise Refusal("db.read_only")
        with self.guard:
            self.check_open()
            try:
                with sqlite.translated(self.path), self.ledger.transaction():
                    yield self.ledger
                    self._presence.check()
            except BaseException as error:
                self.rolled_back()
                if isinstance(error, Trouble):
                    self.forget()
                    self._save_log(error)
                if isinstance(error, sqlite.IntegrityError):
                    self.forget()
                    self._presence.check()  # with the lock taken away another program may have written in between
                raise
            if self.counter is not None:
                self.counter.note(self.ledger.strand, self.ledger.tip.seq, self.ledger.tip.hash)

    def expect_new_log(self) -> None:
        """SQLite's log was taken away on purpose, as by a change of the key; the next one is as good."""
        if self._presence is not None:
            self._presence.forget_log()

    def _save_log(self, trouble: Trouble) -> None:
        """When the log was taken away, what it held is still in hand: put it into the database while that goes."""
        if trouble.key == "db.log_gone":
            with suppress(sqlite.DatabaseError):
                self.connection.execute("PRAGMA wal_checkpoint(FULL)")

    @contextmanager
    def reading(self) -> Iterator[sqlite.Connection]:
        """The connection, for one thread at a time."""
        with self.guard, sqlite.translated(self.path):
            self.check_open()
            yield self.connection
            sqlite.check_sound(self.connection)

    def check_open(self) -> None:
        """Raises Refusal for a store that was closed.

        Asked under the guard: whoever waited for it may find the store closed, as after a new key.
        """
        if self._is_closed:
            raise Refusal("db.closed")

    def forget(self) -> None:
        """Drop whatever was kept ready."""

    def rolled_back(self) -> None:
        """Drop what was learnt from a transaction that came to nothing."""

    def done(self, places: tuple[Place, ...], subjects: tuple[Subject, ...] = (), entered: int = 0) -> Changes:
        """What a transaction gives back."""
        return Changes(places, self.ledger.tip.arrival, iso(self.ledger.now), subjects, entered)

    # --- acts -----------------------------------------------------------------------------------------------------

    def note_act(self, act: str, value: str = "", why: str = "", subject: str = "") -> Changes:
        """Record that something was done with the store: ``report``, ``export``, ``verification``, ... of `ACTS`."""
        if act not in ACTS:
            raise ValueError(act)
        if self.account.waiting:
            raise Refusal("db.must_take_over")
        with self.writing() as ledger:
            place = replace(NOWHERE, subject=subject) if subject else NOWHERE
            ledger.append([Act(act, place, Value(value=value), why)])
            return self.done(())

    def acts(self, *acts: str) -> list[Entry]:
        """Acts on the store itself of the kinds named, oldest first."""
        with self.reading() as connection:
            return read_acts(connection, *acts)

    def position(self) -> int:
        """The last position of the ledger, read from the database: somebody who only looks isn't told of entries."""
        with self.reading() as connection:
            return read_position(connection)

    def tip(self) -> str:
        """Hash of the last entry of this device's strand: an anchor to print and to verify by."""
        return self.ledger.tip.hash.hex()

    def fingerprint(self) -> str:
        """What tells this store from one made anew, as it is printed: `verify` compares with it."""
        with self.reading() as connection:
            return grouped(read_root(connection))

    def close(self) -> None:
        """Sign out: the store is closed, the lock let go. Closing twice changes nothing."""
        if self._is_closed:
            return
        with self.guard:
            try:
                if not self.read_only:
                    with self.writing() as ledger:
                        ledger.append([Act("signed_out")])
            finally:
                self.let_go()

    def let_go(self) -> None:
        """Close without signing out, as after a disk error; what was acknowledged is on disk."""
        self._is_closed = True
        self.connection.close()
        self.ledger.sealer = None
        for key in (self.store_key, self.signing_key, self.pin):
            key[:] = bytes(len(key))
        del self.pin[:]
        if self.counter is not None:
            self.counter.close()
        if self._lock is not None:
            self._lock.release()
