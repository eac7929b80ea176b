"""A new subject: asked first, with the number it gets and those who may be the same person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from db.casebook.casebook import Casebook
from db.casebook.entering import Changes
from db.casebook.newcomers import asked_of, look_alikes, next_id, resembling, without_values
from forms.study.names import SEX
from forms.texts import said
from ui.dialogs.ask import AskDialog, Field
from ui.parts.drop_list import DropList
from ui.parts.pieces import show_note
from ui.settings import Settings

MOST = 5
"""Subjects named in one line."""


def named(ids: Sequence[str]) -> str:
    """The first few ids, with an ellipsis when there are more."""
    return ", ".join([*ids[:MOST], *("…" for _ in ids[MOST : MOST + 1])])


class NewSubjectDialog(AskDialog):
    """Number (the site's next one) and what may betray the same person, as far as the study asks for it.

    Birth, sex and initials are for the comparison alone; adding is the only act that writes.
    """

    def __init__(self, casebook: Casebook, settings: Settings, parent: QWidget, done: Callable[[Any], object]) -> None:
        self.casebook = casebook
        self.changes: Changes | None = None
        self.number, self.birth, self.sex, self.initials = (
            QLineEdit(next_id(casebook)),
            QLineEdit(),
            DropList(),
            QLineEdit(),
        )
        self.birth.setPlaceholderText(settings.say("ui_form.hint.date"))
        asked = asked_of(casebook.study)
        compared = (("birth", self.birth), ("sex", self.sex), ("initials", self.initials))
        fields: list[Field] = [("number", self.number), *(each for each in compared if each[0] in asked)]
        super().__init__(settings, parent, "new_subject", fields, self._take_in)
        self._offer_sexes()
        self.accepted.connect(lambda: done(self.changes))
        self.empty = without_values(casebook)
        for field in (self.number, self.birth, self.initials):
            field.textChanged.connect(lambda _: self._warn())
        self.sex.currentIndexChanged.connect(lambda _: self._warn())
        self._warn()
        self.go.setFocus()

    def _offer_sexes(self) -> None:
        study = self.casebook.study
        fact = next((each for each in study.facts if each.id == SEX), None)
        self.sex.addItem("", "")
        for code, label in (study.codelist_by_id[fact.codelist].labels if fact is not None else {}).items():
            self.sex.addItem(said(label, self.settings.language), code)

    def _take_in(self) -> None:
        self.changes = self.casebook.add_subject(self.number.text())

    def _warn(self) -> None:
        """Name who may be the same person, each under why."""
        number = self.number.text().strip()
        found = (
            ("alike", look_alikes(self.casebook, number) if number else ()),
            ("same", [self._with_why(*each) for each in self._resembling()]),
            ("empty", self.empty),
        )
        lines = [self.settings.say(f"access.new_subject.{key}", subjects=named(ids)) for key, ids in found if ids]
        show_note(self.note, "\n".join(lines), "notice")

    def _resembling(self) -> Sequence[tuple[str, tuple[str, ...]]]:
        birth, initials = self.birth.text().strip(), self.initials.text().strip()
        return resembling(self.casebook, birth=birth, sex=self.sex.currentData() or "", initials=initials)

    def _with_why(self, subject: str, agrees: Sequence[str]) -> str:
        say = self.settings.say
        why = say("casebook.list_comma").join(say(f"access.new_subject.same.{name}") for name in agrees)
        return say("access.new_subject.one", subject=subject, why=why)
