"""Bringing a data file in: one value a row, every fault named at once, all rows or none, through the one door.

Columns are those of `COLUMNS`; UTF-8 with or without a byte-order mark, separated by ``,`` or ``;``. Values of derived
items and grades are not entered but compared with what the program computes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from db.casebook import Casebook, Step, Tick
from db.entering import Entered, find_item, read_value
from db.ledger import Act
from db.reading import Opened
from forms.errors import Refusal
from forms.findings import Finding
from forms.kinds import legible
from forms.place import SINGLE, Place
from forms.sheet import open_sheet
from forms.study import Item, Text
from forms.subject import Subject
from forms.texts import both
from forms.units import analyte_of, symbol
from forms.value import MISSING_CODES, Value

COLUMNS = ("subject", "event", "event_no", "form", "form_no", "row", "item", "value", "unit", "missing")

MOST_OF_A_RECORD = 2_000_000
"""Characters searched for the quotation mark that is to blame; the reader itself gives up before."""

_LINE_END = re.compile("\r\n?|\n")
_COLUMN_OF = {
    "db.place_event": "event", "db.place_event_no": "event_no", "db.place_cycle": "event_no", "db.place_form": "form",
    "db.place_form_no": "form_no", "db.place_item": "item", "db.place_row": "row", "db.place_instance": "row",
    "db.too_long": "value",
}  # fmt: skip

Line = tuple[int, tuple[str, ...]]
"""Line number in the file and the ten cells."""


@dataclass(frozen=True, slots=True)
class FileFault:
    """Why a file can't be brought in. ``column`` is the name of the column, "" for the whole line."""

    line: int
    column: str
    text: Text


@dataclass(frozen=True, slots=True)
class Change:
    """A value that differs from what is there; ``old`` None when there was none."""

    place: Place
    old: Value | None
    new: Value


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of it: with faults nothing was entered. ``changes`` are listed by a dry run only."""

    faults: tuple[FileFault, ...] = ()
    findings: tuple[Finding, ...] = ()
    entered: int = 0
    changes: tuple[Change, ...] = ()


@dataclass(slots=True)
class _Import:
    """A file on its way in."""

    casebook: Casebook
    reason: str
    accept_unparsed: bool
    dry_run: bool
    faults: list[FileFault] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    entered: int = 0

    def fault(self, line: int, column: str, key: str, **values: object) -> None:
        """Name a fault."""
        self.faults.append(FileFault(line, column, both(key, **values)))


class _Undone(Exception):
    """Leaves the transaction without a trace: a dry run, or a file with faults."""


def import_csv(
    casebook: Casebook, path: str | Path, *, dry_run: bool = False, reason: str = "", accept_unparsed: bool = False,
    tick: Tick | None = None,
) -> ImportResult:  # fmt: skip
    """Enter a data file. Raises Refusal for a file that can't be read or a person who may not, NeedsReason for changes.

    Subjects that are new are taken in. Faults always refuse; what checks say never does, it comes back as findings.
    """
    casebook.check_right("import")
    casebook.check_right("enter")
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise Refusal("db.file_unreadable", path=str(path)) from error
    run = _Import(casebook, reason or "", accept_unparsed, dry_run)
    by_subject = _read_file(run, content)
    about = {"file": legible(Path(path).name), "sha256": hashlib.sha256(content).hexdigest()}
    del content
    try:
        with casebook.writing() as ledger:
            act = Act("import", value=Value(value=json.dumps(about, sort_keys=True)), why=run.reason)
            cause = ledger.append([act])[0]
            for done, (subject, lines) in enumerate(by_subject.items()):
                if tick is not None:
                    tick(done, len(by_subject), subject)
                _enter_subject(run, subject, lines, cause)
            if run.faults or run.dry_run:
                raise _Undone
    except _Undone:
        run.entered = run.entered if run.dry_run and not run.faults else 0
    finally:
        casebook.forget()
    if run.faults:
        return ImportResult(tuple(sorted(run.faults, key=lambda fault: fault.line)))
    return ImportResult((), tuple(run.findings), run.entered, tuple(run.changes))


def _read_file(run: _Import, content: bytes) -> dict[str, list[Line]]:
    """Lines by subject, with the faults of the file itself noted."""
    by_subject: dict[str, list[Line]] = {}
    text = _decode(run, content)
    if text is None:
        return by_subject
    first = text.partition("\n")[0]
    mark = ";" if ";" in first and "," not in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    interned: dict[str, str] = {}
    begun = 1
    try:
        order = _read_head(run, next(reader, []))
        if order is None:
            return by_subject
        begun = reader.line_num + 1
        for cells in reader:
            number, begun = begun, reader.line_num + 1
            if not any(cells):
                continue
            if len(cells) != len(order):
                run.fault(number, "", "db.file.cells", found=len(cells), expected=len(order))
                continue
            line = tuple(interned.setdefault(cell, cell) for cell in (cells[at].strip() for at in order[:7]))
            rest = tuple(interned.setdefault(cells[at], cells[at]) for at in order[7:])
            by_subject.setdefault(line[0], []).append((number, line + rest))
    except csv.Error as error:
        _note_break(run, text, mark, begun, error)
    return by_subject


def _note_break(run: _Import, text: str, mark: str, begun: int, error: csv.Error) -> None:
    """Say why the file can't be read on: what is wrong stands in the record that begins in line ``begun``."""
    stream = io.StringIO(text, newline="")
    for _ in range(begun - 1):
        stream.readline()
    rest = stream.read(MOST_OF_A_RECORD)
    for quoted in re.finditer(rf'(?:\A|(?<=[{mark}\r\n]))"(?:[^"]|"")*+("?)', rest):
        if not quoted[1] or rest[quoted.end() : quoted.end() + 1] not in ("", mark, "\r", "\n"):
            line = begun + len(_LINE_END.findall(rest, 0, quoted.start()))
            run.fault(line, "", "db.file.not_csv" if quoted[1] and "limit" in str(error) else "db.file.unclosed")
            return
    run.fault(begun, "", "db.file.not_csv")


def _decode(run: _Import, content: bytes) -> str | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        run.fault(1, "", "db.file.encoding", encoding="UTF-16")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        is_cut = error.reason == "unexpected end of data" or not content[: error.start].isascii()
        guess = "" if is_cut else _guess(content)
        run.fault(line, "", "db.file.encoding" if guess else "db.file.not_utf8", encoding=guess)
        return None
    if "\0" in text:
        run.fault(text.count("\n", 0, text.index("\0")) + 1, "", "db.file.not_csv")
        return None
    return text


def _guess(content: bytes) -> str:
    """The encoding that the file may have, "" when it isn't known."""
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GBK"


def _read_head(run: _Import, head: Sequence[str]) -> list[int] | None:
    """Where each of `COLUMNS` stands."""
    names = [name.strip().lower() for name in head]
    for name in COLUMNS:
        if name not in names:
            run.fault(1, name, "db.file.column_missing", name=name)
    for name in names:
        if name not in COLUMNS:
            run.fault(1, name[:40], "db.file.column_unknown", name=name[:40])
    for name in COLUMNS:
        if names.count(name) > 1:
            run.fault(1, name, "db.file.column_twice", name=name)
    return None if run.faults else [names.index(name) for name in COLUMNS]


def _enter_subject(run: _Import, subject: str, lines: Sequence[Line], cause: str) -> None:
    casebook = run.casebook
    known = casebook.connection.execute("SELECT 1 FROM subject WHERE id = ?", (subject,)).fetchone() is not None
    try:
        if not known:
            casebook.check_right("subject.add")
            casebook.keep(Opened(casebook.admit(subject, cause), {}))
    except Refusal as refusal:
        run.fault(lines[0][0], "subject", refusal.key, **refusal.values)
        casebook.keep(Opened(casebook.empty_subject(subject), {}))
    before = casebook.opened(subject).subject
    values: dict[Place, Value] = {}
    computed: dict[Place, str] = {}
    seen: dict[Place, int] = {}
    for number, cells in lines:
        _read_line(run, before, number, cells, seen, values, computed)
    if run.faults:
        return
    step = casebook.put(subject, values, run.reason, cause)
    if step.changed:
        casebook.keep(Opened(step.subject, {**step.opened.pointers, **step.pointers}))
    run.entered += len(step.changed)
    _note_result(run, step, before, computed)


def _note_result(run: _Import, step: Step, before: Subject, computed: dict[Place, str]) -> None:
    if run.dry_run:
        run.changes += [Change(place, before.values.get(place), value) for place, value in step.changed.items()]
    for place, told in computed.items():
        value = step.subject.values.get(place)
        if told != (value.value if value is not None else ""):
            text = both("db.file.derived_differs", item=place.item)
            run.findings.append(Finding(place, "import.derived", text, "note"))
    for key in dict.fromkeys(place.form_key for place in step.pointers):
        run.findings += open_sheet(step.subject, key).findings


def _read_line(
    run: _Import, subject: Subject, number: int, cells: tuple[str, ...], seen: dict[Place, int],
    values: dict[Place, Value], computed: dict[Place, str],
) -> None:  # fmt: skip
    id_, event, event_no, form, form_no, row, name, text, unit, missing = cells
    place = Place(id_, event, event_no or SINGLE, form, form_no or SINGLE, row or SINGLE, name)
    if place in seen:
        run.fault(number, "item", "db.file.twice", first=seen[place])
        return
    seen[place] = number
    try:
        item = find_item(run.casebook.study, place)
    except Refusal as refusal:
        if refusal.key == "db.place_derived":
            computed[place] = text
        else:
            run.fault(number, _COLUMN_OF.get(refusal.key, ""), refusal.key, **refusal.values)
        return
    faults = len(run.faults)
    unit = _read_unit(run, number, item, unit)
    _check_missing(run, number, item, text, missing)
    if len(run.faults) > faults:
        return
    try:
        value = read_value(run.casebook.study, subject, item, Entered(place, text, unit, missing), from_file=True)
    except Refusal as refusal:
        run.fault(number, "value", refusal.key, **refusal.values)
        return
    if value.unread and not run.accept_unparsed:
        run.fault(number, "value", "db.file.unread", item=name, kind=item.kind)
        return
    values[place] = value


def _read_unit(run: _Import, number: int, item: Item, unit: str) -> str:
    """The unit as the study writes it; other spellings of a laboratory unit count as the same."""
    if not unit or unit in item.units:
        return unit
    spelled = symbol(analyte_of(item.analyte), unit) if item.analyte else None
    if spelled is None or spelled not in item.units:
        known = ", ".join(item.units) or "-"
        run.fault(number, "unit", "db.file.unit", unit=unit[:40], item=item.id, known=known)
    return spelled or ""


def _check_missing(run: _Import, number: int, item: Item, text: str, missing: str) -> None:
    if not missing:
        return
    if missing not in MISSING_CODES or missing not in item.missing:
        known = ", ".join(item.missing) or "-"
        run.fault(number, "missing", "db.file.missing_code", code=missing[:40], item=item.id, known=known)
    elif text:
        run.fault(number, "value", "db.file.value_and_missing", code=missing)
