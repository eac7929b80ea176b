"""YAML -> `Study`, with every fault of a definition at once, each with its file and line.

A definition is a folder with ``study.yaml`` and any further ``*.yaml`` beside it or in folders below; lists of the same
name follow each other in the order of the file names, ``study.yaml`` first. `read_study` checks the structure by
pydantic on the dataclasses of `forms.study.definition`; `check_study` also asks whether everything named exists and
makes sense.
This is the only module that imports pydantic, and only when a definition is read from YAML.
"""

from __future__ import annotations

import types
import typing
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from forms.authoring.files import MAIN_FILE, MOST_FILES, files_of, links_of
from forms.authoring.yaml_source import Fault, Path_, Source, read_files
from forms.errors import Refusal
from forms.study.definition import Study
from forms.texts import LANGUAGES, both
from resources import folder

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

__all__ = ["Fault", "StudyFaults", "check_study", "read_study", "study_ids"]


class StudyFaults(Refusal):
    """A definition can't be used; ``faults`` says why, in the order of files and lines."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("load.faults", count=len(faults), first=faults[0].in_language("en") if faults else "")
        self.faults = faults

    def in_language(self, language: str) -> str:
        """How many faults, then one line for each."""
        from forms.texts import say

        lines = [say(language, "load.faults", count=len(self.faults))]
        return "\n".join([*lines, *(fault.in_language(language) for fault in self.faults)])


def study_ids() -> tuple[str, ...]:
    """Ids of the definitions that come with the program."""
    return tuple(sorted(path.parent.name for path in folder("studies").glob(f"*/{MAIN_FILE}")))


def read_study(path_or_id: str | Path) -> Study:
    """The study of a shipped id, a folder, or one YAML file. Raises `StudyFaults` with all structural faults."""
    source = _source_of(path_or_id)
    study = _structure(source)
    if study is None or source.faults:
        raise StudyFaults(source.sorted_faults())
    return study


def check_study(path_or_id: str | Path) -> tuple[Fault, ...]:
    """Every fault of a definition, structural or of meaning; empty when it is sound.

    Where the structure is at fault that part is set aside and the rest is asked for its meaning all the same; what is
    said then of a line whose structure is at fault follows from that and is left out.
    """
    source = _source_of(path_or_id)
    study = _structure(source, mend=True)
    if study is not None:
        from forms.authoring.meaning import check_meaning

        broken = {(fault.file, fault.line) for fault in source.faults}
        built = len(source.faults)
        check_meaning(study, source)
        source.faults[built:] = [fault for fault in source.faults[built:] if (fault.file, fault.line) not in broken]
    return source.sorted_faults()


def notes_on(path_or_id: str | Path) -> tuple[Fault, ...]:
    """Notes on a definition that can be used, for its author to look at; none for one with faults."""
    from forms.authoring.notes import look_closer

    source = _source_of(path_or_id)
    study = _structure(source)
    if study is None or source.faults:
        return ()
    look_closer(study, source)
    return source.sorted_faults()


def _source_of(path_or_id: str | Path) -> Source:
    path = Path(path_or_id)
    if isinstance(path_or_id, str) and path_or_id in study_ids():
        path = folder("studies", path_or_id)
    if path.is_dir() and (path / MAIN_FILE).exists():
        paths = files_of(path)
        if len(paths) > MOST_FILES:
            raise Refusal("load.too_many_files", name=str(path), most=MOST_FILES)
        source = read_files(paths, {each: str(each) for each in paths})
        for link in links_of(path):
            source.complain_at(str(link), 1, both("load.link"))
        return source
    if path.is_file():
        return read_files((path,), {path: str(path)})
    raise Refusal("load.no_study", name=str(path_or_id), known=", ".join(study_ids()))


@cache
def _adapter() -> TypeAdapter[Study]:
    from pydantic import TypeAdapter

    return TypeAdapter(Study)


def _structure(source: Source, *, mend: bool = False) -> Study | None:
    """The study when its structure is sound; otherwise the faults are noted. ``mend``: as much of it as can be read."""
    from pydantic import ValidationError

    from forms.authoring.mend import mended

    if not source.readable:
        return None
    _refuse_unknown_keys(source, source.data, Study, ())
    try:
        return _adapter().validate_python(source.data)
    except ValidationError as wrong:
        details = wrong.errors(include_url=False)
        for detail in details:
            _note(source, detail)
    rest = mended(source.data, Study, details) if mend else None
    try:
        return None if rest is None else _adapter().validate_python(rest)
    except ValidationError:
        return None


def _note(source: Source, detail: ErrorDetails) -> None:
    path: Path_ = tuple(detail["loc"])
    kind = detail["type"]
    name = str(path[-1]) if path else ""
    if kind == "missing":
        source.complain(path[:-1], "missing", name=name)
    elif kind == "literal_error":
        expected = str(detail.get("ctx", {}).get("expected", ""))
        source.complain(path, "not_one_of", name=name, given=_shown(detail["input"]), expected=expected)
    elif detail["input"] is None:
        source.complain(path, "comma_ends" if _is_word(source.data, path) else "empty", name=name)
    else:
        key = _KINDS.get(kind, "unfit")
        source.complain(path, key, name=name, given=_shown(detail["input"]))


def _is_word(data: Any, path: Path_) -> bool:
    """Whether a part stands among texts by language: ``{en: Not done, because, zh: ...}`` has "because" for one."""
    for step in path[:-1]:
        data = data[step]
    return isinstance(data, dict) and bool(set(data) & set(LANGUAGES)) and path[-1] not in LANGUAGES


_KINDS = {
    "string_type": "not_text",
    "decimal_parsing": "not_number",
    "decimal_type": "not_number",
    "finite_number": "not_number",
    "int_parsing": "not_whole",
    "int_type": "not_whole",
    "bool_parsing": "not_truth",
    "bool_type": "not_truth",
    "tuple_type": "not_list",
    "dict_type": "not_texts",
    "dataclass_type": "not_mapping",
}


def _shown(given: object) -> str:
    text = given if isinstance(given, str) else type(given).__name__
    return text if len(text) <= 40 else text[:39] + "…"


def _refuse_unknown_keys(source: Source, data: Any, kind: Any, path: Path_) -> None:
    """Tell keys that no field has; pydantic passes them over in plain dataclasses."""
    origin = get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        kind = next(argument for argument in get_args(kind) if argument is not type(None))
        origin = get_origin(kind)
    if origin is tuple and isinstance(data, list):
        for at, entry in enumerate(data):
            _refuse_unknown_keys(source, entry, get_args(kind)[0], (*path, at))
    elif is_dataclass(kind) and isinstance(kind, type) and isinstance(data, dict):
        hints = _hints(kind)
        for key, entry in data.items():
            if key in hints:
                _refuse_unknown_keys(source, entry, hints[key], (*path, key))
            else:
                near = get_close_matches(key, hints, n=1)
                name = "unknown_key_near" if near else "unknown_key"
                source.complain((*path, key), name, name=key[:60], near="".join(near), known=", ".join(hints))


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {spec.name: hints[spec.name] for spec in fields(kind)}
