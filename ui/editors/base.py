"""What every editor has: text in, text out, and a word when the person has left it."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from forms.study import Item
from forms.texts import said


class Editor(QWidget):
    """Base of the editors.

    ``typed`` carries the whole text after each key, ``left`` comes when focus leaves the editor for good (not for its
    own popup) or Enter is pressed, ``onward`` when Enter asks for the next field.
    """

    typed = Signal(str)
    left = Signal()
    onward = Signal(bool)
    entered = Signal()
    drafted = Signal(str)

    def __init__(self, item: Item, language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.item = item
        self.language = language
        self.setAccessibleName(said(item.label, language))

    def watch(self, widget: QWidget) -> None:
        """Follow focus and Enter of an inner widget."""
        widget.setAccessibleName(self.accessibleName())
        widget.installEventFilter(self)

    def text(self) -> str:
        """What stands in the editor now."""
        raise TypeError("an editor says what stands in it")

    def show_text(self, text: str, hint: str = "") -> None:
        """Put the stored text in; ``hint`` stands grey when there is none (the words of a missing code)."""
        raise TypeError("an editor shows what is stored")

    def set_read_only(self, read_only: bool) -> None:
        """Derived values and forms without the right to enter can be read, not typed."""
        self.setEnabled(not read_only)

    def describe(self, words: str) -> None:
        """What a screen reader says after the name: unit, range, findings."""
        self.setAccessibleDescription(words)
        proxy = self.focusProxy()
        if proxy is not None:
            proxy.setAccessibleDescription(words)

    def height_hint(self) -> int:
        """Height in pixels that the editor wants."""
        return 30

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Turn focus changes and Enter of the inner widgets into the editor's own signals."""
        if event.type() == QEvent.Type.FocusOut:
            reason = event.reason()  # type: ignore[attr-defined]
            if reason not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
                self.on_focus_out()
        elif event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.on_key(event):
            return True
        return super().eventFilter(watched, event)

    def on_focus_out(self) -> None:
        """The person went elsewhere."""
        self.left.emit()

    def on_key(self, event: QKeyEvent) -> bool:
        """Enter saves and asks for the next field; True when the key is used up."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.onward.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            return True
        return False
