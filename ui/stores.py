"""Opening a second, reading connection to the store that is open, and proving who sits there."""

from __future__ import annotations

from db.casebook.casebook import Casebook
from db.folder.keys import Unwrapped
from db.opening.vault import open_as


def open_reader(casebook: Casebook) -> Casebook:
    """A read-only casebook on its own connection, for the worker thread; no passphrase is kept for it."""
    unwrapped = Unwrapped(casebook.store_key, casebook.signing_key)
    return open_as(casebook.path, unwrapped, casebook.account.id, "", casebook.clock)


def check_passphrase(casebook: Casebook, passphrase: str) -> None:
    """Raises Trouble when it is not the passphrase of the person who is signed in. A wrong one counts as a try."""
    from db.people.accounts import check_own_passphrase

    check_own_passphrase(casebook, passphrase)
