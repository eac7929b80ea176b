"""The first five minutes: a new computer, the welcome page and its three ways in, in both languages."""

from __future__ import annotations

from html import escape

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from forms.texts import said, say
from tests.ui.windows import FIRST, PHRASE, ankl, dialogs, new_site, new_window, press, type_text
from ui.dialogs.new_subject import NewSubjectDialog
from ui.dialogs.start_study import StartStudyDialog
from ui.pages.door.door import CARD_WIDTH


@pytest.fixture(params=["en", "zh"])
def window(request, tmp_path, qtbot):
    made = new_window(tmp_path, qtbot, request.param)
    made.show_welcome()
    yield made
    made.close()


def test_three_ways_stand_there_in_words_of_the_language_and_the_first_waits_for_enter(window, qtbot):
    language = window.settings.language
    for choice, key in ((window.welcome.demo, "demo"), (window.welcome.new, "start"), (window.welcome.store, "open")):
        assert choice.isVisible()
        assert choice.accessibleName().startswith(say(language, f"ui.welcome.{key}"))
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.welcome.demo)
    assert not window.welcome.recent_title.isVisible()


@pytest.mark.parametrize("window", ["zh"], indirect=True)
def test_look_around_opens_a_study_with_people_in_every_state(window, qtbot):
    window.welcome.demo.setFocus()
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.casebook is not None, timeout=300_000)
    assert window.casebook.count_subjects() >= 7
    assert window.workspace.bar.study.text() == said(window.casebook.study.short_title, window.settings.language)
    window.finish()
    assert window.settings.recent == ()


def test_start_a_study_leads_from_names_over_the_sealed_sheet_to_the_first_subject(window, qtbot, tmp_path):
    language = window.settings.language
    seen: list[str] = []

    def walk() -> None:
        dialog = next(each for each in QApplication.topLevelWidgets() if isinstance(each, StartStudyDialog))
        dialog.study.setCurrentIndex(dialog.study.findData("ankl"))
        assert dialog.study.currentText() == said(ankl().short_title, language)
        dialog.site.setText("S01")
        dialog.name.setText("Lin Xia")
        dialog.user.setText("lin")
        dialog.path.setText(str(tmp_path / "first.casebook"))
        assert dialog.strength_words.text() == say(language, "ui.start.strength.least", least=10)
        assert dialog.strength_words.property("kind") == "small", "nothing typed is nothing wrong"
        for phrase in ("short", PHRASE):
            dialog.passphrase.setText(phrase)
            dialog.again.setText(phrase)
            seen.append(dialog.strength_words.text())
            dialog.trained.setChecked(True)
            dialog.make.click()
            seen.append(dialog.note.text())
        seen.append(dialog.code.text())
        dialog.reject()
        assert dialog.isVisible()
        dialog.kept.setChecked(True)
        dialog.go.click()

    QTimer.singleShot(100, window, walk)
    window.welcome.new.click()
    assert seen[0] == say(language, "ui.start.strength.weak", least=10)
    assert seen[1] == say(language, "ui.start.too_weak", least=10)
    assert seen[2] in {say(language, f"ui.start.strength.{each}") for each in ("good", "strong")}
    assert len(seen[4].split("-")) == 6
    assert window.casebook.user == "lin"
    window.workspace.go("subjects")
    page = window.workspace.made["subjects"]
    assert page.empty.isVisible()
    page.add.click()
    next(each for each in dialogs() if isinstance(each, NewSubjectDialog)).go.click()
    assert window.workspace.at == "subject"
    store = str(window.casebook.path)
    window.close_store()
    assert window.settings.recent == (store,)
    window.show_welcome()
    assert window.welcome.recent_title.isVisible()


def test_open_a_store_leads_to_its_sign_in_page(window, qtbot, tmp_path, monkeypatch):
    book = new_site(tmp_path)
    book.close()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "site.casebook"))
    window.welcome.store.click()
    qtbot.waitUntil(lambda: window.sign_in is not None and window.sign_in.user.count() == 1)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.sign_in.passphrase)
    type_text(PHRASE)
    press(Qt.Key.Key_Return)
    assert [line.id for line in window.casebook.subjects()] == [FIRST]


def test_a_long_path_of_a_store_is_shortened_in_its_middle_and_told_whole(window, tmp_path):
    store = tmp_path / ("goes on " * 3) / "trial & error.casebook"
    store.mkdir(parents=True)
    window.settings.remember_store(str(store), "lin")
    window.show_welcome()
    [link] = [each for each in window.welcome.findChildren(QPushButton) if "trial &&" in each.text()]
    assert "…" in link.text()
    assert "trial && error.casebook" in link.text(), "its name stays whole"
    assert link.sizeHint().width() <= CARD_WIDTH
    assert escape(str(store)) in link.toolTip()
