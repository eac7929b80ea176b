"""Rounding as printed: half away from zero, on decimal arithmetic."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def rounded(value: Decimal | float | int | Fraction | None, decimals: int = 1) -> Decimal | None:
    """The value with ``decimals`` places, halves away from zero; None stays None.

    Fractions are rounded exactly. Floats are results of transcendental functions; they are read at twelve significant
    digits first, so that 0.125 computed as 0.12499999999999997 still rounds up.
    """
    if value is None:
        return None
    step = Decimal(1).scaleb(-decimals)
    if isinstance(value, Fraction):
        scaled = abs(value) * 10**decimals
        whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        return Decimal(whole if value >= 0 else -whole).scaleb(-decimals).quantize(step)
    if isinstance(value, float):
        value = Decimal(f"{value:.12g}")
    result = Decimal(value).quantize(step, rounding=ROUND_HALF_UP)
    return abs(result) if result.is_zero() else result


def percent(count: int, total: int, decimals: int = 1) -> Decimal | None:
    """``count`` of ``total`` in percent, None of nothing. 5 of 6 is 83.3, 1 of 16 is 6.3."""
    return rounded(Fraction(100 * count, total), decimals) if total else None
