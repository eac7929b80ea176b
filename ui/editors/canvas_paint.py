"""Ink: how the lines of a form are painted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from forms.sheet.sheet import Cell, Sheet
from forms.shown import unit_words
from forms.texts import said, say
from ui.editors.canvas_layout import (
    ARROW,
    ARROWS,
    FINDING_GAP,
    GROUP_HEIGHT,
    before_beside,
    findings_width,
    limits_beside,
    told_under,
)
from ui.editors.canvas_lines import Columns, FieldLine, GroupLine, Line
from ui.editors.words import label_words, previous_words, range_words
from ui.parts.tones import Tones

MIDDLE = int(Qt.AlignmentFlag.AlignVCenter)
LEFT = MIDDLE | int(Qt.AlignmentFlag.AlignLeft)
RIGHT = MIDDLE | int(Qt.AlignmentFlag.AlignRight)
LEFT_BOTTOM = int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
RIGHT_BOTTOM = int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight)
WRAP = int(Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, slots=True)
class FormInk:
    """What all lines of a form are painted with: the sheet and its language, columns, font and colours."""

    sheet: Sheet
    language: str
    columns: Columns
    font: QFont
    metrics: QFontMetrics
    ink: QColor
    tone: Tones


def paint(painter: QPainter, look: FormInk, lines: Iterable[Line], exposed: QRect, focus: QWidget | None) -> None:
    """Paint the lines within ``exposed``; a band lies under the field that holds ``focus``."""
    tone = look.tone
    for line in lines:
        if not line.rect.intersects(exposed):
            continue
        if isinstance(line, GroupLine) and line.shown:
            _paint_group(painter, look, line)
        elif isinstance(line, FieldLine) and line.shown and line.cell is not None:
            if focus is not None and line.editor.isAncestorOf(focus):
                painter.fillRect(line.rect, tone.band)
                painter.fillRect(QRect(line.rect.left(), line.rect.top(), 3, line.rect.height()), tone.accent)
            _paint_field(painter, look, line, line.cell)


def _paint_group(painter: QPainter, look: FormInk, line: GroupLine) -> None:
    columns, rect, tone = look.columns, line.rect, look.tone
    font = QFont(look.font)
    font.setBold(True)
    font.setPixelSize(14)
    painter.setFont(font)
    painter.setPen(look.ink)
    head = QRect(columns.label[0], rect.top(), columns.right - columns.label[0], GROUP_HEIGHT - 9)
    painter.drawText(head, LEFT_BOTTOM, said(line.group.label, look.language))
    painter.setFont(look.font)
    painter.setPen(tone.quiet)
    if line.asked and not line.group.repeat:
        painter.drawText(head, RIGHT_BOTTOM, f"{line.filled}/{line.asked}")
    painter.setPen(QPen(tone.line, 1))
    y = rect.top() + GROUP_HEIGHT - 4
    painter.drawLine(columns.label[0], y, columns.right, y)
    if rect.height() > GROUP_HEIGHT:
        _paint_captions(painter, look, y + 2)


def _paint_captions(painter: QPainter, look: FormInk, top: int) -> None:
    small = QFont(look.font)
    small.setPixelSize(11)
    painter.setFont(small)
    painter.setPen(look.tone.quiet)
    for name in ("unit", "limits", "before", "chip"):
        left, width = getattr(look.columns, name)
        if not width:
            continue
        painter.drawText(QRect(left, top, width, 18), LEFT, say(look.language, f"ui_form.column.{name}"))
    painter.setFont(look.font)


def _paint_field(painter: QPainter, look: FormInk, line: FieldLine, cell: Cell) -> None:
    columns, sheet, language, tone = look.columns, look.sheet, look.language, look.tone
    entry = line.editor.geometry()
    top, height = entry.top(), min(entry.height(), 34)
    left, width = columns.label[0], columns.label[1] - 14
    words = label_words(cell, language)
    painter.setFont(look.font)
    painter.setPen(tone.quiet if cell.hidden else look.ink)
    room = painter.boundingRect(QRect(0, 0, width, 1000), WRAP, words)
    painter.drawText(QRect(left, top + max(0, (height - room.height()) // 2), width, 1000), WRAP, words)
    if cell.required and cell.value.blank:
        painter.setPen(tone.block)
        painter.drawText(QRect(left + width + 2, top, 12, height), RIGHT, "*")
    right = entry.right()
    if line.unit is None and cell.item.units and right < columns.unit[0]:
        painter.setPen(tone.quiet)
        unit = unit_words(cell.value.unit or cell.item.units[0], language)
        painter.drawText(QRect(columns.unit[0], top, columns.unit[1], height), LEFT, unit)
    if limits_beside(line, columns, look.metrics):
        _paint_limits(painter, look, cell, top, height)
    painter.setPen(tone.quiet)
    before = previous_words(sheet, cell, language)
    if before_beside(line, before, columns, look.metrics):
        painter.drawText(QRect(columns.before[0], top, columns.before[1], height), LEFT, before)
    for box, told in line.beneath:
        painter.drawText(box, WRAP, told)
    for rect, chip, grade in line.chips:
        paint_chip(painter, rect, chip, tone.unknown if grade is None else tone.grades[grade])
    _paint_findings(painter, look, line, cell)


def _paint_limits(painter: QPainter, look: FormInk, cell: Cell, top: int, height: int) -> None:
    (left, width), tone = look.columns.limits, look.tone
    words = range_words(cell.range)
    painter.setPen(tone.quiet)
    painter.drawText(QRect(left, top, width - ARROW, height), LEFT, words)
    if cell.flag:
        painter.setPen(tone.high)
        painter.drawText(QRect(left + width - ARROW, top, ARROW, height), LEFT, ARROWS[cell.flag])


def paint_chip(painter: QPainter, rect: QRect, words: str, colours: tuple[QColor, QColor]) -> None:
    """A grade's chip: rounded, its colours deepen with the grade and its text says it."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(rect), 11, 11)
    painter.fillPath(path, colours[0])
    painter.setPen(colours[1])
    font = QFont(painter.font())
    font.setBold(True)
    painter.setFont(font)
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), words)
    font.setBold(False)
    painter.setFont(font)


def _paint_findings(painter: QPainter, look: FormInk, line: FieldLine, cell: Cell) -> None:
    columns, tone = look.columns, look.tone
    above = line.beneath[-1][0] if line.beneath else line.editor.geometry()
    top = above.bottom() + 1 + FINDING_GAP
    width = findings_width(columns)
    for severity, words in told_under(line, cell, look.language):
        colour = {"note": tone.note, "query": tone.query, "block": tone.block, "asked": tone.query}[severity]
        room = painter.boundingRect(QRect(0, 0, width, 1000), WRAP, words)
        paint_mark(painter, QRectF(columns.entry[0], top + 4, 10, 10), severity, colour)
        painter.setPen(colour)
        painter.drawText(QRect(columns.entry[0] + 18, top, width, room.height()), WRAP, words)
        top += room.height() + FINDING_GAP


def paint_mark(painter: QPainter, box: QRectF, severity: str, colour: QColor) -> None:
    """A shape for each: circle note, triangle query, square block; a diamond, as in the schedule, what was asked."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if severity == "note":
        painter.drawEllipse(box)
    elif severity == "asked":
        middle = box.center()
        corners = [QPointF(middle.x(), box.top()), QPointF(box.right(), middle.y())]
        corners += [QPointF(middle.x(), box.bottom()), QPointF(box.left(), middle.y())]
        painter.drawPolygon(QPolygonF(corners))
    elif severity == "query":
        top = QPointF(box.center().x(), box.top())
        painter.drawPolygon(QPolygonF([top, box.bottomRight(), box.bottomLeft()]))
    else:
        painter.drawRect(box)
    painter.restore()
