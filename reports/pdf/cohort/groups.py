"""Groups of patients by a division of the definition, and the tests that compare them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from string import ascii_lowercase

from forms.study.analysis import Division
from forms.texts import say
from reports.figure import Figure
from reports.pdf.cohort.baseline import category, code_label
from reports.pdf.cohort.data import Cohort, Person
from reports.pdf.cohort.words import DASH
from reports.statistics import comparisons as tests
from reports.statistics.freeman_halton import DRAWS
from reports.statistics.numbers import rounded
from reports.statistics.survival import LOG_RANK

P_DECIMALS = 4
LEAST = Decimal("0.001")
"""Smaller probabilities are printed as "<0.001"."""

_NAMES = {
    tests.FISHER: "fisher",
    tests.FREEMAN_HALTON: "freeman_halton",
    tests.FREEMAN_HALTON_DRAWN: "freeman_halton_drawn",
    tests.PEARSON: "pearson",
    tests.RANK_SUM: "rank_sum",
    tests.RANK_SUM_NORMAL: "rank_sum_normal",
    tests.RANK_SUM_PLAIN: "rank_sum_plain",
    tests.SIGNED_RANK: "signed_rank",
    tests.SIGNED_RANK_PLAIN: "signed_rank_plain",
    tests.SIGNED_RANK_NORMAL: "signed_rank_normal",
    LOG_RANK: "log_rank",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Patients of one group: its code, what it is called, who is in it."""

    code: str
    label: str
    people: tuple[Person, ...]


def tell(cohort: Cohort, key: str, **values: object) -> str:
    """A text of the comparisons in the report's language."""
    return say(cohort.language, f"compare.{key}", **values)


def division_of(cohort: Cohort, division: str) -> Division:
    """The division of that id."""
    return next(entry for entry in cohort.analysis.divisions if entry.id == division)


def groups_of(cohort: Cohort, division: str, people: Iterable[Person]) -> tuple[Group, ...]:
    """The groups of some people, in the definition's order; groups without anybody are left out unless named there."""
    rule = division_of(cohort, division)
    codes = cohort.once(("division", division), lambda: _codes(cohort, rule))
    members: dict[str, list[Person]] = {code: [] for code in rule.shown}
    for person in people:
        if codes.get(person.id):
            members.setdefault(codes[person.id], []).append(person)
    codelist = cohort.study.codelist_by_id.get(rule.codelist)
    listed = [entry.code for entry in codelist.codes] if codelist else []
    order = [*rule.shown, *(code for code in listed if code in members and code not in rule.shown)]
    order = [code for code in order if code in members and (members[code] or not rule.shown)]
    return tuple(Group(code, code_label(cohort, rule.codelist, code), tuple(members[code])) for code in order)


def _codes(cohort: Cohort, rule: Division) -> dict[str, str]:
    answers = {person.id: person.value(rule.value) for person in cohort.people}
    return {subject: category(answer) for subject, answer in answers.items() if answer is not None}


# --- tests ------------------------------------------------------------------------------------------------------------


def compare_counts(table: Sequence[Sequence[int]]) -> tests.Tested:
    """Fisher's test of a table of groups by answers, whatever its size."""
    filled = [column for column in zip(*table, strict=True) if sum(column)]
    lines = [list(line) for line in zip(*filled, strict=True) if sum(line)] if filled else []
    if len(lines) < 2 or len(lines[0]) < 2:
        return tests.Tested(None, tests.FISHER)
    return tests.fisher(lines) if len(lines) == 2 == len(lines[0]) else tests.freeman_halton(lines)


def compare_numbers(cohort: Cohort, groups: Sequence[Sequence[Decimal]]) -> tests.Tested:
    """Rank-sum test of two groups; more groups are not tested."""
    if len(groups) != 2:
        return tests.Tested(None, tests.RANK_SUM)
    return tests.rank_sum(groups[0], groups[1], plain=plain_ranks(cohort))


def plain_ranks(cohort: Cohort) -> bool:
    """Whether the definition wants the normal approximation without continuity correction."""
    return cohort.analysis.rank_tests == "normal"


def p_figure(figure: str, label: str, found: tests.Tested, people: Iterable[Person], stratum: str = "") -> Figure:
    """The figure of a test: its P value."""
    p = rounded(found.p, P_DECIMALS)
    subjects = tuple(person.id for person in people)
    return Figure(
        figure, label, p, n=len(subjects), p=p, test=found.method if p is not None else "", stratum=stratum,
        subjects=subjects, note=f"standard error {found.error:.5f}" if found.error else "",
    )  # fmt: skip


def p_words(figure: Figure, marks: Mapping[str, str] | None = None) -> str:
    """``0.009``, ``<0.001``; a dash when there was nothing to test. The mark of its test follows, if tests have any."""
    if figure.p is None:
        return DASH
    shown = rounded(figure.p, 3)
    words = "<0.001" if figure.p < LEAST or shown is None else str(shown)
    return f"{words} {marks[figure.test]}" if marks and figure.test in marks else words


def p_equals(figure: Figure, marks: Mapping[str, str] | None = None) -> str:
    """``= 0.009`` or ``< 0.001``."""
    words = p_words(figure, marks)
    return f"< {words[1:]}" if words.startswith("<") else f"= {words}"


def marks_of(figures: Iterable[Figure]) -> dict[str, str]:
    """The letter that stands beside each P value for its test; none where one test gave them all."""
    seen = dict.fromkeys(figure.test for figure in figures if figure.test)
    return dict(zip(seen, ascii_lowercase, strict=False)) if len(seen) > 1 else {}


def test_names(cohort: Cohort, figures: Iterable[Figure]) -> str:
    """The names of the tests behind figures, each once, with its mark where there are several."""
    told = list(figures)
    marks = marks_of(told)
    seen = dict.fromkeys(figure.test for figure in told if figure.test)
    named = ((marks.get(name, ""), tell(cohort, f"method.{_NAMES[name]}", draws=f"{DRAWS:,}")) for name in seen)
    return cohort.say("joint").join(f"{mark} {words}".strip() for mark, words in named) or DASH
