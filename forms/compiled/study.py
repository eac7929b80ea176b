"""A study made ready to run: every expression parsed once, when needed, every form laid out, every event in order.

`compiled(study)` keeps the result on the study itself, so that it lives exactly as long and is made once, whoever asks.
What needs rules to be parsed is found when first asked for: a study has a thousand of them, a start needs a few.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from forms.expressions.rule import NEVER, UNKNOWN, Rule, parse_rule
from forms.place import LIMIT_MARKS, plain_item
from forms.study.definition import Check, CodeList, Event, Form, Item, ItemGroup, Study
from forms.study.names import LABORATORY
from forms.texts import both

_SLOT = "_compiled"


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """A check with its parsed rule and the item its finding is shown at."""

    check: Check
    holds: Rule
    anchor: str


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """An item where it stands, with its rules parsed."""

    form: str
    item: Item
    group: ItemGroup
    codelist: CodeList | None
    show: Rule
    group_show: Rule
    required: Rule
    derive: Rule | None
    checks: tuple[CheckPlan, ...] = ()
    terms: str = ""
    """The CTCAE edition whose terms the item takes, "" for an item that takes none."""

    @property
    def id(self) -> str:
        """The item's id."""
        return self.item.id

    @property
    def counts_when(self) -> tuple[Rule, ...]:
        """Rules that decide whether a value counts. Rows a person added count whether their group is shown or not."""
        rules = (self.show,) if self.group.repeat else (self.group_show, self.show)
        return tuple(rule for rule in rules if rule.constant is not True) if self.derive is None else ()

    @property
    def repeat(self) -> bool:
        """Whether the item stands in rows added by a person."""
        return self.group.repeat


@dataclass(frozen=True, slots=True)
class DateSource:
    """Where a date is read: ``form`` and ``item``; ``group`` is the row group it stands in, "" for a single one."""

    form: str
    item: str
    group: str = ""


@dataclass(frozen=True)
class FormPlan:
    """A form laid out: items in reading order, derived items in dependency order.

    ``laid_out`` holds the items as they stand on the form. Whatever needs rules to be parsed (checks, circles, order)
    is found when first asked for. ``unconfirmed`` are settings nobody has confirmed yet.
    """

    form: Form
    laid_out: dict[str, ItemPlan]
    date: DateSource | None = None
    row_groups: tuple[str, ...] = ()
    lab_item: str = ""
    unconfirmed: frozenset[str] = frozenset()

    @cached_property
    def items(self) -> dict[str, ItemPlan]:
        """The items with their checks, and with a fault in place of a rule that needs its own result."""
        whole = _without_circles(self.form.id, self.laid_out)
        return {
            name: replace(plan, checks=tuple(_check_plan(check, name, self.unconfirmed) for check in plan.item.checks))
            if plan.item.checks
            else plan
            for name, plan in whole.items()
        }

    @cached_property
    def derived(self) -> tuple[ItemPlan, ...]:
        """Derived items so that each stands after those it reads."""
        return _dependency_order(self.form.id, self.items)

    @cached_property
    def graded(self) -> tuple[ItemPlan, ...]:
        """Items whose values are graded."""
        return tuple(plan for plan in self.items.values() if plan.item.grade and plan.item.analyte)

    @cached_property
    def unique(self) -> tuple[ItemPlan, ...]:
        """Items whose value no two subjects may share."""
        return tuple(plan for plan in self.laid_out.values() if plan.item.unique)

    @cached_property
    def checks(self) -> tuple[CheckPlan, ...]:
        """Checks of the form as a whole."""
        return tuple(_form_check(self.form, check, self.items, self.unconfirmed) for check in self.form.checks)

    @cached_property
    def entered(self) -> frozenset[str]:
        """Items a person fills."""
        return frozenset(plan.id for plan in self.laid_out.values() if plan.derive is None)

    @cached_property
    def conditional(self) -> frozenset[str]:
        """Items whose value does not always count."""
        return frozenset(plan.id for plan in self.laid_out.values() if plan.counts_when)

    @cached_property
    def group_ids(self) -> dict[str, frozenset[str]]:
        """Ids of the items of each group."""
        return {group.id: frozenset(item.id for item in group.items) for group in self.form.groups}

    @cached_property
    def group_items(self) -> dict[str, tuple[ItemPlan, ...]]:
        """Items by group."""
        return {
            group.id: tuple(self.items[item.id] for item in group.items if item.id in self.items)
            for group in self.form.groups
        }


@dataclass(frozen=True, slots=True)
class EventPlan:
    """An event with its rules and its place in the study: runs of cycle events are walked cycle by cycle."""

    event: Event
    position: int
    block: int
    planned: Rule | None
    expected: Rule
    date: DateSource | None
    forms: dict[str, Rule]


@dataclass(frozen=True)
class CompiledStudy:
    """Everything of a study that is the same for every subject."""

    study: Study
    forms: dict[str, FormPlan]
    events: dict[str, EventPlan]
    facts: dict[str, Rule]
    rules: dict[str, Rule] = field(default_factory=dict)
    memo: dict[str, dict[object, object]] = field(default_factory=dict)

    def rule(self, text: str) -> Rule:
        """The rule of a text, parsed once."""
        found = self.rules.get(text)
        if found is None:
            found = self.rules[text] = parse_rule(text)
        return found

    def cache(self, name: str, most: int = 20_000) -> dict[object, object]:
        """A named dictionary for results that depend on nothing but the study and their key; emptied when it grows."""
        found = self.memo.setdefault(name, {})
        if len(found) > most:
            found.clear()
        return found

    @cached_property
    def conditions(self) -> dict[tuple[str, str], Rule]:
        """When a form is there, by event and form, where it is not always."""
        return {
            (event, form): rule
            for event, plan in self.events.items()
            for form, rule in plan.forms.items()
            if rule.constant is not True
        }

    @cached_property
    def homes(self) -> dict[str, tuple[str, ...]]:
        """Events in which a form stands, in study order."""
        homes: dict[str, list[str]] = {}
        for plan in self.events.values():
            for form in plan.forms:
                homes.setdefault(form, []).append(plan.event.id)
        return {form: tuple(events) for form, events in homes.items()}

    def home(self, event: str, form: str) -> str:
        """The event in which ``FORM.ITEM`` is looked up from ``event``; "" when it can't be told.

        This event when the form stands in it, otherwise the one log or visit event that holds it.
        """
        here = self.events.get(event)
        if here is not None and form in here.forms:
            return event
        single = [name for name in self.homes.get(form, ()) if self.events[name].event.kind in ("visit", "log")]
        return single[0] if len(single) == 1 else ""

    def event_rank(self, event: str, event_no: str) -> tuple[int, int, int]:
        """Sort key of an event instance in study order; cycles of one run of cycle events stay together."""
        plan = self.events.get(event)
        if plan is None:
            return (len(self.events), 0, 0)
        cycle = int(event_no) if plan.event.kind == "cycle" and event_no.isdecimal() else 0
        return (plan.block, cycle, plan.position)

    @cached_property
    def form_rank(self) -> dict[tuple[str, str], int]:
        """Order of a form within an event."""
        return {(name, form): at for name, plan in self.events.items() for at, form in enumerate(plan.forms)}


def compiled(study: Study) -> CompiledStudy:
    """The compiled form of a study; made at the first call and kept with the study."""
    kept: CompiledStudy | None = vars(study).get(_SLOT)
    if kept is None:
        kept = _compile(study)
        vars(study)[_SLOT] = kept
    return kept


def _compile(study: Study) -> CompiledStudy:
    groups = {(form.id, item.id): group for form in study.forms for group in form.groups for item in group.items}
    open_settings = frozenset(setting.id for setting in study.settings if not setting.confirmed)
    events: dict[str, EventPlan] = {}
    block = -1
    last_kind = ""
    for position, event in enumerate(study.events):
        if event.kind != "cycle" or last_kind != "cycle":
            block = position
        last_kind = event.kind
        events[event.id] = EventPlan(
            event=event,
            position=position,
            block=block,
            planned=parse_rule(event.planned) if event.planned.strip() else None,
            expected=parse_rule(event.expected),
            date=_date_source(event.date_item, "", groups),
            forms={entry.form: parse_rule(entry.when) for entry in event.forms},
        )
    return CompiledStudy(
        study=study,
        forms={form.id: _form_plan(study, form, groups, open_settings) for form in study.forms},
        events=events,
        facts={fact.id: parse_rule(fact.value, blank=UNKNOWN) for fact in study.facts},
    )


def _date_source(text: str, form: str, groups: dict[tuple[str, str], ItemGroup]) -> DateSource | None:
    """``ITEM`` of the form itself or ``FORM.ITEM``; None when there is no such item."""
    name, dot, item = text.rpartition(".")
    home = name if dot else form
    group = groups.get((home, item))
    return None if group is None else DateSource(home, item, group.id if group.repeat else "")


def _check_plan(check: Check, anchor: str, open_settings: frozenset[str]) -> CheckPlan:
    """A check made ready; one that would open a query by a limit that nobody has confirmed only advises."""
    holds = parse_rule(check.holds)
    reads = holds.expr.reads if holds.expr is not None else frozenset()
    if check.severity == "query" and any(read.kind == "setting" and read.name in open_settings for read in reads):
        check = replace(check, severity="note")
    return CheckPlan(check, holds, anchor)


def _form_plan(
    study: Study, form: Form, groups: dict[tuple[str, str], ItemGroup], open_settings: frozenset[str]
) -> FormPlan:
    items: dict[str, ItemPlan] = {}
    for group in form.groups:
        group_show = parse_rule(group.show)
        for item in group.items:
            items[item.id] = ItemPlan(
                form=form.id,
                item=item,
                group=group,
                codelist=study.codelist_by_id.get(item.codelist),
                show=parse_rule(item.show),
                group_show=group_show,
                required=parse_rule(item.required, blank=NEVER),
                derive=parse_rule(item.derive) if item.derive.strip() else None,
                terms=study.ctcae if item.lookup == "ctcae" else "",
            )
    return FormPlan(
        form=form,
        laid_out=items,
        date=_date_source(form.date_item, form.id, groups),
        row_groups=tuple(group.id for group in form.groups if group.repeat),
        lab_item=form.known[LABORATORY].id if LABORATORY in form.known else "",
        unconfirmed=open_settings,
    )


def own_reads(rule: Rule, form: str, *, same_instance: bool = False) -> frozenset[str]:
    """Items of the rule's own form that it reads, of other instances too unless ``same_instance``."""
    if rule.expr is None:
        return frozenset()
    kinds = ("item", "form") if same_instance else ("item", "form", "rows", "prev", "before", "baseline")
    return frozenset(
        plain_item(read.item) if read.item.endswith(LIMIT_MARKS) else read.item
        for read in rule.expr.reads
        if read.item
        and read.kind in kinds
        and read.form in ("", form)
        and not (same_instance and (read.event or read.inside))
    )


def _form_check(form: Form, check: Check, items: dict[str, ItemPlan], open_settings: frozenset[str]) -> CheckPlan:
    """A form's check is shown at the first item of the form that it reads, a row's item before others."""
    plan = _check_plan(check, "", open_settings)
    reads = own_reads(plan.holds, form.id)
    named = [plan for plan in items.values() if plan.id in reads]
    in_rows = [plan for plan in named if plan.repeat]
    first = (in_rows or named or list(items.values()))[:1]
    return replace(plan, anchor=first[0].id if first else "")


def _without_circles(form: str, items: dict[str, ItemPlan]) -> dict[str, ItemPlan]:
    """The items with a fault in place of a rule that needs its own result at the same spot."""
    reads = {name: own_reads(plan.derive, form, same_instance=True) for name, plan in items.items() if plan.derive}

    def reached(name: str) -> set[str]:
        seen: set[str] = set()
        waiting = list(reads[name])
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                waiting.extend(reads.get(at, ()))
        return seen

    circular = {name for name in reads if name in reached(name)}
    fault = both("forms.rule_circular") if circular else {}
    return {
        name: replace(plan, derive=Rule(plan.item.derive, fault=fault)) if name in circular else plan
        for name, plan in items.items()
    }


def _dependency_order(form: str, items: dict[str, ItemPlan]) -> tuple[ItemPlan, ...]:
    """Derived items so that each stands after those of its form that it reads; a cycle keeps reading order."""
    done: dict[str, ItemPlan] = {}
    under_way: set[str] = set()

    def visit(name: str) -> None:
        plan = items.get(name)
        if plan is None or plan.derive is None or name in done or name in under_way:
            return
        under_way.add(name)
        for read in _in_order(own_reads(plan.derive, form), items):
            visit(read)
        done[name] = plan

    for name in items:
        visit(name)
    return tuple(done.values())


def _in_order(names: Iterable[str], items: dict[str, ItemPlan]) -> list[str]:
    wanted = set(names)
    return [name for name in items if name in wanted]
