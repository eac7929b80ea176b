"""What the welcome page's three choices do."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from forms.errors import Told
from ui.jobs import Jobs

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.clock import Clock
    from ui.pages.door.welcome import WelcomePage
    from ui.settings import Settings


class Opening(QObject):
    """Listens to the welcome page and tells the window which store it leads to.

    ``chosen``: the folder of a store that is there. ``made``: the casebook of a new one. ``demonstrated``: the folder
    of a demonstration and the day of its clock.
    """

    chosen = Signal(str)
    made = Signal(object)
    demonstrated = Signal(str, str)

    def __init__(self, page: WelcomePage, settings: Settings, make_clock: Callable[[], Clock], window: QWidget) -> None:
        super().__init__(window)
        self.page = page
        self.settings = settings
        self.make_clock = make_clock
        self.window = window
        self.jobs = Jobs(None, self)
        self.built: list[Path] = []
        page.demonstration.connect(self.open_demonstration)
        page.opened.connect(self.open_path)
        page.start.connect(self.start_study)
        page.release.connect(self.update_program)

    def open_path(self, path: str) -> None:
        """Go to the sign-in page of a store, or say why the folder isn't one."""
        from db.opening.vault import find_store

        try:
            store = find_store(path)
        except Told as error:
            self.page.show_trouble(error.in_language(self.settings.language))
            return
        self.chosen.emit(str(store))

    def open_demonstration(self) -> None:
        """Build the demonstration store in a fresh folder and open it; nothing to invent, nothing to type."""
        page = self.page
        page.show_progress(0, 0, "")
        job = self.jobs.run(
            build_demonstration,
            done=self._demonstration_built,
            failed=self._failed,
        )
        job.progressed.connect(page.show_progress)

    def update_program(self, path: str) -> None:
        """Install the release in a folder; it runs from the next start on."""
        from ui.release.known import read_schemas

        say, stores = self.settings.say, read_schemas(self.settings.get("schemas"))
        self.page.show_progress(0, 0, say("program.update.copying"))
        job = self.jobs.run(install_release, path, stores, done=self._updated, failed=self._failed)
        job.progressed.connect(lambda at, of, _: self.page.show_progress(at, of, say("program.update.copying")))

    def _updated(self, version: str) -> None:
        self.page.end_progress()
        self.page.show_done(self.settings.say("program.update.done", version=version))

    def start_study(self) -> None:
        """Ask for what a new store needs and make it."""
        from ui.dialogs.start_study import StartStudyDialog

        dialog = StartStudyDialog(self.settings, self.make_clock(), self.window)
        if dialog.exec() and dialog.casebook is not None:
            self.made.emit(dialog.casebook)

    def _demonstration_built(self, built: Any) -> None:
        self.page.end_progress()
        store, today = built
        self.built.append(Path(store).parent)
        self.demonstrated.emit(str(store), today)

    def close(self) -> None:
        """Stop building; demonstrations built in this session are taken away."""
        self.jobs.close()
        for folder in self.built:
            shutil.rmtree(folder, ignore_errors=True)

    def _failed(self, error: Exception) -> None:
        self.page.end_progress()
        if not isinstance(error, Told):
            raise error
        self.page.show_trouble(error.in_language(self.settings.language))


def install_release(_reader: object, path: str, stores: dict[str, int], *, tick: Any) -> str:
    """A job: install the release in a folder; returns its version."""
    from ui.release.installing import install
    from ui.release.manifest import release_key

    return install(Path(path), release_key(), stores, tick).version


def build_demonstration(_reader: object, *, tick: Any) -> tuple[Path, str]:
    """Make the demonstration store in a folder of its own; its path and the day its clock shows."""
    from ui.commands.demo_store import build, read_plan, studies

    study = studies()[0]
    folder = Path(tempfile.mkdtemp(prefix="casebook-"))
    return build(folder / study, study, tick), str(read_plan(study)["today"])
