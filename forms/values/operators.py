"""The operators of expressions. Every function takes unknown (None) and answers unknown.

Values are Decimal, `Censored`, `PartialDate`, text, tuples of codes, and true or false. A code that is written as a
number (``'2'``) counts as that number wherever the other side is one. Kinds that have nothing in common give unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne

from forms.values import censored
from forms.values.censored import EXACT, Amount, Censored, finite
from forms.values.dates import PartialDate, earlier, same, whole_date
from forms.values.kinds import as_amount
from forms.values.spans import DateSpan, earliest_of, latest_of

_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")
_KNOWN = frozenset({str, bool, PartialDate, DateSpan, Censored, tuple, type(None)})

Operator = Callable[[object | None, object | None], object | None]


def settled(value: object | None) -> object | None:
    """A value from outside as an expression may hold it: plain dates and whole numbers are taken, all else unknown."""
    if isinstance(value, Decimal):
        return finite(value)
    if type(value) in _KNOWN:
        return value
    if isinstance(value, datetime):
        return PartialDate(value.year, value.month, value.day, value.hour, value.minute)
    if isinstance(value, date):
        return whole_date(value)
    return Decimal(value) if isinstance(value, int) else None


def truth(value: object | None) -> bool | None:
    """True or false as it is; anything else is unknown."""
    return value if isinstance(value, bool) else None


def plus(a: object | None, b: object | None) -> object | None:
    """Sum of amounts; a date and a whole number of days give a date."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return finite(EXACT.add(a, b))
    if isinstance(a, PartialDate):
        return _moved(a, b, 1)
    if isinstance(b, PartialDate):
        return _moved(b, a, 1)
    return _of_amounts(censored.add, a, b)


def minus(a: object | None, b: object | None) -> object | None:
    """Difference of amounts; of two whole dates the days between; a date less a whole number of days."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return finite(EXACT.subtract(a, b))
    if isinstance(a, PartialDate):
        if isinstance(b, PartialDate):
            return days_between(b, a)
        return _moved(a, b, -1)
    return _of_amounts(lambda one, other: censored.add(one, censored.negate(other)), a, b)


def days_between(start: PartialDate, end: PartialDate) -> Decimal | None:
    """Days from start to end, unknown unless both are known to the day. Times of day do not count."""
    if not (start.whole and end.whole):
        return None
    return Decimal(end.first().toordinal() - start.first().toordinal())


def times(a: object | None, b: object | None) -> object | None:
    """Product of amounts."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return finite(EXACT.multiply(a, b))
    return _of_amounts(censored.multiply, a, b)


def over(a: object | None, b: object | None) -> object | None:
    """Quotient of amounts; unknown for a divisor of zero."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return finite(EXACT.divide(a, b)) if b else None
    return _of_amounts(censored.divide, a, b)


def negative(a: object | None) -> object | None:
    """The amount with its sign turned."""
    amount = as_amount(a)
    return None if amount is None else censored.negate(amount)


def _of_amounts(
    operation: Callable[[Amount, Amount], Amount | None], a: object | None, b: object | None
) -> Amount | None:
    one, other = as_amount(a), as_amount(b)
    return None if one is None or other is None else operation(one, other)


def _moved(day: PartialDate, days: object | None, direction: int) -> PartialDate | None:
    number = as_amount(days)
    if not isinstance(number, Decimal) or abs(number) > 4_000_000 or number != number.to_integral_value():
        return None
    return day.plus_days(direction * int(number))


_ON_NUMBERS: dict[str, Callable[[Decimal, Decimal], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def comparing(sign: str) -> Operator:
    """The comparison ``= != < <= > >=`` as a function of two values."""
    on_numbers = _ON_NUMBERS[sign]
    slow = _COMPARISONS[sign]

    def compare(a: object | None, b: object | None) -> bool | None:
        if isinstance(a, Decimal) and isinstance(b, Decimal):
            return on_numbers(a, b)
        return None if a is None or b is None else slow(a, b)

    return compare


def equals(a: object | None, b: object | None) -> bool | None:
    """Are both the same? Texts are compared exactly; one code equals a choice of just that code."""
    if a is None or b is None:
        return None
    if type(a) is type(b) and isinstance(a, str | bool | tuple):
        return a == b
    if isinstance(a, PartialDate) and isinstance(b, PartialDate):
        return same(a, b)
    if isinstance(a, tuple) and isinstance(b, str):
        return a == (b,)
    if isinstance(b, tuple) and isinstance(a, str):
        return b == (a,)
    one, other = as_amount(a), as_amount(b)
    return None if one is None or other is None else censored.equal(one, other)


def less(a: object, b: object, *, or_equal: bool) -> bool | None:
    """Is ``a`` before or below ``b``? For amounts, dates, times of day and codes written as numbers."""
    if isinstance(a, PartialDate) or isinstance(b, PartialDate):
        both = isinstance(a, PartialDate) and isinstance(b, PartialDate)
        return earlier(a, b, or_same=or_equal) if both else None  # type: ignore[arg-type]
    if isinstance(a, str) and isinstance(b, str) and _CLOCK.fullmatch(a) and _CLOCK.fullmatch(b):
        return a <= b if or_equal else a < b
    one, other = as_amount(a), as_amount(b)
    return None if one is None or other is None else censored.less(one, other, or_equal=or_equal)


def inverted(answer: bool | None) -> bool | None:
    """Kleene's not."""
    return None if answer is None else not answer


_COMPARISONS: dict[str, Callable[[object, object], bool | None]] = {
    "=": equals,
    "!=": lambda a, b: inverted(equals(a, b)),
    "<": lambda a, b: less(a, b, or_equal=False),
    "<=": lambda a, b: less(a, b, or_equal=True),
    ">": lambda a, b: less(b, a, or_equal=False),
    ">=": lambda a, b: less(b, a, or_equal=True),
}


def among(value: object | None, options: Sequence[object | None]) -> bool | None:
    """Is the value (or any of several codes) one of the options? Unknown if an unknown option would decide."""
    if value is None:
        return None
    ones: Sequence[object] = value if isinstance(value, tuple) else (value,)
    return any_of(equals(one, option) for one in ones for option in options)


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """Kleene's or: true wins, then unknown."""
    result: bool | None = False
    for answer in answers:
        if answer:
            return True
        if answer is None:
            result = None
    return result


def all_of(answers: Iterable[bool | None]) -> bool | None:
    """Kleene's and: false wins, then unknown."""
    result: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            result = None
    return result


def least(values: Sequence[object]) -> object | None:
    """The lowest amount or the earliest date of known values; unknown for none or for a mixture of kinds.

    Of dates none of which surely is the earliest, it is the interval of the days the earliest can be.
    """
    return _outermost(values, censored.lowest, lambda a, b: earlier(a, b, or_same=True), earliest_of)


def greatest(values: Sequence[object]) -> object | None:
    """The highest amount or the latest date of known values; unknown for none or for a mixture of kinds.

    Of dates none of which surely is the latest, it is the interval of the days the latest can be.
    """
    return _outermost(values, censored.highest, lambda a, b: earlier(b, a, or_same=True), latest_of)


def _outermost(
    values: Sequence[object],
    of_amounts: Callable[[list[Amount]], Amount | None],
    beats: Callable[[PartialDate, PartialDate], bool | None],
    undecided: Callable[[Sequence[PartialDate]], PartialDate],
) -> object | None:
    days = [value for value in values if isinstance(value, PartialDate)]
    if days:
        if len(days) < len(values):
            return None
        best = days[0]
        for day in days[1:]:
            if not beats(best, day):
                best = day
        return best if all(day is best or beats(best, day) for day in days) else undecided(days)
    amounts = [amount for amount in map(as_amount, values) if amount is not None]
    return of_amounts(amounts) if len(amounts) == len(values) else None
