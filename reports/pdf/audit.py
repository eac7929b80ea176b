"""The audit report of a store: who could do what, what was done to the store, every value that was changed, and why.

The trail of each subject value by value is the annex of its casebook; here stands what a monitor reviews: acts on the
store, corrections with their reasons, forms completed and re-opened, queries, and how much each person entered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reportlab.platypus import Flowable, PageBreak, Paragraph, Spacer

from forms.record.dataset import Dataset, Entry, SubjectData
from forms.record.delegation import role_words
from forms.record.trail import VALUES, clock_words, entry_words, local_moment, who_words
from forms.texts import said, say
from reports.paper.page import Contents, Heading, TitleBand, page_facts, render_document
from reports.paper.places import key_words, place_words
from reports.paper.style import QUIET, SIZE_SMALL, marked, paragraph_style
from reports.paper.tables import Column, TableCell, TableRow, draw_table, row
from reports.paper.threads import thread_steps

SECTIONS = ("people", "store", "changes", "forms", "queries")
COUNTED = ("range", "tip_signed")
"""Acts that come by the hundred (lab ranges put in force, signatures of the ledger's tip): counted, not listed."""


def render(dataset: Dataset, language: str) -> bytes:
    """The audit report as PDF."""
    title = say(language, "audit.title")
    facts = page_facts(dataset, language, say(language, "audit.about", site=dataset.site), title)
    story: list[Flowable] = [
        Spacer(1, 30),
        Paragraph(marked(said(dataset.study.title, language)), paragraph_style("lead", language)),
        Paragraph(marked(title), paragraph_style("title", language)),
        TitleBand(),
        Paragraph(marked(say(language, "audit.scope")), paragraph_style("text", language)),
        Spacer(1, 10),
        Contents([(name, say(language, f"audit.section.{name}")) for name in SECTIONS]),
        PageBreak(),
        *_people(dataset, language),
        *_store_acts(dataset, language),
        *_changes(dataset, language),
        *_forms(dataset, language),
        *_queries(dataset, language),
    ]
    return render_document(facts, story)


def _section(name: str, language: str, table: Flowable) -> list[Flowable]:
    return [Heading(say(language, f"audit.section.{name}"), 0, name, language), table]


def _moment(entry: Entry) -> str:
    moment = local_moment(entry)
    return f"{moment:%Y-%m-%d %H:%M:%S} ({moment:%Z})"


def _who(dataset: Dataset, entry: Entry, language: str) -> str:
    return who_words(dataset.study, dataset.names, entry, language)


def _everything(dataset: Dataset) -> Iterator[tuple[SubjectData | None, Entry]]:
    for act in dataset.acts:
        yield None, act
    for data in dataset.subjects:
        for entry in data.entries:
            yield data, entry


def _people(dataset: Dataset, language: str) -> list[Flowable]:
    """Entries, corrections and first and last day of each person."""
    made: Counter[tuple[str, str]] = Counter()
    corrected: Counter[tuple[str, str]] = Counter()
    days: dict[tuple[str, str], list[str]] = {}
    for data, entry in _everything(dataset):
        if entry.who == "system":
            continue
        person = (entry.who, entry.role)
        days.setdefault(person, []).append(entry.at)
        if data is not None and entry.act in VALUES:
            made[person] += 1
            corrected[person] += bool(entry.replaces)
    rows = [
        row(
            dataset.names.get(who, who),
            who,
            role_words(dataset.study, role, language),
            str(made[(who, role)]),
            str(corrected[(who, role)]),
            min(found)[:10],
            max(found)[:10],
        )
        for (who, role), found in sorted(days.items())
    ]
    heads = ("person", "account", "role", "entries", "corrections", "first", "last")
    right = ("entries", "corrections")
    columns = [
        Column(say(language, f"audit.column.{head}"), align="right" if head in right else "left", wrap=head == "person")
        for head in heads
    ]
    return _section("people", language, draw_table(columns, rows, language=language, lined=True))


def _store_acts(dataset: Dataset, language: str) -> list[Flowable]:
    """Accounts, sign-ins, definitions, backups, exports, reports, in order."""
    counts = Counter(act.act for act in dataset.acts if act.act in COUNTED)
    rows = [
        row(
            TableCell(str(act.arrival), colour=QUIET),
            _moment(act),
            _who(dataset, act, language),
            say(language, f"db.act.{act.act}"),
            act.why or clock_words(act, language),
        )
        for act in dataset.acts
        if act.act not in COUNTED
    ]
    columns = [
        Column(say(language, "casebook.column.entry"), width=34),
        Column(say(language, "audit.column.when"), width=118),
        Column(say(language, "audit.column.person"), wrap=True, width=110),
        Column(say(language, "audit.column.act"), wrap=True),
        Column(say(language, "audit.column.why"), wrap=True),
    ]
    told = say(language, "casebook.list_comma").join(
        f"{say(language, f'db.act.{name}')} {count}" for name, count in sorted(counts.items())
    )
    note = say(language, "audit.counted", acts=told) if told else ""
    table = draw_table(columns, rows, language=language, note=note, size=SIZE_SMALL, lined=True)
    return _section("store", language, table)


def _changes(dataset: Dataset, language: str) -> list[Flowable]:
    """Every value a person replaced, old beside new, with the reason."""
    rows: list[TableRow] = []
    for data in dataset.subjects:
        before = {entry.address: entry for entry in data.entries}
        changed = [e for e in data.entries if e.act in VALUES and e.who != "system" and e.replaces in before]
        if changed:
            rows.append(row(data.subject.id, kind="group"))
        rows += [
            row(
                TableCell(str(entry.arrival), colour=QUIET),
                f"{_moment(entry)}\n{_who(dataset, entry, language)}",
                place_words(data.subject, entry.place, language),
                TableCell(entry_words(dataset.study, before[entry.replaces], language), colour=QUIET),
                entry_words(dataset.study, entry, language) or say(language, "casebook.trail.cleared"),
                entry.why,
            )
            for entry in changed
        ]
    columns = [
        Column(say(language, "casebook.column.entry"), width=34),
        Column(say(language, "audit.column.when"), wrap=True, width=112),
        Column(say(language, "casebook.column.place"), wrap=True),
        Column(say(language, "casebook.column.old"), wrap=True, width=64),
        Column(say(language, "casebook.column.new"), wrap=True, width=64),
        Column(say(language, "audit.column.why"), wrap=True, width=108),
    ]
    return _section("changes", language, draw_table(columns, rows, language=language, size=SIZE_SMALL, lined=True))


def _forms(dataset: Dataset, language: str) -> list[Flowable]:
    """Forms completed, re-opened, or completed over a block by an investigator."""
    rows = [
        row(
            TableCell(str(entry.arrival), colour=QUIET),
            _moment(entry),
            f"{data.subject.id} · {key_words(data.subject, entry.place.form_key, language)}",
            say(language, f"db.act.{entry.act}"),
            _who(dataset, entry, language),
            entry.why,
        )
        for data in dataset.subjects
        for entry in data.entries
        if entry.act in ("reopened", "overridden")
    ]
    done = sum(entry.act == "completed" for data in dataset.subjects for entry in data.entries)
    columns = [
        Column(say(language, "casebook.column.entry"), width=34),
        Column(say(language, "audit.column.when"), width=118),
        Column(say(language, "casebook.column.place"), wrap=True),
        Column(say(language, "audit.column.act"), wrap=True, width=70),
        Column(say(language, "audit.column.person"), wrap=True, width=84),
        Column(say(language, "audit.column.why"), wrap=True, width=84),
    ]
    note = say(language, "audit.completed", count=done)
    table = draw_table(columns, rows, language=language, note=note, size=SIZE_SMALL, lined=True)
    return _section("forms", language, table)


def _queries(dataset: Dataset, language: str) -> list[Flowable]:
    """All queries of the store with their threads."""
    rows = [
        row(
            f"{data.subject.id} · {place_words(data.subject, query.place, language)}",
            say(language, f"casebook.query.{query.status}"),
            "\n".join(thread_steps(dataset, data, query, language)),
        )
        for data in dataset.subjects
        for query in data.queries
    ]
    columns = [
        Column(say(language, "casebook.column.place"), wrap=True, width=150),
        Column(say(language, "casebook.column.state"), width=56),
        Column(say(language, "casebook.column.thread"), wrap=True),
    ]
    return _section("queries", language, draw_table(columns, rows, language=language, size=SIZE_SMALL, lined=True))
