"""A journey runs beside the window, as a person sits beside it: the window's loop goes on, whatever stands open.

A dialog may run a loop of its own inside the key that opened it. A test in the window's own thread would wait for that
key until the dialog is gone; beside it, the test sees the dialog and answers it. Everything that touches the window is
handed over and done in the window's thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QThread, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from tests.ui.windows import dialogs

PATIENCE = 60.0
"""Seconds that the window may take to answer."""
ROUNDS = 2
"""Turns of the loop after which what a key has set off is done: a timer of nothing may start another."""
Result = TypeVar("Result")


class Verb(QEvent):
    """Something to be done in the window's thread."""

    KIND = QEvent.Type(QEvent.registerEventType())

    def __init__(self, verb: Callable[[], object]) -> None:
        super().__init__(self.KIND)
        self.verb = verb


class Counter(QObject):
    """Where a journey hands over what is to be done; lives in the window's thread. Raises nothing."""

    def customEvent(self, event: QEvent) -> None:  # noqa: N802
        """Do it."""
        if isinstance(event, Verb):
            event.verb()


class Aside:
    """One journey beside the window."""

    def __init__(self) -> None:
        self.counter = Counter()
        self.loop = QEventLoop()
        self.error: BaseException | None = None

    def walk(self, journey: Callable[[], object]) -> None:
        """Run a journey to its end; what it raises is raised here. To be called in the window's thread."""

        def go() -> None:
            try:
                journey()
            except BaseException as error:  # noqa: BLE001 - raised below, in the test's own thread
                self.error = error
            self._post(self._end)

        thread = threading.Thread(target=go, name="journey", daemon=True)
        thread.start()
        self.loop.exec()
        thread.join(PATIENCE)
        if self.error is not None:
            raise self.error

    def _end(self) -> None:
        """Close whatever a journey that broke off left open, lowest loop last."""
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        for dialog in dialogs():
            QDialog.reject(dialog)
        QTimer.singleShot(0, self.counter, self.loop.quit)

    def _post(self, verb: Callable[[], object]) -> None:
        QCoreApplication.postEvent(self.counter, Verb(verb))

    def ask(self, verb: Callable[[], Result]) -> Result:
        """What a question to the window gives. Raises what the question raises."""
        if threading.current_thread() is threading.main_thread():
            return verb()
        told: list[Result] = []
        wrong: list[BaseException] = []
        ready = threading.Event()

        def answer() -> None:
            try:
                told.append(verb())
            except BaseException as error:  # noqa: BLE001 - raised in the thread that asked
                wrong.append(error)
            ready.set()

        self._post(answer)
        self._wait(ready)
        if wrong:
            raise wrong[0]
        return told[0]

    def do(self, verb: Callable[[], object]) -> None:
        """Do something that may open a dialog which stays; returns when the window waits for a person again.

        That is when the verb is done, or stands in the loop of a dialog that it opened. A loop that merely takes in
        what is due between two keys is none: the next key would else come before the last.
        """
        wrong: list[BaseException] = []
        done: list[bool] = []
        before = self.ask(_loops)

        def act() -> None:
            try:
                verb()
            except BaseException as error:  # noqa: BLE001 - raised in the thread that asked
                wrong.append(error)
            done.append(True)

        self._post(act)
        self.settle()
        while not done and self.ask(_loops) <= before:
            self.settle()
        if wrong:
            raise wrong[0]

    def settle(self) -> None:
        """Until the window has done what is due now."""
        for _ in range(ROUNDS):
            ready = threading.Event()
            self._post(lambda ready=ready: QTimer.singleShot(0, self.counter, ready.set))
            self._wait(ready)

    def _wait(self, ready: threading.Event) -> None:
        if not ready.wait(PATIENCE):
            raise AssertionError(f"the window has not answered for {PATIENCE:.0f} seconds")


def _loops() -> int:
    """How many loops run within one another."""
    return QThread.currentThread().loopLevel()
