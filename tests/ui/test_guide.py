"""F1: the guide opens at the section of the page or dialog one is on, can be read by keyboard, and finds words."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from tests.ui.laptop import Site, dialogs, pages
from tests.ui.windows import FIRST, new_window, press, signed_in
from ui.dialogs.guide import GuideDialog, section_around
from ui.dialogs.quick_card import save_card
from ui.dialogs.shortcuts import ShortcutsDialog
from ui.guide.anchors import START, Section
from ui.guide.book import GUIDES
from ui.window.locking import open_dialogs


def guide_of(window) -> GuideDialog:
    """The one guide that is open."""
    (guide,) = [each for each in open_dialogs() if isinstance(each, GuideDialog)]
    return guide


@pytest.mark.parametrize(("page", "section"), [("today", "today"), ("subjects", "subjects"), ("queries", "queries"),
                                               ("reports", "reports"), ("study", "study-page")])  # fmt: skip
def test_f1_opens_the_guide_at_the_page_one_is_on(tmp_path, qtbot, page, section):
    window = signed_in(tmp_path, qtbot)
    window.workspace.go(page)
    press(Qt.Key.Key_F1)
    guide = guide_of(window)
    assert guide.at == Section("users", section)
    assert guide.contents.currentItem() is not None
    window.close()


def test_f1_tells_about_the_schedule_and_then_about_the_form_of_the_same_subject(tmp_path, qtbot):
    from forms.place import FormKey

    window = signed_in(tmp_path, qtbot)
    window.workspace.open_subject(FIRST)
    press(Qt.Key.Key_F1)
    guide = guide_of(window)
    assert guide.at.anchor == "schedule"
    guide.accept()
    window.activateWindow()
    window.workspace.open_form(FormKey(FIRST, "SCR", "1", "DM"))
    QTest.qWait(10)
    window.workspace.show_help()
    assert guide_of(window) is guide
    assert guide.at.anchor == "entering"
    window.close()


def test_before_a_store_is_open_f1_tells_how_to_begin(tmp_path, qtbot):
    window = new_window(tmp_path, qtbot)
    window.show_welcome()
    press(Qt.Key.Key_F1)
    assert guide_of(window).at.anchor == "starting"
    guide_of(window).accept()
    window.show_sign_in(str(tmp_path / "none.casebook"))
    window.sign_in.help.click()
    assert guide_of(window).at.anchor == "sign-in"
    window.close()


def test_every_page_and_dialog_has_a_section_of_its_own(tmp_path, qtbot):
    window = new_window(tmp_path, qtbot)
    site = Site(tmp_path, window)
    window.show_sign_in(str(site.book.path))
    site.enter()
    without = []
    for name, go in pages(window):
        go()
        if section_around(window.workspace._in_front()) == START:
            without.append(name)
    for name, make in dialogs(site):
        dialog = make()
        if section_around(dialog) == START:
            without.append(name)
        dialog.done(0)
    site.close()
    assert without == []


def test_over_a_dialog_the_guide_comes_first_and_esc_leads_back_to_the_dialog(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    keys = ShortcutsDialog(window.settings, window)
    keys.open()
    QTest.keyClick(keys, Qt.Key.Key_F1)
    guide = guide_of(window)
    assert guide.at.anchor == "keys"
    assert guide.isModal()
    QTest.keyClick(guide, Qt.Key.Key_Escape)
    assert open_dialogs() == [keys]
    keys.accept()
    window.close()


def test_a_locked_window_opens_no_guide(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    window.lock()
    press(Qt.Key.Key_F1)
    assert open_dialogs() == []
    window.close()


def test_words_are_found_one_place_after_another_and_from_the_beginning_again(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    window.show_guide()
    guide = guide_of(window)
    qtbot.waitUntil(guide.isActiveWindow)
    QTest.keyClick(guide.reader, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert guide.search.hasFocus()
    QTest.keyClicks(guide.search, "recovery code")
    seen = []
    for _ in range(2 * guide.reader.toPlainText().lower().count("recovery code")):
        QTest.keyClick(guide.search, Qt.Key.Key_Return)
        assert guide.reader.textCursor().selectedText().lower() == "recovery code"
        seen.append(guide.reader.textCursor().position())
    once = len(seen) // 2
    assert sorted(set(seen)) == sorted(seen[:once])
    assert seen[:once] == seen[once:]
    QTest.keyClicks(guide.search, " that stands nowhere")
    QTest.keyClick(guide.search, Qt.Key.Key_Return)
    assert guide.note.text() == window.settings.say("guide.not_found")
    assert guide.isVisible(), "Enter looks for words and closes nothing"
    window.close()


def test_the_guide_follows_the_language_and_stays_at_its_section(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    window.workspace.go("queries")
    press(Qt.Key.Key_F1)
    guide = guide_of(window)
    english = guide.contents.currentItem().text()
    row = guide.contents.currentRow()
    window.settings.put("language", "zh")
    assert guide.at.anchor == "queries"
    assert guide.contents.currentRow() == row
    assert guide.contents.currentItem().text() != english
    assert "质疑" in guide.contents.currentItem().text()
    window.close()


def test_alt_left_comes_back_from_another_guide(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    window.show_guide()
    guide = guide_of(window)
    qtbot.waitUntil(guide.isActiveWindow)
    here = guide.at
    for other in GUIDES[1:]:
        guide.go(Section(other, ""))
        assert guide.reader.toPlainText().strip()
        QTest.keyClick(guide, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert guide.at == here
    window.close()


def test_the_reader_loads_nothing_but_pictures_of_the_guide(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    window.show_guide()
    reader = guide_of(window).reader
    style, image = (QTextDocument.ResourceType[f"{kind}Resource"].value for kind in ("StyleSheet", "Image"))
    assert reader.loadResource(style, QUrl("file:///etc/hostname")) is None
    assert reader.loadResource(image, QUrl("https://example.org/x.png")) is None
    window.close()


def test_the_help_menu_offers_guide_keys_and_card(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    window.workspace.bar.open_help()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    words = [action.text() for action in menu.actions()]
    for key in ("ui.action.help", "ui.action.shortcuts", "guide.card.save"):
        assert any(window.settings.say(key) in each for each in words)
    menu.close()
    window.close()


def test_the_card_is_saved_or_it_is_said_why_not(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    note = QLabel()
    qtbot.addWidget(note)
    save_card(window.settings, tmp_path / "card.pdf", note)
    assert (tmp_path / "card.pdf").read_bytes().startswith(b"%PDF-")
    assert str(tmp_path / "card.pdf") in note.text()
    with patch("db.folder.paths.replace_file", side_effect=OSError(28, "full")):
        save_card(window.settings, tmp_path / "other.pdf", note)
    assert note.text()
    assert note.property("kind") == "trouble"
    window.close()


def test_pictures_are_never_wider_than_the_text_and_the_place_stays_when_the_guide_is_made_smaller(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    window.show_guide()
    guide = guide_of(window)
    guide.go(Section("users", "history"))
    for width in (560, 900, 640):
        guide.resize(width, 500)
        QTest.qWait(30)
        assert guide.reader.horizontalScrollBar().maximum() == 0, width
        there = guide.reader.cursorForPosition(QPoint(20, 20)).block().text()
        assert there == "The history", f"{width}: {there}"
    bar = guide.reader.verticalScrollBar()
    bar.setValue(bar.value() + 700)
    read = guide.reader.first_sign()
    guide.resize(900, 500)
    QTest.qWait(30)
    assert abs(guide.reader.first_sign() - read) < 120, "a line of the wider text at most"
    window.close()
