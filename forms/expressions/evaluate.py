"""Tree -> closures: an expression is compiled once and then answers in microseconds, the same for the same scope.

Closures take a frame: the scope that answers for names, and the frame around it when they stand in an aggregate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from forms.expressions.nodes import (
    Aggregate,
    Arithmetic,
    Call,
    Comparison,
    Constant,
    FactOf,
    Here,
    If,
    Joined,
    Known,
    Membership,
    Moment,
    Name,
    Negative,
    Node,
    Not,
    Outer,
    SettingOf,
    There,
)
from forms.functions.general import FUNCTIONS
from forms.values.operators import (
    Operator,
    all_of,
    among,
    any_of,
    comparing,
    greatest,
    inverted,
    least,
    minus,
    negative,
    over,
    plus,
    settled,
    times,
    truth,
)


class Scope(Protocol):
    """Answers for names at one place of one subject. None is unknown."""

    def here(self, item: str) -> object | None:
        """ITEM of this form: of this row, or of the form's single group."""

    def other(self, event: str, number: int | None, form: str, item: str) -> object | None:
        """FORM.ITEM of this event (``event`` "") or of another, in cycle ``number`` when one is named."""

    def previous(self, form: str, item: str) -> object | None:
        """FORM.ITEM of the same event one cycle earlier."""

    def before(self, form: str, item: str) -> object | None:
        """The latest earlier-dated FORM.ITEM of any event."""

    def baseline(self, form: str, item: str) -> object | None:
        """The last FORM.ITEM before first dose."""

    def fact(self, name: str) -> object | None:
        """$name."""

    def setting(self, name: str) -> object | None:
        """The value of a study setting."""

    def name(self, word: str) -> object | None:
        """cycle, today, site, row_number, drug, ctcae, last_seen, known_dead."""

    def instances(self, form: str, event: str) -> Sequence[Scope]:
        """Every row or instance of a form (in ``event``, "" = any), ordered by form date, then event."""


class Scopes(NamedTuple):
    """A scope and the frame around it."""

    scope: Scope
    around: Scopes | None = None


Run = Callable[[Scopes], object | None]


def runner(node: Node) -> Run:
    """The node as a function of a frame."""
    match node:
        case Constant(value):
            return lambda frame: value
        case Here() | There() | Moment() | FactOf() | SettingOf() | Name():
            return _reference(node)
        case Arithmetic(sign, left, right):
            return _operation(_ARITHMETIC[sign], left, right)
        case Comparison(sign, left, right):
            return _operation(comparing(sign), left, right)
        case Negative(part) | Not(part) | Known(part) | Outer(part):
            return _of_one(node, runner(part))
        case Joined(word, parts):
            return _joined(word, parts)
        case Membership(part, options):
            return _membership(part, options)
        case If(condition, one, other):
            return _choice(condition, one, other)
        case Call(name, arguments):
            return _call(name, arguments)
    assert isinstance(node, Aggregate)
    return _aggregate(node)


_ARITHMETIC: dict[str, Operator] = {"+": plus, "-": minus, "*": times, "/": over}


def _reference(node: Node) -> Run:
    match node:
        case Here(item):
            return lambda frame: settled(frame.scope.here(item))
        case There(event, number, form, item):
            return lambda frame: settled(frame.scope.other(event, number, form, item))
        case Moment("prev", form, item):
            return lambda frame: settled(frame.scope.previous(form, item))
        case Moment("before", form, item):
            return lambda frame: settled(frame.scope.before(form, item))
        case Moment(_, form, item):
            return lambda frame: settled(frame.scope.baseline(form, item))
        case FactOf(name):
            return lambda frame: settled(frame.scope.fact(name))
        case SettingOf(name):
            return lambda frame: settled(frame.scope.setting(name))
    assert isinstance(node, Name)
    word = node.name
    return lambda frame: settled(frame.scope.name(word))


def _operation(operate: Operator, left: Node, right: Node) -> Run:
    one, other = runner(left), runner(right)
    return lambda frame: operate(one(frame), other(frame))


def _joined(word: str, parts: tuple[Node, ...]) -> Run:
    runs = [runner(part) for part in parts]
    join = all_of if word == "and" else any_of
    return lambda frame: join(truth(run(frame)) for run in runs)


def _membership(part: Node, options: tuple[Node, ...]) -> Run:
    run = runner(part)
    if all(isinstance(option, Constant) and isinstance(option.value, str) for option in options):
        codes = frozenset(option.value for option in options if isinstance(option, Constant))
        values = tuple(codes)

        def among_codes(frame: Scopes) -> bool | None:
            value = run(frame)
            return value in codes if isinstance(value, str) else among(value, values)

        return among_codes
    runs = [runner(option) for option in options]
    return lambda frame: among(run(frame), [option(frame) for option in runs])


def _choice(condition: Node, one: Node, other: Node) -> Run:
    run, run_one, run_other = runner(condition), runner(one), runner(other)

    def choose(frame: Scopes) -> object | None:
        answer = truth(run(frame))
        return None if answer is None else run_one(frame) if answer else run_other(frame)

    return choose


def _call(name: str, arguments: tuple[Node, ...]) -> Run:
    evaluate = FUNCTIONS[name].evaluate
    runs = [runner(argument) for argument in arguments]
    return lambda frame: settled(evaluate([run(frame) for run in runs]))


def _of_one(node: Node, run: Run) -> Run:
    match node:
        case Negative():
            return lambda frame: negative(run(frame))
        case Not():
            return lambda frame: inverted(truth(run(frame)))
        case Known(known=known):
            return lambda frame: (run(frame) is not None) is known
    return lambda frame: None if frame.around is None else run(frame.around)


def _aggregate(node: Aggregate) -> Run:
    part = runner(node.part)
    condition = runner(node.condition) if node.condition is not None else None
    form, event, which = node.form, node.event, node.which

    def frames(frame: Scopes) -> list[Scopes]:
        return [Scopes(scope, frame) for scope in frame.scope.instances(form, event)]

    if which in ("any", "all"):
        return _quantifier(which, part, condition, frames)
    combine = _COMBINED[which]

    def combined(frame: Scopes) -> object | None:
        inner = frames(frame)
        if condition is not None:
            inner = [row for row in inner if condition(row) is True]
        return combine([part(row) for row in inner])

    return combined


def _quantifier(which: str, part: Run, condition: Run | None, frames: Callable[[Scopes], list[Scopes]]) -> Run:
    """``any``: condition and part at some row; ``all``: part at every row where the condition holds; both Kleene."""

    def one(row: Scopes) -> bool | None:
        answer = truth(part(row))
        if condition is None:
            return answer
        chosen = truth(condition(row))
        return all_of((chosen, answer)) if which == "any" else any_of((inverted(chosen), answer))

    join = any_of if which == "any" else all_of
    return lambda frame: join(one(row) for row in frames(frame))


def _sum(values: list[object | None]) -> object | None:
    total: object | None = _ZERO
    for value in values:
        total = plus(total, value)
        if total is None:
            return None
    return total


def _known(values: list[object | None]) -> list[object]:
    return [value for value in values if value is not None]


_ZERO = settled(0)
_COMBINED: dict[str, Callable[[list[object | None]], object | None]] = {
    "sum": _sum,
    "min": lambda values: least(_known(values)),
    "max": lambda values: greatest(_known(values)),
    "count": lambda values: settled(sum(value is not None and value is not False for value in values)),
    "first": lambda values: next(iter(_known(values)), None),
    "last": lambda values: next(reversed(_known(values)), None),
}
