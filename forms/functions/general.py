"""General functions of the expression language: numbers, dates, choices. `FUNCTIONS` holds these and every calculator.

An argument that is unknown makes the result unknown; where a function welcomes unknown, its summary says so. Periods
use the fixed lengths printed under tables: a week 7 days, a month 30.4375 days, a year 365.25 days.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from forms.functions import calculators, ctcae_terms, hlh, scores
from forms.functions.formula import REGISTRY, Argument, Function, formula, take
from forms.values.censored import EXACT, Amount, Censored, divide, multiply, negate
from forms.values.censored import add as add_amounts
from forms.values.dates import PartialDate
from forms.values.operators import any_of, days_between, greatest, least

__all__ = ["FUNCTIONS", "calculators", "ctcae_terms", "hlh", "scores", "table"]

FUNCTIONS: Mapping[str, Function] = REGISTRY

DAYS_A_WEEK, DAYS_A_MONTH, DAYS_A_YEAR = Decimal(7), Decimal("30.4375"), Decimal("365.25")

_FROM_TO = (take("from", "date"), take("to", "date"))


def _completed_years(birth: PartialDate, on: PartialDate) -> int:
    before_birthday = (on.first().month, on.first().day) < (birth.first().month, birth.first().day)
    return on.year - birth.year - before_birthday


@formula(
    take("birth", "date"), take("on", "date"), unit="years", reference="Completed years, the usual legal reckoning"
)
def age_years(birth: PartialDate, on: PartialDate) -> Decimal | None:
    """Age in completed years; from partial dates only when every day they allow gives the same age."""
    oldest = _completed_years(_day(birth, first=True), _day(on, first=False))
    youngest = _completed_years(_day(birth, first=False), _day(on, first=True))
    return Decimal(oldest) if oldest == youngest >= 0 else None


def _day(day: PartialDate, *, first: bool) -> PartialDate:
    chosen = day.first() if first else day.last()
    return PartialDate(chosen.year, chosen.month, chosen.day)


@formula(take("birth", "date"), take("on", "date"), unit="years", reference="Days / 365.25")
def age_exact(birth: PartialDate, on: PartialDate) -> Decimal | None:
    """Age in years with decimals, for infants and dosing limits."""
    return years(birth, on)


@formula(*_FROM_TO, unit="days", reference="Calendar days; times of day do not count")
def days(start: PartialDate, end: PartialDate) -> Decimal | None:
    """Days from one date to another, negative when it lies before."""
    return days_between(start, end)


@formula(*_FROM_TO, unit="weeks", reference="Days / 7")
def weeks(start: PartialDate, end: PartialDate) -> Decimal | None:
    """Weeks from one date to another, with decimals."""
    return _period(start, end, DAYS_A_WEEK)


@formula(*_FROM_TO, unit="months", reference="Days / 30.4375")
def months(start: PartialDate, end: PartialDate) -> Decimal | None:
    """Months from one date to another, with decimals."""
    return _period(start, end, DAYS_A_MONTH)


@formula(*_FROM_TO, unit="months", reference="Days / 30.4375")
def months_between(start: PartialDate, end: PartialDate) -> Decimal | None:
    """The same as months."""
    return _period(start, end, DAYS_A_MONTH)


@formula(*_FROM_TO, unit="years", reference="Days / 365.25")
def years(start: PartialDate, end: PartialDate) -> Decimal | None:
    """Years from one date to another, with decimals."""
    return _period(start, end, DAYS_A_YEAR)


def _period(start: PartialDate, end: PartialDate, length: Decimal) -> Decimal | None:
    apart = days_between(start, end)
    return None if apart is None else EXACT.divide(apart, length)


@formula(*_FROM_TO, unit="hours", reference="Minutes / 60; both times of day must be known")
def hours(start: PartialDate, end: PartialDate) -> Decimal | None:
    """Hours from one date-time to another."""
    apart = days_between(start, end)
    if apart is None or start.minutes is None or end.minutes is None:
        return None
    return EXACT.divide(apart * 1440 + end.minutes - start.minutes, Decimal(60))


@formula(
    take("on", "date"),
    take("day_1", "date"),
    unit="study day",
    reference="CDISC SDTMIG, --DY: day 1 is the first, no day 0",
)
def study_day(on: PartialDate, day_1: PartialDate) -> Decimal | None:
    """Study day: day_1 is 1, the day before it is -1."""
    apart = days_between(day_1, on)
    if apart is None:
        return None
    return apart + 1 if apart >= 0 else apart


@formula(take("on", "date"), take("day_1", "date"), unit="cycle day", reference="Days since day 1 of the cycle + 1")
def cycle_day(on: PartialDate, day_1: PartialDate) -> Decimal | None:
    """Day of a cycle, counted from its actual day 1; the day before is 0."""
    apart = days_between(day_1, on)
    return None if apart is None else apart + 1


@formula(take("date", "date"), reference="Date without its time of day")
def day_of(day: PartialDate) -> PartialDate:
    """The date of a date-time."""
    return day.without_time


@formula(take("date", "date"), unit="years", reference="Calendar year")
def year_of(day: PartialDate) -> Decimal | None:
    """The calendar year of a date."""
    return Decimal(day.year) if day.first().year == day.last().year else None


@formula(
    take("first", "any", unknown_welcome=True),
    take("other", "any", optional=True, unknown_welcome=True, many=True),
    reference="First known argument",
)
def coalesce(*values: object | None) -> object | None:
    """The first of the arguments that is known; unknown is welcome."""
    return next((value for value in values if value is not None), None)


@formula(take("value", "any", unknown_welcome=True), reference="The same as: value is unknown")
def is_missing(value: object | None) -> bool:
    """True when the value is unknown, false when it is known; unknown is welcome."""
    return value is None


@formula(take("value", "any"), take("other", "any", many=True), reference="Least of the arguments")
def min_of(*values: object) -> object | None:
    """The lowest amount or earliest date of the arguments."""
    return least(values)


@formula(take("value", "any"), take("other", "any", many=True), reference="Greatest of the arguments")
def max_of(*values: object) -> object | None:
    """The highest amount or latest date of the arguments."""
    return greatest(values)


@formula(take("value", "any", unknown_welcome=True, many=True), reference="Least of the known arguments")
def lowest(*values: object | None) -> object | None:
    """The lowest amount or earliest date of those arguments that are known; unknown is welcome."""
    return least([value for value in values if value is not None])


@formula(take("value", "any", unknown_welcome=True, many=True), reference="Greatest of the known arguments")
def highest(*values: object | None) -> object | None:
    """The highest amount or latest date of those arguments that are known; unknown is welcome."""
    return greatest([value for value in values if value is not None])


def _to_step(number: Decimal, step: Decimal, rounding: str) -> Decimal:
    return EXACT.multiply(EXACT.divide(number, step).to_integral_value(rounding=rounding), step)


_STEP = (take("number"), take("step", limits=("0.000000001", "")))


@formula(*_STEP, reference="Nearest multiple, half away from zero")
def round_to(number: Decimal, step: Decimal) -> Decimal:
    """The nearest multiple of step, half away from zero: 1752 by 10 is 1750."""
    return _to_step(number, step, ROUND_HALF_UP)


@formula(*_STEP, reference="Greatest multiple that is not above")
def round_down(number: Decimal, step: Decimal) -> Decimal:
    """The multiple of step at or below the number, as for whole tablets."""
    return _to_step(number, step, ROUND_FLOOR)


@formula(*_STEP, reference="Least multiple that is not below")
def round_up(number: Decimal, step: Decimal) -> Decimal:
    """The multiple of step at or above the number, as for whole vials."""
    return _to_step(number, step, ROUND_CEILING)


@formula(take("number"), take("decimals", limits=("0", "20")), reference="Half away from zero")
def round_half_up(number: Decimal, decimals: Decimal) -> Decimal:
    """The number rounded to that many decimals, half away from zero."""
    return EXACT.quantize(number, Decimal(1).scaleb(-int(decimals)))


@formula(take("number", "amount"), reference="Absolute value")
def abs_(number: Amount) -> Amount | None:
    """The number without its sign."""
    if isinstance(number, Decimal):
        return number.copy_abs()
    rising = number.sign.startswith(">")
    far = number.number >= 0 if rising else number.number <= 0
    return (number if rising else negate(number)) if far else None


@formula(take("number", limits=("0", "")), reference="Square root, 28 digits")
def sqrt(number: Decimal) -> Decimal:
    """Square root."""
    return EXACT.sqrt(number)


@formula(take("number"), reference="Natural logarithm, 28 digits")
def ln(number: Decimal) -> Decimal | None:
    """Natural logarithm of a number above zero."""
    return EXACT.ln(number) if number > 0 else None


@formula(take("number", "amount"), reference="Decimal logarithm, 28 digits")
def log10(number: Amount) -> Amount | None:
    """Decimal logarithm of a number above zero; of <500 it is <2.7."""
    return calculators.log10_ebv(number)


@formula(take("number"), take("exponent", limits=("-100", "100")), reference="Power, 28 digits")
def power(number: Decimal, exponent: Decimal) -> Decimal | None:
    """The number to the power of the exponent."""
    raised = EXACT.power(number, exponent)
    return raised if raised.is_finite() else None


@formula(take("from", "amount"), take("to", "amount"), unit="%", reference="(to - from) / from x 100")
def percent_change(start: Amount, end: Amount) -> Amount | None:
    """Change in percent of the first value, negative for a fall."""
    if not isinstance(start, Decimal) or start <= 0:
        return None
    change = add_amounts(end, negate(start))
    ratio = None if change is None else divide(change, start)
    return None if ratio is None else multiply(ratio, Decimal(100))


@formula(take("part", "amount"), take("whole"), unit="%", reference="part / whole x 100")
def percent_of(part: Amount, whole: Decimal) -> Amount | None:
    """The part in percent of the whole."""
    ratio = divide(part, whole)
    return None if ratio is None else multiply(ratio, Decimal(100))


@formula(take("value", "amount"), reference="The number behind the sign of the assay")
def limit_of(value: Amount) -> Decimal:
    """The number itself, of a censored result its limit: for drawings, never for a decision."""
    return value.number if isinstance(value, Censored) else value


@formula(take("codes", "any"), take("code", "text"), reference="Membership")
def has(codes: object, code: str) -> bool | None:
    """True when a choice of several codes holds this code."""
    chosen = codes if isinstance(codes, tuple) else (codes,) if isinstance(codes, str) else None
    return None if chosen is None else any_of(one == code for one in chosen)


@formula(take("grades", "text"), unit="CTCAE grade", reference="CTCAE, as kept with a graded value")
def worst_grade(grades: str) -> Decimal | None:
    """The worst CTCAE grade kept in ITEM#grade; unknown when an undecided grade might be worse."""
    return scores.worst_of_stored(grades)


_TITLES = {
    "forms.functions.general": "Numbers, dates and choices",
    "forms.functions.calculators": "Clinical calculators",
    "forms.functions.scores": "Scores and counts",
    "forms.functions.hlh": "Response of HLH",
    "forms.functions.ctcae_terms": "Choices of CTCAE terms",
}


def table() -> str:
    """The tables of functions in docs/expressions.md, one row a function."""
    lines: list[str] = []
    for module, title in _TITLES.items():
        lines += [f"### {title}", "", "| function | arguments | gives | unit | source |", "|---|---|---|---|---|"]
        lines += [_row(function) for function in FUNCTIONS.values() if function.call.__module__ == module]
        lines.append("")
    return "\n".join(lines)


def _row(function: Function) -> str:
    arguments = "; ".join(filter(None, map(_limits, function.arguments)))
    return (
        f"| `{function.signature}` | {arguments} | {function.summary} | {function.unit} | {function.reference} |"
    ).replace("|  |", "| - |")


def _limits(argument: Argument) -> str:
    low, high = (f"{bound:f}" if bound is not None else "" for bound in (argument.low, argument.high))
    limits = f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}" if high else ""
    told = " ".join(filter(None, (limits, argument.unit)))
    return f"{argument.name} {told}" if told else ""
