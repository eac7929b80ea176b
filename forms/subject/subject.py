"""One subject: its picture with what follows from it, and how an expression sees it.

`Subject` works out facts, baselines and timelines when they are asked for; `InstanceScope` answers every kind of
reference of the expression language at one form instance (and row). They stand together because each needs the other:
a fact is an expression, and an expression may ask for facts. A scope computes nothing itself and never raises: what
can't be found, or can't be told apart, is unknown (None). Nothing here knows the clock: ``today`` is given.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from forms.compiled.graph import FACT, Node
from forms.expressions.rule import Rule
from forms.place import SINGLE, FormKey, plain_item
from forms.study.definition import Item
from forms.study.names import BASELINE_SAME_DAY, FIRST_DOSE, KNOWN_DEAD, LAST_SEEN, LIFE
from forms.subject.filled import Filled
from forms.subject.life import find_known_dead, find_last_seen
from forms.subject.limits import value_or_limit
from forms.subject.memo import Dated, Instance
from forms.subject.picture import Picture
from forms.subject.series import find_instances, find_timeline
from forms.value import Value
from forms.values.dates import as_day, whole_date
from forms.values.kinds import typed

_LIVES: dict[str, Callable[[Picture], Any]] = {
    LIFE + LAST_SEEN: find_last_seen,
    LIFE + KNOWN_DEAD: find_known_dead,
}

ANY_GROUP = "*"
"""Row group of a scope whose row counts for whatever group an item stands in."""


class Subject(Picture):
    """One subject of a study, and everything that follows from its values."""

    # --- in time --------------------------------------------------------------------------------------------------

    def instances(self, form: str, event: str = "") -> list[Instance]:
        """Rows of a form (the form itself when it has none) over all events or one, by day and then study order."""
        found = self.memo.instances.get((form, event))
        if found is None:
            found = self.memo.instances[(form, event)] = find_instances(self, form, event)
        return found

    def timeline(self, form: str, item: str) -> list[Dated]:
        """Every known value of an item that has a day, oldest first; within a day in study order."""
        found = self.memo.timelines.get((form, item))
        if found is None:
            found = self.memo.timelines[(form, item)] = find_timeline(self, form, item)
        return found

    def latest_before(self, form: str, item: str, day: date) -> object | None:
        """The last known value of an item dated before a day."""
        line = self.timeline(form, plain_item(item))
        at = bisect_left(line, day, key=lambda dated: dated[0])
        return self._told(line[at - 1], item) if at else None

    def _told(self, dated: Dated, item: str) -> object | None:
        return value_or_limit(self, self.filled(dated[2]), dated[3], item)

    # --- what follows ---------------------------------------------------------------------------------------------

    @property
    def first_dose(self) -> date | None:
        """Day of the first dose of study drug by the fact ``first_dose``."""
        return as_day(self.fact(FIRST_DOSE))

    @property
    def same_day_counts(self) -> bool:
        """Whether a result of the day of first dose can be the baseline."""
        told = self.study.setting_by_id.get(BASELINE_SAME_DAY)
        return told is None or told.value.strip().lower() not in ("no", "n", "false", "0")

    def last_before_first_dose(self, line: list[Dated]) -> Dated | None:
        """The last entry of a timeline that counts as baseline."""
        dose = self.first_dose
        if dose is None:
            return None
        fits = (dated for dated in reversed(line) if dated[0] < dose or (self.same_day_counts and dated[0] == dose))
        return next(fits, None)

    def baseline_value(self, form: str, item: str) -> object | None:
        """The last known value of an item before first dose."""
        found = self.last_before_first_dose(self.timeline(form, plain_item(item)))
        return None if found is None else self._told(found, item)

    def fact(self, name: str) -> Any:
        """A fact of the study about this subject; unknown while it is being worked out (a fact that needs itself)."""
        node: Node = (FACT, name)
        known = self.memo.known
        if node in known:
            self.memo.circles += name in self.memo.asking
            return known[node]
        rule, find = self.compiled.facts.get(name), _LIVES.get(name)
        known[node] = None
        if rule is not None or find is not None:
            self.memo.asking.append(name)
            known[node] = find(self) if find is not None else rule and rule.evaluate(InstanceScope(self, "", ""))
            self.memo.asking.pop()
        return known[node]

    def life(self, word: str) -> date | bool | None:
        """``last_seen`` (a day) or ``known_dead`` (true or false); under a cut-off as it was on that day."""
        if self.cut is not None:
            return self.cut.seen if word == LAST_SEEN else self.cut.dead
        found: date | bool | None = self.fact(LIFE + word)
        return found

    def tell_today(self) -> date:
        """Today, for a rule that asks; it is remembered that the answer depends on the day."""
        self.memo.asked.add(self.memo.asking[-1] if self.memo.asking else "")
        return self.today

    @property
    def asked_today(self) -> frozenset[str]:
        """Facts that asked what day it is, "" among them when a rule outside any fact did."""
        return frozenset(self.memo.asked)

    def on(self, day: date) -> Subject:
        """The same subject on a day, nothing worked out that may depend on the day; nobody has asked for it yet."""
        memo = replace(self.memo, known={}, stale={}, asking=[], asked=set(), applies={}, views={})
        if self.memo.asked:
            memo.timelines, memo.instances = {}, {}
        return replace(self, today=day, memo=memo)

    def setting(self, name: str) -> object | None:
        """A setting of the study, typed by its kind."""
        setting = self.study.setting_by_id.get(name)
        return (
            None
            if setting is None
            else typed(Item(setting.id, setting.label, setting.kind), Value(setting.value, setting.value))
        )

    def evaluate(
        self,
        expression: str,
        event: str = "",
        event_no: str = SINGLE,
        form: str = "",
        form_no: str = SINGLE,
        row: str = SINGLE,
    ) -> object | None:
        """The value of an expression at a spot of this subject; unknown when it is at fault."""
        scope = InstanceScope(self, event, event_no, form, form_no, row, ANY_GROUP)
        return self.compiled.rule(expression).evaluate(scope)

    def answer(self, rule: Rule, key: FormKey, row: str, group: str) -> object | None:
        """The value of an expression at a form, or at a row of it; unknown where it can't be told."""
        return rule.evaluate(InstanceScope(self, key.event, key.event_no, key.form, key.form_no, row, group))


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
