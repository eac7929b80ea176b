"""What comes out otherwise on a locked form: the stored value stands, and the difference is asked about."""

from __future__ import annotations

from dataclasses import replace

from forms.findings import Finding
from forms.grading.result import read_stored
from forms.place import Place
from forms.subject.subject import Subject
from forms.texts import both
from forms.value import REDACTED, Value

RULE = "locked.differs"
"""Rule of the finding; on a grade it is `RULE_GRADE`, so that a computed value and its grade are asked about apart."""

RULE_GRADE = "locked.grade"


def is_held(subject: Subject, place: Place) -> bool:
    """Whether what is computed at a place is kept from being written."""
    state = subject.state(place.form_key)
    return state.holds_back and not state.flags(place.row).takes_computed


def take_held(subject: Subject, news: dict[Place, Value]) -> dict[Place, Value]:
    """Take out of ``news`` what a locked form keeps from being written; returns that."""
    held = {place: value for place, value in news.items() if is_held(subject, place)}
    for place in held:
        del news[place]
    return held


def differs(subject: Subject, place: Place, computed: Value) -> Finding:
    """The finding that a locked form would be given another value today; both are told."""
    stored = subject.values.get(place)
    told = {"stored": _words(place, stored), "computed": _words(place, computed)}
    if place.graded_item:
        return Finding(replace(place, item=place.graded_item), RULE_GRADE, both("forms.locked_grade", **told), "query")
    return Finding(place, RULE, both("forms.locked_differs", **told), "query")


def _words(place: Place, value: Value | None) -> str:
    """A value as it is stored; of a grade its number, ``1/2?`` while it can't be told, ``–`` for none."""
    if value is None or not value.value:
        return "–"
    if not place.graded_item or value.value == REDACTED:
        return f"{value.value} {value.unit}".rstrip()
    return ", ".join(
        "/".join(map(str, each.candidates)) + "?" if each.grade is None else str(each.grade)
        for each in read_stored(value.value)
    )
