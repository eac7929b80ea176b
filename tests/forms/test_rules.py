from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from forms.compiled.study import compiled
from forms.sheet.checks import check_trend, check_unit_mix_up, check_value, outside, unit_is_ours
from forms.sheet.sheet import open_sheet
from forms.study.definition import Bounds
from forms.value import Value
from forms.values.censored import Censored
from tests.forms.small_study import D, item, key, limits, small_study, subject, typed

LABS = compiled(small_study()).forms["LB"].items
VITALS = compiled(small_study()).forms["VS"].items
HGB_RANGE = limits("HGB", "g/L", "130", "175")


def said(name: str, text: str, unit: str = "") -> list[tuple[str, str]]:
    plan = LABS.get(name) or VITALS[name]
    value = Value(text, text, unit or plan.item.units[0])
    return [(rule, severity) for rule, _, severity in check_value(plan, value)]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("PLT", "5", []),
        ("PLT", "4.9", [("bounds.soft", "query")]),
        ("PLT", "1000", []),
        ("PLT", "1001", [("bounds.soft", "query")]),
        ("PLT", "3000", [("bounds.soft", "query")]),
        ("PLT", "3000.1", [("bounds.hard", "block")]),
        ("PLT", "0", [("bounds.soft", "query")]),
        ("TEMP", "44.1", [("bounds.hard", "block")]),
        ("PLT", "<5", [("bounds.soft", "query")]),
        ("PLT", "<=5", []),
        ("PLT", "<6", []),
        ("PLT", ">1000", [("bounds.soft", "query")]),
        ("PLT", ">=1000", []),
        ("PLT", ">999", []),
        ("PLT", ">4000", [("bounds.hard", "block")]),
    ],
)
def test_bounds_are_inclusive_and_a_censored_result_is_outside_only_for_certain(
    name: str, text: str, expected: list[tuple[str, str]]
) -> None:
    assert said(name, text) == expected


def test_bounds_are_judged_in_the_first_unit() -> None:
    assert said("HGB", "9.2", "g/dL") == []
    assert said("HGB", "9.2", "g/L") == [("bounds.hard", "block")]
    assert said("HGB", "3.9", "g/dL") == [("bounds.soft", "query")]


@pytest.mark.parametrize(
    ("number", "expected"),
    [(D(4), "low"), (D(5), ""), (D(10), ""), (D(11), "high"), (Censored("<", D(5)), "low"), (Censored(">", D(9)), "")],
)
def test_outside_says_on_which_side(number: Decimal | Censored, expected: str) -> None:
    assert outside(number, Bounds(D(5), D(10))) == expected


def test_open_bounds_exclude_nothing_on_that_side() -> None:
    assert outside(D(10**9), Bounds(D(5), None)) == ""
    assert outside(D(-1), Bounds(None, D(5))) == ""
    assert outside(D(-1), None) == ""


def test_a_foreign_unit_blocks() -> None:
    assert said("PLT", "60", "mg/dL") == [("kind.unit", "block")]


def test_a_number_without_its_unit_blocks() -> None:
    plan = LABS["PLT"]
    assert [rule for rule, _, _ in check_value(plan, Value("60", "60", ""))] == ["kind.unit"]


def test_another_spelling_of_a_unit_is_the_same_unit() -> None:
    assert unit_is_ours(LABS["PLT"].item, "x10^9/L")
    assert unit_is_ours(LABS["CREAT"].item, "μmol/L")
    assert unit_is_ours(LABS["PLT"].item, "G/L"), "giga per litre, for a count"
    assert not unit_is_ours(LABS["PLT"].item, "mg/L")
    assert unit_is_ours(item("N", "number"), "")
    assert not unit_is_ours(item("N", "number"), "kg")


def test_nothing_is_said_of_a_blank_or_an_allowed_missing_code() -> None:
    assert check_value(LABS["PLT"], Value()) == ()
    assert check_value(LABS["PLT"], Value("ND", missing="ND")) == ()


def test_a_code_that_left_the_list_is_unread() -> None:
    plan = compiled(small_study()).forms["DM"].items["SEX"]
    assert [rule for rule, _, _ in check_value(plan, Value("X", "X"))] == ["kind.unread"]


@pytest.mark.parametrize(
    ("name", "text", "unit", "named"),
    [
        ("HGB", "9.2", "g/L", "g/dL"),
        ("CREAT", "0.9", "umol/L", "mg/dL"),
        ("PLT", "60000", "10^9/L", "/mm3"),
    ],
)
def test_the_likely_unit_is_named(name: str, text: str, unit: str, named: str) -> None:
    found = check_unit_mix_up(LABS[name].item, Value(text, text, unit), None, None)
    assert found is not None
    assert found[0] == "bounds.unit"
    assert found[2] == "query"
    assert named in found[1]["en"]
    assert named in found[1]["zh"]


def test_a_moved_decimal_point_is_named() -> None:
    found = check_unit_mix_up(VITALS["TEMP"].item, Value("378", "378", "C"), None, None)
    assert found is not None
    assert "37.8" in found[1]["en"]


def test_the_own_trend_chooses_between_likely_units() -> None:
    item_hgb = LABS["HGB"].item
    plain = type(item_hgb)(**{**vars(item_hgb), "units": ("g/L",)})
    near_90 = check_unit_mix_up(plain, Value("9.2", "9.2", "g/L"), HGB_RANGE, D(95))
    near_150 = check_unit_mix_up(plain, Value("9.2", "9.2", "g/L"), HGB_RANGE, D(150))
    assert near_90 is not None
    assert near_150 is not None
    assert "g/dL" in near_90[1]["en"]
    assert "mmol/L" in near_150[1]["en"]


@pytest.mark.parametrize("text", ["92", "<9", "0", "1000000000"])
def test_no_unit_is_guessed_for_what_is_in_bounds_censored_zero_or_fits_nowhere(text: str) -> None:
    assert check_unit_mix_up(LABS["HGB"].item, Value(text, text, "g/L"), HGB_RANGE, None) is None


def test_the_likely_unit_is_told_beside_the_bound_on_the_sheet() -> None:
    sheet = open_sheet(typed(subject(), key("SCR", "DM"), SEX="M"), key("SCR", "LB")).enter("HGB", "9.2")
    assert [finding.rule for finding in sheet.cell("HGB").findings] == ["bounds.hard", "bounds.unit"]
    assert [finding.rule for finding in sheet.enter("HGB", "9.2", unit="g/dL").cell("HGB").findings] == []


@pytest.mark.parametrize(
    ("text", "last", "named"),
    [
        ("1.1", "97", True),
        ("1.1", None, False),
        ("60", "97", False),
        ("11", "97", False),
        ("<1.1", "97", False),
        ("0", "97", False),
        ("1.1", "0", False),
    ],
)
def test_a_value_near_the_last_one_in_another_unit_is_noted(text: str, last: str | None, named: bool) -> None:
    """1.1 mg/dL of creatinine is 97 umol/L."""
    found = check_trend(LABS["CREAT"].item, Value(text, text, "umol/L"), None if last is None else D(last))
    assert (found is not None) is named
    assert found is None or (found[2] == "note" and "mg/dL" in found[1]["en"] and "97.24 umol/L" in found[1]["zh"])


def test_the_trend_is_seen_on_the_sheet_when_bounds_say_nothing() -> None:
    person = typed(subject(), key("SCR", "LB"), LBDAT="2024-10-01", CREAT="1100")
    sheet = open_sheet(person, key("C_D1", "LB")).enter("LBDAT", "2024-10-08").enter("CREAT", "12.4")
    assert [finding.rule for finding in sheet.cell("CREAT").findings] == ["bounds.unit"]
    assert [finding.severity for finding in sheet.cell("CREAT").findings] == ["note"]
    assert sheet.enter("CREAT", "12.4", unit="mg/dL").cell("CREAT").findings[0].rule == "bounds.soft"


def test_a_date_that_can_not_be_one_is_unread() -> None:
    plan = compiled(small_study()).forms["SV"].items["SVDAT"]
    assert [rule for rule, _, _ in check_value(plan, Value("2024-13-40", "2024-13-40"))] == ["kind.unread"]


def test_a_number_that_can_not_be_converted_is_not_judged_by_bounds() -> None:
    odd = LABS["PLT"].item
    plan = replace(LABS["PLT"], item=replace(odd, units=("10^9/L", "packs")))
    assert check_value(plan, Value("900000", "900000", "packs")) == ()
