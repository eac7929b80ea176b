"""Signing, locking and what is said of both in the window: by keys, in both languages, only to whoever may."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from db.casebook.flagging import set_flag, whole_subject
from db.people.pin import set_pin
from forms.place import FormKey
from forms.texts import say
from tests.ui.windows import FIRST, PHRASE, new_site, new_window
from ui.dialogs.reason import OneLineDialog
from ui.dialogs.sign import SignDialog

VS = FormKey(FIRST, "SCR", "1", "VS")
WEIGHT = VS.place("WEIGHT")
VITAL = (("VSDAT", "2024-09-20"), ("HEIGHT", "165"), ("WEIGHT", "58.6"), ("ECOG", "1"), ("TEMP", "37.0"),
         ("SYSBP", "120"), ("DIABP", "80"), ("PULSE", "80"), ("RESP", "18"))  # fmt: skip


@pytest.fixture
def window(tmp_path, qtbot):
    book = new_site(tmp_path, "pi")
    for item, text in VITAL:
        if item in book.study.form_by_id["VS"].items:
            book.enter(VS.place(item), text)
    made = new_window(tmp_path, qtbot)
    made.enter(book)
    made.workspace.open_form(VS)
    yield made
    if made.casebook is not None:
        made.close()


def page(window):
    return window.workspace.made["subject"].form


def told(window) -> str:
    bar = page(window).standing
    return "\n".join(bar.lines.itemAt(at).widget().text() for at in range(bar.lines.count()))


def press(widget, key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, modifiers)


def dialog_of(kind):
    QApplication.processEvents()
    return next(each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible())


def fill(dialog: SignDialog, *, first: bool) -> None:
    """Meaning, name and passphrase by keys alone, from where the dialog puts the cursor."""
    dialog.meaning.setFocus()
    press(dialog.meaning, Qt.Key.Key_Down)
    if first:
        QTest.keyClicks(dialog.user, "lin")
    QTest.keyClicks(dialog.passphrase, PHRASE)
    press(dialog.passphrase, Qt.Key.Key_Return)


def sign_by_keys(window, *, first: bool) -> None:
    window.activateWindow()
    QApplication.processEvents()
    page(window).head.back.setFocus()
    press(page(window).head.back, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    fill(dialog_of(SignDialog), first=first)


def test_sign_correct_broken_sign_again_lock_refused_all_by_keys(window, qtbot, monkeypatch):
    book = window.casebook
    book.complete(VS)
    page(window).reload()
    assert "not signed yet" in told(window)
    sign_by_keys(window, first=True)
    assert book.state(VS).flags().signed
    assert "Lin Xia · Author · Form · 2024-10-18" in told(window)
    assert "UTC" in told(window)

    book.enter(WEIGHT, "60", why="typing slip")
    page(window).reload()
    assert "Signature broken. Changed since: " in told(window)
    assert "58.6 kg → 60 kg" in told(window)
    assert "Sign again" in told(window)
    bar = page(window).standing
    struck = [bar.lines.itemAt(at).widget() for at in range(bar.lines.count())]
    assert any("line-through" in line.styleSheet() for line in struck)

    sign_by_keys(window, first=False)
    assert [each.is_broken for each in book.signatures(FIRST)] == [True, False]

    monkeypatch.setattr(OneLineDialog, "exec", lambda self: self.words.setText("cleaned") or 1)
    menu = page(window).standing.show_states()
    choose(menu, "locked form")
    assert book.state(VS).flags().locked
    assert page(window).canvas.read_only
    assert "Locked: nothing can be entered here" in told(window)
    assert not page(window).head.complete.isVisible()
    choose(page(window).standing.show_states(), "unlocked form")
    assert not page(window).canvas.read_only


def choose(menu: QMenu, name: str) -> None:
    next(action for action in menu.actions() if action.objectName() == name).trigger()
    menu.close()


def test_a_wrong_passphrase_is_said_and_the_dialog_stays(window):
    window.casebook.complete(VS)
    dialog = page(window).standing.sign()
    dialog.meaning.setCurrentIndex(1)
    dialog.user.setText("lin")
    dialog.passphrase.setText("not the passphrase")
    dialog.try_it()
    assert dialog.isVisible()
    assert "passphrase is not right" in dialog.note.text()
    assert dialog.passphrase.text() == ""
    dialog.user.setText("somebody")
    dialog.passphrase.setText(PHRASE)
    dialog.try_it()
    assert "own name and passphrase" in dialog.note.text()
    assert window.casebook.signatures(FIRST) == ()
    dialog.reject()


def test_signing_asks_the_passphrase_and_takes_no_pin(window):
    window.casebook.complete(VS)
    set_pin(window.casebook, "481516")
    dialog = page(window).standing.sign()
    dialog.meaning.setCurrentIndex(1)
    dialog.user.setText("lin")
    dialog.passphrase.setText("481516")
    dialog.try_it()
    assert "passphrase is not right" in dialog.note.text()
    assert window.casebook.signatures(FIRST) == ()
    dialog.user.setText("lin")
    dialog.passphrase.setText(PHRASE)
    dialog.try_it()
    assert len(window.casebook.signatures(FIRST)) == 1


def test_no_meaning_is_chosen_beforehand_and_none_is_refused(window):
    window.casebook.complete(VS)
    dialog = page(window).standing.sign()
    dialog.user.setText("lin")
    dialog.passphrase.setText(PHRASE)
    dialog.try_it()
    assert "author, review or approval" in dialog.note.text()
    dialog.reject()


def test_many_forms_are_found_ticked_and_signed_at_once_from_today(window, qtbot):
    book = window.casebook
    for form in ("VS", "SV"):
        window.hub.changed.emit(book.complete(FormKey(FIRST, "SCR", "1", form)))
    window.workspace.go("today")
    today = window.workspace.made["today"]
    qtbot.waitUntil(lambda: any(task.kind == "unsigned" for task in today.tasks))
    assert today.tiles["unsigned"].isVisible()
    window.workspace.sign_many()
    dialog = dialog_of(SignDialog)
    assert dialog.chosen() == []
    dialog.filter.setText("vital")
    dialog.tick(on=True)
    assert [key.form for key in dialog.chosen()] == ["VS"]
    dialog.filter.clear()
    dialog.tick(on=True)
    assert dialog.counted.text() == say("en", "access.sign.counted", chosen="2", all="2")
    fill(dialog, first=True)
    assert all(book.state(FormKey(FIRST, "SCR", "1", form)).flags().signed for form in ("VS", "SV"))
    qtbot.waitUntil(lambda: not any(task.kind == "unsigned" for task in today.tasks))


def test_a_locked_subject_s_empty_form_says_why_it_can_not_be_begun(window):
    book = window.casebook
    set_flag(book, "locked", whole_subject(FIRST), "cleaned")
    window.workspace.open_form(FormKey(FIRST, "SCR", "1", "ECG"))
    assert "can't be begun" in told(window)
    assert page(window).canvas.read_only


def test_the_schedule_says_of_a_form_that_it_is_signed_and_locked(window):
    from db.people.signing import sign

    book = window.casebook
    book.complete(VS)
    sign(book, [VS], "author", PHRASE, user="lin")
    set_flag(book, "locked", VS, "cleaned")
    window.workspace.open_subject(FIRST)
    model = window.workspace.made["subject"].view.model
    column = 4 + model.forms.index("VS")
    row = next(at for at, line in enumerate(model.lines) if line.visit is not None and line.visit.event == "SCR")
    assert model.badge_at(model.index(row, column)) == "locked"
    words = model.words(model.index(row, column))
    assert "Signed" in words
    assert "Locked" in words


def test_a_nurse_is_offered_neither_signing_nor_locking(tmp_path, qtbot):
    book = new_site(tmp_path, "nurse")
    made = new_window(tmp_path, qtbot)
    made.enter(book)
    made.workspace.open_form(VS)
    bar = page(made).standing
    assert bar.sign() is None
    assert bar.show_states() is None
    assert not bar.isVisible()
    assert made.workspace.made["subject"].form.standing.sign_button.isHidden()
    made.workspace.go("today")
    assert made.workspace.made["today"].sign_many() is None
    assert made.workspace.made["today"].sign.isHidden()
    made.close()


def test_the_database_is_locked_from_a_list_that_leads_to_each_place_and_unlocked_again(window, qtbot):
    book = window.casebook
    window.workspace.go("administration")
    admin = window.workspace.made["administration"]
    admin.tabs.setCurrentWidget(admin.lock)
    lock = admin.lock
    assert not lock.go.isEnabled()
    lock.look.click()
    qtbot.waitUntil(lambda: lock.model.rowCount() > 0)
    assert "Form not complete" in lock.counts.text()
    lock.go.click()
    assert "all the same" in lock.note.text()
    assert window.focusWidget() is lock.why, "where the reason goes"
    assert book.database_lock is None
    at = next(row for row in range(lock.model.rowCount()) if lock.model.key(row).kind == "missing")
    place = lock.model.key(at).place
    lock.table.opened.emit(lock.model.index(at, 0))
    qtbot.waitUntil(lambda: page(window).here == (place.item, place.row))
    window.workspace.go("administration")
    window.workspace.go("subjects")
    subjects = window.workspace.made["subjects"]
    assert subjects.add.isVisible()
    window.workspace.go("administration")
    book.enter(VS.place("WEIGHT"), "58.7")
    lock.why.setText("interim data, agreed with the sponsor")
    lock.go.click()
    assert "since the list was made" in lock.note.text()
    lock.look.click()
    qtbot.waitUntil(lambda: lock.checklist is not None and lock.checklist.position == book.position())
    lock.go.click()
    assert book.database_lock is not None
    assert lock.why.placeholderText() == "Reason for unlocking"
    assert "Locked by Lin Xia" in lock.text.text()
    assert "Form not complete" in lock.counts.text()
    window.workspace.go("subjects")
    assert not subjects.add.isVisible()
    window.workspace.open_subject(FIRST)
    assert not window.workspace.made["subject"].view.add.isVisible()
    window.workspace.open_form(VS)
    assert page(window).canvas.read_only
    assert "The database is locked" in told(window)
    window.workspace.go("administration")
    lock.why.setText("one late report")
    lock.go.click()
    assert book.database_lock is None
    assert "unlocked" in lock.note.text()
    window.workspace.go("subjects")
    assert subjects.add.isVisible()
