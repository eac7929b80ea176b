"""The body of a form: editors on one painted sheet of paper.

Labels, units, limits, earlier values, grades and findings are painted, so that a form of sixty fields opens at once;
only what a person types into is a widget. The canvas shows a `Sheet` and says what was typed where; it decides nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QComboBox, QPushButton, QSizePolicy, QToolTip, QWidget

from forms.findings import SEVERITIES
from forms.sheet.sheet import Cell, Sheet
from forms.shown import unit_words
from forms.study.definition import Item, ItemGroup
from forms.texts import said, say
from ui.actions import hint
from ui.editors import canvas_layout, canvas_paint, editor_for
from ui.editors.base import Editor
from ui.editors.canvas_lines import ButtonLine, Columns, FieldLine, GroupLine, Line, RowLine, columns_for, least_width
from ui.editors.line import LineEditor
from ui.editors.lookup import TermSource
from ui.editors.words import field_text, missing_words, reading_words, row_summary
from ui.parts.plain import plain_tip
from ui.parts.tones import tones
from ui.retire import retire


def worst_severity(cell: Cell) -> str:
    """The gravest severity said of a cell, "" when nothing is."""
    said_of = {finding.severity for finding in cell.findings}
    return next((severity for severity in reversed(SEVERITIES) if severity in said_of), "")


def _what_takes_room(cell: Cell) -> tuple[object, ...]:
    """What of a cell moves the lines below it."""
    return cell.hidden, cell.findings, cell.grades, cell.value.missing, cell.range, cell.flag, cell.previous


CHUNK = 8
"""Fields of a group that are built at a time."""

FIRST_FIELDS = 16
"""Fields built before the first painting (whole groups); a screen shows about so many, the rest follows at once."""


class FormCanvas(QWidget):
    """Editors of one form. Signals name the item and the row."""

    typed = Signal(str, str, str)
    left = Signal(str, str)
    entered = Signal(str, str)
    drafted = Signal(str, str, str)
    noticed = Signal(str)
    onward = Signal(str, str, bool)
    unit_chosen = Signal(str, str, str)
    chip_clicked = Signal(str, str)
    row_wanted = Signal(str)
    row_toggled = Signal(str, str)
    row_unwanted = Signal(str, str)
    built = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet: Sheet | None = None
        self.language = "en"
        self.lines: list[Line] = []
        self.fields: dict[tuple[str, str], FieldLine] = {}
        self.columns: Columns = columns_for(900)
        self.queried: Mapping[tuple[str, str], tuple[str, ...]] = {}
        self.read_only = False
        self.waiting: list[Callable[[], None]] = []
        self.unbuilt: dict[str, tuple[Item, ...]] = {}
        self.paper = QWidget(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setMouseTracking(True)

    def build(
        self,
        sheet: Sheet,
        language: str,
        *,
        open_rows: Mapping[str, str],
        new_rows: Mapping[str, str],
        terms: TermSource | None = None,
        read_only: bool = False,
    ) -> None:
        """Make the lines of a form anew. ``open_rows`` and ``new_rows`` give a row id by group of a log."""
        self._new_paper()
        self.sheet, self.language, self.read_only = sheet, language, read_only
        self.lines, self.fields = [], {}
        self.waiting, self.unbuilt = [], {}
        for group in sheet.form.groups:
            if group.repeat:
                rows = open_rows.get(group.id, ""), new_rows.get(group.id, "")
                self.waiting.append(partial(self._build_group, group, *rows, terms))
            else:
                self.unbuilt[group.id] = group.items
                self.waiting += [
                    partial(self._build_chunk, group, at, terms) for at in range(0, len(group.items), CHUNK)
                ]
        while self.waiting and len(self.fields) < FIRST_FIELDS:
            self.waiting.pop(0)()
        self.show_sheet(sheet, force=True)
        self.paper.show()
        if self.waiting:
            QTimer.singleShot(0, self, self.finish)

    def finish(self) -> None:
        """Build what lies below the first screen; done by itself right after the first painting."""
        if not self.waiting or self.sheet is None:
            return
        while self.waiting:
            self.waiting.pop(0)()
        self.show_sheet(self.sheet, force=True)
        self.built.emit()

    def _build_group(self, group: ItemGroup, open_row: str, new_row: str, terms: TermSource | None) -> None:
        self.lines.append(GroupLine(group))
        self._build_log(group, open_row, new_row, terms)

    def _build_chunk(self, group: ItemGroup, at: int, terms: TermSource | None) -> None:
        if at == 0:
            self.lines.append(GroupLine(group))
        self._build_fields(group, group.items[at : at + CHUNK], "1", terms)
        self.unbuilt[group.id] = group.items[at + CHUNK :]

    def _new_paper(self) -> None:
        """A fresh sheet for the editors; what stood on the old one says nothing any more and goes away as a whole."""
        old = self.paper
        self.paper = QWidget(self)
        self.paper.setMouseTracking(True)
        retire(old, heir=self)

    def _build_log(self, group: ItemGroup, open_row: str, new_row: str, terms: TermSource | None) -> None:
        sheet = self.sheet
        assert sheet is not None
        rows = [*sheet.rows(group.id)]
        if new_row and new_row not in rows:
            rows.append(new_row)
        for row in rows:
            button = QPushButton(self.paper)
            button.setProperty("kind", "logrow")
            button.setCheckable(True)
            button.setAutoDefault(True)
            button.setChecked(row == open_row)
            button.clicked.connect(lambda _, g=group.id, r=row: self.row_toggled.emit(g, r))
            self.lines.append(RowLine(group, row, button))
            if row == open_row:
                self._build_fields(group, group.items, row, terms)
                self._build_remove(group, row)
        if not self.read_only:
            add = QPushButton(say(self.language, "ui_form.add_row", what=said(group.label, self.language)), self.paper)
            add.setAutoDefault(True)
            add.clicked.connect(lambda _, g=group.id: self.row_wanted.emit(g))
            self.lines.append(ButtonLine(group, add))

    def _build_remove(self, group: ItemGroup, row: str) -> None:
        if not self.read_only:
            remove = QPushButton(say(self.language, "ui_form.remove_row"), self.paper)
            remove.setProperty("kind", "link")
            remove.setAutoDefault(True)
            remove.clicked.connect(lambda: self.row_unwanted.emit(group.id, row))
            self.lines.append(ButtonLine(group, remove))

    def _build_fields(self, group: ItemGroup, items: Sequence[Item], row: str, terms: TermSource | None) -> None:
        sheet = self.sheet
        assert sheet is not None
        lists = sheet.subject.study.codelist_by_id
        for item in items:
            editor = editor_for(item, lists.get(item.codelist), self.language, self.paper, terms)
            editor.set_read_only(self.read_only or bool(item.derive), by_tab=not item.derive)
            self._connect(editor, item, row)
            line = self.fields[(item.id, row)] = FieldLine(group, item, row, editor, self._unit_box(item, row))
            self.lines.append(line)

    def _connect(self, editor: Editor, item: Item, row: str) -> None:
        name = item.id
        editor.typed.connect(lambda text: self._on_typed(name, row, text))
        editor.left.connect(lambda: self.left.emit(name, row))
        editor.entered.connect(lambda: self.entered.emit(name, row))
        editor.onward.connect(lambda forward: self.onward.emit(name, row, forward))
        editor.noticed.connect(self.noticed)
        editor.drafted.connect(lambda text: self.drafted.emit(name, row, text))

    def _on_typed(self, item: str, row: str, text: str) -> None:
        self.fields[(item, row)].typing = True
        self.typed.emit(item, row, text)

    def settle(self, item: str, row: str) -> None:
        """The store has (or has refused) what stood in a field: it follows the sheet again."""
        field = self.fields.get((item, row))
        if field is not None:
            field.typing = False
            field.editor.show_reading("")
            if field.cell is not None:
                self._show_text(field, field.cell)

    def _unit_box(self, item: Item, row: str) -> QComboBox | None:
        if len(item.units) < 2 or item.derive:
            return None
        box = QComboBox(self.paper)
        box.setProperty("kind", "unit")
        box.addItems([unit_words(unit, self.language) for unit in item.units])
        box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        label = said(item.label, self.language)
        box.setAccessibleName(say(self.language, "ui_form.unit_of", what=label))
        box.setToolTip(plain_tip(hint(box.accessibleName(), "unit")))
        box.setEnabled(not self.read_only)
        box.activated.connect(lambda number: self.unit_chosen.emit(item.id, row, item.units[number]))
        return box

    def show_sheet(self, sheet: Sheet, *, force: bool = False) -> None:
        """Paint a sheet: only fields whose cell changed are touched."""
        self.sheet = sheet
        moved = force
        for field in self.fields.values():
            cell = sheet.cell(field.item.id, field.row)
            asked = self.queried.get((field.item.id, field.row), ())
            if cell == field.cell and asked == field.asked and not force:
                continue
            moved = moved or asked != field.asked
            field.asked = asked
            moved = self._show_cell(field, cell) or moved
        for line in self.lines:
            if isinstance(line, RowLine):
                line.words = row_summary(sheet, line.group, line.row, self.language)
                canvas_layout.show_words(line)
            elif isinstance(line, GroupLine):
                unbuilt = [sheet.cell(item.id) for item in self.unbuilt.get(line.group.id, ())]
                moved = canvas_layout.count_progress(line, self.fields.values(), unbuilt) or moved
        if moved:
            self.lay_out()
        self.update()

    def _show_cell(self, field: FieldLine, cell: Cell) -> bool:
        """Bring one field up to date; true when its height or visibility changed."""
        before = field.cell
        field.cell = cell
        editor = field.editor
        if not field.typing:
            self._show_text(field, cell)
        editor.show_reading(reading_words(cell, self.language) if field.typing else "")
        if field.unit is not None and cell.value.unit:
            is_ours = cell.value.unit in field.item.units
            field.unit.setPlaceholderText(cell.value.unit)
            field.unit.setCurrentIndex(field.item.units.index(cell.value.unit) if is_ours else -1)
        editor.describe(canvas_layout.spoken(field, cell, self.language))
        mark = worst_severity(cell)
        inner = editor.focusProxy()
        if inner is not None and (inner.property("finding") or "") != mark:
            inner.setProperty("finding", mark)
            inner.style().polish(inner)
        if before is None:
            return True
        return _what_takes_room(before) != _what_takes_room(cell)

    def _show_text(self, field: FieldLine, cell: Cell) -> None:
        text = "" if cell.value.missing else field_text(cell)
        if text != field.editor.text() or cell.value.missing or not text:
            field.editor.show_text(text, missing_words(cell.value.missing, self.language))

    def lay_out(self) -> None:
        """Place every line for the present width and set the height."""
        unit = self._unit_room()
        self.columns = columns_for(self.width(), unit)
        if self.sheet is None:
            return
        height = canvas_layout.lay_out(self.lines, self.columns, self.fontMetrics(), self.sheet, self.language)
        self.setMinimumSize(least_width(unit), height)
        self.resize(self.width(), max(height, self.height()))
        self.paper.resize(self.size())
        self.update()

    def _unit_room(self) -> int:
        shown = (
            (unit_words(unit, self.language), field.unit is not None)
            for field in self.fields.values()
            for unit in field.item.units[: None if field.unit is not None else 1]
        )
        return canvas_layout.unit_room(shown, self.fontMetrics())

    def sizeHint(self) -> QSize:
        """As high as its lines need."""
        return QSize(900, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """New width, new columns."""
        super().resizeEvent(event)
        self.paper.resize(self.size())
        if event.oldSize().width() != event.size().width():
            self.lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines that the exposed part touches."""
        if self.sheet is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, tone = self.palette().color(QPalette.ColorRole.WindowText), tones(self.palette())
        look = canvas_paint.FormInk(self.sheet, self.language, self.columns, self.font(), self.fontMetrics(), ink, tone)
        canvas_paint.paint(painter, look, self.lines, event.rect(), self.focusWidget())
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a grade opens its working; a click on a label goes to its field."""
        field = self._field_at(event.position().toPoint())
        if field is None:
            return
        if any(rect.contains(event.position().toPoint()) for rect, _, _ in field.chips):
            self.chip_clicked.emit(field.item.id, field.row)
        elif not field.item.derive:
            field.editor.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Chips look and feel like something to press; help stands in the tip."""
        at = event.position().toPoint()
        field = self._field_at(at)
        on_chip = field is not None and any(rect.contains(at) for rect, _, _ in field.chips)
        self.setCursor(Qt.CursorShape.PointingHandCursor if on_chip else Qt.CursorShape.ArrowCursor)
        help_ = said(field.item.help, self.language) if field is not None and field.item.help else ""
        if help_ and at.x() < self.columns.entry[0]:
            QToolTip.showText(event.globalPosition().toPoint(), help_, self)

    def _field_at(self, point: QPoint) -> FieldLine | None:
        return next((f for f in self.fields.values() if f.shown and f.rect.contains(point)), None)

    def focus_field(self, item: str, row: str = "1") -> QRect | None:
        """Put the cursor into a field; its rectangle, None when it isn't shown.

        What stands in a line is selected, as after Tab: Qt does it only while the window is the active one, which it
        is not yet just after a dialog.
        """
        self.finish()
        field = self.fields.get((item, row))
        if field is None or not field.shown:
            return None
        field.editor.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(field.editor, LineEditor):
            field.editor.line.selectAll()
        return field.rect

    def focus_add(self, group: str) -> None:
        """Put the cursor on the button that begins a new row of a log."""
        mine = [line.button for line in self.lines if isinstance(line, ButtonLine) and line.group.id == group]
        if mine:
            mine[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_unit(self, item: str, row: str, number: int) -> None:
        """Take a unit of a field's list as if it had been chosen in its box."""
        field = self.fields[(item, row)]
        if field.unit is not None:
            field.unit.setCurrentIndex(number)
            self.unit_chosen.emit(item, row, field.item.units[number])

    def neighbour(self, item: str, row: str, forward: bool) -> tuple[str, str] | None:
        """The next (or previous) field a person can type into."""
        order = [f for f in self.lines if isinstance(f, FieldLine) and f.shown and not f.item.derive]
        here = next((i for i, f in enumerate(order) if (f.item.id, f.row) == (item, row)), None)
        if here is None:
            return None
        there = here + (1 if forward else -1)
        return (order[there].item.id, order[there].row) if 0 <= there < len(order) else None
