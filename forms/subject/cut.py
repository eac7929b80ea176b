"""A subject as it stood on a clinical day: what is dated later is left out.

A cut asks only for whole dates, so `forms.sheet.resolve` comes first. What a later form tells of an earlier day counts:
the study says which items tell of which date (``tells``), and a later proof of life proves life on the day of the cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from forms.compiled.life import death_item
from forms.place import GRADE_MARK, SINGLE, Place
from forms.subject.life import find_last_seen
from forms.subject.memo import Memo
from forms.subject.picture import Cut
from forms.subject.subject import Subject
from forms.values.dates import PartialDate


def _starts_after(subject: Subject, place: Place, day: date) -> bool:
    """Whether a place stands in a row that has a date of its own, after ``day``."""
    plan = subject.compiled.forms.get(place.form)
    if plan is None or plan.date is None or not plan.date.group:
        return False
    item = plan.laid_out.get(place.item.removesuffix(GRADE_MARK))
    if item is None or item.group.id != plan.date.group:
        return False
    starts = subject.first_day(place.form_key, place.row, plan.date.group)
    return starts is not None and starts > day


def cut_at(subject: Subject, day: date) -> Subject:
    """The subject on that day: forms and rows dated later are left out, and today is not after it.

    Undated forms stay. Stored derived values stay as they were; facts are worked out anew from what is left.
    """
    later = {key for key in subject.keys() if (on := subject.form_date(key)) is not None and on > day}
    told = _told(subject, day)
    kept = {
        place: value
        for place, value in subject.values.items()
        if told.get(place, place.form_key not in later) and not _starts_after(subject, place, day)
    }
    states = {key: state for key, state in subject.states.items() if key not in later}
    return Subject(
        subject.study, subject.id, kept, states, subject.ranges, min(subject.today, day), subject.site,
        Memo(), _life(subject, day), versions=subject.versions, by=subject.by,
    )  # fmt: skip


def _life(subject: Subject, day: date) -> Cut:
    """Who was seen alive or died after the day was alive on it."""
    form, item = death_item(subject.compiled)
    deaths = (subject.filled(key).typed(SINGLE, item) for key in subject.keys_of(form))
    death = min((on.first() for on in deaths if isinstance(on, PartialDate)), default=None)
    dead = death is not None and death <= day
    seen = find_last_seen(subject, day) if dead else find_last_seen(subject)
    if death is not None and not dead:
        seen = day
    return Cut(day, None if seen is None else min(seen, day), dead)


def _told(subject: Subject, day: date) -> Mapping[Place, bool]:
    """Dates and what is known from them on: kept when the date is not after ``day``, left out when it is."""
    found: dict[Place, bool] = {}
    for rule in subject.study.analysis.dates.items:
        form, _, item = rule.item.partition(".")
        plan = subject.compiled.forms.get(form)
        if plan is None or not rule.tells:
            continue
        for key in subject.keys_of(form):
            filled = subject.filled(key)
            for row in filled.rows(plan.laid_out[item].group.id):
                on = filled.typed(row, item)
                if isinstance(on, PartialDate) and on.whole:
                    places = (filled.place(row, name) for name in (item, *rule.tells))
                    found |= {place: on.first() <= day for place in places if place in subject.values}
    return found
