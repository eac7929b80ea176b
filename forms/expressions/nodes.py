"""The tree of an expression: what each part is, what it reads, and how it is written out again.

Nodes are compared by what they say; the column where a part stood in the text does not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from forms.values.dates import PartialDate

ReadKind = Literal["item", "form", "event", "prev", "before", "baseline", "rows", "fact", "setting", "name"]


@dataclass(frozen=True, slots=True)
class Read:
    """One thing an expression looks at, known without running it.

    ``item``: ITEM of the same form (and row). ``form``: FORM.ITEM of the same event. ``event``:
    EVENT[number].FORM.ITEM. ``prev``, ``before``, ``baseline``: FORM.ITEM at those times. ``rows``: ITEM of any
    instance of FORM (of EVENT); with item "" the instances themselves. ``fact``, ``setting``, ``name``: by ``name``.
    ``inside`` is the form whose instances the read is relative to when it stands in an aggregate, "" at the place.
    """

    kind: ReadKind
    event: str = ""
    form: str = ""
    item: str = ""
    name: str = ""
    number: int | None = None
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression and the column (from 1) where it begins."""

    column: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A number, text, true, false, date or (None) unknown."""

    value: Decimal | str | bool | PartialDate | None


@dataclass(frozen=True, slots=True)
class Here(Node):
    """ITEM: this form, this row."""

    item: str


@dataclass(frozen=True, slots=True)
class There(Node):
    """FORM.ITEM, EVENT.FORM.ITEM or EVENT[n].FORM.ITEM."""

    event: str
    number: int | None
    form: str
    item: str


@dataclass(frozen=True, slots=True)
class Moment(Node):
    """prev, before or baseline of FORM.ITEM."""

    which: Literal["prev", "before", "baseline"]
    form: str
    item: str


@dataclass(frozen=True, slots=True)
class FactOf(Node):
    """$name."""

    name: str


@dataclass(frozen=True, slots=True)
class SettingOf(Node):
    """setting('id')."""

    name: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A word of the language: cycle, today, site, row_number, drug, ctcae, last_seen, known_dead."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """-x."""

    part: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """x + y, x - y, x * y, x / y."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """x = y and its like."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Membership(Node):
    """x in (a, b)."""

    part: Node
    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Known(Node):
    """x is known, x is unknown."""

    part: Node
    known: bool


@dataclass(frozen=True, slots=True)
class Not(Node):
    """not x."""

    part: Node


@dataclass(frozen=True, slots=True)
class Joined(Node):
    """Conditions joined by and, or by or."""

    word: Literal["and", "or"]
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """if condition then one else other."""

    condition: Node
    one: Node
    other: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A named function."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """sum(part over FORM in EVENT where condition) and its like."""

    which: str
    part: Node
    form: str
    event: str
    condition: Node | None


@dataclass(frozen=True, slots=True)
class Outer(Node):
    """outer(reference): back out of the aggregate."""

    part: Node


def parts_of(node: Node) -> tuple[Node, ...]:
    """The parts a node is made of."""
    match node:
        case Negative(part) | Known(part) | Not(part) | Outer(part):
            return (part,)
        case Arithmetic(_, left, right) | Comparison(_, left, right):
            return (left, right)
        case Membership(part, options):
            return (part, *options)
        case Joined(_, parts) | Call(_, parts):
            return parts
        case If(condition, one, other):
            return (condition, one, other)
        case Aggregate(part=part, condition=condition):
            return (part,) if condition is None else (part, condition)
    return ()


def may_decide(node: Node) -> bool:
    """Whether the node can be true or false at all; an item, a sum, a number or a text never is."""
    if isinstance(node, Constant):
        return node.value is None or isinstance(node.value, bool)
    if isinstance(node, If):
        return may_decide(node.one) or may_decide(node.other)
    return not isinstance(node, Here | There | Moment | Arithmetic | Negative)


def reads_of(node: Node, inside: tuple[tuple[str, str], ...] = ()) -> Iterator[tuple[Read, int]]:
    """Every read of a tree with its column. ``inside``: form and event of the aggregates around it, innermost last."""
    form = inside[-1][0] if inside else ""
    match node:
        case Here(item) if inside:
            yield Read("rows", event=inside[-1][1], form=form, item=item), node.column
        case Here(item):
            yield Read("item", item=item), node.column
        case There(event, number, of_form, item):
            kind: ReadKind = "event" if event else "form"
            yield Read(kind, event=event, form=of_form, item=item, number=number, inside=form), node.column
        case Moment(which, of_form, item):
            yield Read(which, form=of_form, item=item, inside=form), node.column
        case FactOf(name):
            yield Read("fact", name=name), node.column
        case SettingOf(name):
            yield Read("setting", name=name), node.column
        case Name(name):
            yield Read("name", name=name, inside=form), node.column
        case Aggregate(form=of_form, event=event):
            yield Read("rows", event=event, form=of_form), node.column
            inside = (*inside, (of_form, event))
        case Outer():
            inside = inside[:-1]
    for part in parts_of(node):
        yield from reads_of(part, inside)


def written(node: Node) -> str:
    """The expression written out; parsing it gives the same tree."""
    match node:
        case Constant(value):
            return _written_literal(value)
        case Here(item):
            return item
        case There(event, number, form, item):
            place = f"{event}[{number}]." if number is not None else f"{event}." if event else ""
            return f"{place}{form}.{item}"
        case Moment(which, form, item):
            return f"{which}({form}.{item})"
        case FactOf(name):
            return f"${name}"
        case SettingOf(name):
            return f"setting({_written_literal(name)})"
        case Name(name):
            return name
        case Outer(part):
            return f"outer({written(part)})"
        case Call(name, arguments):
            return f"{name}({', '.join(map(written, arguments))})"
        case Aggregate(which, part, form, event, condition):
            place = f" in {event}" if event else ""
            where = f" where {written(condition)}" if condition is not None else ""
            return f"{which}({written(part)} over {form}{place}{where})"
    return _written_operation(node)


def _written_operation(node: Node) -> str:
    match node:
        case Negative(part):
            return f"-{_inner(part)}"
        case Arithmetic(sign, left, right) | Comparison(sign, left, right):
            return f"{_inner(left)} {sign} {_inner(right)}"
        case Membership(part, options):
            return f"{_inner(part)} in ({', '.join(map(written, options))})"
        case Known(part, known):
            return f"{_inner(part)} is {'known' if known else 'unknown'}"
        case Not(part):
            return f"not {_inner(part)}"
        case Joined(word, parts):
            return f" {word} ".join(map(_inner, parts))
    assert isinstance(node, If)
    return f"if {written(node.condition)} then {written(node.one)} else {written(node.other)}"


def _inner(node: Node) -> str:
    text = written(node)
    loose = Negative | Arithmetic | Comparison | Membership | Known | Not | Joined | If
    return f"({text})" if isinstance(node, loose) else text


def _written_literal(value: Decimal | str | bool | PartialDate | None) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, PartialDate):
        return f"date('{value.canonical}')"
    if isinstance(value, Decimal):
        return f"{value:f}"
    doubled = value.replace("'", "''")
    return f"'{doubled}'"
