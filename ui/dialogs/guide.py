"""F1: the guides, open at the section of the page or dialog one is on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QObject, QPoint, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QListWidget, QTextBrowser, QWidget

from ui.guide.anchors import START, Section, section_of
from ui.guide.book import GUIDES, WIDE, picture, width_of
from ui.guide.paging import headings, inside_of, page
from ui.parts.bounded import Bounded
from ui.parts.drop_list import DropList
from ui.parts.pieces import across, button, down, label, show_note
from ui.settings import Settings
from ui.theme import look
from ui.words import Words

SIZE = QSize(1000, 680)
CONTENTS, READER = 210, QSize(300, 150)
"""Points: width of the contents, and the least the text needs."""

MARGIN = 12
"""Points beside a picture."""

BEFORE = QTextDocument.FindFlag.FindBackward


def section_around(widget: QWidget | None) -> Section:
    """The section that tells about what a widget stands in."""
    return section_of(names_around(widget))


def names_around(widget: QObject | None) -> Iterator[str]:
    """Of a widget and all it stands in, the key of a small dialog and the module, the innermost first."""
    while widget is not None:
        topic = getattr(widget, "topic", "")
        if topic:
            yield f"ask.{topic}"
        yield type(widget).__module__
        widget = widget.parent()


class GuideText(QTextBrowser):
    """The text; pictures come from the guide's own folder alone, sharp at any scale, and no wider than the text."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = self.anchor = ""
        self.fitted = self.stood = self.reading = 0
        self.setMinimumSize(READER)
        self.setOpenLinks(False)
        # A bar that comes and goes would change the room.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """A picture of the guide; nothing else is ever loaded."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return None
        source = name if isinstance(name, str) else name.toString()
        scale = self.devicePixelRatioF()
        path = picture(source)
        image = QImage(str(path))
        if image.isNull():
            return None
        wide = round(min(width_of(path), self.room()) * scale)
        shown = image.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
        shown.setDevicePixelRatio(scale)
        return shown

    def room(self) -> int:
        """Points that a picture may be wide."""
        return min(WIDE, max(READER.width() // 2, self.viewport().width() - 2 * MARGIN))

    def show_text(self, inside: str) -> None:
        """Show HTML with its pictures as wide as there is room."""
        self.inside, self.fitted = inside, self.room()
        self.document().setDefaultStyleSheet(style_of_text())
        self.setHtml(re.sub(r'width="(\d+)"', lambda met: f'width="{min(int(met.group(1)), self.fitted)}"', inside))

    def show_anchor(self, anchor: str) -> None:
        """Scroll to a heading, to the beginning when none is named."""
        self.anchor, bar = anchor, self.verticalScrollBar()
        if anchor:
            self.scrollToAnchor(anchor)
        else:
            bar.setValue(0)
        self.stood = bar.value()

    def first_sign(self) -> int:
        """Where in the text the first sign stands that is seen."""
        return self.cursorForPosition(QPoint(MARGIN, MARGIN)).position()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pictures as wide as there is room now; the line one reads at stays."""
        if not self.reading and self.verticalScrollBar().value() not in (0, self.stood):
            self.reading = self.first_sign()
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit_pictures)

    def _fit_pictures(self) -> None:
        """Fit them, then show the sign that was the first, or the heading when one has not read on from it."""
        first = self.reading
        if self.room() != self.fitted:
            self.show_text(self.inside)
            self.show_anchor(self.anchor)
            if first:
                cursor, bar = self.textCursor(), self.verticalScrollBar()
                cursor.setPosition(first)
                bar.setValue(bar.value() + self.cursorRect(cursor).top() - MARGIN)
        self.reading = 0


class GuideDialog(Bounded):
    """Guide, contents and text; Ctrl+F finds words, Alt+Left goes back, Esc closes."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.settings = settings
        self.at = START
        self.anchors: list[str] = []
        self.before: list[tuple[Section, int]] = []
        self.words = Words(settings, self)
        self.which = DropList()
        for guide in GUIDES:
            self.which.addItem("", guide)
        self.search = QLineEdit()
        self.search.setMinimumWidth(120)
        self.note = label("quiet", wrap=True)
        self.contents = QListWidget()
        self.contents.setProperty("kind", "sections")
        self.contents.setResizeMode(QListView.ResizeMode.Adjust)
        self.contents.setFixedWidth(CONTENTS)
        self.contents.setWordWrap(True)
        self.contents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.reader = GuideText()
        self.close_button = button(self.accept)
        self.keys = button(self.show_keys, kind="link")
        self.card = button(self.save_card, kind="link")
        top = across(self.which, None, self.note, self.search)
        body = down(spacing=10)
        body.addLayout(top)
        body.addLayout(across(self.contents, self.reader))
        self.hold(body, across(self.keys, self.card, None, self.close_button), SIZE)
        self._connect()
        self.words.follow(self._tell)

    def _connect(self) -> None:
        self.which.activated.connect(lambda _: self.go(Section(str(self.which.currentData()), "")))
        self.contents.itemActivated.connect(lambda _: self._go_to_line())
        self.contents.itemClicked.connect(lambda _: self._go_to_line())
        self.reader.anchorClicked.connect(self._follow)
        self.search.textChanged.connect(lambda _: show_note(self.note, ""))

    def _tell(self) -> None:
        say = self.settings.say
        self.setWindowTitle(say("ui.action.help"))
        for at, guide in enumerate(GUIDES):
            self.which.setItemText(at, say(f"guide.title.{guide}"))
        self.which.setAccessibleName(say("guide.which"))
        self.contents.setAccessibleName(say("guide.contents"))
        self.reader.setAccessibleName(say("guide.text"))
        self.search.setPlaceholderText(say("guide.find"))
        self.search.setAccessibleName(say("guide.find"))
        self.keys.setText(say("ui.action.shortcuts"))
        self.card.setText(say("guide.card.save"))
        self.close_button.setText(say("ui.dialog.close"))
        self._load(self.at)

    # --- going somewhere ------------------------------------------------------------------------------------------

    def go(self, section: Section) -> None:
        """Show a section; Alt+Left comes back."""
        self.before.append((self.at, self.reader.verticalScrollBar().value()))
        if section.guide == self.at.guide:
            self.at = section
            self._to_anchor()
        else:
            self._load(section)
        self.reader.setFocus()

    def back(self) -> None:
        """Where one came from."""
        if self.before:
            section, height = self.before.pop()
            if section.guide != self.at.guide:
                self._load(section)
            self.at = section
            self.reader.verticalScrollBar().setValue(height)

    def _load(self, section: Section) -> None:
        self.at = section
        inside = inside_of(page(section.guide, self.settings.language))
        lines = [each for each in headings(inside) if each.level < 3]
        self.anchors = [each.anchor for each in lines]
        self.contents.clear()
        self.contents.addItems([("" if each.level == 1 else "    ") + each.words for each in lines])
        self.reader.show_text(inside)
        self.which.setCurrentIndex(GUIDES.index(section.guide))
        self._to_anchor()

    def _to_anchor(self) -> None:
        anchor = self.at.anchor
        self.reader.show_anchor(anchor)
        if anchor in self.anchors:
            self.contents.setCurrentRow(self.anchors.index(anchor))

    def _go_to_line(self) -> None:
        row = self.contents.currentRow()
        if row >= 0:
            self.go(Section(self.at.guide, self.anchors[row]))

    def _follow(self, url: QUrl) -> None:
        file, anchor = url.path().removesuffix(".html"), url.fragment()
        if not file or file in GUIDES:
            self.go(Section(file or self.at.guide, anchor))

    # --- looking for words ----------------------------------------------------------------------------------------

    def find_next(self, backwards: bool = False) -> None:
        """The next place with the words looked for, from the beginning again after the last."""
        words = self.search.text().strip()
        flags = BEFORE if backwards else QTextDocument.FindFlag(0)
        found = bool(words) and self.reader.find(words, flags)
        if words and not found:
            cursor = self.reader.textCursor()
            cursor.movePosition(cursor.MoveOperation.End if backwards else cursor.MoveOperation.Start)
            self.reader.setTextCursor(cursor)
            found = self.reader.find(words, flags)
        show_note(self.note, "" if found or not words else self.settings.say("guide.not_found"), "quiet")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of a reader: Ctrl+F, F3, Shift+F3, Alt+Left, F1."""
        key, held = event.key(), event.modifiers()
        control, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
        if key == Qt.Key.Key_F and held == control:
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()
        elif key == Qt.Key.Key_F3:
            self.find_next(backwards=bool(held & Qt.KeyboardModifier.ShiftModifier))
        elif key == Qt.Key.Key_Left and held == alt:
            self.back()
        elif key == Qt.Key.Key_F1:
            self.go(Section("users", "this-guide"))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.search.hasFocus():
            self.find_next(backwards=bool(held & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    # --- beside the guide -----------------------------------------------------------------------------------------

    def show_keys(self) -> None:
        """The table of shortcuts."""
        from ui.dialogs.shortcuts import ShortcutsDialog

        ShortcutsDialog(self.settings, self).open()

    def save_card(self) -> None:
        """Ask where to, then save the quick card as PDF."""
        from ui.dialogs.quick_card import ask_and_save_card

        ask_and_save_card(self.settings, self, self.note)


def style_of_text() -> str:
    """How the text looks on the present palette, in the few rules the reader knows."""
    c = look(QApplication.palette())
    return (
        f"body {{ color: {c.text}; }} a {{ color: {c.accent}; }}"
        f"h1 {{ margin-top: 28px; color: {c.text}; }} h2 {{ margin-top: 20px; }} h3 {{ margin-top: 14px; }}"
        "p, li { line-height: 140%; } p.picture { line-height: 100%; }"
        f"table {{ border-collapse: collapse; border: 1px solid {c.line}; margin: 8px 0; }}"
        f"td, th {{ border: 1px solid {c.line}; padding: 5px 8px; vertical-align: top; text-align: left; }}"
        f"th {{ background-color: {c.chosen}; }}"
        f"code, pre {{ background-color: {c.hover}; }}"
    )
