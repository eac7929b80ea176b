"""Own line icons, drawn in the colour of the appearance and sharp at every scale.

Qt's picture plugin draws the SVG; the module QtSvg is not needed and would cost a sixth of the start. Even the plugin
is a twentieth of it, so the few pictures that the sign-in window shows lie ready as PNG; a test compares them with
their drawings, and `keep_ready` draws them anew.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtGui import QIcon, QPixmap

from resources import folder

SIZES = (20, 40)
"""Drawn at these sizes; Qt picks and shrinks. Larger ones are asked for by `pixmap`."""

MARK = "#1f5fa8"
"""Colour of the program's mark."""

ARROW_SIDE = 12
"""Side of the arrow of a choice, in device-independent pixels; it lies ready for three scales of the screen."""


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
    ready = ready_file(name, colour, side)
    picture = QPixmap(str(ready)) if ready.exists() else draw(name, colour, side)
    picture.setDevicePixelRatio(ratio)
    return picture


def draw(name: str, colour: str, side: int) -> QPixmap:
    """The drawing as a picture of ``side`` pixels."""
    drawing = folder("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    picture = QPixmap()
    picture.loadFromData(drawing.replace("<svg ", f'<svg width="{side}" height="{side}" ', 1).encode(), "svg")
    return picture


def ready_file(name: str, colour: str, side: int) -> Path:
    """Where a picture lies when it lies ready."""
    return folder("icons", "ready", f"{name}-{colour.removeprefix('#')}-{side}.png")


def ready_pictures() -> dict[Path, tuple[str, str, int]]:
    """The pictures that lie ready: file and (name, colour, side in pixels)."""
    from ui.theme import DARK, LIGHT

    drawn = [("casebook", MARK, 80)]
    drawn += [(name, look.quiet, size) for name, look in (("moon", LIGHT), ("sun", DARK)) for size in SIZES]
    arrows = (("", 1), ("@2x", 2), ("@3x", 3))
    return {ready_file(*each): each for each in drawn} | {
        folder("icons", "ready", f"arrow{tail}.png"): ("arrow", "", ARROW_SIDE * scale) for tail, scale in arrows
    }


def keep_ready() -> None:
    """Draw the pictures that lie ready, after a drawing or a colour changed. Needs a QGuiApplication."""
    for file, drawn in ready_pictures().items():
        file.parent.mkdir(exist_ok=True)
        draw(*drawn).save(str(file))
