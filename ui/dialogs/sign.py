"""Signing: what, with which meaning, by the own passphrase. One form, a visit, a casebook, or many forms at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from db.casebook.entering import Changes
from db.casebook.waiting import Waiting
from db.people.signing import sign, sign_scope
from forms.errors import Told
from forms.place import FormKey
from forms.record.signatures import MEANINGS
from ui.dialogs.ask import secret_field
from ui.parts.bounded import Bounded
from ui.parts.drop_list import DropList
from ui.parts.pieces import across, button, down, held, label, show_note
from ui.parts.places import form_words, visit_words
from ui.settings import Settings

WIDTH = 640
"""Points of the dialog at least, where the screen has them."""

LINES = 8
"""Lines of the list that are seen at once."""

Scope = tuple[str, FormKey]
"""A word of `forms.record.signatures.SCOPES` and what it covers."""


class SignDialog(Bounded):
    """Lists what waits, asks for the meaning and the passphrase; ``done`` is given what was signed.

    ``scopes``: what may be signed as a whole besides the forms of the list. Nothing is chosen beforehand, no meaning
    either: one Enter too many signs nothing.
    """

    def __init__(
        self, casebook: Casebook, waiting: Sequence[Waiting], settings: Settings, parent: QWidget,
        done: Callable[[Changes], object], scopes: Sequence[Scope] = (), *, ticked: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.casebook, self.settings, self.scopes, self._done = casebook, settings, tuple(scopes), done
        self.waiting = tuple(waiting)
        say = settings.say
        self.setWindowTitle(say("access.sign.title"))
        layout = down(spacing=10)
        layout.addWidget(label("title", say("access.sign.title")))
        layout.addWidget(label("quiet", say("access.sign.text"), wrap=True))
        self.what, self.meaning, self.user, self.passphrase = DropList(), DropList(), QLineEdit(), secret_field()
        fields = {"what": self.what, "meaning": self.meaning, "user": self.user, "passphrase": self.passphrase}
        for name, field in fields.items():
            field.setAccessibleName(say(f"access.sign.{name}"))
        self._offer_what()
        self.list = QListWidget()
        self.filter = QLineEdit()
        self.all, self.none = button(lambda: self.tick(on=True)), button(lambda: self.tick(on=False))
        self.counted = label("small")
        self.chooser = held(down(held(across(self.filter, self.all, self.none)), self.list, self.counted))
        self._fill_list(ticked=ticked)
        for meaning in MEANINGS:
            self.meaning.addItem(say(f"db.meaning.{meaning}"), meaning)
        self.meaning.setCurrentIndex(-1)
        self.meaning.setPlaceholderText(say("access.sign.choose"))
        self.heads: dict[QWidget, QWidget] = {}
        for part in (self.what, self.chooser, self.meaning, self.user, self.passphrase):
            if part is not self.chooser:
                self.heads[part] = label("quiet", part.accessibleName())
                layout.addWidget(self.heads[part])
            layout.addWidget(part)
        self._lay_out_end(layout)

    def _lay_out_end(self, layout: QVBoxLayout) -> None:
        self.note = label("trouble", wrap=True)
        self.note.hide()
        layout.addWidget(self.note)
        self.go = button(self.try_it, kind="primary")
        self.go.setText(self.settings.say("access.sign.go"))
        self.go.setDefault(True)
        self.cancel = button(self.reject)
        self.cancel.setText(self.settings.say("ui.dialog.cancel"))
        self.what.currentIndexChanged.connect(lambda _: self._tell())
        self.list.itemChanged.connect(lambda _: self._tell())
        self.filter.textChanged.connect(self._sift)
        self.hold(layout, across(None, self.cancel, self.go), QSize(WIDTH, 0))
        for widget in (self.user, self.heads[self.user]):
            widget.setVisible(not self.casebook.signings)
        for widget in (self.what, self.heads[self.what]):
            widget.setVisible(bool(self.scopes))
        self._tell()
        (self.what if self.scopes else self.list if len(self.waiting) > 1 else self.meaning).setFocus()

    def _offer_what(self) -> None:
        say, study, language = self.settings.say, self.casebook.study, self.settings.language
        if self.waiting:
            self.what.addItem(say("access.sign.what.chosen"), None)
        for scope, key in self.scopes:
            words = say(f"access.sign.what.{scope}", visit=visit_words(study, key, language), subject=key.subject)
            self.what.addItem(words, (scope, key))

    def _fill_list(self, *, ticked: bool) -> None:
        say, study, language = self.settings.say, self.casebook.study, self.settings.language
        for each in self.waiting:
            words = [each.key.subject, visit_words(study, each.key, language), form_words(study, each.key, language)]
            words += [say("access.sign.broken")] if each.broken else []
            line = QListWidgetItem(" · ".join(words))
            line.setFlags(line.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            line.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self.list.addItem(line)
        self.list.setAccessibleName(say("access.sign.what.chosen"))
        self.list.setMinimumHeight(22 * min(LINES, max(2, len(self.waiting))) + 8)
        self.filter.setPlaceholderText(say("access.sign.filter"))
        self.filter.setAccessibleName(say("access.sign.filter"))
        self.all.setText(say("access.sign.all"))
        self.none.setText(say("access.sign.none"))
        self.all.setAutoDefault(False)
        self.none.setAutoDefault(False)

    def _sift(self, text: str) -> None:
        for at in range(self.list.count()):
            line = self.list.item(at)
            line.setHidden(not all(part in line.text().casefold() for part in text.casefold().split()))

    def tick(self, *, on: bool) -> None:
        """Tick every line that is shown, or take every tick away."""
        for at in range(self.list.count()):
            line = self.list.item(at)
            if not on or not line.isHidden():
                line.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def chosen(self) -> list[FormKey]:
        """The forms that are ticked."""
        return [
            each.key for at, each in enumerate(self.waiting) if self.list.item(at).checkState() == Qt.CheckState.Checked
        ]

    def _tell(self) -> None:
        by_form = self.what.currentData() is None
        self.chooser.setVisible(by_form and bool(self.waiting))
        chosen = len(self.chosen())
        self.counted.setText(self.settings.say("access.sign.counted", chosen=chosen, all=len(self.waiting)))
        if not self.waiting and not self.scopes:
            show_note(self.note, self.settings.say("access.sign.nothing"), "notice")

    def try_it(self) -> None:
        """Sign; close when it was done. What is refused is said and the passphrase is to be typed anew."""
        self.note.hide()
        self.go.setEnabled(False)
        self.go.repaint()
        meaning, phrase, user = self.meaning.currentData() or "", self.passphrase.text(), self.user.text()
        whole = self.what.currentData()
        try:
            if whole is None:
                changes = sign(self.casebook, self.chosen(), meaning, phrase, user=user)
            else:
                changes = sign_scope(self.casebook, whole[1], whole[0], meaning, phrase, user=user)
        except Told as error:
            self.passphrase.clear()
            show_note(self.note, error.in_language(self.settings.language))
            self.bring(self.note)
            return
        finally:
            self.go.setEnabled(True)
        self.accept()
        self._done(changes)
