"""Under the head of a form: who signed it, what broke a signature, and why nothing can be entered where it can't."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from db.casebook.entering import Changes
from db.casebook.flagging import whole_subject, whole_visit
from db.casebook.waiting import Waiting
from forms.place import FormKey
from forms.record.dataset import Signature
from forms.record.signatures import broken_words, signature_words, signatures_over
from forms.subject.states import FormState
from forms.texts import say
from ui.actions import hint
from ui.dialogs.sign import SignDialog
from ui.dialogs.states import make_states_menu, menu_name
from ui.pages.form.filling import Filling
from ui.parts.pieces import across, label
from ui.parts.plain import plain_tip
from ui.retire import retire
from ui.settings import Settings

SHOWN = 2
"""Signatures and changes of each that are listed; the printed casebook lists all."""


class StandingBar(QFrame):
    """Signatures and states of the form in hand, with the buttons that change them.

    ``refused`` carries what was said against an act, ``done`` the time of one and the words for it.
    """

    refused = Signal(object)
    done = Signal(str, str)

    def __init__(self, filling: Filling, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.filling, self.settings = filling, settings
        self._unsigned: tuple[FormKey, int] | None = None
        """A form without any signature, and how often the person had signed then: it is not asked after each save."""
        self.setProperty("kind", "bar")
        self.lines = QVBoxLayout()
        self.lines.setSpacing(2)
        self.sign_button, self.states_button = QPushButton(self), QPushButton(self)
        for button, verb in ((self.sign_button, self.sign), (self.states_button, self.show_states)):
            button.setAutoDefault(True)
            button.clicked.connect(lambda _=False, do=verb: do())
        row = across(spacing=16)
        row.setContentsMargins(20, 4, 20, 6)
        row.addLayout(self.lines, 1)
        buttons = across(self.states_button, self.sign_button)
        row.addLayout(buttons)
        row.setAlignment(buttons, Qt.AlignmentFlag.AlignTop)
        self.setLayout(row)
        self.hide()

    def refresh(self) -> None:
        """Say how the form in hand stands; where there is nothing to say and to do, nothing is shown."""
        key, book, language = self.filling.key, self.filling.casebook, self.settings.language
        if key is None:
            return
        while (taken := self.lines.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                retire(widget)
        state = book.state(key)
        for kind, words, struck in self._told(book, key, state):
            line = label(kind, words, wrap=True)
            if struck:
                line.setStyleSheet("text-decoration: line-through")
            self.lines.addWidget(line)
        self.sign_button.setText(say(language, "ui_form.sign"))
        self.sign_button.setToolTip(plain_tip(hint(say(language, "ui.action.sign"), "sign")))
        self.sign_button.setVisible(book.may("sign") and state.status != "empty")
        name = menu_name(book, key, language)
        self.states_button.setText(name)
        self.states_button.setToolTip(plain_tip(hint(say(language, "ui.action.states"), "states")))
        self.states_button.setVisible(bool(name))
        self.setVisible(
            bool(self.lines.count()) or self.sign_button.isVisibleTo(self) or self.states_button.isVisibleTo(self)
        )

    def _told(self, book: Casebook, key: FormKey, state: FormState) -> list[tuple[str, str, bool]]:
        language = self.settings.language
        told = [("bad", say(language, f"ui_form.standing.{why}"), False) for why in closed_by(book, key, state)]
        signatures: list[Signature] = []
        if state.flags().signed or self._unsigned != (key, book.signings):
            signatures = list(signatures_over(book.signatures(key.subject), key))
            self._unsigned = None if signatures else (key, book.signings)
        newest = sorted(signatures, key=lambda each: -each.entry.arrival)
        for each in newest[:SHOWN]:
            told += self._signature(book, each)
        if len(newest) > SHOWN:
            told.append(("small", say(language, "ui_form.standing.more", count=len(newest) - SHOWN), False))
        if state.status == "complete" and not state.flags().signed and book.may("sign"):
            broken = any(each.is_broken for each in newest)
            told.append(("small", say(language, f"ui_form.standing.{'again' if broken else 'waits'}"), False))
        if state.flags().verified:
            told.append(("small", say(language, "ui_form.standing.verified"), False))
        return told

    def _signature(self, book: Casebook, signature: Signature) -> list[tuple[str, str, bool]]:
        language = self.settings.language
        words = say(language, "ui_form.standing.signed", line=signature_words(signature, language))
        told = [("small", words, signature.is_broken)]
        if signature.is_broken:
            changes = "; ".join(broken_words(book.study, signature, book.names(), language, SHOWN))
            told.append(("bad", say(language, "ui_form.standing.broken", changes=changes), False))
        return told

    def sign(self) -> SignDialog | None:
        """Sign the form, its visit or the casebook."""
        key, book = self.filling.key, self.filling.casebook
        if key is None or not book.may("sign"):
            return None
        state = book.state(key)
        waiting = [Waiting(key, state.completed_at, broken=False)] if state.status == "complete" else []
        visit, subject = whole_visit(key), whole_subject(key.subject)
        scopes = (("visit", visit), ("casebook", subject), ("interim", subject), ("final", subject))
        dialog = SignDialog(book, waiting, self.settings, self, self._signed, scopes, ticked=True)
        dialog.open()
        return dialog

    def show_states(self) -> QMenu | None:
        """A menu of what may be done to the form, its visit and its subject."""
        key, book = self.filling.key, self.filling.casebook
        if key is None:
            return None
        menu = make_states_menu(book, key, self.settings, self, self._kept, self.refused.emit)
        if menu.isEmpty():
            return None
        menu.popup(self.states_button.mapToGlobal(QPoint(0, self.states_button.height())))
        return menu

    def _signed(self, changes: Changes) -> None:
        self.filling.hub.changed.emit(changes)
        self.done.emit(changes.at, "ui_form.signed")

    def _kept(self, changes: Changes) -> None:
        self.filling.hub.changed.emit(changes)
        self.done.emit(changes.at, "ui_form.state_kept")


def closed_by(book: Casebook, key: FormKey, state: FormState) -> list[str]:
    """Why nothing can be entered on a form: ``database``, ``locked``, ``frozen``, ``scope``; empty when it can."""
    if book.database_lock is not None:
        return ["database"]
    flags = state.flags()
    if flags.locked or flags.frozen:
        return ["locked" if flags.locked else "frozen"]
    return [] if book.takes_entries(key) else ["scope"]
