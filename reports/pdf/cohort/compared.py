"""Tables of variables with a column for everyone and one for each group: baseline by group, outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportlab.platypus import CondPageBreak, Flowable

from forms.shown import unit_words
from forms.study.analysis import Variable
from reports.figure import Figure
from reports.paper.page import Heading
from reports.paper.tables import Column, TableRow, draw_table, row
from reports.pdf.cohort.baseline import category, code_label, number_figures
from reports.pdf.cohort.data import Cohort, Person, as_amount, as_number, share
from reports.pdf.cohort.groups import (
    Group,
    compare_counts,
    compare_numbers,
    division_of,
    groups_of,
    marks_of,
    p_figure,
    p_words,
    tell,
    test_names,
)
from reports.pdf.cohort.words import DASH, Book, count_percent, middle_range, part_percent

ALL = "all"


@dataclass(frozen=True)
class Compared:
    """One table: its figures begin with ``base``."""

    base: str
    variables: tuple[Variable, ...]
    everyone: Group
    groups: tuple[Group, ...]
    test: bool

    @property
    def columns(self) -> tuple[Group, ...]:
        """Everyone, then the groups."""
        return (self.everyone, *self.groups)


def _everyone(cohort: Cohort, people: tuple[Person, ...]) -> Group:
    return Group(ALL, tell(cohort, "total"), people)


def tables_of(cohort: Cohort) -> tuple[Compared, ...]:
    """The outcome tables of the definition."""
    found = []
    for entry in cohort.analysis.outcomes:
        people = cohort.sets[entry.set]
        groups = groups_of(cohort, entry.by, people) if entry.by else ()
        base = f"outcome.{entry.id}"
        found.append(Compared(base, entry.variables, _everyone(cohort, people), groups, entry.test))
    return tuple(found)


def baseline_table(cohort: Cohort) -> Compared | None:
    """The baseline variables by group, when the definition asks for it."""
    by = cohort.analysis.baseline_by
    if not by:
        return None
    people = cohort.enrolled
    groups = groups_of(cohort, by, people)
    variables = tuple(variable for variable in cohort.analysis.baseline if variable.id != by)
    return Compared(f"baseline_by.{by}", variables, _everyone(cohort, people), groups, cohort.analysis.baseline_tests)


def compared_figures(cohort: Cohort) -> list[Figure]:
    """Every number of these tables."""
    baseline = baseline_table(cohort)
    tables = (*((baseline,) if baseline else ()), *tables_of(cohort))
    return [figure for table in tables for figure in _figures(cohort, table)]


def _figures(cohort: Cohort, table: Compared) -> list[Figure]:
    found = []
    for variable in table.variables:
        answers = {person.id: person.value(variable.value) for person in table.everyone.people}
        for group in table.columns:
            found += _cell_figures(cohort, table, variable, group, answers)
        if table.test and len(table.groups) > 1:
            found.append(_p_figure(cohort, table, variable, answers))
    return found


def _cell_figures(
    cohort: Cohort, table: Compared, variable: Variable, group: Group, answers: dict[str, object]
) -> list[Figure]:
    base, name = f"{table.base}.{group.code}.{variable.id}", cohort.said(variable.label)
    stratum = "" if group.code == ALL else group.label
    label = cohort.say("narrowed", name=name, by=stratum) if stratum else name
    if variable.kind == "number":
        values = [(person.id, as_amount(answers[person.id])) for person in group.people]
        return number_figures(base, label, values, variable.unit, variable.decimals)
    known = [person for person in group.people if answers[person.id] is not None]
    if variable.kind == "yes":
        members = [person for person in known if answers[person.id] is True]
        return [share(base, label, members, len(known), stratum=stratum)]
    return [
        share(
            f"{base}.{code}",
            f"{label}: {code_label(cohort, variable.codelist, code)}",
            [person for person in known if category(answers[person.id]) == code],
            len(known),
            stratum=stratum,
        )
        for code in _codes(cohort, variable, answers)
    ]


def _codes(cohort: Cohort, variable: Variable, answers: dict[str, object]) -> list[str]:
    present = {category(answer) for answer in answers.values() if answer is not None}
    codelist = cohort.study.codelist_by_id.get(variable.codelist)
    listed = [entry.code for entry in codelist.codes if entry.code in present] if codelist else []
    return listed + sorted(present - set(listed), key=lambda code: (len(code.partition(".")[0]), code))


def _p_figure(cohort: Cohort, table: Compared, variable: Variable, answers: dict[str, object]) -> Figure:
    figure = f"{table.base}.p.{variable.id}"
    label = tell(cohort, "p_of", name=cohort.said(variable.label))
    people = [person for group in table.groups for person in group.people if answers[person.id] is not None]
    if variable.kind == "number":
        numbers = [[as_number(answers[person.id]) for person in group.people] for group in table.groups]
        found = compare_numbers(cohort, [[value for value in line if value is not None] for line in numbers])
        return p_figure(figure, label, found, people)
    words = {person.id: category(answers[person.id]) for person in people}
    codes = sorted(set(words.values()))
    counts = [[sum(words.get(one.id) == code for one in group.people) for code in codes] for group in table.groups]
    return p_figure(figure, label, compare_counts(counts), people)


# --- drawing ----------------------------------------------------------------------------------------------------------


def draw_baseline_by(cohort: Cohort, book: Book) -> list[Flowable]:
    """The baseline table with its groups; nothing when the definition asks for none."""
    table = baseline_table(cohort)
    if table is None or not table.groups:
        return []
    division = cohort.said(division_of(cohort, cohort.analysis.baseline_by).label)
    title = tell(cohort, "baseline.title", no=cohort.next_table(), division=division)
    head = Heading(tell(cohort, "baseline.head"), 1, "baseline-by", cohort.language)
    return [CondPageBreak(200), head, _draw(cohort, book, table, title, "")]


def draw_outcomes(cohort: Cohort, book: Book) -> list[Flowable]:
    """The outcome tables that stand with the response."""
    return _draw_section(cohort, book, "response")


def draw_exposure_by(cohort: Cohort, book: Book) -> list[Flowable]:
    """The tables that stand with the exposure."""
    return _draw_section(cohort, book, "exposure")


def _draw_section(cohort: Cohort, book: Book, section: str) -> list[Flowable]:
    flowables: list[Flowable] = []
    for entry, table in zip(cohort.analysis.outcomes, tables_of(cohort), strict=True):
        if entry.section != section or not table.everyone.people:
            continue
        name = cohort.said(entry.label)
        title = tell(cohort, "outcome.title", no=cohort.next_table(), name=name)
        note = cohort.said(entry.note) if entry.note else ""
        head = Heading(name, 1, f"outcome-{entry.id}", cohort.language)
        flowables += [CondPageBreak(160), head, _draw(cohort, book, table, title, note)]
    return flowables


def _draw(cohort: Cohort, book: Book, table: Compared, title: str, note: str) -> Flowable:
    tested = table.test and len(table.groups) > 1
    columns = [Column(cohort.say("baseline.characteristic"), wrap=True)]
    columns += [Column(f"{group.label}\n(n = {len(group.people)})", "point") for group in table.columns]
    columns += [Column(tell(cohort, "p_head"), "right", width=44)] if tested else []
    marks = marks_of(book.under(f"{table.base}.p.")) if tested else None
    rows = [line for variable in table.variables for line in _rows(cohort, book, table, variable, marks)]
    notes = [note] if note else []
    notes.append(tell(cohort, "note.columns"))
    if tested:
        notes.append(tell(cohort, "note.test", tests=test_names(cohort, book.under(f"{table.base}.p."))))
    return draw_table(columns, rows, language=cohort.language, title=title, note="\n".join(notes), size=7.4)


def _rows(
    cohort: Cohort, book: Book, table: Compared, variable: Variable, marks: Mapping[str, str] | None
) -> list[TableRow]:
    name = cohort.said(variable.label)
    behind = [p_words(book[f"{table.base}.p.{variable.id}"], marks)] if marks is not None else []
    bases = [f"{table.base}.{group.code}.{variable.id}" for group in table.columns]
    if variable.kind == "number":
        known = any(variable.unit in label for label in variable.label.values())
        plain = variable.unit in ("", "a", "d", "1", "wk") or known
        shown = name if plain else cohort.say("narrowed", name=name, by=unit_words(variable.unit, cohort.language))
        cells = [middle_range(*(book[f"{base}.{part}"] for part in ("median", "min", "max"))) for base in bases]
        return [row(shown, *cells, *behind)]
    if variable.kind == "yes":
        return [row(name, *_counted([book[base] for base in bases], table.columns), *behind)]
    rows = [row(name, *[""] * len(bases), *behind, kind="group")]
    for figure in book.under(f"{bases[0]}."):
        code = figure.id.removeprefix(f"{bases[0]}.")
        words = figure.label.rpartition(": ")[2]
        rows.append(row(words, *_counted([book[f"{base}.{code}"] for base in bases], table.columns), kind="indent"))
    return rows


def _counted(figures: Sequence[Figure], groups: Sequence[Group]) -> list[str]:
    """``7 (38.9)``; ``5/8 (62.5)`` where not everyone of the group is counted."""
    whole = all(figure.denominator == len(group.people) for figure, group in zip(figures, groups, strict=True))
    return [
        DASH if not figure.denominator else count_percent(figure) if whole else part_percent(figure)
        for figure in figures
    ]
