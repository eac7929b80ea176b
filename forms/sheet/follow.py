"""Recompute whatever depends on a change, through the dependency graph over the whole casebook of one subject.

Nodes are visited sources first, so each is computed once; nodes that need each other (a value carried on from the
previous cycle) are repeated until nothing changes, at most once for every instance of their forms. A fact or a baseline
that comes out as before stops there: the hundred grades behind it are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from forms.compiled.graph import BASELINE, FACT, Graph, Node, Reach, graph_of
from forms.compiled.study import ItemPlan
from forms.place import GRADE_MARK, SINGLE, FormKey, Place
from forms.sheet.derive import baseline_of, derive_value, grade_value, sample_of, scope_at
from forms.sheet.held import take_held
from forms.subject.applies import value_counts
from forms.subject.filled import Filled
from forms.subject.memo import NOT_KNOWN
from forms.subject.subject import Subject
from forms.value import BLANK, Value

_EVERYWHERE = None
"""Stands for a change that matters in every form."""

_SOMEWHERE = FormKey("", "", "", "")
"""Stands for "some form" where it does not matter which."""

Dirt = dict[Node, set[FormKey] | None]
"""Changed nodes and the forms they changed on; None for a fact or a baseline, which is everywhere."""


class Outcome(NamedTuple):
    """The result of a change: the subject with all of it, and only real changes of derived values and grades.

    ``held`` came out otherwise on locked forms: the subject keeps there what it had.
    """

    subject: Subject
    changes: dict[Place, Value]
    held: dict[Place, Value]


def follow(subject: Subject, changed: Iterable[Place]) -> tuple[Subject, dict[Place, Value]]:
    """Subject and changes of `outcome_of`."""
    return outcome_of(subject, changed)[:2]


def recompute(subject: Subject) -> tuple[Subject, dict[Place, Value]]:
    """Subject and changes of `outcome_anew`."""
    return outcome_anew(subject)[:2]


def outcome_of(subject: Subject, changed: Iterable[Place]) -> Outcome:
    """Everything else that changes because of ``changed``, which ``subject`` already holds."""
    changed = tuple(changed)
    if subject.versions.names:
        return _over_versions(subject, dict.fromkeys(subject.versions.names, changed))
    return _followed(subject, changed)


def _followed(subject: Subject, changed: tuple[Place, ...]) -> Outcome:
    graph = graph_of(subject.compiled)
    dirt: Dirt = {}
    for place in changed:
        keys = dirt.setdefault((place.form, place.item), set())
        if keys is not None:
            keys.add(place.form_key)
    fresh = _begun_or_emptied(subject, changed, dirt)
    affected = {node for source in dirt for node in graph.reached(source)} | fresh.keys()
    return _walk(subject, graph, dirt, affected, fresh)


def outcome_anew(subject: Subject) -> Outcome:
    """The same over the whole subject, whatever changed: for re-checking, and after a new definition."""
    if subject.versions.names:
        return _over_versions(subject, dict.fromkeys(subject.versions.names))
    return _anew(subject)


def outcome_by(subject: Subject, names: Iterable[str]) -> Outcome:
    """The same over the visits that the versions of some names judge, and what follows from that in all others."""
    if subject.versions.names:
        return _over_versions(subject, dict.fromkeys(names))
    return _anew(subject)


def _over_versions(subject: Subject, waiting: Mapping[str, tuple[Place, ...] | None]) -> Outcome:
    """Each version works out the visits it judges; what changes there is followed in the others until none does.

    ``waiting`` are the changes that each has to follow, None for all that it judges.
    """
    names, home = subject.versions.names, subject.by
    left = dict(waiting)
    changes: dict[Place, Value] = {}
    held: dict[Place, Value] = {}
    for name in names * (len(names) + 1):
        if name not in left:
            continue
        todo = left.pop(name)
        view = subject.as_of(name)
        found = _anew(view) if todo is None else _followed(view, todo)
        held.update(found.held)
        subject = found.subject.as_of(home)
        if found.changes:
            changes.update(found.changes)
            news = tuple(found.changes)
            left |= {
                other: None if other in left and left[other] is None else (*(left.get(other) or ()), *news)
                for other in names
                if other != name
            }
    return Outcome(subject.settled(), changes, held)


def _anew(subject: Subject) -> Outcome:
    graph = graph_of(subject.compiled)
    nodes = {node for group in graph.groups for node in group}
    everywhere = {node: set(subject.seen_keys_of(node[0])) for node in nodes if node[0] not in (FACT, BASELINE)}
    return _walk(subject, graph, {}, nodes, everywhere)


def _begun_or_emptied(subject: Subject, changed: Iterable[Place], dirt: Dirt) -> dict[Node, set[FormKey]]:
    """Forms and rows whose first answer came or whose last one went: all that is computed there is new."""
    fresh: dict[Node, set[FormKey]] = {}
    units: dict[tuple[FormKey, str, str], set[tuple[str, str]]] = {}
    for place in changed:
        filled = subject.filled(place.form_key)
        plan = filled.plan.items.get(place.item)
        if plan is not None and plan.derive is None:
            group = plan.group.id if plan.repeat else ""
            units.setdefault((place.form_key, group, place.row), set()).add((place.row, place.item))
    for (key, group, row), spots in units.items():
        filled = subject.filled(key)
        if not filled.entered_in(group, row) <= spots and not _first_of_form(filled, spots):
            continue
        for plan in (*filled.plan.derived, *filled.plan.graded):
            node = (key.form, plan.id if plan.derive is not None else plan.id + GRADE_MARK)
            fresh.setdefault(node, set()).add(key)
    return fresh


def _first_of_form(filled: Filled, spots: set[tuple[str, str]]) -> bool:
    """Whether nothing a person entered on the whole form is older than ``spots``."""
    return all(value.blank or spot in spots or not filled.is_entered(spot[1]) for spot, value in filled.values.items())


def _walk(subject: Subject, graph: Graph, dirt: Dirt, affected: set[Node], fresh: dict[Node, set[FormKey]]) -> Outcome:
    changes: dict[Place, Value] = {}
    held: dict[Place, Value] = {}
    for at in sorted({graph.rank[node] for node in affected if node in graph.rank}):
        group = graph.groups[at]
        if len(group) == 1 and group[0] not in graph.sources[group[0]]:
            found = _visit(subject, graph, group[0], dirt, fresh, held)
            if found:
                subject = subject.with_values(found)
                changes.update(found)
        else:
            subject = _repeat(subject, graph, group, dirt, fresh, changes, held)
    return Outcome(subject.settled(), changes, held)


def _repeat(
    subject: Subject,
    graph: Graph,
    group: tuple[Node, ...],
    dirt: Dirt,
    fresh: dict[Node, set[FormKey]],
    changes: dict[Place, Value],
    held: dict[Place, Value],
) -> Subject:
    """Nodes that need each other: again and again until nothing changes, within a bound."""
    most = 2 + sum(len(subject.seen_keys_of(form)) for form in {node[0] for node in group})
    for _ in range(most):
        found: dict[Place, Value] = {}
        for node in group:
            news = _visit(subject, graph, node, dirt, fresh, held, one_by_one=True)
            if news:
                subject = subject.with_values(news)
                found.update(news)
        changes.update(found)
        if not found:
            break
    return subject


def _visit(
    subject: Subject,
    graph: Graph,
    node: Node,
    dirt: Dirt,
    fresh: dict[Node, set[FormKey]],
    held: dict[Place, Value],
    *,
    one_by_one: bool = False,
) -> dict[Place, Value]:
    """Compute one node wherever its sources changed; mark it when it did."""
    targets = _targets(subject, graph.sources[node], node, dirt) | fresh.get(node, set())
    if node[0] in (FACT, BASELINE):
        if targets and _differs(subject, node):
            dirt[node] = _EVERYWHERE
        return {}
    ready = subject.compiled.forms[node[0]]
    graded = node[1].removesuffix(GRADE_MARK)
    plan = ready.items[graded]
    compute = _grades_of if graded != node[1] else _derived_of
    found: dict[Place, Value] = {}
    for key in subject.seen_keys_of(node[0]):
        if key not in targets or not subject.judges(key):
            continue
        news = compute(subject, plan, key)
        held.update(take_held(subject, news))
        if news:
            if one_by_one:
                subject = subject.with_values(news)
            found.update(news)
    if found:
        keys = dirt.setdefault(node, set())
        if keys is not None:
            keys.update(place.form_key for place in found)
    return found


def _targets(subject: Subject, sources: dict[Node, Reach], node: Node, dirt: Dirt) -> set[FormKey]:
    """Instances at which a node may come out otherwise. A fact has none: any form stands for "yes"."""
    targets: set[FormKey] = set()
    for source in sources.keys() & dirt.keys():
        keys = dirt[source]
        reach = sources[source]
        if node[0] in (FACT, BASELINE):
            return {_SOMEWHERE}
        if keys is None or reach is Reach.SUBJECT:
            return set(subject.seen_keys_of(node[0]))
        if reach is Reach.FORM:
            targets |= keys
        else:
            events = {(key.event, key.event_no) for key in keys}
            targets |= {key for key in subject.seen_keys_of(node[0]) if (key.event, key.event_no) in events}
    return targets


def _differs(subject: Subject, node: Node) -> bool:
    """Whether a fact or a baseline is now another than before the change; yes when nobody knew it before."""
    was = subject.stale(node)
    now = subject.fact(node[1]) if node[0] == FACT else baseline_of(subject, node[1])
    return was is NOT_KNOWN or was != now


def _derived_of(subject: Subject, plan: ItemPlan, key: FormKey) -> dict[Place, Value]:
    filled = subject.filled(key)
    alive = filled.rows(plan.group.id) if plan.repeat else (SINGLE,) if filled.started else ()
    found: dict[Place, Value] = {}
    for row in filled.seen_rows(plan.group.id):
        value: Value = BLANK
        if row in alive:
            value, _ = derive_value(plan, scope_at(subject, key, row, plan.group.id if plan.repeat else ""))
        if value != filled.value(row, plan.id):
            found[filled.place(row, plan.id)] = value
    return found


def _grades_of(subject: Subject, plan: ItemPlan, key: FormKey) -> dict[Place, Value]:
    filled = subject.filled(key)
    name = plan.id + GRADE_MARK
    found: dict[Place, Value] = {}
    for row in filled.seen_rows(plan.group.id):
        value = filled.value(row, plan.id)
        kept: Value = BLANK
        if value.value and value_counts(subject, filled, row, plan.id, own=True):
            sample = sample_of(subject, filled, row, plan.group.id if plan.repeat else "")
            kept, _ = grade_value(subject, plan, filled, row, sample)
        if kept != filled.value(row, name):
            found[filled.place(row, name)] = kept
    return found
