"""One subject's casebook: cover, schedule, every form as entered, grades with their working, queries, audit trail.

``render(dataset, subject_id, language)`` gives the same bytes for the same dataset. What a form prints is what its
`Sheet` holds; the working of a grade is the text of the same `Grade` that the window shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportlab.platypus import CondPageBreak, Flowable, PageBreak, Paragraph, Spacer

from forms.course.schedule import Visit, schedule
from forms.errors import Refusal
from forms.place import FormKey
from forms.record.dataset import Dataset, SubjectData
from forms.shown import fact_words
from forms.study.definition import Fact, Study
from forms.subject.subject import Subject
from forms.texts import said, say
from reports.paper.page import WIDTH, Contents, Heading, TitleBand, page_facts, render_document, shown_date
from reports.paper.places import event_words, form_words
from reports.paper.style import ALARM, QUIET, marked, paragraph_style
from reports.paper.tables import Column, TableCell, TableRow, draw_table, row
from reports.pdf.casebook.annex import queries_section, trail_section, working_section
from reports.pdf.casebook.forms import form_story, pair_rows
from reports.pdf.casebook.signed import signatures_section
from reports.pdf.cohort.data import Cohort
from reports.pdf.cohort.trends import subject_panels

SECTIONS = ("schedule", "trends", "forms", "working", "signatures", "queries", "trail")
FORMS_NAMED = 3
"""More forms than these in one state are counted, not named."""

STATE_MARKS = {"empty": "○", "started": "◐", "complete": "●"}


def find_subject(dataset: Dataset, subject_id: str) -> SubjectData:
    """The subject's data. Raises `Refusal` when the store has no such subject."""
    for data in dataset.subjects:
        if data.subject.id == subject_id:
            return data
    raise Refusal("casebook.no_such_subject", subject=subject_id)


def render(dataset: Dataset, subject_id: str, language: str) -> bytes:
    """The casebook of one subject as PDF."""
    data = find_subject(dataset, subject_id)
    title = say(language, "casebook.title", subject=subject_id)
    facts = page_facts(dataset, language, subject_id, title)
    story = [
        *_cover(dataset, data, language),
        *_schedule_section(data, language),
        *_trends_section(dataset, data, language),
        *_forms_section(dataset, data, language),
        *working_section(data, language),
        *signatures_section(dataset, data, language),
        *queries_section(dataset, data, language),
        *trail_section(dataset, data, language),
    ]
    return render_document(facts, story)


def _cover(dataset: Dataset, data: SubjectData, language: str) -> list[Flowable]:
    study, subject = dataset.study, data.subject
    states = [data.states[key].status if key in data.states else "started" for key in subject.keys()]
    done = sum(1 for status in states if status == "complete")
    open_queries = sum(1 for query in data.queries if query.is_open)
    pairs = [
        (say(language, "casebook.cover.study"), f"{study.registry}  {said(study.short_title, language)}".strip()),
        (say(language, "casebook.cover.site"), dataset.site),
        *((said(fact.label, language), words) for fact, words in _known_facts(subject, language)),
        (
            say(language, "casebook.cover.forms"),
            say(language, "casebook.cover.forms_done", done=done, begun=len(states)),
        ),
        (say(language, "casebook.cover.queries"), str(open_queries)),
        (say(language, "casebook.cover.entries"), str(len(data.entries))),
        *_versions(dataset, language),
    ]
    columns = [Column("", wrap=True, width=WIDTH * share) for share in (0.22, 0.28, 0.22, 0.28)]
    entries = [(section, say(language, f"casebook.section.{section}")) for section in _sections(data)]
    return [
        Spacer(1, 40),
        Paragraph(marked(said(study.title, language)), paragraph_style("lead", language)),
        Paragraph(marked(say(language, "casebook.title", subject=subject.id)), paragraph_style("title", language)),
        TitleBand(),
        Spacer(1, 10),
        draw_table(columns, pair_rows(pairs), language=language, lined=True),
        Spacer(1, 14),
        Contents(entries),
        Spacer(1, 14),
        Paragraph(marked(say(language, "casebook.cover.marks")), paragraph_style("small", language)),
        PageBreak(),
    ]


def _sections(data: SubjectData) -> list[str]:
    """The sections this casebook has."""
    return [section for section in SECTIONS if section != "signatures" or data.signatures]


def _versions(dataset: Dataset, language: str) -> list[tuple[str, str]]:
    """Every version of the study that was in force, with the days of approval and force; one alone is in the foot."""
    if len(dataset.history) < 2:
        return []
    return [
        (
            say(language, "casebook.version", version=each.study.version),
            say(
                language,
                "casebook.cover.version" if each.approved else "casebook.cover.version_first",
                since=each.since.isoformat(),
                day=each.day.isoformat(),
                approved=each.approved,
            ),
        )
        for each in dataset.history
    ]


def _known_facts(subject: Subject, language: str) -> list[tuple[Fact, str]]:
    """The study's facts that are known of this subject, in words."""
    study = subject.study
    told = ((fact, fact_words(study, fact, subject.fact(fact.id), language)) for fact in study.facts)
    return [(fact, words) for fact, words in told if words]


def _schedule_section(data: SubjectData, language: str) -> list[Flowable]:
    rows = [_visit_row(data, visit, language) for visit in schedule(data.subject) if visit.status != "not_expected"]
    columns = [
        Column(say(language, "casebook.schedule.event"), wrap=True),
        Column(say(language, "casebook.schedule.planned")),
        Column(say(language, "casebook.schedule.window")),
        Column(say(language, "casebook.schedule.actual")),
        Column(say(language, "casebook.schedule.status")),
        Column(say(language, "casebook.schedule.forms"), wrap=True),
    ]
    note = say(language, "casebook.schedule.note")
    return [
        Heading(say(language, "casebook.section.schedule"), 0, "schedule", language),
        draw_table(columns, rows, language=language, note=note, lined=True),
    ]


def _trends_section(dataset: Dataset, data: SubjectData, language: str) -> list[Flowable]:
    """The study's key measurements over time, as the cohort report draws them."""
    panels = subject_panels(Cohort(replace(dataset, subjects=(data,)), language))
    words = say(language, "casebook.trends.note" if panels else "casebook.trends.none")
    return [
        CondPageBreak(220),
        Heading(say(language, "casebook.section.trends"), 0, "trends", language),
        *panels,
        Paragraph(marked(words), paragraph_style("note", language)),
    ]


def _visit_row(data: SubjectData, visit: Visit, language: str) -> TableRow:
    study = data.subject.judging(visit.event, visit.event_no).study
    window = ""
    if visit.earliest is not None and visit.latest is not None and visit.earliest != visit.latest:
        window = f"{visit.earliest:%m-%d} – {visit.latest:%m-%d}"
    late = visit.status in ("overdue", "out_of_window", "missed")
    return row(
        event_words(
            study, visit.event, visit.event_no, data.subject.event_number(visit.event, visit.event_no), language
        ),
        shown_date(visit.planned),
        window,
        shown_date(visit.actual),
        TableCell(say(language, f"casebook.status.{visit.status}"), colour=ALARM if late else QUIET),
        _forms_words(visit, study, language),
    )


def _forms_words(visit: Visit, study: Study, language: str) -> str:
    """How many of the event's forms are complete, and which are not."""
    counted = [f for f in visit.forms if f.applicable and (f.required or f.state.status != "empty")]
    words = []
    done = sum(1 for form in counted if form.state.status == "complete")
    if done:
        words.append(f"{STATE_MARKS['complete']} {done}/{len(counted)}")
    for status in ("started", "empty"):
        names = [form_words(study, f.key.form, language) for f in counted if f.state.status == status]
        if names:
            listed = say(language, "casebook.list_comma").join(names[:FORMS_NAMED])
            more = f" +{len(names) - FORMS_NAMED}" if len(names) > FORMS_NAMED else ""
            words.append(f"{STATE_MARKS[status]} {listed}{more}")
    return "  ".join(words)


def _forms_section(dataset: Dataset, data: SubjectData, language: str) -> list[Flowable]:
    subject = data.subject
    head = Heading(say(language, "casebook.section.forms"), 0, "forms", language)
    story: list[Flowable] = [CondPageBreak(220), head]
    completed = {entry.place.form_key: entry for entry in data.entries if entry.act == "completed"}
    for key in subject.every_key():
        title = _form_title(subject, key, language)
        if len(dataset.history) > 1:
            version = subject.judging(key.event, key.event_no).study.version
            title = f"{title} · {say(language, 'casebook.version', version=version)}"
        story.extend(form_story(data, key, title, dataset.names, completed, language))
    if len(story) == 2:
        story.append(Paragraph(marked(say(language, "reports.table.empty")), paragraph_style("text", language)))
    return story


def _form_title(subject: Subject, key: FormKey, language: str) -> str:
    number = subject.event_number(key.event, key.event_no)
    study = subject.judging(key.event, key.event_no).study
    title = f"{event_words(study, key.event, key.event_no, number, language)} · "
    title += form_words(study, key.form, language)
    forms: Sequence[str] = subject.form_nos(key.event, key.event_no, key.form)
    return f"{title} {forms.index(key.form_no) + 1}" if len(forms) > 1 and key.form_no in forms else title
