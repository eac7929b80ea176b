"""The listing of queries: by subject, with what was asked, each step after it, and the corrections made for it."""

from __future__ import annotations

from collections import Counter

from reportlab.platypus import Flowable, Paragraph, Spacer

from forms.record.dataset import Dataset, Query, SubjectData
from forms.record.delegation import role_words
from forms.record.trail import corrections, question_words, thread, who_words
from forms.texts import said, say
from reports.paper.page import WIDE_WIDTH, TitleBand, page_facts, render_document
from reports.paper.places import place_words
from reports.paper.style import ALARM, marked, paragraph_style
from reports.paper.tables import Column, TableCell, TableRow, draw_table, row
from reports.paper.threads import moment_words, thread_steps

HEADS = ("place", "question", "state", "asked", "due", "steps")
COUNTED = ("open", "answered", "closed")


def render(dataset: Dataset, language: str) -> bytes:
    """The listing as PDF, on pages laid across."""
    title = say(language, "access.listing.title")
    facts = page_facts(dataset, language, dataset.site, title)
    counts = Counter(query.status for data in dataset.subjects for query in data.queries)
    told = say(language, "access.comma").join(
        f"{say(language, f'casebook.query.{status}')} {counts[status]}" for status in COUNTED
    )
    columns = [
        Column(say(language, f"access.listing.{head}"), wrap=head not in ("state", "due"),
               width=52.0 if head in ("state", "due") else 0.0)
        for head in HEADS
    ]  # fmt: skip
    story: list[Flowable] = [
        Paragraph(marked(said(dataset.study.title, language)), paragraph_style("lead", language)),
        Paragraph(marked(title), paragraph_style("title", language)),
        TitleBand(),
        Paragraph(marked(told), paragraph_style("text", language)),
        Spacer(1, 6),
        draw_table(columns, _rows(dataset, language), language=language, lined=True, width=WIDE_WIDTH),
    ]
    return render_document(facts, story, wide=True)


def _rows(dataset: Dataset, language: str) -> list[TableRow]:
    rows = []
    for data in dataset.subjects:
        if data.queries:
            rows.append(row(data.subject.id, *[""] * (len(HEADS) - 1), kind="group"))
            rows += [_row(dataset, data, query, language) for query in data.queries]
    return rows


def _row(dataset: Dataset, data: SubjectData, query: Query, language: str) -> TableRow:
    opened = next(thread(query.id, data.entries))
    after = thread_steps(dataset, data, query, language, first=1)
    made = len(corrections(data, query))
    if made:
        after.append(say(language, "access.listing.corrected", count=made))
    to = [say(language, "access.listing.to", role=role_words(dataset.study, query.to, language))] if query.to else []
    late = query.status == "open" and bool(query.due) and query.due < dataset.today.isoformat()
    return row(
        place_words(data.subject, query.place, language),
        question_words(query, language),
        say(language, f"casebook.query.{query.status}"),
        "\n".join([moment_words(opened), who_words(dataset.study, dataset.names, opened, language), *to]),
        TableCell(query.due, colour=ALARM) if late else query.due,
        "\n".join(after),
    )
