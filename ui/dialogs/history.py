"""Everything that was ever said about one place in one list: values, findings, questions and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from forms.findings import Finding
from forms.record.dataset import Entry
from forms.record.trail import VALUES, act_words, entry_words, told_before, who_words
from forms.study.definition import Study
from forms.texts import said, say
from ui.parts.bounded import Bounded
from ui.parts.moments import local_time
from ui.parts.pieces import across, down, label
from ui.parts.plain import plain_tip

COLUMNS = ("when", "who", "value", "act", "why")
LEAST, MOST = 120, 320
"""Points of a column: what is longer goes on in a further line."""
TABLE_LEAST = 150
"""Points of the table's height below which the dialog scrolls."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a history. ``past``: a value that another one took the place of."""

    cells: tuple[str, ...]
    past: bool = False


def history_lines(
    study: Study, entries: Sequence[Entry], findings: Sequence[Finding], names: Mapping[str, str], language: str
) -> list[HistoryLine]:
    """What the checks say now, then every entry, newest first; all times on this computer's clock."""
    program = say(language, "casebook.trail.system")
    now, finding = say(language, "ui_form.history.now"), say(language, "ui_form.history.finding")
    lines = [HistoryLine((now, program, said(each.text, language), finding, "")) for each in findings]
    before = told_before(entries)
    replaced = {entry.address for entry in before.values()}
    asked = {entry.address for entry in entries if entry.act == "query_opened"}
    for entry in reversed(entries):
        words = entry_words(study, entry, language)
        lines.append(
            HistoryLine(
                (
                    local_time(entry.at, seconds=True),
                    who_words(study, names, entry, language),
                    words,
                    act_words(entry, before.get(entry.address), language),
                    _why(entry, asked, language),
                ),
                entry.address in replaced,
            )
        )
    return lines


def _why(entry: Entry, asked: set[str], language: str) -> str:
    """The reason given; answers stand as words of their own, so they are no reason."""
    if entry.act not in VALUES:
        return "" if entry.act.startswith("query_") else entry.why
    parts = [entry.why] if entry.why else []
    if entry.cause in asked:
        parts.append(say(language, "ui_form.history.for_query"))
    elif entry.act == "derived":
        parts.append(say(language, "ui_form.history.system"))
    return " · ".join(parts)


class HistoryDialog(Bounded):
    """The history of a field, newest first; replaced values stay readable."""

    def __init__(self, what: str, lines: Sequence[HistoryLine], language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(say(language, "ui_form.history.title"))
        layout = down(spacing=10)
        layout.addWidget(label("heading", what, wrap=True))
        self.table = QTableWidget(len(lines), len(COLUMNS), self)
        self.table.setAccessibleName(say(language, "ui_form.history.title"))
        self.table.setHorizontalHeaderLabels([say(language, f"ui_form.history.{name}") for name in COLUMNS])
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setWordWrap(True)
        for row, line in enumerate(lines):
            self._fill(row, line)
        head_view = self.table.horizontalHeader()
        head_view.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head_view.setSectionResizeMode(COLUMNS.index("why"), QHeaderView.ResizeMode.Stretch)
        head_view.setMinimumSectionSize(LEAST)
        head_view.setMaximumSectionSize(MOST)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.setMinimumHeight(TABLE_LEAST)
        layout.addWidget(self.table, 1)
        if not lines:
            layout.addWidget(label("quiet", say(language, "ui_form.history.none")))
        buttons = QDialogButtonBox(self)
        buttons.addButton(say(language, "ui_form.close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        self.hold(layout, across(buttons), QSize(1000, 420))

    def _fill(self, row: int, line: HistoryLine) -> None:
        for column, words in enumerate(line.cells):
            cell = QTableWidgetItem(words)
            cell.setToolTip(plain_tip(words))
            if line.past and COLUMNS[column] == "value":
                font = cell.font()
                font.setStrikeOut(True)
                cell.setFont(font)
            cell.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, column, cell)
