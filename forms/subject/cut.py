"""A subject as it stood on a clinical day: what is dated later is left out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from forms.place import GRADE_MARK, FormKey, Place
from forms.values.dates import PartialDate

if TYPE_CHECKING:
    from forms.subject.subject import Subject


def first_day(subject: Subject, key: FormKey, row: str, group: str) -> date | None:
    """The day a row or form speaks of, a partial date of a row counting from its first possible day."""
    plan = subject.compiled.forms.get(key.form)
    source = plan.date if plan is not None else None
    if source is not None and source.group and source.group == group:
        value = subject.filled(key).typed(row, source.item)
        return value.first() if isinstance(value, PartialDate) else None
    return subject.form_date(key)


def starts_after(subject: Subject, place: Place, day: date) -> bool:
    """Whether a place stands in a row that has a date of its own, after ``day``."""
    plan = subject.compiled.forms.get(place.form)
    if plan is None or plan.date is None or not plan.date.group:
        return False
    item = plan.laid_out.get(place.item.removesuffix(GRADE_MARK))
    if item is None or item.group.id != plan.date.group:
        return False
    starts = first_day(subject, place.form_key, place.row, plan.date.group)
    return starts is not None and starts > day
