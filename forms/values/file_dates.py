"""Dates as a data file may hold them: in ISO form alone, because nobody sees there how a short one was meant."""

from __future__ import annotations

import re
from datetime import date, timedelta

from forms.values.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST,
    PartialDate,
    is_year,
    made_date,
    parse_datetime,
    parse_time,
    plainly,
    small_number,
)

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::[0-9]{2})?)?)?)?")
_ISO_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?")
_DAY_COUNT = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")


def iso_date(text: str, partial: bool = False, *, timed: bool = False) -> PartialDate | None:
    """A date in ISO 8601 form, None for any other: ``2024-10-18``, with ``partial`` also ``2024-10`` and ``2024``.

    ``timed``: a time of day is due (``2024-10-18T09:30``, or a blank for the T; seconds are left out), which with
    ``partial`` may be missing.
    """
    found = _ISO.fullmatch(plainly(text)) if len(text) <= LONGEST else None
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    made = made_date(int(found[1]), *(int(part) if part is not None else None for part in found.groups()[1:]))
    if made is None or (made.hour is not None and not timed):
        return None
    is_whole = made.hour is not None if timed else made.whole
    return made if is_whole or partial else None


def iso_time(text: str) -> str | None:
    """A time of day written with a colon, as ``HH:MM``; None for any other (``9.30`` may be a part of a day)."""
    return parse_time(text) if len(text) <= LONGEST and _ISO_TIME.fullmatch(plainly(text)) else None


def meant_dates(text: str) -> tuple[str, ...]:
    """The ISO dates that a text in another form may mean; none where a year would be guessed.

    ``18.10.2024`` -> ``2024-10-18``; ``12.10.2024`` -> both days it can be; ``45583``, the day count of a spreadsheet
    (1 is 1900-01-01, with the day 1900-02-29 that never was) -> ``2024-10-18``; ``3/11`` and ``Oct-24`` -> nothing.
    """
    plain = plainly(text)
    if len(text) > LONGEST:
        return ()
    if _DAY_COUNT.fullmatch(plain):
        return ((date(1899, 12, 30) + timedelta(days=int(plain[:5]))).isoformat(),)
    if re.fullmatch(r"[0-9]{4}\.[1-9]", plain):  # a spreadsheet writes 2024.10 so too
        return (f"{plain[:4]}-0{plain[5]}", *((f"{plain[:4]}-10",) if plain[5] == "1" else ()))
    parts = re.split(r"[-/.]", plain)
    if len(parts) == 3 and is_year(parts[2]):
        small = [small_number(part) for part in parts[:2]]
        if None not in small:
            ways = [made_date(int(parts[2]), month, day) for day, month in (small, small[::-1])]
            return tuple(dict.fromkeys(way.canonical for way in ways if way is not None))
    if not re.search(r"(?<![0-9])[0-9]{4}(?![0-9])|^[0-9]{8}$", plain):
        return ()
    found = parse_datetime(text, date.max, partial=True)
    return () if found is None else (found.canonical,)
