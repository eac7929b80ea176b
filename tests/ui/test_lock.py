"""Locking: nothing is seen, nothing is lost, nothing gets through."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from forms.place import FormKey
from forms.texts import say
from tests.ui.windows import FIRST, PHRASE, press, signed_in, type_text
from ui.settings import IDLE_MINUTES, Settings

KEY = FormKey(FIRST, "C_D1", "1", "HEM")


@pytest.fixture
def window(tmp_path, qtbot):
    made = signed_in(tmp_path, qtbot)
    yield made
    made.close()


def typing(window) -> QLineEdit:
    window.workspace.open_form(KEY)
    window.workspace.made["subject"].form.go_to("PLT", "1")
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit)
    QTest.keyClicks(focus, "4")
    return focus


def test_half_typed_text_is_still_there_after_unlocking(window):
    field = typing(window)
    window.lock()
    assert window.locked
    assert QApplication.focusWidget() is window.covers[0].passphrase
    assert window.casebook.sheet(KEY).cell("PLT").value.blank
    type_text(PHRASE)
    press(Qt.Key.Key_Return)
    assert not window.locked
    assert QApplication.focusWidget() is field
    type_text("2")
    assert field.text() == "42"


def test_half_typed_text_becomes_a_draft_when_someone_else_takes_over(window, tmp_path):
    field = typing(window)
    field.setText("43")
    window.lock()
    window.covers[0].someone_else.emit()
    window.open_store("lin", PHRASE)
    assert window.casebook.sheet(KEY).cell("PLT").value.blank
    assert [draft.text for draft in window.casebook.drafts(KEY)] == ["43"]


def test_a_wrong_passphrase_leaves_it_locked_and_says_so(window):
    window.lock()
    window.unlock("a wrong one")
    assert window.locked
    assert window.covers[0].note.text() == say("en", "db.wrong_passphrase", user="lin")


def test_no_shortcut_reaches_a_page_under_the_cover(window):
    window.workspace.go("subjects")
    window.lock()
    press(Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert window.workspace.at == "subjects"
    window.unlock(PHRASE)
    press(Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert window.workspace.at == "study"


def test_tab_does_not_leave_the_cover(window):
    window.lock()
    cover = window.covers[0]
    for _ in range(7):
        press(Qt.Key.Key_Tab)
        assert cover.isAncestorOf(QApplication.focusWidget())


def test_the_cover_follows_the_size_of_the_window(window):
    window.lock()
    window.resize(1500, 820)
    QApplication.processEvents()
    assert window.covers[0].geometry() == window.rect()


def test_idleness_locks_and_a_key_begins_the_count_anew(window, qtbot):
    assert window.idle.timer.interval() == IDLE_MINUTES * 60_000
    window.idle.timer.start(10_000_000)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
    assert window.idle.timer.remainingTime() <= (IDLE_MINUTES + 1) * 60_000
    window.idle.idle.emit()
    assert window.locked


def test_the_idle_lock_can_be_made_shorter_but_not_longer_or_off(tmp_path, qapp):
    settings = Settings(tmp_path / "s.ini")
    settings.put("idle_minutes", "3")
    assert settings.idle_minutes == 3
    for text in ("0", "11", "", "never"):
        settings.put("idle_minutes", text)
        assert settings.idle_minutes == 3


def test_someone_else_signs_in_to_the_same_store(window):
    store = str(window.casebook.path)
    window.lock()
    window.covers[0].someone_else.emit()
    assert window.casebook is None
    assert window.stack.currentWidget() is window.sign_in
    assert window.store == store
