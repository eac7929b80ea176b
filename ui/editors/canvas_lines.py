"""The lines a form is drawn from: group heads, fields, rows of a log. Geometry and text, no behaviour."""

from dataclasses import dataclass, field

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QComboBox, QPushButton

from forms.sheet import Cell
from forms.study import Item, ItemGroup
from ui.editors.base import Editor


@dataclass(slots=True)
class Columns:
    """Left edges and widths of a form's columns in pixels."""

    label: tuple[int, int]
    entry: tuple[int, int]
    unit: tuple[int, int]
    limits: tuple[int, int]
    before: tuple[int, int]
    chip: tuple[int, int]

    @property
    def right(self) -> int:
        """Where the last column ends."""
        return self.chip[0] + self.chip[1]


UNIT, UNIT_MOST = 94, 156
"""Width of the units' column in pixels: at least, and at most however long a unit is."""


def columns_for(width: int, unit: int = UNIT) -> Columns:
    """Columns for a canvas ``width`` pixels wide; labels and entry take what the fixed ones leave."""
    pad, gap = 20, 12
    limits, before, chip = 98, 164, 76
    free = max(400, width - 2 * pad - 5 * gap - unit - limits - before - chip)
    label = min(340, int(free * 0.52))
    entry = min(300, free - label)
    edges = []
    left = pad
    for size in (label, entry, unit, limits, before, chip):
        edges.append((left, size))
        left += size + gap
    return Columns(*edges)


@dataclass(slots=True)
class GroupLine:
    """A section's head."""

    group: ItemGroup
    rect: QRect = field(default_factory=QRect)
    filled: int = 0
    asked: int = 0
    shown: bool = True


@dataclass(slots=True)
class FieldLine:
    """One question of one row with its editor; ``cell`` is what was painted last.

    ``typing``: the editor holds text that was not given to the store yet, which nothing may overwrite. ``asked``: what
    stands asked about the field, a sentence for each query.
    """

    group: ItemGroup
    item: Item
    row: str
    editor: Editor
    unit: QComboBox | None
    cell: Cell | None = None
    rect: QRect = field(default_factory=QRect)
    chips: list[tuple[QRect, str, int | None]] = field(default_factory=list)
    shown: bool = True
    typing: bool = False
    asked: tuple[str, ...] = ()


@dataclass(slots=True)
class RowLine:
    """The head of one row of a log: a button that opens and closes it."""

    group: ItemGroup
    row: str
    button: QPushButton
    rect: QRect = field(default_factory=QRect)


@dataclass(slots=True)
class ButtonLine:
    """A button among the rows of a log: it begins a new row, or removes the open one."""

    group: ItemGroup
    button: QPushButton
    rect: QRect = field(default_factory=QRect)


Line = GroupLine | FieldLine | RowLine | ButtonLine
