"""What stands where there is nothing yet."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from ui.parts.pieces import across, down, label, tint

WIDTH = 460
"""Pixels that the sentence takes before it goes on in the next line."""


class Empty(QWidget):
    """What stands where there is nothing yet: a word and what to do next."""

    def __init__(self, icon_name: str) -> None:
        super().__init__()
        self.picture = QToolButton()
        self.picture.setIconSize(QSize(48, 48))
        self.picture.setEnabled(False)
        self.picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tint(self.picture, icon_name)
        self.title = label("heading")
        self.text = label("quiet", wrap=True)
        for part in (self.title, self.text):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.text.setFixedWidth(WIDTH)
        box = down(None, self.picture, 4, self.title)
        for widget in (self.picture, self.title):
            box.setAlignment(widget, Qt.AlignmentFlag.AlignHCenter)
        box.addLayout(across(None, self.text, None))
        box.addStretch(1)
        self.setLayout(box)
        self.box = box

    def show_title(self, words: str) -> None:
        """The word, which is what the picture is called, too."""
        self.title.setText(words)
        self.picture.setAccessibleName(words)

    def offer(self, what: QPushButton) -> None:
        """Add the button that does the next thing."""
        self.box.insertSpacing(self.box.count() - 1, 8)
        self.box.insertWidget(self.box.count() - 1, what, 0, Qt.AlignmentFlag.AlignHCenter)
