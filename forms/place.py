"""Where a value lives: the one address used by sheet, ledger, reports and window.

``event_no``, ``form_no`` and ``row`` are instance ids, not ordinals. Instances that the study numbers (cycle 2 of six)
use that number, "1" where there is only one. Instances a person adds (an unscheduled visit, an adverse event) carry an
id scoped by the device's strand, ``k7q2-3``, so that two laptops never make the same one. The number that a person sees
is a projection (`forms.subject.subject.Subject.number`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

SINGLE = "1"
"""Instance id of whatever exists only once."""

GRADE_MARK = "#grade"
"""Suffix of the item under which the CTCAE grade of a graded item is kept, e.g. ``PLT#grade``."""

FLAG_MARK = "#flag"
LIMIT_MARKS = ("#lln", "#uln", FLAG_MARK)
"""Suffixes of an item in expressions: the limits of its laboratory that judged the value, and on which side it lies."""


def plain_item(item: str) -> str:
    """The item of a name in an expression, without ``#grade``, ``#lln``, ``#uln`` or ``#flag``."""
    return item.partition("#")[0]


@dataclass(frozen=True, slots=True, order=True)
class FormKey:
    """One form of one subject in one event."""

    subject: str
    event: str
    event_no: str
    form: str
    form_no: str = SINGLE

    def place(self, item: str, row: str = SINGLE) -> Place:
        """The place of an item of this form."""
        return Place(self.subject, self.event, self.event_no, self.form, self.form_no, row, item)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Address of one value. Empty strings stand for "not in an event" (acts on the store itself)."""

    subject: str
    event: str
    event_no: str
    form: str
    form_no: str
    row: str
    item: str

    @property
    def form_key(self) -> FormKey:
        """The form this place lies on."""
        return FormKey(self.subject, self.event, self.event_no, self.form, self.form_no)

    @property
    def graded_item(self) -> str:
        """The item whose grade this place holds, "" when it holds none."""
        return self.item.removesuffix(GRADE_MARK) if self.item.endswith(GRADE_MARK) else ""

    @property
    def grade_place(self) -> Place:
        """Where the grade of this place's value is kept."""
        return replace(self, item=self.item + GRADE_MARK)

    def __str__(self) -> str:
        """Readable address for messages and logs; it holds no value."""
        return f"{self.subject}/{self.event}[{self.event_no}]/{self.form}[{self.form_no}]/{self.row}/{self.item}"
