"""A date typed without its year: taken where it can't be mistaken, shown whole at once, asked for otherwise."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from forms.course.near import near_day
from forms.place import FormKey, Place
from tests.ui.windows import FIRST, dialogs, press, standing, type_text
from ui.dialogs.which_date import WhichDateDialog

CONSENT = FormKey(FIRST, "SCR", "1", "IC")
SLIP = FormKey(FIRST, "C_D8", "1", "HEM")


@pytest.fixture
def window(tmp_path, qtbot):
    yield from standing(tmp_path, qtbot, "nurse")


def typing(window, key: FormKey, item: str, text: str):
    """The form page with a text standing half typed in a field."""
    window.workspace.open_form(key)
    QApplication.processEvents()
    page = window.workspace.made["subject"].form
    page.go_to(item, "1")
    QApplication.focusWidget().selectAll()
    type_text(text)
    return page


def answering(answer) -> list[list[str]]:
    """Answer the question for the year as soon as it stands; gives what was offered."""
    offered: list[list[str]] = []

    def act() -> None:
        open_ = [each for each in dialogs() if isinstance(each, WhichDateDialog)]
        if open_:
            timer.stop()
            offered.append([button.text() for button in open_[0].buttons])
            answer(open_[0])

    timer = QTimer(QApplication.instance())
    timer.timeout.connect(act)
    timer.start(10)
    return offered


def stored(window, key: FormKey, item: str):
    return window.casebook.sheet(key).cell(item)


def test_a_day_near_the_visit_is_read_and_the_whole_date_stands_there_while_typing(window):
    page = typing(window, SLIP, "LBDAT", "10/4")
    editor = page.canvas.fields[("LBDAT", "1")].editor
    assert editor.reading.isVisible()
    assert editor.reading.text() == "= 2024-10-04"
    press(Qt.Key.Key_Return)
    assert editor.text() == "2024-10-04"
    assert not editor.reading.isVisible()
    assert stored(window, SLIP, "LBDAT").value.value == "2024-10-04"


def test_a_day_just_ahead_is_never_taken_for_last_years_without_asking(window):
    window.casebook.add_subject("S01-002")
    new = FormKey("S01-002", "SCR", "1", "IC")
    offered = answering(lambda dialog: dialog.buttons[1].click())
    page = typing(window, new, "ICDAT", "10/19")
    press(Qt.Key.Key_Return)
    assert offered == [
        ["2024-10-19   (the day after 2024-10-18)", "2023-10-19   (365 days before 2024-10-18)", "None of these"]
    ]
    assert page.canvas.fields[("ICDAT", "1")].editor.text() == "2023-10-19"
    assert stored(window, new, "ICDAT").value.value == "2023-10-19"


def test_a_day_far_from_the_visit_that_nobody_confirms_stays_as_typed_and_blocks(window):
    offered = answering(lambda dialog: dialog.reject())
    typing(window, SLIP, "LBDAT", "3/11")
    press(Qt.Key.Key_Return)
    assert len(offered) == 1
    cell = stored(window, SLIP, "LBDAT")
    assert (cell.value.text, cell.value.value) == ("3/11", "")
    assert [finding.severity for finding in cell.findings] == ["block"]
    assert "year is missing" in cell.findings[0].text["en"]
    assert "缺少年份" in cell.findings[0].text["zh"]


def test_a_month_where_a_day_is_needed_says_that_the_day_is_missing(window):
    typing(window, SLIP, "LBDAT", "2024-10")
    press(Qt.Key.Key_Return)
    assert "day is missing" in stored(window, SLIP, "LBDAT").findings[0].text["en"]


@pytest.mark.parametrize(
    ("place", "near"),
    [
        (Place(FIRST, "C_D8", "1", "HEM", "1", "1", "LBDAT"), "2024-10-03"),
        (Place(FIRST, "C_D1", "2", "SV", "1", "1", "SVDAT"), "2024-10-17"),
        (Place(FIRST, "C_D1", "2", "HEM", "1", "1", "LBDAT"), "2024-10-17"),
        (Place("S01-009", "SCR", "1", "IC", "1", "1", "ICDAT"), ""),
    ],
    ids=["the day of the visit", "the planned day for the visit itself", "the planned day", "nothing is known"],
)
def test_a_short_date_is_looked_for_near_the_visit_else_the_planned_day(window, place, near):
    if place.subject != FIRST:
        window.casebook.add_subject(place.subject)
    subject = window.casebook.subject(place.subject)
    item = window.casebook.study.form_by_id[place.form].items[place.item]
    found = near_day(subject, place, item, "10/4")
    assert (found.isoformat() if found else "") == near
    assert near_day(subject, place, item, "2024-10-04") is None
