"""Own line icons, drawn in the colour of the appearance and sharp at every scale.

Qt's picture plugin draws the SVG; the module QtSvg is not needed and would cost a sixth of the start.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QIcon, QPixmap

from resources import folder

SIZES = (20, 40)
"""Drawn at these sizes; Qt picks and shrinks. Larger ones are asked for by `pixmap`."""


@cache
def icon(name: str, colour: str = "#1b2530") -> QIcon:
    """The icon ``name`` with its lines in ``colour``."""
    made = QIcon()
    for size in SIZES:
        made.addPixmap(pixmap(name, colour, size))
    return made


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The drawing as a picture of ``size`` device-independent pixels."""
    side = round(size * ratio)
    drawing = folder("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    picture = QPixmap()
    picture.loadFromData(drawing.replace("<svg ", f'<svg width="{side}" height="{side}" ', 1).encode(), "svg")
    picture.setDevicePixelRatio(ratio)
    return picture
