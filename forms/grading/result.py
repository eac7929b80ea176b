"""The result of grading: a grade with its working, a person's ruling on it, and the text kept in the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from forms.grading.decide import Decision
from forms.grading.inputs import Inputs
from forms.grading.tables import Criterion


@dataclass(frozen=True)
class Ruling:
    """A person's word on a grade: who, which grade, and why when it differs from the engine's."""

    who: str
    grade: int
    why: str = ""


@dataclass(frozen=True)
class Grade:
    """The grade for one term. ``grade``: 0 = judged and normal, 1-5, None = undecided or not gradable.

    ``candidates`` are the grades still possible when a person must decide, ``branch`` the ladder that matched
    (``limits``, ``baseline``, ``fall``, ``rise``, ``absolute``, ``anticoagulated``, ``adult``, ... or "").
    Its words and the bound that was met are said by `forms.grading.words.explain`.
    """

    term: str
    code: str
    version: str
    direction: str
    grade: int | None
    candidates: tuple[int, ...]
    branch: str
    inputs: Inputs = field(repr=False, compare=False)
    plan: Criterion | None = field(repr=False, compare=False)
    decision: Decision = field(repr=False, compare=False)
    ruling: Ruling | None = None


class StoredGrade(NamedTuple):
    """One term of a stored text. ``grade`` None with candidates = undecided, without = not gradable."""

    term: str
    grade: int | None
    candidates: tuple[int, ...]


def stored(grades: Iterable[Grade]) -> str:
    """The compact text kept in the ledger: ``Anemia=3;Hyponatremia=?2,3;X=-`` (undecided, not gradable)."""
    parts: list[str] = []
    for one in grades:
        final = one.ruling.grade if one.ruling is not None else one.grade
        if final is not None:
            parts.append(f"{one.term}={final}")
        elif one.candidates:
            parts.append(f"{one.term}=?{','.join(map(str, one.candidates))}")
        else:
            parts.append(f"{one.term}=-")
    return ";".join(parts)


_STORED = re.compile(r"(?P<term>.+)=(?:(?P<grade>[0-5])|\?(?P<open>[0-5](?:,[0-5])*)|-)")


def read_stored(text: str) -> tuple[StoredGrade, ...]:
    """Read a stored text back; raises ``ValueError`` for one that `stored` never wrote."""
    found: list[StoredGrade] = []
    for part in text.split(";") if text else ():
        match = _STORED.fullmatch(part)
        if match is None:
            raise ValueError(f"not a stored grade: {part!r}")
        candidates = tuple(int(number) for number in match["open"].split(",")) if match["open"] else ()
        found.append(StoredGrade(match["term"], int(match["grade"]) if match["grade"] else None, candidates))
    return tuple(found)


def worst(stored_text: str) -> int | None:
    """The highest decided grade of a stored text; None when none is decided."""
    return max((one.grade for one in read_stored(stored_text) if one.grade is not None), default=None)
