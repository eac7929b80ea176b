"""Dates known in part, as this report reads them, and dates that contradict each other: one line each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date

from reportlab.platypus import Flowable, Paragraph

from forms.compiled.graph import graph_of, read_by
from forms.compiled.life import death_item, read_for
from forms.compiled.study import compiled
from forms.expressions.rule import Rule
from forms.sheet.resolve import ImputedDate
from forms.study.names import AE_END, AE_START, KNOWN_DEAD, LAST_SEEN
from forms.subject.life import find_last_seen
from reports.figure import Figure
from reports.paper.page import Heading
from reports.paper.places import place_words
from reports.paper.style import marked, paragraph_style
from reports.paper.tables import Column, draw_table, row
from reports.pdf.cohort.data import Cohort, Person
from reports.pdf.cohort.words import DASH, Book


def date_method(cohort: Cohort) -> str:
    """The rule in one paragraph, with how often it was needed."""
    dates, read = cohort.analysis.dates, taken(cohort)
    return cohort.say(
        "method.dates",
        events=cohort.say(f"dates.take.{dates.events}"),
        ends=cohort.say(f"dates.take.{dates.ends}"),
        n=sum(map(len, read.values())),
        subjects=len(read),
    )


def taken(cohort: Cohort) -> dict[str, tuple[ImputedDate, ...]]:
    """Dates read by the rule that this report can lean on, by subject, up to the cut-off."""
    return cohort.once(("dates taken",), lambda: _find_taken(cohort))


def _find_taken(cohort: Cohort) -> dict[str, tuple[ImputedDate, ...]]:
    if not any(person.taken for person in cohort.people):
        return {}
    asked = _asked(cohort)
    found = {}
    for person in cohort.people:
        used = (one for one in person.taken if (one.place.form, one.place.item) in asked)
        counted = tuple(one for one in used if one.day <= cohort.day)
        if counted:
            found[person.id] = counted
    return found


def _asked(cohort: Cohort) -> set[tuple[str, str]]:
    """Items that some number of the report can depend on, also by way of facts and derived items."""
    ready = compiled(cohort.study)
    rules = [(ready.rule(text), "") for text in _expressions(cohort.analysis, cohort.study.drugs)]
    events = ready.forms.get(cohort.analysis.adverse_events)
    direct = set(read_by(ready, [(rule, form) for rule, form in rules if isinstance(rule, Rule)]))
    if events is not None:
        direct |= {
            (events.form.id, events.form.known[name].id) for name in (AE_START, AE_END) if name in events.form.known
        }
    direct |= read_for(ready, LAST_SEEN) | read_for(ready, KNOWN_DEAD)
    graph = graph_of(ready)
    return {
        (form.form.id, item)
        for form in ready.forms.values()
        for item, plan in form.laid_out.items()
        if plan.item.kind in ("date", "datetime")
        and ((form.form.id, item) in direct or graph.reached((form.form.id, item)) & direct)
    }


def _expressions(*parts: object) -> Iterator[str]:
    """Every expression in the analysis and the drugs of a definition."""
    for part in parts:
        if isinstance(part, tuple):
            yield from _expressions(*part)
        elif is_dataclass(part):
            for spec in fields(part):
                content = getattr(part, spec.name)
                if isinstance(content, tuple) or is_dataclass(content):
                    yield from _expressions(content)
                elif spec.name in _RULES and content:
                    yield content


_RULES = frozenset(
    {"value", "holds", "evaluable", "origin", "event", "censor", "before", "after", "safety_until"}
    | {"received", "given", "doses", "cycle_given", "cycle_planned", "not_before", "not_after"}
)


def contradictions(cohort: Cohort) -> dict[str, tuple[str, ...]]:
    """Whole dates that can't both be right, by subject: sentences. They are counted as recorded or not at all."""
    return cohort.once(("dates against each other",), lambda: _find_contradictions(cohort))


def _find_contradictions(cohort: Cohort) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for person in cohort.people:
        told = tuple(dict.fromkeys([*_before_origin(cohort, person), *_seen_after_death(cohort, person)]))
        if told:
            found[person.id] = told
    return found


def _before_origin(cohort: Cohort, person: Person) -> Iterator[str]:
    """Events recorded before the time they are counted from began."""
    for endpoint in cohort.analysis.survivals:
        origin = person.day(endpoint.origin)
        for rule in cohort.analysis.dates.items if origin is not None else ():
            if rule.not_before and rule.tells:
                yield from _early(cohort, person, rule.item, origin)
        event = person.day(endpoint.event)
        if origin is not None and event is not None and event < origin:
            what = cohort.said(endpoint.label)
            yield cohort.say("dates.event_early", what=what, day=event, origin=origin)


def _early(cohort: Cohort, person: Person, name: str, origin: date | None) -> Iterator[str]:
    form, _, item = name.partition(".")
    subject = person.subject
    for key in subject.keys_of(form):
        for place in (key.place(item, row_id) for row_id in subject.rows(key, "")):
            day = subject.filled(key).typed(place.row, item)
            first = getattr(day, "first", None)
            if first is not None and origin is not None and first() < origin:
                where = place_words(subject, place, cohort.language)
                yield cohort.say("dates.event_early", what=where, day=first(), origin=origin)


def _seen_after_death(cohort: Cohort, person: Person) -> Iterator[str]:
    death, seen = cohort.dead.get(person.id), find_last_seen(person.data.subject, person.data.subject.today)
    if death is not None and seen is not None and seen > death:
        yield cohort.say("dates.seen_later", death=death, seen=seen)


def date_figures(cohort: Cohort) -> list[Figure]:
    """How many dates were read by the rule, each with its day, and who has dates that contradict each other."""
    read, against = taken(cohort), contradictions(cohort)
    total = sum(map(len, read.values()))
    found = [Figure("dates.read", cohort.say("dates.read"), total, "", len(read), subjects=tuple(read))]
    for subject, dates in read.items():
        for one in dates:
            place = one.place
            names = (subject, place.event, place.event_no, place.form, place.form_no, place.row, place.item)
            note = cohort.say("dates.from_to", recorded=recorded(cohort, one), first=one.days.first, last=one.days.last)
            label = place_words(_person(cohort, subject).data.subject, place, cohort.language)
            figure = ".".join(("dates", *names))
            found.append(Figure(figure, label, one.day.isoformat(), n=1, subjects=(subject,), note=note))
    label = cohort.say("dates.contradict")
    return [*found, Figure("dates.contradict", label, len(against), "", len(against), subjects=tuple(against))]


def _person(cohort: Cohort, subject: str) -> Person:
    return next(person for person in cohort.people if person.id == subject)


def recorded(cohort: Cohort, one: ImputedDate) -> str:
    """A date as recorded: the part that is known, or that it is not known."""
    return one.recorded or cohort.say("dates.unknown")


def death_words(cohort: Cohort, subject: str) -> str:
    """The day of death as a listing shows it: with what was recorded when that was not a whole date, else ""."""
    spot = death_item(compiled(cohort.study))
    found = next((one for one in taken(cohort).get(subject, ()) if (one.place.form, one.place.item) == spot), None)
    return "" if found is None else cohort.say("dates.death", recorded=recorded(cohort, found), day=found.day)


def draw_dates(cohort: Cohort, book: Book) -> list[Flowable]:
    """The listing of dates read by the rule, then the contradictions."""
    read, against = taken(cohort), contradictions(cohort)
    heading = Heading(cohort.say("dates.head"), 0, "dates", cohort.language)
    if not read and not against:
        return [heading, Paragraph(marked(cohort.say("dates.none")), paragraph_style("text", cohort.language))]
    found: list[Flowable] = [heading]
    if read:
        found.append(_listing(cohort, read))
    if against:
        lines = [row(subject, text) for subject, texts in against.items() for text in texts]
        columns = (Column(cohort.say("subject")), Column(cohort.say("dates.contradiction"), wrap=True))
        title, note = cohort.table("dates.against_title"), cohort.say("dates.against_note")
        found.append(draw_table(columns, lines, language=cohort.language, title=title, note=note, lined=True))
    return found


def _listing(cohort: Cohort, read: dict[str, tuple[ImputedDate, ...]]) -> Flowable:
    lines = []
    for subject, dates in read.items():
        person = _person(cohort, subject)
        for one in dates:
            where = place_words(person.data.subject, one.place, cohort.language)
            can_be = f"{one.days.first} {DASH} {one.days.last}"
            lines.append(row(subject, where, recorded(cohort, one), can_be, one.day.isoformat()))
    columns = (
        Column(cohort.say("subject")),
        Column(cohort.say("dates.what"), wrap=True),
        Column(cohort.say("dates.recorded"), "left"),
        Column(cohort.say("dates.can_be"), "left"),
        Column(cohort.say("dates.day"), "left"),
    )
    title, note = cohort.table("dates.title", n=len(lines)), cohort.say("dates.note")
    return draw_table(columns, lines, language=cohort.language, title=title, note=note, lined=True, size=7.4)
