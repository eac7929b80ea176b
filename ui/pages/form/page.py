"""One form: head, sections, body. The page holds a `Sheet`, paints it, and gives what was typed to the casebook.

There is no Save: leaving a field saves it, and "Saved 12:03:22" is said only after the store has it on disk. Complete
is the one deliberate act.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from db.casebook.casebook import Casebook
from forms.errors import Refusal, Told
from forms.place import FormKey
from forms.sheet.sheet import Sheet
from forms.texts import said, say
from ui.actions import hint, make_action
from ui.editors.canvas import FormCanvas
from ui.editors.canvas_lines import FieldLine, GroupLine, RowLine
from ui.hub import Hub
from ui.jobs import Jobs
from ui.pages.form.acts import FormActs
from ui.pages.form.filling import Filling
from ui.pages.form.head import Blockers, FormHead
from ui.pages.form.saving import FieldSaver, StudyTerms
from ui.pages.form.standing import StandingBar
from ui.parts.pieces import across
from ui.parts.plain import plain_tip
from ui.parts.thread import standing_words
from ui.settings import Settings

SECTIONS_FROM = 3
"""A form with fewer sections shows no list of them."""
SECTIONS_ROOM = 800
"""Pixels of a page below which it shows no list of sections."""
SECTIONS_WIDTH, SECTION_MARGIN = 196, 42
"""Pixels of the list of sections, and what of it the words can't have."""


class FormPage(QWidget):
    """A form of one subject. ``went_back`` asks for the subject's page, ``trouble`` hands over what the world did."""

    went_back = Signal(str)
    open_form = Signal(object)
    trouble = Signal(object)

    def __init__(
        self, casebook: Casebook, hub: Hub, jobs: Jobs, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.casebook, self.hub, self.jobs, self.settings = casebook, hub, jobs, settings
        self.filling = Filling(casebook, hub)
        self.canvas = FormCanvas()
        self.saver = FieldSaver(self.filling, self.canvas, settings, self)
        self.acts = FormActs(self.filling, self.canvas, self.saver, settings, self)
        self.head = FormHead(self)
        self.blockers = Blockers(self)
        self.standing = StandingBar(self.filling, settings, self)
        self.sections = QListWidget(self)
        self.area = QScrollArea(self)
        self._lay_out()
        self._connect()
        hub.changed.connect(self._on_changed)
        settings.changed.connect(self._on_setting)

    @property
    def language(self) -> str:
        """Language of the window."""
        return self.settings.language

    @property
    def key(self) -> FormKey | None:
        """The form in hand."""
        return self.filling.key

    @property
    def sheet(self) -> Sheet | None:
        """The form as it is painted, with what is being typed."""
        return self.filling.sheet

    @property
    def here(self) -> tuple[str, str] | None:
        """Item and row of the field with the cursor."""
        return self.filling.here

    def _lay_out(self) -> None:
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.canvas)
        self.sections.setFixedWidth(SECTIONS_WIDTH)
        self.sections.setProperty("kind", "sections")
        self.sections.setWordWrap(True)
        self.sections.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.sections.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = across(self.sections, spacing=0)
        body.addWidget(self.area, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.standing)
        layout.addWidget(self.blockers)
        layout.addLayout(body, 1)

    def _connect(self) -> None:
        canvas = self.canvas
        canvas.typed.connect(self._on_typed)
        canvas.left.connect(self.saver.leave)
        canvas.entered.connect(self._on_entered)
        canvas.onward.connect(self._on_onward)
        canvas.drafted.connect(self.saver.keep_draft)
        canvas.noticed.connect(self.blockers.show_words)
        canvas.unit_chosen.connect(self._on_unit)
        canvas.chip_clicked.connect(self.acts.show_working)
        canvas.row_wanted.connect(self.acts.add_row)
        canvas.built.connect(self._fill_sections)
        canvas.row_toggled.connect(self.acts.toggle_row)
        canvas.row_unwanted.connect(self.acts.remove_row)
        self._listen()
        self.sections.itemClicked.connect(lambda _: self._go_to_section(self.sections.currentRow()))
        self.blockers.wanted.connect(self.go_to)
        self.head.back.clicked.connect(self._go_back)
        self.head.complete.clicked.connect(self.acts.complete)
        self.head.another.clicked.connect(self.acts.begin_another)
        self.head.previous.clicked.connect(lambda: self._step(-1))
        self.head.next.clicked.connect(lambda: self._step(1))
        acts = self.acts
        for name, verb in (
            ("unit", acts.choose_unit),
            ("missing", acts.choose_missing),
            ("history", acts.show_history),
            ("why_grade", acts.show_working),
            ("ask_query", acts.ask_query),
            ("add_row", acts.add_row),
            ("remove_row", acts.remove_row),
            ("next_section", lambda: self._step_section(1)),
            ("previous_section", lambda: self._step_section(-1)),
            ("next_form", lambda: self._step(1)),
            ("previous_form", lambda: self._step(-1)),
            ("complete", acts.complete),
        ):
            make_action(name, self, verb, self.settings)

    def _listen(self) -> None:
        """What the saver and the acts have to say."""
        saver, acts = self.saver, self.acts
        saver.refused.connect(self.say_refused)
        saver.saved.connect(self.say_saved)
        saver.put_back.connect(self.reload)
        acts.refused.connect(self.say_refused)
        acts.warned.connect(self.blockers.show_words)
        acts.saved.connect(self.say_saved)
        acts.rows_changed.connect(self.build)
        acts.wanted.connect(self.go_to)
        acts.blocked.connect(lambda sheet: self.blockers.show_findings(sheet, self.language))
        acts.completed.connect(self._on_completed)
        self.standing.refused.connect(self.say_refused)
        self.standing.done.connect(self.say_saved)
        make_action("sign", self, self.standing.sign, self.settings)
        make_action("states", self, self.standing.show_states, self.settings)
        acts.open_form.connect(self.open_form)

    # Showing

    def show_form(self, key: FormKey) -> None:
        """Open a form. What was typed on the one before is saved first; what can't be is kept as a draft of it."""
        if not self.flush():
            self.saver.keep_what_stands()
        self.filling.open(key)
        self.head.tell(self.language, "ui_form.nothing_saved", {})
        self.build()
        self.blockers.hide()
        self.area.verticalScrollBar().setValue(0)
        QTimer.singleShot(0, self, self._focus_first)

    def build(self) -> None:
        """Make head, sections and body anew from the sheet."""
        sheet, key = self.sheet, self.key
        assert sheet is not None
        assert key is not None
        self.canvas.queried = standing_words(self.casebook, key, self.language)
        self.canvas.build(
            sheet,
            self.language,
            open_rows=self.filling.open_rows,
            new_rows=self.filling.new_rows,
            terms=StudyTerms(sheet.subject.study, self.language),
            read_only=self._is_closed(),
        )
        self.head.show_form(sheet, key, self.casebook, self.language)
        self.standing.refresh()
        self._fill_sections()
        restored = self.saver.restore_drafts()
        if restored:
            self.head.tell(self.language, "ui_form.draft_found", {"what": ", ".join(restored)})

    def _is_closed(self) -> bool:
        return self.key is None or not self.casebook.may("enter") or not self.casebook.takes_entries(self.key)

    def _fill_sections(self) -> None:
        groups = [line for line in self.canvas.lines if isinstance(line, GroupLine) and line.shown]
        self.sections.setVisible(len(groups) >= SECTIONS_FROM and self.width() >= SECTIONS_ROOM)
        self.sections.setAccessibleName(say(self.language, "ui_form.sections"))
        self.sections.setToolTip(plain_tip(hint(self.sections.accessibleName(), "next_section")))
        words = []
        for line in groups:
            label = said(line.group.label, self.language)
            words.append(label if line.group.repeat or not line.asked else f"{label}\n{line.filled}/{line.asked}")
        if words != [self.sections.item(i).text() for i in range(self.sections.count())]:
            row = self.sections.currentRow()
            self.sections.clear()
            self.sections.addItems(words)
            for at, each in enumerate(words):
                self.sections.item(at).setSizeHint(self._section_size(each))
            self.sections.setCurrentRow(row)

    def _section_size(self, words: str) -> QSize:
        room = QRect(0, 0, SECTIONS_WIDTH - SECTION_MARGIN, 1000)
        asked = self.sections.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), words)
        return QSize(0, asked.height() + 14)

    def _focus_first(self) -> None:
        """Into the first field still empty, else the first."""
        if self.sheet is None or not self.isVisible():
            return
        self.canvas.finish()
        fields = [f for f in self.canvas.lines if isinstance(f, FieldLine) and f.shown and not f.item.derive]
        empty = [f for f in fields if f.cell is not None and f.cell.value.blank]
        for field in (fields if self.canvas.read_only else empty or fields)[:1]:
            self.go_to(field.item.id, field.row)

    def go_to(self, item: str, row: str) -> None:
        """Put the cursor into a field, opening its row when it lies in a log."""
        sheet = self.sheet
        if sheet is None or item not in sheet.form.items:
            return
        group = sheet.form.group_of[item]
        if group.repeat and self.filling.open_rows.get(group.id) != row:
            self.filling.open_rows[group.id] = row
            self.build()
        rect = self.canvas.focus_field(item, row)
        if rect is not None:
            self.area.ensureVisible(rect.center().x(), rect.center().y(), 0, rect.height() + 60)

    def _go_to_section(self, number: int) -> None:
        groups = [line for line in self.canvas.lines if isinstance(line, GroupLine) and line.shown]
        if 0 <= number < len(groups):
            self.area.verticalScrollBar().setValue(groups[number].rect.top())
            first = next((f for f in self.canvas.fields.values() if f.group is groups[number].group and f.shown), None)
            if first is not None:
                self.canvas.focus_field(first.item.id, first.row)

    def _step_section(self, by: int) -> None:
        """The section after or before the one with the cursor."""
        groups = [line.group.id for line in self.canvas.lines if isinstance(line, GroupLine) and line.shown]
        if self.sheet is None or not groups:
            return
        group = self.sheet.form.group_of[self.here[0]].id if self.here is not None else groups[0]
        there = (groups.index(group) if group in groups else 0) + by
        self._go_to_section(max(0, min(len(groups) - 1, there)))

    # Typing and saving

    def _on_typed(self, item: str, row: str, text: str) -> None:
        if self.sheet is not None:
            self.canvas.show_sheet(self.filling.type(item, row, text))

    def _on_unit(self, item: str, row: str, unit: str) -> None:
        self.filling.units[(item, row)] = unit
        field = self.canvas.fields[(item, row)]
        if field.editor.text():
            self._on_typed(item, row, field.editor.text())
            self.saver.save(item, row, field.editor.text())

    def _on_entered(self, item: str, row: str) -> None:
        self.filling.here = (item, row)
        self.canvas.update()
        field = self.canvas.fields.get((item, row))
        if field is not None:
            self.area.ensureVisible(field.rect.center().x(), field.rect.center().y(), 0, field.rect.height() + 24)

    def _on_onward(self, item: str, row: str, forward: bool) -> None:
        if not self.saver.leave(item, row):
            return  # the cursor stays at what could not be saved; moving on would try, and tell it, once more
        there = self.canvas.neighbour(item, row, forward)
        if there is not None:
            self.canvas.focus_field(*there)
        elif forward:
            self._after_the_last().setFocus(Qt.FocusReason.TabFocusReason)

    def _after_the_last(self) -> QWidget:
        """Where Enter leads from the last field: to Complete, and who may not complete to the next form, or back."""
        head = self.head
        if head.complete.isVisibleTo(head):
            return head.complete
        return head.next if head.next.isEnabled() else head.back

    def flush(self) -> bool:
        """Save what stands typed in the field that has the cursor; False when it could not be saved."""
        return self.here is None or self.sheet is None or self.saver.leave(*self.here)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the page is narrow the fields need the room of the sections."""
        super().resizeEvent(event)
        if self.sheet is not None:
            self._fill_sections()

    def hideEvent(self, event: QHideEvent) -> None:
        """Going to another page leaves the field."""
        self.flush()
        super().hideEvent(event)

    def reload(self) -> None:
        """Read the sheet from the casebook and paint it; the field being typed in keeps its text."""
        if self.key is None:
            return
        sheet = self.filling.read_again()
        self.canvas.queried = standing_words(self.casebook, self.key, self.language)
        before = [(line.group.id, line.row) for line in self.canvas.lines if isinstance(line, RowLine)]
        for group, row in list(self.filling.new_rows.items()):
            if row in sheet.rows(group):
                del self.filling.new_rows[group]
        now = [(g.id, row) for g in sheet.form.groups if g.repeat for row in self.filling.rows(g.id)]
        if before != now or self.canvas.read_only != self._is_closed():
            here = self.here
            self.build()
            if here is not None and self.isVisible():
                self.canvas.focus_field(*here)
        else:
            self.canvas.show_sheet(sheet)
            self.head.show_form(sheet, self.key, self.casebook, self.language)
            self.standing.refresh()
            self._fill_sections()
        if self.blockers.isVisible():
            self.blockers.show_findings(sheet, self.language)

    def _on_changed(self, changes: object) -> None:
        if self.key is not None and self.isVisible():
            places = getattr(changes, "places", ())
            if any(place.subject == self.key.subject for place in places):
                self.reload()

    def _on_setting(self, key: str) -> None:
        if key == "language" and self.key is not None:
            here, scrolled = self.here, self.area.verticalScrollBar().value()
            self.flush()
            sheet = self.filling.read_again()
            self.build()
            if self.blockers.isVisibleTo(self):
                self.blockers.show_findings(sheet, self.language)
            if here is not None and self.isVisible():
                self.area.verticalScrollBar().setValue(scrolled)
                self.go_to(*here)

    # Saying

    def say_refused(self, error: Told) -> None:
        """A refusal stands above the form; trouble goes to the window."""
        if isinstance(error, Refusal):
            self.blockers.show_words(error.in_language(self.language))
        else:
            self.trouble.emit(error)

    def say_saved(self, at: str, key: str = "ui_form.saved") -> None:
        """Tell that the store has it, with the time of the entry; of a completed form also what it leaves to answer."""
        count = 0
        if key == "ui_form.completed" and self.key is not None:
            count = sum(query.is_open for query in self.casebook.standing(self.key))
        said_so = "ui_form.completed_asked" if count else key
        self.head.say_saved(at, said_so, self.language, count=str(count))

    def _on_completed(self) -> None:
        self.blockers.hide()
        onward = self.head.next if self.head.next.isEnabled() else self.head.back
        onward.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_back(self) -> None:
        if self.key is not None:
            self.went_back.emit(self.key.subject)

    def _step(self, by: int) -> None:
        """The form before or after this one in the same event."""
        if self.key is None or self.sheet is None:
            return
        event = self.sheet.subject.study.event_by_id[self.key.event]
        forms = [line.form for line in event.forms]
        there = forms.index(self.key.form) + by
        if 0 <= there < len(forms):
            key = FormKey(self.key.subject, self.key.event, self.key.event_no, forms[there])
            self.open_form.emit(key)
