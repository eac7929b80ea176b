"""Today, queries, reports, study: what they show and where they lead."""

from __future__ import annotations

import json
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from db.casebook.worklist import Task, tasks_of
from forms.place import FormKey, Place
from forms.texts import said
from tests.ui.windows import FIRST, TODAY, ankl, dialogs, signed_in, wait_for_jobs
from ui.settings import Settings
from ui.theme import show_sheet
from ui.window.rail import Rail

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


def test_the_ledger_keeps_what_a_report_was_asked_for_not_what_the_page_shows_later(window, qtbot, tmp_path):
    window.workspace.go("reports")
    page = window.workspace.made["reports"]
    page.subject.setEditText(FIRST)
    page.cut_off.setText("2025-06-01")
    page.make_to(str(tmp_path / "casebook.pdf"))
    asked = page.language.currentData()
    page.list.setCurrentRow(page.list.count() - 1)
    page.language.setCurrentIndex(1 - page.language.currentIndex())
    page.as_of.setText("7")
    page.cut_off.clear()
    wait_for_jobs(window, qtbot)
    trail = window.casebook.dataset(subject=FIRST).subjects[0].entries
    told = json.loads(next(entry.value.value for entry in trail if entry.act == "report"))
    assert (told["report"], told["language"], told["cut_off"]) == ("casebook", asked, "2025-06-01")
    assert "as_of" not in told


def test_while_a_report_is_made_the_cursor_stands_on_cancel(window, qtbot, tmp_path):
    window.workspace.go("reports")
    page = window.workspace.made["reports"]
    page.make.setFocus()
    page.make_to(str(tmp_path / "casebook.pdf"))
    assert page.cancel.hasFocus()
    wait_for_jobs(window, qtbot)


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


def enter_event(window, serious="Y", **values):
    book = window.casebook
    key = FormKey(FIRST, "LOG", "1", "AE")
    row = book.new_row(key, "AE")
    for item, text in {"AETERM": "fever", "AEDECOD": "Febrile neutropenia", "AESER": serious, **values}.items():
        book.enter(key.place(item, row), text)
    return key, row


def today_again(window, qtbot):
    page = window.workspace.made["today"]
    page.refresh()
    wait_for_jobs(window, qtbot)
    return page


def row_of(page, at):
    return [page.model.index(at, column).data() for column in range(page.model.columnCount())]


def test_an_open_serious_event_leads_today_with_its_clock(window, qtbot):
    key, row = enter_event(window, AEAWARE="2024-10-17 15:30")
    page = today_again(window, qtbot)
    assert page.tasks[0].kind == "serious"
    kind, subject, _, what, until, clock = row_of(page, 0)
    assert (kind, subject, until) == ("bad|Serious", FIRST, "2024-10-18")
    assert what.startswith("Febrile neutropenia: report it")
    assert clock == "6 h left"
    assert page.tiles["serious"].isVisible()
    page.table.opened.emit(page.model.index(0, 0))
    form = window.workspace.made["subject"].form
    qtbot.waitUntil(lambda: form.here == ("AESER", row))
    window.casebook.enter(key.place("AEREPDAT", row), "2024-10-18 08:00")
    assert all(task.kind != "serious" for task in today_again(window, qtbot).tasks)


@pytest.mark.parametrize(
    ("aware", "clock"),
    [("2024-10-16 15:30", "17 h late"), ("2024-10-17", "Enter when the site learned of it")],
)
def test_a_clock_that_ran_out_says_so_and_one_that_has_no_beginning_asks_for_it(window, qtbot, aware, clock):
    enter_event(window, AEAWARE=aware)
    assert row_of(today_again(window, qtbot), 0)[-1] == clock


def test_what_is_not_serious_or_was_taken_back_raises_nothing(window, qtbot):
    enter_event(window, serious="N")
    key, row = enter_event(window)
    for item in ("AETERM", "AEDECOD", "AESER"):
        window.casebook.enter(key.place(item, row), "", why="wrong subject")
    page = today_again(window, qtbot)
    assert all(task.kind != "serious" for task in page.tasks)
    assert not page.tiles["serious"].isVisible()


def test_the_visit_of_today_comes_before_what_is_overdue_or_unfinished(window, qtbot):
    window.casebook.enter(Place(FIRST, "C_D15", "1", "SV", "1", "1", "SVDAT"), TODAY, why="wrong day")
    tasks = today_again(window, qtbot).tasks
    ranks = [task.rank(date.fromisoformat(TODAY)) for task in tasks]
    assert tasks[0].key.event == "C_D15"
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 1


def test_an_answered_query_is_open_everywhere_until_it_is_closed(window, qtbot):
    book = window.casebook
    place = Place(FIRST, "SCR", "1", "DM", "1", "1", "SEX")
    book.open_query(place, "As in the chart?")
    asked = book.queries(FIRST)[0]
    for act, count, status in (
        (None, 1, "Query"), (book.answer_query, 1, "Answered"), (book.close_query, 0, ""),
    ):  # fmt: skip
        if act:
            act(asked.id, "Yes.")
        page = today_again(window, qtbot)
        told = [row_of(page, at)[0].partition("|")[2] for at, task in enumerate(page.tasks) if task.kind == "query"]
        assert told == [status] * count
        assert book.subjects()[0].open_queries == count
        assert sum(query.is_open for query in book.dataset().subjects[0].queries) == count
        window.workspace.go("queries")
        assert window.workspace.made["queries"].count.text().startswith(f"{count} open")
        window.workspace.go("today")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_enter_on_what_is_to_be_confirmed_shows_what_hangs_on_it(window, language):
    window.settings.put("language", language)
    window.workspace.go("study")
    page = window.workspace.made["study"]
    settings = [page.models["settings"].key(at) for at in range(page.models["settings"].rowCount())]
    at = next(number for number, each in enumerate(settings) if each.id == "sae_hours")
    page.tables["settings"].setFocus()
    page.tables["settings"].selectRow(at)
    QTest.keyClick(page.tables["settings"], Qt.Key.Key_Return)
    (dialog,) = dialogs()
    words = "\n".join(each.text() for each in dialog.findChildren(QLabel))
    assert said(settings[at].label, language) in words
    for form, item in (("AE", "AEREPDAT"), ("SAE", "SAEREP")):
        assert said(ankl().form_by_id[form].items[item].label, language) in words
    assert "24" in words
    dialog.accept()


def test_the_rail_has_room_for_its_names_when_the_style_comes_after_it(tmp_path, qtbot):
    application = QApplication.instance()
    settings = Settings(tmp_path / "casebook.ini")
    application.setStyleSheet("")
    try:
        rail = Rail(("today", "administration"), settings)
        qtbot.addWidget(rail)
    finally:
        show_sheet(application, settings.dark)
    rail.show()
    for made in rail.buttons.values():
        assert made.width() >= made.sizeHint().width()
