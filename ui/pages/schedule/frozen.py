"""The leading columns of the schedule grid, which stay while the forms are scrolled sideways."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QFrame, QHeaderView, QTableView

from ui.models.schedule import LEAD


class FrozenColumns(QTableView):
    """A second view of the same model over the left edge of a grid, there only while the grid is scrolled."""

    def __init__(self, grid: QTableView, head: type[QHeaderView], painter: type[QAbstractItemDelegate]) -> None:
        super().__init__(grid)
        self.grid = grid
        self.setProperty("kind", "frozen")
        self.setModel(grid.model())
        self.setSelectionModel(grid.selectionModel())
        self.setHorizontalHeader(head(self))  # type: ignore[arg-type]
        self.setItemDelegate(painter(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(grid)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(grid.verticalHeader().minimumSectionSize())
        for here, there in ((self, grid), (grid, self)):
            here.verticalScrollBar().valueChanged.connect(there.verticalScrollBar().setValue)
        grid.horizontalScrollBar().valueChanged.connect(lambda _: self.follow())
        self.hide()

    @property
    def room(self) -> int:
        """Width of the leading columns in pixels."""
        return sum(self.grid.columnWidth(column) for column in range(len(LEAD)))

    def follow(self) -> None:
        """Lie over the leading columns when they are scrolled away, else step aside."""
        shown = self.grid.horizontalScrollBar().value() > 0
        if shown:
            for column in range(self.grid.model().columnCount()):
                self.setColumnHidden(column, column >= len(LEAD))
                self.setColumnWidth(column, self.grid.columnWidth(column))
            for row in range(self.grid.model().rowCount()):
                self.setRowHeight(row, self.grid.rowHeight(row))
            frame = self.grid.frameWidth()
            height = self.grid.viewport().height() + self.grid.horizontalHeader().height()
            self.setGeometry(frame, frame, self.room + 1, height)
            self.verticalScrollBar().setValue(self.grid.verticalScrollBar().value())
        self.setVisible(shown)
