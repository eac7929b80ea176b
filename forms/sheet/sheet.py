"""One form being filled: a frozen picture of its texts, values, derived values, grades, findings and hidden fields.

`open_sheet` makes it from a `Subject`; `Sheet.enter` gives the next one. The same evaluation of the whole form serves
typing, saving, importing and re-checking. Nothing is changed in place and nothing outside the form is recomputed: for
that there is `forms.sheet.follow`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from forms.compiled.study import ItemPlan
from forms.course.near import near_day
from forms.errors import Refusal
from forms.expressions.rule import Rule
from forms.findings import Finding, Severity
from forms.grading.result import Grade
from forms.grading.terms import as_term
from forms.place import GRADE_MARK, SINGLE, FormKey, Place
from forms.sheet.checks import check_trend, check_unit_mix_up, check_value, outside
from forms.sheet.derive import Sample, derive_value, grade_value, sample_of, scope_at
from forms.sheet.eligibility import eligibility_findings
from forms.sheet.held import differs, is_held, take_held
from forms.study.definition import Bounds, Form, Item, LabRange, Text
from forms.subject.applies import form_counts, not_applying, value_counts
from forms.subject.filled import Filled, Spot, in_first_unit
from forms.subject.limits import lab_of
from forms.subject.ranges import range_for
from forms.subject.subject import InstanceScope, Subject
from forms.subject.unique import unique_findings
from forms.texts import both, say
from forms.value import BLANK, Value
from forms.values.censored import Censored
from forms.values.kinds import parse_value


@dataclass(frozen=True, slots=True)
class Cell:
    """One item of a sheet as the page paints it.

    ``range`` is in the unit of the value (the item's first unit while empty); ``flag`` says on which side of it the
    value lies. ``previous`` is the last earlier-dated value in another event, with its day.
    """

    item: Item
    row: str
    value: Value
    derived: bool
    hidden: bool
    required: bool
    range: LabRange | None
    flag: str
    grades: tuple[Grade, ...]
    previous: tuple[Value, date] | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer for `Sheet.enter_all`."""

    item: str
    text: str
    row: str = SINGLE
    unit: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A form of a subject, evaluated. ``subject`` holds the derived values and grades shown here."""

    subject: Subject
    key: FormKey
    form: Form
    findings: tuple[Finding, ...]
    _hidden: frozenset[Spot] = frozenset()
    _required: frozenset[Spot] = frozenset()
    _grades: Mapping[Spot, tuple[Grade, ...]] = field(default_factory=dict)

    @property
    def filled(self) -> Filled:
        """The values of this form."""
        return self.subject.filled(self.key)

    def rows(self, group_id: str) -> tuple[str, ...]:
        """Rows of a group that hold something, in order of arrival."""
        return self.filled.rows(group_id)

    def value_to_store(self, item: str, row: str = SINGLE) -> Value:
        """The value at an item as the ledger should keep it."""
        return self.filled.value(row, item)

    def enter(self, item: str, text: str, *, row: str = SINGLE, unit: str = "", missing: str = "") -> Sheet:
        """The sheet after ``text`` was typed into an item.

        Any text is taken. Without a unit the one in use stays, else the item's first. Raises `Refusal` for an item that
        the form does not have or that is computed.
        """
        return self.enter_all((Answer(item, text, row, unit, missing),))

    def enter_all(self, entries: Iterable[Answer]) -> Sheet:
        """The sheet after several answers, evaluated once."""
        filled = self.filled
        changes: dict[Place, Value] = {}
        for entry in entries:
            plan = filled.plan.items.get(entry.item)
            if plan is None:
                raise Refusal("forms.no_such_item", item=entry.item, form=self.key.form)
            if plan.derive is not None:
                raise Refusal("forms.computed_item", item=entry.item)
            row = entry.row if plan.repeat else SINGLE
            value = parse_value(
                plan.item,
                entry.text,
                unit=entry.unit or filled.value(row, entry.item).unit,
                missing=entry.missing,
                codelist=plan.codelist,
                today=self.subject.today,
                near=near_day(self.subject, filled.place(row, entry.item), plan.item, entry.text),
            )
            changes[filled.place(row, entry.item)] = as_term(plan.terms, value) if plan.terms else value
        return _evaluate(self.subject.with_values(changes), self.key)

    def derived(self) -> dict[Place, Value]:
        """The value due at every computed spot of the form: derived values and grades, blank where none."""
        filled = self.filled
        started = filled.started
        found: dict[Place, Value] = {}
        for plan in filled.plan.derived:
            for row in filled.seen_rows(plan.group.id):
                alive = row in filled.rows(plan.group.id) if plan.repeat else started
                found[filled.place(row, plan.id)] = filled.value(row, plan.id) if alive else BLANK
        for plan in filled.plan.graded:
            for row in filled.seen_rows(plan.group.id):
                name = plan.id + GRADE_MARK
                found[filled.place(row, name)] = filled.value(row, name)
        return found

    def complete_blockers(self) -> tuple[Finding, ...]:
        """Findings that keep it from completion, in reading order: blocks, required items without value or reason."""
        filled = self.filled
        missing = [
            Finding(filled.place(row, plan.id), "required", both("forms.required"), "block")
            for plan in filled.plan.items.values()
            for row in filled.rows(plan.group.id)
            if (row, plan.id) in self._required and filled.value(row, plan.id).blank
        ]
        blocks = [*missing, *(finding for finding in self.findings if finding.severity == "block")]
        order = {name: at for at, name in enumerate(filled.plan.items)}
        return tuple(sorted(blocks, key=lambda finding: order.get(finding.place.item, -1)))

    def cell(self, item: str, row: str = SINGLE) -> Cell:
        """One item of the sheet, also of a row not begun yet."""
        filled = self.filled
        plan = filled.plan.items[item]
        row = row if plan.repeat else SINGLE
        value = filled.value(row, item)
        group = plan.group.id if plan.repeat else ""
        limits = self._limits(plan, filled, row, group, value)
        return Cell(
            item=plan.item,
            row=row,
            value=value,
            derived=plan.derive is not None,
            hidden=self.is_hidden(item, row),
            required=self.is_required(item, row),
            range=limits,
            flag=_flag(plan.item, value, limits),
            grades=self._grades.get((row, item), ()),
            previous=_previous(self.subject, self.key, plan, row, group),
            findings=tuple(f for f in self.findings if f.place.item == item and f.place.row == row),
        )

    def cells(self) -> tuple[Cell, ...]:
        """Every cell in reading order, row by row."""
        plans = self.filled.plan.items.values()
        return tuple(self.cell(plan.id, row) for plan in plans for row in self.rows(plan.group.id))

    def is_hidden(self, item: str, row: str = SINGLE) -> bool:
        """Whether an item does not apply."""
        plan = self.filled.plan.items[item]
        if (row, item) in self._hidden:
            return True
        known_row = not plan.repeat or row in self.rows(plan.group.id)
        return not known_row and _is_hidden(plan, scope_at(self.subject, self.key, row, plan.group.id))

    def is_required(self, item: str, row: str = SINGLE) -> bool:
        """Whether an item must be answered for the form to be complete."""
        plan = self.filled.plan.items[item]
        if not plan.repeat or row in self.rows(plan.group.id):
            return (row, item) in self._required
        return plan.required.evaluate(scope_at(self.subject, self.key, row, plan.group.id)) is True

    def _limits(self, plan: ItemPlan, filled: Filled, row: str, group: str, value: Value) -> LabRange | None:
        if not plan.item.analyte:
            return None
        unit = value.unit or (plan.item.units[0] if plan.item.units else "")
        on = self.subject.day_of(self.key, row, group)
        return range_for(self.subject, plan.item.analyte, lab_of(filled, row), on, unit)


def open_sheet(subject: Subject, key: FormKey) -> Sheet:
    """A form, evaluated whole by the version that judges its visit. Raises `Refusal` where that has no such form."""
    subject = subject.judging(key.event, key.event_no)
    if key.form not in subject.compiled.forms:
        raise Refusal("forms.no_such_form", form=key.form)
    return _evaluate(subject, key)


def _evaluate(subject: Subject, key: FormKey) -> Sheet:
    """Derive, grade, hide and check, in this order; the one evaluation there is."""
    said: list[Finding] = []
    subject = _derive_all(subject, key, said)
    subject, grades = _grade_all(subject, key, said)
    filled = subject.filled(key)
    plan = filled.plan
    hidden: set[Spot] = set()
    required: set[Spot] = set()
    shared = scope_at(subject, key)
    for group in plan.form.groups:
        plans = plan.group_items[group.id]
        for row in filled.rows(group.id):
            scope = scope_at(subject, key, row, group.id) if group.repeat else shared
            for item_plan in plans:
                _evaluate_item(item_plan, row, scope, filled, hidden, required, said)
    _check_form(subject, filled, shared, hidden, said)
    further = (*eligibility_findings(subject, filled), *unique_findings(subject.elsewhere, filled))
    said.extend(finding for finding in further if (finding.place.row, finding.place.item) not in hidden)
    if not form_counts(subject, key):
        said.extend(not_applying(filled))
    if said:
        order = {name: at for at, name in enumerate(plan.items)}
        said.sort(key=lambda finding: order.get(finding.place.item, -1))
    return Sheet(subject, key, plan.form, tuple(said), frozenset(hidden), frozenset(required), grades)


def _derive_all(subject: Subject, key: FormKey, said: list[Finding]) -> Subject:
    filled = subject.filled(key)
    for plan in filled.plan.derived:
        for row in filled.seen_rows(plan.group.id):
            alive = not plan.repeat or row in filled.rows(plan.group.id)
            value: Value = BLANK
            if alive:
                scope = scope_at(subject, key, row, plan.group.id if plan.repeat else "")
                value, fault = derive_value(plan, scope)
                if fault is not None:
                    said.append(_fault(filled, row, plan, fault))
            place = filled.place(row, plan.id)
            if value != filled.value(row, plan.id):
                if is_held(subject, place):
                    said.append(differs(subject, place, value))
                    continue
                subject = subject.with_values({place: value})
                filled = subject.filled(key)
    return subject


def _grade_all(subject: Subject, key: FormKey, said: list[Finding]) -> tuple[Subject, dict[Spot, tuple[Grade, ...]]]:
    filled = subject.filled(key)
    found: dict[Spot, tuple[Grade, ...]] = {}
    changes: dict[Place, Value] = {}
    samples: dict[Spot, Sample] = {}
    for plan in filled.plan.graded:
        group = plan.group.id if plan.repeat else ""
        for row in filled.seen_rows(plan.group.id):
            value = filled.value(row, plan.id)
            kept: Value = BLANK
            if value.value and value_counts(subject, filled, row, plan.id, own=True):
                sample = samples.get((row, group))
                if sample is None:
                    sample = samples[(row, group)] = sample_of(subject, filled, row, group)
                kept, grades = grade_value(subject, plan, filled, row, sample)
                found[(row, plan.id)] = grades
            name = plan.id + GRADE_MARK
            if kept != filled.value(row, name):
                changes[filled.place(row, name)] = kept
    said.extend(differs(subject, place, value) for place, value in take_held(subject, changes).items())
    return subject.with_values(changes) if changes else subject, found


def _evaluate_item(
    plan: ItemPlan,
    row: str,
    scope: InstanceScope,
    filled: Filled,
    hidden: set[Spot],
    required: set[Spot],
    said: list[Finding],
) -> None:
    value = filled.value(row, plan.id)
    rules = (plan.group_show, plan.show, plan.required)
    said.extend(_fault(filled, row, plan, rule.fault) for rule in rules if rule.fault is not None)
    if _is_hidden(plan, scope):
        hidden.add((row, plan.id))
        if not value.blank and plan.derive is None:
            said.append(Finding(filled.place(row, plan.id), "hidden.kept", both("forms.hidden_kept"), "query"))
        return
    if plan.derive is None and plan.required.evaluate(scope) is True:
        required.add((row, plan.id))
    for rule_id, text, severity in _sayings(plan, value, scope, filled, row):
        said.append(Finding(filled.place(row, plan.id), rule_id, text, severity))
    for check in plan.checks:
        _check(check.holds, check.check.id, check.check.text, check.check.severity, scope, filled, row, plan, said)


def _is_hidden(plan: ItemPlan, scope: InstanceScope) -> bool:
    """An item shows when both its group and itself are told to, for certain; a rule at fault hides nothing."""
    for rule in (plan.group_show, plan.show):
        if rule.constant is not True and rule.fault is None and rule.evaluate(scope) is not True:
            return True
    return False


def _sayings(
    plan: ItemPlan, value: Value, scope: InstanceScope, filled: Filled, row: str
) -> tuple[tuple[str, Text, Severity], ...]:
    cache = scope.subject.compiled.cache("sayings")
    asked = (plan.form, plan.id, value)
    found = cache.get(asked)
    if found is None:
        found = cache[asked] = check_value(plan, value)
    sayings: tuple[tuple[str, Text, Severity], ...] = found  # type: ignore[assignment]
    out_of_bounds = any(rule.startswith("bounds.") for rule, _, _ in sayings)
    if not out_of_bounds and (sayings or len(plan.item.units) < 2 or not value.value):
        return sayings
    subject = scope.subject
    day = subject.day_of(filled.key, row, plan.group.id if plan.repeat else "")
    last = subject.latest_before(plan.form, plan.id, day) if day is not None else None
    number = last.number if isinstance(last, Censored) else last if isinstance(last, Decimal) else None
    if out_of_bounds:
        first = plan.item.units[0] if plan.item.units else ""
        limits = range_for(subject, plan.item.analyte, lab_of(filled, row), day, first) if plan.item.analyte else None
        mixed = check_unit_mix_up(plan.item, value, limits, number)
    else:
        mixed = check_trend(plan.item, value, number)
    return sayings if mixed is None else (*sayings, mixed)


def _check(
    holds: Rule,
    name: str,
    text: Text,
    severity: Severity,
    scope: InstanceScope,
    filled: Filled,
    row: str,
    plan: ItemPlan,
    said: list[Finding],
) -> None:
    if holds.fault is not None:
        said.append(_fault(filled, row, plan, holds.fault))
    elif holds.evaluate(scope) is False:
        said.append(Finding(filled.place(row, plan.id), name, text, severity))


def _check_form(
    subject: Subject, filled: Filled, shared: InstanceScope, hidden: set[Spot], said: list[Finding]
) -> None:
    """Checks of the whole form; one that reads an item standing in rows is asked for every row."""
    for check in filled.plan.checks:
        plan = filled.plan.items.get(check.anchor)
        if plan is None:
            continue
        for row in filled.rows(plan.group.id):
            if (row, plan.id) in hidden:
                continue
            scope = scope_at(subject, filled.key, row, plan.group.id) if plan.repeat else shared
            _check(check.holds, check.check.id, check.check.text, check.check.severity, scope, filled, row, plan, said)


def _fault(filled: Filled, row: str, plan: ItemPlan, why: Text) -> Finding:
    words = {language: say(language, "forms.derive_failed", why=text) for language, text in why.items()}
    return Finding(filled.place(row, plan.id), "derive.failed", words, "query")


def _flag(item: Item, value: Value, limits: LabRange | None) -> str:
    """``L`` or ``H`` when the value certainly lies below or above the limits, which stand in the value's unit."""
    if limits is None or not value.value or value.missing:
        return ""
    in_own_unit = in_first_unit(item, Value(value=value.value, unit=""))
    if not isinstance(in_own_unit, Censored) and in_own_unit is None:
        return ""
    side = outside(in_own_unit, Bounds(limits.low, limits.high))  # type: ignore[arg-type]
    return {"low": "L", "high": "H"}.get(side, "")


def _previous(subject: Subject, key: FormKey, plan: ItemPlan, row: str, group: str) -> tuple[Value, date] | None:
    day = subject.day_of(key, row, group)
    for on, _, other, other_row in reversed(subject.timeline(plan.form, plan.id)):
        elsewhere = (other.event, other.event_no) != (key.event, key.event_no)
        if elsewhere and (on < day if day is not None else on <= subject.today):
            return subject.filled(other).value(other_row, plan.id), on
    return None
