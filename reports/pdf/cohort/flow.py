"""From screening to what became of everybody: sets, responses, milestones."""

from __future__ import annotations

from decimal import Decimal

from reportlab.platypus import Flowable

from reports.figure import Figure
from reports.figures.flow import FlowBox, FlowStep, draw_flow
from reports.paper.page import WIDTH, Heading, captioned
from reports.pdf.cohort.baseline import code_label
from reports.pdf.cohort.data import Cohort, Person, as_number, ids, share
from reports.pdf.cohort.words import Book, part_percent
from reports.statistics.describe import describe
from reports.statistics.numbers import rounded

NAMED = 12
"""Up to so many patients are named in a side box."""


def flow_figures(cohort: Cohort) -> list[Figure]:
    """Everybody in the store, each set, each milestone."""
    everybody = ids(cohort.people)
    label = cohort.say("flow.screened")
    found = [Figure("flow.screened", label, len(everybody), "", len(everybody), subjects=everybody)]
    for entry in cohort.analysis.sets:
        inside = ids(cohort.sets[entry.id])
        label, count = cohort.said(entry.label), len(inside)
        found.append(Figure(f"flow.{entry.id}", label, count, "", count, subjects=inside))
    origin = cohort.analysis.survivals[0].origin if cohort.analysis.survivals else ""
    for milestone in cohort.analysis.milestones:
        name = cohort.said(milestone.label)
        days = {person.id: person.day(milestone.value) for person in cohort.treated}
        members = [person for person in cohort.treated if (day := days[person.id]) is not None and day <= cohort.day]
        found.append(share(f"milestone.{milestone.id}", name, members, len(cohort.treated)))
        found += _days_figure(cohort, f"milestone.{milestone.id}", name, members, origin, milestone.value)
    found.append(_alive(cohort))
    return found


def _days_figure(
    cohort: Cohort, base: str, name: str, members: list[Person], origin: str, expression: str
) -> list[Figure]:
    """Median study day of a milestone: the day of the origin is day 1."""
    days = []
    for person in members:
        start, day = person.day(origin), person.day(expression)
        if start is not None and day is not None:
            days.append(Decimal((day - start).days + (day >= start)))
    median = as_number(describe(days).median)
    label = f"{name}: {cohort.say('flow.median_day')}"
    return [Figure(f"{base}.median_day", label, rounded(median, 1), "d", len(days), subjects=ids(members))]


def _alive(cohort: Cohort) -> Figure:
    members = [person for person in cohort.treated if person.id not in cohort.dead]
    return share("flow.alive", cohort.say("flow.alive"), members, len(cohort.treated))


def draw_flow_section(cohort: Cohort, book: Book) -> list[Flowable]:
    """The diagram and its caption."""
    screened = book["flow.screened"]
    steps = [FlowStep((FlowBox((f"{screened.label} (n\u00a0=\u00a0{screened.n})",)),))]
    above = set(screened.subjects)
    for entry in (entry for entry in cohort.analysis.sets if entry.flow):
        figure = book[f"flow.{entry.id}"]
        left = sorted(above - set(figure.subjects))
        label = cohort.said(entry.label)
        aside = _aside(cohort, label, left) if left else None
        steps.append(FlowStep((FlowBox((f"{label} (n\u00a0=\u00a0{figure.n})",)),), aside))
        above = set(figure.subjects)
    for response in (response for response in cohort.analysis.responses if response.course):
        boxes = tuple(
            FlowBox((f"{code} {part_percent(figure)}", code_label(cohort, response.codelist, code)))
            for code in response.shown
            if (figure := book[f"response.{code.lower()}.{response.id}"])
        )
        steps.append(FlowStep(boxes, title=cohort.said(response.label)))
    steps.append(FlowStep(_outcome_boxes(cohort, book), title=cohort.say("flow.outcome")))
    drawing = draw_flow(steps, width=WIDTH)
    caption = cohort.figure("flow.caption", set=cohort.treated_label, n=len(cohort.treated))
    heading = Heading(cohort.say("flow.head"), 0, "flow", cohort.language)
    return [heading, *captioned(drawing, caption, cohort.language)]


def _aside(cohort: Cohort, label: str, left: list[str]) -> FlowBox:
    first = cohort.say("flow.not_in", set=label, n=len(left))
    if len(left) > NAMED:
        return FlowBox((first,))
    return FlowBox((first, ", ".join(left)))


def _outcome_boxes(cohort: Cohort, book: Book) -> tuple[FlowBox, ...]:
    found = []
    for milestone in cohort.analysis.milestones:
        figure = book[f"milestone.{milestone.id}"]
        found.append(FlowBox((f"{figure.n}/{figure.denominator}", figure.label)))
    alive = book["flow.alive"]
    found.append(FlowBox((f"{alive.n}/{alive.denominator}", alive.label)))
    return tuple(found)
