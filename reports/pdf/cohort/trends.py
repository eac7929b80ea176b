"""Biomarkers over time: a small panel a measurement, each patient a line, the median where enough were measured."""

from __future__ import annotations

from collections import defaultdict
from statistics import median

from reportlab.graphics.shapes import Drawing
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Table

from forms.study.definition import Trend
from forms.subject.limits import lab_of
from forms.subject.ranges import range_for
from forms.values.censored import Censored
from reports.figure import Figure
from reports.figures import pen
from reports.figures.trends import Dot, Panel, TrendLine, draw_panel, line_colour, line_sign
from reports.paper.page import WIDTH, Heading
from reports.paper.style import marked, paragraph_style, width_of
from reports.pdf.cohort.data import Cohort, Person, as_number
from reports.pdf.cohort.words import Book

MANY = 12
"""More patients than this are drawn as thin grey lines under the median."""
FEWEST = 3
"""The median is drawn where at least so many patients have a value in the week."""
DAYS_A_WEEK = 7


def trend_figures(cohort: Cohort) -> list[Figure]:
    """How many patients each panel shows."""
    found = []
    for trend in cohort.analysis.trends:
        subjects = tuple(line.name for line in trend_lines(cohort, trend)[0])
        label = f"{cohort.said(trend.label)}: {cohort.say('trends.patients')}"
        figure = f"trend.{trend.item.lower()}.patients"
        found.append(Figure(figure, label, len(subjects), "", len(subjects), len(cohort.treated), subjects=subjects))
    return found


def trend_lines(cohort: Cohort, trend: Trend) -> tuple[list[TrendLine], bool]:
    """The lines of a panel, and whether values are multiples of the upper limit of normal."""
    return cohort.once(("trend", trend.item), lambda: _find_lines(cohort, trend))


def _find_lines(cohort: Cohort, trend: Trend) -> tuple[list[TrendLine], bool]:
    form, _, item = trend.item.partition(".")
    raw = {person.id: _results(cohort, person, form, item) for person in cohort.treated}
    results = [one for found in raw.values() for one in found]
    fold = trend.log and bool(results) and all(limit for *_, limit in results)
    lines = []
    for style, person in enumerate(cohort.treated):
        dots = tuple(
            Dot(time, value / limit if fold and limit else value, censored)
            for time, value, censored, limit in raw[person.id]
        )
        if dots:
            lines.append(TrendLine(person.id, style, dots))
    return lines, fold


_Result = tuple[float, float, bool, float | None]


def _results(cohort: Cohort, person: Person, form: str, item: str) -> list[_Result]:
    """Results of one patient: week from the first dose, value in the first unit, censored, upper limit of normal."""
    subject, dose = person.subject, person.subject.first_dose
    plan = cohort.study.form_by_id.get(form)
    question = plan.items.get(item) if plan else None
    if dose is None or question is None:
        return []
    unit = question.units[0] if question.units else ""
    found: list[_Result] = []
    for day, _, key, number in subject.timeline(form, item):
        filled = subject.filled(key)
        typed = filled.typed(number, item)
        value = as_number(typed)
        if value is None or day > cohort.day:
            continue
        lab = lab_of(filled, number) if question.analyte else ""
        limits = range_for(subject, question.analyte, lab, day, unit) if lab else None
        high = float(limits.high) if limits is not None and limits.high else None
        week = (day - dose).days / DAYS_A_WEEK
        found.append((week, float(value), isinstance(typed, Censored), high))
    return found


def _middle(lines: list[TrendLine]) -> tuple[tuple[float, float, int], ...]:
    """Median of each patient's last value in each week, where at least three have one."""
    weeks: dict[int, dict[str, float]] = defaultdict(dict)
    for line in lines:
        for dot in line.dots:
            weeks[round(dot.time)][line.name] = dot.value
    return tuple(
        (float(week), median(values.values()), len(values))
        for week, values in sorted(weeks.items())
        if len(values) >= FEWEST
    )


def draw_trends(cohort: Cohort, book: Book) -> list[Flowable]:
    """All panels, two a row, with one legend."""
    flowables: list[Flowable] = [Heading(cohort.say("trends.head"), 0, "trends", cohort.language)]
    panels = []
    for trend in cohort.analysis.trends:
        n = book[f"trend.{trend.item.lower()}.patients"].value
        panels.append(_panel(cohort, trend, f" (n = {n})"))
    if not panels:
        return [*flowables, Paragraph(marked(cohort.say("not_defined")), paragraph_style("text", cohort.language))]
    caption = Paragraph(
        marked(cohort.figure("trends.caption", most=MANY, fewest=FEWEST)), paragraph_style("note", cohort.language)
    )
    if len(cohort.treated) <= MANY:
        flowables.append(_legend(cohort))
    return [*flowables, _grid(panels), KeepTogether([caption])]


def subject_panels(cohort: Cohort) -> list[Flowable]:
    """The panels of a cohort of one for its casebook: only what was measured on two days goes anywhere."""
    panels = [
        _panel(cohort, trend, "")
        for trend in cohort.analysis.trends
        if any(len({dot.time for dot in line.dots}) > 1 for line in trend_lines(cohort, trend)[0])
    ]
    return [_grid(panels)] if panels else []


def _panel(cohort: Cohort, trend: Trend, behind: str) -> Drawing:
    lines, fold = trend_lines(cohort, trend)
    title = cohort.said(trend.label).split(",")[0].split("（")[0] if fold else cohort.said(trend.label)
    title = cohort.say("trends.fold", name=title) if fold else title
    middle = _middle(lines) if len(lines) > MANY else ()
    panel = Panel(title + behind, tuple(lines), trend.log, 1.0 if fold else None, middle)
    return draw_panel(panel, width=WIDTH / 2 - 8, height=142, axis=cohort.say("trends.axis"), many=MANY)


def _grid(panels: list[Drawing]) -> Table:
    """Two panels a row."""
    pairs = [[*panels[at : at + 2], ""][:2] for at in range(0, len(panels), 2)]
    look = [
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return Table(pairs, colWidths=[WIDTH / 2] * 2, style=look, hAlign="LEFT")


def _legend(cohort: Cohort) -> Drawing:
    """Colour and sign of each patient, the same in all panels."""
    wide = max((width_of(person.id, 7.2) for person in cohort.treated), default=20.0) + 26
    columns = max(1, int(WIDTH // wide))
    lines = (len(cohort.treated) + columns - 1) // columns
    drawing = pen.sheet(WIDTH, 13.0 * max(lines, 1) + 4)
    for at, person in enumerate(cohort.treated):
        x, y = (at % columns) * wide, 13.0 * (lines - 1 - at // columns) + 4
        pen.rule(drawing, (x, y + 2.5), (x + 14, y + 2.5), colour=line_colour(at), width=0.9)
        pen.mark(drawing, line_sign(at), x + 7, y + 2.5, colour=line_colour(at), size=2.2)
        pen.label(drawing, x + 18, y, person.id)
    return drawing
