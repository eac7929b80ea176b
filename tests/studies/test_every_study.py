"""Walks over every shipped definition: whatever is written there must be able to happen."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from forms.authoring.load import check_study, read_study, study_ids
from forms.authoring.written import written_rules
from forms.expressions.expression import parse
from forms.expressions.nodes import Constant, parts_of
from forms.study.definition import Item
from forms.values.dates import PartialDate

TRIES = 20_000
DAYS = (
    PartialDate(1985, 3, 7),
    PartialDate(2015, 3, 7),
    *(PartialDate(2024, month, day) for month in (9, 10, 11) for day in (1, 2, 9, 14, 28)),
)
STUDIES = {name: read_study(name) for name in study_ids() if not check_study(name)}
"""Sound studies; that all are is asked in tests/forms/test_load_check.py."""


def constants(node):
    if isinstance(node, Constant):
        yield node.value
    for part in parts_of(node):
        yield from constants(part)


TERMS = ("Anemia", "Leukocytosis", "Alopecia", "Investigations - Other, specify", "no such term")
"""Terms with all grades and with few, one that demands words, and one that no edition has."""


GRADES = Item("grade", {}, "text")
"""Stands for the grades kept with a value."""


class AnyScope:
    """Answers every question with something the study allows there, chosen by a seeded die."""

    def __init__(self, study, form, die, numbers, words=()):
        self.study, self.form, self.die, self.numbers, self.words = study, form, die, numbers, words
        self.known = {}

    def remembered(self, question, item):
        if question not in self.known:
            self.known[question] = self.some(item)
        return self.known[question]

    def some(self, item):
        if self.die.random() < 0.1:
            return None
        if item.kind == "code":
            return self.die.choice([code.code for code in self.study.codelist_by_id[item.codelist].codes])
        if item.kind == "codes":
            codes = [code.code for code in self.study.codelist_by_id[item.codelist].codes]
            return tuple(self.die.sample(codes, self.die.randint(1, min(2, len(codes)))))
        if item.kind in ("number", "integer"):
            return self.die.choice(self.numbers)
        if item.kind == "datetime":
            return replace(self.die.choice(DAYS), hour=self.die.randrange(24), minute=0)
        if item.kind in ("date", "time"):
            return self.die.choice(DAYS)
        if getattr(item, "lookup", "") == "ctcae":
            return self.die.choice(TERMS)
        if item is GRADES:
            return self.die.choice(("Anemia=4", "Anemia=1", "Anemia=?3,4", "Anemia=-"))
        return "words"

    def item(self, form, item):
        return GRADES if item.endswith("#grade") else self.study.form_by_id[form].items[item]

    def here(self, item):
        return self.remembered(("", self.form, item), self.item(self.form, item))

    def other(self, event, number, form, item):
        return self.remembered((event, number, form, item), self.item(form, item))

    def previous(self, form, item):
        return self.remembered(("prev", form, item), self.item(form, item))

    def before(self, form, item):
        return self.remembered(("before", form, item), self.item(form, item))

    def baseline(self, form, item):
        return self.remembered(("baseline", form, item), self.item(form, item))

    def fact(self, name):
        return self.remembered(("$", name), self.study.fact_by_id[name])

    def setting(self, name):
        setting = self.study.setting_by_id[name]
        if setting.value in ("yes", "no"):
            return self.known.setdefault(("setting", name), self.die.choice(("yes", "no")))
        if setting.kind == "number":
            return Decimal(setting.value)
        return self.known.setdefault(("setting", name), self.die.choice((setting.value, "another", *self.words)))

    def name(self, word):
        if word not in self.known:
            answers = {
                "cycle": Decimal(self.die.randint(1, 6)),
                "today": self.die.choice(DAYS),
                "last_seen": self.die.choice(DAYS),
                "known_dead": self.die.choice((True, False)),
                "ctcae": self.study.ctcae,
            }
            self.known[word] = answers.get(word, Decimal(1) if word == "row_number" else "S01")
        return self.known[word]

    def instances(self, form, event):
        if ("rows", form, event) not in self.known:
            rows = [
                AnyScope(self.study, form, self.die, self.numbers, self.words) for _ in range(self.die.randint(0, 2))
            ]
            self.known["rows", form, event] = rows
        return self.known["rows", form, event]


def outcomes(study, rule, wanted):
    """Which of the wanted results an expression gives in some subject that the study allows."""
    expr = parse(rule.text)
    said = [value for value in constants(expr.node) if isinstance(value, Decimal)]
    for name in [read.name for read in expr.reads if read.kind == "setting"]:
        setting = study.setting_by_id[name]
        said += [Decimal(setting.value)] if setting.kind == "number" else []
    spread = [value * factor + step for value in said for factor in (1, 2) for step in (-1, 0, 1)]
    numbers = [*{*spread, Decimal(0), Decimal("0.5"), Decimal(1), Decimal(50), Decimal(100), Decimal(300)}]
    die = random.Random(rule.text)
    numbers.sort()
    words = [value for value in constants(expr.node) if isinstance(value, str)]
    found = set()
    for _ in range(TRIES):
        found.add(expr.evaluate(AnyScope(study, rule.form.id if rule.form else "", die, numbers, words)))
        if wanted <= found:
            break
    return found


def rules_named(*names):
    return [
        pytest.param(study, rule, id=f"{study.id}:{'.'.join(map(str, rule.path))}")
        for study in STUDIES.values()
        for rule in written_rules(study)
        if rule.path[-1] in names and rule.text.strip() not in ("", "true", "false")
    ]


@pytest.mark.parametrize(("study", "rule"), rules_named("holds"))
def test_every_check_can_hold_and_can_fail(study, rule):
    assert {True, False} <= outcomes(study, rule, {True, False})


@pytest.mark.parametrize(("study", "rule"), rules_named("show", "required", "expected", "when"))
def test_everything_conditional_can_be_there_and_can_be_absent(study, rule):
    found = outcomes(study, rule, {True, False})
    assert True in found
    assert found - {True}


@pytest.mark.parametrize(("study", "rule"), rules_named("derive", "value", "planned", "event", "censor", "origin"))
def test_everything_worked_out_can_be_known(study, rule):
    found = set()
    expr = parse(rule.text)
    die = random.Random(1)
    said = [value for value in constants(expr.node) if isinstance(value, Decimal)]
    numbers = sorted({*said, Decimal(1), Decimal(2), Decimal(30), Decimal(60), Decimal(170), Decimal(400)})
    for _ in range(TRIES):
        found.add(expr.evaluate(AnyScope(study, rule.form.id if rule.form else "", die, numbers)) is not None)
        if True in found:
            break
    assert True in found


@pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES)
def test_what_a_person_must_give_can_be_given(study):
    for form in study.forms:
        for item in form.items.values():
            assert item.derive or item.kind not in ("code", "codes") or study.codelist_by_id[item.codelist].codes


@pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES)
def test_settings_that_no_protocol_states_wait_for_confirmation(study):
    for setting in study.settings:
        assert setting.confirmed == (setting.source == "seed"), setting.id


@pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES)
def test_every_graded_analyte_has_adult_limits_for_both_sexes_or_needs_none(study):
    for form in study.forms:
        for item in form.items.values():
            for sex in ("M", "F") if item.grade and "LBNAM" in form.items else ():
                fitting = [r for r in study.ranges if r.analyte == item.analyte and r.sex in ("", sex)]
                assert fitting, (item.analyte, sex)
