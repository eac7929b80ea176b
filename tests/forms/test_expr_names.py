import pytest

from forms.expressions.expression import parse
from forms.expressions.names import check_names
from forms.study.definition import Event, EventForm, Fact, Form, Item, ItemGroup, Setting, Study


def form(id_, *items, repeat=False):
    fields = tuple(Item(name, {"en": name}, "number", grade=name == "PLT") for name in items)
    return Form(id_, {"en": id_}, (ItemGroup(id_, {"en": id_}, fields, repeat=repeat),))


def event(id_, kind, *forms, cycles=1):
    return Event(id_, {"en": id_}, kind, tuple(EventForm(name) for name in forms), cycles=cycles)


STUDY = Study(
    id="s",
    version="1",
    title={"en": "S"},
    short_title={"en": "S"},
    registry="",
    ctcae="5.0",
    languages=("en",),
    events=(
        event("SCR", "visit", "DM", "VS"),
        event("C_D1", "cycle", "VS", "HEM", cycles=6),
        event("EOT", "visit", "VS"),
        event("LOG", "log", "AE"),
    ),
    forms=(form("DM", "SEX", "AGE"), form("VS", "WEIGHT"), form("HEM", "PLT"), form("AE", "AETERM", repeat=True)),
    codelists=(),
    roles=(),
    settings=(Setting("cycle_days", {"en": "Days"}, "21"),),
    facts=(Fact("first_dose", {"en": "First dose"}, "date", "unknown"),),
)


def told(text, form_id="VS", event_id=None):
    return [(fault.column, fault.message["en"]) for fault in check_names(parse(text), STUDY, form_id, event_id)]


@pytest.mark.parametrize(
    ("text", "form_id", "event_id"),
    [
        ("WEIGHT > 5 and DM.AGE > 18 and $first_dose is known", "VS", None),
        ("C_D1[2].VS.WEIGHT + setting('cycle_days') + cycle", None, None),
        ("prev(VS.WEIGHT) + before(VS.WEIGHT) + baseline(HEM.PLT)", None, None),
        ("PLT#grade is known and HEM.PLT#grade is known", "HEM", None),
        ("count(AETERM over AE in LOG where DM.SEX = outer(VS.WEIGHT))", None, "C_D1"),
        ("DM.AGE + AE.AETERM + VS.WEIGHT", None, "C_D1"),
        ("SCR.DM.AGE", None, "LOG"),
    ],
)
def test_names_that_exist_are_not_mentioned(text, form_id, event_id):
    assert told(text, form_id, event_id) == []


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("1 + WEIGTH", 5, "Form VS has no item “WEIGTH”; perhaps WEIGHT"),
        ("XYZ", 1, "Form VS has no item “XYZ”"),
        ("DM.AEG", 1, "perhaps AGE"),
        ("HEN.AGE", 1, "no form “HEN” in the study; perhaps HEM"),
        ("QQQQ.AGE", 1, "no form “QQQQ” in the study"),
        ("C_D2.VS.WEIGHT", 1, "no event “C_D2” in the study; perhaps C_D1"),
        ("C_D1.DM.AGE", 1, "Form DM does not belong to event C_D1"),
        ("C_D1[7].VS.WEIGHT", 1, "Event C_D1 has no cycle 7"),
        ("C_D1[0].VS.WEIGHT", 1, "Event C_D1 has no cycle 0"),
        ("SCR[1].VS.WEIGHT", 1, "Event SCR has no cycle 1"),
        ("$frist_dose is known", 1, "perhaps $first_dose"),
        ("$zzz is known", 1, "no fact $zzz"),
        ("setting('cycle_day')", 1, "perhaps 'cycle_days'"),
        ("setting('qqq')", 1, "no setting 'qqq'"),
        ("prev(VS.PLT)", 1, "Form VS has no item “PLT”"),
        ("WEIGHT#grade", 1, "WEIGHT#grade needs a grade"),
        ("sum(WEIGHT over AE)", 5, "Form AE has no item “WEIGHT”"),
        ("sum(AETERM over AF)", 1, "no form “AF” in the study"),
        ("sum(AETERM over AE in SCR)", 1, "Form AE does not belong to event SCR"),
    ],
)
def test_a_name_that_does_not_exist_is_told_with_its_column(text, column, words):
    faults = told(text)
    assert faults[0][0] == column
    assert words in faults[0][1]


def test_a_bare_item_without_a_form_has_no_meaning():
    assert told("WEIGHT > 5", form_id=None) == [
        (1, "“WEIGHT” stands alone, but there is no form here; write FORM.WEIGHT")
    ]


def test_a_form_that_an_event_lacks_must_lie_in_exactly_one_other_visit():
    assert "not in exactly one other visit" in told("VS.WEIGHT", None, "LOG")[0][1]
    assert "not in exactly one other visit" in told("HEM.PLT", None, "LOG")[0][1]
    assert told("DM.AGE", None, "LOG") == []


def test_every_name_at_fault_is_told_in_reading_order():
    assert [column for column, _ in told("XX + DM.YY + $zz + QQ.A")] == [1, 6, 14, 20]


def test_a_form_the_study_lacks_has_no_items():
    assert told("WEIGHT", form_id="NONE") == [(1, "Form NONE has no item “WEIGHT”")]
