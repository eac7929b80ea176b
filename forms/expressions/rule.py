"""One expression of a study as it is run: parsed once, when it is first needed, and never raising.

A rule that can't be parsed is kept as a fault and becomes the finding ``derive.failed``.
"""

from __future__ import annotations

from forms.expressions.expression import Expr, ExpressionFault, Scope, parse
from forms.study.definition import Text
from forms.texts import both

FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""Errors that a faulty rule or function may raise. A person at the form sees a finding, never an error."""


class Rule:
    """The text of a rule and, once it was needed, what it says. Treat it as frozen."""

    __slots__ = ("_expr", "_fault", "_is_parsed", "constant", "text")

    def __init__(
        self, text: str, *, expr: Expr | None = None, fault: Text | None = None, constant: bool | None = None
    ) -> None:
        self.text = text
        self.constant = constant
        self._expr = expr
        self._fault = fault
        self._is_parsed = not text or any(given is not None for given in (expr, fault, constant))

    @property
    def expr(self) -> Expr | None:
        """The parsed expression; None for a constant and when the rule is at fault."""
        if not self._is_parsed:
            self._parse()
        return self._expr

    @property
    def fault(self) -> Text | None:
        """Why it can't be run, in words; None when it can."""
        if not self._is_parsed:
            self._parse()
        return self._fault

    def evaluate(self, scope: Scope) -> object | None:
        """Its value at a scope; None is unknown, also when the rule itself is at fault."""
        if self.constant is not None:
            return self.constant
        expr = self.expr
        try:
            return None if expr is None else expr.evaluate(scope)
        except FAULTS:
            return None

    def _parse(self) -> None:
        try:
            self._expr = parse(self.text)
        except ExpressionFault as fault:
            self._fault = fault.message
        except RecursionError:
            self._fault = both("forms.rule_too_deep")
        self._is_parsed = True


ALWAYS = Rule("true", constant=True)
NEVER = Rule("false", constant=False)
UNKNOWN = Rule("")


def parse_rule(text: str, *, blank: Rule = ALWAYS) -> Rule:
    """The rule of a text; ``blank`` is what an empty text stands for. Never raises."""
    words = text.strip()
    if not words:
        return blank
    if words in ("true", "false"):
        return ALWAYS if words == "true" else NEVER
    return Rule(words)
