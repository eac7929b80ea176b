"""From the compiled steps of one term and what is known to a decision.

A decision is a grade, the grades a person must choose from, or why nothing can be said. Three-valued throughout: an
unknown limit is neither met nor unmet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from forms.grading.bounds import holds
from forms.grading.tables import Conversion, Criterion, GradeStep

Values = dict[str, Decimal | None]

JUDGED = "wording"
"""The fact that only a person who reads the grade's own words can state; no answer in the context settles it."""

_ABSENT_MEANS_NONE = frozenset(
    {"hemolysis_evidence", "laboratory_tls", "strain_or_biomarker", "new_finding", "fasting", "at_rest"}
)
"""Facts whose absence means that the criterion does not apply at all: grade 0, not another route."""


class Decision(NamedTuple):
    """The decision for one term.

    ``why`` is "" for a decided grade, else ``missing`` (``missing`` names the unknown values), ``asked`` (``asks``
    names the facts), ``beyond``, ``in_words``, ``no_rule``, ``age``, ``baseline_record``. ``step`` is the matched row.
    """

    grade: int | None
    candidates: tuple[int, ...]
    why: str
    step: GradeStep | None
    missing: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    skipped: bool = False
    at_least: int = 0
    raised_by: str = ""
    answers: tuple[tuple[str, bool, int], ...] = ()


@dataclass(slots=True)
class _Walk:
    """The steps that a walk down met before the first one that is certain."""

    unknown: list[GradeStep] = field(default_factory=list)
    pending: list[GradeStep] = field(default_factory=list)
    refused: list[GradeStep] = field(default_factory=list)
    beyond: GradeStep | None = None
    certain: GradeStep | None = None
    skipped: bool = False


class _Active(NamedTuple):
    """The steps of a plan that apply to somebody, worst first; ``skipped``: some needed a baseline that is missing."""

    steps: tuple[GradeStep, ...]
    skipped: bool


def decide(
    plan: Criterion, values: Values, words: frozenset[str], facts: Mapping[str, bool], baseline_record: bool
) -> Decision:
    """Walk the steps from the worst grade down. ``facts`` holds what a person answered; absent = not asked yet."""
    steps, skipped = _active(plan, words, baseline_record, values["BL"] is None)
    if not steps:
        return Decision(None, (), _no_step(plan, words, skipped, baseline_record), None, ("BL",))
    for step in steps:
        found = holds(step.atoms, values if step.scale is None else scaled(values, step.scale))
        if found is False:
            continue
        if found and not step.fact and not step.kind and not facts:
            return Decision(step.grade, (), "", step, skipped=skipped)
        return _decide_slowly(plan, steps, values, words, facts, skipped)
    return Decision(0, (), "", None, skipped=skipped)


@lru_cache(maxsize=1024)
def _active(plan: Criterion, words: frozenset[str], baseline_record: bool, no_baseline: bool) -> _Active:
    steps: list[GradeStep] = []
    skipped = False
    for step in plan.steps:
        if step.when not in words:
            continue
        if not step.reads_baseline:
            steps.append(step)
        elif baseline_record:
            by_limits = without_baseline(step)
            steps += [by_limits] if by_limits is not None else []
        elif no_baseline and not plan.only_baseline:
            skipped = True
        else:
            steps.append(step)
    return _Active(tuple(steps), skipped)


def _decide_slowly(
    plan: Criterion,
    steps: tuple[GradeStep, ...],
    values: Values,
    words: frozenset[str],
    facts: Mapping[str, bool],
    skipped: bool,
) -> Decision:
    """The same walk, keeping what is unknown or hangs on an answer on the way."""
    walk = _Walk(skipped=skipped)
    for step in steps:
        found = holds(step.atoms, values if step.scale is None else scaled(values, step.scale))
        if found is not False and _sort_in(walk, step, found, facts):
            break
    if walk.certain is not None:
        walk.unknown = [step for step in walk.unknown if step.grade > walk.certain.grade]
    if walk.unknown:
        return _unknown(walk, values)
    if walk.certain is not None and not walk.pending and not walk.refused:
        return _raised(plan, words, facts, Decision(walk.certain.grade, (), "", walk.certain, skipped=skipped))
    return _weigh(plan, words, facts, walk)


def _sort_in(walk: _Walk, step: GradeStep, found: bool | None, facts: Mapping[str, bool]) -> bool:
    """File a step whose bound holds or may hold; True when it is certain, so that milder ones don't matter."""
    if step.kind == "beyond":
        walk.beyond = step
    elif found is None:
        if not _only_lines(step):
            walk.unknown.append(step)
    elif not step.fact or (step.fact in facts and facts[step.fact] is step.wanted):
        walk.certain = step
        return True
    elif step.fact in facts:
        walk.refused.append(step)
    elif not step.optional:
        walk.pending.append(step)
    return False


def without_baseline(step: GradeStep) -> GradeStep | None:
    """The step as it judges a record on or before baseline: by limits alone; None for a step of change only."""
    kept = tuple(atom for atom in step.atoms if atom.ref != "BL")
    if not kept or any(atom.plus or atom.times != 1 or not atom.ref for atom in step.atoms):
        return None
    return step._replace(
        atoms=kept, reads_baseline=False, cut=step.cut.replace("x > BL and ", "").replace(" and x > BL", "")
    )


def _only_lines(step: GradeStep) -> bool:
    return all(atom.name == "lines" for atom in step.atoms)


def scaled(values: Values, scale: Conversion) -> Values:
    """The numbers of a measurement in the unit of a cut."""
    return {
        name: number if number is None or name in {"t", "lines", "albumin"} else scale.turned(number)
        for name, number in values.items()
    }


def _no_step(plan: Criterion, words: frozenset[str], skipped: bool, baseline_record: bool) -> str:
    if skipped:
        return "missing"
    if not any(step.when in words for step in plan.steps):
        return "age"
    return "baseline_record" if baseline_record else "missing"


def _unknown(walk: _Walk, values: Values) -> Decision:
    missing: list[str] = []
    for step in walk.unknown:
        for atom in step.atoms:
            for name in (atom.ref, atom.name):
                if name and values.get(name) is None and name not in missing:
                    missing.append(name)
    least = walk.certain.grade if walk.certain is not None else 0
    return Decision(None, (), "missing", None, tuple(missing), skipped=walk.skipped, at_least=least)


def _raised(plan: Criterion, words: frozenset[str], facts: Mapping[str, bool], decision: Decision) -> Decision:
    """A fact that a person stated may lead to a higher grade than the number, once the number itself is abnormal."""
    if not facts or not decision.grade:
        return decision
    for step in plan.steps:
        if step.grade > decision.grade and step.raises and facts.get(step.raises) and step.when in words:
            return decision._replace(grade=step.grade, step=step, raised_by=step.raises)
    return decision


def _weigh(plan: Criterion, words: frozenset[str], facts: Mapping[str, bool], walk: _Walk) -> Decision:
    """The grades that the open questions leave, world by world of their answers."""
    pending, certain = walk.pending, walk.certain
    if not pending and not walk.refused:
        if walk.beyond is not None:
            return Decision(None, (walk.beyond.grade,), "beyond", walk.beyond, skipped=walk.skipped)
        return Decision(0, (), "", None, skipped=walk.skipped)
    if any(step.fact == JUDGED for step in pending):
        grades = {step.grade for step in pending} | ({certain.grade} if certain else set())
        return Decision(None, tuple(sorted(grades)), "asked", pending[0], asks=(JUDGED,), skipped=walk.skipped)
    names = sorted({step.fact for step in pending})
    outcomes: dict[int, GradeStep | None] = {}
    answers: list[tuple[str, bool, int]] = []
    open_ended = False
    for world in product((True, False), repeat=len(names)):
        grades, step = _in_world(plan, {**facts, **dict(zip(names, world, strict=True))}, walk)
        open_ended = open_ended or len(grades) != 1
        for grade in grades:
            outcomes.setdefault(grade, step)
        if len(names) == 1 and len(grades) == 1:
            answers.append((names[0], world[0], next(iter(grades))))
    if len(outcomes) == 1 and not open_ended:
        grade, step = next(iter(outcomes.items()))
        return _raised(plan, words, facts, Decision(grade, (), "", step, skipped=walk.skipped))
    why = "asked" if names else ("in_words" if outcomes else "no_rule")
    top = (pending or walk.refused)[0]
    left = tuple(sorted(outcomes))
    return Decision(None, left, why, top, asks=tuple(names), skipped=walk.skipped, answers=tuple(answers))


def _in_world(plan: Criterion, known: Mapping[str, bool], walk: _Walk) -> tuple[set[int], GradeStep | None]:
    """The grades possible if the answers were ``known``; the empty set when the term has no grade for that."""
    met = [step for step in walk.pending if known[step.fact] is step.wanted]
    met += [walk.certain] if walk.certain is not None else []
    met += [step for step in plan.steps if step.raises and not step.kind and known.get(step.raises)]
    if met:
        best = max(met, key=lambda step: step.grade)
        return {best.grade}, best
    failed = max((*walk.pending, *walk.refused), key=lambda step: step.grade)
    if failed.fact in _ABSENT_MEANS_NONE:
        return {0}, None
    if failed.fact == "persist_1h":
        lasting = [step.grade for step in plan.steps if step.branch == failed.branch and not step.fact]
        return {max((grade for grade in lasting if grade < failed.grade), default=0)}, failed
    if not failed.wanted:
        return {grade for grade in plan.clinical if grade > failed.grade}, None
    return {grade for grade in plan.clinical if grade < failed.grade} | {0}, None
