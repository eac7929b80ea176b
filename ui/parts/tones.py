"""Colours that mean something on a form: severities, grades, quiet text. Shape always says it too."""

from dataclasses import dataclass
from functools import cache

from PySide6.QtGui import QColor, QPalette

from ui import theme


@dataclass(frozen=True, slots=True)
class Tones:
    """One set of colours for light or dark."""

    quiet: QColor
    line: QColor
    band: QColor
    accent: QColor
    note: QColor
    query: QColor
    block: QColor
    high: QColor
    grades: tuple[tuple[QColor, QColor], ...]
    unknown: tuple[QColor, QColor]


def _pairs(*pairs: tuple[str, str]) -> tuple[tuple[QColor, QColor], ...]:
    return tuple((QColor(back), QColor(text)) for back, text in pairs)


LIGHT_GRADES = _pairs(
    ("#e4ebf1", "#33424f"),
    ("#f6eab8", "#574500"),
    ("#f9cf8a", "#5a3200"),
    ("#ee8f5e", "#3d1500"),
    ("#b3261e", "#ffffff"),
    ("#3b1014", "#ffffff"),
)
"""Ground and text of the chips of grades 0 to 5 on a light ground; lightness falls as the grade rises."""

DARK_GRADES = _pairs(
    ("#333d46", "#c9d3dc"),
    ("#5a4c12", "#fbeebb"),
    ("#7a4a0a", "#ffe2b8"),
    ("#a04a1c", "#ffffff"),
    ("#c0392b", "#ffffff"),
    ("#f3d3d6", "#3b1014"),
)
"""The same on a dark ground."""


@cache
def _tones(dark: bool) -> Tones:
    look = theme.DARK if dark else theme.LIGHT
    unknown = ("#453a66", "#ddd3fa") if dark else ("#e7e3f3", "#4a3b78")
    return Tones(
        quiet=QColor(look.quiet),
        line=QColor(look.line),
        band=QColor(look.info_soft),
        accent=QColor(look.accent),
        note=QColor(look.info),
        query=QColor(look.warn),
        block=QColor(look.bad),
        high=QColor(look.warn),
        grades=DARK_GRADES if dark else LIGHT_GRADES,
        unknown=_pairs(unknown)[0],
    )


def tones(palette: QPalette) -> Tones:
    """The set that fits a palette's ground."""
    return _tones(palette.color(QPalette.ColorRole.Window).lightness() < 128)
