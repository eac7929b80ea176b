"""Adverse events of the groups of a division: each patient once a term, any grade and grade 3 or more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from reportlab.platypus import CondPageBreak, Flowable

from forms.grading.grade import term_label
from reports.figure import Figure
from reports.paper.page import Heading
from reports.paper.tables import Column, draw_table, row
from reports.pdf.cohort.data import Cohort, share
from reports.pdf.cohort.groups import Group, division_of, groups_of, tell
from reports.pdf.cohort.safety import SEVERE, Tally, events_of, term_id
from reports.pdf.cohort.words import Book, count_percent

ANY = "all"


def _groups(cohort: Cohort) -> tuple[Group, ...]:
    by = cohort.analysis.safety_by
    return groups_of(cohort, by, cohort.treated) if by and cohort.analysis.adverse_events else ()


def tallies(cohort: Cohort) -> dict[str, Tally]:
    """Who had each term by the last day that counts, with the worst grade; under "" who had any."""
    return cohort.once(("tallies by group",), lambda: _count(cohort))


def _count(cohort: Cohort) -> dict[str, Tally]:
    found: defaultdict[str, Tally] = defaultdict(Tally)
    for group in _groups(cohort):
        for person in group.people:
            until = person.day(cohort.analysis.safety_until)
            for event in events_of(cohort, person, until):
                found[""].add(person.id, event.grade)
                found[event.term].add(person.id, event.grade)
    return dict(found)


def _terms(cohort: Cohort) -> list[str]:
    """Terms by falling number of patients."""
    found = tallies(cohort)
    return sorted((term for term in found if term), key=lambda term: (-len(found[term].worst), term))


def safety_by_figures(cohort: Cohort) -> list[Figure]:
    """Any grade and grade 3 or more of each term in each group."""
    groups, found = _groups(cohort), tallies(cohort)
    figures = []
    for term in ["", *_terms(cohort)] if groups else []:
        label = term_label(cohort.study.ctcae, term, cohort.language) if term else tell(cohort, "safety.any_event")
        for group in groups:
            base = (
                f"ae_by.{cohort.analysis.safety_by}.{group.code}.{term_id(cohort.study.ctcae, term) if term else ANY}"
            )
            tally = found.get(term, Tally())
            figures += [
                _share(f"{base}.any", label, group, tally.worst.keys()),
                _share(f"{base}.grade3", label, group, tally.at_least(SEVERE)),
            ]
    return figures


def _share(figure: str, label: str, group: Group, subjects: Iterable[str]) -> Figure:
    chosen = set(subjects)
    members = [person for person in group.people if person.id in chosen]
    return share(figure, label, members, len(group.people), stratum=group.label)


def draw_safety_by(cohort: Cohort, book: Book) -> list[Flowable]:
    """The table; nothing when the definition names no division for it."""
    groups = _groups(cohort)
    if not groups:
        return []
    by = cohort.analysis.safety_by
    columns = [Column(cohort.say("ae.column"), wrap=True)]
    for group in groups:
        values = {"name": group.label, "n": len(group.people)}
        heads = [tell(cohort, f"safety.{part}", **values) for part in ("any", "severe")]
        columns += [Column(head, "point", width=min(88, 300 / (2 * len(groups)))) for head in heads]
    rows = []
    for term in ["", *_terms(cohort)]:
        bases = [f"ae_by.{by}.{group.code}.{term_id(cohort.study.ctcae, term) if term else ANY}" for group in groups]
        cells = [count_percent(one) if one.n else "0" for base in bases for one in _pair(book, base)]
        rows.append(row(book[f"{bases[0]}.any"].label, *cells, kind="plain" if term else "strong"))
    division = cohort.said(division_of(cohort, by).label)
    title = tell(cohort, "safety.title", no=cohort.next_table(), division=division)
    note = tell(cohort, "safety.until" if cohort.analysis.safety_until else "safety.all")
    table = draw_table(columns, rows, language=cohort.language, title=title, note=note, size=7.4)
    head = Heading(tell(cohort, "safety.head", division=division), 1, "safety-by", cohort.language)
    return [CondPageBreak(200), head, table]


def _pair(book: Book, base: str) -> tuple[Figure, Figure]:
    return book[f"{base}.any"], book[f"{base}.grade3"]
