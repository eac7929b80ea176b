"""What is measured and what is known about it, read once into exact numbers, units and answers before judging."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from forms import units
from forms.ctcae_tables import Plan, edition, plans
from forms.grade_decide import Values, scaled

Number = Decimal | str | int | None
"""A number as typed or exact; "" and None mean that it isn't known."""

_NUMBER = re.compile(r"(?P<sign><=|>=|<|>|≤|≥)?\s*(?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?)")
_SNELLEN = re.compile(r"(?P<seen>\d{1,3}(?:\.\d+)?)/(?P<normal>\d{1,4}(?:\.\d+)?)")
_BESIDE = re.compile(r"(?P<number>[+-]?\d+(?:\.\d+)?)\s*(?P<unit>\D.*)?")
_LONGEST = 20

CORRECTED_CALCIUM = "Calcium (albumin-corrected)"
_PARTNERS = {"Systolic BP": "Diastolic BP", "Diastolic BP": "Systolic BP"}
_FALLS = frozenset({"Weight loss %", "Hemoglobin drop", "Hemoglobin drop %", "LVEF drop", "DLCO drop", "Height loss"})
_CHANGES = _FALLS | {"Body weight % change", "QTc change", "Stools per day increase"}
_FALL_WORDS = frozenset({"drop", "loss", "fall", "decrease"})
_RISE_WORDS = frozenset({"gain", "rise", "increase"})
_CHANGE_WORDS = _FALL_WORDS | _RISE_WORDS | {"change", "percent_change", "difference"}
_FROM_ZERO = frozenset({"Stools per day increase"})
_SIGNED = frozenset({"BMD t-score", "Height SD vs target"})
_YES = frozenset({"true", "yes", "y", "1"})
_NO = frozenset({"false", "no", "n", "0"})


_NOTHING: Mapping[str, str] = MappingProxyType({})
_NO_ANSWERS: Mapping[str, object] = MappingProxyType({})


class Measurement(NamedTuple):
    """One result and what belongs to it.

    ``analyte``: name of a CTCAE measurement or a laboratory code. ``value`` as reported, with the assay's sign
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


@dataclass(slots=True)
class Inputs:
    """A measurement made ready for judging. ``fault`` names why it can't be judged at all ("" = it can)."""

    measurement: Measurement
    analyte: str
    unit: str
    plans: tuple[Plan, ...] = ()
    values: Values = field(default_factory=dict)
    words: frozenset[str] = frozenset({""})
    facts: dict[str, bool] = field(default_factory=dict)
    fault: str = ""
    sign: str = ""
    is_baseline: bool = False
    age_known: bool = False
    baseline_status: str = ""
    notes: list[str] = field(default_factory=list)
    partner: Measurement | None = None
    points: Decimal | None = None

    def points_for(self, plan: Plan) -> list[Decimal]:
        """Values that a result like ``<5`` may stand for: one in every stretch between two cuts, and the cuts."""
        edge = self.values["x"]
        if edge is None:
            return []
        cuts: set[Decimal] = set()
        for step in plan.steps:
            values = self.values if step.scale is None else scaled(self.values, step.scale)
            for atom in step.atoms:
                limit = atom.threshold(values) if atom.name == "x" else None
                if limit is not None:
                    cuts.add(limit if step.scale is None else limit * step.scale.over / step.scale.times)
        below = self.sign in {"<", "<="}
        inside = sorted((cut for cut in cuts if (cut < edge if below else cut > edge)), reverse=not below)
        ends = [*inside, edge]
        points = list(inside)
        points += [(first + second) / 2 for first, second in pairwise(ends)]
        points.append(ends[0] - 1 if below else ends[0] + 1)
        if "=" in self.sign:
            points.append(edge)
        return points


class Read(NamedTuple):
    """A number with the assay's sign ("" = exact)."""

    sign: str
    number: Decimal


def read_number(value: Number) -> Read | None:
    """Read a reported number; None for what isn't one (words, NaN, more than 20 digits)."""
    if isinstance(value, str):
        return _read_text(value)
    if isinstance(value, Decimal):
        return Read("", value) if value.is_finite() and abs(value.adjusted()) < _LONGEST else None
    if value is None or isinstance(value, bool):
        return None
    return _read_text(str(value))


@lru_cache(maxsize=1024)
def _read_text(text: str) -> Read | None:
    match = _NUMBER.fullmatch(text) or _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None or len(text) > _LONGEST + 3:
        return None
    sign, number = match[1], Decimal(match[2])
    if abs(number.adjusted()) >= _LONGEST:
        return None
    return Read({"≤": "<=", "≥": ">="}.get(sign, sign) if sign else "", number)


def _exact(value: Number) -> Decimal | None:
    """A second input: exact numbers only."""
    if value is None or value == "":
        return None
    found = read_number(value)
    return found.number if found is not None and not found.sign else None


def _limit(inputs: Inputs, value: Number, note: str) -> Decimal | None:
    """A limit or baseline: exact and above zero; anything else is left out, with a note."""
    if value is None or value == "":
        return None
    found = read_number(value)
    number = found.number if found is not None and not found.sign else None
    if number is None or number < 0 or (number == 0 and inputs.analyte not in _FROM_ZERO and note == "baseline_unread"):
        inputs.notes.append(note)
        return None
    return number


def read_inputs(measurement: Measurement, version: str) -> Inputs:
    """Make a measurement ready; never raises."""
    analyte = units.analyte_of(measurement.analyte)
    if analyte == "Calcium":
        analyte = CORRECTED_CALCIUM
    unit = units.symbol(analyte, measurement.unit) if analyte else None
    if unit is None and measurement.unit == units.SAME_AS_LIMITS:
        unit = measurement.unit
    inputs = Inputs(measurement, analyte, unit or measurement.unit)
    if analyte not in edition(version).routes:
        return inputs
    made = plans(version, analyte, unit) if unit is not None else None
    if made is None:
        first = next((plan for known in units.known(analyte) if (plan := plans(version, analyte, known))), ())
        inputs.plans, inputs.fault = first, "unit"
        return inputs
    inputs.plans = made
    _read_values(inputs)
    if not inputs.fault:
        _read_words(inputs)
    return inputs


def _read_values(inputs: Inputs) -> None:
    m = inputs.measurement
    found = _read_value(inputs)
    if found is None:
        inputs.fault = inputs.fault or ("value_missing" if m.value in (None, "") else "value_unread")
        return
    inputs.is_baseline = m.context.get("is_baseline_visit") in (True, "true", "yes") if m.context else False
    if found.number < 0 and inputs.analyte not in _SIGNED and inputs.analyte not in _CHANGES:
        inputs.fault = "value_negative"
        return
    lln, uln = _limit(inputs, m.lln, "limit_unread"), _limit(inputs, m.uln, "limit_unread")
    baseline = _limit(inputs, m.baseline, "baseline_unread")
    if lln is not None and uln is not None and lln > uln:
        inputs.fault = "limits_crossed"
        return
    bluln, bllln = _limit(inputs, m.baseline_uln, "limit_unread"), _limit(inputs, m.baseline_lln, "limit_unread")
    if m.baseline_unit and m.baseline_unit != m.unit and baseline is not None:
        baseline, bluln, bllln = (
            None if number is None else units.convert(inputs.analyte, number, m.baseline_unit, m.unit)
            for number in (baseline, bluln, bllln)
        )
        inputs.notes.append("baseline_converted" if baseline is not None else "baseline_unit")
    inputs.values = {"x": found.number, "LLN": lln, "ULN": uln, "BL": baseline, "MI": _exact(m.mi_level)}
    if inputs.values["MI"] is None and uln is not None and found.number <= uln:
        inputs.values["MI"] = uln + 1  # wherever the assay's cut for infarction lies, it is above the upper limit
    inputs.sign = found.sign
    if found.sign:
        inputs.points = found.number
    if inputs.analyte in _CHANGES:
        _read_change(inputs)
    if m.with_:
        _read_beside(inputs)
    elif inputs.analyte == CORRECTED_CALCIUM and _calcium_is_total(m):
        inputs.fault = "albumin_missing"
    inputs.baseline_status = _status(inputs, inputs.values["BL"], bllln, bluln)


def _read_value(inputs: Inputs) -> Read | None:
    value = inputs.measurement.value
    if (
        inputs.unit in {"Snellen", "decimal"}
        and isinstance(value, str)
        and (match := _SNELLEN.fullmatch(value.strip()))
    ):
        normal = Decimal(match["normal"])
        return Read("", Decimal(match["seen"]) / normal) if normal else None
    return read_number(value)


def _read_change(inputs: Inputs) -> None:
    """A value that is itself the change: put on a scale where the baseline is 0, or 100 for per cent."""
    said = str(inputs.measurement.context.get("value_is", "")).lower().replace(" ", "_")
    if said not in _CHANGE_WORDS:
        return
    number = inputs.values["x"]
    if number is None:
        return
    falling = said in _FALL_WORDS or (said not in _RISE_WORDS and inputs.analyte in _FALLS)
    if number < 0 and (falling or said in _RISE_WORDS):
        inputs.fault = "change_sign"
        return
    start = Decimal(100) if inputs.analyte.endswith("%") or "%" in inputs.analyte else Decimal(0)
    inputs.values["BL"] = start
    inputs.values["x"] = start - number if falling else start + number
    inputs.notes.append("value_is_change")


def _calcium_is_total(m: Measurement) -> bool:
    return m.analyte in {"CA", "Calcium"} or m.context.get("value_is") == "total"


def _read_beside(inputs: Inputs) -> None:
    """Second inputs: temperature with neutrophils, albumin with calcium, the other pressure, lines of vision lost."""
    m = inputs.measurement
    if "Body temperature" in m.with_:
        inputs.values["t"] = _temperature(str(m.with_["Body temperature"]))
    if "Lines lost" in m.with_:
        inputs.values["lines"] = _exact(str(m.with_["Lines lost"]))
    other = _PARTNERS.get(inputs.analyte, "")
    if other in m.with_:
        inputs.partner = Measurement(other, str(m.with_[other]), m.unit, sex=m.sex, age=m.age, context=m.context)
    if inputs.analyte != CORRECTED_CALCIUM or m.context.get("value_is") == "corrected":
        return
    if "Albumin" in m.with_:
        _correct_calcium(inputs, str(m.with_["Albumin"]))
    elif _calcium_is_total(m):
        inputs.fault = "albumin_missing"


def _temperature(text: str) -> Decimal | None:
    """Degrees Celsius; a bare number is taken so between 25 and 45 only."""
    match = _BESIDE.fullmatch(text.strip())
    if match is None:
        return None
    number = Decimal(match["number"])
    if match["unit"]:
        return units.convert("Body temperature", number, match["unit"], "degC")
    return number if 25 <= number <= 45 else None


def _correct_calcium(inputs: Inputs, text: str) -> None:
    """Calcium + 0.02 x (40 - albumin in g/L) mmol/L, or + 0.8 x (4.0 - albumin in g/dL) mg/dL (Payne, BMJ 1973)."""
    match = _BESIDE.fullmatch(text.strip())
    albumin = None
    if match is not None:
        number = Decimal(match["number"])
        if match["unit"]:
            albumin = units.convert("Albumin", number, match["unit"], "g/L")
        elif number >= 10:
            albumin = number
    total = inputs.values["x"]
    if albumin is None or total is None:
        inputs.fault = "albumin_unread"
        return
    if inputs.unit == "mg/dL":
        inputs.values["x"] = total + Decimal("0.08") * (40 - albumin)
    elif inputs.unit == "mmol/L":
        inputs.values["x"] = total + Decimal("0.02") * (40 - albumin)
    else:
        inputs.fault = "unit"
        return
    if inputs.points is not None:
        inputs.points = inputs.values["x"]
    inputs.notes.append("calcium_corrected")
    inputs.values["albumin"] = albumin


def _status(inputs: Inputs, baseline: Decimal | None, low: Decimal | None, high: Decimal | None) -> str:
    """``LOW``, ``NORMAL``, ``HIGH`` of the baseline, "" when that can't be known."""
    if baseline is not None and (low is not None or high is not None):
        if high is not None and baseline > high:
            return "HIGH"
        if low is not None and baseline < low:
            return "LOW"
        if high is not None:
            return "NORMAL"
    flag = inputs.measurement.baseline_flag
    if flag and flag.strip().upper() in {"LOW", "NORMAL", "HIGH"}:
        return flag.strip().upper()
    if baseline is None:
        return ""
    low, high = inputs.values["LLN"], inputs.values["ULN"]
    if high is None and low is None:
        return ""
    inputs.notes.append("baseline_limits_assumed")
    if high is not None and baseline > high:
        return "HIGH"
    if low is not None and baseline < low:
        return "LOW"
    return "NORMAL" if high is not None else ""


def _read_words(inputs: Inputs) -> None:
    m = inputs.measurement
    if m.context:
        inputs.facts = read_facts(m.context)
    ages = ""
    if m.age is not None and m.age != "" and (age := _exact(m.age)) is not None:
        inputs.age_known = True
        ages = "adult" if age >= 18 else "infant" if age < 1 else "child"
    inputs.words = _words(
        bool(inputs.facts) and inputs.facts.get("on_anticoagulation", False) and not inputs.is_baseline,
        "" if inputs.is_baseline else inputs.baseline_status,
        inputs.is_baseline or inputs.values["BL"] is None,
        ages,
    )


@cache
def _words(anticoagulated: bool, status: str, no_baseline: bool, ages: str) -> frozenset[str]:
    """The words of ``when`` that are true of this measurement."""
    words = {"", "anticoagulated" if anticoagulated else "not_anticoagulated"}
    words.add("bl_abnormal" if status == "HIGH" else "bl_normal")
    if status == "LOW":
        words.add("bl_low")
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
        elif isinstance(said, str) and said.strip().lower() in _YES | _NO:
            facts[key] = said.strip().lower() in _YES
    if "intervention_initiated" in facts:
        facts.setdefault("intervention", facts["intervention_initiated"])
    if "symptomatic" in facts:
        facts.setdefault("moderate_symptoms", facts["symptomatic"])
    said = context.get("duration_h")
    hours = _exact(said) if isinstance(said, (str, int, Decimal)) and not isinstance(said, bool) else None
    if hours is not None:
        facts.setdefault("over_24h", hours > 24)
        facts.setdefault("persist_1h", hours > 1)
    return facts
