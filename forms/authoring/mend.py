"""A definition built wrongly in places, mended so that the rest of it can still be asked what it means.

Nothing mended is ever used: every place was told as a fault before. A wrong field that may be left out is left out; any
other gets something of its kind. Lists keep their length, so that every part stays where its file and line are noted.
"""

from __future__ import annotations

import copy
import re
import types
import typing
from collections.abc import Iterable
from dataclasses import MISSING, Field, fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from forms.authoring.yaml_source import Path_

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_NO_STAND_IN = object()


def mended(data: dict[str, Any], kind: type, details: Iterable[ErrorDetails]) -> dict[str, Any] | None:
    """A copy of the data without the faults told, None when one of them can't be mended in its place."""
    fixed = copy.deepcopy(data)
    languages = fixed.get("languages")
    spoken = [each for each in languages if isinstance(each, str)] if isinstance(languages, list) else []
    for detail in details:
        if not _mend(fixed, kind, tuple(detail["loc"]), spoken):
            return None
    return fixed


def _mend(data: Any, kind: Any, path: Path_, languages: list[str]) -> bool:
    """Walk to the part that is wrong, whose kind is known, and leave it out or put something of its kind there."""
    holder: Any = data
    field: Field[Any] | None = None
    for at, step in enumerate(path):
        kind = _plain(kind)
        last = at == len(path) - 1
        if is_dataclass(kind) and isinstance(step, str) and isinstance(holder, dict):
            field = _fields(typing.cast(type, kind)).get(step)
            if field is None:
                return False
            kind = _hints(typing.cast(type, kind))[step]
        elif get_origin(kind) is tuple and isinstance(step, int) and isinstance(holder, list) and step < len(holder):
            field, kind = None, get_args(kind)[0]
        elif get_origin(kind) is dict and isinstance(holder, dict):
            field, kind = None, str
        else:
            return False
        if last:
            return _replace(holder, step, field, kind, languages)
        holder = holder[int(step)] if isinstance(holder, list) else holder.get(step)
    return False


def _replace(holder: Any, step: str | int, field: Field[Any] | None, kind: Any, languages: list[str]) -> bool:
    if field is not None and (field.default is not MISSING or field.default_factory is not MISSING):
        holder.pop(step, None)
        return True
    given = holder.get(step) if isinstance(holder, dict) else None
    stand_in = _stand_in(kind, given, languages)
    if stand_in is _NO_STAND_IN:
        return False
    holder[step] = stand_in
    return True


def _stand_in(kind: Any, given: Any, languages: list[str]) -> Any:
    """Something of a kind: of several words the one nearest to what was given; texts are a dash in every language."""
    kind = _plain(kind)
    origin = get_origin(kind)
    if origin is Literal:
        return (get_close_matches(str(given), get_args(kind), n=1, cutoff=0.3) or get_args(kind))[0]
    if origin is tuple:
        return []
    if origin is dict:
        return dict.fromkeys(languages, "-")
    if kind is str:
        return "-"
    if isinstance(kind, type) and re.fullmatch("int|Decimal", kind.__name__):
        return "0"
    return _NO_STAND_IN


def _plain(kind: Any) -> Any:
    if get_origin(kind) in (typing.Union, types.UnionType):
        return next(each for each in get_args(kind) if each is not type(None))
    return kind


@cache
def _fields(kind: type) -> dict[str, Field[Any]]:
    return {spec.name: spec for spec in fields(kind)}


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
