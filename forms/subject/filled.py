"""One form of one subject as it is filled: a frozen picture of its values with what was read from them so far.

Values are kept by (row, item). Typed values are remembered once computed; a changed copy keeps those that still hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from forms.compiled.study import FormPlan
from forms.grading.terms import as_term
from forms.place import GRADE_MARK, SINGLE, FormKey, Place
from forms.study.definition import Item
from forms.value import BLANK, Value
from forms.values.censored import Censored
from forms.values.kinds import typed
from forms.values.units import convert


def in_first_unit(item: Item, value: Value) -> object | None:
    """A value as expressions see it: numbers in the item's first unit, None when they can't be converted to it."""
    known = typed(item, value)
    if not isinstance(known, Decimal | Censored) or not item.units or value.unit in ("", item.units[0]):
        return known
    number = known if isinstance(known, Decimal) else known.number
    changed = convert(item.analyte or item.id, number, value.unit, item.units[0])
    if changed is None:
        return None
    return changed if isinstance(known, Decimal) else Censored(known.sign, changed)


Spot = tuple[str, str]
"""(row, item) within one form."""


class Filled:
    """Values of one form instance. Treat it as frozen: `changed` gives another one."""

    __slots__ = ("_places", "_rows", "_typed", "key", "plan", "values")

    def __init__(self, key: FormKey, plan: FormPlan, values: dict[Spot, Value]) -> None:
        self.key = key
        self.plan = plan
        self.values = values
        self._typed: dict[Spot, object | None] = {}
        self._rows: dict[str, tuple[str, ...]] = {}
        self._places: dict[Spot, Place] = {}

    def changed(self, changes: Mapping[Spot, Value]) -> Filled:
        """The same form with some values changed."""
        other = Filled(self.key, self.plan, {**self.values, **changes})
        other._typed = {spot: value for spot, value in self._typed.items() if spot not in changes}
        other._places = self._places
        return other

    def value(self, row: str, item: str) -> Value:
        """The value at a spot, blank when nothing was entered."""
        return self.values.get((row, item), BLANK)

    def typed(self, row: str, item: str) -> object | None:
        """The value as expressions see it: None when blank, missing or unreadable. A kept grade is its text."""
        spot = (row, item)
        try:
            return self._typed[spot]
        except KeyError:
            known = self._typed[spot] = self._read(spot)
            return known

    def _read(self, spot: Spot) -> object | None:
        value = self.values.get(spot)
        if value is None or not value.value:
            return None
        plan = self.plan.laid_out.get(spot[1])
        if plan is None:
            return value.value if spot[1].endswith(GRADE_MARK) else None
        if plan.terms:  # entries of earlier programs keep the spelling that was typed
            value = as_term(plan.terms, value)
        return in_first_unit(plan.item, value)

    def place(self, row: str, item: str) -> Place:
        """The full address of a spot."""
        spot = (row, item)
        found = self._places.get(spot)
        if found is None:
            found = self._places[spot] = self.key.place(item, row)
        return found

    def is_entered(self, item: str) -> bool:
        """Whether an item is one a person fills (not derived, not a grade) or one the study no longer knows."""
        plan = self.plan.laid_out.get(item)
        return plan.derive is None if plan is not None else not item.endswith(GRADE_MARK)

    @property
    def started(self) -> bool:
        """Whether a person has entered anything that still stands."""
        return any(not value.blank and self.is_entered(item) for (_, item), value in self.values.items())

    def seen_rows(self, group: str) -> tuple[str, ...]:
        """Rows of a group that were ever entered, emptied ones too, in order of arrival."""
        return self._find_rows(group, seen=True)

    def rows(self, group: str) -> tuple[str, ...]:
        """Rows of a group that hold something a person entered, in order of arrival; a single group has row "1"."""
        return self._find_rows(group, seen=False)

    def _find_rows(self, group: str, *, seen: bool) -> tuple[str, ...]:
        name = group + "+" if seen else group
        found = self._rows.get(name)
        if found is None:
            found = self._rows[name] = self._look_for_rows(group, seen=seen)
        return found

    def _look_for_rows(self, group: str, *, seen: bool) -> tuple[str, ...]:
        if group not in self.plan.row_groups:
            return (SINGLE,)
        inside = self.plan.group_ids[group]
        rows: dict[str, bool] = {}
        for (row, item), value in self.values.items():
            if item.removesuffix(GRADE_MARK) in inside:
                rows[row] = rows.get(row, False) or (not value.blank and self.is_entered(item))
        return tuple(row for row, alive in rows.items() if alive or seen)

    def entered_in(self, group: str, row: str) -> set[Spot]:
        """Spots of one row (or of all single groups) that hold something a person entered."""
        plans = self.plan.laid_out
        return {
            (at, item)
            for (at, item), value in self.values.items()
            if not value.blank
            and at == row
            and item in plans
            and plans[item].derive is None
            and (plans[item].group.id == group if plans[item].repeat else not group)
        }


def fill(pairs: Iterable[tuple[Place, Value]], plans: Mapping[str, FormPlan], blank: FormPlan) -> dict[FormKey, Filled]:
    """Sort values into forms, keeping their order of arrival."""
    sorted_in: dict[tuple[str, str, str, str, str], dict[Spot, Value]] = {}
    for place, value in pairs:
        address = (place.subject, place.event, place.event_no, place.form, place.form_no)
        spots = sorted_in.get(address)
        if spots is None:
            spots = sorted_in[address] = {}
        spots[(place.row, place.item)] = value
    return {
        (key := FormKey(*address)): Filled(key, plans.get(key.form, blank), spots)
        for address, spots in sorted_in.items()
    }
