"""Which items of a study may hold the second input of a graded one: temperature for neutrophils, and their like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from forms.grading.inputs import SECOND_INPUTS
from forms.values.units import analyte_of

if TYPE_CHECKING:
    from forms.compiled.study import CompiledStudy, ItemPlan


def companions(ready: CompiledStudy, plan: ItemPlan) -> tuple[ItemPlan, ...]:
    """The items that may hold the second input of a graded item: on its own form, then on forms of its events."""
    cache = ready.cache("companions")
    found = cache.get((plan.form, plan.id))
    if found is None:
        found = cache[(plan.form, plan.id)] = tuple(_find_companions(ready, plan))
    return cast("tuple[ItemPlan, ...]", found)


def _find_companions(ready: CompiledStudy, plan: ItemPlan) -> Iterator[ItemPlan]:
    wanted = SECOND_INPUTS.get(analyte_of(plan.item.analyte))
    if wanted is None:
        return
    homes = set(ready.homes.get(plan.form, ()))
    near = [name for name in ready.forms if name != plan.form and homes & set(ready.homes.get(name, ()))]
    for form in (plan.form, *near):
        if form in ready.forms:
            items = ready.forms[form].items.values()
            yield from (other for other in items if other.item.units and analyte_of(other.item.analyte) == wanted)
