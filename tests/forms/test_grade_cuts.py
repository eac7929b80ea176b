"""Every cut of every numeric term, at it and just beside it, in every unit, with every kind of baseline."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

from forms.grading.frame import Measurement
from forms.grading.grade import grade
from forms.grading.tables import VERSIONS
from forms.grading.words import explain
from forms.values import units
from tests.forms.grade_reading import Situation, cut_of, read, routes, tables, terms, thresholds

D = Decimal
TERMS = sorted({(version, route["term"]) for version in VERSIONS for route in tables(version)["routes"]})
NAMES = [f"{version} {terms(version)[code]}" for version, code in TERMS]


def _limits(ladders: list[dict], unit: str) -> tuple[Decimal, Decimal]:
    """Limits under which the ladder is in order: normal on the right side of every absolute cut."""
    numbers = [
        at
        for route in ladders
        for row in route["rows"]
        if "fall" not in cut_of(row, unit) and "rise" not in cut_of(row, unit) and "below" not in cut_of(row, unit)
        for at in thresholds(cut_of(row, unit), {})
        if at > 0
    ]
    if not numbers:
        return D(40), D(100)
    if ladders[0]["side"] == "low":
        low = max(numbers) * D("1.25")
        return low, low * 2
    high = min(numbers) * D("0.75")
    return high / 2, high


def _units(ladders: list[dict], analyte: str) -> set[str]:
    found = {unit for route in ladders for row in route["rows"] for unit in row["cut"]} - {"*"}
    return found or {units.known(analyte)[0]}


def _situations(version: str, code: str, analyte: str):
    ladders = routes(version, code, analyte)
    facts = {(row.get("and") or row.get("if", "")).removeprefix("!") for route in ladders for row in route["rows"]} - {
        "",
        "wording",
    }
    whens = {row.get("when", "") for route in ladders for row in route["rows"]}
    ages = ["40", "10", "0.5"] if whens & {"adult", "child", "infant", "pediatric"} else ["40"]
    blood = [False, True] if "anticoagulated" in whens else [False]
    for unit in sorted(_units(ladders, analyte)):
        low, high = _limits(ladders, unit)
        bases = {"normal": (low + high) / 2, "high": high * D("1.5"), "low": low / 2, "missing": None}
        for base, age, thin, yes in product(bases.values(), ages, blood, [True, False] if facts else [False]):
            env = {"LLN": low, "ULN": high, "BL": base, "MI": high * 3, "t": None, "lines": None}
            cuts = {
                at
                for route in ladders
                for row in route["rows"]
                if cut_of(row, unit)
                for at in thresholds(cut_of(row, unit), env)
            }
            for at, off in product(sorted(cuts), (D(0), D("-0.0001"), D("0.0001"))):
                known = {"LLN": low, "ULN": high, "BL": base, "MI": high * 3, "x": at + off}
                yield Situation(unit, known, age, thin, dict.fromkeys(facts, yes))


def _measured(analyte: str, situation: Situation) -> Measurement:
    """The measurement as it stands: the limits here are made up to reach every cut, not those of a laboratory."""
    env = situation.env
    return Measurement(
        analyte,
        env["x"],
        situation.unit,
        env["LLN"],
        env["ULN"],
        env["BL"],
        env["LLN"],
        env["ULN"],
        mi_level=env["MI"],
        age=situation.age,
        context={**situation.facts, "on_anticoagulation": situation.anticoagulated, "scale_confirmed": True},
    )


@pytest.mark.parametrize(("version", "code"), TERMS, ids=NAMES)
def test_every_cut_grades_as_the_table_reads(version: str, code: str) -> None:
    told = 0
    for analyte in sorted({r["analyte"] for r in tables(version)["routes"] if r["term"] == code}):
        if analyte in {"ANC + temperature", "Neutrophils (ANC)"} and terms(version)[code] == "Febrile neutropenia":
            told += 1
            continue
        for situation in _situations(version, code, analyte):
            if situation.env["x"] < 0 and analyte not in {"BMD t-score"}:
                continue
            expected = read(version, code, analyte, situation)
            found = grade(_measured(analyte, situation), version, code)
            assert len(found) == 1
            got = found[0]
            where = (analyte, situation, expected, got.decision)
            if expected.skip:
                assert got.grade is None or got.decision.why == "", where
                continue
            told += 1
            assert got.grade == expected.grade, where
            if expected.open:
                assert frozenset(got.candidates) == expected.open, where
            if got.grade is None:
                assert explain(got, "en").reason, where
    assert told
