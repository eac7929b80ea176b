"""What does not apply is kept, told and unknown to every rule, through all levels; what is merely open counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from forms.place import FormKey, Place
from forms.sheet.follow import follow
from forms.sheet.sheet import open_sheet
from forms.study.definition import Event, EventForm, Fact, Form, ItemGroup, Study
from forms.subject.subject import Subject
from forms.value import BLANK, Value
from tests.forms.small_study import RANGES, codelist, form, item, lab, small_study, subject, words

TODAY = date(2025, 3, 1)
BACK = form(
    "BACK",
    item("SEX", "code", codelist="SEX"),
    item("PREG", "code", codelist="NY", show="SEX = 'F'"),
    item("WEEK", "integer", show="PREG = 'Y'"),
    item("TWINS", "code", codelist="NY", show="WEEK > 10"),
    item("DUE", "integer", derive="40 - WEEK"),
    item("ANY", "integer", derive="if PREG = 'Y' then 1 else 0"),
    item("HINT", "integer", derive="7", show="false"),
    item("SHOWN", "integer", derive="HINT + 1"),
    item("KNOT", "integer", show="KNOT > 3"),
    item("ARM", "code", codelist="ARM"),
)
SCAN = form("SCAN", item("SCDAT", "date"), item("SIZE", "number", units=("mm",)), date_item="SCDAT")
DRUG = Form(
    "DRUG",
    words("Drug"),
    (ItemGroup("DAYS", words("Days"), (item("DDAT", "date"), item("DOSE", "number", units=("mg",))), repeat=True),),
    date_item="DDAT",
    drug="OXA",
)
BLOOD = form(
    "BLOOD",
    item("BDAT", "date"),
    item("WANTED", "code", codelist="NY"),
    replace(lab("PLT", ("10^9/L",), ("5", "1000"), ("0", "3000")), show="WANTED = 'Y'"),
    date_item="BDAT",
)


EVENTS = (
    ("1", "AEYN", "N"), ("a-1", "AETERM", "Sepsis"), ("a-1", "AESER", "Y"), ("a-1", "AESDTH", "Y"),
    ("a-2", "AETERM", "Rash"), ("a-2", "AESER", "N"), ("a-2", "AESDTH", "Y"),
)  # fmt: skip
"""The second event was called deadly before it was called not serious."""


@cache
def study() -> Study:
    return replace(
        small_study(),
        codelists=(*small_study().codelists, codelist("ARM", "A", "B")),
        forms=(BACK, SCAN, DRUG, BLOOD),
        events=(
            Event("V1", words("First"), "visit", (EventForm("BACK"), EventForm("SCAN", when="V1.BACK.PREG = 'N'"),
                                                  EventForm("BLOOD"))),
            Event("C", words("Cycle"), "cycle", (EventForm("DRUG", when="$arm = 'A'"),), cycles=3),
        ),
        facts=(
            Fact("arm", words("Arm"), "code", "V1.BACK.ARM", codelist="ARM"),
            Fact("first_dose", words("First dose"), "date", "min(DDAT over DRUG where DOSE > 0)"),
            Fact("total", words("Total"), "number", "sum(DOSE over DRUG)"),
            Fact("days", words("Days"), "number", "count(DOSE over DRUG where DOSE > 0)"),
        ),
        analysis=None,
    )  # fmt: skip


def place(form_id: str, name: str, event: str = "V1", no: str = "1", row: str = "1") -> Place:
    return Place("S", event, no, form_id, "1", row, name)


def after(subject: Subject | None = None, **texts: str) -> Subject:
    """The subject after answers, ``FORM__ITEM=text``, with all that follows."""
    subject = subject or Subject(study(), "S", {}, {}, RANGES, TODAY, "AN")
    values = {}
    for name, text in texts.items():
        form_id, item_id = name.split("__")
        at = place(form_id, item_id)
        if form_id == "DRUG":
            item_id, cycle = item_id.rsplit("_", 1)
            at = place(form_id, item_id, "C", cycle)
        values[at] = Value(text, text) if text else BLANK
    return follow(subject.with_values(values), values)[0]


def woman() -> Subject:
    return after(BACK__SEX="F", BACK__PREG="Y", BACK__WEEK="12", BACK__TWINS="N")


def derived(subject: Subject, name: str) -> str:
    return subject.values.get(place("BACK", name), BLANK).value


def rules(subject: Subject, form_id: str, event: str = "V1") -> list[tuple[str, str, str]]:
    found = open_sheet(subject, FormKey("S", event, "1", form_id)).findings
    return [(each.place.item, each.rule, each.severity) for each in found if each.rule.startswith("hidden.")]


def test_what_follows_from_a_hidden_answer_goes_when_it_is_hidden_and_comes_back() -> None:
    assert (derived(woman(), "DUE"), derived(woman(), "ANY")) == ("28", "1")
    man = after(woman(), BACK__SEX="M")
    assert (derived(man, "DUE"), derived(man, "ANY")) == ("", "")
    assert man.values[place("BACK", "WEEK")].value == "12"
    again = after(man, BACK__SEX="F")
    assert (derived(again, "DUE"), derived(again, "ANY")) == ("28", "1")


def test_hidden_answers_are_marked_through_all_levels_and_become_queries() -> None:
    assert rules(woman(), "BACK") == []
    assert rules(after(woman(), BACK__SEX="M"), "BACK") == [
        (name, "hidden.kept", "query") for name in ("PREG", "WEEK", "TWINS")
    ]


def test_expressions_do_not_see_what_does_not_apply() -> None:
    man = after(woman(), BACK__SEX="M")
    assert man.evaluate("V1.BACK.WEEK is unknown") is True
    assert man.evaluate("V1.BACK.PREG = 'Y'") is None
    assert woman().evaluate("V1.BACK.WEEK = 12 and V1.BACK.TWINS = 'N'") is True


def test_an_answer_counts_while_its_condition_is_only_open() -> None:
    unknown = after(BACK__PREG="Y", BACK__WEEK="12")
    assert derived(unknown, "DUE") == "28"
    assert unknown.evaluate("V1.BACK.WEEK = 12") is True


def test_rows_count_though_the_question_above_them_hides_their_group() -> None:
    nobody = subject()
    rows = {Place(nobody.id, "LOG", "1", "AE", "1", row, name): Value(text, text) for row, name, text in EVENTS}
    told = nobody.with_values(rows)
    assert told.evaluate("count(AETERM is known over AE) = 2 and LOG.AE.AEYN = 'N'") is True
    assert told.evaluate("count(AESDTH over AE where AESDTH = 'Y')") == Decimal(1)


def test_a_derived_item_that_is_never_shown_is_read_all_the_same() -> None:
    assert derived(woman(), "SHOWN") == "8"


def test_a_condition_that_hangs_on_itself_hides_nothing_from_the_rules() -> None:
    assert after(BACK__KNOT="5").evaluate("V1.BACK.KNOT = 5") is True


def test_the_same_is_found_whatever_is_asked_first() -> None:
    man = after(woman(), BACK__SEX="M")
    fresh = Subject(man.study, man.id, man.values, {}, RANGES, TODAY, "AN")
    for expression in ("V1.BACK.TWINS is unknown", "V1.BACK.WEEK is unknown", "V1.BACK.PREG is unknown"):
        assert fresh.evaluate(expression) is True
    assert open_sheet(fresh, FormKey("S", "V1", "1", "BACK")).derived() == {
        at: value for at, value in man.values.items() if at.item in ("DUE", "ANY", "HINT", "SHOWN")
    }


# --- forms ------------------------------------------------------------------------------------------------------------


def treated() -> Subject:
    return after(BACK__ARM="A", DRUG__DDAT_1="2025-02-01", DRUG__DOSE_1="100", DRUG__DDAT_2="2025-02-08",
                 DRUG__DOSE_2="50")  # fmt: skip


def test_drug_of_the_other_arm_is_not_received_and_told_on_its_form() -> None:
    assert (treated().fact("total"), treated().fact("days"), treated().first_dose) == (
        Decimal(150), Decimal(2), date(2025, 2, 1),
    )  # fmt: skip
    other = after(treated(), BACK__ARM="B")
    assert (other.fact("total"), other.fact("days"), other.first_dose) == (Decimal(0), Decimal(0), None)
    assert rules(other, "DRUG", "C") == [("DDAT", "hidden.form", "query")]
    assert rules(treated(), "DRUG", "C") == []
    assert other.evaluate("C[1].DRUG.DOSE is unknown") is True
    assert after(other, BACK__ARM="A").fact("total") == Decimal(150)


def test_drug_counts_while_the_arm_is_not_known() -> None:
    open_arm = after(treated(), BACK__ARM="")
    assert open_arm.fact("total") == Decimal(150)
    assert rules(open_arm, "DRUG", "C") == []


def test_a_form_whose_condition_reads_a_hidden_answer_does_not_apply_either() -> None:
    scanned = after(after(BACK__SEX="F", BACK__PREG="N"), SCAN__SIZE="12")
    assert scanned.evaluate("V1.SCAN.SIZE = 12") is True
    man = after(scanned, BACK__SEX="M")
    assert man.evaluate("V1.SCAN.SIZE is unknown") is True
    assert rules(man, "SCAN") == [("SIZE", "hidden.form", "query")]


@pytest.mark.parametrize(("wanted", "graded"), [("Y", True), ("N", False), ("", True)])
def test_a_result_that_does_not_apply_has_no_grade_and_is_no_baseline(wanted: str, graded: bool) -> None:
    blood = after(BLOOD__BDAT="2025-01-20", BLOOD__WANTED="Y", BLOOD__PLT="40")
    found = after(after(blood, BLOOD__WANTED=wanted), BACK__ARM="A", DRUG__DDAT_1="2025-02-01", DRUG__DOSE_1="100")
    grade = found.values.get(place("BLOOD", "PLT#grade"), BLANK)
    assert bool(grade.value) is graded
    assert (found.evaluate("baseline(BLOOD.PLT) = 40") is True) is graded
    sheet = open_sheet(found, FormKey("S", "V1", "1", "BLOOD"))
    assert bool(sheet.cell("PLT").grades) is graded


def test_following_a_change_gives_what_a_fresh_look_gives() -> None:
    """Every change of what decides: the followed subject holds what a new picture of its entries works out."""
    subject = treated()
    for change in ({"BACK__ARM": "B"}, {"BACK__SEX": "F"}, {"BACK__PREG": "Y"}, {"BACK__WEEK": "12"},
                   {"BACK__SEX": "M"}, {"BACK__ARM": "A"}, {"BACK__SEX": ""}, {"BACK__ARM": ""}):  # fmt: skip
        subject = after(subject, **change)
        fresh = Subject(subject.study, subject.id, subject.values, {}, RANGES, TODAY, "AN")
        assert subject.fact("total") == fresh.fact("total"), change
        assert subject.first_dose == fresh.first_dose, change
        for key in fresh.keys():
            there = open_sheet(fresh, key).derived()
            assert {at: value for at, value in there.items() if value != subject.values.get(at, BLANK)} == {}, change
