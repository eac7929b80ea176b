"""Forest plot: a rate with its limits for each group, beside the rate of everyone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing

from reports.figures import pen
from reports.paper.style import ACCENT, FAINT, INK, QUIET, SIZE_SMALL, SIZE_TABLE, width_of

ROW = 14.0
FOOT = 34.0


@dataclass(frozen=True, slots=True)
class ForestLine:
    """A line: a heading when it has no rate, else a group with its rate and limits in percent and its numbers."""

    name: str
    numbers: str = ""
    rate: float | None = None
    low: float = 0.0
    high: float = 100.0
    heading: bool = False


def draw_forest(entries: Sequence[ForestLine], reference: float | None, *, width: float, axis: str) -> Drawing:
    """The plot, top to bottom in the order given; a dashed line at ``reference`` percent."""
    left = max((width_of(entry.name, SIZE_TABLE, bold=True) for entry in entries), default=60.0) + 22
    right = max((width_of(entry.numbers, SIZE_SMALL) for entry in entries), default=0.0) + 12
    span, top = width - left - right, FOOT + ROW * len(entries)
    drawing = pen.sheet(width, top + 4)
    for percent in (0, 25, 50, 75, 100):
        x = left + span * percent / 100
        pen.rule(drawing, (x, FOOT - 2), (x, top), colour=FAINT)
        pen.label(drawing, x, FOOT - 12, str(percent), anchor="middle")
    pen.label(drawing, left + span, FOOT - 23, axis, anchor="end", colour=QUIET)
    if reference is not None:
        x = left + span * reference / 100
        pen.rule(drawing, (x, FOOT - 2), (x, top), colour=QUIET, dash=(3, 2))
    for at, entry in enumerate(entries):
        _draw_entry(drawing, entry, left, span, width, top - ROW * (at + 1) + 4)
    return drawing


def _draw_entry(drawing: Drawing, entry: ForestLine, left: float, span: float, width: float, y: float) -> None:
    indent = 0 if entry.heading else 8
    pen.label(drawing, indent, y, entry.name, size=SIZE_TABLE, bold=entry.heading)
    pen.label(drawing, width, y, entry.numbers, anchor="end")
    if entry.rate is None:
        return
    middle = y + 2.6
    pen.rule(drawing, (left + span * entry.low / 100, middle), (left + span * entry.high / 100, middle), colour=INK)
    for limit in (entry.low, entry.high):
        x = left + span * limit / 100
        pen.rule(drawing, (x, middle - 2.4), (x, middle + 2.4), colour=INK)
    pen.mark(drawing, "square", left + span * entry.rate / 100, middle, colour=ACCENT, size=2.6)
