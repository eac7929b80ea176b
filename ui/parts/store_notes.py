"""What a person should know about the store itself: the age of the last copy, what was noticed at sign-in, the zone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from db.opening.surroundings import look_again
from forms.place import Place
from forms.texts import said
from ui.backups import age_words
from ui.parts.pieces import button, label, show_note
from ui.parts.places import form_words, item_words, visit_words
from ui.parts.plain import menu_words
from ui.settings import Settings
from ui.words import Words


class StoreNotes(QWidget):
    """Warnings one under another, the way back into a session that broke off, and a quiet line on the last copy."""

    open_place = Signal(object)

    def __init__(self, casebook: Casebook, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.settings = casebook, settings
        self.clock_acts = casebook.ledger.clock_acts
        self.warnings = label("trouble", wrap=True)
        self.age = label("quiet", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        self.onward = button(self._go_on, kind="link")
        for each in (self.warnings, self.onward, self.age):
            box.addWidget(each, 0)
        self._where = casebook.broken_off.place if casebook.broken_off is not None else None
        self.onward.setVisible(self._where is not None)
        self.onward.setEnabled(self._where is not None)
        self.words = Words(settings, self)
        self.words.follow(self.refresh)

    @property
    def leads_back(self) -> bool:
        """Whether there is a place to go back to, that one has not gone back to yet."""
        return self._where is not None

    def _go_on(self) -> None:
        """Back to the field of a session that broke off; once."""
        where, self._where = self._where, None
        self.onward.hide()
        if where is not None:
            self.open_place.emit(where)

    def refresh(self) -> None:
        """Say it anew; a clock that was set while somebody worked is told as well."""
        if self.clock_acts != self.casebook.ledger.clock_acts:
            self.clock_acts = self.casebook.ledger.clock_acts
            look_again(self.casebook)
        show_note(self.warnings, "\n\n".join(said(text, self.settings.language) for text in self.casebook.warnings))
        if self._where is not None:
            self.onward.setText(menu_words(self.settings.say("ui.today.go_on", where=self._where_words(self._where))))
        words, kind = age_words(self.casebook, self.settings)
        show_note(self.age, f"{words}  ·  {self.settings.say('access.checked')}", kind)

    def _where_words(self, place: Place) -> str:
        study, language = self.casebook.study, self.settings.language
        parts = (place.subject, visit_words(study, place, language), form_words(study, place, language))
        return " · ".join((*parts, item_words(study, place, language)))


def zone_words(casebook: Casebook) -> str:
    """The zone of the times shown, ``UTC+08:00``."""
    offset = casebook.clock().strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}" if offset else "UTC"
