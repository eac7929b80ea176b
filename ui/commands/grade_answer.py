"""The answer of `main.py grade` to one measurement, written as a line of JSON.

The line is put together piece by piece: the names of a term are the same in every line and most lists are empty, so
only what differs is turned into JSON anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from forms.grading.frame import Measurement
from forms.grading.grade import grade
from forms.grading.result import Grade
from forms.grading.words import explain
from forms.texts import say

ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, default=float)
"""The only values JSON has no word for are decimals inside an ``id``, which is handed back as it came."""


def measurement_of(record: Mapping[str, Any]) -> Measurement:
    """A checked record as the grader takes it."""
    get = record.get
    return Measurement(
        record["analyte"],
        get("value"),
        get("unit") or "",
        get("lln"),
        get("uln"),
        get("baseline"),
        get("baseline_lln"),
        get("baseline_uln"),
        get("baseline_flag") or "",
        get("mi_level"),
        get("with") or {},
        get("sex") or "",
        get("age"),
        get("context") or {},
        get("baseline_unit") or "",
        get("baseline_date") or "",
    )


def answer_to(record: Mapping[str, Any], version: str, language: str = "en") -> str:
    """The answer to a checked record: its ``id`` and ``grades``, with a ``reason`` when there are none."""
    term = record.get("term") or ""
    measurement = measurement_of(record)
    found = grade(measurement, version, term, diagnoses=True)
    line = f'{{"id": {_id(record.get("id"))}, "grades": [{", ".join([grade_json(one, language) for one in found])}]'
    if found:
        return line + "}"
    key = "grade.command.unknown_analyte"
    if term and grade(measurement, version):
        key = "grade.command.unknown_term"
    reason = say(language, key, analyte=record["analyte"], term=term, version=version)
    return f'{line}, "reason": {ENCODER.encode(reason)}}}'


def _id(told: object) -> str:
    return str(told) if type(told) is int else ENCODER.encode(told)


def grade_json(one: Grade, language: str) -> str:
    """A grade with its working as a JSON object, its words in one language."""
    said = explain(one, language)
    others = [{"grade": number, "if": text} for number, text in said.alternatives]
    return (
        f'{{{_named(one.term, one.code, one.version, one.direction)}, "grade": '
        f'{"null" if one.grade is None else one.grade}, "candidates": {_listed(one.candidates)}, '
        f'"asks": {_listed(said.asks)}, "reason": {_text(said.reason)}, "bound": {_text(said.bound)}, '
        f'"branch": {_text(one.branch)}, "caveats": {_listed(said.caveats)}, '
        f'"alternatives": {_listed(others)}, "text": {ENCODER.encode(said.text)}}}'
    )


@lru_cache(maxsize=1024)
def _named(term: str, code: str, version: str, direction: str) -> str:
    return ENCODER.encode({"term": term, "code": code, "version": version, "direction": direction})[1:-1]


def _text(text: str) -> str:
    return ENCODER.encode(text) if text else '""'


def _listed(values: Sequence[object]) -> str:
    return ENCODER.encode(values) if values else "[]"
