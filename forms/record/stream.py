"""Every value of a dataset one after the other, in the order of the study: what each export format writes thinly.

Entered and derived values come, grades do not (they follow from the values). The same data come in the same order,
whatever order they were entered in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forms.place import Place
from forms.record.dataset import Dataset
from forms.study.definition import CodeList, Item, Study, Text
from forms.texts import LANGUAGES
from forms.value import Value
from forms.values.kinds import shown


@dataclass(frozen=True, slots=True)
class Datum:
    """One value of one subject as it is handed on.

    ``value`` is canonical, or as it was typed where it could not be read; it and ``unit`` are "" where ``missing``
    says why there is none. ``stored`` is the value itself.
    """

    place: Place
    item: Item
    codelist: CodeList | None
    stored: Value

    @property
    def subject(self) -> str:
        """Id of the subject."""
        return self.place.subject

    @property
    def value(self) -> str:
        """The value, "" where it is missing."""
        return "" if self.stored.missing else self.stored.value or self.stored.text

    @property
    def unit(self) -> str:
        """Unit of the value, "" for none."""
        return "" if self.stored.missing else self.stored.unit

    @property
    def missing(self) -> str:
        """Why there is no value, "" when there is one."""
        return self.stored.missing

    @property
    def code(self) -> str:
        """The code, or codes joined by semicolons, of an item with a code list; "" when it has none or was not read."""
        return "" if self.codelist is None or self.stored.missing else self.stored.value

    @property
    def label(self) -> Text:
        """The words of a code by language; empty for what is no code."""
        if not self.code:
            return {}
        return {language: shown(self.item, self.stored, self.codelist, language) for language in LANGUAGES}


def stream(dataset: Dataset) -> Iterator[Datum]:
    """Every value that is known, or known to be missing; one that was cleared does not come."""
    study = dataset.study
    order = study_order(study)
    items = {(form.id, name): item for form in study.forms for name, item in form.items.items()}
    for data in sorted(dataset.subjects, key=lambda each: each.subject.id):
        known = [(place, value) for place, value in data.subject.values.items() if is_handed_on(place, value, order)]
        for place, value in sorted(known, key=lambda each: sort_key(each[0], order)):
            item = items[(place.form, place.item)]
            yield Datum(place, item, study.codelist_by_id.get(item.codelist), value)


def is_handed_on(place: Place, value: Value, order: dict[tuple[str, str], tuple[int, ...]]) -> bool:
    """Whether a value comes: it is known or known to be missing, it is no grade, and the study knows its place."""
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
