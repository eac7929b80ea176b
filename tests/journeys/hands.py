"""A person at the keyboard: presses keys, types, reads the screen. Nothing here reaches into the window to act.

Keys go to the window that has the keyboard, as the system gives them; what no keyboard types letter by letter comes
as an input method hands it over. `stored` and `history` look into the store afterwards.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTableView,
    QWidget,
)

from forms.place import Place
from forms.study.definition import Study
from forms.texts import said, say
from forms.value import Value
from tests.journeys.aside import Aside, Result
from tests.journeys.eyes import cell_words, front, read
from tests.ui.walker import front as front_window
from tests.ui.walker import give_front

if TYPE_CHECKING:
    from db.casebook.casebook import Casebook
    from ui.window.main_window import MainWindow

SIGHT = 10.0
"""Seconds for which a person looks for something before it is held not to come."""
BLINK = 0.02
MOST_TABS = 220
"""Tabs after which a field is held not to be there: more than the longest form has stops."""
HELD = (
    (Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Control),
    (Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_Shift),
    (Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Alt),
)


class Hands:
    """One person at one window."""

    def __init__(self, window: MainWindow, aside: Aside, phrase: str) -> None:
        self.window, self.aside, self.phrase = window, aside, phrase
        self.pressed = 0
        """Keys so far, those of values included."""

    # --- doing ----------------------------------------------------------------------------------------------------

    def press(self, *keys: str) -> Hands:
        """Keys one after another: ``press("Tab", "Ctrl+Return")``."""
        for each in keys:
            self.pressed += 1
            self.aside.do(lambda each=each: self._with_keyboard(lambda: _press(each)))
            self.settled()
        return self

    def type(self, text: str) -> Hands:
        """A text, letter by letter."""
        self.pressed += len(text)
        self.aside.do(lambda: self._with_keyboard(lambda: _type(text)))
        self.settled()
        return self

    def _with_keyboard(self, verb: Callable[[], None]) -> None:
        give_front(self.window)
        verb()

    def settled(self) -> Hands:
        """Wait until nothing works in the background any more."""
        self.until(lambda: self.window.jobs is None or not self.window.jobs.busy, "the work in the background to end")
        return self

    def go_to(self, name: str, key: str = "Tab") -> Hands:
        """Press Tab until the cursor is in what has this name, or whose name begins so."""
        wanted = self.label(name)
        for _ in range(MOST_TABS):
            if self.cursor().startswith(wanted):
                return self
            self.press(key)
        raise AssertionError(f"Tab does not lead to {wanted!r}; the cursor is in {self.cursor()!r}\n{self.screen()}")

    def push(self, name: str) -> Hands:
        """Go to a button and press it by Enter."""
        return self.go_to(name).press("Return")

    def fill(self, form: str, answers: dict[str, str]) -> Hands:
        """Go to one field of a form after another and type; Enter saves each and goes on."""
        for item, text in answers.items():
            self.go_to(f"{form}.{item}").type(text).press("Return")
        return self

    def choose(self, words: str, key: str = "Down") -> Hands:
        """Press an arrow until the line, the tab or the entry with the cursor says this."""
        for _ in range(MOST_TABS):
            if words in self.line():
                return self
            self.press(key)
        raise AssertionError(f"no line says {words!r}; the cursor is on {self.line()!r}\n{self.screen()}")

    def save_as(self, path: Path) -> Hands:
        """Answer the question where to: a file, or a folder, by its whole name."""
        self.press("Ctrl+A").type(str(path)).press("Return")
        return self

    def enter_all(self, answers: dict[str, str]) -> Hands:
        """Fill the fields of a dialog; a list is chosen from by the words it shall show, a box is ticked by Space."""
        for name, text in answers.items():
            self.go_to(name)
            if text == "Space":
                self.press("Space")
            elif self.aside.ask(lambda: isinstance(QApplication.focusWidget(), QComboBox)):
                self.press("Home").choose(text)
            else:
                self.press("Ctrl+A").type(text)
        return self

    def open_subject(self, subject: str) -> Hands:
        """Search for a subject and open it."""
        self.press("Ctrl+F").type(subject).press("Return").choose(subject).press("Return")
        return self.sees(subject)

    def open_form(self, form: str, visit: str) -> Hands:
        """From a subject's schedule: walk to the cell of a form in a visit and open it."""
        self.walk_to(form, visit).press("Return")
        return self.sees(self.label(form))

    def walk_to(self, form: str, visit: str) -> Hands:
        """Walk in the schedule to the cell of a form in a visit; both by their names or ids."""
        form, visit = self.label(form), self.label(visit)
        self.press("Ctrl+Home")
        for _ in range(MOST_TABS):
            if visit in self.line():
                break
            self.press("Down")
        for _ in range(MOST_TABS):
            if f"{self.mark()}{form}{self.mark()}" in self.line():
                return self
            self.press("Right")
        raise AssertionError(f"no cell of {form!r} in {visit!r}; the cursor is on {self.line()!r}\n{self.screen()}")

    def mark(self) -> str:
        """What stands between the words of a cell."""
        return "，" if self.language == "zh" else ", "

    # --- reading --------------------------------------------------------------------------------------------------

    def sees(self, *words: str) -> Hands:
        """Each of these texts comes into sight."""
        for each in words:
            self.until(lambda each=each: each in self.screen(), f"{each!r} to be read")
        return self

    def sees_no(self, *words: str) -> Hands:
        """None of these texts is in sight."""
        shown = self.screen()
        for each in words:
            assert each not in shown, f"{each!r} is read\n{shown}"
        return self

    def screen(self) -> str:
        """What is in sight now, a line each."""
        return "\n".join(self.aside.ask(lambda: read(front(self.window))))

    def everything(self) -> list[str]:
        """What is in sight now, the window under an open dialog too."""

        def look() -> list[str]:
            before = front(self.window)
            return read(self.window) + (read(before) if before.window() is not self.window else [])

        return self.aside.ask(look)

    def cursor(self) -> str:
        """The name of what has the cursor, as a screen reader says it."""
        return self._look(_cursor)

    def line(self) -> str:
        """The line with the cursor: of a table, a list, a drop-down; of a schedule, the cell."""
        return self._look(_line)

    def held(self) -> str:
        """What stands in the field with the cursor."""
        return self._look(_held)

    def _look(self, question: Callable[[], str]) -> str:
        def look() -> str:
            give_front(self.window)
            return question()

        return self.aside.ask(look)

    def say(self, key: str, **values: object) -> str:
        """A text of the program in the window's language."""
        return say(self.language, key, **values)

    def label(self, name: str) -> str:
        """The label of a visit or form by its id, of an item by ``FORM.ITEM``; any other name as it is."""
        study = self.study
        if study is None:
            return name
        form, _, item = name.partition(".")
        if form in study.form_by_id:
            asked = study.form_by_id[form]
            return said(asked.items[item].label if item else asked.label, self.language)
        return said(study.event_by_id[name].label, self.language) if name in study.event_by_id else name

    @property
    def language(self) -> str:
        """Language of the window."""
        return self.window.settings.language

    @property
    def study(self) -> Study | None:
        """The study one works by."""
        book = self.window.casebook
        return book.study if book is not None else None

    def until(self, met: Callable[[], bool], what: str, seconds: float = SIGHT) -> None:
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while not self.aside.ask(met):
            if time.monotonic() > end:
                raise AssertionError(f"waited for {what}\n{self.screen()}")
            time.sleep(BLINK)

    # --- what the store holds -------------------------------------------------------------------------------------

    def store(self, question: Callable[[Casebook], Result]) -> Result:
        """What the open store says."""
        return self.aside.ask(lambda: question(self.window.casebook))

    def stored(self, place: Place) -> Value:
        """The value at a place."""
        return self.store(lambda book: book.record(place).entry.value)

    def history(self, place: Place) -> Iterable:
        """The entries of a place, the first first."""
        return self.store(lambda book: tuple(book.history(place)))


def _press(keys: str) -> None:
    """One key with those held, one by one as hands do: Alt closes a menu, and the next key is for what is below."""
    both = QKeySequence(keys)[0]
    held = [key for modifier, key in HELD if modifier & both.keyboardModifiers()]
    for key in held:
        QTest.keyPress(front_window(), key)
    QTest.keyClick(front_window(), both.key(), both.keyboardModifiers())
    for key in held:
        QTest.keyRelease(front_window(), key)


def _type(text: str) -> None:
    if text.isascii():
        for sign in text:
            QTest.keyClick(front_window(), sign)
        return
    focus = QApplication.focusWidget()
    assert focus is not None, "nothing has the cursor"
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(focus, event)


def _cursor() -> str:
    focus = QApplication.focusWidget()
    return "" if focus is None else focus.accessibleName() or _text(focus) or _buddy(focus)


def _buddy(widget: QWidget) -> str:
    """The words that stand before a field and belong to it."""
    named = [each.text() for each in widget.window().findChildren(QLabel) if each.buddy() is widget]
    return named[0] if named else ""


def _text(widget: QWidget) -> str:
    words = getattr(widget, "text", lambda: "")()
    return str(words).replace("&", "")


def _line() -> str:
    focus = QApplication.focusWidget()
    if isinstance(focus, QAbstractItemView):
        at = focus.currentIndex()
        if focus.selectionBehavior() != QAbstractItemView.SelectionBehavior.SelectRows:
            return str(at.data(Qt.ItemDataRole.AccessibleTextRole) or at.data() or "")
        columns = range(focus.model().columnCount() if isinstance(focus, QTableView) else 1)
        cells = [cell_words(at.siblingAtColumn(column)) for column in columns] if at.isValid() else []
        return " | ".join(cell for cell in cells if cell)
    if isinstance(focus, QComboBox):
        return focus.currentText()
    if isinstance(focus, QTabBar):
        return focus.tabText(focus.currentIndex())
    return "" if focus is None else _text(focus) or focus.accessibleName()


def _held() -> str:
    focus = QApplication.focusWidget()
    if isinstance(focus, QLineEdit):
        return focus.text()
    if isinstance(focus, QPlainTextEdit):
        return focus.toPlainText()
    return _line()
