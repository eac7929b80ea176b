"""Administration: people, keys, copies. Each tab shows only what the person may do."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QTabWidget, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from db.ledger.roles import ACCOUNT_ACTS
from forms.errors import Told
from forms.progress import Tick
from forms.texts import said
from ui.backups import backups_of
from ui.hub import Hub
from ui.jobs import Jobs
from ui.pages.administration.amend import AmendPart
from ui.pages.administration.backups import BackupsPart
from ui.pages.administration.keys import KeysPart
from ui.pages.administration.lock import LockPart
from ui.pages.administration.people import PeoplePart
from ui.parts.pieces import across, label, show_note
from ui.parts.store_notes import zone_words
from ui.settings import Settings
from ui.words import Words

RIGHTS = {"backups": (("backup",),), "lock": (("lock", "unlock"),), "amend": (("study",), ("read",))}
"""One of each group of rights shows a tab; the dry run of a new version shows values of subjects, so it needs both."""


def make_list(reader: Casebook, path: str, language: str, *, tick: Tick) -> str:
    """A job: the delegation list as PDF; returns the position it shows."""
    from db.casebook.dataset import read_dataset
    from db.folder.paths import write_whole
    from reports.pdf.delegation import render

    tick(0, 2, "")
    reader.check_right("accounts")
    dataset = read_dataset(reader.path, reader.store_key, trail=False)
    dataset = replace(dataset, subjects=(), acts=tuple(reader.acts(*ACCOUNT_ACTS)))
    tick(1, 2, "")
    write_whole(Path(path), render(dataset, language))
    return str(dataset.position)


class AdministrationPage(QWidget):
    """Tabs; what was noticed about the store stands above them."""

    trouble = Signal(object)
    open_place = Signal(object)

    def __init__(self, casebook: Casebook, hub: Hub, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.jobs, self.settings = casebook, jobs, settings
        self.words = Words(settings, self)
        self.title, self.zone = label("title"), label("quiet")
        self.note = label("notice", wrap=True)
        self.auto = backups_of(casebook, jobs, settings)
        self.people = PeoplePart(casebook, settings)
        self.keys = KeysPart(casebook, settings)
        self.backups = BackupsPart(casebook, jobs, settings, self.auto)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.lock = LockPart(casebook, hub, jobs, settings)
        self.lock.open_place.connect(self.open_place)
        self.amend = AmendPart(casebook, hub, jobs, settings)
        self.amend.open_place.connect(self.open_place)
        self.parts: dict[str, PeoplePart | KeysPart | BackupsPart | LockPart | AmendPart] = {
            "people": self.people, "keys": self.keys, "backups": self.backups, "lock": self.lock, "amend": self.amend,
        }  # fmt: skip
        for name, part in self.parts.items():
            if all(any(map(casebook.may, each)) for each in RIGHTS.get(name, ())):
                self.tabs.addTab(part, "")
                part.setObjectName(name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addLayout(across(self.title, self.zone, None, spacing=12))
        layout.addWidget(self.note)
        layout.addWidget(self.tabs, 1)
        self.people.left.connect(self.keys.new_key)
        self.people.list_wanted.connect(self.ask_list)
        hub.changed.connect(lambda _: self.refresh() if self.isVisible() else None)
        self.words.follow(self.refresh)

    def show_page(self) -> None:
        """The page comes to the front."""
        self.refresh()
        self.tabs.currentWidget().setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Read everything anew and say it in the window's language."""
        say = self.settings.say
        self.title.setText(say("ui.page.administration"))
        self.zone.setText(say("access.zone", zone=zone_words(self.casebook)))
        self._warn()
        for at in range(self.tabs.count()):
            name = self.tabs.widget(at).objectName()  # type: ignore[union-attr]
            self.tabs.setTabText(at, say(f"access.tab.{name}"))
            self.parts[name].refresh()

    def ask_list(self) -> None:
        """Ask where to, then make the delegation list in the worker."""
        folder = self.settings.get("reports_folder") or QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DocumentsLocation
        )
        words = self.settings.say("access.people.do.list")
        path, _ = QFileDialog.getSaveFileName(self, words, str(Path(folder) / "delegation.pdf"), "PDF (*.pdf)")
        if path:
            self.list_to(path)

    def list_to(self, path: str) -> None:
        """Make the delegation list into a file."""
        done = partial(self._listed, path)
        self.jobs.run(
            make_list, path, self.settings.language, done=done, failed=self._failed,
            title=self.settings.say("access.delegation.title"),
        )  # fmt: skip

    def _listed(self, path: str, position: str) -> None:
        import json

        self.casebook.note_act("report", json.dumps({"report": "delegation", "position": position}, sort_keys=True))
        show_note(self.note, self.settings.say("access.sheet.saved", path=path), "notice")

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Told):
            raise error
        self.trouble.emit(error)

    def _warn(self) -> None:
        told = [said(text, self.settings.language) for text in self.casebook.warnings]
        show_note(self.note, "\n\n".join(told), "notice")
