"""Which queries are shown: by state, by who asked, by whom they are put to, by what is typed."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from db.casebook.casebook import Casebook
from forms.record.dataset import Query
from forms.record.delegation import role_words
from ui.parts.drop_list import DropList
from ui.parts.flow import Flow
from ui.parts.pieces import clearable
from ui.settings import Settings
from ui.words import Words

STATES = ("standing", "open", "answered", "overdue", "closed", "all")
ASKED = ("anyone", "people", "checks")
"""Besides these each role that may ask."""

TO = ("all", "mine")


class QueryFilter(QWidget):
    """Three choices and a line; ``changed`` when one of them did."""

    changed = Signal()

    def __init__(self, settings: Settings, casebook: Casebook) -> None:
        super().__init__()
        self.settings, self.casebook = settings, casebook
        self.state, self.by, self.to, self.text = DropList(), DropList(), DropList(), QLineEdit()
        clearable(self.text, Words(settings, self.text))
        self.text.setMinimumWidth(180)
        self.setLayout(Flow(self.state, self.by, self.to, self.text, right=True))
        askers = [role.id for role in casebook.study.roles if "query.open" in role.rights]
        for field, names in ((self.state, STATES), (self.by, (*ASKED, *askers)), (self.to, TO)):
            for name in names:
                field.addItem("", name)
            field.currentIndexChanged.connect(lambda _: self.changed.emit())
        if not casebook.may("query.answer"):
            self.to.hide()
        self.tell()
        self.text.textChanged.connect(lambda _: self.changed.emit())

    def tell(self) -> None:
        """Say it in the window's language."""
        say = self.settings.say
        for field, key in ((self.state, "state"), (self.by, "by"), (self.to, "to")):
            for at in range(field.count()):
                field.setItemText(at, self._words(key, field.itemData(at)))
            field.setAccessibleName(say(f"access.filter.{key}"))
        self.text.setPlaceholderText(say("access.filter.text"))
        self.text.setAccessibleName(say("access.filter.text"))

    def _words(self, key: str, name: str) -> str:
        if key == "by" and name not in ASKED:
            return self.settings.say(
                "access.filter.by.role", role=role_words(self.casebook.study, name, self.settings.language)
            )
        return self.settings.say(f"access.filter.{key}.{name}")

    def show_state(self, state: str) -> None:
        """Choose a state."""
        self.state.setCurrentIndex(STATES.index(state))

    def takes(self, query: Query, words: str, today: date) -> bool:
        """Whether a query is shown; ``words`` is all that stands in its line."""
        state = self.state.currentData()
        if state == "overdue" and not is_overdue(query, today):
            return False
        if state == "standing" and query.status == "closed":
            return False
        if state in ("open", "answered", "closed") and query.status != state:
            return False
        if not self._is_asked_by(query) or (
            self.to.currentData() == "mine" and query.to not in ("", self.casebook.role)
        ):
            return False
        return all(part in words.casefold() for part in self.text.text().casefold().split())

    def _is_asked_by(self, query: Query) -> bool:
        by = self.by.currentData()
        if by in ASKED:
            return bool(by == "anyone" or (by == "checks") == bool(query.rule))
        asker = self.casebook.accounts.get(query.opened_by)
        return not query.rule and asker is not None and asker.role == by


def is_overdue(query: Query, today: date) -> bool:
    """Open after the day an answer was asked for."""
    return query.status == "open" and bool(query.due) and query.due < today.isoformat()
