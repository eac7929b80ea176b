"""Another version of the study: what differs in words, a dry run on the real data, and the one act with its date."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from db.folder.paths import write_whole
from db.incoming.amend import Amendment, amend, plan_definition
from db.incoming.lawful import check_newer
from forms.amending.difference import change_words, difference
from forms.amending.effects import Effect
from forms.amending.listed import effect_more, listed, weighed
from forms.authoring.load import read_study
from forms.errors import Refusal, Told
from forms.progress import Tick
from forms.study.definition import Study
from ui.hub import Hub
from ui.jobs import Job, Jobs
from ui.models.plain import PlainModel
from ui.parts.chips import StateChips
from ui.parts.pieces import across, button, label, show_note
from ui.parts.places import form_words, item_words, visit_words
from ui.parts.tables import RowTable
from ui.settings import Settings

STATE = {"refused": "bad", "accept": "warn", "told": "quiet"}
WIDTHS = (220, 110, 170, 230, 0)
COLUMNS = ("kind", "subject", "visit", "where", "more")

CHANGES = 88
"""Points of the list of what differs: the lowest screen has to hold the act under it."""


def try_dry(reader: Casebook, study: Study, *, tick: Tick) -> Amendment:
    """A job: what a version would do to the data; nothing is written."""
    reader.check_right("study")
    reader.check_right("read")
    return plan_definition(reader, study, tick)


class AmendPart(QWidget):
    """A folder is chosen, compared, tried dry, put in force. ``open_place`` leads to the place of a line."""

    open_place = Signal(object)

    def __init__(self, casebook: Casebook, hub: Hub, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.hub, self.jobs, self.settings = casebook, hub, jobs, settings
        self.study: Study | None = None
        self.plan: Amendment | None = None
        self.job: Job | None = None
        self.text, self.counts = label("quiet", wrap=True), label("", wrap=True)
        self.choose, self.dry, self.stop = button(self.ask), button(self.read), button(self.cancel)
        self.save = button(self.ask_list)
        self.bar = QProgressBar()
        self.changes = QPlainTextEdit()
        self.changes.setReadOnly(True)
        self.changes.setTabChangesFocus(True)
        self.changes.setFixedHeight(CHANGES)
        self.model = PlainModel(self, chips=(0,))
        self.table = RowTable(self.model, WIDTHS)
        self.table.setItemDelegateForColumn(0, StateChips(self.table))
        self.table.setMinimumHeight(80)
        self.accept = QCheckBox()
        self.day, self.why = QLineEdit(), QLineEdit()
        self.day.setMaximumWidth(190)
        self.go = button(self.act, kind="primary")
        self.note = label("trouble", wrap=True)
        self.note.hide()
        self.table.opened.connect(self._open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.text)
        layout.addLayout(across(self.choose, self.dry, self.save, self.bar, self.stop, None))
        layout.addWidget(self.changes)
        layout.addWidget(self.counts)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.note)
        layout.addWidget(self.accept)
        layout.addLayout(across(self.day, self.why, self.go))
        layout.addStretch(0)

    def refresh(self) -> None:
        """Say it in the window's language, as it stands."""
        say, study = self.settings.say, self.study
        version = self.casebook.study.version
        self.text.setText(
            say("amend.window.text", version=version)
            if study is None
            else say("amend.window.chosen", old=version, new=study.version)
        )
        for widget, key in ((self.choose, "choose"), (self.dry, "dry"), (self.save, "save"), (self.go, "go"),
                            (self.accept, "accept")):  # fmt: skip
            widget.setText(say(f"amend.window.{key}"))
        self.stop.setText(say("ui.dialog.cancel"))
        self.bar.setAccessibleName(say("ui.jobs.progress"))
        for field, key in ((self.day, "day"), (self.why, "why")):
            field.setPlaceholderText(say(f"amend.window.{key}"))
            field.setAccessibleName(say(f"amend.window.{key}"))
        self.changes.setAccessibleName(say("amend.window.changes"))
        self.table.setAccessibleName(say("amend.window.effects"))
        self.changes.setPlainText(self._difference())
        lines = weighed(self.plan.effects) if self.plan is not None else ()
        self.model.show_keys([say(f"access.lock.column.{name}") for name in COLUMNS], lines, self._row)
        self.counts.setText(self._counted())
        self._show_what_goes()

    def _show_what_goes(self) -> None:
        plan, running = self.plan, self.job is not None
        self.dry.setVisible(self.study is not None)
        self.dry.setEnabled(not running)
        self.choose.setEnabled(not running)
        self.changes.setVisible(self.study is not None)
        self.table.setVisible(plan is not None and bool(plan.effects))
        self.save.setVisible(plan is not None and bool(plan.effects))
        self.bar.setVisible(running)
        self.stop.setVisible(running)
        lawful = plan is not None and not plan.barred
        for widget in (self.day, self.why, self.go):
            widget.setVisible(lawful)
        self.accept.setVisible(plan is not None and lawful and bool(plan.to_accept))

    def _difference(self) -> str:
        if self.study is None:
            return ""
        language = self.settings.language
        told = [change_words(each, language) for each in difference(self.casebook.study, self.study)]
        return "\n".join(told) or self.settings.say("amend.said.none")

    def _counted(self) -> str:
        say, plan = self.settings.say, self.plan
        if plan is None:
            return ""
        told = [say("access.lock.count", kind=say(f"amend.kind.{kind}"), count=n) for kind, n in plan.counts().items()]
        consents = say("casebook.list_comma").join(plan.to_consent) or "–"
        whole = say("commands.amend.told", subjects=plan.subjects, kept=plan.kept, consents=consents)
        lines = [whole, say("casebook.list_comma").join(told) or say("amend.window.nothing")]
        if plan.barred:
            lines.append(say("amend.window.barred", count=len(plan.barred)))
        return "\n".join(lines)

    def _row(self, line: tuple[str, Effect]) -> tuple[str, ...]:
        weight, effect = line
        study, language = self.casebook.study, self.settings.language
        where = [form_words(study, effect.place, language), item_words(study, effect.place, language)]
        return (
            f"{STATE[weight]}|{self.settings.say(f'amend.kind.{effect.kind}')}",
            effect.place.subject,
            visit_words(study, effect.place, language),
            " · ".join(each for each in where if each),
            effect_more(effect, language),
        )

    def ask(self) -> None:
        """Ask for the folder of the new version."""
        folder = QFileDialog.getExistingDirectory(self, self.settings.say("amend.window.choose"), str(Path.home()))
        if folder:
            self.look_at(folder)

    def look_at(self, folder: str) -> None:
        """Read the definition in a folder and show in what it differs."""
        self.note.hide()
        self.study = self.plan = None
        self.accept.setChecked(False)
        try:
            if not (Path(folder) / "study.yaml").exists():
                raise Refusal("commands.study.none", source=folder)
            study = read_study(Path(folder))
            check_newer(self.casebook, study)
            self.study = study
        except Told as error:
            self._failed(error)
        self.refresh()

    def read(self) -> None:
        """Try the version dry in the worker."""
        assert self.study is not None
        self.note.hide()
        self.plan = None
        self.accept.setChecked(False)
        title = self.settings.say("amend.window.title")
        failed, stopped = partial(self._ended, self._failed), partial(self._ended, None, None)
        self.job = self.jobs.run(
            try_dry, self.study, done=partial(self._ended, self._found), failed=failed, cancelled=stopped, title=title
        )
        self.job.progressed.connect(self._progress)
        self.bar.setRange(0, 0)
        self.refresh()

    def cancel(self) -> None:
        """Give the dry run up."""
        if self.job is not None:
            self.job.cancel()

    def _ended(self, then: Callable[[Any], None] | None, outcome: object) -> None:
        self.job = None
        if then is not None:
            then(outcome)
        self.refresh()

    def _progress(self, at: int, of: int, _: str) -> None:
        self.bar.setRange(0, of)
        self.bar.setValue(at)

    def _found(self, plan: Amendment) -> None:
        self.plan = plan

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Told):
            raise error
        show_note(self.note, error.in_language(self.settings.language))

    def ask_list(self) -> None:
        """Ask where to, then write every effect as CSV."""
        words = self.settings.say("amend.window.save")
        path, _ = QFileDialog.getSaveFileName(self, words, str(Path.home() / "amendment.csv"), "CSV (*.csv)")
        if path:
            self.list_to(path)

    def list_to(self, path: str) -> None:
        """Write every effect of the dry run into a file."""
        assert self.plan is not None
        try:
            write_whole(Path(path), listed(self.plan.effects, self.settings.language).encode("utf-8"))
        except Told as error:
            self._failed(error)
        else:
            show_note(self.note, self.settings.say("access.sheet.saved", path=path), "notice")

    def act(self) -> None:
        """Put the version in force, as it was tried: what was written since is to be tried as well."""
        plan = self.plan
        assert plan is not None
        self.note.hide()
        self.setCursor(Qt.CursorShape.WaitCursor)
        try:
            if plan.position != self.casebook.position():
                raise Refusal("amend.window.stale")
            day, accepted = self.day.text().strip(), self.accept.isChecked()
            changes = amend(self.casebook, plan.study, day, self.why.text(), accept=accepted)
        except Told as error:
            self._failed(error)
            return
        finally:
            self.unsetCursor()
        self.study = self.plan = None
        self.day.clear()
        self.why.clear()
        self.accept.setChecked(False)
        self.hub.changed.emit(changes)
        self.refresh()
        show_note(self.note, self.settings.say("commands.amend.done", version=plan.study.version, day=day), "notice")

    def _open(self, index: QModelIndex) -> None:
        _, effect = self.model.key(index.row())
        self.open_place.emit(effect.place)
