"""Everything that was ever said about one place: who, when, what, why."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from forms.dataset import Entry
from forms.texts import say

COLUMNS = ("when", "who", "value", "unit", "why", "act")


def local_time(entry: Entry) -> str:
    """Time of an entry where it was made, with its zone: ``2024-10-18 09:30:12 UTC+08:00``."""
    at = datetime.fromisoformat(entry.at.replace("Z", "+00:00"))
    zone = timezone(timedelta(minutes=entry.offset))
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S ") + str(zone)


class HistoryDialog(QDialog):
    """The history of a value, newest first; replaced values stay readable."""

    def __init__(
        self, what: str, entries: Sequence[Entry], names: Mapping[str, str], language: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(say(language, "ui_form.history.title"))
        self.resize(860, 360)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        head = QLabel(what, self)
        head.setStyleSheet("font-weight: 700")
        layout.addWidget(head)
        self.table = QTableWidget(len(entries), len(COLUMNS), self)
        self.table.setAccessibleName(say(language, "ui_form.history.title"))
        self.table.setHorizontalHeaderLabels([say(language, f"ui_form.history.{name}") for name in COLUMNS])
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setWordWrap(True)
        for row, entry in enumerate(reversed(entries)):
            self._fill(row, entry, names, language)
        head_view = self.table.horizontalHeader()
        head_view.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head_view.setSectionResizeMode(COLUMNS.index("why"), QHeaderView.ResizeMode.Stretch)
        self.table.resizeRowsToContents()
        layout.addWidget(self.table)
        buttons = QDialogButtonBox(self)
        buttons.addButton(say(language, "ui_form.close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def _fill(self, row: int, entry: Entry, names: Mapping[str, str], language: str) -> None:
        value = entry.value
        shown = say(language, f"ui_form.missing.{value.missing}") if value.missing else value.text or value.value
        if value.blank:
            shown = say(language, "ui_form.history.cleared")
        who = names.get(entry.who, entry.who)
        act_key = f"db.act.{entry.act}"
        act = say(language, act_key)
        cells = (
            local_time(entry),
            f"{who} ({entry.role})" if entry.role else who,
            shown,
            value.unit,
            entry.why or (say(language, "ui_form.history.system") if entry.cause else ""),
            entry.act if act == act_key else act,
        )
        for column, words in enumerate(cells):
            cell = QTableWidgetItem(words)
            cell.setToolTip(words)
            if row and COLUMNS[column] == "value":
                font = cell.font()
                font.setStrikeOut(True)
                cell.setFont(font)
            cell.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, column, cell)
