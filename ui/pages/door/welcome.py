"""The first page: look around, start a study, open a store."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QProgressBar, QPushButton, QVBoxLayout

from ui.pages.door.door import CARD_WIDTH, DoorPage
from ui.parts.choice import Choice
from ui.parts.pieces import across, button, label, show_note
from ui.parts.plain import menu_words, plain_tip
from ui.release.pointer import takes_releases
from ui.retire import retire
from ui.settings import Settings

LINK_PADDING = 8
"""What a link keeps free at either side, in pixels."""


class WelcomePage(DoorPage):
    """Three ways in, and the stores opened before."""

    demonstration = Signal()
    start = Signal()
    opened = Signal(str)
    release = Signal(str)
    diagnosed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.demo = Choice(self.demonstration.emit, "flask")
        self.new = Choice(self.start.emit, "plus")
        self.store = Choice(self.choose_store, "folder")
        for made, key in ((self.demo, "demo"), (self.new, "start"), (self.store, "open")):
            self.words.follow(partial(self._tell, made, key))
            self.column.addWidget(made)
        self.note = label("trouble", wrap=True)
        self.note.hide()
        self.progress = QProgressBar()
        self.progress.hide()
        self.words.put(self.progress.setAccessibleName, "ui.jobs.progress")
        self.progress_text = label("quiet", wrap=True)
        self.progress_text.hide()
        self.column.addWidget(self.note)
        self.column.addWidget(self.progress_text)
        self.column.addWidget(self.progress)
        self.recent_title = label("quiet")
        self.words.put(self.recent_title.setText, "ui.welcome.recent")
        self.column.addSpacing(4)
        self.column.addWidget(self.recent_title)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        self.column.addLayout(self._recent)
        self.update_program = button(self.choose_release, kind="link")
        self.words.put(self.update_program.setText, "program.update.menu")
        self.update_program.setVisible(takes_releases())
        self.diagnose = button(self.diagnosed.emit, kind="link")
        self.words.put(self.diagnose.setText, "program.diagnostics.save")
        self.column.addLayout(across(self.diagnose, self.update_program, None))
        self.show_recent()

    def showEvent(self, event: QShowEvent) -> None:
        """The first choice is ready for Enter."""
        super().showEvent(event)
        self.demo.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_recent(self) -> None:
        """List the stores opened on this computer."""
        while (item := self._recent.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                retire(old)
        for path in self.settings.recent:
            self._recent.addWidget(self._link(path))
        self.recent_title.setVisible(bool(self.settings.recent))

    def _tell(self, made: Choice, key: str) -> None:
        made.show_words(self.settings.say(f"ui.welcome.{key}"), self.settings.say(f"ui.welcome.{key}_text"))

    def choose_store(self) -> None:
        """Ask for the folder of a store."""
        words = self.settings.say("ui.welcome.open_dialog")
        start = str(Path(self.settings.recent[0]).parent) if self.settings.recent else str(Path.home())
        path = QFileDialog.getExistingDirectory(self, words, start)
        if path:
            self.opened.emit(path)

    def choose_release(self) -> None:
        """Ask for the folder of a release, as on a stick."""
        path = QFileDialog.getExistingDirectory(self, self.settings.say("program.update.ask"), str(Path.home()))
        if path:
            self.release.emit(path)

    def show_done(self, text: str) -> None:
        """Say what has been done."""
        show_note(self.note, text, "good")

    def show_trouble(self, text: str) -> None:
        """Say what is in the way."""
        show_note(self.note, text)

    def show_progress(self, at: int, of: int, text: str) -> None:
        """Show how far the demonstration is built; ``of`` 0 = not known."""
        for made in (self.demo, self.new, self.store):
            made.setEnabled(False)
        self.progress.show()
        self.progress.setRange(0, of)
        self.progress.setValue(at)
        self.progress_text.setText(text or self.settings.say("ui.welcome.building"))
        self.progress_text.show()

    def end_progress(self) -> None:
        """Back to the choices."""
        for made in (self.demo, self.new, self.store):
            made.setEnabled(True)
        self.progress.hide()
        self.progress_text.hide()

    def _link(self, path: str) -> QPushButton:
        made = button(lambda: self.opened.emit(path), kind="link")
        folder = Path(path)
        name = f"{folder.name}   "
        made.ensurePolished()
        measure = made.fontMetrics()
        room = CARD_WIDTH - 2 * LINK_PADDING - measure.horizontalAdvance(name)
        made.setText(menu_words(name + measure.elidedText(str(folder.parent), Qt.TextElideMode.ElideMiddle, room)))
        made.setToolTip(plain_tip(path))
        made.setAccessibleName(self.settings.say("ui.welcome.open_recent", path=path))
        return made
