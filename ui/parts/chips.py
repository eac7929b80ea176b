"""Chips: a short word on a soft ground. The word carries the meaning, the colour only helps the eye."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QLocale, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.parts.plain import plain_tip
from ui.parts.tones import tones
from ui.theme import SMALL_SIZE, font, look

HEIGHT = 20
LEAST = 90
"""Pixels that a chip keeps where room is short."""


def grade_colours(grade: int | None, palette: QPalette) -> tuple[QColor, QColor]:
    """Ground and text of a grade; None = undecided."""
    tone = tones(palette)
    return tone.unknown if grade is None else tone.grades[min(max(grade, 0), 5)]


def state_colours(state: str, palette: QPalette) -> tuple[QColor, QColor]:
    """Ground and text of good, warn, bad, info; anything else is quiet."""
    colours = look(palette)
    if state not in ("good", "warn", "bad", "info"):
        return QColor(colours.hover), QColor(colours.quiet)
    return QColor(getattr(colours, f"{state}_soft")), QColor(getattr(colours, state))


def chip_width(text: str, bold: bool = False) -> int:
    """Pixels that a chip takes with all its words."""
    return QFontMetrics(font(SMALL_SIZE, bold)).horizontalAdvance(text) + 18


def draw_chip(painter: QPainter, at: QRectF, text: str, colours: tuple[QColor, QColor], bold: bool = False) -> None:
    """Draw a chip at the left of a rectangle, centred upright; the text is shortened when it doesn't fit."""
    chosen: QFont = font(SMALL_SIZE, bold)
    measure = QFontMetrics(chosen)
    width = min(measure.horizontalAdvance(text) + 16.0, at.width())
    box = QRectF(at.left(), at.center().y() - HEIGHT / 2, width, HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours[0])
    painter.drawRoundedRect(box, HEIGHT / 2, HEIGHT / 2)
    painter.setPen(colours[1])
    painter.setFont(chosen)
    shown = measure.elidedText(text, Qt.TextElideMode.ElideRight, int(width - 12))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
    painter.restore()


class ChipColumns(QStyledItemDelegate):
    """Draws some columns of a table as chips: ``grade`` by its number, ``query`` as something open."""

    def __init__(self, columns: dict[int, str], parent: QObject) -> None:
        super().__init__(parent)
        self._columns = columns

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The ground as usual, then the chip."""
        kind = self._columns.get(index.column())
        text = index.data()
        if kind is None or not text:
            super().paint(painter, option, index)
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(look(option.palette).chosen))
        words, colours = text, state_colours("warn", option.palette)
        if kind == "grade":
            known = text if text.isdecimal() else ""
            colours = grade_colours(int(known) if known else None, option.palette)
            words = f"G{text}" if known else text
        draw_chip(painter, QRectF(option.rect).adjusted(8, 0, -8, 0), words, colours, bold=kind == "grade")


class Chip(QWidget):
    """A chip as a widget."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._kind = "quiet"
        self._grade: int | None = None
        self._graded = False
        self._width = 0
        self.setFixedHeight(HEIGHT + 2)
        self.setMinimumWidth(LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Wide enough for its words; where there is less room they are shortened."""
        return QSize(self._width, HEIGHT + 2)

    def text(self) -> str:
        """Its words, however many are seen."""
        return self._text

    def show_state(self, text: str, kind: str) -> None:
        """Words on the ground of a kind: good, warn, bad, info, quiet."""
        self._text, self._kind, self._graded = text, kind, False
        self._settle()

    def show_grade(self, text: str, grade: int | None) -> None:
        """Words on the ground of a grade."""
        self._text, self._grade, self._graded = text, grade, True
        self._settle()

    def _settle(self) -> None:
        self.setAccessibleName(self._text)
        self.setToolTip(plain_tip(self._text))
        self._width = chip_width(self._text, self._graded)
        self.setMinimumWidth(min(LEAST, self._width))
        self.updateGeometry()
        self.setVisible(bool(self._text))
        self.update()

    def paintEvent(self, _event: object) -> None:
        """Draw it."""
        painter = QPainter(self)
        colours = (
            grade_colours(self._grade, self.palette()) if self._graded else state_colours(self._kind, self.palette())
        )
        draw_chip(painter, QRectF(self.rect()), self._text, colours, self._graded)
        painter.end()


class StateChips(QStyledItemDelegate):
    """A column whose texts read ``kind|word``: the word as a chip on the ground of its kind."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Ground, then chip."""
        kind, _, words = str(index.data() or "").partition("|")
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(look().chosen))
        draw_chip(painter, QRectF(option.rect).adjusted(8, 0, -4, 0), words, state_colours(kind, option.palette))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for the whole chip."""
        words = str(index.data() or "").partition("|")[2]
        return QSize(chip_width(words) + 12, super().sizeHint(option, index).height())

    def displayText(self, value: Any, _locale: QLocale | QLocale.Language) -> str:
        """The word alone."""
        return str(value).partition("|")[2]
