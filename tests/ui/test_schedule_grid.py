"""The schedule grid: what each cell shows, says and opens."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from forms.place import FormKey, Place
from tests.ui.windows import FIRST, signed_in
from ui.models.schedule import LEAD, NOT_EXPECTED, worst_mark


@pytest.fixture
def window(tmp_path, qtbot):
    made = signed_in(tmp_path, qtbot)
    made.workspace.open_subject(FIRST)
    yield made
    made.close()


@pytest.fixture
def view(window):
    return window.workspace.made["subject"].view


def row_of(model, event: str, number: str = "1") -> int:
    return next(
        at
        for at, line in enumerate(model.lines)
        if line.visit is not None and (line.visit.event, line.visit.event_no) == (event, number)
    )


def cell(model, event: str, form: str, number: str = "1"):
    return model.index(row_of(model, event, number), len(LEAD) + model.forms.index(form))


def test_the_model_keeps_the_rules_of_qt_through_folding(view):
    QAbstractItemModelTester(view.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    lines = list(view.model.lines)
    view.model.fold(view.model.heading_row("1"))
    assert len(view.model.lines) < len(lines)
    view.model.fold(view.model.heading_row("1"))
    assert view.model.lines == lines


def test_cycles_to_come_are_folded_and_the_cursor_stands_on_what_is_to_be_filled(view):
    assert view.model.folded == {"3", "4", "5", "6", NOT_EXPECTED}
    assert "1" not in view.model.folded
    mark, _ = view.model.mark_at(view.grid.currentIndex())
    assert mark in ("empty", "late", "started")


def test_a_cell_shows_whether_its_form_is_empty_started_complete_or_not_part_of_the_visit(view, window):
    model = view.model
    assert model.mark_at(cell(model, "C_D1", "SV")) == ("started", False)
    assert model.mark_at(cell(model, "C_D1", "HEM")) == ("empty", False)
    assert model.mark_at(cell(model, "C_D1", "EXPEG")) == ("", False)
    assert model.mark_at(cell(model, "C_D1", "ECG")) == ("optional", False)
    window.hub.changed.emit(window.casebook.complete(FormKey(FIRST, "C_D8", "1", "SV")))
    assert model.mark_at(cell(model, "C_D8", "SV")) == ("complete", False)


def test_an_open_query_shows_on_its_form(window, view):
    place = Place(FIRST, "SCR", "1", "DM", "1", "1", "SEX")
    window.casebook.become(window.casebook.account.__class__(**{**_fields(window.casebook.account), "role": "pi"}))
    window.hub.changed.emit(window.casebook.open_query(place, "Sex as in the chart?"))
    assert view.model.mark_at(cell(view.model, "SCR", "DM")) == ("started", True)
    assert view.model.words(cell(view.model, "SCR", "DM")).endswith("Open query")


def _fields(account):
    return {name: getattr(account, name) for name in account.__dataclass_fields__}


def test_a_cell_says_visit_form_and_state_in_words(view):
    at = cell(view.model, "C_D8", "HEM")
    words = view.model.data(at, Qt.ItemDataRole.AccessibleTextRole)
    assert words == "Cycle 1, Day 8, Hematology, Empty"


def test_enter_opens_the_form_under_the_cursor(window, view):
    view.grid.setCurrentIndex(cell(view.model, "C_D8", "HEM"))
    QTest.keyClick(view.grid, Qt.Key.Key_Return)
    page = window.workspace.made["subject"]
    assert page.in_form
    assert page.form.key == FormKey(FIRST, "C_D8", "1", "HEM")


def test_space_folds_the_cycle_and_keeps_the_cursor_on_its_heading(view):
    view.grid.setCurrentIndex(cell(view.model, "C_D8", "HEM"))
    QTest.keyClick(view.grid, Qt.Key.Key_Space)
    line = view.model.lines[view.grid.currentIndex().row()]
    assert line.is_heading
    assert line.cycle == "1"
    assert "1" in view.model.folded


def test_coming_back_from_a_form_the_cursor_stands_where_it_was(window, view):
    at = cell(view.model, "C_D8", "HEM")
    view.grid.setCurrentIndex(at)
    page = window.workspace.made["subject"]
    page.show_form(FormKey(FIRST, "C_D8", "1", "HEM"))
    window.workspace.back()
    assert view.grid.currentIndex() == at


def test_an_unscheduled_visit_begins_with_its_first_form(window, view):
    view._begin("UNS")
    page = window.workspace.made["subject"]
    assert page.in_form
    assert (page.form.key.event, page.form.key.form) == ("UNS", "SV")
    assert window.casebook.subject(FIRST).event_nos("UNS") == ()


def test_running_records_stand_above_the_grid_and_open(window, view):
    names = [made.words.text() for made in view._buttons if made.isVisible()]
    assert any(name.startswith("Advers") for name in names)
    view._open_record(next(at for at, form in enumerate(view._forms) if form.key.form == "AE"))
    assert window.workspace.made["subject"].form.key == FormKey(FIRST, "LOG", "1", "AE")


def test_visits_that_nobody_expects_are_kept_together_at_the_end_until_unfolded(view):
    names = [view.model.visit_name(line) for line in view.model.lines]
    assert names[-1].startswith("Not expected (")
    hidden = len(view.model.lines[-1].visits)
    assert hidden > 20
    view.model.fold(len(names) - 1)
    lines = view.model.lines[-hidden:]
    assert {line.visit.status for line in lines} == {"not_expected"}
    assert view.model.words(view.model.index(len(names), 0)).startswith(view.model.visit_name(lines[0]))


def test_the_mark_of_a_folded_cycle_is_its_most_pressing_one():
    assert worst_mark(["complete", "late", "empty"]) == "late"
    assert worst_mark(["complete", "complete", "optional"]) == "complete"
    assert worst_mark(["complete", "empty"]) == "started"
    assert worst_mark(["none"]) == ""


def test_the_band_names_the_subject_for_eye_and_ear(window):
    band = window.workspace.made["subject"].band
    assert band.facts["sex"][2].text() == "Female"
    assert "33 y" in band.accessibleName()


def test_after_transplantation_the_band_counts_its_days_and_no_longer_those_of_a_cycle(window):
    page, book = window.workspace.made["subject"], window.workspace.casebook
    assert "Day of the cycle today: 23" in page.band.accessibleName()
    assert "transplantation" not in page.band.accessibleName()
    for item, text in (("HSYN", "Y"), ("HSDAT", "today")):
        book.enter(FormKey("S01-001", "LOG", "1", "HS").place(item), text)
    page.show_subject("S01-001")
    assert "Day after transplantation today: 0 d" in page.band.accessibleName()
    assert "Day of the cycle" not in page.band.accessibleName()


def test_visit_and_dates_stay_while_the_forms_are_scrolled_sideways(view, window):
    window.resize(1024, 640)
    last = view.model.columnCount() - 1
    view.grid.setCurrentIndex(view.model.index(1, last))
    assert view.grid.horizontalScrollBar().value() > 0
    assert view.grid.frozen.isVisible()
    assert view.grid.frozen.columnViewportPosition(0) == 0
    view.grid.setCurrentIndex(view.model.index(1, len(LEAD)))
    assert view.grid.visualRect(view.grid.currentIndex()).left() >= view.grid.frozen.room
    view.grid.setCurrentIndex(view.model.index(1, 0))
    assert not view.grid.frozen.isVisible()


def test_the_cell_with_the_cursor_is_told_in_words(view):
    view.grid.setCurrentIndex(cell(view.model, "C_D8", "HEM"))
    assert view.told.text() == "Cycle 1, Day 8, Hematology, Empty"


def test_in_a_low_window_the_page_is_scrolled_to_the_cell_with_the_cursor(view, window, qtbot):
    window.resize(910, 441)
    qtbot.wait(50)
    view.area.verticalScrollBar().setValue(0)

    def is_seen() -> bool:
        middle = view.grid.visualRect(view.grid.currentIndex()).center()
        return view.area.viewport().rect().contains(view.grid.viewport().mapTo(view.area.viewport(), middle))

    view.grid.setCurrentIndex(view.model.index(view.model.rowCount() - 1, len(LEAD)))
    qtbot.waitUntil(is_seen)
    view.area.verticalScrollBar().setValue(0)
    assert not is_seen()
    view.focus_grid()
    qtbot.waitUntil(is_seen)
