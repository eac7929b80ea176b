"""Subject ids as people mix them up: what one looks like, and whether something in it can't be seen."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from forms.values.glyphs import folded

_LIKE_DIGITS = str.maketrans({"o": "0", "i": "1", "l": "1"})
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_POWER = re.compile(r"([0-9]+(?:\.[0-9]+)?)e\+?([0-9]{1,2})")


def likeness(subject: str) -> str:
    """An id without what is easily mistaken: two ids that give the same may be one person written in two ways.

    Width, case, kind of dash, blanks, unseen marks, composed or not, leading zeros, O for 0 and l for 1, and what a
    spreadsheet makes of digits (``123.0``, ``1E5``) don't count.
    """
    signs = []
    for sign in folded(unicodedata.normalize("NFC", subject)):
        kind = unicodedata.category(sign)
        if kind not in ("Cf", "Cc", "Mn"):
            signs.append("-" if kind == "Pd" or sign == "\u2212" else " " if kind == "Zs" else sign)
    plain = " ".join("".join(signs).split()).casefold().removesuffix(".0")
    if found := _POWER.fullmatch(plain):
        plain = format(Decimal(found[1]).scaleb(int(found[2])), "f")
    return _ZEROS.sub("", plain.translate(_LIKE_DIGITS))


def unseen(text: str) -> str:
    """The first character of a text that can't be seen, as its code point; "" when there is none."""
    return next((f"U+{ord(sign):04X}" for sign in text if unicodedata.category(sign) in ("Cf", "Cc", "Zl", "Zp")), "")
