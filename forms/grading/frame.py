"""Unit, limits, age and answers of a measurement, read once into exact numbers.

Results of one laboratory share most of this, so a frame is kept for the next value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from forms.grading.scale import CONFIRMED, Room, odd_limit, room_by_limits, room_of, units_that_fit
from forms.grading.tables import Criterion, edition, plans
from forms.values import units
from forms.values.glyphs import folded

Number = Decimal | str | int | None
"""A number as typed or exact; "" and None mean that it isn't known."""

CORRECTED_CALCIUM = "Calcium (albumin-corrected)"
_NUMBER = re.compile(
    r"(?P<sign><=|>=|<|>|≤|≥)?\s*(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?)"
)
_LONGEST = 20
_FROM_ZERO = frozenset({"Stools per day increase"})
NOT_HIGH = "not high"
"""A baseline that is normal or low: its lower limit is not known."""

_STATUSES = frozenset({"LOW", "NORMAL", "HIGH"})
_YES = frozenset({"true", "yes", "y", "1"})
_NO = frozenset({"false", "no", "n", "0"})
_NOTHING: Mapping[str, str] = MappingProxyType({})
_NO_ANSWERS: Mapping[str, object] = MappingProxyType({})
_NO_FACTS: Mapping[str, bool] = MappingProxyType({})


class Measurement(NamedTuple):
    """One result and what belongs to it.

    ``analyte``: a CTCAE measurement, by any name `units.key_of` takes. ``value`` as reported, with the assay's sign
    (``<0.5``). ``lln``/``uln`` limits of that result in ``unit``; ``baseline`` in ``baseline_unit`` ("" = ``unit``)
    with its own limits, or ``baseline_flag`` LOW/NORMAL/HIGH. ``mi_level``: the assay's cut for infarction. ``with_``:
    second inputs by name (``Body temperature``, ``Albumin``, ``Diastolic BP``, ``Lines lost``), "38.4" or with a unit.
    ``age`` in years. ``context``: answers of a person, see `read_facts`; ``is_baseline_visit``; ``value_is``.
    """

    analyte: str
    value: Number
    unit: str = ""
    lln: Number = None
    uln: Number = None
    baseline: Number = None
    baseline_lln: Number = None
    baseline_uln: Number = None
    baseline_flag: str = ""
    mi_level: Number = None
    with_: Mapping[str, str] = _NOTHING
    sex: str = ""
    age: Number = None
    context: Mapping[str, object] = _NO_ANSWERS
    baseline_unit: str = ""
    baseline_date: str = ""


class Frame(NamedTuple):
    """A measurement without value and baseline. ``fault`` names why nothing in it can be judged ("" = it can).

    ``low``/``high``: the limits of the baseline in its own unit; ``flag`` LOW, NORMAL, HIGH or "". ``ages``: adult,
    child, infant or "" for an unknown age. ``room``: what the value may be (`forms.grading.scale`).
    """

    analyte: str
    unit: str
    plans: tuple[Criterion, ...] = ()
    lln: Decimal | None = None
    uln: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    mi_level: Decimal | None = None
    flag: str = ""
    ages: str = ""
    facts: Mapping[str, bool] = _NO_FACTS
    is_baseline: bool = False
    fault: str = ""
    notes: tuple[str, ...] = ()
    room: Room | None = None


class BaselineValue(NamedTuple):
    """The baseline in the unit of the value. ``status``: LOW, NORMAL, HIGH, "" unknown.

    ``words``: those of the steps' ``when`` that are true of the measurement.
    """

    value: Decimal | None
    status: str
    words: frozenset[str]
    notes: tuple[str, ...]


class ReadNumber(NamedTuple):
    """A number with the assay's sign ("" = exact)."""

    sign: str
    number: Decimal


def read_number(value: Number) -> ReadNumber | None:
    """Read a reported number; None for what isn't one (words, NaN, more than 20 digits)."""
    if isinstance(value, str):
        if len(value) <= _LONGEST and value.isascii() and value.replace(".", "", 1).isdecimal():
            return ReadNumber("", Decimal(value))
        return _read_text(value)
    if isinstance(value, Decimal):
        return ReadNumber("", value) if value.is_finite() and abs(value.adjusted()) < _LONGEST else None
    if value is None or isinstance(value, bool):
        return None
    return _read_whole(value)


@lru_cache(maxsize=1024)
def _read_whole(value: int) -> ReadNumber | None:
    return _read_text(str(value))


@lru_cache(maxsize=1024)
def _read_text(text: str) -> ReadNumber | None:
    match = _NUMBER.fullmatch(text) or _NUMBER.fullmatch(folded(text).strip())
    if match is None or len(text) > _LONGEST + 3:
        return None
    sign, number = match[1], Decimal(match[2])
    if abs(number.adjusted()) >= _LONGEST:
        return None
    return ReadNumber({"≤": "<=", "≥": ">="}.get(sign, sign) if sign else "", number)


def exact(value: Number) -> Decimal | None:
    """A second input: exact numbers only."""
    if value is None or value == "":
        return None
    found = read_number(value)
    return found.number if found is not None and not found.sign else None


def frame_of(m: Measurement, version: str) -> Frame:
    """The frame of a measurement; never raises."""
    if m.context:
        return _framed(m, version)
    try:
        return _kept_frame(
            *(version, m.analyte, m.unit, m.lln, m.uln, m.baseline_lln, m.baseline_uln),
            *(m.baseline_flag, m.mi_level, m.age),
        )
    except TypeError:  # a signalling NaN has no hash
        return _framed(m, version)


@lru_cache(maxsize=1024, typed=True)
def _kept_frame(
    version: str,
    analyte: str,
    unit: str,
    lln: Number,
    uln: Number,
    low: Number,
    high: Number,
    flag: str,
    mi_level: Number,
    age: Number,
) -> Frame:
    return _framed(Measurement(analyte, None, unit, lln, uln, None, low, high, flag, mi_level, age=age), version)


def _framed(m: Measurement, version: str) -> Frame:
    analyte = units.analyte_of(m.analyte)
    if analyte == "Calcium":
        analyte = CORRECTED_CALCIUM
    unit = _unit_of(m, analyte) if analyte else None
    if analyte not in edition(version).routes:
        return Frame(analyte, unit or m.unit)
    made = plans(version, analyte, unit) if unit is not None else None
    if made is None or unit is None:
        named = next((plan for known in units.known(analyte) if (plan := plans(version, analyte, known))), ())
        return Frame(analyte, m.unit, named, fault="unit")
    notes = ["unit_shared"] if unit == units.SAME_AS_LIMITS != m.unit else []
    lln, uln = _limit(m.lln, "limit_unread", notes, from_zero=True), _limit(m.uln, "limit_unread", notes)
    if lln is not None and uln is not None and lln > uln:
        return Frame(analyte, unit, made, fault="limits_crossed")
    facts = read_facts(m.context) if m.context else _NO_FACTS
    doubted = not facts.get(CONFIRMED, False)
    if doubted and odd_limit(analyte, unit, lln, uln) is not None:
        return Frame(analyte, unit, made, lln, uln, fault="scale_limit")
    low = _limit(m.baseline_lln, "limit_unread", notes, from_zero=True)
    high = _limit(m.baseline_uln, "limit_unread", notes)
    flag = m.baseline_flag.strip().upper()
    age = exact(m.age)
    return Frame(
        *(analyte, unit, made, lln, uln, low, high, exact(m.mi_level), flag if flag in _STATUSES else ""),
        ages="" if age is None else "adult" if age >= 18 else "infant" if age < 1 else "child",
        facts=facts,
        is_baseline=facts.get("is_baseline_visit", False),
        notes=tuple(notes),
        room=_room(analyte, unit, lln, uln) if doubted else None,
    )


def _unit_of(m: Measurement, analyte: str) -> str | None:
    """The unit as this house writes it; without one that of the limits, when the value comes with some."""
    found = units.symbol(analyte, m.unit)
    if found is None and (m.unit == units.SAME_AS_LIMITS or (not m.unit.strip() and (m.lln or m.uln))):
        return units.SAME_AS_LIMITS
    return found


def _room(analyte: str, unit: str, lln: Decimal | None, uln: Decimal | None) -> Room | None:
    return room_by_limits(analyte, lln, uln) if unit == units.SAME_AS_LIMITS else room_of(analyte, unit)


def read_baseline(m: Measurement, frame: Frame) -> BaselineValue:
    """The baseline of a measurement: its value, what it was like, and which steps that makes apply."""
    notes: list[str] = []
    value = _limit(m.baseline, "baseline_unread", notes, frame.analyte in _FROM_ZERO)
    low, high = frame.low, frame.high
    if value is not None and m.baseline_unit and m.baseline_unit != m.unit:
        value, low, high = (
            None if number is None else units.convert(frame.analyte, number, m.baseline_unit, m.unit)
            for number in (value, low, high)
        )
        notes.append("baseline_converted" if value is not None else "baseline_unit")
    if value is not None and frame.room is not None and not _on_scale(value, low, high, frame, frame.room):
        notes.append("baseline_scale")
    if value is None:
        status = frame.flag or _of_signed(read_number(m.baseline), high if high is not None else frame.uln)
    else:
        status = _status(value, low, high) or frame.flag or _by_today(value, frame, notes)
        if status == "NORMAL" and low is None:
            status = _perhaps_low(value, frame, notes)
    words = _words(
        frame.facts.get("on_anticoagulation", False) and not frame.is_baseline,
        "" if frame.is_baseline else status,
        frame.is_baseline or value is None,
        frame.ages,
    )
    status = "NORMAL" if status == NOT_HIGH else status
    return BaselineValue(value, status, words, tuple(notes))


def _on_scale(value: Decimal, low: Decimal | None, high: Decimal | None, frame: Frame, room: Room) -> bool:
    """Whether a baseline and its limits, in the unit of the value, can be right."""
    if not room.holds(value):
        return frame.unit != units.SAME_AS_LIMITS and not units_that_fit(frame.analyte, frame.unit, value)
    todays = (low is None or low == frame.lln) and (high is None or high == frame.uln)
    return todays or odd_limit(frame.analyte, frame.unit, low, high) is None


def _limit(value: Number, note: str, notes: list[str], from_zero: bool = False) -> Decimal | None:
    """A limit or baseline: exact and above zero (or ``from_zero`` on); anything else is left out, with a note."""
    if value is None or value == "":
        return None
    number = exact(value)
    if number is None or number < 0 or (number == 0 and not from_zero):
        notes.append(note)
        return None
    return number


def _status(value: Decimal, low: Decimal | None, high: Decimal | None) -> str:
    """LOW, NORMAL or HIGH by limits; "" when the one that would tell is missing."""
    if high is not None and value > high:
        return "HIGH"
    if low is not None and value < low:
        return "LOW"
    return "NORMAL" if high is not None else ""


def _by_today(value: Decimal, frame: Frame, notes: list[str]) -> str:
    """The status of the baseline by the limits of today, with a note."""
    status = _status(value, frame.lln, frame.uln)
    if status:
        notes.append("baseline_limits_assumed")
    return status


def _perhaps_low(value: Decimal, frame: Frame, notes: list[str]) -> str:
    """The status of a baseline that isn't high, its own lower limit missing: by the flag, by today's limit, or open."""
    if frame.flag:
        return "LOW" if frame.flag == "LOW" else "NORMAL"
    if frame.lln is None:
        return NOT_HIGH
    if value >= frame.lln:
        return "NORMAL"
    notes.append("baseline_limits_assumed")
    return "LOW"


def _of_signed(found: ReadNumber | None, high: Decimal | None) -> str:
    """The status of a baseline like ``>600``: high for certain, or normal for certain, else ""."""
    if found is None or not found.sign or high is None:
        return ""
    if found.sign.startswith(">"):
        return "HIGH" if found.number > high or (found.number == high and found.sign == ">") else ""
    return "NORMAL" if found.number <= high else ""


@cache
def _words(anticoagulated: bool, status: str, no_baseline: bool, ages: str) -> frozenset[str]:
    """The words of ``when`` that are true of this measurement."""
    words = {"", "anticoagulated" if anticoagulated else "not_anticoagulated"}
    words.add("bl_abnormal" if status == "HIGH" else "bl_normal")
    if status == "LOW":
        words.add("bl_low")
    if status == NOT_HIGH:
        words.add(NOT_HIGH)
    if no_baseline:
        words.add("no_baseline")
    if ages:
        words |= {ages} if ages == "adult" else {ages, "pediatric"}
    return frozenset(words)


def read_facts(context: Mapping[str, object]) -> dict[str, bool]:
    """The answers a person gave, by fact.

    ``symptomatic``, ``on_anticoagulation``, ``fasting``, ``physiologic_consequences``, ``persist_1h``, ``duration_h``
    (in hours), ``intervention_initiated`` (= ``intervention``), ``transfusion_indicated``, ``bleeding``,
    ``hospitalization``, ``life_threatening`` and the other names that the tables use.
    """
    facts: dict[str, bool] = {}
    for key, said in context.items():
        if isinstance(said, bool):
            facts[key] = said
        elif isinstance(said, (str, int)) and (word := str(said).strip().lower()) in _YES | _NO:
            facts[key] = word in _YES
    if "intervention_initiated" in facts:
        facts.setdefault("intervention", facts["intervention_initiated"])
    if "symptomatic" in facts:
        facts.setdefault("moderate_symptoms", facts["symptomatic"])
    said = context.get("duration_h")
    hours = exact(said) if isinstance(said, (str, int, Decimal)) and not isinstance(said, bool) else None
    if hours is not None:
        facts.setdefault("over_24h", hours > 24)
        facts.setdefault("persist_1h", hours > 1)
    return facts
