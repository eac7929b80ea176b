"""The list of subjects: the database searches and pages, the model remembers the pages that were looked at."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from db.casebook.casebook import Casebook
from db.casebook.subjects import SHOWN, SubjectLine
from forms.texts import said
from ui.hub import Hub
from ui.parts.moments import local_time
from ui.settings import Settings

Index = QModelIndex | QPersistentModelIndex

COLUMNS = ("id", "status", "sex", "age", "cycle", "worst_grade", "open_queries", "last_entry")
RIGHT = {"age", "cycle"}

PAGE = 100
"""Rows fetched at once: about three screens."""


class SubjectListModel(QAbstractTableModel):
    """Rows are lines of the store in order of id; ``search`` narrows them."""

    def __init__(self, casebook: Casebook, hub: Hub, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._casebook = casebook
        self._settings = settings
        self._search = ""
        self._pages: dict[int, list[SubjectLine]] = {}
        self._count = casebook.count_subjects("")
        hub.changed.connect(self._on_changed)

    @property
    def search(self) -> str:
        """The text that narrows the list."""
        return self._search

    def show_search(self, text: str) -> None:
        """Narrow the list to what holds ``text``."""
        self._search = text.strip()
        self.reload()

    def reload(self) -> None:
        """Forget what was read and count anew."""
        self.beginResetModel()
        self._pages.clear()
        self._count = self._casebook.count_subjects(self._search)
        self.endResetModel()

    def line(self, row: int) -> SubjectLine | None:
        """The line at a row, read with its page when it isn't known yet."""
        if not 0 <= row < self._count:
            return None
        number, within = divmod(row, PAGE)
        if number not in self._pages:
            self._pages[number] = self._casebook.subjects(self._search, number * PAGE, PAGE)
        page = self._pages[number]
        return page[within] if within < len(page) else None

    def row_of(self, subject: str) -> int:
        """The row of a subject among those already read, -1 when it is not there."""
        for number, page in self._pages.items():
            for within, line in enumerate(page):
                if line.id == subject:
                    return number * PAGE + within
        return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Subjects that match."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """What is shown of a subject."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns."""
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(COLUMNS):
            if role == Qt.ItemDataRole.DisplayRole:
                return self._settings.say(f"ui.subjects.column.{COLUMNS[section]}")
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(COLUMNS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text of a cell; the line itself under UserRole."""
        if not index.isValid() or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.UserRole,
            Qt.ItemDataRole.TextAlignmentRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return None
        column = COLUMNS[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        line = self.line(index.row())
        if line is None or role == Qt.ItemDataRole.UserRole:
            return line
        text = self._text(line, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{line.id}, {self._settings.say(f'ui.subjects.column.{column}')}: {text}"
        return text

    def _text(self, line: SubjectLine, column: str) -> str:
        if column == "last_entry":
            return local_time(line.last_entry)
        if column == "open_queries":
            return str(line.open_queries) if line.open_queries else ""
        text = str(getattr(line, column))
        return self._label(column, text) if column in SHOWN else text

    def _label(self, column: str, code: str) -> str:
        """The words of a code, by the code list of the fact that fills the column."""
        study = self._casebook.study
        fact = study.fact_by_id.get(SHOWN[column])
        codelist = study.codelist_by_id.get(fact.codelist) if fact else None
        words = codelist.labels.get(code) if codelist else None
        return said(words, self._settings.language) if words else code

    def _on_changed(self, changes: Any) -> None:
        subjects = {place.subject for place in changes.places if place.subject}
        if not subjects:
            return
        if self._casebook.count_subjects(self._search) != self._count:
            self.reload()
            return
        rows = [row for subject in subjects if (row := self.row_of(subject)) >= 0]
        for number in {row // PAGE for row in rows}:
            del self._pages[number]
        for row in rows:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))


def _alignment(column: str) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
