"""Which characters the bundled font can draw, so that one it lacks is told while it is typed and not found in print.

``resources/fonts/characters.txt`` lists the code points that both faces have, as hex ranges; a test compares it with
the fonts themselves. Reports print a lacking character as its code point (`reports.style.printable`).
"""

from __future__ import annotations

import unicodedata
from functools import cache

from resources import folder

BLANKS = "\t\r\n\u2009\u202f\u2028\u2029\u2011"
"""Drawn as spaces, line ends or a hyphen whatever the font has."""


@cache
def drawable() -> frozenset[str]:
    """Every character that can be drawn in the window and in print."""
    signs = set(BLANKS)
    for part in folder("fonts", "characters.txt").read_text(encoding="ascii").split():
        first, _, last = part.partition("-")
        signs.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(signs)


def lacking(text: str) -> tuple[str, ...]:
    """Characters of a text that can't be drawn, each once, in order; the text is composed (NFC) first."""
    if text.isascii():
        return ()
    composed = unicodedata.normalize("NFC", text)
    return tuple(dict.fromkeys(sign for sign in composed if sign not in drawable()))


def code_points(signs: tuple[str, ...]) -> str:
    """``U+1F642, U+20BB7``."""
    return ", ".join(f"U+{ord(sign):04X}" for sign in signs)
