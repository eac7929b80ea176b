"""The thread of a query: what was asked and answered, by whom and when, oldest first."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QPlainTextEdit

from db.casebook.casebook import Casebook
from forms.place import FormKey
from forms.record.dataset import Query
from forms.record.trail import act_words, entry_words, question_words, thread, who_words
from forms.texts import say
from ui.parts.moments import local_time

Spot = tuple[str, str]
"""Item and row of a form."""

MOST_LINES = 6
"""Lines shown at once; a longer thread scrolls."""


def thread_lines(casebook: Casebook, query: Query, language: str) -> list[str]:
    """``2024-10-18 09:30 UTC+8 · Hu Jing (Monitor) · Query answered: as in the chart``, a line for each act."""
    study, names = casebook.study, casebook.names()
    lines = []
    for entry in thread(query.id, casebook.history(query.place)):
        said_by = who_words(study, names, entry, language)
        words = entry_words(study, entry, language)
        act = act_words(entry, None, language)
        lines.append(f"{local_time(entry.at)} · {said_by} · {act}" + (f": {words}" if words else ""))
    return lines


def standing_words(casebook: Casebook, key: FormKey, language: str) -> dict[Spot, tuple[str, ...]]:
    """What is asked about fields of a form and not closed: the question while it is open, else the answer."""
    told: dict[Spot, tuple[str, ...]] = {}
    for query in casebook.standing(key):
        last = list(thread(query.id, casebook.history(query.place)))[-1]
        still = query.status == "open"
        words = question_words(query, language) if still else entry_words(casebook.study, last, language)
        who = query.opened_by if still else last.who
        name = say(language, "ui.queries.rule") if who == "system" else casebook.names().get(who, who)
        spot = (query.place.item, query.place.row)
        told[spot] = (*told.get(spot, ()), say(language, f"ui_form.asked.{query.status}", who=name, text=words))
    return told


class ThreadView(QPlainTextEdit):
    """A thread to read and copy; plain text, whatever was written."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("kind", "thread")

    def show_lines(self, lines: list[str]) -> None:
        """Show a thread from its end, where the newest answer stands."""
        self.setPlainText("\n".join(lines))
        room = min(MOST_LINES, max(2, sum(1 + len(line) // 110 for line in lines)))
        self.setFixedHeight(room * self.fontMetrics().lineSpacing() + 12)
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
