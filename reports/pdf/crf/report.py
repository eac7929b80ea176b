"""The case-report form of a definition on paper: blank, or annotated with ids, rules and code values.

``render(study, language, app=..., annotated=...)`` needs no store and gives the same bytes for the same definition.
The blank pages serve when no computer is at hand (ICH E6(R3), EMA guideline on computerised systems 2023, 6.9): every
page has room for the subject's number, every form for who filled it in and who keyed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak, Paragraph, Spacer

from forms.study.canonical import dump, fingerprint
from forms.study.definition import Event, Form, Item, ItemGroup, Study
from forms.texts import said, say
from reports.paper.page import (
    WIDE_WIDTH,
    WIDTH,
    Contents,
    Heading,
    PageFacts,
    TitleBand,
    render_document,
    upright_page,
    wide_page,
)
from reports.paper.style import marked, paragraph_style, printable
from reports.paper.tables import Column, TableCell, TableRow, draw_table, row
from reports.pdf.crf.fields import GroupBar, HeadBox, Piece, Question, QuestionParts, answer_pieces
from reports.pdf.crf.notes import entry_mark, form_checks, form_notes, group_notes, item_notes
from reports.pdf.crf.words import Telling

EVENTS_A_TABLE = 18
"""More events than these are shown in a further table."""
LINES_A_CONTENTS = 40
SHORT_LOG = 8
"""A log with no more questions than these is printed with room for several entries."""
SHORT_LOG_ENTRIES = 3
VISITS_NAMED = 9
"""More visits than these are not listed to be ticked; a line is left instead."""


def render(study: Study, language: str, *, app: str, annotated: bool = False) -> bytes:
    """The whole case-report form as PDF."""
    version = "annotated" if annotated else "blank"
    title = say(language, f"crf.title.{version}")
    digest = fingerprint(dump(study))
    facts = PageFacts(
        language=language,
        title=title,
        study="  ".join(filter(None, (said(study.short_title, language), study.registry))),
        about=say(language, "crf.subject_line"),
        cut_off="",
        versions=say(language, "crf.versions", app=app, version=study.version, ctcae=study.ctcae),
        position=say(language, "crf.definition", digest=digest),
    )
    story = [*_cover(study, language, title, digest), *_plan(study, language)]
    for form in study.forms:
        story += _form_story(study, form, language, annotated)
    if annotated:
        story += _annex(study, language)
    return render_document(facts, story)


def _cover(study: Study, language: str, title: str, digest: str) -> list[Flowable]:
    names = {"en": "English", "zh": "简体中文"}
    rows = [
        row(say(language, "crf.cover.study"), f"{study.registry}  {said(study.short_title, language)}".strip()),
        row(say(language, "crf.cover.version"), study.version),
        row(say(language, "crf.cover.definition"), digest),
        row(say(language, "crf.cover.ctcae"), study.ctcae),
        row(say(language, "crf.cover.languages"), ", ".join(names.get(code, code) for code in study.languages)),
        row(
            say(language, "crf.cover.size"),
            say(
                language,
                "crf.cover.counts",
                events=len(study.events),
                forms=len(study.forms),
                items=sum(len(form.items) for form in study.forms),
            ),
        ),
    ]
    entries = [("plan", say(language, "crf.plan"))]
    entries += [(f"form-{form.id}", said(form.label, language)) for form in study.forms]
    rules = [
        Paragraph(marked(say(language, f"crf.rule.{number}")), paragraph_style("text", language)) for number in RULES
    ]
    contents = [Contents(entries[at : at + LINES_A_CONTENTS]) for at in range(0, len(entries), LINES_A_CONTENTS)]
    return [
        Spacer(1, 30),
        Paragraph(marked(said(study.title, language)), paragraph_style("lead", language)),
        Paragraph(marked(title), paragraph_style("title", language)),
        TitleBand(),
        Spacer(1, 8),
        draw_table([Column("", width=150), Column("", wrap=True)], rows, language=language, lined=True),
        Spacer(1, 12),
        Paragraph(marked(say(language, "crf.rules")), paragraph_style("subhead", language)),
        *rules,
        PageBreak(),
        Paragraph(marked(say(language, "crf.contents")), paragraph_style("head", language)),
        *contents,
    ]


RULES = ("subject", "choice", "comb", "missing", "partial", "correct", "keyed")
"""Texts of the cover that say how to fill in the pages."""


def _plan(study: Study, language: str) -> list[Flowable]:
    """Events with day and window, then forms by events."""
    rows = [_event_row(event, language) for event in study.events]
    columns = [
        Column(say(language, "crf.event.id")),
        Column(say(language, "crf.event.name"), wrap=True),
        Column(say(language, "crf.event.day"), wrap=True),
        Column(say(language, "crf.event.window")),
        Column(say(language, "crf.event.kind"), wrap=True),
    ]
    story: list[Flowable] = [
        *wide_page(),
        Heading(say(language, "crf.plan"), 0, "plan", language),
        draw_table(columns, rows, language=language, width=WIDE_WIDTH, lined=True),
        PageBreak(),
    ]
    runs = _runs(study.events)
    parts = [runs[at : at + EVENTS_A_TABLE] for at in range(0, len(runs), EVENTS_A_TABLE)]
    return [*story, *(_matrix(study, part, language) for part in parts), *upright_page()]


def _event_row(event: Event, language: str) -> TableRow:
    window = f"-{event.before} / +{event.after}" if event.planned else ""
    kind = say(language, f"crf.event_kind.{event.kind}", cycles=event.cycles)
    return row(event.id, said(event.label, language), said(event.protocol_day, language), window, kind)


def _runs(events: Sequence[Event]) -> list[tuple[Event, Event]]:
    """First and last of the visits that follow each other with the same forms, as visits of follow-up do."""
    runs: list[tuple[Event, Event]] = []
    for event in events:
        if runs and event.kind == "visit" == runs[-1][0].kind and event.forms == runs[-1][0].forms:
            runs[-1] = (runs[-1][0], event)
        else:
            runs.append((event, event))
    return runs


def _matrix(study: Study, runs: Sequence[tuple[Event, Event]], language: str) -> Flowable:
    columns = [Column(say(language, "crf.form"), wrap=True, width=200)]
    columns += [Column(first.id if first is last else f"{first.id}–{last.id}", align="centre") for first, last in runs]
    rows = []
    for form in study.forms:
        marks = [next((entry_mark(entry) for entry in first.forms if entry.form == form.id), "") for first, _ in runs]
        if any(marks):
            rows.append(row(f"{form.id}  {said(form.label, language)}", *marks))
    note = say(language, "crf.matrix.note")
    title = say(language, "crf.matrix")
    return draw_table(columns, rows, language=language, title=title, note=note, width=WIDE_WIDTH, lined=True)


def _form_story(study: Study, form: Form, language: str, annotated: bool) -> list[Flowable]:
    title = printable(said(form.label, language))
    story: list[Flowable] = [Heading(title, 0, f"form-{form.id}", language), _head_box(study, form, language)]
    if form.help:
        story.append(Paragraph(marked(said(form.help, language)), paragraph_style("small", language)))
    if annotated:
        story += form_notes(study, form, language)
    telling = Telling(study, form, language)
    for group in form.groups:
        story += _group_story(study, telling, group, title, annotated)
    if annotated and form.checks:
        checks = form_checks(form, language)
        story += [GroupBar(printable(say(language, "crf.note.form_checks"))), *checks]
    signed = HeadBox([[Piece("line", say(language, key), width) for key, width in SIGNED]])
    kept = [] if annotated else _last_of(story)
    return [*story[: len(story) - len(kept)], KeepTogether([*kept, Spacer(1, 8), signed]), PageBreak()]


def _last_of(story: Sequence[Flowable]) -> list[Flowable]:
    """The last questions of a form, so that the box for who filled it in never stands alone on a page."""
    kept: list[Flowable] = []
    for flowable in reversed(story):
        if len(kept) >= LAST_KEPT or isinstance(flowable, Heading | HeadBox | CondPageBreak):
            break
        kept.insert(0, flowable)
        if isinstance(flowable, GroupBar):
            break
    return kept


LAST_KEPT = 3
"""Questions that stay on the page of the box that closes a form."""

SIGNED = (("crf.filled_by", 90.0), ("crf.filled_on", 70.0), ("crf.keyed_by", 90.0), ("crf.keyed_on", 60.0))


def _head_box(study: Study, form: Form, language: str) -> Flowable:
    """Whose form it is and of which visit: site, subject, year of birth, visit, cycle, date."""
    who = [
        Piece("line", say(language, "crf.site"), 56),
        Piece("line", say(language, "crf.subject"), 110),
        Piece("line", say(language, "crf.birth_year"), 56),
        Piece("line", say(language, "crf.initials"), 40),
    ]
    events = [event for event in study.events if any(entry.form == form.id for entry in event.forms)]
    visits = [event for event in events if event.kind != "log"]
    lines = [who]
    if visits:
        named = [Piece("circle", printable(said(event.label, language))) for event in visits]
        if len(named) > VISITS_NAMED:
            named = [Piece("line", width=180)]
        lines.append([Piece("words", say(language, "crf.visit")), *named])
        when = [Piece("words", say(language, "crf.visit_date")), Piece("comb", say(language, "crf.date_cells"))]
        if any(event.kind == "cycle" for event in visits):
            when = [Piece("words", say(language, "crf.cycle")), Piece("comb", "__"), *when]
        if form.repeat or any(event.kind == "added" for event in visits):
            when += [Piece("words", say(language, "crf.number")), Piece("comb", "__")]
        lines.append(when)
    else:
        lines.append([Piece("line", say(language, "crf.page_of_log"), 40)])
    return HeadBox(lines)


def _group_story(study: Study, telling: Telling, group: ItemGroup, title: str, annotated: bool) -> list[Flowable]:
    language = telling.language
    name = said(group.label, language)
    condition = telling.condition(group.show)
    if condition:
        name = f"{name} ({condition})"
    entries = 1
    if group.repeat and not annotated:
        entries = SHORT_LOG_ENTRIES if len(group.items) <= SHORT_LOG else 1
    missing = say(language, "crf.missing_head")
    story: list[Flowable] = []
    for _ in range(entries):
        bar = printable(f"{name}   {say(language, 'crf.entry_number')}" if group.repeat else name)
        story += [CondPageBreak(60), GroupBar(bar, missing)]
        if annotated:
            story += group_notes(group, language)
        for derived, items in groupby(group.items, lambda item: bool(item.derive) and not annotated):
            if derived:
                story.append(_derived_line(items, language))
            else:
                for item in items:
                    story += _item_story(study, telling, item.id, title, annotated)
    if group.repeat and entries == 1:
        story.append(Paragraph(marked(say(language, "crf.copy_page")), paragraph_style("note", language)))
    return story


def _derived_line(items: Iterable[Item], language: str) -> Flowable:
    """The items that the program computes, named in one place: nothing is written there."""
    names = say(language, "crf.list_comma").join(said(item.label, language) for item in items)
    return Paragraph(marked(say(language, "crf.derived_list", names=names)), paragraph_style("note", language))


def _item_story(study: Study, telling: Telling, item_id: str, title: str, annotated: bool) -> list[Flowable]:
    language, item = telling.language, telling.form.items[item_id]
    remarks = [telling.condition(item.show)]
    if item.help:
        remarks.append(said(item.help, language))
    label = said(item.label, language) + (" *" if item.required == "true" and not item.derive else "")
    asked = QuestionParts(
        label=printable(label),
        pieces=answer_pieces(item, study, language, annotated=annotated),
        remarks=tuple(printable(words) for words in remarks if words),
        missing=bool(item.missing) and not item.derive,
        quiet=bool(item.derive),
    )
    question = Question(asked, title)
    if not annotated:
        return [question]
    first, *more = item_notes(item, language)
    return [KeepTogether([question, first]), *more]


def _annex(study: Study, language: str) -> list[Flowable]:
    """Facts and settings, which conditions name."""
    facts = [row(f"${fact.id}", said(fact.label, language), fact.value.strip()) for fact in study.facts]
    settings = [
        row(
            setting.id,
            said(setting.label, language),
            TableCell(setting.value + ("" if setting.confirmed else f"  {say(language, 'crf.unconfirmed')}")),
        )
        for setting in study.settings
    ]
    columns = [
        Column(say(language, "crf.annex.id"), wrap=True, width=0.2 * WIDTH),
        Column(say(language, "crf.annex.label"), wrap=True, width=0.34 * WIDTH),
        Column(say(language, "crf.annex.value"), wrap=True, width=0.46 * WIDTH),
    ]
    return [
        Heading(say(language, "crf.annex"), 0, "annex", language),
        draw_table(columns, facts, language=language, title=say(language, "crf.annex.facts"), lined=True),
        Spacer(1, 10),
        draw_table(columns, settings, language=language, title=say(language, "crf.annex.settings"), lined=True),
    ]
