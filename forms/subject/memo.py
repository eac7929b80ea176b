"""What was worked out about a frozen subject, and how much of it still holds after some values changed.

Only what the dependency graph says can't have changed is carried over. Facts and baselines that may have changed are
kept aside as stale, so that `forms.sheet.follow` can see whether they really did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from forms.compiled.graph import Node, graph_of
from forms.compiled.study import CompiledStudy
from forms.place import FormKey, Place
from forms.subject.filled import Filled, Spot
from forms.value import Value

Instance = tuple[FormKey, str, str]
"""(form, row group, row): what an aggregate walks over."""

Dated = tuple[date, int, FormKey, str]
"""A known value in time: its day, its order within the day, its form and row."""

NOT_KNOWN = object()
"""Stands for "nobody had asked before"."""


@dataclass(slots=True)
class Memo:
    """What was worked out so far. Dictionaries are shared between subjects for whom the answers are the same."""

    filled: dict[FormKey, Filled] | None = None
    keys: tuple[FormKey, ...] | None = None
    keys_of: dict[str, tuple[FormKey, ...]] = field(default_factory=dict)
    seen: dict[str, tuple[FormKey, ...]] = field(default_factory=dict)
    numbers: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    days: dict[FormKey, date | None] = field(default_factory=dict)
    known: dict[Node, Any] = field(default_factory=dict)
    stale: dict[Node, Any] = field(default_factory=dict)
    timelines: dict[tuple[str, str], list[Dated]] = field(default_factory=dict)
    instances: dict[tuple[str, str], list[Instance]] = field(default_factory=dict)
    asking: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    """Facts being worked out, the innermost last; and those that asked what day it is ("": a rule outside any fact)."""
    applies: dict[tuple[FormKey, str, str], bool] = field(default_factory=dict)
    views: dict[str, tuple[Any, dict[Place, Value]]] = field(default_factory=dict)
    """The subject as other versions of the study see it, by name, each with the changes it has not taken over yet."""
    bare: int = 0
    circles: int = 0
    """Which fields and forms apply; from how deep in facts values are looked at whatever applies (from 1; 0: nowhere);
    how often a fact asked for itself."""

    @property
    def is_bare(self) -> bool:
        """Whether values are looked at whatever applies; never by a fact asked meanwhile, whose answer is kept."""
        return self.bare == len(self.asking) + 1


def kept_after(
    ready: CompiledStudy, old: Memo, before: dict[FormKey, Filled], blank: Filled, changes: Mapping[Place, Value]
) -> Memo:
    """The memo of the subject after ``changes``; ``before`` its forms so far, ``blank`` any form without values."""
    by_form: dict[FormKey, dict[Spot, Value]] = {}
    for place, value in changes.items():
        by_form.setdefault(place.form_key, {})[(place.row, place.item)] = value
    filled = dict(before)
    started_differs = rows_differ = grown = False
    for key, spots in by_form.items():
        was = before.get(key) or Filled(key, ready.forms.get(key.form, blank.plan), {})
        now = filled[key] = was.changed(spots)
        started_differs |= was.started != now.started
        grown |= key not in before
        rows_differ |= bool(now.plan.row_groups)
    nodes = {(place.form, place.item) for place in changes}
    graph = graph_of(ready)
    fallen = graph.known_after(nodes)
    dates_differ = bool(nodes & graph.date_nodes)
    shows_differ = graph.shows_after(nodes)
    memo = Memo(filled=filled)
    memo.views = {name: (view, {**waiting, **changes}) for name, (view, waiting) in old.views.items()}
    if not grown:
        memo.seen, memo.numbers = old.seen, old.numbers
    if not started_differs and not grown:
        memo.keys, memo.keys_of = old.keys, old.keys_of
    if not shows_differ:
        memo.applies = old.applies
    if not dates_differ:
        memo.days = old.days
    if not dates_differ and not shows_differ:
        forms = {key.form for key in by_form}
        _keep_lines(memo, old, nodes, forms, started=started_differs, rows=rows_differ)
    memo.known = {node: value for node, value in old.known.items() if node not in fallen}
    memo.stale = {**{node: value for node, value in old.known.items() if node in fallen}, **old.stale}
    return memo


def _keep_lines(memo: Memo, old: Memo, nodes: set[Node], forms: set[str], *, started: bool, rows: bool) -> None:
    """Carry over the timelines and instances that hold: neither a day nor what applies has changed."""
    memo.timelines = {
        at: line for at, line in old.timelines.items() if at not in nodes and not (started and at[0] in forms)
    }
    if not started:
        memo.instances = {at: found for at, found in old.instances.items() if not rows or at[0] not in forms}
