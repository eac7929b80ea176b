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
from forms.grading.tables import edition
from forms.grading.terms import canonical
from forms.grading.words import explain
from forms.texts import say
from forms.values.units import analyte_of, key_of, like

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
    found = grade(measurement, version, canonical(version, term) if term else "")
    line = f'{{"id": {_id(record.get("id"))}, "grades": [{", ".join([grade_json(one, language) for one in found])}]'
    if found:
        return line + "}"
    return f'{line}, "reason": {ENCODER.encode(_nothing(measurement, term, version, language))}}}'


def _nothing(measurement: Measurement, term: str, version: str, language: str) -> str:
    """Why a measurement has no grades: not judged, not known (with names that are near), or only when asked by name."""
    told = {"analyte": measurement.analyte, "term": term, "version": version}
    presuming = [one.term for one in grade(measurement, version, diagnoses=True)]
    if term and presuming:
        return say(language, "grade.command.unknown_term", **told)
    if presuming:
        terms = say(language, "grade.or").join(presuming)
        return say(language, "grade.command.by_name_only", **{**told, "term": terms})
    if key_of(measurement.analyte) or analyte_of(measurement.analyte):
        return say(language, "grade.command.not_judged", **told)
    near = [name for name in like(measurement.analyte) if name in edition(version).routes]
    reason = say(language, "grade.command.unknown_analyte", **told)
    return reason + (
        say(language, "grade.command.did_you_mean", names=say(language, "grade.or").join(near)) if near else ""
    )


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
