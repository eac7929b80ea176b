"""The expression language of study definitions: parsed once, its reads known without running it, evaluated in a scope.

The grammar, the three-valued tables and the list of functions stand in docs/expressions.md. This is the face of the
language; `tokens`, `parse`, `nodes` and `evaluate` are its parts, `names` asks whether what is named exists.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from forms.expressions.evaluate import Run, Scope, Scopes, runner
from forms.expressions.nodes import Node, Read, may_decide, reads_of, written
from forms.expressions.parse import Parser
from forms.expressions.tokens import ExpressionFault

__all__ = ["Expr", "ExpressionFault", "Read", "Scope", "parse"]


@dataclass(frozen=True)
class Expr:
    """A parsed expression. ``reads`` is everything it may look at."""

    text: str
    node: Node
    reads: frozenset[Read] = field(compare=False)
    run: Run = field(compare=False, repr=False)

    def evaluate(self, scope: Scope) -> object | None:
        """Decimal, `Censored`, `PartialDate`, text, tuple of codes, true or false; None is unknown.

        Raises nothing of its own, whatever the scope answers.
        """
        return self.run(Scopes(scope))

    @property
    def may_decide(self) -> bool:
        """Whether the expression can be true or false at all; a rule that can't be is a mistake of its author."""
        return may_decide(self.node)

    @property
    def canonical(self) -> str:
        """The expression written out in one way; parsing it gives an equal tree."""
        return written(self.node)


@cache
def parse(text: str) -> Expr:
    """The expression of a text; raises `ExpressionFault` with words and column when it is none."""
    node = Parser(text).whole()
    return Expr(text, node, frozenset(read for read, _ in reads_of(node)), runner(node))
