"""``main.py grade IN.jsonl OUT.jsonl --ctcae VERSION``: CTCAE grades for a stream of measurements, no store needed.

One JSON object a line in, the same ``id`` with its ``grades`` a line out, in the same order. Lines are read, graded and
written one at a time, so that memory does not grow with the file. A malformed line is reported as
``file:line: column: text`` on stderr, the others are graded, and the exit code is 1. The output appears under its name
only when it is whole.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TextIO

from forms.ctcae_tables import VERSIONS
from forms.grade import Grade, Measurement, grade
from forms.grade_text import explain
from forms.texts import say

LONGEST_LINE = 1_000_000
"""Bytes; a longer line is malformed, whatever it holds."""

_NUMBER: tuple[tuple[type, ...], str] = ((int, Decimal, str), "grade.command.a_number")
_TEXT: tuple[tuple[type, ...], str] = ((str,), "grade.command.a_text")
_OBJECT: tuple[tuple[type, ...], str] = ((dict,), "grade.command.an_object")
_KINDS = {
    **dict.fromkeys(("value", "lln", "uln", "baseline", "baseline_lln", "baseline_uln", "mi_level", "age"), _NUMBER),
    **dict.fromkeys(("term", "unit", "baseline_flag", "sex", "baseline_unit", "baseline_date"), _TEXT),
    **dict.fromkeys(("with", "context"), _OBJECT),
}


class LineFault(NamedTuple):
    """Why a line could not be taken: its column and the text's key with what fills it."""

    column: int
    key: str
    values: Mapping[str, object]


def _no_constant(name: str) -> object:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant)
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=float)
"""The only values JSON has no word for are decimals inside an ``id``, which is handed back as it came."""


def run(
    input_path: str,
    output_path: str,
    version: str,
    language: str = "en",
    stderr: TextIO | None = None,
) -> int:
    """Grade a file; ``-`` is standard input or output. Returns the exit code.

    0 done; 1 some lines were malformed; 2 not an edition or the same file twice; 3 a file could not be read or written.
    """
    errors = stderr or sys.stderr
    if version not in VERSIONS:
        say_so = say(language, "grade.unknown_version", version=version, versions=", ".join(VERSIONS))
        print(say_so, file=errors)
        return 2
    if input_path != "-" and output_path != "-" and Path(input_path).absolute() == Path(output_path).absolute():
        print(say(language, "grade.command.same_file"), file=errors)
        return 2
    try:
        return _grade_file(input_path, output_path, version, language, errors)
    except OSError as trouble:
        print(say(language, "grade.command.unreadable", detail=trouble), file=errors)
        return 3


def _grade_file(input_path: str, output_path: str, version: str, language: str, errors: TextIO) -> int:
    with ExitStack() as opened:
        source = sys.stdin.buffer if input_path == "-" else opened.enter_context(Path(input_path).open("rb"))
        if output_path == "-":
            return _stream(source, sys.stdout.buffer, input_path, version, language, errors)
        part = Path(f"{output_path}.part")
        try:
            with part.open("wb", buffering=1 << 18) as sink:
                code = _stream(source, sink, input_path, version, language, errors)
            part.replace(output_path)
        finally:
            part.unlink(missing_ok=True)
        return code


def _stream(source: BinaryIO, sink: BinaryIO, name: str, version: str, language: str, errors: TextIO) -> int:
    faults = 0
    progress = _progress(errors)
    for number, line in _lines(source):
        progress(number)
        made = _decoded(line)
        if made is None:
            continue
        fault = made if isinstance(made, LineFault) else check_record(made)
        if fault is not None:
            faults += 1
            text = say(language, fault.key, **_translated(fault.values, language))
            print(f"{name}:{number}: {fault.column}: {text}", file=errors)
            continue
        sink.write(_encoded(graded_record(made, version, language)))
    return 1 if faults else 0


def _encoded(answer: Mapping[str, Any]) -> bytes:
    """A line of output; half a surrogate pair, which UTF-8 can't hold, stays the escape it came as."""
    line = _ENCODER.encode(answer)
    try:
        return f"{line}\n".encode()
    except UnicodeEncodeError:
        return f"{line}\n".encode("utf-8", "backslashreplace")


def _translated(values: Mapping[str, object], language: str) -> dict[str, object]:
    """The values of a fault's text; those that name a text of their own are said in the language."""
    return {
        name: say(language, value) if isinstance(value, str) and value.startswith("grade.command.") else value
        for name, value in values.items()
    }


def _lines(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbered lines; of one that is too long only its beginning, which is not JSON any more."""
    number = 0
    while line := source.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := source.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
        yield number, line


def _decoded(line: bytes) -> Any:
    """The record of a line, None for a blank one, a `LineFault` for what is no JSON object."""
    try:
        text = line.decode("utf-8").strip().lstrip("\ufeff")
    except UnicodeDecodeError as trouble:
        return LineFault(trouble.start + 1, "grade.command.encoding", {})
    if not text:
        return None
    try:
        record, end = _DECODER.raw_decode(text)
        if end != len(text):
            raise json.JSONDecodeError("Extra data", text, end)
    except json.JSONDecodeError as trouble:
        return LineFault(trouble.colno, "grade.command.not_json", {"detail": trouble.msg})
    except (ValueError, RecursionError) as trouble:
        return LineFault(1, "grade.command.not_json", {"detail": trouble})
    if not isinstance(record, dict):
        return LineFault(1, "grade.command.not_json", {"detail": type(record).__name__})
    return record


def check_record(record: Mapping[str, Any]) -> LineFault | None:
    """What is wrong with the shape of a record; None when it can be graded."""
    analyte = record.get("analyte")
    if not isinstance(analyte, str) or not analyte:
        return LineFault(1, "grade.command.no_analyte", {})
    try:
        _ENCODER.encode(record.get("id"))
    except (ValueError, RecursionError):
        return LineFault(1, "grade.command.bad_field", {"field": "id", "expected": _NUMBER[1]})
    for key, value in record.items():
        kind = _KINDS.get(key)
        if (
            kind is not None
            and value is not None
            and (not isinstance(value, kind[0]) or value is True or value is False)
        ):
            return LineFault(1, "grade.command.bad_field", {"field": key, "expected": kind[1]})
    return None


def measurement_of(record: Mapping[str, Any]) -> Measurement:
    """A checked record as the grader takes it."""
    get = record.get
    return Measurement(
        record["analyte"],
        get("value"),
        get("unit") or "",
        get("lln"),
        get("uln"),
        get("baseline"),
        get("baseline_lln"),
        get("baseline_uln"),
        get("baseline_flag") or "",
        get("mi_level"),
        get("with") or {},
        get("sex") or "",
        get("age"),
        get("context") or {},
        get("baseline_unit") or "",
        get("baseline_date") or "",
    )


def graded_record(record: Mapping[str, Any], version: str, language: str = "en") -> dict[str, Any]:
    """The answer to a checked record: its ``id`` and ``grades``, with a ``reason`` when there are none."""
    term = record.get("term") or ""
    found = grade(measurement_of(record), version, term, diagnoses=True)
    answer: dict[str, Any] = {"id": record.get("id"), "grades": [grade_object(one, language) for one in found]}
    if not found:
        key = "grade.command.unknown_analyte"
        if term and grade(measurement_of(record), version):
            key = "grade.command.unknown_term"
        answer["reason"] = say(language, key, analyte=record["analyte"], term=term, version=version)
    return answer


def grade_object(one: Grade, language: str) -> dict[str, Any]:
    """A grade with its working as a JSON object, its words in one language."""
    working = explain(one, language)
    return {
        "term": one.term,
        "code": one.code,
        "version": one.version,
        "direction": one.direction,
        "grade": one.grade,
        "candidates": one.candidates,
        "asks": working.asks,
        "reason": working.reason,
        "bound": working.bound,
        "branch": one.branch,
        "caveats": working.caveats,
        "alternatives": [{"grade": number, "if": text} for number, text in working.alternatives],
        "text": working.text,
    }


def _progress(errors: TextIO) -> Callable[[int], None]:
    """Shows the line number on a terminal every ten thousand lines; nothing in a pipe."""
    if not errors.isatty():
        return lambda number: None

    def show(number: int) -> None:
        if number % 10_000 == 0:
            print(f"\r{number:,}", end="", file=errors, flush=True)

    return show
