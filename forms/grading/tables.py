"""The CTCAE editions as data: terms, organ classes, which grades exist, and the numeric steps of each measurement.

One file an edition, `resources/ctcae/ctcae-<version>.json`. A route is one ladder of a term (limits, baseline, fall
from baseline, ...); its rows are steps: the grade, the cut for each unit it is published in (``*`` = ratio, any unit),
what a person must know for it (``and``), what would raise to it without a number (``or``, ``if``), whom it is for
(``when``). Routes are compiled for one measurement in one unit when first asked for.

Sources: NCI CTCAE v4.03 (2010), v5.0 (2017), v6.0 (2025 with the errata of 2026-01-20). Own notation, no wording.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from forms.grading.bounds import ONE, Atom, between, mild_end, parse_bound, severe_end
from forms.values import units
from resources import folder

VERSIONS = tuple(sorted(path.stem.removeprefix("ctcae-") for path in folder("ctcae").glob("ctcae-*.json")))
"""Editions shipped, oldest first: a new one is a new data file."""

AGES = frozenset({"adult", "child", "infant", "pediatric"})
"""Words of ``when`` that speak of the person's age."""


class Term(NamedTuple):
    """A term of an edition. ``grades`` are those it has; ``zh`` is "" where no Chinese name is known yet."""

    code: str
    soc: str
    name: str
    zh: str
    grades: tuple[int, ...]


class Conversion(NamedTuple):
    """How a reported number becomes one in the unit of a cut: ``value * times / over``."""

    unit: str
    times: Decimal
    over: Decimal

    def turned(self, value: Decimal) -> Decimal:
        """The value in the unit of the cut, unrounded."""
        return value * self.times if self.over == ONE else value * self.times / self.over


class GradeStep(NamedTuple):
    """One row of a ladder for one unit. ``kind``: "" published, ``gap`` between bands, ``beyond`` past the worst."""

    grade: int
    atoms: tuple[Atom, ...]
    cut: str
    unit: str
    scale: Conversion | None
    branch: str
    when: str
    fact: str
    wanted: bool
    optional: bool
    raises: str
    note: str
    kind: str
    reads_baseline: bool
    milder_cut: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Criterion:
    """Everything needed to grade one measurement in one unit for one term; compared by identity."""

    term: Term
    side: str
    order: int
    steps: tuple[GradeStep, ...]
    clinical: tuple[int, ...]
    words: frozenset[str]
    reads_baseline: bool
    only_baseline: bool
    reads_temperature: bool
    reads_limits: bool
    unclear: bool
    leads_on: bool
    diagnosis: bool
    unreached: bool


class Edition(NamedTuple):
    """One version of the CTCAE. ``diagnoses``: terms that a number speaks of only once the condition is diagnosed."""

    version: str
    dictionary: str
    terms: tuple[Term, ...]
    by_code: Mapping[str, Term]
    by_name: Mapping[str, Term]
    order: Mapping[str, int]
    routes: Mapping[str, Sequence[Mapping[str, Any]]]
    numeric: Mapping[str, frozenset[int]]
    diagnoses: frozenset[str]


@cache
def chinese_names() -> Mapping[str, Sequence[str]]:
    """``English term -> [Chinese name, pinyin initials, pinyin]``; every term of every edition has one."""
    names: Mapping[str, Sequence[str]] = json.loads(folder("ctcae", "names-zh.json").read_text(encoding="utf-8"))
    return names


@cache
def edition(version: str) -> Edition:
    """Read an edition; raises ``KeyError`` for a version that isn't shipped."""
    if version not in VERSIONS:
        raise KeyError(version)
    raw = json.loads(folder("ctcae", f"ctcae-{version}.json").read_text(encoding="utf-8"))
    zh = chinese_names()
    classes = raw["classes"]
    terms = tuple(
        Term(code, classes[soc], name, zh[name][0] if name in zh else "", tuple(int(grade) for grade in grades))
        for code, name, soc, grades in raw["terms"]
    )
    routes: dict[str, list[Mapping[str, Any]]] = {}
    numeric: dict[str, set[int]] = {}
    for route in raw["routes"]:
        routes.setdefault(route["analyte"], []).append(route)
        numeric.setdefault(route["term"], set()).update(row["grade"] for row in route["rows"])
    return Edition(
        version=version,
        dictionary=raw["dictionary"],
        terms=terms,
        by_code={term.code: term for term in terms},
        by_name={term.name: term for term in terms},
        order={term.code: index for index, term in enumerate(terms)},
        routes=routes,
        numeric={code: frozenset(grades) for code, grades in numeric.items()},
        diagnoses=frozenset(raw["diagnoses"]),
    )


def analytes(version: str) -> tuple[str, ...]:
    """Measurements that some term of the edition speaks of in numbers."""
    return tuple(edition(version).routes)


def terms_in_words(version: str, analyte: str) -> tuple[Term, ...]:
    """Terms that judge ``analyte`` by number in another edition and exist in this one without a number."""
    here = edition(version)
    found: list[Term] = []
    for other in VERSIONS:
        for route in edition(other).routes.get(analyte, ()):
            term = here.by_code.get(route["term"])
            if term is not None and term.code not in here.numeric and term not in found:
                found.append(term)
    return tuple(found)


@cache
def plans(version: str, analyte: str, unit: str) -> tuple[Criterion, ...] | None:
    """The compiled ladders of every term for a measurement in a unit (as `units.symbol` writes it).

    A term whose cuts can't be reached from that unit has an ``unreached`` plan without steps: such a unit never grades.
    None when that is so of every term.
    """
    here = edition(version)
    ladders: dict[str, list[Mapping[str, Any]]] = {}
    for route in here.routes.get(analyte, ()):
        ladders.setdefault(route["term"], []).append(route)
    made: list[Criterion] = []
    for code, routes in ladders.items():
        compiled = [_steps(analyte, unit, route) for route in routes]
        reached = [steps for steps in compiled if steps is not None]
        steps = [step for group in reached for step in group] if len(reached) == len(compiled) else []
        made.append(_plan(here, here.by_code[code], str(routes[0]["side"]), steps))
    if all(plan.unreached for plan in made):
        return None
    return tuple(sorted(made, key=lambda plan: plan.order))


def _plan(here: Edition, term: Term, side: str, steps: Sequence[GradeStep]) -> Criterion:
    numeric = here.numeric[term.code]
    published = [step for step in steps if not step.kind]
    return Criterion(
        term=term,
        side=side,
        order=here.order[term.code],
        steps=tuple(sorted(steps, key=lambda step: -step.grade)),
        clinical=tuple(grade for grade in term.grades if grade not in numeric and grade < 4),
        words=frozenset(step.when for step in steps),
        reads_baseline=any(step.reads_baseline or step.when.startswith("bl_") for step in published),
        only_baseline=all(step.reads_baseline for step in published),
        diagnosis=term.code in here.diagnoses,
        unreached=not steps,
        unclear=any(step.note == "if_abnormal" for step in published),
        leads_on=any(step.raises or step.optional or step.when == "anticoagulated" for step in published),
        reads_limits=any(atom.ref in {"LLN", "ULN"} for step in published for atom in step.atoms),
        reads_temperature=any(atom.name == "t" for step in published for atom in step.atoms),
    )


def _steps(analyte: str, unit: str, route: Mapping[str, Any]) -> list[GradeStep] | None:
    side = route["side"]
    published: list[GradeStep] = []
    for row in route["rows"]:
        step = _step(analyte, unit, route["branch"], row)
        if step is None:
            if analyte in _OWN_UNIT_EACH:
                continue
            return None
        published.append(step)
    groups: dict[str, list[GradeStep]] = {}
    for step in published:
        groups.setdefault(step.when, []).append(step)
    extra = [made for group in groups.values() for made in (*_gaps(group, side), *_beyond(group, side))]
    return published + extra


_OWN_UNIT_EACH = frozenset({"Urine volume"})
"""Measurements whose steps for children and infants are published in units that don't convert into each other."""


def _step(analyte: str, unit: str, branch: str, row: Mapping[str, Any]) -> GradeStep | None:
    cuts: Mapping[str, str] = row["cut"]
    scale = None
    if unit in cuts:
        cut, cut_unit = cuts[unit], unit
    elif "*" in cuts:
        cut, cut_unit = cuts["*"], unit
    else:
        cut_unit = next(iter(cuts))
        factor = units.factor_between(analyte, unit, cut_unit)
        if factor is None or factor[2] or factor[3]:
            return None
        cut, scale = cuts[cut_unit], Conversion(cut_unit, factor[0], factor[1])
    atoms = parse_bound(cut)
    fact = row.get("and") or row.get("if") or ""
    return GradeStep(
        grade=row["grade"],
        atoms=atoms,
        cut=cut,
        unit=cut_unit,
        scale=scale,
        branch=branch,
        when=row.get("when", ""),
        fact=fact.removeprefix("!"),
        wanted=not fact.startswith("!"),
        optional="if" in row,
        raises=row.get("or", ""),
        note=row.get("note", ""),
        kind="",
        reads_baseline=any(atom.ref == "BL" for atom in atoms),
    )


def _gaps(steps: Sequence[GradeStep], side: str) -> Iterable[GradeStep]:
    """Steps for values that no published band holds though bands lie on both sides: the more severe neighbour's."""
    for step in steps:
        start = mild_end(step.atoms, side)
        if start is None:
            continue
        nearest: tuple[Atom, GradeStep] | None = None
        touched = False
        for milder in steps:
            end = severe_end(milder.atoms, side)
            own_start = mild_end(milder.atoms, side)
            if milder is step or milder.grade > step.grade or end is None or _not_milder(own_start, start, side):
                continue
            apart = between(end, start, side)
            if apart is False:
                touched = True
            elif apart and (nearest is None or _closer(end, nearest[0], side)):
                nearest = end, milder
        if nearest and not touched:
            own_ends = (start, severe_end(step.atoms, side))
            atoms = (start.negated(), nearest[0].negated(), *(atom for atom in step.atoms if atom not in own_ends))
            yield step._replace(atoms=atoms, kind="gap", milder_cut=nearest[1].cut, raises="")


def _not_milder(own: Atom | None, start: Atom, side: str) -> bool:
    """Whether a band begins at or past ``start``, seen from the normal values; one from a limit on begins before."""
    if own is None or own.ref != start.ref:
        return False
    here, there = (own.times, own.plus), (start.times, start.plus)
    return here <= there if side == "low" else here >= there


def _closer(end: Atom, other: Atom, side: str) -> bool:
    here, there = (end.times, end.plus), (other.times, other.plus)
    return here < there if side == "low" else here > there


def _beyond(steps: Sequence[GradeStep], side: str) -> Iterable[GradeStep]:
    """A step past the worst published band when that band is closed: such a value is not gradable, and not grade 0."""
    scaled = [step for step in steps if step.atoms[0].name == "x" and not any(atom.name == "t" for atom in step.atoms)]
    ends = [(step.grade, end, step) for step in scaled if (end := severe_end(step.atoms, side)) is not None]
    if ends and len(ends) == len(scaled):
        _, end, worst = max(ends, key=lambda found: found[0])
        yield worst._replace(atoms=(end.negated(),), kind="beyond", raises="")
