"""Alive until when, and dead or not, as the words ``last_seen`` and ``known_dead`` read it while data come in."""

from datetime import date

import pytest

from forms.place import FormKey
from forms.sheet.follow import follow
from forms.sheet.resolve import resolve
from forms.subject.life import find_known_dead, find_last_seen
from forms.value import Value
from tests.reports.patients import died, subjects, visit


def typed(person, *spots):
    """The person after values were typed: (event, form, row, item, text)."""
    changes = {
        FormKey(person.id, event, "1", form).place(item, row): Value(text, text)
        for event, form, row, item, text in spots
    }
    return follow(person.with_values(changes), list(changes))[0]


def test_an_answer_that_tells_of_life_or_death_is_followed_at_once():
    person = subjects(visit("2025-03-02"))[0]
    assert person.fact("last_alive").canonical == "2025-03-02"
    assert person.fact("status") == "TREATMENT"
    later = typed(person, ("LOG", "AE", "1", "AETERM", "fever"), ("LOG", "AE", "1", "AESTDAT", "2025-03-30"))
    assert later.fact("last_alive").canonical == "2025-03-30"
    gone = typed(later, ("LOG", "AE", "1", "AEOUT", "FATAL"))
    assert (gone.life("known_dead"), gone.fact("status")) == (True, "DEAD")
    back = typed(gone, ("LOG", "AE", "1", "AEOUT", "RECOVERED"))
    assert (back.life("known_dead"), back.fact("status")) == (False, "TREATMENT")


@pytest.mark.parametrize(
    ("lines", "dead"),
    [
        (("LOG DD DTHDAT 2025",), True),
        (("LOG DD DTHDAT ?UNK",), True),
        (("LOG DD DTHDAT ?ND",), False),
        (("LOG DD DTHTX opened by mistake",), False),
        (("LOG AE#1 AETERM rash", "LOG AE#1 AETOXGR 4"), False),
        (("LOG AE#1 AETERM sepsis", "LOG AE#1 AETOXGR 5"), True),
        (("LOG DS EOTRS AE", "LOG DS EOTDAT 2025-02-01"), False),
        (("LOG DS EOTRS DEATH",), True),
        (("CALL/1 SF SFSTAT LTFU",), False),
        (("CALL/1 SF SFSTAT DEAD",), True),
    ],
)
def test_known_dead_is_said_by_an_answer_and_by_nothing_else(lines, dead):
    assert find_known_dead(subjects(lines)[0]) is dead


def test_a_date_in_the_future_is_no_proof_of_life_by_a_day_before_it():
    person = subjects((*visit("2025-03-02"), *visit("2052-03-02", cycle=3)))[0]
    assert find_last_seen(person, date(2025, 7, 25)) == date(2025, 3, 2)


def test_a_subject_without_incomplete_dates_is_read_as_it_is():
    person = subjects((*visit("2025-03-02"), *died("2025-04-01")))[0]
    read = resolve(person)
    assert read.subject is person
    assert read.taken == ()


def test_reading_a_subject_twice_changes_nothing_more():
    person = subjects((*visit("2025-03-02"), *died("2025")))[0]
    once = resolve(person)
    assert [str(one.day) for one in once.taken] == ["2025-03-02"]
    assert resolve(once.subject).subject.values == once.subject.values


def test_an_item_derived_from_an_incomplete_date_is_worked_out_from_the_day_taken():
    lines = (*visit("2025-03-02"), *died("2025-03"))
    person = subjects(lines)[0]
    place = FormKey(person.id, "LOG", "1", "DD").place("DTHDOSE")
    assert person.value(place) is None or person.value(place).blank
    assert resolve(person).subject.value(place).value == "51"


def test_an_end_lies_after_its_beginning_and_not_after_the_death():
    lines = ("LOG CM#1 CMTRT any", "LOG CM#1 CMSTDAT 2025-03", "LOG CM#1 CMENDAT 2025-03", *visit("2025-03-11"))
    person = resolve(subjects((*lines, *died("2025-03-19")))[0]).subject
    row = person.filled(FormKey(person.id, "LOG", "1", "CM"))
    assert [row.typed("1", name).canonical for name in ("CMSTDAT", "CMENDAT")] == ["2025-03-01", "2025-03-19"]


def test_a_date_of_birth_is_left_as_it_was_recorded():
    person = subjects(("SCR DM BRTHDAT 1971",))[0]
    assert resolve(person).subject.fact("birth").canonical == "1971"
