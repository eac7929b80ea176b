"""Ask about a field of a form: which, what, and by when an answer is wanted."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from db.casebook.casebook import Casebook
from forms.place import FormKey
from forms.sheet.sheet import Sheet
from forms.texts import said
from ui.dialogs.ask import AskDialog
from ui.hub import Hub
from ui.parts.drop_list import DropList
from ui.settings import Settings

DAYS = 14
"""Days until an answer is due, unless another date is given: the usual turn-round between two monitoring visits."""


class QueryDialog(AskDialog):
    """The dialog of a question; ``question`` is the field in which it is typed."""

    question: QPlainTextEdit


def make_query_dialog(
    casebook: Casebook, sheet: Sheet, key: FormKey, here: tuple[str, str] | None, settings: Settings, hub: Hub,
    parent: QWidget, begun: str = "",
) -> QueryDialog:  # fmt: skip
    """The dialog; the field with the cursor is chosen. The question is written in the window's language.

    ``begun``: words of a question that was given up before.
    """
    field = DropList()
    for words, item, row in fields_of(sheet, settings.language):
        field.addItem(words, (item, row))
    chosen = next((at for at in range(field.count()) if tuple(field.itemData(at)) == here), 0)
    field.setCurrentIndex(chosen)
    question = QPlainTextEdit(begun)
    question.setTabChangesFocus(True)
    question.setFixedHeight(84)
    to = DropList()
    to.addItem(settings.say("access.query.anyone"), "")
    for role in casebook.study.roles:
        if "query.answer" in role.rights:
            to.addItem(said(role.label, settings.language), role.id)
    due = QLineEdit((casebook.clock.today() + timedelta(days=DAYS)).isoformat())

    def verb() -> None:
        item, row = field.currentData()
        words, wanted = question.toPlainText(), to.currentData()
        changes = casebook.open_query(key.place(item, row), words, settings.language, due.text(), wanted)
        hub.changed.emit(changes)

    fields: list[tuple[str, QWidget]] = [("question", question), ("place", field), ("to", to), ("due", due)]
    dialog = QueryDialog(settings, parent, "query", fields, verb, form=said(sheet.form.label, settings.language))
    dialog.question = question
    question.setFocus()
    question.moveCursor(QTextCursor.MoveOperation.End)
    return dialog


def fields_of(sheet: Sheet, language: str) -> list[tuple[str, str, str]]:
    """What may be asked about: words, item, row."""
    found = []
    for group in sheet.form.groups:
        rows = sheet.rows(group.id) if group.repeat else ("1",)
        for number, row in enumerate(rows, 1):
            for item in group.items:
                mark = f" {number}" if group.repeat else ""
                found.append((f"{said(item.label, language)}{mark}", item.id, row))
    return found
