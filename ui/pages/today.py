"""What wants doing today: serious events to report, visits due and overdue, open queries, forms left unfinished."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from db.casebook.outlooks import keep_notes
from db.casebook.waiting import read_waiting
from db.casebook.worklist import KINDS, Task, find_tasks
from forms.errors import Told
from forms.grading.grade import term_label
from forms.grading.terms import canonical
from forms.record.trail import question_words
from ui.hub import Hub
from ui.jobs import Job, Jobs
from ui.models.plain import PlainModel
from ui.parts.chips import StateChips
from ui.parts.empty import Empty
from ui.parts.flow import Flow
from ui.parts.pieces import ToolButton, across, button, down, label
from ui.parts.places import form_words, item_words, visit_words
from ui.parts.store_notes import StoreNotes, zone_words
from ui.parts.tables import RowTable
from ui.settings import Settings
from ui.words import Words

if TYPE_CHECKING:
    from ui.dialogs.sign import SignDialog

STATE = {
    "serious": "bad",
    "consent": "warn",
    "overdue": "bad",
    "due": "info",
    "query": "warn",
    "incomplete": "quiet",
    "broken": "bad",
    "unsigned": "info",
}
WIDTHS = (120, 110, 240, 0, 130, 150)
OFTEN_NONE = ("serious", "consent", "broken", "unsigned")
"""Kinds that show no number while there is nothing of them."""

KEEPING = 250
"""Milliseconds after which what was worked out for the list is written, the list being painted by then."""

REST = 400
"""Milliseconds of rest after a change before the list is made anew."""


class Tile(ToolButton):
    """A number and its name; pressed, it shows only its own lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "tile")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.number = label("number")
        self.name = label("quiet")
        for part in (self.number, self.name):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        box = down(self.number, self.name, spacing=0)
        box.setContentsMargins(14, 4, 14, 6)
        self.setLayout(box)

    def sizeHint(self) -> QSize:
        """Room for both."""
        return self.layout().sizeHint().expandedTo(QSize(150, 0))  # type: ignore[union-attr]

    def minimumSizeHint(self) -> QSize:
        """Room for both."""
        return self.sizeHint()

    def show_number(self, number: int, name: str) -> None:
        """How many."""
        self.number.setText(str(number))
        self.name.setText(name)
        self.setAccessibleName(f"{name}: {number}")


class TodayPage(QWidget):
    """The worklist; Enter goes to the form or field."""

    open_form = Signal(object)
    open_place = Signal(object)
    trouble = Signal(object)

    def __init__(self, casebook: Casebook, hub: Hub, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.jobs, self.settings, self._hub = casebook, jobs, settings, hub
        self.words = Words(settings, self)
        self.tasks: tuple[Task, ...] = ()
        self.shown = ""
        self._job: Job | None = None
        self._made: dict[str, str] = {}
        self._stale = True
        self.title, self.day = label("title"), label("quiet")
        self.notes = StoreNotes(casebook, settings)
        self.tiles = {kind: Tile() for kind in KINDS}
        self.model = PlainModel(self, chips=(0,))
        self.table = RowTable(self.model, WIDTHS)
        self.table.setItemDelegateForColumn(0, StateChips(self.table))
        self.empty = Empty("check")
        self.progress = QProgressBar()
        self.progress.setFixedHeight(8)
        self.progress.hide()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST)
        self._timer.timeout.connect(self.refresh)
        self.table.opened.connect(self._open)
        self.notes.open_place.connect(self.open_place)
        hub.changed.connect(self._on_changed)
        self.words.follow(self._tell)

    def _lay_out(self) -> None:
        row = Flow(across=12)
        for kind, tile in self.tiles.items():
            tile.clicked.connect(lambda _checked=False, at=kind: self.show_kind(at))
            row.addWidget(tile)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        self.sign = button(self.sign_many)
        self.words.put(self.sign.setText, "ui.today.sign")
        if not self.casebook.may("sign"):
            self.sign.hide()
        layout.addLayout(across(self.title, self.day, None, self.sign, spacing=12))
        layout.addWidget(self.notes)
        layout.addLayout(row)
        layout.addWidget(self.progress)
        layout.addWidget(self.stack, 1)

    def show_page(self) -> None:
        """The page comes to the front; a stale list is made anew."""
        self.notes.refresh()
        if self._stale:
            self.refresh()
            self._tell()
        (self.notes.onward if self.notes.leads_back else self.table).setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Make the list anew in the worker."""
        if self._job is not None:
            self._job.cancel()
        self._stale = False
        made = self._made = {}
        job = self.jobs.run(
            find_tasks,
            made,
            done=self._found,
            failed=self._failed,
            cancelled=partial(self._keep, made),
            title=self.settings.say("ui.page.today"),
        )
        self._job = job
        job.progressed.connect(self._on_progress)

    def show_kind(self, kind: str) -> None:
        """Only lines of a kind; the same again shows all."""
        self.shown = "" if self.shown == kind else kind
        for name, tile in self.tiles.items():
            tile.setChecked(name == self.shown)
        self._tell()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _found(self, tasks: tuple[Task, ...]) -> None:
        self._job = None
        QTimer.singleShot(KEEPING, self, partial(self._keep, self._made))
        self.progress.hide()
        self.tasks = tasks
        self._tell()
        self.table.select_first()

    def _failed(self, error: Exception) -> None:
        self._job = None
        self.progress.hide()
        if not isinstance(error, Told):
            raise error
        self.trouble.emit(error)

    def _keep(self, made: dict[str, str]) -> None:
        """Keep what was worked out for the next time; where that can't be, it is worked out again."""
        if self.casebook.is_open:
            with contextlib.suppress(Told):
                keep_notes(self.casebook, made)

    def _on_progress(self, at: int, of: int, _text: str) -> None:
        self.progress.setVisible(of > PLENTY)
        self.progress.setRange(0, of)
        self.progress.setValue(at)

    def _on_changed(self, _changes: Any) -> None:
        self._stale = True
        if self.isVisible():
            self._timer.start()

    def _open(self, index: QModelIndex) -> None:
        task = self.model.key(index.row())
        if isinstance(task, Task):
            if task.kind == "unsigned":
                self.sign_many(task.subject)
            elif task.place is not None:
                self.open_place.emit(task.place)
            else:
                self.open_form.emit(task.key)

    def sign_many(self, subject: str = "") -> SignDialog | None:
        """What waits for a signature, of one subject or of all, to be ticked and signed at once."""
        if not self.casebook.may("sign"):
            return None
        from ui.dialogs.sign import SignDialog

        waiting = read_waiting(self.casebook, subject)
        dialog = SignDialog(self.casebook, waiting, self.settings, self, self._hub.changed.emit)
        dialog.open()
        return dialog

    def _tell(self) -> None:
        say = self.settings.say
        self.title.setText(say("ui.today.title"))
        self.day.setText(f"{self.casebook.clock.today().isoformat()} · {zone_words(self.casebook)}")
        for kind, tile in self.tiles.items():
            number = sum(1 for task in self.tasks if task.kind == kind)
            tile.show_number(number, say(f"ui.today.{kind}"))
            tile.setVisible(kind not in OFTEN_NONE or number > 0 or self.shown == kind)
        shown = [task for task in self.tasks if self.shown in ("", task.kind)]
        heads = [say(f"ui.today.column.{name}") for name in ("kind", "subject", "visit", "what", "until", "days")]
        self.model.show_keys(heads, shown, self._row)
        self.table.setAccessibleName(say("ui.today.title"))
        self.progress.setAccessibleName(say("ui.jobs.progress"))
        self.empty.show_title(say("ui.today.nothing"))
        self.empty.text.setText(say("ui.today.nothing_text"))
        self.stack.setCurrentWidget(self.table if shown or self._job is not None else self.empty)

    def _row(self, task: Task) -> tuple[str, ...]:
        study, language, say = self.casebook.study, self.settings.language, self.settings.say
        kind = f"{STATE[task.kind]}|{say(f'ui.today.kind.{task.kind}')}"
        if task.event is not None:
            what = say(
                "ui.today.report", event=term_label(study.ctcae, canonical(study.ctcae, task.event.term), language)
            )
        elif task.query is not None:
            asked = question_words(task.query, language)
            if task.query.status == "answered":
                kind = f"info|{say('ui.query_status.answered')}"
            what = f"{form_words(study, task.key, language)} · {item_words(study, task.query.place, language)}: {asked}"
        elif task.kind == "broken":
            what = say("ui.today.broke", first=form_words(study, task.key, language))
        elif task.version:
            what = say("ui.today.consent_to", version=task.version)
        else:
            number = "one" if task.open_forms == 1 else "many"
            first = form_words(study, task.key, language)
            of = "sign" if task.kind == "unsigned" else "forms_open"
            what = say(f"ui.today.{of}.{number}", count=task.open_forms, first=first)
        until = task.until.isoformat() if task.until else ""
        visit = visit_words(study, task.key, language)
        return kind, task.subject, visit, what, until, self._days(task, self.casebook.clock.today())

    def _days(self, task: Task, today: date) -> str:
        if task.kind == "serious":
            return self._hours(task)
        if task.until is None:
            return ""
        days = (task.until - today).days
        if task.kind == "due":
            return (
                self.settings.say("ui.today.days_left", days=days) if days else self.settings.say("ui.today.last_day")
            )
        if days == 0:
            return self.settings.say("ui.today.today")
        return self.settings.say("ui.today.days_late" if task.kind == "overdue" else "ui.today.days_ago", days=-days)

    def _hours(self, task: Task) -> str:
        """The clock of a serious event, in whole hours, those begun not counted."""
        if task.deadline is None:
            return self.settings.say("ui.today.no_clock")
        left = task.deadline - self.casebook.clock()
        hours = abs(left) // timedelta(hours=1)
        return self.settings.say("ui.today.hours_left" if left > timedelta() else "ui.today.hours_late", hours=hours)


PLENTY = 50
"""Subjects from which making the list takes long enough to show how far it is."""
