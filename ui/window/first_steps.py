"""What the welcome page's three choices do."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from forms.errors import Told
from ui.jobs import Jobs

if TYPE_CHECKING:
    from ui.window.main_window import MainWindow


class Opening(QObject):
    """Listens to the welcome page and works on the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.jobs = Jobs(None, self)
        self.built: list[Path] = []
        page = window.welcome
        page.demonstration.connect(self.open_demonstration)
        page.opened.connect(self.open_path)
        page.start.connect(self.start_study)

    def open_path(self, path: str) -> None:
        """Go to the sign-in page of a store, or say why the folder isn't one."""
        from db.opening.vault import find_store

        try:
            store = find_store(path)
        except Told as error:
            self.window.welcome.show_trouble(error.in_language(self.window.settings.language))
            return
        self.window.show_sign_in(str(store))

    def open_demonstration(self) -> None:
        """Build the demonstration store in a fresh folder and open it; nothing to invent, nothing to type."""
        page = self.window.welcome
        page.show_progress(0, 0, "")
        job = self.jobs.run(
            build_demonstration,
            done=self._demonstration_built,
            failed=self._failed,
        )
        job.progressed.connect(page.show_progress)

    def start_study(self) -> None:
        """Ask for what a new store needs and make it."""
        from ui.dialogs.start_study import StartStudyDialog

        dialog = StartStudyDialog(self.window.settings, self.window.make_clock(), self.window)
        if dialog.exec() and dialog.casebook is not None:
            self.window.enter(dialog.casebook)

    def _demonstration_built(self, built: Any) -> None:
        from ui.commands.demo_store import PASSPHRASE, USER

        self.window.welcome.end_progress()
        store, today = built
        self.built.append(Path(store).parent)
        self.window.set_today(str(store), today)
        self.window.show_sign_in(str(store), USER)
        self.window.open_store(USER, PASSPHRASE)

    def close(self) -> None:
        """Stop building; demonstrations built in this session are taken away."""
        self.jobs.close()
        for folder in self.built:
            shutil.rmtree(folder, ignore_errors=True)

    def _failed(self, error: Exception) -> None:
        self.window.welcome.end_progress()
        if not isinstance(error, Told):
            raise error
        self.window.welcome.show_trouble(error.in_language(self.window.settings.language))


def build_demonstration(_reader: object, *, tick: Any) -> tuple[Path, str]:
    """Make the demonstration store in a folder of its own; its path and the day its clock shows."""
    from ui.commands.demo_store import build, read_plan, studies

    study = studies()[0]
    folder = Path(tempfile.mkdtemp(prefix="casebook-"))
    return build(folder / study, study, tick), str(read_plan(study)["today"])
