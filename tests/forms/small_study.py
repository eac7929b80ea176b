"""A small study built by hand: screening, six cycles of two visits, a log, unscheduled visits; a few of every kind.

`small_study()` is the definition, `subject(...)` an empty subject of it, `typed(...)` fills forms as a person does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from forms.place import SINGLE, FormKey
from forms.sheet.follow import follow
from forms.sheet.sheet import open_sheet
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
    Laboratory,
    LabRange,
    Role,
    Setting,
    Study,
    Text,
)
from forms.subject.subject import Subject

TODAY = date(2025, 3, 1)
D = Decimal


def words(en: str, zh: str = "") -> Text:
    return {"en": en, "zh": zh or en}


def codelist(name: str, *codes: str) -> CodeList:
    return CodeList(name, words(name), tuple(Code(code, words(code)) for code in codes))


def item(name: str, kind: str, **more: object) -> Item:
    return Item(name, words(name), kind, **more)  # type: ignore[arg-type]


def lab(code: str, units: tuple[str, ...], soft: tuple[str, str], hard: tuple[str, str]) -> Item:
    return item(
        code,
        "number",
        units=units,
        analyte=code,
        grade=True,
        soft=Bounds(D(soft[0]), D(soft[1])),
        hard=Bounds(D(hard[0]), D(hard[1])),
    )


def form(name: str, *items: Item, **more: object) -> Form:
    return Form(name, words(name), (ItemGroup("MAIN", words("main"), items),), **more)  # type: ignore[arg-type]


def limits(analyte: str, unit: str, low: str, high: str, **more: object) -> LabRange:
    return LabRange("HOSP", analyte, unit, D(low) if low else None, D(high) if high else None, **more)  # type: ignore[arg-type]


RANGES = (
    limits("PLT", "10^9/L", "125", "350"),
    limits("HGB", "g/L", "130", "175", sex="M"),
    limits("HGB", "g/L", "115", "150", sex="F"),
    limits("HGB", "g/L", "112", "149", age_from=D(2), age_to=D(6)),
    limits("NEUT", "10^9/L", "1.8", "6.3"),
    limits("ALT", "U/L", "9", "50", sex="M"),
    limits("ALT", "U/L", "7", "40", sex="F"),
    limits("ALT", "U/L", "9", "60", sex="M", valid_from="2025-02-01"),
    limits("CREAT", "umol/L", "57", "97", sex="M"),
    limits("CREAT", "umol/L", "41", "73", sex="F"),
)

DM = form(
    "DM",
    item("BRTHDAT", "date", partial=True, required="true"),
    item("SEX", "code", codelist="SEX", required="true"),
    item("PREG", "code", codelist="NY", show="SEX = 'F'", required="true"),
)
SV = form("SV", item("SVDAT", "date", required="true"), date_item="SVDAT")
VS = form(
    "VS",
    item("HEIGHT", "number", units=("cm",), soft=Bounds(D(120), D(210)), hard=Bounds(D(35), D(230))),
    item("WEIGHT", "number", units=("kg",), soft=Bounds(D(30), D(150)), hard=Bounds(D(1), D(250)), required="true"),
    item("BSA", "number", units=("m2",), decimals=4, derive="bsa_mosteller(HEIGHT, WEIGHT)"),
    item(
        "DOSEBSA",
        "number",
        units=("m2",),
        decimals=4,
        derive="if cycle = 1 or WTCHANGE is unknown then BSA else if WTCHANGE < 10 then prev(VS.DOSEBSA) else BSA",
    ),
    item(
        "WTCHANGE", "number", units=("%",), decimals=1, derive="abs(WEIGHT - prev(VS.WEIGHT)) / prev(VS.WEIGHT) * 100"
    ),
    item("TEMP", "number", units=("C",), soft=Bounds(D(35), D(41)), hard=Bounds(D(30), D(44))),
)
LB = form(
    "LB",
    item("LBDAT", "date", required="true"),
    item("LBNAM", "code", codelist="LAB"),
    lab("PLT", ("10^9/L",), ("5", "1000"), ("0", "3000")),
    lab("HGB", ("g/L", "g/dL"), ("40", "200"), ("15", "270")),
    lab("NEUT", ("10^9/L",), ("0", "60"), ("0", "500")),
    lab("ALT", ("U/L",), ("2", "3000"), ("0", "20000")),
    lab("CREAT", ("umol/L", "mg/dL"), ("10", "1000"), ("3", "3000")),
    item("PLTFALL", "number", units=("10^9/L",), derive="baseline(LB.PLT) - PLT"),
    item("PLTLAST", "number", units=("10^9/L",), derive="before(LB.PLT)"),
    date_item="LBDAT",
    checks=(
        Check("LB.order", "SV.SVDAT is unknown or LBDAT >= SV.SVDAT - 3", words("Sample before the visit"), "query"),
        Check("LB.future", "LBDAT <= today", words("A date in the future"), "block"),
    ),
)
EX = Form(
    "EX",
    words("EX"),
    (
        ItemGroup(
            "PLAN", words("plan"), (item("EXPLAN", "number", units=("mg",), decimals=1, derive="VS.DOSEBSA * 100"),)
        ),
        ItemGroup(
            "DAYS",
            words("days"),
            (
                item("EXDAT", "date", required="true"),
                item("EXDOSE", "number", units=("mg",)),
                item("EXOFF", "number", units=("%",), decimals=1, derive="(EXDOSE - EXPLAN) / EXPLAN * 100"),
            ),
            repeat=True,
        ),
    ),
    date_item="EXDAT",
    drug="OXA",
)
AE = Form(
    "AE",
    words("AE"),
    (
        ItemGroup("ANY", words("any"), (item("AEYN", "code", codelist="NY", required="true"),)),
        ItemGroup(
            "ROWS",
            words("rows"),
            (
                item("AETERM", "text", required="true"),
                item("AESTDAT", "date", partial=True, required="true"),
                item("AEENDAT", "date", partial=True),
                item("AESER", "code", codelist="NY", required="true"),
                item("AESDTH", "code", codelist="NY", show="AESER = 'Y'", required="true"),
            ),
            repeat=True,
            show="AEYN = 'Y'",
        ),
    ),
    date_item="AESTDAT",
    checks=(Check("AE.order", "AEENDAT >= AESTDAT", words("Ends before it starts"), "block"),),
)
UV = form("UV", item("UVDAT", "date", required="true"), item("UVNOTE", "text"), date_item="UVDAT")


@cache
def small_study() -> Study:
    """The definition."""
    return Study(
        id="SMALL",
        version="1",
        title=words("A small study"),
        short_title=words("Small"),
        registry="",
        ctcae="5.0",
        languages=("en", "zh"),
        events=(
            Event(
                "SCR",
                words("Screening"),
                "visit",
                (EventForm("SV"), EventForm("DM"), EventForm("VS"), EventForm("LB")),
            ),
            Event(
                "C_D1",
                words("Day 1"),
                "cycle",
                (EventForm("SV"), EventForm("VS"), EventForm("LB"), EventForm("EX", when="cycle <= 6")),
                cycles=6,
                planned="if cycle = 1 then SCR.SV.SVDAT + 7 else prev(SV.SVDAT) + 21",
                before=1,
                after=3,
                expected="$died is unknown",
            ),
            Event(
                "C_D8",
                words("Day 8"),
                "cycle",
                (EventForm("SV"), EventForm("LB"), EventForm("VS", required=False, when="$sex = 'F'")),
                cycles=6,
                planned="C_D1.SV.SVDAT + 7",
                before=1,
                after=2,
                expected="$died is unknown",
            ),
            Event("EOT", words("End"), "visit", (EventForm("SV"), EventForm("LB")), planned="$first_dose + 200"),
            Event("LOG", words("Log"), "log", (EventForm("AE"),), date_item=""),
            Event("UNS", words("Unscheduled"), "added", (EventForm("UV"), EventForm("LB")), date_item="UV.UVDAT"),
        ),
        forms=(DM, SV, VS, LB, EX, AE, UV),
        codelists=(codelist("SEX", "M", "F"), codelist("NY", "N", "Y"), codelist("LAB", "HOSP", "OTHER")),
        roles=(Role("nurse", words("Nurse"), ("enter",)),),
        settings=(Setting("baseline_same_day", words("Same day"), "yes"),),
        facts=(
            Fact("first_dose", words("First dose"), "date", "first(EXDAT over EX where EXDOSE > 0)"),
            Fact("sex", words("Sex"), "code", "SCR.DM.SEX"),
            Fact("birth", words("Birth"), "date", "SCR.DM.BRTHDAT"),
            Fact("died", words("Death"), "date", "first(AESTDAT over AE where AESDTH = 'Y')"),
            Fact("doses", words("Doses"), "integer", "count(true over EX where EXDOSE > 0)"),
            Fact("given", words("Given"), "number", "sum(EXDOSE over EX)"),
        ),
        laboratories=(Laboratory("HOSP", words("Hospital")),),
        ranges=RANGES,
    )


def with_setting(study: Study, name: str, value: str) -> Study:
    """The study with one setting changed."""
    return replace(study, settings=tuple(replace(s, value=value) if s.id == name else s for s in study.settings))


def subject(study: Study | None = None, today: date = TODAY) -> Subject:
    """A subject of whom nothing is known yet."""
    used = study or small_study()
    return Subject(used, "01-001", {}, {}, used.ranges, today, "01")


def key(event: str, form_id: str, event_no: str = SINGLE, form_no: str = SINGLE) -> FormKey:
    return FormKey("01-001", event, event_no, form_id, form_no)


def typed(person: Subject, at: FormKey, row: str = SINGLE, **answers: str) -> Subject:
    """The subject after a person typed the answers one by one, with all that follows."""
    for name, text in answers.items():
        sheet = open_sheet(person, at).enter(name, text, row=row)
        place = at.place(name, row)
        after = person.with_values({place: sheet.value_to_store(name, row)})
        person, _ = follow(after, [place])
    return person


def answers(person: Subject) -> Mapping[str, str]:
    """Every non-blank value by its readable address."""
    return {
        str(place): value.value or value.missing or value.text
        for place, value in person.values.items()
        if not value.blank
    }
