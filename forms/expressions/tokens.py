"""Text -> the pieces of an expression, and the fault that says in words what can't be read and where."""

from __future__ import annotations

import re
from typing import NamedTuple

from forms.texts import both

LONGEST = 20_000
"""Characters of an expression."""

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>[0-9]+(?:\.[0-9]+)?(?![0-9A-Za-z_]))
    | (?P<word>\$?[A-Za-z_][A-Za-z0-9_]*(?:\#[a-z]+)?)
    | (?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    | (?P<sign><=|>=|!=|<>|[-=<>≤≥≠+*/().,\[\]])
    )""",
    re.VERBOSE,
)
_SAME_SIGN = {"≤": "<=", "≥": ">=", "≠": "!=", "<>": "!="}


class ExpressionFault(Exception):
    """A fault of an expression: the message by language, and the column (from 1) where it is."""

    def __init__(self, message: dict[str, str], column: int) -> None:
        super().__init__(f"{message.get('en', '')} (column {column})")
        self.message = message
        self.column = column


def fault(key: str, column: int, **values: object) -> ExpressionFault:
    """A fault with the words of ``expr.<key>``."""
    return ExpressionFault(both(f"expr.{key}", **values), column)


class Token(NamedTuple):
    """A piece of the text; ``kind`` is number, word, text, sign or end."""

    kind: str
    text: str
    column: int


def tokens_of(text: str) -> list[Token]:
    """The pieces of a text, with an end mark."""
    if len(text) > LONGEST:
        raise fault("too_long", LONGEST, most=LONGEST)
    tokens: list[Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise fault("open_text" if text[at] in "'\"" else "character", at + 1, character=text[at])
        piece = found[found.lastgroup]
        tokens.append(Token(found.lastgroup, _SAME_SIGN.get(piece, piece), found.start(found.lastgroup) + 1))
        at = found.end()
    tokens.append(Token("end", "", end + 1))
    return tokens
