"""Units and grades: no foreign unit ever grades, and a unit of entry changes no grade of a ratio."""

from __future__ import annotations

from decimal import Decimal

import pytest

from forms.grading.frame import Measurement
from forms.grading.grade import grade
from forms.grading.tables import VERSIONS, analytes
from forms.grading.words import explain
from forms.values import units
from tests.forms.grade_reading import tables

D = Decimal
EVERY_UNIT = sorted({unit for version in VERSIONS for name in analytes(version) for unit in units.known(name)})


@pytest.mark.parametrize("version", VERSIONS)
def test_no_measurement_is_graded_in_a_unit_that_is_not_its_own(version: str) -> None:
    told = 0
    for analyte in analytes(version):
        for unit in EVERY_UNIT:
            if units.symbol(analyte, unit) is not None:
                continue
            for value in ("0.1", "7", "900"):
                results = grade(Measurement(analyte, value, unit, "5", "10", "8"), version, diagnoses=True)
                told += len(results)
                assert results or analyte == "ANC + temperature"
                for result in results:
                    assert (result.grade, result.candidates) == (None, ()), (analyte, unit)
                    assert "unit" in explain(result, "en").reason
    assert told > 5000


@pytest.mark.parametrize("version", VERSIONS)
def test_a_baseline_in_a_foreign_unit_grades_nothing_that_reads_it(version: str) -> None:
    for analyte in ("ALT", "Creatinine", "Fibrinogen", "Body weight % change"):
        made_up = {"scale_confirmed": True}
        known = Measurement(
            analyte, "7", units.known(analyte)[0], "5", "10", "8", baseline_unit="degC", context=made_up
        )
        for result in grade(known, version):
            assert result.plan is not None
            if result.plan.reads_baseline:
                assert result.grade is None
                assert "baseline" in explain(result, "en").reason


@pytest.mark.parametrize("version", VERSIONS)
def test_ratios_grade_alike_in_every_unit_that_converts(version: str) -> None:
    told = 0
    for analyte in analytes(version):
        cuts = {
            unit for r in tables(version)["routes"] if r["analyte"] == analyte for q in r["rows"] for unit in q["cut"]
        }
        first, *others = units.known(analyte)
        if cuts != {"*"}:
            continue
        for other in others:
            if units.convert(analyte, D(1), first, other) is None:
                continue
            for value, base in ((D(v) / 10, b) for v in range(3, 700, 31) for b in (None, D(7), D(15))):
                here = (value, D(5), D(10), base)
                there = [None if n is None else units.convert(analyte, n, first, other) for n in here]
                one = grade(_measured(analyte, first, list(here)), version)
                two = grade(_measured(analyte, other, there), version)
                assert [r.grade for r in one] == [r.grade for r in two], (analyte, other, value, base)
                told += 1
    assert told > 100


def _measured(analyte: str, unit: str, numbers: list[Decimal | None]) -> Measurement:
    value, low, high, base = numbers
    return Measurement(analyte, value, unit, low, high, base, low, high, age="40", context={"scale_confirmed": True})


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "version", "term", "expected"),
    [
        ("URATE", "590", "umol/L", "4.03", "Hyperuricemia", 1),
        ("URATE", "591", "umol/L", "4.03", "Hyperuricemia", 4),
        ("Calcium, ionized", "3.2", "mg/dL", "5.0", "Hypocalcemia", 4),
        ("TRIG", "2", "g/L", "5.0", "Hypertriglyceridemia", 1),
        ("FIBRINO", "1.4", "umol/L", "5.0", "Fibrinogen decreased", 4),
        ("PLT", "4", "10^4/uL", "5.0", "Platelet count decreased", 3),
        ("CREAT", "0.36", "mmol/L", "4.03", "Acute kidney injury", 3),
    ],
)
def test_a_unit_without_published_cuts_is_converted_to_one_that_has_them(
    analyte: str, value: str, unit: str, version: str, term: str, expected: int
) -> None:
    context = {"physiologic_consequences": False, "scale_confirmed": True}
    (result,) = grade(Measurement(analyte, value, unit, uln="0.1", baseline="0.3", context=context), version, term)
    assert result.grade == expected
    assert any("converted" in caveat for caveat in explain(result, "en").caveats)
