"""The identification log as a table that is typed and pasted into; nothing is written before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont

from db.people.identity import Identity
from db.people.identity_sheet import FIELDS, key
from ui.settings import Settings

Index = QModelIndex | QPersistentModelIndex


class IdentityLogModel(QAbstractTableModel):
    """One row a subject. ``known`` is what the store has, ``told`` what was typed or pasted and not kept yet."""

    edited = Signal()

    def __init__(self, known: Mapping[str, Identity], settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self.settings = settings
        self.known = dict(known)
        self.told: dict[str, Identity] = {}
        self.subjects = list(known)

    def show_search(self, words: str) -> None:
        """Only subjects of whose line every word is a part."""
        parts = [key(part) for part in words.split()]
        self.beginResetModel()
        self.subjects = [
            each for each in self.known
            if all(part in key(" ".join((each, *asdict(self.identity(each)).values()))) for part in parts)
        ]  # fmt: skip
        self.endResetModel()

    def identity(self, subject: str) -> Identity:
        """What stands in a subject's row."""
        return self.told.get(subject, self.known[subject])

    def take(self, told: Mapping[str, Identity]) -> int:
        """Put identities into their rows; returns how many say something else than the store."""
        for subject, identity in told.items():
            self._tell(subject, identity)
        if self.subjects:
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
        self.edited.emit()
        return sum(subject in self.told for subject in told)

    def kept(self) -> None:
        """What was told is in the store now."""
        self.beginResetModel()
        self.known.update(self.told)
        self.told = {}
        self.endResetModel()
        self.edited.emit()

    @property
    def changes_noted(self) -> bool:
        """Something that was noted before would change, which needs a reason."""
        return any(self.known[subject] != Identity() for subject in self.told)

    def _tell(self, subject: str, identity: Identity) -> None:
        if identity == self.known[subject]:
            self.told.pop(subject, None)
        else:
            self.told[subject] = identity

    # --- what Qt asks ---------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Subjects shown."""
        return 0 if parent.isValid() else len(self.subjects)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Subject, hospital number, name, bed."""
        return 0 if parent.isValid() else 1 + len(FIELDS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns."""
        if orientation == Qt.Orientation.Horizontal and 0 <= section <= len(FIELDS):
            if role == Qt.ItemDataRole.DisplayRole:
                name = f"access.field.id_{FIELDS[section - 1]}" if section else "ui.queries.column.subject"
                return self.settings.say(name)
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text of a cell; bold while it is not kept yet."""
        if not index.isValid():
            return None
        subject = self.subjects[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.AccessibleTextRole):
            return getattr(self.identity(subject), FIELDS[index.column() - 1]) if index.column() else subject
        if role == Qt.ItemDataRole.FontRole and index.column() and self._is_new(subject, FIELDS[index.column() - 1]):
            font = QFont()
            font.setBold(True)
            return font
        return None

    def _is_new(self, subject: str, field: str) -> bool:
        return bool(getattr(self.identity(subject), field) != getattr(self.known[subject], field))

    def flags(self, index: Index) -> Qt.ItemFlag:
        """All but the subject can be typed into."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() and index.column() else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take what was typed into a cell."""
        if not index.isValid() or not index.column() or role != Qt.ItemDataRole.EditRole:
            return False
        subject = self.subjects[index.row()]
        text = str(value).strip()
        self._tell(subject, replace(self.identity(subject), **{FIELDS[index.column() - 1]: text}))
        self.dataChanged.emit(index, index)
        self.edited.emit()
        return True
