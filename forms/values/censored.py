"""Results beyond what an assay can measure, such as ``<0.50``, and exact arithmetic that keeps what they still tell.

A censored result is a half-line. Sums, products with an exact factor, lowest and highest of it stay half-lines or, if
nothing certain is left, become unknown; it never turns into its limit. Numbers are Decimal at 28 digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

Sign = Literal["<", "<=", ">", ">="]

EXACT = Context(prec=28, rounding=ROUND_HALF_UP, Emin=-9999, Emax=9999, traps=[])
"""The arithmetic of expressions: 28 digits, half up; what can't be computed becomes not-a-number, never an error."""


@dataclass(frozen=True, slots=True)
class Censored:
    """A result known only to lie beyond ``number``: ``Censored("<", Decimal("0.5"))``."""

    sign: Sign
    number: Decimal

    @property
    def canonical(self) -> str:
        """``<0.50``: the sign of the assay and the number with its precision."""
        return f"{self.sign}{self.number:f}"


Amount = Decimal | Censored

Edge = tuple[Decimal, bool] | None
"""An end of an interval and whether it belongs to it; None is open without end."""


def finite(number: Decimal) -> Decimal | None:
    """The number, or None for infinities and not-a-number."""
    return number if number.is_finite() else None


def edges(amount: Amount) -> tuple[Edge, Edge]:
    """Lower and upper end of what the amount can be."""
    if isinstance(amount, Decimal):
        return (amount, True), (amount, True)
    edge = (amount.number, amount.sign in ("<=", ">="))
    return (None, edge) if amount.sign in ("<", "<=") else (edge, None)


def of_edges(low: Edge, high: Edge) -> Amount | None:
    """The amount with these ends; None when it is neither a point nor a half-line."""
    if low is not None and high is not None:
        return low[0] if low[0] == high[0] and low[1] and high[1] else None
    if low is not None:
        return Censored(">=" if low[1] else ">", low[0])
    if high is not None:
        return Censored("<=" if high[1] else "<", high[0])
    return None


def less(a: Amount, b: Amount, *, or_equal: bool) -> bool | None:
    """Is ``a`` less than ``b`` (or equal to it, with ``or_equal``)? None when the assay does not decide it."""
    (low_a, high_a), (low_b, high_b) = edges(a), edges(b)
    if high_a is not None and low_b is not None:
        touching = high_a[0] == low_b[0] and (or_equal or not (high_a[1] and low_b[1]))
        if high_a[0] < low_b[0] or touching:
            return True
    if low_a is not None and high_b is not None:
        touching = low_a[0] == high_b[0] and (not or_equal or not (low_a[1] and high_b[1]))
        if low_a[0] > high_b[0] or touching:
            return False
    return None


def equal(a: Amount, b: Amount) -> bool | None:
    """Are both the same amount? Two censored results never are for certain."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return a == b
    if less(a, b, or_equal=False) or less(b, a, or_equal=False):
        return False
    return None


def _added(a: Edge, b: Edge) -> Edge:
    return None if a is None or b is None else (EXACT.add(a[0], b[0]), a[1] and b[1])


def add(a: Amount, b: Amount) -> Amount | None:
    """Sum; None when nothing certain is left."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return finite(EXACT.add(a, b))
    (low_a, high_a), (low_b, high_b) = edges(a), edges(b)
    return _finite(of_edges(_added(low_a, low_b), _added(high_a, high_b)))


def negate(a: Amount) -> Amount:
    """The amount with its sign turned; ``<0.5`` becomes ``>-0.5``."""
    if isinstance(a, Decimal):
        return EXACT.minus(a)
    turned: dict[Sign, Sign] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
    return Censored(turned[a.sign], EXACT.minus(a.number))


def multiply(a: Amount, b: Amount) -> Amount | None:
    """Product; of two censored amounts None."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return finite(EXACT.multiply(a, b))
    if isinstance(b, Decimal):
        a, b = b, a
    if not isinstance(a, Decimal) or not isinstance(b, Censored):
        return None
    if a == 0:
        return Decimal(0)
    scaled = Censored(b.sign, EXACT.multiply(b.number, abs(a)))
    return _finite(scaled if a > 0 else negate(scaled))


def divide(a: Amount, b: Amount) -> Amount | None:
    """Quotient; None for a divisor that is zero or censored."""
    if not isinstance(b, Decimal) or b == 0:
        return None
    if isinstance(a, Decimal):
        return finite(EXACT.divide(a, b))
    scaled = Censored(a.sign, EXACT.divide(a.number, abs(b)))
    return _finite(scaled if b > 0 else negate(scaled))


def _finite(amount: Amount | None) -> Amount | None:
    if amount is None or isinstance(amount, Decimal):
        return None if amount is None else finite(amount)
    return amount if amount.number.is_finite() else None


def lowest(amounts: list[Amount]) -> Amount | None:
    """The least of several amounts; None for none, or when the assay does not decide it."""
    return _least(amounts)


def highest(amounts: list[Amount]) -> Amount | None:
    """The greatest of several amounts; None for none, or when the assay does not decide it."""
    found = _least([negate(amount) for amount in amounts])
    return None if found is None else negate(found)


def _least(amounts: list[Amount]) -> Amount | None:
    """One of the amounts itself when it is surely the least, else what the ends of all of them leave."""
    if not amounts:
        return None
    least = amounts[0]
    for amount in amounts[1:]:
        if less(amount, least, or_equal=False):
            least = amount
    if all(less(least, amount, or_equal=True) or amount is least for amount in amounts):
        return least
    lows, highs = zip(*(edges(amount) for amount in amounts), strict=True)
    known_highs = [high for high in highs if high is not None]
    low = None if any(edge is None for edge in lows) else min((e for e in lows if e), key=lambda e: (e[0], not e[1]))
    high = min(known_highs, key=lambda edge: (edge[0], edge[1])) if known_highs else None
    return of_edges(low, high)
