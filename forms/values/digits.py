"""How many digits of a number people are shown, and how limits are written.

A number that somebody typed or stated stands with its own digits. What the program worked out (a converted limit, a
multiple of it, a quotient) is shown with four significant digits at most, though never with a whole digit taken off.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

from forms.values.censored import Censored

DIGITS = 4
"""Significant digits of a number that nobody typed: one more than a laboratory gives of most quantities."""

_WORKING = 6
_ROOM = Context(prec=60, rounding=ROUND_HALF_UP)


def number_words(number: Decimal | Censored | int) -> str:
    """A number that may have been worked out: ``0.6448``, ``<0.1``, ``79.58``, ``1234.5``, ``150000``; "" for none.

    Up to one decimal, and up to four significant digits, stand as they are, with their zeros.
    """
    if isinstance(number, Censored):
        return f"{number.sign}{number_words(number.number)}"
    exact = Decimal(number)
    if not exact.is_finite():
        return ""
    places = -int(exact.as_tuple().exponent)
    if places > 1 and exact:
        needed = max(1, DIGITS - 1 - exact.adjusted())
        if places > needed:
            text = f"{exact.quantize(Decimal(1).scaleb(-needed), context=_ROOM):f}"
            return text.rstrip("0").rstrip(".")
    return f"{exact:f}"


def result_words(number: Decimal) -> str:
    """The result of a sum: as `number_words`, without trailing zeros."""
    text = number_words(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def working_words(number: Decimal) -> str:
    """A number in the working of a grade, where one follows on which side of a cut a result lies.

    Without trailing zeros; six significant digits once it would be longer than eight signs.
    """
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
        if len(text) > _WORKING + 2:
            text = f"{Decimal(f'{number:.{_WORKING}g}').normalize():f}"
    return text


def range_words(low: Decimal | None, high: Decimal | None) -> str:
    """Limits, both within: ``125–350``, ``≥ 15``, ``≤ 26``; "" for none."""
    if low is None:
        return "" if high is None else f"≤ {number_words(high)}"
    return f"≥ {number_words(low)}" if high is None else f"{number_words(low)}–{number_words(high)}"
