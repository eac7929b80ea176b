"""Language and light or dark, at hand on every page."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from ui.actions import hint
from ui.parts.pieces import tint, tool
from ui.parts.plain import plain_tip
from ui.settings import Settings
from ui.words import Words

NAMES = {"en": "EN", "zh": "中文"}
"""Each language by the name it gives itself."""

HINTED = 40
"""Milliseconds after which the tool tip is put on: nobody points that early, and the names of keys load slowly."""


class Switches(QWidget):
    """Two buttons for the language, one for the appearance."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._words = Words(settings, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self.languages: dict[str, QToolButton] = {}
        for language, name in NAMES.items():
            made = tool(partial(settings.put, "language", language), kind="segment")
            made.setText(name)
            made.setCheckable(True)
            self._group.addButton(made)
            self.languages[language] = made
            row.addWidget(made)
        row.addSpacing(8)
        self.appearance = tool(self.turn)
        row.addWidget(self.appearance)
        self._words.follow(self._tell)
        settings.changed.connect(self._on_changed)

    def turn(self) -> None:
        """From light to dark and back."""
        self._settings.put("appearance", "light" if self._settings.dark else "dark")

    def next_language(self) -> None:
        """The other language."""
        names = list(NAMES)
        at = names.index(self._settings.language)
        self._settings.put("language", names[(at + 1) % len(names)])

    def _tell(self) -> None:
        for language, made in self.languages.items():
            made.setChecked(language == self._settings.language)
            made.setAccessibleName(self._settings.say("ui.switch.language", name=NAMES[language]))
        words = self._settings.say("ui.switch.light" if self._settings.dark else "ui.switch.dark")
        self.appearance.setAccessibleName(words)
        QTimer.singleShot(HINTED, self, self._hint)
        tint(self.appearance, "sun" if self._settings.dark else "moon")

    def _hint(self) -> None:
        for made in self.languages.values():
            made.setToolTip(plain_tip(hint(made.accessibleName(), "language")))
        self.appearance.setToolTip(plain_tip(hint(self.appearance.accessibleName(), "appearance")))

    def _on_changed(self, key: str) -> None:
        if key == "appearance":
            self._tell()
