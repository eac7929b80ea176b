"""Every expression of a definition: that it parses, that its names and codes exist, that nothing needs itself."""

from __future__ import annotations

from collections.abc import Iterator

from forms.authoring.types import type_faults
from forms.authoring.written import Written, written_rules
from forms.authoring.yaml_source import Path_, Source
from forms.expressions.expression import Expr, ExpressionFault, parse
from forms.expressions.names import check_names
from forms.expressions.nodes import (
    Aggregate,
    Call,
    Comparison,
    Constant,
    FactOf,
    Here,
    If,
    Membership,
    Moment,
    Node,
    Outer,
    Read,
    There,
    parts_of,
)
from forms.expressions.types import Types
from forms.place import FLAG_MARK, LIMIT_MARKS, plain_item
from forms.study.definition import Code, CodeList, Item, Study
from forms.subject.limits import FLAGS
from forms.texts import say

_FLAGS = CodeList(f"{FLAG_MARK}: {', '.join(FLAGS)}", {}, tuple(Code(name, {}) for name in FLAGS))


def check_rules(study: Study, source: Source) -> None:
    """Note every fault of the study's expressions."""
    parsed: list[tuple[Written, Expr]] = []
    for rule in written_rules(study):
        if not rule.text.strip():
            if rule.needed:
                source.complain(rule.path, "expression_empty", where=rule.path[-1])
            continue
        try:
            parsed.append((rule, parse(rule.text)))
        except ExpressionFault as wrong:
            _note(source, rule, wrong)
    types = Types(study)
    for rule, expr in parsed:
        for name_fault in _name_faults(study, rule, expr):
            _note(source, rule, name_fault)
        _check_codes(study, source, rule, expr)
        for type_fault in type_faults(study, types, rule, expr):
            _note(source, rule, type_fault)
        if rule.path[-1] == "holds" and "checks" in rule.path and not expr.reads:
            source.complain(rule.path, "check_constant", id=rule.text)
    _check_cycles(study, source, parsed)


def _note(source: Source, rule: Written, wrong: ExpressionFault) -> None:
    where = rule.path[-1]
    text = {
        language: say(language, "load.expression", where=where, problem=problem, column=wrong.column)
        for language, problem in wrong.message.items()
    }
    source.complain_at(*source.place(rule.path), text)


def _name_faults(study: Study, rule: Written, expr: Expr) -> Iterator[ExpressionFault]:
    """Names that do not exist, asked at every event where the expression will run; each fault once."""
    form = rule.form
    if form is None:
        events = [rule.event]
    else:
        events = [event.id for event in study.events if any(entry.form == form.id for entry in event.forms)] or [""]
    told: set[tuple[int, str]] = set()
    for event in events:
        for wrong in check_names(expr, study, None if form is None else form.id, event or None):
            mark = (wrong.column, wrong.message.get("en", ""))
            if mark not in told:
                told.add(mark)
                yield wrong


def _check_codes(study: Study, source: Source, rule: Written, expr: Expr) -> None:
    """Note codes that an expression compares with, or gives, and that the list does not have."""
    for asked, text in _compared(study, expr.node, "" if rule.form is None else rule.form.id):
        if text not in asked.labels:
            source.complain(rule.path, "code_unknown", code=text, codelist=asked.id, item=rule.path[-1])
    given = study.codelist_by_id.get(rule.gives)
    if given is not None:
        for text in _given(expr.node):
            if text not in given.labels:
                source.complain(rule.path, "code_unknown", code=text, codelist=given.id, item=rule.path[-1])


def _compared(study: Study, node: Node, form: str, around: tuple[str, ...] = ()) -> Iterator[tuple[CodeList, str]]:
    """Texts compared with something that has a code list."""
    match node:
        case Comparison("=" | "!=", left, right):
            yield from _texts_against(study, left, (right,), form)
            yield from _texts_against(study, right, (left,), form)
        case Membership(part, options):
            yield from _texts_against(study, part, options, form)
    if isinstance(node, Aggregate):
        form, around = node.form, (*around, form)
    elif isinstance(node, Outer) and around:
        form, around = around[-1], around[:-1]
    for part in parts_of(node):
        yield from _compared(study, part, form, around)


def _texts_against(study: Study, node: Node, others: tuple[Node, ...], form: str) -> Iterator[tuple[CodeList, str]]:
    is_flag = isinstance(node, Here | There | Moment) and node.item.endswith(FLAG_MARK)
    codelist = _FLAGS if is_flag else study.codelist_by_id.get(_codelist_of(study, node, form))
    if codelist is not None:
        for other in others:
            if isinstance(other, Constant) and isinstance(other.value, str):
                yield codelist, other.value


def _codelist_of(study: Study, node: Node, form: str) -> str:
    """Id of the code list whose codes a node gives, "" when it gives none or can't be told."""
    match node:
        case Here(item):
            return _item_codelist(study, form, item)
        case There(_, _, of_form, item) | Moment(_, of_form, item):
            return _item_codelist(study, of_form, item)
        case FactOf(name):
            return study.fact_by_id[name].codelist if name in study.fact_by_id else ""
        case Call("coalesce", arguments):
            spoken = (argument for argument in arguments if not isinstance(argument, Constant))
            lists = {_codelist_of(study, argument, form) for argument in spoken}
            return lists.pop() if len(lists) == 1 else ""
    return ""


def _item_codelist(study: Study, form: str, item: str) -> str:
    found: Item | None = study.form_by_id[form].items.get(item) if form in study.form_by_id else None
    return "" if found is None or found.kind == "codes" else found.codelist


def _given(node: Node) -> Iterator[str]:
    """Texts that an expression may give as its result."""
    match node:
        case Constant(value) if isinstance(value, str):
            yield value
        case If(_, one, other):
            yield from _given(one)
            yield from _given(other)
        case Call("coalesce", arguments):
            for argument in arguments:
                yield from _given(argument)


Need = tuple[str, str]


def _check_cycles(study: Study, source: Source, parsed: list[tuple[Written, Expr]]) -> None:
    """Note worked-out items and facts that need each other at the same time."""
    needs: dict[Need, set[Need]] = {}
    paths: dict[Need, Path_] = {}
    for rule, expr in parsed:
        owner = _owner(study, rule)
        if owner is not None:
            needs[owner] = {need for read in expr.reads for need in _needs(read, owner[0])}
            paths[owner] = rule.path
    for ring in _rings(needs):
        first = min(ring, key=lambda node: source.place(paths[node]))
        names = ", ".join(sorted(f"${name}" if form == "$" else f"{form}.{name}" for form, name in ring))
        source.complain(paths[first], "derive_cycle", names=names)


def _owner(study: Study, rule: Written) -> Need | None:
    """The item or fact an expression works out."""
    if rule.path[0] == "facts" and isinstance(rule.path[1], int):
        return "$", study.facts[rule.path[1]].id
    if rule.path[-1] == "derive" and rule.form is not None:
        group, item = rule.path[3], rule.path[5]
        if isinstance(group, int) and isinstance(item, int):
            return rule.form.id, rule.form.groups[group].items[item].id
    return None


def _needs(read: Read, form: str) -> Iterator[Need]:
    """Items that must be computed first. Earlier times (prev, before, baseline) and named cycles are another time."""
    if read.kind == "fact":
        yield "$", read.name
        return
    item = plain_item(read.item) if read.item.endswith(LIMIT_MARKS) else read.item
    if read.kind == "item":
        yield form, item
    elif read.kind in ("form", "event", "rows") and item and read.number is None:
        yield read.form, item


def _rings(needs: dict[Need, set[Need]]) -> Iterator[frozenset[Need]]:
    """Groups of nodes that reach each other, and nodes that reach themselves; small graphs, so plainly."""
    reach = {node: _reached(needs, node) for node in needs}
    told: set[Need] = set()
    for node in sorted(needs):
        if node in told or node not in reach[node]:
            continue
        ring = frozenset({node} | {other for other in reach[node] if other in reach and node in reach[other]})
        told |= ring
        yield ring


def _reached(needs: dict[Need, set[Need]], start: Need) -> set[Need]:
    seen: set[Need] = set()
    waiting = list(needs[start])
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting.extend(needs.get(node, ()))
    return seen
