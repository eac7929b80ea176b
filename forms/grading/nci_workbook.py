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

from forms.errors import Refusal, Trouble
from forms.grading.tables import edition

Wording = Mapping[str, Mapping[str, str]]
"""Code -> grade ("1".."5") -> official text; the key "definition" holds the definition."""

_GRADE = re.compile(r"grade\s*([1-5])", re.IGNORECASE)
_HEADING_ROWS = 20
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
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as trouble:
        raise Trouble("grade.workbook.not_read", path=target, detail=trouble) from trouble
    return kept["terms"] if kept.get("version") == version else {}


def read_workbook(workbook: Path, version: str) -> dict[str, dict[str, str]]:
    """The wording of every term of the edition that the workbook holds."""
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
    if not found:
        raise Refusal("grade.workbook.no_terms", path=workbook, version=version)
    return found


def _rows(workbook: Path) -> Iterator[Iterator[Sequence[str]]]:
    """The sheets of a workbook as rows of texts, read lazily."""
    from zipfile import BadZipFile

    from openpyxl import load_workbook  # heavy, and needed by this alone
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(workbook, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError) as trouble:
        raise Refusal("grade.workbook.not_a_workbook", path=workbook) from trouble
    except OSError as trouble:
        raise Trouble("grade.workbook.not_read", path=workbook, detail=trouble) from trouble
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
