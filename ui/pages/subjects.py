"""All subjects of the store: search as you type, Enter opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from db.casebook.entering import Changes
from forms.errors import Told
from ui.actions import hint, make_action
from ui.hub import Hub
from ui.jobs import Jobs
from ui.models.subject_list import SubjectListModel
from ui.parts.chips import ChipColumns
from ui.parts.empty import Empty
from ui.parts.pieces import across, button, clearable, label
from ui.parts.plain import plain_tip
from ui.parts.tables import RowTable
from ui.settings import Settings
from ui.words import Words

if TYPE_CHECKING:
    from ui.dialogs.identity_log import IdentityLogDialog

SEARCH_DELAY = 60
"""Milliseconds of rest after a key before the store is asked."""

WIDTHS = (120, 0, 90, 70, 80, 110, 120, 190)


class SearchLine(QLineEdit):
    """Down and Enter go from the search into the list."""

    onward = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand the cursor to the list."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.onward.emit()
            return
        super().keyPressEvent(event)


class SubjectsPage(QWidget):
    """The list, its search, and adding a subject."""

    open_subject = Signal(str)
    trouble = Signal(object)

    def __init__(self, casebook: Casebook, hub: Hub, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.hub, self.settings = casebook, hub, settings
        self.words = Words(settings, self)
        self.model = SubjectListModel(casebook, hub, settings, self)
        self.title = label("title")
        self.count = label("quiet")
        self.search = SearchLine()
        clearable(self.search, self.words)
        self.search.setFixedWidth(260)
        self.add = button(self.add_subject, kind="primary", icon_name="plus")
        self.log_button = button(self.show_log)
        self.add_action = make_action("add_subject", self, self.add_subject, settings)
        self.note = label("trouble", wrap=True)
        self.note.hide()
        self.table = RowTable(self.model, WIDTHS)
        self.table.setItemDelegate(ChipColumns({5: "grade", 6: "query"}, self.table))
        self.empty = Empty("subjects")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addLayout(across(self.title, self.count, None, self.search, self.log_button, self.add, spacing=12))
        layout.addWidget(self.note)
        layout.addWidget(self.stack, 1)
        self._show_buttons()
        self._listen()
        self.words.follow(self._tell)

    def _show_buttons(self, _changes: object = None) -> None:
        """Offer what may be done now: the lock of the database takes rights while the page stands."""
        for made, right in ((self.add, "subject.add"), (self.log_button, "identify")):
            made.setVisible(self.casebook.may(right))
        self.add_action.setEnabled(self.casebook.may("subject.add"))

    def _listen(self) -> None:
        self.hub.changed.connect(self._show_buttons)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SEARCH_DELAY)
        self._timer.timeout.connect(self._find)
        self.search.textChanged.connect(lambda _: self._timer.start())
        self.search.onward.connect(self._to_list)
        self.table.opened.connect(self._open)
        self.model.modelReset.connect(self._tell_count)

    def show_page(self) -> None:
        """The page comes to the front: the list is ready for the arrow keys."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.select_first()

    def focus_search(self) -> None:
        """Put the cursor into the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def add_subject(self) -> None:
        """Ask, with the number it gets and who may be the same person; then add and open the new subject."""
        if not self.casebook.may("subject.add"):
            return
        from ui.dialogs.new_subject import NewSubjectDialog

        NewSubjectDialog(self.casebook, self.settings, self, self._added).open()

    def _added(self, changes: Changes) -> None:
        self.note.hide()
        self.hub.changed.emit(changes)
        subject = next((place.subject for place in changes.places if place.subject), "")
        if subject:
            self.open_subject.emit(subject)

    def show_log(self) -> IdentityLogDialog | None:
        """Who all subjects are, for whoever may look."""
        from ui.dialogs.identity_log import IdentityLogDialog

        try:
            dialog = IdentityLogDialog(self.casebook, self.settings, self)
        except Told as error:
            self.trouble.emit(error)
            return None
        dialog.open_subject.connect(self.open_subject)
        dialog.open()
        return dialog

    def _find(self) -> None:
        self.model.show_search(self.search.text())
        self.table.select_first()

    def _to_list(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._find()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.table.select_first()

    def _open(self, index: QModelIndex) -> None:
        line = self.model.line(index.row())
        if line is not None:
            self.open_subject.emit(line.id)

    def _tell(self) -> None:
        say = self.settings.say
        self.title.setText(say("ui.subjects.title"))
        self.search.setPlaceholderText(hint(say("ui.subjects.search"), "search"))
        self.search.setAccessibleName(say("ui.subjects.search"))
        self.table.setAccessibleName(say("ui.subjects.title"))
        self.add.setText(say("ui.subjects.add"))
        self.log_button.setText(say("access.log.button"))
        self.add.setToolTip(plain_tip(hint(say("ui.subjects.add"), "add_subject")))
        self.table.viewport().update()
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.model.columnCount() - 1)
        self._tell_count()

    def _tell_count(self) -> None:
        say, found = self.settings.say, self.model.rowCount()
        if self.model.search:
            self.count.setText(say("ui.subjects.found", count=found, all=self.casebook.count_subjects("")))
        else:
            self.count.setText(say("ui.subjects.count", count=found))
        kind = "nothing_found" if self.model.search else "none_yet"
        self.empty.show_title(say(f"ui.subjects.{kind}"))
        self.empty.text.setText(say(f"ui.subjects.{kind}_text"))
        self.stack.setCurrentWidget(self.table if found else self.empty)
