"""Kaplan-Meier curve with its confidence band, censor ticks and the table of numbers under the axis.

The table has three lines a group (at risk, censored, events), as readers preferred in KMunicate (Morris et al., BMJ
Open 2019;9:e030215). The band ends where fewer than a tenth of the patients are left at risk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color

from forms.texts import say
from reports.figures import pen
from reports.figures.axes import tick_text, ticks
from reports.paper.style import INK, PALETTE, QUIET, SIZE_SMALL, SIZE_TABLE, width_of
from reports.statistics.survival import Curve

LEFT = 92.0
RIGHT = 14.0
PLOT = 190.0
LINE = 10.5
FEWEST = 0.1
"""Share of the patients at risk below which the band is not drawn."""


@dataclass(frozen=True, slots=True)
class Plane:
    """Where data fall on the drawing: time in units of the curve, survival as a share of one."""

    x0: float
    y0: float
    width: float
    height: float
    longest: float

    def x(self, time: Decimal | float) -> float:
        """Horizontal place of a time."""
        return self.x0 + self.width * float(time) / self.longest

    def y(self, share: float) -> float:
        """Vertical place of a survival probability."""
        return self.y0 + self.height * share


def draw_survival(
    curves: Sequence[tuple[str, Curve]],
    *,
    language: str,
    width: float,
    divisor: Decimal,
    axis: str,
    measure: str,
    summary: Sequence[str] = (),
) -> Drawing:
    """The figure. ``divisor`` turns the curves' times into the units of ``axis``; ``summary`` stands in the panel."""
    longest = max((float(step.time / divisor) for _, curve in curves for step in curve.steps), default=1.0)
    marks = ticks(longest)
    lines = 3 * len(curves) + (len(curves) if len(curves) > 1 else 0)
    table = LINE * lines + 34
    drawing = pen.sheet(width, PLOT + table + 14)
    plane = Plane(LEFT, table, width - LEFT - RIGHT, PLOT, marks[-1] * float(divisor))
    _draw_axes(drawing, plane, marks, divisor, axis, measure)
    for at, (_, curve) in enumerate(curves):
        colour = PALETTE[at % len(PALETTE)]
        _draw_band(drawing, plane, curve, colour)
        _draw_curve(drawing, plane, curve, colour)
    _draw_numbers(drawing, plane, curves, [Decimal(str(mark)) * divisor for mark in marks], language)
    _draw_summary(drawing, plane, summary, curves)
    return drawing


def _draw_axes(
    drawing: Drawing, plane: Plane, marks: Sequence[float], divisor: Decimal, axis: str, measure: str
) -> None:
    pen.rule(drawing, (plane.x0, plane.y0), (plane.x0 + plane.width, plane.y0), colour=INK, width=0.7)
    pen.rule(drawing, (plane.x0, plane.y0), (plane.x0, plane.y0 + plane.height), colour=INK, width=0.7)
    for percent in (0, 25, 50, 75, 100):
        y = plane.y(percent / 100)
        pen.rule(drawing, (plane.x0 - 3, y), (plane.x0, y), colour=INK)
        pen.label(drawing, plane.x0 - 6, y - 2.5, str(percent), anchor="end")
    for mark in marks:
        x = plane.x(mark * float(divisor))
        pen.rule(drawing, (x, plane.y0 - 3), (x, plane.y0), colour=INK)
        pen.label(drawing, x, plane.y0 - 12, tick_text(mark), anchor="middle")
    pen.label(drawing, plane.x0 + plane.width, plane.y0 - 23, axis, anchor="end", colour=QUIET)
    pen.label(drawing, plane.x0 - 24, plane.y0 + plane.height + 8, measure, size=SIZE_TABLE, colour=QUIET)


def _draw_band(drawing: Drawing, plane: Plane, curve: Curve, colour: Color) -> None:
    least = FEWEST * curve.n
    for step, following in zip(curve.steps, curve.steps[1:], strict=False):
        if step.low is None or step.high is None or following.at_risk < least:
            continue
        left, right = plane.x(step.time), plane.x(following.time)
        low, high = plane.y(step.low), plane.y(step.high)
        pen.area(drawing, [(left, low), (right, low), (right, high), (left, high)], colour=colour, opacity=0.16)


def _draw_curve(drawing: Drawing, plane: Plane, curve: Curve, colour: Color) -> None:
    points = [(plane.x(0), plane.y(1.0))]
    for step in curve.steps:
        x = plane.x(step.time)
        points.append((x, points[-1][1]))
        points.append((x, plane.y(step.survival)))
    pen.trace(drawing, points, colour=colour, width=1.4)
    for step in curve.steps:
        if step.censored:
            x, y = plane.x(step.time), plane.y(step.survival)
            pen.rule(drawing, (x, y - 3.2), (x, y + 3.2), colour=colour, width=1.0)


def _draw_numbers(
    drawing: Drawing, plane: Plane, curves: Sequence[tuple[str, Curve]], times: Sequence[Decimal], language: str
) -> None:
    y = plane.y0 - 36
    names = ("at_risk", "events", "censored")
    order = (0, 2, 1)
    for at, (name, curve) in enumerate(curves):
        colour = PALETTE[at % len(PALETTE)]
        if len(curves) > 1:
            pen.label(drawing, 0, y, name, bold=True, colour=colour)
            y -= LINE
        counted = [curve.counts(time) for time in times]
        for index in order:
            pen.label(drawing, 0, y, say(language, f"reports.km.{names[index]}"), colour=INK if index == 0 else QUIET)
            for time, counts in zip(times, counted, strict=True):
                text = str(counts[index])
                pen.label(drawing, plane.x(time), y, text, anchor="middle", colour=INK if index == 0 else QUIET)
            y -= LINE


def _draw_summary(drawing: Drawing, plane: Plane, summary: Sequence[str], curves: Sequence[tuple[str, Curve]]) -> None:
    """Text in the panel: lower left, where curves that fall late leave room, else upper right."""
    lines = list(summary)
    if not lines:
        return
    wide = max(width_of(line, SIZE_SMALL) for line in lines)
    tall = 10.5 * len(lines)
    early = min(
        (step.survival for _, curve in curves for step in curve.steps if plane.x(step.time) < plane.x0 + wide + 24),
        default=1.0,
    )
    low_edge = min((step.low for _, curve in curves for step in curve.steps if step.low is not None), default=1.0)
    fits_below = plane.height * min(early, low_edge) > tall + 14
    x = plane.x0 + 12 if fits_below else plane.x0 + plane.width - wide - 4
    y = plane.y0 + tall if fits_below else plane.y0 + plane.height - 6
    for line in lines:
        pen.label(drawing, x, y, line)
        y -= 10.5
