"""The kind of value of each part of an expression, as far as a study tells; used when a definition is checked.

Running an expression never asks: kinds that have nothing in common are unknown there, for ever and without a word. So
an author hears of them here. Kinds are ``truth number date clock codes word figure``; a word is a text that is never
written as a number, a figure one that may be (a free text, a code list with the code ``2``).
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from functools import cache
from typing import Union, get_args, get_origin, get_type_hints

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
    parts_of,
    written,
)
from forms.expressions.tokens import ExpressionFault, fault
from forms.functions.formula import Argument
from forms.functions.general import FUNCTIONS
from forms.place import FLAG_MARK, GRADE_MARK, LIMIT_MARKS, plain_item
from forms.study.definition import CodeList, Study
from forms.study.names import KNOWN_DEAD, LAST_SEEN
from forms.values.censored import Censored
from forms.values.dates import PartialDate

Kinds = frozenset[str]

ANY: Kinds = frozenset({"truth", "number", "date", "clock", "codes", "word", "figure"})
"""Can't be told, or may be anything."""
TRUTH: Kinds = frozenset({"truth"})
NUMBER: Kinds = frozenset({"number"})
DATE: Kinds = frozenset({"date"})
TEXTS: Kinds = frozenset({"clock", "word", "figure"})
AMOUNTS: Kinds = frozenset({"number", "figure"})
NOTHING: Kinds = frozenset()

_OF_KIND: dict[str, Kinds] = {
    "number": NUMBER,
    "integer": NUMBER,
    "date": DATE,
    "datetime": DATE,
    "time": frozenset({"clock"}),
    "text": frozenset({"figure"}),
    "long": frozenset({"figure"}),
    "codes": frozenset({"codes"}),
}
_NAMES: dict[str, Kinds] = {
    "cycle": NUMBER,
    "row_number": NUMBER,
    "today": DATE,
    LAST_SEEN: DATE,
    KNOWN_DEAD: TRUTH,
}
_TAKEN: dict[str, Kinds] = {
    "number": AMOUNTS,
    "amount": AMOUNTS,
    "date": DATE,
    "yes": TRUTH | {"word", "figure"},
    "text": TEXTS,
    "sex": TEXTS,
    "any": ANY,
}


NEEDED: dict[str, Kinds] = {
    "number": AMOUNTS,
    "integer": AMOUNTS,
    "date": DATE,
    "datetime": DATE,
    "time": TEXTS,
    "code": TEXTS | TRUTH | {"number", "codes"},
    "codes": TEXTS | {"codes"},
    "category": TEXTS | TRUTH | {"number"},
    "yes": TRUTH,
}
"""Kinds that are of use for an item, a fact or a variable of a kind; any for the others."""


class KindWords(str):
    """The key of the words for a kind of value."""

    __slots__ = ()


class Types:
    """Kinds of the parts of expressions of one study."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.facts: dict[str, Kinds] = {}

    def kinds(self, node: Node, form: str, around: tuple[str, ...] = ()) -> Kinds:
        """The kinds of a node that stands at a form ("" for none) within the aggregates whose forms are ``around``."""
        match node:
            case Constant(value):
                return _of_constant(value)
            case Here(item):
                return self._item(form, item)
            case There(_, _, of_form, item) | Moment(_, of_form, item):
                return self._item(of_form, item)
            case FactOf(name):
                return self._fact(name)
            case SettingOf(name):
                setting = self.study.setting_by_id.get(name)
                return ANY if setting is None else _OF_KIND.get(setting.kind, frozenset({"figure"}))
            case Name(name):
                return _NAMES.get(name, frozenset({"figure"}))
            case Negative():
                return NUMBER
            case Comparison() | Membership() | Known() | Not() | Joined():
                return TRUTH
        return self._composed(node, form, around)

    def _composed(self, node: Node, form: str, around: tuple[str, ...]) -> Kinds:
        match node:
            case Arithmetic(sign, left, right):
                return _worked_out(sign, self.kinds(left, form, around), self.kinds(right, form, around)) or ANY
            case If(_, one, other):
                return self.kinds(one, form, around) | self.kinds(other, form, around)
            case Call(name, arguments):
                given = NOTHING.union(*(self.kinds(argument, form, around) for argument in arguments))
                return _result(name) or given
            case Aggregate(which, part, of_form):
                if which in ("any", "all"):
                    return TRUTH
                return NUMBER if which in ("sum", "count") else self.kinds(part, of_form, (*around, form))
        assert isinstance(node, Outer)  # the last there is
        return self.kinds(node.part, around[-1], around[:-1]) if around else ANY

    def _item(self, form: str, item: str) -> Kinds:
        found = self.study.form_by_id.get(form)
        plan = found.items.get(plain_item(item)) if found is not None else None
        if plan is None:
            return ANY
        if item.endswith(LIMIT_MARKS):
            return frozenset({"word"}) if item.endswith(FLAG_MARK) else NUMBER
        if item.endswith(GRADE_MARK):
            return frozenset({"word"})
        if plan.kind == "code":
            return _of_list(self.study.codelist_by_id.get(plan.codelist))
        return _OF_KIND[plan.kind]

    def _fact(self, name: str) -> Kinds:
        """The kinds of a fact's own expression; any where that is at fault itself, which is reported there."""
        if name not in self.facts:
            from forms.expressions.expression import parse

            fact = self.study.fact_by_id.get(name)
            self.facts[name] = ANY
            if fact is not None:
                with suppress(ExpressionFault):
                    given = self.kinds(parse(fact.value).node, "")
                    self.facts[name] = given if given & NEEDED.get(fact.kind, ANY) else ANY
        return self.facts[name]

    # --- faults ---------------------------------------------------------------------------------------------------

    def faults(self, node: Node, form: str, around: tuple[str, ...] = ()) -> Iterator[ExpressionFault]:
        """Every part of an expression whose kinds can never go together, in reading order."""
        yield from self._own_faults(node, form, around)
        inner, inner_around = form, around
        if isinstance(node, Aggregate):
            inner, inner_around = node.form, (*around, form)
        elif isinstance(node, Outer) and around:
            inner, inner_around = around[-1], around[:-1]
        for part in parts_of(node):
            yield from self.faults(part, inner, inner_around)

    def _own_faults(self, node: Node, form: str, around: tuple[str, ...]) -> Iterator[ExpressionFault]:
        match node:
            case Joined(_, parts):
                for part in parts:
                    yield from self._condition(part, form, around)
            case Not(part) | If(part, _, _):
                yield from self._condition(part, form, around)
            case Aggregate(which, part, of_form, _, condition):
                yield from self._aggregate(which, part, of_form, condition, (*around, form))
            case Comparison(sign, left, right):
                yield from self._compared(sign, left, right, form, around)
            case Membership(part, options):
                for option in options:
                    yield from self._compared("=", part, option, form, around)
            case Arithmetic(sign, left, right):
                one, other = self.kinds(left, form, around), self.kinds(right, form, around)
                if one and other and not _worked_out(sign, one, other):
                    values = {"left": said_of(one), "right": said_of(other), "sign": sign}
                    yield worded("type_sum", node.column, **values)
            case Call(name, arguments):
                yield from self._arguments(node, name, arguments, form, around)

    def _condition(self, node: Node, form: str, around: tuple[str, ...]) -> Iterator[ExpressionFault]:
        kinds = self.kinds(node, form, around)
        if kinds and not kinds & TRUTH:
            yield fault("no_condition", node.column)

    def _aggregate(
        self, which: str, part: Node, form: str, condition: Node | None, around: tuple[str, ...]
    ) -> Iterator[ExpressionFault]:
        if condition is not None:
            yield from self._condition(condition, form, around)
        if which in ("any", "all"):
            yield from self._condition(part, form, around)
        elif which == "sum":
            kinds = self.kinds(part, form, around)
            if kinds and not kinds & AMOUNTS:
                yield worded("type_total", part.column, given=said_of(kinds))

    def _compared(
        self, sign: str, left: Node, right: Node, form: str, around: tuple[str, ...]
    ) -> Iterator[ExpressionFault]:
        one, other = self.kinds(left, form, around), self.kinds(right, form, around)
        if not one or not other or any(_comparable(sign, a, b) for a in one for b in other):
            return
        values = {"left": said_of(one), "right": said_of(other), "one": _short(left), "other": _short(right)}
        day = next((each for each in (left, right) if isinstance(each, Constant) and isinstance(each.value, str)), None)
        if day is not None and DATE in (one, other):
            yield worded("type_day", left.column, text=day.value if isinstance(day, Constant) else "")
        else:
            yield worded("type_compared", left.column, **values)

    def _arguments(
        self, node: Node, name: str, arguments: tuple[Node, ...], form: str, around: tuple[str, ...]
    ) -> Iterator[ExpressionFault]:
        takes = FUNCTIONS[name].arguments
        for at, argument in enumerate(arguments):
            wanted = takes[min(at, len(takes) - 1)]
            given = self.kinds(argument, form, around)
            if given and not given & _TAKEN[wanted.kind]:
                values = {"given": said_of(given), "wanted": _wanted(wanted), "part": _short(argument)}
                yield worded("type_argument", argument.column, name=name, argument=wanted.name, **values)


def worded(key: str, column: int, **values: object) -> ExpressionFault:
    """A fault some of whose values are words for kinds."""
    from forms.texts import LANGUAGES, say

    message = {}
    for language in LANGUAGES:
        words = {
            name: say(language, value) if isinstance(value, KindWords) else value for name, value in values.items()
        }
        message[language] = say(language, f"expr.{key}", **words)
    return ExpressionFault(message, column)


def said_of(kinds: Kinds) -> KindWords:
    """The words for some kinds."""
    for kind in ("truth", "number", "date", "clock", "codes"):
        if kinds == {kind}:
            return KindWords(f"expr.kind_{kind}")
    if kinds == AMOUNTS:
        return KindWords("expr.kind_number")
    return KindWords("expr.kind_text" if kinds <= TEXTS or kinds >= TEXTS else "expr.kind_mixed")


def _wanted(argument: Argument) -> KindWords:
    key = {"amount": "number", "yes": "truth", "sex": "text"}.get(argument.kind, argument.kind)
    return KindWords(f"expr.kind_{key}")


def _short(node: Node) -> str:
    text = written(node)
    return text if len(text) <= 40 else text[:39] + "…"


def _of_constant(value: object) -> Kinds:
    if isinstance(value, bool):
        return TRUTH
    if isinstance(value, Decimal):
        return NUMBER
    if isinstance(value, PartialDate):
        return DATE
    if not isinstance(value, str):
        return NOTHING
    if _is_number(value):
        return frozenset({"figure"})
    return frozenset({"word", "clock"}) if len(value) == 5 and value[2:3] == ":" else frozenset({"word"})


def _is_number(text: str) -> bool:
    from forms.values.kinds import as_amount

    return as_amount(text) is not None


def _of_list(codelist: CodeList | None) -> Kinds:
    if codelist is None:
        return TEXTS
    return frozenset({"figure"}) if any(map(_is_number, codelist.labels)) else frozenset({"word"})


def _comparable(sign: str, one: str, other: str) -> bool:
    pair = {one, other}
    if one == other:
        return sign in ("=", "!=") or one in ("number", "date", "clock", "figure")
    if sign in ("=", "!="):
        return pair <= TEXTS or pair <= AMOUNTS or ("codes" in pair and bool(pair & TEXTS))
    return pair <= AMOUNTS or pair == {"clock", "figure"}


def _worked_out(sign: str, one: Kinds, other: Kinds) -> Kinds:
    """The kinds of a sum, difference, product or quotient; none when it never can be."""
    found = set()
    if one & AMOUNTS and other & AMOUNTS:
        found.add("number")
    if sign == "+" and ((one & DATE and other & AMOUNTS) or (other & DATE and one & AMOUNTS)):
        found.add("date")
    if sign == "-" and one & DATE:
        found |= {"date"} if other & AMOUNTS else set()
        found |= {"number"} if other & DATE else set()
    return frozenset(found)


@cache
def _result(name: str) -> Kinds:
    """The kinds a function gives by its annotation; none when they follow from its arguments."""
    hint = get_type_hints(FUNCTIONS[name].call).get("return", object)
    parts = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    kinds: set[str] = set()
    for part in parts:
        if part is object:
            return NOTHING
        if part is bool:
            kinds.add("truth")
        elif part in (Decimal, Censored, int):
            kinds.add("number")
        elif part is PartialDate:
            kinds.add("date")
        elif part is str:
            kinds |= {"word", "figure"}
        elif part is not type(None):
            kinds.add("codes")
    return frozenset(kinds)
