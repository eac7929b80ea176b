"""Value, unit and limits that can't all be right get no grade; what a very ill person really has gets one."""

from __future__ import annotations

import pytest

from forms.grading.frame import Measurement
from forms.grading.grade import grade
from forms.grading.words import explain


def first(analyte: str, value: str, unit: str = "", lln: str | None = None, uln: str | None = None, **more: object):
    return grade(Measurement(analyte, value, unit, lln, uln, **more), "5.0")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "lln", "uln", "meant"),
    [
        ("Platelets", "140", "10^9/L", "130000", None, "/mm3"),
        ("PLT", "38000", "10^9/L", "140", "400", "/mm3"),
        ("PLT", "180", "/uL", "150", "400", "10^9/L"),
        ("PLT", "18", "10^9/L", "10", "30", "10^4/uL"),
        ("WBC", "5200", "10^9/L", "4.0", "10", "/mm3"),
        ("WBC", "6.1", "/mm3", "4000", "10000", "10^9/L"),
        ("ANC", "2.4", "/mm3", None, None, "10^9/L"),
        ("CD4", "350", "10^9/L", None, None, "/mm3"),
        ("HGB", "11.8", "g/L", "120", None, "g/dL"),
        ("HGB", "128", "g/dL", None, None, "g/L"),
        ("HGB", "105", "g/L", "12", "16", "g/dL"),
        ("Albumin", "3.9", "g/L", "35", None, "g/dL"),
        ("Albumin", "39", "g/dL", None, None, "g/L"),
        ("Creatinine", "1.1", "umol/L", None, "104", "mg/dL"),
        ("Creatinine", "140", "umol/L", None, "1.2", "mg/dL"),
        ("Glucose", "96", "mmol/L", "70", "100", "mg/dL"),
        ("Glucose", "5.2", "mg/dL", None, None, "mmol/L"),
        ("Calcium", "9.3", "mmol/L", "8.5", "10.5", "mg/dL"),
        ("Magnesium", "1.0", "mmol/L", "1.7", "2.4", "mg/dL"),
        ("Triglycerides", "180", "mmol/L", None, None, "mg/dL"),
        ("Fibrinogen", "310", "g/L", None, None, "mg/dL"),
        ("Body temperature", "99.1", "degC", None, None, "degF"),
        ("Body temperature", "38.4", "degF", None, None, "degC"),
        ("QTc", "0.46", "ms", None, None, "s"),
        ("QTc", "460", "s", None, None, "ms"),
        ("Systolic BP", "17", "mmHg", None, None, "kPa"),
        ("LVEF", "0.55", "%", None, None, "fraction"),
        ("SPO2", "0.93", "%", None, None, "fraction"),
        ("Troponin T", "0.05", "ng/mL", None, "14", "ng/L"),
    ],
)
def test_numbers_on_two_scales_get_no_grade_and_the_reason_says_which_unit_would_fit(
    analyte: str, value: str, unit: str, lln: str | None, uln: str | None, meant: str
) -> None:
    with_albumin = {"with_": {"Albumin": "40 g/L"}}
    results = first(analyte, value, unit, lln, uln, **with_albumin)
    assert results
    for result in results:
        assert (result.grade, result.candidates) == (None, ())
        told, gesagt = explain(result, "en"), explain(result, "zh")
        assert "can't" in told.reason
        assert meant in told.reason.partition("it would fit in")[2]
        assert meant in gesagt.reason.partition("若单位为")[2]
        assert told.asks == ["Does the laboratory's report have value, unit and limits like this?"]


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "lln", "uln", "expected"),
    [
        ("WBC", "400", "10^9/L", "3.5", "9.5", 3),  # leukemia
        ("WBC", "0.02", "10^9/L", "3.5", "9.5", 4),
        ("WBC", "0", "/mm3", "4000", None, 4),
        ("PLT", "2", "10^9/L", "125", "350", 4),
        ("PLT", "0", "10^9/L", "125", "350", 4),
        ("PLT", "1", "K/uL", "125", "350", 4),
        ("NEUT", "4", "/mm3", "1800", None, 4),
        ("CD4", "3", "/uL", "400", None, 4),
        ("HGB", "24", "g/L", "115", "150", 3),
        ("HGB", "2.3", "g/dL", "11.5", None, 3),
        ("ALT", "9000", "U/L", None, "40", 4),
        ("AST", "21000", "U/L", None, "40", 4),
        ("LDH", "41000", "U/L", None, "250", 1),
        ("CK", "350000", "U/L", None, "190", 4),
        ("Lipase", "9000", "U/L", None, "300", None),
        ("BILI", "980", "umol/L", None, "21", 4),
        ("CREAT", "2900", "umol/L", "57", "97", 4),
        ("TRIG", "98", "mmol/L", None, "1.7", 4),
        ("ALB", "9", "g/L", "40", None, 3),
        ("SODIUM", "99", "mmol/L", "137", None, 4),
        ("K", "10.2", "mmol/L", "3.5", "5.3", 4),
        ("INR", "18", "ratio", None, "1.2", 3),
        ("FIBRINO", "0.2", "g/L", "2", "4", 4),
        ("TEMP", "42.3", "degC", None, None, 0),
        ("QTCF", "690", "ms", None, None, 3),
        ("PLT", "60", "10^9/L", "80", "600", 2),  # a young child
        ("WBC", "38", "10^9/L", "9", "34", 0),  # a newborn
        ("ALP", "700", "U/L", None, "560", 1),  # a growing child
        ("GGT", "350", "U/L", None, "200", 1),
        ("BILI", "300", "umol/L", None, "205", 1),
        ("HGB", "140", "g/L", "145", "225", 1),
    ],
)
def test_the_extremes_of_illness_and_age_are_graded(
    analyte: str, value: str, unit: str, lln: str | None, uln: str | None, expected: int | None
) -> None:
    results = first(analyte, value, unit, lln, uln)
    assert results
    for result in results:
        assert result.decision.why not in {"scale_value", "scale_limit"}, explain(result, "en").reason
    grades = [result.grade for result in results if result.grade is not None]
    assert max(grades, default=None) == expected


def test_a_person_who_looked_at_the_report_has_the_numbers_graded_as_they_stand() -> None:
    for answer in (True, "yes"):
        (anemia, _) = first("HGB", "17", "g/L", "120", context={"scale_confirmed": answer})
        assert anemia.grade == 3
    (anemia, _) = first("HGB", "17", "g/L", "120", context={"scale_confirmed": False})
    assert anemia.grade is None


def test_a_baseline_on_another_scale_spoils_what_is_judged_by_it_and_nothing_else() -> None:
    (creatinine,) = first("CREAT", "88", "umol/L", "57", "97", baseline="0.9")
    assert creatinine.grade is None
    assert "baseline" in explain(creatinine, "en").reason
    assert "基线" in explain(creatinine, "zh").reason
    (platelets,) = first("PLT", "60", "10^9/L", "125", "350", baseline="210000")
    assert platelets.grade == 2


def test_a_baseline_with_limits_of_another_scale_is_not_used() -> None:
    (alt,) = first("ALT", "300", "U/L", None, "50", baseline="60", baseline_uln="0.83")
    assert alt.grade is None
    assert "baseline" in explain(alt, "en").reason


def test_a_number_that_fits_no_unit_is_graded_and_said_to_be_unheard_of() -> None:
    high = next(one for one in first("K", "41", "mmol/L", "3.5", "5.3") if one.term == "Hyperkalemia")
    assert high.grade == 4
    assert any("hardly possible" in caveat for caveat in explain(high, "en").caveats)
    assert any("核实" in caveat for caveat in explain(high, "zh").caveats)


def test_a_result_below_what_an_assay_measures_is_no_slip_of_scale() -> None:
    (result,) = first("PLT", "<1", "10^9/L", "125", "350")
    assert result.grade == 4
    results = first("WBC", "<0.01", "10^9/L", "3.5", "9.5")
    assert max(one.grade or 0 for one in results) == 4


def test_second_inputs_that_no_body_has_are_not_used() -> None:
    fever = first("NEUT", "0.3", "10^9/L", "1.8", with_={"Body temperature": "101 degC"})
    assert next(one for one in fever if one.term == "Febrile neutropenia").grade is None
    for result in first("CA", "1.9", "mmol/L", "2.11", "2.52", with_={"Albumin": "4.0 g/L"}):
        assert result.grade is None
        assert "albumin" in explain(result, "en").reason


class TestWithoutAUnit:
    def test_a_ratio_is_graded_by_the_limits_that_came_with_the_value(self) -> None:
        (alt,) = first("ALT", "801", "", None, "40")
        assert alt.grade == 4
        assert "there is no unit: value and limits are taken to share one" in explain(alt, "en").caveats
        assert "未注明单位：按数值与参考范围单位相同处理" in explain(alt, "zh").caveats
        (alt,) = first("ALT", "800", " ", None, "40")
        assert alt.grade == 3

    def test_the_caveat_stands_beside_grades_only(self) -> None:
        (creatinine,) = first("CREAT", "80", "", "57")
        assert creatinine.grade is None
        assert explain(creatinine, "en").caveats == []

    @pytest.mark.parametrize(("analyte", "uln"), [("ALT", None), ("PLT", "350"), ("FIBRINO", "4"), ("HGB", "150")])
    def test_without_limits_or_with_absolute_cuts_the_unit_is_asked_for(self, analyte: str, uln: str | None) -> None:
        results = first(analyte, "60", "", None, uln)
        assert next(iter(results)).grade is None
        assert "there is no unit; this measurement is graded in" in explain(results[0], "en").reason

    def test_a_value_that_cannot_share_a_unit_with_its_limits_is_not_graded(self) -> None:
        (alt,) = first("ALT", "500", "", None, "0.68")
        assert alt.grade is None
        assert "can't share a unit" in explain(alt, "en").reason
        (creatinine,) = first("CREAT", "96", "", "0.6", "1.2")
        assert creatinine.grade is None

    def test_an_unknown_unit_is_no_missing_one(self) -> None:
        (alt,) = first("ALT", "801", "spoons", None, "40")
        assert alt.grade is None
        assert explain(alt, "en").reason == (
            "the unit spoons is not one this measurement can be graded in; it is taken in U/L, ukat/L, nkat/L"
        )
