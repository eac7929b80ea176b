"""The database lock: what is still lacking as a list that leads to each place, and the one act with its reason."""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from db.casebook.prelock import KINDS, Checklist, Lacking, lock_database, read_checklist, unlock_database
from forms.errors import Told
from forms.record.dataset import Entry
from forms.record.signatures import zone_name
from forms.record.trail import local_moment, question_words
from ui.hub import Hub
from ui.jobs import Jobs
from ui.models.plain import PlainModel
from ui.parts.chips import StateChips
from ui.parts.pieces import across, button, label, show_note
from ui.parts.places import form_words, item_words, visit_words
from ui.parts.tables import RowTable
from ui.settings import Settings

STATE = {"query": "warn", "incomplete": "info", "missing": "bad", "unsigned": "quiet", "broken": "bad",
         "unverified": "quiet", "serious": "bad"}  # fmt: skip
WIDTHS = (190, 110, 170, 230, 0)
COLUMNS = ("kind", "subject", "visit", "where", "more")


class LockPart(QWidget):
    """Locked or not, by whom and why; the list and a line for the reason. ``open_place`` leads to a line's place."""

    open_place = Signal(object)

    def __init__(self, casebook: Casebook, hub: Hub, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.hub, self.jobs, self.settings = casebook, hub, jobs, settings
        self.checklist: Checklist | None = None
        self.text, self.counts = label("quiet", wrap=True), label("", wrap=True)
        self.look = button(self.read)
        self.model = PlainModel(self, chips=(0,))
        self.table = RowTable(self.model, WIDTHS)
        self.table.setItemDelegateForColumn(0, StateChips(self.table))
        self.why = QLineEdit()
        self.go = button(self.act, kind="primary")
        self.note = label("trouble", wrap=True)
        self.note.hide()
        self.table.opened.connect(self._open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.text)
        layout.addLayout(across(self.look, None))
        layout.addWidget(self.counts)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.note)
        layout.addLayout(across(self.why, self.go))

    def refresh(self) -> None:
        """Say it in the window's language, as it stands."""
        say, locked = self.settings.say, self.casebook.database_lock
        self.text.setText(self._locked_words(locked) if locked is not None else say("access.lock.text"))
        self.look.setText(say("access.lock.look"))
        self.look.setVisible(locked is None)
        why = say("access.lock.why" if locked is None else "access.lock.why_unlock")
        self.why.setPlaceholderText(why)
        self.why.setAccessibleName(why)
        self.go.setText(say("access.lock.go" if locked is None else "access.lock.unlock"))
        self.go.setVisible(self.casebook.may("lock" if locked is None else "unlock"))
        self.go.setEnabled(locked is not None or self.checklist is not None)
        self.why.setVisible(self.go.isVisibleTo(self))
        lines = self.checklist.lines if self.checklist is not None and locked is None else ()
        self.model.show_keys([say(f"access.lock.column.{name}") for name in COLUMNS], lines, self._row)
        self.table.setAccessibleName(say("access.tab.lock"))
        self.counts.setText(self._counted())

    def _locked_words(self, act: Entry) -> str:
        when = f"{local_moment(act):%Y-%m-%d %H:%M:%S} {zone_name(act.offset)}"
        who = self.casebook.names().get(act.who, act.who)
        return self.settings.say("access.lock.locked", who=who, when=when, why=act.why)

    def _counted(self) -> str:
        locked = self.casebook.database_lock
        if locked is not None:
            return self.settings.say("access.lock.was", counts=self._count_words(json.loads(locked.value.value)))
        if self.checklist is None:
            return ""
        if not self.checklist.lines:
            return self.settings.say("access.lock.clean")
        return self.settings.say("access.lock.counts", counts=self._count_words(self.checklist.counts))

    def _count_words(self, counts: Mapping[str, int]) -> str:
        say = self.settings.say
        told = [
            say("access.lock.count", kind=say(f"db.lacking.{kind}"), count=counts[kind])
            for kind in KINDS
            if kind in counts
        ]
        return say("casebook.list_comma").join(told) or "–"

    def _row(self, line: Lacking) -> tuple[str, ...]:
        study, language, say = self.casebook.study, self.settings.language, self.settings.say
        where = [form_words(study, line.place, language), item_words(study, line.place, language)]
        more = say(line.why) if line.why else question_words(line.query, language) if line.query is not None else ""
        return (
            f"{STATE[line.kind]}|{say(f'db.lacking.{line.kind}')}",
            line.place.subject,
            visit_words(study, line.place, language),
            " · ".join(each for each in where if each),
            more,
        )

    def read(self) -> None:
        """Make the list in the worker."""
        self.note.hide()
        title = self.settings.say("access.lock.title")
        self.jobs.run(read_checklist, done=self._found, failed=self._failed, title=title)

    def _found(self, checklist: Checklist) -> None:
        self.checklist = checklist
        self.refresh()
        self.table.select_first()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Told):
            raise error
        show_note(self.note, error.in_language(self.settings.language))

    def act(self) -> None:
        """Lock, or unlock, with the reason that stands in the line."""
        self.note.hide()
        try:
            if self.casebook.database_lock is not None:
                changes = unlock_database(self.casebook, self.why.text())
                told = self.settings.say("access.lock.unlocked")
            else:
                assert self.checklist is not None
                changes, told = lock_database(self.casebook, self.checklist, self.why.text()), ""
        except Told as error:
            self._failed(error)
            if not self.why.text().strip():
                self.why.setFocus()
            return
        self.checklist = None
        self.why.clear()
        self.hub.changed.emit(changes)
        self.refresh()
        show_note(self.note, told, "notice")

    def _open(self, index: QModelIndex) -> None:
        line = self.model.key(index.row())
        if isinstance(line, Lacking):
            self.open_place.emit(line.place)
