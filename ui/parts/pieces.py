"""Labels, buttons, cards and lines in the few kinds the style sheet knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.icons import icon
from ui.theme import look
from ui.words import Words

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

PLAIN_TEXT, NO_FOCUS, TAB_FOCUS = 0, 0, 1
"""Numbers of Qt.TextFormat.PlainText, Qt.FocusPolicy.NoFocus and TabFocus: the name Qt alone brings two hundred enums
with it and costs a tenth of the start, so what the first window needs does without."""


def label(kind: str = "", text: str = "", wrap: bool = False) -> QLabel:
    """A text of a kind: title, heading, quiet, small, bad, number, notice, trouble, good, code, or plain."""
    made = QLabel(text)
    made.setProperty("textFormat", PLAIN_TEXT)
    made.setWordWrap(wrap)
    if kind:
        made.setProperty("kind", kind)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def button(verb: Callable[[], object], kind: str = "", icon_name: str = "") -> QPushButton:
    """A button of a kind: primary, link, choice, or plain. Its text comes from `Words`."""
    made = QPushButton()
    made.setAutoDefault(True)
    if kind:
        made.setProperty("kind", kind)
    if icon_name:
        tint(made, icon_name, "on_accent" if kind == "primary" else "quiet")
    made.clicked.connect(lambda _checked=False: verb())
    return made


class ToolButton(QToolButton):
    """A flat button that Enter presses too, as it presses every other button; Qt's own asks for Space."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is a click; on the number pad as well."""
        from PySide6.QtCore import Qt

        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


def tool(verb: Callable[[], object], icon_name: str = "", kind: str = "") -> QToolButton:
    """A flat button with a picture that can be reached by the keyboard."""
    made = ToolButton()
    made.setProperty("focusPolicy", TAB_FOCUS)
    if kind:
        made.setProperty("kind", kind)
    if icon_name:
        tint(made, icon_name)
    made.setIconSize(QSize(20, 20))
    made.clicked.connect(lambda _checked=False: verb())
    return made


def tint(widget: QAbstractButton, icon_name: str, colour: str = "quiet") -> None:
    """Put an icon in a colour of the present look; `retint` does it again after a change of appearance."""
    widget.setProperty("icon_name", icon_name)
    widget.setProperty("icon_colour", colour)
    widget.setIcon(icon(icon_name, getattr(look(QApplication.palette()), colour)))


def retint(root: QWidget) -> None:
    """Draw all icons under a widget anew in the colours of the present look."""
    for widget in root.findChildren(QAbstractButton):
        name = widget.property("icon_name")
        if name:
            tint(widget, str(name), str(widget.property("icon_colour")))


def clearable(field: QLineEdit, words: Words) -> None:
    """Put a small cross into a field that empties it, and say what it is to whoever doesn't see it."""
    field.setClearButtonEnabled(True)
    words.put(field.findChild(QToolButton).setAccessibleName, "program.clear")  # type: ignore[union-attr]


def card(layout: QLayout, margin: int = 16) -> QFrame:
    """A framed group."""
    made = QFrame()
    made.setProperty("kind", "card")
    layout.setContentsMargins(margin, margin, margin, margin)
    made.setLayout(layout)
    return made


def line() -> QFrame:
    """A quiet horizontal line."""
    made = QFrame()
    made.setProperty("kind", "line")
    return made


def across(*parts: QWidget | int | None, spacing: int = 8) -> QHBoxLayout:
    """Widgets side by side; an int is a fixed gap, None takes the room that is left."""
    made = QHBoxLayout()
    _fill(made, parts, spacing)
    return made


def down(*parts: QWidget | int | None, spacing: int = 8) -> QVBoxLayout:
    """Widgets one under another; an int is a fixed gap, None takes the room that is left."""
    made = QVBoxLayout()
    _fill(made, parts, spacing)
    return made


def _fill(layout: QHBoxLayout | QVBoxLayout, parts: tuple[QWidget | int | None, ...], spacing: int) -> None:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        else:
            layout.addWidget(part)


def held(layout: QLayout) -> QWidget:
    """A layout as a widget."""
    made = QWidget()
    made.setLayout(layout)
    return made


def scrolled(widget: QWidget) -> QScrollArea:
    """A widget in a frame that lets it be scrolled where the room is less than it needs."""
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setProperty("focusPolicy", NO_FOCUS)
    made.setWidget(widget)
    widget.setAutoFillBackground(False)
    return made


def set_kind(widget: QWidget, kind: str) -> None:
    """Change the kind of a widget that is already shown.

    The style is told as well, because a label takes over the padding of its kind only on such a notice.
    """
    widget.setProperty("kind", kind)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))


def show_note(where: QLabel, text: str, kind: str = "trouble") -> None:
    """Show words in a label that hides when there are none."""
    where.setText(text)
    set_kind(where, kind)
    where.setVisible(bool(text))
