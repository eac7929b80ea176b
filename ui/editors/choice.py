"""Codes of a list: buttons for a short list, a list that opens for a long one, ticks where several may hold."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QWidget

from forms.study.definition import CodeList, Item
from forms.texts import said, say
from ui.editors.base import DropDown, Editor, Radio, Tick
from ui.parts.flow import Flow
from ui.parts.plain import menu_words, plain_tip

PAUSE = 1500
"""Milliseconds after which a digit is a new answer and no further digit of a number."""
ARROW = 48
"""Pixels that the edges of a closed list and its arrow take."""


def _choices() -> Flow:
    """Side by side and as high as a line of text; on further lines where they don't fit."""
    made = Flow(across=14, down=6)
    made.setContentsMargins(0, 5, 0, 5)
    return made


COMMAND_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
"""A key pressed with one of these is a command."""


class OneOfSeveral(Editor):
    """Base of the editors that choose one code: what digits mean there.

    A digit is the code that begins so. When more follow than a code has, a number was typed that was meant for another
    field: it answers nothing.
    """

    def __init__(self, item: Item, language: str, parent: QWidget) -> None:
        super().__init__(item, language, parent)
        self.codes: list[str] = []
        self.signs, self.before, self.at = "", "", 0

    def on_focus_out(self) -> None:
        """What is typed when one comes back is another number."""
        self.signs = ""
        super().on_focus_out()

    def on_key(self, event: QKeyEvent) -> bool:
        """Digits choose; with Ctrl, Alt or Meta held they are a shortcut and no answer."""
        if event.modifiers() & COMMAND_KEYS:
            return super().on_key(event)
        wanted = event.text().strip()
        if wanted and (wanted.isdecimal() or (self.signs and wanted in ".,")):
            self._take_digit(wanted, event.timestamp())
            return True
        self.signs = ""
        return super().on_key(event)

    def _take_digit(self, sign: str, at: int) -> None:
        """Choose by a digit; when more follow than a code has, put back what stood there and say so."""
        if at - self.at > PAUSE:
            self.signs = ""
        self.at = at
        if not self.signs:
            self.before = self.text()
        self.signs += sign
        number = self._meant(self.signs)
        if number is not None:
            self._choose(number)
            return
        if self.text() != self.before:
            self._put_back(self.before)
            self.typed.emit(self.text())
        self.noticed.emit(say(self.language, "ui_form.no_number", what=said(self.item.label, self.language)))

    def _meant(self, signs: str) -> int | None:
        """Which code digits mean, None for none."""
        begins = [number for number, code in enumerate(self.codes) if code.startswith(signs)]
        return begins[0] if begins else None

    def _choose(self, number: int) -> None:
        raise TypeError("an editor chooses a code by its place in the list")

    def _put_back(self, code: str) -> None:
        raise TypeError("an editor shows the code that stood there")


class ChoiceEditor(OneOfSeveral):
    """Up to four codes side by side. Arrows, the first letter or a digit choose, Delete clears; leaving saves.

    A digit is the code that begins so; where no code is a number, the place in the list. A whole number typed here was
    meant for another field: it answers nothing.
    """

    def __init__(self, item: Item, codelist: CodeList, language: str, parent: QWidget) -> None:
        super().__init__(item, language, parent)
        self.codes = [entry.code for entry in codelist.codes]
        self.group = QButtonGroup(self)
        self.buttons: list[Radio] = []
        self.flow = _choices()
        self.setLayout(self.flow)
        for number, entry in enumerate(codelist.codes):
            words = said(entry.label, language)
            button = Radio(menu_words(words), self)
            self.group.addButton(button, number)
            self.flow.addWidget(button)
            self.watch(button)
            button.setAccessibleName(f"{self.accessibleName()}: {words}")
            self.buttons.append(button)
        self.group.idClicked.connect(lambda _: self.typed.emit(self.text()))
        self.setFocusProxy(self.buttons[0])

    def text(self) -> str:
        """The chosen code, "" when none."""
        chosen = self.group.checkedId()
        return self.codes[chosen] if chosen >= 0 else ""

    def show_text(self, text: str, hint: str = "") -> None:
        """Check the button of a code; anything else leaves all unchecked. A missing code's words become the tip."""
        self.setToolTip(plain_tip(hint))
        if text in self.codes:
            number = self.codes.index(text)
            self.buttons[number].setChecked(True)
            self.setFocusProxy(self.buttons[number])
        else:
            self._clear()

    def _clear(self) -> None:
        self.group.setExclusive(False)
        for button in self.buttons:
            button.setChecked(False)
        self.group.setExclusive(True)
        self.setFocusProxy(self.buttons[0])

    def on_focus_out(self) -> None:
        """Moving between the buttons of the group is not leaving it."""
        if not any(button.hasFocus() for button in self.buttons):
            super().on_focus_out()

    def on_key(self, event: QKeyEvent) -> bool:
        """Delete clears, a letter or digit chooses; with Ctrl, Alt or Meta held it is a shortcut and no answer."""
        if super().on_key(event):
            return True
        if event.modifiers() & COMMAND_KEYS:
            return False
        wanted = event.text().strip().lower()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._clear()
            self.typed.emit("")
            return True
        if wanted:
            starts = [b.text().lower() for b in self.buttons]
            for number, code in enumerate(self.codes):
                if wanted == code[:1].lower() or starts[number].startswith(wanted):
                    self._choose(number)
                    return True
        return False

    def _put_back(self, code: str) -> None:
        if code in self.codes:
            self.buttons[self.codes.index(code)].setChecked(True)
        else:
            self._clear()

    def _choose(self, number: int) -> None:
        self.buttons[number].setChecked(True)
        signs = self.signs
        self.buttons[number].setFocus()
        self.signs = signs  # going to another button of the group is not leaving
        self.typed.emit(self.text())

    def _meant(self, signs: str) -> int | None:
        begins = super()._meant(signs)
        if begins is not None:
            return begins
        in_place = len(signs) == 1 and not any(code[:1].isdecimal() for code in self.codes)
        return int(signs) - 1 if in_place and 0 < int(signs) <= len(self.codes) else None

    def height_for(self, width: int) -> int:
        """Lines that the buttons take."""
        return self.flow.heightForWidth(width)


class ComboEditor(OneOfSeveral):
    """A list that opens. The wheel does not change a value while scrolling past."""

    def __init__(self, item: Item, codelist: CodeList, language: str, parent: QWidget) -> None:
        super().__init__(item, language, parent)
        self.codes = ["", *(entry.code for entry in codelist.codes)]
        self.box = DropDown(self)
        self.box.addItem("")
        self.box.addItems([said(entry.label, language) for entry in codelist.codes])
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.setMaxVisibleItems(14)
        self.box.setMinimumContentsLength(4)
        self.box.activated.connect(lambda _: self.typed.emit(self.text()))
        self.setFocusProxy(self.box)
        self.watch(self.box)

    def text(self) -> str:
        """The chosen code, "" when none."""
        return self.codes[self.box.currentIndex()] if self.box.currentIndex() >= 0 else ""

    def show_text(self, text: str, hint: str = "") -> None:
        """Choose a code. Text that is no code of the list is shown as typed, so that nothing is hidden."""
        while self.box.count() > len(self.codes):
            self.box.removeItem(self.box.count() - 1)
        self.box.setPlaceholderText(hint)
        if text in self.codes:
            self.box.setCurrentIndex(self.codes.index(text) if text or not hint else -1)
        else:
            self.box.addItem(text)
            self.codes = [*self.codes[: self.box.count() - 1], text]
            self.box.setCurrentIndex(self.box.count() - 1)
        self.box.setToolTip(plain_tip(self.box.currentText()))

    def width_wanted(self) -> int:
        """Pixels in which each code can be read while the list is closed."""
        metrics = self.box.fontMetrics()
        return max(metrics.horizontalAdvance(self.box.itemText(at)) for at in range(self.box.count())) + ARROW

    def on_key(self, event: QKeyEvent) -> bool:
        """Delete clears, digits are a code or the beginning of a label; for letters the list looks by itself."""
        if super().on_key(event):
            return True
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.box.setCurrentIndex(0)
            self.typed.emit("")
            return True
        return False

    def _meant(self, signs: str) -> int | None:
        labels = [number for number in range(self.box.count()) if self.box.itemText(number).startswith(signs)]
        begins = super()._meant(signs)
        return begins if begins is not None or not labels else labels[0]

    def _choose(self, number: int) -> None:
        self.box.setCurrentIndex(number)
        self.typed.emit(self.text())

    def _put_back(self, code: str) -> None:
        hinted = not code and bool(self.box.placeholderText())
        self.box.setCurrentIndex(-1 if hinted else self.codes.index(code) if code in self.codes else 0)


class SeveralEditor(Editor):
    """Ticks: any number of codes of a list."""

    def __init__(self, item: Item, codelist: CodeList, language: str, parent: QWidget) -> None:
        super().__init__(item, language, parent)
        self.codes = [entry.code for entry in codelist.codes]
        self.boxes: list[Tick] = []
        self.flow = _choices()
        self.setLayout(self.flow)
        for entry in codelist.codes:
            words = said(entry.label, language)
            box = Tick(menu_words(words), self)
            box.clicked.connect(lambda _: self.typed.emit(self.text()))
            self.flow.addWidget(box)
            self.watch(box)
            box.setAccessibleName(f"{self.accessibleName()}: {words}")
            self.boxes.append(box)
        self.setFocusProxy(self.boxes[0])
        self.setToolTip(plain_tip(say(language, "ui_form.several")))

    def text(self) -> str:
        """The ticked codes in list order, joined by semicolons."""
        return ";".join(code for code, box in zip(self.codes, self.boxes, strict=True) if box.isChecked())

    def show_text(self, text: str, hint: str = "") -> None:
        """Tick the codes named."""
        named = {part.strip() for part in text.split(";")}
        for code, box in zip(self.codes, self.boxes, strict=True):
            box.setChecked(code in named)
        if hint:
            self.setToolTip(plain_tip(hint))

    def height_for(self, width: int) -> int:
        """Lines that the ticks take."""
        return self.flow.heightForWidth(width)

    def on_focus_out(self) -> None:
        """Moving between the ticks is not leaving them."""
        if not any(box.hasFocus() for box in self.boxes):
            self.left.emit()
