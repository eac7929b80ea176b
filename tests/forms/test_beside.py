"""Second inputs on the sheet: temperature beside neutrophils, albumin beside calcium, the other blood pressure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forms.grading.words import explain
from forms.place import FormKey, Place
from forms.sheet.follow import follow, recompute
from forms.sheet.sheet import open_sheet
from forms.study.definition import ItemGroup, Study
from forms.subject.subject import Subject
from tests.forms.small_study import item, key, lab, small_study, subject, typed, words
from tests.forms.test_follow import change, grade_at

LABS = key("C_D1", "LB")
VITALS = key("C_D1", "VS")
FEVER = "Febrile neutropenia"


def wired_study() -> Study:
    """The small study with temperatures, pressures, calcium and albumin, and a sheet of temperatures by the day."""
    study = small_study()
    pressures = (
        lab("SYSBP", ("mmHg",), ("80", "180"), ("40", "280")),
        lab("DIABP", ("mmHg",), ("40", "110"), ("15", "180")),
    )
    temp = item("TEMP", "number", units=("C", "F"), analyte="TEMP")
    daily = ItemGroup(
        "DAYS", words("days"), (item("DAY", "date"), item("TMAX", "number", units=("C",), analyte="TEMP")), repeat=True
    )
    calcium = (
        lab("CA", ("mmol/L", "mg/dL"), ("1.2", "3.8"), ("0.5", "6")),
        item("ALB", "number", units=("g/L", "g/dL"), analyte="ALB"),
    )
    forms = []
    for form in study.forms:
        first = form.groups[0]
        if form.id == "VS":
            kept = tuple(temp if one.id == "TEMP" else one for one in first.items)
            form = replace(form, groups=(replace(first, items=(*kept, *pressures)),))
        elif form.id == "LB":
            form = replace(form, groups=(replace(first, items=(*first.items, *calcium)),))
        elif form.id == "UV":
            form = replace(form, groups=(first, daily))
        forms.append(form)
    return replace(study, forms=tuple(forms))


WIRED = wired_study()


@pytest.fixture
def visit() -> Subject:
    """Neutrophils of 0.7 on the day of the visit."""
    person = typed(subject(WIRED), key("SCR", "DM"), BRTHDAT="1980-05-06", SEX="M")
    person = typed(person, key("C_D1", "SV"), SVDAT="2024-10-08")
    return typed(person, LABS, LBDAT="2024-10-08", LBNAM="HOSP", NEUT="0.7")


def grades(person: Subject, at: FormKey, name: str) -> dict[str, str]:
    return dict(part.split("=") for part in grade_at(person, at, name).split(";"))


def shown(person: Subject, at: FormKey, name: str) -> dict[str, str]:
    return {grade.term: explain(grade, "en").text for grade in open_sheet(person, at).cell(name).grades}


def test_without_a_temperature_neutrophils_say_nothing_of_fever(visit: Subject) -> None:
    assert grades(visit, LABS, "NEUT") == {"Neutrophil count decreased": "3"}


def test_a_temperature_of_the_same_day_on_another_form_of_the_visit_regrades_the_neutrophils(visit: Subject) -> None:
    after, changes = change(visit, VITALS.place("TEMP"), "38.6")
    assert LABS.place("NEUT").grade_place in changes
    assert grades(after, LABS, "NEUT") == {FEVER: "3", "Neutrophil count decreased": "3"}
    cooled, changes = change(after, VITALS.place("TEMP"), "37.0")
    assert LABS.place("NEUT").grade_place in changes
    assert grades(cooled, LABS, "NEUT")[FEVER] == "0"
    gone, _ = change(cooled, VITALS.place("TEMP"), "")
    assert FEVER not in grades(gone, LABS, "NEUT")


def test_a_temperature_that_must_have_lasted_leaves_the_grade_open(visit: Subject) -> None:
    after, _ = change(visit, VITALS.place("TEMP"), "38.1")
    assert grades(after, LABS, "NEUT")[FEVER] == "?0,3"


def test_a_temperature_in_fahrenheit_counts_as_what_it_is(visit: Subject) -> None:
    after, _ = change(visit, VITALS.place("TEMP"), "101.5", "F")
    assert grades(after, LABS, "NEUT")[FEVER] == "3"


def test_the_working_names_the_temperature_it_read(visit: Subject) -> None:
    after, _ = change(visit, VITALS.place("TEMP"), "38.6")
    assert "38.6 °C" in shown(after, LABS, "NEUT")[FEVER]
    assert dict(open_sheet(after, LABS).derived())[LABS.place("NEUT").grade_place].value == grade_at(
        after, LABS, "NEUT"
    )


def test_a_temperature_of_another_day_counts_for_nothing(visit: Subject) -> None:
    warm, _ = change(visit, VITALS.place("TEMP"), "39")
    moved, changes = change(warm, LABS.place("LBDAT"), "2024-10-07")
    assert LABS.place("NEUT").grade_place in changes
    assert FEVER not in grades(moved, LABS, "NEUT")
    back, _ = change(moved, key("C_D1", "SV").place("SVDAT"), "2024-10-07")
    assert grades(back, LABS, "NEUT")[FEVER] == "3"


def test_a_temperature_of_another_visit_counts_for_nothing(visit: Subject) -> None:
    warm = typed(visit, key("C_D1", "SV", "2"), SVDAT="2024-10-08")
    warm = typed(warm, key("C_D1", "VS", "2"), TEMP="40")
    assert FEVER not in grades(warm, LABS, "NEUT")


def test_of_several_temperatures_of_the_day_the_highest_counts() -> None:
    person = typed(subject(WIRED), key("UNS", "UV", "k1"), UVDAT="2024-10-10", UVNOTE="x")
    labs, notes = key("UNS", "LB", "k1"), key("UNS", "UV", "k1")
    person = typed(person, labs, LBDAT="2024-10-10", NEUT="0.4")
    assert FEVER not in grades(person, labs, "NEUT")
    for row, text in (("a", "39.1"), ("b", "37.5")):
        person = typed(person, notes, row=row, TMAX=text)
    assert grades(person, labs, "NEUT")[FEVER] == "3"
    person, _ = change(person, notes.place("TMAX", "a"), "37.0")
    assert grades(person, labs, "NEUT")[FEVER] == "0"


def test_calcium_is_corrected_by_the_albumin_beside_it_and_follows_it(visit: Subject) -> None:
    person = typed(visit, LABS, CA="1.7")
    assert grades(person, LABS, "CA") == {"Hypercalcemia": "-", "Hypocalcemia": "-"}
    person, changes = change(person, LABS.place("ALB"), "30")
    assert LABS.place("CA").grade_place in changes
    assert grades(person, LABS, "CA")["Hypocalcemia"] == "2"
    assert "1.9 mmol/L" in shown(person, LABS, "CA")["Hypocalcemia"]
    low, _ = change(person, LABS.place("ALB"), "4.2", "g/dL")
    assert grades(low, LABS, "CA")["Hypocalcemia"] == "3"
    assert "1.66 mmol/L" in shown(low, LABS, "CA")["Hypocalcemia"]


def test_either_pressure_is_graded_by_the_worse_of_both(visit: Subject) -> None:
    person = typed(visit, VITALS, SYSBP="135")
    assert grades(person, VITALS, "SYSBP") == {"Hypertension": "1"}
    person, changes = change(person, VITALS.place("DIABP"), "101")
    assert {VITALS.place("SYSBP").grade_place, VITALS.place("DIABP").grade_place} <= set(changes)
    assert grades(person, VITALS, "SYSBP") == grades(person, VITALS, "DIABP") == {"Hypertension": "3"}
    assert "diastolic" in shown(person, VITALS, "SYSBP")["Hypertension"]


def test_what_follows_one_by_one_is_what_recomputing_everything_gives(visit: Subject) -> None:
    person = typed(visit, VITALS, SYSBP="150", DIABP="92", TEMP="38.4")
    person = typed(person, LABS, CA="1.9", ALB="25")
    assert recompute(person)[1] == {}
    entered = {place: value for place, value in person.values.items() if not _computed(person, place)}
    fresh, _ = follow(Subject(WIRED, person.id, entered, {}, person.ranges, person.today, "01"), list(entered))
    assert {at: value for at, value in fresh.values.items() if not value.blank} == {
        at: value for at, value in person.values.items() if not value.blank
    }


def _computed(person: Subject, place: Place) -> bool:
    plan = person.compiled.forms[place.form].items.get(place.item)
    return plan is None or plan.derive is not None
