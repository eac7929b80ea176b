"""The recovery code, shown once: save the sheet, print it, seal it, and say that it was done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QStandardPaths, Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from forms.errors import Told
from ui.parts.bounded import Bounded
from ui.parts.pieces import across, button, down, label, show_note
from ui.settings import Settings

if TYPE_CHECKING:
    from db.casebook.casebook import Casebook


class SheetPart(QWidget):
    """Code, a button that saves the sheet as PDF, and the tick that it was kept."""

    def __init__(self, casebook: Casebook, code: str, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.settings = casebook, settings
        say = settings.say
        self.code = label("code", code)
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code.setAccessibleName(say("ui.start.recovery"))
        self.save = button(self.ask_and_save)
        self.save.setText(say("access.sheet.save"))
        self.note = label("notice", wrap=True)
        self.note.hide()
        self.kept = QCheckBox(say("ui.start.kept"))
        self.fingerprint = casebook.fingerprint()
        told = label("quiet", say("access.sheet.told", fingerprint=self.fingerprint), wrap=True)
        told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box = down(self.code, told, spacing=10)
        box.addLayout(across(None, self.save, None))
        box.addWidget(self.note)
        box.addWidget(self.kept)
        self.setLayout(box)

    def ask_and_save(self) -> None:
        """Ask where to, then save the sheet."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = self.settings.say("access.sheet.file", store=Path(self.casebook.path).stem)
        path, _ = QFileDialog.getSaveFileName(
            self, self.settings.say("access.sheet.save"), str(Path(folder) / name), "PDF (*.pdf)"
        )
        if path:
            self.save_to(path)

    def save_to(self, path: str) -> None:
        """Save the sheet as PDF."""
        from db import VERSION
        from db.folder.paths import write_whole
        from db.proof.clockwork import told_time
        from reports.pdf.recovery import render

        book = self.casebook
        moment = book.clock()
        offset = moment.utcoffset()
        minutes = round(offset.total_seconds() / 60) if offset else 0
        made = told_time(moment.isoformat(), minutes)
        sheet = render(
            book.study,
            book.site,
            Path(book.path).name,
            made,
            self.code.text(),
            self.fingerprint,
            VERSION,
            self.settings.language,
            book.set_clock,
        )
        try:
            write_whole(Path(path), sheet)
        except Told as error:
            show_note(self.note, error.in_language(self.settings.language))
            return
        show_note(self.note, self.settings.say("access.sheet.saved", path=path), "notice")


class RecoverySheetDialog(Bounded):
    """A new sheet: the one before no longer opens the store."""

    must_finish = True
    """The code is shown once, so nobody else can take the window over before it was kept."""

    def __init__(self, casebook: Casebook, code: str, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        say = settings.say
        self.setWindowTitle(say("ui.start.recovery"))
        self.part = SheetPart(casebook, code, settings)
        self.go = button(self.accept, kind="primary")
        self.go.setText(say("access.sheet.done"))
        self.go.setEnabled(False)
        self.part.kept.toggled.connect(self.go.setEnabled)
        layout = down(spacing=12)
        layout.addWidget(label("title", say("ui.start.recovery")))
        layout.addWidget(label("quiet", say("access.sheet.new"), wrap=True))
        layout.addWidget(self.part)
        self.hold(layout, across(None, self.go), QSize(580, 0))

    def reject(self) -> None:
        """There is no second chance to see the code: only on."""
        if self.part.kept.isChecked():
            self.accept()
