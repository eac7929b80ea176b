"""Locking: nothing is seen, nothing is lost, nothing gets through."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from forms.errors import NeedsReason
from forms.place import FormKey
from forms.texts import say
from tests.ui.windows import FIRST, PHRASE, press, signed_in, type_text
from ui.dialogs.passphrase import ask_passphrase
from ui.dialogs.reason import REASONS, ReasonDialog
from ui.dialogs.recovery_sheet import RecoverySheetDialog
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


def test_half_typed_text_becomes_a_draft_when_someone_else_takes_over(window, qtbot):
    field = typing(window)
    field.setText("43")
    window.lock()
    window.covers[0].someone_else.emit()
    qtbot.waitUntil(lambda: window.casebook is None)
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


def test_someone_else_signs_in_to_the_same_store(window, qtbot):
    store = str(window.casebook.path)
    window.lock()
    window.covers[0].someone_else.emit()
    qtbot.waitUntil(lambda: window.casebook is None)
    assert window.casebook is None
    assert window.stack.currentWidget() is window.sign_in
    assert window.store == store


def while_asked_why(window, monkeypatch, verb) -> None:
    """Correct a value of another person; ``verb`` is called with the dialog that asks for the reason."""

    def asks(_book, opened, place):
        if opened.subject.value(place) is not None:
            raise NeedsReason("db.reason_other")

    window.casebook.enter(KEY.place("PLT", "1"), "81")
    field = typing(window)
    field.setText("18")
    monkeypatch.setattr(type(window.casebook), "_check_reason", asks)
    raised: list[BaseException] = []

    def act() -> None:
        try:
            verb(next(each for each in QApplication.topLevelWidgets() if isinstance(each, ReasonDialog)))
        except BaseException as error:  # noqa: BLE001 - an assertion in a slot is raised below
            raised.append(error)
            for each in QApplication.topLevelWidgets():
                if isinstance(each, ReasonDialog):
                    each.reject()

    QTimer.singleShot(50, window, act)
    press(Qt.Key.Key_Return)
    QApplication.processEvents()
    if raised:
        raise raised[0]


def test_locked_while_asked_for_a_reason_nothing_typed_is_lost(window, monkeypatch):
    def lock_and_return(dialog):
        dialog.list.setCurrentRow(len(REASONS) - 1)
        dialog.words.setText("Slip read agai")
        window.lock()
        cover = next(each for each in window.covers if dialog.isAncestorOf(each))
        assert cover.isVisible()
        assert cover.geometry() == dialog.rect()
        cover.unlock.emit(PHRASE)
        assert not window.locked
        dialog.words.setText(dialog.words.text() + "n")
        dialog.accept()

    while_asked_why(window, monkeypatch, lock_and_return)
    history = window.casebook.history(KEY.place("PLT", "1"))
    assert [(entry.value.value, entry.why) for entry in history] == [("81", ""), ("18", "Slip read again")]


def test_someone_else_takes_over_while_a_reason_is_asked_and_the_new_value_becomes_a_draft(window, monkeypatch, qtbot):
    def lock_and_hand_over(dialog):
        window.lock()
        cover = next(each for each in window.covers if dialog.isAncestorOf(each))
        assert cover.other.isVisible()
        cover.other.click()

    while_asked_why(window, monkeypatch, lock_and_hand_over)
    qtbot.waitUntil(lambda: window.casebook is None)
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, ReasonDialog) and each.isVisible()]
    window.open_store("lin", PHRASE)
    assert window.casebook.sheet(KEY).cell("PLT").value.value == "81"
    assert [draft.text for draft in window.casebook.drafts(KEY)] == ["18"]
    window.workspace.open_form(KEY)
    assert window.workspace.made["subject"].form.canvas.fields[("PLT", "1")].editor.text() == "18"


def test_an_open_menu_is_closed_by_the_lock(window):
    window.workspace.bar.open_menu()
    assert QApplication.activePopupWidget() is not None
    window.lock()
    assert QApplication.activePopupWidget() is None
    assert window.locked


def test_a_recovery_code_shown_once_can_be_locked_but_not_handed_over(window):
    dialog = RecoverySheetDialog(window.casebook, "AAAAA-BBBBB", window.settings, window)
    dialog.open()
    window.lock()
    cover = next(each for each in window.covers if dialog.isAncestorOf(each))
    assert not cover.other.isVisible()
    window.unlock(PHRASE)
    assert dialog.part.code.text() == "AAAAA-BBBBB"
    dialog.part.kept.setChecked(True)
    dialog.go.click()


def test_every_open_dialog_is_covered(window):
    dialog = ask_passphrase(window.casebook, window.settings, window)
    dialog.open()
    window.lock()
    assert {cover.parent() for cover in window.covers} == {window, dialog}
    assert all(cover.isVisible() for cover in window.covers if cover.parent() is dialog)
    window.unlock(PHRASE)
    assert dialog.isVisible()
    dialog.reject()
