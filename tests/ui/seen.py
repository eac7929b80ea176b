"""What a person can't see of a window: words that are cut, widgets over one another, widgets that nothing brings in.

`faults` walks everything visible under a widget and says in words what is wrong. Qt's own widgets are measured; what
the program paints itself is painted once more with a painter that notes every text that has less room than it needs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListView,
    QMainWindow,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QTabBar,
    QTableView,
    QToolButton,
    QWidget,
)

from resources import folder
from ui.window.lock_cover import LockCover

SLACK = 1
"""Pixels that rounding may cost."""

ROWS = 40
"""Rows of a table that are looked at: more than a screen shows."""

Told = list[str]


def faults(root: QWidget) -> Told:
    """Everything wrong under a widget, each fault once."""
    found: Told = []
    with proof_painter(found):
        for widget in _visible(root):
            found += _cut(widget)
            found += _overlapping(widget)
            if not _reachable(widget):
                found.append(f"out of reach: {_name(widget)}")
            if _paints_itself(widget):
                widget.grab()
            if isinstance(widget, QTableView):
                _paint_table(widget, found)
    return list(dict.fromkeys(found))


def _visible(root: QWidget) -> list[QWidget]:
    every = [root, *root.findChildren(QWidget)]
    return [each for each in every if each.isVisibleTo(root) and each.window() is root.window() and _is_ours(each)]


def _is_ours(widget: QWidget) -> bool:
    """Not an inner part that Qt made for a widget of its own."""
    parent = widget.parentWidget()
    return not isinstance(parent, QComboBox | QLineEdit) and not widget.objectName().startswith("qt_scrollarea_")


def _name(widget: QWidget) -> str:
    words = getattr(widget, "text", lambda: "")()
    parent = widget.parentWidget()
    told = str(words or widget.accessibleName() or widget.objectName())[:60]
    return f"{type(widget).__name__} {told!r} in {type(parent).__name__}"


# --- words ----------------------------------------------------------------------------------------------------------


def _cut(widget: QWidget) -> Told:
    for kind, check in _CHECKS:
        if isinstance(widget, kind):
            return check(widget)
    return []


def _cut_label(widget: QLabel) -> Told:
    words = widget.text()
    if not words:
        return []
    if words.endswith("…") and words not in _own_words():
        return [f"shortened: {_name(widget)}"]
    if not widget.wordWrap():
        need = widget.sizeHint()
        fits = need.width() <= widget.width() + SLACK and need.height() <= widget.height() + SLACK
        return [] if fits else [f"cut: {_name(widget)}, {widget.size().toTuple()} of {need.toTuple()}"]
    need_high = widget.heightForWidth(widget.width())
    widest = max((widget.fontMetrics().horizontalAdvance(word) for word in words.split() if word.isascii()), default=0)
    if need_high > widget.height() + SLACK:
        return [f"cut: {_name(widget)}, {widget.height()} high of {need_high}"]
    if widest > widget.contentsRect().width() + SLACK and not _is_path(words):
        return [f"cut: {_name(widget)}, {widget.width()} wide of {widest}"]
    return []


@cache
def _own_words() -> frozenset[str]:
    """Texts of the program that end with three points because somebody wrote them so."""
    files = [*Path(folder("i18n")).rglob("*.json")]
    return frozenset(words for file in files for words in json.loads(file.read_text(encoding="utf-8")).values())


def _is_path(words: str) -> bool:
    """A path is one long word that Qt breaks at its separators."""
    return "/" in words or "\\" in words


def _cut_button(widget: QAbstractButton) -> Told:
    if not widget.text():
        return []
    need = widget.sizeHint()
    if isinstance(widget, QPushButton):
        option = QStyleOptionButton()
        widget.initStyleOption(option)
        room = widget.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, widget).width()
        icon = 0 if widget.icon().isNull() else widget.iconSize().width() + 4
        lack = QFontMetrics(widget.font()).horizontalAdvance(widget.text()) + icon - room
    else:
        lack = need.width() - widget.width()
    if lack > SLACK or QFontMetrics(widget.font()).height() > widget.height():
        return [f"cut: {_name(widget)}, {lack} too narrow"]
    return []


def _cut_combo(widget: QComboBox) -> Told:
    option = QStyleOptionComboBox()
    widget.initStyleOption(option)
    edit = QStyle.SubControl.SC_ComboBoxEditField
    room = widget.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, edit, widget).width()
    words = widget.currentText() or widget.placeholderText()
    metrics, found = widget.fontMetrics(), []
    if metrics.horizontalAdvance(words) > room + SLACK and widget.toolTip() != words:
        found.append(f"cut: {_name(widget)} shows {words!r}, {metrics.horizontalAdvance(words)} in {room}")
    longest = max((widget.itemText(at) for at in range(widget.count())), key=metrics.horizontalAdvance, default="")
    if metrics.horizontalAdvance(longest) + 16 > widget.width() and widget.isEnabled():
        widget.showPopup()
        listed = widget.view().viewport().width()
        widget.hidePopup()
        if metrics.horizontalAdvance(longest) + 16 > listed:
            found.append(f"cut: {_name(widget)} lists {longest!r}")
    return found


def _cut_line(widget: QLineEdit) -> Told:
    words = widget.placeholderText() if not widget.text() else widget.text() if widget.isReadOnly() else ""
    room = widget.contentsRect().width() - 16 - (24 if widget.isClearButtonEnabled() else 0)
    if widget.fontMetrics().horizontalAdvance(words) > room + 6 and words not in widget.toolTip():
        return [f"cut: {_name(widget)} shows {words!r}"]
    return []


def _cut_tabs(widget: QTabBar) -> Told:
    found = []
    for at in range(widget.count()):
        words, box = widget.tabText(at), widget.tabRect(at)
        if QFontMetrics(widget.font()).horizontalAdvance(words) > box.width():
            found.append(f"cut: tab {words!r}")
        if not widget.rect().contains(box) and not widget.usesScrollButtons():
            found.append(f"out of reach: tab {words!r}")
    return found


def _cut_list(widget: QListView) -> Told:
    found = []
    model = widget.model()
    for row in range(model.rowCount() if model is not None else 0):
        index = model.index(row, 0)
        words, box = str(index.data() or ""), widget.visualRect(index)
        room = box.width() - 16
        if widget.wordWrap():
            wrap = QRect(0, 0, room, 2000)
            need = widget.fontMetrics().boundingRect(wrap, int(Qt.TextFlag.TextWordWrap), words)
            is_cut = need.height() > box.height() or need.width() > room + SLACK
        else:
            is_cut = widget.fontMetrics().horizontalAdvance(words) > room
        if is_cut and not index.data(_TIP) and not widget.horizontalScrollBar().maximum():
            found.append(f"cut: {words!r} in {_name(widget)}")
    return found


def _cut_header(widget: QHeaderView) -> Told:
    if widget.orientation() == Qt.Orientation.Vertical or is_own(type(widget), "paintSection"):
        return []
    model, found = widget.model(), []
    for at in range(widget.count()):
        words = str(model.headerData(at, Qt.Orientation.Horizontal) or "")
        if widget.isSectionHidden(at) or not words:
            continue
        if widget.sectionSizeHint(at) > widget.sectionSize(at) + SLACK:
            found.append(f"cut: heading {words!r}, {widget.sectionSize(at)} of {widget.sectionSizeHint(at)}")
    return found


_TIP = Qt.ItemDataRole.ToolTipRole
_CHECKS: tuple[tuple[Any, Any], ...] = (
    (QLabel, _cut_label),
    (QComboBox, _cut_combo),
    (QPushButton | QRadioButton | QCheckBox | QToolButton, _cut_button),
    (QLineEdit, _cut_line),
    (QTabBar, _cut_tabs),
    (QListView, _cut_list),
    (QHeaderView, _cut_header),
)


# --- places ---------------------------------------------------------------------------------------------------------


def _overlapping(parent: QWidget) -> Told:
    """Children that lie over one another."""
    if isinstance(parent, QAbstractScrollArea | QComboBox | QLineEdit | QMainWindow | QTabBar):
        return []
    children = [
        each for each in parent.children()
        if isinstance(each, QWidget) and each.isVisibleTo(parent) and not each.isWindow()
        and not isinstance(each, LockCover)
    ]  # fmt: skip
    found = []
    for at, one in enumerate(children):
        for other in children[at + 1 :]:
            both = one.geometry().intersected(other.geometry())
            if both.width() > SLACK and both.height() > SLACK and not _is_paper(one, other):
                found.append(f"one over the other: {_name(one)} and {_name(other)}")
    return found


def _is_paper(one: QWidget, other: QWidget) -> bool:
    """A mark painted on a button's ground and the words beside it are made to share it."""
    return one.parentWidget() is not None and isinstance(one.parentWidget(), QTableView) and one is not other


def _reachable(widget: QWidget) -> bool:
    """All of it can be brought before the eyes, by scrolling where there are bars."""
    box, at = QRect(widget.rect()), widget
    if box.isEmpty():
        return True
    while not at.isWindow():
        parent = at.parentWidget()
        assert parent is not None
        box.translate(at.pos())
        area = parent.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
            scrolled = _scrolled_in(box, area)
            if scrolled is None:
                return False
            box = scrolled
        elif not parent.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(box):
            return isinstance(parent, QAbstractScrollArea)
        at = parent
    return True


def _scrolled_in(box: QRect, area: QAbstractScrollArea) -> QRect | None:
    """Where the box lies once it was scrolled into view; None when it can't be."""
    room = area.viewport().rect()
    off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    for before, after, bar, policy in (
        (box.left(), box.right() - room.right(), area.horizontalScrollBar(), area.horizontalScrollBarPolicy()),
        (box.top(), box.bottom() - room.bottom(), area.verticalScrollBar(), area.verticalScrollBarPolicy()),
    ):
        lies_out = before < -SLACK or after > SLACK
        if lies_out and policy == off:
            return None
        if -before > bar.value() + SLACK or after > bar.maximum() - bar.value() + SLACK:
            return None
    size = QSize(min(box.width(), room.width()), min(box.height(), room.height()))
    return QRect(room.topLeft(), size)


# --- ink ------------------------------------------------------------------------------------------------------------


class Proof(QPainter):
    """A painter that notes what it had to cut."""

    found: Told

    def drawText(self, *args: Any) -> None:  # noqa: N802
        """Note a text that is larger than its box, or was shortened before it came here."""
        words = next(each for each in args if isinstance(each, str))
        flags = next((_number(each) for each in args if isinstance(each, int | Qt.AlignmentFlag | Qt.TextFlag)), 0)
        box = args[0]
        if words.endswith("…"):
            self.found.append(f"painted short: {words!r}")
        elif isinstance(box, QRect | QRectF) and words and not flags & Qt.TextFlag.TextDontClip.value:
            need = self.boundingRect(box.toRect() if isinstance(box, QRectF) else box, flags, words)
            if need.width() > box.width() + SLACK or need.height() > box.height() + 3:
                self.found.append(f"painted over: {words!r}, {need.size().toTuple()} in {box.size().toTuple()}")
        super().drawText(*args)


def _number(flags: Any) -> int:
    return int(flags.value) if hasattr(flags, "value") else int(flags)


@contextmanager
def proof_painter(found: Told) -> Iterator[None]:
    """The program's own widgets paint with `Proof`."""
    Proof.found = found
    changed = [module for name, module in sys.modules.copy().items()
               if name.startswith("ui.") and getattr(module, "QPainter", None) is QPainter]  # fmt: skip
    for module in changed:
        module.QPainter = Proof  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in changed:
            module.QPainter = QPainter  # type: ignore[attr-defined]


def is_own(kind: type, method: str) -> bool:
    """The method is written in the program, not in Qt."""
    return any(method in vars(each) and each.__module__.startswith("ui.") for each in kind.__mro__)


def _paints_itself(widget: QWidget) -> bool:
    return is_own(type(widget), "paintEvent")


def _paint_table(view: QTableView, found: Told) -> None:
    """Heads and cells of a table, in the widths they have."""
    head, model = view.horizontalHeader(), view.model()
    if head.length() > view.viewport().width() + SLACK and not view.horizontalScrollBar().maximum():
        found.append(f"columns out of reach: {_name(view)}")
    sheet = QImage(16, 16, QImage.Format.Format_ARGB32)
    painter = Proof(sheet)
    if is_own(type(head), "paintSection"):
        for at in range(head.count()):
            head.paintSection(painter, QRect(0, 0, head.sectionSize(at), head.height()), at)
    for row in range(min(ROWS, model.rowCount())):
        for column in range(model.columnCount()):
            if not view.isColumnHidden(column):
                _paint_cell(view, model.index(row, column), painter, found)
    painter.end()


def _paint_cell(view: QAbstractItemView, index: QModelIndex, painter: Proof, found: Told) -> None:
    delegate = view.itemDelegateForIndex(index)
    box = QRect(0, 0, view.columnWidth(index.column()), view.rowHeight(index.row()))  # type: ignore[attr-defined]
    if is_own(type(delegate), "paint"):
        option = QStyleOptionViewItem()
        option.rect, option.palette, option.font = box, view.palette(), view.font()
        assert isinstance(delegate, QStyledItemDelegate)
        before = len(found)
        delegate.paint(painter, option, index)
        if view.itemDelegateForColumn(index.column()) is None and index.data(_TIP):
            del found[before:]
        return
    words = str(index.data() or "")
    if view.wordWrap():  # type: ignore[attr-defined]
        lines = view.fontMetrics().boundingRect(box.adjusted(0, 0, -10, 2000), Qt.TextFlag.TextWordWrap.value, words)
        if lines.height() > box.height() or lines.width() > box.width():
            found.append(f"cut: {words!r} in column {index.column()} of {_name(view)}")
        return
    need = view.fontMetrics().horizontalAdvance(words) + 16
    if need > box.width() + SLACK and words not in str(index.data(_TIP) or ""):
        found.append(f"cut and told nowhere: {words!r} in column {index.column()} of {_name(view)}")
