"""Which characters the bundled font can draw, and which mean the same as plain ones when a text is read.

A character the font lacks is told while it is typed and not found in print.

``resources/fonts/characters.txt`` lists the code points that both faces have, as hex ranges; a test compares it with
the fonts themselves. Reports print a lacking character as its code point (`reports.paper.style.printable`).
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


@cache
def _plain(sign: str) -> str:
    """One character in its plain form; a raised, lowered, circled or fractional digit stays what it is."""
    plain = unicodedata.normalize("NFKC", sign)
    return sign if any(digit in plain for digit in "0123456789") and not "０" <= sign <= "９" else plain


def folded(text: str) -> str:
    """A text as it is compared and read: full-width forms, ligatures and the like as plain characters (NFKC).

    Of digits only the full-width ones are folded: ``10⁹`` is not 109, ``8⑤`` not 85, ``1½`` not 11/2.
    """
    return text if text.isascii() else unicodedata.normalize("NFC", "".join(map(_plain, text)))


def lacking(text: str) -> tuple[str, ...]:
    """Characters of a text that can't be drawn, each once, in order; the text is composed (NFC) first."""
    if text.isascii():
        return ()
    composed = unicodedata.normalize("NFC", text)
    return tuple(dict.fromkeys(sign for sign in composed if sign not in drawable()))


def code_points(signs: tuple[str, ...]) -> str:
    """``U+1F642, U+20BB7``."""
    return ", ".join(f"U+{ord(sign):04X}" for sign in signs)
