"""Functions of the expression language on CTCAE terms that a person chooses: does the term exist, has it that grade."""

from __future__ import annotations

from decimal import Decimal

from forms.functions.formula import formula, take
from forms.grading.tables import VERSIONS, Term
from forms.grading.terms import needs_text, term

_SOURCE = "The list of terms and grades of that edition (NCI CTCAE)"


def _find(name: str, version: str) -> Term | None:
    return term(version, name) if version in VERSIONS else None


@formula(take("term", "text"), take("version", "text"), unit="-", reference=_SOURCE)
def term_known(name: str, version: str) -> bool | None:
    """Whether the words are a term of a CTCAE edition, by name in either language or by code."""
    return _find(name, version) is not None if version in VERSIONS else None


@formula(take("term", "text"), take("grade"), take("version", "text"), unit="-", reference=_SOURCE)
def term_has_grade(name: str, grade: Decimal, version: str) -> bool | None:
    """Whether the term has that grade in a CTCAE edition; unknown for words that are no term."""
    found = _find(name, version)
    return None if found is None else grade in found.grades


@formula(take("term", "text"), take("version", "text"), unit="-", reference=_SOURCE)
def term_needs_text(name: str, version: str) -> bool | None:
    """Whether the term is an "Other, specify", which says nothing without words; unknown for words that are no term."""
    found = _find(name, version)
    return None if found is None else needs_text(found)
