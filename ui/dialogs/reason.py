"""Why was this value changed? Asked once, with the usual reasons at hand."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QWidget,
)

from forms.texts import say
from ui.parts.bounded import Bounded
from ui.parts.pieces import across, down, label

WIDTH = 480
"""Points of the dialog at least, where the screen has them."""

REASONS = ("transcription", "source", "unit", "place", "query", "late", "other")


class ReasonDialog(Bounded):
    """Old and new value, a list of reasons and a line for words. ``why`` is the sentence for the audit trail."""

    def __init__(self, what: str, old: str, new: str, language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.language = language
        self.setWindowTitle(say(language, "ui_form.reason.title"))
        layout = down(spacing=10)
        head = label("heading", what, wrap=True)
        change = label("", say(language, "ui_form.reason.change", old=old or "–", new=new or "–"), wrap=True)
        self.list = QListWidget(self)
        self.list.setAccessibleName(say(language, "ui_form.reason.title"))
        for reason in REASONS:
            self.list.addItem(say(language, f"ui_form.reason.{reason}"))
        self.list.setFixedHeight(self.list.sizeHintForRow(0) * len(REASONS) + 10)
        self.list.setCurrentRow(0)
        self.words = QLineEdit(self)
        self.words.setPlaceholderText(say(language, "ui_form.reason.words"))
        self.words.setAccessibleName(say(language, "ui_form.reason.words"))
        self.buttons = QDialogButtonBox(self)
        self.accept_button: QPushButton = self.buttons.addButton(
            say(language, "ui_form.reason.accept"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.back_button: QPushButton = self.buttons.addButton(
            say(language, "ui_form.reason.back"), QDialogButtonBox.ButtonRole.RejectRole
        )
        self.accept_button.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        for widget in (head, change, self.list, self.words):
            layout.addWidget(widget)
        self.hold(layout, across(self.buttons), QSize(WIDTH, 0))
        self.list.currentRowChanged.connect(self._on_chosen)
        self.words.textChanged.connect(lambda _: self._on_chosen(self.list.currentRow()))
        self.list.itemDoubleClicked.connect(lambda _: self.accept())
        self.list.setFocus()

    def _on_chosen(self, row: int) -> None:
        other = 0 <= row < len(REASONS) and REASONS[row] == "other"
        self.accept_button.setEnabled(not other or bool(self.words.text().strip()))

    @property
    def why(self) -> str:
        """The chosen reason with the person's own words behind it."""
        row = self.list.currentRow()
        chosen = self.list.item(row).text() if 0 <= row < len(REASONS) - 1 else ""
        words = self.words.text().strip()
        return ": ".join(part for part in (chosen, words) if part)


class OneLineDialog(ReasonDialog):
    """A reason in own words alone, for acts that no list foresees: ``reopen`` of a form, ``remove_row``."""

    def __init__(self, act: str, what: str, language: str, parent: QWidget) -> None:
        super().__init__(what, "", "", language, parent)
        for each in self.findChildren(QLabel)[1:]:
            each.hide()
        self.list.hide()
        self.setWindowTitle(what)
        self.words.setPlaceholderText(say(language, "ui_form.own_words"))
        self.words.setAccessibleName(say(language, "ui_form.own_words"))
        self.accept_button.setText(say(language, f"ui_form.{act}.go"))
        self.back_button.setText(say(language, f"ui_form.{act}.back"))
        self.list.setCurrentRow(len(REASONS) - 1)
        self.words.setFocus()
