"""The schedule grid: visits down, forms across, each cell a mark. Arrows move, Enter opens, Space folds a cycle."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.models.schedule import KIND_OF_STATUS, LATE, LEAD, ScheduleLine, ScheduleModel
from ui.pages.schedule.frozen import FrozenColumns
from ui.parts.chips import draw_chip, state_colours
from ui.parts.marks import draw_badge, draw_mark
from ui.theme import SMALL_SIZE, font, look

ROW = 26
HEADING_ROW = 30
HEAD, HEAD_EDGE = 64, 14
"""Height of the heads at least, and what of it the names can't have."""
PITCH = 14
"""Pixels from one line of a name to the next: two lines stand in the narrowest column."""
LEAD_WIDTHS = (176, 92, 92, 112)
FORM_WIDTH = 30
FORM_WIDEST = 44
PAUSES, AND, WITHIN = " /-、，", "与和及", 30
"""A name is best broken after one of the first or before one of the second; within a word it costs so many points."""
TO_FILL = ("late", "empty", "later", "started")
VISIT_MORE = 120
"""What the names of visits take of the room that is left over."""


def lines_of(name: str, room: int, measure: QFontMetrics) -> tuple[str, ...]:
    """A name on one line where it fits, else on the two that come nearest to being equally long."""
    if measure.horizontalAdvance(name) <= room:
        return (name,)
    breaks = [at for at in range(1, len(name)) if name[at - 1] in PAUSES or not name[at].isascii()]
    if not breaks:
        return (name,)

    def cost(at: int) -> int:
        longer = max(map(measure.horizontalAdvance, (name[:at].strip(), name[at:].strip())))
        return longer + (0 if name[at - 1] in PAUSES or name[at] in AND else WITHIN)

    at = min(breaks, key=cost)
    return name[:at].strip(), name[at:].strip()


class FormHeads(QHeaderView):
    """Names of the leading columns level, names of the forms from bottom to top on one line or two."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setMinimumSectionSize(FORM_WIDTH)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(False)
        self._high = HEAD
        self.setFixedHeight(HEAD)

    def fit(self) -> None:
        """Become high enough for every name, the boldest way it is shown."""
        measure = QFontMetrics(font(SMALL_SIZE, bold=True))
        names = [self._name(section) for section in range(len(LEAD), self.count())]
        lines = [line for name in names for line in lines_of(name, 0, measure)]
        longest = max((measure.horizontalAdvance(line) for line in lines), default=0)
        self._high = max(HEAD, longest + HEAD_EDGE)
        self.setFixedHeight(self._high)

    def _name(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal))

    def sizeHint(self) -> QSize:
        """High enough for the longest name."""
        return QSize(super().sizeHint().width(), self._high)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """One name."""
        colours = look()
        text = self._name(section)
        painter.save()
        painter.fillRect(rect, QColor(colours.base))
        painter.setPen(QPen(QColor(colours.strong_line), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        grid = self.parent()
        current = grid.currentIndex().column() if isinstance(grid, QTableView) else -1
        chosen = section >= len(LEAD) and current == section
        painter.setFont(font(SMALL_SIZE, bold=chosen))
        painter.setPen(QColor(colours.text if chosen else colours.quiet))
        if section < len(LEAD):
            box = rect.adjusted(10, 0, -4, -6)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, text)
        else:
            self._paint_form(painter, rect, text)
        painter.restore()

    def _paint_form(self, painter: QPainter, rect: QRect, name: str) -> None:
        room = self._high - HEAD_EDGE
        lines = lines_of(name, room, QFontMetrics(font(SMALL_SIZE, bold=True)))
        painter.translate(rect.left() + rect.width() / 2, rect.bottom() - 6)
        painter.rotate(-90)
        top = -PITCH * len(lines) / 2
        for number, line in enumerate(lines):
            box = QRectF(0, top + PITCH * number - 2, room + 4, PITCH + 4)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, line)


class CellPainter(QStyledItemDelegate):
    """Dates and status in words, forms as marks."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """One cell."""
        model = index.model()
        assert isinstance(model, ScheduleModel)
        line: ScheduleLine = model.lines[index.row()]
        palette = option.palette
        self._draw_ground(painter, option, line)
        if index.column() >= len(LEAD):
            mark, query = model.mark_at(index)
            if mark:
                middle = QRectF(option.rect).center()
                draw_mark(painter, QPointF(middle.x() - 1, middle.y()), mark, palette, query)
                draw_badge(painter, QPointF(middle.x() - 1, middle.y()), model.badge_at(index), palette)
        elif LEAD[index.column()] == "status" and line.visit is not None:
            kind = KIND_OF_STATUS[line.visit.status]
            colours = state_colours(kind, palette)
            if kind == "quiet":
                self._draw_text(painter, option, str(index.data()), quiet=True)
            else:
                draw_chip(painter, QRectF(option.rect).adjusted(8, 0, -4, 0), str(index.data()), colours)
        else:
            self._draw_lead(painter, option, model, index, line)
        grid = self.parent()
        if isinstance(grid, QTableView) and index == grid.currentIndex():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            focused = (grid.focusProxy() or grid).hasFocus()
            painter.setPen(QPen(QColor(look().accent if focused else look().strong_line), 2))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)

    def _draw_ground(self, painter: QPainter, option: QStyleOptionViewItem, line: ScheduleLine) -> None:
        colours = look()
        ground = colours.rail if line.is_heading else colours.base
        painter.fillRect(option.rect, QColor(ground))
        painter.setPen(QColor(colours.line))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())

    def _draw_lead(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        model: ScheduleModel,
        index: QModelIndex | QPersistentModelIndex,
        line: ScheduleLine,
    ) -> None:
        text = str(index.data() or "")
        if index.column() == 0 and line.is_heading:
            self._draw_fold(painter, option, folded=line.cycle in model.folded)
            self._draw_text(painter, option, text, bold=True, indent=18)
            return
        inside = index.column() == 0 and bool(model.cycle_of(index.row()))
        late = line.visit is not None and line.visit.status in LATE and LEAD[index.column()] == "planned"
        quiet = line.is_heading or (line.visit is not None and line.visit.status == "not_expected")
        self._draw_text(painter, option, text, indent=18 if inside else 0, quiet=quiet, bad=late)

    def _draw_text(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        text: str,
        *,
        bold: bool = False,
        quiet: bool = False,
        bad: bool = False,
        indent: int = 0,
    ) -> None:
        colours = look()
        painter.save()
        painter.setFont(font(13, bold))
        painter.setPen(QColor(colours.bad if bad else colours.quiet if quiet else colours.text))
        box = option.rect.adjusted(10 + indent, 0, -4, 0)
        shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()

    def _draw_fold(self, painter: QPainter, option: QStyleOptionViewItem, *, folded: bool) -> None:
        x, y = option.rect.left() + 15.0, QRectF(option.rect).center().y()
        points = [(-2, -4), (2, 0), (-2, 4)] if folded else [(-4, -2), (0, 2), (4, -2)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(option.palette.color(QPalette.ColorRole.Text), 1.6))
        painter.drawPolyline([QPointF(x + dx, y + dy) for dx, dy in points])
        painter.restore()


class ScheduleGrid(QTableView):
    """The table itself; ``opened`` carries the FormKey of the cell chosen."""

    opened = Signal(object)

    def __init__(self, model: ScheduleModel) -> None:
        super().__init__()
        self._schedule = model
        self.setModel(model)
        self.setHorizontalHeader(FormHeads(self))
        self.setItemDelegate(CellPainter(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(ROW)
        rows.setDefaultSectionSize(ROW)
        model.modelReset.connect(self.lay_out)
        self.selectionModel().currentChanged.connect(self._on_moved)
        self.frozen = FrozenColumns(self, FormHeads, CellPainter)
        self.frozen.clicked.connect(self.choose)
        self.lay_out()

    def form_width(self) -> int:
        """Width of a form's column: all forms fit the window when they can."""
        room = self.viewport().width() - sum(LEAD_WIDTHS)
        return max(FORM_WIDTH, min(FORM_WIDEST, room // max(1, len(self._schedule.forms))))

    def lay_out(self) -> None:
        """Share the room among the columns; heads as high as their names are long."""
        head, rows = self.horizontalHeader(), self.verticalHeader()
        for each in (head, self.frozen.horizontalHeader()):
            assert isinstance(each, FormHeads)
            each.fit()
        width, forms = self.form_width(), len(self._schedule.forms)
        left = self.viewport().width() - sum(LEAD_WIDTHS) - width * forms
        for column, lead in enumerate(LEAD_WIDTHS):
            head.resizeSection(column, lead + (min(max(0, left), VISIT_MORE) if column == 0 else 0))
        for column in range(len(LEAD), self._schedule.columnCount()):
            head.resizeSection(column, width)
        for row, line in enumerate(self._schedule.lines):
            rows.resizeSection(row, HEADING_ROW if line.is_heading else ROW)
        self.frozen.follow()

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a cell into view, not under the columns that stay."""
        super().scrollTo(index, hint)
        if index.column() < len(LEAD):
            return
        hidden = self.frozen.room - self.visualRect(index).left()
        across = self.horizontalScrollBar()
        if hidden > 0:
            across.setValue(across.value() - hidden)

    def resizeEvent(self, event: object) -> None:
        """Forms share the room there is."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens a form or folds a heading, Space folds the cycle one stands in."""
        index = self.currentIndex()
        if index.isValid() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(index)
        elif index.isValid() and event.key() == Qt.Key.Key_Space:
            self.fold(index.row())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a mark opens the form, on a heading folds the cycle."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and index == self.currentIndex():
            self.choose(index)

    def choose(self, index: QModelIndex) -> None:
        """Open the form of a cell, or fold the cycle of a heading."""
        if self._schedule.lines[index.row()].is_heading:
            self.fold(index.row())
            return
        form = self._schedule.form_at(index)
        if form is not None:
            self.opened.emit(form.key)

    def fold(self, row: int) -> None:
        """Fold or unfold the cycle of a row and stay on its heading."""
        cycle = self._schedule.cycle_of(row)
        if not cycle:
            return
        column = max(0, self.currentIndex().column())
        self._schedule.fold(row)
        self.setCurrentIndex(self._schedule.index(self._schedule.heading_row(cycle), column))

    def go_to_work(self) -> None:
        """Put the cursor on the first form to fill of the visit that is due or overdue, else of the last that was."""
        rows = [row for row, line in enumerate(self._schedule.lines) if line.visit is not None]
        wanted = [row for row in rows if self._status(row) in ("due", "overdue")]
        happened = [row for row in rows if self._status(row) in ("done", "out_of_window")]
        row = (wanted or happened[-1:] or rows or [0])[0]
        columns = range(len(LEAD), self._schedule.columnCount())
        to_fill = [at for at in columns if self._schedule.mark_at(self._schedule.index(row, at))[0] in TO_FILL]
        if self._schedule.lines:
            self.setCurrentIndex(self._schedule.index(row, (to_fill or [len(LEAD)])[0]))

    def _status(self, row: int) -> str:
        visit = self._schedule.lines[row].visit
        return visit.status if visit is not None else ""

    def _on_moved(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self.horizontalHeader().viewport().update()
