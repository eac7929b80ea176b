"""Rows copied from a hospital's spreadsheet, read into the identification log: which subject, what to note of it.

Pure: text in, identities out. The window shows what was read before anything is written.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from db.people.identity import Identity

SUBJECT, NUMBER, NAME, BED = "subject", "number", "name", "bed"
FIELDS = (NUMBER, NAME, BED)
HEADS = {
    SUBJECT: ("subject", "subjectid", "subjid", "usubjid", "studyid", "studyno", "受试者", "受试者编号", "受试者号",
              "研究编号", "入组号", "筛选号"),
    NUMBER: ("hospitalnumber", "hospitalno", "hospitalid", "mrn", "patientid", "patientno", "patientnumber",
             "admissionno", "inpatientno", "住院号", "病案号", "病历号", "住院病历号", "登记号", "患者编号", "患者id",
             "门诊号", "病人号", "病人id", "就诊卡号"),
    NAME: ("name", "patientname", "fullname", "姓名", "患者姓名", "病人姓名"),
    BED: ("bed", "bedno", "bednumber", "床号", "床位", "床位号"),
}  # fmt: skip
"""Heads of columns as hospital systems write them, small letters without blanks and signs."""

MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Pasted:
    """What rows say: identities by subject, already joined with what is known; rows that led to no one subject.

    ``loose``: neither heads, subjects nor known hospital numbers were found; these rows fit where the cursor stands.
    """

    told: dict[str, Identity]
    left: tuple[tuple[str, ...], ...] = ()
    loose: tuple[tuple[str, ...], ...] = ()


def read_sheet(text: str, known: Mapping[str, Identity]) -> Pasted:
    """Read what was copied. ``known`` has every subject of the store, with an empty identity where nothing is noted.

    A row belongs to the subject it names, else to the one whose hospital number it bears; names decide nothing, since
    two people may bear the same. An empty cell leaves what is known. Two rows that differ on one subject are left.
    """
    rows = _rows(text)
    columns = _heads(rows[0]) if rows else {}
    body = rows[1:] if columns else rows
    columns = columns or _by_content(body, known)
    if not columns:
        return Pasted({}, loose=tuple(body))
    subjects = {key(each): each for each in known}
    numbers = _numbers(known)
    told: dict[str, Identity] = {}
    left: list[tuple[str, ...]] = []
    for row in body:
        cells = {name: row[at] for name, at in columns.items() if at < len(row)}
        subject = subjects.get(key(cells.get(SUBJECT, ""))) or numbers.get(key(cells.get(NUMBER, "")), "")
        said = _joined(known.get(subject, Identity()), cells)
        if not subject or told.get(subject, said) != said:
            left.append(row)
            continue
        told[subject] = said
    return Pasted(told, tuple(left))


def key(text: str) -> str:
    """A number or id without blanks and capitals."""
    return "".join(text.split()).casefold()


def place_block(
    rows: Sequence[Sequence[str]], subjects: Sequence[str], field: int, known: Mapping[str, Identity]
) -> dict[str, Identity]:
    """Rows without any hint, laid over ``subjects`` in their order from the field with that number on."""
    names = FIELDS[field:]
    return {
        subject: _joined(known.get(subject, Identity()), dict(zip(names, row, strict=False)))
        for subject, row in zip(subjects, rows, strict=False)
    }


def _rows(text: str) -> list[tuple[str, ...]]:
    separator = "\t" if "\t" in text else ";" if ";" in text else ","
    lines = csv.reader(io.StringIO(text.lstrip("\ufeff").replace("\0", "")), delimiter=separator)
    found = []
    try:
        for line in lines:
            cells = tuple(cell.strip() for cell in line)
            if any(cells):
                found.append(cells)
            if len(found) > MOST_ROWS:
                break
    except csv.Error:
        return found
    return found


def _heads(row: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        word = "".join(letter for letter in cell.casefold() if letter.isalnum())
        for name, words in HEADS.items():
            if word in words:
                found.setdefault(name, at)
    return found


def _by_content(rows: Sequence[Sequence[str]], known: Mapping[str, Identity]) -> dict[str, int]:
    """Without heads: the column of subjects or of known hospital numbers, the rest in the order of the log."""
    subjects, numbers = {key(each) for each in known}, set(_numbers(known))
    width = max((len(row) for row in rows), default=0)
    for name, words in ((SUBJECT, subjects), (NUMBER, numbers)):
        for at in range(width):
            if any(key(row[at]) in words for row in rows if at < len(row)):
                rest = [each for each in FIELDS if each != name]
                others = [column for column in range(width) if column != at]
                return {name: at, **dict(zip(rest, others, strict=False))}
    return {}


def _numbers(known: Mapping[str, Identity]) -> dict[str, str]:
    """Subject by hospital number; a number noted for two leads to nobody."""
    found: dict[str, str] = {}
    for subject, identity in known.items():
        if number := key(identity.number):
            found[number] = "" if number in found else subject
    return {number: subject for number, subject in found.items() if subject}


def _joined(before: Identity, cells: Mapping[str, str]) -> Identity:
    return replace(before, **{name: cells[name] for name in asdict(before) if cells.get(name)})
