"""The rail on the left: the places one can go."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout

from ui.actions import hint
from ui.parts.pieces import tint, tool
from ui.settings import Settings
from ui.words import Words

WIDE = 168
NARROW = 52


class Rail(QFrame):
    """One button for each page that exists and that the person may see."""

    chosen = Signal(str)

    def __init__(self, pages: Sequence[str], settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.words = Words(settings, self)
        self.setProperty("kind", "rail")
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 10, 8, 10)
        column.setSpacing(2)
        for page in pages:
            made = tool(partial(self.chosen.emit, page), page, kind="rail")
            made.setCheckable(True)
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            made.setFixedHeight(36)
            self._group.addButton(made)
            self.buttons[page] = made
            column.addWidget(made)
        column.addStretch(1)
        self.fold = tool(self._turn, "menu", kind="rail")
        self.fold.setFixedHeight(36)
        column.addWidget(self.fold)
        self.words.follow(self._tell)

    def show_page(self, page: str) -> None:
        """Mark where one is, and paint its icon in the accent."""
        for name, made in self.buttons.items():
            made.setChecked(name == page)
            tint(made, name, "accent" if name == page else "quiet")

    def _turn(self) -> None:
        self.settings.put("rail", "narrow" if self.settings.get("rail") == "wide" else "wide")
        self._tell()

    def _tell(self) -> None:
        wide = self.settings.get("rail") == "wide"
        self.setFixedWidth(WIDE if wide else NARROW)
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if wide else Qt.ToolButtonStyle.ToolButtonIconOnly
        for name, made in self.buttons.items():
            words = self.settings.say(f"ui.page.{name}")
            made.setText(f"  {words}" if wide else "")
            made.setToolButtonStyle(style)
            made.setAccessibleName(words)
            made.setToolTip(hint(words, name))
        words = self.settings.say("ui.rail.narrow" if wide else "ui.rail.wide")
        self.fold.setToolTip(words)
        self.fold.setAccessibleName(words)
