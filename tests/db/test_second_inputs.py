"""A second input typed, corrected or moved through the one door regrades the value that is judged beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.casebook.casebook import Casebook
from db.proof.verify import verify
from forms.place import Place
from forms.study.definition import Study
from tests.db.stores import at, fill_screening, key, new_store, reopened, site_study

NEUT = at("AN-001", "SCR", "LB", "NEUT")
TEMP = at("AN-001", "SCR", "VS", "TEMP")
DECREASED = "Neutrophil count decreased=3"


def warm_study() -> Study:
    """The site's study whose temperature is one that CTCAE speaks of."""
    study = site_study()
    forms = []
    for form in study.forms:
        first = form.groups[0]
        items = tuple(replace(one, analyte="TEMP") if one.id == "TEMP" else one for one in first.items)
        forms.append(replace(form, groups=(replace(first, items=items), *form.groups[1:])))
    return replace(study, forms=tuple(forms))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Casebook]:
    casebook = new_store(tmp_path, study=warm_study())
    fill_screening(casebook)
    casebook.enter(NEUT, "0.7", why="a test")
    yield casebook
    casebook.close()


def kept(book: Casebook, place: Place) -> str:
    record = book.record(place.grade_place)
    return record.entry.value.value if record is not None else ""


def day_of(book: Casebook, event: str, form: str, item: str) -> str:
    return book.subject("AN-001").value(at("AN-001", event, form, item)).value


def test_a_temperature_typed_on_another_form_regrades_the_neutrophils_in_the_same_act(book: Casebook) -> None:
    book.enter(at("AN-001", "SCR", "LB", "LBDAT"), day_of(book, "SCR", "SV", "SVDAT"), why="a test")
    assert kept(book, NEUT) == DECREASED
    changes = book.enter(TEMP, "38.9", why="a test")
    assert NEUT.grade_place in changes.places
    assert kept(book, NEUT) == f"Febrile neutropenia=3;{DECREASED}"
    book.enter(TEMP, "36.8", why="misread")
    assert kept(book, NEUT) == f"Febrile neutropenia=0;{DECREASED}"


def test_what_the_ledger_keeps_is_what_the_sheet_shows_and_stands_after_opening_again(
    book: Casebook, tmp_path: Path
) -> None:
    book.enter(at("AN-001", "SCR", "LB", "LBDAT"), day_of(book, "SCR", "SV", "SVDAT"), why="a test")
    book.enter(TEMP, "38.9", why="a test")
    shown = [grade.grade for grade in book.sheet(key("AN-001", "SCR", "LB")).cell("NEUT").grades]
    assert shown == [3, 3]
    book.close()
    again = reopened(tmp_path)
    try:
        assert kept(again, NEUT) == f"Febrile neutropenia=3;{DECREASED}"
        assert verify(again).faults == ()
    finally:
        again.close()
