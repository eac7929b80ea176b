"""Words for a grade: the matched bound filled in, questions, reasons, caveats, and the one sentence a nurse reads.

All texts lie in `resources/i18n/<language>/grade.json`. Each part can be made in one language (``..._in``), which is
what a stream of measurements needs, or in every language as `forms.grade.Grade` carries it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from forms.ctcae_tables import Plan, Step
from forms.grade_decide import Decision, decide
from forms.study import Text
from forms.texts import LANGUAGES, say

if TYPE_CHECKING:
    from forms.grade import Grade
    from forms.grade_inputs import Inputs

_LIMIT = re.compile(
    r"(?:(\d+(?:\.\d+)?)\*)?\b(LLN|ULN|BL|MI)\b(?:\+(\d+(?:\.\d+)?))?|\b(fall_pct|rise_pct|fall|rise|below_lln)\b"
)


class _Piece(NamedTuple):
    """A stretch of a cut: plain ``text``, or a limit (``ref``) or change (``change``) whose number is filled in."""

    text: str
    ref: str = ""
    times: Decimal = Decimal(1)
    plus: Decimal = Decimal(0)
    change: str = ""


@cache
def _pieces(cut: str) -> tuple[_Piece, ...]:
    made: list[_Piece] = []
    end = 0
    for match in _LIMIT.finditer(cut):
        if match.start() > end:
            made.append(_Piece(cut[end : match.start()]))
        times, ref, plus, change = match.groups()
        made.append(_Piece(match[0], ref or "", Decimal(times or 1), Decimal(plus or 0), change or ""))
        end = match.end()
    if end < len(cut):
        made.append(_Piece(cut[end:]))
    return tuple(made)


def number_text(number: Decimal) -> str:
    """A computed number without trailing zeros, six significant digits at most."""
    if number == number.to_integral_value():
        return f"{number:.0f}"
    short = number.normalize()
    if len(short.as_tuple().digits) > 6:
        short = Decimal(f"{short:.6g}")
    return f"{short:f}"


def _changed(change: str, inputs: Inputs, step: Step) -> str:
    values = inputs.values
    x, base, low = values.get("x"), values.get("BL"), values.get("LLN")
    if step.scale is not None:
        x = None if x is None else step.scale.turned(x)
        base = None if base is None else step.scale.turned(base)
        low = None if low is None else step.scale.turned(low)
    if x is None or (low is None if change == "below_lln" else base is None) or inputs.sign:
        return change
    if change == "below_lln" and low is not None:
        return f"{change} ({number_text(low - x)})"
    if base is None:
        return change
    apart = x - base if change.startswith("rise") else base - x
    if change.endswith("_pct"):
        apart = 100 * apart / base
    return f"{change} ({number_text(apart)})"


def filled(cut: str, step: Step, inputs: Inputs) -> str:
    """A cut with the numbers of its limits: ``3.0*ULN (120) < x <= 5.0*ULN (200)``."""
    parts: list[str] = []
    for piece in _pieces(cut):
        if piece.change:
            parts.append(_changed(piece.change, inputs, step))
            continue
        limit = inputs.values.get(piece.ref) if piece.ref else None
        if limit is None:
            parts.append(piece.text)
            continue
        if step.scale is not None:
            limit = step.scale.turned(limit)
        parts.append(f"{piece.text} ({number_text(piece.times * limit + piece.plus)})")
    return "".join(parts)


def bound_text(grade: Grade) -> str:
    """The matched criterion; "" when no step matched."""
    step = grade.decision.step
    return "" if step is None or grade.decision.raised_by else filled(step.cut, step, grade.inputs)


def asks_in(grade: Grade, language: str) -> list[str]:
    """The questions that would decide it, each with what its answers would make of the grade."""
    decision = grade.decision
    asked: list[str] = []
    for fact in decision.asks:
        question = say(language, f"grade.ask.{fact}")
        answers = {yes: outcome for name, yes, outcome in decision.answers if name == fact}
        if len(answers) == 2:
            question += " " + say(language, "grade.answers", yes=answers[True], no=answers[False])
        asked.append(question)
    return asked


def reason_in(grade: Grade, language: str) -> str:
    """Why there is no grade; "" for a decided one."""
    decision = grade.decision
    if grade.grade is not None or not decision.why:
        return ""
    if decision.why == "missing":
        names = [say(language, f"grade.missing.{name}") for name in decision.missing]
        reason = say(language, "grade.why.missing", names=say(language, "grade.and").join(names))
        if decision.missing == ("BL",):
            reason += say(language, "grade.why.only_baseline")
        if decision.at_least:
            reason += say(language, "grade.why.at_least", grade=decision.at_least)
        return reason
    m = grade.inputs.measurement
    step = decision.step
    cut = "" if step is None else _pretty(step.cut, language)
    return say(language, f"grade.why.{decision.why}", unit=m.unit or "-", value=m.value, version=grade.version, cut=cut)


def _notes(grade: Grade) -> Iterator[tuple[str, dict[str, object]]]:
    """Caveats by key, with what fills them."""
    inputs, plan, decision = grade.inputs, grade.plan, grade.decision
    if plan is None or inputs.fault:
        return
    for note in inputs.notes:
        if note in _BASELINE_NOTES and not plan.reads_baseline:
            continue
        yield note, {"albumin": number_text(inputs.values.get("albumin") or Decimal(0)), **_corrected(inputs)}
    if inputs.is_baseline and plan.reads_baseline:
        yield "baseline_record", {}
    elif plan.reads_baseline and grade.grade is not None:
        if "bl_normal" in plan.words and not inputs.baseline_status and inputs.values["BL"] is None:
            yield "baseline_assumed_normal", {}
        elif decision.skipped:
            yield "baseline_route_skipped", {}
    if not inputs.age_known and plan.words & _AGES == {"adult"}:
        yield "assumed_adult", {}
    if "anticoagulated" in plan.words and "on_anticoagulation" not in inputs.facts and not inputs.is_baseline:
        yield "assumed_not_anticoagulated", {}
    yield from _step_notes(grade, plan, decision)


_AGES = frozenset({"adult", "child", "infant", "pediatric"})
_BASELINE_NOTES = frozenset({"baseline_limits_assumed", "baseline_converted", "baseline_unread"})


def _corrected(inputs: Inputs) -> dict[str, object]:
    value = inputs.values.get("x")
    return {"corrected": "" if value is None else number_text(value), "unit": inputs.unit}


def _step_notes(grade: Grade, plan: Plan, decision: Decision) -> Iterator[tuple[str, dict[str, object]]]:
    inputs, step = grade.inputs, decision.step
    if _other_reading(plan, inputs):
        yield "if_abnormal_other", {}
    if step is None:
        return
    x = inputs.values["x"]
    if step.kind == "gap":
        yield "gap", {"milder": step.milder_cut, "worse": step.cut, "grade": step.grade}
    if step.scale is not None and x is not None:
        turned = number_text(step.scale.turned(x))
        yield (
            "converted",
            {"value": inputs.measurement.value, "unit": inputs.unit, "turned": turned, "other": step.unit},
        )
    if decision.raised_by:
        return
    if (
        step.note
        and (step.note != "over_5_uln" or _over_five(inputs))
        and (step.note not in _UNITED or _united(step, inputs))
    ):
        yield step.note, {}
    if grade.grade and x is not None and not inputs.sign:
        low, high = inputs.values["LLN"], inputs.values["ULN"]
        if (plan.side == "high" and high is not None and x <= high) or (
            plan.side == "low" and low is not None and x >= low
        ):
            yield "within_limits", {}


_UNITED = {"hgb_mmol": "mmol/L", "degf": "degF"}


def _united(step: Step, inputs: Inputs) -> bool:
    return inputs.unit == _UNITED[step.note]


def _over_five(inputs: Inputs) -> bool:
    base, high = inputs.values["BL"], inputs.values["ULN"]
    return base is not None and high is not None and base > 5 * high


def _other_reading(plan: Plan, inputs: Inputs) -> bool:
    """Fibrinogen: today's value is normal, the baseline was not, and it fell; the text may mean the baseline."""
    x, low, base = inputs.values["x"], inputs.values["LLN"], inputs.values["BL"]
    if x is None or low is None or base is None or not any(step.note == "if_abnormal" for step in plan.steps):
        return False
    return x >= low and x < base and inputs.baseline_status in {"HIGH", "LOW"}


def caveats_in(grade: Grade, language: str) -> list[str]:
    """Assumptions, conversions, gaps and ambiguities, in words."""
    said: list[str] = []
    for key, values in _notes(grade):
        if key == "gap":
            values = {
                **values,
                "milder": _pretty(str(values["milder"]), language),
                "worse": _pretty(str(values["worse"]), language),
            }
        said.append(say(language, f"grade.note.{key}", **values))
    return said


def _alternatives(grade: Grade) -> list[tuple[int, str]]:
    decision, plan = grade.decision, grade.plan
    if plan is None or decision.grade is None or decision.why or grade.inputs.fault:
        return []
    found: list[tuple[int, str]] = []
    known = grade.inputs.facts
    words = grade.inputs.words
    if decision.grade:
        for step in plan.steps:
            fact = step.raises or (step.fact if step.optional else "")
            if step.grade <= decision.grade or not fact or step.kind or fact in known or step.grade == 5:
                continue
            if (step.when in words or step.when == "adult") and (step.grade, fact) not in found:
                found.append((step.grade, fact))
    if "anticoagulated" in plan.words and "on_anticoagulation" not in known and not grade.inputs.is_baseline:
        other = decide(plan, grade.inputs.values, (words - {"not_anticoagulated"}) | {"anticoagulated"}, known, False)
        if other.grade is not None and other.grade != decision.grade:
            found.append((other.grade, "on_anticoagulation"))
    return found


def alternatives_in(grade: Grade, language: str) -> list[tuple[int, str]]:
    """Other grades that something a person knows would lead to."""
    return [
        (number, say(language, "grade.alternative", fact=say(language, f"grade.if.{fact}"), grade=number))
        for number, fact in _alternatives(grade)
    ]


_SIGNS = (("<=", "≤"), (">=", "≥"), ("*", "×"))
_MEASURES = ("below_lln", "fall_pct", "rise_pct", "fall", "rise", "lines", " and ")


def _pretty(cut: str, language: str) -> str:
    for sign, shown in _SIGNS:
        if sign in cut:
            cut = cut.replace(sign, shown)
    for measure in _MEASURES:
        if measure in cut:
            cut = cut.replace(measure, say(language, f"grade.measure.{measure.strip()}"))
    return cut


def _joined(parts: list[str], language: str) -> str:
    """The parts as one sentence; a question keeps its own mark."""
    joint, text = say(language, "grade.part.joint"), parts[0]
    for part in parts[1:]:
        text += (" " if text.endswith("?") else "" if text.endswith("？") else joint) + part
    return text if text.endswith(("?", "？")) else text + say(language, "grade.part.stop")


def _limits(grade: Grade, language: str) -> str:
    low, high = grade.inputs.values.get("LLN"), grade.inputs.values.get("ULN")
    if low is None and high is None:
        return say(language, "grade.part.no_limits")
    if high is None:
        return say(language, "grade.part.limits", limits=f"≥ {low}")
    return say(language, "grade.part.limits", limits=f"≤ {high}" if low is None else f"{low}–{high}")


def _baseline(grade: Grade, language: str) -> str:
    inputs = grade.inputs
    m = inputs.measurement
    if grade.plan is None or not grade.plan.reads_baseline or inputs.is_baseline or "value_is_change" in inputs.notes:
        return ""
    base = inputs.values.get("BL")
    if base is None:
        return say(language, "grade.part.no_baseline")
    about = [m.baseline_date] if m.baseline_date else []
    if inputs.baseline_status:
        about.append(say(language, f"grade.status.{inputs.baseline_status}"))
    shown = number_text(base) if m.baseline_unit and m.baseline_unit != m.unit else str(base)
    return say(
        language, "grade.part.baseline_about" if about else "grade.part.baseline", value=shown, about=", ".join(about)
    )


def sentence_in(grade: Grade, language: str) -> str:
    """One sentence: term, grade, edition, value, bound, limits, baseline, assumptions, alternatives, ruling."""
    from forms.grade import term_label

    inputs, m = grade.inputs, grade.inputs.measurement
    parts = [_head(grade, language, term_label(grade.version, grade.code, language))]
    value = f"{m.value} {m.unit}".strip() if m.value not in (None, "") else ""
    bound = _pretty(grade.bound, language)
    if value:
        met = grade.grade and bound and not grade.decision.raised_by
        parts.append(say(language, "grade.part.meets", value=value, bound=bound) if met else value)
    if grade.plan is not None and not inputs.fault:
        if grade.plan.reads_limits:
            parts.append(_limits(grade, language))
        baseline = _baseline(grade, language)
        if baseline:
            parts.append(baseline)
        if grade.branch and grade.grade is not None:
            parts.append(say(language, "grade.part.branch", branch=say(language, f"grade.branch.{grade.branch}")))
    if grade.decision.raised_by:
        parts.append(say(language, "grade.part.raised", fact=say(language, f"grade.if.{grade.decision.raised_by}")))
    reason = reason_in(grade, language)
    if reason:
        parts.append(reason)
    parts += asks_in(grade, language)
    parts += caveats_in(grade, language)
    parts += [text for _, text in alternatives_in(grade, language)]
    if grade.ruling is not None:
        parts.append(_ruling(grade, language))
    return _joined(parts, language)


def _head(grade: Grade, language: str, term: str) -> str:
    final = grade.ruling.grade if grade.ruling is not None else grade.grade
    if final is not None:
        key = "grade.head.decided" if final else "grade.head.normal"
        return say(language, key, term=term, grade=final, version=grade.version)
    if grade.candidates:
        choices = say(language, "grade.or").join(map(str, grade.candidates))
        return say(language, "grade.head.open", term=term, grades=choices, version=grade.version)
    return say(language, "grade.head.none", term=term, version=grade.version)


def _ruling(grade: Grade, language: str) -> str:
    ruling = grade.ruling
    if ruling is None:
        return ""
    if grade.grade == ruling.grade or ruling.grade in grade.candidates:
        return say(language, "grade.part.confirmed", who=ruling.who)
    proposed = "-" if grade.grade is None else grade.grade
    return say(language, "grade.part.overridden", who=ruling.who, proposed=proposed, why=ruling.why)


def asks_text(grade: Grade) -> tuple[Text, ...]:
    """`asks_in` in every language."""
    return _together([asks_in(grade, language) for language in LANGUAGES])


def caveats_text(grade: Grade) -> tuple[Text, ...]:
    """`caveats_in` in every language."""
    return _together([caveats_in(grade, language) for language in LANGUAGES])


def reason_text(grade: Grade) -> Text:
    """`reason_in` in every language; empty when there is a grade."""
    made = {language: reason_in(grade, language) for language in LANGUAGES}
    return made if any(made.values()) else {}


def alternatives_text(grade: Grade) -> tuple[tuple[int, Text], ...]:
    """`alternatives_in` in every language."""
    lists = [alternatives_in(grade, language) for language in LANGUAGES]
    return tuple(
        (row[0][0], dict(zip(LANGUAGES, (text for _, text in row), strict=True))) for row in zip(*lists, strict=True)
    )


def sentence(grade: Grade) -> Text:
    """`sentence_in` in every language."""
    return {language: sentence_in(grade, language) for language in LANGUAGES}


def _together(lists: list[list[str]]) -> tuple[Text, ...]:
    return tuple(dict(zip(LANGUAGES, row, strict=True)) for row in zip(*lists, strict=True))
