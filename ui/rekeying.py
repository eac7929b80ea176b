"""A new key for the open store: everything that reads it is closed, the store is re-encrypted and opened anew."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer


def renew_key(window: Any, why: str) -> None:
    """Work on the main window. Raises Refusal or Trouble and leaves the window as it is when it can't be done."""
    from db.rekey import rekey
    from ui.dialogs.recovery_sheet import RecoverySheetDialog

    window.jobs.close()
    fresh = rekey(window.casebook, why)
    code = fresh.recovery_code

    def enter() -> None:
        window.close_store()
        window.enter(fresh)
        window.workspace.go("administration")
        RecoverySheetDialog(fresh, code, window.settings, window).open()

    QTimer.singleShot(0, window, enter)
