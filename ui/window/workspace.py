"""What a person sees once a store is open: top bar, rail, pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from forms.errors import Told
from forms.place import FormKey, Place
from ui.actions import BY_ID, make_action
from ui.hub import Hub
from ui.jobs import Jobs
from ui.parts.bounded import show_guide
from ui.parts.pieces import label, retint, scrolled, show_note
from ui.settings import Settings
from ui.window.areas import PAGES
from ui.window.rail import Rail
from ui.window.top_bar import TopBar
from ui.window.warming import make_ready

READY_AFTER = 300
"""Milliseconds after signing in before the worker parses the rules that the worklist did not need."""

LOOK_AFTER = 3_000
"""Milliseconds after signing in before the copies are looked at: first comes the page."""


class Workspace(QWidget):
    """The pages of one open store."""

    lock = Signal()
    sign_out = Signal()

    def __init__(self, casebook: Casebook, hub: Hub, jobs: Jobs, settings: Settings) -> None:
        super().__init__()
        self.casebook, self.hub, self.jobs, self.settings = casebook, hub, jobs, settings
        self.made: dict[str, Any] = {}
        self.frames: dict[str, QWidget] = {}
        self.at = ""
        self.came_from = "subjects"
        self.pin_offered = False
        """Whether a cover has offered a PIN in this sitting: later ones don't."""
        self.seen = [name for name, _, _, right in PAGES if not right or any(map(casebook.may, right.split("|")))]
        self.bar = TopBar(casebook, settings)
        self.rail = Rail(self.seen, settings)
        self.note = label("trouble", wrap=True)
        self.note.hide()
        self.stack = QStackedWidget()
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.note)
        right.addWidget(self.stack, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addLayout(middle, 1)
        self.rail.chosen.connect(self.go)
        self.bar.lock.connect(self.lock)
        self.bar.sign_out.connect(self.sign_out)
        self.bar.help.connect(self.show_help)
        self.bar.shortcuts.connect(self.show_shortcuts)
        self.bar.card.connect(self.save_card)
        self.actions_made = self._make_actions()
        QTimer.singleShot(READY_AFTER, self, lambda: jobs.run(make_ready))
        QTimer.singleShot(LOOK_AFTER, self, self.look_at_backups)
        settings.changed.connect(self._on_setting)

    def _make_actions(self) -> list[Any]:
        verbs: dict[str, Callable[[], object]] = {
            "help": self.show_help,
            "shortcuts": self.show_shortcuts,
            "search": self.focus_search,
            "back": self.back,
            "language": self.bar.switches.next_language,
            "appearance": self.bar.switches.turn,
            "lock": self.lock.emit,
            "sign_out": self.sign_out.emit,
            "next_area": self.next_area,
        }
        if self.casebook.may("sign") and "today" in self.seen:
            verbs["sign_many"] = self.sign_many
        for page in self.seen:
            if page in BY_ID:
                verbs[page] = partial(self.go, page)
        return [make_action(action_id, self, verb, self.settings) for action_id, verb in verbs.items()]

    def sign_many(self) -> None:
        """Today, with everything that waits for a signature to be ticked."""
        if self.leave_field():
            self.go("today")
            self.made["today"].sign_many()

    def set_locked(self, locked: bool) -> None:
        """While locked no shortcut reaches a page."""
        for action in self.actions_made:
            action.setEnabled(not locked)

    def leave_field(self) -> bool:
        """Save what stands typed while its page is in front and a reason can be asked for; False if not saved."""
        return "subject" not in self.made or bool(self.made["subject"].leave_field())

    def put_aside(self) -> None:
        """Someone else takes over: nothing may be asked any more, half-typed text becomes a draft."""
        if "subject" in self.made:
            self.made["subject"].put_aside()

    # --- going somewhere ------------------------------------------------------------------------------------------

    def go(self, page: str) -> None:
        """Show a page of the rail."""
        if page not in self.seen:
            return
        self.note.hide()
        self.came_from = page
        self._show(page, page)
        self.made[page].show_page()

    def open_subject(self, subject: str) -> None:
        """Show a subject's schedule."""
        self._try(lambda: self._subject().show_subject(subject))

    def open_form(self, key: FormKey) -> None:
        """Show a form."""
        self._try(lambda: self._subject().show_form(key))

    def open_place(self, place: Place) -> None:
        """Show a form with the cursor in a field."""
        self.open_form(place.form_key)
        if self.at == "subject" and self.made["subject"].in_form:
            form = self.made["subject"].form
            QTimer.singleShot(0, form, lambda: form.go_to(place.graded_item or place.item, place.row))

    def back(self) -> None:
        """From a form to the schedule, from a subject to where one came from."""
        if self.at != "subject":
            return
        page = self.made["subject"]
        if page.in_form:
            page.show_schedule()
        else:
            self.go(self.came_from)

    def focus_search(self) -> None:
        """Search among the subjects."""
        self.go("subjects")
        if "subjects" in self.made:
            self.made["subjects"].focus_search()

    def next_area(self) -> None:
        """From the page to the rail and back."""
        inside = self.rail.isAncestorOf(QApplication.focusWidget() or self)
        if not inside:
            self.rail.buttons[self.came_from].setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self.at == "subject" and not self.made["subject"].in_form:
            self.made["subject"].view.focus_grid()
        elif self.at in self.seen:
            self.made[self.at].show_page()

    def show_help(self) -> None:
        """The guide, at what it says of where the cursor is, else of the page in front."""
        focus = QApplication.focusWidget()
        page = self.made.get(self.at)
        inside = page is not None and focus is not None and page.isAncestorOf(focus)
        show_guide(focus if inside and focus is not None else self._in_front())

    def _in_front(self) -> QWidget:
        """The widget of the page in front that the guide has a section for."""
        page = self.made.get(self.at)
        if self.at == "subject" and page is not None:
            page = page.form if page.in_form else page.view
        tabs = getattr(page, "tabs", None)
        front: QWidget | None = tabs.currentWidget() if tabs is not None else page
        return front or self

    def show_shortcuts(self) -> None:
        """The table of shortcuts."""
        from ui.dialogs.shortcuts import ShortcutsDialog

        ShortcutsDialog(self.settings, self).exec()
        self.activateWindow()

    def save_card(self) -> None:
        """The quick card as PDF, saved where one says."""
        from ui.dialogs.quick_card import ask_and_save_card

        ask_and_save_card(self.settings, self, self.note)

    def look_at_backups(self) -> None:
        """Make a copy when one is due."""
        from ui.backups import backups_of

        backups_of(self.casebook, self.jobs, self.settings).look()

    def show_trouble(self, error: Told) -> None:
        """The world is in the way: said above the page until one goes on."""
        show_note(self.note, error.in_language(self.settings.language))

    def tell(self, words: str) -> None:
        """Something worth knowing, said above the page until one goes on."""
        show_note(self.note, words, "notice")

    def _subject(self) -> Any:
        page = self._page("subject", "ui.pages.subject", "SubjectPage")
        self._show("subject", self.came_from)
        return page

    def _show(self, page: str, on_rail: str) -> None:
        if page in self.seen:
            _, module, name, _ = next(line for line in PAGES if line[0] == page)
            self._page(page, module, name)
        self.stack.setCurrentWidget(self.frames[page])
        self.at = page
        self.rail.show_page(on_rail)

    def _page(self, name: str, module: str, kind: str) -> Any:
        if name not in self.made:
            page = getattr(import_module(module), kind)(self.casebook, self.hub, self.jobs, self.settings)
            for signal, slot in (
                ("open_subject", self.open_subject),
                ("open_form", self.open_form),
                ("open_place", self.open_place),
                ("trouble", self.show_trouble),
            ):
                if hasattr(page, signal):
                    getattr(page, signal).connect(slot)
            self.made[name] = page
            self.frames[name] = page if name == "subject" else scrolled(page)
            self.stack.addWidget(self.frames[name])
        return self.made[name]

    def _try(self, verb: Callable[[], object]) -> None:
        try:
            self.note.hide()
            verb()
        except Told as error:
            self.show_trouble(error)

    def _on_setting(self, key: str) -> None:
        if key == "language":
            for action in self.actions_made:
                action.setText(self.settings.say(f"ui.action.{action.objectName()}"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The rail gives way in a narrow window."""
        super().resizeEvent(event)
        self.rail.squeeze(self.width())
        self.bar.squeeze(self.width())

    def changeEvent(self, event: QEvent) -> None:
        """Icons follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            retint(self)
            self.rail.show_page(self.came_from)
