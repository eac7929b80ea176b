"""Cover with its facts and methods, key results, definitions, and the annex that traces every number to subjects."""

from __future__ import annotations

from collections.abc import Iterable

from reportlab.platypus import CondPageBreak, Flowable, Paragraph, Spacer, Table

from forms.shown import unit_words
from reports.figure import Figure
from reports.paper.page import WIDTH, Contents, Heading, TitleBand
from reports.paper.style import RULE, WASH, marked, paragraph_style
from reports.paper.tables import Column, TableRow, draw_table, row
from reports.pdf.cohort.data import DAYS_A_MONTH, Cohort
from reports.pdf.cohort.dates import date_method
from reports.pdf.cohort.response import repeats
from reports.pdf.cohort.survival import interval_kind
from reports.pdf.cohort.words import DASH, Book, interval, middle_range, number, percent
from reports.statistics.describe import MEDIAN_METHOD
from reports.statistics.proportions import CLOPPER_PEARSON
from reports.statistics.survival import MEDIAN_METHODS, METHODS


def draw_cover(cohort: Cohort, entries: Iterable[tuple[str, str]]) -> list[Flowable]:
    """Title, facts, method box and contents."""
    language, study = cohort.language, cohort.study
    return [
        Spacer(1, 6),
        Paragraph(marked(cohort.say("cover.title")), paragraph_style("title", language)),
        Paragraph(marked(cohort.said(study.title)), paragraph_style("lead", language)),
        TitleBand(),
        Spacer(1, 4),
        _facts(cohort),
        Spacer(1, 8),
        _method_box(cohort),
        Spacer(1, 12),
        Paragraph(marked(cohort.say("cover.contents")), paragraph_style("caption", language)),
        Contents(tuple(entries)),
    ]


def _facts(cohort: Cohort) -> Flowable:
    dataset, study = cohort.dataset, cohort.study
    cut_off = dataset.cut_off.isoformat() if dataset.cut_off else cohort.say("cover.no_cut_off", day=cohort.day)
    sets = cohort.say("joint").join(
        cohort.say("said_of", what=cohort.said(entry.label), said=f"n = {len(cohort.sets[entry.id])}")
        for entry in cohort.analysis.sets
    )
    facts = (
        ("cover.protocol", cohort.say("joint").join(filter(None, (f"{study.id} {study.version}", study.registry)))),
        ("cover.site", dataset.site),
        ("cover.cut_off", cut_off),
        ("cover.as_of", cohort.say("cover.position", position=dataset.position, as_of=dataset.as_of)),
        ("cover.tip", dataset.tip or DASH),
        ("cover.definition", dataset.definition),
        ("cover.ctcae", study.ctcae),
        ("cover.app", f"Casebook {dataset.app}"),
        ("cover.sets", sets or DASH),
    )
    columns = (Column("", width=120), Column("", wrap=True))
    rows = [row(cohort.say(key), text) for key, text in facts]
    return draw_table(columns, rows, language=cohort.language, lined=True)


def methods(cohort: Cohort) -> list[str]:
    """The methods used, one sentence each."""
    kinds = sorted({interval_kind(endpoint) for endpoint in cohort.analysis.survivals})
    survivals = [(cohort.method(METHODS[kind]), cohort.method(MEDIAN_METHODS[kind])) for kind in kinds]
    return [
        cohort.say("method.proportions", method=cohort.method(CLOPPER_PEARSON)),
        cohort.say("method.medians", method=cohort.method(MEDIAN_METHOD)),
        *(cohort.say("method.survival", method=method, median=median) for method, median in survivals),
        date_method(cohort),
        cohort.say("method.rounding"),
        cohort.say("method.ne"),
    ]


def _method_box(cohort: Cohort) -> Flowable:
    title = Paragraph(marked(cohort.say("method.title")), paragraph_style("cell_bold", cohort.language))
    lines = [Paragraph(marked(text), paragraph_style("cell", cohort.language)) for text in methods(cohort)]
    look = [
        ("BACKGROUND", (0, 0), (-1, -1), WASH),
        ("BOX", (0, 0), (-1, -1), 0.5, RULE),
        ("LEFTPADDING", (0, 0), (-1, -1), 10),
        ("RIGHTPADDING", (0, 0), (-1, -1), 10),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("TOPPADDING", (0, 0), (-1, 0), 7),
        ("BOTTOMPADDING", (0, -1), (-1, -1), 8),
    ]
    return Table([[title], *([line] for line in lines)], colWidths=[WIDTH], style=look, hAlign="LEFT")


def draw_key_results(cohort: Cohort, book: Book) -> list[Flowable]:
    """One table of the numbers that people quote."""
    columns = (
        Column(cohort.say("key.column"), wrap=True),
        Column("n/N", "centre"),
        Column(cohort.say("estimate_head"), "point"),
        Column(cohort.say("interval_head"), "point"),
    )
    rows: list[TableRow] = [*_people_rows(cohort, book), *_response_rows(cohort, book), *_survival_rows(cohort, book)]
    rows.append(row(cohort.say("key.safety"), kind="group"))
    rows += [_key_row(cohort, book[figure]) for figure in ("ae.all.any", "ae.all.grade3", "ae.serious")]
    note = cohort.say("key.note", set=cohort.treated_label)
    table = draw_table(columns, rows, language=cohort.language, note=note, size=7.4)
    return [Heading(cohort.say("key.head"), 0, "key", cohort.language), table]


def _people_rows(cohort: Cohort, book: Book) -> list[TableRow]:
    rows = [row(cohort.say("key.people"), kind="group")]
    for entry in cohort.analysis.sets:
        count = str(book[f"flow.{entry.id}"].n)
        rows += [row(cohort.said(entry.label), count, "", "", kind="indent")]
    for variable in cohort.analysis.baseline[:3]:
        base = f"baseline.{variable.id}"
        if variable.kind == "number":
            median = book[f"{base}.median"]
            text = middle_range(median, book[f"{base}.min"], book[f"{base}.max"])
            label = cohort.say("key.median_of", name=cohort.said(variable.label))
            rows.append(row(label, f"{median.n}/{median.denominator}", text, "", kind="indent"))
    return rows


def _response_rows(cohort: Cohort, book: Book) -> list[TableRow]:
    rows = []
    for endpoint in cohort.analysis.responses:
        when = cohort.said(endpoint.label)
        rows.append(row(when, kind="group"))
        shown = [f"response.orr.{endpoint.id}", f"response.orr_treated.{endpoint.id}"]
        shown += [f"response.{code.lower()}.{endpoint.id}" for code in endpoint.shown]
        figures = [book[figure] for figure in shown]
        rows += [_key_row(cohort, figure, f"{when}: ") for figure in figures if not repeats(endpoint, figure, book)]
    return rows


def _survival_rows(cohort: Cohort, book: Book) -> list[TableRow]:
    rows = []
    for endpoint in cohort.analysis.survivals:
        name, base = cohort.said(endpoint.label), f"survival.{endpoint.id}"
        events = book[f"{base}.events"]
        rows.append(row(name, kind="group"))
        parts = f"{events.n}/{events.denominator}"
        rows.append(row(events.label.removeprefix(f"{name}: "), parts, "", "", kind="indent"))
        for figure in (book[f"{base}.median"], book[f"{base}.longest"]):
            label = cohort.say("narrowed", name=figure.label.removeprefix(f"{name}: "), by=cohort.say("months"))
            limits = interval(figure) if figure.ci_method else ""
            rows.append(row(label, "", number(figure.value), limits, kind="indent"))
    rows.append(row(cohort.say("milestones.head"), kind="group"))
    rows += [_key_row(cohort, book[f"milestone.{milestone.id}"]) for milestone in cohort.analysis.milestones]
    rows.append(_key_row(cohort, book["flow.alive"]))
    return rows


def _key_row(cohort: Cohort, figure: Figure, prefix: str = "") -> TableRow:
    limits = interval(figure) if figure.ci_method else ""
    share = f"{figure.n}/{figure.denominator}"
    value = percent(figure.value, cohort.language)
    return row(figure.label.removeprefix(prefix), share, value, limits, kind="indent")


def draw_definitions(cohort: Cohort) -> list[Flowable]:
    """Meaning of the words and times, from the definition."""
    text = paragraph_style("text", cohort.language)
    notes = [cohort.say("definition.months", divisor=DAYS_A_MONTH), cohort.say("definition.day")]
    if not cohort.counts_from_first_dose:
        notes.append(cohort.say("definition.milestones", endpoint=cohort.said(cohort.analysis.survivals[0].label)))
    notes += [cohort.say("definition.partial"), cohort.say("definition.baseline")]
    own = [(entry.label, entry.note) for entry in cohort.analysis.responses]
    own += [(entry.label, entry.note) for entry in cohort.analysis.survivals]
    notes += [cohort.say("said_of", what=cohort.said(label), said=cohort.said(note)) for label, note in own if note]
    notes += [cohort.say("definition.relative"), cohort.say("definition.ae"), cohort.say("definition.cut_off")]
    heading = Heading(cohort.say("definition.head"), 0, "definitions", cohort.language)
    return [heading, *(Paragraph(marked(note), text) for note in notes)]


def draw_annex(cohort: Cohort, book: Book) -> list[Flowable]:
    """Every figure with its id, value and subjects. Zeros are left out; whole sets are named instead of listed."""
    whole = {tuple(person.id for person in people): set_id for set_id, people in reversed(cohort.sets.items())}
    rows = []
    for figure in book.figures:
        if figure.n == 0 and not figure.denominator:
            continue
        if figure.unit == "%" and figure.n == 0:
            continue
        rows.append(row(figure.id, _value(figure, cohort.language), _traced(cohort, figure, whole)))
    columns = (
        Column(cohort.say("annex.id"), wrap=True, width=172),
        Column(cohort.say("annex.value"), "left", wrap=True, width=96),
        Column(cohort.say("subjects"), wrap=True),
    )
    title, note = cohort.table("annex.title"), cohort.say("annex.note")
    table = draw_table(columns, rows, language=cohort.language, title=title, note=note, size=7.2, lined=True)
    return [CondPageBreak(200), Heading(cohort.say("annex.head"), 0, "annex", cohort.language), table]


def _value(figure: Figure, language: str) -> str:
    if figure.unit == "%" and figure.denominator is not None:
        text = f"{figure.n}/{figure.denominator}, {percent(figure.value, language)}"
    else:
        unit = unit_words(figure.unit, language) if figure.value is not None else ""
        text = f"{number(figure.value)} {unit}".rstrip()
    return f"{text} ({interval(figure)})" if figure.ci_low is not None or figure.ci_high is not None else text


def _traced(cohort: Cohort, figure: Figure, whole: dict[tuple[str, ...], str]) -> str:
    """The subjects: "all of SET", "SET without ...", or the ids."""
    subjects = figure.subjects
    if not subjects:
        return DASH
    if subjects in whole and len(subjects) > 1:
        return cohort.say("annex.all_of", set=whole[subjects])
    if len(subjects) > 20:
        chosen = set(subjects)
        for members, set_id in whole.items():
            if chosen < set(members) and len(members) - len(chosen) < len(chosen) / 2:
                rest = ", ".join(one for one in members if one not in chosen)
                return cohort.say("annex.all_but", set=set_id, rest=rest)
    return ", ".join(subjects)
