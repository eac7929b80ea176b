"""The limits that judged a value, as expressions see them: ``LDH#uln``, ``LDH#lln`` and ``LDH#flag``.

They are those of the laboratory named with the value, for the person's sex and age on the day of the sample. Without a
value, a day or a range for it they are unknown. Limits stand in the item's first unit, as the value does.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from forms.place import FLAG_MARK, LIMIT_MARKS, SINGLE, plain_item
from forms.subject.applies import counted, value_counts
from forms.subject.ranges import in_unit, range_for
from forms.values.censored import Censored
from forms.values.kinds import typed
from forms.values.operators import less

if TYPE_CHECKING:
    from forms.compiled.study import ItemPlan
    from forms.study.definition import LabRange
    from forms.subject.filled import Filled
    from forms.subject.picture import Picture

FLAGS = ("LOW", "NORMAL", "HIGH")


def lab_of(filled: Filled, row: str) -> str:
    """The laboratory named on the form, in the same row when it stands in rows; "" when none is."""
    name = filled.plan.lab_item
    if not name:
        return ""
    plan = filled.plan.laid_out[name]
    return filled.value(row if plan.repeat else SINGLE, name).value


def value_or_limit(subject: Picture, filled: Filled, row: str, item: str, *, own: bool = False) -> object | None:
    """The value of an item in a row, of ``ITEM#uln`` and its like what judged it; ``own``: as its own form sees it."""
    if not item.endswith(LIMIT_MARKS):
        return counted(subject, filled, row, item, own=own)
    plan = filled.plan.laid_out.get(plain_item(item))
    if plan is None or not value_counts(subject, filled, row, plan.id, own=own):
        return None
    return _limit(subject, filled, row, plan, item)


def _limit(subject: Picture, filled: Filled, row: str, plan: ItemPlan, name: str) -> object | None:
    value = filled.value(row, plan.id)
    if not value.value or value.missing or not plan.item.analyte:
        return None
    day = subject.day_of(filled.key, row, plan.group.id if plan.repeat else "")
    entry = range_for(subject, plan.item.analyte, lab_of(filled, row), day, value.unit)
    if entry is None:
        return None
    if name.endswith(FLAG_MARK):
        return flag_of(typed(plan.item, value), entry)
    own = in_unit(entry, plan.item.units[0]) if plan.item.units else entry
    return None if own is None else own.high if name.endswith("#uln") else own.low


def flag_of(value: object | None, limits: LabRange) -> str | None:
    """LOW, NORMAL or HIGH of a value in the unit of its limits; unknown when an assay's sign leaves it open.

    A range without a lower limit calls nothing low, one without an upper limit nothing high.
    """
    if not isinstance(value, Decimal | Censored):
        return None
    is_low = False if limits.low is None else less(value, limits.low, or_equal=False)
    is_high = False if limits.high is None else less(limits.high, value, or_equal=False)
    if is_low or is_high:
        return FLAGS[0] if is_low else FLAGS[2]
    return None if is_low is None or is_high is None else FLAGS[1]
