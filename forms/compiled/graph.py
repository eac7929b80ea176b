"""The dependencies of a study, at the level of its definition, found without running anything.

Nodes are entered or derived items ``(form, item)``, grades ``(form, item#grade)``, facts ``("$", name)`` and baselines
``("#", analyte)``; the words of `forms.compiled.life` count as facts ``!word``. An edge says how far a change travels:
within the same form instance, within the same event, or anywhere in the subject. `follow` walks the nodes in order,
sources first; nodes that need each other (a value carried on from the previous cycle) stand together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, cast

from forms.compiled.companions import companions
from forms.compiled.life import read_for
from forms.place import GRADE_MARK, LIMIT_MARKS, plain_item
from forms.study.names import BIRTH, FIRST_DOSE, FOR_GRADES, KNOWN_DEAD, LAST_SEEN, LIFE, SEX

if TYPE_CHECKING:
    from forms.compiled.study import CompiledStudy, ItemPlan
    from forms.expressions.expression import Read
    from forms.expressions.rule import Rule

Node = tuple[str, str]

FACT, BASELINE = "$", "#"
FOR_RANGES = (SEX, BIRTH)
"""Facts that choose among the ranges of a laboratory."""


class Reach(IntEnum):
    """How far a change at the source matters."""

    FORM = 0
    EVENT = 1
    SUBJECT = 2


Edge = tuple[Node, Reach]


@dataclass
class Graph:
    """The dependency graph of a study. ``groups`` are the computed nodes, sources first, cycles together."""

    sources: dict[Node, dict[Node, Reach]]
    date_nodes: frozenset[Node]
    show_nodes: frozenset[Node] = frozenset()
    groups: tuple[tuple[Node, ...], ...] = ()
    rank: dict[Node, int] = field(default_factory=dict)
    dependents: dict[Node, list[Node]] = field(default_factory=dict)
    _reached: dict[Node, frozenset[Node]] = field(default_factory=dict)
    _known: dict[Node, frozenset[Node]] = field(default_factory=dict)
    _shows: dict[Node, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node, sources in self.sources.items():
            for source in sources:
                self.dependents.setdefault(source, []).append(node)
        self.groups = tuple(_groups_in_order(self.sources))
        self.rank = {node: at for at, group in enumerate(self.groups) for node in group}

    def reached(self, node: Node) -> frozenset[Node]:
        """Every computed node that a change of ``node`` can change."""
        found = self._reached.get(node)
        if found is None:
            seen: set[Node] = set()
            waiting = list(self.dependents.get(node, ()))
            while waiting:
                at = waiting.pop()
                if at not in seen:
                    seen.add(at)
                    waiting.extend(self.dependents.get(at, ()))
            found = self._reached[node] = frozenset(seen)
        return found

    def known_after(self, nodes: Iterable[Node]) -> frozenset[Node]:
        """Facts and baselines that changes at ``nodes`` can change."""
        fallen: frozenset[Node] = frozenset()
        for node in nodes:
            found = self._known.get(node)
            if found is None:
                found = self._known[node] = frozenset(at for at in self.reached(node) if at[0] in (FACT, BASELINE))
            fallen = fallen | found if fallen else found
        return fallen

    def shows_after(self, nodes: Iterable[Node]) -> bool:
        """Whether changes at ``nodes`` can change which fields and forms apply."""
        for node in nodes:
            found = self._shows.get(node)
            if found is None:
                found = self._shows[node] = bool(self.show_nodes & {node, *self.reached(node)})
            if found:
                return True
        return False


def graph_of(ready: CompiledStudy) -> Graph:
    """The graph of a study, made once."""
    cache = ready.cache("graph")
    found = cache.get("graph")
    if found is None:
        found = cache["graph"] = _build(ready)
    return cast(Graph, found)


def _build(ready: CompiledStudy) -> Graph:
    sources: dict[Node, dict[Node, Reach]] = {}
    for name, rule in ready.facts.items():
        sources[(FACT, name)] = _widest(_rule_edges(ready, rule, ""), at_least=Reach.SUBJECT)
    for word in (LAST_SEEN, KNOWN_DEAD):
        sources[(FACT, LIFE + word)] = dict.fromkeys(read_for(ready, word), Reach.SUBJECT)
    for form in ready.forms.values():
        for plan in form.derived:
            if plan.derive is not None:
                sources[(form.form.id, plan.id)] = _widest(_rule_edges(ready, plan.derive, form.form.id))
        for plan in form.graded:
            sources[(form.form.id, plan.id + GRADE_MARK)] = _widest(_grade_edges(ready, plan))
    for analyte in dict.fromkeys(plan.item.analyte for form in ready.forms.values() for plan in form.graded):
        sources[(BASELINE, analyte)] = _widest(_baseline_edges(ready, analyte), at_least=Reach.SUBJECT)
    dates = frozenset(node for form in ready.forms for node, _ in _date_edges(ready, form))
    events = frozenset((plan.date.form, plan.date.item) for plan in ready.events.values() if plan.date is not None)
    shows = _show_edges(ready)
    for found in sources.values():
        _see_through(shows, found)
    return Graph(sources, dates | events, frozenset(node for edges in shows.values() for node in edges))


def _show_edges(ready: CompiledStudy) -> dict[Node, dict[Node, Reach]]:
    """Sources that decide whether a value counts, for every item of a form that is not always there or shown."""
    found: dict[Node, list[Edge]] = {}
    for (_, name), rule in ready.conditions.items():
        edges = [(node, max(reach, Reach.EVENT)) for node, reach in _rule_edges(ready, rule, name)]
        for item in ready.forms[name].laid_out if name in ready.forms else ():
            found.setdefault((name, item), []).extend(edges)
    for name, form in ready.forms.items():
        for item in form.conditional:
            for rule in form.laid_out[item].counts_when:
                found.setdefault((name, item), []).extend(_rule_edges(ready, rule, name))
    return {node: _widest(edges) for node, edges in found.items()}


def _see_through(shows: dict[Node, dict[Node, Reach]], sources: dict[Node, Reach]) -> None:
    """Add to the sources of a node what decides whether they count, through all levels."""
    waiting = list(sources.items())
    while waiting:
        source, reach = waiting.pop()
        for node, far in shows.get(source, {}).items():
            wide = max(reach, far)
            if sources.get(node, -1) < wide:
                sources[node] = wide
                waiting.append((node, wide))


def read_by(ready: CompiledStudy, rules: Iterable[tuple[Rule, str]]) -> frozenset[Node]:
    """Items whose values rules can look at, each rule standing in a form ("" for none), also by way of facts.

    It takes for granted that the states of all forms are known: which forms there are then needs no value.
    """
    found: set[Node] = set()
    facts: set[str] = set()
    waiting = list(rules)
    while waiting:
        rule, form = waiting.pop()
        asked: set[str] = set()
        for read in rule.expr.reads if rule.expr is not None else ():
            asked |= {read.name} if read.kind == "fact" else {FIRST_DOSE} if read.kind == "baseline" else set()
            asked |= set(FOR_RANGES) if read.item.endswith(LIMIT_MARKS) else set()
            looked = set(_looked_at(ready, read, form)) - found
            found |= looked
            waiting += [shown for node in looked for shown in _shows_of(ready, node)]
        waiting += [(ready.facts[name], "") for name in asked - facts if name in ready.facts]
        facts |= asked
    return frozenset(found)


def _shows_of(ready: CompiledStudy, node: Node) -> Iterator[tuple[Rule, str]]:
    """The rules that decide whether an item counts, each with the form it stands in."""
    name, item = node
    form = ready.forms.get(name)
    if form is not None and item in form.conditional:
        yield from ((rule, name) for rule in form.laid_out[item].counts_when)
    for event in ready.homes.get(name, ()):
        if (event, name) in ready.conditions:
            yield ready.conditions[(event, name)], name


def _looked_at(ready: CompiledStudy, read: Read, form: str) -> Iterator[Node]:
    """The item read, what dates its form, and whatever makes a row of it."""
    if read.item:
        yield (read.form or form, plain_item(read.item) if read.item.endswith(LIMIT_MARKS) else read.item)
        yield from (node for node, _ in _lab_edges(ready, read.form or form) if read.item.endswith(LIMIT_MARKS))
    if read.kind == "name" and read.name in (LAST_SEEN, KNOWN_DEAD):
        yield from read_for(ready, read.name)
    for name in {read.form, read.inside, form} - {""}:
        yield from (node for node, _ in _date_edges(ready, name))
        plan = ready.forms.get(name)
        if plan is not None:
            yield from ((name, item) for item in plan.entered if plan.laid_out[item].repeat)


def _widest(edges: Iterable[Edge], at_least: Reach = Reach.FORM) -> dict[Node, Reach]:
    found: dict[Node, Reach] = {}
    for node, reach in edges:
        found[node] = max(found.get(node, at_least), reach)
    return found


def _rule_edges(ready: CompiledStudy, rule: Rule, form: str) -> Iterator[Edge]:
    if rule.expr is not None:
        for read in rule.expr.reads:
            yield from _read_edges(ready, read, form)


def _read_edges(ready: CompiledStudy, read: Read, form: str) -> Iterator[Edge]:
    if read.kind == "item":
        yield from _value_edges(ready, form, read.item, Reach.FORM)
    elif read.kind == "form":
        far = Reach.SUBJECT if read.inside else _reach_between(ready, form, read.form)
        yield from _item_edges(ready, read.form, read.item, far)
    elif read.kind in ("event", "prev"):
        yield from _item_edges(ready, read.form or form, read.item, Reach.SUBJECT)
        yield from _only_one_edges(ready, read.event)
    elif read.kind in ("before", "baseline"):
        named = read.form or form
        yield from _item_edges(ready, named, read.item, Reach.SUBJECT)
        yield from _anywhere(_date_edges(ready, named))
        if read.kind == "baseline":
            yield (FACT, FIRST_DOSE), Reach.SUBJECT
        else:
            yield from _anywhere(_date_edges(ready, read.inside)) if read.inside else _date_edges(ready, form)
    elif read.kind == "rows":
        yield from _row_edges(ready, read.form, read.item)
    elif read.kind == "fact":
        yield (FACT, read.name), Reach.SUBJECT
    elif read.kind == "name" and read.name in (LAST_SEEN, KNOWN_DEAD):
        yield (FACT, LIFE + read.name), Reach.SUBJECT
    elif read.kind == "name" and read.name == "row_number":
        yield from _row_edges(ready, read.inside or form, "")


def _anywhere(edges: Iterable[Edge]) -> Iterator[Edge]:
    for node, _ in edges:
        yield node, Reach.SUBJECT


def _reach_between(ready: CompiledStudy, form: str, other: str) -> Reach:
    if form == other:
        return Reach.FORM
    homes = ready.homes.get(form, ())
    return Reach.EVENT if homes and all(ready.home(event, other) == event for event in homes) else Reach.SUBJECT


def _item_edges(ready: CompiledStudy, form: str, item: str, reach: Reach) -> Iterator[Edge]:
    """A value elsewhere. Where forms or rows repeat, it also depends on there being only one of them."""
    yield from _value_edges(ready, form, item, reach)
    plan = ready.forms.get(form)
    own = plan.laid_out.get(plain_item(item)) if plan is not None else None
    if plan is not None and (plan.form.repeat or (own is not None and own.repeat)):
        for entered in plan.entered:
            yield (form, entered), reach


def _value_edges(ready: CompiledStudy, form: str, item: str, reach: Reach) -> Iterator[Edge]:
    """A value; of ``ITEM#uln`` and its like the value, and what chooses the range that judged it."""
    if not item.endswith(LIMIT_MARKS):
        yield (form, item), reach
        return
    yield (form, plain_item(item)), reach
    if form in ready.forms:
        for node, far in (*_lab_edges(ready, form), *_date_edges(ready, form)):
            yield node, max(reach, far)
    for fact in FOR_RANGES:
        yield (FACT, fact), Reach.SUBJECT


def _only_one_edges(ready: CompiledStudy, event: str) -> Iterator[Edge]:
    """An added event is found by its name while there is only one: that depends on anything entered in it."""
    plan = ready.events.get(event)
    if plan is not None and plan.event.kind == "added":
        for form in plan.forms:
            for entered in ready.forms[form].entered if form in ready.forms else ():
                yield (form, entered), Reach.SUBJECT


def _row_edges(ready: CompiledStudy, form: str, item: str) -> Iterator[Edge]:
    """The instances of a form: which there are depends on anything entered on it, their order on its dates."""
    if item:
        yield from _value_edges(ready, form, item, Reach.SUBJECT)
        return
    if form in ready.forms:
        for entered in ready.forms[form].entered:
            yield (form, entered), Reach.SUBJECT
        yield from _anywhere(_date_edges(ready, form))


def _date_edges(ready: CompiledStudy, form: str) -> Iterator[Edge]:
    """Sources of the day of a form: its own date and that of its event."""
    plan = ready.forms.get(form)
    if plan is not None and plan.date is not None:
        yield (plan.date.form, plan.date.item), Reach.FORM if plan.date.form == form else Reach.EVENT
    for event in ready.homes.get(form, ()):
        date = ready.events[event].date
        if date is not None:
            yield (date.form, date.item), Reach.EVENT


def _lab_edges(ready: CompiledStudy, form: str) -> Iterator[Edge]:
    lab = ready.forms[form].lab_item if form in ready.forms else ""
    if lab:
        yield (form, lab), Reach.FORM


def _grade_edges(ready: CompiledStudy, plan: ItemPlan) -> Iterator[Edge]:
    yield (plan.form, plan.id), Reach.FORM
    yield from _lab_edges(ready, plan.form)
    yield from _date_edges(ready, plan.form)
    yield from _companion_edges(ready, plan)
    yield (BASELINE, plan.item.analyte), Reach.SUBJECT
    for fact in FOR_GRADES:
        yield (FACT, fact), Reach.SUBJECT


def _companion_edges(ready: CompiledStudy, plan: ItemPlan) -> Iterator[Edge]:
    """The second input of a criterion, on the form or elsewhere in the visit, and the day it was taken."""
    for other in companions(ready, plan):
        reach = Reach.FORM if other.form == plan.form else Reach.EVENT
        yield (other.form, other.id), reach
        for node, _ in _date_edges(ready, other.form):
            yield node, Reach.EVENT


def _baseline_edges(ready: CompiledStudy, analyte: str) -> Iterator[Edge]:
    for form in ready.forms.values():
        for plan in form.items.values():
            if plan.item.analyte == analyte:
                yield (form.form.id, plan.id), Reach.SUBJECT
                yield from _lab_edges(ready, form.form.id)
                yield from _date_edges(ready, form.form.id)
    for fact in FOR_GRADES:
        yield (FACT, fact), Reach.SUBJECT


def _groups_in_order(sources: dict[Node, dict[Node, Reach]]) -> Iterator[tuple[Node, ...]]:
    """Strongly connected parts of the computed nodes, sources first (Tarjan 1972, without recursion).

    The order is the same in every process, because computed values are written to the ledger in it.
    """
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    on_stack: set[Node] = set()
    for root in sources:
        if root in index:
            continue
        work: list[tuple[Node, Iterator[Node]]] = []
        _enter(root, sources, index, low, stack, on_stack, work)
        while work:
            node, rest = work[-1]
            for source in rest:
                if source not in index:
                    _enter(source, sources, index, low, stack, on_stack, work)
                    break
                if source in on_stack:
                    low[node] = min(low[node], index[source])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    yield _taken(node, stack, on_stack)


def _enter(
    node: Node,
    sources: dict[Node, dict[Node, Reach]],
    index: dict[Node, int],
    low: dict[Node, int],
    stack: list[Node],
    on_stack: set[Node],
    work: list[tuple[Node, Iterator[Node]]],
) -> None:
    index[node] = low[node] = len(index)
    stack.append(node)
    on_stack.add(node)
    work.append((node, iter(sorted(source for source in sources[node] if source in sources))))


def _taken(node: Node, stack: list[Node], on_stack: set[Node]) -> tuple[Node, ...]:
    group: list[Node] = []
    while True:
        at = stack.pop()
        on_stack.discard(at)
        group.append(at)
        if at == node:
            return tuple(reversed(group))
