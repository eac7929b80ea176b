"""Values that no two subjects may share (``unique: true``): who else has one, and what is said of it.

Which width or case a value was written in does not matter, nor zeros after the point of a number.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from forms.findings import Finding
from forms.place import Place
from forms.texts import both
from forms.value import Value
from forms.values.kinds import typed

if TYPE_CHECKING:
    from forms.study.definition import Item, Study
    from forms.subject.filled import Filled

NAMED = 5
"""Up to so many other subjects are named in a finding."""


def unique_items(study: Study) -> dict[tuple[str, str], Item]:
    """Items that are unique over subjects, by form and item."""
    return {(form.id, item.id): item for form in study.forms for item in form.items.values() if item.unique}


def known_alike(item: Item, value: Value) -> Hashable:
    """What two values have in common when they are the same; None when nothing is known."""
    known = typed(item, value)
    return unicodedata.normalize("NFKC", known).casefold() if isinstance(known, str) else known


class Elsewhere:
    """Unique values over all subjects, read when first asked for and kept up to date by whoever writes."""

    def __init__(self, read: Callable[[], Iterable[tuple[Place, Value]]] = tuple) -> None:
        self._read = read
        self._known: dict[Place, Hashable] | None = None
        self._items: Mapping[tuple[str, str], Item] = {}
        self._places: dict[tuple[str, str, Hashable], set[Place]] = {}

    def for_study(self, study: Study) -> None:
        """Watch the items of a study; what was read under another is dropped."""
        self._items = unique_items(study)
        self.forget()

    def forget(self) -> None:
        """Drop what is known; it is read again when asked for."""
        self._known = None
        self._places = {}

    def note(self, changes: Mapping[Place, Value]) -> None:
        """Take over values that were just written."""
        if self._known is not None:
            for place, value in changes.items():
                self._put(place, value)

    def _put(self, place: Place, value: Value) -> None:
        item = self._items.get((place.form, place.item))
        if item is None or self._known is None:
            return
        name = (place.form, place.item)
        before = self._known.pop(place, None)
        if before is not None:
            self._places[*name, before].discard(place)
        now = known_alike(item, value)
        if now is not None:
            self._known[place] = now
            self._places.setdefault((*name, now), set()).add(place)

    def others(self, place: Place, value: Value) -> tuple[str, ...]:
        """Other subjects who have the same value of the item, in order."""
        item = self._items.get((place.form, place.item))
        if item is None:
            return ()
        if self._known is None:
            self._known = {}
            for other, kept in self._read():
                self._put(other, kept)
        same = self._places.get((place.form, place.item, known_alike(item, value)), ())
        return tuple(sorted({other.subject for other in same} - {place.subject}))


NOBODY = Elsewhere()
"""Where no other subject is known: a single casebook, a preview."""


def unique_findings(elsewhere: Elsewhere, filled: Filled) -> Iterator[Finding]:
    """One finding for each value of the form that another subject has too."""
    for plan in filled.plan.unique:
        for row in filled.rows(plan.group.id):
            place = filled.place(row, plan.id)
            others = elsewhere.others(place, filled.value(row, plan.id))
            if others:
                named = ", ".join(others[:NAMED]) + (", …" if len(others) > NAMED else "")
                yield Finding(place, "unique", both("forms.unique", subjects=named), "query")
