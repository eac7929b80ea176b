"""Assumptions, ambiguities and alternatives beside a grade, by key; `forms.grading.words` makes words of them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from forms.grading.decide import Decision, decide
from forms.grading.inputs import Inputs
from forms.grading.result import Grade
from forms.grading.tables import AGES, Criterion, GradeStep
from forms.values.digits import working_words

Note = tuple[str, dict[str, object]]
"""Key of a text and what fills it. Values under ``milder`` and ``worse`` are cuts."""

_BRANCHES = frozenset({"bl_normal", "bl_abnormal", "bl_low"})
_IN_UNIT = {"hgb_mmol": "mmol/L", "degf": "degF"}


def notes(grade: Grade) -> Iterator[Note]:
    """Everything assumed or unclear on the way to this grade."""
    inputs, plan, decision = grade.inputs, grade.plan, grade.decision
    if plan is None or inputs.fault:
        return
    for note in inputs.notes:
        if _concerns(note, plan) and (note != "unit_shared" or grade.grade is not None or grade.candidates):
            yield note, _calcium(inputs) if note.startswith("calcium") else {}
    warmth = inputs.values.get("t") if plan.reads_temperature else None
    if warmth is not None:
        yield "temperature", {"temperature": working_words(warmth)}
    if plan.diagnosis and grade.grade != 0:
        yield "diagnosis", {}
    if plan.reads_baseline:
        yield from _baseline_notes(inputs, plan, grade.grade, decision)
    if plan.words != _ANYONE:
        if not inputs.frame.ages and plan.words & AGES == {"adult"}:
            yield "assumed_adult", {}
        if (
            "anticoagulated" in plan.words
            and "on_anticoagulation" not in inputs.frame.facts
            and not inputs.frame.is_baseline
        ):
            yield "assumed_not_anticoagulated", {}
    if plan.unclear and _other_reading(inputs):
        yield "if_abnormal_other", {}
    if decision.step is not None:
        yield from _step_notes(inputs, plan, decision, decision.step)


def _concerns(note: str, plan: Criterion) -> bool:
    """Whether a note on the inputs has to do with the criterion of this term."""
    if note == "baseline_limits_assumed":
        return bool(plan.words & _BRANCHES)
    if note in {"baseline_unit", "baseline_scale"}:  # this is the reason itself
        return False
    return plan.reads_baseline or not note.startswith("baseline_")


_ANYONE = frozenset({""})


def _calcium(inputs: Inputs) -> dict[str, object]:
    albumin, value = inputs.values.get("albumin"), inputs.values.get("x")
    return {
        "albumin": working_words(albumin or Decimal(0)),
        "corrected": working_words(value or Decimal(0)),
        "unit": inputs.unit,
    }


def _baseline_notes(inputs: Inputs, plan: Criterion, grade: int | None, decision: Decision) -> Iterator[Note]:
    if inputs.frame.is_baseline:
        yield "baseline_record", {}
    elif grade is not None:
        if "bl_normal" in plan.words and not inputs.status and inputs.values["BL"] is None:
            yield "baseline_assumed_normal", {}
        elif decision.skipped:
            yield "baseline_route_skipped", {}
        elif grade == 0 and "bl_abnormal" in plan.words and inputs.status == "HIGH":
            yield from _still_high(inputs)


def _still_high(inputs: Inputs) -> Iterator[Note]:
    """Grade 0 by an abnormal baseline although the value is above the limit of normal."""
    x, high = inputs.values["x"], inputs.values["ULN"]
    if x is not None and high is not None and x > high:
        yield "not_above_baseline", {}


def _step_notes(inputs: Inputs, plan: Criterion, decision: Decision, step: GradeStep) -> Iterator[Note]:
    x = inputs.values["x"]
    if step.kind == "gap":
        key = "gap" if decision.why == "" else "gap_open"
        yield key, {"milder": step.milder_cut, "worse": step.cut, "grade": step.grade}
    if step.scale is not None and x is not None:
        turned = working_words(step.scale.turned(x))
        yield (
            "converted",
            {"value": inputs.measurement.value, "unit": inputs.unit, "turned": turned, "other": step.unit},
        )
    if decision.raised_by:
        return
    note = step.note
    if note and (note != "over_5_uln" or _over_five(inputs)) and _IN_UNIT.get(note, inputs.unit) == inputs.unit:
        yield note, {}
    if decision.grade and x is not None and not inputs.sign:
        limit = inputs.values["ULN" if plan.side == "high" else "LLN"]
        if limit is not None and (x <= limit if plan.side == "high" else x >= limit):
            yield "within_limits", {}


def _over_five(inputs: Inputs) -> bool:
    base, high = inputs.values["BL"], inputs.values["ULN"]
    return base is not None and high is not None and base > 5 * high


def _other_reading(inputs: Inputs) -> bool:
    """Fibrinogen: today's value is normal, the baseline was not, and it fell; the text may mean the baseline."""
    x, low, base = inputs.values["x"], inputs.values["LLN"], inputs.values["BL"]
    if x is None or low is None or base is None:
        return False
    return x >= low and x < base and inputs.status in {"HIGH", "LOW"}


def alternatives(grade: Grade) -> list[tuple[int, str]]:
    """Other grades, each with the fact that would lead to it."""
    decision, plan = grade.decision, grade.plan
    if plan is None or decision.grade is None or not plan.leads_on:
        return []
    found: list[tuple[int, str]] = []
    known = grade.inputs.frame.facts
    words = grade.inputs.words
    if decision.grade:
        for step in plan.steps:
            fact = step.raises or (step.fact if step.optional else "")
            if step.grade <= decision.grade or not fact or step.kind or fact in known:
                continue
            if (step.when in words or step.when == "adult") and (step.grade, fact) not in found:
                found.append((step.grade, fact))
    if "anticoagulated" in plan.words and "on_anticoagulation" not in known and not grade.inputs.frame.is_baseline:
        other = decide(plan, grade.inputs.values, (words - {"not_anticoagulated"}) | {"anticoagulated"}, known, False)
        if other.grade is not None and other.grade != decision.grade:
            found.append((other.grade, "on_anticoagulation"))
    return found
