"""Above a form: where one is, what state it is in, what is saved, and what stands before Complete."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from db.casebook.casebook import Casebook
from forms.place import FormKey
from forms.sheet.sheet import Sheet
from forms.texts import said, say
from ui.actions import hint
from ui.parts.chips import Chip
from ui.parts.flow import Flow
from ui.parts.pieces import across, held, label
from ui.parts.places import visit_words
from ui.parts.plain import menu_words, plain_tip
from ui.retire import retire

BLOCKERS_HEIGHT = 172
"""Pixels that the list of what stands before Complete takes at most; it scrolls."""


class FormHead(QFrame):
    """Title, place, state, "Saved 12:03:22" and the buttons of a form."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.title = label("heading")
        self.where = label("small")
        self.status = Chip()
        self.saved = label("small")
        self.back = QPushButton("←", self)
        self.previous = QPushButton("‹", self)
        self.next = QPushButton("›", self)
        self.another = QPushButton(self)
        self.complete = QPushButton(self)
        self.complete.setProperty("kind", "primary")
        for button in (self.back, self.previous, self.next):
            button.setFixedWidth(38)
            button.setProperty("kind", "step")
        for button in (self.back, self.previous, self.next, self.another, self.complete):
            button.setAutoDefault(True)
        self._told: tuple[str, dict[str, str]] = ("ui_form.nothing_saved", {})
        names = QVBoxLayout()
        names.setSpacing(1)
        names.addWidget(self.title)
        names.addWidget(self.where)
        left = across(self.back, spacing=10)
        left.addLayout(names)
        left.addWidget(self.status, 0, Qt.AlignmentFlag.AlignVCenter)
        right = across(self.saved, self.previous, self.next, self.another, self.complete, spacing=10)
        row = Flow(held(left), held(right), across=10, down=4, apart=True)
        row.setContentsMargins(16, 8, 20, 8)
        self.setLayout(row)

    def show_form(self, sheet: Sheet, key: FormKey, casebook: Casebook, language: str) -> None:
        """Names, state and buttons of a form."""
        study = sheet.subject.study
        event = study.event_by_id[key.event]
        self.title.setText(said(sheet.form.label, language))
        where = [key.subject, visit_words(study, key, language)]
        if sheet.form.repeat:
            where.append(say(language, "ui_form.number", number=_number(sheet, key)))
        self.where.setText(" · ".join(where))
        status = casebook.state(key).status
        kind = {"complete": "good", "started": "info"}.get(status, "quiet")
        self.status.show_state(say(language, f"ui_form.status.{status}"), kind)
        may = casebook.may("enter") and casebook.takes_entries(key)
        self.another.setVisible(may and sheet.form.repeat and status != "empty")
        self.another.setText(menu_words(say(language, "ui_form.another", form=self.title.text())))
        self.complete.setVisible(may)
        self.complete.setText(say(language, "ui_form.reopen" if status == "complete" else "ui_form.complete"))
        self.complete.setProperty("kind", "" if status == "complete" else "primary")
        self.complete.style().polish(self.complete)
        forms = [line.form for line in event.forms]
        at = forms.index(key.form) if key.form in forms else 0
        self.previous.setEnabled(at > 0)
        self.next.setEnabled(at < len(forms) - 1)
        for button, name in ((self.back, "back"), (self.previous, "previous_form"), (self.next, "next_form")):
            words = say(language, f"ui_form.{name}")
            button.setToolTip(plain_tip(hint(words, name)))
            button.setAccessibleName(words)
        self.tell(language, *self._told)

    def tell(self, language: str, key: str, values: dict[str, str]) -> None:
        """Say how far the form is saved; it is said again when the language changes."""
        self._told = (key, values)
        self.saved.setText(say(language, key, **values))
        self.updateGeometry()

    def say_saved(self, at: str, key: str, language: str, **more: str) -> None:
        """Say that it is on disk, with the local time of the entry and its zone: "Saved 12:03:22 UTC+08:00"."""
        moment = datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone()
        zone = f"{moment:%z}"
        self.tell(language, key, {"time": f"{moment:%H:%M:%S}", "zone": f"UTC{zone[:3]}:{zone[3:5]}", **more})


def _number(sheet: Sheet, key: FormKey) -> int:
    """Which of several forms of a kind this is; a new one is the last."""
    numbers = sheet.subject.form_nos(key.event, key.event_no, key.form)
    return numbers.index(key.form_no) + 1 if key.form_no in numbers else len(numbers) + 1


class Blockers(QFrame):
    """What stands in the way of Complete; each line leads to its field."""

    wanted = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        body = QWidget(self)
        self.rows = QVBoxLayout(body)
        self.rows.setContentsMargins(20, 8, 20, 8)
        self.rows.setSpacing(0)
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(body)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.area)
        self.hide()

    def _fit(self) -> None:
        self.rows.activate()
        wide = self.area.viewport().width()
        high = self.rows.heightForWidth(wide) if self.rows.hasHeightForWidth() else self.rows.sizeHint().height()
        self.setFixedHeight(min(BLOCKERS_HEIGHT, high + 4))
        self.area.verticalScrollBar().setValue(0)
        self.show()

    def _add(self, widget: QWidget) -> None:
        self.rows.addWidget(widget)
        widget.show()  # under a parent that is visible it would count for nothing until then

    def _empty(self) -> None:
        while (item := self.rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                retire(widget)

    def show_words(self, words: str) -> None:
        """A refusal in words."""
        self._empty()
        self._add(label("bad", words, wrap=True))
        self._fit()

    def show_findings(self, sheet: Sheet, language: str) -> None:
        """The findings that block, or a word that nothing does."""
        self._empty()
        findings = sheet.complete_blockers()
        key = "ui_form.blockers.title" if findings else "ui_form.blockers.none"
        self._add(label("heading", say(language, key, count=len(findings))))
        for finding in findings:
            item = sheet.form.items.get(finding.place.item)
            name = said(item.label, language) + say(language, "casebook.colon") if item is not None else ""
            line = QPushButton(menu_words(name + said(finding.text, language)), self)
            line.setProperty("kind", "link")
            line.setAutoDefault(True)
            place = finding.place
            line.clicked.connect(lambda _=False, p=place: self.wanted.emit(p.item, p.row))
            self._add(line)
        self._fit()
