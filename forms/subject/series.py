"""The forms and values of a subject in the order of time: rows an aggregate walks over, the timeline of an item."""

from __future__ import annotations

from datetime import date

from forms.place import SINGLE
from forms.subject.applies import counted, form_counts
from forms.subject.memo import Dated, Instance
from forms.subject.picture import Picture


def find_instances(picture: Picture, form: str, event: str) -> list[Instance]:
    """Rows of a form (the form itself when it has none) over all events or one ("" for all), by day and study order."""
    seats: list[tuple[date, int, Instance]] = []
    for key in picture.keys_of(form):
        if (event and key.event != event) or not form_counts(picture, key):
            continue
        filled = picture.filled(key)
        spots = [(group, row) for group in filled.plan.row_groups for row in filled.rows(group)]
        for group, row in spots if filled.plan.row_groups else [("", SINGLE)]:
            day = picture.first_day(key, row, group)
            seats.append((day or date.max, len(seats), (key, group, row)))
    return [instance for _, _, instance in sorted(seats)]


def find_timeline(picture: Picture, form: str, item: str) -> list[Dated]:
    """Every known value of an item that has a day, oldest first; within a day in study order."""
    line: list[Dated] = []
    form_plan = picture.compiled.forms.get(form)
    plan = form_plan.laid_out.get(item) if form_plan is not None else None
    if plan is None:
        return line
    group = plan.group.id if plan.repeat else ""
    for key in picture.keys_of(form):
        filled = picture.filled(key)
        for row in filled.rows(plan.group.id):
            if counted(picture, filled, row, item) is None:
                continue
            day = picture.day_of(key, row, group)
            if day is not None:
                line.append((day, len(line), key, row))
    line.sort(key=lambda dated: dated[:2])
    return line
