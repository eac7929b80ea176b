"""Queries in the window: asked from a form, filtered, re-opened, cited by the correction, listed."""

from __future__ import annotations

import csv
import io

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from db.folder.keys import CHEAP
from db.people.accounts import add_account
from forms.errors import Refusal
from forms.place import Place
from tests.ui.windows import FIRST, PHRASE, dialogs, signed_in, standing, wait_for_jobs

PLACE = Place(FIRST, "SCR", "1", "DM", "1", "1", "SEX")
BIRTH = Place(FIRST, "SCR", "1", "DM", "1", "1", "BRTHDAT")
MONITORS = "nine old ducks swim"


@pytest.fixture
def window(tmp_path, qtbot):
    yield from standing(tmp_path, qtbot, role="pi")


def field(dialog, name: str):
    words = dialog.settings.say(f"access.field.{name}")
    return next(each for each in dialog.findChildren(object) if getattr(each, "accessibleName", str)() == words)


def queries_page(window):
    window.workspace.go("queries")
    return window.workspace.made["queries"]


def test_f4_asks_about_the_field_with_the_cursor_with_a_day_to_answer_by(window, qtbot):
    window.workspace.open_place(PLACE)
    form = window.workspace.made["subject"].form
    qtbot.waitUntil(lambda: form.here == ("SEX", "1"))
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F4)
    dialog = dialogs()[0]
    assert tuple(field(dialog, "place").currentData()) == ("SEX", "1")
    dialog.go.click()
    assert dialog.note.isVisible()
    field(dialog, "question").setPlainText("As in the chart?")
    dialog.go.click()
    asked = window.casebook.queries(FIRST)[0]
    assert (asked.place, asked.text, asked.due) == (PLACE, "As in the chart?", "2024-11-01")


def test_a_monitor_asks_without_being_able_to_type(window):
    add_account(window.casebook, "hu", "Hu Jing", "monitor", MONITORS, kdf=CHEAP, temporary=False)
    window.leave()
    window.open_store("hu", MONITORS)
    window.workspace.open_form(PLACE.form_key)
    dialog = window.workspace.made["subject"].form.acts.ask_query()
    field(dialog, "question").setPlainText("Which document?")
    dialog.go.click()
    assert window.casebook.queries(FIRST)[0].text == "Which document?"


def test_a_nurse_who_wants_to_ask_is_told_whose_right_it_is(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot, role="nurse")
    window.workspace.open_form(PLACE.form_key)
    form = window.workspace.made["subject"].form
    assert form.acts.ask_query() is None
    said_there = [each.text() for each in form.blockers.findChildren(QLabel) if each.isVisible()]
    owners = "Investigator, Principal investigator, Monitor, Data manager"
    assert said_there == [f"Your role does not include: open queries. It belongs to: {owners}."]
    window.close()


def test_a_correction_made_while_a_question_stands_cites_it(window, qtbot):
    window.casebook.open_query(BIRTH, "Year as in the passport?")
    asked = window.casebook.queries(FIRST)[0]
    window.workspace.open_place(BIRTH)
    form = window.workspace.made["subject"].form
    qtbot.waitUntil(lambda: form.here == ("BRTHDAT", "1"))
    form.saver.save("BRTHDAT", "1", "1990-03-11")
    assert window.casebook.history(BIRTH)[-1].cause == asked.id


def test_filters_narrow_by_state_by_who_asked_and_by_words(window):
    window.casebook.open_query(PLACE, "Sex as in the chart?", due="2024-10-01")
    window.casebook.open_query(BIRTH, "Birth date?", due="2024-12-01")
    page = queries_page(window)
    assert page.model.rowCount() == 2
    page.filter.show_state("overdue")
    assert page.chosen.place == PLACE
    assert page.model.rowCount() == 1
    page.filter.show_state("all")
    page.filter.text.setText("birth DATE")
    assert page.chosen.place == BIRTH
    page.filter.by.setCurrentIndex(2)
    assert page.model.rowCount() == 0


def test_a_closed_query_is_opened_again_with_words(window):
    window.casebook.open_query(PLACE, "Sex as in the chart?")
    page = queries_page(window)
    page.reply.setText("Settled by phone.")
    page.close_query.click()
    page.filter.show_state("closed")
    page.reply.setText("Not settled after all.")
    page.reopen.click()
    page.filter.show_state("open")
    assert page.chosen.status == "open"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_listing_is_made_as_pdf_and_as_table_with_every_step(window, qtbot, tmp_path, language):
    window.settings.put("language", language)
    window.casebook.open_query(PLACE, "=cmd|' /C calc'!A0", due="2024-10-01")
    asked = window.casebook.queries(FIRST)[0]
    window.casebook.answer_query(asked.id, "Looked up.")
    page = queries_page(window)
    for ending in ("pdf", "csv"):
        page.listing.make_to(str(tmp_path / f"queries.{ending}"))
        wait_for_jobs(window, qtbot)
    assert (tmp_path / "queries.pdf").read_bytes().startswith(b"%PDF")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "queries.csv").read_text(encoding="utf-8-sig"))))
    assert rows[0]["question"].startswith("'=")
    assert "Looked up." in rows[0]["steps"]
    assert rows[0]["due"] == "2024-10-01"
    assert len(window.casebook.acts("report")) == 2
    assert window.casebook.user == "lin"
    assert PHRASE not in (tmp_path / "queries.csv").read_text(encoding="utf-8-sig")


def test_a_query_put_to_a_role_is_found_by_it_and_named_in_the_listing(window, qtbot, tmp_path):
    window.workspace.open_form(PLACE.form_key)
    dialog = window.workspace.made["subject"].form.acts.ask_query()
    to = field(dialog, "to")
    assert [to.itemData(at) for at in range(to.count())] == ["", "nurse", "investigator", "pi"]
    to.setCurrentIndex(to.findData("investigator"))
    field(dialog, "question").setPlainText("Is it clinically significant?")
    dialog.go.click()
    window.casebook.open_query(BIRTH, "As in the passport?", to="pi")
    page = queries_page(window)
    page.table.setCurrentIndex(page.model.index(0, 0))
    assert "for Investigator" in page.where.text()
    page.filter.to.setCurrentIndex(1)
    assert [page.model.key(at).place for at in range(page.model.rowCount())] == [BIRTH]
    page.listing.make_to(str(tmp_path / "queries.csv"))
    wait_for_jobs(window, qtbot)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "queries.csv").read_text(encoding="utf-8-sig"))))
    assert {row["to"] for row in rows} == {"investigator", "pi"}


def test_a_query_is_put_to_nobody_who_may_not_answer(window):
    with pytest.raises(Refusal, match="monitor"):
        window.casebook.open_query(PLACE, "As in the chart?", to="monitor")


def test_queries_are_told_apart_by_the_role_that_asked(window):
    hu = add_account(window.casebook, "hu", "Hu Jing", "monitor", MONITORS, kdf=CHEAP, temporary=False)
    window.leave()
    window.open_store("hu", MONITORS)
    window.casebook.open_query(PLACE, "Which document?")
    page = queries_page(window)
    assert not page.filter.to.isVisible()
    by = page.filter.by
    by.setCurrentIndex(by.findData("monitor"))
    assert [page.model.key(at).opened_by for at in range(page.model.rowCount())] == [hu.id]
    by.setCurrentIndex(by.findData("datamanager"))
    assert page.model.rowCount() == 0


def test_the_thread_stands_beside_the_query_so_that_nobody_closes_blind(window):
    window.casebook.open_query(PLACE, "As in the <b>chart</b>?")
    asked = window.casebook.queries(FIRST)[0]
    window.casebook.answer_query(asked.id, "Yes, page 3.")
    page = queries_page(window)
    opened, answered = page.story.toPlainText().splitlines()
    assert opened.endswith("Lin Xia (Principal investigator) · Query opened: As in the <b>chart</b>?")
    assert answered.endswith("Lin Xia (Principal investigator) · Query answered: Yes, page 3.")
    assert "2024-10-18" in answered
    assert page.story.isVisible()


def test_enter_in_the_answer_box_sends_the_answer(window):
    window.casebook.open_query(PLACE, "As in the chart?")
    page = queries_page(window)
    QTest.keyClicks(page.reply, "Yes.")
    QTest.keyClick(page.reply, Qt.Key.Key_Return)
    assert window.casebook.queries(FIRST)[0].status == "answered"
    assert "Query answered: Yes." in page.story.toPlainText()


def test_enter_never_chooses_between_closing_and_opening_again(window):
    window.casebook.open_query(PLACE, "As in the chart?")
    window.casebook.answer_query(window.casebook.queries(FIRST)[0].id, "Yes.")
    page = queries_page(window)
    QTest.keyClicks(page.reply, "Seen.")
    QTest.keyClick(page.reply, Qt.Key.Key_Return)
    assert window.casebook.queries(FIRST)[0].status == "answered"
    assert page.close_query.hasFocus()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_asked_and_answered_stands_at_the_field(window, qtbot, language):
    window.settings.put("language", language)
    window.casebook.open_query(PLACE, "As in the chart?")
    window.workspace.open_place(PLACE)
    form = window.workspace.made["subject"].form
    field = form.canvas.fields[("SEX", "1")]
    height = field.rect.height()
    assert [words.partition("Lin Xia")[2][-16:] for words in field.asked] == ["As in the chart?"]
    asked = window.casebook.queries(FIRST)[0]
    form.hub.changed.emit(window.casebook.answer_query(asked.id, "Yes, page 3."))
    assert field.asked[0].endswith("Yes, page 3.")
    form.hub.changed.emit(window.casebook.close_query(asked.id, "Settled."))
    assert field.asked == ()
    assert field.rect.height() < height


def test_a_half_typed_answer_stays_with_its_query(window):
    window.casebook.open_query(PLACE, "As in the chart?")
    window.casebook.open_query(BIRTH, "Birth date?")
    page = queries_page(window)
    page.table.setCurrentIndex(page.model.index(0, 0))
    page.reply.setText("Looked up in the ch")
    page.table.setCurrentIndex(page.model.index(1, 0))
    assert page.reply.text() == ""
    window.settings.put("language", "zh")
    page.table.setCurrentIndex(page.model.index(0, 0))
    assert page.reply.text() == "Looked up in the ch"
    page.answer.click()
    assert page.reply.text() == ""
    assert {query.status for query in window.casebook.queries(FIRST)} == {"answered", "open"}
