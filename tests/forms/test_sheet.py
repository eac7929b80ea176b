from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.compiled.study import compiled
from forms.course.schedule import schedule
from forms.errors import Refusal
from forms.expressions.rule import Rule
from forms.findings import Finding
from forms.grading.result import worst
from forms.place import FormKey
from forms.sheet.follow import follow, recompute
from forms.sheet.sheet import Answer, Sheet, open_sheet
from forms.study.definition import Check, Form, Item, Study
from forms.subject.cut import cut_at
from forms.subject.states import FormState
from forms.subject.subject import Subject
from forms.value import Value
from forms.values.kinds import legible
from tests.forms.small_study import TODAY, D, item, key, small_study, subject, typed, words

LB = key("SCR", "LB")
VS = key("C_D1", "VS")
AE = key("LOG", "AE")


def rules_of(sheet: Sheet, name: str, row: str = "1") -> list[str]:
    return [finding.rule for finding in sheet.cell(name, row).findings]


def changed_form(name: str, *more: Item, checks: tuple[Check, ...] = ()) -> Study:
    """The small study with items added to the first group of a form."""
    study = small_study()
    forms = []
    for form in study.forms:
        if form.id == name:
            groups = (replace(form.groups[0], items=(*form.groups[0].items, *more)), *form.groups[1:])
            form = Form(**{**vars_of(form), "groups": groups, "checks": (*form.checks, *checks)})
        forms.append(form)
    return replace(study, forms=tuple(forms))


def vars_of(form: Form) -> dict[str, object]:
    return {name: getattr(form, name) for name in form.__dataclass_fields__}


def test_entering_gives_a_new_sheet_and_leaves_the_old_one_alone() -> None:
    before = open_sheet(subject(), VS)
    after = before.enter("WEIGHT", "65")
    assert before.cell("WEIGHT").value.blank
    assert after.cell("WEIGHT").value.value == "65"
    assert after.cell("WEIGHT").value.unit == "kg"


def test_a_derived_item_follows_at_once_and_is_rounded_as_the_item_says() -> None:
    sheet = open_sheet(subject(), VS).enter("HEIGHT", "170").enter("WEIGHT", "65")
    assert sheet.cell("BSA").value.value == "1.7520"
    assert sheet.cell("BSA").value.unit == "m2"
    assert sheet.derived()[VS.place("BSA")].value == "1.7520"


def test_a_derived_item_is_blank_again_when_what_it_needs_is_gone() -> None:
    sheet = open_sheet(subject(), VS).enter("HEIGHT", "170").enter("WEIGHT", "65").enter("HEIGHT", "")
    assert sheet.cell("BSA").value.blank


def test_derived_items_are_worked_out_in_the_order_they_need_each_other() -> None:
    study = changed_form("VS", item("C", "number", derive="B + 1"), item("B", "number", derive="WEIGHT * 2"))
    sheet = open_sheet(subject(study), VS).enter("WEIGHT", "10")
    assert sheet.cell("C").value.value == "21"


def test_nothing_derived_is_to_be_stored_on_a_form_that_nobody_began() -> None:
    study = changed_form("VS", item("ONE", "number", derive="1"))
    sheet = open_sheet(subject(study), VS)
    assert sheet.cell("ONE").value.value == "1"
    assert all(value.blank for value in sheet.derived().values())


def test_a_computed_item_can_not_be_typed() -> None:
    with pytest.raises(Refusal, match="BSA"):
        open_sheet(subject(), VS).enter("BSA", "1.7")


def test_an_item_or_form_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refusal, match="NOPE"):
        open_sheet(subject(), VS).enter("NOPE", "1")
    with pytest.raises(Refusal, match="NOPE"):
        open_sheet(subject(), key("SCR", "NOPE"))


def test_text_that_can_not_be_read_is_kept_and_blocks() -> None:
    sheet = open_sheet(subject(), VS).enter("WEIGHT", "about 65")
    assert sheet.value_to_store("WEIGHT").text == "about 65"
    assert rules_of(sheet, "WEIGHT") == ["kind.unread"]
    assert "kind.unread" in [finding.rule for finding in sheet.complete_blockers()]


def test_a_missing_code_answers_a_required_item() -> None:
    sheet = open_sheet(subject(), VS).enter("WEIGHT", "", missing="ND")
    assert sheet.cell("WEIGHT").value.missing == "ND"
    assert sheet.complete_blockers() == ()


def test_a_required_item_left_empty_blocks_completing_but_does_not_nag() -> None:
    sheet = open_sheet(subject(), VS)
    assert sheet.findings == ()
    assert [(finding.place.item, finding.rule, finding.severity) for finding in sheet.complete_blockers()] == [
        ("WEIGHT", "required", "block")
    ]


def test_a_missing_code_the_item_does_not_allow_blocks() -> None:
    study = changed_form("VS", item("PAIN", "integer", missing=("ND",)))
    sheet = open_sheet(subject(study), VS).enter("PAIN", "", missing="UNK")
    assert rules_of(sheet, "PAIN") == ["kind.missing_code"]


def test_a_field_shows_only_when_its_condition_holds_for_certain() -> None:
    at = key("SCR", "DM")
    sheet = open_sheet(subject(), at)
    assert sheet.cell("PREG").hidden
    assert sheet.enter("SEX", "F").cell("PREG").hidden is False
    assert sheet.enter("SEX", "M").cell("PREG").hidden


def test_a_hidden_field_is_not_required() -> None:
    sheet = open_sheet(subject(), key("SCR", "DM")).enter("SEX", "M").enter("BRTHDAT", "1980-05-06")
    assert sheet.complete_blockers() == ()
    assert [f.place.item for f in sheet.enter("SEX", "F").complete_blockers()] == ["PREG"]


def test_a_value_under_a_field_hidden_later_is_kept_and_told() -> None:
    sheet = open_sheet(subject(), key("SCR", "DM")).enter("SEX", "F").enter("PREG", "N").enter("SEX", "M")
    assert sheet.cell("PREG").value.value == "N"
    assert [(finding.rule, finding.severity) for finding in sheet.cell("PREG").findings] == [("hidden.kept", "query")]


def test_rows_are_evaluated_each_for_itself() -> None:
    sheet = open_sheet(subject(), AE).enter("AEYN", "Y")
    sheet = sheet.enter("AESER", "Y", row="k1").enter("AESER", "N", row="k2")
    assert sheet.rows("ROWS") == ("k1", "k2")
    assert (sheet.cell("AESDTH", "k1").hidden, sheet.cell("AESDTH", "k2").hidden) == (False, True)


def test_a_row_not_begun_has_cells_too() -> None:
    sheet = open_sheet(subject(), AE).enter("AEYN", "Y")
    cell = sheet.cell("AETERM", "new")
    assert (cell.hidden, cell.required, cell.value.blank) == (False, True, True)
    assert sheet.rows("ROWS") == ()


def test_a_group_hidden_hides_its_rows() -> None:
    sheet = open_sheet(subject(), AE).enter("AEYN", "N").enter("AETERM", "fever", row="k1")
    assert sheet.cell("AETERM", "k1").hidden
    assert rules_of(sheet, "AETERM", "k1") == ["hidden.kept"]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-10-08", "2024-10-07", ["AE.order"]),
        ("2024-10-08", "2024-10-08", []),
        ("2024-10", "2024-10-07", []),
        ("2024-10", "2024-09", ["AE.order"]),
        ("2024-10-08", "", []),
    ],
)
def test_a_form_check_over_rows_speaks_at_the_row_and_only_when_certain(
    start: str, end: str, expected: list[str]
) -> None:
    sheet = (
        open_sheet(subject(), AE).enter("AEYN", "Y").enter("AESTDAT", start, row="k1").enter("AEENDAT", end, row="k1")
    )
    assert [f.rule for f in sheet.findings if f.place.row == "k1"] == expected


def test_the_same_answer_in_another_form_is_seen_by_a_check() -> None:
    person = typed(subject(), key("SCR", "SV"), SVDAT="2024-10-10")
    sheet = open_sheet(person, LB).enter("LBDAT", "2024-10-01")
    assert rules_of(sheet, "LBDAT") == ["LB.order"]
    assert rules_of(sheet.enter("LBDAT", "2024-10-08"), "LBDAT") == []


def test_a_grade_appears_with_its_limits_and_flag() -> None:
    person = typed(subject(), key("SCR", "DM"), SEX="M")
    sheet = open_sheet(person, LB).enter("LBDAT", "2024-10-08").enter("LBNAM", "HOSP").enter("PLT", "60")
    cell = sheet.cell("PLT")
    assert [(grade.term, grade.grade) for grade in cell.grades] == [("Platelet count decreased", 2)]
    assert cell.flag == "L"
    assert cell.range is not None
    assert (cell.range.low, cell.range.high) == (125, 350)
    assert worst(sheet.derived()[LB.place("PLT").grade_place].value) == 2


def test_limits_and_flag_stand_in_the_unit_of_the_value() -> None:
    person = typed(subject(), key("SCR", "DM"), SEX="M")
    sheet = open_sheet(person, LB).enter("LBDAT", "2024-10-08").enter("LBNAM", "HOSP").enter("HGB", "9.2", unit="g/dL")
    cell = sheet.cell("HGB")
    assert cell.range is not None
    assert (cell.range.low, cell.range.unit, cell.flag) == (13, "g/dL", "L")
    assert rules_of(sheet, "HGB") == []


def test_without_the_laboratory_there_are_no_limits() -> None:
    sheet = open_sheet(subject(), LB).enter("LBDAT", "2024-10-08").enter("PLT", "124")
    assert sheet.cell("PLT").range is None
    assert sheet.cell("PLT").flag == ""
    assert sheet.cell("PLT").grades[0].grade is None


def test_the_unit_in_use_stays_until_another_is_named() -> None:
    sheet = open_sheet(subject(), LB).enter("HGB", "9.2", unit="g/dL").enter("HGB", "9.4")
    assert sheet.value_to_store("HGB").unit == "g/dL"
    assert sheet.enter("HGB", "94", unit="g/L").value_to_store("HGB").unit == "g/L"


def test_the_previous_value_is_the_last_earlier_one_of_another_event() -> None:
    person = typed(subject(), LB, LBDAT="2024-10-01", PLT="100")
    person = typed(person, key("C_D1", "LB"), LBDAT="2024-10-08", PLT="60")
    previous = open_sheet(person, key("C_D8", "LB")).enter("LBDAT", "2024-10-15").cell("PLT").previous
    assert previous is not None
    assert (previous[0].value, previous[1]) == ("60", date(2024, 10, 8))
    assert open_sheet(person, LB).cell("PLT").previous is None


def test_a_rule_at_fault_becomes_a_finding_and_never_an_error() -> None:
    study = changed_form(
        "VS",
        item("BAD", "number", derive="WEIGHT +"),
        item("ODD", "number", derive="'a word'"),
        item("LOST", "number", show="(((", required="and"),
        checks=(Check("VS.bad", "WEIGHT >", words("never")),),
    )
    sheet = open_sheet(subject(study), VS).enter("WEIGHT", "65")
    assert sheet.cell("BAD").value.blank
    assert rules_of(sheet, "BAD") == ["derive.failed"]
    assert rules_of(sheet, "ODD") == ["derive.failed"]
    assert rules_of(sheet, "LOST") == ["derive.failed", "derive.failed"]
    assert rules_of(sheet, "WEIGHT") == []
    assert sheet.cell("LOST").hidden is False
    assert all(set(finding.text) >= {"en", "zh"} for finding in sheet.findings)


def test_two_items_that_need_each_other_stay_unknown_without_an_error() -> None:
    study = changed_form("VS", item("A", "number", derive="B + 1"), item("B", "number", derive="A + 1"))
    sheet = open_sheet(subject(study), VS).enter("WEIGHT", "65")
    assert (sheet.cell("A").value.blank, sheet.cell("B").value.blank) == (True, True)


@pytest.mark.parametrize(("typed_text", "derived"), [("<10", ">50"), ("10", "50"), ("", ""), (">=10", "<=50")])
def test_a_result_beyond_the_assay_stays_beyond_it_in_what_follows(typed_text: str, derived: str) -> None:
    study = changed_form("LB", item("GAP", "number", derive="60 - PLT"))
    sheet = open_sheet(subject(study), LB).enter("PLT", typed_text)
    assert sheet.cell("GAP").value.value == derived


def test_several_answers_at_once_are_the_same_as_one_by_one() -> None:
    entries = [Answer("LBDAT", "2024-10-08"), Answer("LBNAM", "HOSP"), Answer("PLT", "60"), Answer("HGB", "x")]
    together = open_sheet(subject(), LB).enter_all(entries)
    alone = open_sheet(subject(), LB)
    for entry in entries:
        alone = alone.enter(entry.item, entry.text)
    assert together.cells() == alone.cells()
    assert together.findings == alone.findings


def test_every_text_of_the_built_in_findings_exists_in_both_languages() -> None:
    study = changed_form("VS", item("WHEN", "time"), item("D", "date", partial=True), item("I", "integer"))
    sheet = open_sheet(subject(study), VS)
    for name in ("WHEN", "D", "I", "HEIGHT"):
        sheet = sheet.enter(name, "???")
    assert len(sheet.findings) == 4
    assert all(f.text["en"] != f.text["zh"] and "forms." not in f.text["en"] for f in sheet.findings)


TEXTS = st.sampled_from(
    ["", "60", "9.2", "<5", "2024-10-08", "2024-10", "HOSP", "Y", "N", "M", "F", "nonsense", "ND", "1e9", "-3", "0"]
)
SPOTS: list[tuple[FormKey, str, str]] = [
    *((LB, name, "1") for name in ("LBDAT", "LBNAM", "PLT", "HGB", "CREAT")),
    *((key("C_D1", "LB"), name, "1") for name in ("LBDAT", "LBNAM", "PLT", "HGB")),
    *((at, name, "1") for at in (VS, key("C_D1", "VS", "2")) for name in ("HEIGHT", "WEIGHT")),
    *((key("SCR", "DM"), name, "1") for name in ("BRTHDAT", "SEX", "PREG")),
    *((AE, name, "k1") for name in ("AETERM", "AESTDAT", "AEENDAT", "AESER")),
    (AE, "AEYN", "1"),
    *((key("C_D1", "EX"), name, row) for name in ("EXDAT", "EXDOSE") for row in ("a", "b")),
]


@given(st.lists(st.tuples(st.sampled_from(SPOTS), TEXTS), max_size=25))
@settings(max_examples=100, deadline=None)
def test_a_sheet_built_from_what_was_stored_is_the_sheet_after_typing(
    keys: list[tuple[tuple[FormKey, str, str], str]],
) -> None:
    person = subject()
    for (at, name, row), text in keys:
        sheet = open_sheet(person, at).enter(name, text, row=row)
        place = at.place(name, row)
        person, _ = follow(person.with_values({place: sheet.value_to_store(name, row)}), [place])
        for computed, value in sheet.derived().items():
            assert person.values.get(computed, value) == value
        stored = {place: value for place, value in person.values.items() if not value.blank}
        rebuilt = open_sheet(Subject(person.study, person.id, stored, {}, person.ranges, person.today, "01"), at)
        settled = open_sheet(person, at)
        for other in (rebuilt, settled):
            assert _painted(other) == _painted(sheet)


def _painted(sheet: Sheet) -> tuple[object, tuple[Finding, ...], object]:
    """What a page shows, rows named and not in order: a row emptied and filled again keeps its old place on screen.

    Last values of computed items stand on other forms; they are up to date once the change was followed there.
    """
    cells = {(cell.item.id, cell.row): replace(cell, previous=None) if cell.derived else cell for cell in sheet.cells()}
    return (
        cells,
        tuple(sorted(sheet.findings, key=lambda f: (f.place, f.rule))),
        {p: v for p, v in sheet.derived().items() if not v.blank},
    )


@given(st.sampled_from(SPOTS), st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_whatever_is_typed_is_kept_as_typed_but_for_control_characters(
    spot: tuple[FormKey, str, str], text: str
) -> None:
    at, name, row = spot
    value = open_sheet(subject(), at).enter(name, text, row=row).value_to_store(name, row)
    kept = legible(text)
    assert value.text == (kept if kept.strip() else "")


def test_numbers_are_exact() -> None:
    study = changed_form("VS", item("SUM", "number", derive="0.1 + 0.2"))
    assert D(open_sheet(subject(study), VS).cell("SUM").value.value) == D("0.3")


GARBAGE = st.builds(
    Value,
    text=st.text(max_size=8),
    value=st.sampled_from(["", "abc", "1", "<1", "2024-13-40", "2024", "M;F", "NaN", "-0", "9" * 50]),
    unit=st.sampled_from(["", "kg", "g/dL", "???"]),
    missing=st.sampled_from(["", "ND", "XX"]),
)


@given(st.dictionaries(st.sampled_from(SPOTS), GARBAGE, max_size=20))
@settings(max_examples=150, deadline=None)
def test_nothing_stored_can_make_a_sheet_fail(stored: dict[tuple[FormKey, str, str], Value]) -> None:
    values = {at.place(name, row): value for (at, name, row), value in stored.items()}
    values[key("C_D1", "LB", "x").place("PLT")] = Value("5", "5", "10^9/L")
    values[FormKey("01-001", "GONE", "1", "GONE").place("X")] = Value("5", "5")
    values[FormKey("01-001", "GONE", "1", "LB").place("PLT")] = Value("5", "5", "10^9/L")
    person = Subject(small_study(), "01-001", values, {}, small_study().ranges, TODAY, "01")
    for at in person.keys():
        assert len(open_sheet(person, at).cells()) > 0
    again, _ = follow(person, values)
    assert recompute(again)[1] == {}
    assert schedule(again)
    cut_at(again, date(2024, 10, 8)).keys()


def test_a_value_that_no_longer_fits_its_kind_is_unread() -> None:
    person = subject().with_values({VS.place("WEIGHT"): Value("heavy", "heavy", "kg")})
    assert rules_of(open_sheet(person, VS), "WEIGHT") == ["kind.unread"]


def test_completing_a_form_without_answers_starts_it() -> None:
    assert subject().keys() == ()
    assert replace(subject(), states={VS: FormState("complete")}).keys() == (VS,)


class Broken:
    """A rule whose function fails while it runs."""

    reads: frozenset[object] = frozenset()

    def evaluate(self, scope: object) -> object:
        raise ZeroDivisionError


def test_a_rule_that_fails_while_it_runs_is_a_finding_and_not_an_error() -> None:
    study = changed_form("VS", item("X", "number", derive="WEIGHT * 2", show="HEIGHT > 0", required="true"))
    plan = compiled(study).forms["VS"]
    broken = Rule("WEIGHT / 0", expr=Broken())  # type: ignore[arg-type]
    failing = replace(plan.items["X"], derive=broken, show=broken)
    object.__setattr__(plan, "items", {**plan.items, "X": failing})
    object.__setattr__(plan, "derived", tuple(failing if p.id == "X" else p for p in plan.derived))
    plan.__dict__.pop("group_items", None)
    sheet = open_sheet(subject(study), VS).enter("WEIGHT", "65")
    assert rules_of(sheet, "X") == ["derive.failed"]
    assert sheet.cell("X").hidden


def test_a_rule_that_needs_its_own_result_is_told() -> None:
    study = changed_form("VS", item("A", "number", derive="coalesce(B, 0) + 1"), item("B", "number", derive="VS.A + 1"))
    sheet = open_sheet(subject(study), VS).enter("WEIGHT", "65")
    assert (rules_of(sheet, "A"), rules_of(sheet, "B")) == (["derive.failed"], ["derive.failed"])
    assert sheet.cell("A").value.blank


def test_an_edition_of_the_criteria_that_is_not_shipped_grades_nothing() -> None:
    study = replace(small_study(), ctcae="2.0")
    sheet = open_sheet(subject(study), LB).enter("PLT", "5")
    assert sheet.cell("PLT").grades == ()
    assert sheet.derived()[LB.place("PLT").grade_place].blank


def test_a_form_without_items_has_nothing_to_say() -> None:
    study = replace(small_study(), forms=(Form("VS", words("VS"), (), checks=(Check("never", "1 = 2", words("x")),)),))
    sheet = open_sheet(subject(study), VS)
    assert (sheet.cells(), sheet.findings, sheet.complete_blockers()) == ((), (), ())
