"""Printed reports: which, about whom, in which language, up to which day."""

from __future__ import annotations

import json
import re
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, QStandardPaths, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from db.casebook.casebook import Casebook
from forms.errors import Refusal, Told
from forms.progress import Tick
from forms.texts import LANGUAGES
from forms.values.dates import parse_date
from ui.hub import Hub
from ui.jobs import Job, Jobs
from ui.parts.pieces import across, button, card, down, label, show_note
from ui.parts.switches import NAMES
from ui.settings import Settings
from ui.words import Words

FORM_WIDTH = 560
SUBJECTS_OFFERED = 500
REPORT_HEIGHT = 40


def make_report(
    reader: Casebook, report_id: str, subject: str, language: str, as_of: str, cut_off: date | None, path: str,
    *, tick: Tick,
) -> str:  # fmt: skip
    """A job: read a dataset, draw the PDF, write it whole or not at all. Returns the ledger position it shows."""
    from db.folder.paths import write_whole
    from reports.registry import REPORTS

    report = REPORTS[report_id]
    tick(0, 3, subject)
    dataset = reader.dataset(as_of, cut_off, subject=subject if report.about == "subject" else "")
    tick(1, 3, subject)
    content = report.render(dataset, language, subject)
    tick(2, 3, subject)
    write_whole(Path(path), content)
    return str(dataset.position)


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What a report in the making was asked for. The page may show another choice by the time it is made."""

    report: str
    subject: str
    language: str
    as_of: str
    cut_off: date | None
    path: str

    def act(self, position: str) -> str:
        """What the audit trail keeps of it, as the command line writes it too."""
        made = {"report": self.report, "position": position, "language": self.language, "as_of": self.as_of}
        made["cut_off"] = self.cut_off.isoformat() if self.cut_off else ""
        return json.dumps({key: value for key, value in made.items() if value})


def file_words(text: str) -> str:
    """A text as part of a file's name: what would lead into another folder, or no file may be called, is left out."""
    return re.sub(r"[^\w.-]", "_", text).strip(".")[:60]


class ReportsPage(QWidget):
    """Reports on the left, what they need on the right; made in the worker."""

    trouble = Signal(object)

    def __init__(self, casebook: Casebook, hub: Hub, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.hub, self.jobs, self.settings = casebook, hub, jobs, settings
        self.words = Words(settings, self)
        self._job: Job | None = None
        self._asked: ReportRequest | None = None
        self.title = label("title")
        self.list = QListWidget()
        self.list.setFixedWidth(280)
        self.list.setProperty("kind", "menu")
        self.list.currentRowChanged.connect(lambda _: self._show_chosen())
        self.about = label("heading")
        self.about_text = label("quiet", wrap=True)
        self.subject = QComboBox()
        self.subject.setEditable(True)
        self.subject.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.language = QComboBox()
        for language in LANGUAGES:
            self.language.addItem({"en": "English"}.get(language, NAMES[language]), language)
        self.language.setCurrentIndex(LANGUAGES.index(settings.language))
        self.as_of, self.cut_off = QLineEdit(), QLineEdit()
        self.days = label("small", wrap=True)
        self.make = button(self.ask_and_make, kind="primary")
        self.cancel = button(self._cancel)
        self.cancel.hide()
        self.progress = QProgressBar()
        self.progress.hide()
        self.note = label("trouble", wrap=True)
        self.note.hide()
        self.open, self.folder = button(self._open), button(self._open_folder)
        self.open.hide()
        self.folder.hide()
        self._lay_out()
        self.words.follow(self._tell)
        self.list.setCurrentRow(0)

    def _lay_out(self) -> None:
        self.fields = QFormLayout()
        self.fields.setHorizontalSpacing(16)
        self.fields.setVerticalSpacing(10)
        self.fields.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.names: dict[str, QLabel] = {}
        asked: tuple[tuple[str, QWidget], ...] = (
            ("subject", self.subject), ("language", self.language), ("as_of", self.as_of), ("cut_off", self.cut_off),
        )  # fmt: skip
        for key, field in asked:
            name = label("quiet")
            name.setBuddy(field)
            self.names[key] = name
            field.setMinimumWidth(220)
            self.words.put(name.setText, f"ui.reports.{key}")
            self.words.put(field.setAccessibleName, f"ui.reports.{key}")
            self.fields.addRow(name, field)
        box = down(self.about, self.about_text, 8, spacing=6)
        box.addLayout(self.fields)
        self.words.put(self.days.setText, "ui.reports.days")
        box.addWidget(self.days)
        box.addSpacing(8)
        box.addWidget(self.note)
        box.addWidget(self.progress)
        box.addLayout(across(self.make, self.cancel, self.open, self.folder, None))
        frame = card(box, 24)
        frame.setFixedWidth(FORM_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(self.title)
        middle = across(self.list, None, spacing=20)
        middle.insertWidget(1, frame, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(middle, 1)

    def show_page(self) -> None:
        """The page comes to the front with the subjects there are."""
        chosen = self.subject.currentText()
        self.subject.clear()
        self.subject.addItems([line.id for line in self.casebook.subjects("", 0, SUBJECTS_OFFERED)])
        if chosen:
            self.subject.setEditText(chosen)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def chosen(self) -> str:
        """Id of the chosen report."""
        item = self.list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item else ""

    def ask_and_make(self) -> None:
        """Ask where to, then make it."""
        try:
            self._read_cut_off()
        except Refusal as error:
            show_note(self.note, error.in_language(self.settings.language))
            self.cut_off.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        name = self._file_name()
        start = self.settings.get("reports_folder") or QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DocumentsLocation
        )
        path, _ = QFileDialog.getSaveFileName(
            self, self.settings.say("ui.reports.save_as"), str(Path(start) / name), "PDF (*.pdf)"
        )
        if path:
            self.settings.put("reports_folder", str(Path(path).parent))
            self.make_to(path)

    def make_to(self, path: str) -> None:
        """Make the chosen report into a file, in the worker."""
        self._asked = self._ask_for(path)
        self.note.hide()
        self.open.hide()
        self.folder.hide()
        self.cancel.show()
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self.make.setEnabled(False)
        self.progress.setRange(0, 0)
        self.progress.show()
        self._job = self.jobs.run(
            make_report,
            *astuple(self._asked),
            done=self._done,
            failed=self._failed,
            cancelled=self._end,
            title=self.about.text(),
        )
        self._job.progressed.connect(self._on_progress)

    def _ask_for(self, path: str) -> ReportRequest:
        return ReportRequest(
            report=self.chosen,
            subject=self.subject.currentText().strip() if self._is_about_subject() else "",
            language=self.language.currentData(),
            as_of=self.as_of.text().strip(),
            cut_off=self._read_cut_off(),
            path=path,
        )

    def _read_cut_off(self) -> date | None:
        text = self.cut_off.text().strip()
        if not text:
            return None
        read = parse_date(text, self.casebook.clock.today())
        if read is None:
            raise Refusal("ui.reports.cut_off_unread", text=text)
        return read.first()

    def _file_name(self) -> str:
        subject = file_words(self.subject.currentText().strip())
        return f"{self.chosen}-{subject}.pdf" if self._is_about_subject() else f"{self.chosen}.pdf"

    def _is_about_subject(self) -> bool:
        from reports.registry import REPORTS

        return bool(self.chosen) and REPORTS[self.chosen].about == "subject"

    def _on_progress(self, at: int, of: int, _text: str) -> None:
        self.progress.setRange(0, of)
        self.progress.setValue(at)

    def _done(self, position: str) -> None:
        self._end()
        asked = self._asked
        assert asked is not None
        if not self.casebook.read_only:
            self._note(asked, position)
        show_note(self.note, self.settings.say("ui.reports.made", path=asked.path), "good")
        self.open.show()
        self.folder.show()
        self.open.setFocus(Qt.FocusReason.OtherFocusReason)

    def _note(self, asked: ReportRequest, position: str) -> None:
        try:
            self.hub.changed.emit(self.casebook.note_act("report", asked.act(position), subject=asked.subject))
        except Told as error:
            self.trouble.emit(error)

    def _failed(self, error: Exception) -> None:
        self._end()
        if not isinstance(error, Told):
            raise error
        show_note(self.note, error.in_language(self.settings.language))

    def _end(self) -> None:
        self._job = None
        self.progress.hide()
        self.cancel.hide()
        self.make.setEnabled(True)

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _open(self) -> None:
        if self._asked is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._asked.path))

    def _open_folder(self) -> None:
        if self._asked is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self._asked.path).parent)))

    def _show_chosen(self) -> None:
        item = self.list.currentItem()
        self.about.setText(item.text() if item else "")
        self.about_text.setText(self.settings.say(f"ui.reports.about.{self.chosen}") if item else "")
        about_subject = self._is_about_subject()
        self.fields.setRowVisible(self.subject, about_subject)
        self.note.hide()
        self.open.hide()
        self.folder.hide()

    def _tell(self) -> None:
        from reports.registry import REPORTS

        say = self.settings.say
        self.title.setText(say("ui.reports.title"))
        self.list.setAccessibleName(say("ui.reports.title"))
        for text, made in (("make", self.make), ("open", self.open), ("folder", self.folder)):
            made.setText(say(f"ui.reports.{text}"))
        self.cancel.setText(say("ui.jobs.cancel"))
        self.progress.setAccessibleName(say("ui.jobs.progress"))
        for field, hint in ((self.as_of, "as_of_hint"), (self.cut_off, "cut_off_hint")):
            field.setPlaceholderText(say(f"ui.reports.{hint}"))
        row = max(0, self.list.currentRow())
        self.list.clear()
        for report in REPORTS.values():
            if _is_there(report):
                item = QListWidgetItem(say(report.label_key))
                item.setData(Qt.ItemDataRole.UserRole, report.id)
                item.setSizeHint(QSize(0, REPORT_HEIGHT))
                self.list.addItem(item)
        self.list.setCurrentRow(row)


def _is_there(report: Any) -> bool:
    from importlib.util import find_spec

    return find_spec(report.module) is not None
