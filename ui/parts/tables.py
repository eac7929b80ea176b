"""Tables that read well and are worked by keyboard: one row chosen at a time, Enter opens it."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

ROW_HEIGHT = 32
HEIGHT = 140
"""Points that a table asks for."""
LEAST = 200
"""Pixels of the column that takes what is left, however little that is."""


class RowTable(QTableView):
    """A table of rows; ``opened`` carries the model index of the row that Enter or a double click chose."""

    opened = Signal(QModelIndex)

    def __init__(self, model: QAbstractTableModel, widths: tuple[int, ...], row_height: int = ROW_HEIGHT) -> None:
        super().__init__()
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(row_height)
        self._widths = widths
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setMinimumSectionSize(40)
        head.setFixedHeight(ROW_HEIGHT)
        self.doubleClicked.connect(self.opened)
        model.modelReset.connect(self._lay_out)
        self._lay_out()

    def _lay_out(self) -> None:
        """Widths in pixels as they were asked for; 0 takes what is left.

        No column is narrower than its heading. Where the room is short the others give up what their texts don't need,
        and the last resort is to scroll sideways.
        """
        head, room = self.horizontalHeader(), self.viewport().width()
        heads = [head.sectionSizeHint(column) for column in range(head.count())]
        asked = list(zip(self._widths, heads, strict=False))
        widths = [max(width or LEAST, own) for width, own in asked]
        if sum(widths) > room:
            texts = [self.sizeHintForColumn(column) for column in range(len(asked))]
            widths = [max(own, min(width, text)) if width else LEAST
                      for (width, own), text in zip(asked, texts, strict=True)]  # fmt: skip
        left = max(0, room - sum(widths))
        for column, width in enumerate(widths):
            head.resizeSection(column, width if self._widths[column] else width + left)

    def sizeHint(self) -> QSize:
        """A few rows: it grows into what a page has, and a low page need not be scrolled for its sake."""
        return QSize(super().sizeHint().width(), HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other columns."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    def select_first(self) -> None:
        """Choose the row of the cursor, or the first one, when none is chosen."""
        if self.model().rowCount() and not self.selectionModel().hasSelection():
            self.selectRow(max(0, self.currentIndex().row()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A table that gets the focus shows where one stands."""
        self.select_first()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
            return
        super().keyPressEvent(event)
