"""Evaluation of forms: a key in a 64-item form, opening it, a casebook of 30 cycles, and a change that regrades all.

Prints one table (milliseconds, p50 and p99). Budgets: whole evaluation of the 64-item form within 1 ms, 1,800 values
re-evaluated whole within 100 ms, regrading 100 places within a few ms, a definition read as a store keeps it within
20 ms.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from forms.authoring.load import read_study, study_ids
from forms.place import FormKey, Place
from forms.sheet.follow import follow, recompute
from forms.sheet.sheet import Sheet, open_sheet
from forms.study import canonical
from forms.study.definition import (
    Bounds,
    Check,
    Code,
    CodeList,
    Event,
    EventForm,
    Fact,
    Form,
    Item,
    ItemGroup,
    LabRange,
    Study,
)
from forms.subject.subject import Subject
from forms.value import Value

CYCLES = 30
LABS = 60
CODES = {
    "WBC": ("10^9/L", "3.5", "9.5"),
    "HGB": ("g/L", "130", "175"),
    "PLT": ("10^9/L", "125", "350"),
    "NEUT": ("10^9/L", "1.8", "6.3"),
    "LYM": ("10^9/L", "1.1", "3.2"),
    "ALT": ("U/L", "9", "50"),
    "AST": ("U/L", "15", "40"),
    "ALP": ("U/L", "45", "125"),
    "GGT": ("U/L", "10", "60"),
    "BILI": ("umol/L", "1", "26"),
    "ALB": ("g/L", "40", "55"),
    "CREAT": ("umol/L", "57", "97"),
    "GLUC": ("mmol/L", "3.9", "6.1"),
    "TRIG": ("mmol/L", "0.3", "1.7"),
    "SODIUM": ("mmol/L", "137", "147"),
    "K": ("mmol/L", "3.5", "5.3"),
    "MG": ("mmol/L", "0.75", "1.02"),
    "APTT": ("s", "25", "37"),
    "INR": ("1", "0.8", "1.2"),
    "FIBRINO": ("g/L", "2", "4"),
}
"""Laboratory code -> unit and reference limits; repeated to fill the form."""


def words(text: str) -> dict[str, str]:
    """The same words in both languages."""
    return {"en": text, "zh": text}


def lab_study() -> Study:
    """A form of 64 items, 60 of them graded measurements with bounds, in 30 cycles."""
    codes = list(CODES)
    labs = []
    ranges = []
    for at in range(LABS):
        code = codes[at % len(codes)]
        unit, low, high = CODES[code]
        wide = Bounds(Decimal(0), Decimal(high) * 20)
        labs.append(Item(f"L{at}", words(f"L{at}"), "number", (unit,), analyte=code, grade=True, soft=wide, hard=wide))
    for code, (unit, low, high) in CODES.items():
        ranges.append(LabRange("HOSP", code, unit, Decimal(low), Decimal(high)))
    head = (
        Item("LBDAT", words("date"), "date", required="true"),
        Item("LBNAM", words("laboratory"), "code", codelist="LAB", required="true"),
        Item("RATIO", words("ratio"), "number", derive="L3 / L0 * 100", decimals=1),
        Item("FALL", words("fall"), "number", derive="baseline(LB.L2) - L2"),
    )
    checks = tuple(Check(f"C{at}", f"L{at} >= 0 and L{at + 1} is known", words("check")) for at in range(0, 20, 2))
    return Study(
        id="BENCH",
        version="1",
        title=words("bench"),
        short_title=words("bench"),
        registry="",
        ctcae="5.0",
        languages=("en", "zh"),
        events=(
            Event("C", words("C"), "cycle", (EventForm("LB"), EventForm("EX")), CYCLES, date_item="LB.LBDAT"),
            Event("SCR", words("SCR"), "visit", (EventForm("DM"),), date_item=""),
        ),
        forms=(
            Form("LB", words("LB"), (ItemGroup("G", words("G"), (*head, *labs)),), date_item="LBDAT", checks=checks),
            Form("EX", words("EX"), (ItemGroup("G", words("G"), (Item("EXDAT", words("d"), "date"),)),)),
            Form("DM", words("DM"), (ItemGroup("G", words("G"), (Item("SEX", words("s"), "text"),)),)),
        ),
        codelists=(CodeList("LAB", words("LAB"), (Code("HOSP", words("hospital")),)),),
        roles=(),
        facts=(
            Fact("first_dose", words("first dose"), "date", "first(EXDAT over EX)"),
            Fact("sex", words("sex"), "text", "SCR.DM.SEX"),
        ),
        ranges=tuple(ranges),
    )


def key(cycle: int, form: str = "LB") -> FormKey:
    """A form of a cycle."""
    return FormKey("S", "C", str(cycle), form)


def casebook(study: Study, cycles: int) -> Subject:
    """A subject with every measurement of so many cycles entered and graded."""
    values: dict[Place, Value] = {}
    for cycle in range(1, cycles + 1):
        at = key(cycle)
        day = (date(2024, 1, 1) + timedelta(days=21 * cycle)).isoformat()
        values[at.place("LBDAT")] = Value(day, day)
        values[at.place("LBNAM")] = Value("HOSP", "HOSP")
        for lab in range(LABS):
            unit, low, high = CODES[list(CODES)[lab % len(CODES)]]
            share = Decimal((cycle * 7 + lab * 3) % 17) / 10 + Decimal(cycle * LABS + lab) / 100000
            number = str(Decimal(low) + (Decimal(high) - Decimal(low)) * share)
            values[at.place(f"L{lab}")] = Value(number, number, unit)
    values[key(1, "EX").place("EXDAT")] = Value("2024-02-01", "2024-02-01")
    values[FormKey("S", "SCR", "1", "DM").place("SEX")] = Value("M", "M")
    return recompute(Subject(study, "S", values, {}, study.ranges, date(2026, 1, 1), "01"))[0]


def timed(name: str, times: int, work: Callable[[int], object]) -> dict[str, object]:
    """Run ``work`` so often and say how long it took."""
    took: list[float] = []
    gc.collect()
    gc.disable()
    for at in range(times):
        start = time.perf_counter()
        work(at)
        took.append((time.perf_counter() - start) * 1000)
    gc.enable()
    took.sort()
    p99 = took[min(len(took) - 1, int(len(took) * 0.99))]
    return {"what": name, "p50_ms": round(statistics.median(took), 3), "p99_ms": round(p99, 3), "runs": times}


def bench() -> list[dict[str, object]]:
    """All figures."""
    study = lab_study()
    person = casebook(study, CYCLES)
    sheet: Sheet = open_sheet(person, key(12))
    typed: list[Sheet] = [sheet]

    def press(at: int) -> None:
        typed[0] = typed[0].enter("L5", str(40 + at % 300), unit="U/L")

    def leave(at: int) -> None:
        place = key(12).place("L5")
        after = person.with_values({place: Value(str(40 + at % 300), str(40 + at % 300), "U/L")})
        follow(after, [place])

    def leave_nothing(at: int) -> None:
        place = FormKey("S", "SCR", "1", "DM").place("NOTE")
        follow(person.with_values({place: Value(str(at), str(at))}), [place])

    small = casebook(study, 2)

    def regrade(who: Subject, days: tuple[str, ...]) -> Callable[[int], object]:
        def work(at: int) -> object:
            place = key(1, "EX").place("EXDAT")
            return follow(who.with_values({place: Value(days[at % len(days)], days[at % len(days)])}), [place])

        return work

    def cold(at: int) -> None:
        fresh = replace(person, values=dict(person.values), memo=type(person.memo)())
        study.__dict__["_compiled"].cache("grades").clear()
        recompute(fresh)

    largest = max((canonical.dump(read_study(each)) for each in study_ids()), key=len)
    canonical.read(largest)
    return [
        timed("64-item form: a key, whole evaluation", 2000, press),
        timed("64-item form: every cell of it read", 300, lambda at: typed[0].cells()),
        timed("64-item form: opened", 500, lambda at: open_sheet(person, key(1 + at % CYCLES))),
        timed("a field that changes nothing else, 30 cycles", 500, leave_nothing),
        timed("a laboratory value left, 30 cycles", 500, leave),
        timed(
            "first dose moved: 120 places regraded, known answers", 200, regrade(small, ("2024-01-10", "2024-02-03"))
        ),
        timed("first dose moved: 1,800 places regraded", 20, regrade(person, ("2024-01-10", "2024-02-03"))),
        timed("30 cycles x 60 measurements re-evaluated whole, nothing remembered", 10, cold),
        timed("the largest shipped definition read from its JSON", 20, lambda _: canonical.read(largest)),
    ]


if __name__ == "__main__":
    rows = bench()
    if "--json" in sys.argv:
        print(json.dumps(rows))
    else:
        for row in rows:
            print(f"{row['what']:<70} p50 {row['p50_ms']:>9} ms   p99 {row['p99_ms']:>9} ms   n={row['runs']}")
