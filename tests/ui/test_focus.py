"""Where the keyboard is can be seen on every kind of control, in both appearances, and it gets everywhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QTabBar,
    QTableWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from tests.ui.contrast import contrast
from ui.parts.pieces import button, tool
from ui.theme import show_theme

LEAST = 3.0
"""Contrast between a pixel with and without the focus, WCAG 2.2, criterion 2.4.13."""

PUSHED = ("", "primary", "step", "link", "choice", "logrow")
TOOLS = ("", "rail", "tile", "record", "segment")


def pushed(kind: str) -> QWidget:
    made = button(lambda: None, kind)
    made.setText("Save")
    return made


def pressed(kind: str, checked: bool) -> QWidget:
    made = tool(lambda: None, kind=kind)
    made.setCheckable(True)
    made.setChecked(checked)
    made.setText("Subjects")
    return made


def found(kind: type[QWidget], finding: str) -> QWidget:
    made = kind()
    made.setProperty("finding", finding)
    return made


def ticked(kind: type[QCheckBox] | type[QRadioButton], checked: bool) -> QWidget:
    made = kind("Yes")
    made.setChecked(checked)
    return made


def listed(kind: str) -> QWidget:
    made = QListWidget()
    made.setProperty("kind", kind)
    made.addItems(["One", "Two"])
    made.setCurrentRow(0)
    return made


def tabs() -> QWidget:
    made = QTabBar()
    for name in ("People", "Keys"):
        made.addTab(name)
    return made


CONTROLS: dict[str, Callable[[], QWidget]] = {
    **{f"button {kind}": lambda kind=kind: pushed(kind) for kind in PUSHED},
    **{f"tool {kind}": lambda kind=kind: pressed(kind, False) for kind in TOOLS},
    **{f"tool {kind}, chosen": lambda kind=kind: pressed(kind, True) for kind in TOOLS},
    "field": QLineEdit,
    "field with a question": lambda: found(QLineEdit, "query"),
    "field that blocks": lambda: found(QLineEdit, "block"),
    "choice": QComboBox,
    "choice with a question": lambda: found(QComboBox, "query"),
    "choice that blocks": lambda: found(QComboBox, "block"),
    "long text": QPlainTextEdit,
    "long text with a question": lambda: found(QPlainTextEdit, "query"),
    "long text that blocks": lambda: found(QPlainTextEdit, "block"),
    "guide": QTextBrowser,
    "tick": lambda: ticked(QCheckBox, False),
    "tick, ticked": lambda: ticked(QCheckBox, True),
    "one of several": lambda: ticked(QRadioButton, False),
    "one of several, chosen": lambda: ticked(QRadioButton, True),
    "list": lambda: listed(""),
    "menu": lambda: listed("menu"),
    "sections": lambda: listed("sections"),
    "table": lambda: QTableWidget(2, 2),
    "tabs": tabs,
}


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def dressed(request, qapp):
    show_theme(qapp, request.param)
    yield
    show_theme(qapp, False)


def picture(widget: QWidget) -> QImage:
    QApplication.processEvents()
    return widget.grab().toImage()


def told(without: QImage, with_focus: QImage) -> int:
    """Pixels that stand at 3:1 or more to what was there before."""
    width, height = without.width(), without.height()
    spots = ((x, y) for x in range(width) for y in range(height))
    met: dict[tuple[int, int], bool] = {}
    count = 0
    for x, y in spots:
        pair = (without.pixel(x, y), with_focus.pixel(x, y))
        if pair[0] != pair[1]:
            if pair not in met:
                met[pair] = contrast(QColor.fromRgb(pair[0]), QColor.fromRgb(pair[1])) >= LEAST
            count += met[pair]
    return count


@pytest.mark.parametrize("name", CONTROLS)
def test_the_focus_is_seen_around_every_kind_of_control(name, dressed, qtbot):
    board = QWidget()
    qtbot.addWidget(board)
    column = QVBoxLayout(board)
    elsewhere, control = QPushButton("Elsewhere"), CONTROLS[name]()
    column.addWidget(elsewhere)
    column.addWidget(control)
    if isinstance(control, QLineEdit | QPlainTextEdit | QTextBrowser):
        QApplication.setCursorFlashTime(0)
    with qtbot.waitActive(board):
        board.show()
        board.activateWindow()
    elsewhere.setFocus(Qt.FocusReason.TabFocusReason)
    without = picture(control)
    control.setFocus(Qt.FocusReason.TabFocusReason)
    assert control.hasFocus()
    seen = control.tabRect(0) if isinstance(control, QTabBar) else control.rect()
    ring = told(without, picture(control))
    assert ring >= seen.width() + seen.height(), f"{ring} pixels of a ring of {2 * (seen.width() + seen.height())}"
