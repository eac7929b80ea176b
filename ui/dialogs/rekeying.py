"""A new key for the open store: everything that reads it is closed, the store is re-encrypted and opened anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from forms.errors import Refusal, Told

if TYPE_CHECKING:
    from db.casebook.casebook import Casebook


def renew_key(window: Any, why: str) -> None:
    """Begin it on the main window. Raises Refusal, before anything is touched, when it may not be done."""
    window.casebook.check_right("accounts")
    if not why.strip():
        raise Refusal("db.why_missing")
    QTimer.singleShot(0, window, lambda: _begin(window, why))


def encrypt_anew(_reader: object, book: Casebook, why: str, *, tick: Any) -> Casebook:
    """A job on the open store itself; the window waits for it. Returns the store opened under its new key."""
    from db.people.rekey import rekey

    return rekey(book, why, tick)


def _begin(window: Any, why: str) -> None:
    from ui.dialogs.work import WorkDialog

    window.jobs.close()
    WorkDialog(window.settings, window, "rekey").start(
        encrypt_anew, window.casebook, why,
        done=lambda fresh: _enter(window, fresh), failed=lambda error: _failed(window, error),
        cancelled=lambda: window.workspace.tell(window.settings.say("access.rekey.given_up")),
    )  # fmt: skip


def _enter(window: Any, fresh: Casebook) -> None:
    from ui.dialogs.recovery_sheet import RecoverySheetDialog

    code = fresh.recovery_code
    window.close_store()
    window.enter(fresh)
    window.workspace.go("administration")
    RecoverySheetDialog(fresh, code, window.settings, window).open()


def _failed(window: Any, error: Exception) -> None:
    if not isinstance(error, Told):
        raise error
    if window.casebook.is_open:
        window.workspace.show_trouble(error)
        return
    window.show_sign_in(window.close_store())
    window.sign_in.show_trouble(error.in_language(window.settings.language))
