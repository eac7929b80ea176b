"""The door: signing in, and what is said when it doesn't open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from db.clock import system_clock
from forms.texts import say
from tests.ui.windows import FIRST, PHRASE, new_site, new_window, press, type_text, wait_for_jobs


@pytest.fixture
def site(tmp_path):
    book = new_site(tmp_path)
    book.close()
    return str(book.path)


@pytest.fixture
def window(tmp_path, qtbot):
    made = new_window(tmp_path, qtbot)
    yield made
    made.close()


def test_from_sign_in_to_a_form_and_back_by_keyboard_alone(site, window, qtbot):
    window.show_sign_in(site)
    qtbot.waitUntil(lambda: window.sign_in.user.count() == 1)
    assert window.sign_in.user.currentText() == "lin"
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.sign_in.passphrase)
    type_text(PHRASE)
    press(Qt.Key.Key_Return)
    assert window.workspace.at == "today"
    wait_for_jobs(window, qtbot)
    press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.workspace.at == "subjects"
    press(Qt.Key.Key_Return)
    page = window.workspace.made["subject"]
    assert page.band.id.text() == FIRST
    assert page.isVisible()
    press(Qt.Key.Key_Return)
    assert page.in_form
    assert page.band.isVisible()
    assert page.form.key.subject == FIRST
    press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert not page.in_form
    press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.workspace.at == "subjects"


def test_a_wrong_passphrase_is_told_in_words_and_may_be_typed_again(site, window):
    window.show_sign_in(site, "lin")
    window.sign_in.passphrase.setText("not this one at all")
    window.sign_in.submit()
    assert window.casebook is None
    assert window.sign_in.note.isVisible()
    assert window.sign_in.note.text() == say("en", "db.wrong_passphrase", user="lin")
    assert window.sign_in.enter.isEnabled()
    assert window.sign_in.passphrase.selectedText()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_after_ten_wrong_passphrases_the_right_one_waits_and_the_page_says_how_long(site, window, qtbot, language):
    window.settings.put("language", language)
    window.show_sign_in(site)
    qtbot.waitUntil(lambda: window.sign_in.user.count() == 1)
    told = []
    for _ in range(10):
        window.sign_in.passphrase.setText("a wrong one")
        window.sign_in.submit()
        told.append(window.sign_in.note.text())
    window.sign_in.passphrase.setText(PHRASE)
    window.sign_in.submit()
    assert window.casebook is None
    assert told[:5] == [say(language, "db.wrong_passphrase", user="lin")] * 5
    assert told[5] == say(language, "db.locked_out", user="lin", minutes=15)
    assert window.sign_in.note.text() in {say(language, "db.locked_out", user="lin", minutes=at) for at in (14, 15)}


def test_without_a_passphrase_the_store_is_not_asked(site, window):
    window.show_sign_in(site, "lin")
    window.sign_in.submit()
    assert window.sign_in.note.text() == say("en", "ui.sign_in.both_needed")


def test_a_store_open_elsewhere_says_who_has_it(tmp_path, window):
    book = new_site(tmp_path)
    window.show_sign_in(str(book.path), "lin")
    window.open_store("lin", PHRASE)
    assert window.casebook is None
    assert "lin" in window.sign_in.note.text()
    book.close()


def test_a_damaged_store_is_told_from_a_wrong_passphrase(site, window, tmp_path):
    (tmp_path / "site.casebook" / "store.db").write_bytes(b"no database at all" * 1000)
    window.show_sign_in(site, "lin")
    window.open_store("lin", PHRASE)
    assert window.casebook is None
    assert window.sign_in.note.text()
    assert window.sign_in.note.text() != say("en", "db.wrong_passphrase", user="lin")


def test_a_folder_that_is_no_store_is_refused_on_the_welcome_page(tmp_path, window):
    window.show_welcome()
    window.opening.open_path(str(tmp_path))
    assert window.welcome.note.isVisible()
    assert str(tmp_path) in window.welcome.note.text()


def test_stores_opened_before_are_offered_and_vanished_ones_are_not(site, window, tmp_path):
    window.settings.remember_store(str(tmp_path / "gone.casebook"), "lin")
    window.settings.remember_store(site, "lin")
    assert window.settings.recent == (site,)


def test_signing_out_comes_back_to_the_same_stores_page(site, window, qtbot):
    window.show_sign_in(site, "lin")
    window.open_store("lin", PHRASE)
    wait_for_jobs(window, qtbot)
    window.leave()
    assert window.casebook is None
    assert window.store == site
    assert window.stack.currentWidget() is window.sign_in


@pytest.mark.slow
def test_the_demonstration_opens_with_nothing_to_type_and_is_taken_away_at_the_end(window, qtbot):
    window.show_welcome()
    window.welcome.demo.click()
    assert not window.welcome.demo.isEnabled()
    qtbot.waitUntil(lambda: window.casebook is not None, timeout=300_000)
    assert window.casebook.count_subjects() >= 7
    wait_for_jobs(window, qtbot)
    folder = window.casebook.path
    assert window.casebook.clock.was_set
    window.make_clock = system_clock
    assert not window.clock_of("another.casebook").was_set
    window.finish()
    assert not folder.exists()


def test_signing_in_again_on_a_demonstration_tells_of_no_clock_set_back(tmp_path, qtbot):
    window = new_window(tmp_path, qtbot)
    book = new_site(tmp_path)
    store = str(book.path)
    later = datetime(2024, 10, 18, 16, 40, tzinfo=UTC)
    book.ledger.clock = replace(book.ledger.clock, now=lambda: later)
    book.add_subject()
    book.close()
    for _ in range(2):
        window.show_sign_in(store, "lin")
        window.open_store("lin", PHRASE)
        assert window.casebook is not None
        assert window.casebook.acts("clock_set_back") == []
        assert not any("clock" in text["en"] for text in window.casebook.warnings)
        assert window.casebook.clock() >= later
        window.leave()
