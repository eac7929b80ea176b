"""Passphrases: taking an account over, changing the own one, and the recovery sheet when one is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from forms.errors import Refusal
from forms.record.delegation import role_words
from ui.dialogs.ask import AskDialog, secret_field
from ui.passphrases import LEAST, passphrase_strength
from ui.settings import Settings

if TYPE_CHECKING:
    from db.casebook.casebook import Casebook
    from db.clock import Clock


def check_new(new: QLineEdit, again: QLineEdit) -> str:
    """The new passphrase. Raises Refusal when the two differ or it is weak."""
    if new.text() != again.text():
        raise Refusal("ui.start.differ")
    if passphrase_strength(new.text()) == 0:
        raise Refusal("ui.start.too_weak", least=LEAST)
    return new.text()


def ask_take_over(casebook: Casebook, settings: Settings, parent: QWidget) -> AskDialog:
    """The first sign-in, or the first in another role: own passphrase if the present one is temporary, training."""
    from db.people.accounts import take_over

    role = role_words(casebook.study, casebook.role, settings.language)
    old, new, again, trained = secret_field(), secret_field(), secret_field(), QCheckBox()
    fields: list[tuple[str, QWidget]] = [("trained", trained)]
    must = casebook.account.must_change
    if must:
        fields = [("old", old), ("new", new), ("again", again), *fields]

    def verb() -> None:
        take_over(casebook, old.text(), check_new(new, again) if must else "", trained=trained.isChecked())

    key = "take_over" if must else "take_role"
    return AskDialog(settings, parent, key, fields, verb, name=casebook.account.name, role=role, least=LEAST)


def ask_passphrase(casebook: Casebook, settings: Settings, parent: QWidget) -> AskDialog:
    """Change the own passphrase."""
    from db.people.accounts import change_passphrase

    old, new, again = secret_field(), secret_field(), secret_field()
    fields = [("old", old), ("new", new), ("again", again)]
    return AskDialog(
        settings,
        parent,
        "passphrase",
        fields,
        lambda: change_passphrase(casebook, old.text(), check_new(new, again)),
        least=LEAST,
    )


def ask_pin(casebook: Casebook, settings: Settings, parent: QWidget, *, proved: bool = False) -> AskDialog:
    """Six digits for this sitting; the passphrase too unless it was ``proved`` a moment before."""
    from db.people.pin import set_pin

    old, pin, again = secret_field(), secret_field(), secret_field()
    fields: list[tuple[str, QWidget]] = [("pin", pin), ("again", again)]

    def verb() -> None:
        if pin.text() != again.text():
            raise Refusal("ui.lock.pins_differ")
        set_pin(casebook, pin.text(), None if proved else old.text())

    dialog = AskDialog(settings, parent, "pin", fields if proved else [("old", old), *fields], verb)
    (pin if proved else old).setFocus()
    return dialog


def ask_recovery(
    store: Path, user: str, clock: Clock, settings: Settings, parent: QWidget, done: Callable[[Casebook], object]
) -> AskDialog:
    """Open a store with the sealed recovery sheet; ``done`` is given the open casebook."""
    from db.people.accounts import recover

    code, who, new, again = QLineEdit(), QLineEdit(user), secret_field(), secret_field()
    fields: list[tuple[str, QWidget]] = [("code", code), ("user", who), ("new", new), ("again", again)]

    def verb() -> None:
        done(recover(store, code.text(), who.text().strip(), check_new(new, again), clock))

    return AskDialog(settings, parent, "recovery", fields, verb, least=LEAST)
