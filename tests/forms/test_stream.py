"""What exports are made of: every value once, in the order of the study, with the words of its code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from forms.record.dataset import Dataset, SubjectData
from forms.record.stream import Datum, stream
from forms.subject.subject import Subject
from forms.value import BLANK, Value
from tests.forms.small_study import key, subject, typed


def dataset(*people: Subject) -> Dataset:
    data = tuple(SubjectData(person, {}, person.states, (), ()) for person in people)
    return Dataset(people[0].study, "", "01", "", 1, "", "", None, date(2026, 1, 1), data, {})


def seen(*people: Subject) -> list[tuple[str, ...]]:
    return [
        (each.place.form, each.place.item, each.value, each.unit, each.missing) for each in stream(dataset(*people))
    ]


def one(person: Subject, item: str) -> Datum:
    [found] = [each for each in stream(dataset(person)) if each.place.item == item]
    return found


def test_values_come_in_the_order_of_the_study_however_they_were_entered():
    forth = typed(typed(subject(), key("SCR", "DM"), SEX="M", BRTHDAT="1980-05-06"), key("C_D1", "VS"), WEIGHT="65")
    back = typed(typed(subject(), key("C_D1", "VS"), WEIGHT="65"), key("SCR", "DM"), BRTHDAT="1980-05-06", SEX="M")
    assert seen(forth) == seen(back)
    assert [item for _, item, *_ in seen(forth)] == ["BRTHDAT", "SEX", "WEIGHT"]


def test_people_come_in_the_order_of_their_ids():
    first = typed(subject(), key("SCR", "DM"), SEX="M")
    second = Subject(first.study, "01-000", {replace(place, subject="01-000"): value for place, value in
                     first.values.items()}, {}, first.ranges, first.today, "01")  # fmt: skip
    assert [each.subject for each in stream(dataset(first, second))] == ["01-000", "01-001"]


def test_a_code_comes_with_its_words_in_every_language_and_a_number_has_none():
    person = typed(subject(), key("SCR", "DM"), SEX="M")
    sex = one(person, "SEX")
    assert (sex.value, sex.code) == ("M", "M")
    assert sex.label == person.study.codelist_by_id[sex.item.codelist].labels["M"]
    weight = one(typed(person, key("C_D1", "VS"), WEIGHT="65"), "WEIGHT")
    assert (weight.value, weight.unit, weight.code, weight.label) == ("65", "kg", "", {})


def test_what_could_not_be_read_comes_as_typed_and_is_no_code():
    at = key("SCR", "DM").place("SEX")
    sex = one(subject().with_values({at: Value("mann", "")}), "SEX")
    assert (sex.value, sex.code, sex.label) == ("mann", "", {})


def test_a_missing_value_comes_with_its_reason_and_without_unit_or_code():
    weight = one(subject().with_values({key("C_D1", "VS").place("WEIGHT"): Value("", "", "kg", "ND")}), "WEIGHT")
    assert (weight.value, weight.unit, weight.missing) == ("", "", "ND")
    sex = one(subject().with_values({key("SCR", "DM").place("SEX"): Value("", "", "", "ND")}), "SEX")
    assert (sex.value, sex.missing, sex.code, sex.label) == ("", "ND", "", {})


def test_cleared_values_grades_and_places_that_the_study_lost_do_not_come():
    person = typed(subject(), key("SCR", "LB"), LBDAT="2024-10-01", LBNAM="HOSP", ALT="600", PLT="100")
    assert any(place.graded_item for place in person.values)
    names = [item for _, item, *_ in seen(person)]
    assert "ALT" in names
    assert not [name for name in names if "#" in name]
    gone = key("SCR", "LB").place("GONE")
    later = person.with_values({key("SCR", "LB").place("ALT"): BLANK, gone: Value("1", "1")})
    assert [item for _, item, *_ in seen(later)] == [name for name in names if name != "ALT"]


def test_computed_values_come_too():
    person = typed(subject(), key("C_D1", "VS"), HEIGHT="170", WEIGHT="65")
    assert one(person, "BSA").value == person.values[key("C_D1", "VS").place("BSA")].value != ""
