"""A person without a plan: keys and clicks in a seeded order, given to the window as keyboard and mouse give them.

The walk goes on inside dialogs that stay until they are answered. It notices errors nobody caught, warnings of Qt, a
window that no longer answers, and typed text that is neither stored, nor kept as a draft, nor answered by a question.
"""

from __future__ import annotations

import gc
import random
import string
import sys
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence, QWheelEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QComboBox, QDialog, QLineEdit, QWidget
from shiboken6 import isValid

from db.casebook.casebook import Casebook
from forms.place import FormKey
from ui.actions import TABLE
from ui.dialogs.guide import GuideDialog
from ui.dialogs.reason import ReasonDialog
from ui.editors.base import Editor
from ui.window.main_window import MainWindow

LAST = 60
"""Events told when something went wrong."""
STILL = 90
"""Seconds without an event after which the walk is held to stand still."""
TIDY_EVERY = 400
"""Events after which the window has to come back to a page when asked, and what nobody holds is thrown away."""
HARMLESS = ("This plugin does not support", "Could not connect to", "propagateSizeHints")
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
HELD = ((CONTROL, Qt.Key.Key_Control), (SHIFT, Qt.Key.Key_Shift), (ALT, Qt.Key.Key_Alt))
PLAIN_KEYS = (
    Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Up, Qt.Key.Key_Down,
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace,
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_F1, Qt.Key.Key_F3,
    Qt.Key.Key_F4, Qt.Key.Key_F6, Qt.Key.Key_F7, Qt.Key.Key_F8, Qt.Key.Key_F9, Qt.Key.Key_Menu,
)  # fmt: skip
SHORTCUTS = tuple(keys for line in TABLE for keys in line.keys if "Ctrl" in keys or "Alt" in keys)
WORDS = string.digits * 3 + string.ascii_lowercase + ".-/<; ynu"
Spot = tuple[str, str, str]
"""Form (as text), item, row: where something was typed."""


class Stuck(AssertionError):
    """The walk found something."""


class Walker:
    """Walks ``count`` events through a window; ``come_in`` opens the store again when the walk has signed out."""

    def __init__(
        self, window: MainWindow, seed: int, count: int, come_in: Callable[[], None], phrase: str, log: Path
    ) -> None:
        self.window, self.seed, self.count, self.come_in, self.phrase = window, seed, count, come_in, phrase
        self.random = random.Random(seed)
        self.log = log.open("w", encoding="utf-8", buffering=1)
        self.done = 0
        self.told: deque[str] = deque(maxlen=LAST)
        self.errors: list[str] = []
        self.pending: dict[FormKey, dict[tuple[str, str], str]] = {}
        self.heard: list[object] = []
        self.depths: list[int] = []
        self.over = False
        self.seen: set[str] = set()
        self.shown: list[QWidget] = []
        self.stepped = monotonic()

    # --- running --------------------------------------------------------------------------------------------------

    def walk(self) -> None:
        """Go all the way; raises `Stuck` with the seed and the last events when something was found."""
        before = sys.excepthook, sys.unraisablehook
        handler = qInstallMessageHandler(self._on_message)
        sys.excepthook, sys.unraisablehook = self._on_error, self._on_unraisable
        try:
            QTimer.singleShot(0, self.window, self._pulse)
            watch = QTimer(self.window)
            watch.timeout.connect(self._watch)
            watch.start(1000)
            while not self.over:
                QApplication.processEvents()
            gc.collect()
            QApplication.processEvents()
        finally:
            sys.excepthook, sys.unraisablehook = before
            qInstallMessageHandler(handler)
            self.log.close()
        if self.errors:
            raise Stuck(self.report())

    def _watch(self) -> None:
        """A walk that stands still has found something, too; one that is over leaves no dialog open behind it.

        The second half of a double click comes when the dialog of the first has closed, and may open it once more.
        """
        if self.over:
            for dialog in open_dialogs():
                QDialog.reject(dialog)
        elif monotonic() - self.stepped > STILL:
            busy = self.window.jobs is not None and self.window.jobs.busy
            self.fail(f"no event for {STILL} seconds; work under way: {busy}; {standing()}")

    def report(self) -> str:
        """Seed, last events, what went wrong."""
        steps = "\n".join(self.told)
        return f"seed {self.seed}, event {self.done}\n{steps}\n\n" + "\n".join(self.errors)

    def fail(self, words: str) -> None:
        """Something is wrong: say it once and end the walk."""
        if not self.errors:
            self.errors.append(words)
        self.over = True
        for dialog in open_dialogs():
            QDialog.reject(dialog)

    def _on_error(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self.fail("".join(traceback.format_exception(kind, error, trace)))

    def _on_unraisable(self, told: Any) -> None:
        self.fail(f"unraisable in {told.object!r}\n" + "".join(traceback.format_exception(told.exc_value)))

    def _on_message(self, kind: QtMsgType, _context: object, words: str) -> None:
        if kind == QtMsgType.QtFatalMsg:  # the program dies with it
            self.log.write(f"Qt says: {words}\n")
        if kind != QtMsgType.QtDebugMsg and kind != QtMsgType.QtInfoMsg and not words.startswith(HARMLESS):
            self.fail(f"Qt says: {words}")

    def _pulse(self) -> None:
        """One event, unless the event before is still being delivered; a dialog that it opened is walked in, too."""
        if self.over:
            return
        QTimer.singleShot(0, self.window, self._pulse)
        depth = len(open_dialogs())
        jobs = self.window.jobs
        if (self.depths and depth <= self.depths[-1]) or (jobs is not None and jobs.busy):
            return  # the same walk again meets the same window only when no work is under way
        self.depths.append(depth)
        try:
            self._step()
        except Exception:  # noqa: BLE001 - whatever it is, the walk tells it with its events
            self.fail(traceback.format_exc())
        finally:
            self.depths.pop()

    def _step(self) -> None:
        if self.done >= self.count:
            self._come_back()
            self.over = True
            return
        self.done += 1
        self.stepped = monotonic()
        self._listen()
        give_front(self.window)
        if self.done % TIDY_EVERY == 0:
            gc.collect()
            self._come_back()
        elif self.window.casebook is None:
            self.told.append("signs in again")
            self.pending.clear()
            self.come_in()
        elif self.window.locked and self.random.random() < 0.5:
            self._unlock()
        else:
            self._act()
        if len(self.depths) == 1 and not open_dialogs():  # inside a dialog what called it has not gone on yet
            self._check_typed()

    # --- acting ---------------------------------------------------------------------------------------------------

    def _act(self) -> None:
        chance = self.random.random()
        if chance < 0.30:
            self._press(self.random.choice(PLAIN_KEYS), SHIFT if self.random.random() < 0.1 else NONE)
        elif chance < 0.55:
            self._type(self.random.choice(WORDS))
        elif chance < 0.65:
            self._shortcut(self.random.choice(SHORTCUTS))
        else:
            self._point(chance)

    def _press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        self._tell(f"key {QKeySequence(key).toString()} {modifiers.name or ''}")
        QTest.keyClick(front(), key, modifiers)

    def _type(self, sign: str) -> None:
        self._tell(f"types {sign!r}")
        QTest.keyClick(front(), sign)

    def _shortcut(self, keys: str) -> None:
        both = QKeySequence(keys)[0]
        self._tell(f"keys {keys}")
        held = [key for modifier, key in HELD if modifier & both.keyboardModifiers()]
        for key in held:  # one by one: Alt closes a menu, and what comes next is for the window below
            QTest.keyPress(front(), key)
        QTest.keyClick(front(), both.key(), both.keyboardModifiers())
        for key in held:
            QTest.keyRelease(front(), key)

    def _point(self, chance: float) -> None:
        there = self._somewhere()
        if there is None:
            return
        widget, at = there
        top = widget.window()
        handle = top.windowHandle()
        if handle is None:
            return
        pos = widget.mapTo(top, at)
        name = f"{type(widget).__name__} {widget.accessibleName() or words_of(widget)!r} at {at.x()},{at.y()}"
        if chance < 0.88:
            self._tell(f"clicks {name}")
            QTest.mouseClick(handle, Qt.MouseButton.LeftButton, NONE, pos)
        elif chance < 0.92:
            self._tell(f"double clicks {name}")
            QTest.mouseDClick(handle, Qt.MouseButton.LeftButton, NONE, pos)
        elif chance < 0.96:
            self._tell(f"turns the wheel on {name}")
            turn = QPoint(0, self.random.choice((-120, 120)))
            QApplication.sendEvent(widget, QWheelEvent(
                QPointF(at), QPointF(widget.mapToGlobal(at)), QPoint(), turn, Qt.MouseButton.NoButton, NONE,
                Qt.ScrollPhase.NoScrollPhase, False,
            ))  # fmt: skip
        else:
            self._tell(f"asks for the menu of {name}")
            QApplication.sendEvent(widget, QContextMenuEvent(
                QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at), NONE
            ))  # fmt: skip

    def _somewhere(self) -> tuple[QWidget, QPoint] | None:
        """A visible, enabled widget in front, those that are there to be used first; and a point in it."""
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget() or beside() or self.window
        shown = [
            each
            for each in (top, *top.findChildren(QWidget))
            if isValid(each) and each.isVisible() and each.isEnabled()
        ]
        self.shown = shown  # held, because Python forgets the part of a widget that nobody holds
        if self.random.random() < 0.8:
            shown = [each for each in shown if isinstance(each, USED)] or shown
        widget = self.random.choice(shown)
        if isinstance(widget, QAbstractItemView):
            widget = widget.viewport()
        if not isValid(widget):
            return None
        seen = widget.visibleRegion().boundingRect()
        if seen.isEmpty():
            return None
        at = QPoint(self.random.randint(seen.left(), seen.right()), self.random.randint(seen.top(), seen.bottom()))
        return widget, at

    def _unlock(self) -> None:
        self._tell("unlocks")
        cover = self.window.covers[-1]
        cover.passphrase.setText(self.phrase)
        QTest.keyClick(front(), Qt.Key.Key_Return)

    def _tell(self, words: str) -> None:
        page = self.window.workspace.at if self.window.workspace is not None else "door"
        self.seen.add(page)
        self.told.append(f"{self.done:6} [{page}] {words}")
        self.log.write(self.told[-1] + "\n")  # stays when the program dies

    # --- looking --------------------------------------------------------------------------------------------------

    def _come_back(self) -> None:
        """Whatever is open, a few times Esc and Ctrl+2 lead to the list of subjects."""
        if self.window.casebook is None:
            return
        self.told.append("comes back")
        for _ in range(12):
            if self.window.locked:
                self._unlock()
            if not open_dialogs() and QApplication.activePopupWidget() is None:
                break
            give_front(self.window)
            QTest.keyClick(front(), Qt.Key.Key_Escape)
            self._finish_what_must()
        if open_dialogs():
            self.fail(f"a dialog doesn't go: {[type(each).__name__ for each in open_dialogs()]}")
            return
        if self.window.casebook is None:
            return
        give_front(self.window)
        QTest.keyClick(self.window.windowHandle(), Qt.Key.Key_2, CONTROL)
        QApplication.processEvents()
        if not open_dialogs() and self.window.workspace.at != "subjects":
            self.fail(f"Ctrl+2 leads to {self.window.workspace.at}; cursor in {standing()}")

    def _finish_what_must(self) -> None:
        """A dialog that must be finished goes by its own button."""
        for dialog in open_dialogs():
            if getattr(dialog, "must_finish", False):
                for button in dialog.findChildren(QAbstractButton):
                    if button.isVisible() and button.isEnabled() and dialog.isVisible():
                        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _listen(self) -> None:
        """Hear what is typed into the form page, and when a reason is refused."""
        form = self._form()
        if form is not None and not any(each is form for each in self.heard):
            self.heard.append(form)
            form.canvas.typed.connect(lambda item, row, text: self._on_typed(form, item, row, text))
        for dialog in open_dialogs():
            if isinstance(dialog, ReasonDialog) and not any(each is dialog for each in self.heard):
                self.heard.append(dialog)
                dialog.rejected.connect(self.pending.clear)

    def _form(self) -> Any:
        workspace = self.window.workspace
        page = workspace.made.get("subject") if workspace is not None else None
        return page._form if page is not None else None

    def _on_typed(self, form: Any, item: str, row: str, text: str) -> None:
        self.pending.setdefault(form.key, {})[(item, row)] = text

    def _check_typed(self) -> None:
        """What was typed where the cursor no longer is must be stored or drafted, unless the form says why not."""
        form, book = self._form(), self.window.casebook
        if form is None or book is None or self.window.locked or not self.pending:
            return
        if not self.window.isActiveWindow() or any(isinstance(each, ReasonDialog) for each in open_dialogs()):
            return  # while the reason is asked for, the value is in the question
        here = editor_with_cursor()
        for key in list(self.pending):
            for (item, row), text in list(self.pending[key].items()):
                field = form.canvas.fields.get((item, row)) if form.key == key else None
                if field is not None and field.editor is here:
                    continue
                if field is not None and QApplication.activePopupWidget() is not None:
                    continue
                del self.pending[key][(item, row)]
                if not form.blockers.isVisible() and not is_kept(book, key, item, row, text):
                    stands = book.sheet(key).cell(item, row).value
                    self.fail(f"lost: {text!r} typed into {key} {item} row {row}; there stands {stands}")
            if not self.pending[key]:
                del self.pending[key]


def standing() -> str:
    """Where the cursor is, from inside out, and what stands in front."""
    chain, part = [], QApplication.focusWidget()
    while part is not None:
        chain.append(type(part).__name__)
        part = part.parentWidget()
    tops = [(type(each).__name__, each.isActiveWindow()) for each in QApplication.topLevelWidgets() if each.isVisible()]
    return f"{chain}, windows {tops}"


USED = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, Editor)


def is_kept(book: Casebook, key: FormKey, item: str, row: str, text: str) -> bool:
    """The store has a text, a missing code instead, or a draft of it."""
    value = book.sheet(key).cell(item, row).value
    if value.missing or text.strip() in (value.text, value.value) or value.text.strip() == text.strip():
        return True
    if text.startswith(value.value) and value.value:
        return True
    return any(d.text == text and (d.place.item, d.place.row) == (item, row) for d in book.drafts(key))


def editor_with_cursor() -> QObject | None:
    """The editor that the cursor stands in."""
    part: QObject | None = QApplication.focusWidget()
    while part is not None and not isinstance(part, Editor):
        part = part.parent()
    return part


def front() -> QWindow:
    """The window that gets the keys."""
    window = QGuiApplication.focusWindow() or QGuiApplication.modalWindow()
    if window is None:
        shown = [each for each in QGuiApplication.topLevelWindows() if each.isVisible()]
        window = shown[-1]
    return window


def give_front(window: MainWindow) -> None:
    """What the desktop does when a list or menu has closed: the window below gets the keys again."""
    if QApplication.activePopupWidget() is None:
        top = QApplication.activeModalWidget() or beside() or window
        if not top.isActiveWindow():
            top.activateWindow()
            QApplication.processEvents()


def beside() -> QDialog | None:
    """The guide that stands beside the window: whoever opened it reads on until it is closed."""
    return next((each for each in open_dialogs() if isinstance(each, GuideDialog) and not each.isModal()), None)


def open_dialogs() -> list[QDialog]:
    """The dialogs that stand open."""
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]


def words_of(widget: QWidget) -> str:
    """What stands on a widget."""
    text = getattr(widget, "text", None)
    return str(text())[:30] if callable(text) and not isinstance(widget, Editor) else ""
