"""Differences on a locked form: the stored value stands, and what would be computed today is asked about."""

from __future__ import annotations

from dataclasses import replace

from forms.findings import Finding
from forms.grading.grade import term_label
from forms.grading.result import read_stored
from forms.place import Place
from forms.subject.subject import Subject
from forms.texts import LANGUAGES, say
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
    """The finding that a locked form would be given another value now; both are told."""
    grade = place.graded_item
    key = "forms.locked_grade" if grade else "forms.locked_differs"
    words = {
        language: say(
            language,
            key,
            stored=_words(subject, place, subject.values.get(place), language),
            computed=_words(subject, place, computed, language),
        )
        for language in LANGUAGES
    }
    at = replace(place, item=grade) if grade else place
    return Finding(at, RULE_GRADE if grade else RULE, words, "query")


def _words(subject: Subject, place: Place, value: Value | None, language: str) -> str:
    """A value as it is stored; a grade with its term, ``1/2?`` while it can't be told; ``–`` for none."""
    if value is None or not value.value:
        return "–"
    if not place.graded_item or value.value == REDACTED:
        return f"{value.value} {value.unit}".rstrip()
    told = (
        f"{term_label(subject.study.ctcae, each.term, language)} "
        + ("/".join(map(str, each.candidates)) + "?" if each.grade is None else str(each.grade))
        for each in read_stored(value.value)
    )
    return say(language, "casebook.list_comma").join(told)
