"""The rail on the left: the places one can go."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout

from ui.actions import hint
from ui.parts.pieces import down, held, scrolled, tint, tool
from ui.parts.plain import plain_tip
from ui.settings import Settings
from ui.theme import font
from ui.words import Words

NARROW, MARGIN = 64, 8
SQUEEZED = 960
"""Width of the window in pixels below which the rail shows its icons alone."""


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
        self.squeezed = False
        column = down(spacing=2)
        for page in pages:
            made = tool(partial(self.chosen.emit, page), page, kind="rail")
            made.setCheckable(True)
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            made.setFixedHeight(36)
            made.setMinimumWidth(NARROW - 2 * MARGIN - 2)
            self._group.addButton(made)
            self.buttons[page] = made
            column.addWidget(made)
        column.addStretch(1)
        area = scrolled(held(column))
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(MARGIN, 10, MARGIN, 10)
        whole.addWidget(area, 1)
        self.fold = tool(self._turn, "menu", kind="rail")
        self.fold.setFixedHeight(36)
        whole.addWidget(self.fold)
        self.words.follow(self._tell)

    def show_page(self, page: str) -> None:
        """Mark where one is, and paint its icon in the accent."""
        for name, made in self.buttons.items():
            made.setChecked(name == page)
            tint(made, name, "accent" if name == page else "quiet")

    def showEvent(self, event: QShowEvent) -> None:
        """The style's own room is known once the names are shown."""
        super().showEvent(event)
        self._tell()

    def squeeze(self, width: int) -> None:
        """In a narrow window the pages need the room: icons alone, whatever was chosen."""
        squeezed = width < SQUEEZED
        if squeezed != self.squeezed:
            self.squeezed = squeezed
            self._tell()

    def _turn(self) -> None:
        self.settings.put("rail", "narrow" if self.settings.get("rail") == "wide" else "wide")
        self._tell()

    def _tell(self) -> None:
        wide = self.settings.get("rail") == "wide" and not self.squeezed
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if wide else Qt.ToolButtonStyle.ToolButtonIconOnly
        for name, made in self.buttons.items():
            words = self.settings.say(f"ui.page.{name}")
            made.setText(f"  {words}" if wide else "")
            made.setToolButtonStyle(style)
            made.setAccessibleName(words)
            made.setToolTip(plain_tip(hint(words, name)))
        self.setFixedWidth(self._wide() if wide else NARROW)
        self.fold.setHidden(self.squeezed)
        words = self.settings.say("ui.rail.narrow" if wide else "ui.rail.wide")
        self.fold.setToolTip(plain_tip(words))
        self.fold.setAccessibleName(words)

    def _wide(self) -> int:
        """Room for the longest name, which stands bold while one is there."""
        bold, plain = QFontMetrics(font(bold=True)), QFontMetrics(font())
        more = (bold.horizontalAdvance(made.text()) - plain.horizontalAdvance(made.text()) for made in self._made())
        return max(made.sizeHint().width() for made in self._made()) + max(more) + 2 * MARGIN + 2

    def _made(self) -> list[QToolButton]:
        return [*self.buttons.values()]
