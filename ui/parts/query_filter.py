"""Which queries are shown: by state, by who asked, by what is typed."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from forms.dataset import Query
from ui.settings import Settings

STATES = ("standing", "open", "answered", "overdue", "closed", "all")
ASKED = ("anyone", "people", "checks")


class QueryFilter(QWidget):
    """Two choices and a line; ``changed`` when one of them did."""

    changed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.state, self.by, self.text = QComboBox(), QComboBox(), QLineEdit()
        self.text.setClearButtonEnabled(True)
        self.text.setMinimumWidth(200)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for field in (self.state, self.by, self.text):
            row.addWidget(field)
        for name in STATES:
            self.state.addItem("", name)
        for name in ASKED:
            self.by.addItem("", name)
        self.tell()
        self.state.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.by.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.text.textChanged.connect(lambda _: self.changed.emit())

    def tell(self) -> None:
        """Say it in the window's language."""
        say = self.settings.say
        for field, key in ((self.state, "state"), (self.by, "by")):
            for at in range(field.count()):
                field.setItemText(at, say(f"access.filter.{key}.{field.itemData(at)}"))
            field.setAccessibleName(say(f"access.filter.{key}"))
        self.text.setPlaceholderText(say("access.filter.text"))
        self.text.setAccessibleName(say("access.filter.text"))

    def show_state(self, state: str) -> None:
        """Choose a state."""
        self.state.setCurrentIndex(STATES.index(state))

    def takes(self, query: Query, words: str, today: date) -> bool:
        """Whether a query is shown; ``words`` is all that stands in its line."""
        state, by = self.state.currentData(), self.by.currentData()
        if state == "overdue" and not is_overdue(query, today):
            return False
        if state == "standing" and query.status == "closed":
            return False
        if state in ("open", "answered", "closed") and query.status != state:
            return False
        if by != "anyone" and (by == "checks") != bool(query.rule):
            return False
        return all(part in words.casefold() for part in self.text.text().casefold().split())


def is_overdue(query: Query, today: date) -> bool:
    """Open after the day an answer was asked for."""
    return query.status == "open" and bool(query.due) and query.due < today.isoformat()
