"""Where an expression stands: one form instance (and row) of one subject, seen through a frozen `Subject`.

`InstanceScope` answers every kind of reference of the expression language. It computes nothing itself and never raises:
what can't be found, or can't be told apart, is unknown (None).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from forms.place import SINGLE, FormKey, plain_item
from forms.study.names import KNOWN_DEAD, LAST_SEEN
from forms.subject.limits import value_or_limit
from forms.values.dates import PartialDate, whole_date

if TYPE_CHECKING:
    from forms.subject.filled import Filled
    from forms.subject.subject import Subject

ANY_GROUP = "*"
"""Row group of a scope whose row counts for whatever group an item stands in."""


def as_day(value: object) -> date | None:
    """The calendar day of a typed value when it is known to the day, else None."""
    if isinstance(value, PartialDate):
        return value.first() if value.whole else None
    return value if isinstance(value, date) else None


class InstanceScope:
    """One form instance, or one row of it, or (with an empty form) the event or the subject as a whole."""

    __slots__ = ("_filled", "event", "event_no", "form", "form_no", "group", "row", "subject")

    def __init__(
        self,
        subject: Subject,
        event: str,
        event_no: str,
        form: str = "",
        form_no: str = SINGLE,
        row: str = SINGLE,
        group: str = "",
    ) -> None:
        self.subject = subject
        self.event = event
        self.event_no = event_no
        self.form = form
        self.form_no = form_no
        self.row = row
        self.group = group
        self._filled: Filled | None = None

    @property
    def key(self) -> FormKey:
        """The form instance."""
        return FormKey(self.subject.id, self.event, self.event_no, self.form, self.form_no)

    def here(self, item: str) -> object | None:
        """An item of this form: of the same row when it stands in rows, else of the form's single group."""
        filled = self._filled
        if filled is None:
            if not self.form:
                return None
            filled = self._filled = self.subject.filled(self.key)
        plan = filled.plan.laid_out.get(item) or filled.plan.laid_out.get(plain_item(item))
        if plan is None:
            return None
        if not plan.group.repeat:
            return value_or_limit(self.subject, filled, SINGLE, item, own=True)
        if self.group in (plan.group.id, ANY_GROUP):
            return value_or_limit(self.subject, filled, self.row, item, own=True)
        return None

    def other(self, event: str, number: int | None, form: str, item: str) -> object | None:
        """``FORM.ITEM`` (event ""), ``EVENT.FORM.ITEM`` (number None) or ``EVENT[n].FORM.ITEM``."""
        subject = self.subject
        if not event:
            if form == self.form:
                return self.here(item)
            event = subject.compiled.home(self.event, form)
            event_no = self.event_no if event == self.event else single_event_no(subject, event)
        elif number is not None:
            event_no = str(number)
        else:
            event_no = self._same_or_single(event)
        if not event or not event_no:
            return None
        return single_value(subject, event, event_no, form, item, self.form_no)

    def _same_or_single(self, event: str) -> str:
        """Number of another event: the same cycle between cycle events, otherwise the only one there is."""
        if event == self.event:
            return self.event_no
        events = self.subject.compiled.events
        there, here = events.get(event), events.get(self.event)
        if there is not None and here is not None and there.event.kind == here.event.kind == "cycle":
            return self.event_no
        return single_event_no(self.subject, event)

    def previous(self, form: str, item: str) -> object | None:
        """The value one cycle earlier in the same event; unknown in the first cycle and outside cycles."""
        plan = self.subject.compiled.events.get(self.event)
        if plan is None or plan.event.kind != "cycle" or not self.event_no.isdecimal():
            return None
        earlier = str(int(self.event_no) - 1)
        return single_value(self.subject, self.event, earlier, form or self.form, item, self.form_no)

    def before(self, form: str, item: str) -> object | None:
        """The latest value of the item that is dated before this form, in whatever event."""
        day = (
            self.subject.day_of(self.key, self.row, self.group)
            if self.form
            else self.subject.event_day(self.event, self.event_no)
        )
        return None if day is None else self.subject.latest_before(form or self.form, item, day)

    def baseline(self, form: str, item: str) -> object | None:
        """The last value before first dose; on the day of first dose too unless ``baseline_same_day`` is no."""
        return self.subject.baseline_value(form or self.form, item)

    def fact(self, name: str) -> object | None:
        """A fact of the study about this subject."""
        found: object | None = self.subject.fact(name)
        return found

    def setting(self, name: str) -> object | None:
        """A setting of the study."""
        return self.subject.setting(name)

    def name(self, word: str) -> object | None:
        """One of the words ``cycle today site row_number drug ctcae last_seen known_dead``."""
        subject = self.subject
        if word == "today":
            return whole_date(subject.tell_today())
        if word == "site":
            return subject.site or None
        if word in (LAST_SEEN, KNOWN_DEAD):
            return subject.life(word)
        if word == "ctcae":
            return subject.study.ctcae
        if word == "cycle":
            plan = subject.compiled.events.get(self.event)
            is_cycle = plan is not None and plan.event.kind == "cycle" and self.event_no.isdecimal()
            return Decimal(self.event_no) if is_cycle else None
        if word == "row_number":
            return Decimal(subject.number(self.key.place("", self.row)))
        if word == "drug":
            form = subject.compiled.forms.get(self.form)
            return form.form.drug or None if form is not None else None
        return None

    def instances(self, form: str, event: str) -> Sequence[InstanceScope]:
        """Every row of the form (every instance when it has no rows), by date and then study order."""
        subject = self.subject
        return [
            InstanceScope(subject, key.event, key.event_no, key.form, key.form_no, row, group)
            for key, group, row in subject.instances(form or self.form, event)
        ]


def single_event_no(subject: Subject, event: str) -> str:
    """The instance of an event that happens once, or of an added one that was begun once; "" otherwise."""
    plan = subject.compiled.events.get(event)
    if plan is None:
        return ""
    if plan.event.kind != "added":
        return SINGLE if plan.event.kind != "cycle" or plan.event.cycles == 1 else ""
    begun = {key.event_no for key in subject.keys() if key.event == event}
    return begun.pop() if len(begun) == 1 else ""


def single_value(
    subject: Subject, event: str, event_no: str, form: str, item: str, form_no: str = SINGLE
) -> object | None:
    """The value of an item of a form elsewhere: the only instance and row there, unknown when there are several."""
    plan = subject.compiled.forms.get(form)
    where = plan.laid_out.get(plain_item(item)) if plan is not None else None
    if plan is None or where is None:
        return None
    if plan.form.repeat:
        begun = [key.form_no for key in subject.keys_of(form) if (key.event, key.event_no) == (event, event_no)]
        if form_no not in begun:
            if len(begun) != 1:
                return None
            form_no = begun[0]
    else:
        form_no = SINGLE
    filled = subject.filled(FormKey(subject.id, event, event_no, form, form_no))
    rows = filled.rows(where.group.id) if where.repeat else (SINGLE,)
    return value_or_limit(subject, filled, rows[0], item) if len(rows) == 1 else None
