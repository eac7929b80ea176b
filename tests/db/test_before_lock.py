"""The list before the database is locked, where every form has to be verified, and what a lock refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.casebook.flagging import is_under, set_flag, whole_subject, whole_visit
from db.casebook.prelock import read_checklist, unlock_database
from forms.errors import Refusal
from forms.study.definition import Role, Setting
from tests.db.stores import RIGHTS, fill_screening, key, new_store, site_study
from tests.forms.small_study import words

LB, VS = key("AN-001", "SCR", "LB"), key("AN-001", "SCR", "VS")


@pytest.fixture
def book(tmp_path):
    rights = f"{RIGHTS['nurse']} verify sign lock unlock"
    study = replace(
        site_study(),
        roles=(*site_study().roles, Role("pi", words("PI"), tuple(rights.split()))),
        settings=(*site_study().settings, Setting("source_verification", words("Verification"), "all")),
    )
    made = new_store(tmp_path, role="pi", study=study)
    fill_screening(made)
    yield made
    made.close()


def test_where_every_form_has_to_be_verified_those_that_are_not_are_lacking(book):
    book.complete(LB)
    book.complete(VS)
    set_flag(book, "verified", LB)
    told = []
    checklist = read_checklist(book, tick=lambda *said: told.append(said))
    unverified = {line.place.form for line in checklist.lines if line.kind == "unverified"}
    assert "VS" in unverified
    assert "LB" not in unverified
    assert told == [(0, 1, "AN-001")]


def test_a_database_that_is_not_locked_is_not_unlocked(book):
    before = book.position()
    with pytest.raises(Refusal):
        unlock_database(book, "a report came late")
    assert book.position() == before


def test_a_form_belongs_to_itself_its_visit_and_its_subject_and_to_no_other():
    other = key("AN-001", "LOG", "AE")
    assert is_under(LB, LB)
    assert not is_under(VS, LB)
    assert is_under(LB, whole_visit(VS))
    assert not is_under(other, whole_visit(VS))
    assert is_under(other, whole_subject("AN-001"))
    assert not is_under(other, whole_subject("AN-002"))
