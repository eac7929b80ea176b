"""The band that never scrolls away: whose data one is looking at."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from forms.subject import Subject
from forms.texts import said
from ui.parts.chips import Chip
from ui.parts.facts import BAND, PASSING, fact_words, worst_grade
from ui.parts.pieces import label
from ui.settings import Settings

UNKNOWN = "–"


class Band(QFrame):
    """Id, sex, age, weight, body surface, cycle and day, status, worst open grade."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.setProperty("kind", "bar")
        self.setFixedHeight(60)
        self.setObjectName("band")
        self.subject: Subject | None = None
        self.id = label("title")
        self.grade = Chip()
        self.facts: dict[str, tuple[QWidget, QLabel, QLabel]] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 6, 24, 6)
        row.setSpacing(24)
        row.addWidget(self.id)
        for name in BAND:
            head, value = label("small"), label("heading")
            cell = QWidget()
            box = QVBoxLayout(cell)
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(0)
            box.addWidget(head)
            box.addWidget(value)
            self.facts[name] = (cell, head, value)
            row.addWidget(cell)
        row.addStretch(1)
        row.addWidget(self.grade, 0, Qt.AlignmentFlag.AlignVCenter)
        self.row = row

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
            cell.setVisible(fact is not None and (bool(words) or name not in PASSING))
            if fact is None or cell.isHidden():
                continue
            head.setText(said(fact.label, language))
            value.setText(words or UNKNOWN)
            told.append(f"{head.text()}: {value.text()}")
        found = worst_grade(subject, language)
        if found is not None:
            grade, what = found
            self.grade.show_grade(self.settings.say("ui.band.worst", grade=grade, what=what), grade)
            told.append(self.grade.accessibleName())
        else:
            self.grade.hide()
        self.setAccessibleName(", ".join(told))
