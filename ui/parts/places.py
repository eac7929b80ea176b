"""Where something lies, in words."""

from __future__ import annotations

from forms.place import FormKey, Place
from forms.study.definition import Study
from forms.texts import said, say


def visit_words(study: Study, key: FormKey | Place, language: str) -> str:
    """``Cycle 2, Day 8``; the id itself when the study no longer knows it."""
    event = study.event_by_id.get(key.event)
    if event is None:
        return key.event
    name = said(event.label, language)
    return say(language, "casebook.in_cycle", cycle=key.event_no, event=name) if event.kind == "cycle" else name


def form_words(study: Study, key: FormKey | Place, language: str) -> str:
    """Name of the form."""
    form = study.form_by_id.get(key.form)
    return said(form.label, language) if form else key.form


def item_words(study: Study, place: Place, language: str) -> str:
    """Name of the field, "" when the place is a whole form."""
    form = study.form_by_id.get(place.form)
    item = form.items.get(place.graded_item or place.item) if form else None
    return said(item.label, language) if item else place.item
