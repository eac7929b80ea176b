"""Columns, rows and cells of tables, and how wide columns become from what stands in them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reportlab.lib.colors import Color

from reports.paper.lines import widest_word
from reports.paper.style import width_of

Align = Literal["left", "right", "centre", "point"]
PAD = 4.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``wrap``: its text may take several lines. ``width`` in points, 0 = from the content."""

    head: str
    align: Align = "left"
    wrap: bool = False
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class TableCell:
    """Text with a look of its own."""

    text: str
    bold: bool = False
    colour: Color | None = None
    wash: Color | None = None


RowKind = Literal["plain", "indent", "group", "strong"]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row. ``group``: a heading over the rows below; ``indent``: belongs to it; ``strong``: bold."""

    cells: tuple[str | TableCell, ...]
    kind: RowKind = "plain"


def row(*cells: str | TableCell, kind: RowKind = "plain") -> TableRow:
    """A row from its cells."""
    return TableRow(cells, kind)


def _head_width(head: str, size: float) -> float:
    """Room for a head on about two lines."""
    if "\n" in head:
        return max(width_of(line, size, bold=True) for line in head.split("\n")) + 0.5
    whole = width_of(head, size, bold=True)
    return max(widest_word(head, size, bold=True), whole if whole < 40 else 0.62 * whole, 8.0) + 0.5


def text_of(cell: str | TableCell) -> str:
    """The words of a cell."""
    return cell.text if isinstance(cell, TableCell) else cell


def is_bold(cell: str | TableCell, kind: RowKind) -> bool:
    """Whether a cell of a row of that kind is bold."""
    return kind in ("group", "strong") or (isinstance(cell, TableCell) and cell.bold)


def find_widths(
    columns: Sequence[Column], heads: Sequence[str], rows: Sequence[TableRow], width: float, size: float
) -> list[float]:
    """Widths in points that add up to ``width``: natural ones when all fit, else the wrapping columns share."""
    natural = [_head_width(head, size) + 2 * PAD for head in heads]
    least = list(natural)
    for entry in rows:
        if entry.kind == "group":
            continue
        for at, cell in enumerate(entry.cells):
            text = text_of(cell)
            if not text:
                continue
            indent = 10.0 if at == 0 and entry.kind == "indent" else 0.0
            bold = is_bold(cell, entry.kind)
            wide = max(width_of(line, size, bold) for line in text.split("\n")) + 2 * PAD + indent + 0.5
            natural[at] = max(natural[at], wide)
            if columns[at].wrap:
                least[at] = max(least[at], widest_word(text[:400], size, bold) + 2 * PAD + indent)
    for at, column in enumerate(columns):
        if column.align == "point":
            fraction = max((_fraction_width(text_of(entry.cells[at]), size) for entry in rows), default=0.0)
            whole = max((_whole_width(text_of(entry.cells[at]), size) for entry in rows), default=0.0)
            natural[at] = max(natural[at], fraction + whole + 2 * PAD + 0.5)
        if column.width:
            natural[at] = column.width
    return _share(columns, natural, least, width)


def _share(columns: Sequence[Column], natural: list[float], least: Sequence[float], width: float) -> list[float]:
    """Gives every column its natural width when all fit; else the wrapping ones share by the root of their wishes."""
    spare = width - sum(natural)
    elastic = [at for at, column in enumerate(columns) if column.wrap]
    if spare >= 0:
        takers = elastic or [at for at, column in enumerate(columns) if not column.width] or list(range(len(columns)))
        for at in takers:
            natural[at] += spare / len(takers)
        return natural
    if not elastic:
        elastic = [at for at, column in enumerate(columns) if not column.width] or list(range(len(columns)))
    room = width - sum(wide for at, wide in enumerate(natural) if at not in elastic)
    room = max(room, 30.0 * len(elastic))
    wishes = sum(math.sqrt(natural[at]) for at in elastic)
    for at in sorted(elastic, key=lambda index: natural[index]):
        wish = math.sqrt(natural[at])
        fair = room * wish / wishes
        natural[at] = min(natural[at], max(fair, min(least[at], 1.5 * fair)))
        room, wishes = room - natural[at], wishes - wish
    over = sum(natural) / width
    return [wide / over for wide in natural] if over > 1 else natural


NUMBER = re.compile(r"^[<>≤≥=~]?\s?[-−+]?\d+")
"""Sign and integer part of the number a text begins with."""


def _whole_width(text: str, size: float) -> float:
    found = NUMBER.match(text)
    return width_of(found.group() if found else text, size)


def _fraction_width(text: str, size: float) -> float:
    """Width of what stands right of the integer part of the first number."""
    found = NUMBER.match(text)
    return width_of(text[found.end() :], size) if found else 0.0
