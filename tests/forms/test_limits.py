"""``ITEM#uln``, ``#lln`` and ``#flag``: the limits of the laboratory that judged the value, three-valued."""

from dataclasses import replace
from decimal import Decimal

import pytest

from forms.authoring.meaning import check_meaning
from forms.authoring.yaml_source import Source
from forms.compiled.graph import graph_of, read_by
from forms.expressions.expression import parse
from forms.expressions.names import check_names
from forms.sheet.follow import follow
from forms.study.definition import Check, Item
from tests.forms.small_study import key, small_study, subject, typed, words

LB = key("SCR", "LB")


def ask(person, text, at=LB):
    return person.evaluate(text, at.event, at.event_no, at.form)


def person(**answers):
    sex = answers.pop("SEX", "F")
    man = typed(subject(), key("SCR", "DM"), BRTHDAT="1980-01-01", SEX=sex)
    return typed(man, LB, LBDAT="2025-01-10", **answers)


def test_limits_are_those_of_the_laboratory_sex_and_day():
    woman = person(LBNAM="HOSP", ALT="41", HGB="116")
    assert ask(woman, "ALT#uln") == 40
    assert ask(woman, "ALT#lln") == 7
    assert ask(woman, "LB.HGB#lln") == 115
    assert ask(person(SEX="M", LBNAM="HOSP", ALT="41"), "ALT#uln") == 50
    later = typed(person(SEX="M", LBNAM="HOSP", ALT="41"), LB, LBDAT="2025-02-02")
    assert ask(later, "ALT#uln") == 60


def test_without_a_value_a_day_or_a_range_limits_are_unknown():
    woman = person(LBNAM="HOSP", ALT="41")
    assert ask(woman, "HGB#uln") is None
    assert ask(typed(woman, LB, LBNAM="OTHER"), "ALT#uln") is None
    assert ask(typed(woman, LB, LBDAT=""), "ALT#flag") is None
    assert ask(typed(woman, LB, LBNAM="OTHER"), "ALT > ALT#uln") is None


@pytest.mark.parametrize(
    ("typed_in", "flag"),
    [("6", "LOW"), ("7", "NORMAL"), ("40", "NORMAL"), ("41", "HIGH"), ("<7", "LOW"), ("<8", None), ("<0.5", "LOW"),
     (">40", "HIGH"), (">30", None), (">=40", None)],
)  # fmt: skip
def test_the_flag_is_known_only_when_the_result_decides_it(typed_in, flag):
    assert ask(person(LBNAM="HOSP", ALT=typed_in), "ALT#flag") == flag


def test_limits_stand_in_the_first_unit_whatever_unit_was_reported():
    woman = person(LBNAM="HOSP")
    from forms.sheet.sheet import open_sheet

    sheet = open_sheet(woman, LB).enter("CREAT", "0.8", unit="mg/dL")
    place = LB.place("CREAT")
    woman, _ = follow(woman.with_values({place: sheet.value_to_store("CREAT", "1")}), [place])
    assert ask(woman, "CREAT#uln") == 73
    assert ask(woman, "CREAT#flag") == "NORMAL"
    assert ask(woman, "CREAT < CREAT#uln") is True


def test_earlier_and_baseline_values_are_judged_by_their_own_limits():
    woman = person(LBNAM="HOSP", ALT="39")
    woman = typed(woman, key("C_D1", "EX", "1"), EXDAT="2025-01-20", EXDOSE="100")
    day = key("C_D8", "LB", "1")
    woman = typed(woman, day, LBDAT="2025-01-28", LBNAM="OTHER", ALT="90")
    assert ask(woman, "ALT#uln", day) is None
    assert ask(woman, "before(LB.ALT#uln)", day) == 40
    assert ask(woman, "baseline(LB.ALT#flag)", day) == "NORMAL"
    assert ask(woman, "count(1 over LB where ALT#flag = 'NORMAL')") == 1


def test_what_reads_limits_is_worked_out_again_when_laboratory_day_or_sex_change():
    study = small_study()
    lb = study.form_by_id["LB"]
    times = Item("TIMES", words("x"), "number", decimals=2, derive="fold_uln(ALT, ALT#uln)")
    group = replace(lb.groups[0], items=(*lb.groups[0].items, times))
    forms = tuple(replace(form, groups=(group,)) if form.id == "LB" else form for form in study.forms)
    study = replace(study, forms=forms)
    man = typed(subject(study), key("SCR", "DM"), BRTHDAT="1980-01-01", SEX="M")
    man = typed(man, LB, LBDAT="2025-01-10", LBNAM="HOSP", ALT="100")
    assert man.value(LB.place("TIMES")).value == "2.00"
    assert typed(man, LB, LBNAM="OTHER").value(LB.place("TIMES")).value == ""
    assert typed(man, LB, LBDAT="2025-02-10").value(LB.place("TIMES")).value == "1.67"
    assert typed(man, key("SCR", "DM"), SEX="F").value(LB.place("TIMES")).value == "2.50"
    assert ("LB", "TIMES") in graph_of(study_ready(study)).reached(("LB", "LBNAM"))


def study_ready(study):
    from forms.compiled.study import compiled

    return compiled(study)


def test_the_read_set_names_what_chooses_the_range():
    ready = study_ready(small_study())
    read = read_by(ready, [(ready.rule("LB.ALT#flag = 'HIGH'"), "")])
    assert {("LB", "ALT"), ("LB", "LBNAM"), ("LB", "LBDAT"), ("DM", "SEX"), ("DM", "BRTHDAT")} <= read
    assert all("#" not in item for _, item in read)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("LBNAM#uln = 3", "LBNAM names no analyte"),
        ("PLT#upper = 3", "grade, lln, uln or flag"),
        ("PLTX#uln = 3", "no item “PLTX”; perhaps PLT"),
        ("LBDAT#grade = '1'", "not graded"),
    ],
)
def test_a_mark_that_an_item_can_not_have_is_told(text, words):
    (wrong,) = check_names(parse(text), small_study(), "LB", None)
    assert words in wrong.message["en"]


def test_a_flag_that_does_not_exist_is_told():
    study = small_study()
    lb = replace(study.form_by_id["LB"], checks=(Check("LB.high", "ALT#flag != 'H'", words("High")),))
    study = replace(study, forms=tuple(lb if form.id == "LB" else form for form in study.forms))
    source = Source()
    check_meaning(study, source)
    assert any('"H" is not a code of #flag: LOW, NORMAL, HIGH' in fault.text["en"] for fault in source.faults)


def test_a_check_by_limits_is_shown_at_the_item(tmp_path):
    study = small_study()
    lb = replace(study.form_by_id["LB"], checks=(Check("LB.high", "ALT#flag != 'HIGH'", words("High")),))
    study = replace(study, forms=tuple(lb if form.id == "LB" else form for form in study.forms))
    from forms.sheet.sheet import open_sheet

    woman = typed(subject(study), key("SCR", "DM"), BRTHDAT="1980-01-01", SEX="F")
    woman = typed(woman, LB, LBDAT="2025-01-10", LBNAM="HOSP", ALT="41")
    assert [f.rule for f in open_sheet(woman, LB).cell("ALT").findings if f.rule == "LB.high"] == ["LB.high"]
    assert Decimal(41) == ask(woman, "ALT")
