"""How a widget goes for good.

Qt takes a widget away some time later (`deleteLater`), and until then still hands it what belongs to the living: a
stack of pages gives the cursor back to the field that had it last, timers run out, a click that was on its way arrives.
Such an event met a field that was half gone, and the program ended. So whatever is discarded goes through `retire`
alone: the cursor is taken out of it, Qt forgets that it was there, nothing inside is heard any more, and it is hidden.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget


def retire(widget: QWidget, heir: QWidget | None = None) -> None:
    """Take a widget, and all in it, out of use for good. ``heir`` gets the cursor when it stood inside.

    What stands half typed inside has to be saved before: afterwards nothing in it is heard.
    """
    had_cursor = holds_cursor(widget)
    _silence(widget)
    _close_popups(widget)
    inside = widget.focusWidget()
    if inside is not None:
        inside.clearFocus()
    widget.hide()
    widget.deleteLater()
    if had_cursor and heir is not None:
        heir.setFocus()


def retire_quietly(part: QObject) -> None:
    """The same for something that is never seen, such as a watch over the window's events."""
    _silence(part)
    part.deleteLater()


def holds_cursor(widget: QWidget) -> bool:
    """The cursor stands in the widget or in one inside it."""
    now = QApplication.focusWidget()
    return now is not None and (now is widget or widget.isAncestorOf(now))


def _silence(part: QObject) -> None:
    part.blockSignals(True)
    for each in part.findChildren(QObject):
        each.blockSignals(True)


def _close_popups(widget: QWidget) -> None:
    """Close the lists and menus that were opened from inside."""
    while (popup := QApplication.activePopupWidget()) is not None and _belongs_to(popup, widget):
        popup.close()


def _belongs_to(part: QObject | None, widget: QWidget) -> bool:
    while part is not None and part is not widget:
        part = part.parent()
    return part is widget
