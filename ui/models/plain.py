"""A read-only table of texts for short lists: queries, tasks, forms, settings, shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.parts.plain import plain_tip

Index = QModelIndex | QPersistentModelIndex


class PlainModel(QAbstractTableModel):
    """Rows of texts with one key each; the key is what Enter opens."""

    def __init__(self, parent: QObject | None = None, chips: tuple[int, ...] = ()) -> None:
        """``chips``: columns whose texts read ``kind|word`` and are drawn by `ui.parts.chips.StateChips`."""
        super().__init__(parent)
        self._chips = chips
        self._heads: tuple[str, ...] = ()
        self._rows: list[tuple[str, ...] | None] = []
        self._make: Callable[[Any], tuple[str, ...]] = lambda _key: ()
        self._keys: tuple[Any, ...] = ()

    def show_rows(self, heads: Sequence[str], rows: Sequence[Sequence[str]], keys: Sequence[Any] = ()) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._heads = tuple(heads)
        self._rows = [tuple(row) for row in rows]
        self._keys = tuple(keys)
        self.endResetModel()

    def show_keys(self, heads: Sequence[str], keys: Sequence[Any], make: Callable[[Any], tuple[str, ...]]) -> None:
        """Show a row for each key; its texts are made when they are first looked at, as a list may be very long."""
        self.beginResetModel()
        self._heads = tuple(heads)
        self._rows = [None] * len(keys)
        self._keys = tuple(keys)
        self._make = make
        self.endResetModel()

    def _row(self, at: int) -> tuple[str, ...]:
        found = self._rows[at]
        if found is None:
            found = self._rows[at] = self._make(self._keys[at])
        return found

    def key(self, row: int) -> Any:
        """What a row stands for, None when it stands for nothing."""
        return self._keys[row] if 0 <= row < len(self._keys) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns."""
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self._heads):
            if role == Qt.ItemDataRole.DisplayRole:
                return self._heads[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text of a cell; the key of the row under UserRole."""
        if not index.isValid():
            return None
        text = self._row(index.row())[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            words = text.partition("|")[2] if index.column() in self._chips else text
            return plain_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words
        if role == Qt.ItemDataRole.UserRole:
            return self.key(index.row())
        return None
