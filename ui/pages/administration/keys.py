"""Keys of the store: the own passphrase, a new recovery sheet, a new key for everything."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from db.opening.second_factor import is_on
from db.people.accounts import renew_recovery
from ui.dialogs.ask import AskDialog
from ui.dialogs.passphrase import ask_passphrase
from ui.dialogs.recovery_sheet import RecoverySheetDialog
from ui.dialogs.second_factor import ask_factor, ask_factor_off
from ui.parts.pieces import button, card, down, held, label, scrolled
from ui.settings import Settings

ACTS = ("own", "factor", "sheet", "rekey")
OWN = ("own", "factor")


class KeysPart(QWidget):
    """Cards, each with what it does and a button."""

    def __init__(self, casebook: Casebook, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.settings = casebook, settings
        self.titles = {name: label("heading") for name in ACTS}
        self.texts = {name: label("quiet", wrap=True) for name in ACTS}
        self.buttons: dict[str, QPushButton] = {}
        verbs: dict[str, Callable[[], object]] = {
            "own": self.change_own,
            "factor": self.turn_factor,
            "sheet": self.new_sheet,
            "rekey": partial(self.new_key, ""),
        }
        column = down(spacing=12)
        column.setContentsMargins(0, 12, 0, 0)
        for name in ACTS:
            self.buttons[name] = button(verbs[name])
            row = QHBoxLayout()
            row.setSpacing(20)
            row.addLayout(down(self.titles[name], self.texts[name], spacing=4), 1)
            row.addWidget(self.buttons[name])
            frame = card(row)
            if name not in OWN and not casebook.may("accounts"):
                frame.hide()
            column.addWidget(frame)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(held(column)))

    def refresh(self) -> None:
        """Say everything in the window's language."""
        for name in ACTS:
            self.titles[name].setText(self.settings.say(f"access.keys.{name}"))
            self.texts[name].setText(self.settings.say(f"access.keys.{name}_text"))
            self.buttons[name].setText(self.settings.say(f"access.keys.do.{name}"))

        if is_on(self.casebook):
            self.buttons["factor"].setText(self.settings.say("access.keys.do.factor_off"))

    def turn_factor(self) -> AskDialog:
        """Turn the own second factor on, or off."""
        ask = ask_factor_off if is_on(self.casebook) else ask_factor
        dialog = ask(self.casebook, self.settings, self)
        dialog.accepted.connect(self.refresh)
        dialog.open()
        return dialog

    def change_own(self) -> AskDialog:
        """Change the own passphrase."""
        dialog = ask_passphrase(self.casebook, self.settings, self)
        dialog.open()
        return dialog

    def new_sheet(self) -> AskDialog:
        """A new recovery sheet; the one before opens nothing any more."""
        why, code = QLineEdit(), []

        def verb() -> None:
            code.append(renew_recovery(self.casebook, why.text()))

        dialog = AskDialog(self.settings, self, "sheet_new", [("why", why)], verb)
        dialog.accepted.connect(
            lambda: RecoverySheetDialog(self.casebook, code[0], self.settings, self.window()).open()
        )
        dialog.open()
        return dialog

    def new_key(self, who_left: str = "") -> AskDialog:
        """Re-encrypt the store under a new key; the window opens it anew."""
        why = QLineEdit(self.settings.say("access.keys.left", name=who_left) if who_left else "")
        window = self.window()

        def verb() -> None:
            from ui.dialogs.rekeying import renew_key

            renew_key(window, why.text())

        dialog = AskDialog(self.settings, window, "rekey", [("why", why)], verb)
        dialog.open()
        return dialog
