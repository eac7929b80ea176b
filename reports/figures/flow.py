"""Flow diagram: boxes down the middle with side boxes for who left, then rows of boxes for what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing

from reports.figures import pen
from reports.paper.lines import break_lines
from reports.paper.style import ACCENT, INK, QUIET, RULE, SIZE_SMALL, SIZE_TABLE, WASH, printable

GAP = 17.0
LEFT = 70.0
"""Room for the titles of rows; the line down stands in the middle of the rest."""
LEADING = 10.0
APART, INSET = 6.0, 12.0
"""Between the boxes of a row, and around the words in one."""
MANY = 5
CLOSE, SLIM = 4.0, 3.5
"""The same where a row has more than so many boxes, so that long words stay whole."""


@dataclass(frozen=True, slots=True)
class FlowBox:
    """A box: its lines, the first one bold."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlowStep:
    """A step down: either one box with a side box for who left before it, or a titled row of boxes."""

    boxes: tuple[FlowBox, ...]
    aside: FlowBox | None = None
    title: str = ""


Line = tuple[str, bool]
_Laid = tuple[list[tuple[float, float, list[Line]]], float, float]


def draw_flow(steps: Sequence[FlowStep], *, width: float) -> Drawing:
    """The diagram, from top to bottom."""
    laid = [_lay(step, width) for step in steps]
    height = sum(tall + GAP + extra for _, tall, extra in laid) + 4
    drawing = pen.sheet(width, height)
    y = height - 2
    spine = LEFT + (width - LEFT) / 2
    for at, (step, (boxes, tall, extra)) in enumerate(zip(steps, laid, strict=True)):
        if at:
            _draw_arrows(drawing, boxes, spine, y, y - GAP - extra)
            if step.aside is not None:
                _draw_aside(drawing, step.aside, spine, y - (GAP + extra) / 2, width)
            y -= GAP + extra
        if step.title:
            lines = break_lines(printable(step.title), LEFT - 6, SIZE_SMALL, bold=True)
            for line_at, line in enumerate(lines):
                below = LEADING * (line_at - (len(lines) - 1) / 2)
                pen.label(drawing, 0, y - tall / 2 - 2.5 - below, line, bold=True, colour=ACCENT)
        _draw_boxes(drawing, boxes, y, tall)
        y -= tall
    return drawing


def _draw_arrows(
    drawing: Drawing, boxes: Sequence[tuple[float, float, list[Line]]], spine: float, top: float, bottom: float
) -> None:
    """One arrow down to a box, or a bracket with an arrow to each box of a row."""
    if len(boxes) == 1:
        pen.arrow(drawing, (spine, top), (spine, bottom + 1), colour=QUIET)
        return
    middles = [left + wide / 2 for left, wide, _ in boxes]
    level = bottom + 8
    pen.rule(drawing, (spine, top), (spine, level), colour=QUIET, width=0.8)
    pen.rule(drawing, (middles[0], level), (middles[-1], level), colour=QUIET, width=0.8)
    for x in middles:
        pen.arrow(drawing, (x, level), (x, bottom + 1), colour=QUIET)


def _lay(step: FlowStep, width: float) -> _Laid:
    """Boxes as (left, width, lines), height of the row, and further room above it for a side box."""
    spine = LEFT + (width - LEFT) / 2
    if len(step.boxes) == 1 and not step.title:
        wide = 210.0
        lines = _fitted(step.boxes[0], wide)
        extra = 0.0
        if step.aside is not None:
            extra = max(0.0, len(_fitted(step.aside, width - spine - 24)) * LEADING + 19 - GAP)
        return [(spine - wide / 2, wide, lines)], len(lines) * LEADING + 9, extra
    left = LEFT if step.title else 0.0
    apart, inset = (CLOSE, SLIM) if len(step.boxes) > MANY else (APART, INSET)
    wide = (width - left - apart * (len(step.boxes) - 1)) / max(len(step.boxes), 1)
    boxes = [(left + at * (wide + apart), wide, _fitted(box, wide, inset)) for at, box in enumerate(step.boxes)]
    return boxes, max(len(lines) for _, _, lines in boxes) * LEADING + 9, 0.0


def _fitted(box: FlowBox, wide: float, inset: float = INSET) -> list[Line]:
    """The lines that fit, each with whether it belongs to the bold first text."""
    return [
        (line, at == 0)
        for at, text in enumerate(box.lines)
        for line in break_lines(printable(text), wide - inset, SIZE_TABLE if at == 0 else SIZE_SMALL, bold=at == 0)
    ]


def _draw_boxes(drawing: Drawing, boxes: Sequence[tuple[float, float, list[Line]]], y: float, tall: float) -> None:
    for left, wide, lines in boxes:
        pen.box(drawing, left, y - tall, wide, tall, fill=WASH, stroke=RULE)
        for at, (line, bold) in enumerate(lines):
            place = (left + wide / 2, y - 11.5 - at * LEADING)
            size = SIZE_TABLE if bold else SIZE_SMALL
            pen.label(drawing, *place, line, anchor="middle", bold=bold, size=size, colour=INK)


def _draw_aside(drawing: Drawing, aside: FlowBox, spine: float, y: float, width: float) -> None:
    left = spine + 24
    lines = _fitted(aside, width - left)
    tall = len(lines) * LEADING + 7
    pen.rule(drawing, (spine, y), (left, y), colour=QUIET, width=0.8)
    pen.box(drawing, left, y - tall / 2, width - left, tall, stroke=RULE)
    for at, (line, bold) in enumerate(lines):
        place = (left + 6, y + tall / 2 - 10 - at * LEADING)
        pen.label(drawing, *place, line, bold=bold, size=SIZE_TABLE if bold else SIZE_SMALL)
