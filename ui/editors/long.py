"""Several lines of text. A draft is handed over every two seconds while the person types."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from forms.study.definition import Item
from ui.editors.base import Box, Editor

DRAFT_AFTER_MS = 2000


class LongEditor(Editor):
    """Plain text over several lines; Tab moves on, Ctrl+Enter too, Enter makes a new line."""

    def __init__(self, item: Item, language: str, parent: QWidget) -> None:
        super().__init__(item, language, parent)
        self.box = Box(self)
        self.box.setTabChangesFocus(True)
        self.setFocusProxy(self.box)
        self.watch(self.box)
        self.box.textChanged.connect(self._on_changed)
        self._drafts = QTimer(self)
        self._drafts.setSingleShot(True)
        self._drafts.setInterval(DRAFT_AFTER_MS)
        self._drafts.timeout.connect(lambda: self.drafted.emit(self.text()))
        self._silent = False

    def _on_changed(self) -> None:
        if self._silent:
            return
        self.typed.emit(self.text())
        if not self._drafts.isActive():
            self._drafts.start()

    def text(self) -> str:
        """The whole text."""
        return self.box.toPlainText()

    def show_text(self, text: str, hint: str = "") -> None:
        """Show stored text; setting it is not typing."""
        self.box.setPlaceholderText(hint)
        if self.box.toPlainText() == text:
            return
        self._silent = True
        self.box.setPlainText(text)
        self._silent = False

    def set_read_only(self, read_only: bool, *, by_tab: bool = True) -> None:
        """Text that may be read and copied, not changed."""
        self.read_only = read_only
        self.box.setReadOnly(read_only)

    def height_for(self, width: int) -> int:
        """Four lines."""
        return 92

    def on_focus_out(self) -> None:
        """What is saved needs no draft."""
        self._drafts.stop()
        super().on_focus_out()

    def on_key(self, event: QKeyEvent) -> bool:
        """Enter belongs to the text; with Ctrl it moves on."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return super().on_key(event)
        return False
