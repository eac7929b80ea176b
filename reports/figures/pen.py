"""Lines, labels and marks, all in the style of the page."""

from __future__ import annotations

from typing import Literal

from reportlab.graphics.shapes import Circle, Drawing, Group, Line, Path, Polygon, PolyLine, Rect, String
from reportlab.lib.colors import Color, white

from reports.paper.style import BOLD, FONT, INK, RULE, SIZE_SMALL, printable, register_fonts, width_of

Anchor = Literal["start", "middle", "end"]
Symbol = Literal["diamond", "cross", "circle", "triangle", "square"]


_CORNERS: dict[str, tuple[tuple[float, float], ...]] = {
    "diamond": ((0, 1.3), (1.3, 0), (0, -1.3), (-1.3, 0)),
    "triangle": ((0, 1.2), (1.15, -0.9), (-1.15, -0.9)),
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
}


def sheet(width: float, height: float) -> Drawing:
    """An empty drawing."""
    register_fonts()
    drawing = Drawing(width, height)
    drawing.hAlign = "LEFT"
    return drawing


def label(
    target: Drawing | Group,
    x: float,
    y: float,
    text: str,
    *,
    size: float = SIZE_SMALL,
    anchor: Anchor = "start",
    bold: bool = False,
    colour: Color = INK,
) -> float:
    """Writes one line with its baseline at y; returns its width."""
    shown = printable(text)
    wide = width_of(shown, size, bold)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    target.add(String(left, y, shown, fontName=BOLD if bold else FONT, fontSize=size, fillColor=colour))
    return wide


def rule(
    target: Drawing | Group,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    colour: Color = RULE,
    width: float = 0.5,
    dash: tuple[float, ...] | None = None,
) -> None:
    """A straight line."""
    target.add(Line(*start, *end, strokeColor=colour, strokeWidth=width, strokeDashArray=dash))


def trace(
    target: Drawing | Group,
    points: list[tuple[float, float]],
    *,
    colour: Color,
    width: float = 1.2,
    dash: tuple[float, ...] | None = None,
) -> None:
    """A line through points."""
    if len(points) > 1:
        flat = [part for point in points for part in point]
        target.add(PolyLine(flat, strokeColor=colour, strokeWidth=width, strokeDashArray=dash, strokeLineJoin=1))


def area(target: Drawing | Group, points: list[tuple[float, float]], *, colour: Color, opacity: float = 1.0) -> None:
    """A filled area without border."""
    if len(points) > 2:
        flat = [part for point in points for part in point]
        fill = Color(colour.red, colour.green, colour.blue, alpha=opacity)
        target.add(Polygon(flat, fillColor=fill, strokeColor=None, strokeWidth=0))


def box(
    target: Drawing | Group,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: Color | None = None,
    stroke: Color | None = None,
) -> None:
    """A rectangle from its lower left corner."""
    target.add(Rect(x, y, width, height, fillColor=fill, strokeColor=stroke, strokeWidth=0.6 if stroke else 0))


def mark(
    target: Drawing | Group,
    symbol: Symbol,
    x: float,
    y: float,
    *,
    colour: Color,
    size: float = 3.2,
    hollow: bool = False,
) -> None:
    """A mark centred at a point; ``hollow`` draws only its outline. A cross has no inside."""
    fill = white if hollow else colour
    if symbol == "cross":
        for sign in (1, -1):
            target.add(Line(x - size, y - sign * size, x + size, y + sign * size, strokeColor=colour, strokeWidth=1.5))
        return
    look = {"fillColor": fill, "strokeColor": colour if hollow else white, "strokeWidth": 0.9 if hollow else 0.6}
    if symbol == "circle":
        target.add(Circle(x, y, size * 0.9, **look))
        return
    flat = [part for dx, dy in _CORNERS[symbol] for part in (x + dx * size, y + dy * size)]
    target.add(Polygon(flat, **look))


def arrow(
    target: Drawing | Group, start: tuple[float, float], end: tuple[float, float], *, colour: Color = INK
) -> None:
    """A line with a small head at its end; it runs across or upright."""
    target.add(Line(*start, *end, strokeColor=colour, strokeWidth=0.8))
    (x, y), across = end, start[1] == end[1]
    step = 3.4 if (across and end[0] > start[0]) or (not across and end[1] > start[1]) else -3.4
    path = Path(fillColor=colour, strokeColor=None, strokeWidth=0)
    path.moveTo(x, y)
    if across:
        path.lineTo(x - step, y + 2.0)
        path.lineTo(x - step, y - 2.0)
    else:
        path.lineTo(x + 2.0, y - step)
        path.lineTo(x - 2.0, y - step)
    path.closePath()
    target.add(path)
