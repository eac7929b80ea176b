"""Ids of a definition: which names may be one, none twice, and what the ids of subjects look like."""

from __future__ import annotations

import re
from collections.abc import Iterable

from forms.authoring.yaml_source import Path_, Source
from forms.expressions.parse import NAMES, WORDS
from forms.study.definition import Study
from forms.study.patterns import PatternFault, pattern
from forms.texts import say

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_STUDY_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL"} | {f"{name}{at}" for name in ("COM", "LPT") for at in range(1, 10)})
"""Names that Windows keeps for itself, whatever follows."""


def check_ids(source: Source, path: Path_, what: str, ids: Iterable[str], *, spoken: bool = True) -> None:
    """Note ids that come again and, when expressions speak of them, ids that they could not."""
    seen: set[str] = set()
    for at, name in enumerate(ids):
        place = (*path, at, "id")
        if name in seen:
            source.complain(place, "duplicate_id", id=name, what=f"load.what.{what}")
        seen.add(name)
        if spoken:
            check_spoken(source, place, name, is_word=what != "facts" and (name in WORDS or name in NAMES))


def check_spoken(source: Source, path: Path_, name: str, *, is_word: bool) -> None:
    """Note an id that expressions could not speak of; ``is_word`` says that it is a word of the language."""
    if _ID.fullmatch(name) is None:
        source.complain(path, "bad_id", id=name)
    elif is_word:
        source.complain(path, "word_id", id=name)


def check_study_ids(study: Study, source: Source) -> None:
    """Note an id of the study that is no plain name, and a pattern of subject ids that can't be used."""
    if not is_study_id(study.id):
        source.complain(("id",), "study_id", id=study.id[:60])
    try:
        pattern(study.subject_id_pattern)
    except PatternFault as wrong:
        words = {
            language: say(language, "load.pattern", problem=problem, column=wrong.column)
            for language, problem in wrong.message.items()
        }
        source.complain_at(*source.place(("subject_id_pattern",)), words)


def is_study_id(name: str) -> bool:
    """Whether a name may be a study's id, which is also the name of a folder on every system."""
    return _STUDY_ID.fullmatch(name) is not None and name.upper().partition("-")[0] not in _DEVICES
