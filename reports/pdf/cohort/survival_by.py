"""Survival of the groups of a division: curves in one figure, landmarks of each, the log-rank test."""

from __future__ import annotations

from decimal import Decimal

from reportlab.platypus import CondPageBreak, Flowable

from forms.study.analysis import SurvivalEndpoint
from reports.figure import Figure
from reports.figures.survival import draw_survival
from reports.paper.page import WIDTH, Heading, captioned
from reports.paper.tables import Column, TableRow, draw_table, row
from reports.pdf.cohort.data import DAYS_A_MONTH, Cohort, months
from reports.pdf.cohort.groups import Group, division_of, groups_of, p_equals, p_figure, tell
from reports.pdf.cohort.survival import interval_kind, subjects
from reports.pdf.cohort.words import NE, Book, interval, number
from reports.statistics.comparisons import Tested
from reports.statistics.numbers import rounded
from reports.statistics.survival import MEDIAN_METHODS, METHODS, Curve, Estimate, kaplan_meier, log_rank


def group_curves(cohort: Cohort, endpoint: SurvivalEndpoint, division: str) -> tuple[tuple[Group, Curve], ...]:
    """The curve of each group with anybody in it; times in days."""
    key = ("curves", endpoint.id, division)
    return cohort.once(key, lambda: tuple(_fit(cohort, endpoint, division)))


def _fit(cohort: Cohort, endpoint: SurvivalEndpoint, division: str) -> list[tuple[Group, Curve]]:
    by_subject = {entry.subject: entry for entry in cohort.observed[endpoint.id]}
    people = [person for person in cohort.people if person.id in by_subject]
    return [
        (group, kaplan_meier([by_subject[person.id] for person in group.people], interval_kind(endpoint)))
        for group in groups_of(cohort, division, people)
    ]


def survival_by_figures(cohort: Cohort) -> list[Figure]:
    """Events, median and landmarks of each group and the log-rank test, for endpoints that name divisions."""
    found: list[Figure] = []
    for endpoint in cohort.analysis.survivals:
        for division in endpoint.by:
            base = f"survival_by.{endpoint.id}.{division}"
            curves = group_curves(cohort, endpoint, division)
            for group, curve in curves:
                found += _group_figures(cohort, endpoint, f"{base}.{group.code}", group, curve)
            test = log_rank([curve.observations for _, curve in curves])
            label = tell(cohort, "p_of", name=_told(cohort, endpoint, cohort.said(division_of(cohort, division).label)))
            people = [person for group, _ in curves for person in group.people]
            found.append(p_figure(f"{base}.p", label, Tested(test.p, test.method, test.statistic), people))
    return found


def _told(cohort: Cohort, endpoint: SurvivalEndpoint, by: str) -> str:
    return cohort.say("narrowed", name=cohort.said(endpoint.label), by=by)


def _group_figures(cohort: Cohort, endpoint: SurvivalEndpoint, base: str, group: Group, curve: Curve) -> list[Figure]:
    name = _told(cohort, endpoint, group.label)
    events = subjects(entry for entry in curve.observations if entry.event)
    label = f"{name}: {cohort.say('survival.events')}"
    found = [
        Figure(f"{base}.events", label, len(events), "", len(events), curve.n, stratum=group.label, subjects=events)
    ]
    middle = curve.median()
    parts = (months(middle.value), months(middle.low), months(middle.high))
    method = MEDIAN_METHODS[curve.interval]
    label = f"{name}: {cohort.say('survival.median')}"
    found.append(_estimate(f"{base}.median", label, parts, "months", curve, method, group.label))
    for landmark in endpoint.landmarks:
        label = f"{name}: {cohort.say('survival.at', months=landmark)}"
        parts = _percents(curve.at(landmark * DAYS_A_MONTH))
        method = METHODS[curve.interval]
        found.append(_estimate(f"{base}.at_{landmark}", label, parts, "%", curve, method, group.label))
    return found


_Parts = tuple[Decimal | None, Decimal | None, Decimal | None]


def _percents(estimate: Estimate) -> _Parts:
    low, value, high = (
        None if one is None else rounded(one * 100) for one in (estimate.low, estimate.value, estimate.high)
    )
    return value, low, high


def _estimate(figure: str, label: str, parts: _Parts, unit: str, curve: Curve, method: str, stratum: str) -> Figure:
    value, low, high = parts
    return Figure(
        id=figure, label=label, value=value, unit=unit, n=curve.events, denominator=curve.n, ci_low=low, ci_high=high,
        ci_method=method, stratum=stratum, subjects=subjects(curve.observations),
    )  # fmt: skip


def draw_survivals_by(cohort: Cohort, book: Book) -> list[Flowable]:
    """A figure and a table for each endpoint and division."""
    flowables: list[Flowable] = []
    for endpoint in cohort.analysis.survivals:
        for division in endpoint.by:
            if group_curves(cohort, endpoint, division):
                flowables += _draw(cohort, endpoint, division, book)
    return flowables


def _draw(cohort: Cohort, endpoint: SurvivalEndpoint, division: str, book: Book) -> list[Flowable]:
    language, name = cohort.language, cohort.said(endpoint.label)
    base, by = f"survival_by.{endpoint.id}.{division}", cohort.said(division_of(cohort, division).label)
    curves = group_curves(cohort, endpoint, division)
    p = book[f"{base}.p"]
    words = tell(cohort, "survival.log_rank", p=p_equals(p)) if p.p is not None else tell(cohort, "survival.not_tested")
    drawing = draw_survival(
        [(group.label, curve) for group, curve in curves],
        language=language,
        width=WIDTH,
        divisor=DAYS_A_MONTH,
        axis=cohort.say("months_from_origin"),
        measure=cohort.say("joint").join((cohort.say("narrowed", name=name, by="%"), words)),
    )
    caption = tell(
        cohort, "survival.caption", no=cohort.next_drawing(), name=name, division=by,
        n=sum(curve.n for _, curve in curves), method=cohort.method(METHODS[interval_kind(endpoint)]),
    )  # fmt: skip
    head = Heading(tell(cohort, "survival.head", name=name, division=by), 1, f"{endpoint.id}-by-{division}", language)
    table = _table(cohort, endpoint, base, by, book)
    room = drawing.height + 110 + 14 * len(curves)
    return [CondPageBreak(room), head, *captioned(drawing, caption, language), table]


def _table(cohort: Cohort, endpoint: SurvivalEndpoint, base: str, by: str, book: Book) -> Flowable:
    division = base.rpartition(".")[2]
    columns = [Column(tell(cohort, "survival.group"), wrap=True), Column(tell(cohort, "survival.events"), "centre")]
    columns.append(Column(tell(cohort, "survival.median"), "point"))
    columns += [Column(tell(cohort, "survival.at", months=landmark), "point") for landmark in endpoint.landmarks]
    rows: list[TableRow] = []
    for group, _ in group_curves(cohort, endpoint, division):
        events = book[f"{base}.{group.code}.events"]
        shown = [book[f"{base}.{group.code}.{part}"] for part in _parts(endpoint)]
        rows.append(row(group.label, f"{events.n}/{events.denominator}", *(_with_limits(one) for one in shown)))
    rows.append(row(tell(cohort, "survival.p"), _p(book[f"{base}.p"]), kind="strong"))
    title = tell(cohort, "survival.title", no=cohort.next_table(), name=cohort.said(endpoint.label), division=by)
    kind = interval_kind(endpoint)
    note = cohort.say("joint").join((cohort.method(METHODS[kind]), cohort.method(MEDIAN_METHODS[kind])))
    return draw_table(columns, rows, language=cohort.language, title=title, note=note, size=7.4)


def _parts(endpoint: SurvivalEndpoint) -> list[str]:
    return ["median", *(f"at_{landmark}" for landmark in endpoint.landmarks)]


def _p(figure: Figure) -> str:
    return p_equals(figure).removeprefix("= ") if figure.p is not None else NE


def _with_limits(figure: Figure) -> str:
    limits = interval(figure)
    return number(figure.value) if limits == NE else f"{number(figure.value)} ({limits})"
