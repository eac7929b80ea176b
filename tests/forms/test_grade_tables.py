"""Walks over the tables: what the three editions hold, and that no band is empty, missing or out of order."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

import pytest

from forms.grading.bounds import parse_bound
from forms.grading.tables import VERSIONS, analytes, edition, plans
from forms.values import units
from forms.values.digits import working_words
from tests.forms.grade_reading import cut_of, tables, thresholds

D = Decimal
NORMAL_SIDE = {
    "low": {"LLN": D(1000), "ULN": D(2000), "BL": D(3000), "MI": D(9000)},
    "high": {"LLN": D("0.2"), "ULN": D("0.4"), "BL": D("0.4"), "MI": D("0.8")},
}
"""Limits far to the normal side of every absolute cut."""


@pytest.mark.parametrize(
    ("version", "terms", "numeric", "classes"), [("4.03", 790, 113, 26), ("5.0", 837, 120, 26), ("6.0", 850, 109, 26)]
)
def test_an_edition_has_all_its_terms_and_numeric_terms(version: str, terms: int, numeric: int, classes: int) -> None:
    found = edition(version)
    assert len(found.terms) == len(found.by_code) == len(found.by_name) == terms
    assert len(found.numeric) == numeric
    assert len({term.soc for term in found.terms}) == classes


@pytest.mark.parametrize("version", VERSIONS)
def test_a_term_has_grades_between_one_and_five_in_order(version: str) -> None:
    for term in edition(version).terms:
        assert term.grades, term.name
        assert list(term.grades) == sorted(set(term.grades) & {1, 2, 3, 4, 5})
        assert re.fullmatch(r"10\d{6}", term.code)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_number_never_leads_to_a_grade_the_term_lacks_nor_to_death(version: str) -> None:
    here = edition(version)
    for code, grades in here.numeric.items():
        assert grades <= set(here.by_code[code].grades) - {5}, here.by_code[code].name


@pytest.mark.parametrize("version", VERSIONS)
def test_every_measurement_has_units_and_every_published_unit_is_known(version: str) -> None:
    for route in tables(version)["routes"]:
        for row in route["rows"]:
            for unit in row["cut"]:
                assert unit == "*" or units.symbol(route["analyte"], unit) == unit, (route["analyte"], unit)
        assert units.known(route["analyte"]), route["analyte"]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_cut_can_be_read_and_no_band_is_empty(version: str) -> None:
    for route in tables(version)["routes"]:
        for row in route["rows"]:
            for unit, cut in row["cut"].items():
                assert parse_bound(cut)
                pieces = re.split(r" (<=|<|>=|>) ", cut.split(" and ")[0])
                if len(pieces) != 5:
                    continue
                first, last = (_at(side, route, unit) for side in (pieces[0], pieces[4]))
                if first is not None and last is not None:
                    closed = pieces[1] == pieces[3] == "<="
                    assert first < last or (closed and first == last), (route["analyte"], cut)


def _at(side: str, route: dict, unit: str) -> Decimal | None:
    """The end of a band as a number, limits set far to the normal side of every absolute cut."""
    limits = {name: D("1e6") for name in ("LLN", "ULN", "BL", "MI")}
    if route["side"] == "high":
        limits = {name: D("0.5") if "*" not in str(route["rows"]) else D(100) for name in limits}
        limits["MI"] = D(900)
    return next(iter(thresholds(f"x < {side}", limits)), None)


def _gaps(version: str) -> set[tuple[str, str, str, int]]:
    found = set()
    for analyte in analytes(version):
        for plan in plans(version, analyte, units.known(analyte)[0]) or ():
            for step in plan.steps:
                if step.kind == "gap":
                    found.add((plan.term.name, step.milder_cut, step.cut, step.grade))
    return found


OFFICIAL_GAPS_OF_5 = {
    ("Bone marrow hypocellular", "25 < x < 50", "50 < x <= 75", 3),
    ("Diarrhea", "4 <= rise <= 6", "rise >= 7", 3),
    ("Carbon monoxide diffusing capacity decreased", "3 <= below_lln <= 5", "6 <= below_lln <= 8", 2),
    ("Ejection fraction decreased", "40 <= x <= 50", "20 <= x <= 39", 3),
    ("Ejection fraction decreased", "10 <= fall <= 19", "fall >= 20", 3),
    ("Electrocardiogram QT corrected interval prolonged", "450 <= x <= 480", "481 <= x <= 500", 2),
    ("Electrocardiogram QT corrected interval prolonged", "481 <= x <= 500", "x >= 501", 3),
    ("Forced expiratory volume decreased", "70 <= x <= 99", "60 <= x <= 69", 2),
    ("Forced expiratory volume decreased", "60 <= x <= 69", "50 <= x <= 59", 3),
    ("Forced expiratory volume decreased", "50 <= x <= 59", "x <= 49", 4),
    ("Hyponatremia", "130 <= x < LLN", "125 <= x <= 129", 2),
    ("Hyponatremia", "130 <= x < LLN", "125 <= x <= 129", 3),
    ("Hyponatremia", "125 <= x <= 129", "120 <= x <= 124", 3),
    ("Obesity", "25 <= x <= 29.9", "30 <= x <= 39.9", 3),
    ("Obesity", "30 <= x <= 39.9", "x >= 40", 4),
    ("Growth suppression", "10 <= x <= 29", "30 <= x <= 49", 2),
    ("Growth suppression", "30 <= x <= 49", "x >= 50", 3),
    ("Scoliosis", "0 < x < 20", "20 < x <= 45", 2),
    ("Chronic kidney disease", "60 <= x < LLN", "30 <= x <= 59", 2),
    ("Chronic kidney disease", "30 <= x <= 59", "15 <= x <= 29", 3),
    ("Skin hyperpigmentation", "0 < x < 10", "x > 10", 2),
    ("Skin hypopigmentation", "0 < x < 10", "x > 10", 2),
    ("Hypertension", "80 <= x <= 89", "90 <= x <= 99", 2),
    ("Hypertension", "90 <= x <= 99", "x >= 100", 3),
    ("Hypertension", "120 <= x <= 139", "140 <= x <= 159", 2),
    ("Hypertension", "140 <= x <= 159", "x >= 160", 3),
}


def test_the_gaps_of_edition_5_are_those_of_its_text_and_no_others() -> None:
    assert _gaps("5.0") == OFFICIAL_GAPS_OF_5


def test_edition_6_closes_the_gaps_of_sodium_and_of_kidney_function() -> None:
    terms = {term for term, _, _, _ in _gaps("6.0")}
    assert not terms & {"Hyponatremia", "Chronic kidney disease"}
    assert "Electrocardiogram QT corrected interval prolonged" in terms


def test_every_gap_takes_the_more_severe_neighbour() -> None:
    for version in VERSIONS:
        for _, milder, worse, grade in _gaps(version):
            rows = {
                (cut, row["grade"])
                for route in tables(version)["routes"]
                for row in route["rows"]
                for cut in row["cut"].values()
            }
            assert (worse, grade) in rows
            assert any(cut == milder and found < grade for cut, found in rows)


@pytest.mark.parametrize("version", VERSIONS)
def test_grades_rise_with_severity_along_every_ladder(version: str) -> None:
    for route in tables(version)["routes"]:
        by_when: dict[tuple, list[tuple[int, Decimal]]] = {}
        for row in route["rows"]:
            unit = next(iter(row["cut"]))
            ends = [at for at in thresholds(cut_of(row, unit), NORMAL_SIDE[route["side"]]) if at is not None]
            if ends and " and " not in cut_of(row, unit):
                severe = min(ends) if route["side"] == "low" else max(ends)
                limit = "".join(re.findall(r"[A-Z]{2,}|rise", cut_of(row, unit))) if "BL" in str(route) else ""
                key = (row.get("when"), row.get("and"), row.get("if"), limit)
                by_when.setdefault(key, []).append((row["grade"], severe))
        for ladder in by_when.values():
            for (milder, first), (worse, second) in pairwise(sorted(ladder)):
                if milder < worse:
                    assert second <= first if route["side"] == "low" else second >= first, (route["analyte"], ladder)


@pytest.mark.parametrize("version", VERSIONS)
def test_cuts_in_two_units_agree_within_their_published_rounding(version: str) -> None:
    told = 0
    for route in tables(version)["routes"]:
        analyte = route["analyte"]
        for row in route["rows"]:
            if len(row["cut"]) < 2 or "t " in str(row["cut"]):
                continue
            (first, cut), *others = row["cut"].items()
            for unit, other in others:
                for number, same in zip(_numbers(cut), _numbers(other), strict=True):
                    converted = units.convert(analyte, D(same), unit, first)
                    assert converted is not None
                    told += 1
                    assert abs(converted - D(number)) <= _rounding(analyte, number, same, unit, first), (
                        analyte,
                        cut,
                        other,
                    )
    assert told > 100


def _numbers(cut: str) -> list[str]:
    return re.findall(r"(?<![\w.*])\d+(?:\.\d+)?(?![\d.*])", cut)


def _rounding(analyte: str, number: str, same: str, unit: str, first: str) -> Decimal:
    """Half a unit of the last digit published on either side; whole numbers are rounded to about 3 %."""
    last = D(1).scaleb(D(number).as_tuple().exponent)
    theirs = D(1).scaleb(D(same).as_tuple().exponent)
    other = units.convert(analyte, D(same) + theirs, unit, first) - units.convert(analyte, D(same), unit, first)
    return max(last, abs(other), abs(D(number)) * D("0.03"))


@pytest.mark.parametrize("text", ["x", "75", "75 <= y < 80", "1 < x < 2 < 3"])
def test_what_is_not_a_bound_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a bound|unknown measure|could not|Invalid|conversion"):
        parse_bound(text)


def test_an_edition_that_is_not_here_has_no_tables() -> None:
    with pytest.raises(KeyError):
        edition("7.0")


@pytest.mark.parametrize(
    ("number", "shown"),
    [("189.860", "189.86"), ("120.0", "120"), ("0.0166666666666", "0.0166667"), ("24999", "24999"), ("1E+3", "1000")],
)
def test_a_computed_number_is_shown_short_and_without_empty_decimals(number: str, shown: str) -> None:
    assert working_words(D(number)) == shown
