"""A large button with a picture, a title and a sentence."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton

from ui.parts.pieces import down, label, tint


class Choice(QPushButton):
    """One of a few things a person may do next."""

    def __init__(self, verb: Callable[[], object], icon_name: str) -> None:
        super().__init__()
        self.setProperty("kind", "choice")
        self.setAutoDefault(True)
        self.clicked.connect(lambda _checked=False: verb())
        picture = self._picture = QToolButton()
        picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        picture.setIconSize(QSize(28, 28))
        tint(picture, icon_name, "accent")
        self._title = label("heading")
        self._text = label("quiet", wrap=True)
        row = QHBoxLayout(self)
        self._row = row
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(12)
        row.addWidget(picture)
        row.addLayout(down(self._title, self._text, spacing=2), 1)
        for part in (picture, self._title, self._text):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_words(self, title: str, text: str) -> None:
        """What it does, for the eye and for a screen reader."""
        self._title.setText(title)
        self._text.setText(text)
        self.setAccessibleName(title)
        self._picture.setAccessibleName(title)
        self.setAccessibleDescription(text)

    def sizeHint(self) -> QSize:
        """As large as its two texts need."""
        return self._row.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        """As large as its two texts need."""
        return QSize(240, max(64, self._row.totalHeightForWidth(max(self.width(), 440))))
