"""The listing of queries as a file: PDF to file away, CSV to sort."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from db.casebook.casebook import Casebook
from forms.errors import Told
from forms.progress import Tick
from ui.jobs import Jobs
from ui.parts.pieces import button
from ui.settings import Settings


def make_listing(reader: Casebook, path: str, language: str, *, tick: Tick) -> str:
    """A job: every query with what followed, PDF or CSV by the ending of the path; returns the position."""
    from db.folder.paths import write_whole
    from reports.data import queries_csv
    from reports.pdf import queries as queries_pdf

    dataset = reader.dataset(tick=tick)
    is_table = path.casefold().endswith(".csv")
    write_whole(
        Path(path), queries_csv.render(dataset, language) if is_table else queries_pdf.render(dataset, language)
    )
    return str(dataset.position)


class ListingButton(QWidget):
    """A button that asks where to and makes the listing; ``told`` says how it went."""

    told = Signal(str, str)

    def __init__(self, casebook: Casebook, jobs: Jobs, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self.casebook, self.jobs, self.settings = casebook, jobs, settings
        self.button: QPushButton = button(self.ask, icon_name="reports")
        if not casebook.may("report"):
            self.button.hide()

    def tell(self) -> None:
        """Say it in the window's language."""
        self.button.setText(self.settings.say("access.listing.save"))

    def ask(self) -> None:
        """Ask where to, then make it."""
        folder = self.settings.get("reports_folder") or QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DocumentsLocation
        )
        words = self.settings.say("access.listing.title")
        path, _ = QFileDialog.getSaveFileName(
            self.button, words, str(Path(folder) / "queries.pdf"), "PDF (*.pdf);;CSV (*.csv)"
        )
        if path:
            self.make_to(path)

    def make_to(self, path: str) -> None:
        """Make the listing in the worker; that it was made is an act."""

        def done(position: str) -> None:
            about = {"report": "queries", "position": int(position)}
            self.casebook.note_act("report", json.dumps(about, sort_keys=True))
            self.told.emit(self.settings.say("access.sheet.saved", path=path), "notice")

        title = self.settings.say("access.listing.title")
        self.jobs.run(make_listing, path, self.settings.language, done=done, failed=self._failed, title=title)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Told):
            raise error
        self.told.emit(error.in_language(self.settings.language), "trouble")
