"""The desk a journey begins at: folders, stores with accounts, windows, a clock that stands."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from unittest.mock import patch

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from db.casebook.casebook import Casebook
from db.clock import Clock, Stepping, clock_of
from db.folder.keys import CHEAP
from db.opening.vault import create_store, open_store
from db.people.accounts import add_account
from forms.authoring.load import read_study
from forms.place import FormKey
from forms.study.definition import Study
from tests.journeys.aside import Aside
from tests.journeys.hands import Hands
from tests.ui.windows import FIRST, PHRASE, TODAY, begin_subject, dialogs
from ui.parts.bounded import FRAME
from ui.settings import Settings
from ui.theme import show_theme
from ui.window.app import speak
from ui.window.main_window import MainWindow

SIZE = (1366, 768)
PEOPLE = (
    ("root", "Ren Gang", "admin"),
    ("lin", "Lin Xia", "nurse"),
    ("zhou", "Zhou Wei", "investigator"),
    ("chen", "Chen Ming", "pi"),
    ("hu", "Hu Jing", "monitor"),
    ("gao", "Gao Yan", "datamanager"),
)


@cache
def study_of(name: str) -> Study:
    """A shipped definition."""
    return read_study(name)


def standing_clock(day: str, hour: int = 9) -> Clock:
    """A clock set to a day that shows the same time at every look, so that what is shown is the same each time."""
    at = datetime.fromisoformat(f"{day}T{hour:02d}:00:00").replace(tzinfo=UTC)
    return clock_of(Stepping(at, timedelta()))


def visit_begun(book: Casebook) -> None:
    """A subject in cycle 1 whose blood count of day 8 is in."""
    begin_subject(book)
    slip = FormKey(FIRST, "C_D8", "1", "HEM")
    for item, text in (("LBPERF", "Y"), ("LBDAT", "2024-10-03"), ("LBNAM", "LAB1"), ("HGB", "64"), ("PLT", "18")):
        book.enter(slip.place(item), text)


class Desk:
    """Stores and windows of one journey."""

    def __init__(self, folder: Path, aside: Aside) -> None:
        self.folder, self.aside = folder, aside
        self.screen = patch("ui.parts.bounded.screen_room", lambda _: QSize(*SIZE) - FRAME)
        self.screen.start()  # the screen that Qt makes up without a display is smaller than any laptop's
        self.windows: list[MainWindow] = []
        self.clock: Callable[[], Clock] = lambda: standing_clock(TODAY)
        self.places: dict[Path, str] = {}
        """The second place of each store that has one."""

    def store(self, study: str = "ankl", *, prepare: Callable | None = None, people=PEOPLE) -> Path:
        """A store with the accounts of everybody; ``prepare`` may enter what stood there before."""
        path = self.folder / "site.casebook"
        owner, *others = people

        def make() -> None:
            book = create_store(
                path, study_of(study), site="S01", user=owner[0], name=owner[1], role=owner[2], passphrase=PHRASE,
                clock=self.clock(), kdf=CHEAP,
            )  # fmt: skip
            for user, name, role in others:
                add_account(book, user, name, role, PHRASE, kdf=CHEAP, temporary=False)
            book.close()
            if prepare is not None:
                book = open_store(path, user="lin", passphrase=PHRASE, clock=self.clock())
                prepare(book)
                book.close()

        self.aside.ask(make)
        return path

    def window(self, language: str = "en", *, dark: bool = False, phrase: str = PHRASE) -> Hands:
        """A window as the program opens it, on no store yet."""

        def open_one() -> MainWindow:
            settings = Settings(self.folder / f"settings{len(self.windows)}" / "casebook.ini")
            settings.put("language", language)
            for store, place in self.places.items():
                settings.put_backup_place(store, place)
            settings.put("appearance", "dark" if dark else "light")
            application = QApplication.instance()
            assert isinstance(application, QApplication)
            show_theme(application, settings.dark)
            speak(application, settings.language)
            window = MainWindow(settings, lambda: self.clock())
            window.resize(*SIZE)
            window.show()
            window.activateWindow()
            window.show_welcome()
            self.windows.append(window)
            return window

        return Hands(self.aside.ask(open_one), self.aside, phrase)

    def at_the_door(self, user: str, path: Path, language: str = "en", **more) -> Hands:
        """A person starts the program on a store; the cursor is in the passphrase."""
        hands = self.window(language, **more)
        self.aside.ask(lambda: hands.window.show_sign_in(str(path), user))
        hands.sees(hands.say("ui.sign_in.enter")).go_to(hands.say("ui.sign_in.passphrase"))
        return hands

    def sit_down(self, user: str, path: Path, language: str = "en", **more) -> Hands:
        """A person starts the program on a store and signs in."""
        hands = self.at_the_door(user, path, language, **more)
        hands.type(hands.phrase).press("Return")
        hands.until(lambda: hands.window.casebook is not None, f"{user} to be let in")
        return hands.settled()

    def kill(self, hands: Hands) -> Path:
        """The power goes: the store as it lies on the disk at this moment, with nothing closed."""
        path = Path(hands.window.store)
        left = self.folder / f"after-{len(self.windows)}" / path.name
        self.aside.ask(lambda: shutil.copytree(path, left))
        return left

    def put_away(self, hands: Hands) -> None:
        """Close a window as a person closes it."""

        def close() -> None:
            hands.window.close()
            self.windows.remove(hands.window)
            hands.window.deleteLater()

        self.aside.ask(close)

    def clear(self) -> None:
        """Put everything away."""
        self.screen.stop()
        for dialog in dialogs():
            dialog.done(0)
        for window in self.windows:
            window.finish()
            window.close()
            window.deleteLater()
        self.windows.clear()
