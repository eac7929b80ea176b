"""A CTCAE term is kept by its name beside what was typed, and all its names are one to rules, reports and the eye."""

from functools import cache

import pytest

from db.casebook import entering
from db.clock import set_clock
from db.folder.keys import CHEAP
from db.incoming.amend import plan_definition, with_edition
from db.incoming.data_file import import_csv
from db.opening.vault import create_store
from forms.authoring.load import read_study
from forms.place import FormKey
from forms.shown import value_in

PHRASE = "a phrase for tests"
EVENTS = FormKey("S01-001", "LOG", "1", "AE")
NAMES = (
    "Platelet count decreased",
    "10035528",
    "血小板计数降低",
    "PLATELET  count-decreased",
    "platelet count decreased ",
)


@cache
def ankl():
    return read_study("ankl")


@pytest.fixture
def book(tmp_path):
    made = create_store(
        tmp_path / "s.casebook", ankl(), site="S01", user="demo", name="Lin", role="pi", passphrase=PHRASE,
        clock=set_clock("2024-10-20"), kdf=CHEAP,
    )  # fmt: skip
    made.add_subject("S01-001")
    yield made
    made.close()


def enter_event(book, term):
    row = book.new_row(EVENTS, "AE")
    for item, text in (("AETERM", "low count"), ("AEDECOD", term), ("AETOXGR", "4"), ("AESER", "N")):
        book.enter(EVENTS.place(item, row), text)
    return row


def rules_of(book, row):
    return {finding.rule for finding in book.sheet(EVENTS).findings if finding.place.row == row}


@pytest.mark.parametrize("typed", NAMES)
def test_a_term_is_kept_by_its_name_beside_what_was_typed(book, typed):
    row = enter_event(book, typed)
    value = book.sheet(EVENTS).value_to_store("AEDECOD", row)
    assert (value.text, value.value) == (typed, "Platelet count decreased")
    assert not {"AE.AESER.grade4", "AE.AEDECOD.known"} & rules_of(book, row)
    item = ankl().form_by_id["AE"].items["AEDECOD"]
    assert value_in(ankl(), item, value, "en") == "Platelet count decreased"


def test_an_expected_grade_4_is_told_apart_from_one_that_is_not(book):
    assert "AE.AESER.grade4" in rules_of(book, enter_event(book, "恶心"))


def test_words_that_name_no_term_stay_as_typed_and_are_asked_about(book):
    row = enter_event(book, "few platelets")
    assert book.sheet(EVENTS).value_to_store("AEDECOD", row).value == "few platelets"
    assert "AE.AEDECOD.known" in rules_of(book, row)


def test_what_an_earlier_program_kept_as_typed_is_read_by_its_name(book, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(entering, "as_term", lambda version, value: value)
        rows = [enter_event(book, typed) for typed in NAMES]
    filled = book.sheet(EVENTS).filled
    assert [filled.value(row, "AEDECOD").value for row in rows] == [name.strip() for name in NAMES]
    assert {filled.typed(row, "AEDECOD") for row in rows} == {"Platelet count decreased"}
    assert not any({"AE.AESER.grade4", "AE.AEDECOD.known"} & rules_of(book, row) for row in rows)
    changes = {change.after for _, change in plan_definition(book, with_edition(ankl(), "6.0")).events}
    assert changes == {("Thrombocytopenia: low count=4",)}


def test_a_file_brings_a_term_in_as_typing_does(book, tmp_path):
    lines = ["subject,event,event_no,form,form_no,row,item,value,unit,missing"]
    for number, typed in enumerate(NAMES, start=1):
        lines.append(f"S01-001,LOG,1,AE,1,{number},AEDECOD,{typed},,")
    path = tmp_path / "in.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    import_csv(book, path)
    filled = book.sheet(EVENTS).filled
    found = [filled.value(row, "AEDECOD") for row in filled.rows("AE")]
    assert [value.value for value in found] == ["Platelet count decreased"] * len(NAMES)
    assert "血小板计数降低" in {value.text for value in found}
