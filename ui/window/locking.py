"""What the window does with its covers: who is asked for what, and whether it was right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QDialog, QWidget

from forms.errors import Told
from ui.settings import Settings
from ui.window.lock_cover import LockCover

if TYPE_CHECKING:
    from db.casebook.casebook import Casebook


def open_dialogs() -> list[QDialog]:
    """The dialogs that stand open over the window, the lowest first."""
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]


def find_covers(window: QWidget, settings: Settings) -> tuple[list[LockCover], list[LockCover]]:
    """The covers of the window and of every open dialog, and those made for it. Open menus are closed."""
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    covers, fresh = [], []
    for each in (window, *open_dialogs()):
        cover = each.findChild(LockCover)
        if cover is None:
            cover = LockCover(each, settings)
            fresh.append(cover)
        covers.append(cover)
    return covers, fresh


def put_on(covers: list[LockCover], casebook: Casebook, *, idle: bool, may_offer: bool) -> bool:
    """Cover everything; tells whether a PIN was offered, as ``may_offer`` lets it be.

    A PIN does after an ``idle`` while alone: whoever locks by hand leaves, and somebody may have watched the digits.
    It is offered after an idle while, and where no dialog stands in the way of its question.
    """
    from db.people.pin import has_pin

    may_change = not any(getattr(each, "must_finish", False) for each in open_dialogs())
    by_pin = idle and has_pin(casebook)
    offer = idle and may_offer and not by_pin and len(covers) == 1
    for cover in covers:
        cover.put_on(casebook.account.name, may_change=may_change, by_pin=by_pin, offer=offer)
    return offer


def is_right(covers: list[LockCover], casebook: Casebook, typed: str, *, by_pin: bool) -> bool:
    """Whether it is the passphrase, or the PIN, of who is signed in; if not, the covers say why."""
    from db.people.pin import check_pin, has_pin
    from ui.stores import check_passphrase

    try:
        (check_pin if by_pin else check_passphrase)(casebook, typed)
    except Told as error:
        over = by_pin and not has_pin(casebook)
        for cover in covers:
            if over:
                cover.ask_for_passphrase()
            cover.show_trouble(error.in_language(cover.settings.language))
        return False
    return True
