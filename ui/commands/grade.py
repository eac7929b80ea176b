"""``main.py grade IN.jsonl OUT.jsonl --ctcae VERSION``: CTCAE grades for a stream of measurements, no store needed.

One JSON object a line in, the same ``id`` with its ``grades`` a line out, in the same order. Lines are read, graded and
written one at a time, so that memory does not grow with the file. A malformed line is reported as
``file:line: column: text`` on stderr, the others are graded, and the exit code is 1. The output appears under its name
only when it is whole.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TextIO

from forms.errors import Misuse
from forms.grading.tables import VERSIONS
from forms.texts import say
from forms.values.kinds import legible
from ui.commands.console import visible
from ui.commands.files import check_out
from ui.commands.grade_answer import ENCODER, answer_to

LONGEST_LINE = 1_000_000
"""Bytes; a longer line is malformed, whatever it holds."""

_Kind = tuple[frozenset[type], str]
"""Types a field may be of, and the key of the text that names them."""

_NUMBER: _Kind = (frozenset({int, Decimal, str, type(None)}), "grade.command.a_number")
_TEXT: _Kind = (frozenset({str, type(None)}), "grade.command.a_text")
_OBJECT: _Kind = (frozenset({dict, type(None)}), "grade.command.an_object")
_KINDS: Mapping[str, _Kind] = {
    **dict.fromkeys(("value", "lln", "uln", "baseline", "baseline_lln", "baseline_uln", "mi_level", "age"), _NUMBER),
    **dict.fromkeys(("term", "unit", "baseline_flag", "sex", "baseline_unit", "baseline_date"), _TEXT),
    **dict.fromkeys(("with", "context"), _OBJECT),
}
_PLAIN_IDS = frozenset({int, str, type(None)})
"""Types of an id that can always be handed back."""


class LineFault(NamedTuple):
    """Why a line could not be taken: its column and the text's key with what fills it."""

    column: int
    key: str
    values: Mapping[str, object]


class _NoNumber(ValueError):
    """``NaN`` or ``Infinity``, which JSON does not know."""


def _no_constant(name: str) -> object:
    raise _NoNumber(name)


class _Twice(ValueError):
    """A key that stands twice in one object; which of the two is meant can't be known."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_object)


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
        print(visible(say_so), file=errors)
        return 2
    if input_path != "-" and output_path != "-" and _is_same(Path(input_path), Path(output_path)):
        print(say(language, "grade.command.same_file"), file=errors)
        return 2
    try:
        if output_path != "-":
            check_out(Path(output_path))
        return _grade_file(input_path, output_path, version, language, errors)
    except Misuse as misuse:
        print(visible(misuse.in_language(language)), file=errors)
        return 2
    except OSError as trouble:
        print(visible(say(language, "grade.command.unreadable", detail=trouble)), file=errors)
        return 3


def _is_same(one: Path, other: Path) -> bool:
    """Whether two names mean one file."""
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.absolute() == other.absolute()


def _grade_file(input_path: str, output_path: str, version: str, language: str, errors: TextIO) -> int:
    with ExitStack() as opened:
        source = sys.stdin.buffer if input_path == "-" else opened.enter_context(Path(input_path).open("rb"))
        if output_path == "-":
            return _stream(source, sys.stdout.buffer, input_path, version, language, errors)
        target = Path(output_path)
        if target.exists() and not (target.is_file() or target.is_dir()):
            return _stream(source, opened.enter_context(target.open("wb")), input_path, version, language, errors)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb", buffering=1 << 18) as sink:
                code = _stream(source, sink, input_path, version, language, errors)
            part.replace(target)
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
            print(visible(f"{name}:{number}: {fault.column}: {text}"), file=errors)
            continue
        sink.write(_encoded(answer_to(made, version, language)))
    return 1 if faults else 0


def _encoded(line: str) -> bytes:
    """A line of output; half a surrogate pair, which UTF-8 can't hold, stays the escape it came as."""
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
    except _Twice as twice:
        name = str(twice)
        column = text.find(json.dumps(name, ensure_ascii=False), text.find(json.dumps(name, ensure_ascii=False)) + 1)
        return LineFault(max(column, 0) + 1, "grade.command.twice", {"name": legible(name)[:40]})
    except json.JSONDecodeError as trouble:
        return LineFault(trouble.colno, "grade.command.not_json", {"detail": trouble.msg})
    except _NoNumber as constant:
        return LineFault(1, "grade.command.not_json", {"detail": constant})
    except (ValueError, ArithmeticError):  # an exponent of twenty digits is more than Decimal takes
        return LineFault(1, "grade.command.not_json", {"detail": "grade.command.long_number"})
    except RecursionError:
        return LineFault(1, "grade.command.not_json", {"detail": "grade.command.too_deep"})
    if not isinstance(record, dict):
        return LineFault(1, "grade.command.not_json", {"detail": type(record).__name__})
    return record


def check_record(record: Mapping[str, Any]) -> LineFault | None:
    """What is wrong with the shape of a record; None when it can be graded."""
    analyte = record.get("analyte")
    if not isinstance(analyte, str) or not analyte:
        return LineFault(1, "grade.command.no_analyte", {})
    if type(record.get("id")) not in _PLAIN_IDS:
        try:
            ENCODER.encode(record["id"])
        except (ValueError, RecursionError):
            return LineFault(1, "grade.command.bad_field", {"field": "id", "expected": _NUMBER[1]})
    for key, value in record.items():
        kind = _KINDS.get(key)
        if kind is not None and type(value) not in kind[0]:
            return LineFault(1, "grade.command.bad_field", {"field": key, "expected": kind[1]})
    return None


def _progress(errors: TextIO) -> Callable[[int], None]:
    """Shows the line number on a terminal every ten thousand lines; nothing in a pipe."""
    if not errors.isatty():
        return lambda number: None

    def show(number: int) -> None:
        if number % 10_000 == 0:
            print(f"\r{number:,}", end="", file=errors, flush=True)

    return show
