"""Study <-> canonical JSON: the form in which a definition is kept inside a store and named by its sha256.

Canonical: keys sorted, no spaces, UTF-8, decimals as plain text, and fields that hold their default left out, so that a
later program with more fields gives the same bytes for the same study. Reading needs no pydantic and checks no rules:
what stands in a store was checked when it was authored.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from forms.errors import Trouble
from forms.study.definition import Study

Reader = Callable[[Any], Any]


def dump(study: Study) -> bytes:
    """The canonical JSON of a study."""
    return json.dumps(_plain(study), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def read(data: bytes) -> Study:
    """The study of a canonical JSON. Raises `Trouble` when the bytes hold none."""
    try:
        study: Study = reader_of(Study)(json.loads(data))
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError) as broken:
        raise Trouble("load.json_unread") from broken
    return study


def fingerprint(data: bytes) -> str:
    """The name of a definition: sha256 of its canonical JSON, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        named = ((spec.name, getattr(value, spec.name), default) for spec, default in _defaults(type(value)))
        return {name: _plain(content) for name, content, default in named if content != default}
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    return value


@cache
def _defaults(kind: type) -> tuple[tuple[Field[Any], Any], ...]:
    return tuple((spec, _default(spec)) for spec in fields(kind))


def _default(spec: Field[Any]) -> Any:
    if spec.default is not MISSING:
        return spec.default
    return spec.default_factory() if spec.default_factory is not MISSING else MISSING


@cache
def reader_of(kind: Any) -> Reader:
    """How a value of a type is made of what JSON gives; made once for each type, which takes longer than reading."""
    if is_dataclass(kind):
        return _record_reader(kind)
    if kind is Decimal:
        return Decimal
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        each = reader_of(arguments[0])
        return lambda content: tuple([each(entry) for entry in content])
    if origin in (Union, UnionType):
        inner = reader_of(next(argument for argument in arguments if argument is not type(None)))
        return lambda content: None if content is None else inner(content)
    if origin is dict:
        return dict
    return _as_it_is


def _as_it_is(content: Any) -> Any:
    return content


def _record_reader(kind: Any) -> Reader:
    """Fills the fields of a frozen record at once; its own ``__init__`` would set them one by one, twice as slowly."""
    hints = get_type_hints(kind)
    readers = {spec.name: reader_of(hints[spec.name]) for spec in fields(kind)}
    plain = {spec.name: spec.default for spec in fields(kind) if spec.default is not MISSING}
    made_new = [(spec.name, spec.default_factory) for spec in fields(kind) if spec.default_factory is not MISSING]
    needed = readers.keys() - plain.keys() - {name for name, _ in made_new}
    if hasattr(kind, "__slots__") or hasattr(kind, "__post_init__"):
        raise TypeError(kind)

    def record(content: dict[str, Any]) -> Any:
        if not needed <= content.keys():
            raise KeyError(*needed - content.keys())
        made = object.__new__(kind)
        said = vars(made)
        said.update(plain)
        for name, factory in made_new:
            if name not in content:
                said[name] = factory()
        for name, entry in content.items():
            reader = readers[name]
            said[name] = entry if reader is _as_it_is else reader(entry)
        return made

    return record
