"""Taking a copy back in place of the open store: nothing is overwritten, the store as it was stays beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer

from forms.errors import Told


def take_back(window: Any, copy: Path, passphrase: str) -> None:
    """Prove the passphrase on the copy, close the store, restore, go to the sign-in page.

    Raises Refusal or Trouble and leaves everything as it is when the copy does not open.
    """
    from db.vault import unlock

    book = window.casebook
    book.check_right("restore" if not book.may("backup") else "backup")
    unlock(copy, book.user, passphrase, book.clock)
    QTimer.singleShot(0, window, lambda: _restore(window, copy, passphrase))


def _restore(window: Any, copy: Path, passphrase: str) -> None:
    from db.backup import restore

    user, clock = window.casebook.user, window.casebook.clock
    store = window.close_store()
    told = ""
    try:
        restore(copy, store, user=user, passphrase=passphrase, clock=clock)
    except Told as error:
        told = error.in_language(window.settings.language)
    window.show_sign_in(store, user)
    if told:
        window.sign_in.show_trouble(told)
