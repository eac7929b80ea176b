"""A data file as it lies on the disk: what kind of file it is, where each subject's lines stand, the lines themselves.

The file is gone through once, which names everything that is wrong with it as a file and notes for every subject where
its lines begin; then the lines of one subject at a time are read. What would change is held until all of it is known
to be sound, so there is a largest file.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from db.incoming.faults import Faults
from forms.errors import Refusal
from forms.record.data_file import COLUMNS

MOST_OF_A_RECORD = 2_000_000
"""Bytes searched for the quotation mark that is to blame; the reader itself gives up before."""

LARGEST = 128_000_000
"""Bytes of a data file that is taken at once: about two million values, which need about a gigabyte of memory."""

_LINE_END = re.compile("\r\n?|\n")
_LONE_RETURN = re.compile(rb"(?<=\r)(?!\n)")
_SEPARATOR_TOLD = re.compile(r'"?sep=([,;\t|])"?[,;\t|]*\s*', re.IGNORECASE)
_OTHER_KINDS = {
    b"PK\x03\x04": "exchange.workbook",
    b"\xd0\xcf\x11\xe0": "exchange.workbook",
    b"\x1f\x8b": "exchange.compressed",
    b"%PDF": "exchange.not_a_table",
}

Line = tuple[int, tuple[str, ...]]
"""Line number in the file and the ten cells."""


class _Lines:
    """The lines of a file from a byte on, as text; ``at`` is the byte where the next one begins."""

    def __init__(self, file: BinaryIO, at: int) -> None:
        file.seek(at)
        self.at = at
        self._file = file
        self._pieces: list[bytes] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._pieces:
            line = self._pieces.pop()
        else:
            line = self._file.readline()
            if not line:
                raise StopIteration
            if line.count(b"\r") > line.endswith(b"\r\n"):
                self._pieces = [piece for piece in _LONE_RETURN.split(line) if piece][::-1]
                line = self._pieces.pop()
        self.at += len(line)
        return line.decode()


@dataclass(slots=True)
class DataFile:
    """A file that can be read; ``order`` says in which cell each of `COLUMNS` stands.

    ``runs`` holds for every subject, in order of first mention, (byte, lines, number of the first line) of each stretch
    of its lines.
    """

    path: Path
    sha256: str = ""
    mark: str = ","
    width: int = 0
    order: tuple[int, ...] = ()
    runs: dict[str, array[int]] = field(default_factory=dict)
    total: int = 0

    def lines(self, subject: str) -> Iterator[Line]:
        """The lines of one subject, in the order of the file."""
        runs = self.runs[subject]
        with self.path.open("rb") as file:
            for at in range(0, len(runs), 3):
                rows = self._rows(_Lines(file, runs[at]), runs[at + 2])
                for _ in range(runs[at + 1]):
                    number, _, cells = next(rows)
                    yield number, self._ordered(cells)

    def _ordered(self, cells: Sequence[str]) -> tuple[str, ...]:
        order = self.order
        value, unit, missing = cells[order[7]], cells[order[8]].strip(), cells[order[9]].strip()
        return (*[cells[at].strip() for at in order[:7]], value, unit, missing)

    def _rows(self, lines: _Lines, begun: int, faults: Faults | None = None) -> Iterator[tuple[int, int, list[str]]]:
        """Number, byte and cells of each line that holds something and has as many cells as there are columns."""
        reader = csv.reader(lines, delimiter=self.mark, strict=True)
        least = max(self.order) + 1
        while True:
            number, at = begun + reader.line_num, lines.at
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if faults is not None:
                    self._note_break(number, at, error, faults)
                return
            if not any(cells) or not any(cell.strip() for cell in cells):
                continue
            if least <= len(cells) <= self.width and not self._outside(cells):
                yield number, at, cells
            elif faults is not None:
                faults.note(number, "", "db.file.cells", found=len(cells), expected=self.width)

    def _outside(self, cells: Sequence[str]) -> bool:
        """Whether something stands in a column without a name, or cells are missing that have one."""
        if len(self.order) == self.width:
            return len(cells) != self.width
        return any(cell.strip() for at, cell in enumerate(cells) if at not in self.order)

    def _note_break(self, number: int, at: int, error: csv.Error, faults: Faults) -> None:
        """Say why the file can't be read on: what is wrong stands in the record that begins at byte ``at``."""
        with self.path.open("rb") as file:
            file.seek(at)
            rest = file.read(MOST_OF_A_RECORD).decode(errors="ignore")
        for quoted in re.finditer(rf'(?:\A|(?<=[{self.mark}\r\n]))"(?:[^"]|"")*+("?)', rest):
            if not quoted[1] or rest[quoted.end() : quoted.end() + 1] not in ("", self.mark, "\r", "\n"):
                line = number + len(_LINE_END.findall(rest, 0, quoted.start()))
                is_huge = quoted[1] and "limit" in str(error)
                faults.note(line, "", "db.file.not_csv" if is_huge else "db.file.unclosed")
                return
        faults.note(number, "", "db.file.not_csv")


def survey(path: Path, faults: Faults, items: Collection[str]) -> DataFile:
    """Go through a file, with its faults noted. ``items`` are the study's item ids, by which a wide sheet is known.

    Raises Refusal when it can't be opened.
    """
    found = DataFile(path)
    try:
        size = path.stat().st_size
        if size > LARGEST:
            faults.note(1, "", "db.file.too_large", size=-(-size // 10**6), most=LARGEST // 10**6)
            return found
        found.sha256 = _look_over(path, faults)
        if not faults:
            with path.open("rb") as file:
                _find_runs(found, file, faults, items)
    except OSError as error:
        raise Refusal("db.file_unreadable", path=str(path)) from error
    return found


def _look_over(path: Path, faults: Faults) -> str:
    """The fingerprint of the file, after every byte was seen to be text in UTF-8."""
    digest = hashlib.sha256()
    number, is_ascii = 1, True
    with path.open("rb") as file:
        for line in file:
            if number == 1 and (key := _other_kind(line)):
                faults.note(1, "", key, encoding="UTF-16")
                return ""
            digest.update(line)
            if b"\0" in line:
                faults.note(number, "", "db.file.not_csv")
                return ""
            try:
                line.decode()
            except UnicodeDecodeError as error:
                is_cut = error.reason == "unexpected end of data" or not (is_ascii and line[: error.start].isascii())
                guess = "" if is_cut or not _is_gbk(path) else "GBK"
                faults.note(number, "", "db.file.encoding" if guess else "db.file.not_utf8", encoding=guess)
                return ""
            is_ascii = is_ascii and line.isascii()
            number += len(_LONE_RETURN.split(line)) - (not line.endswith(b"\r")) if b"\r" in line else 1
    return digest.hexdigest()


def _other_kind(line: bytes) -> str:
    """What to say of a file that is no text in UTF-8, by its first line; "" when it may be one."""
    for sign, key in _OTHER_KINDS.items():
        if line.startswith(sign):
            return key
    is_wide = line.startswith((b"\xff\xfe", b"\xfe\xff")) or line.count(b"\0") * 3 > len(line) > 3
    return "db.file.encoding" if is_wide else ""


def _is_gbk(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("gb18030")()
    with path.open("rb") as file:
        try:
            while piece := file.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _find_runs(found: DataFile, file: BinaryIO, faults: Faults, items: Collection[str]) -> None:
    begin = 0
    while file.read(3) == codecs.BOM_UTF8:
        begin += 3
    lines = _Lines(file, begin)
    first, begun = next(lines, ""), 1
    if told := _SEPARATOR_TOLD.fullmatch(first):
        begin, begun = lines.at, 2
        first = next(lines, "")
    found.mark = told[1] if told else _separator(first)
    lines = _Lines(file, begin)
    reader = csv.reader(lines, delimiter=found.mark, strict=True)
    try:
        head = next(reader, [])
    except csv.Error:
        head = []
    if not _read_head(found, head, begun, faults, items):
        return
    last = ""
    for number, at, cells in found._rows(lines, begun + reader.line_num, faults):
        subject = cells[found.order[0]].strip()
        found.total += 1
        if subject == last and found.total > 1:
            found.runs[subject][-2] += 1
        else:
            found.runs.setdefault(subject, array("Q")).extend((at, 1, number))
            last = subject


def _separator(head: str) -> str:
    if "," in head:
        return ","
    return next((mark for mark in ";\t" if mark in head), ",")


def _read_head(found: DataFile, head: Sequence[str], line: int, faults: Faults, items: Collection[str]) -> bool:
    """Where each of `COLUMNS` stands; one fault when the table is another one altogether."""
    names = [name.strip().lower() for name in head]
    missing = [name for name in COLUMNS if name not in names]
    strange = [name for name in names if name and name not in COLUMNS]
    wanted = ",".join(COLUMNS)
    if not any(names):
        faults.note(line, "", "exchange.empty", columns=wanted)
    elif {"item", "value"} <= set(missing):
        named = {item.lower() for item in items}
        is_wide = len(strange) > 1 and ("subject" in names or sum(name in named for name in strange) > 1)
        faults.note(line, "", "exchange.wide" if is_wide else "exchange.no_head", columns=wanted)
    else:
        for name in missing:
            faults.note(line, name, "db.file.column_missing", name=name)
        for name in strange:
            faults.note(line, name[:40], "db.file.column_unknown", name=name[:40])
        for name in COLUMNS:
            if names.count(name) > 1:
                faults.note(line, name, "db.file.column_twice", name=name)
    if faults:
        return False
    found.width = len(names)
    found.order = tuple(names.index(name) for name in COLUMNS)
    return True
