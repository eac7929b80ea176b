"""The day that a short date (``7/26``) is taken to lie near: what the form is about, never a guess from today alone."""

from __future__ import annotations

from datetime import date

from forms.course.schedule import planned_day
from forms.place import Place
from forms.study.definition import Item
from forms.subject.subject import Subject
from forms.value import BLANK
from forms.values.dates import is_short, short_ways


def near_day(subject: Subject, place: Place, item: Item, text: str) -> date | None:
    """The day of the form: that of its row or its event, else the planned one, else the last day known of the subject.

    The date being typed itself does not count. None for a text that is no short date, and where nothing is known.
    """
    if item.kind not in ("date", "datetime") or not is_short(text):
        return None
    if subject.value(place) is not None:
        subject = subject.with_values({place: BLANK})  # a planned day may hang on the very date being typed
    return _own_day(subject, place) or planned_day(subject, place.event, place.event_no) or _last_day(subject, place)


def ways_of(subject: Subject, place: Place, item: Item, text: str) -> tuple[date, ...]:
    """The days that a short date may mean, the likeliest first, where its year can be mistaken; else nothing."""
    if item.kind != "date" or not is_short(text):
        return ()
    return short_ways(text, subject.today, near_day(subject, place, item, text))


def _own_day(subject: Subject, place: Place) -> date | None:
    compiled, key = subject.compiled, place.form_key
    form, event = compiled.forms.get(place.form), compiled.events.get(place.event)
    source = form.date if form is not None else None
    if source is not None and source.item != place.item:
        group = compiled.forms[place.form].items[place.item].group.id
        own = subject.day_of(key, place.row, group)
        if own is not None:
            return own
    is_the_visits = event is not None and event.date is not None and event.date.item == place.item
    return None if is_the_visits else subject.event_day(place.event, place.event_no)


def _last_day(subject: Subject, place: Place) -> date | None:
    others = (key for key in subject.keys() if key != place.form_key)
    days = (subject.form_date(key) for key in others)
    return max((day for day in days if day is not None and day <= subject.today), default=None)
