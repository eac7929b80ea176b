"""Before a subject is added: the next number, and who may be the same person under another one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.casebook.newcomers import asked_of, look_alikes, next_id, resembling, without_values
from forms.errors import Refusal
from tests.db.stores import at, fill_screening, new_store, site_study
from tests.forms.small_study import item


def with_initials():
    """The small study, whose demography asks for initials too."""
    study = site_study()
    (group, *rest), forms = study.form_by_id["DM"].groups, []
    for form in study.forms:
        named = replace(group, items=(*group.items, item("SUBJINIT", "text")))
        forms.append(replace(form, groups=(named, *rest)) if form.id == "DM" else form)
    return replace(study, forms=tuple(forms))


@pytest.fixture
def book(tmp_path):
    made = new_store(tmp_path, study=with_initials())
    yield made
    made.close()


def person(book, subject, birth="", sex="", initials=""):
    book.add_subject(subject)
    for name, text in (("BRTHDAT", birth), ("SEX", sex), ("SUBJINIT", initials)):
        if text:
            book.enter(at(subject, "SCR", "DM", name), text)


def test_the_next_number_follows_the_highest_and_is_taken_when_a_subject_is_added(book):
    assert next_id(book) == "AN-001"
    assert [place.subject for place in book.add_subject().places] == ["AN-001"]
    book.add_subject("AN-007")
    assert next_id(book) == "AN-008"


def test_where_the_pattern_of_ids_cannot_be_used_numbers_have_three_digits_after_the_site(tmp_path):
    book = new_store(tmp_path, study=replace(site_study(), subject_id_pattern="AN-[0-9"))
    assert next_id(book) == "AN-001"
    book.close()


def test_a_number_that_is_taken_in_another_spelling_is_passed_over(tmp_path):
    book = new_store(tmp_path, study=replace(site_study(), subject_id_pattern=".+"))
    for taken in ("AN-1", "AN-001"):
        book.add_subject(taken)
    assert next_id(book) == "AN-002"
    book.add_subject(next_id(book))
    book.close()


def test_an_id_that_differs_only_in_how_it_is_written_is_named(tmp_path):
    book = new_store(tmp_path, study=replace(site_study(), subject_id_pattern=".+"))
    for subject in ("AN-001", "AN-010"):
        book.add_subject(subject)
    assert look_alikes(book, "ａｎ-１") == look_alikes(book, "AN\u2011O01") == ("AN-001",)
    assert look_alikes(book, "AN-099") == ()
    book.close()


def test_a_subject_without_any_value_may_have_been_meant(book):
    fill_screening(book, "AN-001")
    book.add_subject("AN-002")
    assert without_values(book) == ("AN-002",)


def test_who_may_be_the_same_person_is_named_with_what_agrees_most_alike_first(book):
    person(book, "AN-001", "1990-05-06", "F", "W. X.")
    person(book, "AN-002", "1990-05-06", "M", "LM")
    person(book, "AN-003", "1988-01-01", "F", "ZZ")
    assert resembling(book, birth="6 May 1990", sex="F", initials="wx") == (
        ("AN-001", ("birth", "initials", "sex")),
        ("AN-002", ("birth",)),
    )


def test_a_sex_that_differs_excuses_nobody_and_one_that_agrees_names_nobody(book):
    person(book, "AN-001", "1990-05-06", "F", "WX")
    assert resembling(book, sex="F") == ()
    assert resembling(book, birth="1990-05-06", sex="M") == (("AN-001", ("birth",)),)


def test_a_date_that_is_no_day_and_what_the_study_does_not_ask_for_count_as_not_given(book, tmp_path):
    person(book, "AN-001", "1990-05-06", "F", "WX")
    assert resembling(book, birth="31 February 1990") == ()
    assert resembling(book) == ()
    assert asked_of(site_study()).keys() == {"birth", "sex"}
    assert asked_of(replace(site_study(), facts=())) == {}


def test_a_subject_under_a_number_that_is_there_already_is_refused(book):
    book.add_subject("AN-001")
    with pytest.raises(Refusal):
        book.add_subject("AN-001")
