"""Dates as they are known at the bedside: whole, or only to the month or the year, with or without a time of day.

`PartialDate` keeps exactly what is known and never fills in the rest. Comparisons are three-valued: ``2024-10`` is
neither before nor after ``2024-10-18``. A date without a time means the day; it is compared with a date-time by day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from forms.values.glyphs import folded

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years a person may type; anything else is a slip of the key."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "JAN JANUARY",
            "FEB FEBRUARY",
            "MAR MARCH",
            "APR APRIL",
            "MAY",
            "JUN JUNE",
            "JUL JULY",
            "AUG AUGUST",
            "SEP SEPT SEPTEMBER",
            "OCT OCTOBER",
            "NOV NOVEMBER",
            "DEC DECEMBER",
        ),
        start=1,
    )
    for name in names.split()
}
_UNKNOWN_PART = re.compile(r"UK|UN|UNK|NK|XX?|\?{1,2}|未知|不详|不明")
_CANONICAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}))?)?)?")
_OFFSET = re.compile(r"[+-][0-9]{1,3}")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.时点]([0-9]{2})(?:[:分]?(?:[0-9]{2})?秒?)?|([0-9]{2}))")
_BETWEEN_LETTERS_AND_DIGITS = re.compile(r"(?<=[0-9])(?=[^\W\d_])|(?<=[^\W\d_])(?=[0-9])")
LONGEST = 40
"""Signs of the longest text that is looked at as a date or a time."""
_LEAP = date(2024, 2, 29)
NEAR = 31
"""Days around the day of a form within which a date typed without its year is taken for that year's."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the year, the month, the day or the minute.

    Equality is of what is written, for use in sets and dicts; ask `earlier` and `same` for what it means. There is no
    ``<``: it could not say "unknown". An impossible date raises ValueError.
    """

    year: int
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        if (self.hour is None) != (self.minute is None) or (self.hour is not None and self.day is None):
            raise ValueError("a time needs a day, an hour and a minute")
        date(self.year, self.month or 1, self.day or 1)
        if not (0 <= (self.hour or 0) <= 23 and 0 <= (self.minute or 0) <= 59):
            raise ValueError("no such time of day")

    @property
    def whole(self) -> bool:
        """Known to the day."""
        return self.day is not None

    def first(self) -> date:
        """The earliest day it can be."""
        return date(self.year, self.month or 1, self.day or 1)

    def last(self) -> date:
        """The latest day it can be."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def minutes(self) -> int | None:
        """Minutes since midnight, None without a time."""
        return None if self.hour is None or self.minute is None else self.hour * 60 + self.minute

    @property
    def canonical(self) -> str:
        """``2024``, ``2024-10``, ``2024-10-18`` or ``2024-10-18T09:30``."""
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        if self.day is not None:
            text += f"-{self.day:02d}"
        if self.hour is not None:
            text += f"T{self.hour:02d}:{self.minute:02d}"
        return text

    @property
    def without_time(self) -> PartialDate:
        """The same date without its time of day."""
        return self if self.hour is None else PartialDate(self.year, self.month, self.day)

    def plus_days(self, days: int) -> PartialDate | None:
        """That many days later, its time kept; None when it is not whole or the calendar ends."""
        if not self.whole or abs(days) > 3_652_058:
            return None
        try:
            moved = self.first() + timedelta(days=days)
        except OverflowError:
            return None
        return PartialDate(moved.year, moved.month, moved.day, self.hour, self.minute)


def whole_date(day: date) -> PartialDate:
    """A calendar day as a `PartialDate`."""
    return PartialDate(day.year, day.month, day.day)


def as_day(value: object) -> date | None:
    """The calendar day of a typed value when it is known to the day, else None."""
    if isinstance(value, PartialDate):
        return value.first() if value.whole else None
    return value if isinstance(value, date) else None


def _limits(
    a: PartialDate, b: PartialDate
) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]:
    """First and last moment of both as (day number, minute); minutes count only when both have them."""
    minutes_a, minutes_b = a.minutes, b.minutes
    if minutes_a is None or minutes_b is None:
        minutes_a = minutes_b = 0
    first_a, first_b = a.first().toordinal(), b.first().toordinal()
    last_a = first_a if a.whole else a.last().toordinal()
    last_b = first_b if b.whole else b.last().toordinal()
    return (first_a, minutes_a), (last_a, minutes_a), (first_b, minutes_b), (last_b, minutes_b)


def earlier(a: PartialDate, b: PartialDate, *, or_same: bool = False) -> bool | None:
    """Is ``a`` before ``b`` (or the same, with ``or_same``)? None when what is missing would decide."""
    first_a, last_a, first_b, last_b = _limits(a, b)
    if or_same:
        if last_a <= first_b:
            return True
        return False if first_a > last_b else None
    if last_a < first_b:
        return True
    return False if first_a >= last_b else None


def same(a: PartialDate, b: PartialDate) -> bool | None:
    """Are both the same day (the same minute, when both have a time)? None when what is missing would decide."""
    first_a, last_a, first_b, last_b = _limits(a, b)
    if last_a < first_b or last_b < first_a:
        return False
    return True if a.whole and b.whole else None


@lru_cache(maxsize=65536)
def read_date(canonical: str) -> PartialDate | None:
    """The date of a canonical text, None when it is none."""
    found = _CANONICAL.fullmatch(canonical)
    if found is None:
        return None
    year, *rest = found.groups()
    return made_date(int(year), *(int(part) if part is not None else None for part in rest))


def made_date(
    year: int,
    month: int | None = None,
    day: int | None = None,
    hour: int | None = None,
    minute: int | None = None,
) -> PartialDate | None:
    """The date of these parts, None for one that the calendar does not have."""
    try:
        return PartialDate(year, month, day, hour, minute)
    except ValueError:
        return None


def plainly(text: str) -> str:
    """A text with plain digits, capitals and dashes."""
    return folded(text).strip().upper().replace("−", "-").replace("–", "-")


def parse_date(text: str, today: date, partial: bool = False, near: date | None = None) -> PartialDate | None:
    """A typed date, None when it can't be read without guessing.

    Read are ISO order with any of ``- / .`` (``2024-10-18``, ``20241018``), ``2024年10月18日``, ``18-OCT-2024``,
    numeric day and month in either order when only one makes sense (``18.10.2024``), ``-2`` and ``+7`` as days from
    today, ``today``. ``3/11`` is month and day; its year is taken only when that day lies within `NEAR` days of
    ``near`` (of today, and not ahead, when nothing nearer is known), see `short_ways` for the rest. With ``partial``
    also ``2024-10``, ``2024``, ``UK-OCT-2024``, ``2024-10-UK``. Full-width characters count as plain ones. A text with
    a time is not a date.
    """
    if len(text) > LONGEST:
        return None
    plain = plainly(text)
    if plain in ("TODAY", "今天", "今日"):
        return whole_date(today)
    if plain in ("YESTERDAY", "昨天", "昨日"):
        return whole_date(today).plus_days(-1)
    if _OFFSET.fullmatch(plain):
        return whole_date(today).plus_days(int(plain))
    found = _of_parts(_parts_of(plain), today, near)
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        return None
    return found if found.whole or partial else None


def _parts_of(plain: str) -> list[str]:
    plain = re.sub(r"[年月]", "-", plain).rstrip("-") if "年" in plain or "月" in plain else plain
    plain = re.sub(r"[日号]$", "", plain)
    return re.split(r"\s*[-/.,]\s*|\s+", _BETWEEN_LETTERS_AND_DIGITS.sub("-", plain))


def _of_parts(parts: list[str], today: date, near: date | None) -> PartialDate | None:
    if len(parts) == 1:
        return _of_digits(parts[0])
    if len(parts) == 2:
        return _of_two(parts[0], parts[1], today, near)
    if len(parts) == 3:
        return _of_three(parts)
    return None


def _of_digits(digits: str) -> PartialDate | None:
    if not re.fullmatch(r"[0-9]{4}(?:[0-9]{2}){0,2}", digits):
        return None
    pieces = [int(digits[:4])] + [int(digits[at : at + 2]) for at in range(4, len(digits), 2)]
    return made_date(*pieces)


def is_year(part: str) -> bool:
    """Whether a part of a date has the four digits of a year."""
    return re.fullmatch(r"[0-9]{4}", part) is not None


def small_number(part: str) -> int | None:
    """A part of one or two digits as a number."""
    return int(part) if re.fullmatch(r"[0-9]{1,2}", part) else None


def _is_unknown(part: str) -> bool:
    return _UNKNOWN_PART.fullmatch(part) is not None


def _of_two(one: str, two: str, today: date, near: date | None) -> PartialDate | None:
    if is_year(one):
        return _of_year(one, two, "UK")
    if is_year(two):
        return _of_year(two, one, "UK")
    day = _unmistakable(_ways(one, two, near or today), today, near)
    return None if day is None else whole_date(day)


def _ways(one: str, two: str, around: date) -> list[date]:
    """The days that month and day without a year can be, nearest to a day first."""
    if one in _MONTHS or two in _MONTHS:
        name, number = (one, two) if one in _MONTHS else (two, one)
        one, two = str(_MONTHS[name]), number
    month, day = small_number(one), small_number(two)
    if month is None or day is None:
        return []
    years = range(max(FIRST_YEAR, around.year - 1), min(LAST_YEAR, around.year + 1) + 1)
    made = [made_date(year, month, day) for year in years]
    return sorted((way.first() for way in made if way is not None), key=lambda way: abs((way - around).days))


def _unmistakable(ways: list[date], today: date, near: date | None) -> date | None:
    """The nearest day when it is near enough; one that today alone speaks for may not lie ahead."""
    if not ways or abs((ways[0] - (near or today)).days) > NEAR or (near is None and ways[0] > today):
        return None
    return ways[0]


def is_short(text: str) -> bool:
    """Whether a typed text is a date without its year, such as ``7/26``, ``26 Jul`` or ``7月26日 9:30``."""
    return _short_parts(text) is not None


def _short_parts(text: str) -> tuple[str, str] | None:
    plain = plainly(text)
    if len(text) > LONGEST or _OFFSET.fullmatch(plain) or is_year(plain):
        return None
    for day in (plain, (_halves(plain) or ("",))[0]):
        parts = _parts_of(day)
        if len(parts) == 2 and not any(map(is_year, parts)) and _ways(parts[0], parts[1], _LEAP):
            return parts[0], parts[1]
    return None


def short_ways(text: str, today: date, near: date | None = None) -> tuple[date, ...]:
    """The days that a date without its year may mean, the likeliest first, two at most; none when it was understood."""
    parts = _short_parts(text)
    ways = _ways(*parts, near or today) if parts else []
    return () if _unmistakable(ways, today, near) is not None else tuple(ways[:2])


def lacking_part(text: str, *, timed: bool = False) -> str:
    """The part a typed date lacks: ``year``, ``month`` (and day), ``day``, with ``timed`` ``time``; "" for none."""
    if is_short(text):
        return "year"
    found = parse_date(text, _LEAP, partial=True)
    if found is None or _OFFSET.fullmatch(plainly(text)):
        return ""
    if found.month is None:
        return "month"
    return "day" if found.day is None else "time" if timed else ""


def _of_three(parts: list[str]) -> PartialDate | None:
    if is_year(parts[0]):
        return _of_year(*parts)
    one, two, year = parts
    if not is_year(year):
        return None
    if one in _MONTHS:
        return _of_year(year, one, two)
    if two in _MONTHS or _is_unknown(one) or _is_unknown(two):
        return _of_year(year, two, one)
    first, second = small_number(one), small_number(two)
    if first is None or second is None:
        return None
    ways = {
        way for way in (made_date(int(year), first, second), made_date(int(year), second, first)) if way is not None
    }
    return ways.pop() if len(ways) == 1 else None


def _of_year(year: str, month: str, day: str) -> PartialDate | None:
    """Year known, month and day a number, a name or a mark of being unknown."""
    month_number = _MONTHS.get(month) or small_number(month)
    day_number = small_number(day)
    if (month_number is None and not _is_unknown(month)) or (day_number is None and not _is_unknown(day)):
        return None
    if month_number is None:
        return made_date(int(year)) if day_number is None or 1 <= day_number <= 31 else None
    return made_date(int(year), month_number, day_number)


def parse_time(text: str) -> str | None:
    """A typed time of day as ``HH:MM``: ``9:30``, ``0930``, ``9时30分``; seconds are read and left out."""
    found = _TIME.fullmatch(plainly(text)) if len(text) <= LONGEST else None
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or found[3])
    return f"{hour:02d}:{minute:02d}" if hour <= 23 and minute <= 59 else None


def _halves(plain: str) -> tuple[str, str] | None:
    """Day and time of day of a text that has both."""
    found = re.fullmatch(r"(.*\S)(?:\s+|(?<=[0-9日号])T(?=[0-9]))(\S+)", plain) or re.fullmatch(
        r"(.+[日号])(\S+)", plain
    )
    return None if found is None else (found[1], found[2])


def parse_datetime(text: str, today: date, partial: bool = False, near: date | None = None) -> PartialDate | None:
    """A typed date with a time: ``2024-10-18 09:30``, ``today 9:30``. With ``partial`` the time may be missing."""
    if len(text) > LONGEST:
        return None
    halves = _halves(plainly(text))
    if halves is not None:
        day, time = parse_date(halves[0], today, near=near), parse_time(halves[1])
        if day is not None and time is not None:
            return PartialDate(day.year, day.month, day.day, int(time[:2]), int(time[3:]))
    return parse_date(text, today, partial=True, near=near) if partial else None
