"""What a hematologist expects of the grader, rule by rule, in numbers worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.errors import Refusal
from forms.grading.frame import Measurement
from forms.grading.grade import confirm, grade, term_label
from forms.grading.result import Grade, read_stored, stored, worst
from forms.grading.words import explain
from forms.values.units import analyte_of
from forms.values.units import known as known_units


def one(term: str, version: str = "5.0", **known: object) -> Grade:
    """The grade of a measurement for one term."""
    context = dict(known.pop("context", {}))  # type: ignore[call-overload]
    found = grade(Measurement(**known, context=context), version, term)  # type: ignore[arg-type]
    assert len(found) == 1
    return found[0]


def caveats(result: Grade) -> str:
    return " | ".join(explain(result, "en").caveats)


SPOTS = [
    # analyte, value, unit, lln, uln, term, grade in 5.0
    ("PLT", "125", "10^9/L", "125", "350", "Platelet count decreased", 0),
    ("PLT", "124", "10^9/L", "125", "350", "Platelet count decreased", 1),
    ("PLT", "75", "10^9/L", "125", "350", "Platelet count decreased", 1),
    ("PLT", "74.9", "10^9/L", "125", "350", "Platelet count decreased", 2),
    ("PLT", "50", "10^9/L", "125", "350", "Platelet count decreased", 2),
    ("PLT", "25", "10^9/L", "125", "350", "Platelet count decreased", 3),
    ("PLT", "24", "10^9/L", "125", "350", "Platelet count decreased", 4),
    ("PLT", "24999", "/mm3", "125000", "350000", "Platelet count decreased", 4),
    ("PLT", "4.9", "10^4/uL", "12.5", "35", "Platelet count decreased", 3),
    ("WBC", "3.0", "10^9/L", "3.5", "9.5", "White blood cell decreased", 1),
    ("WBC", "1.99", "10^9/L", "3.5", "9.5", "White blood cell decreased", 3),
    ("WBC", "0.99", "10^9/L", "3.5", "9.5", "White blood cell decreased", 4),
    ("WBC", "100.1", "10^9/L", "3.5", "9.5", "Leukocytosis", 3),
    ("WBC", "100", "10^9/L", "3.5", "9.5", "Leukocytosis", 0),
    ("NEUT", "1.5", "10^9/L", "1.8", "6.3", "Neutrophil count decreased", 1),
    ("NEUT", "0.5", "10^9/L", "1.8", "6.3", "Neutrophil count decreased", 3),
    ("NEUT", "0.49", "10^9/L", "1.8", "6.3", "Neutrophil count decreased", 4),
    ("LYM", "0.8", "10^9/L", "1.1", "3.2", "Lymphocyte count decreased", 1),
    ("LYM", "0.19", "10^9/L", "1.1", "3.2", "Lymphocyte count decreased", 4),
    ("LYM", "4.1", "10^9/L", "1.1", "3.2", "Lymphocyte count increased", 2),
    ("HGB", "100", "g/L", "115", "150", "Anemia", 1),
    ("HGB", "9.9", "g/dL", "11.5", "15", "Anemia", 2),
    ("HGB", "79", "g/L", "115", "150", "Anemia", 3),
    ("HGB", "30", "g/L", "115", "150", "Anemia", 3),
    ("HGB", "6.2", "mmol/L", "7.1", "9.3", "Anemia", 1),
    ("HGB", "4.89", "mmol/L", "7.1", "9.3", "Anemia", 3),
    ("HGB", "170", "g/L", "115", "150", "Hemoglobin increased", 1),
    ("HGB", "191", "g/L", "115", "150", "Hemoglobin increased", 3),
    ("ALT", "150", "U/L", "9", "50", "Alanine aminotransferase increased", 1),
    ("ALT", "150.1", "U/L", "9", "50", "Alanine aminotransferase increased", 2),
    ("ALT", "1000", "U/L", "9", "50", "Alanine aminotransferase increased", 3),
    ("ALT", "1001", "U/L", "9", "50", "Alanine aminotransferase increased", 4),
    ("AST", "201", "U/L", "15", "40", "Aspartate aminotransferase increased", 3),
    ("ALP", "313", "U/L", "45", "125", "Alkaline phosphatase increased", 2),
    ("GGT", "150", "U/L", "10", "60", "GGT increased", 1),
    ("BILI", "39", "umol/L", None, "26", "Blood bilirubin increased", 1),
    ("BILI", "260.1", "umol/L", None, "26", "Blood bilirubin increased", 4),
    ("CREAT", "145.5", "umol/L", "57", "97", "Creatinine increased", 1),
    ("CREAT", "583", "umol/L", "57", "97", "Creatinine increased", 4),
    ("FIBRINO", "1.5", "g/L", "2", "4", "Fibrinogen decreased", 1),
    ("FIBRINO", "0.99", "g/L", "2", "4", "Fibrinogen decreased", 3),
    ("FIBRINO", "49", "mg/dL", "200", "400", "Fibrinogen decreased", 4),
    ("APTT", "55.6", "s", "25", "37", "Activated partial thromboplastin time prolonged", 2),
    ("INR", "1.2", "", "0.8", "1.2", "INR increased", 0),
    ("INR", "1.21", "", "0.8", "1.2", "INR increased", 1),
    ("INR", "2.51", "", "0.8", "1.2", "INR increased", 3),
    ("LIPASE", "90", "U/L", None, "60", "Lipase increased", 1),
    ("LIPASE", "120", "U/L", None, "60", "Lipase increased", 2),
    ("TRIG", "1.71", "mmol/L", None, "1.7", "Hypertriglyceridemia", 1),
    ("TRIG", "1.70", "mmol/L", None, "1.5", "Hypertriglyceridemia", 0),
    ("TRIG", "300.5", "mg/dL", None, "150", "Hypertriglyceridemia", 2),
    ("TRIG", "11.5", "mmol/L", None, "1.7", "Hypertriglyceridemia", 4),
    ("CHOL", "10.35", "mmol/L", None, "5.18", "Cholesterol high", 3),
    ("ALB", "29.9", "g/L", "40", "55", "Hypoalbuminemia", 2),
    ("ALB", "1.9", "g/dL", "4.0", "5.5", "Hypoalbuminemia", 3),
    ("SODIUM", "130", "mmol/L", "137", "147", "Hyponatremia", 1),
    ("SODIUM", "124", "mmol/L", "137", "147", "Hyponatremia", 3),
    ("SODIUM", "119", "mmol/L", "137", "147", "Hyponatremia", 4),
    ("SODIUM", "156", "mmol/L", "137", "147", "Hypernatremia", 3),
    ("K", "2.9", "mmol/L", "3.5", "5.3", "Hypokalemia", 3),
    ("K", "2.4", "mmol/L", "3.5", "5.3", "Hypokalemia", 4),
    ("K", "5.6", "mmol/L", "3.5", "5.3", "Hyperkalemia", 2),
    ("K", "7.1", "mmol/L", "3.5", "5.3", "Hyperkalemia", 4),
    ("MG", "0.49", "mmol/L", "0.75", "1.02", "Hypomagnesemia", 2),
    ("MG", "1.1", "mmol/L", "0.75", "1.02", "Hypermagnesemia", 1),
    ("MG", "1.24", "mmol/L", "0.75", "1.02", "Hypermagnesemia", 3),
    ("GLUC", "2.9", "mmol/L", "3.9", "6.1", "Hypoglycemia", 2),
    ("GLUC", "29", "mg/dL", "70", "110", "Hypoglycemia", 4),
    ("LDH", "251", "U/L", "120", "250", "Blood lactate dehydrogenase increased", 1),
    ("CK", "3101", "U/L", "50", "310", "CPK increased", 4),
    ("Calcium, ionized", "0.79", "mmol/L", "1.1", "1.3", "Hypocalcemia", 4),
    ("Calcium (albumin-corrected)", "11.6", "mg/dL", "8.5", "10.2", "Hypercalcemia", 2),
    ("TEMP", "38.0", "degC", None, None, "Fever", 1),
    ("TEMP", "39.1", "degC", None, None, "Fever", 2),
    ("TEMP", "34.9", "degC", None, None, "Hypothermia", 2),
    ("QTCF", "480", "ms", None, None, "Electrocardiogram QT corrected interval prolonged", 1),
    ("LVEF", "39", "%", None, None, "Ejection fraction decreased", 3),
]


@pytest.mark.parametrize(("analyte", "value", "unit", "lln", "uln", "term", "expected"), SPOTS)
def test_the_terms_a_hematologist_reads_daily_grade_as_printed(
    analyte: str, value: str, unit: str, lln: str, uln: str, term: str, expected: int
) -> None:
    assert one(term, analyte=analyte, value=value, unit=unit, lln=lln, uln=uln).grade == expected


def test_a_ratio_is_told_without_its_unit_of_one() -> None:
    for language, said in (("en", "; 1.28 meets 1.2 < x"), ("zh", "1.28 符合 1.2 < x")):
        found = one("INR increased", analyte="INR", value="1.28", unit="1", lln="0.8", uln="1.2")
        assert said in explain(found, language).text


class TestBaseline:
    ALT = {"analyte": "ALT", "unit": "U/L", "lln": "9", "uln": "50"}
    TERM = "Alanine aminotransferase increased"

    def test_an_abnormal_baseline_is_judged_by_its_multiples(self) -> None:
        for value, expected in (("899", 0), ("900", 1), ("1800", 1), ("1801", 2), ("3001", 3), ("12001", 4)):
            result = one(self.TERM, **self.ALT, value=value, baseline="600", baseline_uln="50")
            assert (result.grade, value) == (expected, value)

    def test_the_limits_that_belong_to_the_baseline_decide_whether_it_was_abnormal(self) -> None:
        known = {**self.ALT, "value": "160", "baseline": "60"}
        assert one(self.TERM, **known, baseline_uln="50").branch == "baseline"
        assert one(self.TERM, **known, baseline_uln="70").branch == "limits"

    def test_limits_of_the_baseline_that_are_not_known_are_taken_from_today_and_said(self) -> None:
        result = one(self.TERM, **self.ALT, value="160", baseline="60")
        assert result.branch == "baseline"
        assert "limits at baseline" in caveats(result)

    def test_a_missing_baseline_takes_the_branch_by_limits_with_a_caveat(self) -> None:
        result = one(self.TERM, **self.ALT, value="160")
        assert result.grade == 2
        assert "no baseline" in caveats(result)

    def test_a_flag_stands_for_limits_that_are_unknown(self) -> None:
        known = {**self.ALT, "value": "160", "baseline": "60"}
        assert one(self.TERM, **known, baseline_flag="HIGH").grade == 1
        assert one(self.TERM, **known, baseline_flag="NORMAL").grade == 2

    def test_a_high_flag_without_the_value_is_not_gradable(self) -> None:
        result = one(self.TERM, **self.ALT, value="160", baseline_flag="HIGH")
        assert result.grade is None
        assert "baseline" in explain(result, "en").reason

    def test_a_record_of_baseline_is_judged_by_limits_never_against_itself(self) -> None:
        context = {"is_baseline_visit": True}
        result = one(self.TERM, **self.ALT, value="600", baseline="600", baseline_uln="50", context=context)
        assert (result.grade, result.branch) == (3, "limits")
        known = {"analyte": "BILI", "unit": "umol/L", "uln": "26", "value": "30", "baseline": "30", "context": context}
        bilirubin = one("Blood bilirubin increased", "6.0", **known)
        assert (bilirubin.grade, bilirubin.branch) == (1, "limits")

    def test_what_must_exceed_limit_and_baseline_is_judged_by_the_limit_on_the_baseline_record(self) -> None:
        known = {"analyte": "EOS", "unit": "10^9/L", "uln": "0.52", "value": "0.9", "baseline": "0.9"}
        assert one("Eosinophilia", **known).grade == 0
        result = one("Eosinophilia", **known, context={"is_baseline_visit": True})
        assert (result.grade, explain(result, "en").bound) == (1, "x > ULN (0.52)")

    def test_a_change_cannot_be_judged_on_the_baseline_record(self) -> None:
        result = one(
            "Weight loss", analyte="WEIGHT", unit="kg", value="60", baseline="60", context={"is_baseline_visit": True}
        )
        assert result.grade is None
        assert "baseline record" in explain(result, "en").reason

    def test_a_baseline_in_another_unit_is_converted(self) -> None:
        known = {"analyte": "CREAT", "value": "100", "unit": "umol/L", "uln": "97"}
        result = one("Creatinine increased", **known, baseline="0.5", baseline_unit="mg/dL")
        assert result.grade == 2
        assert "converted" in caveats(result)

    def test_a_baseline_in_an_unknown_unit_never_grades(self) -> None:
        result = one(self.TERM, **self.ALT, value="160", baseline="3", baseline_unit="furlong")
        assert (result.grade, result.candidates) == (None, ())

    def test_a_value_above_normal_but_no_worse_than_an_abnormal_baseline_says_why_it_is_0(self) -> None:
        result = one(self.TERM, **self.ALT, value="300", baseline="600", baseline_uln="50")
        assert result.grade == 0
        assert "not worse than the abnormal baseline" in caveats(result)
        for language, said, wrong in (
            ("en", "grade 0, does not reach grade 1", "not abnormal"),
            ("zh", "0 级，未达到 1 级", "未达异常"),
        ):
            text = explain(result, language).text
            assert said in text
            assert wrong not in text, "the value is above its limits"

    @pytest.mark.parametrize(
        ("baseline", "expected"), [(">600", None), (">50", None), ("<40", 3), ("<=50", 3), ("<90", 3), (">=50", 3)]
    )
    def test_a_baseline_with_a_sign_only_tells_whether_it_was_normal(self, baseline: str, expected: int | None) -> None:
        result = one(self.TERM, **self.ALT, value="300", baseline=baseline)
        assert result.grade == expected
        assert "baseline could not be read" in caveats(result)

    @pytest.mark.parametrize("limit", ["0", "-3", "abc", "<50"])
    def test_a_limit_that_is_no_number_above_zero_is_left_out(self, limit: str) -> None:
        result = one(self.TERM, analyte="ALT", unit="U/L", value="300", uln=limit)
        assert result.grade is None
        assert "a limit could not be read" in caveats(result)

    def test_a_baseline_of_zero_is_no_reference_for_multiples(self) -> None:
        result = one("Creatinine increased", analyte="CREAT", unit="umol/L", value="90", uln="97", baseline="0")
        assert result.grade == 0

    def test_baseline_status_is_known_from_one_limit(self) -> None:
        known = {"analyte": "CREAT", "unit": "umol/L", "value": "96", "lln": "57", "uln": "97", "baseline": "50"}
        assert one("Creatinine increased", "6.0", **known, baseline_lln="57").grade == 2
        assert one("Creatinine increased", "6.0", **{**known, "baseline": "60"}, baseline_lln="57").grade == 0
        only_low = {"analyte": "CREAT", "unit": "umol/L", "value": "96", "lln": "57", "baseline": "50"}
        assert "at least grade 2" in explain(one("Creatinine increased", "6.0", **only_low), "en").reason
        assert one("Creatinine increased", "6.0", **{**only_low, "baseline": "60"}).grade is None


class TestTwoRoutes:
    def test_creatinine_takes_the_worse_of_baseline_and_limits(self) -> None:
        known = {"analyte": "CREAT", "unit": "umol/L", "lln": "57", "uln": "97"}
        assert one("Creatinine increased", **known, value="96", baseline="60").grade == 2
        assert one("Creatinine increased", **known, value="96", baseline="60").branch == "baseline"
        assert one("Creatinine increased", **known, value="600", baseline="500").grade == 4
        assert one("Creatinine increased", **known, value="96", baseline="90").grade == 0

    def test_creatinine_within_limits_says_so_when_the_baseline_grades_it(self) -> None:
        result = one(
            "Creatinine increased", analyte="CREAT", unit="umol/L", lln="57", uln="97", value="96", baseline="60"
        )
        assert "within the limits" in caveats(result)

    def test_creatinine_without_upper_limit_is_not_gradable_but_says_the_least(self) -> None:
        result = one("Creatinine increased", analyte="CREAT", unit="umol/L", value="140", baseline="60")
        assert result.grade is None
        assert "at least grade 2" in explain(result, "en").reason

    def test_edition_6_reads_the_baseline_of_creatinine_only_when_it_was_low(self) -> None:
        known = {"analyte": "CREAT", "unit": "umol/L", "lln": "57", "uln": "97", "value": "96"}
        assert one("Creatinine increased", "6.0", **known, baseline="60", baseline_lln="57").grade == 0
        assert one("Creatinine increased", "6.0", **known, baseline="50", baseline_lln="57").grade == 2

    def test_edition_4_grades_creatinine_above_baseline_within_limits(self) -> None:
        known = {"analyte": "CREAT", "unit": "umol/L", "lln": "57", "uln": "97", "value": "66", "baseline": "60"}
        assert one("Creatinine increased", "4.03", **known).grade == 1
        assert one("Creatinine increased", "5.0", **known).grade == 0

    def test_fibrinogen_falls_count_once_the_value_is_below_normal(self) -> None:
        known = {"analyte": "FIBRINO", "unit": "g/L", "lln": "2", "uln": "4"}
        fallen = one("Fibrinogen decreased", **known, value="1.9", baseline="4.0")
        assert (fallen.grade, fallen.branch) == (3, "fall")
        assert "if abnormal" in caveats(fallen)
        normal = one("Fibrinogen decreased", **known, value="2.0", baseline="8.0", baseline_uln="4")
        assert normal.grade == 0
        assert "if baseline abnormal" in caveats(normal)
        assert one("Fibrinogen decreased", "4.03", **known, value="2.0", baseline="8.0").grade == 4

    def test_a_normal_fibrinogen_that_fell_from_a_normal_baseline_raises_no_question(self) -> None:
        known = {"analyte": "FIBRINO", "unit": "g/L", "lln": "2", "uln": "4", "value": "2.5"}
        for baseline in ("3.5", None):
            assert "if baseline abnormal" not in caveats(one("Fibrinogen decreased", **known, baseline=baseline))
        assert "if baseline" not in caveats(one("Fibrinogen decreased", **{**known, "lln": None}, baseline="9"))

    def test_fibrinogen_below_half_a_gram_is_grade_4_whatever_else_is_known(self) -> None:
        assert one("Fibrinogen decreased", analyte="FIBRINO", value="0.4", unit="g/L").grade == 4

    def test_a_fall_of_exactly_a_quarter_belongs_to_the_worse_grade(self) -> None:
        known = {"analyte": "FIBRINO", "unit": "g/L", "lln": "3.5", "uln": "5"}
        assert one("Fibrinogen decreased", **known, value="3.0", baseline="4.0").grade == 2
        assert one("Fibrinogen decreased", **known, value="3.01", baseline="4.0").grade == 1

    def test_inr_on_anticoagulation_is_judged_by_baseline(self) -> None:
        known = {"analyte": "INR", "value": "2.6", "baseline": "2.5"}
        assert one("INR increased", **known, context={"on_anticoagulation": True}).grade == 1
        assert one("INR increased", **known, context={"on_anticoagulation": False}).grade == 3

    def test_inr_says_what_anticoagulation_would_change(self) -> None:
        result = one("INR increased", analyte="INR", value="2.6", baseline="2.5")
        assert result.grade == 3
        assert explain(result, "en").alternatives[0][0] == 1
        assert "anticoagulation" in caveats(result)

    def test_inr_on_anticoagulation_without_baseline_is_not_gradable(self) -> None:
        result = one("INR increased", analyte="INR", value="2.6", context={"on_anticoagulation": True})
        assert result.grade is None
        assert "baseline" in explain(result, "en").reason

    def test_edition_4_judges_inr_by_the_upper_limit(self) -> None:
        assert one("INR increased", "4.03", analyte="INR", value="1.9", uln="1.2").grade == 2
        assert one("INR increased", "4.03", analyte="INR", value="1.9").grade is None


class TestHonesty:
    def test_a_missing_limit_is_never_grade_0(self) -> None:
        for analyte, value, unit in (("ALT", "20", "U/L"), ("PLT", "200", "10^9/L"), ("K", "4.0", "mmol/L")):
            for result in grade(Measurement(analyte, value, unit), "5.0"):
                assert result.grade is None, result
                assert "limit" in explain(result, "en").reason

    def test_an_absolute_cut_decides_whatever_the_limit_is(self) -> None:
        assert one("Anemia", analyte="HGB", value="79", unit="g/L").grade == 3
        assert one("Platelet count decreased", analyte="PLT", value="60", unit="10^9/L").grade == 2
        assert one("Hyperkalemia", analyte="K", value="5.8", unit="mmol/L").grade == 2

    @pytest.mark.parametrize("unit", ["", "banana", "g/dL", "mmol", "10^12/L/h"])
    def test_a_wrong_or_unknown_unit_never_grades(self, unit: str) -> None:
        results = grade(Measurement("PLT", "5", unit, "125", "350"), "5.0")
        assert [result.grade for result in results] == [None]
        assert "unit" in explain(results[0], "en").reason

    @pytest.mark.parametrize("value", ["", None, "high", "NaN", "1e999999999", "--5", "5 (hemolysed)", "-3", "1e30"])
    def test_what_is_not_a_number_never_grades(self, value: object) -> None:
        results = grade(Measurement("PLT", value, "10^9/L", "125", "350"), "5.0")  # type: ignore[arg-type]
        assert [result.grade for result in results] == [None]
        assert explain(results[0], "zh").reason

    def test_a_signalling_nan_is_no_number_anywhere(self) -> None:
        nan = Decimal("sNaN")
        for result in grade(Measurement("PLT", nan, "10^9/L", nan, nan, nan), "5.0"):
            assert result.grade is None

    def test_crossed_limits_are_refused(self) -> None:
        assert one("Anemia", analyte="HGB", value="90", unit="g/L", lln="150", uln="115").grade is None

    @pytest.mark.parametrize(
        ("value", "expected"), [("<5", 4), ("<25", 4), ("<=25", None), ("<30", None), (">300", 0), (">60", None)]
    )
    def test_an_assay_sign_grades_only_when_every_value_it_stands_for_agrees(
        self, value: str, expected: int | None
    ) -> None:
        result = one("Platelet count decreased", analyte="PLT", value=value, unit="10^9/L", lln="125", uln="350")
        assert result.grade == expected
        if expected is None:
            assert value in explain(result, "en").reason

    def test_the_grades_an_assay_sign_leaves_open_are_named(self) -> None:
        result = one("Platelet count decreased", analyte="PLT", value="<60", unit="10^9/L", lln="125", uln="350")
        assert result.candidates == (2, 3, 4)
        assert "grade 2, 3 or 4" in explain(result, "en").text
        assert "2、3 或 4 级" in explain(result, "zh").text

    def test_clinical_rows_are_never_reached_by_a_number(self) -> None:
        assert one("Anemia", analyte="HGB", value="21", unit="g/L", lln="115").grade == 3
        assert one("Hypoalbuminemia", analyte="ALB", value="7", unit="g/L", lln="40").grade == 3

    def test_a_value_worse_than_the_last_band_is_left_to_judgement(self) -> None:
        result = one("Creatinine clearance decreased", "6.0", analyte="CRCL", value="8", unit="mL/min")
        assert (result.grade, result.candidates) == (None, (3,))

    def test_a_measurement_that_only_other_editions_judge_by_number_says_so(self) -> None:
        result = one("Hypophosphatemia", analyte="PHOS", value="0.5", unit="mmol/L", lln="0.85")
        assert result.grade is None
        assert "words" in explain(result, "en").reason
        assert one("Hypophosphatemia", "4.03", analyte="PHOS", value="0.5", unit="mmol/L", lln="0.85").grade == 3

    def test_an_unknown_measurement_has_no_grades(self) -> None:
        assert grade(Measurement("Ferritin", "9000", "ug/L"), "5.0") == ()

    def test_an_edition_that_is_not_here_is_refused(self) -> None:
        with pytest.raises(Refusal):
            grade(Measurement("PLT", "9", "10^9/L"), "7.0")

    def test_a_criterion_for_adults_is_not_used_for_a_child(self) -> None:
        assert one("Hypertension", analyte="SYSBP", value="165", unit="mmHg", age="40").grade == 3
        assert one("Hypertension", analyte="SYSBP", value="165", unit="mmHg", age="7").grade is None
        assert "adults" in caveats(one("Hypertension", analyte="SYSBP", value="165", unit="mmHg"))


class TestWhatAPersonKnows:
    def test_potassium_between_3_and_the_limit_asks_for_symptoms(self) -> None:
        known = {"analyte": "K", "value": "3.2", "unit": "mmol/L", "lln": "3.5", "uln": "5.3"}
        result = one("Hypokalemia", **known)
        assert (result.grade, result.candidates) == (None, (1, 2))
        assert "grade 2" in explain(result, "en").asks[0]
        assert "有症状" in explain(result, "zh").asks[0]
        assert one("Hypokalemia", **known, context={"symptomatic": True}).grade == 2
        assert one("Hypokalemia", **known, context={"symptomatic": False}).grade == 1
        assert one("Hypokalemia", **known, context={"symptomatic": False, "intervention_initiated": True}).grade == 2

    def test_lipase_above_twice_the_limit_asks_for_symptoms(self) -> None:
        known = {"analyte": "LIPASE", "unit": "U/L", "uln": "60"}
        assert one("Lipase increased", **known, value="121").candidates == (2, 3)
        assert one("Lipase increased", **known, value="301").candidates == (3, 4)
        assert one("Lipase increased", **known, value="301", context={"symptomatic": True}).grade == 4
        assert one("Lipase increased", "4.03", **known, value="301").grade == 4

    def test_fever_above_40_asks_how_long(self) -> None:
        known = {"analyte": "TEMP", "value": "40.2", "unit": "degC"}
        assert one("Fever", **known).candidates == (3, 4)
        assert one("Fever", **known, context={"duration_h": 24}).grade == 3
        assert one("Fever", **known, context={"duration_h": "25"}).grade == 4

    def test_neutropenia_with_fever_needs_both(self) -> None:
        known = {"analyte": "ANC + temperature", "unit": "10^9/L"}
        term = "Febrile neutropenia"
        assert one(term, **known, value="0.9", with_={"Body temperature": "38.4"}).grade == 3
        assert one(term, **known, value="0.9", with_={"Body temperature": "101.2 degF"}).grade == 3
        assert one(term, **known, value="1.0", with_={"Body temperature": "39.9"}).grade == 0
        assert one(term, **known, value="0.9", with_={"Body temperature": "37.9"}).grade == 0
        assert one(term, **known, value="0.9", with_={"Body temperature": "38.2"}).candidates == (0, 3)
        sustained = {**known, "value": "0.9", "with_": {"Body temperature": "38.2"}}
        assert one(term, **sustained, context={"persist_1h": True}).grade == 3
        assert one(term, **sustained, context={"persist_1h": False}).grade == 0
        assert one(term, **known, value="0.9").grade is None
        assert one(term, **known, value="0.9", with_={"Body temperature": "101"}).grade is None
        assert one(term, **known, value="0.9", with_={"Body temperature": "warm"}).grade is None

    def test_neutrophils_alone_speak_of_fever_only_when_a_temperature_is_given(self) -> None:
        def terms(beside: dict[str, str]) -> list[str]:
            found = grade(Measurement("NEUT", "0.4", "10^9/L", "1.8", with_=beside), "5.0")
            return [result.term for result in found]

        assert terms({}) == ["Neutrophil count decreased"]
        assert terms({"Body temperature": "38.5"}) == ["Febrile neutropenia", "Neutrophil count decreased"]

    def test_glucose_asks_whether_it_was_fasting_only_where_that_decides(self) -> None:
        known = {"analyte": "GLUC", "unit": "mmol/L", "lln": "3.9", "uln": "6.1"}
        assert one("Hyperglycemia", "6.0", **known, value="10").candidates == (0, 2)
        assert one("Hyperglycemia", "6.0", **known, value="10", context={"fasting": True}).grade == 2
        assert one("Hyperglycemia", "6.0", **known, value="14").grade == 3
        assert one("Hyperglycemia", "6.0", **known, value="6.0").grade == 0

    def test_edition_5_grades_high_glucose_by_management(self) -> None:
        known = {"analyte": "GLUC", "unit": "mmol/L", "uln": "6.1", "baseline": "5.0", "value": "30"}
        result = one("Hyperglycemia", **known)
        assert (result.grade, result.candidates) == (None, (1, 2, 3))
        assert one("Hyperglycemia", **known, context={"intervention_initiated": False}).grade == 1
        treated = one("Hyperglycemia", **known, context={"intervention_initiated": True})
        assert (treated.grade, treated.candidates) == (None, (2, 3))

    def test_body_surface_alone_leaves_the_wording_to_a_person(self) -> None:
        result = one("Rash maculo-papular", analyte="Body surface area involved", value="40", unit="%")
        assert (result.grade, result.candidates) == (None, (2, 3))

    def test_uric_acid_asks_for_consequences(self) -> None:
        known = {"analyte": "URATE", "value": "500", "unit": "umol/L", "uln": "428"}
        assert one("Hyperuricemia", **known).candidates == (1, 3)
        assert one("Hyperuricemia", **known, context={"physiologic_consequences": True}).grade == 3

    def test_what_one_answer_would_raise_is_said(self) -> None:
        result = one("Anemia", analyte="HGB", value="95", unit="g/L", lln="115")
        assert result.grade == 2
        assert (3, "if transfusion is indicated: grade 3") in explain(result, "en").alternatives
        raised = one(
            "Anemia", analyte="HGB", value="95", unit="g/L", lln="115", context={"transfusion_indicated": True}
        )
        assert raised.grade == 3
        assert "raised because transfusion is indicated" in explain(raised, "en").text
        assert explain(raised, "en").bound == ""

    def test_pressure_takes_the_worse_of_systolic_and_diastolic(self) -> None:
        known = {"analyte": "SYSBP", "value": "130", "unit": "mmHg", "age": "40"}
        assert one("Hypertension", **known).grade == 1
        assert one("Hypertension", **known, with_={"Diastolic BP": "95"}).grade == 2
        assert one("Hypertension", **known, with_={"Diastolic BP": "70"}).grade == 1

    def test_an_open_pressure_stays_open_unless_the_other_is_as_bad(self) -> None:
        known = {"analyte": "SYSBP", "value": "145", "unit": "mmHg", "age": "40"}
        assert one("Hypertension", "6.0", **known, with_={"Diastolic BP": "105"}).candidates == (2, 3)
        both = grade(Measurement("SYSBP", "145", "mmHg", age="40", with_={"Diastolic BP": "x"}), "6.0")
        assert [result.grade for result in both] == [None]
        rise = {**known, "baseline": "120"}
        assert one("Hypertension", "6.0", **rise, with_={"Diastolic BP": "105"}).grade == 3

    def test_lines_of_vision_lost_are_taken_beside_the_acuity(self) -> None:
        known = {"analyte": "Best corrected visual acuity (decimal)", "unit": "Snellen"}
        assert one("Cataract", **known, value="20/200").grade == 4
        assert one("Cataract", **known, value="20/60").grade == 3
        assert one("Cataract", **known, value="20/30", context={"symptomatic": True}).grade == 2
        assert one("Cataract", **known, value="20/30", with_={"Lines lost": "4"}).grade == 3
        assert one("Cataract", **known, value="20/0").grade is None

    def test_age_decides_between_criteria_for_adults_and_children(self) -> None:
        known = {"analyte": "Urine P/C ratio", "unit": "ratio", "value": "2.5"}
        assert one("Urinary protein increased", "6.0", **known, age="40").grade == 2
        assert one("Urinary protein increased", "6.0", **known, age="9").grade == 3
        unknown = one("Urinary protein increased", "6.0", **known)
        assert (unknown.grade, unknown.candidates) == (None, (2, 3))
        assert "How old" in explain(unknown, "en").asks[0]
        assert one("Urinary protein increased", "6.0", **{**known, "value": "9"}).grade == 3


class TestGapsOfTheText:
    @pytest.mark.parametrize(
        ("analyte", "value", "unit", "term", "expected"),
        [
            ("QTCF", "480.5", "ms", "Electrocardiogram QT corrected interval prolonged", 2),
            ("QTCF", "500.4", "ms", "Electrocardiogram QT corrected interval prolonged", 3),
            ("LVEF", "39.5", "%", "Ejection fraction decreased", 3),
            ("Curve angle", "20", "degrees", "Scoliosis", 2),
            ("EGFR", "59.5", "mL/min/1.73 m2", "Chronic kidney disease", 2),
            ("SODIUM", "124.5", "mmol/L", "Hyponatremia", 3),
            ("TEMP", "102.25", "degF", "Fever", 2),
        ],
    )
    def test_a_value_in_a_gap_takes_the_more_severe_neighbour_and_names_it(
        self, analyte: str, value: str, unit: str, term: str, expected: int
    ) -> None:
        result = one(term, analyte=analyte, value=value, unit=unit, lln="137" if analyte == "SODIUM" else None)
        assert result.grade == expected
        assert "between the published bands" in caveats(result)

    def test_an_open_grade_in_a_gap_names_the_bands_and_no_grade(self) -> None:
        known = {"analyte": "SODIUM", "value": "129.5", "unit": "mmol/L", "lln": "137"}
        said = explain(one("Hyponatremia", **known), "en").text
        assert said.startswith("Hyponatremia: grade 2 or 3, to be decided")
        assert "the more severe one is taken" in said

    def test_sodium_of_129_and_a_half_is_read_as_125_to_129(self) -> None:
        known = {"analyte": "SODIUM", "value": "129.5", "unit": "mmol/L", "lln": "137"}
        assert one("Hyponatremia", **known).candidates == (2, 3)
        assert one("Hyponatremia", **known, context={"symptomatic": False}).grade == 2
        assert one("Hyponatremia", **known, context={"symptomatic": True}).grade == 3
        assert one("Hyponatremia", "6.0", **known, context={"symptomatic": False}).grade == 2


class TestChanges:
    @pytest.mark.parametrize(
        ("value", "loss", "gain"),
        [("95.1", 0, 0), ("95", 1, 0), ("90", 2, 0), ("80", 3, 0), ("105", 0, 1), ("120", 0, 3)],
    )
    def test_weight_is_judged_by_per_cent_of_baseline(self, value: str, loss: int, gain: int) -> None:
        known = {"analyte": "WEIGHT", "unit": "kg", "baseline": "100", "value": value}
        assert one("Weight loss", **known, context={"intervention_initiated": False}).grade == loss
        assert one("Weight gain", **known).grade == gain

    def test_a_change_needs_a_baseline(self) -> None:
        result = one("Weight gain", analyte="WEIGHT", unit="kg", value="80")
        assert result.grade is None
        assert "baseline" in explain(result, "en").reason

    def test_a_value_that_is_the_change_itself_must_be_named_one(self) -> None:
        change = {"value_is": "change"}
        assert one("Weight gain", analyte="WEIGHT", unit="%", value="12", context=change).grade == 2
        assert one("Weight loss", analyte="WEIGHT", unit="%", value="-12", context=change).grade == 2
        assert one("Ejection fraction decreased", analyte="LVEF drop", unit="%", value="12", context=change).grade == 2
        assert (
            one("Ejection fraction decreased", analyte="LVEF drop", unit="%", value="-12", context=change).grade is None
        )

    def test_a_lengthened_qtc_is_grade_3_by_its_rise_alone(self) -> None:
        known = {"analyte": "QTCF", "unit": "ms", "value": "465"}
        term = "Electrocardiogram QT corrected interval prolonged"
        assert one(term, **known, baseline="400").grade == 3
        assert one(term, **known, baseline="405").grade == 1
        assert "not judged" in caveats(one(term, **known))

    def test_an_ejection_fraction_is_judged_by_value_and_by_fall(self) -> None:
        known = {"analyte": "LVEF", "unit": "%", "value": "52"}
        assert one("Ejection fraction decreased", **known, baseline="65").grade == 2
        assert one("Ejection fraction decreased", **known, baseline="72").grade == 3
        assert one("Ejection fraction decreased", **known).grade == 0

    def test_stools_count_from_the_usual_number(self) -> None:
        known = {"analyte": "Stools per day increase", "unit": "stools/day", "baseline": "0"}
        assert one("Diarrhea", **known, value="3").grade == 1
        assert one("Diarrhea", **known, value="7").grade == 3

    def test_edition_6_names_what_it_leaves_open_for_a_very_high_baseline(self) -> None:
        known = {"analyte": "ALT", "unit": "U/L", "uln": "50", "baseline_uln": "50"}
        term = "Alanine aminotransferase increased"
        assert "5 x ULN" in caveats(one(term, "6.0", **known, value="900", baseline="300"))
        assert "5 x ULN" not in caveats(one(term, "6.0", **known, value="600", baseline="200"))

    def test_a_change_by_a_signed_result_is_shown_without_a_number(self) -> None:
        result = one("Weight gain", analyte="WEIGHT", unit="kg", baseline="50", value=">90")
        assert (result.grade, explain(result, "en").bound) == (3, "rise_pct >= 20")


class TestUnitsAndExactness:
    def test_cuts_are_compared_as_exact_decimals(self) -> None:
        known = {"analyte": "FIBRINO", "unit": "g/L", "lln": "2.8", "uln": "4"}
        assert one("Fibrinogen decreased", **known, value="2.1").grade == 1
        assert one("GGT increased", analyte="GGT", unit="ukat/L", uln="0.7", value="1.75").grade == 1

    def test_a_unit_the_criterion_is_published_in_is_not_converted(self) -> None:
        result = one("Hypertriglyceridemia", analyte="TRIG", value="150", unit="mg/dL")
        assert result.grade == 1
        assert "converted" not in caveats(result)

    def test_a_converted_value_is_shown(self) -> None:
        result = one("Hyperuricemia", "4.03", analyte="URATE", value="600", unit="umol/L", uln="428")
        assert result.grade == 4
        assert "converted to 0.6 mmol/L" in caveats(result)

    def test_spellings_of_a_unit_are_one_unit(self) -> None:
        for unit in ("10^9/L", "×10⁹/L", "10*9/L", "x10^9/L", "K/uL", "10^3/µL", "G/L"):
            assert one("Platelet count decreased", analyte="PLT", value="42", unit=unit, lln="125").grade == 3

    def test_calcium_is_corrected_for_albumin_and_names_the_formula(self) -> None:
        known = {"analyte": "CA", "value": "1.90", "unit": "mmol/L", "lln": "2.11", "uln": "2.52"}
        assert one("Hypocalcemia", **known, with_={"Albumin": "25 g/L"}).grade == 0
        assert "0.02 x (40 - albumin)" in caveats(one("Hypocalcemia", **known, with_={"Albumin": "2.5 g/dL"}))
        assert one("Hypocalcemia", **known).grade is None
        assert one("Hypocalcemia", **known, with_={"Albumin": "4"}).grade is None
        corrected = {**known, "analyte": "Calcium (albumin-corrected)"}
        assert one("Hypocalcemia", **corrected).grade == 2
        assert one("Hypocalcemia", **corrected, context={"value_is": "total"}).grade is None
        assert one("Hypocalcemia", **corrected, context={"value_is": "corrected"}, with_={"Albumin": "25"}).grade == 2
        assert one("Hypocalcemia", **known, with_={"Sodium": "140"}).grade is None
        assert one("Hypocalcemia", **known, with_={"Albumin": "low"}).grade is None

    def test_calcium_in_conventional_units_is_corrected_by_its_own_formula(self) -> None:
        known = {"analyte": "CA", "lln": "8.5", "uln": "10.2"}
        result = one("Hypocalcemia", **known, value="7.4", unit="mg/dL", with_={"Albumin": "2.5 g/dL"})
        assert result.grade == 0
        assert "to 8.6 mg/dL: calcium + 0.8 x (4.0 - albumin" in caveats(result)

    def test_calcium_in_milliequivalents_is_corrected_by_twice_the_millimoles(self) -> None:
        known = {"analyte": "CA", "unit": "mEq/L", "lln": "4.22", "uln": "5.04", "with_": {"Albumin": "25"}}
        result = one("Hypocalcemia", **known, value="3.7")
        assert result.grade == 0
        assert "to 4.3 mEq/L: calcium + 0.04 x (40 - albumin) mEq/L" in caveats(result)
        assert one("Hypocalcemia", **known, value="3.4").grade == 1
        assert one("Hypocalcemia", **known, value="3.3").grade == 2

    def test_calcium_can_be_corrected_in_every_unit_it_is_taken_in(self) -> None:
        for unit in known_units("Calcium"):
            assert one("Hypocalcemia", analyte="CA", value="0", unit=unit, with_={"Albumin": "25"}).inputs.notes

    def test_corrected_calcium_needs_no_albumin_whatever_else_stands_beside_it(self) -> None:
        known = {"analyte": "Calcium (albumin-corrected)", "value": "1.90", "unit": "mmol/L", "lln": "2.11"}
        assert one("Hypocalcemia", **known, with_={"Sodium": "140"}).grade == 2

    def test_a_value_that_came_back_below_its_limit_is_not_said_to_be_high_still(self) -> None:
        known = {"analyte": "ALT", "unit": "U/L", "uln": "40", "baseline": "200", "baseline_uln": "40"}
        assert "baseline" not in caveats(one("Alanine aminotransferase increased", **known, value="30"))
        assert caveats(one("Alanine aminotransferase increased", **known, value="90"))

    def test_a_measurement_judged_by_words_gives_the_term_once_and_only_if_it_is_asked_for(
        self,
    ) -> None:
        volume = Measurement("Sperm concentration", "7", "")
        (found,) = grade(volume, "4.03")
        assert (found.term, found.grade) == ("Oligospermia", None)
        assert grade(volume, "4.03", "Azoospermia") == ()
        assert len(grade(volume, "4.03", "Oligospermia")) == 1

    def test_a_signed_calcium_is_corrected_too(self) -> None:
        known = {"analyte": "CA", "value": "<1.00", "unit": "mmol/L", "lln": "2.11", "with_": {"Albumin": "40"}}
        assert one("Hypocalcemia", **known).grade == 4

    def test_a_converted_criterion_fills_its_limits_in_the_unit_of_its_cuts(self) -> None:
        result = one("Hemoglobin increased", analyte="HGB", value="11", unit="mmol/L", lln="7", uln="9.3")
        assert result.grade == 2
        assert explain(result, "en").bound == "ULN+20 (169.8602) < x <= ULN+40 (189.8602)"
        drop = one("Hemolysis", analyte="Hemoglobin drop", value="7", unit="mmol/L", baseline="9", uln="10")
        assert explain(drop, "en").bound == "fall (32.228) >= 20"

    def test_a_laboratory_code_stands_for_its_measurement(self) -> None:
        assert analyte_of("PLT") == "Platelets"
        assert analyte_of("Platelets") == "Platelets"
        assert analyte_of("FERRITIN") == ""

    @given(
        value=st.decimals(min_value=0, max_value=400, places=1),
        low=st.decimals(min_value=80, max_value=160, places=0),
    )
    def test_the_unit_of_entry_never_changes_a_grade(self, value: Decimal, low: Decimal) -> None:
        si = one("Platelet count decreased", analyte="PLT", value=value, unit="10^9/L", lln=low)
        us = one("Platelet count decreased", analyte="PLT", value=value * 1000, unit="/mm3", lln=low * 1000)
        cn = one("Platelet count decreased", analyte="PLT", value=value / 10, unit="10^4/uL", lln=low / 10)
        assert si.grade == us.grade == cn.grade

    @given(
        value=st.decimals(min_value=1, max_value=5000, places=1),
        base=st.one_of(st.none(), st.decimals(min_value=1, max_value=900, places=0)),
    )
    def test_enzymes_grade_alike_in_units_and_in_katals(self, value: Decimal, base: Decimal | None) -> None:
        units = one("Alanine aminotransferase increased", analyte="ALT", value=value, unit="U/L", uln=50, baseline=base)
        known = {"analyte": "ALT", "unit": "ukat/L", "value": value / 50, "uln": 1}
        katals = one("Alanine aminotransferase increased", **known, baseline=None if base is None else base / 50)
        assert units.grade == katals.grade

    @given(st.lists(st.decimals(min_value=0, max_value=500, places=1), min_size=1, max_size=8))
    def test_order_and_repetition_never_change_a_grade(self, values: list[Decimal]) -> None:
        def grades(order: list[Decimal]) -> dict[Decimal, int | None]:
            return {v: one("Anemia", analyte="HGB", value=v, unit="g/L", lln="115").grade for v in order}

        assert grades(values) == grades(values[::-1]) == grades(values + values)

    @given(
        analyte=st.sampled_from(["PLT", "ALT", "SODIUM", "INR", "CREAT", "TEMP", "WEIGHT", "CA", "?", "QTCF", "GLUC"]),
        value=st.one_of(st.text(max_size=12), st.decimals(allow_nan=True), st.integers(), st.none()),
        unit=st.one_of(st.text(max_size=8), st.sampled_from(["10^9/L", "U/L", "mmol/L", "degC", "kg", ""])),
        limit=st.one_of(st.none(), st.text(max_size=6), st.decimals()),
        version=st.sampled_from(["4.03", "5.0", "6.0"]),
    )
    def test_no_input_raises_and_none_of_it_grades_without_a_reason(
        self, analyte: str, value: object, unit: str, limit: object, version: str
    ) -> None:
        measurement = Measurement(analyte, value, unit, limit, limit, limit)  # type: ignore[arg-type]
        for result in grade(measurement, version):
            assert (result.grade is not None) is not bool(explain(result, "en").reason)
            assert explain(result, "en").text.startswith(result.term)


class TestWordsAndStorage:
    def test_the_sentence_holds_everything_in_both_languages(self) -> None:
        known = {"analyte": "ALT", "value": "2000", "unit": "U/L", "lln": "9", "uln": "50", "baseline": "600"}
        known |= {"baseline_uln": "50", "baseline_date": "2024-10-01"}
        result = one("Alanine aminotransferase increased", **known)
        for part in (
            "grade 2",
            "CTCAE 5.0",
            "2000 U/L",
            "3.0×BL (1800) < x ≤ 5.0×BL (3000)",
            "9–50",
            "600",
            "2024-10-01",
        ):
            assert part in explain(result, "en").text
        for part in ("丙氨酸氨基转移酶升高", "2 级", "基线 600", "高于正常"):
            assert part in explain(result, "zh").text
        assert explain(result, "en").bound == "3.0*BL (1800) < x <= 5.0*BL (3000)"

    def test_a_ruling_is_part_of_the_grade(self) -> None:
        result = one("Hypokalemia", analyte="K", value="3.2", unit="mmol/L", lln="3.5")
        chosen = confirm(result, 2, "Dr Li")
        assert stored([chosen]) == "Hypokalemia=2"
        assert "Dr Li" in explain(chosen, "zh").text
        with pytest.raises(Refusal):
            confirm(result, 3, "Dr Li")
        changed = confirm(result, 3, "Dr Li", "ECG changes, admitted")
        assert "instead of -: ECG changes, admitted" in explain(changed, "en").text
        with pytest.raises(Refusal):
            confirm(one("Anemia", analyte="HGB", value="79", unit="g/L"), 2, "Dr Li")
        agreed = confirm(one("Anemia", analyte="HGB", value="79", unit="g/L"), 3, "Dr Li")
        assert "confirmed by Dr Li" in explain(agreed, "en").text

    def test_a_ruling_only_takes_grades_the_term_has(self) -> None:
        result = one("Platelet count decreased", analyte="PLT", value="5", unit="10^9/L", lln="125")
        with pytest.raises(Refusal):
            confirm(result, 5, "Dr Li", "died")

    def test_what_is_stored_can_be_read_back(self) -> None:
        results = [
            *grade(Measurement("PLT", "42", "10^9/L", "125"), "5.0"),
            *grade(Measurement("K", "3.2", "mmol/L", "3.5", "5.3"), "5.0"),
            *grade(Measurement("ALT", "42", "U/L"), "5.0"),
        ]
        text = stored(results)
        assert text == (
            "Platelet count decreased=3;Hyperkalemia=0;Hypokalemia=?1,2;Alanine aminotransferase increased=-"
        )
        assert [tuple(kept) for kept in read_stored(text)] == [
            ("Platelet count decreased", 3, ()),
            ("Hyperkalemia", 0, ()),
            ("Hypokalemia", None, (1, 2)),
            ("Alanine aminotransferase increased", None, ()),
        ]
        assert worst(text) == 3
        assert worst("Anemia=-") is None
        assert read_stored("") == ()
        with pytest.raises(ValueError, match="not a stored grade"):
            read_stored("Anemia=7")

    def test_a_term_is_named_in_both_languages(self) -> None:
        assert term_label("5.0", "Anemia", "zh") == "贫血"
        assert term_label("5.0", "10002272", "en") == "Anemia"
        assert term_label("5.0", "no such term", "zh") == "no such term"


class TestDiagnoses:
    def test_a_laboratory_slip_does_not_propose_terms_that_presuppose_a_diagnosis(self) -> None:
        bilirubin = Measurement("BILI", "40", "umol/L", None, "26")
        assert [found.term for found in grade(bilirubin, "5.0")] == ["Blood bilirubin increased"]

    def test_such_a_term_is_graded_when_asked_for_and_says_what_it_presupposes(self) -> None:
        result = one("Sinusoidal obstruction syndrome", analyte="BILI", value="40", unit="umol/L")
        assert result.grade == 2
        assert "diagnosed" in caveats(result)
        everything = grade(Measurement("BILI", "40", "umol/L", None, "26"), "5.0", diagnoses=True)
        assert len(everything) == 2


class TestTroponin:
    @pytest.mark.parametrize(
        ("value", "cut", "expected"), [("20", "100", 0), ("50", "100", 1), ("100", "100", 3), ("20", None, 0)]
    )
    def test_troponin_is_judged_by_the_limit_and_the_cut_of_its_assay(
        self, value: str, cut: str | None, expected: int
    ) -> None:
        known = {"analyte": "Troponin T", "unit": "ng/L", "uln": "20", "value": value, "mi_level": cut}
        assert one("Cardiac troponin T increased", **known).grade == expected

    def test_troponin_above_the_limit_without_that_cut_is_not_gradable(self) -> None:
        result = one("Cardiac troponin T increased", analyte="Troponin T", unit="ng/L", uln="20", value="50")
        assert result.grade is None
        assert "infarction" in explain(result, "en").reason


def test_a_raised_or_circled_digit_is_no_digit_of_a_result():
    for value in ("5¹", "8⑤", "1½", "٣٠"):
        assert all(
            one.grade is None for one in grade(Measurement("Platelets", value, "10^9/L", lln=Decimal(100)), "5.0")
        )
    assert [one.grade for one in grade(Measurement("Platelets", "３０", "10^9/L", lln=Decimal(100)), "5.0")] == [3]
