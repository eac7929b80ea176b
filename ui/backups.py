"""Copies that make themselves while somebody works: due at sign-in and every hour after, in the worker."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from db.casebook.casebook import Casebook
from db.clock import milliseconds, read_instant
from db.copies.automatic import copy_store, is_due, is_late, last_copy, note_copy
from db.proof.copying import Copy
from forms.errors import Told
from ui.jobs import Job, Jobs
from ui.settings import Settings

LOOK_AGAIN = 60 * 60 * 1000
"""Milliseconds after which it is looked again whether a copy is due."""

DAY = 24 * 60 * 60 * 1000


class AutoBackup(QObject):
    """Makes a copy when one is due and a second place is set. ``changed`` follows each end, good or bad."""

    changed = Signal()

    def __init__(self, casebook: Casebook, jobs: Jobs, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self.casebook, self.jobs, self.settings = casebook, jobs, settings
        self.trouble: Told | None = None
        self.job: Job | None = None
        self.timer = QTimer(self)
        self.timer.setInterval(LOOK_AGAIN)
        self.timer.timeout.connect(self.look)
        self.timer.start()

    @property
    def place(self) -> str:
        """The second place, "" when none was chosen."""
        return self.settings.backup_place(self.casebook.path)

    def look(self) -> None:
        """Make a copy when one is due."""
        may = self.place and not self.casebook.read_only and self.casebook.may("backup")
        if may and self.job is None and is_due(self.casebook):
            self.make()

    def make(self) -> None:
        """Make a copy now."""
        self.trouble = None
        title = self.settings.say("access.backup.job")
        self.job = self.jobs.run(
            copy_store, self.place, done=self._done, failed=self._failed, cancelled=self._end, title=title
        )
        self.changed.emit()

    def _done(self, copied: Copy) -> None:
        note_copy(self.casebook, copied)
        self._end()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Told):
            self._end()
            raise error
        self.trouble = error
        self._end()

    def _end(self) -> None:
        self.job = None
        self.changed.emit()


def backups_of(casebook: Casebook, jobs: Jobs, settings: Settings) -> AutoBackup:
    """The one that looks after the copies of the open store; it lives as long as its worker."""
    return jobs.findChild(AutoBackup) or AutoBackup(casebook, jobs, settings, jobs)


def age_words(casebook: Casebook, settings: Settings) -> tuple[str, str]:
    """How old the last proved copy is, in words, and the kind of label for it."""
    last = last_copy(casebook)
    kind = "notice" if is_late(casebook) else "quiet"
    if not last:
        return settings.say("access.backup.none"), kind
    days = (milliseconds(casebook.clock()) - read_instant(last)) // DAY
    if days < 1:
        return settings.say("access.backup.today"), kind
    return settings.say("access.backup.days" if days > 1 else "access.backup.day", days=days), kind


def is_reachable(place: str) -> bool:
    """Whether the second place is there."""
    return bool(place) and Path(place).is_dir()
