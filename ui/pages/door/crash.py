"""Something went wrong in the program itself: what is safe, where the log lies, what to do."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal

from ui.pages.door.door import DoorPage
from ui.parts.pieces import across, button, card, down, held, label
from ui.settings import Settings


class CrashPage(DoorPage):
    """Says it plainly; the program ends from here."""

    finish = Signal()

    def __init__(self, settings: Settings, log: Path) -> None:
        super().__init__(settings)
        title, text, where = label("heading"), label(wrap=True), label("small", str(log), wrap=True)
        self.words.put(title.setText, "ui.crash.title")
        self.words.put(text.setText, "ui.crash.text")
        end = button(self.finish.emit, kind="primary")
        self.words.put(end.setText, "ui.crash.finish")
        self.column.addWidget(card(down(title, text, where, 4, held(across(end, None))), 24))
