"""The lines a form is drawn from: group heads, fields, rows of a log. Geometry and text, no behaviour."""

from dataclasses import dataclass, field

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QComboBox, QPushButton

from forms.sheet.sheet import Cell
from forms.study.definition import Item, ItemGroup
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
    def narrow(self) -> bool:
        """Limits and earlier value have no columns of their own: they stand beneath the entry."""
        return not self.limits[1]

    @property
    def right(self) -> int:
        """Where the last column ends."""
        return self.chip[0] + self.chip[1]


UNIT, UNIT_MOST = 94, 156
"""Width of the units' column in pixels: at least, and at most however long a unit is."""


PAD, GAP = 20, 12
LIMITS, BEFORE, CHIP = 98, 164, 76
FREE, FREE_NARROW = 400, 300
"""Pixels that label and entry need together: beside all other columns, and where two of these were given up."""


def columns_for(width: int, unit: int = UNIT) -> Columns:
    """Columns for a canvas ``width`` pixels wide; labels and entry take what the fixed ones leave.

    Where that is too little, limits and earlier value give up their columns.
    """
    limits, before = LIMITS, BEFORE
    free = width - 2 * PAD - 5 * GAP - unit - limits - before - CHIP
    if free < FREE:
        limits = before = 0
        free = max(FREE_NARROW, width - 2 * PAD - 3 * GAP - unit - CHIP)
    label = min(340, int(free * 0.52))
    entry = min(300, free - label)
    edges = []
    left = PAD
    for size in (label, entry, unit, limits, before, CHIP):
        edges.append((left, size))
        left += size + GAP if size else 0
    return Columns(*edges)


def least_width(unit: int) -> int:
    """Pixels below which a canvas is scrolled sideways."""
    return 2 * PAD + 3 * GAP + unit + CHIP + FREE_NARROW


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
    stands asked about the field, a sentence for each query. ``beneath``: quiet words under the editor that have no
    room beside it, with their places.
    """

    group: ItemGroup
    item: Item
    row: str
    editor: Editor
    unit: QComboBox | None
    cell: Cell | None = None
    rect: QRect = field(default_factory=QRect)
    chips: list[tuple[QRect, str, int | None]] = field(default_factory=list)
    beneath: list[tuple[QRect, str]] = field(default_factory=list)
    shown: bool = True
    typing: bool = False
    asked: tuple[str, ...] = ()


@dataclass(slots=True)
class RowLine:
    """The head of one row of a log: a button that opens and closes it. ``words`` is its whole summary."""

    group: ItemGroup
    row: str
    button: QPushButton
    words: str = ""
    rect: QRect = field(default_factory=QRect)


@dataclass(slots=True)
class ButtonLine:
    """A button among the rows of a log: it begins a new row, or removes the open one."""

    group: ItemGroup
    button: QPushButton
    rect: QRect = field(default_factory=QRect)


Line = GroupLine | FieldLine | RowLine | ButtonLine
