"""F9 at a field: one list in words of what was entered, found, asked and answered."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextDocument

from forms.place import Place
from forms.texts import say
from tests.ui.windows import FIRST, signed_in
from ui.dialogs.history import HistoryDialog, history_lines
from ui.parts.moments import local_time

VITALS = ("SCR", "1", "VS", "1", "1")


@pytest.fixture
def book(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot, role="pi")
    yield window.casebook
    window.close()


def place_of(item):
    return Place(FIRST, *VITALS, item)


def lines_of(book, item, language="en"):
    place = place_of(item)
    cell = book.sheet(place.form_key).cell(item, "1")
    return history_lines(book.study, book.history(place), cell.findings, book.names(), language)


def told(book, item, language="en"):
    return [(line.cells[3], line.cells[2], line.cells[4]) for line in lines_of(book, item, language)]


def test_values_questions_and_answers_stand_in_one_list_newest_first(book):
    pulse = place_of("PULSE")
    book.enter(pulse, "96")
    book.open_query(pulse, "As in the chart?")
    asked = book.queries(FIRST)[0]
    book.answer_query(asked.id, "No: 69.")
    book.enter(pulse, "69", why="Transcription error", query=asked.id)
    book.close_query(asked.id, "Settled.")
    assert told(book, "PULSE") == [
        ("Query closed", "Settled.", ""),
        ("Corrected", "69 /min", "Transcription error · in answer to a query"),
        ("Query answered", "No: 69.", ""),
        ("Query opened", "As in the chart?", ""),
        ("Entered", "96 /min", ""),
    ]
    assert [line.past for line in lines_of(book, "PULSE")] == [False, False, False, False, True]


def test_nobody_clears_a_field_by_answering(book):
    pulse = place_of("PULSE")
    book.enter(pulse, "96")
    book.open_query(pulse, "As in the chart?")
    book.answer_query(book.queries(FIRST)[0].id, "Yes.")
    words = str(told(book, "PULSE", "en"))
    assert "leared" not in words
    assert "{" not in words


def test_a_value_taken_back_and_entered_again_is_told_so(book):
    pulse = place_of("PULSE")
    for text in ("96", "", "88"):
        book.enter(pulse, text, why="wrong line")
    assert [act for act, _, _ in told(book, "PULSE")] == ["Entered again", "Cleared", "Entered"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_the_checks_say_now_leads_the_list(book, language):
    book.enter(place_of("TEMP"), "warm")
    first = lines_of(book, "TEMP", language)[0]
    assert first.cells[0] == say(language, "ui_form.history.now")
    assert first.cells[3] == say(language, "ui_form.history.finding")
    assert first.cells[2]


def test_all_times_are_those_of_this_computers_clock(book):
    book.enter(place_of("PULSE"), "96")
    entry = book.history(place_of("PULSE"))[0]
    assert lines_of(book, "PULSE")[0].cells[0] == local_time(entry.at, seconds=True)


def test_a_date_read_from_a_short_text_shows_both(book):
    place = Place(FIRST, "C_D15", "1", "SV", "1", "1", "SVDAT")
    book.enter(place, "-2", why="wrong line")
    cell = book.sheet(place.form_key).cell("SVDAT", "1")
    newest = history_lines(book.study, book.history(place), (), book.names(), "en")[0]
    assert cell.value.value == "2024-10-16"
    assert newest.cells[2] == "2024-10-16 (typed: -2)"


@pytest.mark.parametrize("hostile", ["<img src=x>", "<b>bold</b>", "a &amp; b"])
def test_what_looks_like_markup_is_shown_as_it_stands(book, qtbot, hostile):
    place = place_of("EXAMTX")
    book.enter(place, hostile)
    dialog = HistoryDialog(hostile, lines_of(book, "EXAMTX"), "en", None)
    qtbot.addWidget(dialog)
    cell = dialog.table.item(0, 2)
    assert cell.text() == hostile
    drawn = QTextDocument()
    drawn.setHtml(cell.toolTip())
    assert drawn.toPlainText() == hostile
