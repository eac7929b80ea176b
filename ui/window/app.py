"""Starts Qt, dresses it, shows the window."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from forms.errors import Told
from ui.settings import Settings, name_program
from ui.text_size import keep_still, scale_window
from ui.theme import STYLE, STYLED, show_colours, show_sheet
from ui.window.lacking import told_in_words
from ui.window.main_window import AFTER_PAINT, MainWindow

if TYPE_CHECKING:
    from datetime import date

    from db.clock import Clock

TODAY = "CASEBOOK_TODAY"
"""Environment variable that sets the clock, for demonstrations and tests only; the ledger records it."""

COLLECT = (20_000, 20, 50)
"""Thresholds of Python's collector of circles. What a start loads stays, and looking through it again and again for
something to throw away took a fifth of the way to the worklist."""


def run(
    store: str | None,
    *,
    user: str = "",
    passphrase: str = "",
    language: str = "",
    demonstration: bool = False,
    today: date | str | None = None,
) -> int:
    """Open the window and stay until it is closed. With a passphrase the store is opened at once."""
    application, _window = stand(store, user, passphrase, language, demonstration=demonstration, today=today)
    return application.exec()


def stand(
    store: str | None,
    user: str = "",
    passphrase: str = "",
    language: str = "",
    *,
    demonstration: bool = False,
    today: date | str | None = None,
) -> tuple[QApplication, MainWindow]:
    """The window as it first stands there, before anything is typed into it."""
    application = start(sys.argv[:1])
    settings = Settings()
    if language:
        settings.put("language", language)
    used_before = bool(settings.recent)
    window = make_window(application, settings, today)
    if demonstration and not store:
        window.show_welcome()
        window.opening.open_demonstration()
    elif store:
        window.show_sign_in(str(store), user)
        if passphrase:
            window.open_store(user, passphrase)
    else:
        window.show_welcome()
    show_sheet(application, settings.dark)
    window.show()
    QTimer.singleShot(AFTER_PAINT, window, lambda: tell_news(settings, window, used_before))
    gc.freeze()
    gc.set_threshold(*COLLECT)
    gc.enable()
    return application, window


def tell_news(settings: Settings, window: MainWindow, used_before: bool) -> None:
    """After an update, once: what it brings. A store opened just now is no use of an earlier version."""
    from db import VERSION

    if settings.get("notes_read") != VERSION:
        from ui.dialogs.notes import show_news

        show_news(VERSION, settings, window, used_before)


def start(arguments: list[str]) -> QApplication:
    """The Qt application, once."""
    name_program()
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        application = existing
    else:
        scale_window(Settings().get("text_size"))
        with told_in_words():
            application = QApplication([*arguments, *STYLE])
        keep_still(application)
        application.setProperty(STYLED, True)
    application.setApplicationDisplayName("Casebook")
    return application


def open_window(application: QApplication, settings: Settings, today: date | str | None = None) -> MainWindow:
    """The window, dressed, with the crash page behind it; not shown yet."""
    window = make_window(application, settings, today)
    show_sheet(application, settings.dark)
    return window


def make_window(application: QApplication, settings: Settings, today: date | str | None = None) -> MainWindow:
    """The same but for the style sheet, which costs least once the first page stands."""
    show_colours(application, settings.dark)
    speak(application, settings.language)
    settings.changed.connect(lambda key: speak(application, settings.language) if key == "language" else None)
    window = MainWindow(settings, clock_maker(today))
    application.aboutToQuit.connect(window.finish)
    _catch_bugs(window, settings)
    return window


def speak(application: QApplication, language: str) -> None:
    """Qt's own words (dialogs, context menus) in the window's language."""
    if language == "en" and application.property("words") is None:
        return
    from PySide6.QtCore import QLibraryInfo, QTranslator

    old = application.property("words")
    if isinstance(old, QTranslator):
        application.removeTranslator(old)
        application.setProperty("words", None)
    if language == "zh":
        words = QTranslator(application)
        if words.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            application.installTranslator(words)
            application.setProperty("words", words)


def clock_maker(today: date | str | None) -> Callable[[], Clock]:
    """How to make the clock of a store: the computer's, or one set for a demonstration."""

    def make() -> Clock:
        from db.clock import set_clock, system_clock

        day = today or os.environ.get(TODAY)
        return set_clock(day) if day else system_clock()

    return make


def _catch_bugs(window: MainWindow, settings: Settings) -> None:
    from ui.messages import catch_bugs

    def now() -> str:
        try:
            return window.make_clock()().isoformat(timespec="seconds")
        except (Told, ValueError):
            return ""

    catch_bugs(settings.folder, now, window.show_crash)
