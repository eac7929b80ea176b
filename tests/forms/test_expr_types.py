"""Kinds of values that can never go together are told when a study is checked; what can go together is not."""

from dataclasses import replace

import pytest

from forms.authoring.types import type_faults
from forms.authoring.written import Written
from forms.expressions.expression import parse
from forms.expressions.types import Types
from forms.subject.limits import FLAGS
from tests.forms.small_study import small_study

STUDY = small_study()


def told(text, form="LB", path=("x", 0, "value")):
    rule = Written(path, text, STUDY.form_by_id.get(form))
    return [wrong.message["en"] for wrong in type_faults(STUDY, Types(STUDY), rule, parse(text))]


@pytest.mark.parametrize(
    "text",
    [
        "PLT < 50 and LBNAM = 'HOSP' and LBDAT <= today",
        "if SCR.DM.SEX = 'F' then age_years(SCR.DM.BRTHDAT, LBDAT) else 3",
        "LBDAT - $first_dose < 3 and LBDAT + 7 > $first_dose",
        "count(1 over EX where EXDOSE > 0) = $doses",
        "any(AESTDAT <= outer(LBDAT) over AE where AESDTH = 'Y')",
        "coalesce($died, LBDAT, today) - LBDAT",
        "ctcae = '5.0' and cycle in (1, 2) and site = '01'",
        "PLT > PLT#uln or PLT#flag = 'HIGH' or before(LB.PLT#lln) > 100",
        "worst_grade(PLT#grade) >= 3",
        "min_of(PLT, HGB) < 3 and highest(LBDAT, $died) is known",
        "at_least(2, PLT < 50, SCR.DM.PREG)",
        "unknown = 3",
        "not known_dead and last_seen - LBDAT > 3",
        "setting('baseline_same_day') = 'no'",
    ],
)
def test_kinds_that_go_together_are_not_mentioned(text):
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("age_years(SCR.DM.BRTHDAT, VS.WEIGHT) > 18", "“on” of age_years takes a date; “VS.WEIGHT” is a number"),
        ("bsa_mosteller(LBDAT, 70) > 1", "takes a number; “LBDAT” is a date"),
        ("sqrt($sex) > 1", "a text or code"),
        ("LBDAT > 7", "“LBDAT” is a date and “7” is a number"),
        ("$died = 'Y'", "write date('2024-10-18') in place of 'Y'"),
        ("$died > '2025-01-01'", "write date('2024-10-18') in place of '2025-01-01'"),
        ("LBNAM < 3", "a text or code"),
        ("LBNAM = 3", "can't be compared"),
        ("PLT in (LBDAT, 3)", "“PLT” is a number and “LBDAT” is a date"),
        ("LBDAT + LBDAT", "“+” can't be worked out between a date and a date"),
        ("LBDAT * 2", "a date and a number"),
        ("PLT - LBNAM", "a number and a text or code"),
        ("sum(EXDAT over EX)", "sum needs numbers, not a date"),
        ("$first_dose and PLT < 50", "True or false is needed"),
        ("not $first_dose", "True or false is needed"),
        ("if $sex then 1 else 2", "True or false is needed"),
        ("count(1 over EX where $first_dose)", "True or false is needed"),
        ("any($sex over EX)", "True or false is needed"),
        ("PLT#uln = 'HIGH'", "“PLT#uln” is a number"),
        ("PLT#flag > 3", "“PLT#flag” is a text or code"),
        ("(PLT < 50) = 'Y'", "true or false"),
        ("sum(EXDOSE over EX where outer(LBDAT) > EXDOSE)", "“EXDOSE” is a number"),
    ],
)
def test_kinds_that_never_go_together_are_told(text, words):
    found = told(text)
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("$first_dose", ("analysis", "sets", 0, "holds"), "True or false is needed"),
        ("'Y'", ("events", 0, "expected"), "True or false is needed"),
        ("$sex", ("facts", 0, "value"), "This gives a text or code; a date is needed here"),
        ("if $doses > 1 then $died else $sex", ("facts", 0, "value"), "a date is needed here"),
        ("coalesce($died, 3)", ("facts", 3, "value"), "This gives a number; a date"),
        ("$died", ("facts", 4, "value"), "This gives a date; a number"),
        ("$died > today", ("facts", 4, "value"), "This gives true or false; a number"),
        ("$doses", ("events", 0, "planned"), "a date is needed"),
        ("$sex", ("analysis", "survivals", 0, "event"), "a date is needed"),
        ("$died", ("analysis", "responses", 0, "value"), "a text or code is needed"),
        ("$died", ("drugs", 0, "given"), "a number is needed"),
    ],
)
def test_what_an_expression_gives_is_what_is_needed_where_it_stands(text, path, words):
    found = told(text, "", path)
    assert len(found) == 1
    assert words in found[0]


def test_a_fact_whose_own_expression_is_a_condition_may_be_one():
    from forms.study.definition import Fact

    study = replace(STUDY, facts=(*STUDY.facts, Fact("begun", {"en": "b"}, "code", "$first_dose is known", "NY")))
    rule = Written(("analysis", "sets", 0, "holds"), "$begun")
    assert list(type_faults(study, Types(study), rule, parse("$begun"))) == []
    rule = Written(("analysis", "sets", 0, "holds"), "$begun = 'Y'")
    assert len(list(type_faults(study, Types(study), rule, parse("$begun = 'Y'")))) == 1


def test_what_is_not_known_yet_may_be_anything():
    """An unknown fact or list is a fault of its own, told elsewhere; its kind is not guessed at."""
    types = Types(STUDY)
    assert types.kinds(parse("$nowhere").node, "") >= {"number", "date", "word"}
    lost = replace(STUDY, codelists=())
    assert {"figure", "word"} <= Types(lost).kinds(parse("SCR.DM.SEX").node, "")


def test_a_day_written_out_is_a_date():
    assert told("LBDAT > date('2024-10-18')") == []
    assert told("date('2024-10-18') * 2") != []


def test_flags_are_the_three_words_of_the_guide():
    assert FLAGS == ("LOW", "NORMAL", "HIGH")
