"""Another CTCAE edition: a dry run tells what would change, the act is audited and regrades the whole store."""

from functools import cache

import pytest

from db.clock import set_clock
from db.folder.keys import CHEAP
from db.incoming.amend import plan_definition, put_in_force, with_edition
from db.opening.vault import create_store, open_store
from db.proof.verify import verify
from forms.authoring.load import read_study
from forms.errors import NeedsReason, Refusal
from forms.place import FormKey

PHRASE = "a phrase for tests"
KEY = FormKey("S01-001", "SCR", "1", "HEM")


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
    for item, text in (("LBPERF", "Y"), ("LBDAT", "2024-10-18"), ("LBNAM", "LAB1"), ("NEUT", "0.8"), ("LYM", "0.4")):
        made.enter(KEY.place(item), text)
    events = FormKey("S01-001", "LOG", "1", "AE")
    row = made.new_row(events, "AE")
    for item, text in (("AETERM", "tired"), ("AEDECOD", "Neutrophil count decreased"), ("AETOXGR", "3")):
        made.enter(events.place(item, row), text)
    yield made
    made.close()


def grades(book):
    return {item: book.sheet(KEY).value_to_store(f"{item}#grade").value for item in ("NEUT", "LYM")}


def test_a_dry_run_tells_what_would_change_and_changes_nothing(book):
    position = book.position()
    plan = plan_definition(book, with_edition(ankl(), "6.0"))
    assert {difference.place.item for difference in plan.differences} >= {"NEUT#grade"}
    assert all(difference.before != difference.after for difference in plan.differences)
    assert [place.item for place, _ in plan.events] == ["AEDECOD"]
    assert (book.position(), book.study.ctcae) == (position, "5.0")


def test_the_change_does_what_the_dry_run_told_and_names_its_cause(book):
    plan = plan_definition(book, with_edition(ankl(), "6.0"))
    changes = put_in_force(book, with_edition(book.study, "6.0"), "amendment 2")
    assert set(changes.places) == {difference.place for difference in plan.differences}
    assert book.study.ctcae == "6.0"
    last = book.history(KEY.place("NEUT#grade"))[-1]
    act = book.acts("definition")[-1]
    assert (last.cause, act.why) == (act.address, "amendment 2")


def test_what_a_person_decided_stays(book):
    put_in_force(book, with_edition(book.study, "6.0"), "amendment 2")
    events = FormKey("S01-001", "LOG", "1", "AE")
    sheet = book.sheet(events)
    assert sheet.cell("AEDECOD", sheet.rows("AE")[0]).value.value == "Neutrophil count decreased"


def test_the_store_is_sound_after_the_change_and_opens_under_the_new_edition(book, tmp_path):
    put_in_force(book, with_edition(book.study, "6.0"), "amendment 2")
    told = grades(book)
    book.close()
    assert verify(tmp_path / "s.casebook", user="demo", passphrase=PHRASE).faults == ()
    again = open_store(tmp_path / "s.casebook", user="demo", passphrase=PHRASE, clock=set_clock("2024-10-21"))
    assert (again.study.ctcae, grades(again)) == ("6.0", told)
    again.close()


def test_a_report_as_of_before_the_change_is_graded_by_the_old_edition(book):
    before = book.position()
    put_in_force(book, with_edition(book.study, "6.0"), "amendment 2")
    assert book.dataset(as_of=str(before)).study.ctcae == "5.0"
    assert book.dataset().study.ctcae == "6.0"


def test_an_edition_that_is_not_shipped_is_refused(book):
    with pytest.raises(Refusal, match=r"7\.0"):
        with_edition(ankl(), "7.0")


def test_a_change_without_a_reason_is_refused(book):
    with pytest.raises(NeedsReason):
        put_in_force(book, with_edition(book.study, "6.0"), " ")


def test_the_same_definition_again_changes_nothing(book):
    position = book.position()
    put_in_force(book, book.study, "again")
    assert book.position() == position


def test_a_change_that_fails_midway_leaves_everything_as_it_was(book, monkeypatch):
    import db.incoming.amend as amend

    def broken(*given):
        raise RuntimeError("power")

    position, told = book.position(), grades(book)
    monkeypatch.setattr(amend, "write_anew", broken)
    with pytest.raises(RuntimeError):
        put_in_force(book, with_edition(book.study, "6.0"), "amendment 2")
    assert (book.position(), book.study.ctcae, grades(book)) == (position, "5.0", told)
    book.enter(KEY.place("PLT"), "90")
    assert book.history(KEY.place("PLT"))[-1].definition == book.definition[:16]
