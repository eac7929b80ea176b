from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.compiled.study import compiled
from forms.place import FormKey, Place
from forms.study.definition import EventForm, Form, ItemGroup, Setting, Study
from forms.subject.cut import cut_at
from forms.subject.ranges import age_at, completed_years, range_for
from forms.subject.subject import Subject
from forms.value import Value
from forms.values.censored import Censored
from forms.values.dates import PartialDate
from tests.forms.small_study import D, form, item, key, small_study, subject, typed, with_setting, words

DAY1 = PartialDate(2024, 10, 8)


@pytest.fixture
def treated() -> Subject:
    """Screened, two cycles, dosed on 8 and 29 October."""
    person = typed(subject(), key("SCR", "SV"), SVDAT="2024-10-01")
    person = typed(person, key("SCR", "DM"), BRTHDAT="1980-05-06", SEX="M")
    person = typed(person, key("SCR", "LB"), LBDAT="2024-10-01", LBNAM="HOSP", PLT="100")
    person = typed(person, key("C_D1", "SV"), SVDAT="2024-10-08")
    person = typed(person, key("C_D1", "VS"), HEIGHT="170", WEIGHT="65")
    person = typed(person, key("C_D1", "LB"), LBDAT="2024-10-08", LBNAM="HOSP", PLT="60")
    person = typed(person, key("C_D1", "EX"), row="a", EXDAT="2024-10-08", EXDOSE="175")
    person = typed(person, key("C_D1", "EX"), row="b", EXDAT="2024-10-09", EXDOSE="20")
    person = typed(person, key("C_D1", "SV", "2"), SVDAT="2024-10-29")
    person = typed(person, key("C_D1", "LB", "2"), LBDAT="2024-10-29", LBNAM="HOSP", PLT="30")
    return typed(person, key("C_D1", "EX", "2"), row="c", EXDAT="2024-10-29", EXDOSE="150")


def test_a_fact_is_worked_out_from_rows_in_order_of_their_dates(treated: Subject) -> None:
    assert treated.fact("first_dose") == DAY1
    assert treated.fact("doses") == 3
    assert treated.fact("given") == 345


def test_a_name_of_this_form_is_looked_up_in_the_same_row(treated: Subject) -> None:
    assert treated.evaluate("EXDOSE", "C_D1", "1", "EX", row="b") == 20


def test_a_single_group_can_not_see_into_rows(treated: Subject) -> None:
    assert treated.evaluate("EX.EXDOSE", "C_D1", "1", "VS") is None


def test_the_only_row_of_another_form_is_found(treated: Subject) -> None:
    assert treated.evaluate("EX.EXDOSE", "C_D1", "2", "VS") == 150


def test_a_form_of_the_same_event_is_found_by_its_name(treated: Subject) -> None:
    assert treated.evaluate("VS.WEIGHT", "C_D1", "1", "EX") == 65
    assert treated.evaluate("VS.WEIGHT", "C_D1", "2", "EX") is None


def test_a_form_that_stands_in_one_visit_alone_is_found_from_anywhere(treated: Subject) -> None:
    assert treated.evaluate("DM.SEX", "C_D1", "2", "LB") == "M"
    assert treated.evaluate("DM.SEX") == "M"


def test_a_form_of_several_visits_is_unknown_from_outside(treated: Subject) -> None:
    assert treated.evaluate("LB.PLT") is None


def test_another_cycle_event_means_the_same_cycle(treated: Subject) -> None:
    assert treated.evaluate("C_D1.SV.SVDAT", "C_D8", "2", "LB") == PartialDate(2024, 10, 29)


def test_a_numbered_cycle_is_found_from_anywhere(treated: Subject) -> None:
    assert treated.evaluate("C_D1[2].LB.PLT") == 30


def test_prev_looks_one_cycle_back_and_is_unknown_in_the_first(treated: Subject) -> None:
    assert treated.evaluate("prev(LB.PLT)", "C_D1", "2", "LB") == 60
    assert treated.evaluate("prev(LB.PLT)", "C_D1", "1", "LB") is None
    assert treated.evaluate("prev(LB.PLT)", "SCR", "1", "LB") is None


def test_before_is_the_latest_earlier_day_in_any_event(treated: Subject) -> None:
    assert treated.evaluate("before(LB.PLT)", "C_D1", "2", "LB") == 60
    assert treated.evaluate("before(LB.PLT)", "C_D1", "1", "LB") == 100
    assert treated.evaluate("before(LB.PLT)", "SCR", "1", "LB") is None


def test_a_result_of_the_day_of_first_dose_is_the_baseline(treated: Subject) -> None:
    assert treated.evaluate("baseline(LB.PLT)", "C_D1", "2", "LB") == 60


def test_a_setting_keeps_results_of_the_day_of_first_dose_out_of_the_baseline(treated: Subject) -> None:
    strict = with_setting(small_study(), "baseline_same_day", "no")
    person = Subject(strict, treated.id, treated.values, {}, strict.ranges, treated.today, "01")
    assert person.evaluate("baseline(LB.PLT)") == 100


def test_without_a_dose_there_is_no_baseline() -> None:
    person = typed(subject(), key("SCR", "LB"), LBDAT="2024-10-01", PLT="100")
    assert person.evaluate("baseline(LB.PLT)") is None


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("sum(EXDOSE over EX)", D(345)),
        ("sum(EXDOSE over EX where EXDAT > date('2024-10-08'))", D(170)),
        ("max(EXDOSE over EX)", D(175)),
        ("min(EXDOSE over EX in C_D1)", D(20)),
        ("count(true over EX where EXDOSE > 100)", D(2)),
        ("first(EXDOSE over EX)", D(175)),
        ("last(EXDOSE over EX)", D(150)),
        ("any(EXDOSE > 170 over EX)", True),
        ("all(EXDOSE > 170 over EX)", False),
        ("sum(EXDOSE over EX where C_D1.SV.SVDAT = EXDAT)", D(325)),
        ("last(PLT over LB)", D(30)),
        ("sum(EXDOSE over EX in EOT)", D(0)),
    ],
)
def test_aggregates_walk_over_all_instances(treated: Subject, expression: str, expected: object) -> None:
    assert treated.evaluate(expression) == expected


def test_inside_an_aggregate_names_are_those_of_the_instance_and_outer_reaches_back(treated: Subject) -> None:
    assert treated.evaluate("sum(EXDOSE over EX where cycle = outer(cycle))", "C_D1", "2", "EX") == 150


def test_words_of_the_language_are_known(treated: Subject) -> None:
    assert treated.evaluate("cycle", "C_D1", "2") == 2
    assert treated.evaluate("cycle", "SCR") is None
    assert treated.evaluate("today") == PartialDate(2025, 3, 1)
    assert treated.evaluate("site") == "01"
    assert treated.evaluate("row_number", "C_D1", "1", "EX", row="b") == 2
    assert treated.evaluate("drug", "C_D1", "1", "EX") == "OXA"
    assert treated.evaluate("setting('baseline_same_day')") == "yes"


def test_an_expression_at_fault_is_unknown_and_never_raises(treated: Subject) -> None:
    assert treated.evaluate("1 +") is None
    assert treated.evaluate("$nobody") is None
    assert treated.evaluate("NOWHERE.NOTHING", "C_D1", "1", "EX") is None
    assert treated.evaluate("(" * 5000) is None


def test_a_missing_code_is_unknown_in_expressions(treated: Subject) -> None:
    place = key("C_D1", "LB", "2").place("PLT")
    person = treated.with_values({place: Value(text="ND", missing="ND")})
    assert person.evaluate("C_D1[2].LB.PLT") is None
    assert person.evaluate("C_D1[2].LB.PLT = 30") is None


def test_a_result_in_another_unit_is_converted_for_expressions(treated: Subject) -> None:
    at = key("SCR", "LB")
    person = treated.with_values({at.place("HGB"): Value("9.2", "9.2", "g/dL")})
    assert person.evaluate("HGB", "SCR", "1", "LB") == D("92.0")
    person = treated.with_values({at.place("HGB"): Value("<9.2", "<9.2", "g/dL")})
    assert person.evaluate("HGB", "SCR", "1", "LB") == Censored("<", D("92.0"))
    person = treated.with_values({at.place("HGB"): Value("9.2", "9.2", "stones")})
    assert person.evaluate("HGB", "SCR", "1", "LB") is None


def test_forms_come_in_study_order_cycle_by_cycle(treated: Subject) -> None:
    person = typed(treated, key("C_D8", "LB", "1"), LBDAT="2024-10-15")
    person = typed(person, key("UNS", "UV", "k7-1"), UVDAT="2024-10-12")
    order = [(at.event, at.event_no, at.form) for at in person.keys()]
    assert order == [
        ("SCR", "1", "SV"),
        ("SCR", "1", "DM"),
        ("SCR", "1", "LB"),
        ("C_D1", "1", "SV"),
        ("C_D1", "1", "VS"),
        ("C_D1", "1", "LB"),
        ("C_D1", "1", "EX"),
        ("C_D8", "1", "LB"),
        ("C_D1", "2", "SV"),
        ("C_D1", "2", "LB"),
        ("C_D1", "2", "EX"),
        ("UNS", "k7-1", "UV"),
    ]


def test_cycles_beyond_nine_are_sorted_by_number() -> None:
    person = subject()
    for cycle in ("10", "2", "9"):
        person = typed(person, key("C_D1", "SV", cycle), SVDAT="2024-10-01")
    assert person.event_nos("C_D1") == ("2", "9", "10")
    assert [at.event_no for at in person.keys()] == ["2", "9", "10"]


def test_numbers_that_people_see_follow_arrival(treated: Subject) -> None:
    person = typed(treated, key("UNS", "UV", "z9-1"), UVDAT="2024-10-12")
    person = typed(person, key("UNS", "UV", "a1-1"), UVDAT="2024-10-11")
    assert [person.event_number("UNS", no) for no in ("z9-1", "a1-1", "new")] == [1, 2, 3]
    assert person.event_number("C_D1", "2") == 2
    ex = key("C_D1", "EX")
    assert [person.number(ex.place("EXDAT", row)) for row in ("a", "b", "new")] == [1, 2, 3]
    assert person.number(ex) == 1


def test_an_emptied_row_is_gone_but_keeps_its_number(treated: Subject) -> None:
    at = key("C_D1", "EX")
    person = typed(treated, at, row="a", EXDAT="", EXDOSE="")
    assert person.rows(at, "DAYS") == ("b",)
    assert person.number(at.place("EXDAT", "b")) == 2
    assert person.fact("first_dose") == PartialDate(2024, 10, 9)


def test_clearing_a_value_keeps_its_place_in_the_order_of_arrival(treated: Subject) -> None:
    at = key("C_D1", "EX")
    person = typed(typed(treated, at, row="a", EXDAT="", EXDOSE=""), at, row="a", EXDAT="2024-10-08")
    assert person.rows(at, "DAYS") == ("a", "b")


def test_a_form_is_dated_by_itself_then_by_its_event(treated: Subject) -> None:
    assert treated.form_date(key("C_D1", "LB")) == date(2024, 10, 8)
    assert treated.form_date(key("C_D1", "VS")) == date(2024, 10, 8)
    assert treated.form_date(key("EOT", "LB")) is None


def test_a_cut_drops_later_forms_and_rows_and_moves_today(treated: Subject) -> None:
    cut = cut_at(treated, date(2024, 10, 8))
    assert cut.today == date(2024, 10, 8)
    assert {at.event_no for at in cut.keys()} == {"1"}
    assert cut.rows(key("C_D1", "EX"), "DAYS") == ("a",)
    assert cut.fact("given") == 175
    assert treated.fact("given") == 345


def test_a_cut_keeps_undated_forms_and_rows_that_may_have_begun_before_it(treated: Subject) -> None:
    at = key("LOG", "AE")
    person = typed(treated, at, AEYN="Y")
    person = typed(person, at, row="a", AETERM="fever", AESTDAT="2024-10")
    person = typed(person, at, row="b", AETERM="rash", AESTDAT="2024-11")
    cut = cut_at(person, date(2024, 10, 8))
    assert cut.rows(at, "ROWS") == ("a",)
    assert cut.evaluate("AE.AEYN") == "Y"


def test_ranges_are_chosen_by_sex_age_laboratory_and_day(treated: Subject) -> None:
    assert range_for(treated, "HGB", "HOSP", date(2024, 10, 8)).low == 130  # type: ignore[union-attr]
    assert range_for(treated, "ALT", "HOSP", date(2024, 10, 8)).high == 50  # type: ignore[union-attr]
    assert range_for(treated, "ALT", "HOSP", date(2025, 2, 1)).high == 60  # type: ignore[union-attr]
    assert range_for(treated, "HGB", "OTHER", date(2024, 10, 8)) is None
    child = typed(treated, key("SCR", "DM"), BRTHDAT="2020-10-09", SEX="")
    assert range_for(child, "HGB", "HOSP", date(2024, 10, 8)).low == 112  # type: ignore[union-attr]


def test_without_sex_a_range_for_either_sex_is_not_guessed(treated: Subject) -> None:
    person = typed(treated, key("SCR", "DM"), SEX="")
    assert range_for(person, "HGB", "HOSP", date(2024, 10, 8)) is None
    assert range_for(person, "PLT", "HOSP", date(2024, 10, 8)) is not None


def test_limits_are_given_in_the_unit_asked_for(treated: Subject) -> None:
    found = range_for(treated, "HGB", "HOSP", date(2024, 10, 8), "g/dL")
    assert found is not None
    assert (found.low, found.high, found.unit) == (13, D("17.5"), "g/dL")


def test_an_age_between_two_bands_chooses_none(treated: Subject) -> None:
    child = typed(treated, key("SCR", "DM"), BRTHDAT="2018", SEX="")
    assert range_for(child, "HGB", "HOSP", date(2024, 6, 1)) is None


def test_ages_are_completed_years_and_months() -> None:
    assert age_at(PartialDate(2024, 1, 31), date(2024, 7, 30)) == (Decimal(5) / 12, Decimal(5) / 12)
    assert completed_years(PartialDate(1980, 5, 6), date(2024, 5, 5)) == 43
    assert completed_years(PartialDate(1980), date(2024, 5, 5)) is None
    assert completed_years(PartialDate(2025, 1, 1), date(2024, 5, 5)) is None
    assert completed_years(None, date(2024, 5, 5)) is None


PLACES = [
    key("SCR", "DM").place("SEX"),
    key("SCR", "DM").place("BRTHDAT"),
    key("SCR", "LB").place("LBDAT"),
    key("SCR", "LB").place("PLT"),
    key("C_D1", "SV").place("SVDAT"),
    key("C_D1", "LB").place("PLT"),
    key("C_D1", "LB", "2").place("LBDAT"),
    key("C_D1", "LB", "2").place("PLT"),
    *(key("C_D1", "EX").place(name, row) for name in ("EXDAT", "EXDOSE") for row in "ab"),
    key("C_D1", "EX", "2").place("EXDAT", "c"),
    key("C_D1", "EX", "2").place("EXDOSE", "c"),
]
TEXTS = st.sampled_from(["", "M", "5", "70", "2024-10-08", "2024-10-29", "2024-09-01"])
ASKED = ["$first_dose", "$given", "$sex", "$doses", "count(true over LB where PLT > 6)", "last(PLT over LB)"]


@given(st.lists(st.tuples(st.sampled_from(PLACES), TEXTS), max_size=14))
@settings(max_examples=150, deadline=None)
def test_what_was_worked_out_is_kept_only_while_it_holds(changes: list[tuple[Place, str]]) -> None:
    """Asked after every change, a subject answers as one built anew from the same values."""
    person = subject()
    for place, text in changes:
        person = person.with_values({place: Value(text, text)})
        fresh = Subject(person.study, person.id, dict(person.values), {}, person.ranges, person.today, "01")
        for one in (person, fresh):
            one.keys()
        assert [person.evaluate(text) for text in ASKED] == [fresh.evaluate(text) for text in ASKED]
        for name in ("LB", "EX"):
            for event_no in ("1", "2"):
                spot = ("C_D1", event_no, name)
                for text in ("before(LB.PLT)", "baseline(LB.PLT)", "prev(LB.PLT)"):
                    assert person.evaluate(text, *spot) == fresh.evaluate(text, *spot)
        assert person.keys() == fresh.keys()
        assert [person.form_date(at) for at in person.keys()] == [fresh.form_date(at) for at in fresh.keys()]


def test_values_of_a_form_the_study_no_longer_has_are_kept_and_not_shown(treated: Subject) -> None:
    old = FormKey(treated.id, "SCR", "1", "OLDFORM").place("X")
    person = treated.with_values({old: Value("1", "1")})
    assert person.values[old].value == "1"
    assert all(at.form != "OLDFORM" for at in person.keys())


def with_repeating_form() -> Study:
    """The small study with a scan form that can be filled several times in a visit, and a note that looks at it."""
    study = small_study()
    scan = Form(
        "SCAN", words("scan"), (ItemGroup("G", words("g"), (item("SUV", "number"), item("SCDAT", "date"))),), True
    )
    note = form("NOTE", item("LOOK", "number", derive="SCAN.SUV"), item("MORE", "text"))
    events = tuple(
        replace(event, forms=(*event.forms, EventForm("SCAN"), EventForm("NOTE")))
        if event.id in ("SCR", "UNS")
        else event
        for event in study.events
    )
    return replace(study, events=events, forms=(*study.forms, scan, note))


def test_the_only_one_of_a_repeating_form_is_found_and_two_are_not() -> None:
    person = typed(subject(with_repeating_form()), key("SCR", "NOTE"), MORE="x")
    assert person.evaluate("SCAN.SUV", "SCR", "1", "NOTE") is None
    person = typed(person, key("SCR", "SCAN", form_no="k1"), SUV="4")
    assert person.evaluate("SCAN.SUV", "SCR", "1", "NOTE") == 4
    assert person.values[key("SCR", "NOTE").place("LOOK")].value == "4"
    person = typed(person, key("SCR", "SCAN", form_no="k2"), SUV="5")
    assert person.evaluate("SCAN.SUV", "SCR", "1", "NOTE") is None
    assert person.values[key("SCR", "NOTE").place("LOOK")].blank
    assert person.form_nos("SCR", "1", "SCAN") == ("k1", "k2")
    assert [person.number(key("SCR", "SCAN", form_no=no)) for no in ("k1", "k2", "new")] == [1, 2, 3]


def test_within_a_repeating_form_names_are_those_of_the_same_one() -> None:
    person = typed(subject(with_repeating_form()), key("SCR", "SCAN", form_no="k1"), SUV="4")
    person = typed(person, key("SCR", "SCAN", form_no="k2"), SUV="5")
    assert person.evaluate("SCAN.SUV + SUV", "SCR", "1", "SCAN", form_no="k2") == 10
    assert person.evaluate("sum(SUV over SCAN)") == 9


def test_an_added_visit_is_found_by_its_name_while_there_is_only_one() -> None:
    person = typed(subject(), key("UNS", "UV", "k7-1"), UVDAT="2024-10-12", UVNOTE="a")
    assert person.evaluate("UNS.UV.UVNOTE", "SCR") == "a"
    person = typed(person, key("UNS", "UV", "k7-2"), UVDAT="2024-10-13", UVNOTE="b")
    assert person.evaluate("UNS.UV.UVNOTE", "SCR") is None
    assert person.evaluate("UNS.UV.UVNOTE", "UNS", "k7-2", "LB") == "b"
    person = typed(person, key("UNS", "UV", "k7-1"), UVDAT="", UVNOTE="")
    assert person.evaluate("UNS.UV.UVNOTE", "SCR") == "b"


def test_a_cycle_is_not_found_from_outside_without_its_number(treated: Subject) -> None:
    assert treated.evaluate("C_D1.SV.SVDAT", "SCR") is None
    assert treated.evaluate("C_D1[1].SV.SVDAT", "SCR") == DAY1


@pytest.mark.parametrize(
    ("expression", "spot"),
    [
        ("NOITEM", ("C_D1", "1", "LB")),
        ("LB.NOITEM", ("C_D1", "1", "SV")),
        ("NOEVENT.LB.PLT", ("C_D1", "1", "SV")),
        ("before(LB.NOITEM)", ("C_D1", "1", "LB")),
        ("baseline(NOFORM.PLT)", ("C_D1", "1", "LB")),
        ("PLT", ("C_D1", "1", "")),
        ("setting('nothing')", ("C_D1", "1", "LB")),
        ("drug", ("C_D1", "1", "NOFORM")),
        ("count(true over NOFORM)", ("C_D1", "1", "NOFORM")),
    ],
)
def test_what_is_not_there_is_unknown_or_nothing(treated: Subject, expression: str, spot: tuple[str, str, str]) -> None:
    assert treated.evaluate(expression, *spot) in (None, 0)


def test_before_at_an_event_counts_from_the_day_of_the_event(treated: Subject) -> None:
    assert treated.evaluate("before(LB.PLT)", "C_D1", "2") == 60
    assert treated.evaluate("before(LB.PLT)", "EOT") is None


def test_a_setting_that_is_a_number_is_a_number() -> None:
    study = replace(small_study(), settings=(Setting("limit", words("limit"), "2.50", kind="number"),))
    assert subject(study).evaluate("setting('limit') * 2") == 5


def test_limits_that_can_not_be_converted_are_none(treated: Subject) -> None:
    assert range_for(treated, "PLT", "HOSP", date(2024, 10, 8), "mg/dL") is None
    assert range_for(treated, "PLT", "HOSP", None) is None


def test_caches_of_a_study_are_emptied_when_they_grow() -> None:
    ready = compiled(small_study())
    for number in range(12):
        ready.cache("test", most=10)[number] = number
    assert len(ready.cache("test", most=10)) < 12
