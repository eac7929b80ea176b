"""What stands behind the forms of a casebook: the working of each grade, the queries, the whole audit trail."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from reportlab.platypus import Flowable, PageBreak

from forms.dataset import Dataset, Entry, SubjectData
from forms.grade import term_label
from forms.sheet import open_sheet
from forms.texts import said, say
from reports.page import Heading, shown_date
from reports.places import entry_value, key_words, place_words
from reports.style import ALARM, QUIET
from reports.tables import Cell, Column, Row, draw_table, row

VALUES = ("value", "derived")
"""Acts that carry a value; every other act is told by its own words."""


def working_section(data: SubjectData, language: str) -> list[Flowable]:
    """Every graded result worse than grade 0, or that a person must decide, with its one sentence."""
    rows: list[Row] = []
    subject = data.subject
    for key in subject.keys():
        sheet = open_sheet(subject, key)
        for cell in sheet.cells():
            for grade in cell.grades:
                undecided = grade.grade is None and bool(grade.candidates) and max(grade.candidates) > 0
                if not grade.grade and not undecided:
                    continue
                mark = str(grade.grade) if grade.grade else "/".join(str(c) for c in grade.candidates) + "?"
                rows.append(
                    row(
                        shown_date(subject.form_date(key)),
                        f"{said(cell.item.label, language)} {cell.value.value} {cell.value.unit}".strip(),
                        term_label(grade.version, grade.term, language),
                        Cell(mark, bold=True, colour=ALARM if (grade.grade or 0) >= 3 else None),
                        said(grade.text, language),
                    )
                )
    columns = [
        Column(say(language, "casebook.column.date")),
        Column(say(language, "casebook.column.result"), wrap=True, width=104),
        Column(say(language, "casebook.column.term"), wrap=True, width=84),
        Column(say(language, "casebook.column.grade"), align="centre"),
        Column(say(language, "casebook.column.working"), wrap=True),
    ]
    note = say(language, "casebook.working.note", version=subject.study.ctcae)
    return [
        PageBreak(),
        Heading(say(language, "casebook.section.working"), 0, "working", language),
        draw_table(columns, rows, language=language, note=note, lined=True),
    ]


def queries_section(dataset: Dataset, data: SubjectData, language: str) -> list[Flowable]:
    """Queries with place, words, state and dates."""
    rows = [
        row(
            place_words(data.subject, query.place, language),
            query.words.get(language, query.text),
            say(language, f"casebook.query.{query.status}"),
            f"{query.opened_at[:10]} {dataset.names.get(query.opened_by, query.opened_by)}",
            f"{query.closed_at[:10]} {dataset.names.get(query.closed_by, query.closed_by)}".strip(),
        )
        for query in data.queries
    ]
    columns = [
        Column(say(language, "casebook.column.place"), wrap=True),
        Column(say(language, "casebook.column.question"), wrap=True),
        Column(say(language, "casebook.column.state")),
        Column(say(language, "casebook.column.opened"), wrap=True),
        Column(say(language, "casebook.column.closed"), wrap=True),
    ]
    return [
        Heading(say(language, "casebook.section.queries"), 0, "queries", language),
        draw_table(columns, rows, language=language, lined=True),
    ]


def local_moment(entry: Entry) -> str:
    """Date and time of an entry where it was made, with its distance from UTC."""
    at = datetime.fromisoformat(entry.at.replace("Z", "+00:00"))
    zone = timezone(timedelta(minutes=entry.offset))
    there = at.astimezone(zone)
    return f"{there:%Y-%m-%d %H:%M:%S} {there:%z}"


def trail_section(dataset: Dataset, data: SubjectData, language: str) -> list[Flowable]:
    """Annex: every entry of this subject in order of arrival, old value beside new, reason or cause.

    Values that the program computed (derived values, grades) stand under the entry that caused them.
    """
    addresses = {entry.address: entry for entry in data.entries}
    arrivals = {entry.address: entry.arrival for entry in data.entries}
    rows = [_trail_row(dataset, data, entry, addresses, arrivals, language) for entry in data.entries]
    columns = [
        Column(say(language, "casebook.column.entry"), align="right"),
        Column(say(language, "casebook.column.when"), wrap=True, width=62),
        Column(say(language, "casebook.column.who"), wrap=True, width=58),
        Column(say(language, "casebook.column.place"), wrap=True),
        Column(say(language, "casebook.column.old"), wrap=True, width=78),
        Column(say(language, "casebook.column.new"), wrap=True, width=78),
        Column(say(language, "casebook.column.why"), wrap=True, width=76),
    ]
    return [
        PageBreak(),
        Heading(say(language, "casebook.section.trail"), 0, "trail", language),
        draw_table(columns, rows, language=language, note=say(language, "casebook.trail.note"), size=7.2, lined=True),
    ]


def _trail_row(
    dataset: Dataset,
    data: SubjectData,
    entry: Entry,
    addresses: dict[str, Entry],
    arrivals: dict[str, int],
    language: str,
) -> Row:
    subject = data.subject
    before = addresses.get(entry.replaces)
    new = entry_value(subject, entry, language)
    if entry.act not in VALUES:
        new = say(language, f"db.act.{entry.act}")
    elif entry.value.blank and before is not None:
        new = say(language, "casebook.trail.cleared")
    why = entry.why
    if not why and entry.cause in arrivals:
        why = say(language, "casebook.trail.computed", entry=arrivals[entry.cause])
    place = entry.place
    words = place_words(subject, place, language) if place.item else key_words(subject, place.form_key, language)
    system = entry.who == "system"
    return row(
        Cell(str(entry.arrival), colour=QUIET),
        local_moment(entry),
        Cell(say(language, "casebook.trail.system") if system else dataset.names.get(entry.who, entry.who)),
        words,
        Cell(entry_value(subject, before, language) if before is not None else "", colour=QUIET),
        new,
        why,
    )
