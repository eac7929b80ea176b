"""What a new version brings, shown once, at its first start, in the window's language."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from ui.parts.bounded import Bounded
from ui.parts.pieces import across, button, down, label
from ui.release.notes import notes_of
from ui.settings import Settings
from ui.words import Words


class NotesDialog(Bounded):
    """Read and close; nothing is asked."""

    def __init__(self, version: str, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        words = Words(settings, self)
        title, text = label("title"), label(wrap=True)
        words.put(self.setWindowTitle, "program.update.notes", version=version)
        words.put(title.setText, "program.update.notes", version=version)
        words.follow(lambda: text.setText(notes_of(version, settings.language)))
        close = button(self.accept, kind="primary")
        close.setDefault(True)
        words.put(close.setText, "ui.dialog.close")
        self.hold(down(title, text, spacing=12), across(None, close), QSize(520, 0))


def show_news(version: str, settings: Settings, window: QWidget, used_before: bool) -> NotesDialog | None:
    """Show the notes of a version unless they were read here, or no store was opened here before this start."""
    read = settings.get("notes_read")
    settings.put("notes_read", version)
    if read == version or not (read or used_before):
        return None
    dialog = NotesDialog(version, settings, window)
    dialog.open()
    return dialog
