"""An independent reading of the CTCAE tables: bounds evaluated as Python comparisons of decimals, row by row.

It shares nothing with the grader but the data files, so that a slip in one does not hide in the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from resources import folder

D = Decimal
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
SIGN = re.compile(r"\s*(<=|>=|<|>)\s*")


@cache
def tables(version: str) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(folder("ctcae", f"ctcae-{version}.json").read_text(encoding="utf-8"))
    return raw


@cache
def terms(version: str) -> dict[str, str]:
    return {code: name for code, name, _, _ in tables(version)["terms"]}


def routes(version: str, term: str, analyte: str) -> list[dict[str, Any]]:
    return [r for r in tables(version)["routes"] if r["term"] == term and r["analyte"] == analyte]


@cache
def _code(expression: str) -> Any:
    return compile(NUMBER.sub(lambda number: f"D('{number[0]}')", expression), expression, "eval")


def value_of(expression: str, env: dict[str, Any]) -> Any:
    return eval(_code(expression), {"D": D, "__builtins__": {}}, env)


def measures(env: dict[str, Any]) -> dict[str, Any]:
    x, base, low = env["x"], env.get("BL"), env.get("LLN")
    more = dict(env)
    if base is not None:
        more |= {"fall": base - x, "rise": x - base}
        if base:
            more |= {"fall_pct": 100 * (base - x) / base, "rise_pct": 100 * (x - base) / base}
    if low is not None:
        more["below_lln"] = low - x
    return more


def thresholds(cut: str, env: dict[str, Any]) -> Iterator[Decimal]:
    """Where on the scale of x the truth of a cut may turn."""
    for part in cut.split(" and ") if cut else ():
        pieces = SIGN.split(part.strip())
        middle = pieces[0] if len(pieces) == 3 else pieces[2]
        sides = [pieces[2]] if len(pieces) == 3 else [pieces[0], pieces[4]]
        for side in sides:
            try:
                limit = value_of(side, env)
            except (NameError, TypeError):
                continue
            if limit is None:
                continue
            at = _turned(middle, limit, env.get("BL"), env.get("LLN"))
            if at is not None:
                yield at


def _turned(measure: str, at: Decimal, base: Decimal | None, low: Decimal | None) -> Decimal | None:
    """Where x lies when a measure of it is ``at``."""
    if measure == "x":
        return at
    if measure == "below_lln":
        return None if low is None else low - at
    if base is None or measure not in {"fall", "rise", "fall_pct", "rise_pct"}:
        return None
    change = at if "_pct" not in measure else base * at / 100
    return base + change if measure.startswith("rise") else base - change


def cut_of(row: dict[str, Any], unit: str) -> str:
    return row["cut"].get(unit) or row["cut"].get("*", "")


@dataclass
class Situation:
    """What is known of a measurement; limits and baseline in the reported unit."""

    unit: str
    env: dict[str, Any]
    age: str = "40"
    anticoagulated: bool = False
    facts: dict[str, bool] = field(default_factory=dict)

    @property
    def baseline_high(self) -> bool:
        base, high = self.env.get("BL"), self.env.get("ULN")
        return base is not None and high is not None and base > high

    @property
    def baseline_low(self) -> bool:
        base, low = self.env.get("BL"), self.env.get("LLN")
        return base is not None and low is not None and base < low

    def applies(self, when: str) -> bool:
        age = D(self.age)
        return {
            "": True,
            "bl_normal": not self.baseline_high,
            "bl_abnormal": self.baseline_high,
            "bl_low": self.baseline_low,
            "no_baseline": self.env.get("BL") is None,
            "anticoagulated": self.anticoagulated,
            "not_anticoagulated": not self.anticoagulated,
            "adult": age >= 18,
            "pediatric": age < 18,
            "infant": age < 1,
            "child": 1 <= age < 18,
        }[when]


@dataclass
class Expected:
    """``grade`` None = no decided grade; ``open`` what is left to the grade's words; ``skip`` = not told."""

    grade: int | None
    open: frozenset[int] = frozenset()
    skip: bool = False


def _agrees(row: dict[str, Any], facts: dict[str, bool]) -> bool | None:
    fact = row.get("and") or row.get("if") or ""
    if not fact:
        return True
    if fact == "wording":
        return None
    return facts[fact.removeprefix("!")] is not fact.startswith("!")


def read(version: str, term: str, analyte: str, situation: Situation) -> Expected:
    """What the tables say for one term, every fact known."""
    env = measures(situation.env)
    ladders = routes(version, term, analyte)
    needs_base = [bool(re.search(r"BL\b|fall|rise", str(row["cut"]))) for r in ladders for row in r["rows"]]
    grades: set[int] = set()
    open_grades: set[int] = set()
    refused: list[dict[str, Any]] = []
    unknown = any_row = beyond = False
    for route in ladders:
        rows = [row for row in route["rows"] if situation.applies(row.get("when", "")) and cut_of(row, situation.unit)]
        if env.get("BL") is None and not all(needs_base):
            rows = [row for row in rows if not re.search(r"BL\b|fall|rise", cut_of(row, situation.unit))]
        any_row = any_row or bool(rows)
        hit = False
        for row in rows:
            try:
                true = value_of(cut_of(row, situation.unit), env)
            except (NameError, TypeError):
                unknown = unknown or "lines" not in cut_of(row, situation.unit)
                continue
            if not true:
                continue
            hit = True
            agrees = _agrees(row, situation.facts)
            if agrees is None:
                open_grades.add(row["grade"])
            elif agrees:
                grades.add(row["grade"])
            else:
                refused.append(row)
        if not hit and not unknown:
            beyond = _outside(route, rows, situation, env, grades, open_grades, refused) or beyond
    if not any_row or unknown:
        return Expected(None, skip=unknown)
    if refused and not grades:
        return Expected(None, skip=True)
    raised = {
        row["grade"]
        for route in ladders
        for row in route["rows"]
        if (grades or refused) and situation.facts.get(row.get("or", "")) and situation.applies(row.get("when", ""))
    }
    if grades:
        grades |= {grade for grade in raised if grade > max(grades)}
    if open_grades and (not grades or max(open_grades) > max(grades)):
        return Expected(None, frozenset(open_grades | ({max(grades)} if grades else set())))
    if grades:
        return Expected(max(grades))
    return Expected(None, skip=False) if beyond else Expected(0)


def _outside(
    route: dict[str, Any],
    rows: list[dict[str, Any]],
    situation: Situation,
    env: dict[str, Any],
    grades: set[int],
    open_grades: set[int],
    refused: list[dict[str, Any]],
) -> bool:
    """Put the grade of the more severe neighbour for a value between two bands; tell whether it is past the worst."""
    low_side = route["side"] == "low"
    x = env["x"]
    by_when: dict[str, list[tuple[dict[str, Any], list[Decimal]]]] = {}
    for row in rows:
        cut = cut_of(row, situation.unit)
        if " and " in cut or "lines" in cut:
            continue
        by_when.setdefault(row.get("when", ""), []).append((row, sorted(thresholds(cut, env))))
    past_worst = False
    for bands in by_when.values():
        worse = [
            (r, e)
            for r, e in bands
            if e and ((_upper(r, situation) and e[-1] <= x) if low_side else (_lower(r, situation) and e[0] >= x))
        ]
        milder = [
            (r, e)
            for r, e in bands
            if e and ((_lower(r, situation) and e[0] >= x) if low_side else (_upper(r, situation) and e[-1] <= x))
        ]
        if worse and milder:
            edge = max(e[-1] for _, e in worse) if low_side else min(e[0] for _, e in worse)
            for row, ends in worse:
                if (ends[-1] if low_side else ends[0]) != edge:
                    continue
                agrees = _agrees(row, situation.facts)
                if agrees is None:
                    open_grades.add(row["grade"])
                elif agrees:
                    grades.add(row["grade"])
                else:
                    refused.append(row)
        elif milder and not worse and len(milder) == len(bands):
            closed = all(_lower(r, situation) if low_side else _upper(r, situation) for r, _ in bands)
            past_worst = past_worst or closed
    return past_worst


def _lower(row: dict[str, Any], situation: Situation) -> bool:
    """Whether a band is closed below on the scale of x."""
    cut = cut_of(row, situation.unit)
    if re.search(r"fall|below_lln", cut):
        return bool(re.search(r"(fall|fall_pct|below_lln) <", cut))
    return bool(re.search(r"<=? (x|rise|rise_pct)\b|\b(x|rise|rise_pct) >", cut))


def _upper(row: dict[str, Any], situation: Situation) -> bool:
    """Whether a band is closed above on the scale of x."""
    cut = cut_of(row, situation.unit)
    if re.search(r"fall|below_lln", cut):
        return bool(re.search(r"<=? (fall|fall_pct|below_lln)\b|\b(fall|fall_pct|below_lln) >", cut))
    return bool(re.search(r"\b(x|rise|rise_pct) <", cut))
