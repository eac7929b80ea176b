"""The protocol of a rehearsed restore: on screen, and as PDF for the file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QFormLayout, QWidget

from db.casebook.casebook import Casebook
from db.copies.automatic import Rehearsal
from db.folder.paths import write_whole
from db.proof.clockwork import told_time
from forms.errors import Told
from forms.texts import said
from ui.parts.bounded import Bounded
from ui.parts.pieces import across, button, down, label, show_note
from ui.settings import Settings


class RehearsalDialog(Bounded):
    """What was opened, what was proved, how long it took."""

    def __init__(self, shown: Rehearsal, casebook: Casebook, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown, self.casebook, self.settings = shown, casebook, settings
        say = settings.say
        self.setWindowTitle(say("access.rehearsal.title"))
        layout = down(spacing=12)
        layout.addWidget(label("title", say("access.rehearsal.title")))
        verdict = label("good" if shown.good else "trouble", wrap=True)
        verdict.setText(say("access.rehearsal.good" if shown.good else "access.rehearsal.bad"))
        layout.addWidget(verdict)
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        for name, value in self.lines():
            form.addRow(label("quiet", name), label("", value, wrap=True))
        layout.addLayout(form)
        self.note = label("notice", wrap=True)
        self.note.hide()
        layout.addWidget(self.note)
        self.save, self.close_button = button(self.ask_and_save), button(self.accept, kind="primary")
        self.save.setText(say("access.rehearsal.save"))
        self.close_button.setText(say("access.close"))
        self.hold(layout, across(self.save, None, self.close_button), QSize(560, 0))

    def lines(self) -> list[tuple[str, str]]:
        """The protocol: names and values."""
        shown, say = self.shown, self.settings.say
        offset = self.casebook.ledger.tip.offset
        told = (
            ("copy", shown.copy),
            ("at", told_time(shown.at, offset)),
            ("who", self.casebook.account.name),
            ("entries", f"{shown.entries:,}"),
            ("position", str(shown.position)),
            ("tip", shown.tip[:16]),
            ("subjects", str(shown.subjects)),
            ("known", say("access.yes" if shown.in_store else "access.no")),
            (
                "faults",
                "\n".join(said(fault, self.settings.language) for fault in shown.faults)
                or say("access.rehearsal.none"),
            ),
            ("seconds", f"{shown.seconds:.1f}"),
        )
        return [(say(f"access.rehearsal.{name}"), value) for name, value in told]

    def ask_and_save(self) -> None:
        """Ask where to, then save the protocol as PDF."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = self.settings.say("access.rehearsal.file", copy=Path(self.shown.copy).stem)
        path, _ = QFileDialog.getSaveFileName(self, self.save.text(), str(Path(folder) / name), "PDF (*.pdf)")
        if path:
            self.save_to(path)

    def save_to(self, path: str) -> None:
        """Save the protocol."""
        from db import VERSION
        from reports.pdf.rehearsal import render

        book = self.casebook
        try:
            write_whole(Path(path), render(book.study, book.site, self.lines(), self.shown.good, VERSION,
                                           self.settings.language, book.set_clock))  # fmt: skip
        except Told as error:
            show_note(self.note, error.in_language(self.settings.language))
            return
        show_note(self.note, self.settings.say("access.sheet.saved", path=path), "notice")
