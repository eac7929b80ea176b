"""The official wording of CTCAE grades from NCI's own workbook, for sites that have it.

Reads one .xlsx file that the person names, nothing else, and writes code -> grade -> text as JSON to a path of theirs.
Any sheet whose heading row holds a MedDRA code, a term and the grades 1 to 5 is taken (v4.03, v5.0 and v6.0 differ).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from forms.errors import Refusal, Trouble
from forms.grading.tables import edition

Wording = Mapping[str, Mapping[str, str]]
"""Code -> grade ("1".."5") -> official text; the key "definition" holds the definition."""

_GRADE = re.compile(r"grade\s*([1-5])", re.IGNORECASE)
_HEADING_ROWS = 20

MOST_UNPACKED = 100 << 20
"""Bytes; NCI's workbooks unpack to less than a tenth of it."""

MOST_PARTS = 1000
_EMPTY = frozenset({"", "-", "–", "—"})


def import_wording(workbook: Path, target: Path, version: str) -> int:
    """Read the wording of an edition from a workbook and keep it in ``target``. Returns how many terms were found.

    Raises `Refusal` when the file is no workbook or holds no terms of that edition, `Trouble` when it can't be read or
    the target can't be written. ``target`` is replaced as a whole or not at all.
    """
    wording = read_workbook(workbook, version)
    part = target.with_name(target.name + ".part")
    try:
        part.write_text(json.dumps({"version": version, "terms": wording}, ensure_ascii=False), encoding="utf-8")
        os.replace(part, target)
    except OSError as trouble:
        raise Trouble("grade.workbook.not_written", path=target, detail=trouble) from trouble
    return len(wording)


def read_wording(target: Path, version: str) -> Wording:
    """Wording kept by `import_wording`; empty when there is none for this edition."""
    try:
        kept = json.loads(target.read_text(encoding="utf-8"))
        terms = kept["terms"] if kept["version"] == version else {}
        return {str(code): {str(grade): str(text) for grade, text in texts.items()} for code, texts in terms.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as trouble:
        raise Trouble("grade.workbook.not_read", path=target, detail=type(trouble).__name__) from trouble


def read_workbook(workbook: Path, version: str) -> dict[str, dict[str, str]]:
    """The wording of every term of the edition that the workbook holds."""
    _check_size(workbook)
    try:
        with workbook.open("rb") as file:
            found = _found(file, version)
    except OSError as trouble:
        raise Trouble("grade.workbook.not_read", path=workbook, detail=trouble.strerror) from trouble
    except Exception as trouble:  # a damaged workbook breaks its reader in more ways than can be listed
        raise Refusal("grade.workbook.not_a_workbook", path=workbook) from trouble
    if not found:
        raise Refusal("grade.workbook.no_terms", path=workbook, version=version)
    return found


def _check_size(workbook: Path) -> None:
    """Raises Refusal for what would unpack to more than any edition has: a small file may hold terabytes of nothing."""
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(workbook) as packed:
            sizes = [each.file_size for each in packed.infolist()]
    except (BadZipFile, ValueError, RuntimeError) as trouble:
        raise Refusal("grade.workbook.not_a_workbook", path=workbook) from trouble
    except OSError as trouble:
        raise Trouble("grade.workbook.not_read", path=workbook, detail=trouble.strerror) from trouble
    if len(sizes) > MOST_PARTS or sum(sizes) > MOST_UNPACKED:
        raise Refusal("grade.workbook.too_large", path=workbook, most=MOST_UNPACKED >> 20)


def _found(workbook: BinaryIO, version: str) -> dict[str, dict[str, str]]:
    rows = _rows(workbook)
    here = edition(version)
    found: dict[str, dict[str, str]] = {}
    for sheet in rows:
        columns: dict[str, int] = {}
        for number, cells in enumerate(sheet):
            if not columns and number < _HEADING_ROWS:
                columns = _columns(cells)
                continue
            if not columns:
                break
            code, texts = _read_row(cells, columns)
            if code in here.by_code and texts and code not in found:
                found[code] = texts
    return found


def _rows(workbook: BinaryIO) -> Iterator[Iterator[Sequence[str]]]:
    """The sheets of a workbook as rows of texts, read lazily."""
    from openpyxl import load_workbook  # heavy, and needed by this alone

    book = load_workbook(workbook, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            yield (
                [str(cell).strip() if cell is not None else "" for cell in row]
                for row in sheet.iter_rows(values_only=True)
            )
    finally:
        book.close()


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Where the code, the definition and the grades stand, {} for a row that is no heading."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        text = cell.lower()
        grade = _GRADE.search(text)
        if grade and len(text) < 12:
            found.setdefault(grade[1], place)
        elif "meddra" in text and "code" in text:
            found.setdefault("code", place)
        elif text.startswith("definition"):
            found.setdefault("definition", place)
    return found if "code" in found and {"1", "2", "3", "4", "5"} <= set(found) else {}


def _read_row(cells: Sequence[str], columns: Mapping[str, int]) -> tuple[str, dict[str, str]]:
    texts = {
        name: cells[place]
        for name, place in columns.items()
        if name != "code" and place < len(cells) and cells[place] not in _EMPTY
    }
    code = cells[columns["code"]] if columns["code"] < len(cells) else ""
    return code.removesuffix(".0"), texts
