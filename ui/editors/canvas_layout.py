"""Where the lines of a form stand: pure geometry from widths, fonts and cells."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics

from forms.grading.words import explain
from forms.sheet.sheet import Cell, Sheet
from forms.shown import unit_words
from forms.texts import said, say
from ui.editors.canvas_lines import UNIT, UNIT_MOST, ButtonLine, Columns, FieldLine, GroupLine, Line, RowLine
from ui.editors.choice import ChoiceEditor, ComboEditor, SeveralEditor
from ui.editors.words import missing_words, previous_words, range_words
from ui.parts.plain import menu_words, plain_tip
from ui.theme import font

GROUP_HEIGHT = 46
CAPTION_HEIGHT = 20
FIELD_GAP = 8
FINDING_GAP = 3
TOP = 6
ROW_EDGES = 28
"""Pixels of a row's button that its words can't have."""
ARROW = 16
"""Pixels at the end of the limits for the arrow that says above or below."""


def unit_room(units: Iterable[tuple[str, bool]], metrics: QFontMetrics) -> int:
    """Width of the units' column for these units; ``True``: it stands in a box with an arrow."""
    widest = max((metrics.horizontalAdvance(words) + (40 if boxed else 4) for words, boxed in units), default=0)
    return max(UNIT, min(UNIT_MOST, widest))


def spoken(line: FieldLine, cell: Cell, language: str) -> str:
    """What a screen reader says of a field besides its name."""
    words = [
        unit_words(cell.value.unit, language),
        range_words(cell.range),
        *(sentence for _, sentence in told_under(line, cell, language)),
    ]
    words += [explain(grade, language).text for grade in cell.grades]
    return ". ".join(word for word in words if word)


def told_under(line: FieldLine, cell: Cell, language: str) -> list[tuple[str, str]]:
    """What stands beneath a field: (severity, sentence) of each finding, then ``asked`` with each query not yet closed.

    A query that the program raised from a finding still shown says the same and is told once.
    """
    findings: list[tuple[str, str]] = [(each.severity, said(each.text, language)) for each in cell.findings]
    sentences = [words for _, words in findings]
    return findings + [("asked", words) for words in line.asked if not any(words.endswith(each) for each in sentences)]


def findings_width(columns: Columns) -> int:
    """Findings run from the entry column to the right edge."""
    return columns.right - columns.entry[0] - 18


def chip_words(cell: Cell) -> list[tuple[str, int | None]]:
    """Text and grade of each chip: ``G3``; ``G1–2?`` undecided; ``?`` not gradable. Grade 0 shows none."""
    chips: list[tuple[str, int | None]] = []
    silent = True
    for grade in cell.grades:
        if grade.grade:
            chips.append((f"G{grade.grade}", grade.grade))
        elif grade.grade is None and grade.candidates:
            lowest, highest = min(grade.candidates), max(grade.candidates)
            if highest:
                chips.append((f"G{lowest}–{highest}?" if lowest != highest else f"G{highest}?", None))
        silent = silent and grade.grade is None and not grade.candidates
    if cell.grades and silent and cell.value.value:
        chips.append(("G?", None))
    return chips[:2]


def count_progress(line: GroupLine, fields: Iterable[FieldLine], unbuilt: Iterable[Cell] = ()) -> bool:
    """Bring a group's "3/12" up to date, cells that have no editor yet included; true when it changed."""
    cells = [f.cell for f in fields if f.group is line.group and f.cell is not None]
    mine = [cell for cell in (*cells, *unbuilt) if not cell.hidden]
    asked = [cell for cell in mine if not cell.item.derive]
    filled = sum(1 for cell in asked if not cell.value.blank)
    changed = (line.filled, line.asked) != (filled, len(asked))
    line.filled, line.asked = filled, len(asked)
    shown = line.group.repeat or bool(mine)
    changed = changed or shown != line.shown
    line.shown = shown
    return changed


def lay_out(lines: Sequence[Line], columns: Columns, metrics: QFontMetrics, sheet: Sheet, language: str) -> int:
    """Give every line its rectangle and every widget its place; the height of the whole in pixels."""
    top = TOP
    for line in lines:
        if isinstance(line, GroupLine):
            height = GROUP_HEIGHT + (CAPTION_HEIGHT if _has_captions(line) else 0) if line.shown else 0
            line.rect = QRect(0, top, columns.right + 20, height)
        elif isinstance(line, FieldLine):
            height = _place_field(line, columns, metrics, top, sheet, language)
        else:
            height = _place_button(line, columns, top)
        top += height
    return top + 40


def _has_captions(line: GroupLine) -> bool:
    return any(item.analyte for item in line.group.items)


def _place_button(line: RowLine | ButtonLine, columns: Columns, top: int) -> int:
    left = columns.label[0]
    if line.button.isHidden():
        line.button.show()
    if isinstance(line, RowLine):
        line.button.setGeometry(left, top + 2, columns.right - left, 34)
        show_words(line)
    else:
        line.button.setGeometry(left, top + 6, line.button.sizeHint().width() + 12, 32)
    line.rect = QRect(left, top, columns.right - left, 44 if isinstance(line, ButtonLine) else 38)
    return line.rect.height()


def show_words(line: RowLine) -> None:
    """As much of a row's summary as its button holds; the tip has the whole, the open row each value."""
    metrics, room = QFontMetrics(font(bold=True)), line.button.width() - ROW_EDGES
    line.button.setText(menu_words(metrics.elidedText(line.words, Qt.TextElideMode.ElideRight, room)))
    line.button.setToolTip(plain_tip(line.words))
    line.button.setAccessibleName(line.words)


def _place_field(
    line: FieldLine, columns: Columns, metrics: QFontMetrics, top: int, sheet: Sheet, language: str
) -> int:
    cell = line.cell
    line.shown = cell is not None and (not cell.hidden or not cell.value.blank)
    if line.editor.isHidden() == line.shown:
        line.editor.setVisible(line.shown)
        if line.unit is not None:
            line.unit.setVisible(line.shown)
    if cell is None or not line.shown:
        line.rect = QRect()
        return 0
    width = _entry_width(line, columns)
    entry_height = max(line.editor.height_for(width), metrics.height() + 10)
    label = metrics.boundingRect(
        QRect(0, 0, columns.label[1] - 14, 1000), int(Qt.TextFlag.TextWordWrap), said(line.item.label, language)
    )
    height = max(entry_height, label.height() + 4)
    line.editor.setGeometry(columns.entry[0], top, width, entry_height)
    if line.unit is not None:
        line.unit.setGeometry(columns.unit[0], top, columns.unit[1], entry_height)
    line.chips = _chips(cell, columns, metrics, top, entry_height)
    below = entry_height + _place_beneath(line, cell, columns, metrics, sheet, language)
    for _, words in told_under(line, cell, language):
        below += _told_height(words, columns, metrics) + FINDING_GAP
    height = max(height, below)
    line.rect = QRect(columns.label[0] - 8, top - 3, columns.right - columns.label[0] + 16, height + 6)
    return height + FIELD_GAP


def _place_beneath(
    line: FieldLine, cell: Cell, columns: Columns, metrics: QFontMetrics, sheet: Sheet, language: str
) -> int:
    """Give places to the words that find none beside the editor; the pixels they take."""
    line.beneath = []
    width, top = findings_width(columns), line.editor.geometry().bottom() + 1 + FINDING_GAP
    taken = 0
    for words in _words_beneath(line, cell, columns, metrics, sheet, language):
        room = metrics.boundingRect(QRect(0, 0, width, 1000), int(Qt.TextFlag.TextWordWrap), words)
        line.beneath.append((QRect(columns.entry[0], top + taken, width, room.height()), words))
        taken += room.height() + FINDING_GAP
    return taken


def _words_beneath(
    line: FieldLine, cell: Cell, columns: Columns, metrics: QFontMetrics, sheet: Sheet, language: str
) -> list[str]:
    limits, before = range_words(cell.range), previous_words(sheet, cell, language)
    told = []
    if limits and not limits_beside(line, columns, metrics):
        arrow = f" {ARROWS[cell.flag]}" if cell.flag else ""
        told.append(f"{say(language, 'ui_form.column.limits')} {limits}{arrow}")
    if before and not before_beside(line, before, columns, metrics):
        told.append(f"{say(language, 'ui_form.column.before')} {before}")
    beneath = ["   ·   ".join(told)] if told else []
    if cell.value.missing and isinstance(line.editor, ChoiceEditor | SeveralEditor):
        beneath.append(missing_words(cell.value.missing, language))
    return beneath


ARROWS = {"H": "▲", "L": "▼"}
"""Above and below the reference limits."""


def limits_beside(line: FieldLine, columns: Columns, metrics: QFontMetrics) -> bool:
    """The reference limits stand in their own column."""
    words = range_words(line.cell.range if line.cell is not None else None)
    free = line.editor.geometry().right() < columns.limits[0]
    return free and metrics.horizontalAdvance(words) <= columns.limits[1] - ARROW


def before_beside(line: FieldLine, words: str, columns: Columns, metrics: QFontMetrics) -> bool:
    """The earlier value stands in its own column."""
    free = line.editor.geometry().right() < columns.before[0]
    return free and metrics.horizontalAdvance(words) <= columns.before[1]


def _told_height(words: str, columns: Columns, metrics: QFontMetrics) -> int:
    box = QRect(0, 0, findings_width(columns), 1000)
    return metrics.boundingRect(box, int(Qt.TextFlag.TextWordWrap), words).height()


def _entry_width(line: FieldLine, columns: Columns) -> int:
    """Buttons, ticks and long text may use the room of unit, limits and earlier value when these are empty."""
    wide = columns.chip[0] - columns.entry[0] - 14
    if isinstance(line.editor, ChoiceEditor | SeveralEditor):
        return min(wide, line.editor.flow.sizeHint().width())
    if line.item.kind == "long" or line.item.lookup:
        return wide
    if line.item.kind == "text" and not line.item.units:
        return min(wide, columns.entry[1] + columns.unit[1] + 14)
    if isinstance(line.editor, ComboEditor):
        return min(wide, max(columns.entry[1] + columns.unit[1] + 14, line.editor.width_wanted()))
    return min(columns.entry[1], 168) if line.item.kind != "text" else columns.entry[1]


def _chips(
    cell: Cell, columns: Columns, metrics: QFontMetrics, top: int, height: int
) -> list[tuple[QRect, str, int | None]]:
    chips = []
    left = columns.chip[0]
    for words, grade in chip_words(cell):
        width = metrics.horizontalAdvance(words) + 18
        chips.append((QRect(left, top + (height - 24) // 2, width, 24), words, grade))
        left += width + 6
    return chips
