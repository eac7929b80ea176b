"""Stacked bars across: one bar a time point, one part a response, counts written inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color, white

from reports.figures import pen
from reports.paper.style import FAINT, INK, PALETTE, QUIET, SIZE_SMALL, SIZE_TABLE, width_of

ROW = 27.0
BAR = 15.0
PARTS: tuple[Color, ...] = (
    PALETTE[0], PALETTE[5], PALETTE[4], PALETTE[1], PALETTE[3], PALETTE[7], PALETTE[2], PALETTE[6],
)  # fmt: skip
LEGEND = 11.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: counts of each part, what stands left and right of it."""

    name: str
    counts: tuple[int, ...]
    remark: str


def draw_bars(bars: Sequence[Bar], parts: Sequence[str], *, width: float, axis: str) -> Drawing:
    """Bars to 100 %, in the order given, with a legend of the parts."""
    left = max((width_of(bar.name, SIZE_TABLE) for bar in bars), default=40.0) + 10
    right = max((width_of(bar.remark, SIZE_SMALL) for bar in bars), default=0.0) + 12
    span = width - left - right
    legend = _legend_lines(parts, width)
    foot = 46.0 + LEGEND * (len(legend) - 1)
    drawing = pen.sheet(width, foot + ROW * len(bars) + 2)
    top = foot + ROW * len(bars)
    for percent in (0, 25, 50, 75, 100):
        x = left + span * percent / 100
        pen.rule(drawing, (x, foot - 2), (x, top), colour=FAINT)
        pen.label(drawing, x, foot - 12, str(percent), anchor="middle")
    pen.label(drawing, left + span, foot - 23, axis, anchor="end", colour=QUIET)
    for at, bar in enumerate(bars):
        y = top - ROW * at - ROW / 2
        pen.label(drawing, 0, y - 3, bar.name, size=SIZE_TABLE)
        pen.label(drawing, left + span + 10, y - 2.7, bar.remark)
        _draw_parts(drawing, bar, left, y, span)
    start = min(left, width - max(sum(_legend_width(part) for _, part in line) for line in legend)) if parts else left
    for at, line in enumerate(legend):
        _draw_legend(drawing, line, max(start, 0.0), foot - 38 - LEGEND * at)
    return drawing


def _legend_width(part: str) -> float:
    return 27 + width_of(part, SIZE_SMALL)


def _legend_lines(parts: Sequence[str], width: float) -> list[list[tuple[int, str]]]:
    """The parts with their places, in as many lines as the drawing's width asks for."""
    lines: list[list[tuple[int, str]]] = [[]]
    for place, part in enumerate(parts):
        if lines[-1] and sum(_legend_width(each) for _, each in lines[-1]) + _legend_width(part) > width:
            lines.append([])
        lines[-1].append((place, part))
    return lines


def _draw_parts(drawing: Drawing, bar: Bar, left: float, y: float, span: float) -> None:
    total = sum(bar.counts)
    if not total:
        pen.box(drawing, left, y - BAR / 2, span, BAR, stroke=FAINT)
        return
    x = left
    for at, count in enumerate(bar.counts):
        if not count:
            continue
        wide = span * count / total
        colour = PARTS[at % len(PARTS)]
        pen.box(drawing, x, y - BAR / 2, wide - 0.7, BAR, fill=colour)
        if wide > width_of(str(count), SIZE_SMALL, bold=True) + 4:
            ink = INK if colour in (PALETTE[4], PALETTE[5]) else white
            pen.label(drawing, x + wide / 2, y - 2.7, str(count), anchor="middle", bold=True, colour=ink)
        x += wide


def _draw_legend(drawing: Drawing, parts: Sequence[tuple[int, str]], x: float, y: float) -> None:
    for at, part in parts:
        pen.box(drawing, x, y - 1, 9, 8, fill=PARTS[at % len(PARTS)])
        x += 13 + pen.label(drawing, x + 13, y, part) + 14
