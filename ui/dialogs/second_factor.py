"""The second factor: the symbol for the telephone, and the digits at sign-in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from ui.dialogs.ask import AskDialog, secret_field
from ui.settings import Settings

if TYPE_CHECKING:
    from db.casebook.casebook import Casebook

POINT = 5
QUIET = 4
"""Pixels of a module, and empty modules around the symbol (ISO/IEC 18004)."""


def ask_factor(casebook: Casebook, settings: Settings, parent: QWidget) -> AskDialog:
    """Show a new secret and ask for a code of it."""
    from db.opening.second_factor import new_secret, shown_secret, turn_on, uri_of

    secret = new_secret()
    symbol = QLabel()
    symbol.setPixmap(draw_symbol(uri_of(secret, casebook.user, Path(casebook.path).stem)))
    symbol.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    shown, digits = QLineEdit(shown_secret(secret)), QLineEdit()
    shown.setReadOnly(True)
    fields: list[tuple[str, QWidget]] = [("symbol", symbol), ("secret", shown), ("digits", digits)]
    dialog = AskDialog(settings, parent, "factor", fields, lambda: turn_on(casebook, secret, digits.text()))
    symbol.setAccessibleName(settings.say("access.factor.symbol"))
    digits.setFocus()
    return dialog


def ask_factor_off(casebook: Casebook, settings: Settings, parent: QWidget) -> AskDialog:
    """Turn the factor off: whoever finds an open window can't, without the passphrase."""
    from db.opening.second_factor import turn_off
    from db.people.accounts import check_own_passphrase

    phrase = secret_field()

    def verb() -> None:
        check_own_passphrase(casebook, phrase.text())
        turn_off(casebook)

    return AskDialog(settings, parent, "factor_off", [("old", phrase)], verb)


def ask_code(user: str, settings: Settings, parent: QWidget, done: Callable[[str], object]) -> AskDialog:
    """Ask for the digits at sign-in and hand them on."""
    digits = QLineEdit()
    dialog = AskDialog(settings, parent, "code", [("digits", digits)], lambda: None, user=user)
    dialog.accepted.connect(lambda: done(digits.text() or "-"))
    dialog.open()
    return dialog


def draw_symbol(text: str) -> QPixmap:
    """A text as a QR symbol, dark on light in either look."""
    from reportlab.graphics.barcode.qr import QrCodeWidget

    code = QrCodeWidget(text, barLevel="M").qr
    code.make()
    modules = code.modules
    side = len(modules) + 2 * QUIET
    image = QImage(side, side, QImage.Format.Format_Mono)
    image.fill(1)
    for row, line in enumerate(modules):
        for column, dark in enumerate(line):
            image.setPixel(column + QUIET, row + QUIET, 0 if dark else 1)
    return QPixmap.fromImage(image.scaled(side * POINT, side * POINT))
