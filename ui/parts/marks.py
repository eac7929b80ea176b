"""How the state of a form is drawn: by shape first, colour second.

A circle stands for the form: an outline when empty (small before its time, dashed when it may stay empty), half filled
when begun, full with a tick when complete. A diamond at its shoulder is an open query. A short line is a form that
doesn't apply. At its foot a badge says that the form is signed, frozen or locked.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QWidget

from ui.parts.flow import Flow
from ui.parts.pieces import across, held, label
from ui.settings import Settings
from ui.theme import font, look
from ui.words import Words

BADGES = ("signed", "frozen", "locked")
"""Drawn at the foot of a mark: a pen's stroke, a star of ice, a padlock."""

STATES = ("empty", "late", "later", "optional", "started", "complete", "query", "none")
RADIUS = 7.0
SMALL_RADIUS = 4.0


def draw_mark(painter: QPainter, at: QPointF, state: str, palette: QPalette, query: bool = False) -> None:
    """Draw a state of `STATES` around a point."""
    colours = look(palette)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if state == "none":
        painter.setPen(QPen(QColor(colours.strong_line), 1.5))
        painter.drawLine(QPointF(at.x() - 3, at.y()), QPointF(at.x() + 3, at.y()))
    elif state == "complete":
        _draw_complete(painter, at, QColor(colours.good), QColor(colours.base))
    else:
        _draw_ring(painter, at, state, palette)
    if query or state == "query":
        _draw_query(painter, at, palette)
    painter.restore()


def draw_badge(painter: QPainter, at: QPointF, badge: str, palette: QPalette) -> None:
    """Draw one of `BADGES` at the right foot of a mark around a point; nothing for ""."""
    if not badge:
        return
    colours = look(palette)
    middle = QPointF(at.x() + 8.5, at.y() + 5.5)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.base))
    painter.drawEllipse(middle, 6.5, 6.5)
    pen = QPen(QColor(colours.accent if badge == "signed" else colours.text), 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    if badge == "frozen":
        for dx, dy in ((0.0, 4.5), (3.9, 2.2), (3.9, -2.2)):
            painter.drawLine(QPointF(middle.x() - dx, middle.y() - dy), QPointF(middle.x() + dx, middle.y() + dy))
    elif badge == "locked":
        painter.drawArc(QRectF(middle.x() - 2.2, middle.y() - 4.8, 4.4, 5.6), 0, 180 * 16)
        painter.fillRect(QRectF(middle.x() - 3.6, middle.y() - 1.2, 7.2, 5.4), QColor(colours.text))
    elif badge == "signed":
        painter.drawLine(QPointF(middle.x() - 2.2, middle.y() + 1.6), QPointF(middle.x() + 3.4, middle.y() - 4.0))
        painter.drawLine(QPointF(middle.x() - 4.0, middle.y() + 4.0), QPointF(middle.x() + 4.0, middle.y() + 4.0))
    painter.restore()


def _draw_ring(painter: QPainter, at: QPointF, state: str, palette: QPalette) -> None:
    colours = look(palette)
    names = {"late": colours.bad, "started": colours.info}
    names |= {"optional": colours.strong_line, "later": colours.strong_line}
    colour = QColor(names.get(state, colours.quiet))
    pen = QPen(colour, 2.0 if state == "late" else 1.5)
    if state == "optional":
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([2.0, 2.0])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = SMALL_RADIUS if state == "later" else RADIUS - 0.5
    painter.drawEllipse(at, radius, radius)
    if state == "started":
        half = QPainterPath()
        box = QRectF(at.x() - RADIUS, at.y() - RADIUS, 2 * RADIUS, 2 * RADIUS)
        half.moveTo(at)
        half.arcTo(box, 180, 180)
        half.closeSubpath()
        painter.fillPath(half, colour)
    if state == "late":
        painter.setFont(_bold(11))
        painter.drawText(
            QRectF(at.x() - 6, at.y() - 7, 12, 14), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, "!"
        )


def _draw_complete(painter: QPainter, at: QPointF, ground: QColor, tick: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawEllipse(at, RADIUS, RADIUS)
    pen = QPen(tick, 1.8)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline(
        [QPointF(at.x() - 3.2, at.y() + 0.2), QPointF(at.x() - 0.8, at.y() + 2.7), QPointF(at.x() + 3.4, at.y() - 2.4)]
    )


def _draw_query(painter: QPainter, at: QPointF, palette: QPalette) -> None:
    colours = look(palette)
    middle = QPointF(at.x() + 7.5, at.y() - 5.5)
    size = 5.0
    painter.setPen(QPen(QColor(colours.base), 1.5))
    painter.setBrush(QColor(colours.warn))
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(middle.x(), middle.y() - size),
                QPointF(middle.x() + size, middle.y()),
                QPointF(middle.x(), middle.y() + size),
                QPointF(middle.x() - size, middle.y()),
            ]
        )
    )


def _bold(size: int) -> QFont:
    return font(size, bold=True)


class Mark(QWidget):
    """One mark as a widget, for legends and lists."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self._state = state
        self.setFixedSize(24, 22)

    def show_state(self, state: str) -> None:
        """Draw another state."""
        self._state = state
        self.update()

    def paintEvent(self, _event: object) -> None:
        """Draw it."""
        painter = QPainter(self)
        ring = "started" if self._state == "query" else self._state
        ring = "complete" if self._state in BADGES else ring
        draw_mark(painter, QPointF(10, 12), ring, self.palette(), query=self._state == "query")
        if self._state in BADGES:
            draw_badge(painter, QPointF(10, 12), self._state, self.palette())
        painter.end()


class Legend(QWidget):
    """What the marks mean."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._words = Words(settings, self)
        row = Flow(across=14, down=2)
        for state in (*STATES, *BADGES):
            text: QLabel = label("small")
            self._words.put(text.setText, f"ui.mark.{state}")
            row.addWidget(held(across(Mark(state), text, spacing=2)))
        self.setLayout(row)
