"""Changing a study from one CTCAE edition to another: what NCI maps where, and what that would do to what is recorded.

Pure: `plan_change` only tells. Doing it is a job of the store that appends entries with the change as their cause.
Source of the map: NCI's own v5.0 to v6.0 mapping (workbook of CTCAE v6.0, errata of 2026-01-20), `resources/ctcae/`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

from forms.grading.frame import Measurement
from forms.grading.grade import grade
from forms.grading.result import stored
from forms.grading.tables import Term, edition
from resources import folder

Kind = Literal["same", "regraded", "renamed", "becomes_other", "choose", "grade_lacking", "lost"]


class Mapped(NamedTuple):
    """Where a term goes. ``other``: the text under an "Other, specify" term. ``grades`` whose definition changed."""

    term: Term
    other: str
    grades: tuple[int, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One thing graded in a store, under a ``key`` of the caller's.

    Either a ``measurement`` with its ``stored`` grades, or an adverse event: its ``term`` (name), ``grade``, ``other``.
    """

    key: str
    measurement: Measurement | None = None
    stored: str = ""
    term: str = ""
    grade: int | None = None
    other: str = ""


@dataclass(frozen=True, slots=True)
class RegradeChange:
    """Effect of the change on one record. ``after`` lists more than one text where a person must choose.

    ``kind``: ``same``; ``regraded`` (a measurement); ``renamed``; ``becomes_other`` (an "Other, specify" term with the
    old name as its text); ``choose`` (NCI names several targets); ``grade_lacking`` (the new term has no such grade);
    ``lost`` (nothing is mapped). ``reworded``: the definition of this very grade changed, so a person should look.
    """

    key: str
    before: str
    after: tuple[str, ...]
    kind: Kind
    reworded: bool = False


@cache
def _map() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    raw: Mapping[str, Sequence[Mapping[str, Any]]] = json.loads(
        folder("ctcae", "change-5.0-6.0.json").read_text(encoding="utf-8")
    )
    return raw


def map_term(code: str, from_version: str, to_version: str) -> tuple[Mapped, ...]:
    """Where a term goes in another edition; empty when it goes nowhere.

    Between 5.0 and 6.0 by NCI's map; otherwise a term goes to the one of the same code or name.
    """
    there = edition(to_version)
    if (from_version, to_version) == ("5.0", "6.0"):
        return tuple(
            Mapped(
                there.by_code[entry["to"]],
                entry.get("other", ""),
                tuple(int(number) for number in entry.get("grades", "")),
                tuple(entry.get("kinds", ())),
            )
            for entry in _map().get(code, ())
        )
    here = edition(from_version).by_code.get(code)
    found = there.by_code.get(code) or (there.by_name.get(here.name) if here is not None else None)
    return (Mapped(found, "", (), ()),) if found is not None else ()


def plan_change(
    records: Iterable[Recorded],
    from_version: str,
    to_version: str,
    tick: Callable[[int], None] | None = None,
) -> Iterator[RegradeChange]:
    """Effect of a change of edition, record by record; nothing is changed. ``tick`` is called with the count."""
    for count, record in enumerate(records, start=1):
        if tick is not None:
            tick(count)
        if record.measurement is not None:
            after = stored(grade(record.measurement, to_version))
            yield RegradeChange(record.key, record.stored, (after,), "same" if after == record.stored else "regraded")
        else:
            yield _moved(record, from_version, to_version)


def _moved(record: Recorded, from_version: str, to_version: str) -> RegradeChange:
    before = _shown(record.term, record.other, record.grade)
    here = edition(from_version).by_name.get(record.term)
    targets = map_term(here.code, from_version, to_version) if here is not None else ()
    if not targets:
        return RegradeChange(record.key, before, (), "lost")
    after = tuple(_shown(target.term.name, target.other or record.other, record.grade) for target in targets)
    if len(targets) > 1:
        return RegradeChange(record.key, before, after, "choose", reworded=True)
    target = targets[0]
    reworded = record.grade in target.grades
    if record.grade is not None and record.grade and record.grade not in target.term.grades:
        return RegradeChange(record.key, before, after, "grade_lacking", reworded=True)
    if target.other:
        return RegradeChange(record.key, before, after, "becomes_other", reworded)
    kind: Kind = "same" if target.term.name == record.term else "renamed"
    return RegradeChange(record.key, before, after, kind, reworded)


def _shown(term: str, other: str, grade: int | None) -> str:
    return f"{term}{f': {other}' if other else ''}{'' if grade is None else f'={grade}'}"
