"""CTCAE grading of one measurement, with its working.

``grade(measurement, "5.0")`` says for every term that the measurement can speak of which grade it is, or which grades
a person must choose from and what would decide it, or why nothing can be said. Nothing is assumed in silence: every
assumption is a caveat, 0 means "judged and normal", a wrong unit never grades. All numbers are exact decimals in the
unit reported wherever the criterion is published in it, otherwise converted and shown.

Source of all criteria: NCI CTCAE v4.03, v5.0, v6.0 as data in `resources/ctcae/`; see `forms.grading.tables`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from forms.errors import Refusal
from forms.grading import tables
from forms.grading.decide import Decision, Values, decide
from forms.grading.frame import NOT_HIGH, Measurement
from forms.grading.inputs import Inputs, read_inputs
from forms.grading.result import Grade, Ruling
from forms.grading.scale import CONFIRMED
from forms.grading.tables import AGES, Criterion, Term

_DOUBTS = frozenset({"scale_value", "scale_limit", "scale_shared", "baseline_scale"})
"""Faults of a measurement whose numbers can't all be right, unless a person says that the report has them so."""

_BASELINE_FAULTS = frozenset({"baseline_unit", "baseline_scale"})
"""Notes on a baseline that leave nothing to judge by it."""


def grade(measurement: Measurement, version: str, term: str = "", diagnoses: bool = False) -> tuple[Grade, ...]:
    """Grade a measurement for every term that it can speak of (or for ``term``, a name or code, alone).

    Terms that presuppose a diagnosis (bilirubin speaks of sinusoidal obstruction only when that is diagnosed) are left
    out unless asked for by name or by ``diagnoses``: a laboratory slip does not propose them.
    Empty when the edition knows no numeric criterion for the measurement, nor any term that others judge by it.
    Raises `Refusal` for an edition that isn't shipped. Nothing else raises, whatever the input.
    """
    if version not in tables.VERSIONS:
        raise Refusal("grade.unknown_version", version=version, versions=", ".join(tables.VERSIONS))
    inputs = read_inputs(measurement, version)
    found: list[Grade] = []
    for plan in inputs.frame.plans:
        if term not in (plan.term.name, plan.term.code) if term else plan.diagnosis and not diagnoses:
            continue
        fault = inputs.fault or ("unit" if plan.unreached else "")
        if not fault and plan.reads_baseline:
            fault = next((note for note in inputs.notes if note in _BASELINE_FAULTS), "")
        if fault:
            found.append(_unjudged(inputs, plan, version, fault))
        elif "t" in inputs.values or inputs.analyte == "ANC + temperature" or not plan.reads_temperature:
            found.append(_judged(inputs, plan, version))
    if inputs.partner is not None and found:
        theirs = grade(inputs.partner, version, term, diagnoses)
        for shared in {id(one.inputs): one.inputs for one in theirs}.values():
            shared.notes += ("by_diastolic" if inputs.partner.analyte == "Diastolic BP" else "by_systolic",)
        found = _with_partner(found, theirs)
    if not found and inputs.analyte:
        for other in tables.terms_in_words(version, inputs.analyte):
            if not term or term in (other.name, other.code):
                found.append(_in_words(inputs, other, version))
    return tuple(found)


def _unjudged(inputs: Inputs, plan: Criterion, version: str, fault: str) -> Grade:
    asks = (CONFIRMED,) if fault in _DOUBTS else ()
    decision = Decision(None, (), fault, None, asks=asks)
    term = plan.term
    return Grade(term.name, term.code, version, plan.side, None, (), "", inputs, plan, decision)


def _in_words(inputs: Inputs, term: Term, version: str) -> Grade:
    decision = Decision(None, (), "in_words", None)
    return Grade(term.name, term.code, version, "", None, (), "", inputs, None, decision)


def _judged(inputs: Inputs, plan: Criterion, version: str) -> Grade:
    decision = _of_range(inputs, plan) if inputs.sign else _of_ages(inputs, plan, inputs.values)
    step = decision.step
    branch = step.branch if step is not None else ""
    term = plan.term
    return Grade(
        term.name, term.code, version, plan.side, decision.grade, decision.candidates, branch, inputs, plan, decision
    )


def _of_ages(inputs: Inputs, plan: Criterion, values: Values) -> Decision:
    """The decision for the person's age; for an unknown age the one that all ages agree on."""
    words = inputs.words
    if inputs.frame.ages or not plan.words & AGES:
        decision = decide(plan, values, words, inputs.frame.facts, inputs.frame.is_baseline)
        return _unless_low(inputs, plan, values, decision) if NOT_HIGH in words else decision
    if plan.words & AGES == {"adult"}:
        return decide(plan, values, words | {"adult"}, inputs.frame.facts, inputs.frame.is_baseline)
    results = [
        decide(plan, values, words | set(ages), inputs.frame.facts, inputs.frame.is_baseline)
        for ages in (("adult",), ("child", "pediatric"), ("infant", "pediatric"))
    ]
    first = results[0]
    if all(result.grade == first.grade and result.why == first.why for result in results):
        return first
    candidates = {g for result in results for g in ((result.grade,) if result.grade is not None else result.candidates)}
    return Decision(None, tuple(sorted(candidates)), "age_unknown", None, asks=("age",))


def _unless_low(inputs: Inputs, plan: Criterion, values: Values, decision: Decision) -> Decision:
    """The decision for a baseline that may be low: as for a normal one unless a low one would make a difference."""
    if "bl_low" not in plan.words:
        return decision
    other = decide(plan, values, inputs.words | {"bl_low"}, inputs.frame.facts, inputs.frame.is_baseline)
    if (other.grade, other.candidates) == (decision.grade, decision.candidates):
        return decision
    return Decision(None, (), "missing", None, ("BLLLN",), at_least=decision.grade or 0)


def _of_range(inputs: Inputs, plan: Criterion) -> Decision:
    """The decision for a result like ``<5``: the one that every value it may stand for agrees on."""
    results = [_of_ages(inputs, plan, {**inputs.values, "x": point}) for point in inputs.points_for(plan)]
    first = results[0]
    if all(result.grade == first.grade and result.candidates == first.candidates for result in results):
        return first
    for result in results:
        if result.grade is None and not result.candidates:
            return result
    candidates = {g for result in results for g in ((result.grade,) if result.grade is not None else result.candidates)}
    return Decision(None, tuple(sorted(candidates)), "qualifier", None)


def _with_partner(mine: Iterable[Grade], theirs: Iterable[Grade]) -> list[Grade]:
    """For a term judged by two measurements, the worse of both."""
    by_term = {other.code: other for other in theirs}
    return [_worse(own, by_term[own.code]) if own.code in by_term else own for own in mine]


def _worse(one: Grade, other: Grade) -> Grade:
    if one.grade is not None and other.grade is not None:
        return other if other.grade > one.grade else one
    decided, open_one = (one, other) if other.grade is None else (other, one)
    if decided.grade is not None and open_one.candidates and decided.grade >= max(open_one.candidates):
        return decided
    return open_one


def confirm(result: Grade, final: int, who: str, why: str = "") -> Grade:
    """The same grade with a person's ruling. Raises `Refusal` for a grade the term doesn't have or a missing reason.

    Choosing among the candidates needs no reason; overriding a decided grade does. Grade 0 is always open ("not an
    event"); grade 5 only where the term has one.
    """
    term = tables.edition(result.version).by_code[result.code]
    if final and final not in term.grades:
        raise Refusal("grade.term_lacks_grade", term=term.name, grade=final)
    differs = final not in result.candidates if result.grade is None and result.candidates else final != result.grade
    if differs and not why.strip():
        raise Refusal("grade.override_needs_reason", term=term.name)
    return replace(result, ruling=Ruling(who, final, why.strip()))


def term_label(version: str, term: str, language: str) -> str:
    """A term's name in a language; English where no Chinese name is known."""
    found = tables.edition(version).by_name.get(term) or tables.edition(version).by_code.get(term)
    if found is None:
        return term
    return found.zh or found.name if language == "zh" else found.name
