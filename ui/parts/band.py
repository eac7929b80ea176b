"""The band that never scrolls away: whose data one is looking at."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from forms.course.worst import worst_event, worst_result
from forms.study import names
from forms.subject.subject import Subject
from forms.texts import said
from ui.parts.chips import Chip
from ui.parts.facts import BAND, PASSING, fact_words
from ui.parts.flow import Flow
from ui.parts.pieces import down, held, label
from ui.parts.plain import plain_tip
from ui.settings import Settings

UNKNOWN = "–"
BRIEF = (names.SEX, names.AGE, names.CYCLE)
LOW = 380
"""Height of the page in pixels below which the band shows the facts of `BRIEF` and the worst grades alone."""
LOWEST = 320
"""Height below which the worst grades too are left to the tip, because a form with its buttons has no room else."""
ACROSS = 20
"""Pixels between two facts."""


class Band(QFrame):
    """Id, sex, age, weight, body surface, cycle and day, status, worst open event, worst latest result; wraps."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.setProperty("kind", "bar")
        self.setObjectName("band")
        self.subject: Subject | None = None
        self.brief = self.briefest = False
        self.id = label("title")
        self.facts: dict[str, tuple[QWidget, QLabel, QLabel]] = {}
        self.flow = Flow(across=ACROSS, down=4)
        for name in BAND:
            head, value = label("small"), label("heading")
            cell = held(down(head, value, spacing=0))
            self.facts[name] = (cell, head, value)
            self.flow.addWidget(cell)
        self.worst: dict[str, tuple[QWidget, QLabel, Chip]] = {}
        for name in ("event", "result"):
            head, chip = label("small"), Chip()
            self.worst[name] = (held(down(head, chip, spacing=0)), head, chip)
            self.flow.addWidget(self.worst[name][0])
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(24, 8, 24, 8)
        self.row.setSpacing(ACROSS)
        self.row.addWidget(self.id)
        self.row.addLayout(self.flow, 1)

    def offer(self, what: QWidget) -> None:
        """Put a further widget at the right end."""
        self.row.addWidget(what, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_subject(self, subject: Subject) -> None:
        """Show another subject, or the same after a change."""
        self.subject = subject
        language = self.settings.language
        self.id.setText(subject.id)
        told = [subject.id]
        for name, (cell, head, value) in self.facts.items():
            fact = subject.study.fact_by_id.get(name)
            words = fact_words(subject, fact, language) if fact is not None else ""
            is_known = fact is not None and (bool(words) or name not in PASSING)
            cell.setVisible(is_known and (name in BRIEF or not self.brief))
            if fact is None or not is_known:
                continue
            head.setText(said(fact.label, language))
            value.setText(words or UNKNOWN)
            told.append(f"{head.text()}: {value.text()}")
        event = worst_event(subject)
        told += self._show_worst("event", None if event is None else (event, ""))
        told += self._show_worst("result", worst_result(subject, language))
        self.setAccessibleName(", ".join(told))
        self.setToolTip(plain_tip("\n".join(told) if self.brief else ""))

    def _show_worst(self, name: str, found: tuple[int, str] | None) -> list[str]:
        """Show a worst grade under its name, or nothing; gives what a screen reader says of it."""
        cell, head, chip = self.worst[name]
        cell.setVisible(found is not None and not self.briefest)
        if found is None:
            return []
        grade, what = found
        head.setText(self.settings.say(f"ui.worst.{name}"))
        chip.show_grade(f"G{grade} {what}".strip(), grade)
        chip.setAccessibleName(f"{head.text()}: {chip.text()}")
        return [chip.accessibleName()]

    def squeeze(self, height: int) -> None:
        """On a page that is hardly higher than the band itself it says only who it is; its tip says the rest."""
        wanted = (height < LOW, height < LOWEST)
        if wanted != (self.brief, self.briefest):
            self.brief, self.briefest = wanted
            if self.subject is not None:
                self.show_subject(self.subject)
