"""Below the band: running records, the schedule grid, what its marks mean."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from forms.course.schedule import VisitForm, schedule
from forms.place import FormKey
from forms.subject.subject import Subject
from forms.texts import said
from ui.actions import hint, make_action
from ui.models.schedule import ScheduleModel, flag_words, mark_of
from ui.pages.schedule.grid import ScheduleGrid
from ui.parts.flow import Flow
from ui.parts.marks import Legend, Mark
from ui.parts.pieces import ToolButton, across, button, down, held, label, scrolled
from ui.parts.plain import plain_tip
from ui.settings import Settings
from ui.words import Words

GROUND = 40
"""Points kept above and below the cell with the cursor."""
GRID_LEAST = 240
"""Pixels below which the grid is not squeezed: the page is scrolled instead."""


class RecordButton(ToolButton):
    """One running record: its mark and its name."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "record")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.mark = Mark("empty")
        self.words = label()
        self.setFixedHeight(28)
        row = across(self.mark, self.words, spacing=2)
        row.setContentsMargins(4, 0, 8, 0)
        self.setLayout(row)
        for part in (self.mark, self.words):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_form(self, name: str, state: str, words: str) -> None:
        """Name and state of the record."""
        self.mark.show_state(state)
        self.words.setText(name)
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(words))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As wide as its name."""
        return self.layout().sizeHint().expandedTo(QSize(96, 28))  # type: ignore[union-attr]


class ScheduleView(QWidget):
    """Schedule of one subject."""

    open_form = Signal(object)

    def __init__(self, casebook: Casebook, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.settings = casebook, settings
        self.words = Words(settings, self)
        self.subject: Subject | None = None
        self.model = ScheduleModel(casebook.study, settings, self)
        self.grid = ScheduleGrid(self.model)
        self.title = label("heading")
        self.told = label("quiet")
        self.add = button(self.add_visit, icon_name="plus")
        self.add_action = make_action("add_visit", self, self.add_visit, settings)
        self.records = Flow(across=4, down=4)
        self._buttons: list[RecordButton] = []
        self._forms: list[VisitForm] = []
        layout = down(spacing=10)
        layout.setContentsMargins(24, 12, 24, 10)
        layout.addLayout(self.records)
        layout.addLayout(across(self.title, self.told, None, self.add, spacing=14))
        layout.addWidget(self.grid, 1)
        layout.addWidget(Legend(settings))
        self.grid.setMinimumHeight(GRID_LEAST)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.area = scrolled(held(layout))
        whole.addWidget(self.area)
        self.grid.opened.connect(self.open_form)
        self.grid.selectionModel().currentChanged.connect(lambda *_: self._on_moved())
        self.model.modelReset.connect(self._tell_cell)
        self.model.dataChanged.connect(lambda *_: self._tell_cell())
        self.offer()
        self.words.follow(self._tell)

    def offer(self) -> None:
        """Offer another visit to whoever may enter one now: not while the database is locked."""
        may = self.casebook.may("enter")
        self.add.setVisible(may)
        self.add_action.setEnabled(may)

    def show_subject(self, subject: Subject) -> None:
        """Show the schedule of a subject; another one begins with its future folded and the cursor at today's work."""
        other = self.subject is None or self.subject.id != subject.id
        self.subject = subject
        self.offer()
        visits = schedule(subject)
        queried = frozenset(query.place.form_key for query in self.casebook.queries(subject.id) if query.is_open)
        if other:
            self.model.folded = set()
            self.model.lines = []
        self.model.show_visits(visits, queried)
        if other:
            self.model.fold_future()
            self.grid.go_to_work()
        self._forms = [
            form
            for visit in visits
            if self.casebook.study.event_by_id[visit.event].kind == "log"
            for form in visit.forms
            if form.applicable
        ]
        self._show_records()

    def focus_grid(self) -> None:
        """The arrows move in the grid."""
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self.grid.scrollTo(self.grid.currentIndex())
        QTimer.singleShot(0, self, self._bring_cell)

    def add_visit(self) -> None:
        """Begin an unscheduled visit: its first form opens. Where the study knows several kinds, ask which."""
        events = [event for event in self.casebook.study.events if event.kind == "added" and event.forms]
        if len(events) == 1:
            self._begin(events[0].id)
        elif events:
            menu = QMenu(self)
            for event in events:
                action = menu.addAction(said(event.label, self.settings.language))
                action.triggered.connect(lambda _checked=False, chosen=event.id: self._begin(chosen))
            menu.setActiveAction(menu.actions()[0])
            menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))

    def _begin(self, event: str) -> None:
        if self.subject is not None:
            number = self.casebook.new_event_no(self.subject.id, event)
            form = self.casebook.study.event_by_id[event].forms[0].form
            self.open_form.emit(FormKey(self.subject.id, event, number, form))

    def _show_records(self) -> None:
        for number in range(len(self._buttons), len(self._forms)):
            made = RecordButton()
            made.clicked.connect(lambda _checked=False, at=number: self._open_record(at))
            self.records.addWidget(made)
            self._buttons.append(made)
        for at, made in enumerate(self._buttons):
            made.setVisible(at < len(self._forms))
            if at < len(self._forms):
                form = self._forms[at]
                name = self._record_name(form)
                mark = mark_of(form, "added")
                state = "query" if form.key in self.model.queried else mark
                flags = flag_words(form, self.settings)
                made.show_form(
                    " · ".join([name, *flags[-1:]]),
                    state,
                    ", ".join([name, self.settings.say(f"ui.mark.{mark}"), *flags]),
                )

    def _record_name(self, form: VisitForm) -> str:
        """The form's name; with its number where there are several."""
        name = said(self.casebook.study.form_by_id[form.key.form].label, self.settings.language)
        mine = [each.key for each in self._forms if each.key.form == form.key.form]
        return f"{mine.index(form.key) + 1} · {name}" if len(mine) > 1 else name

    def _open_record(self, at: int) -> None:
        self.open_form.emit(self._forms[at].key)

    def _on_moved(self) -> None:
        self._tell_cell()
        QTimer.singleShot(0, self, self._bring_cell)

    def _bring_cell(self) -> None:
        """Where the page itself is scrolled, the cell with the cursor is brought before the eyes."""
        page, at = self.area.widget(), self.grid.currentIndex()
        if page is not None and at.isValid():
            there = self.grid.viewport().mapTo(page, self.grid.visualRect(at).center())
            self.area.ensureVisible(there.x(), there.y(), 0, GROUND)

    def _tell_cell(self) -> None:
        """The cell with the cursor in words: marks are small, and names at the heads stand upright."""
        at = self.grid.currentIndex()
        self.told.setText(self.model.words(at) if at.isValid() and at.row() < len(self.model.lines) else "")

    def _tell(self) -> None:
        say = self.settings.say
        self.title.setText(say("ui.schedule.title"))
        self.grid.setAccessibleName(say("ui.schedule.title"))
        self.add.setText(say("ui.schedule.add_visit"))
        self.add.setToolTip(plain_tip(hint(say("ui.schedule.add_visit"), "add_visit")))
        self.grid.lay_out()
        self.grid.viewport().update()
        self._tell_cell()
        self._show_records()
