"""YAML files -> plain data in which every scalar is text, and where each part stands (file and line).

The fields of a study say what a scalar is, never its look: ``NO`` stays NO, ``012`` stays 012, ``12:30`` stays 12:30.
Only an empty scalar, ``~`` and ``null`` are nothing. Duplicate keys, merge keys and tags are faults, not surprises.
`forms.authoring.files` makes the nodes; nothing of PyYAML's resolvers is used but the one for null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from forms.authoring.files import DEEPEST, Unreadable, nodes_of
from forms.study.definition import Text
from forms.texts import LANGUAGES, both, said, say

Path_ = tuple[str | int, ...]
"""Where a part of a definition stands: ``("forms", 0, "groups", 1, "label", "en")``."""

MOST_PARTS = 200_000
"""Parts of a definition, so that aliases of aliases can't fill the memory."""

_TAG = "tag:yaml.org,2002:"
_NULL = f"{_TAG}null"
_PLAIN_TAGS = frozenset(_TAG + name for name in ("str", "null", "bool", "int", "float", "timestamp", "value", "merge"))


@dataclass(frozen=True, order=True)
class Fault:
    """Something wrong in a definition. ``line`` counts from 1; 0 when the file has none."""

    file: str
    line: int
    order: tuple[int, int, str] = field(compare=True, repr=False)
    text: Text = field(compare=False)

    def in_language(self, language: str) -> str:
        """``file:line: what is wrong``."""
        return f"{self.file}:{self.line}: {said(self.text, language)}"


@dataclass
class Source:
    """The content of the files of a definition, gathered file by file."""

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Path_, tuple[str, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    readable: bool = True

    def place(self, path: Path_) -> tuple[str, int]:
        """File and line of a part, or of the nearest part around it that was written."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return (self.files[0], 1) if self.files else ("", 0)

    def complain(self, path: Path_, key: str, **values: object) -> None:
        """Note a fault at a part with the words of ``load.<key>``; values ``load.what...`` are words themselves."""
        text = {}
        for language in LANGUAGES:
            words = {name: _worded(language, value) for name, value in values.items()}
            text[language] = say(language, f"load.{key}", **words)
        self.complain_at(*self.place(path), text)

    def complain_at(self, file: str, line: int, text: Text) -> None:
        """Note a fault at a line."""
        rank = self.files.index(file) if file in self.files else len(self.files)
        self.faults.append(Fault(file, line, (rank, line, text.get("en", "")), text))

    def sorted_faults(self) -> tuple[Fault, ...]:
        """Every fault once, in the order of files and lines."""
        return tuple(sorted(set(self.faults), key=lambda fault: fault.order))


def _worded(language: str, value: object) -> object:
    return say(language, value) if isinstance(value, str) and value.startswith("load.what.") else value


def read_files(paths: tuple[Path, ...], names: Mapping[Path, str]) -> Source:
    """Gather the files of one definition: lists of a name go on from file to file, single values stand only once."""
    source = Source(files=[names[path] for path in paths])
    for path in paths:
        _gather(source, path, names[path])
    return source


def _gather(source: Source, path: Path, name: str) -> None:
    try:
        root = nodes_of(path)
    except Unreadable as wrong:
        _give_up(source, name, wrong.line, wrong.text)
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        _give_up(source, name, 1, both("load.not_a_mapping"))
        return
    walk = _Walk(source, name)
    for key, node in walk.entries(root):
        _merge(source, walk, key, node)


def _give_up(source: Source, file: str, line: int, text: Text) -> None:
    """Note that a file can't be read at all; what the others say is then no whole definition."""
    source.readable = False
    source.complain_at(file, line, text)


def _merge(source: Source, walk: _Walk, key: str, node: yaml.Node) -> None:
    present = source.data.get(key)
    if isinstance(present, list) and isinstance(node, yaml.SequenceNode):
        present.extend(walk.sequence(node, (key,), start=len(present)))
    elif key in source.data:
        source.complain_at(walk.file, node.start_mark.line + 1, both("load.twice", name=key))
    else:
        source.data[key] = walk.value(node, (key,))


class _Walk:
    """Turns the nodes of one file into plain data, noting where each part stands."""

    def __init__(self, source: Source, file: str) -> None:
        self.source = source
        self.file = file
        self.around: set[int] = set()

    def entries(self, node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
        """Keys and values of a mapping; keys that come again, or are no text, are told and left out."""
        seen: set[str] = set()
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.source.complain_at(self.file, line, both("load.key_kind"))
            elif key_node.value in seen:
                self.source.complain_at(self.file, line, both("load.duplicate_key", name=key_node.value))
            elif key_node.value == "<<":
                self.source.complain_at(self.file, line, both("load.merge_key"))
            else:
                seen.add(key_node.value)
                yield key_node.value, value_node

    def value(self, node: yaml.Node, path: Path_) -> Any:
        """The plain data of a node."""
        self.source.places[path] = (self.file, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if len(path) > DEEPEST or len(self.source.places) > MOST_PARTS or id(node) in self.around:
            self.source.complain_at(self.file, node.start_mark.line + 1, both("load.too_large", most=MOST_PARTS))
            return None
        self.around.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return {key: self.value(part, (*path, key)) for key, part in self.entries(node)}
            return self.sequence(node, path)
        finally:
            self.around.discard(id(node))

    def sequence(self, node: yaml.Node, path: Path_, start: int = 0) -> list[Any]:
        """The entries of a list; ``start`` is the place of the first one when the list goes on from another file."""
        if path not in self.source.places:
            self.source.places[path] = (self.file, node.start_mark.line + 1)
        return [self.value(part, (*path, at)) for at, part in enumerate(node.value, start)]

    def _scalar(self, node: yaml.ScalarNode) -> str | None:
        if node.tag == _NULL and not node.style:
            return None
        if node.tag not in _PLAIN_TAGS:
            self.source.complain_at(self.file, node.start_mark.line + 1, both("load.tag", tag=node.tag))
        text: str = node.value
        return text
