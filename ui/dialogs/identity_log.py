"""The identification log of all subjects: searched by hospital number, name or bed; typed, or pasted from a sheet."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLineEdit,
    QTableView,
    QWidget,
)

from db.casebook.casebook import Casebook
from db.people.identity import Identity, read_log, write_log
from db.people.identity_sheet import place_block, read_sheet
from forms.errors import Told
from ui.models.identity_log import IdentityLogModel
from ui.parts.bounded import Bounded
from ui.parts.pieces import across, button, clearable, down, label, show_note
from ui.settings import Settings
from ui.words import Words

WIDTHS = (130, 190, 190)
TABLE_LEAST = 150
"""Points of the table below which the dialog is scrolled."""
SHOWN = 5
"""Rows without a subject that are named."""


class IdentityLogDialog(Bounded):
    """Raises Refusal for whoever may not look. ``open_subject`` carries the id of the row that was asked for."""

    open_subject = Signal(str)

    def __init__(self, casebook: Casebook, settings: Settings, parent: QWidget) -> None:
        known = read_log(casebook)
        super().__init__(parent)
        self.casebook, self.settings = casebook, settings
        say = settings.say
        self.setWindowTitle(say("access.identity.title"))
        self.model = IdentityLogModel(known, settings, self)
        self.search = self._line("access.log.search")
        clearable(self.search, Words(settings, self.search))
        self.table = self._make_table()
        self.note = label("notice", wrap=True)
        self.note.hide()
        self.why = self._line("access.log.why")
        self.why.setText(say("access.log.usual_why"))
        self.paste_button, self.go = button(self.paste), button(self.keep, kind="primary")
        self.to_subject, self.leave = button(self._open), button(self.reject)
        for made, words in ((self.paste_button, "access.log.paste"), (self.go, "access.identity.go"),
                            (self.to_subject, "access.log.open"), (self.leave, "access.close")):  # fmt: skip
            made.setText(say(words))
            made.setAutoDefault(False)
        self._lay_out()
        QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self.table, self.paste,
                  context=Qt.ShortcutContext.WidgetShortcut)  # fmt: skip
        self.search.textChanged.connect(self._find)
        self.model.edited.connect(self._show_state)
        self._show_state()
        self.table.setFocus()

    def _lay_out(self) -> None:
        say = self.settings.say
        layout = down(spacing=12)
        layout.addWidget(label("title", say("access.identity.title")))
        layout.addWidget(label("quiet", say("access.log.text"), wrap=True))
        layout.addLayout(across(self.search, self.paste_button))
        layout.addWidget(self.table, 1)
        layout.addWidget(self.note)
        layout.addWidget(self.why)
        self.hold(layout, across(self.to_subject, None, self.leave, self.go), QSize(780, 560))

    def _line(self, words: str) -> QLineEdit:
        made = QLineEdit()
        made.setPlaceholderText(self.settings.say(words))
        made.setAccessibleName(self.settings.say(words))
        return made

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(self.settings.say("access.identity.title"))
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setMinimumHeight(TABLE_LEAST)
        table.verticalHeader().hide()
        head = table.horizontalHeader()
        for column, width in enumerate(WIDTHS):
            head.resizeSection(column, width)
        head.setSectionResizeMode(len(WIDTHS), QHeaderView.ResizeMode.Stretch)
        if self.model.rowCount():
            table.setCurrentIndex(self.model.index(0, 1))
        return table

    def paste(self) -> None:
        """Take what was copied from a spreadsheet; nothing is written yet."""
        self.take_text(QApplication.clipboard().text())

    def take_text(self, text: str) -> None:
        """Rows of a sheet into the rows of their subjects; whatever led to nobody is named."""
        known = {subject: self.model.identity(subject) for subject in self.model.known}
        pasted = read_sheet(text, known)
        told: Mapping[str, Identity] = pasted.told
        at = self.table.currentIndex()
        if pasted.loose and at.isValid():
            told = place_block(pasted.loose, self.model.subjects[at.row() :], max(0, at.column() - 1), known)
        changed = self.model.take(told)
        words = [self.settings.say("access.log.taken", count=len(told), changed=changed)]
        if pasted.left:
            rows = "; ".join(" ".join(cell for cell in row if cell) for row in pasted.left[:SHOWN])
            words.append(self.settings.say("access.log.left", count=len(pasted.left), rows=rows))
        show_note(self.note, "\n".join(words), "notice")

    def keep(self) -> None:
        """Write what was typed and pasted, all or none."""
        try:
            count = write_log(self.casebook, self.model.told, self.why.text() if self.model.changes_noted else "")
        except Told as error:
            show_note(self.note, error.in_language(self.settings.language))
            self.why.setFocus()
            return
        self.model.kept()
        show_note(self.note, self.settings.say("access.log.kept", count=count), "good")

    def reject(self) -> None:
        """What is not kept yet is not given up by a slip of the finger: asked once."""
        if self.model.told and self.note.property("asked") is not True:
            self.note.setProperty("asked", True)
            show_note(self.note, self.settings.say("access.log.not_kept", count=len(self.model.told)), "notice")
            return
        super().reject()

    def _open(self) -> None:
        at = self.table.currentIndex()
        if at.isValid():
            subject = self.model.subjects[at.row()]
            self.reject()
            if not self.isVisible():
                self.open_subject.emit(subject)

    def _find(self, words: str) -> None:
        self.model.show_search(words)
        if self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(0, 1))

    def _show_state(self) -> None:
        self.note.setProperty("asked", False)
        self.go.setEnabled(bool(self.model.told))
        self.why.setVisible(self.model.changes_noted)
