"""The delegation list: who had which role from when to when, who gave it, training, and room to sign by hand."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from reportlab.platypus import Flowable, Paragraph, Spacer

from forms.record.dataset import Dataset
from forms.record.delegation import Period, check_duties, read_periods, role_words
from forms.texts import said, say
from reports.paper.page import WIDE_WIDTH, Heading, TitleBand, page_facts, render_document
from reports.paper.style import marked, paragraph_style
from reports.paper.tables import Column, TableRow, draw_table, row

HEADS = ("name", "user", "role", "since", "until", "trained", "by", "signature")
SIGNATURE = 110.0
"""Room for a signature by hand, points."""


def render(dataset: Dataset, language: str) -> bytes:
    """The delegation list as PDF, on pages laid across."""
    title = say(language, "access.delegation.title")
    facts = page_facts(dataset, language, dataset.site, title)
    periods = read_periods(dataset.acts)
    story: list[Flowable] = [
        Paragraph(marked(said(dataset.study.title, language)), paragraph_style("lead", language)),
        Paragraph(marked(title), paragraph_style("title", language)),
        TitleBand(),
        Paragraph(marked(say(language, "access.delegation.text")), paragraph_style("text", language)),
        Spacer(1, 6),
        _people(dataset, periods, language),
        Heading(say(language, "access.delegation.findings"), 0, "findings", language),
    ]
    found = check_duties(dataset.study, periods)
    words = [said(text, language) for text in found] or [say(language, "access.duties.none")]
    story += [Paragraph(marked(each), paragraph_style("text", language)) for each in words]
    story += [
        Heading(say(language, "access.delegation.rights"), 0, "rights", language),
        _rights(dataset, language),
    ]
    return render_document(facts, story, wide=True)


def _people(dataset: Dataset, periods: tuple[Period, ...], language: str) -> Flowable:
    columns = [
        Column(
            say(language, f"access.delegation.{head}"),
            wrap=head in ("name", "role", "by", "until"),
            width=SIGNATURE if head == "signature" else 0.0,
        )
        for head in HEADS
    ]
    rows = [_row(dataset, period, language) for period in periods]
    return draw_table(columns, rows, language=language, lined=True, width=WIDE_WIDTH)


def _row(dataset: Dataset, period: Period, language: str) -> TableRow:
    until = told_moment(period.until, period.offset) or say(language, "access.delegation.still")
    if not period.until and period.last_day:
        until = say(language, "access.delegation.last_day", day=period.last_day)
    by = dataset.names.get(period.by, period.by) if period.by != period.account else say(language, "access.made_store")
    if period.why:
        by = f"{by}: {period.why}"
    trained = told_moment(period.trained, period.offset)
    if not trained:
        trained = say(language, "access.delegation.keeper" if period.keeper else "access.delegation.not_yet")
    since = told_moment(period.since, period.offset)
    role = role_words(dataset.study, period.role, language)
    return row(period.name, period.user, role, since, until, trained, by, "\n\n")


def told_moment(at: str, offset: int) -> str:
    """``2026-11-21 09:30`` and on a second line the zone of an ISO instant; "" stays ""."""
    if not at:
        return ""
    moment = datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(timezone(timedelta(minutes=offset)))
    return f"{moment:%Y-%m-%d %H:%M}\n{moment:%Z}"


def _rights(dataset: Dataset, language: str) -> Flowable:
    columns = [
        Column(say(language, "access.delegation.role")),
        Column(say(language, "access.delegation.may"), wrap=True),
    ]
    comma = say(language, "access.comma")
    rows = [
        row(said(role.label, language), comma.join(say(language, f"access.right.{each}") for each in role.rights))
        for role in dataset.study.roles
    ]
    return draw_table(columns, rows, language=language, lined=True, width=WIDE_WIDTH)
