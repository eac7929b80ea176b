"""Text -> tree: the grammar of docs/expressions.md, read by recursive descent.

A text that is not an expression raises `ExpressionFault` with words in every language and the column. Nesting and
length are limited, so that no text can exhaust the stack.
"""

from __future__ import annotations

from decimal import Decimal
from difflib import get_close_matches
from typing import Literal, cast

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
    may_decide,
    parts_of,
)
from forms.expressions.tokens import ExpressionFault, Token, fault, tokens_of
from forms.functions.general import FUNCTIONS
from forms.values.dates import read_date

AGGREGATES = ("sum", "min", "max", "count", "any", "all", "first", "last")
MOMENTS = ("prev", "before", "baseline")
NAMES = ("cycle", "today", "site", "row_number", "drug", "ctcae", "last_seen", "known_dead")
WORDS = frozenset(
    {"if", "then", "else", "and", "or", "not", "in", "is", "known", "unknown", "true", "false", "over", "where"}
)

DEEPEST = 40
"""How many parentheses, calls or conditions may stand inside each other."""
TALLEST = 160
"""How many operations may hang on each other, as in a long sum."""
_COMPARING = ("=", "!=", "<", "<=", ">", ">=")


class Parser:
    """Reads one text; the state is where it stands, how deep, and which aggregates are around."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens_of(text)
        self.at = 0
        self.depth = 0
        self.forms: list[str] = []

    @property
    def token(self) -> Token:
        """The piece to be read next."""
        return self.tokens[self.at]

    def sees(self, *texts: str) -> bool:
        """Whether the next piece is one of these signs or words."""
        token = self.token
        return token.kind in ("sign", "word") and token.text in texts

    def taken(self) -> Token:
        """The next piece, passed over."""
        token = self.token
        self.at += token.kind != "end"
        return token

    def passed(self, *texts: str) -> bool:
        """Pass over one of these, if it is next."""
        if self.sees(*texts):
            self.at += 1
            return True
        return False

    def needs(self, text: str) -> None:
        """Pass over this piece or refuse."""
        if not self.passed(text):
            raise self.unexpected(text)

    def unexpected(self, wanted: str = "") -> ExpressionFault:
        """The words for the next piece in a message."""
        token = self.token
        if token.kind == "end":
            return fault("ended", token.column, wanted=wanted) if wanted else fault("incomplete", token.column)
        if wanted:
            return fault("wanted", token.column, wanted=wanted, found=token.text)
        return fault("unexpected", token.column, found=token.text)

    def whole(self) -> Node:
        """The whole text as one tree."""
        if self.token.kind == "end":
            raise fault("empty", 1)
        node = self.expression()
        if self.token.kind != "end":
            raise self.unexpected()
        if height(node) > TALLEST:
            raise fault("too_tall", 1, most=TALLEST)
        return node

    def expression(self) -> Node:
        """Anything: a choice by ``if``, or conditions and values."""
        if self.depth >= DEEPEST:
            raise fault("too_deep", self.token.column, most=DEEPEST)
        self.depth += 1
        node = self.choice()
        self.depth -= 1
        return node

    def choice(self) -> Node:
        """``if`` with all its ``else if``, or what binds more closely."""
        if not self.sees("if"):
            return self.joined("or")
        branches: list[tuple[int, Node, Node]] = []
        while self.sees("if"):
            column = self.taken().column
            condition = self.condition(self.joined("or"))
            self.needs("then")
            branches.append((column, condition, self.expression()))
            self.needs("else")
        node = self.expression()
        for column, condition, one in reversed(branches):
            node = If(condition, one, node, column=column)
        return node

    def joined(self, word: Literal["or", "and"]) -> Node:
        """Conditions joined by ``or``, below them those joined by ``and``."""
        column = self.token.column
        parts = [self.joined("and") if word == "or" else self.negated()]
        while self.passed(word):
            parts.append(self.joined("and") if word == "or" else self.negated())
        if len(parts) == 1:
            return parts[0]
        return Joined(word, tuple(map(self.condition, parts)), column=column)

    def negated(self) -> Node:
        """``not`` before a comparison."""
        columns = []
        while self.sees("not"):
            columns.append(self.taken().column)
        node = self.comparison()
        for column in reversed(columns):
            node = Not(self.condition(node), column=column)
        return node

    def comparison(self) -> Node:
        """``a < b``, ``a <= b <= c``, ``a in (...)``, ``a is known``."""
        column = self.token.column
        left = self.sum()
        pairs: list[Node] = []
        while self.token.kind == "sign" and self.token.text in _COMPARING:
            sign = self.taken().text
            right = self.sum()
            pairs.append(Comparison(sign, left, right, column=column))
            left = right
        if pairs:
            return pairs[0] if len(pairs) == 1 else Joined("and", tuple(pairs), column=column)
        if self.passed("is"):
            unlike = self.passed("not")
            if not self.sees("known", "unknown"):
                raise self.unexpected("known / unknown")
            return Known(left, (self.taken().text == "known") != unlike, column=column)
        unlike = self.sees("not") and self.tokens[self.at + 1].text == "in"
        if unlike:
            self.taken()
        if self.passed("in"):
            self.needs("(")
            inside = Membership(left, self.listed(), column=column)
            return (Not(inside, column=column)) if unlike else inside
        return left

    def listed(self) -> tuple[Node, ...]:
        """Expressions between commas up to the closing parenthesis."""
        parts = [self.expression()]
        while self.passed(","):
            parts.append(self.expression())
        self.needs(")")
        return tuple(parts)

    def sum(self) -> Node:
        """Terms joined by ``+`` and ``-``."""
        node = self.product()
        while self.sees("+", "-"):
            sign = self.taken().text
            node = Arithmetic(sign, node, self.product(), column=node.column)
        return node

    def product(self) -> Node:
        """Factors joined by ``*`` and ``/``."""
        node = self.signed()
        while self.sees("*", "/"):
            sign = self.taken().text
            node = Arithmetic(sign, node, self.signed(), column=node.column)
        return node

    def signed(self) -> Node:
        """``-`` before a value."""
        columns = []
        while self.sees("-"):
            columns.append(self.taken().column)
        node = self.value()
        for column in reversed(columns):
            node = Negative(node, column=column)
        return node

    def value(self) -> Node:
        """A literal, a reference, a call or something in parentheses."""
        token = self.token
        if self.passed("("):
            node = self.expression()
            self.needs(")")
            return node
        if token.kind == "number":
            if len(token.text) > 30:
                raise fault("number_too_long", token.column)
            return Constant(Decimal(self.taken().text), column=token.column)
        if token.kind == "text":
            return Constant(self.quoted(), column=token.column)
        if token.kind != "word" or (token.text in WORDS and token.text not in ("true", "false", "unknown")):
            raise self.unexpected()
        self.taken()
        if token.text.startswith("$"):
            return FactOf(token.text[1:], column=token.column)
        if self.sees("("):
            self.taken()
            return self.called(token)
        if token.text in ("true", "false", "unknown"):
            constant = {"true": True, "false": False, "unknown": None}[token.text]
            return Constant(constant, column=token.column)
        return self.reference(token)

    def quoted(self) -> str:
        """The next piece, a text in quotes, as what it says."""
        text = self.taken().text
        return text[1:-1].replace(text[0] * 2, text[0])

    def reference(self, first: Token) -> Node:
        """ITEM, FORM.ITEM, EVENT.FORM.ITEM, EVENT[n].FORM.ITEM or a word such as ``cycle``."""
        names, number = [first.text], None
        if self.passed("["):
            if self.token.kind != "number" or not self.token.text.isdigit() or len(self.token.text) > 4:
                raise fault("event_number", self.token.column)
            number = int(self.taken().text)
            self.needs("]")
        while self.passed("."):
            if self.token.kind != "word" or self.token.text.startswith("$"):
                raise self.unexpected("FORM.ITEM")
            names.append(self.taken().text)
        if len(names) > 3 or (number is not None and len(names) != 3):
            raise fault("reference", first.column, found=".".join(names))
        if len(names) == 1:
            return Name(names[0], column=first.column) if names[0] in NAMES else Here(names[0], column=first.column)
        if len(names) == 2 and self.forms and names[0] == self.forms[-1]:
            return Here(names[1], column=first.column)
        event = names[0] if len(names) == 3 else ""
        return There(event, number, names[-2], names[-1], column=first.column)

    def called(self, name: Token) -> Node:
        """The arguments in parentheses after a name, the opening one already passed."""
        if name.text in AGGREGATES:
            return self.aggregate(name)
        if name.text in MOMENTS:
            return self.moment(name)
        if name.text in ("setting", "date"):
            return self.named_by_text(name)
        if name.text == "outer":
            return self.outer(name)
        function = FUNCTIONS.get(name.text)
        if function is None:
            near = get_close_matches(name.text, (*FUNCTIONS, *AGGREGATES), n=1)
            raise fault("no_function_near" if near else "no_function", name.column, name=name.text, near="".join(near))
        arguments = () if self.passed(")") else self.listed()
        if len(arguments) < function.fewest or (function.most is not None and len(arguments) > function.most):
            raise fault("arguments", name.column, signature=function.signature, count=len(arguments))
        return Call(name.text, arguments, column=name.column)

    def moment(self, name: Token) -> Node:
        """``prev(FORM.ITEM)`` and its like."""
        column = self.token.column
        forms, self.forms = self.forms, []
        node = self.reference(self.taken()) if self.token.kind == "word" else None
        self.forms = forms
        if not isinstance(node, There) or node.event:
            raise fault("moment", column, name=name.text)
        self.needs(")")
        which = cast(Literal["prev", "before", "baseline"], name.text)
        return Moment(which, node.form, node.item, column=name.column)

    def named_by_text(self, name: Token) -> Node:
        """``setting('id')`` and ``date('2024-10-18')``: what they name stands in quotes."""
        column = self.token.column
        if self.token.kind != "text":
            raise fault("needs_text", column, name=name.text)
        text = self.quoted()
        self.needs(")")
        if name.text == "setting":
            return SettingOf(text, column=name.column)
        day = read_date(text)
        if day is None:
            raise fault("no_date", column, found=text)
        return Constant(day, column=name.column)

    def outer(self, name: Token) -> Node:
        """``outer(reference)``, read as it would be outside the innermost aggregate."""
        if not self.forms:
            raise fault("outer_alone", name.column)
        form = self.forms.pop()
        try:
            column = self.token.column
            node = self.value()
        finally:
            self.forms.append(form)
        if not isinstance(node, Here | There | Moment | FactOf | SettingOf | Name | Outer):
            raise fault("outer_reference", column)
        self.needs(")")
        return Outer(node, column=name.column)

    def aggregate(self, name: Token) -> Node:
        """``sum(part over FORM in EVENT where condition)``; the form is looked up first, for names inside."""
        form = self.form_ahead(name)
        self.forms.append(form)
        part = self.expression()
        if name.text in ("any", "all"):
            part = self.condition(part)
        self.needs("over")
        self.taken()
        event = ""
        if self.passed("in"):
            if self.token.kind != "word":
                raise self.unexpected("EVENT")
            event = self.taken().text
        condition = self.condition(self.expression()) if self.passed("where") else None
        self.forms.pop()
        self.needs(")")
        return Aggregate(name.text, part, form, event, condition, column=name.column)

    def form_ahead(self, name: Token) -> str:
        """The word after the ``over`` that belongs to this aggregate."""
        depth = 0
        for at in range(self.at, len(self.tokens) - 1):
            token = self.tokens[at]
            if token.kind == "sign":
                depth += (token.text == "(") - (token.text == ")")
                if depth < 0:
                    break
            elif depth == 0 and token.kind == "word" and token.text == "over":
                following = self.tokens[at + 1]
                if following.kind == "word" and following.text not in WORDS:
                    return following.text
                raise fault("over_form", following.column)
        raise fault("no_over", name.column, name=name.text)

    def condition(self, node: Node) -> Node:
        """The node, if it can be true or false at all."""
        if not may_decide(node):
            raise fault("no_condition", node.column)
        return node


def height(node: Node) -> int:
    """How many nodes hang on each other, found without recursion."""
    tallest, waiting = 0, [(node, 1)]
    while waiting:
        part, level = waiting.pop()
        tallest = max(tallest, level)
        waiting.extend((below, level + 1) for below in parts_of(part))
    return tallest
