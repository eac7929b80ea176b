"""Kaplan-Meier estimates of the definition's survival endpoints: curve, median, landmarks, follow-up."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from reportlab.platypus import CondPageBreak, Flowable, Paragraph

from forms.shown import unit_words
from forms.study.definition import SurvivalEndpoint
from reports.figure import Figure
from reports.figures.survival import draw_survival
from reports.paper.page import WIDTH, Heading, captioned
from reports.paper.style import marked, paragraph_style
from reports.paper.tables import Column, TableRow, draw_table, row
from reports.pdf.cohort.data import DAYS_A_MONTH, Cohort, months
from reports.pdf.cohort.words import DASH, Book, interval, number
from reports.statistics.numbers import rounded
from reports.statistics.survival import (
    MEDIAN_METHODS,
    METHODS,
    Curve,
    Estimate,
    IntervalKind,
    Observation,
    follow_up,
    kaplan_meier,
)

FOLLOW_UP = "Median follow-up by reverse Kaplan-Meier"


def curve_of(cohort: Cohort, endpoint: SurvivalEndpoint) -> Curve:
    """The fitted curve of an endpoint; times in days."""
    key = ("curve", endpoint.id)
    return cohort.once(key, lambda: kaplan_meier(cohort.observed[endpoint.id], interval_kind(endpoint)))


def interval_kind(endpoint: SurvivalEndpoint) -> IntervalKind:
    """How the endpoint's limits are computed."""
    return "plain" if endpoint.interval == "plain" else "log-log"


def survival_figures(cohort: Cohort) -> list[Figure]:
    """For each endpoint: events, median, landmarks, follow-up, longest time."""
    found: list[Figure] = []
    for endpoint in cohort.analysis.survivals:
        curve = curve_of(cohort, endpoint)
        name, base = cohort.said(endpoint.label), f"survival.{endpoint.id}"
        note = cohort.said(endpoint.note) if endpoint.note else ""
        method = METHODS[curve.interval]
        everyone = subjects(curve.observations)
        events = subjects(entry for entry in curve.observations if entry.event)
        label = f"{name}: {cohort.say('survival.events')}"
        found.append(Figure(f"{base}.events", label, len(events), "", len(events), curve.n, subjects=events, note=note))
        found.append(
            _estimate(
                f"{base}.median", f"{name}: {cohort.say('survival.median')}", _in_months(curve.median()), "months",
                curve, MEDIAN_METHODS[curve.interval],
            )
        )  # fmt: skip
        for landmark in endpoint.landmarks:
            label = f"{name}: {cohort.say('survival.at', months=landmark)}"
            estimate = _in_percent(curve.at(landmark * DAYS_A_MONTH))
            found.append(_estimate(f"{base}.at_{landmark}", label, estimate, "%", curve, method))
        found += _follow_up_figures(cohort, curve, name, base, everyone)
        without = cohort.without_origin(endpoint)
        label = f"{name}: {cohort.say('survival.not_counted')}"
        found.append(Figure(f"{base}.not_counted", label, len(without), "", len(without), subjects=without))
    return found


def _follow_up_figures(cohort: Cohort, curve: Curve, name: str, base: str, everyone: tuple[str, ...]) -> list[Figure]:
    median = months(follow_up(curve.observations).median().value)
    label = f"{name}: {cohort.say('survival.follow_up')}"
    found = [
        Figure(f"{base}.follow_up", label, median, "months", curve.n, note=FOLLOW_UP, subjects=everyone),
    ]
    last = max((entry.time for entry in curve.observations), default=None)
    holders = subjects(entry for entry in curve.observations if entry.time == last)
    label = f"{name}: {cohort.say('survival.longest')}"
    found.append(Figure(f"{base}.longest", label, months(last), "months", len(holders), subjects=holders))
    return found


def subjects(observations: Iterable[Observation]) -> tuple[str, ...]:
    """Ids of observations, sorted."""
    return tuple(sorted(entry.subject for entry in observations))


Rounded = tuple[Decimal | None, Decimal | None, Decimal | None]


def _in_months(estimate: Estimate) -> Rounded:
    return months(estimate.value), months(estimate.low), months(estimate.high)


def _in_percent(estimate: Estimate) -> Rounded:
    return _percent(estimate.value), _percent(estimate.low), _percent(estimate.high)


def _percent(value: float | None) -> Decimal | None:
    return None if value is None else rounded(value * 100)


def _estimate(figure: str, label: str, found: Rounded, unit: str, curve: Curve, method: str) -> Figure:
    return Figure(
        id=figure,
        label=label,
        value=found[0],
        unit=unit,
        n=curve.events,
        denominator=curve.n,
        ci_low=found[1],
        ci_high=found[2],
        ci_method=method,
        subjects=subjects(curve.observations),
    )


def draw_survivals(cohort: Cohort, book: Book) -> list[Flowable]:
    """A figure and a table for each endpoint."""
    language = cohort.language
    flowables: list[Flowable] = [Heading(cohort.say("survival.head"), 0, "survival", language)]
    if not cohort.analysis.survivals:
        return [*flowables, Paragraph(marked(cohort.say("not_defined")), paragraph_style("text", language))]
    for at, endpoint in enumerate(cohort.analysis.survivals):
        if at:
            flowables.append(CondPageBreak(345))
        flowables.append(Heading(cohort.said(endpoint.label), 1, f"survival-{endpoint.id}", language))
        flowables += _figure(cohort, endpoint, book)
    flowables.append(_table(cohort, book))
    return flowables


def _figure(cohort: Cohort, endpoint: SurvivalEndpoint, book: Book) -> list[Flowable]:
    curve, base = curve_of(cohort, endpoint), f"survival.{endpoint.id}"
    if not curve.n:
        return [Paragraph(marked(cohort.say("survival.nobody")), paragraph_style("text", cohort.language))]
    median = book[f"{base}.median"]
    summary = [
        cohort.say("survival.panel_events", events=curve.events, n=curve.n),
        _median_words(cohort, median),
    ]
    drawing = draw_survival(
        [(cohort.said(endpoint.label), curve)],
        language=cohort.language,
        width=WIDTH,
        divisor=DAYS_A_MONTH,
        axis=cohort.say("months_from_origin"),
        measure=cohort.say("narrowed", name=cohort.said(endpoint.label), by="%"),
        summary=summary,
    )
    note = cohort.said(endpoint.note) if endpoint.note else ""
    caption = cohort.figure(
        "survival.caption",
        name=cohort.said(endpoint.label),
        n=curve.n,
        events=curve.events,
        method=cohort.method(METHODS[curve.interval]),
        note=note,
    )
    return captioned(drawing, caption, cohort.language)


def _median_words(cohort: Cohort, median: Figure) -> str:
    limits = interval(median)
    if median.value is None:
        return cohort.say("survival.panel_not_reached", limits=limits)
    return cohort.say("survival.panel_reached", median=number(median.value), limits=limits)


def _table(cohort: Cohort, book: Book) -> Flowable:
    columns = (
        Column(cohort.say("survival.column"), wrap=True),
        Column(cohort.say("survival.events_head"), "centre"),
        Column(cohort.say("estimate_head"), "point"),
        Column(cohort.say("interval_head"), "point"),
    )
    rows: list[TableRow] = []
    for endpoint in cohort.analysis.survivals:
        name, base = cohort.said(endpoint.label), f"survival.{endpoint.id}"
        events = book[f"{base}.events"]
        rows.append(row(name, f"{events.n}/{events.denominator}", kind="group"))
        shown = [f"{base}.median", *(f"{base}.at_{landmark}" for landmark in endpoint.landmarks)]
        for figure in map(book.__getitem__, [*shown, f"{base}.follow_up", f"{base}.longest"]):
            words = figure.label.removeprefix(f"{name}: ")
            text = cohort.say("narrowed", name=words, by=unit_words(figure.unit, cohort.language))
            limits = interval(figure) if figure.ci_method else DASH
            rows.append(row(text, "", number(figure.value), limits, kind="indent"))
    methods = sorted({cohort.method(METHODS[interval_kind(endpoint)]) for endpoint in cohort.analysis.survivals})
    medians = sorted({cohort.method(MEDIAN_METHODS[interval_kind(endpoint)]) for endpoint in cohort.analysis.survivals})
    note = cohort.say("survival.note", methods="; ".join(methods), medians="; ".join(medians), divisor=DAYS_A_MONTH)
    title = cohort.table("survival.title")
    return draw_table(columns, rows, language=cohort.language, title=title, note=note)
