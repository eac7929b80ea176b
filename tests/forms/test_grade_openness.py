"""What a number and an answer leave open: words alone never decide a grade, and one term's unit is not another's."""

from __future__ import annotations

import pytest

from forms.grading.frame import Measurement
from forms.grading.grade import grade
from forms.grading.tables import VERSIONS, edition
from forms.grading.words import explain

VISION = "Best corrected visual acuity (decimal)"
FIBROSIS = "Fibrosis % lung volume"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("context", [{}, {"symptomatic": False}, {"symptomatic": True}, {"intervention": True}])
@pytest.mark.parametrize("value", ["1.2", "0.5", "0.3", "0.1"])
def test_a_grade_that_only_words_describe_is_never_decided_by_vision(
    version: str, context: dict[str, object], value: str
) -> None:
    for found in grade(Measurement(VISION, value, "decimal", context=context), version):
        if found.grade:
            assert found.grade in edition(version).numeric[found.code], found.term


def test_good_vision_without_symptoms_may_be_no_event_at_all() -> None:
    (found,) = grade(Measurement(VISION, "1.0", "decimal", context={"symptomatic": False}), "5.0", "Cataract")
    assert found.grade is None
    assert found.candidates == (0, 1)
    assert explain(found, "en").reason
    (asked,) = grade(Measurement(VISION, "1.0", "decimal"), "5.0", "Cataract")
    assert asked.candidates == (0, 1, 2)
    assert explain(asked, "en").asks
    (told,) = grade(Measurement(VISION, "1.0", "decimal", context={"symptomatic": False}), "5.0", "Vision decreased")
    assert told.grade == 0


@pytest.mark.parametrize(
    ("version", "value", "decided", "candidates"),
    [
        ("4.03", "20", 1, ()),
        ("4.03", "60", 3, ()),
        ("4.03", "80", None, (4,)),
        ("5.0", "20", None, (1,)),
        ("5.0", "40", None, (2,)),
        ("5.0", "60", 3, ()),
        ("5.0", "80", None, (4,)),
        ("6.0", "20", None, (1,)),
        ("6.0", "80", None, (4,)),
    ],
)
def test_the_extent_of_fibrosis_decides_only_where_no_hypoxia_or_honeycombing_is_asked_with_it(
    version: str, value: str, decided: int | None, candidates: tuple[int, ...]
) -> None:
    (found,) = grade(Measurement(FIBROSIS, value, "%"), version, "Pulmonary fibrosis")
    assert (found.grade, found.candidates) == (decided, candidates)


def test_a_ratio_is_judged_in_the_unit_of_its_limits_though_another_term_needs_the_unit_itself() -> None:
    creatinine = Measurement("Creatinine", "3.5", "same unit as limits", uln="1", baseline="0.8")
    ratio, absolute = sorted(grade(creatinine, "4.03"), key=lambda found: found.grade is None)
    assert (ratio.term, ratio.grade) == ("Creatinine increased", 3)
    assert (absolute.term, absolute.grade) == ("Acute kidney injury", None)
    assert "unit" in explain(absolute, "en").reason
    (inr,) = grade(Measurement("INR", "2.6", "same unit as limits", uln="1.2"), "4.03")
    assert inr.grade == 2


def test_the_second_input_is_named_in_the_sentence_in_both_languages() -> None:
    fever, _ = grade(Measurement("Neutrophils (ANC)", "0.8", "10^9/L", with_={"Body temperature": "101.5 degF"}), "5.0")
    assert "38.6111 °C" in explain(fever, "en").text
    assert "体温38.6111 °C" in explain(fever, "zh").text


def test_the_other_pressure_may_have_a_unit_of_its_own_and_is_named_when_it_decides() -> None:
    (found,) = grade(Measurement("Systolic BP", "17.9", "kPa", with_={"Diastolic BP": "101 mmHg"}, age="40"), "5.0")
    assert found.grade == 3
    assert "by the diastolic pressure" in explain(found, "en").text
    (own,) = grade(Measurement("Systolic BP", "165", "mmHg", with_={"Diastolic BP": "82"}, age="40"), "5.0")
    assert own.grade == 3
    assert "diastolic" not in explain(own, "en").text


CREATININE_OF_6 = {"analyte": "Creatinine", "unit": "umol/L", "uln": "110", "baseline": "60"}


@pytest.mark.parametrize(
    ("known", "value", "expected"),
    [
        ({"baseline_uln": "110"}, "100", None),
        ({"baseline_uln": "110"}, "85", 0),
        ({"baseline_uln": "110"}, "170", 2),
        ({"baseline_uln": "110", "baseline_lln": "57"}, "100", 0),
        ({"baseline_uln": "110", "baseline_lln": "70"}, "100", 2),
        ({"baseline_uln": "110", "lln": "70"}, "100", 2),
        ({"baseline_uln": "110", "lln": "57"}, "100", 0),
        ({"baseline_uln": "110", "baseline_flag": "LOW"}, "100", 2),
        ({"baseline_flag": "NORMAL"}, "100", 0),
        ({}, "100", None),
    ],
)
def test_edition_6_does_not_take_creatinine_at_baseline_for_normal_when_only_its_lower_limit_could_tell(
    known: dict[str, str], value: str, expected: int | None
) -> None:
    measured = Measurement(value=value, **CREATININE_OF_6, **known)  # type: ignore[arg-type]
    (found,) = grade(measured, "6.0", "Creatinine increased")
    assert found.grade == expected
    if expected is None:
        assert "the lower limit of normal at baseline" in explain(found, "en").reason


def test_a_baseline_in_an_unknown_unit_is_said_once_and_in_words() -> None:
    creatinine = Measurement("Creatinine", "100", "umol/L", uln="110", baseline="0.6", baseline_unit="furlong")
    (found,) = grade(creatinine, "5.0")
    assert found.grade is None
    assert "unit of the baseline" in explain(found, "en").reason
    assert explain(found, "en").caveats == []


@pytest.mark.parametrize("said", [True, 1, "yes", "TRUE", " 1 "])
def test_a_yes_is_read_however_it_is_written(said: object) -> None:
    inr = Measurement("INR", "2.6", "ratio", baseline="2.0", context={"on_anticoagulation": said})
    assert grade(inr, "5.0")[0].grade == 1
    alt = Measurement("ALT", "200", "U/L", uln="40", baseline="100", context={"is_baseline_visit": said})
    assert grade(alt, "5.0")[0].grade == 2
