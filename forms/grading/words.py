"""Words for a grade: questions, reasons, caveats, alternatives, and the one sentence a nurse reads.

All texts lie in `resources/i18n/<language>/grade.json`. `explain` makes everything in one language at once, which
is what a stream of measurements needs.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from forms import texts
from forms.grading.frame import Number, read_number
from forms.grading.inputs import Inputs
from forms.grading.notes import alternatives, notes
from forms.grading.result import Grade, Ruling
from forms.grading.scale import odd_limit, told
from forms.grading.signs import filled, pretty
from forms.grading.tables import edition, plans
from forms.values import units
from forms.values.digits import range_words, working_words


class Explanation(NamedTuple):
    """The working of a grade in one language.

    ``bound``: the matched criterion with its signs, limits and baseline filled in, the same in every language, "" when
    none matched. ``asks``: what a person would have to say to decide it, and what each answer would make of it.
    ``reason``: why there is no grade, "" for a decided one. ``caveats``: assumptions, gaps and ambiguities of the
    official text met on the way, conversions. ``alternatives``: other grades that something a person knows would lead
    to. ``text``: the whole in one sentence.
    """

    bound: str
    asks: list[str]
    reason: str
    caveats: list[str]
    alternatives: list[tuple[int, str]]
    text: str


@cache
def _said(language: str, key: str) -> str:
    return texts.say(language, "grade." + key)


def _say(language: str, key: str, **values: object) -> str:
    return _said(language, key).format_map(values) if values else _said(language, key)


def explain(grade: Grade, language: str) -> Explanation:
    """Everything there is to say about a grade, in one language."""
    decision = grade.decision
    step = decision.step
    bound = "" if step is None or decision.raised_by else filled(step.cut, step, grade.inputs)
    asks = _asks(grade, language) if decision.asks else []
    reason = _reason(grade, language) if grade.grade is None else ""
    caveats = [_note(key, values, language) for key, values in notes(grade)]
    others = [
        (number, _say(language, "alternative", fact=_said(language, f"if.{fact}"), grade=number))
        for number, fact in alternatives(grade)
    ]
    text = _sentence(grade, language, bound, [reason] if reason else [], asks, caveats, others)
    return Explanation(bound, asks, reason, caveats, others, text)


def _asks(grade: Grade, language: str) -> list[str]:
    """The questions that would decide it, each with what its answers would make of the grade."""
    asked: list[str] = []
    for fact in grade.decision.asks:
        question = _said(language, f"ask.{fact}")
        answers = {yes: outcome for name, yes, outcome in grade.decision.answers if name == fact}
        if len(answers) == 2:
            question += " " + _say(language, "answers", yes=answers[True], no=answers[False])
        asked.append(question)
    return asked


def _reason(grade: Grade, language: str) -> str:
    decision = grade.decision
    if decision.why == "missing":
        names = _said(language, "and").join(_said(language, f"missing.{name}") for name in decision.missing)
        reason = _say(language, "why.missing", names=names)
        if decision.missing == ("BL",):
            reason += _said(language, "why.only_baseline")
        if decision.at_least:
            reason += _say(language, "why.at_least", grade=decision.at_least)
        return reason
    m = grade.inputs.measurement
    if decision.why == "unit":
        key = "why.unit" if m.unit.strip() else "why.unit_missing"
        return _say(language, key, unit=m.unit, units=_said(language, "part.comma").join(_accepted(grade)))
    if decision.why.startswith("scale_"):
        return _doubt(grade.inputs, decision.why, language)
    cut = "" if decision.step is None else pretty(decision.step.cut, language)
    return _say(language, f"why.{decision.why}", value=m.value, version=grade.version, cut=cut, baseline=m.baseline)


def _accepted(grade: Grade) -> list[str]:
    """Units in which this term can be judged by the measurement."""
    analyte = grade.inputs.analyte
    found = ((unit, plans(grade.version, analyte, unit) or ()) for unit in units.known(analyte))
    return [unit for unit, made in found if any(one.term.code == grade.code and not one.unreached for one in made)]


def _doubt(inputs: Inputs, why: str, language: str) -> str:
    """Why value, unit and limits can't all be right, and which other units would make them so."""
    m, frame = inputs.measurement, inputs.frame
    if why == "scale_shared":
        return _say(language, "why.scale_shared", value=m.value, limits=range_words(frame.lln, frame.uln))
    about_limit = why == "scale_limit"
    number = odd_limit(frame.analyte, frame.unit, frame.lln, frame.uln) if about_limit else _value_of(m.value)
    assert number is not None  # the doubt is about this number, and another unit would fit it
    facts = told(frame.analyte, frame.unit, number, limit=about_limit)
    reason = _say(language, f"why.{why}", number=facts.number, could=facts.could, value=m.value, unit=m.unit)
    return reason + _say(language, "why.scale_units", units=_said(language, "or").join(facts.units))


def _value_of(value: Number) -> Decimal | None:
    found = read_number(value)
    return None if found is None else found.number


def _note(key: str, values: dict[str, object], language: str) -> str:
    for cut in ("milder", "worse"):
        if cut in values:
            values[cut] = pretty(str(values[cut]), language)
    return _say(language, f"note.{key}", **values)


def _limits(grade: Grade, language: str) -> str:
    return _limits_text(language, grade.inputs.frame.lln, grade.inputs.frame.uln)


@lru_cache(maxsize=1024)
def _limits_text(language: str, low: Decimal | None, high: Decimal | None) -> str:
    limits = range_words(low, high)
    return _say(language, "part.limits", limits=limits) if limits else _said(language, "part.no_limits")


def _baseline(grade: Grade, language: str) -> str:
    inputs = grade.inputs
    m = inputs.measurement
    base = inputs.values.get("BL")
    if base is None:
        return _said(language, "part.no_baseline")
    before, after = _around_baseline(language, m.baseline_date, inputs.status)
    return f"{before}{working_words(base) if m.baseline_unit and m.baseline_unit != m.unit else m.baseline}{after}"


@lru_cache(maxsize=1024)
def _around_baseline(language: str, day: str, status: str) -> tuple[str, str]:
    """Words before and after the value of a baseline."""
    about = [day] if day else []
    if status:
        about.append(_said(language, f"status.{status}"))
    key = "part.baseline_about" if about else "part.baseline"
    text = _say(language, key, value="\0", about=_said(language, "part.comma").join(about))
    before, _, after = text.partition("\0")
    return before, after


def _sentence(
    grade: Grade,
    language: str,
    bound: str,
    reason: list[str],
    asks: list[str],
    caveats: list[str],
    others: list[tuple[int, str]],
) -> str:
    """One sentence: term, grade, edition, value, bound, limits, baseline, assumptions, alternatives, ruling."""
    inputs, plan = grade.inputs, grade.plan
    parts = [_head(grade, language)]
    value = inputs.measurement.value
    if value is not None and value != "":
        unit = inputs.measurement.unit
        shown = f"{value} {unit}" if unit not in ("", "1") else str(value)
        met = grade.grade and bound
        parts.append(_say(language, "part.meets", value=shown, bound=pretty(bound, language)) if met else shown)
    if plan is not None and not inputs.fault:
        if plan.reads_limits:
            parts.append(_limits(grade, language))
        if plan.reads_baseline and not inputs.frame.is_baseline and "value_is_change" not in inputs.notes:
            parts.append(_baseline(grade, language))
        if grade.branch and grade.grade is not None:
            parts.append(_branch(language, grade.branch))
    if grade.decision.raised_by:
        parts.append(_say(language, "part.raised", fact=_said(language, f"if.{grade.decision.raised_by}")))
    parts += reason
    parts += asks
    parts += caveats
    parts += [text for _, text in others]
    if grade.ruling is not None:
        parts.append(_ruling(grade, grade.ruling, language))
    text = _said(language, "part.joint").join(parts) + _said(language, "part.stop")
    return _asked(text) if asks else text


def _asked(text: str) -> str:
    """A question inside the sentence keeps its own mark and no other."""
    for doubled, single in (("?;", "?"), ("?.", "?"), ("？；", "？"), ("？。", "？")):
        text = text.replace(doubled, single)
    return text


def _head(grade: Grade, language: str) -> str:
    final = grade.ruling.grade if grade.ruling is not None else grade.grade
    return _head_text(language, grade.version, grade.code, final, grade.candidates)


@lru_cache(maxsize=1024)
def _head_text(language: str, version: str, code: str, final: int | None, candidates: tuple[int, ...]) -> str:
    found = edition(version).by_code[code]
    term = (found.zh or found.name) if language == "zh" else found.name
    if final is not None:
        return _say(language, "head.decided" if final else "head.normal", term=term, grade=final, version=version)
    if candidates:
        *first, last = map(str, candidates)
        choices = _said(language, "part.comma").join(first) + (_said(language, "or") if first else "") + last
        return _say(language, "head.open", term=term, grades=choices, version=version)
    return _say(language, "head.none", term=term, version=version)


@cache
def _branch(language: str, branch: str) -> str:
    return _say(language, "part.branch", branch=_said(language, f"branch.{branch}"))


def _ruling(grade: Grade, ruling: Ruling, language: str) -> str:
    if grade.grade == ruling.grade or ruling.grade in grade.candidates:
        return _say(language, "part.confirmed", who=ruling.who)
    proposed = "-" if grade.grade is None else grade.grade
    return _say(language, "part.overridden", who=ruling.who, proposed=proposed, why=ruling.why)
