"""One small dialog for acts that need a few words: fields one under another, and what is refused said below them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QLineEdit, QWidget

from forms.errors import Told
from ui.parts.bounded import Bounded
from ui.parts.drop_list import DropList
from ui.parts.pieces import across, button, down, label, show_note
from ui.settings import Settings

Field = tuple[str, QWidget]
WIDTH = 520
"""Points of the dialog at least, where the screen has them."""


class AskDialog(Bounded):
    """Title, sentence, fields, one button. ``verb`` is called at accept; what it raises is shown and the dialog stays.

    Texts are ``access.<key>.title``, ``.text`` and ``.go``; a field is named by ``access.field.<name>``.
    """

    def __init__(
        self, settings: Settings, parent: QWidget, key: str, fields: Sequence[Field], verb: Callable[[], object],
        **values: object,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.settings, self._verb, self.topic = settings, verb, key
        say = settings.say
        self.setWindowTitle(say(f"access.{key}.title"))
        layout = down(spacing=12)
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
        self.hold(layout, across(None, self.cancel, self.go), QSize(WIDTH, 0))

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

    def try_it(self) -> None:
        """Do it; close when it was done."""
        self.note.hide()
        self.go.setEnabled(False)
        self.go.repaint()
        try:
            self._verb()
        except Told as error:
            show_note(self.note, error.in_language(self.settings.language))
            self.bring(self.note)
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
