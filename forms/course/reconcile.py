"""Serious events in the log against the forms that report them: what one has and the other has not."""

from __future__ import annotations

from collections.abc import Iterator

from forms.place import Place
from forms.study.definition import Form
from forms.study.names import AE_REPORTED, AE_SERIOUS, EVENT_NUMBER, REPORT_NUMBER, YES
from forms.subject.subject import Subject


def serious_gaps(subject: Subject) -> Iterator[tuple[Place, str]]:
    """Places where log and reports don't fit together, each with the key of the text that says why.

    An event is known by the number the log asks for, else by its line in the log. A study without a form for reports
    is asked for the day of the report alone.
    """
    reports = [form for form in subject.study.forms if REPORT_NUMBER in form.items]
    numbers = {number for form in reports for _, number in _reported(subject, form)}
    serious: set[str] = set()
    for form in subject.study.forms:
        if AE_SERIOUS in form.known and form not in reports:
            for place, number in _serious(subject, form):
                serious.add(number)
                if reports and number not in numbers:
                    yield place, "forms.gap.no_report"
                elif not reports and AE_REPORTED in form.known and _text(subject, place, AE_REPORTED) == "":
                    yield place, "forms.gap.not_reported"
    for form in reports:
        for place, number in _reported(subject, form):
            if number not in serious:
                yield place, "forms.gap.no_event"


def _serious(subject: Subject, form: Form) -> Iterator[tuple[Place, str]]:
    """Serious events of a log, each with its number."""
    item = form.known[AE_SERIOUS]
    group = form.group_of[item.id]
    for key in subject.keys_of(form.id):
        for line, row in enumerate(subject.rows(key, group.id), 1):
            place = key.place(item.id, row)
            if _text(subject, place, AE_SERIOUS) == YES:
                yield place, _text(subject, place, EVENT_NUMBER) if EVENT_NUMBER in form.items else str(line)


def _reported(subject: Subject, form: Form) -> Iterator[tuple[Place, str]]:
    for key in subject.keys_of(form.id):
        place = key.place(REPORT_NUMBER)
        if number := _text(subject, place, REPORT_NUMBER):
            yield place, number


def _text(subject: Subject, place: Place, name: str) -> str:
    form = subject.study.form_by_id[place.form]
    item = form.known[name].id if name in form.known else name
    value = subject.value(place.form_key.place(item, place.row))
    return "" if value is None else value.value
