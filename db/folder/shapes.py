"""JSON files beside the database as anybody may have left them: read strictly up to a size, checked piece by piece.

They are not sealed, so whatever stands in them is possible: wrong types, numbers without end, brackets without end, two
values under one name, letters that are none. Everything that isn't as the program writes it is a ValueError.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

LARGEST = 4 << 20
"""Bytes; the key file of a thousand people has less than one million."""

_HEX = re.compile(r"(?:[0-9a-f]{2})+")


def read_json(path: Path) -> Any:
    """What a file holds. Raises OSError, and ValueError for what is no JSON, too large, too deep or ambiguous."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValueError("too large")
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_none)
    except RecursionError:
        raise ValueError("too deep") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _none(name: str) -> object:
    raise ValueError(name)


def fields(told: Any, *names: str) -> tuple[Any, ...]:
    """The values of an object that has exactly these names."""
    if type(told) is not dict or set(told) != set(names):
        raise ValueError("other names")
    return tuple(told[name] for name in names)


def items(told: Any, most: int) -> list[Any]:
    """A list of at most so many."""
    if type(told) is not list or len(told) > most:
        raise ValueError("no list, or a long one")
    return told


def whole(told: Any, least: int, most: int) -> int:
    """A whole number between two; true and false are none."""
    if type(told) is not int or not least <= told <= most:
        raise ValueError("no such number")
    return told


def word(told: Any, most: int = 200) -> str:
    """A text of one line that can be shown, not empty."""
    if type(told) is not str or not 0 < len(told) <= most or not told.isprintable():
        raise ValueError("no such text")
    return told


def hex_text(told: Any, least: int, most: int, prefixes: tuple[str, ...] = ("",)) -> str:
    """Bytes in hex, between so many and so many, behind one of the prefixes."""
    if type(told) is not str:
        raise ValueError("no text")
    prefix = next((each for each in prefixes if each and told.startswith(each)), "")
    rest = told.removeprefix(prefix)
    if prefix not in prefixes or not least * 2 <= len(rest) <= most * 2 or not _HEX.fullmatch(rest):
        raise ValueError("no bytes")
    return told
