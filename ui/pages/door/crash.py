"""Something went wrong in the program itself: what is safe, what failed, where the log lies, what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication

from ui.pages.door.door import DoorPage
from ui.parts.pieces import across, button, card, down, held, label, show_note
from ui.settings import Settings


class CrashPage(DoorPage):
    """Says it plainly; the program ends from here. ``diagnostics`` makes the text that may be sent."""

    finish = Signal()
    save = Signal()

    def __init__(self, settings: Settings, log: Path, missing: str, diagnostics: Callable[[], str]) -> None:
        super().__init__(settings)
        self.diagnostics = diagnostics
        title, text, where = label("heading"), label(wrap=True), label("small", str(log), wrap=True)
        self.words.put(title.setText, "ui.crash.title")
        self.words.put(text.setText, "ui.crash.text")
        part = label("bad", wrap=True)
        self.words.put(part.setText, "program.crash.missing", part=missing)
        part.setVisible(bool(missing))
        self.note = label("good", wrap=True)
        self.note.hide()
        end = button(self.finish.emit, kind="primary")
        self.words.put(end.setText, "ui.crash.finish")
        copy, save = button(self.copy), button(self.save.emit)
        self.words.put(copy.setText, "program.diagnostics.copy")
        self.words.put(save.setText, "program.diagnostics.save")
        feet = held(across(end, None, copy, save))
        self.column.addWidget(card(down(title, text, part, where, self.note, 4, feet), 24))

    def copy(self) -> None:
        """Put the diagnostics on the clipboard."""
        QGuiApplication.clipboard().setText(self.diagnostics())
        show_note(self.note, self.settings.say("program.diagnostics.copied"), "good")
