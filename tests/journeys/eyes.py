"""What a person reads on the screen: words of widgets, of tables, and of what the program paints itself.

Only what is in sight counts: what is scrolled away, covered or cut off by an edge is not read.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QPainter, QPixmap, QRegion
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QTableView,
    QTextEdit,
    QWidget,
)

from tests.ui.seen import is_own
from tests.ui.windows import dialogs
from ui.window.lock_cover import LockCover

DOTS = "●"
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def front(window: QWidget) -> QWidget:
    """What a person has before the eyes: an open menu, else the uppermost dialog, else the window; or its cover."""
    popup = QApplication.activePopupWidget()
    if isinstance(popup, QMenu):
        return popup
    over = QApplication.activeModalWidget() or [window, *dialogs()][-1]
    cover = next((each for each in over.findChildren(LockCover) if each.isVisible()), None)
    return cover or over


def read(root: QWidget) -> list[str]:
    """Every text in sight under a widget, from top to bottom, each line of a table as one."""
    found: list[tuple[int, int, str]] = []
    for widget in [root, *root.findChildren(QWidget)]:
        if widget.window() is root.window() and widget.isVisible() and not widget.visibleRegion().isEmpty():
            at = widget.mapTo(root.window(), QPoint())
            found += [(at.y() + down, at.x(), words) for down, words in _words(widget) if words.strip()]
    found.sort(key=lambda each: each[:2])
    return [" ".join(words.split()) for _, _, words in found]


def _words(widget: QWidget) -> Iterator[tuple[int, str]]:
    if isinstance(widget, QLabel):
        yield 0, widget.text()
    elif isinstance(widget, QAbstractButton):
        yield 0, widget.text().replace("&", "")
    elif isinstance(widget, QComboBox):
        yield 0, widget.currentText() or widget.placeholderText()
    elif isinstance(widget, QLineEdit):
        if not isinstance(widget.parentWidget(), QComboBox):
            yield 0, widget.displayText() or widget.placeholderText()
    elif isinstance(widget, QPlainTextEdit | QTextEdit):
        yield 0, widget.toPlainText() or widget.placeholderText()
    elif isinstance(widget, QTabBar):
        for at in range(widget.count()):
            yield 0, widget.tabText(at)
    elif isinstance(widget, QMenu):
        for action in widget.actions():
            yield widget.actionGeometry(action).top(), action.text().replace("&", "")
    elif isinstance(widget, QHeaderView):
        yield from _heads(widget)
    elif isinstance(widget, QAbstractItemView):
        yield from _lines(widget)
    elif is_own(type(widget), "paintEvent"):
        yield from _painted(widget)


def _heads(head: QHeaderView) -> Iterator[tuple[int, str]]:
    if head.orientation() == Qt.Orientation.Horizontal and head.model() is not None:
        wide = head.viewport().width()
        shown = [at for at in range(head.count()) if not head.isSectionHidden(at)]
        names = [
            head.model().headerData(at, Qt.Orientation.Horizontal)
            for at in shown
            if head.sectionViewportPosition(at) < wide
        ]
        yield 0, " | ".join(str(name) for name in names if name)


def _lines(view: QAbstractItemView) -> Iterator[tuple[int, str]]:
    """The rows in sight; a cell that shows no word says what it says to a screen reader only when asked for."""
    model = view.model()
    if model is None:
        return
    room = view.viewport().rect()
    for row in range(model.rowCount()):
        cells, top = [], None
        for column in range(model.columnCount() if isinstance(view, QTableView) else 1):
            index = model.index(row, column)
            hidden = isinstance(view, QTableView) and view.isColumnHidden(column)
            box = view.visualRect(index)
            if not hidden and box.intersects(room):
                top = box.top() if top is None else top
                cells.append(cell_words(index))
        if top is not None:
            yield top, " | ".join(cell for cell in cells if cell)


def cell_words(index: QModelIndex) -> str:
    """The words of a cell; a chip is kept as its tone and its words."""
    words = str(index.data() or "")
    tone, bar, rest = words.partition("|")
    return rest if bar and tone.isalpha() and tone.islower() else words


class Listening(QPainter):
    """A painter that notes what it writes and where."""

    found: list[tuple[int, str]] = []

    def drawText(self, *args) -> None:  # noqa: N802
        words = next(each for each in args if isinstance(each, str))
        box = args[0]
        self.found.append((int(box.top()) if hasattr(box, "top") else 0, words))
        super().drawText(*args)


@contextmanager
def listening() -> Iterator[list[tuple[int, str]]]:
    """The program's own widgets paint with `Listening`."""
    Listening.found = []
    changed = [module for name, module in sys.modules.copy().items()
               if name.startswith("ui.") and getattr(module, "QPainter", None) is QPainter]  # fmt: skip
    for module in changed:
        module.QPainter = Listening
    try:
        yield Listening.found
    finally:
        for module in changed:
            module.QPainter = QPainter


def _painted(widget: QWidget) -> list[tuple[int, str]]:
    """What a widget paints of its own, as far as it is in sight."""
    seen = widget.visibleRegion().boundingRect()
    with listening() as found:
        widget.render(QPixmap(seen.size()), QPoint(), QRegion(seen), QWidget.RenderFlag.DrawWindowBackground)
    return [(top, words) for top, words in found if top + 6 >= seen.top() and top <= seen.bottom()]
