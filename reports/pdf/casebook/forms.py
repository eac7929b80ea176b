"""One form of a casebook as tables: every answer with unit, reference range, grade and change mark."""

from __future__ import annotations

from collections.abc import Mapping

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph

from forms.place import FormKey
from forms.record.dataset import Entry, SubjectData
from forms.sheet.sheet import Cell, Sheet, open_sheet
from forms.shown import plain_words, unit_words, value_in
from forms.study.definition import ItemGroup
from forms.texts import said, say
from forms.values.digits import range_words
from reports.paper.page import WIDTH, Heading
from reports.paper.style import ALARM, QUIET, marked, paragraph_style
from reports.paper.tables import Column, TableCell, TableRow, draw_table, row
from reports.paper.threads import moment_words
from reports.pdf.casebook.signed import flag_words, signature_lines

ROOM = 110
"""Points a form's heading should find below it, so that it never stands alone at the foot of a page."""

SEVERE = 3
"""Grades from here on stand out in print."""

SEVERITY_MARKS = {"note": "●", "query": "▲", "block": "■"}


def form_story(
    data: SubjectData, key: FormKey, title: str, names: Mapping[str, str], completed: Mapping[FormKey, Entry],
    language: str,
) -> list[Flowable]:  # fmt: skip
    """Heading, status, tables and findings of one form; ``completed`` has the entry that last completed each."""
    sheet = open_sheet(data.subject, key)
    anchor = f"form-{key.event}-{key.event_no}-{key.form}-{key.form_no}"
    head = Heading(title, 1, anchor, language)
    words = _status_words(data, key, names, completed, language) + flag_words(data, key, language)
    status = [
        Paragraph(marked(words), paragraph_style("small", language)),
        *signature_lines(data, key, names, language),
    ]
    tables = _form_tables(data, sheet, language)
    said_here = _finding_lines(sheet, language)
    if not tables:
        return [head, *status, *said_here]
    return [CondPageBreak(ROOM), KeepTogether([head, *status]), *tables, *said_here]


def _status_words(
    data: SubjectData, key: FormKey, names: Mapping[str, str], completed: Mapping[FormKey, Entry], language: str
) -> str:
    state = data.subject.state(key)
    if state.status == "complete":
        done = completed.get(key)
        at = moment_words(done) if done is not None else f"{state.completed_at[:16].replace('T', ' ')} (UTC)"
        by = names.get(state.completed_by, state.completed_by)
        return say(language, "casebook.form.complete", at=at, by=by)
    again = "casebook.form.reopened" if state.once_completed else "casebook.form.started"
    return say(language, again)


def _form_tables(data: SubjectData, sheet: Sheet, language: str) -> list[Flowable]:
    """Groups of the same make share a table, each under its own heading, so that columns stand in line."""
    tables: list[Flowable] = []
    rows: list[TableRow] = []
    kind = ""
    for group in sheet.form.groups:
        made, found = _group_rows(data, sheet, group, language)
        if not found:
            continue
        if made != kind and rows:
            tables.append(_table(kind, rows, language))
            rows = []
        kind = made
        rows += found
    if rows:
        tables.append(_table(kind, rows, language))
    return tables


def _group_rows(data: SubjectData, sheet: Sheet, group: ItemGroup, language: str) -> tuple[str, list[TableRow]]:
    label = said(group.label, language)
    if group.repeat:
        return "pairs", _log_rows(data, sheet, group, language)
    answers = [cell for item in group.items if _printed(cell := sheet.cell(item.id))]
    if not answers:
        return "", []
    if any(cell.item.analyte for cell in answers):
        return "slip", [row(label, kind="group"), *_slip_rows(data, sheet, answers, language)]
    return "pairs", [row(label, kind="group"), *pair_rows(_pairs(data, sheet, answers, language))]


def _table(kind: str, rows: list[TableRow], language: str) -> Flowable:
    if kind == "pairs":
        columns = [Column("", wrap=True, width=WIDTH * share) for share in (0.25, 0.25, 0.25, 0.25)]
        return draw_table(columns, rows, language=language, lined=True)
    columns = [
        Column("", wrap=True, width=WIDTH - 330),
        Column(say(language, "casebook.column.value"), align="point", width=84),
        Column("", width=40),
        Column(say(language, "casebook.column.unit"), width=76),
        Column(say(language, "casebook.column.range"), width=76),
        Column(say(language, "casebook.column.grade"), align="centre", width=54),
    ]
    return draw_table(columns, rows, language=language, lined=True)


def _printed(cell: Cell) -> bool:
    return not cell.value.blank


def _words(sheet: Sheet, cell: Cell, language: str) -> str:
    study = sheet.subject.study
    return plain_words(cell.item, cell.value, study.codelist_by_id.get(cell.item.codelist), language, study.ctcae)


def _changes(data: SubjectData, sheet: Sheet, cell: Cell) -> int:
    record = data.records.get(sheet.key.place(cell.item.id, cell.row))
    return record.changes if record is not None and not cell.derived else 0


def change_mark(count: int) -> str:
    """``†`` for a value changed once since its first entry, ``†2`` for twice and so on; "" for never."""
    return "" if count <= 0 else "†" if count == 1 else f"†{count}"


def grade_mark(cell: Cell) -> str:
    """``3``; ``1–2?`` where a person must decide; ``?`` where it can't be graded; "" within limits."""
    marks = []
    for grade in cell.grades:
        if grade.grade:
            marks.append(str(grade.grade))
        elif grade.grade is None and grade.candidates and max(grade.candidates) > 0:
            low, high = min(grade.candidates), max(grade.candidates)
            marks.append(f"{low}–{high}?" if low != high else f"{high}?")
    if not marks and cell.grades and all(g.grade is None and not g.candidates for g in cell.grades):
        marks.append("?")
    return ", ".join(marks)


def _slip_rows(data: SubjectData, sheet: Sheet, answers: list[Cell], language: str) -> list[TableRow]:
    rows = []
    for cell in answers:
        flag = {"H": "▲", "L": "▼"}.get(cell.flag, "")
        mark = grade_mark(cell)
        strong = mark[:1].isdigit() and int(mark[0]) >= SEVERE and "?" not in mark
        rows.append(
            row(
                said(cell.item.label, language),
                TableCell(_words(sheet, cell, language), bold=bool(flag)),
                TableCell(
                    f"{flag} {change_mark(_changes(data, sheet, cell))}".strip(), colour=ALARM if flag else QUIET
                ),
                unit_words(cell.value.unit, language) if not cell.value.missing else "",
                TableCell(range_words(cell.range.low, cell.range.high) if cell.range else "", colour=QUIET),
                TableCell(mark, bold=strong, colour=ALARM if strong else None),
            )
        )
    return rows


def _pairs(data: SubjectData, sheet: Sheet, answers: list[Cell], language: str) -> list[tuple[str, str]]:
    pairs = []
    for cell in answers:
        words = value_in(sheet.subject.study, cell.item, cell.value, language)
        mark = change_mark(_changes(data, sheet, cell))
        pairs.append((said(cell.item.label, language), f"{words} {mark}".strip()))
    return pairs


def pair_rows(pairs: list[tuple[str, str]]) -> list[TableRow]:
    """Two questions to a line, read down the left side first."""
    half = (len(pairs) + 1) // 2
    rows = []
    for at in range(half):
        left = pairs[at]
        right = pairs[half + at] if half + at < len(pairs) else ("", "")
        rows.append(row(TableCell(left[0], colour=QUIET), left[1], TableCell(right[0], colour=QUIET), right[1]))
    return rows


def _log_rows(data: SubjectData, sheet: Sheet, group: ItemGroup, language: str) -> list[TableRow]:
    """A log: each row a small block of its answered questions."""
    rows: list[TableRow] = []
    for number, row_id in enumerate(sheet.rows(group.id), 1):
        answers = [cell for item in group.items if _printed(cell := sheet.cell(item.id, row_id))]
        rows.append(row(f"{said(group.label, language)} {number}", kind="group"))
        rows += pair_rows(_pairs(data, sheet, answers, language))
    return rows


def _finding_lines(sheet: Sheet, language: str) -> list[Flowable]:
    """Open findings in words, by severity's own sign."""
    lines = []
    for finding in sheet.findings:
        item = sheet.form.items.get(finding.place.item)
        label = said(item.label, language) + say(language, "casebook.colon") if item is not None else ""
        words = f"{SEVERITY_MARKS[finding.severity]} {label}{said(finding.text, language)}"
        lines.append(Paragraph(marked(words), paragraph_style("note", language)))
    return lines
