"""Tables that break well: caption and head repeat, groups stay with their first row, numbers stand at the point.

All text is laid out as plain lines (`reports.paper.lines`), so a long audit trail costs little. Widths are found from
the content: columns that may wrap share what the others leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

from forms.texts import say
from reports.paper.cells import (
    NUMBER,
    PAD,
    Align,
    Column,
    RowKind,
    TableCell,
    TableRow,
    find_widths,
    is_bold,
    row,
    text_of,
)
from reports.paper.lines import break_lines
from reports.paper.page import WIDTH
from reports.paper.style import (
    BOLD,
    FAINT,
    FONT,
    INK,
    RULE,
    SIZE_TABLE,
    marked,
    paragraph_style,
    printable,
    register_fonts,
    width_of,
)

__all__ = ["Align", "Column", "RowKind", "TableCell", "TableRow", "draw_table", "row"]

LINES_A_ROW = 45
"""A cell with more lines goes on in a further row, so that no row is taller than a page."""
LINES_TOGETHER = 14
"""A table of so many lines, caption and head among them, stays on one page."""


class _Wide(Paragraph):  # type: ignore[misc]
    """A paragraph in the first cell that takes the width of the whole table."""

    full = WIDTH

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        _, height = super().wrap(self.full, available_height)
        return self.full, height


class _Table(Table):  # type: ignore[misc]
    """A table whose caption says "continued" on the pages after the first. ``whole``: it is not divided at all."""

    parts = 0
    whole = False
    continued: list[object] | None = None

    def onSplit(self, part: _Table, byRow: int = 1) -> None:  # noqa: N802, N803 - the names the library calls
        self.parts += 1
        if self.continued is None:
            return
        part.continued = self.continued
        if self.parts % 2 == 0:
            part._cellvalues[0] = self.continued


def draw_table(
    columns: Sequence[Column],
    rows: Iterable[TableRow],
    *,
    language: str,
    title: str = "",
    note: str = "",
    width: float = WIDTH,
    size: float = SIZE_TABLE,
    lined: bool = False,
) -> Flowable:
    """A table with its caption above and its note below, as one flowable that may break between rows.

    ``lined`` draws a faint line under every row. Texts are made printable here. No rows: the table says so.
    """
    register_fonts()
    content = [_printable_row(entry, len(columns)) for entry in rows]
    if not content:
        content = [_printable_row(row(say(language, "reports.table.empty")), len(columns))]
    heads = [printable(column.head) for column in columns]
    widths = find_widths(columns, heads, content, width, size)
    grid = _Grid(columns, widths, size, sum(widths), language)
    grid.add_caption(printable(title))
    grid.add_head(heads)
    for entry in content:
        grid.add_row(entry, lined)
    grid.add_note(note)
    return grid.as_table(printable(title))


def _printable_row(entry: TableRow, count: int) -> TableRow:
    cells = tuple(
        TableCell(printable(cell.text), cell.bold, cell.colour, cell.wash)
        if isinstance(cell, TableCell)
        else printable(cell)
        for cell in entry.cells
    )
    return TableRow(cells + ("",) * (count - len(cells)), entry.kind)


class _Grid:
    """Rows and style commands of a table while it is being put together."""

    def __init__(
        self, columns: Sequence[Column], widths: list[float], size: float, width: float, language: str
    ) -> None:
        self.columns = columns
        self.widths = widths
        self.size = size
        self.width = width
        self.language = language
        self.rows: list[list[object]] = []
        self.commands: list[tuple[object, ...]] = []
        self.head_rows = 0
        self.fractions = [0.0] * len(columns)
        self.wholes = [0.0] * len(columns)
        self.last_group = -1
        self.noted = False

    def add_caption(self, title: str) -> None:
        """The caption row, above the top rule; it repeats on each page."""
        if title:
            self.rows.append(self._across(title, "caption"))
            self._pad(0, 0, top=2, bottom=4, left=0)
            self.head_rows = 1

    def _across(self, text: str, style: str) -> list[object]:
        paragraph = _Wide(marked(text), paragraph_style(style, self.language))
        paragraph.full = self.width
        return [paragraph, *[""] * (len(self.columns) - 1)]

    def _pad(self, first: int, last: int, *, top: float, bottom: float, left: float | None = None) -> None:
        self.commands.append(("TOPPADDING", (0, first), (-1, last), top))
        self.commands.append(("BOTTOMPADDING", (0, first), (-1, last), bottom))
        if left is not None:
            self.commands.append(("LEFTPADDING", (0, first), (0, last), left))
            self.commands.append(("ALIGN", (0, first), (0, last), "LEFT"))

    def add_head(self, heads: Sequence[str]) -> None:
        """The head between two rules; empty heads give no row."""
        at = len(self.rows)
        if any(heads):
            self.rows.append([self._fit(head, index, bold=True) for index, head in enumerate(heads)])
            self.commands.append(("FONTNAME", (0, at), (-1, at), BOLD))
            self.commands.append(("VALIGN", (0, at), (-1, at), "BOTTOM"))
            self.commands.append(("LINEBELOW", (0, at), (-1, at), 0.5, INK))
            self._pad(at, at, top=3, bottom=3)
            self.head_rows += 1
        self.commands.append(("LINEABOVE", (0, at), (-1, at), 0.9, INK))

    def _fit(self, text: str, at: int, *, bold: bool, indent: float = 0.0) -> str:
        room = self.widths[at] - 2 * PAD - indent
        if "\n" not in text and width_of(text, self.size, bold) <= room:
            return text
        return "\n".join(break_lines(text, room, self.size, bold))

    def add_row(self, entry: TableRow, lined: bool) -> None:
        """A row of content; very long cells go on in further rows."""
        if entry.kind == "group":
            self._add_group(entry)
            return
        indent = 10.0 if entry.kind == "indent" else 0.0
        fitted = [
            self._fit(text_of(cell), at, bold=is_bold(cell, entry.kind), indent=indent if at == 0 else 0.0)
            for at, cell in enumerate(entry.cells)
        ]
        first = len(self.rows)
        for part in _parts(fitted):
            self.rows.append(list(part))
        last = len(self.rows) - 1
        self._look(entry, first, last)
        if indent:
            self.commands.append(("LEFTPADDING", (0, first), (0, last), PAD + indent))
        if lined:
            self.commands.append(("LINEBELOW", (0, last), (-1, last), 0.3, FAINT))
        if self.last_group == first - 1 and first > 0:
            self.commands.append(("NOSPLIT", (0, first - 1), (0, first)))
        self._place_points(entry, first)

    def _add_group(self, entry: TableRow) -> None:
        at = len(self.rows)
        text = text_of(entry.cells[0])
        if any(text_of(cell) for cell in entry.cells[1:]):
            self.rows.append([self._fit(text_of(cell), index, bold=True) for index, cell in enumerate(entry.cells)])
            self._place_points(entry, at, bold=True)
        else:
            lines = break_lines(text, self.width - 2 * PAD, self.size, bold=True)
            self.rows.append(["\n".join(lines), *[""] * (len(self.columns) - 1)])
        self.commands.append(("FONTNAME", (0, at), (-1, at), BOLD))
        self.commands.append(("TOPPADDING", (0, at), (-1, at), 4.5))
        if self.last_group == at - 1 and at > 0:
            self.commands.append(("NOSPLIT", (0, at - 1), (0, at)))
        self.last_group = at

    def _look(self, entry: TableRow, first: int, last: int) -> None:
        if entry.kind == "strong":
            self.commands.append(("FONTNAME", (0, first), (-1, last), BOLD))
        for at, cell in enumerate(entry.cells):
            if not isinstance(cell, TableCell):
                continue
            if cell.bold:
                self.commands.append(("FONTNAME", (at, first), (at, last), BOLD))
            if cell.colour is not None:
                self.commands.append(("TEXTCOLOR", (at, first), (at, last), cell.colour))
            if cell.wash is not None:
                self.commands.append(("BACKGROUND", (at, first), (at, last), cell.wash))

    def _place_points(self, entry: TableRow, at: int, bold: bool = False) -> None:
        """Remembers what stands right of the point; the padding is set when the widest is known."""
        for index, column in enumerate(self.columns):
            if column.align != "point":
                continue
            text = text_of(entry.cells[index])
            found = NUMBER.match(text)
            if found:
                wide = width_of(text[found.end() :], self.size, bold)
                self.fractions[index] = max(self.fractions[index], wide)
                self.wholes[index] = max(self.wholes[index], width_of(found.group(), self.size, bold))
                self.commands.append(("POINT", index, at, wide))
            elif text:
                self.commands.append(("WORD", index, at, width_of(text, self.size, bold)))

    def add_note(self, note: str) -> None:
        """The bottom rule, and beneath it the note in small print, kept with the last row."""
        last = len(self.rows) - 1
        self.commands.append(("LINEBELOW", (0, last), (-1, last), 0.9, INK))
        self.commands.append(("LINEBELOW", (0, "splitlast"), (-1, "splitlast"), 0.5, RULE))
        if note:
            self.rows.append(self._across(note, "cell_note"))
            self._pad(last + 1, last + 1, top=4, bottom=2, left=0)
            first = max(self.head_rows, last - 1)
            if sum(_lines(self.rows[at]) for at in range(first, last + 1)) > LINES_A_ROW:
                first = last
            self.commands.append(("NOSPLIT", (0, first), (0, last + 1)))
            self.noted = True

    def as_table(self, title: str) -> Flowable:
        """The finished table."""
        table = _Table(
            self.rows,
            colWidths=self.widths,
            repeatRows=self.head_rows,
            spaceBefore=6,
            spaceAfter=12,
            hAlign="LEFT",
            normalizedData=1,
        )
        if sum(map(_lines, self.rows)) <= LINES_TOGETHER:
            self.commands.append(("NOSPLIT", (0, 0), (0, len(self.rows) - 1)))
            table.whole = True
        table.setStyle(TableStyle([*self._ground(), *map(self._settle, self.commands)]))
        if title:
            table.continued = self._across(title + say(self.language, "reports.table.continued"), "caption")
        return table

    def _ground(self) -> list[tuple[object, ...]]:
        commands: list[tuple[object, ...]] = [
            ("FONT", (0, 0), (-1, -1), FONT, self.size, round(self.size * 1.3, 2)),
            ("TEXTCOLOR", (0, 0), (-1, -1), INK),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), PAD),
            ("RIGHTPADDING", (0, 0), (-1, -1), PAD),
            ("TOPPADDING", (0, 0), (-1, -1), 1.8),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
        ]
        sides = {"left": "LEFT", "right": "RIGHT", "point": "RIGHT", "centre": "CENTER"}
        for at, column in enumerate(self.columns):
            if column.align != "left":
                commands.append(("ALIGN", (at, 0), (at, -1), sides[column.align]))
        return commands

    def _settle(self, command: tuple[object, ...]) -> tuple[object, ...]:
        if command[0] not in ("POINT", "WORD"):
            return command
        _, index, at, wide = command
        assert isinstance(index, int)
        assert isinstance(wide, float)
        if command[0] == "POINT":
            padding = PAD + self.fractions[index] - wide
        else:
            padding = PAD + max(0.0, (self.fractions[index] + self.wholes[index] - wide) / 2)
        return ("RIGHTPADDING", (index, at), (index, at), padding)


def _lines(cells: Sequence[object]) -> int:
    """Lines of a row that stands."""
    return max(cell.count("\n") + 1 if isinstance(cell, str) else 1 for cell in cells)


def _parts(cells: Sequence[str]) -> Iterable[Sequence[str]]:
    """The row in pieces of at most LINES_A_ROW lines."""
    if not any(cell.count("\n") >= LINES_A_ROW for cell in cells):
        return [cells]
    split = [cell.split("\n") for cell in cells]
    tallest = max(len(lines) for lines in split)
    return [
        ["\n".join(lines[start : start + LINES_A_ROW]) for lines in split] for start in range(0, tallest, LINES_A_ROW)
    ]
