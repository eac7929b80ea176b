"""Facts of a subject in words, with the study's own labels, units and code lists."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from forms import shown
from forms.grading.grade import term_label
from forms.grading.result import read_stored, worst
from forms.study import names
from forms.study.definition import Fact
from forms.subject.subject import Subject
from forms.texts import said

PASSING = (names.STRATUM, names.CYCLE_DAY, names.HSCT_DAY)
"""Facts that hold for a time or for some subjects; the band shows them while they are known."""

BAND = (names.SEX, names.AGE, names.WEIGHT, names.BSA, names.STRATUM, names.CYCLE, *PASSING[1:], names.STATUS)
"""Facts that the band shows when the study has them."""


def fact_words(subject: Subject, fact: Fact, language: str) -> str:
    """The value of a fact as a person reads it, "" when unknown."""
    return shown.fact_words(subject.study, fact, subject.fact(fact.id), language)


def worst_grade(subject: Subject, language: str) -> tuple[int, str] | None:
    """The worst grade that is open and what it is of: the study's own fact, or the newest grade of a measurement.

    None when nothing is graded above 0.
    """
    found: list[tuple[int, str]] = []
    fact = subject.study.fact_by_id.get(names.WORST_GRADE)
    value = subject.fact(fact.id) if fact else None
    if fact is not None and isinstance(value, Decimal):
        found.append((int(value), said(fact.label, language)))
    for _, text in _newest_grades(subject).values():
        grade = worst(text)
        if grade:
            found.append((grade, _term_of(subject, text, grade, language)))
    return max(found, key=lambda each: each[0], default=None)


def _term_of(subject: Subject, stored: str, grade: int, language: str) -> str:
    """The CTCAE term behind a stored grade: what was measured does not say what it means."""
    term = next(each.term for each in read_stored(stored) if each.grade == grade)
    return term_label(subject.study.ctcae, term, language)


def _newest_grades(subject: Subject) -> dict[tuple[str, str], tuple[date, str]]:
    newest: dict[tuple[str, str], tuple[date, str]] = {}
    for place, value in subject.values.items():
        if place.graded_item and value.value and place.graded_item in subject.study.form_by_id[place.form].items:
            day = subject.form_date(place.form_key) or date.min
            at = (place.form, place.graded_item)
            if at not in newest or day >= newest[at][0]:
                newest[at] = (day, value.value)
    return newest
