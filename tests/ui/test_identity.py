"""The identification log in the window: a button in the band for those who may look, none for others."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from db.folder.keys import CHEAP
from db.people.accounts import add_account
from db.people.identity import Identity, read_identity, read_log, write_log
from tests.ui.test_access import nameless
from tests.ui.windows import FIRST, dialogs, standing

MONITORS = "nine old ducks swim"


@pytest.fixture
def window(tmp_path, qtbot):
    yield from standing(tmp_path, qtbot, role="pi")


def line(dialog, name: str) -> QLineEdit:
    words = dialog.settings.say(f"access.field.{name}")
    return next(each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == words)


def test_whoever_may_look_notes_and_sees_who_a_subject_is(window):
    window.workspace.open_subject(FIRST)
    page = window.workspace.made["subject"]
    page.identity.click()
    dialog = dialogs()[0]
    line(dialog, "id_name").setText("张小兰")
    line(dialog, "id_number").setText("H-88123")
    dialog.go.click()
    assert read_identity(window.casebook, FIRST) == Identity("H-88123", "张小兰", "")
    page.identity.click()
    dialog = dialogs()[0]
    assert line(dialog, "id_name").text() == "张小兰"
    line(dialog, "id_bed").setText("12-3")
    dialog.go.click()
    assert dialog.note.isVisible()
    line(dialog, "why").setText("Moved")
    dialog.go.click()
    assert read_identity(window.casebook, FIRST).bed == "12-3"
    assert len(window.casebook.acts("identity_read")) >= 3


def test_a_monitor_sees_no_button(window):
    add_account(window.casebook, "hu", "Hu Jing", "monitor", MONITORS, kdf=CHEAP, temporary=False)
    window.leave()
    window.open_store("hu", MONITORS)
    window.workspace.open_subject(FIRST)
    assert not window.workspace.made["subject"].identity.isVisible()


SHEET = "住院号\t姓名\t床号\nH-88123\t张小兰\t12-3\nH-2\t王强\t9\n"


@pytest.fixture
def log(window):
    for subject in ("S01-002", "S01-003"):
        window.casebook.add_subject(subject)
    write_log(window.casebook, {FIRST: Identity("H-88123"), "S01-002": Identity("H-2")})
    window.workspace.go("subjects")
    return window.workspace.made["subjects"].show_log()


def test_one_sheet_of_the_hospital_fills_many_subjects_and_is_kept_in_one_go(window, log):
    QApplication.clipboard().setText(SHEET + "H-77\t陌生人\t1\n")
    log.table.setFocus()
    QTest.keyClick(log.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert log.model.identity(FIRST) == Identity("H-88123", "张小兰", "12-3")
    assert "H-77 陌生人" in log.note.text()
    assert read_log(window.casebook)[FIRST] == Identity("H-88123")
    log.why.clear()
    log.go.click()
    assert "reason" in log.note.text().lower()
    log.why.setText("As in the hospital's system")
    log.go.click()
    assert read_log(window.casebook)["S01-002"] == Identity("H-2", "王强", "9")
    assert not log.go.isEnabled()
    log.reject()
    assert not log.isVisible()


def test_rows_without_hints_go_where_the_cursor_stands_and_cells_can_be_typed(window, log):
    log.table.setCurrentIndex(log.model.index(1, 2))
    log.take_text("王强\t9\n李娜\t10\n")
    assert log.model.identity("S01-002") == Identity("H-2", "王强", "9")
    assert log.model.identity("S01-003") == Identity("", "李娜", "10")
    log.model.setData(log.model.index(2, 1), " H-3 ")
    assert log.model.identity("S01-003") == Identity("H-3", "李娜", "10")
    assert not log.model.setData(log.model.index(2, 0), "X")


def test_a_hospital_number_leads_to_its_subject(window, log):
    log.search.setText("h-2")
    assert log.model.subjects == ["S01-002"]
    log.to_subject.click()
    assert not log.isVisible()
    assert window.workspace.made["subject"].id == "S01-002"


def test_what_is_not_kept_is_not_given_up_by_one_press(window, log):
    log.model.setData(log.model.index(2, 1), "H-3")
    log.reject()
    assert log.isVisible()
    assert "not kept" in log.note.text()
    log.reject()
    assert not log.isVisible()
    assert read_log(window.casebook)["S01-003"] == Identity()


def test_the_log_lies_under_the_lock_and_goes_when_someone_else_takes_over(window, log, qtbot):
    log.model.setData(log.model.index(2, 1), "H-3")
    window.lock()
    cover = next(each for each in window.covers if log.isAncestorOf(each))
    assert cover.geometry() == log.rect()
    cover.other.click()
    qtbot.waitUntil(lambda: window.casebook is None)
    assert dialogs() == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_input_of_the_log_has_a_name(window, log, language):
    window.settings.put("language", language)
    assert nameless(log) == []


def test_the_model_keeps_the_rules_of_qt(window, log, qtmodeltester):
    qtmodeltester.check(log.model)


def test_a_monitor_has_no_way_to_the_log(window):
    add_account(window.casebook, "hu", "Hu Jing", "monitor", MONITORS, kdf=CHEAP, temporary=False)
    window.leave()
    window.open_store("hu", MONITORS)
    window.workspace.go("subjects")
    page = window.workspace.made["subjects"]
    assert not page.log_button.isVisible()
    assert page.show_log() is None
    assert "does not have the right" in window.workspace.note.text()
