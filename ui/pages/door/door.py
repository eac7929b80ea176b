"""What stands around the pages shown before a store is open: mark, name, switches."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui.icons import MARK, pixmap
from ui.parts.pieces import NO_FOCUS, across, held, label, tool
from ui.parts.switches import Switches
from ui.settings import Settings
from ui.words import Words

CARD_WIDTH = 480


class DoorPage(QWidget):
    """A centred column below the mark; pages put their card into `column`."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.words = Words(settings, self)
        self.switches = Switches(settings)
        self.switches.setParent(self)
        self.help = tool(self.open_guide)
        self.help.setText("?")
        self.words.put(self.help.setAccessibleName, "ui.action.help")
        self.column = QVBoxLayout()
        self.column.setSpacing(12)
        middle = QWidget()
        middle.setFixedWidth(CARD_WIDTH)
        box = QVBoxLayout(middle)
        box.setContentsMargins(0, 8, 0, 24)
        box.setSpacing(20)
        box.addStretch(2)
        box.addLayout(self._make_head())
        box.addLayout(self.column)
        box.addStretch(3)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setProperty("focusPolicy", NO_FOCUS)
        area.setWidget(held(across(None, middle, None)))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 16, 20, 0)
        outer.setSpacing(0)
        outer.addLayout(across(None, self.switches, self.help))
        outer.addWidget(area, 1)
        self.area = area

    def open_guide(self) -> None:
        """The guide at what it says of this page."""
        from ui.parts.bounded import show_guide

        show_guide(self)

    def _make_head(self) -> QHBoxLayout:
        mark = QLabel()
        mark.setPixmap(pixmap("casebook", MARK, 40, 2.0))
        name = label("title", "Casebook")
        tagline = label("quiet")
        self.words.put(tagline.setText, "ui.door.tagline")
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(name)
        names.addWidget(tagline)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(mark)
        head.addLayout(names, 1)
        return head
