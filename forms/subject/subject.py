"""The frozen picture of one subject: every value with its place, and what follows from them, found when asked for.

A `Subject` is never changed; `with_values` gives another one that keeps whatever was already worked out and can't have
changed. Nothing here knows the clock: ``today`` is given.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from forms.compiled.graph import FACT, Node
from forms.compiled.study import CompiledStudy, FormPlan, compiled
from forms.place import GRADE_MARK, SINGLE, FormKey, Place, plain_item
from forms.record.dataset import FormState
from forms.study.definition import Form, Item, LabRange, Study
from forms.study.names import BASELINE_SAME_DAY, FIRST_DOSE, KNOWN_DEAD, LAST_SEEN, LIFE
from forms.subject.applies import counted, form_counts
from forms.subject.cut import Cut, cut, first_day
from forms.subject.filled import Filled, fill
from forms.subject.life import find_known_dead, find_last_seen
from forms.subject.limits import value_or_limit
from forms.subject.memo import UNTOLD, Dated, Instance, Memo, kept_after
from forms.subject.ranges import range_for
from forms.subject.scope import ANY_GROUP, InstanceScope, as_day
from forms.subject.unique import NOBODY, Elsewhere
from forms.value import Value
from forms.values.kinds import typed

_NO_FORM = FormPlan(Form("", {}, ()), {})
_BLANK = Filled(FormKey("", "", "", ""), _NO_FORM, {})
_FIRST_STATE = FormState("empty")
_LIVES: dict[str, Callable[[Subject], Any]] = {
    LIFE + LAST_SEEN: find_last_seen,
    LIFE + KNOWN_DEAD: find_known_dead,
}


@dataclass(frozen=True, eq=False)
class Subject:
    """One subject of a study. ``values`` is ordered by first arrival; a cleared value stays in it as a blank."""

    study: Study
    id: str
    values: Mapping[Place, Value]
    states: Mapping[FormKey, FormState]
    ranges: tuple[LabRange, ...]
    today: date
    site: str
    memo: Memo = field(default_factory=Memo, repr=False)
    cut: Cut | None = None
    """The clinical day this subject was cut at, None when it was not."""
    elsewhere: Elsewhere = field(default=NOBODY, repr=False)

    @property
    def compiled(self) -> CompiledStudy:
        """The study made ready to run."""
        return compiled(self.study)

    # --- values ---------------------------------------------------------------------------------------------------

    def _forms(self) -> dict[FormKey, Filled]:
        found = self.memo.filled
        if found is None:
            found = self.memo.filled = fill(self.values.items(), self.compiled.forms, _NO_FORM)
        return found

    def filled(self, key: FormKey) -> Filled:
        """The values of one form; an empty one when nothing was entered there."""
        found = self._forms().get(key)
        return Filled(key, self.compiled.forms.get(key.form, _NO_FORM), {}) if found is None else found

    def value(self, place: Place) -> Value | None:
        """The value kept at a place, None when there never was one."""
        return self.values.get(place)

    def state(self, key: FormKey) -> FormState:
        """The status of a form; ``started`` as soon as it holds anything."""
        found = self.states.get(key)
        if found is not None and found.status != "empty":
            return found
        filled = self._forms().get(key)
        if filled is not None and filled.started:
            return replace(found, status="started") if found is not None else FormState("started")
        return found or _FIRST_STATE

    def with_values(self, changes: Mapping[Place, Value]) -> Subject:
        """The same subject after some values changed. Blanks at places never used are left out."""
        real = {place: value for place, value in changes.items() if not value.blank or place in self.values}
        if not real:
            return self
        return Subject(
            self.study,
            self.id,
            {**self.values, **real},
            self.states,
            self.ranges,
            self.today,
            self.site,
            kept_after(self.compiled, self.memo, self._forms(), _BLANK, real),
            self.cut,
            self.elsewhere,
        )

    def settled(self) -> Subject:
        """The same subject, everything that follows from its values being up to date: nothing is stale."""
        return self if not self.memo.stale else replace(self, memo=replace(self.memo, stale={}))

    def stale(self, node: Node) -> object:
        """What a fact or a baseline was before the changes not yet followed; `UNTOLD` when nobody had asked."""
        return self.memo.stale.get(node, UNTOLD)

    # --- order and instances --------------------------------------------------------------------------------------

    def keys(self) -> tuple[FormKey, ...]:
        """Started forms in study order."""
        memo = self.memo
        if memo.keys is None:
            ready = self.compiled
            arrival = {key: at for at, key in enumerate(self._forms())}
            alive = {key for key, filled in self._forms().items() if filled.started}
            alive |= {key for key, state in self.states.items() if state.status != "empty"}
            seats = {
                key: (
                    ready.event_rank(key.event, key.event_no),
                    self._event_seat(key.event, key.event_no),
                    ready.form_rank.get((key.event, key.form), len(ready.forms)),
                    arrival.get(key, len(arrival)),
                    key,
                )
                for key in alive
                if key.form in ready.forms
            }
            memo.keys = tuple(sorted(seats, key=seats.__getitem__))
        return memo.keys

    def keys_of(self, form: str) -> tuple[FormKey, ...]:
        """Started instances of one form in study order."""
        found = self.memo.keys_of.get(form)
        if found is None:
            found = self.memo.keys_of[form] = tuple(key for key in self.keys() if key.form == form)
        return found

    def seen_keys_of(self, form: str) -> tuple[FormKey, ...]:
        """Instances of one form that ever held anything, emptied ones too, cycles in order."""
        found = self.memo.seen.get(form)
        if found is None:
            keys = [key for key in self._forms() if key.form == form]
            keys.sort(key=lambda key: self.compiled.event_rank(key.event, key.event_no))
            found = self.memo.seen[form] = tuple(keys)
        return found

    def rows(self, key: FormKey, group_id: str) -> tuple[str, ...]:
        """Rows of a group that hold something, in order of arrival; ``("1",)`` for a group that does not repeat."""
        return self.filled(key).rows(group_id)

    def form_nos(self, event: str, event_no: str, form: str) -> tuple[str, ...]:
        """Instance ids of a form in an event, in order of arrival."""
        return self._ids(("form", event, event_no, form))

    def event_nos(self, event: str) -> tuple[str, ...]:
        """Instance ids of an event: cycles by number, added ones in order of arrival."""
        return self._ids(("event", event))

    def _ids(self, what: tuple[str, ...]) -> tuple[str, ...]:
        found = self.memo.numbers.get(what)
        if found is None:
            ids: dict[str, None] = {}
            for key in [*self._forms(), *self.states]:
                if what[0] == "event" and key.event == what[1]:
                    ids[key.event_no] = None
                elif what[0] == "form" and (key.event, key.event_no, key.form) == what[1:]:
                    ids[key.form_no] = None
            found = tuple(ids)
            plan = self.compiled.events.get(what[1])
            if what[0] == "event" and plan is not None and plan.event.kind == "cycle":
                found = tuple(sorted(ids, key=lambda no: (not no.isdecimal(), int(no) if no.isdecimal() else 0, no)))
            self.memo.numbers[what] = found
        return found

    def _event_seat(self, event: str, event_no: str) -> int:
        nos = self.event_nos(event)
        return nos.index(event_no) if event_no in nos else len(nos)

    def event_number(self, event: str, event_no: str) -> int:
        """The number people see for an event instance: the cycle's own, or its place in order of arrival."""
        plan = self.compiled.events.get(event)
        if plan is not None and plan.event.kind == "cycle" and event_no.isdecimal():
            return int(event_no)
        return self._event_seat(event, event_no) + 1

    def number(self, where: FormKey | Place) -> int:
        """The number people see: of a form among its kind in the event, or of a row among the rows of its form.

        Emptied rows keep their number. A row not entered yet gets the next one.
        """
        if isinstance(where, FormKey):
            nos = self.form_nos(where.event, where.event_no, where.form)
            return nos.index(where.form_no) + 1 if where.form_no in nos else len(nos) + 1
        filled = self.filled(where.form_key)
        plan = filled.plan.laid_out.get(where.item.removesuffix(GRADE_MARK))
        groups = filled.plan.row_groups if plan is None else (plan.group.id,)
        for group in groups:
            rows = filled.seen_rows(group)
            if where.row in rows:
                return rows.index(where.row) + 1
        return len(filled.seen_rows(groups[0])) + 1 if groups else 1

    def instances(self, form: str, event: str = "") -> list[Instance]:
        """Rows of a form (the form itself when it has none) over all events or one, by day and then study order."""
        found = self.memo.instances.get((form, event))
        if found is None:
            found = self.memo.instances[(form, event)] = self._find_instances(form, event)
        return found

    def _find_instances(self, form: str, event: str) -> list[Instance]:
        seats: list[tuple[date, int, Instance]] = []
        for key in self.keys_of(form):
            if (event and key.event != event) or not form_counts(self, key):
                continue
            filled = self.filled(key)
            spots = [(group, row) for group in filled.plan.row_groups for row in filled.rows(group)]
            for group, row in spots if filled.plan.row_groups else [("", SINGLE)]:
                day = first_day(self, key, row, group)
                seats.append((day or date.max, len(seats), (key, group, row)))
        return [instance for _, _, instance in sorted(seats)]

    # --- days -----------------------------------------------------------------------------------------------------

    def form_date(self, key: FormKey) -> date | None:
        """The day a form speaks of: its own date, else that of its event; None when unknown or partial."""
        days = self.memo.days
        try:
            return days[key]
        except KeyError:
            found = days[key] = self._find_form_date(key)
            return found

    def _find_form_date(self, key: FormKey) -> date | None:
        source = self.compiled.forms[key.form].date if key.form in self.compiled.forms else None
        found = None
        if source is not None and not source.group:
            at = key if source.form == key.form else FormKey(self.id, key.event, key.event_no, source.form)
            found = as_day(self.filled(at).typed(SINGLE, source.item))
        return self.event_day(key.event, key.event_no) if found is None else found

    def event_day(self, event: str, event_no: str) -> date | None:
        """The actual day of an event instance, None when not recorded or partial."""
        plan = self.compiled.events.get(event)
        if plan is None or plan.date is None or plan.date.group:
            return None
        value = self.filled(FormKey(self.id, event, event_no, plan.date.form)).typed(SINGLE, plan.date.item)
        return as_day(value)

    def day_of(self, key: FormKey, row: str, group: str) -> date | None:
        """The day a row speaks of, or its form when rows have no date of their own."""
        source = self.compiled.forms[key.form].date if key.form in self.compiled.forms else None
        if source is not None and source.group and source.group == group:
            return as_day(self.filled(key).typed(row, source.item))
        return self.form_date(key)

    def timeline(self, form: str, item: str) -> list[Dated]:
        """Every known value of an item that has a day, oldest first; within a day in study order."""
        found = self.memo.timelines.get((form, item))
        if found is None:
            found = self.memo.timelines[(form, item)] = self._find_timeline(form, item)
        return found

    def _find_timeline(self, form: str, item: str) -> list[Dated]:
        line: list[Dated] = []
        form_plan = self.compiled.forms.get(form)
        plan = form_plan.laid_out.get(item) if form_plan is not None else None
        if plan is None:
            return line
        group = plan.group.id if plan.repeat else ""
        for key in self.keys_of(form):
            filled = self.filled(key)
            for row in filled.rows(plan.group.id):
                if counted(self, filled, row, item) is None:
                    continue
                day = self.day_of(key, row, group)
                if day is not None:
                    line.append((day, len(line), key, row))
        line.sort(key=lambda dated: dated[:2])
        return line

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
        memo = replace(self.memo, known={}, stale={}, asking=[], asked=set(), applies={})
        if self.memo.asked:
            memo.timelines, memo.instances = {}, {}
        return replace(self, today=day, memo=memo)

    def remembered(self, node: Node, find: Callable[[], Any]) -> Any:
        """The value of a node, found once by calling ``find()``."""
        known = self.memo.known
        if node not in known:
            known[node] = find()
        return known[node]

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

    def cut_at(self, day: date) -> Subject:
        """The subject as it stood on a clinical day: see `forms.subject.cut`. Its dates have to be whole."""
        return cut(self, day)

    def range_for(self, analyte: str, lab: str, on: date | None, unit: str = "") -> LabRange | None:
        """Reference limits of a laboratory that hold for this subject on a day, in ``unit`` when it can be had."""
        return range_for(self, analyte, lab, on, unit)
