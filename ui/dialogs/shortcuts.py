"""F1: what can be done by keyboard, from the one table of actions."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.actions import TABLE, WHERE, ActionLine
from ui.parts.bounded import Bounded
from ui.parts.pieces import across, button, down, label
from ui.settings import Settings


class ShortcutsDialog(Bounded):
    """The table in two columns, by where the keys hold."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        say = settings.say
        self.setWindowTitle(say("ui.action.help"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(5)
        for side, places in enumerate((WHERE[:1], WHERE[1:])):
            row = 0
            for where in places:
                grid.addWidget(label("heading", say(f"ui.where.{where}")), row, side * 3, 1, 2)
                row += 1
                for line in TABLE:
                    if line.where == where:
                        grid.addWidget(label("", say(f"ui.action.{line.id}")), row, side * 3)
                        grid.addWidget(label("quiet", keys_text(line)), row, side * 3 + 1)
                        row += 1
        grid.setColumnMinimumWidth(2, 24)
        grid.setRowStretch(grid.rowCount(), 1)
        close = button(self.accept, kind="primary")
        close.setText(say("ui.dialog.close"))
        close.setDefault(True)
        layout = down(spacing=14)
        layout.addWidget(label("title", say("ui.action.help")))
        layout.addLayout(grid)
        self.hold(layout, across(None, close), QSize())
        close.setFocus(Qt.FocusReason.OtherFocusReason)


def keys_text(line: ActionLine) -> str:
    """All keys of an action as this computer names them."""
    return ", ".join(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) for keys in line.keys)
