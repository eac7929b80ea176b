"""One subject: the band above, below it the schedule or one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from forms.errors import Told
from forms.place import FormKey
from ui.hub import Hub
from ui.jobs import Jobs
from ui.pages.schedule.view import ScheduleView
from ui.parts.band import Band
from ui.parts.pieces import button
from ui.settings import Settings
from ui.words import Words

if TYPE_CHECKING:
    from ui.pages.form.page import FormPage


class SubjectPage(QWidget):
    """Schedule and forms of a subject under one band, so that the wrong patient is seen at once."""

    went_back = Signal()
    trouble = Signal(object)

    def __init__(self, casebook: Casebook, hub: Hub, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.hub, self.jobs, self.settings = casebook, hub, jobs, settings
        self.id = ""
        self.band = Band(settings)
        self.identity = button(self.show_identity)
        if not casebook.may("identify"):
            self.identity.hide()
        self.band.offer(self.identity)
        self.words = Words(settings, self)
        self.words.put(self.identity.setText, "access.identity.button")
        self.view = ScheduleView(casebook, settings)
        self._form: FormPage | None = None
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.band)
        layout.addWidget(self.stack, 1)
        self.view.open_form.connect(self.show_form)
        hub.changed.connect(self._on_changed)
        settings.changed.connect(self._on_setting)

    @property
    def in_form(self) -> bool:
        """A form is open, not the schedule."""
        return self.stack.currentWidget() is not self.view

    @property
    def form(self) -> FormPage:
        """The form page, made when the first form is opened."""
        if self._form is None:
            from ui.pages.form.page import FormPage

            self._form = FormPage(self.casebook, self.hub, self.jobs, self.settings)
            self._form.open_form.connect(self.show_form)
            self._form.went_back.connect(lambda _subject: self.show_schedule())
            self._form.trouble.connect(self.trouble)
            self.stack.addWidget(self._form)
        return self._form

    def leave_field(self) -> bool:
        """Save the field that has the cursor; False when it could not be saved."""
        return self._form is None or self._form.flush()

    def put_aside(self) -> None:
        """Keep what stands half typed as a draft, without asking anything, for the person who typed it."""
        if self._form is not None:
            self._form.saver.put_aside()
            self._form.filling.here = None

    def show_subject(self, subject: str) -> None:
        """The schedule of a subject."""
        self.id = subject
        self._refresh()
        self.show_schedule()

    def show_form(self, key: FormKey) -> None:
        """A form of a subject."""
        if key.subject != self.id:
            self.id = key.subject
            self._refresh()
        self.form.show_form(key)
        self.stack.setCurrentWidget(self.form)

    def show_schedule(self) -> None:
        """Back from a form to the grid, at the cell one came from."""
        self.stack.setCurrentWidget(self.view)
        self._refresh()
        self.view.focus_grid()

    def show_identity(self) -> None:
        """Who the subject is, for whoever may look."""
        from ui.dialogs.identity import show_identity

        try:
            show_identity(self.casebook, self.id, self.settings, self)
        except Told as error:
            self.trouble.emit(error)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The band leaves a low page to what stands below it."""
        super().resizeEvent(event)
        self.band.squeeze(self.height())

    def _refresh(self) -> None:
        if self.id:
            subject = self.casebook.subject(self.id)
            self.band.show_subject(subject)
            if not self.in_form:
                self.view.show_subject(subject)

    def _on_changed(self, changes: Any) -> None:
        if self.id and self.isVisible() and any(place.subject == self.id for place in changes.places):
            self._refresh()

    def _on_setting(self, key: str) -> None:
        if key == "language":
            self._refresh()
