"""A question typeset for filling in by hand: label, boxes, combs and lines, and a box for the code of a missing answer.

Circles: one answer. Squares: as many as apply. What the program works out is named and leaves no room to write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from forms.shown import unit_words
from forms.study.definition import Item, Study
from forms.texts import said, say
from reports.paper.lines import break_lines
from reports.paper.page import MARGIN, WIDTH, shortened
from reports.paper.style import (
    BOLD,
    FAINT,
    FONT,
    INK,
    QUIET,
    RULE,
    SIZE_SMALL,
    SIZE_TABLE,
    SIZE_TEXT,
    WASH,
    printable,
    width_of,
)

NOTE = HexColor("#0a6b8a")
"""Colour of annotations; they are told from the form by their size and place, too."""

LABEL_WIDTH = 206.0
MISSING_WIDTH = 26.0
GAP = 8.0
ANSWER_WIDTH = WIDTH - LABEL_WIDTH - MISSING_WIDTH - 2 * GAP
ROW = 17.0
"""Height of a line to write on, points: 6 mm."""
CELL = 11.5
COMB_HEIGHT = 13.0
LINE_WIDTH = 92.0
LONG_LINES = 4
MOST_CELLS = 5
"""A number of more digits than these gets a line instead of a comb."""

PieceKind = Literal["circle", "square", "comb", "words", "line", "rule"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer. ``comb``: one cell for each sign of ``text``, a dot, dash or colon between cells.

    ``line`` is ``width`` points long; ``rule`` takes a whole row. ``note`` is printed behind in colour.
    """

    kind: PieceKind
    text: str = ""
    width: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece with its place: points from the left, row from the top."""

    piece: Piece
    x: float
    row: int


def answer_pieces(item: Item, study: Study, language: str, *, annotated: bool) -> tuple[Piece, ...]:
    """The part at the right of a question, where the answer is written."""
    if item.derive:
        return (Piece("words", say(language, "crf.derived")),)
    if item.kind in ("code", "codes"):
        shape: PieceKind = "circle" if item.kind == "code" else "square"
        codes = study.codelist_by_id[item.codelist].codes
        return tuple(
            Piece(shape, printable(said(code.label, language)), note=printable(code.code) if annotated else "")
            for code in codes
        )
    if item.kind in ("date", "datetime", "time"):
        return _moment_pieces(item, language)
    if item.kind in ("number", "integer"):
        return (*_number_pieces(item), *_unit_pieces(item, language))
    return (Piece("rule"),) * (LONG_LINES if item.kind == "long" else 1)


def _moment_pieces(item: Item, language: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    if item.kind != "time":
        pieces.append(Piece("comb", say(language, "crf.date_cells")))
    if item.kind != "date":
        pieces.append(Piece("comb", say(language, "crf.time_cells")))
    if item.partial:
        pieces.append(Piece("words", say(language, "crf.partial")))
    return tuple(pieces)


def _number_pieces(item: Item) -> tuple[Piece, ...]:
    high = item.hard.high if item.hard and item.hard.high is not None else item.soft.high if item.soft else None
    if item.analyte or high is None:
        return (Piece("line", width=LINE_WIDTH),)
    low = item.hard.low if item.hard else item.soft.low if item.soft else None
    whole = "_" * max(1, len(str(int(high))))
    places = "_" * (item.decimals or 0)
    if len(whole + places) > MOST_CELLS or low is None or low < 0:
        return (Piece("line", width=LINE_WIDTH),)
    return (Piece("comb", f"{whole}.{places}" if places else whole),)


def _unit_pieces(item: Item, language: str) -> tuple[Piece, ...]:
    units = [printable(words) for unit in item.units if (words := unit_words(unit, language))]
    if len(units) == 1:
        return (Piece("words", units[0]),)
    return tuple(Piece("circle", unit) for unit in units)


def place_pieces(pieces: Sequence[Piece], width: float) -> tuple[Placed, ...]:
    """The pieces from left to right, in as many rows as they need; long words go on in further rows."""
    placed: list[Placed] = []
    x, row = 0.0, 0
    for piece in pieces:
        wide = width if piece.kind == "rule" else piece_width(piece)
        if x > 0 and x + wide > width:
            x, row = 0.0, row + 1
        if wide <= width:
            placed.append(Placed(piece, x, row))
            x += wide + 9
            continue
        mark = piece_width(replace(piece, text="", note=""))
        first, *more = break_lines(piece.text, width - mark - width_of(piece.note, SIZE_SMALL) - 6, SIZE_TABLE)
        placed.append(Placed(replace(piece, text=first), 0.0, row))
        for line in more:
            row += 1
            placed.append(Placed(Piece("words", line), mark, row))
        x = width
    return tuple(placed)


def piece_width(piece: Piece) -> float:
    """Natural width of a piece in points."""
    if piece.kind == "comb":
        return sum(CELL if sign not in ".-:/" else 5.0 for sign in piece.text)
    if piece.kind == "line":
        return piece.width + (width_of(piece.text, SIZE_TABLE) + 4 if piece.text else 0)
    mark = 12.0 if piece.kind in ("circle", "square") else 0.0
    note = width_of(piece.note, SIZE_SMALL) + 3 if piece.note else 0.0
    return mark + width_of(piece.text, SIZE_TABLE) + note


def draw_pieces(canvas: Canvas, placed: Sequence[Placed], left: float, top: float, width: float) -> None:
    """Draws placed pieces; ``top`` is the upper edge of their first row."""
    for entry in placed:
        x, base = left + entry.x, top - entry.row * ROW - ROW + 5
        piece = entry.piece
        if piece.kind == "comb":
            _draw_comb(canvas, piece.text, x, base - 2.5)
        elif piece.kind == "rule":
            _draw_line(canvas, x, base - 1.5, width)
        elif piece.kind == "line":
            words = width_of(piece.text, SIZE_TABLE) + 4 if piece.text else 0.0
            _draw_words(canvas, piece.text, x, base, QUIET)
            _draw_line(canvas, x + words, base - 1.5, piece.width)
        else:
            _draw_choice(canvas, piece, x, base)


def _draw_choice(canvas: Canvas, piece: Piece, x: float, base: float) -> None:
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.6)
    if piece.kind == "circle":
        canvas.circle(x + 4, base + 2.7, 3.8, stroke=1, fill=0)
    elif piece.kind == "square":
        canvas.rect(x + 0.4, base - 1, 7.4, 7.4, stroke=1, fill=0)
    shift = 12.0 if piece.kind in ("circle", "square") else 0.0
    _draw_words(canvas, piece.text, x + shift, base, INK if shift else QUIET)
    if piece.note:
        at = x + shift + width_of(piece.text, SIZE_TABLE) + 3
        _draw_words(canvas, piece.note, at, base, NOTE, SIZE_SMALL)


def _draw_words(
    canvas: Canvas, text: str, x: float, base: float, colour: Color, size: float = SIZE_TABLE, font: str = FONT
) -> None:
    canvas.setFillColor(colour)
    canvas.setFont(font, size)
    canvas.drawString(x, base, text)


def _draw_line(canvas: Canvas, x: float, y: float, width: float) -> None:
    canvas.setStrokeColor(QUIET)
    canvas.setLineWidth(0.5)
    canvas.line(x, y, x + width, y)


def _draw_comb(canvas: Canvas, signs: str, x: float, y: float) -> None:
    """Cells to write one sign in each, with its hint in pale print."""
    canvas.setLineWidth(0.5)
    for sign in signs:
        if sign in ".-:/":
            _draw_words(canvas, sign, x + 1.3, y + 3, INK, SIZE_TEXT)
            x += 5.0
            continue
        canvas.setStrokeColor(QUIET)
        canvas.rect(x, y, CELL, COMB_HEIGHT, stroke=1, fill=0)
        if sign != "_":
            _draw_words(canvas, sign, x + (CELL - width_of(sign, SIZE_SMALL)) / 2, y + 3.6, RULE, SIZE_SMALL)
        x += CELL


@dataclass(frozen=True, slots=True)
class QuestionParts:
    """One question ready to be drawn. ``remarks`` stand small under the label."""

    label: str
    pieces: tuple[Piece, ...]
    remarks: tuple[str, ...] = ()
    missing: bool = True
    quiet: bool = False


class Question(Flowable):  # type: ignore[misc]
    """A question across the page. ``page_title`` is repeated in the head of every page it comes to stand on."""

    def __init__(self, asked: QuestionParts, page_title: str, indent: float = 0.0) -> None:
        super().__init__()
        self.asked = asked
        self.page_title = page_title
        self.indent = indent
        room = LABEL_WIDTH - indent
        self.label = break_lines(asked.label, room, SIZE_TABLE)
        self.remarks = [line for words in asked.remarks for line in break_lines(words, room, SIZE_SMALL)]
        self.placed = place_pieces(asked.pieces, ANSWER_WIDTH)

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size."""
        words = 10.5 * len(self.label) + 9.5 * len(self.remarks) + 6
        rows = 1 + max((entry.row for entry in self.placed), default=0)
        self.width, self.height = available_width, max(words, rows * ROW + 2)
        return self.width, self.height

    def draw(self) -> None:
        """Draws label, answer, the box for a missing code and a faint line beneath."""
        canvas = self.canv
        name_page(canvas, self.page_title)
        base = self.height - ROW + 5
        for line in self.label:
            _draw_words(canvas, line, self.indent, base, QUIET if self.asked.quiet else INK)
            base -= 10.5
        for line in self.remarks:
            _draw_words(canvas, line, self.indent, base + 0.8, QUIET, SIZE_SMALL)
            base -= 9.5
        draw_pieces(canvas, self.placed, LABEL_WIDTH + GAP, self.height, ANSWER_WIDTH)
        if self.asked.missing:
            canvas.setStrokeColor(RULE)
            canvas.setLineWidth(0.5)
            canvas.rect(WIDTH - MISSING_WIDTH, self.height - ROW + 2, MISSING_WIDTH, COMB_HEIGHT, stroke=1, fill=0)
        canvas.setStrokeColor(FAINT)
        canvas.setLineWidth(0.4)
        canvas.line(0, 0, WIDTH, 0)


class HeadBox(Flowable):  # type: ignore[misc]
    """The box at the beginning of a form: whose it is, which visit, which day. Each entry is a row of pieces."""

    PAD = 6.0

    def __init__(self, lines: Sequence[Sequence[Piece]]) -> None:
        super().__init__()
        self.rows = [place_pieces(pieces, WIDTH - 2 * self.PAD) for pieces in lines]
        self.spaceAfter = 6

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size."""
        self.width = available_width
        self.height = 2 * self.PAD + ROW * sum(_rows(placed) for placed in self.rows)
        return self.width, self.height

    def draw(self) -> None:
        """Draws the box on a pale ground."""
        canvas = self.canv
        canvas.setFillColor(WASH)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.8)
        canvas.rect(0, 0, self.width, self.height, stroke=1, fill=1)
        top = self.height - self.PAD
        for placed in self.rows:
            draw_pieces(canvas, placed, self.PAD, top, self.width - 2 * self.PAD)
            top -= ROW * _rows(placed)


def _rows(placed: Sequence[Placed]) -> int:
    return 1 + max((entry.row for entry in placed), default=0)


class GroupBar(Flowable):  # type: ignore[misc]
    """The name of a group of questions on a pale bar, with the head of the right-hand boxes."""

    def __init__(self, text: str, missing: str = "") -> None:
        super().__init__()
        self.lines = break_lines(text, WIDTH - 90, SIZE_TEXT, bold=True)
        self.missing = missing
        self.keepWithNext = 1
        self.spaceBefore = 7

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Size."""
        self.width, self.height = available_width, 12.0 * len(self.lines) + 4
        return self.width, self.height

    def draw(self) -> None:
        """Draws the bar."""
        canvas = self.canv
        canvas.setFillColor(FAINT)
        canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        base = self.height - 11.5
        for line in self.lines:
            _draw_words(canvas, line, 4, base, INK, SIZE_TEXT, BOLD)
            base -= 12
        if self.missing:
            at = self.width - width_of(self.missing, SIZE_SMALL) - 2
            _draw_words(canvas, self.missing, at, self.height - 11, QUIET, SIZE_SMALL)


def name_page(canvas: Canvas, title: str) -> None:
    """Writes the form's name once into the head of the page, so that a loose sheet can't be taken for another."""
    page = canvas.getPageNumber()
    if getattr(canvas, "named_page", 0) == page:
        return
    canvas.named_page = page
    x, y = canvas.absolutePosition(0, 0)
    width, height = canvas._pagesize
    canvas.saveState()
    canvas.translate(-x, -y)
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, SIZE_SMALL)
    canvas.drawRightString(width - MARGIN, height - 46, shortened(title, WIDTH * 0.62, SIZE_SMALL, bold=True))
    canvas.restoreState()
