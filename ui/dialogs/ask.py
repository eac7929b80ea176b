"""One small dialog for acts that need a few words: fields one under another, and what is refused said below them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from forms.errors import Told
from ui.parts.drop_list import DropList
from ui.parts.pieces import across, button, label, show_note
from ui.settings import Settings

Field = tuple[str, QWidget]
SIDE = 26
"""Margin left and right, in pixels."""


class AskDialog(QDialog):
    """Title, sentence, fields, one button. ``verb`` is called at accept; what it raises is shown and the dialog stays.

    Texts are ``access.<key>.title``, ``.text`` and ``.go``; a field is named by ``access.field.<name>``.
    """

    def __init__(
        self, settings: Settings, parent: QWidget, key: str, fields: Sequence[Field], verb: Callable[[], object],
        **values: object,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.settings, self._verb = settings, verb
        say = settings.say
        self.setWindowTitle(say(f"access.{key}.title"))
        self.setMinimumWidth(520)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SIDE, 22, SIDE, 20)
        layout.setSpacing(12)
        layout.addWidget(label("title", say(f"access.{key}.title")))
        self.text = label("quiet", say(f"access.{key}.text", **values), wrap=True)
        layout.addWidget(self.text)
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(9)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, field in fields:
            self._add(form, name, field)
        layout.addLayout(form)
        self.note = label("trouble", wrap=True)
        self.note.hide()
        layout.addWidget(self.note)
        self.go = button(self.try_it, kind="primary")
        self.go.setText(say(f"access.{key}.go"))
        self.go.setDefault(True)
        self.cancel = button(self.reject)
        self.cancel.setText(say("ui.dialog.cancel"))
        layout.addLayout(across(None, self.cancel, self.go))

    def _add(self, form: QFormLayout, name: str, field: QWidget) -> None:
        words = self.settings.say(f"access.field.{name}")
        field.setAccessibleName(words)
        if isinstance(field, QCheckBox):
            field.setText(words)
            form.addRow(field)
        elif isinstance(field, QLabel):
            form.addRow(field)
        else:
            head = label("quiet", words)
            head.setBuddy(field)
            form.addRow(head, field)

    def showEvent(self, event: QShowEvent) -> None:
        """Wrapped words get the height they need at the width the dialog has."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        for words in (self.text, self.note):
            words.setMinimumHeight(max(0, words.heightForWidth(self.width() - 2 * SIDE)))
        self.adjustSize()

    def try_it(self) -> None:
        """Do it; close when it was done."""
        self.note.hide()
        self.go.setEnabled(False)
        self.go.repaint()
        try:
            self._verb()
        except Told as error:
            show_note(self.note, error.in_language(self.settings.language))
            self._fit()
            return
        finally:
            self.go.setEnabled(True)
        self.accept()


def secret_field() -> QLineEdit:
    """A line that shows dots."""
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData)
    return made


def role_field(roles: Sequence[tuple[str, str]], chosen: str = "") -> QComboBox:
    """A choice of roles: (label, id)."""
    made = DropList()
    for words, role in roles:
        made.addItem(words, role)
    made.setCurrentIndex(max(0, made.findData(chosen)))
    return made
