"""What stands in the forms of one subject, frozen: every value with its place, the order of forms and rows, their days.

A `Picture` is never changed; `with_values` gives another one that keeps whatever was already worked out and can't have
changed. It works out no expression: what follows from values is asked of it by `fact` and `answer`, which `Subject`
answers. So the modules that read a subject need to know this one alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self, cast

from forms.compiled.graph import Node
from forms.compiled.study import CompiledStudy, FormPlan, compiled
from forms.expressions.rule import Rule
from forms.place import GRADE_MARK, SINGLE, FormKey, Place
from forms.study.definition import Form, LabRange, Study
from forms.subject.filled import Filled, fill
from forms.subject.memo import NOT_KNOWN, Memo, kept_after
from forms.subject.states import EMPTY, STARTED, FormState
from forms.subject.unique import NOBODY, Elsewhere
from forms.subject.versions import ONE, Versions
from forms.value import Value
from forms.values.dates import PartialDate, as_day

_NO_FORM = FormPlan(Form("", {}, ()), {})
_BLANK = Filled(FormKey("", "", "", ""), _NO_FORM, {})


@dataclass(frozen=True, slots=True)
class Cut:
    """The day of a cut, the last day up to it on which the subject surely lived, and whether it was dead by then."""

    day: date
    seen: date | None
    dead: bool


@dataclass(frozen=True, eq=False)
class Picture(ABC):
    """The values of one subject. ``values`` is ordered by first arrival; a cleared value stays in it as a blank."""

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
    versions: Versions = ONE
    by: str = ""
    """Name among ``versions`` of the study this picture looks by; "" is the one in force."""

    @abstractmethod
    def fact(self, name: str) -> Any:
        """A fact of the study about this subject; unknown while it is being worked out."""

    @abstractmethod
    def answer(self, rule: Rule, key: FormKey, row: str, group: str) -> object | None:
        """The value of an expression at a form, or at a row of it; unknown where it can't be told."""

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
            return replace(found, status="started") if found is not None else STARTED
        return found or EMPTY

    def with_values(self, changes: Mapping[Place, Value]) -> Self:
        """The same subject after some values changed. Blanks at places never used are left out."""
        real = {place: value for place, value in changes.items() if not value.blank or place in self.values}
        if not real:
            return self
        return type(self)(
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
            self.versions,
            self.by,
        )

    # --- versions -------------------------------------------------------------------------------------------------

    def judged_by(self, versions: Versions) -> Self:
        """The same subject with other versions for its visits."""
        return replace(self, versions=versions, memo=replace(self.memo, views={}))

    def judging(self, event: str, event_no: str = SINGLE) -> Self:
        """The subject as the version sees it that judges a visit: most often this one."""
        return self.as_of(self.versions.of(event, event_no)) if self.versions.names else self

    def judges(self, key: FormKey) -> bool:
        """Whether the study of this picture is the one that judges a form."""
        return not self.versions.names or self.versions.of(key.event, key.event_no) == self.by

    def as_of(self, name: str) -> Self:
        """The subject as the version of a name sees it."""
        if name == self.by:
            return self
        view, changes = self.memo.views.get(name, (None, {}))
        if view is None:
            view = replace(self, study=self.versions.studies[name], memo=Memo(), by=name)
        if changes:
            view = view.with_values(changes)
        if view.states is not self.states:
            view = replace(view, states=self.states, memo=replace(view.memo, keys=None, keys_of={}, numbers={}))
        view.memo.views[self.by] = (self, {})
        self.memo.views[name] = (view, {})
        return cast("Self", view)

    def settled(self) -> Self:
        """The same subject, everything that follows from its values being up to date: nothing is stale."""
        return self if not self.memo.stale else replace(self, memo=replace(self.memo, stale={}))

    def stale(self, node: Node) -> object:
        """What a fact or a baseline was before the changes not yet followed; `NOT_KNOWN` when nobody had asked."""
        return self.memo.stale.get(node, NOT_KNOWN)

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

    def every_key(self) -> tuple[FormKey, ...]:
        """Started forms, also those that only the version knows which judges their visit."""
        found = dict.fromkeys(self.keys())
        for name in self.versions.names:
            found |= dict.fromkeys(
                key for key in self.as_of(name).keys() if self.versions.of(key.event, key.event_no) == name
            )
        return tuple(found)

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

    def first_day(self, key: FormKey, row: str, group: str) -> date | None:
        """The day a row or form speaks of, a partial date of a row counting from its first possible day."""
        plan = self.compiled.forms.get(key.form)
        source = plan.date if plan is not None else None
        if source is not None and source.group and source.group == group:
            value = self.filled(key).typed(row, source.item)
            return value.first() if isinstance(value, PartialDate) else None
        return self.form_date(key)

    def remembered(self, node: Node, find: Callable[[], Any]) -> Any:
        """The value of a node, found once by calling ``find()``."""
        known = self.memo.known
        if node not in known:
            known[node] = find()
        return known[node]
