"""Who was in and why: each criterion by the answers and by the data, and the subjects against whom one stands."""

from __future__ import annotations

from reportlab.platypus import CondPageBreak, Flowable

from forms.sheet.eligibility import JudgedCriterion, criteria_of
from reports.figure import Figure
from reports.paper.page import Heading
from reports.paper.tables import Column, TableRow, draw_table, row
from reports.pdf.cohort.data import Cohort, Person, ids, share
from reports.pdf.cohort.words import DASH, Book

PARTS = ("satisfied", "failed", "against", "open")
"""Answered as satisfied; answered as not; not satisfied by the data; not answered."""


def _criteria(cohort: Cohort) -> dict[str, tuple[JudgedCriterion, ...]]:
    """Criteria of each subject as far as its forms say by the cut-off."""
    return cohort.once(("eligibility",), lambda: {person.id: criteria_of(person.subject) for person in cohort.people})


def eligibility_figures(cohort: Cohort) -> list[Figure]:
    """Four counts for each criterion, over everybody in the store; nothing when the study names no criterion."""
    found = []
    criteria = _criteria(cohort)
    for at, rule in enumerate(cohort.study.eligibility):
        label = cohort.said(rule.label)
        for part in PARTS:
            members = [person for person in cohort.people if _is(part, criteria[person.id][at])]
            told = cohort.say("narrowed", name=label, by=cohort.say(f"eligibility.{part}"))
            found.append(share(f"eligibility.{rule.id}.{part}", told, members, len(cohort.people)))
    if cohort.study.eligibility:
        members = [person for person in cohort.enrolled if _against(criteria[person.id])]
        label = cohort.say("eligibility.in_against", set=cohort.enrolled_label)
        found.append(share("eligibility.in_against", label, members, len(cohort.enrolled)))
    return found


def _is(part: str, criterion: JudgedCriterion) -> bool:
    if part == "against":
        return criterion.by_data is False
    return criterion.answered is {"satisfied": True, "failed": False, "open": None}[part]


def _against(criteria: tuple[JudgedCriterion, ...]) -> bool:
    return any(criterion.failed for criterion in criteria)


def draw_eligibility(cohort: Cohort, book: Book) -> list[Flowable]:
    """The table of criteria and the listing of subjects; nothing when the study names no criterion."""
    if not cohort.study.eligibility or not cohort.people:
        return []
    head = Heading(cohort.say("eligibility.head"), 1, "eligibility", cohort.language)
    return [CondPageBreak(200), head, _table(cohort, book), _listing(cohort, book)]


def _table(cohort: Cohort, book: Book) -> Flowable:
    columns = [Column(cohort.say("eligibility.column"), wrap=True)]
    columns += [Column(cohort.say(f"eligibility.{part}"), "right", width=74) for part in PARTS]
    rows = []
    for rule in cohort.study.eligibility:
        counts = [book[f"eligibility.{rule.id}.{part}"] for part in PARTS]
        told = [str(figure.n) for figure in counts]
        if not rule.holds:
            told[PARTS.index("against")] = DASH
        rows.append(row(f"{rule.id}  {cohort.said(rule.label)}", *told))
    title = cohort.table("eligibility.title", n=len(cohort.people))
    note = cohort.say("eligibility.note")
    return draw_table(columns, rows, language=cohort.language, title=title, note=note, size=7.4)


def _listing(cohort: Cohort, book: Book) -> Flowable:
    inside = set(ids(cohort.enrolled))
    criteria = _criteria(cohort)
    listed = [person for person in cohort.people if _against(criteria[person.id])]
    rows = [_subject_row(cohort, person, person.id in inside, criteria[person.id]) for person in listed]
    entered = cohort.say("narrowed", name=cohort.say("eligibility.in"), by=cohort.enrolled_label)
    columns = (
        Column(cohort.say("subject")),
        Column(entered, wrap=True, width=70),
        Column(cohort.say("eligibility.failed"), wrap=True),
        Column(cohort.say("eligibility.against"), wrap=True),
    )
    counted = book["eligibility.in_against"]
    note = cohort.say("eligibility.listing_note", set=cohort.enrolled_label, n=counted.n, total=counted.denominator)
    title = cohort.table("eligibility.listing")
    return draw_table(columns, rows, language=cohort.language, title=title, note=note, size=7.4, lined=True)


def _subject_row(cohort: Cohort, person: Person, inside: bool, criteria: tuple[JudgedCriterion, ...]) -> TableRow:
    answered = [criterion.rule for criterion in criteria if criterion.answered is False]
    by_data = [criterion.rule for criterion in criteria if criterion.by_data is False]
    cells = [
        cohort.say("joint").join(f"{rule.id} {cohort.said(rule.label)}" for rule in rules) or DASH
        for rules in (answered, by_data)
    ]
    return row(person.id, cohort.say("yes") if inside else cohort.say("no"), *cells)
