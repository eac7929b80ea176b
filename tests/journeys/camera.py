"""Takes pictures of the window: as a person sees it, dialogs and open lists over it, in few colours and few bytes."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from tests.journeys.desk import SIZE
from tests.journeys.hands import Hands
from tests.ui.windows import dialogs

COLOURS = 128
"""Colours of a picture: an even ground, text with its smoothed edges, chips. More can't be told apart here."""
TEXTS = "texts.json"
CHANGING = (
    (r"\b[0-9a-f]{12}\b", "(definition)"),
    (r"\b[0-9a-f]{4}(?: [0-9a-f]{4}){3}\b", "(tip)"),
    (r"\b\d{5,}(?= [(（条])", "(entry)"),
)


class Camera:
    """Keeps the pictures of one language in a folder; `finish` writes what stands in them beside them."""

    def __init__(self, folder: Path, here: Path) -> None:
        self.folder, self.here = folder, str(here) + os.sep
        self.told: dict[str, dict] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, hands: Hands, name: str) -> None:
        """A picture of what is on the screen now."""
        hands.settled()
        image = hands.aside.ask(lambda: picture_of(hands.window))
        self.keep(name, image, hands.everything())

    def keep(self, name: str, image: Image.Image | None, texts: list[str], size: tuple[int, int] = SIZE) -> None:
        """A picture and its texts under a name; without a picture, its texts alone."""
        if image is not None:
            assert image.size == size, f"{name} is {image.size}"
            few = image.convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            few.save(self.folder / f"{name}.png", optimize=True)
        self.told[name] = {"size": list(size), "texts": [self._plain(text) for text in texts]}

    def _plain(self, text: str) -> str:
        """A text without what is another one each time: the folder of the walk, marks of the definition and ledger."""
        for pattern, kept in ((re.escape(self.here), ""), *CHANGING):
            text = re.sub(pattern, kept, text)
        return text

    def finish(self) -> None:
        """Write the texts of every picture."""
        (self.folder / TEXTS).write_text(
            json.dumps(self.told, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )


def picture_of(window: QWidget) -> Image.Image:
    """The window with everything that stands over it, at its place."""
    whole = window.grab().toImage()
    painter = QPainter(whole)
    over = dialogs()
    popup = QApplication.activePopupWidget()
    for each in over:
        at = QRect(QPoint(), window.size()).center() - each.rect().center()
        _shade(painter, QRect(at, each.size()))
        painter.drawPixmap(at, each.grab())
    focus = QApplication.focusWidget()
    if popup is not None and focus is not None:
        painter.drawPixmap(focus.mapTo(window, focus.rect().bottomLeft()), popup.grab())
    painter.end()
    return as_image(whole)


def _shade(painter: QPainter, box: QRect) -> None:
    """A soft edge, so that a dialog is seen to lie over the window."""
    for width in range(14, 0, -2):
        painter.fillRect(box.adjusted(-width, -width + 3, width, width + 3), QColor(20, 30, 40, 9))
    painter.fillRect(box.adjusted(-1, -1, 1, 1), QColor(140, 152, 164))


def as_image(image: QImage) -> Image.Image:
    """The same picture for Pillow, which knows how to choose the few colours that serve it best."""
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(held, "PNG")
    return Image.open(io.BytesIO(bytes(held.data().data())))
