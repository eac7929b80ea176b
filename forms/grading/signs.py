"""Cuts as people read them: limits, multiples and changes filled in with the numbers of this measurement."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from forms.grading.inputs import Inputs
from forms.grading.tables import GradeStep
from forms.texts import say
from forms.values.digits import working_words

_LIMIT = re.compile(
    r"(?:(\d+(?:\.\d+)?)\*)?\b(LLN|ULN|BL|MI)\b(?:\+(\d+(?:\.\d+)?))?|\b(fall_pct|rise_pct|fall|rise|below_lln)\b"
)
_SIGNS = (("<=", "≤"), (">=", "≥"), ("*", "×"))
_MEASURES = ("below_lln", "fall_pct", "rise_pct", "fall", "rise", "lines", " and ")


class _Piece(NamedTuple):
    """A stretch of a cut: plain ``text``, or a limit (``ref``) or change (``change``) whose number is filled in."""

    text: str
    ref: str = ""
    times: Decimal = Decimal(1)
    plus: Decimal = Decimal(0)
    change: str = ""


@cache
def _pieces(cut: str) -> tuple[_Piece, ...]:
    made: list[_Piece] = []
    end = 0
    for match in _LIMIT.finditer(cut):
        if match.start() > end:
            made.append(_Piece(cut[end : match.start()]))
        times, ref, plus, change = match.groups()
        made.append(_Piece(match[0], ref or "", Decimal(times or 1), Decimal(plus or 0), change or ""))
        end = match.end()
    if end < len(cut):
        made.append(_Piece(cut[end:]))
    return tuple(made)


def _changed(change: str, inputs: Inputs, step: GradeStep) -> str:
    start = inputs.values.get("LLN" if change == "below_lln" else "BL")
    x = inputs.values.get("x")
    if x is None or start is None or inputs.sign:
        return change
    apart = x - start if change.startswith("rise") else start - x
    if change.endswith("_pct"):
        apart = 100 * apart / start
    elif step.scale is not None:
        apart = step.scale.turned(apart)
    return f"{change} ({working_words(apart)})"


def filled(cut: str, step: GradeStep, inputs: Inputs) -> str:
    """A cut with the numbers of its limits: ``3.0*ULN (120) < x <= 5.0*ULN (200)``."""
    pieces = _pieces(cut)
    if len(pieces) == 1 and not pieces[0].ref and not pieces[0].change:
        return cut
    parts: list[str] = []
    for text, ref, times, plus, change in pieces:
        if change:
            parts.append(_changed(change, inputs, step))
            continue
        limit = inputs.values.get(ref) if ref else None
        if limit is None:
            parts.append(text)
            continue
        if step.scale is not None:
            limit = step.scale.turned(limit)
        parts.append(f"{text} ({working_words(times * limit + plus)})")
    return "".join(parts)


def pretty(cut: str, language: str) -> str:
    """A cut with the signs of print and its measures in words."""
    for sign, shown in _SIGNS:
        if sign in cut:
            cut = cut.replace(sign, shown)
    for measure in _MEASURES:
        if measure in cut:
            cut = cut.replace(measure, say(language, f"grade.measure.{measure.strip()}"))
    return cut
