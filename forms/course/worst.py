"""The worst grade of a subject now: of its open adverse events, and of its latest results. Two things, never mixed.

The list of subjects and the band above a form show the same number for events: the study's fact. What laboratory
results amount to stands beside it under its own name, because no result is an event until somebody recorded it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from forms.grading.grade import term_label
from forms.grading.result import read_stored, worst
from forms.study import names
from forms.subject.subject import Subject


def worst_event(subject: Subject) -> int | None:
    """The worst grade among adverse events that go on, as the study's fact has it; None when none does."""
    value = subject.fact(names.WORST_GRADE) if names.WORST_GRADE in subject.study.fact_by_id else None
    return int(value) if isinstance(value, Decimal) else None


def worst_result(subject: Subject, language: str) -> tuple[int, str] | None:
    """The worst grade among the latest results of each measurement, with its CTCAE term; None when all are below 1."""
    found = []
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
