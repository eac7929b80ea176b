"""Reference limits: which of a laboratory's ranges holds for a person of this sex and age on a day.

Ages count in years: completed years plus completed months / 12, so that bands may begin at 0.5 (six months). Of the
ranges that fit, the one valid from the latest day not after the sample is chosen; one for the sex before one for any.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from forms.study.definition import LabRange
from forms.study.names import BIRTH, SEX
from forms.values.dates import PartialDate, whole_date
from forms.values.units import convert

if TYPE_CHECKING:
    from forms.subject.picture import Picture

TWELVE = Decimal(12)


def age_at(birth: object, on: date) -> tuple[Decimal, Decimal] | None:
    """Youngest and oldest age in years on a day; they differ for a partial birth date. None when not born yet."""
    born = whole_date(birth) if isinstance(birth, date) else birth
    if not isinstance(born, PartialDate) or born.first() > on:
        return None
    youngest = _age(min(born.last(), on), on)
    oldest = youngest if born.whole else _age(born.first(), on)
    return youngest, oldest


def _age(born: date, on: date) -> Decimal:
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    years, rest = divmod(months, 12)
    return Decimal(years) + (Decimal(rest) / TWELVE if rest else 0)


def completed_years(birth: object, on: date) -> int | None:
    """Age in completed years, None when a partial birth date leaves it open."""
    ages = age_at(birth, on)
    return int(ages[0]) if ages is not None and int(ages[0]) == int(ages[1]) else None


def _fits(entry: LabRange, sex: str, ages: tuple[Decimal, Decimal] | None, on: date) -> bool:
    if entry.sex and entry.sex != sex:
        return False
    if entry.valid_from and entry.valid_from > on.isoformat():
        return False
    if entry.age_from is None and entry.age_to is None:
        return True
    if ages is None:
        return False
    old_enough = entry.age_from is None or ages[0] >= entry.age_from
    return old_enough and (entry.age_to is None or ages[1] < entry.age_to)


def choose_range(
    ranges: Iterable[LabRange], sex: str, ages: tuple[Decimal, Decimal] | None, on: date
) -> LabRange | None:
    """The range that holds, None when there is none."""
    fitting = [entry for entry in ranges if _fits(entry, sex, ages, on)]
    return max(fitting, key=lambda entry: (entry.valid_from, bool(entry.sex)), default=None)


def in_unit(entry: LabRange, unit: str) -> LabRange | None:
    """The range with its limits in another unit, None when they can't be converted."""
    if not unit or unit == entry.unit:
        return entry
    limits: list[Decimal | None] = []
    for limit in (entry.low, entry.high):
        changed = None if limit is None else convert(entry.analyte, limit, entry.unit, unit)
        if limit is not None and changed is None:
            return None
        limits.append(changed)
    return replace(entry, unit=unit, low=limits[0], high=limits[1])


def range_for(subject: Picture, analyte: str, lab: str, on: date | None, unit: str = "") -> LabRange | None:
    """Limits of one analyte at one laboratory for this subject; ranges without a laboratory serve every one."""
    if on is None:
        return None
    sex = subject.fact(SEX)
    birth = subject.fact(BIRTH)
    cache = subject.compiled.cache("ranges")
    key = (id(subject.ranges), analyte, lab, on, unit, sex, birth)
    found = cache.get(key)
    if found is None or found[0] is not subject.ranges:  # type: ignore[index]
        found = cache[key] = (subject.ranges, _find(subject, analyte, lab, on, unit, str(sex or ""), birth))
    chosen: LabRange | None = found[1]  # type: ignore[index]
    return chosen


def _find(subject: Picture, analyte: str, lab: str, on: date, unit: str, sex: str, birth: object) -> LabRange | None:
    ages = age_at(birth, on)
    for name in (lab, "") if lab else ("",):
        entries = [entry for entry in subject.ranges if entry.analyte == analyte and entry.lab == name]
        chosen = choose_range(entries, sex, ages, on)
        if chosen is not None:
            return in_unit(chosen, unit)
    return None
