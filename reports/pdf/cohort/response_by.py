"""Response of the groups of a division: counts, exact limits, an exact test, a forest plot."""

from __future__ import annotations

from reportlab.platypus import CondPageBreak, Flowable

from forms.study.analysis import ResponseEndpoint
from reports.figure import Figure
from reports.figures.forest import ForestLine, draw_forest
from reports.paper.page import WIDTH, Heading, captioned
from reports.paper.tables import Column, TableRow, draw_table, row
from reports.pdf.cohort.baseline import code_label
from reports.pdf.cohort.data import Cohort, Person, share
from reports.pdf.cohort.groups import (
    Group,
    compare_counts,
    division_of,
    groups_of,
    marks_of,
    p_equals,
    p_figure,
    tell,
    test_names,
)
from reports.pdf.cohort.response import answers
from reports.pdf.cohort.words import Book, count_percent, interval, part_percent, percent
from reports.statistics.proportions import CLOPPER_PEARSON

RATE = "orr"


def _evaluable(cohort: Cohort, endpoint: ResponseEndpoint) -> tuple[Person, ...]:
    by_subject = answers(cohort, endpoint)
    return tuple(person for person in cohort.asked(endpoint) if person.id in by_subject)


def _groups(cohort: Cohort, endpoint: ResponseEndpoint, division: str) -> tuple[Group, ...]:
    return groups_of(cohort, division, _evaluable(cohort, endpoint))


def _classes(endpoint: ResponseEndpoint) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The rows that are counted: the rate, then each class that is shown."""
    return ((RATE, endpoint.responders), *((code.lower(), (code,)) for code in endpoint.shown))


def response_by_figures(cohort: Cohort) -> list[Figure]:
    """Rate and classes of each group, and the test of each, for endpoints that name divisions."""
    found: list[Figure] = []
    for endpoint in cohort.analysis.responses:
        for division in endpoint.by:
            found += _figures(cohort, endpoint, division)
    return found


def _figures(cohort: Cohort, endpoint: ResponseEndpoint, division: str) -> list[Figure]:
    by_subject, groups = answers(cohort, endpoint), _groups(cohort, endpoint, division)
    base, when = f"response_by.{endpoint.id}.{division}", cohort.said(endpoint.label)
    found = []
    for name, codes in _classes(endpoint):
        words = "+".join(codes) if name == RATE else code_label(cohort, endpoint.codelist, codes[0])
        label = f"{when}: {words}"
        counts = []
        for group in groups:
            members = [person for person in group.people if by_subject[person.id] in codes]
            counts.append([len(members), len(group.people) - len(members)])
            told = cohort.say("narrowed", name=label, by=group.label)
            found.append(
                share(f"{base}.{group.code}.{name}", told, members, len(group.people), interval=True,
                      stratum=group.label)
            )  # fmt: skip
        people = [person for group in groups for person in group.people]
        found.append(p_figure(f"{base}.p.{name}", tell(cohort, "p_of", name=label), compare_counts(counts), people))
    return found


def draw_response_by(cohort: Cohort, book: Book) -> list[Flowable]:
    """For each endpoint that names divisions: the table and the forest plot."""
    flowables: list[Flowable] = []
    for endpoint in cohort.analysis.responses:
        if endpoint.by and _evaluable(cohort, endpoint):
            when = cohort.said(endpoint.label)
            head = tell(cohort, "response.head", when=when)
            flowables += [
                CondPageBreak(220),
                Heading(head, 1, f"response-by-{endpoint.id}", cohort.language),
                _table(cohort, endpoint, book),
                *_forest(cohort, endpoint, book),
            ]
    return flowables


def _table(cohort: Cohort, endpoint: ResponseEndpoint, book: Book) -> Flowable:
    names = [each for each in _classes(endpoint) if each[0] == RATE or each[1] != endpoint.responders]
    columns = [Column(tell(cohort, "response.group"), wrap=True)]
    rate = tell(cohort, "response.rate", classes="+".join(endpoint.responders))
    columns += [Column(rate, "point"), Column(cohort.say("interval_head"), "point")]
    columns += [Column(code_label(cohort, endpoint.codelist, codes[0]), "point") for _, codes in names[1:]]
    rows: list[TableRow] = []
    marks = marks_of(book.under(f"response_by.{endpoint.id}."))

    def p_of(name: str) -> str:
        return f"P {p_equals(book[name], marks)}" if book[name].p is not None else ""

    for division in endpoint.by:
        base = f"response_by.{endpoint.id}.{division}"
        told = [p_of(f"{base}.p.{name}") for name, _ in names]
        rows.append(row(cohort.said(division_of(cohort, division).label), told[0], "", *told[1:], kind="group"))
        for group in _groups(cohort, endpoint, division):
            orr = book[f"{base}.{group.code}.{RATE}"]
            counts = [count_percent(book[f"{base}.{group.code}.{name}"]) for name, _ in names[1:]]
            rows.append(row(group.label, part_percent(orr), interval(orr), *counts, kind="indent"))
    tests = test_names(cohort, (one for one in book.under(f"response_by.{endpoint.id}.") if one.test))
    note = tell(cohort, "response.note", method=cohort.method(CLOPPER_PEARSON), tests=tests)
    title = tell(cohort, "response.title", no=cohort.next_table(), when=cohort.said(endpoint.label))
    return draw_table(columns, rows, language=cohort.language, title=title, note=note, size=7.4)


def _forest(cohort: Cohort, endpoint: ResponseEndpoint, book: Book) -> list[Flowable]:
    total = book[f"response.orr.{endpoint.id}"]
    entries = [_entry(cohort, tell(cohort, "response.everyone"), total)]
    for division in endpoint.by:
        base = f"response_by.{endpoint.id}.{division}"
        p = book[f"{base}.p.{RATE}"]
        entries.append(
            ForestLine(cohort.said(division_of(cohort, division).label), f"P {p_equals(p)}" if p.p is not None else "",
                  heading=True)
        )  # fmt: skip
        groups = _groups(cohort, endpoint, division)
        entries += [_entry(cohort, group.label, book[f"{base}.{group.code}.{RATE}"]) for group in groups]
    reference = None if total.value is None else float(str(total.value))
    drawing = draw_forest(entries, reference, width=WIDTH, axis=tell(cohort, "response.axis"))
    method, when = cohort.method(CLOPPER_PEARSON), cohort.said(endpoint.label)
    caption = tell(cohort, "response.forest", no=cohort.next_drawing(), when=when, method=method)
    return captioned(drawing, caption, cohort.language)


def _entry(cohort: Cohort, name: str, figure: Figure) -> ForestLine:
    if figure.value is None:
        return ForestLine(name)
    numbers = f"{figure.n}/{figure.denominator}, {percent(figure.value, cohort.language)} ({interval(figure)})"
    low, high = float(figure.ci_low or 0), float(figure.ci_high if figure.ci_high is not None else 100)
    return ForestLine(name, numbers, float(str(figure.value)), low, high)
