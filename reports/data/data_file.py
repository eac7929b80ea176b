"""The data file: one value a row, as `import` takes it.

Entered and derived values stand in it, grades do not (they follow from the values). Rows are in the order of the study,
so the same data give the same bytes whatever order they were entered in.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from forms.place import Place
from forms.record.dataset import Dataset
from forms.study.definition import Study
from forms.value import Value

COLUMNS = ("subject", "event", "event_no", "form", "form_no", "row", "item", "value", "unit", "missing")


def render(dataset: Dataset) -> bytes:
    """The whole dataset, UTF-8 with a head line and lines that end in a line feed."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows(rows(dataset))
    return out.getvalue().encode()


def rows(dataset: Dataset) -> Iterator[tuple[str, ...]]:
    """The ten cells of each value. What could not be read stands as it was typed; a cleared value has no row."""
    order = study_order(dataset.study)
    for data in sorted(dataset.subjects, key=lambda each: each.subject.id):
        known = [(place, value) for place, value in data.subject.values.items() if is_told(place, value, order)]
        for place, value in sorted(known, key=lambda each: sort_key(each[0], order)):
            text = "" if value.missing else value.value or value.text
            unit = "" if value.missing else value.unit
            yield (
                place.subject, place.event, place.event_no, place.form, place.form_no, place.row, place.item, text,
                unit, value.missing,
            )  # fmt: skip


def is_told(place: Place, value: Value, order: dict[tuple[str, str], tuple[int, ...]]) -> bool:
    """Whether a value has a row: it is known or known to be missing, and it is no grade."""
    return not value.blank and not place.graded_item and (place.form, place.item) in order


def study_order(study: Study) -> dict[tuple[str, str], tuple[int, ...]]:
    """Where each item of each form stands in the definition, and each event (under ``("", event)``)."""
    order: dict[tuple[str, str], tuple[int, ...]] = {("", event.id): (at,) for at, event in enumerate(study.events)}
    for at, form in enumerate(study.forms):
        order |= {(form.id, item): (at, number) for number, item in enumerate(form.items)}
    return order


def sort_key(place: Place, order: dict[tuple[str, str], tuple[int, ...]]) -> tuple[object, ...]:
    """Event and its number, form and its number, row, item."""
    form, item = order[(place.form, place.item)]
    event = order.get(("", place.event), (len(order),))
    return (*event, counted(place.event_no), form, counted(place.form_no), counted(place.row), item)


def counted(instance: str) -> tuple[int, str]:
    """Instance ids in the order people count: 2 before 10, made ids after numbers."""
    return (int(instance), "") if instance.isdecimal() else (1 << 30, instance)
