"""The files of a definition: which they are, and each as the nodes of its YAML, never deeper or larger than bearable.

Links are not followed: what a definition is made of lies in its folder, and nothing else is read or copied. PyYAML's C
parser makes the nodes by recursion, so the depth is counted first, from its events.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import yaml

from forms.study.definition import Text
from forms.texts import both, say

MAIN_FILE = "study.yaml"

LARGEST = 10_000_000
"""Bytes of one file."""
DEEPEST = 40
"""Levels of a definition within each other."""
MOST_FILES = 2_000
"""YAML files of a definition."""

_HINTS = (
    ("mapping values are not allowed", "yaml_quotes"),
    ("cannot start any token", "yaml_quotes"),
    ("did not find expected alphabetic or numeric", "yaml_quotes"),
    ("undefined alias", "yaml_alias"),
    ("',' or", "yaml_closing"),
    ("unexpected end of stream", "yaml_closing"),
    ("expected node content", "yaml_closing"),
    ("comment or line break", "yaml_quotes"),
    ("could not find expected ':'", "yaml_colon"),
    ("expected key", "yaml_indent"),
    ("expected '-' indicator", "yaml_indent"),
    ("block sequence entries", "yaml_indent"),
    ("block mapping", "yaml_indent"),
    ("document", "yaml_documents"),
)
"""By message of the parser: the text that says what a person can do about it."""


class Unreadable(Exception):
    """Why a file is no YAML that can be used: the line (from 1) and the words for a person."""

    def __init__(self, line: int, text: Text) -> None:
        super().__init__(text.get("en", ""))
        self.line = line
        self.text = text


def files_of(folder: Path) -> tuple[Path, ...]:
    """``study.yaml`` and every other YAML file of a folder in the order of their names, links left out."""
    main = folder / MAIN_FILE
    return (main, *sorted(path for path in _walked(folder) if path != main and not path.is_symlink()))


def links_of(folder: Path) -> tuple[Path, ...]:
    """Links in a folder that a definition would seem to be made of: to YAML files and to folders."""
    below = [folder / MAIN_FILE, *_walked(folder), *_folders(folder)]
    return tuple(sorted({path for path in below if path.is_symlink()}))


def _walked(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder, followlinks=False):
        yield from (Path(place, name) for name in names if name.endswith(".yaml"))


def _folders(folder: Path) -> Iterator[Path]:
    for place, names, _ in os.walk(folder, followlinks=False):
        yield from (Path(place, name) for name in names)


def nodes_of(path: Path) -> yaml.Node | None:
    """The nodes of a file, None when it is empty. Raises `Unreadable`."""
    text = _text_of(path)
    try:
        _check_depth(text)
        root: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as wrong:
        raise _explained(wrong, text) from wrong
    except yaml.reader.ReaderError as wrong:
        line = text.count("\n", 0, wrong.position) + 1 if isinstance(wrong.position, int) else 1
        raise Unreadable(line, both("load.yaml_control")) from wrong
    except (yaml.YAMLError, RecursionError, ValueError) as wrong:
        raise Unreadable(1, both("load.yaml", column=1, problem=str(wrong)[:80])) from wrong
    return root


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable(1, both("load.too_long", most=LARGEST))
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as wrong:
        raise Unreadable(1, both("load.unreadable")) from wrong


def _check_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                mark = event.start_mark
                raise Unreadable(mark.line + 1 if mark else 1, both("load.too_deep", most=DEEPEST))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _explained(wrong: yaml.MarkedYAMLError, text: str) -> Unreadable:
    """The parser's words, or better what a person can do, at the line that has to be mended."""
    mark = wrong.problem_mark or wrong.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    problem = wrong.problem or ""
    hint = next((hint for words, hint in _HINTS if words in problem), "")
    written = text.split("\n")[line : line + 1]
    if written and "\t" in written[0][: len(written[0]) - len(written[0].lstrip())]:
        hint = "yaml_tab"
    opened = (wrong.context_mark.line if wrong.context_mark else line) + 1
    said = both(f"load.{hint}", line=opened) if hint else both("load.yaml_other", problem=problem)
    whole = {language: say(language, "load.yaml", column=column + 1, problem=words) for language, words in said.items()}
    return Unreadable(line + 1, whole)
