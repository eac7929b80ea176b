"""Small panels of one measurement over time: thin lines for patients, bold median, the limit of normal, n below.

A logarithmic panel may be in multiples of the upper limit of normal. A result below the assay's limit is drawn open.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color

from reports.figures import pen
from reports.figures.axes import decade_ticks, even_ticks, tick_text
from reports.paper.style import ALARM, FAINT, INK, PALETTE, QUIET, RULE, SIZE_TABLE

SIGNS: tuple[pen.Symbol, ...] = ("circle", "square", "triangle", "diamond")


@dataclass(frozen=True, slots=True)
class Dot:
    """One result: time in the unit of the axis, value, whether it lies beyond the assay's limit."""

    time: float
    value: float
    censored: bool = False


@dataclass(frozen=True, slots=True)
class TrendLine:
    """The results of one patient; ``style`` chooses colour and sign so that a patient looks alike in every panel."""

    name: str
    style: int
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel. ``limit`` draws the line of the upper limit of normal (1 when values are multiples of it)."""

    title: str
    lines: tuple[TrendLine, ...]
    log: bool = False
    limit: float | None = None
    middle: tuple[tuple[float, float, int], ...] = ()
    """Median line: (time, median, n)."""


def line_colour(style: int) -> Color:
    """Colour of a patient."""
    return PALETTE[style % len(PALETTE)]


def line_sign(style: int) -> pen.Symbol:
    """Sign of a patient: changes when the colours begin anew, and from neighbour to neighbour."""
    return SIGNS[(style + style // len(PALETTE)) % len(SIGNS)]


def draw_panel(panel: Panel, *, width: float, height: float, axis: str, many: int) -> Drawing:
    """One panel; with more than ``many`` patients their lines are thin and grey and carry no signs."""
    drawing = pen.sheet(width, height)
    left, foot = 34.0, 26.0
    plot_width, plot_height = width - left - 8, height - foot - 18
    pen.label(drawing, 0, height - 9, panel.title, bold=True, size=SIZE_TABLE)
    dots = [dot for line in panel.lines for dot in line.dots if not panel.log or dot.value > 0]
    if not dots:
        pen.label(drawing, left, height / 2, "–")
        return drawing
    low, high = _stretch(dots, panel)
    marks = decade_ticks(low, high) if panel.log else even_ticks(low, high)
    first, last = min(0.0, *(dot.time for dot in dots)), max(1.0, *(dot.time for dot in dots))
    times = [time for time in even_ticks(first, last, most=6) if first <= time <= last]
    place = _Placing(left, foot, plot_width, plot_height, (first, last), (marks[0], marks[-1]), panel.log)
    for mark in marks:
        pen.rule(drawing, (left, place.y(mark)), (left + plot_width, place.y(mark)), colour=FAINT)
        pen.label(drawing, left - 4, place.y(mark) - 2.5, tick_text(mark), anchor="end")
    for time in times:
        pen.rule(drawing, (place.x(time), foot - 2.5), (place.x(time), foot), colour=INK)
        pen.label(drawing, place.x(time), foot - 11, tick_text(time), anchor="middle")
    pen.label(drawing, left + plot_width, foot - 21, axis, anchor="end", colour=QUIET)
    if panel.limit is not None and marks[0] <= panel.limit <= marks[-1]:
        y = place.y(panel.limit)
        pen.rule(drawing, (left, y), (left + plot_width, y), colour=ALARM, width=0.8, dash=(3, 2))
    for line in panel.lines:
        _draw_line(drawing, line, place, panel.log, crowded=len(panel.lines) > many, size=_size_of(panel))
    if panel.middle:
        points = [(place.x(time), place.y(value)) for time, value, _ in panel.middle]
        pen.trace(drawing, points, colour=INK, width=2.0)
    pen.rule(drawing, (left, foot), (left + plot_width, foot), colour=INK, width=0.7)
    return drawing


@dataclass(frozen=True, slots=True)
class _Placing:
    left: float
    foot: float
    width: float
    height: float
    times: tuple[float, float]
    values: tuple[float, float]
    log: bool

    def x(self, time: float) -> float:
        first, last = self.times
        return self.left + self.width * (time - first) / (last - first)

    def y(self, value: float) -> float:
        low, high = self.values
        if self.log:
            value, low, high = math.log10(value), math.log10(low), math.log10(high)
        return self.foot + self.height * (value - low) / (high - low)


def _stretch(dots: Sequence[Dot], panel: Panel) -> tuple[float, float]:
    values = [dot.value for dot in dots]
    if panel.limit is not None and panel.log:
        values.append(panel.limit)
    return min(values), max(values)


def _size_of(panel: Panel) -> float:
    """Signs of one patient alone may be larger than those of several, in points."""
    return 2.4 if len(panel.lines) == 1 else 1.7


def _draw_line(drawing: Drawing, line: TrendLine, place: _Placing, log: bool, *, crowded: bool, size: float) -> None:
    colour = RULE if crowded else line_colour(line.style)
    dots = [dot for dot in line.dots if not log or dot.value > 0]
    points = [(place.x(dot.time), place.y(dot.value)) for dot in dots]
    pen.trace(drawing, points, colour=colour, width=0.4 if crowded else 0.9)
    if crowded:
        return
    for dot, (x, y) in zip(dots, points, strict=True):
        pen.mark(drawing, line_sign(line.style), x, y, colour=colour, size=size, hollow=dot.censored)
