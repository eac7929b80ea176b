"""Dialogs that are never larger than their screen: what finds no room is scrolled, the buttons stay below it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QLayout, QVBoxLayout, QWidget

from ui.parts.pieces import held, scrolled

FRAME = QSize(16, 40)
"""Points that title and edges of a dialog may take around it."""

SIDE, TOP, BOTTOM, SPACING = 26, 22, 20, 12


def screen_room(widget: QWidget) -> QSize:
    """Points that the screen of a widget leaves to the inside of a dialog, task bar and frame taken off."""
    return widget.screen().availableGeometry().size() - FRAME


class Bounded(QDialog):
    """A dialog of a body, which scrolls where it must, and a row of buttons, which doesn't."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = QSize()

    def hold(self, body: QLayout, feet: QLayout, wanted: QSize) -> None:
        """Put body and buttons in. ``wanted``: points of the whole, at least; 0 in height = as high as the body."""
        self._wanted = wanted
        self.feet = feet
        self.body = held(body)
        self.area = scrolled(self.body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SIDE, TOP, SIDE, BOTTOM)
        layout.setSpacing(SPACING)
        layout.addWidget(self.area, 1)
        layout.addLayout(feet)

    def showEvent(self, event: QShowEvent) -> None:
        """The size it needs, and once more when the style has dressed what is in it."""
        self.fit()
        super().showEvent(event)
        QTimer.singleShot(0, self, self.fit)

    def fit(self) -> None:
        """As wide and high as the body needs, within the screen."""
        room, sides = screen_room(self), 2 * SIDE
        self.feet.activate()
        layout = self.body.layout()
        assert layout is not None
        layout.activate()
        wide = max(self._wanted.width() - sides, layout.totalMinimumSize().width(), self.feet.sizeHint().width())
        wide = min(wide, room.width() - sides)
        inner = layout.totalHeightForWidth(wide) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        high = inner + self.feet.sizeHint().height() + TOP + BOTTOM + SPACING
        bar = self.area.verticalScrollBar().sizeHint().width() if high > room.height() else 0
        whole = min(wide + bar + sides, room.width())
        self.resize(whole, min(max(high, self._wanted.height()), room.height()))
        self._stay_on_screen()

    def _stay_on_screen(self) -> None:
        """A dialog that grew is moved back from the edge."""
        frame, screen = self.frameGeometry(), self.screen().availableGeometry()
        left = max(screen.left(), min(frame.left(), screen.right() + 1 - frame.width()))
        top = max(screen.top(), min(frame.top(), screen.bottom() + 1 - frame.height()))
        if self.isVisible() and (left, top) != (frame.left(), frame.top()):
            self.move(left, top)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F1 opens the guide over the dialog, at what it says of the dialog."""
        if event.key() == Qt.Key.Key_F1:
            show_guide(self)
            return
        super().keyPressEvent(event)

    def bring(self, widget: QWidget) -> None:
        """Fit again and scroll to a widget that has something new to say."""
        self.fit()
        QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(widget))


def show_guide(over: QWidget) -> None:
    """Have the window open the guide at what it says of a widget; nothing without a window that has one."""
    above: QObject | None = over
    while above is not None and not hasattr(above, "show_guide"):
        above = above.parent()
    if above is not None:
        above.show_guide(over)
