"""A site with the ANKL study, and the real window on it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from db.casebook.casebook import Casebook
from db.clock import set_clock
from db.folder.keys import CHEAP
from db.opening.vault import create_store
from forms.authoring.load import read_study
from forms.place import Place
from forms.study.definition import Study
from ui.settings import Settings
from ui.theme import show_theme
from ui.window.app import speak
from ui.window.main_window import MainWindow

PHRASE = "four wet horses dance"
TODAY = "2024-10-18"
FIRST = "S01-001"

VISITS = (
    ("SCR", "1", "2024-09-20"),
    ("C_D1", "1", "2024-09-26"),
    ("C_D2", "1", "2024-09-27"),
    ("C_D8", "1", "2024-10-03"),
    ("C_D15", "1", "2024-10-10"),
)
"""A subject whose cycle 1 ends today's week; cycle 2 is due."""


@cache
def ankl() -> Study:
    return read_study("ankl")


def new_site(folder: Path, role: str = "nurse", user: str = "lin") -> Casebook:
    """A store with one subject in her first cycle."""
    book = create_store(
        folder / "site.casebook", ankl(), site="S01", user=user, name="Lin Xia", role=role, passphrase=PHRASE,
        clock=set_clock(TODAY), kdf=CHEAP,
    )  # fmt: skip
    if book.may("subject.add"):
        begin_subject(book)
    return book


def begin_subject(book: Casebook) -> None:
    """The first subject, whose cycle 1 ends today's week."""
    book.add_subject(FIRST)
    for event, number, day in VISITS:
        book.enter(Place(FIRST, event, number, "SV", "1", "1", "SVPERF"), "Y")
        book.enter(Place(FIRST, event, number, "SV", "1", "1", "SVDAT"), day)
    for form, item, text in (("DM", "SEX", "F"), ("DM", "BRTHDAT", "1991-03-11"), ("IC", "ICDAT", "2024-09-19")):
        book.enter(Place(FIRST, "SCR", "1", form, "1", "1", item), text)


def new_window(folder: Path, qtbot, language: str = "en") -> MainWindow:
    """The window, dressed, not yet on a store."""
    settings = Settings(folder / "settings" / "casebook.ini")
    settings.put("language", language)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    show_theme(application, settings.dark)
    speak(application, settings.language)
    window = MainWindow(settings, lambda: set_clock(TODAY))
    qtbot.addWidget(window, before_close_func=MainWindow.finish)  # a job left running would outlive its thread
    window.resize(1366, 768)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


def signed_in(folder: Path, qtbot, language: str = "en", role: str = "nurse") -> MainWindow:
    """The window on a new site's store."""
    window = new_window(folder, qtbot, language)
    window.enter(new_site(folder, role))
    wait_for_jobs(window, qtbot)
    return window


def standing(folder: Path, qtbot, role: str) -> Iterator[MainWindow]:
    """The window for a test, closed after it with whatever dialogs still stand; for fixtures."""
    window = signed_in(folder, qtbot, role=role)
    yield window
    for dialog in dialogs():
        QDialog.reject(dialog)
    window.close()


def dialogs() -> list[QDialog]:
    """The dialogs that stand open."""
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]


def wait_for_jobs(window: MainWindow, qtbot) -> None:
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=10_000)
    QApplication.processEvents()


def press(key, *modifiers) -> None:
    """A key to whatever has the focus."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, *modifiers)
    QApplication.processEvents()


def type_text(text: str) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, text)
    QApplication.processEvents()
