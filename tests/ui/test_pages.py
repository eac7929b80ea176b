"""Today, queries, reports, study: what they show and where they lead."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from forms.place import Place
from forms.texts import said
from tests.ui.windows import FIRST, ankl, signed_in, wait_for_jobs
from ui.worklist import Task, tasks_of

PLACE = Place(FIRST, "SCR", "1", "DM", "1", "1", "SEX")


@pytest.fixture
def window(tmp_path, qtbot):
    made = signed_in(tmp_path, qtbot, role="pi")
    yield made
    made.close()


def test_today_lists_what_is_due_and_what_is_unfinished(window):
    page = window.workspace.made["today"]
    kinds = {(task.kind, task.key.event, task.key.event_no) for task in page.tasks}
    assert ("incomplete", "C_D1", "1") in kinds
    assert any(kind in ("due", "overdue") for kind, _, _ in kinds)
    assert page.tiles["incomplete"].number.text() == "5"


def test_enter_on_a_line_of_today_opens_its_form(window):
    page = window.workspace.made["today"]
    page.table.setFocus()
    page.table.setCurrentIndex(page.model.index(0, 0))
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert window.workspace.made["subject"].in_form
    assert window.workspace.made["subject"].form.key == page.tasks[0].key


def test_a_tile_shows_only_its_own_lines_and_pressed_again_all(window):
    page = window.workspace.made["today"]
    every = page.model.rowCount()
    page.show_kind("incomplete")
    assert page.model.rowCount() == 5 < every
    page.show_kind("incomplete")
    assert page.model.rowCount() == every


def test_a_finished_form_leaves_the_list(window, qtbot):
    page = window.workspace.made["today"]
    key = next(task.key for task in page.tasks if task.key.event == "C_D15")
    before = [task for task in tasks_of(window.casebook.subject(FIRST)) if task.key.event == "C_D15"]
    window.hub.changed.emit(window.casebook.complete(key))
    qtbot.waitUntil(lambda: not page._timer.isActive() and not window.jobs.busy, timeout=5_000)
    after = [task for task in page.tasks if isinstance(task, Task) and task.key.event == "C_D15"]
    assert after[0].open_forms == before[0].open_forms - 1


def test_a_query_is_answered_closed_and_gone(window):
    window.hub.changed.emit(window.casebook.open_query(PLACE, "Sex as in the chart?"))
    window.workspace.go("queries")
    page = window.workspace.made["queries"]
    assert page.model.rowCount() == 1
    page.reply.setText("Yes, checked.")
    page.answer.click()
    assert page.chosen.status == "answered"
    page.reply.setText("Thank you.")
    page.close_query.click()
    assert page.model.rowCount() == 0
    assert page.stack.currentWidget() is page.empty
    page.filter.show_state("all")
    assert page.model.rowCount() == 1


def test_an_empty_answer_is_refused_in_words(window):
    window.hub.changed.emit(window.casebook.open_query(PLACE, "Sex as in the chart?"))
    window.workspace.go("queries")
    page = window.workspace.made["queries"]
    page.answer.click()
    assert page.note.isVisible()
    assert page.chosen.status == "open"


def test_enter_on_a_query_goes_to_its_field(window, qtbot):
    window.hub.changed.emit(window.casebook.open_query(PLACE, "Sex as in the chart?"))
    window.workspace.go("queries")
    QTest.keyClick(window.workspace.made["queries"].table, Qt.Key.Key_Return)
    form = window.workspace.made["subject"].form
    assert form.key == PLACE.form_key
    qtbot.waitUntil(lambda: form.here == ("SEX", "1"))


def test_a_report_is_made_by_the_worker_and_recorded_in_the_ledger(window, qtbot, tmp_path):
    window.workspace.go("reports")
    page = window.workspace.made["reports"]
    page.subject.setEditText(FIRST)
    path = tmp_path / "casebook.pdf"
    page.make_to(str(path))
    assert page.cancel.isVisible()
    wait_for_jobs(window, qtbot)
    assert path.read_bytes().startswith(b"%PDF")
    assert page.open.isVisible()
    trail = window.casebook.dataset(subject=FIRST).subjects[0].entries
    assert [entry.act for entry in trail].count("report") == 1


def test_a_report_can_be_made_of_what_was_recorded_by_a_day(window, qtbot, tmp_path):
    window.workspace.go("reports")
    page = window.workspace.made["reports"]
    page.as_of.setText("1")
    page.make_to(str(tmp_path / "early.pdf"))
    wait_for_jobs(window, qtbot)
    assert page.note.text()
    assert not (tmp_path / "early.pdf").exists(), "the store had no study yet"
    page.as_of.setText(str(window.casebook.position()))
    page.make_to(str(tmp_path / "now.pdf"))
    wait_for_jobs(window, qtbot)
    assert (tmp_path / "now.pdf").read_bytes().startswith(b"%PDF")


def test_a_cut_off_that_is_no_date_is_refused_before_anything_is_asked(window):
    window.workspace.go("reports")
    page = window.workspace.made["reports"]
    page.cut_off.setText("yesterdayish")
    page.ask_and_make()
    assert "yesterdayish" in page.note.text()
    assert not window.jobs.busy


def test_the_study_page_counts_what_is_still_to_be_confirmed(window):
    window.workspace.go("study")
    page = window.workspace.made["study"]
    unconfirmed = sum(1 for setting in ankl().settings if not setting.confirmed)
    assert page.tabs.tabText(0) == f"To be confirmed ({unconfirmed})"
    assert page.models["forms"].rowCount() == len(ankl().forms)


def test_the_language_turns_every_page_at_once(window):
    for page in window.workspace.seen:
        window.workspace.go(page)
    window.workspace.open_subject(FIRST)
    window.settings.put("language", "zh")
    made = window.workspace.made
    assert made["today"].title.text() == "今日"
    assert made["subjects"].title.text() == "受试者"
    assert made["queries"].title.text() == "质疑"
    assert made["study"].title.text() == said(ankl().title, "zh")
    assert made["subject"].view.title.text() == "访视计划"
    assert window.workspace.rail.buttons["today"].text().strip() == "今日"


def test_only_pages_the_role_may_see_stand_on_the_rail(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot, role="admin")
    assert window.workspace.seen == ["study", "administration"]
    window.close()
