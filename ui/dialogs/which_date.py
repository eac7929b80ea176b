"""Which year is meant by a date typed without one? Asked only where it can be mistaken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from forms.texts import say
from ui.parts.pieces import label


class WhichDateDialog(QDialog):
    """One button for each day it can be, with its distance from the day it was looked for. ``chosen`` is the answer."""

    def __init__(self, what: str, text: str, ways: Sequence[date], near: date, language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.chosen: date | None = None
        self.setWindowTitle(say(language, "ui_form.which_date.title"))
        self.setMinimumWidth(420)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        words: tuple[QLabel, ...] = (
            label("heading", what, wrap=True), label("", say(language, "ui_form.which_date.text", text=text), wrap=True)
        )  # fmt: skip
        for each in words:
            layout.addWidget(each)
        self.buttons: list[QPushButton] = []
        for way in ways:
            apart = (way - near).days
            key = {1: "next", -1: "before"}.get(apart, "later" if apart > 0 else "earlier")
            told = say(language, f"ui_form.which_date.{key}", date=way, days=abs(apart), near=near)
            self._offer(told, way, layout)
        self._offer(say(language, "ui_form.which_date.back"), None, layout)

    def _offer(self, words: str, way: date | None, layout: QVBoxLayout) -> None:
        made = QPushButton(words, self)
        made.setAutoDefault(True)
        made.clicked.connect(lambda _=False: self._take(way))
        self.buttons.append(made)
        layout.addWidget(made)

    def _take(self, way: date | None) -> None:
        self.chosen = way
        self.done(1 if way is not None else 0)
