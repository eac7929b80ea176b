"""Swimmer plot: one bar a patient from origin to death or last contact, cycles on it, milestones marked, arrow = alive.

Bars are sorted by length, every id is legible, response words stand in columns at the left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color

from reports.figures import pen
from reports.figures.axes import tick_text, ticks
from reports.paper.style import ACCENT, FAINT, INK, PALETTE, QUIET, SIZE_SMALL, SIZE_TABLE, STEPS, width_of

ROW = 17.0
"""Height of a row when there is room; less when there are many."""
TALLEST = 580.0
"""Height that all rows together may take, so that the plot fits a page; legends beyond three rows reduce it."""
TOUCH = 6.5
"""Marks nearer than this would cover each other."""


@dataclass(frozen=True, slots=True)
class Swimmer:
    """One patient; all times in the unit of the axis. ``cycles`` are (begin, end), ``marks`` (milestone, time)."""

    name: str
    length: float
    ongoing: bool
    cycles: tuple[tuple[float, float], ...] = ()
    marks: tuple[tuple[int, float], ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkLegend:
    """A milestone: its mark and name."""

    symbol: pen.Symbol
    label: str


def draw_swimmers(
    swimmers: Sequence[Swimmer],
    legend: Sequence[MarkLegend],
    heads: Sequence[str],
    *,
    width: float,
    axis: str,
    cycle_word: str,
    ongoing_word: str,
) -> Drawing:
    """The plot; ``heads`` name the columns of words."""
    ordered = sorted(swimmers, key=lambda one: (-one.length, one.name))
    marks = ticks(max((one.length for one in ordered), default=1.0), most=10)
    name_room = max((width_of(one.name, SIZE_TABLE) for one in ordered), default=30.0) + 10
    rooms = [
        max(width_of(head, SIZE_SMALL, bold=True), *(width_of(one.words[at], SIZE_SMALL) for one in ordered), 12.0) + 8
        for at, head in enumerate(heads)
    ]
    left = name_room + sum(rooms) + 4
    legend_rows = _legend_rows(legend, cycle_word, ongoing_word, width - left)
    room = TALLEST - 13 * max(len(legend_rows) - 3, 0)
    row = min(ROW, room / max(len(ordered), 1))
    foot = 30 + 13 * len(legend_rows)
    drawing = pen.sheet(width, foot + row * len(ordered) + 16)
    scale = (width - left - 22) / marks[-1]
    top = foot + row * len(ordered)
    for at, head in enumerate(heads):
        pen.label(drawing, name_room + sum(rooms[:at]), top + 5, head, bold=True)
    _draw_axis(drawing, [(left + mark * scale, tick_text(mark)) for mark in marks], foot, top, axis)
    for at, one in enumerate(ordered):
        y = top - row * at - row / 2
        pen.label(drawing, 0, y - 3, one.name, size=SIZE_TABLE)
        for column, word in enumerate(one.words):
            pen.label(drawing, name_room + sum(rooms[:column]), y - 2.7, word)
        _draw_bar(drawing, one, legend, _Line(left, y, scale, row * 0.48))
    _draw_legend(drawing, legend_rows, legend, left, foot - 36)
    return drawing


def _draw_axis(drawing: Drawing, marks: Sequence[tuple[float, str]], foot: float, top: float, axis: str) -> None:
    """Faint upright lines at the ticks, given as (x, text), and the line below."""
    for x, text in marks:
        pen.rule(drawing, (x, foot - 2), (x, top), colour=FAINT)
        pen.label(drawing, x, foot - 12, text, anchor="middle")
    pen.rule(drawing, (marks[0][0], foot), (marks[-1][0], foot), colour=INK, width=0.7)
    pen.label(drawing, marks[-1][0], foot - 23, axis, anchor="end", colour=QUIET)


@dataclass(frozen=True, slots=True)
class _Line:
    """Where a patient's bar lies: its left end, middle height, points a unit of time, thickness."""

    left: float
    y: float
    scale: float
    bar: float


def _draw_bar(drawing: Drawing, one: Swimmer, legend: Sequence[MarkLegend], line: _Line) -> None:
    left, y, scale, bar = line.left, line.y, line.scale, line.bar
    pen.box(drawing, left, y - bar / 2, max(one.length * scale, 1.0), bar, fill=STEPS[1])
    for begin, end in one.cycles:
        start, stop = left + begin * scale, left + min(end, one.length) * scale
        if stop > start:
            pen.box(drawing, start, y - bar / 2, max(stop - start - 0.8, 0.6), bar, fill=STEPS[3])
    end_x = left + one.length * scale
    if one.ongoing:
        pen.arrow(drawing, (end_x, y), (end_x + 12, y), colour=ACCENT)
    size = min(3.2, bar * 0.4)
    for milestone, x, lift in _apart(one, left, scale, 2.05 * size):
        pen.mark(drawing, legend[milestone].symbol, x, y + lift, colour=mark_colour(milestone, legend), size=size)


def _apart(one: Swimmer, left: float, scale: float, step: float) -> list[tuple[int, float, float]]:
    """Marks as (milestone, x, lift): those that would cover each other are set one above the other."""
    clusters: list[list[tuple[int, float]]] = []
    for milestone, time in sorted(one.marks, key=lambda entry: (entry[1], entry[0])):
        x = left + time * scale
        if clusters and x - clusters[-1][-1][1] < TOUCH:
            clusters[-1].append((milestone, x))
        else:
            clusters.append([(milestone, x)])
    return [
        (milestone, x, step * ((len(cluster) - 1) / 2 - at) if len(cluster) > 1 else 0.0)
        for cluster in clusters
        for at, (milestone, x) in enumerate(cluster)
    ]


def mark_colour(milestone: int, legend: Sequence[MarkLegend]) -> Color:
    """The colour of a milestone: black for a cross, else from the palette without the bars' blue."""
    return INK if legend[milestone].symbol == "cross" else PALETTE[1 + milestone % (len(PALETTE) - 1)]


@dataclass(frozen=True, slots=True)
class _Key:
    """One entry of the legend at its place: a bar, an arrow, or the mark of a milestone."""

    kind: str
    text: str
    offset: float = 0.0
    milestone: int = -1


def _legend_rows(legend: Sequence[MarkLegend], cycle_word: str, ongoing_word: str, width: float) -> list[list[_Key]]:
    keys = [_Key("bar", cycle_word)]
    keys += [_Key("mark", entry.label, milestone=at) for at, entry in enumerate(legend)]
    keys.append(_Key("arrow", ongoing_word))
    rows: list[list[_Key]] = [[]]
    used = 0.0
    for key in keys:
        wide = width_of(key.text, SIZE_SMALL) + 34
        if used + wide > width and rows[-1]:
            rows.append([])
            used = 0.0
        rows[-1].append(replace(key, offset=used))
        used += wide
    return rows


def _draw_legend(
    drawing: Drawing, rows: Sequence[Sequence[_Key]], legend: Sequence[MarkLegend], left: float, y: float
) -> None:
    for keys in rows:
        for key in keys:
            x = left + key.offset
            if key.kind == "bar":
                pen.box(drawing, x, y - 1, 14, 6, fill=STEPS[3])
            elif key.kind == "arrow":
                pen.arrow(drawing, (x, y + 2), (x + 14, y + 2), colour=ACCENT)
            else:
                colour = mark_colour(key.milestone, legend)
                pen.mark(drawing, legend[key.milestone].symbol, x + 7, y + 2, colour=colour, size=3.2)
            pen.label(drawing, x + 19, y, key.text)
        y -= 13
