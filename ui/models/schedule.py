"""The schedule of one subject as a table: a row for each visit, a column for each form, a heading for each cycle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from forms.course.schedule import Visit, VisitForm
from forms.place import FormKey
from forms.study.definition import Study
from forms.texts import said
from ui.parts.plain import plain_tip
from ui.settings import Settings

Index = QModelIndex | QPersistentModelIndex

LEAD = ("visit", "planned", "actual", "status")
"""Columns before the forms."""

KIND_OF_STATUS = {
    "done": "good",
    "due": "info",
    "overdue": "bad",
    "missed": "bad",
    "out_of_window": "warn",
    "upcoming": "quiet",
    "not_expected": "quiet",
    "added": "good",
}
LATE = ("overdue", "missed")
QUIET = ("upcoming", "not_expected")
NOT_EXPECTED = "not_expected"
"""Stands for a cycle where visits outside cycles that nobody expects are kept together at the end."""


@dataclass(frozen=True)
class ScheduleLine:
    """A row: a visit, or the heading of a cycle (or of what is not expected) with its visits."""

    visit: Visit | None
    cycle: str = ""
    visits: tuple[Visit, ...] = ()
    forms: dict[str, VisitForm] = field(default_factory=dict)

    @property
    def is_heading(self) -> bool:
        """The heading of a cycle."""
        return self.visit is None


def mark_of(form: VisitForm, status: str) -> str:
    """Which mark of `ui.parts.marks` a form of a visit gets."""
    if not form.applicable:
        return "none"
    if form.state.status != "empty":
        return form.state.status
    if status in QUIET:
        return "later"
    if not form.required:
        return "optional"
    return "late" if status in LATE else "empty"


def badge_of(form: VisitForm) -> str:
    """The strongest of what people said of a form: locked, frozen, signed; "" for none."""
    flags = form.state.flags()
    return "locked" if flags.locked else "frozen" if flags.frozen else "signed" if flags.signed else ""


def flag_words(form: VisitForm, settings: Settings) -> list[str]:
    """Everything that people said of a form, in words."""
    flags = form.state.flags()
    return [
        settings.say(f"ui.mark.{name}") for name in ("verified", "signed", "frozen", "locked") if getattr(flags, name)
    ]


def worst_mark(marks: Iterable[str]) -> str:
    """One mark for the forms of a folded cycle: what is late shows first, complete only when all are."""
    every = set(marks)
    found = every - {"none", "optional"}
    if "late" in found:
        return "late"
    if len(found) > 1:
        return "started"
    return found.pop() if found else "optional" if "optional" in every else ""


def group_lines(study: Study, visits: Sequence[Visit], folded: set[str]) -> list[ScheduleLine]:
    """Visits in the order of the study; those of a cycle stand together under a heading, hidden when folded.

    Visits outside cycles that are not expected and hold nothing stand under a heading of their own at the end.
    """
    lines: list[ScheduleLine] = []
    cycles: dict[str, list[Visit]] = {}
    for visit in visits:
        if study.event_by_id[visit.event].kind == "log":
            continue
        cycle = cycle_of_visit(study, visit)
        if not cycle:
            lines.append(_line(visit))
            continue
        if cycle not in cycles:
            cycles[cycle] = []
            lines.append(ScheduleLine(None, cycle))
        cycles[cycle].append(visit)
    lines.sort(key=lambda line: line.cycle == NOT_EXPECTED)
    shown: list[ScheduleLine] = []
    for line in lines:
        if not line.is_heading:
            shown.append(line)
            continue
        own = tuple(cycles[line.cycle])
        shown.append(ScheduleLine(None, line.cycle, own))
        if line.cycle not in folded:
            shown += [_line(visit) for visit in own]
    return shown


def cycle_of_visit(study: Study, visit: Visit) -> str:
    """Number of the cycle under whose heading a visit stands, `NOT_EXPECTED`, or "" for a row of its own."""
    if study.event_by_id[visit.event].kind == "cycle":
        return visit.event_no
    idle = visit.status == "not_expected" and all(form.state.status == "empty" for form in visit.forms)
    return NOT_EXPECTED if idle else ""


def _line(visit: Visit) -> ScheduleLine:
    return ScheduleLine(visit, forms={form.key.form: form for form in visit.forms})


def form_columns(study: Study) -> tuple[str, ...]:
    """Forms that stand in a visit, in the order in which the study first uses them."""
    return tuple(dict.fromkeys(form.form for event in study.events if event.kind != "log" for form in event.forms))


class ScheduleModel(QAbstractTableModel):
    """Lines and columns of one subject's schedule. It holds what `forms.course.schedule` found and judges nothing."""

    def __init__(self, study: Study, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.study = study
        self.settings = settings
        self.forms = form_columns(study)
        self.folded: set[str] = set()
        self.lines: list[ScheduleLine] = []
        self.queried: frozenset[FormKey] = frozenset()
        self._visits: tuple[Visit, ...] = ()

    def show_visits(self, visits: tuple[Visit, ...], queried: frozenset[FormKey]) -> None:
        """Show a schedule; ``queried`` are the forms with an open query. A change of states only repaints."""
        lines = group_lines(self.study, visits, self.folded)
        same = [self._place(line) for line in lines] == [self._place(line) for line in self.lines]
        self._visits, self.queried = visits, queried
        if same and lines:
            self.lines = lines
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, self.columnCount() - 1))
            return
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def fold_future(self) -> None:
        """Fold the cycles of which nothing is done, due or late."""
        cycles: dict[str, list[Visit]] = {}
        for visit in self._visits:
            if self.study.event_by_id[visit.event].kind == "cycle":
                cycles.setdefault(visit.event_no, []).append(visit)
        quiet = {number for number, own in cycles.items() if all(visit.status in QUIET for visit in own)}
        self.folded = quiet if len(quiet) < len(cycles) else set(list(cycles)[1:])
        self.folded.add(NOT_EXPECTED)
        self._regroup()

    def fold(self, row: int) -> None:
        """Fold or unfold the cycle a row belongs to."""
        cycle = self.cycle_of(row)
        if cycle:
            self.folded ^= {cycle}
            self._regroup()

    def cycle_of(self, row: int) -> str:
        """The cycle of a row, "" when it has none."""
        line = self.lines[row]
        if line.visit is None:
            return line.cycle
        return cycle_of_visit(self.study, line.visit)

    def heading_row(self, cycle: str) -> int:
        """The row of a cycle's heading."""
        return next(row for row, line in enumerate(self.lines) if line.is_heading and line.cycle == cycle)

    def _regroup(self) -> None:
        self.beginResetModel()
        self.lines = group_lines(self.study, self._visits, self.folded)
        self.endResetModel()

    def _place(self, line: ScheduleLine) -> tuple[str, str, str]:
        return (line.visit.event, line.visit.event_no, "") if line.visit else ("", "", line.cycle)

    # --- what the view asks ---------------------------------------------------------------------------------------

    def form_at(self, index: Index) -> VisitForm | None:
        """The form of a cell that applies, None where there is none."""
        if not index.isValid() or index.column() < len(LEAD):
            return None
        form = self.lines[index.row()].forms.get(self.forms[index.column() - len(LEAD)])
        return form if form is not None and form.applicable else None

    def mark_at(self, index: Index) -> tuple[str, bool]:
        """The mark of a cell ("" = none) and whether a query is open on it."""
        if index.column() < len(LEAD):
            return "", False
        line, name = self.lines[index.row()], self.forms[index.column() - len(LEAD)]
        if line.visit is not None:
            form = line.forms.get(name)
            return (mark_of(form, line.visit.status), form.key in self.queried) if form else ("", False)
        if line.cycle not in self.folded or line.cycle == NOT_EXPECTED:
            return "", False
        own = [(form, visit.status) for visit in line.visits for form in visit.forms if form.key.form == name]
        return worst_mark(mark_of(*pair) for pair in own), any(form.key in self.queried for form, _ in own)

    def badge_at(self, index: Index) -> str:
        """The badge of a cell, "" for none; a folded cycle has none."""
        form = self.form_at(index)
        return badge_of(form) if form is not None else ""

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Visits and headings."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Dates, status and forms."""
        return 0 if parent.isValid() else len(LEAD) + len(self.forms)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < self.columnCount():
            return None
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if section < len(LEAD):
            return self.settings.say(f"ui.schedule.{LEAD[section]}")
        words = said(self.study.form_by_id[self.forms[section - len(LEAD)]].label, self.settings.language)
        return plain_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text of the leading columns; words of every cell for tips and screen readers; the line under UserRole."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.UserRole:
            return self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole and index.column() < len(LEAD):
            return self.text(self.lines[index.row()], LEAD[index.column()])
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            words = self.words(index)
            return (plain_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words) or None
        return None

    def text(self, line: ScheduleLine, column: str) -> str:
        """What stands in a leading column."""
        if column == "visit":
            return self.visit_name(line)
        if line.visit is None:
            return self._cycle_text(line, column)
        if column == "planned":
            return _iso(line.visit.planned)
        if column == "actual":
            return _iso(line.visit.actual)
        return self.settings.say(f"ui.visit_status.{line.visit.status}")

    def visit_name(self, line: ScheduleLine) -> str:
        """Name of a visit without its cycle; of a heading, the cycle."""
        if line.visit is None:
            key = NOT_EXPECTED if line.cycle == NOT_EXPECTED else "cycle"
            return self.settings.say(f"ui.schedule.{key}", number=line.cycle, count=len(line.visits))
        event = self.study.event_by_id[line.visit.event]
        name = said(event.label, self.settings.language)
        if event.kind != "added":
            return name
        number = sum(1 for visit in self._visits[: self._visits.index(line.visit) + 1] if visit.event == event.id)
        return f"{name} {number}"

    def words(self, index: Index) -> str:
        """A cell in words: where, which form, in what state."""
        line, column = self.lines[index.row()], index.column()
        place = self.visit_name(line)
        cycle = self.cycle_of(index.row())
        if cycle and cycle != NOT_EXPECTED and line.visit is not None:
            place = self.settings.say("casebook.in_cycle", cycle=cycle, event=place)
        if column < len(LEAD):
            words = [place, self.text(line, LEAD[column]) if column else ""]
            if line.visit is not None and column == 1 and line.visit.earliest and line.visit.latest:
                words.append(
                    self.settings.say(
                        "ui.schedule.window", earliest=_iso(line.visit.earliest), latest=_iso(line.visit.latest)
                    )
                )
            if line.visit is not None and column == 0:
                words.append(said(self.study.event_by_id[line.visit.event].protocol_day, self.settings.language))
            return self._listed(*words)
        mark, query = self.mark_at(index)
        if not mark:
            return ""
        form = said(self.study.form_by_id[self.forms[column - len(LEAD)]].label, self.settings.language)
        words = [place, form, self.settings.say(f"ui.mark.{mark}")]
        here = self.form_at(index)
        words += flag_words(here, self.settings) if here is not None else []
        return self._listed(*words, self.settings.say("ui.mark.query") if query else "")

    def _listed(self, *words: str) -> str:
        return ("，" if self.settings.language == "zh" else ", ").join(word for word in words if word)

    def _cycle_text(self, line: ScheduleLine, column: str) -> str:
        if line.cycle == NOT_EXPECTED:
            return ""
        if column == "planned":
            return _iso(next((visit.planned for visit in line.visits if visit.planned), None))
        if column == "actual":
            return _iso(next((visit.actual for visit in line.visits if visit.actual), None))
        done = sum(1 for visit in line.visits if visit.status in ("done", "out_of_window", "added"))
        if any(visit.status in LATE for visit in line.visits):
            return self.settings.say("ui.visit_status.overdue")
        return self.settings.say("ui.schedule.visits_done", done=done, of=len(line.visits))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
