"""Who a subject is: hospital number, name, bed, for those alone who may look. Each look is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from ui.dialogs.ask import AskDialog
from ui.settings import Settings

if TYPE_CHECKING:
    from db.casebook.casebook import Casebook

FIELDS = ("number", "name", "bed")


def show_identity(casebook: Casebook, subject: str, settings: Settings, parent: QWidget) -> AskDialog:
    """Read the log, show it, let it be noted or changed. Raises Refusal for whoever may not."""
    from db.people.identity import Identity, read_identity, write_identity

    found = read_identity(casebook, subject)
    lines = {name: QLineEdit(getattr(found, name)) for name in FIELDS}
    why = QLineEdit()
    fields: list[tuple[str, QWidget]] = [(f"id_{name}", line) for name, line in lines.items()]
    if found != Identity():
        fields.append(("why", why))

    def verb() -> None:
        told = Identity(**{name: line.text().strip() for name, line in lines.items()})
        write_identity(casebook, subject, told, why.text())

    dialog = AskDialog(settings, parent, "identity", fields, verb, subject=subject)
    dialog.open()
    return dialog
