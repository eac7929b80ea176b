"""The record of one printed number, and the file that holds them all.

The cohort PDF prints from these same objects, so what stands on paper and in the file can't differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a report.

    ``id`` is stable and dotted. ``value`` is the number as printed (percent for proportions), an ISO date or a word;
    None = not estimable, printed "NE". ``n`` is the count behind it, ``denominator`` what it is a part of. ``subjects``
    are the ids counted in ``n`` (or, for a median, those whose values entered). ``sign`` stands before a value that an
    assay gave as a limit: ``<``, ``<=``, ``>``, ``>=``.
    """

    id: str
    label: str
    value: Decimal | int | str | None
    unit: str = ""
    n: int | None = None
    denominator: int | None = None
    ci_low: Decimal | None = None
    ci_high: Decimal | None = None
    ci_method: str = ""
    p: Decimal | None = None
    test: str = ""
    stratum: str = ""
    subjects: tuple[str, ...] = ()
    note: str = ""
    sign: str = ""


def _plain(value: object) -> object:
    """A value as JSON has it: decimals as numbers, no words as null."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and "." not in str(value) else float(value)
    if isinstance(value, tuple):
        return list(value)
    return value


def dump_figures(figures: Iterable[Figure]) -> bytes:
    """The JSON list of commands.md: the same figures give the same bytes."""
    names = [field.name for field in fields(Figure)]
    words = ("ci_method", "test", "sign")
    content = [
        {name: (getattr(figure, name) or None) if name in words else _plain(getattr(figure, name)) for name in names}
        for figure in figures
    ]
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
