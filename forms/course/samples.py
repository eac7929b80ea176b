"""One sample, two visits: which visits a sample belongs to, and which sample stands for a form left empty.

Inpatients have counts every day or two, so a sample of the last days of a cycle may also be that of the next day 1. It
is typed once. A sample belongs to a visit when it was drawn in the visit's window, or in as many days around the day
the visit took place as its window has; when the visit took place outside its window, only the latter counts.
"""

from __future__ import annotations

from datetime import date, timedelta

from forms.course.schedule import Visit, schedule
from forms.place import SINGLE, FormKey
from forms.study.definition import Form
from forms.subject.subject import Subject

LEFT_OUT = ("missed", "not_expected")
"""Visits that take no sample."""


def is_sample_form(form: Form) -> bool:
    """A form of measurements with a date of its own."""
    return bool(form.date_item) and any(item.analyte for item in form.items.values())


def visits_served(subject: Subject, form: str, day: date) -> tuple[FormKey, ...]:
    """Places where a sample of that form drawn on that day belongs, in study order; those dated otherwise left out."""
    found = []
    for visit in schedule(subject):
        key = FormKey(subject.id, visit.event, visit.event_no, form, SINGLE)
        if visit.status in LEFT_OUT or not _takes(subject, visit, form) or not _holds(subject, visit, day):
            continue
        if own_day(subject, key) in (None, day):
            found.append(key)
    return tuple(found)


def serving_sample(subject: Subject, key: FormKey) -> FormKey | None:
    """The form of another visit whose sample stands for this one, the nearest to its day; None when it has its own.

    None also when the form is no form of measurements, or the visit takes none.
    """
    form = subject.study.form_by_id.get(key.form)
    if form is None or not is_sample_form(form) or own_day(subject, key) is not None:
        return None
    visit = next((v for v in schedule(subject) if (v.event, v.event_no) == (key.event, key.event_no)), None)
    if visit is None or visit.status in LEFT_OUT or not _takes(subject, visit, key.form):
        return None
    around = visit.actual or visit.planned
    fitting = [
        (abs(day - around), other)
        for other in subject.keys_of(key.form)
        if around is not None and (day := own_day(subject, other)) is not None and _holds(subject, visit, day)
    ]
    return min(fitting, key=lambda at: at[0])[1] if fitting else None


def own_day(subject: Subject, key: FormKey) -> date | None:
    """The day written on a form itself; the day of its visit does not count."""
    form = subject.study.form_by_id.get(key.form)
    if form is None or not form.date_item or subject.filled(key).value(SINGLE, form.date_item).blank:
        return None
    return subject.form_date(key)


def _takes(subject: Subject, visit: Visit, form: str) -> bool:
    return any(entry.form == form for entry in subject.study.event_by_id[visit.event].forms)


def _holds(subject: Subject, visit: Visit, day: date) -> bool:
    """In the window; for a visit that took place outside it, around the day it did."""
    event = subject.study.event_by_id[visit.event]
    if visit.actual is not None:
        first, last = visit.actual - timedelta(days=event.before), visit.actual + timedelta(days=event.after)
        if first <= day <= last or visit.status == "out_of_window":
            return first <= day <= last
    return visit.earliest is not None and visit.latest is not None and visit.earliest <= day <= visit.latest
