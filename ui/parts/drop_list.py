"""A list that opens as wide as its longest line, however narrow it stands closed."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

EDGES = 32
"""Pixels that frame, gaps and a scroll bar take beside the longest line."""


class DropList(QComboBox):
    """Closed it may be squeezed, as by a narrow dialog; open it shows every line whole."""

    def showPopup(self) -> None:
        """As wide as its lines, but no wider than the screen."""
        longest = max(
            (self.fontMetrics().horizontalAdvance(self.itemText(at)) for at in range(self.count())), default=0
        )
        screen = self.screen().availableGeometry().width()
        self.view().setMinimumWidth(min(max(self.width() - 2, longest + EDGES), screen))
        super().showPopup()
