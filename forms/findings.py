"""Findings: what a check has to say about a place. Values, never exceptions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from forms.place import Place

Severity = Literal["note", "query", "block"]
"""note: shown. query: asked once, becomes an open query at Complete. block: the form can't be completed until mended
or overridden by an investigator with a reason."""

SEVERITIES: tuple[Severity, ...] = ("note", "query", "block")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing said about one place, in every language of the study.

    ``rule`` is stable and dotted: a check's id (``VS.TEMP.warm``), or a built-in one: ``kind.unread``, ``kind.unit``,
    ``kind.missing_code``, ``bounds.soft``, ``bounds.hard``, ``bounds.unit``, ``required``, ``hidden.kept``,
    ``unique``, ``eligibility.decision`` and ``eligibility.`` with the id of a criterion,
    ``hidden.form``, ``glyph.missing``, ``derive.failed``.
    """

    place: Place
    rule: str
    text: dict[str, str] = field(compare=False)
    severity: Severity = "note"
