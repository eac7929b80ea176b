"""Asks where to, then saves the quick card as PDF."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from forms.errors import Told
from ui.parts.pieces import show_note
from ui.settings import Settings


def ask_and_save_card(settings: Settings, parent: QWidget, note: QLabel) -> None:
    """Save the card in the language of the window, in the documents unless another place is chosen."""
    say = settings.say
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    path, _ = QFileDialog.getSaveFileName(
        parent, say("guide.card.save"), str(Path(folder) / say("guide.card.file")), "PDF (*.pdf)"
    )
    if path:
        save_card(settings, Path(path), note)


def save_card(settings: Settings, path: Path, note: QLabel) -> None:
    """Write the card; ``note`` says where it lies, or why it does not."""
    from db.folder.paths import write_whole
    from ui.guide.card import card

    try:
        write_whole(path, card(settings.language))
    except Told as error:
        show_note(note, error.in_language(settings.language))
        return
    show_note(note, settings.say("guide.card.saved", path=path), "notice")
