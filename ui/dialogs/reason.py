"""Why was this value changed? Asked once, with the usual reasons at hand.

No reason is chosen beforehand, because one Enter too many would write down a reason that nobody gave.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
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


class Reasons(QListWidget):
    """The usual reasons. Qt would make the first one current when the cursor comes in."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Nothing is chosen before the person chooses."""
        row = self.currentRow()
        super().focusInEvent(event)
        self.setCurrentRow(row)


class ReasonDialog(Bounded):
    """Old and new value, a list of reasons and a line for words. ``why`` is the sentence for the audit trail."""

    def __init__(self, what: str, old: str, new: str, language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.language = language
        self.setWindowTitle(say(language, "ui_form.reason.title"))
        layout = down(spacing=10)
        head = label("heading", what, wrap=True)
        change = label("", say(language, "ui_form.reason.change", old=old or "–", new=new or "–"), wrap=True)
        self.list = Reasons(self)
        self.list.setAccessibleName(say(language, "ui_form.reason.title"))
        for reason in REASONS:
            self.list.addItem(say(language, f"ui_form.reason.{reason}"))
        self.list.setFixedHeight(self.list.sizeHintForRow(0) * len(REASONS) + 10)
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
        self._on_chosen(-1)
        self.list.setFocus()

    def _on_chosen(self, row: int) -> None:
        listed = row >= 0 and REASONS[row] != "other"
        self.accept_button.setEnabled(listed or bool(self.words.text().strip()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter without a reason waits for one; Qt would press the other button and give the new value up."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not self.accept_button.isEnabled() and not self.back_button.hasFocus():
            return
        super().keyPressEvent(event)

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
