"""Facts of a subject in words, with the study's own labels, units and code lists."""

from __future__ import annotations

from forms import shown
from forms.study import names
from forms.study.definition import Fact
from forms.subject.subject import Subject

PASSING = (names.STRATUM, names.CYCLE_DAY, names.HSCT_DAY)
"""Facts that hold for a time or for some subjects; the band shows them while they are known."""

BAND = (names.SEX, names.AGE, names.WEIGHT, names.BSA, names.STRATUM, names.CYCLE, *PASSING[1:], names.STATUS)
"""Facts that the band shows when the study has them."""


def fact_words(subject: Subject, fact: Fact, language: str) -> str:
    """The value of a fact as a person reads it, "" when unknown."""
    return shown.fact_words(subject.study, fact, subject.fact(fact.id), language)
