"""Values that follow from others at one spot: a derived item's result, a measurement's grade.

Both give what should be stored there; whether it is a change is for the caller to see. Derivation runs in the item's
own row, grading with the limits valid on the day of the sample at the laboratory named on the form, and with the last
value before first dose as baseline. A sample taken on or before the day of the baseline is judged by limits alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from forms.compiled.graph import BASELINE
from forms.compiled.study import CompiledStudy, ItemPlan
from forms.errors import Refusal
from forms.expressions.rule import FAULTS
from forms.grading.frame import Measurement
from forms.grading.grade import grade
from forms.grading.result import Grade, stored
from forms.place import SINGLE, FormKey
from forms.study.definition import LabRange, Text
from forms.study.names import BIRTH, SEX
from forms.subject.beside import Beside, beside
from forms.subject.filled import Filled
from forms.subject.limits import lab_of
from forms.subject.memo import Dated
from forms.subject.ranges import completed_years, range_for
from forms.subject.subject import InstanceScope, Subject
from forms.texts import both
from forms.value import BLANK, Value
from forms.values.kinds import canonical
from forms.values.units import analyte_of


def scope_at(subject: Subject, key: FormKey, row: str = SINGLE, group: str = "") -> InstanceScope:
    """The scope of a row of a form (or of the form itself)."""
    return InstanceScope(subject, key.event, key.event_no, key.form, key.form_no, row, group)


def derive_value(plan: ItemPlan, scope: InstanceScope) -> tuple[Value, Text | None]:
    """The result of a derived item, blank when unknown, and words for a definition at fault (None when it is not)."""
    rule = plan.derive
    if rule is None or rule.fault is not None:
        return BLANK, rule.fault if rule is not None else None
    try:
        result = rule.expr.evaluate(scope) if rule.expr is not None else rule.constant
    except FAULTS:
        return BLANK, both("forms.derive_failed_run", rule=rule.text)
    if result is None:
        return BLANK, None
    text = canonical(plan.item, result)
    if not text:
        return BLANK, both("forms.derive_failed_kind", rule=rule.text)
    return Value(text=text, value=text, unit=plan.item.units[0] if plan.item.units else ""), None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The last value of an analyte before first dose, with the limits it was judged by."""

    value: Value
    on: date
    range: LabRange | None


@dataclass(frozen=True, slots=True)
class Sample:
    """Day, laboratory, sex and age, which all measurements of one form row share."""

    on: date | None
    lab: str
    sex: str
    age: int | None


def sample_of(subject: Subject, filled: Filled, row: str, group: str) -> Sample:
    """Day, laboratory, sex and age by which the measurements of a form or row are judged."""
    on = subject.day_of(filled.key, row, group)
    sex = subject.fact(SEX)
    return Sample(on, lab_of(filled, row), str(sex or ""), completed_years(subject.fact(BIRTH), on) if on else None)


def baseline_of(subject: Subject, analyte: str) -> Baseline | None:
    """The baseline of an analyte from whatever form it was measured on, None when there is none yet."""
    return cast("Baseline | None", subject.remembered((BASELINE, analyte), lambda: _find_baseline(subject, analyte)))


def _find_baseline(subject: Subject, analyte: str) -> Baseline | None:
    best: tuple[Dated, str] | None = None
    for plan in measured(subject.compiled).get(analyte, ()):
        found = subject.last_before_first_dose(subject.timeline(plan.form, plan.id))
        if found is not None and (best is None or found[0] > best[0][0]):
            best = (found, plan.id)
    if best is None:
        return None
    (on, _, key, row), item = best
    filled = subject.filled(key)
    value = filled.value(row, item)
    return Baseline(value, on, range_for(subject, analyte, lab_of(filled, row), on, value.unit))


def measured(ready: CompiledStudy) -> dict[str, tuple[ItemPlan, ...]]:
    """Items of each analyte over all forms."""
    cache = ready.cache("measured")
    found = cache.get("all")
    if found is None:
        plans = [plan for form in ready.forms.values() for plan in form.items.values() if plan.item.analyte]
        analytes = dict.fromkeys(plan.item.analyte for plan in plans)
        found = {name: tuple(plan for plan in plans if plan.item.analyte == name) for name in analytes}
        cache["all"] = found
    return cast("dict[str, tuple[ItemPlan, ...]]", found)


def before_treatment(subject: Subject, on: date | None) -> bool:
    """Whether a result of that day can be a baseline: it is taken before first dose, or none was given so far."""
    if on is None:
        return False
    dose = subject.first_dose
    return dose is None or on < dose or (on == dose and subject.same_day_counts)


@dataclass(frozen=True, slots=True)
class _Question:
    """Everything the grades of a measurement depend on, and nothing else."""

    analyte: str
    value: str
    unit: str
    low: Decimal | None
    high: Decimal | None
    sex: str
    age: int | None
    early: bool
    base: str = ""
    base_unit: str = ""
    base_low: Decimal | None = None
    base_high: Decimal | None = None
    base_on: date | None = None
    beside: Beside = ()


def grade_value(
    subject: Subject, plan: ItemPlan, filled: Filled, row: str, sample: Sample
) -> tuple[Value, tuple[Grade, ...]]:
    """The grades of the measurement in a row and the text kept of them; blank for nothing measured."""
    value = filled.value(row, plan.id)
    if not value.value or value.missing:
        return BLANK, ()
    question = _question(subject, plan.item.analyte, value, sample, beside(subject, plan, filled, row, sample.on))
    cache = subject.compiled.cache("grades")
    found = cache.get(question)
    if found is None:
        found = cache[question] = _grade(question, subject.study.ctcae)
    return cast("tuple[Value, tuple[Grade, ...]]", found)


def _question(subject: Subject, analyte: str, value: Value, sample: Sample, second: Beside) -> _Question:
    limits = range_for(subject, analyte, sample.lab, sample.on, value.unit)
    low, high = (limits.low, limits.high) if limits is not None else (None, None)
    early = before_treatment(subject, sample.on)
    base = None if early or sample.on is None else baseline_of(subject, analyte)
    if base is None:
        return _Question(analyte, value.value, value.unit, low, high, sample.sex, sample.age, early, beside=second)
    base_low, base_high = (base.range.low, base.range.high) if base.range is not None else (None, None)
    return _Question(
        *(analyte, value.value, value.unit, low, high, sample.sex, sample.age, early),
        *(base.value.value, base.value.unit, base_low, base_high, base.on, second),
    )


def _grade(asked: _Question, version: str) -> tuple[Value, tuple[Grade, ...]]:
    measurement = Measurement(
        analyte=analyte_of(asked.analyte),
        value=asked.value,
        unit=asked.unit,
        lln=asked.low,
        uln=asked.high,
        baseline=asked.base or None,
        baseline_unit=asked.base_unit,
        baseline_lln=asked.base_low,
        baseline_uln=asked.base_high,
        baseline_date=asked.base_on.isoformat() if asked.base_on is not None else "",
        with_=dict(asked.beside),
        sex=asked.sex,
        age=asked.age,
        context={"is_baseline_visit": True} if asked.early else {},
    )
    try:
        grades = grade(measurement, version)
    except Refusal:
        return BLANK, ()
    words = stored(grades)
    return Value(text=words, value=words) if words else BLANK, grades
