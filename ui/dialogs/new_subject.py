"""A new subject: asked first, with the number it gets and those who may be the same person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from db.casebook.casebook import Casebook
from db.casebook.entering import Changes
from db.casebook.newcomers import born_on, look_alikes, next_id, without_values
from ui.dialogs.ask import AskDialog
from ui.parts.pieces import show_note
from ui.settings import Settings

MOST = 5
"""Subjects named in one line."""


def named(ids: Sequence[str]) -> str:
    """The first few ids, with an ellipsis when there are more."""
    return ", ".join([*ids[:MOST], *("…" for _ in ids[MOST : MOST + 1])])


class NewSubjectDialog(AskDialog):
    """Number (the site's next one), date of birth for the comparison alone; adding is the only act that writes."""

    def __init__(self, casebook: Casebook, settings: Settings, parent: QWidget, done: Callable[[Any], object]) -> None:
        self.casebook = casebook
        self.changes: Changes | None = None
        self.number, self.birth = QLineEdit(next_id(casebook)), QLineEdit()
        self.birth.setPlaceholderText(settings.say("ui_form.hint.date"))
        fields = (("number", self.number), ("birth", self.birth))
        super().__init__(settings, parent, "new_subject", fields, self._take_in)
        self.accepted.connect(lambda: done(self.changes))
        self.empty = without_values(casebook)
        for field in (self.number, self.birth):
            field.textChanged.connect(lambda _: self._warn())
        self._warn()
        self.go.setFocus()

    def _take_in(self) -> None:
        self.changes = self.casebook.add_subject(self.number.text())

    def _warn(self) -> None:
        """Name who may be the same person, each under why."""
        number, birth = self.number.text().strip(), self.birth.text().strip()
        found = (
            ("alike", look_alikes(self.casebook, number) if number else ()),
            ("born", born_on(self.casebook, birth) if birth else ()),
            ("empty", self.empty),
        )
        lines = [self.settings.say(f"access.new_subject.{key}", subjects=named(ids)) for key, ids in found if ids]
        show_note(self.note, "\n".join(lines), "notice")
