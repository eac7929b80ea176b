"""CTCAE grading of one measurement, with its working.

``grade(measurement, "5.0")`` says for every term that the measurement can speak of which grade it is, or which grades
a person must choose from and what would decide it, or why nothing can be said. Nothing is assumed in silence: every
assumption is a caveat, 0 means "judged and normal", a wrong unit never grades. All numbers are exact decimals in the
unit reported wherever the criterion is published in it, otherwise converted and shown.

Source of all criteria: NCI CTCAE v4.03, v5.0, v6.0 as data in `resources/ctcae/`; see `forms.grading.tables`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from forms.errors import Refusal
from forms.grading import tables
from forms.grading.decide import Decision, Values, decide
from forms.grading.frame import NOT_HIGH, Measurement
from forms.grading.inputs import Inputs, read_inputs
from forms.grading.tables import AGES, Plan, Term
from forms.grading.words import Explanation, explain
from forms.study.definition import Text
from forms.texts import LANGUAGES
from forms.values.units import analyte_of

__all__ = [
    "Grade",
    "Measurement",
    "StoredGrade",
    "analyte_of",
    "confirm",
    "grade",
    "read_stored",
    "stored",
    "term_label",
    "worst",
]


@dataclass(frozen=True)
class Ruling:
    """A person's word on a grade: who, which grade, and why when it differs from the engine's."""

    who: str
    grade: int
    why: str = ""


@dataclass(frozen=True)
class Grade:
    """What follows for one term. ``grade``: 0 = judged and normal, 1-5, None = undecided or not gradable.

    ``candidates`` are the grades still possible when a person must decide, ``branch`` the ladder that matched
    (``limits``, ``baseline``, ``fall``, ``rise``, ``absolute``, ``anticoagulated``, ``adult``, ... or "").
    The words (`reason`, `asks`, `caveats`, `alternatives`, `text`) and the `bound` are made when first read.
    """

    term: str
    code: str
    version: str
    direction: str
    grade: int | None
    candidates: tuple[int, ...]
    branch: str
    inputs: Inputs = field(repr=False, compare=False)
    plan: Plan | None = field(repr=False, compare=False)
    decision: Decision = field(repr=False, compare=False)
    ruling: Ruling | None = None

    @cached_property
    def explanations(self) -> dict[str, Explanation]:
        """The whole working by language."""
        return {language: explain(self, language) for language in LANGUAGES}

    @property
    def bound(self) -> str:
        """The matched criterion with its signs, limits and baseline filled in; "" when none matched."""
        return self.explanations[LANGUAGES[0]].bound

    @property
    def asks(self) -> tuple[Text, ...]:
        """What a person would have to say to decide it, and what each answer would make of it."""
        return self._texts([explanation.asks for explanation in self.explanations.values()])

    @property
    def reason(self) -> Text:
        """Why there is no grade; empty for a decided one."""
        made = {language: explanation.reason for language, explanation in self.explanations.items()}
        return made if any(made.values()) else {}

    @property
    def caveats(self) -> tuple[Text, ...]:
        """Assumptions made, gaps and ambiguities of the official text met on the way, conversions."""
        return self._texts([explanation.caveats for explanation in self.explanations.values()])

    @property
    def alternatives(self) -> tuple[tuple[int, Text], ...]:
        """Other grades that something a person knows would lead to, with what that is."""
        lists = [explanation.alternatives for explanation in self.explanations.values()]
        words = self._texts([[text for _, text in rows] for rows in lists])
        return tuple((number, text) for (number, _), text in zip(lists[0], words, strict=True))

    @property
    def text(self) -> Text:
        """The whole in one sentence, in every language."""
        return {language: explanation.text for language, explanation in self.explanations.items()}

    @staticmethod
    def _texts(lists: list[list[str]]) -> tuple[Text, ...]:
        return tuple(dict(zip(LANGUAGES, row, strict=True)) for row in zip(*lists, strict=True))


class StoredGrade(NamedTuple):
    """One term of a stored text. ``grade`` None with candidates = undecided, without = not gradable."""

    term: str
    grade: int | None
    candidates: tuple[int, ...]


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
        if not fault and plan.reads_baseline and "baseline_unit" in inputs.notes:
            fault = "baseline_unit"
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


def _unjudged(inputs: Inputs, plan: Plan, version: str, fault: str) -> Grade:
    decision = Decision(None, (), fault, None)
    term = plan.term
    return Grade(term.name, term.code, version, plan.side, None, (), "", inputs, plan, decision)


def _in_words(inputs: Inputs, term: Term, version: str) -> Grade:
    decision = Decision(None, (), "in_words", None)
    return Grade(term.name, term.code, version, "", None, (), "", inputs, None, decision)


def _judged(inputs: Inputs, plan: Plan, version: str) -> Grade:
    decision = _of_range(inputs, plan) if inputs.sign else _of_ages(inputs, plan, inputs.values)
    step = decision.step
    branch = step.branch if step is not None else ""
    term = plan.term
    return Grade(
        term.name, term.code, version, plan.side, decision.grade, decision.candidates, branch, inputs, plan, decision
    )


def _of_ages(inputs: Inputs, plan: Plan, values: Values) -> Decision:
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


def _unless_low(inputs: Inputs, plan: Plan, values: Values, decision: Decision) -> Decision:
    """The decision for a baseline that may be low: as for a normal one unless a low one would make a difference."""
    if "bl_low" not in plan.words:
        return decision
    other = decide(plan, values, inputs.words | {"bl_low"}, inputs.frame.facts, inputs.frame.is_baseline)
    if (other.grade, other.candidates) == (decision.grade, decision.candidates):
        return decision
    return Decision(None, (), "missing", None, ("BLLLN",), at_least=decision.grade or 0)


def _of_range(inputs: Inputs, plan: Plan) -> Decision:
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


def stored(grades: Iterable[Grade]) -> str:
    """The compact text kept in the ledger: ``Anemia=3;Hyponatremia=?2,3;X=-`` (undecided, not gradable)."""
    parts: list[str] = []
    for one in grades:
        final = one.ruling.grade if one.ruling is not None else one.grade
        if final is not None:
            parts.append(f"{one.term}={final}")
        elif one.candidates:
            parts.append(f"{one.term}=?{','.join(map(str, one.candidates))}")
        else:
            parts.append(f"{one.term}=-")
    return ";".join(parts)


_STORED = re.compile(r"(?P<term>.+)=(?:(?P<grade>[0-5])|\?(?P<open>[0-5](?:,[0-5])*)|-)")


def read_stored(text: str) -> tuple[StoredGrade, ...]:
    """Read a stored text back; raises ``ValueError`` for one that `stored` never wrote."""
    found: list[StoredGrade] = []
    for part in text.split(";") if text else ():
        match = _STORED.fullmatch(part)
        if match is None:
            raise ValueError(f"not a stored grade: {part!r}")
        candidates = tuple(int(number) for number in match["open"].split(",")) if match["open"] else ()
        found.append(StoredGrade(match["term"], int(match["grade"]) if match["grade"] else None, candidates))
    return tuple(found)


def worst(stored_text: str) -> int | None:
    """The highest decided grade of a stored text; None when none is decided."""
    return max((one.grade for one in read_stored(stored_text) if one.grade is not None), default=None)


def term_label(version: str, term: str, language: str) -> str:
    """A term's name in a language; English where no Chinese name is known."""
    found = tables.edition(version).by_name.get(term) or tables.edition(version).by_code.get(term)
    if found is None:
        return term
    return found.zh or found.name if language == "zh" else found.name
