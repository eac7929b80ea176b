"""Effects of a dry run as a list: what weighs most first, in words and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from forms.amending.effects import ACCEPTED, REFUSED, Effect
from forms.texts import said

COLUMNS = (
    "subject", "event", "event_no", "form", "form_no", "row", "item", "effect", "weight", "before", "after", "text",
)  # fmt: skip
"""Columns of the list that a dry run writes; ``weight`` is refused, accept or told."""

_ORDER = {"refused": 0, "accept": 1, "told": 2}


def weighed(effects: Sequence[Effect]) -> tuple[tuple[str, Effect], ...]:
    """Each effect with its weight: what is barred first, then what has to be accepted."""
    rows = [
        ("refused" if each.kind in REFUSED else "accept" if each.kind in ACCEPTED else "told", each) for each in effects
    ]
    return tuple(sorted(rows, key=lambda row: _ORDER[row[0]]))


def effect_more(effect: Effect, language: str) -> str:
    """What an effect says besides its kind and place: its words, or the values."""
    if effect.text:
        return said(effect.text, language)
    if effect.kind in ("value", "grade", "locked"):
        return " → ".join(each.value or each.missing or "-" for each in (effect.before, effect.after))
    return effect.before.value


def listed(effects: Sequence[Effect], language: str) -> str:
    """Every effect as CSV with `COLUMNS`, in the order of `weighed`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for weight, each in weighed(effects):
        at = each.place
        writer.writerow([
            at.subject, at.event, at.event_no, at.form, at.form_no, at.row, at.item, each.kind, weight,
            *(value.value or value.missing for value in (each.before, each.after)),
            said(each.text, language) if each.text else "",
        ])  # fmt: skip
    return text.getvalue()
