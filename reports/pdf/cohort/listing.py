"""Listings: deaths one by one, milestones, and what is still missing or asked."""

from __future__ import annotations

from collections import Counter

from reportlab.platypus import Flowable

from forms.study.definition import Variable
from forms.value import MISSING_CODES
from forms.values.censored import Censored
from forms.values.dates import PartialDate
from reports.figure import Figure
from reports.paper.page import Heading
from reports.paper.tables import Column, draw_table, row
from reports.pdf.cohort.baseline import category, code_label
from reports.pdf.cohort.data import Cohort, Person, as_number
from reports.pdf.cohort.dates import death_words
from reports.pdf.cohort.words import DASH, Book, number, part_percent
from reports.statistics.numbers import rounded


def listing_figures(cohort: Cohort) -> list[Figure]:
    """Deaths, the numbers of each, and the state of the data."""
    dead = [person for person in cohort.people if person.id in cohort.dead]
    subjects = tuple(person.id for person in dead)
    found = [
        Figure("deaths.all", cohort.say("deaths.all"), len(dead), "", len(dead), len(cohort.people), subjects=subjects)
    ]
    for person in dead:
        for variable in cohort.analysis.deaths:
            if variable.kind == "number":
                amount = person.amount(variable.value)
                value = rounded(as_number(amount), variable.decimals)
                sign = amount.sign if isinstance(amount, Censored) else ""
                label = f"{person.id}: {cohort.said(variable.label)}"
                figure = f"deaths.{person.id}.{variable.id}"
                found.append(Figure(figure, label, value, variable.unit, subjects=(person.id,), sign=sign))
    return found + _quality_figures(cohort)


def _quality_figures(cohort: Cohort) -> list[Figure]:
    missing: dict[str, Counter[str]] = {code: Counter() for code in MISSING_CODES}
    unread, asked, begun, complete = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for person in cohort.people:
        recorded = person.data.subject.values
        for value in (recorded[place] for place in person.subject.values if place in recorded):
            if value.missing in missing:
                missing[value.missing][person.id] += 1
            elif value.unread:
                unread[person.id] += 1
        asked[person.id] += sum(query.is_open for query in person.data.queries)
        begun_at_all = set(person.data.subject.keys())
        for key in (key for key in person.subject.keys() if key in begun_at_all):
            status = person.data.states.get(key, person.subject.state(key)).status
            begun[person.id] += status == "started"
            complete[person.id] += status == "complete"
    found = [
        _count(cohort, "quality.forms_complete", complete),
        _count(cohort, "quality.forms_started", begun),
        _count(cohort, "quality.open_queries", asked),
        _count(cohort, "quality.unread", unread),
    ]
    return found + [_count(cohort, f"quality.missing_{code.lower()}", counts) for code, counts in missing.items()]


def _count(cohort: Cohort, figure: str, counts: Counter[str]) -> Figure:
    subjects = tuple(sorted(subject for subject, count in counts.items() if count))
    total = sum(counts.values())
    return Figure(figure, cohort.say(figure), total, "", total, subjects=subjects)


def draw_deaths(cohort: Cohort, book: Book) -> list[Flowable]:
    """One row a death, the columns of the definition."""
    dead = [person for person in cohort.people if person.id in cohort.dead]
    variables = cohort.analysis.deaths
    columns = [Column(cohort.say("subject"))]
    columns += [
        Column(cohort.said(variable.label), "right" if variable.kind == "number" else "left", wrap=_wraps(variable))
        for variable in variables
    ]
    rows = [row(person.id, *(_cell(cohort, person, variable, book) for variable in variables)) for person in dead]
    title = cohort.table("deaths.title", n=len(dead), total=len(cohort.people))
    table = draw_table(columns, rows, language=cohort.language, title=title, lined=True, size=7.4)
    return [Heading(cohort.say("deaths.head"), 0, "deaths", cohort.language), table]


def _wraps(variable: Variable) -> bool:
    return variable.kind == "category"


def _cell(cohort: Cohort, person: Person, variable: Variable, book: Book) -> str:
    figure = f"deaths.{person.id}.{variable.id}"
    if figure in book:
        value = book[figure].value
        return DASH if value is None else number(value)
    answer = person.value(variable.value)
    if answer is None:
        return DASH
    if isinstance(answer, PartialDate) and answer.first() == cohort.dead[person.id]:
        known = death_words(cohort, person.id)
        if known:
            return known
    if variable.kind == "yes":
        return cohort.say("yes") if answer is True else cohort.say("no")
    return code_label(cohort, variable.codelist, category(answer))


def draw_milestones(cohort: Cohort, book: Book) -> list[Flowable]:
    """Milestones with the median study day on which they happened."""
    rows = []
    for milestone in cohort.analysis.milestones:
        figure, day = book[f"milestone.{milestone.id}"], book[f"milestone.{milestone.id}.median_day"]
        shown = DASH if day.value is None else number(day.value)
        rows.append(row(figure.label, part_percent(figure), shown, ", ".join(figure.subjects) or DASH))
    if cohort.counts_from_first_dose:
        head, note = cohort.say("milestones.day"), cohort.say("milestones.note", set=cohort.treated_label)
    else:
        endpoint = cohort.said(cohort.analysis.survivals[0].label)
        head = cohort.say("milestones.day_of_origin")
        note = cohort.say("milestones.note_of_origin", set=cohort.treated_label, endpoint=endpoint)
    columns = (
        Column(cohort.say("milestones.column")),
        Column("n/N (%)", "centre"),
        Column(head, "point"),
        Column(cohort.say("subjects"), wrap=True),
    )
    table = draw_table(columns, rows, language=cohort.language, title=cohort.table("milestones.title"), note=note)
    return [Heading(cohort.say("milestones.head"), 0, "milestones", cohort.language), table]


def draw_quality(cohort: Cohort, book: Book) -> list[Flowable]:
    """Data that are missing, unread or asked about."""
    rows = [
        row(figure.label, number(figure.value), str(len(figure.subjects)), _some(figure.subjects, len(cohort.people)))
        for figure in book.under("quality.")
    ]
    columns = (
        Column(cohort.say("quality.column"), wrap=True),
        Column(cohort.say("quality.count"), "right"),
        Column(cohort.say("quality.of_subjects"), "right"),
        Column(cohort.say("subjects"), wrap=True),
    )
    title, note = cohort.table("quality.title"), cohort.say("quality.note")
    table = draw_table(columns, rows, language=cohort.language, title=title, note=note)
    return [Heading(cohort.say("quality.head"), 0, "quality", cohort.language), table]


def _some(subjects: tuple[str, ...], everybody: int, most: int = 20) -> str:
    """Ids, unless they are very many: the annex names them all."""
    if not subjects:
        return DASH
    return ", ".join(subjects) if len(subjects) <= most else f"{len(subjects)}/{everybody}"
