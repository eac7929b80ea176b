"""The protocol of a rehearsed restore, with room for two signatures by hand."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import Flowable, Paragraph, Spacer

from forms.study.definition import Study
from forms.texts import said, say
from reports.paper.page import PageFacts, TitleBand, demonstration_mark, render_document
from reports.paper.style import marked, paragraph_style
from reports.paper.tables import Column, draw_table, row


def render(
    study: Study, site: str, lines: Sequence[tuple[str, str]], is_good: bool, app: str, language: str,
    set_clock: str = "",
) -> bytes:  # fmt: skip
    """The protocol as PDF: one line for each name and value given.

    ``set_clock`` is the day (ISO date) a demonstration's clock was set to.
    """
    title = say(language, "access.rehearsal.title")
    facts = PageFacts(
        language=language, title=title, study=said(study.short_title, language), about=site, cut_off="",
        versions=f"Casebook {app}", position="", mark=demonstration_mark(set_clock, language),
    )  # fmt: skip
    columns = [Column("", width=170), Column("", wrap=True)]
    signed = [row(say(language, f"access.rehearsal.{name}"), "\n\n") for name in ("done_by", "seen_by")]
    verdict = say(language, "access.rehearsal.good" if is_good else "access.rehearsal.bad")
    story: list[Flowable] = [
        Paragraph(marked(said(study.title, language)), paragraph_style("lead", language)),
        Paragraph(marked(title), paragraph_style("title", language)),
        TitleBand(),
        Paragraph(marked(verdict), paragraph_style("subhead", language)),
        Paragraph(marked(say(language, "access.rehearsal.text")), paragraph_style("text", language)),
        draw_table(columns, [row(name, value) for name, value in lines], language=language, lined=True),
        Spacer(1, 16),
        draw_table(columns, signed, language=language, lined=True),
    ]
    return render_document(facts, story)
