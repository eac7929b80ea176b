"""One line of text: text, numbers, dates, times."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from forms.study.definition import Item
from forms.texts import say
from ui.editors.base import Editor, TextLine
from ui.parts.pieces import label
from ui.parts.plain import plain_tip

NUMERIC = ("number", "integer")


class LineEditor(Editor):
    """A single line; numbers stand right so that their digits line up down a slip."""

    def __init__(self, item: Item, language: str, parent: QWidget) -> None:
        super().__init__(item, language, parent)
        self.line = TextLine(self)
        self.reading: QLabel | None = None
        self.line.setMaxLength(1_000_000)
        if item.kind in NUMERIC:
            self.line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.idle_hint = "" if item.derive else self._date_hint()
        self.line.setPlaceholderText(self.idle_hint)
        if item.kind == "date" and not item.derive:
            self.line.setToolTip(plain_tip(say(language, "ui_form.hint.date_ways")))
        self.line.textEdited.connect(self._on_typed)
        self.setFocusProxy(self.line)
        self.watch(self.line)

    def _date_hint(self) -> str:
        hints = {"date": "date", "datetime": "datetime", "time": "time"}
        return say(self.language, f"ui_form.hint.{hints[self.item.kind]}") if self.item.kind in hints else ""

    def _on_typed(self, typed: str) -> None:
        self.typed.emit(typed)

    def text(self) -> str:
        """The line as it stands."""
        return self.line.text()

    def show_text(self, text: str, hint: str = "") -> None:
        """Show stored text without moving the cursor of a person who is typing the same."""
        if self.line.text() != text:
            self.line.setText(text)
        self.line.setPlaceholderText(hint or self.idle_hint)

    def show_reading(self, words: str) -> None:
        """Grey, at the end of the line."""
        if self.reading is None:
            if not words:
                return
            self.reading = label("quiet")
            self.reading.setParent(self.line)
            self.reading.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.reading.setText(words)
        self.reading.adjustSize()
        room = self.line.rect()
        self.reading.move(room.right() - self.reading.width() - 8, (room.height() - self.reading.height()) // 2)
        self.reading.setVisible(bool(words))

    def set_read_only(self, read_only: bool, *, by_tab: bool = True) -> None:
        """A text that can't be typed over can still be selected and copied; a derived one takes no focus by Tab."""
        self.read_only = read_only
        self.line.setReadOnly(read_only)
        strong = by_tab or not read_only
        self.line.setFocusPolicy(Qt.FocusPolicy.StrongFocus if strong else Qt.FocusPolicy.ClickFocus)
        self.line.setProperty("derived", read_only)
