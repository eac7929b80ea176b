"""What every editor has: text in, text out, and a word when the person has left it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QRadioButton, QWidget

from forms.study.definition import Item
from forms.texts import said
from ui.parts.drop_list import DropList


class Editor(QWidget):
    """Base of the editors.

    ``typed`` carries the whole text after each key, ``left`` comes when focus leaves the editor for good (not for its
    own popup) or Enter is pressed, ``onward`` when Enter asks for the next field; ``noticed`` says what was typed here
    that can't be meant for it.
    """

    typed = Signal(str)
    left = Signal()
    onward = Signal(bool)
    entered = Signal()
    drafted = Signal(str)
    noticed = Signal(str)

    def __init__(self, item: Item, language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.item = item
        self.language = language
        self.read_only = False
        self.setAccessibleName(said(item.label, language))

    def watch(self, widget: TextLine | Box | Radio | Tick | DropDown) -> None:
        """Follow focus and keys of an inner widget, which is one of the kinds below."""
        widget.setAccessibleName(self.accessibleName())
        widget.editor = self

    def text(self) -> str:
        """What stands in the editor now."""
        raise TypeError("an editor says what stands in it")

    def show_text(self, text: str, hint: str = "") -> None:
        """Put the stored text in; ``hint`` stands grey when there is none (the words of a missing code)."""
        raise TypeError("an editor shows what is stored")

    def show_reading(self, words: str) -> None:
        """How what is being typed is understood, where that is not the text itself."""

    def set_read_only(self, read_only: bool, *, by_tab: bool = True) -> None:
        """What is derived, or may not be entered, can be read and not changed.

        ``by_tab`` leaves it on the way of Tab and Enter: who may only read goes from field to field as well, to ask
        about one, to see its history or why it has its grade.
        """
        self.read_only = read_only
        self.setEnabled(by_tab or not read_only)
        if read_only:
            for kind in (Radio, Tick, DropDown):
                for each in self.findChildren(kind):
                    each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def take_key(self, event: QKeyEvent) -> bool:
        """A key to a widget of this editor; True when it is used up. Where one may only read, Enter alone is."""
        return Editor.on_key(self, event) if self.read_only else self.on_key(event)

    def describe(self, words: str) -> None:
        """What a screen reader says after the name: unit, range, findings."""
        self.setAccessibleDescription(words)
        proxy = self.focusProxy()
        if proxy is not None:
            proxy.setAccessibleDescription(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """An editor of a single widget is filled by it; a layout per field would cost half the time of opening."""
        super().resizeEvent(event)
        only = self.focusProxy()
        if only is not None and self.layout() is None:
            only.resize(self.size())

    def height_for(self, width: int) -> int:
        """Height in pixels that the editor wants where it is ``width`` wide."""
        return 30

    def on_focus_out(self) -> None:
        """The person went elsewhere."""
        self.left.emit()

    def on_key(self, event: QKeyEvent) -> bool:
        """Enter saves and asks for the next field; True when the key is used up."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.onward.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            return True
        return False


class Watched:
    """Mixed into a widget that an editor is made of: tells the editor of focus and keys, and of nothing else."""

    editor: Editor | None = None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The person came here."""
        super().focusInEvent(event)  # type: ignore[misc]
        if self.editor is not None:
            self.editor.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The person left, unless only a popup of this widget or another window came in front."""
        super().focusOutEvent(event)  # type: ignore[misc]
        own = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if self.editor is not None and event.reason() not in own:
            self.editor.on_focus_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that mean something to the editor first."""
        if self.editor is not None and self.editor.take_key(event):
            return
        if self.editor is not None and self.editor.read_only and isinstance(self, Radio | Tick | DropDown):
            event.ignore()  # an arrow would choose another answer
            return
        super().keyPressEvent(event)  # type: ignore[misc]


class TextLine(Watched, QLineEdit):
    """A line of text."""


class Box(Watched, QPlainTextEdit):
    """Several lines of text."""


class Radio(Watched, QRadioButton):
    """One choice of a few."""


class Tick(Watched, QCheckBox):
    """One of several that may hold."""


class DropDown(Watched, DropList):
    """A list that opens. The wheel scrolls the page, not the value."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll under a closed list."""
        event.ignore()
