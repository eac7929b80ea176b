"""Questions answered by a key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.reports.datasets import ankl
from ui.editors import editor_for


def test_a_letter_answers_and_a_shortcut_with_that_letter_does_not(qtbot):
    study = ankl()
    parent = QWidget()
    qtbot.addWidget(parent)
    item = study.form_by_id["SV"].items["SVPERF"]
    editor = editor_for(item, study.codelist_by_id[item.codelist], "en", parent)
    heard = []
    editor.typed.connect(heard.append)
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(editor.buttons[0], Qt.Key.Key_N, held)
    QTest.keyClick(editor.buttons[0], Qt.Key.Key_Y, Qt.KeyboardModifier.AltModifier)
    assert (editor.text(), heard) == ("", [])
    QTest.keyClick(editor.buttons[0], Qt.Key.Key_N)
    assert (editor.text(), heard) == ("N", ["N"])


def editor_of(qtbot, form, item):
    study = ankl()
    parent = QWidget()
    qtbot.addWidget(parent)
    asked = study.form_by_id[form].items[item]
    editor = editor_for(asked, study.codelist_by_id[asked.codelist], "en", parent)
    editor.parent_kept = parent
    return editor


def typed(editor, signs):
    for sign in signs:
        QTest.keyClick(editor.focusProxy(), sign)
    return editor.text()


def scored():
    """An item whose codes are numbers from 0."""
    study = ankl()
    return next(
        (form.id, item.id) for form in study.forms for item in form.items.values()
        if item.codelist == "SCORE3" and not item.derive
    )  # fmt: skip


@pytest.mark.parametrize(("sign", "code"), [("0", "0"), ("1", "1"), ("2", "2"), ("3", "3")])
def test_a_digit_is_the_code_that_it_names(qtbot, sign, code):
    assert typed(editor_of(qtbot, *scored()), sign) == code


def test_where_no_code_is_a_number_a_digit_is_the_place_in_the_list(qtbot):
    assert typed(editor_of(qtbot, "SV", "SVPERF"), "1") == "Y"
    assert typed(editor_of(qtbot, "SV", "SVPERF"), "2") == "N"


@pytest.mark.parametrize("number", ["37.2", "120", "21", "1.2", "2,5", "88"])
def test_a_number_typed_one_field_early_answers_nothing_and_is_told(qtbot, number):
    editor = editor_of(qtbot, "SV", "SVPERF")
    told = []
    editor.noticed.connect(told.append)
    assert typed(editor, number) == ""
    assert "Did the visit take place?" in told[0]


def test_a_number_typed_over_an_answer_leaves_the_answer(qtbot):
    editor = editor_of(qtbot, "SV", "SVPERF")
    editor.show_text("Y")
    assert typed(editor, "20") == "Y"
    assert typed(editor, "n") == "N", "a letter after it is an answer again"


def test_a_temperature_typed_into_a_list_that_opens_chooses_no_grade(qtbot):
    assert typed(editor_of(qtbot, "AE", "AETOXGR"), "3") == "3"
    assert typed(editor_of(qtbot, "AE", "AETOXGR"), "37.2") == ""
    editor = editor_of(qtbot, "AE", "AETOXGR")
    editor.show_text("2")
    assert typed(editor, "38") == "2"
