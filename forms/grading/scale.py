"""Whether a value, its unit and its limits can all be right: a slip of unit or scale gets no grade.

`resources/units.json` holds for a measurement ``possible``, the lowest and highest result that a living person has
(beyond them stand mostly numbers of another unit, not extremes of illness), and ``usual``, the limits of normal as
laboratories mostly have them with how many times off one may be: more than methods, ages and sexes differ, less than
the step to the next unit of the measurement. A number beyond them is doubted only when it fits in another unit of the
measurement; one that fits in none is graded, and said to be unheard of. Zero is always possible.
Sources: the hard bounds of the laboratory catalogue, widened to what case reports know; `docs/grading.md` lists both.

A person who has looked at the report says so (``scale_confirmed``), and the numbers are graded as they stand.
"""

from __future__ import annotations

from decimal import Context, Decimal
from functools import lru_cache
from typing import NamedTuple

from forms.values import units
from forms.values.digits import number_words, range_words

CONFIRMED = "scale_confirmed"
"""The answer of a person that value, unit and limits stand so on the report."""

COUNTED = "/mm3"
"""The unit in which cells are counted one by one: of a few, a fraction is a number of another unit."""

ORDINARY = Decimal("2.5")
"""How many times off the usual a limit may be to be called ordinary: most ages and methods are within it."""

_FEW = 10
_HUNDRED = 100
_NAMES_WHOLE = frozenset({"Leukocytes (WBC)", "Neutrophils (ANC)", "ANC + temperature", "Lymphocytes", "Platelets"})
_UNLIMITED = (None, None)


class Room(NamedTuple):
    """Lowest and highest possible result, in the unit reported; None: not limited. ``whole``: of a few no fraction."""

    low: Decimal | None
    high: Decimal | None
    whole: bool = False

    def holds(self, number: Decimal, sign: str = "") -> bool:
        """Whether a result can be true; of one like ``<5`` only the upper end is asked, and zero always can."""
        if self.high is not None and number > self.high:
            return False
        if not number or sign.startswith("<"):
            return True
        if self.low is not None and number < self.low:
            return False
        return not (self.whole and number < _FEW and number != int(number))


@lru_cache(maxsize=4096)
def room_of(analyte: str, unit: str) -> Room | None:
    """Possible results of an analyte in a unit; None where nothing is said of it."""
    scale = units.scale_of(analyte)
    if scale is None or scale.possible is None:
        return None
    first = units.known(analyte)[0]
    low, high = (units.convert(analyte, number, first, unit) for number in scale.possible)
    if low is None or high is None:
        return None
    return Room(low, high, unit == COUNTED and analyte in _NAMES_WHOLE)


def room_by_limits(analyte: str, low: Decimal | None, high: Decimal | None) -> Room | None:
    """Possible results without a unit beside their own limits: as many times off them as one can be off the usual."""
    scale = units.scale_of(analyte)
    if scale is None or scale.possible is None:
        return None
    usual_low, usual_high = scale.usual
    least = low * scale.possible[0] / usual_low if low and usual_low else None
    most = high * scale.possible[1] / usual_high if high and usual_high else None
    return None if least is None and most is None else Room(least, most)


def odd_limit(analyte: str, unit: str, low: Decimal | None, high: Decimal | None) -> Decimal | None:
    """The limit of normal that is none of this measurement in this unit, but an ordinary one in another; else None."""
    for limit, usual in zip((low, high), _usual(analyte, unit), strict=True):
        odd = limit and usual is not None and not usual[0] <= limit <= usual[1]
        if limit and odd and units_that_fit(analyte, unit, limit, limit=True):
            return limit
    return None


_Usual = tuple[Decimal, Decimal] | None


@lru_cache(maxsize=4096)
def _usual(analyte: str, unit: str, apart: Decimal | None = None) -> tuple[_Usual, _Usual]:
    """Between what a lower and an upper limit of normal lie in a unit; ``apart`` times off the usual at most."""
    scale = units.scale_of(analyte)
    if scale is None:
        return _UNLIMITED
    first = units.known(analyte)[0]
    found: list[_Usual] = []
    for usual in scale.usual:
        limit = None if usual is None else units.convert(analyte, usual, first, unit)
        found.append(None if limit is None else (limit / (apart or scale.apart), limit * (apart or scale.apart)))
    return found[0], found[1]


def units_that_fit(analyte: str, unit: str, number: Decimal, *, limit: bool = False) -> tuple[str, ...]:
    """Other units of the measurement in which the number could be true (as a ``limit`` of normal, or as a result).

    Of units that mean the same amount the first.
    """
    fitting: list[str] = []
    for other in units.known(analyte):
        if any(units.convert(analyte, number, other, same) == number for same in (unit, *fitting)):
            continue
        if limit:
            bounds = [bound for bound in _usual(analyte, other, ORDINARY) if bound is not None]
            fits = any(least <= number <= most for least, most in bounds)
        else:
            room = room_of(analyte, other)
            fits = room is not None and room.holds(number)
        if fits:
            fitting.append(other)
    return tuple(fitting)


def _short(number: Decimal | None) -> Decimal | None:
    """A bound of what is possible as it is told: with two significant digits, three of a larger number."""
    return None if number is None else Context(prec=3 if number >= _HUNDRED else 2).plus(number)


class DoubtWords(NamedTuple):
    """Words that fill a reason: the ``number``, what it ``could`` be in this unit, the other ``units`` it would fit."""

    number: str
    could: str
    units: tuple[str, ...]


def told(analyte: str, unit: str, number: Decimal, *, limit: bool = False) -> DoubtWords:
    """Why a result, or a ``limit`` of normal, can't be true in a unit."""
    if limit:
        bounds = [bound for bound in _usual(analyte, unit) if bound is not None]
        could = range_words(_short(min(low for low, _ in bounds)), _short(max(high for _, high in bounds)))
    else:
        room = room_of(analyte, unit)
        could = "" if room is None else range_words(_short(room.low), _short(room.high))
    return DoubtWords(number_words(number), could, units_that_fit(analyte, unit, number, limit=limit))
