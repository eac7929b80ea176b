"""How every printed page looks: one font family, few sizes, quiet greys and colours that colour-blind people can tell.

Lengths are in points (1/72 inch).
"""

from __future__ import annotations

import unicodedata
from functools import cache
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from resources import folder

FONT = "CasebookSans"
BOLD = "CasebookSans-Bold"

SIZE_TITLE = 20.0
SIZE_HEAD = 13.0
SIZE_SUBHEAD = 10.5
SIZE_TEXT = 9.0
SIZE_TABLE = 8.0
SIZE_SMALL = 7.2
"""Nothing on a page is smaller than this."""

INK = HexColor("#1b1f24")
QUIET = HexColor("#5b6470")
RULE = HexColor("#b9c0c8")
FAINT = HexColor("#e6e9ed")
WASH = HexColor("#f4f6f8")
ACCENT = HexColor("#0b4f79")
ALARM = HexColor("#a6341b")

PALETTE: tuple[Color, ...] = tuple(
    HexColor(code) for code in ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a6a00", "#4d4d4d")
)
"""Eight colours that stay apart for the common kinds of colour blindness, after Okabe and Ito (2008), the yellow
darkened so that it shows on white. Never the only sign: shapes and labels say the same."""

STEPS: tuple[Color, ...] = tuple(HexColor(code) for code in ("#eef3f7", "#bcd5e6", "#7fb0d1", "#3f83b1", "#14537f"))
"""Five steps of one hue, light to dark, for ordered things such as grades 1 to 5; they keep their order in grey."""


@cache
def register_fonts() -> None:
    """Makes the bundled family known to reportlab, once a process (about 70 ms)."""
    pdfmetrics.registerFont(TTFont(FONT, str(folder("fonts", "CasebookSans-Regular.ttf"))))
    pdfmetrics.registerFont(TTFont(BOLD, str(folder("fonts", "CasebookSans-Bold.ttf"))))
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=FONT, boldItalic=BOLD)


@cache
def _glyphs() -> frozenset[int]:
    """Code points that both faces can draw."""
    register_fonts()
    faces = [pdfmetrics.getFont(name).face for name in (FONT, BOLD)]
    return frozenset(faces[0].charToGlyph) & frozenset(faces[1].charToGlyph)


_SPACES = {"\t": " ", "\r": "\n", "\u2028": "\n", "\u2029": "\n\n", "\u2009": " ", "\u202f": " ", "\u2011": "-"}


@cache
def _shown(character: str) -> str:
    if character == "\n" or ord(character) in _glyphs():
        return character
    return _SPACES.get(character) or f"[U+{ord(character):04X}]"


@cache
def _sign_set() -> frozenset[str]:
    return frozenset(chr(code) for code in _glyphs()) | {"\n"}


def printable(text: str) -> str:
    """The text with every character that the bundled font cannot draw replaced by its code point, ``[U+1F600]``.

    Composed first (NFC), so that a letter with a separate accent is drawn as one. Line ends stay; tabs become spaces.
    """
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    if _sign_set().issuperset(composed):
        return composed
    return "".join(map(_shown, composed))


def lacking(text: str) -> tuple[str, ...]:
    """The characters of a text that the bundled font cannot draw, each once, in order of appearance."""
    composed = unicodedata.normalize("NFC", text)
    return tuple(dict.fromkeys(sign for sign in composed if _shown(sign).startswith("[U+") and sign != "["))


def marked(text: str) -> str:
    """The text for a Paragraph: printable, markup escaped, line ends kept."""
    return escape(printable(text)).replace("\n", "<br/>")


def width_of(text: str, size: float = SIZE_TABLE, bold: bool = False) -> float:
    """Width of a printable line in points."""
    register_fonts()
    return float(pdfmetrics.stringWidth(text, BOLD if bold else FONT, size))


@cache
def paragraph_style(name: str, language: str = "en") -> ParagraphStyle:
    """A paragraph style by name: title, head, subhead, text, small, cell, cell_bold, cell_right, caption, note.

    Chinese breaks lines between any two characters, English between words.
    """
    register_fonts()
    size, bold, colour, before, after = _STYLES[name]
    return ParagraphStyle(
        f"{name}-{language}",
        fontName=BOLD if bold else FONT,
        fontSize=size,
        leading=round(size * (1.42 if language == "zh" else 1.34), 2),
        textColor=colour,
        spaceBefore=before,
        spaceAfter=after,
        alignment=TA_LEFT,
        wordWrap="CJK" if language == "zh" else None,
        splitLongWords=1,
        allowWidows=0,
        allowOrphans=0,
        keepWithNext=1 if name in ("head", "subhead") else 0,
    )


_STYLES: dict[str, tuple[float, bool, Color, float, float]] = {
    "title": (SIZE_TITLE, True, INK, 0, 6),
    "lead": (SIZE_HEAD, False, QUIET, 0, 10),
    "head": (SIZE_HEAD, True, ACCENT, 14, 5),
    "subhead": (SIZE_SUBHEAD, True, INK, 10, 3),
    "text": (SIZE_TEXT, False, INK, 0, 5),
    "small": (SIZE_SMALL, False, QUIET, 0, 3),
    "caption": (SIZE_TABLE, True, INK, 8, 3),
    "note": (SIZE_SMALL, False, QUIET, 3, 8),
    "cell": (SIZE_TABLE, False, INK, 0, 0),
    "cell_bold": (SIZE_TABLE, True, INK, 0, 0),
    "cell_note": (SIZE_SMALL, False, QUIET, 0, 0),
}
