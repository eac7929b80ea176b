"""Who may enter: each criterion by the investigator's answer and by the data, and what is said when they differ.

A criterion is satisfied (an inclusion that is met, an exclusion that is not), not satisfied, or not known, by the
answer on the form and by the expression ``holds``. Both stand beside each other; the answer is never changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

from forms.compiled.study import CompiledStudy
from forms.findings import Finding, Severity
from forms.place import SINGLE
from forms.study.definition import EligibilityRule, Form, Item
from forms.study.names import DECISION, NO, YES
from forms.subject.filled import Filled
from forms.subject.subject import Subject
from forms.texts import LANGUAGES, both, said, say
from forms.values.operators import truth


class JudgedCriterion(NamedTuple):
    """One criterion of one subject: satisfied or not by the answer and by the data; None is not known."""

    rule: EligibilityRule
    answered: bool | None
    by_data: bool | None

    @property
    def failed(self) -> bool:
        """Whether the answer or the data say that it is not satisfied."""
        return self.answered is False or self.by_data is False


def criteria_of(subject: Subject) -> tuple[JudgedCriterion, ...]:
    """Every criterion of the study for a subject, in the order of the definition."""
    return tuple(_criterion(subject, rule) for rule in subject.study.eligibility)


def _criterion(subject: Subject, rule: EligibilityRule) -> JudgedCriterion:
    by_data = truth(subject.evaluate(rule.holds)) if rule.holds else None
    return JudgedCriterion(rule, _satisfied(rule, subject.evaluate(rule.item)), by_data)


def _satisfied(rule: EligibilityRule, answer: object) -> bool | None:
    """Whether an answer says that the criterion is satisfied; Y satisfies an inclusion, N an exclusion."""
    if answer not in (YES, NO):
        return None
    return (answer == YES) is rule.inclusion


_KEYS = {(False, False): "unmet", (True, True): "for", (True, False): "against"}
"""Key of the text, by whether it was answered and what the data say; none where an unanswered criterion holds."""


def rules_at(ready: CompiledStudy, form: Form) -> dict[str, EligibilityRule]:
    """The criteria answered on a form by item. An item with checks of its own has those, and is left out."""
    cache = ready.cache("criteria")
    found = cache.get(form.id)
    if found is None:
        named = {rule.item.partition(".")[2]: rule for rule in ready.study.eligibility if _form_of(rule) == form.id}
        found = cache[form.id] = {
            name: rule for name, rule in named.items() if name in form.items and not form.items[name].checks
        }
    return cast("dict[str, EligibilityRule]", found)


def _form_of(rule: EligibilityRule) -> str:
    return rule.item.partition(".")[0]


def decision_at(ready: CompiledStudy, form: Form) -> Item | None:
    """The question whether the subject is eligible, when it stands on this form and has no checks of its own."""
    item = form.known.get(DECISION)
    asked = any(_form_of(rule) == form.id for rule in ready.study.eligibility)
    return item if item is not None and asked and not item.checks else None


def eligibility_findings(subject: Subject, filled: Filled) -> Iterator[Finding]:
    """Findings at the answers of a form, and at the decision."""
    ready, form = subject.compiled, filled.plan.form
    for name, rule in rules_at(ready, form).items():
        yield from _at_answer(subject, filled, name, rule)
    decision = decision_at(ready, form)
    if decision is not None and filled.value(SINGLE, decision.id).value == YES:
        yield from _at_decision(subject, filled, decision)


def _at_answer(subject: Subject, filled: Filled, name: str, rule: EligibilityRule) -> Iterator[Finding]:
    value = filled.value(SINGLE, name)
    by_data = _criterion(subject, rule).by_data
    if by_data is None or value.missing or value.unread:
        return
    answered = _satisfied(rule, value.value)
    if answered is by_data or (value.value and answered is None):
        return
    key = _KEYS.get((answered is not None, by_data))
    if key is None:
        return
    severity: Severity = "query" if key == "against" else "note"
    yield Finding(filled.place(SINGLE, name), f"eligibility.{rule.id}", both(f"forms.eligibility_{key}"), severity)


def _at_decision(subject: Subject, filled: Filled, decision: Item) -> Iterator[Finding]:
    """Eligible against an answer can't be completed; eligible against the data is asked about."""
    failed = [criterion for criterion in criteria_of(subject) if criterion.failed]
    answered = [criterion for criterion in failed if criterion.answered is False]
    chosen = answered or failed
    if not chosen:
        return
    key = "eligibility_answered" if answered else "eligibility_by_data"
    words = {
        language: say(
            language, f"forms.{key}", criteria="; ".join(said(criterion.rule.label, language) for criterion in chosen)
        )
        for language in LANGUAGES
    }
    place = filled.place(SINGLE, decision.id)
    yield Finding(place, "eligibility.decision", words, "block" if answered else "query")
