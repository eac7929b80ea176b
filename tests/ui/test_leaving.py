"""Leaving: whichever way a person goes from a form, what stands half typed is kept, and nothing that is gone is heard.

All keys and clicks go to the window as they come from a keyboard and a mouse, never to a widget picked by the test.
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, SignalInstance
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from db.clock import set_clock
from db.opening.vault import open_store
from forms.place import FormKey
from tests.ui.windows import FIRST, PHRASE, TODAY, dialogs, new_site, new_window, wait_for_jobs
from ui.editors.line import LineEditor
from ui.jobs import Jobs
from ui.retire import retire
from ui.settings import Settings

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
KEY = Qt.Key
SECOND = "S01-002"


def tell(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key as the keyboard gives it: to the window in front, which finds out for whom it is."""
    front = QApplication.focusWindow()
    assert front is not None
    QTest.keyClick(front, key, modifiers)
    QApplication.processEvents()


def click(widget: QWidget) -> None:
    """A click where a widget stands."""
    window = widget.window()
    handle = window.windowHandle()
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=widget.mapTo(window, widget.rect().center()))
    QApplication.processEvents()


def gone(widget: QWidget) -> None:
    """Let Qt take away what was discarded."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    assert not isValid(widget)


@pytest.fixture
def window(tmp_path, qtbot):
    made = new_window(tmp_path, qtbot)
    book = new_site(tmp_path)
    book.add_subject(SECOND)
    made.enter(book)
    wait_for_jobs(made, qtbot)
    yield made
    for dialog in dialogs():
        dialog.reject()
    made.close()


def in_form(window, form: str = "HEM", subject: str = FIRST):
    """The form page on a form of day 8, the cursor in its first empty field."""
    window.workspace.open_subject(subject)
    window.workspace.open_form(FormKey(subject, "C_D8", "1", form))
    for _ in range(3):
        QApplication.processEvents()
    return window.workspace.made["subject"].form


def open_next(page) -> None:
    """From the schedule by the arrow and Enter to the next form there is."""
    for arrow in [KEY.Key_Right] * 20 + [KEY.Key_Up, *[KEY.Key_Left] * 20]:
        tell(arrow)
        tell(KEY.Key_Return)
        if page.isVisible():
            return


def test_the_arrow_to_the_next_form_does_not_wake_the_field_one_came_from(window):
    window.workspace.open_subject(FIRST)
    tell(KEY.Key_Return)
    page = window.workspace.made["subject"].form
    first = page.key.form
    line = next(f.editor.line for f in page.canvas.fields.values() if f.shown and isinstance(f.editor, LineEditor))
    click(line)
    assert QApplication.focusWidget() is line
    tell(KEY.Key_Escape)
    open_next(page)
    assert page.isVisible()
    assert page.key is not None
    gone(line)
    assert page.key.form != first
    assert page.isAncestorOf(QApplication.focusWidget())


@pytest.mark.parametrize("way", ["search", "today"])
def test_another_subjects_form_does_not_wake_the_field_one_came_from(window, way):
    page = in_form(window)
    line = page.canvas.fields[("WBC", "1")].editor.line
    click(line)
    if way == "search":
        tell(KEY.Key_F, CONTROL)
        tell(KEY.Key_Down)
        tell(KEY.Key_Down)
        tell(KEY.Key_Return)
        tell(KEY.Key_Return)
    else:
        tell(KEY.Key_1, CONTROL)
        window.workspace.open_form(FormKey(SECOND, "SCR", "1", "HEM"))
    gone(line)
    assert page.key is not None
    assert page.key.subject == SECOND
    tell(KEY.Key_5)
    tell(KEY.Key_Escape)
    assert not page.isVisible()


class Pile(QWidget):
    """Two pages; the second has two lines to type in."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = QStackedWidget(self)
        self.paper = QWidget()
        self.first, self.second = QLineEdit(self.paper), QLineEdit(self.paper)
        self.other = QLineEdit()
        for page in (self.other, self.paper):
            self.stack.addWidget(page)
        QVBoxLayout(self).addWidget(self.stack)
        self.heard: list[str] = []
        self.first.editingFinished.connect(lambda: self.heard.append("first"))


@pytest.fixture
def pile(qtbot):
    made = Pile()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.stack.setCurrentWidget(made.paper)
    made.first.setFocus()
    QApplication.processEvents()
    return made


def test_what_is_retired_gives_the_cursor_to_its_heir_and_is_not_heard_any_more(pile):
    assert pile.first.hasFocus()
    retire(pile.paper, heir=pile.other)
    assert pile.heard == []
    assert not pile.paper.isVisible()
    pile.first.editingFinished.emit()
    assert pile.heard == []
    gone(pile.paper)
    pile.stack.setCurrentWidget(pile.other)
    assert QApplication.focusWidget() is pile.other


def test_a_cursor_elsewhere_stays_there_when_something_is_retired(pile):
    pile.stack.setCurrentWidget(pile.other)
    pile.other.setFocus()
    retire(pile.paper, heir=pile)
    assert QApplication.focusWidget() is pile.other


def test_nobody_is_told_the_result_of_work_whose_store_was_closed(qapp, qtbot):
    told: list[str] = []
    jobs = Jobs()
    jobs.run(lambda reader, *, tick: "late", done=told.append, cancelled=lambda: told.append("cancelled"))
    jobs.close()
    for _ in range(5):
        QApplication.processEvents()
    assert told == []
    assert not jobs.busy


def listeners(sender: QObject, signal: SignalInstance) -> int:
    """How many listen to a signal."""
    assert signal is not None
    return sender.receivers("2changed(QString)")


def test_after_signing_out_no_page_of_the_store_listens_to_the_settings(tmp_path, qtbot, window):
    settings: Settings = window.settings
    window.leave()
    wait_until_gone()
    before = listeners(settings, settings.changed)
    window.enter(open_store(tmp_path / "site.casebook", user="lin", passphrase=PHRASE, clock=set_clock(TODAY)))
    for page in window.workspace.seen:
        window.workspace.go(page)
    wait_for_jobs(window, qtbot)
    assert listeners(settings, settings.changed) > before
    window.leave()
    wait_until_gone()
    assert listeners(settings, settings.changed) == before
    settings.put("language", "zh")


def wait_until_gone() -> None:
    """Let Qt take away what was discarded."""
    for _ in range(3):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
