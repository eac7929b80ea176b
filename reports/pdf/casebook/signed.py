"""Signatures in a casebook: under the head of each form they cover, and all of them as a list.

A broken signature stays, struck through, with everything that changed underneath it.
"""

from __future__ import annotations

from collections.abc import Mapping

from reportlab.platypus import CondPageBreak, Flowable, Paragraph

from forms.place import FormKey
from forms.record.dataset import Dataset, Signature, SubjectData
from forms.record.signatures import broken_words, signature_words, signatures_over
from forms.subject.subject import Subject
from forms.texts import say
from reports.paper.page import Heading
from reports.paper.places import event_words, key_words
from reports.paper.style import ALARM, marked, paragraph_style
from reports.paper.tables import Column, TableCell, TableRow, draw_table, row


def signature_lines(data: SubjectData, key: FormKey, names: Mapping[str, str], language: str) -> list[Flowable]:
    """A line for each signature over a form, and what broke it."""
    style, lines = paragraph_style("small", language), []
    for signature in signatures_over(data.signatures, key):
        words = signature_words(signature, language)
        if not signature.is_broken:
            lines.append(Paragraph(marked(words), style))
            continue
        changes = "; ".join(broken_words(data.subject.study, signature, names, language))
        told = say(language, "casebook.signature.broken", changes=changes)
        lines.append(Paragraph(f"<strike>{marked(words)}</strike>", style))
        lines.append(Paragraph(f'<font color="{ALARM.hexval().replace("0x", "#")}">{marked(told)}</font>', style))
    return lines


def flag_words(data: SubjectData, key: FormKey, language: str) -> str:
    """`` · Verified · Locked``: what people said of a form besides completing it, "" for nothing."""
    flags = data.subject.state(key).flags()
    told = [each for each in ("verified", "frozen", "locked") if getattr(flags, each)]
    return "".join(f" · {say(language, f'casebook.flag.{each}')}" for each in told)


def signatures_section(dataset: Dataset, data: SubjectData, language: str) -> list[Flowable]:
    """Every signature over anything of the subject; nothing where there is none."""
    if not data.signatures:
        return []
    rows = [_row(dataset, data, signature, language) for signature in data.signatures]
    columns = [
        Column(say(language, "casebook.signature.column.what"), wrap=True, width=130),
        Column(say(language, "casebook.signature.column.signed"), wrap=True),
        Column(say(language, "casebook.signature.column.since"), wrap=True),
    ]
    note = say(language, "casebook.signature.note")
    return [
        CondPageBreak(160),
        Heading(say(language, "casebook.section.signatures"), 0, "signatures", language),
        draw_table(columns, rows, language=language, note=note, lined=True),
    ]


def _row(dataset: Dataset, data: SubjectData, signature: Signature, language: str) -> TableRow:
    broken = broken_words(dataset.study, signature, dataset.names, language)
    since = say(language, "casebook.signature.broken", changes="; ".join(broken))
    state = TableCell(since, colour=ALARM) if broken else say(language, "casebook.signature.stands")
    return row(_what(data.subject, signature.key, language), signature_words(signature, language), state)


def _what(subject: Subject, key: FormKey, language: str) -> str:
    if key.form:
        return key_words(subject, key, language)
    if not key.event:
        return say(language, "casebook.title", subject=subject.id)
    return event_words(subject.study, key.event, key.event_no, subject.event_number(key.event, key.event_no), language)
