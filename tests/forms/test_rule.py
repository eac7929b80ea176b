"""A rule of a study: parsed when it is first needed, and a fault rather than an error when it can't be."""

from __future__ import annotations

import inspect
import sys
from dataclasses import replace

import forms.expressions.rule
from forms.compiled.study import compiled
from forms.expressions.rule import ALWAYS, NEVER, UNKNOWN, parse_rule
from tests.forms.small_study import small_study


def test_a_study_is_made_ready_without_parsing_its_rules(monkeypatch):
    parsed = []
    parse = forms.expressions.rule.parse
    monkeypatch.setattr(forms.expressions.rule, "parse", lambda text: parsed.append(text) or parse(text))
    ready = compiled(replace(small_study(), version="untouched"))
    assert parsed == []
    derived = next(plan for form in ready.forms.values() for plan in form.derived)
    assert derived.derive is not None
    assert derived.derive.text in parsed
    assert len(parsed) == len(set(parsed)) or parsed.count(derived.derive.text) == 1


def test_a_rule_is_parsed_once():
    rule = parse_rule("1 + 1")
    assert rule.expr is rule.expr is not None
    assert rule.fault is None


def test_a_rule_that_cannot_be_parsed_is_a_fault_in_every_language():
    rule = parse_rule("1 +")
    assert rule.expr is None
    assert rule.fault is not None
    assert set(rule.fault) == {"en", "zh"}


def test_a_rule_first_needed_where_no_room_is_left_is_a_fault_and_not_a_crash():
    rule = parse_rule("((((((((((1 + 1))))))))))")

    def deeper(left):
        return rule.fault if left == 0 else deeper(left - 1)

    here = len(inspect.stack(0))
    fault = next(filter(None, (deeper(sys.getrecursionlimit() - here - room) for room in range(60, 10, -5))))
    assert set(fault) == {"en", "zh"}


def test_an_empty_text_stands_for_what_was_agreed():
    assert parse_rule("  ") is ALWAYS
    assert parse_rule("", blank=NEVER) is NEVER
    assert (UNKNOWN.expr, UNKNOWN.fault, UNKNOWN.constant) == (None, None, None)


def test_true_and_false_need_no_parsing():
    assert (parse_rule(" true ").constant, parse_rule("false").constant) == (True, False)
