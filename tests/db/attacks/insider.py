"""An insider: somebody who holds the store's key, and perhaps an own one, and writes with a tool of their own.

The tool writes entries as the program does, hashes and all, under any name, at any time, sealed by any key or by none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from db import sqlite
from db.casebook.casebook import Casebook
from db.clock import clock_of, milliseconds
from db.folder import paths
from db.folder.door import unlock
from db.folder.keys import CHEAP
from db.ledger.ledger import NOWHERE, Act, Ledger, Tip, read_acts
from db.ledger.roles import ACCOUNT_ACTS, Account, fold_accounts, told
from db.ledger.seals import Sealer
from db.opening.vault import create_store, open_store
from db.people.accounts import add_account
from db.proof.verify import Verification, verify
from forms.study.definition import Role, Study
from forms.value import Value
from tests.db.stores import PASSPHRASE, START, fill_screening, hands, site_study
from tests.forms.small_study import words

RIGHTS = {
    "lead": "read subject.add enter correct complete reopen query.open query.close study ranges redact accounts backup"
    " restore report export verify lock unlock",
    "second": "read redact report",
    "nurse": "read subject.add enter correct complete reopen query.answer import export",
    "monitor": "read query.open query.close report",
}
PEOPLE = {"ann": "lead", "rita": "second", "bob": "nurse", "mona": "monitor"}
LATER = START + timedelta(hours=1)


def crewed_study() -> Study:
    """The small study with the people of a site."""
    roles = tuple(Role(role, words(role), tuple(rights.split())) for role, rights in RIGHTS.items())
    return replace(site_study(), roles=roles)


def new_site(folder: Path) -> Path:
    """A closed store: ann made it and let the others in, bob entered a screening, mona asked about it."""
    book = create_store(
        folder / "trial", crewed_study(), site="AN", user="ann", name="Ann Wu", role="lead", passphrase=PASSPHRASE,
        clock=clock_of(hands()), kdf=CHEAP,
    )  # fmt: skip
    for user, role in PEOPLE.items():
        if user != "ann":
            add_account(book, user, user.title(), role, PASSPHRASE, kdf=CHEAP, temporary=False)
    book.close()
    nurse = signed_in(book.path, "bob", START + timedelta(minutes=10))
    fill_screening(nurse)
    nurse.close()
    signed_in(book.path, "mona", START + timedelta(minutes=20)).close()
    return book.path


def signed_in(store: Path, user: str, when: datetime = LATER) -> Casebook:
    """Somebody at the program itself."""
    return open_store(store, user=user, passphrase=PASSPHRASE, clock=clock_of(hands(when)))


class Unsealed:
    """Seals nothing."""

    def __init__(self) -> None:
        self.run = 0

    def seal(self, connection: sqlite.Connection, strand: str, tip: Tip, noted: Mapping[str, str]) -> None:
        """Leave it."""

    def keep(self, noted: Mapping[str, str]) -> None:
        """Leave it."""

    def forget(self) -> None:
        """Leave it."""


class Insider:
    """Holds the store's key and the own one; ``key`` of somebody else is what a stolen or guessed passphrase gives."""

    def __init__(self, store: Path, user: str = "mona", phrase: str = PASSPHRASE) -> None:
        self.store = store
        unwrapped, wrap = unlock(store, user, phrase, clock_of(hands(LATER)))
        self.store_key, self.key, self.id = unwrapped.store_key, unwrapped.signing_key, wrap.id
        with self.opened() as connection:
            self.people = {each.user: each for each in fold_accounts(read_acts(connection, *ACCOUNT_ACTS)).values()}

    @contextmanager
    def opened(self) -> Iterator[sqlite.Connection]:
        """The database, past the program."""
        connection = sqlite.connect(self.store / paths.STORE, self.store_key)
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def unhindered(self) -> Iterator[sqlite.Connection]:
        """The database without triggers, which are put back so that nobody misses them."""
        with self.opened() as connection:
            triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            yield connection
            for _, sql in triggers:
                connection.execute(sql)

    def write(
        self,
        *acts: Act,
        who: str = "",
        role: str = "",
        key: bytes | None = None,
        strand: str = "",
        run: int = 0,
        when: datetime = LATER,
        unsealed: bool = False,
        sign_in: bool = True,
        unlooked: bool = False,
    ) -> list[str]:
        """Append acts after a sign-in of ``who`` (own account), sealed by ``key`` (own key); gives the addresses.

        ``unlooked`` takes ``when`` for the time without saying that a clock was set.
        """
        with self.opened() as connection:
            own = strand or connection.execute("SELECT value FROM device WHERE name = 'strand'").fetchone()[0]
            ledger = Ledger(connection, own, clock_of(hands(when)))
            person = next(each for each in self.people.values() if each.id == (who or self.id))
            ledger.who, ledger.role = person.id, role or person.role
            ledger.definition = connection.execute("SELECT max(definition) FROM context").fetchone()[0]
            seals = Unsealed() if unsealed else Sealer(connection, key or self.key, run or ledger.tip.seq + 1)
            ledger.sealer = seals  # type: ignore[assignment]
            if unlooked:
                ledger._look = lambda: setattr(ledger, "_now", (milliseconds(when), 480))  # type: ignore[method-assign]
            addresses: list[str] = []
            with ledger.transaction():
                if sign_in:
                    ledger.append([Act("signed_in")])
                addresses += ledger.append(list(acts))
            (self.store / paths.COUNTER).unlink(missing_ok=True)
        return addresses

    def verified(self, **given: str) -> Verification:
        """What verification says."""
        return verify(self.store, user="ann", passphrase=PASSPHRASE, **given)

    def found(self, **given: str) -> list[tuple[str, str]]:
        """What verification finds, where."""
        return [(fault.key.removeprefix("db.verify."), fault.where) for fault in self.verified(**given).found]


def account_change(account: Account, **changes: object) -> Act:
    """An act that says something else of an account."""
    content = json.loads(told(account)) | changes
    return Act("account_changed", replace(NOWHERE, item=account.id), Value(value=json.dumps(content, sort_keys=True)))
