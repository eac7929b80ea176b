"""A row that goes on in a further line where it does not fit."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Widgets side by side, each as wide as it asks for; what finds no room stands in the next line.

    ``right`` puts each line to the right end; ``apart`` only the last widget.
    """

    def __init__(
        self, *parts: QWidget, across: int = 8, down: int = 6, right: bool = False, apart: bool = False
    ) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._across, self._down, self._right, self._apart = across, down, right, apart
        self.setContentsMargins(0, 0, 0, 0)
        for part in parts:
            self.addWidget(part)

    def addItem(self, item: QLayoutItem) -> None:
        """At the end."""
        self._items.append(item)

    def count(self) -> int:
        """Items, hidden ones included."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at a place, None beyond the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Hand an item over."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines."""
        around = self.contentsMargins()
        inner = width - around.left() - around.right()
        return self._place(QRect(0, 0, inner, 0), move=False) + around.top() + around.bottom()

    def sizeHint(self) -> QSize:
        """All on one line."""
        shown = self._shown()
        width = sum(self._width(item, 0) for item in shown) + self._across * max(0, len(shown) - 1)
        return self._with_margins(width, max((item.sizeHint().height() for item in shown), default=0))

    def minimumSize(self) -> QSize:
        """Wide enough for the widest."""
        shown = self._shown()
        return self._with_margins(
            max((item.minimumSize().width() for item in shown), default=0),
            max((item.minimumSize().height() for item in shown), default=0),
        )

    def setGeometry(self, rect: QRect) -> None:
        """Place them."""
        super().setGeometry(rect)
        around = self.contentsMargins()
        self._place(rect.adjusted(around.left(), around.top(), -around.right(), -around.bottom()), move=True)

    def _with_margins(self, width: int, height: int) -> QSize:
        around = self.contentsMargins()
        return QSize(width + around.left() + around.right(), height + around.top() + around.bottom())

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _width(self, item: QLayoutItem, room: int) -> int:
        """What an item gets of a line ``room`` wide; 0 = as wide as it likes."""
        wanted = max(item.sizeHint().width(), item.minimumSize().width())
        return min(wanted, max(room, item.minimumSize().width())) if room else wanted

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Break into lines and, with ``move``, put the widgets there; the height of all."""
        top, lines = rect.top(), self._lines(rect.width())
        for number, line in enumerate(lines):
            high = max(_height(item, width) for item, width in line)
            if move:
                self._move(line, rect, top, high)
            top += high + (self._down if number < len(lines) - 1 else 0)
        return top - rect.top()

    def _lines(self, room: int) -> list[list[tuple[QLayoutItem, int]]]:
        lines: list[list[tuple[QLayoutItem, int]]] = []
        left = 0
        for item in self._shown():
            width = self._width(item, room)
            if not lines or left + width > room:
                lines.append([])
                left = 0
            lines[-1].append((item, width))
            left += width + self._across
        return lines

    def _move(self, line: list[tuple[QLayoutItem, int]], rect: QRect, top: int, high: int) -> None:
        used = sum(width for _, width in line) + self._across * (len(line) - 1)
        left = rect.right() + 1 - used if self._right else rect.left()
        for item, width in line:
            if self._apart and item is self._shown()[-1]:
                left = rect.right() + 1 - width
            own = _height(item, width)
            item.setGeometry(QRect(left, top + (high - own) // 2, width, own))
            left += width + self._across


def _height(item: QLayoutItem, width: int) -> int:
    wanted = item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
    return max(wanted, item.minimumSize().height())
