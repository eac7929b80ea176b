"""Locking: nothing is seen, nothing is lost, nothing gets through."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from db.clock import milliseconds
from db.folder.keys import CHEAP
from db.folder.paths import TRIES
from db.ledger.ledger import ACTS
from db.ledger.marks import STEP
from db.opening.second_factor import code_of, new_secret, turn_on
from db.opening.vault import open_store
from db.people.accounts import change_passphrase
from db.people.pin import end_pin, has_pin, set_pin
from forms.errors import NeedsReason, Refusal, Trouble
from forms.place import FormKey
from forms.texts import say
from tests.ui.windows import FIRST, PHRASE, dialogs, press, signed_in, type_text
from ui.dialogs.passphrase import ask_passphrase, ask_pin
from ui.dialogs.reason import REASONS, ReasonDialog
from ui.dialogs.recovery_sheet import RecoverySheetDialog
from ui.settings import IDLE_MINUTES, Settings
from ui.window.lock_cover import LockCover

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


PIN = "481516"


def left_alone(window) -> LockCover:
    """The cover after nobody touched the window for a while."""
    window.idle.idle.emit()
    return window.covers[0]


def failed_sign_ins(book) -> int:
    return len(book.acts("sign_in_failed"))


def unlock_by(pin: str) -> None:
    type_text(pin)
    press(Qt.Key.Key_Return)


def set_by_keys(dialog, *texts: str) -> None:
    """Fill in the fields one after the other from where the dialog puts the cursor, then Enter."""
    dialog.activateWindow()
    QApplication.processEvents()
    for at, text in enumerate(texts):
        if at:
            press(Qt.Key.Key_Tab)
        assert dialog.isAncestorOf(QApplication.focusWidget())
        type_text(text)
    press(Qt.Key.Key_Return)


def test_the_digits_set_in_the_menu_unlock_after_an_inactivity_lock_and_nothing_typed_is_lost(window):
    window.workspace.bar.turn_pin()
    dialog = dialogs()[0]
    set_by_keys(dialog, PHRASE, PIN, PIN)
    assert not dialogs()
    window.activateWindow()
    QApplication.processEvents()
    field = typing(window)
    cover = left_alone(window)
    assert cover.passphrase.placeholderText() == say("en", "ui.lock.pin")
    unlock_by(PIN)
    assert not window.locked
    assert QApplication.focusWidget() is field
    assert field.text() == "4"


def test_without_the_passphrase_nobody_sets_a_pin_at_a_window_left_open(window):
    dialog = ask_pin(window.casebook, window.settings, window)
    dialog.open()
    set_by_keys(dialog, "not her passphrase", PIN, PIN)
    assert dialog.isVisible()
    assert dialog.note.text() == say("en", "db.wrong_passphrase", user="lin")
    assert not has_pin(window.casebook)
    dialog.reject()


def test_the_first_cover_offers_a_pin_to_whoever_types_the_passphrase_and_never_again(window):
    cover = left_alone(window)
    assert cover.offer.isVisible()
    type_text(PHRASE)
    for _ in range(3):
        press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is cover.offer
    press(Qt.Key.Key_Space)
    assert not window.locked
    set_by_keys(dialogs()[0], PIN, PIN)
    assert has_pin(window.casebook)
    end_pin(window.casebook)
    assert not left_alone(window).offer.isVisible()


def test_the_offer_without_the_passphrase_opens_nothing(window):
    cover = left_alone(window)
    cover.offer.click()
    type_text("no passphrase of hers")
    cover.offer.click()
    assert window.locked
    assert not dialogs()
    assert cover.note.text() == say("en", "db.wrong_passphrase", user="lin")


@pytest.mark.parametrize("easy", ["000000", "777777", "123456", "234567", "890123", "654321", "109876"])
def test_digits_that_everybody_tries_first_are_refused_in_words(window, easy):
    dialog = ask_pin(window.casebook, window.settings, window, proved=True)
    dialog.open()
    set_by_keys(dialog, easy, easy)
    assert dialog.note.text() == say("en", "db.pin_easy")
    assert not has_pin(window.casebook)
    dialog.reject()


@pytest.mark.parametrize("pin", ["", "48151", "4815162", "48151a", "48 151", "²³¹⁵¹x"])
def test_a_pin_is_six_digits(window, pin):
    with pytest.raises(Refusal) as told:
        set_pin(window.casebook, pin)
    assert told.value.key == "db.pin_digits"


def test_two_pins_that_differ_set_none(window):
    dialog = ask_pin(window.casebook, window.settings, window, proved=True)
    dialog.open()
    set_by_keys(dialog, PIN, "481517")
    assert dialog.note.text() == say("en", "ui.lock.pins_differ")
    assert not has_pin(window.casebook)
    dialog.reject()


def test_five_wrong_pins_end_it_the_passphrase_is_asked_and_one_failed_try_is_on_record(window):
    set_pin(window.casebook, PIN)
    cover = left_alone(window)
    for left in (4, 3, 2, 1):
        unlock_by("902817")
        assert cover.note.text() == say("en", "db.pin_wrong", left=left)
    unlock_by("902817")
    assert window.locked
    assert cover.note.text() == say("en", "db.pin_over")
    assert cover.passphrase.placeholderText() == say("en", "ui.sign_in.passphrase")
    assert "902817" not in (window.casebook.path / TRIES).read_text(encoding="utf-8")
    unlock_by(PIN)
    assert window.locked, "the PIN has ended"
    unlock_by(PHRASE)
    assert not window.locked
    assert failed_sign_ins(window.casebook) == 2, "five wrong PINs are one, the ended PIN typed as a passphrase another"
    assert not has_pin(window.casebook)


def test_only_wrong_pins_in_a_row_end_it_and_what_is_no_six_digits_is_not_counted(window):
    set_pin(window.casebook, PIN)
    for _ in range(2):
        left_alone(window)
        for wrong in ("902817", "90281", "902817", "902817", "9028177", "902817"):
            unlock_by(wrong)
        assert window.locked
        unlock_by(PIN)
        assert not window.locked
    assert failed_sign_ins(window.casebook) == 0


def test_whoever_locks_by_hand_is_asked_the_passphrase(window):
    set_pin(window.casebook, PIN)
    window.lock()
    cover = window.covers[0]
    assert not cover.instead.isVisible()
    unlock_by(PIN)
    assert window.locked
    window.idle.idle.emit()
    assert cover.passphrase.placeholderText() == say("en", "ui.sign_in.passphrase"), "idling makes it no weaker"
    unlock_by(PHRASE)
    assert not window.locked


def test_the_passphrase_unlocks_also_where_the_pin_is_asked(window):
    set_pin(window.casebook, PIN)
    left_alone(window).instead.click()
    unlock_by(PHRASE)
    assert not window.locked
    assert has_pin(window.casebook)


def test_signing_out_and_changing_person_end_the_pin(window, qtbot):
    book = window.casebook
    set_pin(book, PIN)
    kept = book.pin
    left_alone(window).someone_else.emit()
    qtbot.waitUntil(lambda: window.casebook is None)
    assert not kept
    window.open_store("lin", PHRASE)
    assert left_alone(window).passphrase.placeholderText() == say("en", "ui.sign_in.passphrase")
    unlock_by(PIN)
    assert window.locked


def test_a_changed_passphrase_ends_the_pin(window):
    set_pin(window.casebook, PIN)
    change_passphrase(window.casebook, PHRASE, "five dry goats sing", CHEAP)
    assert left_alone(window).passphrase.placeholderText() == say("en", "ui.sign_in.passphrase")


def test_an_account_locked_by_failed_tries_is_not_opened_by_a_pin(window):
    set_pin(window.casebook, PIN)
    cover = left_alone(window)
    cover.instead.click()
    for _ in range(5):
        unlock_by("a wrong passphrase")
    cover.ask_for(by_pin=True)
    unlock_by(PIN)
    assert window.locked
    assert cover.note.text() == say("en", "db.locked_out", user="lin", minutes=15)


def test_with_a_second_factor_the_pin_unlocks_and_the_code_is_asked_at_sign_in_as_before(window):
    secret, now = new_secret(), milliseconds(window.casebook.clock()) // 1000 // STEP
    turn_on(window.casebook, secret, code_of(secret, now))
    set_pin(window.casebook, PIN)
    left_alone(window)
    unlock_by(PIN)
    assert not window.locked
    store, clock = window.casebook.path, window.casebook.clock
    window.close_store()
    with pytest.raises(Trouble) as told:
        open_store(store, user="lin", passphrase=PHRASE, clock=clock)
    assert told.value.key == "db.code_needed"


def test_no_digit_of_a_pin_reaches_a_file_or_the_ledger(window, tmp_path):
    set_pin(window.casebook, PIN)
    kept = bytes(window.casebook.pin)
    left_alone(window)
    unlock_by("902817")
    unlock_by(PIN)
    assert PIN.encode() not in kept
    assert not [act for act in window.casebook.acts(*ACTS) if PIN in f"{act.value.value} {act.why}"]
    window.close_store()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert PIN.encode() not in content
            assert kept[:32] not in content
