"""One place writes what follows from a change, and looks at the state of each form it touches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.casebook.flagging import set_flag
from db.clock import set_clock
from db.folder.keys import CHEAP
from db.incoming.amend import put_in_force, with_edition
from db.incoming.data_file import import_csv
from db.opening.vault import create_store
from db.people.signing import sign
from forms.authoring.load import read_study
from forms.errors import Refusal
from forms.place import FormKey
from forms.study.definition import Study
from forms.subject.states import Flag, Flags

PERSON = "S01-001"
HEM = FormKey(PERSON, "SCR", "1", "HEM")
VS = FormKey(PERSON, "SCR", "1", "VS")
NEUT = HEM.place("NEUT")
WEIGHT, BSA = VS.place("WEIGHT"), VS.place("BSA")


def study_that_verifies() -> Study:
    """The study with a principal investigator who may also verify."""
    study = read_study("ankl")
    roles = (replace(role, rights=(*role.rights, "verify")) if role.id == "pi" else role for role in study.roles)
    return replace(study, roles=tuple(roles))


@pytest.fixture
def book(tmp_path):
    made = create_store(
        tmp_path / "s.casebook", study_that_verifies(), site="S01", user="demo", name="Lin", role="pi",
        passphrase="a phrase for tests", clock=set_clock("2024-10-20"), kdf=CHEAP,
    )  # fmt: skip
    made.add_subject(PERSON)
    for item, text in (("LBPERF", "Y"), ("LBDAT", "2024-10-18"), ("LBNAM", "LAB1"), ("NEUT", "0.8"), ("LYM", "0.4")):
        made.enter(HEM.place(item), text)
    for item, text in (("HEIGHT", "165"), ("WEIGHT", "58.6")):
        made.enter(VS.place(item), text)
    yield made
    made.close()


@pytest.fixture
def flag(book):
    """Freezes, locks, verifies or signs a form, or a row of it; what is signed is completed first."""

    def put(key: FormKey, *flags: Flag, row: str = "") -> None:
        for each in flags:
            if each == "signed":
                for finding in book.sheet(key).complete_blockers():
                    book.enter(finding.place, "", missing="ND")
                book.complete(key)
                sign(book, [key], "author", "a phrase for tests", user="demo")
            else:
                set_flag(book, each, key, "for a test", row)

    return put


def standing(book, key: FormKey) -> list[str]:
    return [query.rule for query in book.standing(key)]


@pytest.mark.parametrize("flags", [("frozen",), ("locked",)], ids=["frozen", "locked"])
def test_a_value_on_a_frozen_or_locked_form_is_refused_before_anything_is_written(book, flag, flags):
    flag(VS, *flags)
    before = book.position()
    with pytest.raises(Refusal, match="frozen or locked"):
        book.enter(WEIGHT, "60", why="slip")
    assert (book.position(), book.sheet(VS).cell("WEIGHT").value.value) == (before, "58.6")
    book.enter(NEUT, "0.9", why="slip")
    assert book.sheet(HEM).cell("NEUT").value.value == "0.9"


def test_a_locked_row_of_a_form_is_refused_and_another_row_is_not(book, flag):
    events = FormKey(PERSON, "LOG", "1", "AE")
    first, second = book.new_row(events, "AE"), book.new_row(events, "AE")
    for row in (first, second):
        book.enter(events.place("AETERM", row), "tired")
    flag(events, "locked", row=first)
    with pytest.raises(Refusal, match="frozen or locked"):
        book.enter(events.place("AETERM", first), "weary", why="slip")
    book.enter(events.place("AETERM", second), "weary", why="slip")
    assert book.sheet(events).cell("AETERM", second).value.value == "weary"


def test_a_file_that_changes_a_locked_form_is_refused_by_line_and_one_that_says_the_same_is_not(book, flag, tmp_path):
    flag(VS, "locked")
    file = tmp_path / "in.csv"
    head = "subject,event,event_no,form,form_no,row,item,value,unit,missing"
    file.write_text(f"{head}\n{PERSON},SCR,1,VS,1,1,WEIGHT,60,kg,\n", "utf-8")
    before = book.position()
    [fault] = import_csv(book, file, reason="slip").faults
    assert (fault.line, fault.column) == (2, "value")
    assert "frozen or locked" in fault.text["en"]
    assert book.position() == before
    file.write_text(f"{head}\n{PERSON},SCR,1,VS,1,1,WEIGHT,58.6,kg,\n", "utf-8")
    assert not import_csv(book, file).faults
    file.write_text(f"{head}\n{PERSON},SCR,1,VS,1,1,WEIGHT,,,\n", "utf-8")
    assert import_csv(book, file, reason="slip", clear=True).faults


def test_another_definition_regrades_open_forms_and_asks_about_locked_ones(book, flag):
    grade = NEUT.grade_place
    flag(HEM, "locked")
    before = book.sheet(HEM).value_to_store("NEUT#grade").value
    position = book.position()
    changes = put_in_force(book, with_edition(book.study, "6.0"), "amendment 2")
    assert grade not in changes.places
    assert book.history(grade)[-1].value.value == before
    assert "locked.grade" in standing(book, HEM)
    [query] = [each for each in book.standing(HEM) if each.place == NEUT]
    asked = book.history(NEUT)[-1]
    assert asked.who == "system"
    assert asked.cause == next(entry for entry in book.acts("definition") if entry.arrival > position).address
    assert query.words["en"].startswith("The form is locked and keeps: Neutrophil count decreased ")


def test_what_a_definition_regrades_closes_and_opens_no_query_of_forms_that_are_not_complete(book):
    put_in_force(book, with_edition(book.study, "6.0"), "amendment 2")
    assert book.queries(PERSON) == ()


def test_the_question_about_a_locked_form_is_asked_once(book, flag):
    flag(HEM, "locked")
    put_in_force(book, with_edition(book.study, "6.0"), "amendment 2")
    book.enter(WEIGHT, "60", why="slip")
    asked = len(book.queries(PERSON))
    assert asked
    put_in_force(book, with_edition(book.study, "5.0"), "back again")
    assert not [query for query in book.queries(PERSON) if query.is_open]
    assert len(book.queries(PERSON)) == asked


def test_a_change_takes_signature_and_verification_of_its_form_away_and_of_no_other(book, flag):
    for key in (VS, HEM):
        flag(key, "signed", "verified")
    book.enter(WEIGHT, "60", why="slip")
    assert book.sheet(VS).cell("BSA").value.value != ""
    assert book.state(VS).flags() == Flags(complete=True)
    assert book.state(HEM).flags().signed
    assert book.state(HEM).flags().verified


def test_a_regraded_form_loses_its_signature_when_a_definition_is_put_in_force(book, flag, monkeypatch):
    flag(HEM, "signed")
    kept = []
    from db.incoming import amend

    write = amend.write_anew
    monkeypatch.setattr(amend, "write_anew", lambda *given: kept.append(write(*given)) or kept[-1])
    put_in_force(book, with_edition(book.study, "6.0"), "amendment 2")
    assert not kept[0].subject.state(HEM).flags().signed
