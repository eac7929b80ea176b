"""Response at each time point of the definition, with exact limits, and the swimmer plot."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from reportlab.platypus import Flowable, Paragraph

from forms.study.definition import ResponseEndpoint
from forms.study.names import TREATED
from reports.figure import Figure
from reports.figures.bars import Bar, draw_bars
from reports.figures.swimmer import MarkLegend, Swimmer, draw_swimmers
from reports.paper.page import WIDTH, Heading, captioned
from reports.paper.style import marked, paragraph_style
from reports.paper.tables import Column, TableCell, TableRow, draw_table, row
from reports.pdf.cohort.baseline import category, code_label
from reports.pdf.cohort.data import DAYS_A_MONTH, Cohort, Person, as_date, share
from reports.pdf.cohort.words import DASH, NE, Book, interval, number, percent
from reports.statistics.proportions import CLOPPER_PEARSON

OTHERS = "not_shown"
"""In ids of figures: every class that the definition does not show, counted as one."""
MOST_SWIMMERS = 60
"""A swimmer plot of more patients could not be read."""


def answers(cohort: Cohort, endpoint: ResponseEndpoint) -> dict[str, str]:
    """The response of each evaluable patient of the endpoint's set, by subject id."""
    return cohort.once(("answers", endpoint.id), lambda: _find_answers(cohort, endpoint))


def _find_answers(cohort: Cohort, endpoint: ResponseEndpoint) -> dict[str, str]:
    found = {}
    for person in cohort.asked(endpoint):
        if person.value(endpoint.evaluable) is True:
            answer = person.value(endpoint.value)
            found[person.id] = category(answer) if answer is not None else ""
    return found


def response_figures(cohort: Cohort) -> list[Figure]:
    """For each time point: the rate over evaluable and over all of its set, each class, and who is pending."""
    found: list[Figure] = []
    for endpoint in cohort.analysis.responses:
        by_subject = answers(cohort, endpoint)
        asked = cohort.asked(endpoint)
        evaluable = [person for person in asked if person.id in by_subject]
        responders = [person for person in evaluable if by_subject[person.id] in endpoint.responders]
        when = cohort.said(endpoint.label)
        words = "+".join(endpoint.responders)
        note = cohort.said(endpoint.note) if endpoint.note else ""
        total = len(evaluable)
        label = f"{when}: {cohort.say('response.orr', classes=words)}"
        found.append(share(f"response.orr.{endpoint.id}", label, responders, total, interval=True, note=note))
        label = f"{when}: {_all_words(cohort, endpoint, words)}"
        found.append(share(f"response.orr_treated.{endpoint.id}", label, responders, len(asked), interval=True))
        for name, label, codes in _classes(cohort, endpoint):
            members = [person for person in evaluable if by_subject[person.id] in codes]
            found.append(share(f"response.{name}.{endpoint.id}", f"{when}: {label}", members, total, interval=True))
        pending = [person for person in asked if person.id not in by_subject]
        label = f"{when}: {cohort.say('response.pending')}"
        found.append(share(f"response.pending.{endpoint.id}", label, pending, len(asked)))
    return found


def _all_words(cohort: Cohort, endpoint: ResponseEndpoint, classes: str) -> str:
    if not endpoint.set or endpoint.set == TREATED:
        return cohort.say("response.orr_treated", classes=classes)
    return cohort.say("response.orr_all", classes=classes, set=cohort.asked_label(endpoint))


def _classes(cohort: Cohort, endpoint: ResponseEndpoint) -> list[tuple[str, str, frozenset[str]]]:
    """Name in the figure's id, label and codes of each class: those shown, then all others that occur as one."""
    classes = [
        (code.lower(), code_label(cohort, endpoint.codelist, code), frozenset({code})) for code in endpoint.shown
    ]
    others = frozenset(code for code in answers(cohort, endpoint).values() if code) - set(endpoint.shown)
    if others:
        classes.append((OTHERS, cohort.say("response.others", classes=", ".join(sorted(others))), others))
    return classes


def repeats(endpoint: ResponseEndpoint, figure: Figure, book: Book) -> bool:
    """Whether a line would say what the overall response above it says: its only class, or all being evaluable.

    Classes that the definition does not show get no line either; the bars need them, to fill a whole.
    """
    if figure.id == f"response.{OTHERS}.{endpoint.id}":
        return True
    if figure.id == f"response.orr_treated.{endpoint.id}":
        rate = book[f"response.orr.{endpoint.id}"]
        return (figure.n, figure.denominator) == (rate.n, rate.denominator)
    return figure.id in {f"response.{code.lower()}.{endpoint.id}" for code in endpoint.responders[:1]} and (
        len(endpoint.responders) == 1
    )


def draw_response(cohort: Cohort, book: Book) -> list[Flowable]:
    """The table, the bars and the swimmers."""
    language = cohort.language
    flowables: list[Flowable] = [Heading(cohort.say("response.head"), 0, "response", language)]
    if not cohort.analysis.responses:
        return [*flowables, Paragraph(marked(cohort.say("not_defined")), paragraph_style("text", language))]
    columns = (
        Column(cohort.say("response.column"), wrap=True),
        Column("n/N", "centre"),
        Column("%", "point"),
        Column(cohort.say("interval_head"), "point"),
    )
    rows: list[TableRow] = []
    method, named = cohort.method(CLOPPER_PEARSON), {cohort.asked_label(each) for each in cohort.analysis.responses}
    notes = [cohort.say("response.note", method=method, set=named.pop())] if len(named) == 1 else _set_notes(cohort)
    for endpoint in cohort.analysis.responses:
        rows += _endpoint_rows(cohort, endpoint, book)
        note = cohort.said(endpoint.note) if endpoint.note else ""
        if note and note not in notes:
            notes.append(note)
    title = cohort.table("response.title")
    flowables.append(draw_table(columns, rows, language=language, title=title, note="\n".join(notes)))
    flowables += _bars(cohort, book)
    return flowables + _swimmers(cohort)


def _set_notes(cohort: Cohort) -> list[str]:
    """Whom each time point counts, where they count different sets."""
    counted = [
        cohort.say("response.counted", when=cohort.said(endpoint.label), set=cohort.asked_label(endpoint),
                   n=len(cohort.asked(endpoint)))
        for endpoint in cohort.analysis.responses
    ]  # fmt: skip
    return [*counted, cohort.say("response.limits", method=cohort.method(CLOPPER_PEARSON))]


def _endpoint_rows(cohort: Cohort, endpoint: ResponseEndpoint, book: Book) -> list[TableRow]:
    when = cohort.said(endpoint.label)
    rows = [row(when, kind="group")]
    pending = f"response.pending.{endpoint.id}"
    for figure in _of(endpoint, book):
        if figure.id == pending:
            if figure.n:
                rows.append(row(cohort.say("response.pending"), f"{figure.n}/{figure.denominator}", kind="indent"))
            continue
        if repeats(endpoint, figure, book):
            continue
        bold = figure.id.startswith("response.orr.")
        name = figure.label.removeprefix(f"{when}: ")
        texts = (name, f"{figure.n}/{figure.denominator}", number(figure.value), interval(figure))
        rows.append(row(*(TableCell(text, bold=bold) for text in texts), kind="indent"))
    return rows


def _of(endpoint: ResponseEndpoint, book: Book) -> list[Figure]:
    return [figure for figure in book.under("response.") if figure.id.endswith(f".{endpoint.id}")]


def _bars(cohort: Cohort, book: Book) -> list[Flowable]:
    codes: list[str] = []
    for endpoint in cohort.analysis.responses:
        codes += [code for code in endpoint.shown if code not in codes]
    classes = [code.lower() for code in codes]
    if any(f"response.{OTHERS}.{endpoint.id}" in book for endpoint in cohort.analysis.responses):
        classes.append(OTHERS)
    bars = []
    for endpoint in cohort.analysis.responses:
        orr = book[f"response.orr.{endpoint.id}"]
        names = [f"response.{name}.{endpoint.id}" for name in classes]
        counts = tuple(book[name].n or 0 if name in book else 0 for name in names)
        limits = f" ({interval(orr)})" if orr.value is not None else ""
        rate = percent(orr.value, cohort.language) + limits
        remark = f"{'+'.join(endpoint.responders)} {orr.n}/{orr.denominator}, {rate}"
        bars.append(Bar(cohort.said(endpoint.label), counts, remark if orr.denominator else NE))
    parts = [f"{code} {_meaning(cohort, code)}" for code in codes]
    parts += [cohort.say("response.others_short")] if OTHERS in classes else []
    drawing = draw_bars(bars, parts, width=WIDTH, axis=cohort.say("response.axis"))
    caption = cohort.figure("response.bars_caption", method=cohort.method(CLOPPER_PEARSON))
    return captioned(drawing, caption, cohort.language)


def _meaning(cohort: Cohort, code: str) -> str:
    """Name of a class, by the first time point whose list has it."""
    names = [code_label(cohort, endpoint.codelist, code) for endpoint in cohort.analysis.responses]
    return next((name for name in names if name != code), code)


def _swimmers(cohort: Cohort) -> list[Flowable]:
    if not cohort.analysis.survivals or not cohort.treated:
        return []
    if len(cohort.treated) > MOST_SWIMMERS:
        text = cohort.say("swimmer.too_many", n=len(cohort.treated), most=MOST_SWIMMERS)
        return [Paragraph(marked(text), paragraph_style("text", cohort.language))]
    endpoint = cohort.analysis.survivals[0]
    origins = {person.id: person.day(endpoint.origin) for person in cohort.treated}
    times = {entry.subject: entry for entry in cohort.observed[endpoint.id]}
    shown = [response for response in cohort.analysis.responses if response.course]
    words = [answers(cohort, response) for response in shown]
    swimmers = []
    for person in cohort.treated:
        origin, time = origins[person.id], times.get(person.id)
        if origin is None or time is None:
            continue
        swimmers.append(
            Swimmer(
                name=person.id,
                length=_months(int(time.time)),
                ongoing=not time.event,
                cycles=_cycles(cohort, person, origin, int(time.time)),
                marks=_marks(cohort, person, origin),
                words=tuple(by_subject.get(person.id) or DASH for by_subject in words),
            )
        )
    legend = [MarkLegend(entry.symbol, cohort.said(entry.label)) for entry in cohort.analysis.milestones]
    heads = [cohort.said(response.label) for response in shown]
    drawing = draw_swimmers(
        swimmers,
        legend,
        heads,
        width=WIDTH,
        axis=cohort.say("months_from_origin"),
        cycle_word=cohort.say("swimmer.cycles"),
        ongoing_word=cohort.say("swimmer.ongoing"),
    )
    caption = cohort.figure("swimmer.caption", n=len(swimmers))
    return captioned(drawing, caption, cohort.language)


def _months(days: int) -> float:
    return days / float(DAYS_A_MONTH)


def _cycles(cohort: Cohort, person: Person, origin: date, length: int) -> tuple[tuple[float, float], ...]:
    """Stretches of the cycles: each to the next one, the last as long as the first usually is by plan."""
    starts = sorted((day - origin).days for day in cohort.cycle_starts(person).values())
    if not starts:
        return ()
    usual = _usual_cycle(cohort, person)
    ends = [min(following, start + usual) for start, following in pairwise(starts)]
    ends.append(min(starts[-1] + usual, length))
    return tuple((_months(max(begin, 0)), _months(end)) for begin, end in zip(starts, ends, strict=True))


def _usual_cycle(cohort: Cohort, person: Person) -> int:
    """Days from the first cycle to the day planned for the second; 28 where the definition does not say."""
    event = cohort.study.event_by_id[cohort.study.cycle_event]
    first = person.subject.event_day(event.id, "1")
    second = as_date(person.value(event.planned, event.id, "2")) if event.planned else None
    return (second - first).days if first and second and second > first else 28


def _marks(cohort: Cohort, person: Person, origin: date) -> tuple[tuple[int, float], ...]:
    found = []
    for at, milestone in enumerate(cohort.analysis.milestones):
        day = person.day(milestone.value)
        if day is not None and origin <= day <= cohort.day:
            found.append((at, _months((day - origin).days)))
    return tuple(found)
