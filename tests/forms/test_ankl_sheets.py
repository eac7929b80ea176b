"""The shipped study, filled form by form the way a nurse does."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest

from forms.authoring.load import read_study
from forms.compiled.study import compiled
from forms.course.schedule import schedule
from forms.expressions.rule import Rule
from forms.place import FormKey
from forms.sheet.follow import follow, recompute
from forms.sheet.sheet import open_sheet
from forms.study.definition import Item, Study
from forms.subject.subject import Subject

CYCLE = (("C_D1", 0), ("C_D2", 1), ("C_D8", 7), ("C_D15", 14), ("C_END", 18))


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study("ankl")


def new_subject(study: Study, today: date = date(2024, 12, 20)) -> Subject:
    return Subject(study, "01-001", {}, {}, study.ranges, today, "01")


def plausible(study: Study, item: Item, day: date) -> str:
    """Some answer that the item can read."""
    if item.id == "BRTHDAT":
        return "1980-05-06"
    if item.kind in ("code", "codes"):
        codes = [entry.code for entry in study.codelist_by_id[item.codelist].codes] if item.codelist else ["X"]
        if {"Y", "N"} <= set(codes):
            return "Y" if item.id.endswith(("PERF", "YN", "GIVEN")) else "N"
        return codes[0]
    if item.kind in ("number", "integer"):
        bounds = item.soft or item.hard
        low, high = (bounds.low, bounds.high) if bounds is not None else (None, None)
        number = (low + high) / 4 if low is not None and high is not None else Decimal(5)
        return str(int(number)) if item.kind == "integer" or number > 20 else str(round(number, 1))
    return {"date": day.isoformat(), "datetime": f"{day.isoformat()} 09:30", "time": "09:30"}.get(item.kind, "words")


def filled(person: Subject, event: str, event_no: str, day: date) -> Subject:
    """The subject after every visible field of every form of an event was typed."""
    for entry in person.study.event_by_id[event].forms:
        key = FormKey(person.id, event, event_no, entry.form)
        for group in person.study.form_by_id[entry.form].groups:
            for item in group.items:
                row = "r1" if group.repeat else "1"
                sheet = open_sheet(person, key)
                if item.derive or sheet.is_hidden(item.id, row):
                    continue
                place = key.place(item.id, row)
                value = sheet.enter(item.id, plausible(person.study, item, day), row=row).value_to_store(item.id, row)
                person, _ = follow(person.with_values({place: value}), [place])
    return person


@pytest.fixture(scope="module")
def treated(study: Study) -> Subject:
    """Screened and treated for one cycle."""
    person = filled(new_subject(study), "SCR", "1", date(2024, 9, 20))
    for event, offset in CYCLE:
        person = filled(person, event, "1", date(2024, 9, 24) + timedelta(days=offset))
    return person


def rules(study: Study) -> list[Rule]:
    ready = compiled(study)
    found: list[Rule | None] = [*ready.facts.values()]
    for event in ready.events.values():
        found += [event.planned, event.expected, *event.forms.values()]
    for form in ready.forms.values():
        found += [check.holds for check in form.checks]
        for plan in form.items.values():
            found += [plan.show, plan.group_show, plan.required, plan.derive, *(c.holds for c in plan.checks)]
    return [rule for rule in found if rule is not None]


def test_every_rule_of_the_study_can_be_run(study: Study) -> None:
    assert [(rule.text, rule.fault) for rule in rules(study) if rule.fault] == []


def test_every_form_of_every_event_opens_empty_and_says_nothing(study: Study) -> None:
    person = new_subject(study)
    for event in study.events:
        for entry in event.forms:
            sheet = open_sheet(person, FormKey(person.id, event.id, "1", entry.form))
            assert sheet.findings == ()
            assert sheet.cells()


def test_no_rule_fails_on_a_filled_casebook(treated: Subject) -> None:
    said = Counter(finding.rule for key in treated.keys() for finding in open_sheet(treated, key).findings)
    assert {rule for rule in said if rule.startswith(("derive.", "kind."))} == set()


def test_following_every_field_gives_what_recomputing_gives(treated: Subject) -> None:
    assert recompute(treated)[1] == {}
    forms = treated.compiled.forms
    entered = {
        place: value
        for place, value in treated.values.items()
        if place.item in forms[place.form].items and forms[place.form].items[place.item].derive is None
    }
    fresh, _ = recompute(Subject(treated.study, treated.id, entered, {}, treated.ranges, treated.today, "01"))
    assert {p: v for p, v in fresh.values.items() if not v.blank} == {
        p: v for p, v in treated.values.items() if not v.blank
    }


def test_sheets_agree_with_what_is_stored(treated: Subject) -> None:
    for key in treated.keys():
        for place, value in open_sheet(treated, key).derived().items():
            assert treated.values.get(place, value) == value


def test_facts_of_the_course_are_known(treated: Subject) -> None:
    day1 = date(2024, 9, 24)
    assert treated.first_dose == day1
    assert treated.fact("sex") == "M"
    assert treated.fact("age") == 44
    assert treated.fact("cycle") == 1
    assert treated.fact("status") == "TREATMENT"
    assert treated.fact("bsa") > 0


def test_graded_measurements_carry_a_stored_grade(treated: Subject) -> None:
    key = FormKey(treated.id, "C_D1", "1", "HEM")
    sheet = open_sheet(treated, key)
    assert [grade.term for grade in sheet.cell("PLT").grades] == ["Platelet count decreased"]
    assert treated.values[key.place("PLT").grade_place].value.startswith("Platelet count decreased=")


def test_the_course_is_planned_from_the_actual_first_day(treated: Subject) -> None:
    visits = {(visit.event, visit.event_no): visit for visit in schedule(treated)}
    assert visits[("C_D8", "1")].planned == date(2024, 10, 1)
    assert visits[("C_D1", "2")].planned == date(2024, 10, 15)
    assert visits[("C_D1", "2")].status == "overdue"
    assert visits[("C_D1", "3")].planned == date(2024, 11, 5)
    assert visits[("C_D1", "3")].status == "not_expected"
    assert [visits[(event, "1")].status for event, _ in CYCLE[1:]] == ["done"] * 4
    assert visits[("EOT", "1")].status == "not_expected"


def test_a_visit_answered_as_not_done_is_missed(treated: Subject) -> None:
    key = FormKey(treated.id, "C_D8", "2", "SV")
    value = open_sheet(treated, key).enter("SVPERF", "N").value_to_store("SVPERF")
    person = treated.with_values({key.place("SVPERF"): value})
    status = {(visit.event, visit.event_no): visit.status for visit in schedule(person)}
    assert status[("C_D8", "2")] == "missed"


def test_a_bilirubin_proposes_no_illness_that_nobody_diagnosed(study):
    """CTCAE grades sinusoidal obstruction syndrome by bilirubin, once it is diagnosed; a slip alone never names it."""
    key = FormKey("01-001", "SCR", "1", "CHEM")
    sheet = open_sheet(new_subject(study), key)
    for item, text in (("LBDAT", "2024-12-01"), ("LBNAM", "LAB1"), ("BILI", "60")):
        sheet = sheet.enter(item, text)
    assert [grade.term for grade in sheet.cell("BILI").grades] == ["Blood bilirubin increased"]
