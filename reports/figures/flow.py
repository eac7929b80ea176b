"""Flow diagram: boxes down the middle with side boxes for who left, then rows of boxes for what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing

from reports.figures import pen
from reports.lines import break_lines
from reports.style import ACCENT, INK, QUIET, RULE, SIZE_SMALL, SIZE_TABLE, WASH, printable

GAP = 15.0
LEADING = 10.0


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


def draw_flow(steps: Sequence[FlowStep], *, width: float) -> Drawing:
    """The diagram, from top to bottom."""
    laid = [_lay(step, width) for step in steps]
    height = sum(tall + GAP + extra for _, tall, extra in laid) + 4
    drawing = pen.sheet(width, height)
    y = height - 2
    spine = width * 0.36
    for at, (step, (boxes, tall, extra)) in enumerate(zip(steps, laid, strict=True)):
        if at:
            pen.arrow(drawing, (spine, y), (spine, y - GAP - extra + 1), colour=QUIET)
            if step.aside is not None:
                _draw_aside(drawing, step.aside, spine, y - (GAP + extra) / 2, width)
            y -= GAP + extra
        if step.title:
            pen.label(drawing, 0, y - tall / 2 - 2.5, step.title, bold=True, colour=ACCENT)
        _draw_boxes(drawing, boxes, y, tall)
        y -= tall
    return drawing


_Laid = tuple[list[tuple[float, float, list[str]]], float, float]


def _lay(step: FlowStep, width: float) -> _Laid:
    """Boxes as (left, width, lines), height of the row, and further room above it for a side box."""
    spine = width * 0.36
    if len(step.boxes) == 1 and not step.title:
        wide = 190.0
        lines = _fitted(step.boxes[0], wide)
        extra = 0.0
        if step.aside is not None:
            extra = max(0.0, len(_fitted(step.aside, width - spine - 30)) * LEADING + 12 - GAP)
        return [(spine - wide / 2, wide, lines)], len(lines) * LEADING + 9, extra
    left = 92.0 if step.title else 0.0
    wide = (width - left - 6 * (len(step.boxes) - 1)) / max(len(step.boxes), 1)
    boxes = [(left + at * (wide + 6), wide, _fitted(box, wide)) for at, box in enumerate(step.boxes)]
    return boxes, max(len(lines) for _, _, lines in boxes) * LEADING + 9, 0.0


def _fitted(box: FlowBox, wide: float) -> list[str]:
    return [
        line
        for at, text in enumerate(box.lines)
        for line in break_lines(printable(text), wide - 12, SIZE_TABLE if at == 0 else SIZE_SMALL, bold=at == 0)
    ]


def _draw_boxes(drawing: Drawing, boxes: Sequence[tuple[float, float, list[str]]], y: float, tall: float) -> None:
    for left, wide, lines in boxes:
        pen.box(drawing, left, y - tall, wide, tall, fill=WASH, stroke=RULE)
        for at, line in enumerate(lines):
            place = (left + wide / 2, y - 11.5 - at * LEADING)
            size = SIZE_TABLE if at == 0 else SIZE_SMALL
            pen.label(drawing, *place, line, anchor="middle", bold=at == 0, size=size, colour=INK)


def _draw_aside(drawing: Drawing, aside: FlowBox, spine: float, y: float, width: float) -> None:
    left = spine + 24
    lines = _fitted(aside, width - left)
    tall = len(lines) * LEADING + 7
    pen.rule(drawing, (spine, y), (left, y), colour=QUIET, width=0.8)
    pen.box(drawing, left, y - tall / 2, width - left, tall, stroke=RULE)
    for at, line in enumerate(lines):
        place = (left + 6, y + tall / 2 - 10 - at * LEADING)
        pen.label(drawing, *place, line, bold=at == 0, size=SIZE_TABLE if at == 0 else SIZE_SMALL)
