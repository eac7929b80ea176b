"""The second measurement of the same occasion that a criterion reads beside the first.

Temperature beside neutrophils, albumin beside total calcium, the other blood pressure. It counts when it stands in the
same row, on the same form, or on another form of the same visit, and was taken on the same day; nothing is carried over
from another day. Of several temperatures of a day the highest counts, of anything else the nearest. Which was typed
first never matters.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from forms.compiled.companions import companions
from forms.grading.inputs import SECOND_INPUTS
from forms.subject.applies import counted
from forms.values.units import analyte_of

if TYPE_CHECKING:
    from forms.compiled.study import ItemPlan
    from forms.place import FormKey
    from forms.subject.filled import Filled
    from forms.subject.picture import Picture

_HIGHEST_COUNTS = "Body temperature"

Beside = tuple[tuple[str, str], ...]
"""Names and values of second inputs as `Measurement.with_` takes them; a tuple, so that it can be part of a key."""


def beside(subject: Picture, plan: ItemPlan, filled: Filled, row: str, on: date | None) -> Beside:
    """The second input of a graded value in ``row``, sampled ``on``; empty when none was measured with it."""
    others = companions(subject.compiled, plan)
    if not others:
        return ()
    found = [told for other in others for told in _told(subject, plan, other, filled, row, on)]
    if not found:
        return ()
    name = SECOND_INPUTS[analyte_of(plan.item.analyte)]
    number, unit = max(found) if name == _HIGHEST_COUNTS else found[0]
    return ((name, f"{number:f} {unit}".strip()),)


def _told(
    subject: Picture, plan: ItemPlan, other: ItemPlan, filled: Filled, row: str, on: date | None
) -> Iterator[tuple[Decimal, str]]:
    """Exact numbers of one item measured with the value, in the item's first unit."""
    for key in _keys(subject, filled.key, other.form):
        there = filled if key == filled.key else subject.filled(key)
        for at in sorted(there.rows(other.group.id)):
            number = counted(subject, there, at, other.id)
            if isinstance(number, Decimal) and _together(subject, plan, other, filled, row, on, key, at):
                yield number, other.item.units[0]


def _together(
    subject: Picture, plan: ItemPlan, other: ItemPlan, filled: Filled, row: str, on: date | None, key: FormKey, at: str
) -> bool:
    """Whether two values belong to one sample: one row of a group, one form without rows, else one day of a visit."""
    if key == filled.key and plan.repeat and other.group.id == plan.group.id:
        return at == row
    if key == filled.key and not plan.repeat and not other.repeat:
        return True
    return on is not None and subject.day_of(key, at, other.group.id if other.repeat else "") == on


def _keys(subject: Picture, key: FormKey, form: str) -> tuple[FormKey, ...]:
    """The instances of a form in the visit of ``key``; the form itself alone when it is the same."""
    if form == key.form:
        return (key,)
    seen = subject.seen_keys_of(form)
    return tuple(sorted(other for other in seen if (other.event, other.event_no) == (key.event, key.event_no)))
