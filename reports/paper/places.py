"""Places in words: "Cycle 2 day 8 · Hematology · Platelets", for trails, queries and findings."""

from __future__ import annotations

from forms.place import FormKey, Place
from forms.study.definition import Study
from forms.subject.subject import Subject
from forms.texts import said, say


def event_words(study: Study, event: str, event_no: str, number: int, language: str) -> str:
    """An event's name, with the cycle or the number of an added one."""
    known = study.event_by_id.get(event)
    if known is None:
        return event
    name = said(known.label, language)
    if known.kind == "cycle":
        return say(language, "casebook.in_cycle", event=name, cycle=event_no)
    if known.kind == "added":
        return f"{name} {number}"
    return name


def form_words(study: Study, form: str, language: str) -> str:
    """A form's name."""
    known = study.form_by_id.get(form)
    return said(known.label, language) if known is not None else form


def item_words(study: Study, form: str, item: str, language: str) -> str:
    """A question's name; for a grade the name of what is graded."""
    known = study.form_by_id.get(form)
    plain = item.partition("#")[0]
    label = said(known.items[plain].label, language) if known is not None and plain in known.items else plain
    return say(language, "casebook.grade_of", what=label) if "#" in item else label


def place_words(subject: Subject, place: Place, language: str) -> str:
    """The whole address of a value in words."""
    study = subject.study
    parts = []
    if place.event:
        number = subject.event_number(place.event, place.event_no)
        parts.append(event_words(study, place.event, place.event_no, number, language))
    if place.form:
        parts.append(form_words(study, place.form, language))
    if place.item:
        label = item_words(study, place.form, place.item, language)
        group = study.form_by_id[place.form].group_of.get(place.item.partition("#")[0]) if place.form else None
        if group is not None and group.repeat:
            label = f"{label} ({row_number(subject, place)})"
        parts.append(label)
    return " · ".join(parts)


def row_number(subject: Subject, place: Place) -> str:
    """The number that a person sees for a row of a log."""
    return str(subject.number(place))


def key_words(subject: Subject, key: FormKey, language: str) -> str:
    """A form's address in words."""
    return place_words(subject, key.place(""), language)
