"""Do the parts of an expression go together, and does it give what is needed where it stands? Asked at study check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from forms.expressions.nodes import Call, If, Node
from forms.expressions.tokens import ExpressionFault
from forms.expressions.types import AMOUNTS, ANY, DATE, NEEDED, TEXTS, TRUTH, Kinds, Types, said_of, worded
from forms.study.definition import Study, Variable

if TYPE_CHECKING:
    from forms.authoring.written import Written
    from forms.expressions.expression import Expr

CONDITIONS = frozenset({"holds", "show", "required", "expected", "when", "received", "evaluable"})
"""Fields whose expression must be able to be true or false."""

_DAYS = frozenset({"planned", "origin", "event", "censor", "safety_until", "not_before", "not_after"})
_AMOUNTS = frozenset({"cycle_given", "cycle_planned", "given", "doses", "before", "after"})


def type_faults(study: Study, types: Types, rule: Written, expr: Expr) -> Iterator[ExpressionFault]:
    """Parts that can never go together, then what the whole gives where something else is needed."""
    form = "" if rule.form is None else rule.form.id
    told = set()
    for wrong in types.faults(expr.node, form):
        told.add(wrong.column)
        yield wrong
    wanted = _wanted(study, rule)
    for leaf in _leaves(expr.node):
        given = types.kinds(leaf, form)
        if given and not given & wanted and leaf.column not in told:
            key = "no_condition" if wanted == TRUTH else "type_result"
            yield worded(key, leaf.column, given=said_of(given), wanted=said_of(wanted))


def _leaves(node: Node) -> Iterator[Node]:
    """The parts that may be the result of an expression: the branches of a choice, the arguments of coalesce."""
    if isinstance(node, If):
        yield from _leaves(node.one)
        yield from _leaves(node.other)
    elif isinstance(node, Call) and node.name == "coalesce":
        for argument in node.arguments:
            yield from _leaves(argument)
    else:
        yield node


def _wanted(study: Study, rule: Written) -> Kinds:
    """The kinds that are of use where an expression stands."""
    path = rule.path
    last = path[-1]
    if last in CONDITIONS:
        return TRUTH
    if last in _DAYS:
        return DATE
    if last in _AMOUNTS:
        return AMOUNTS
    if last == "derive" and rule.form is not None:
        group, place = path[3], path[5]
        if isinstance(group, int) and isinstance(place, int):
            return NEEDED.get(rule.form.groups[group].items[place].kind, ANY)
    if path[0] == "facts" and isinstance(path[1], int):
        return NEEDED.get(study.facts[path[1]].kind, ANY)
    return _analysed(study, rule) if path[0] == "analysis" else ANY


def _analysed(study: Study, rule: Written) -> Kinds:
    path, analysis = rule.path, study.analysis
    name, at = path[1], path[2]
    if not isinstance(at, int):
        return ANY
    if name == "milestones":
        return DATE
    if name == "historical":
        return TRUTH
    if name in ("responses", "divisions"):
        return TEXTS
    if name in ("baseline", "deaths"):
        return _of_variable(getattr(analysis, name)[at])
    if name == "outcomes" and isinstance(path[4], int):
        return _of_variable(analysis.outcomes[at].variables[path[4]])
    return ANY


def _of_variable(variable: Variable) -> Kinds:
    """A column without a code list may show anything, the day of death for one."""
    return ANY if variable.kind == "category" and not variable.codelist else NEEDED[variable.kind]
