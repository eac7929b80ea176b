"""Flags of a form and of rows of its logs: what acts set, what a change takes away, what is written under them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forms.place import FormKey
from forms.sheet.follow import outcome_anew, outcome_of
from forms.sheet.held import is_held
from forms.sheet.sheet import open_sheet
from forms.subject.states import EMPTY, STARTED, Flag, Flags, FormState, completed, flagged, reopened, value_changed
from forms.subject.subject import Subject
from forms.value import Value
from tests.forms.small_study import key, subject, typed

AT = "2026-01-02T03:04:05.000Z"
MARKS: tuple[Flag, ...] = ("verified", "signed", "frozen", "locked")
LATER = key("C_D8", "LB")
DOSE = key("C_D1", "EX").place("EXDAT", "a")


def treated() -> Subject:
    """A man with a count before treatment, dosed on 8 October, with a later count that the baseline explains."""
    person = typed(subject(), key("SCR", "DM"), BRTHDAT="1980-05-06", SEX="M")
    person = typed(person, key("SCR", "LB"), LBDAT="2024-10-01", LBNAM="HOSP", ALT="600", PLT="100")
    person = typed(person, key("C_D1", "SV"), SVDAT="2024-10-08")
    person = typed(person, LATER, LBDAT="2024-10-15", LBNAM="HOSP", ALT="800", PLT="60")
    return typed(person, key("C_D1", "EX"), row="a", EXDAT="2024-10-08", EXDOSE="175")


def with_state(person: Subject, at: FormKey, state: FormState) -> Subject:
    return replace(person, states={**person.states, at: state})


def dosed_later(person: Subject) -> Subject:
    """The first dose a month later: the later count has no baseline any more and another grade."""
    return person.with_values({DOSE: Value("2024-11-08", "2024-11-08")})


def test_completing_and_opening_again_is_remembered():
    done = completed(STARTED, AT, "nurse")
    assert (done.status, done.completed_at, done.completed_by, done.once_completed) == ("complete", AT, "nurse", True)
    again = reopened(done)
    assert (again.status, again.completed_at, again.completed_by, again.once_completed) == ("started", "", "", True)


@pytest.mark.parametrize("flag", MARKS)
def test_each_flag_is_set_and_taken_away_without_touching_another(flag):
    done = completed(STARTED, AT, "nurse")
    marked = flagged(done, flag, on=True)
    assert marked.flags() == replace(Flags(complete=True), **{flag: True})
    assert flagged(marked, flag, on=False) == done


def test_a_form_may_be_verified_before_it_is_complete_and_complete_before_it_is_verified():
    assert flagged(STARTED, "verified", on=True).flags() == Flags(verified=True)
    assert completed(EMPTY, AT, "nurse").flags() == Flags(complete=True)


def test_a_flag_of_a_row_is_that_row_s_and_a_flag_of_the_form_is_every_row_s():
    state = flagged(flagged(STARTED, "locked", on=True, row="a"), "signed", on=True)
    assert state.flags("a") == Flags(signed=True, locked=True)
    assert state.flags("b") == state.flags() == Flags(signed=True)
    assert flagged(STARTED, "complete", on=True, row="a").flags("a") == Flags(complete=True)


def test_a_form_is_not_completed_by_a_flag_which_would_leave_out_who_and_when():
    with pytest.raises(ValueError, match="complete"):
        flagged(STARTED, "complete", on=True)


def test_a_changed_value_takes_signature_and_verification_away_of_its_row_and_form_alone():
    state = STARTED
    for row in ("", "a", "b"):
        for flag in MARKS:
            state = flagged(state, flag, on=True, row=row)
    after = value_changed(state, "a")
    assert after.marks == after.rows["a"] == Flags(frozen=True, locked=True)
    assert after.rows["b"] == Flags(verified=True, signed=True, frozen=True, locked=True)
    assert value_changed(STARTED, "a") == STARTED


def test_opening_a_form_again_takes_the_signature_away_and_leaves_what_was_verified():
    state = flagged(flagged(completed(STARTED, AT, "nurse"), "signed", on=True), "verified", on=True)
    assert reopened(state).flags() == Flags(verified=True)


def test_a_frozen_form_takes_what_is_computed_and_no_entries_a_locked_one_nothing():
    assert (Flags(frozen=True).takes_entries, Flags(frozen=True).takes_computed) == (False, True)
    assert (Flags(locked=True).takes_entries, Flags(locked=True).takes_computed) == (False, False)
    assert (Flags(True, True, True).takes_entries, Flags(True, True, True).takes_computed) == (True, True)


def test_a_signed_form_is_regraded_and_a_locked_one_keeps_its_grade():
    grade = LATER.place("ALT").grade_place
    before = treated().values[grade].value
    signed = with_state(treated(), LATER, flagged(STARTED, "signed", on=True))
    assert outcome_of(dosed_later(signed), [DOSE]).changes[grade].value != before
    locked = with_state(treated(), LATER, flagged(STARTED, "locked", on=True))
    kept = outcome_of(dosed_later(locked), [DOSE])
    assert kept.subject.values[grade].value == before
    assert grade not in kept.changes
    assert grade in kept.held
    assert {place.form_key for place in kept.held} == {LATER}
    assert not {place for place in kept.changes if place.form_key == LATER}
    assert outcome_anew(kept.subject).held == kept.held


def test_a_locked_form_says_what_it_keeps_and_what_it_would_be():
    locked = with_state(treated(), LATER, flagged(STARTED, "locked", on=True))
    assert "locked.grade" not in [finding.rule for finding in open_sheet(locked, LATER).findings]
    sheet = open_sheet(outcome_of(dosed_later(locked), [DOSE]).subject, LATER)
    [finding] = [each for each in sheet.findings if each.rule == "locked.grade"]
    assert (finding.place, finding.severity) == (LATER.place("ALT"), "query")
    assert finding.text["en"] == (
        "The form is locked and keeps: Alanine aminotransferase increased 0. "
        "Graded now: Alanine aminotransferase increased 3."
    )
    assert "丙氨酸氨基转移酶升高 3" in finding.text["zh"]
    assert sheet.derived()[LATER.place("ALT").grade_place] == locked.values[LATER.place("ALT").grade_place]


def test_a_computed_value_on_a_locked_form_is_kept_and_told_with_its_unit():
    form = key("C_D1", "VS")
    person = typed(treated(), form, HEIGHT="170", WEIGHT="65")
    locked = with_state(person, form, flagged(STARTED, "locked", on=True))
    changed = locked.with_values({form.place("WEIGHT"): Value("80", "80", "kg")})
    kept = outcome_of(changed, [form.place("WEIGHT")])
    assert form.place("BSA") in kept.held
    assert kept.subject.values[form.place("BSA")] == person.values[form.place("BSA")]
    [finding] = [each for each in open_sheet(kept.subject, form).findings if each.rule == "locked.differs"]
    assert person.values[form.place("BSA")].value in finding.text["en"]


def test_a_locked_row_of_a_log_keeps_its_values_and_its_neighbour_does_not():
    form = key("C_D1", "EX")
    person = treated()
    person = with_state(person, form, flagged(STARTED, "locked", on=True, row="a"))
    assert is_held(person, form.place("EXDOSE", "a"))
    assert not is_held(person, form.place("EXDOSE", "b"))
