"""A measurement made ready for judging: its value put into its frame, with second inputs and changes worked out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType

from forms.grading.decide import Values, scaled
from forms.grading.frame import (
    CORRECTED_CALCIUM,
    Frame,
    Measurement,
    ReadNumber,
    exact,
    frame_of,
    read_baseline,
    read_number,
)
from forms.grading.scale import room_of, units_that_fit
from forms.grading.tables import Criterion
from forms.values import units

_SNELLEN = re.compile(r"(?P<seen>[0-9]{1,3}(?:\.[0-9]+)?)/(?P<normal>[0-9]{1,4}(?:\.[0-9]+)?)")
_BESIDE = re.compile(r"(?P<number>[+-]?[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>[^0-9].*)?")
_PARTNERS = {"Systolic BP": "Diastolic BP", "Diastolic BP": "Systolic BP"}
SECOND_INPUTS: Mapping[str, str] = MappingProxyType(
    {"Neutrophils (ANC)": "Body temperature", "Calcium": "Albumin", **_PARTNERS}
)
"""For a measurement the other one of the same occasion that its criteria read."""

_FALLS = frozenset({"Weight loss %", "Hemoglobin drop", "Hemoglobin drop %", "LVEF drop", "DLCO drop", "Height loss"})
_CHANGES = _FALLS | {"Body weight % change", "QTc change", "Stools per day increase"}
_FALL_WORDS = frozenset({"drop", "loss", "fall", "decrease"})
_RISE_WORDS = frozenset({"gain", "rise", "increase"})
_CHANGE_WORDS = _FALL_WORDS | _RISE_WORDS | {"change", "percent_change", "difference"}
_SIGNED = _CHANGES | {"BMD t-score", "Height SD vs target"}


@dataclass(slots=True)
class Inputs:
    """A frame with its value and baseline. ``fault`` names why it can't be judged at all ("" = it can).

    ``words``: those of ``when`` that are true; ``status`` of the baseline; ``sign`` of the assay.
    """

    measurement: Measurement
    frame: Frame
    values: Values
    fault: str
    notes: tuple[str, ...]
    words: frozenset[str] = frozenset({""})
    status: str = ""
    sign: str = ""
    partner: Measurement | None = None

    @property
    def analyte(self) -> str:
        """The CTCAE measurement."""
        return self.frame.analyte

    @property
    def unit(self) -> str:
        """The unit reported, as this house writes it."""
        return self.frame.unit

    def points_for(self, plan: Criterion) -> list[Decimal]:
        """Values that a result like ``<5`` may stand for: one in every stretch between two cuts, and the cuts."""
        edge = self.values["x"] or Decimal(0)
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


def read_inputs(measurement: Measurement, version: str) -> Inputs:
    """Make a measurement ready; never raises."""
    frame = frame_of(measurement, version)
    inputs = Inputs(measurement, frame, {}, frame.fault, frame.notes)
    if not frame.fault and frame.plans:
        _read_values(inputs, frame)
    return inputs


def _read_values(inputs: Inputs, frame: Frame) -> None:
    m = inputs.measurement
    found = _read_value(frame.unit, m.value)
    if found is None:
        inputs.fault = "value_missing" if m.value is None or m.value == "" else "value_unread"
        return
    number = found.number
    if number < 0 and frame.analyte not in _SIGNED:
        inputs.fault = "value_negative"
        return
    mi_level = frame.mi_level
    if mi_level is None and frame.uln is not None and number <= frame.uln:
        mi_level = frame.uln + 1  # wherever the assay's cut for infarction lies, it is above the upper limit
    baseline, inputs.status, inputs.words, notes = read_baseline(m, frame)
    inputs.values = {"x": number, "LLN": frame.lln, "ULN": frame.uln, "BL": baseline, "MI": mi_level}
    inputs.notes += notes
    inputs.sign = found.sign
    if frame.analyte in _CHANGES:
        _read_change(inputs)
    if frame.room is not None and not frame.room.holds(number, found.sign) and "value_is_change" not in inputs.notes:
        _doubt(inputs, number)
        if inputs.fault:
            return
    if m.with_:
        _read_beside(inputs)
    elif frame.analyte == CORRECTED_CALCIUM and _calcium_is_total(m):
        inputs.fault = "albumin_missing"


def _doubt(inputs: Inputs, number: Decimal) -> None:
    """A value that nobody has: a fault if it fits in another unit or can't share that of its limits, else a note."""
    frame = inputs.frame
    if frame.unit == units.SAME_AS_LIMITS:
        inputs.fault = "scale_shared"
    elif units_that_fit(frame.analyte, frame.unit, number):
        inputs.fault = "scale_value"
    else:
        inputs.notes += ("unheard_of",)


def _read_value(unit: str, value: object) -> ReadNumber | None:
    if unit in {"Snellen", "decimal"} and isinstance(value, str) and (match := _SNELLEN.fullmatch(value.strip())):
        normal = Decimal(match["normal"])
        return ReadNumber("", Decimal(match["seen"]) / normal) if normal else None
    return read_number(value) if isinstance(value, (str, int, Decimal)) else None


def _read_change(inputs: Inputs) -> None:
    """A value that is itself the change: put on a scale where the baseline is 0, or 100 for per cent."""
    said = str(inputs.measurement.context.get("value_is", "")).lower().replace(" ", "_")
    if said not in _CHANGE_WORDS:
        return
    number = inputs.values["x"] or Decimal(0)
    falling = said in _FALL_WORDS or (said not in _RISE_WORDS and inputs.analyte in _FALLS)
    if number < 0 and (falling or said in _RISE_WORDS):
        inputs.fault = "change_sign"
        return
    start = Decimal(100) if "%" in inputs.analyte else Decimal(0)
    inputs.values["BL"] = start
    inputs.values["x"] = start - number if falling else start + number
    inputs.notes += ("value_is_change",)


def _calcium_is_total(m: Measurement) -> bool:
    return units.analyte_of(m.analyte) == "Calcium" or m.context.get("value_is") == "total"


def _read_beside(inputs: Inputs) -> None:
    """Second inputs: temperature with neutrophils, albumin with calcium, the other pressure, lines of vision lost."""
    m = inputs.measurement
    given = {units.analyte_of(name) or name: str(said) for name, said in m.with_.items()}
    if "Body temperature" in given:
        inputs.values["t"] = _temperature(given["Body temperature"])
    if "Lines lost" in given:
        inputs.values["lines"] = exact(given["Lines lost"])
    other = _PARTNERS.get(inputs.analyte, "")
    if other in given:
        said = _BESIDE.fullmatch(given[other].strip())
        value, unit = (said["number"], said["unit"] or m.unit) if said is not None else (given[other], m.unit)
        inputs.partner = Measurement(other, value, unit, sex=m.sex, age=m.age, context=m.context)
    if inputs.analyte != CORRECTED_CALCIUM or m.context.get("value_is") == "corrected":
        return
    if "Albumin" in given:
        _correct_calcium(inputs, given["Albumin"])
    elif _calcium_is_total(m):
        inputs.fault = "albumin_missing"


def _temperature(text: str) -> Decimal | None:
    """Degrees Celsius; a bare number is taken so between 25 and 45 only, one that no body has is not known."""
    match = _BESIDE.fullmatch(text.strip())
    if match is None:
        return None
    number = Decimal(match["number"])
    if match["unit"]:
        return _likely("Body temperature", units.convert("Body temperature", number, match["unit"], "degC"), "degC")
    return number if 25 <= number <= 45 else None


def _likely(analyte: str, number: Decimal | None, unit: str) -> Decimal | None:
    """A second input when it can be true in its unit."""
    room = room_of(analyte, unit)
    return number if number is not None and (room is None or room.holds(number)) else None


_CALCIUM_FOR_ALBUMIN = {
    "mmol/L": (Decimal("0.02"), "calcium_corrected"),
    "mg/dL": (Decimal("0.08"), "calcium_corrected_mg"),
    "mEq/L": (Decimal("0.04"), "calcium_corrected_meq"),
}
"""By each unit calcium is taken in: what to add for each g/L of albumin below 40, and the note with the formula."""


def _correct_calcium(inputs: Inputs, text: str) -> None:
    """Calcium + 0.02 x (40 - albumin in g/L) mmol/L, which is 0.04 mEq/L, or + 0.8 x (4.0 - albumin in g/dL) mg/dL.

    Source: Payne, BMJ 1973; 1 mmol of calcium is 2 mEq.
    """
    match = _BESIDE.fullmatch(text.strip())
    albumin = None
    if match is not None:
        number = Decimal(match["number"])
        if match["unit"]:
            albumin = _likely("Albumin", units.convert("Albumin", number, match["unit"], "g/L"), "g/L")
        elif number >= 10:
            albumin = number
    total = inputs.values["x"] or Decimal(0)
    if albumin is None:
        inputs.fault = "albumin_unread"
        return
    factor, note = _CALCIUM_FOR_ALBUMIN[inputs.unit]
    inputs.values["x"] = total + factor * (40 - albumin)
    inputs.notes += (note,)
    inputs.values["albumin"] = albumin
