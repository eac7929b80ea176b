"""Questions answered by a key."""

from __future__ import annotations

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
