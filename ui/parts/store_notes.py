"""What a person should know about the store itself: the age of the last copy, what was noticed at sign-in, the zone."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from db.opening.surroundings import look_again
from forms.texts import said
from ui.backups import age_words
from ui.parts.pieces import label, show_note
from ui.settings import Settings
from ui.words import Words


class StoreNotes(QWidget):
    """Warnings one under another, and a quiet line on the last copy."""

    def __init__(self, casebook: Casebook, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.settings = casebook, settings
        self.clock_acts = casebook.ledger.clock_acts
        self.warnings = label("trouble", wrap=True)
        self.age = label("quiet", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.warnings)
        box.addWidget(self.age)
        self.words = Words(settings, self)
        self.words.follow(self.refresh)

    def refresh(self) -> None:
        """Say it anew; a clock that was set while somebody worked is told as well."""
        if self.clock_acts != self.casebook.ledger.clock_acts:
            self.clock_acts = self.casebook.ledger.clock_acts
            look_again(self.casebook)
        show_note(self.warnings, "\n\n".join(said(text, self.settings.language) for text in self.casebook.warnings))
        words, kind = age_words(self.casebook, self.settings)
        show_note(self.age, f"{words}  ·  {self.settings.say('access.checked')}", kind)


def zone_words(casebook: Casebook) -> str:
    """The zone of the times shown, ``UTC+08:00``."""
    offset = casebook.clock().strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}" if offset else "UTC"
