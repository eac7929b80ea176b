"""Which items of a study say until when a subject lived and whether it died, known without running anything.

The domain of a form (CDASH) says what its dates tell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from forms.study.names import (
    AE_END,
    AE_GRADE,
    AE_OUTCOME,
    AE_START,
    DEATH_CAUSE,
    DEATH_DAY,
    DISPOSITION,
    FATAL,
    LAST_SEEN,
    OCCURRED,
    SURVIVAL,
)

if TYPE_CHECKING:
    from forms.compiled.study import CompiledStudy, FormPlan

SILENT = frozenset({"DA", "DD", "DS", "DV", "GF", "MH", "RP"})
"""Domains whose dates are of decisions, reports, returned tablets and history: they can lie after a death."""

_END = re.compile(r"EN(?:D|DAT|DTC)$")


def names_of(plan: FormPlan, item: str) -> set[str]:
    """The names an item is known by: its id and its CDASH name."""
    return {item, plan.laid_out[item].item.cdash} - {""}


def is_end(plan: FormPlan, item: str) -> bool:
    """Whether an item holds the last day of something: its id or CDASH name ends in END, ENDAT or ENDTC."""
    return any(_END.search(name) for name in names_of(plan, item))


def telling_items(plan: FormPlan) -> tuple[str, ...]:
    """Items of a form whose dates show that the subject lived then: the form's own date and last days of rows."""
    form = plan.form
    if form.domain in SILENT:
        return ()
    if form.domain == "AE":
        return tuple(form.known[name].id for name in (AE_START, AE_END) if name in form.known)
    own = plan.date.item if plan.date is not None and plan.date.form == form.id else ""
    dates = (item.id for item in form.items.values() if item.kind in ("date", "datetime"))
    return tuple(name for name in dates if name == own or is_end(plan, name))


def read_for(ready: CompiledStudy, word: str) -> frozenset[tuple[str, str]]:
    """Items (form, item) that decide what a word is, found without running anything."""
    cache = ready.cache("life")
    if word not in cache:
        items = ((plan, item) for plan in ready.forms.values() for item in plan.laid_out)
        wanted = _dates_or_answers if word == LAST_SEEN else _can_say_died
        cache[word] = frozenset((plan.form.id, item) for plan, item in items if wanted(plan, item))
    return cast("frozenset[tuple[str, str]]", cache[word])


def _dates_or_answers(plan: FormPlan, item: str) -> bool:
    return item in telling_items(plan) or bool(names_of(plan, item) & {OCCURRED, SURVIVAL})


def _can_say_died(plan: FormPlan, item: str) -> bool:
    names, domain = names_of(plan, item), plan.form.domain
    if names & {*DEATH_DAY, AE_OUTCOME, SURVIVAL, DISPOSITION}:
        return True
    if domain == "DS":
        return plan.laid_out[item].item.kind == "code"
    return bool(names & {"DD": {DEATH_CAUSE}, "AE": {AE_GRADE, FATAL}}.get(domain, set()))


def death_item(ready: CompiledStudy) -> tuple[str, str]:
    """Form and item with the day of death, ("", "") in a study that records none."""
    for plan in ready.forms.values():
        known = plan.form.known
        for name in DEATH_DAY:
            if name in known and known[name].kind in ("date", "datetime"):
                return plan.form.id, known[name].id
    return "", ""
