"""Words that a form page says about values."""

from forms.sheet.sheet import Cell, Sheet
from forms.shown import value_in
from forms.study.definition import Item, ItemGroup, LabRange
from forms.texts import said, say
from forms.value import Value
from forms.values.digits import range_words as limits_words
from forms.values.kinds import shown

SUMMARY_ITEMS = 5

COMPARED = ("number", "integer", "code")
"""Kinds whose last value tells something; the date of the last slip does not."""


def missing_words(code: str, language: str) -> str:
    """Words of a missing code, "" for none."""
    return say(language, f"ui_form.missing.{code}") if code else ""


def field_text(cell: Cell) -> str:
    """What stands in a field nobody is typing in; see `stored_text`."""
    return stored_text(cell.item, cell.value)


def stored_text(item: Item, value: Value) -> str:
    """A stored value as its field shows it: text as typed, but a date as it was read, so that ``-2`` is seen."""
    if item.derive or (item.kind in ("code", "codes") and value.value):
        return value.value
    if item.kind in ("date", "datetime", "time") and value.value:
        return shown(item, value, None, "en")
    return value.text


def reading_words(cell: Cell, language: str) -> str:
    """How a date that is being typed in a short way is read, "" when it stands there whole."""
    read = field_text(cell)
    if cell.item.kind not in ("date", "datetime", "time") or not cell.value.value or read == cell.value.text.strip():
        return ""
    return say(language, "ui_form.date_read", date=read)


def cell_words(sheet: Sheet, cell: Cell, language: str) -> str:
    """A cell's value as a person reads it."""
    return value_in(sheet.subject.study, cell.item, cell.value, language)


def row_summary(sheet: Sheet, group: ItemGroup, row: str, language: str) -> str:
    """First filled items of a log's row on one line, led by the row's number."""
    rows = [*sheet.rows(group.id)]
    number = rows.index(row) + 1 if row in rows else len(rows) + 1
    words = []
    for item in group.items:
        cell = sheet.cell(item.id, row)
        if item.derive or cell.hidden or cell.value.blank:
            continue
        words.append(_summary_words(sheet, cell, language))
        if len(words) == SUMMARY_ITEMS:
            break
    return f"{number}   " + ("   ·   ".join(words) if words else say(language, "ui_form.new_row"))


def _summary_words(sheet: Sheet, cell: Cell, language: str) -> str:
    """A value that can stand without its question: terms in the language, yes and no behind what they answer."""
    words = cell_words(sheet, cell, language)
    bare = cell.value.missing or cell.value.value in ("Y", "N")
    return f"{label_words(cell, language)} {words}" if bare else words


def range_words(range_: LabRange | None) -> str:
    """Reference limits: ``125–350``, ``≥ 15``, ``≤ 26``."""
    return limits_words(range_.low, range_.high) if range_ is not None else ""


def previous_words(sheet: Sheet, cell: Cell, language: str) -> str:
    """Last earlier value and its date; of another year, the year instead of the day."""
    if cell.previous is None or cell.item.kind not in COMPARED:
        return ""
    value, day = cell.previous
    words = value_in(sheet.subject.study, cell.item, value, language)
    here = sheet.subject.form_date(sheet.key) or sheet.subject.today
    return f"{words}  ({day:%m-%d})" if day.year == here.year else f"{words}  ({day:%Y-%m})"


def label_words(cell: Cell, language: str) -> str:
    """The question."""
    return said(cell.item.label, language)
