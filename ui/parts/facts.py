"""Facts of a subject in words, with the study's own labels, units and code lists."""

from __future__ import annotations

from decimal import Decimal

from forms.dates import PartialDate
from forms.study import Fact
from forms.subject import Subject
from forms.texts import said, say

BAND = {
    "sex": ("sex",),
    "age": ("age", "age_now", "age_at_consent"),
    "weight": ("weight", "weight_now", "dosing_weight"),
    "bsa": ("bsa", "bsa_now", "dosing_bsa"),
    "cycle": ("cycle", "current_cycle"),
    "cycle_day": ("cycle_day", "day_of_cycle"),
    "status": ("status",),
}
"""What the band shows and the names under which a study may define it; the first that the study has."""

WORST = ("worst_open_grade", "worst_grade", "worst_ae")


def find_fact(subject: Subject, names: tuple[str, ...]) -> Fact | None:
    """The first fact of these names that the study defines."""
    return next((subject.study.fact_by_id[name] for name in names if name in subject.study.fact_by_id), None)


def fact_words(subject: Subject, fact: Fact, language: str) -> str:
    """The value of a fact as a person reads it, "" when unknown."""
    value = subject.fact(fact.id)
    if value is None:
        return ""
    if fact.codelist:
        labels = subject.study.codelist_by_id[fact.codelist].labels
        return said(labels[str(value)], language) if str(value) in labels else str(value)
    if isinstance(value, PartialDate):
        return value.canonical
    if isinstance(value, Decimal):
        shown = f"{value:.{fact.decimals}f}" if fact.decimals is not None else f"{value.normalize():f}"
        return f"{shown} {shown_unit(fact.unit, language)}".strip()
    return f"{value} {shown_unit(fact.unit, language)}".strip()


def shown_unit(unit: str, language: str) -> str:
    """A unit as people write it; the code itself when there is no other way."""
    words = say(language, f"ui.unit.{unit}")
    return unit if words.startswith("ui.unit.") else words


def worst_grade(subject: Subject) -> int | None:
    """The worst open grade the study computes, None when it has none or nothing is open."""
    fact = find_fact(subject, WORST)
    value = subject.fact(fact.id) if fact else None
    return int(value) if isinstance(value, Decimal) else None
