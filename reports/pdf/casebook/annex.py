"""The parts after the forms of a casebook: the working of each grade, the queries, the whole audit trail."""

from __future__ import annotations

from reportlab.platypus import Flowable, PageBreak

from forms.grading.result import Grade
from forms.grading.words import explain
from forms.record.dataset import Dataset, Entry, SubjectData
from forms.record.trail import VALUES, act_words, entry_words, grades_words, local_moment, who_words
from forms.sheet.sheet import Cell, open_sheet
from forms.shown import value_in
from forms.study.definition import Study
from forms.texts import said, say
from reports.paper.page import Heading, shown_date
from reports.paper.places import item_words, key_words, place_words, row_number
from reports.paper.style import ALARM, QUIET, SIZE_SMALL
from reports.paper.tables import Column, TableCell, TableRow, draw_table, row
from reports.paper.threads import thread_steps
from reports.pdf.casebook.forms import SEVERE


def working_section(data: SubjectData, language: str) -> list[Flowable]:
    """Every graded result worse than grade 0, or that a person must decide, with its one sentence."""
    rows: list[TableRow] = []
    subject = data.subject
    for key in subject.keys():
        found = [
            _working_row(subject.study, cell, grade, language)
            for cell in open_sheet(subject, key).cells()
            for grade in cell.grades
            if grade.grade or is_open(grade)
        ]
        if found:
            day = shown_date(subject.form_date(key))
            rows.append(row(f"{day}  {key_words(subject, key, language)}", kind="group"))
            rows += found
    columns = [
        Column(say(language, "casebook.column.result"), wrap=True, width=150),
        Column(say(language, "casebook.column.grade"), align="centre", width=46),
        Column(say(language, "casebook.column.working"), wrap=True),
    ]
    note = say(language, "casebook.working.note", version=subject.study.ctcae)
    return [
        PageBreak(),
        Heading(say(language, "casebook.section.working"), 0, "working", language),
        draw_table(columns, rows, language=language, note=note, size=SIZE_SMALL, lined=True),
    ]


def is_open(grade: Grade) -> bool:
    """A person must decide, and a grade above 0 is possible."""
    return grade.grade is None and bool(grade.candidates) and max(grade.candidates) > 0


def _working_row(study: Study, cell: Cell, grade: Grade, language: str) -> TableRow:
    mark = str(grade.grade) if grade.grade else "/".join(str(c) for c in grade.candidates) + "?"
    return row(
        f"{said(cell.item.label, language)} {value_in(study, cell.item, cell.value, language)}",
        TableCell(mark, bold=True, colour=ALARM if (grade.grade or 0) >= SEVERE else None),
        explain(grade, language).text,
    )


def queries_section(dataset: Dataset, data: SubjectData, language: str) -> list[Flowable]:
    """Queries with place, state and the whole thread: what was asked, answered and closed, by whom and when."""
    rows = [
        row(
            place_words(data.subject, query.place, language),
            say(language, f"casebook.query.{query.status}"),
            "\n".join(thread_steps(dataset, data, query, language)),
        )
        for query in data.queries
    ]
    columns = [
        Column(say(language, "casebook.column.place"), wrap=True, width=150),
        Column(say(language, "casebook.column.state"), width=56),
        Column(say(language, "casebook.column.thread"), wrap=True),
    ]
    return [
        Heading(say(language, "casebook.section.queries"), 0, "queries", language),
        draw_table(columns, rows, language=language, lined=True),
    ]


def trail_section(dataset: Dataset, data: SubjectData, language: str) -> list[Flowable]:
    """Annex: every entry of this subject in order of arrival, old value beside new, reason or cause.

    Entries on one form by one person on one day stand under one heading; each keeps its number and its time. What the
    program computed because of an entry stands in that entry's row with its own numbers.
    """
    trail = _Trail(dataset, data, language)
    columns = [
        Column(say(language, "casebook.column.entry"), width=30),
        Column(say(language, "casebook.column.when"), width=40),
        Column(say(language, "casebook.column.item"), wrap=True, width=118),
        Column(say(language, "casebook.column.old"), wrap=True, width=70),
        Column(say(language, "casebook.column.new"), wrap=True, width=92),
        Column(say(language, "casebook.column.computed"), wrap=True),
    ]
    note = say(language, "casebook.trail.note")
    return [
        PageBreak(),
        Heading(say(language, "casebook.section.trail"), 0, "trail", language),
        draw_table(columns, trail.rows(), language=language, note=note, size=SIZE_SMALL, lined=True),
    ]


class _Trail:
    """Turns entries into rows: folds computed ones under their cause and tells each heading once."""

    def __init__(self, dataset: Dataset, data: SubjectData, language: str) -> None:
        self.dataset, self.data, self.language = dataset, data, language
        self.by_address = {entry.address: entry for entry in data.entries}
        self.computed: dict[str, list[Entry]] = {}
        for entry in data.entries:
            if entry.cause in self.by_address:
                self.computed.setdefault(entry.cause, []).append(entry)

    def rows(self) -> list[TableRow]:
        """All rows with their headings."""
        rows: list[TableRow] = []
        heading = ""
        for entry in self.data.entries:
            if entry.cause in self.by_address:
                continue
            words = self._heading(entry)
            if words != heading:
                heading = words
                rows.append(row(words, kind="group"))
            rows.append(self._row(entry))
        return rows

    def _heading(self, entry: Entry) -> str:
        moment = local_moment(entry)
        where = key_words(self.data.subject, entry.place.form_key, self.language)
        person = who_words(self.dataset.study, self.dataset.names, entry, self.language)
        return "  —  ".join(part for part in (where, f"{moment:%Y-%m-%d} ({moment:%Z})", person) if part)

    def _row(self, entry: Entry) -> TableRow:
        language, study = self.language, self.data.subject.study
        before = self.by_address.get(entry.replaces) if entry.act in VALUES else None
        new = self._told(entry)
        if entry.act in VALUES and entry.value.blank and before is not None:
            new = say(language, "casebook.trail.cleared")
        follow = [self._follow(effect) for effect in self.computed.get(entry.address, ())]
        reason = "" if entry.act.startswith("query_") else entry.why
        why = say(language, "casebook.trail.why", why=reason) if reason else ""
        old = entry_words(study, before, language) if before is not None else ""
        return row(
            TableCell(str(entry.arrival), colour=QUIET),
            f"{local_moment(entry):%H:%M:%S}",
            self._item(entry),
            TableCell(old, colour=QUIET),
            TableCell(new, bold=before is not None),
            TableCell(
                say(language, "casebook.joint").join([why, *follow] if why else follow), colour=None if why else QUIET
            ),
        )

    def _told(self, entry: Entry) -> str:
        """A value in words; of any other act its name and what was said, such as a question."""
        words = entry_words(self.data.subject.study, entry, self.language)
        if entry.act in VALUES:
            return words
        act = act_words(entry, None, self.language)
        return f"{act}{say(self.language, 'casebook.colon')}{words}" if words else act

    def _item(self, entry: Entry) -> str:
        place = entry.place
        if not place.item:
            return ""
        words = item_words(self.data.subject.study, place.form, place.item, self.language)
        form = self.data.subject.study.form_by_id.get(place.form)
        group = form.group_of.get(place.item.partition("#")[0]) if form is not None else None
        return f"{words} ({row_number(self.data.subject, place)})" if group is not None and group.repeat else words

    def _follow(self, effect: Entry) -> str:
        """A computed entry: number, item when it isn't the grade of the same row's value, value."""
        if effect.act not in VALUES:
            return f"[{effect.arrival}] {self._told(effect)}"
        if effect.place.graded_item:
            return f"[{effect.arrival}] {self._grades(effect)}"
        words = self._told(effect) or say(self.language, "casebook.trail.cleared")
        return f"[{effect.arrival}] {self._item(effect)}{say(self.language, 'casebook.colon')}{words}"

    def _grades(self, effect: Entry) -> str:
        """``Anemia 3``, undecided ``Hyperglycemia 1/2?``; all within limits: the item with 0."""
        told = grades_words(self.data.subject.study, effect.value.value, self.language)
        item = effect.place.graded_item
        label = item_words(self.data.subject.study, effect.place.form, item, self.language)
        if told:
            return told
        return f"{label}{say(self.language, 'casebook.colon')}{'0' if effect.value.value else '–'}"
