"""What another version of the study does to the data of one subject, found before anything is written.

`REFUSED` effects bar the amendment: a value would lie where no form shows it, or could no longer be read. `ACCEPTED`
ones are lawful and change what people see of data already there, so somebody has to accept them with a reason. The
rest is told only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Literal, cast

from forms.compiled.graph import Node, read_by
from forms.compiled.study import CompiledStudy, ItemPlan
from forms.course.schedule import Visit, schedule
from forms.expressions.rule import Rule
from forms.place import FormKey, Place
from forms.sheet.follow import Outcome, outcome_anew, outcome_by
from forms.sheet.sheet import Sheet, open_sheet
from forms.study.definition import Study, Text
from forms.study.names import BASELINE_SAME_DAY
from forms.subject.applies import value_counts
from forms.subject.filled import Filled
from forms.subject.subject import Subject
from forms.value import BLANK, Value

Kind = Literal[
    "lost", "unread", "code", "limit", "window", "signature", "hidden", "value", "grade", "opens", "locked", "unseen",
    "shown", "closes", "finding", "visit",
]  # fmt: skip
"""lost: a value without a place. unread: it can't be read any more. code: its code is gone. limit: it breaks a limit
it did not break. window: a visit falls out of its window. signature: a signed form changes. hidden: its field no longer
shows. value, grade: what is worked out changes. opens: a query will open. locked: a locked form keeps another value.
unseen: reports of the new version don't read it, its visit keeps its version. shown: a field shows that was hidden.
closes: a query will close. finding: a form not complete yet says more. visit: an awaited visit moves."""

REFUSED: tuple[Kind, ...] = ("lost", "unread", "code")
ACCEPTED: tuple[Kind, ...] = (
    "limit", "window", "signature", "hidden", "value", "grade", "opens", "locked", "unseen",
)  # fmt: skip
TOLD: tuple[Kind, ...] = ("shown", "closes", "finding", "visit")


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that would be otherwise at a place. ``text`` says more, by language, where values alone don't."""

    kind: Kind
    place: Place
    before: Value = BLANK
    after: Value = BLANK
    text: Text = field(default_factory=dict, compare=False, hash=False)


def effects_on(
    before: Subject, after: Subject, outcome: Outcome, standing: Collection[tuple[Place, str]] = ()
) -> Iterator[Effect]:
    """Every effect on one subject.

    ``before`` as it stands, ``after`` the same values by the new version, ``outcome`` what that computes otherwise,
    ``standing`` place and rule of automatic queries that are open.
    """
    for place, value in outcome.changes.items():
        yield Effect("grade" if place.graded_item else "value", place, before.values.get(place, BLANK), value)
    for place, value in outcome.held.items():
        yield Effect("locked", place, before.values.get(place, BLANK), value)
    for key in dict.fromkeys(place.form_key for place in outcome.changes):
        if before.state(key).flags().signed:
            yield Effect("signature", key.place("", ""))
    for key in before.every_key():
        old, new = before.judging(key.event, key.event_no), outcome.subject.judging(key.event, key.event_no)
        if old.study is not new.study or not _still_known(after.study, key):
            new = new if old.study is not new.study else after
            yield from _homeless(old.filled(key), new, key)
        elif new.study is not after.study:
            yield from _unseen(before, after.study, key)
    for key in keys_to_settle(before, outcome):
        yield from _on_form(before, outcome.subject, key, standing)
    yield from _on_visits(before, outcome.subject)


def _homeless(filled: Filled, new: Subject, key: FormKey) -> Iterator[Effect]:
    """Entered values that the new version has no place for, or can't read."""
    event = new.compiled.events.get(key.event)
    plans = new.compiled.forms[key.form].laid_out if event is not None and key.form in event.forms else {}
    for (row, item), value in filled.values.items():
        if value.blank or not filled.is_entered(item):
            continue
        place, plan = filled.place(row, item), plans.get(item)
        was = filled.plan.laid_out.get(item)
        if was is None:
            continue
        if plan is None or plan.derive is not None or plan.repeat != was.repeat:
            yield Effect("lost", place, value)
        elif value.value and not value.missing:
            yield from _unreadable(was, plan, filled, new.filled(key), place, value)
        elif value.missing and value.missing not in plan.item.missing and value.missing in was.item.missing:
            yield Effect("code", place, value)


def _unreadable(
    was: ItemPlan, plan: ItemPlan, old: Filled, new: Filled, place: Place, value: Value
) -> Iterator[Effect]:
    if plan.codelist is not None and plan.item.kind in ("code", "codes"):
        known = was.codelist.labels if was.codelist is not None else {}
        if any(code in known and code not in plan.codelist.labels for code in value.value.split(";")):
            yield Effect("code", place, value)
            return
    if old.typed(place.row, place.item) is not None and new.typed(place.row, place.item) is None:
        yield Effect("unread", place, value)


def _still_known(study: Study, key: FormKey) -> bool:
    """Whether a version has a form in its visit, so that lists and schedules have a place for what stands there."""
    event = study.event_by_id.get(key.event)
    return event is not None and any(each.form == key.form for each in event.forms)


def _unseen(before: Subject, study: Study, key: FormKey) -> Iterator[Effect]:
    """Values of a visit that keeps its version, which the version in force read so far and the new one does not."""
    form, known = before.study.form_by_id.get(key.form), study.form_by_id.get(key.form)
    if form is None:
        return
    left = form.items.keys() - (known.items.keys() if known is not None else set())
    for (row, item), value in before.filled(key).values.items():
        if not value.blank and item in left and not form.items[item].derive:
            yield Effect("unseen", key.place(item, row), value)


def outcome_amended(before: Subject, after: Subject) -> Outcome:
    """What comes out otherwise by a new version. Visits that keep theirs are looked at only as far as that reaches."""
    if before.ranges != after.ranges or not after.versions.names:
        return outcome_anew(after)
    names = {
        after.versions.of(key.event, key.event_no)
        for key in before.every_key()
        if before.judging(key.event, key.event_no).study is not after.judging(key.event, key.event_no).study
    }
    return outcome_by(after, sorted(names))


def keys_to_settle(before: Subject, outcome: Outcome) -> list[FormKey]:
    """Begun forms that may say something else: another version judges them, or what they read changed."""
    changed = {(place.form, place.item) for place in outcome.changes}
    own = {place.form_key for place in outcome.changes if not place.graded_item}  # nothing said follows from a grade
    own |= {place.form_key for place in outcome.held}
    found = []
    for key in before.every_key():
        old, new = before.judging(key.event, key.event_no), outcome.subject.judging(key.event, key.event_no)
        if key.form not in new.compiled.forms:
            continue
        differs = old.study is not new.study and _says_otherwise(old.compiled, new.compiled, key)
        if differs or key in own or (changed and changed & _read_on(new.compiled, key.form)):
            found.append(key)
    return found


def _says_otherwise(old: CompiledStudy, new: CompiledStudy, key: FormKey) -> bool:
    """Whether a form may come out otherwise by another version: it or anything it may read is defined otherwise."""
    cache = new.cache("differing")
    asked = (id(old), key.event, key.form)
    found = cache.get(asked)
    if found is None:
        found = cache[asked] = (old, _is_otherwise(old, new, key))
    return cast("tuple[CompiledStudy, bool]", found)[1]


def _is_otherwise(old: CompiledStudy, new: CompiledStudy, key: FormKey) -> bool:
    if _named(old) != _named(new) and any(_named(old).get(at) != _named(new).get(at) for at in _asks(new, key.form)):
        return True
    if old.study.form_by_id.get(key.form) != new.study.form_by_id.get(key.form):
        return True
    when = [ready.conditions.get((key.event, key.form)) for ready in (old, new)]
    if [rule.text if rule is not None else "" for rule in when] != [when[0].text if when[0] is not None else ""] * 2:
        return True
    reads = _read_on(new, key.form)
    terms = old.study.ctcae != new.study.ctcae and any(plan.terms for plan in new.forms[key.form].laid_out.values())
    return terms or any(
        old.study.form_by_id.get(form) is None
        or old.study.form_by_id[form].items.get(item) != new.study.form_by_id[form].items.get(item)
        for form, item in reads
        if form in new.study.form_by_id
    )


def _named(ready: CompiledStudy) -> dict[tuple[str, str], object]:
    """Facts, settings, code lists and criteria by kind and name: what any form may read."""
    cache = ready.cache("named")
    if "all" not in cache:
        study = ready.study
        parts = (("fact", study.facts), ("setting", study.settings), ("codelist", study.codelists))
        found: dict[tuple[str, str], object] = {(kind, each.id): each for kind, part in parts for each in part}
        found |= {("criteria", each.item.partition(".")[0]): () for each in study.eligibility}
        for each in study.eligibility:
            at = ("criteria", each.item.partition(".")[0])
            found[at] = (*cast("tuple[object, ...]", found[at]), each)
        cache["all"] = found
    return cast("dict[tuple[str, str], object]", cache["all"])


def _asks(ready: CompiledStudy, form: str) -> frozenset[tuple[str, str]]:
    """Facts, settings, code lists and criteria that a form can look at, also by way of facts."""
    cache = ready.cache("asks")
    found = cache.get(form)
    if found is None:
        asked = {("criteria", form), ("setting", BASELINE_SAME_DAY)}
        asked |= {("codelist", plan.item.codelist) for plan in ready.forms[form].laid_out.values()}
        waiting = _rules_of(ready, form)
        for name, item in _read_on(ready, form):
            plan = ready.forms[name].laid_out.get(item) if name in ready.forms else None
            waiting += plan.counts_when if plan is not None else ()
        while waiting:
            rule = waiting.pop()
            for read in rule.expr.reads if rule.expr is not None else ():
                at = (read.kind, read.name)
                if read.kind in ("fact", "setting") and at not in asked:
                    asked.add(at)
                    waiting += [ready.facts[read.name]] if read.kind == "fact" and read.name in ready.facts else []
        found = cache[form] = frozenset(asked)
    return cast("frozenset[tuple[str, str]]", found)


def _rules_of(ready: CompiledStudy, form: str) -> list[Rule]:
    plan = ready.forms[form]
    rules: list[Rule] = [check.holds for check in plan.checks]
    rules += [rule for (_, name), rule in ready.conditions.items() if name == form]
    for item in plan.items.values():
        given = (item.show, item.group_show, item.required, item.derive, *(check.holds for check in item.checks))
        rules += [rule for rule in given if rule is not None]
    return rules + [ready.rule(each.holds) for each in ready.study.eligibility if each.item.startswith(f"{form}.")]


def _read_on(ready: CompiledStudy, form: str) -> frozenset[Node]:
    """Items that any rule of a form can look at, also by way of facts."""
    cache = ready.cache("read on")
    found = cache.get(form)
    if found is None:
        found = cache[form] = read_by(ready, [(rule, form) for rule in _rules_of(ready, form)])
    return cast("frozenset[Node]", found)


def _on_form(
    before: Subject, after: Subject, key: FormKey, standing: Collection[tuple[Place, str]]
) -> Iterator[Effect]:
    new, view = open_sheet(after, key), before.judging(key.event, key.event_no)
    now = {(finding.place, finding.rule): finding for finding in new.findings if finding.severity != "note"}
    gone, was_gone = set(_hidden_values(new)), set(_not_counting(view, view.filled(key)))
    said: set[tuple[Place, str]] = set()
    if (now or gone) and key.form in view.compiled.forms:  # most forms say nothing: then what was said is all gone
        old = open_sheet(before, key)
        said = {(finding.place, finding.rule) for finding in old.findings}
        was_gone = set(_hidden_values(old))
    for row, item in sorted(gone - was_gone):
        yield Effect("hidden", key.place(item, row), new.filled.value(row, item))
    for row, item in sorted(was_gone - gone):
        if item in new.filled.plan.items:
            yield Effect("shown", key.place(item, row), new.filled.value(row, item))
    complete = before.state(key).status == "complete"
    for at, finding in now.items():
        if at not in said and finding.rule != "hidden.kept" and not finding.rule.startswith("locked."):
            kind: Kind = "limit" if finding.rule.startswith("bounds.") else "opens" if complete else "finding"
            yield Effect(
                kind, finding.place, new.filled.value(finding.place.row, finding.place.item), text=finding.text
            )
    for place, rule in sorted(standing):
        if place.form_key == key and (place, rule) not in now:
            yield Effect("closes", place, new.filled.value(place.row, place.item))


def _not_counting(subject: Subject, filled: Filled) -> Iterator[tuple[str, str]]:
    """Values of a form whose fields certainly don't show."""
    for (row, item), value in filled.values.items():
        asked = item in filled.plan.conditional and not value.blank
        if asked and not value_counts(subject, filled, row, item, own=True):
            yield row, item


def _hidden_values(sheet: Sheet) -> Iterator[tuple[str, str]]:
    filled = sheet.filled
    for (row, item), value in filled.values.items():
        plan = filled.plan.items.get(item)
        if plan is not None and plan.derive is None and not value.blank and sheet.is_hidden(item, row):
            yield row, item


def _on_visits(before: Subject, after: Subject) -> Iterator[Effect]:
    old = {(visit.event, visit.event_no): visit for visit in schedule(before)}
    for visit in schedule(after):
        was = old.get((visit.event, visit.event_no))
        if was is None or (was.earliest, was.latest) == (visit.earliest, visit.latest):
            continue
        place = _day_place(after, visit)
        told = dict.fromkeys(("en", "zh"), f"{_span(was)} → {_span(visit)}")
        if visit.actual is None:
            yield Effect("visit", place, text=told)
        elif visit.status == "out_of_window" and was.status != "out_of_window":
            yield Effect("window", place, Value(value=visit.actual.isoformat()), text=told)


def _day_place(subject: Subject, visit: Visit) -> Place:
    plan = subject.judging(visit.event, visit.event_no).compiled.events[visit.event]
    form, item = (plan.date.form, plan.date.item) if plan.date is not None else ("", "")
    return FormKey(subject.id, visit.event, visit.event_no, form).place(item)


def _span(visit: Visit) -> str:
    if visit.earliest is None or visit.latest is None:
        return "–"
    return f"{visit.earliest.isoformat()} … {visit.latest.isoformat()}"
