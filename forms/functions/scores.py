"""Scores made of points and counts of criteria; what is missing shows as unknown, an interval or undetermined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from forms.functions.formula import Argument, formula, take
from forms.values.censored import EXACT, Censored, less


def _counted(answers: Sequence[bool | None]) -> tuple[int, int]:
    """How many answers are true and how many unknown."""
    return sum(answer is True for answer in answers), sum(answer is None for answer in answers)


def reached(needed: int, answers: Sequence[bool | None]) -> bool | None:
    """Are at least ``needed`` answers true, whatever the unknown ones turn out to be? None when they decide."""
    true, unknown = _counted(answers)
    if true >= needed:
        return True
    return False if true + unknown < needed else None


_ANSWERS = take("criterion", "yes", unknown_welcome=True, many=True)


@formula(take("n", limits=("0", "1000")), _ANSWERS, reference="Three-valued count")
def at_least(n: Decimal, *criteria: bool | None) -> bool | None:
    """True when n criteria are met, false when n can't be met any more, else unknown; unknown is welcome."""
    return reached(int(n), criteria)


@formula(_ANSWERS, unit="criteria", reference="Count of true")
def count_true(*criteria: bool | None) -> Decimal:
    """How many criteria are met; unknown is welcome and not counted."""
    return Decimal(_counted(criteria)[0])


@formula(_ANSWERS, unit="criteria", reference="Count of unknown")
def count_unknown(*criteria: bool | None) -> Decimal:
    """How many criteria are unknown; unknown is welcome."""
    return Decimal(_counted(criteria)[1])


HLH_CRITERIA = ("fever", "spleen", "cytopenia", "tg_or_fib", "hemophagocytosis", "nk", "ferritin", "scd25")


@formula(
    *(take(name, "yes", unknown_welcome=True) for name in HLH_CRITERIA),
    reference="Henter et al., Pediatr Blood Cancer 2007;48:124: 5 of 8",
)
def hlh_2004(*criteria: bool | None) -> str:
    """'MET', 'NOT_MET' or 'UNDETERMINED' by 5 of the 8 HLH-2004 criteria; unknown is welcome."""
    answer = reached(5, criteria)
    return "UNDETERMINED" if answer is None else "MET" if answer else "NOT_MET"


def _points(number: Decimal, *steps: tuple[str, int]) -> int:
    """Points of the last step at or below the number; steps rise, the first begins below every number."""
    return max((step for step in steps if number >= Decimal(step[0])), key=lambda step: Decimal(step[0]))[1]


@formula(
    take("bilirubin", unit="umol/L", limits=("0", "3000")),
    take("albumin", unit="g/L", limits=("1", "100")),
    take("inr", limits=("0.1", "50")),
    take("ascites", limits=("0", "2")),
    take("encephalopathy", unit="grade", limits=("0", "4")),
    unit="points",
    reference="Pugh et al., Br J Surg 1973;60:646, INR in place of prothrombin time",
)
def child_pugh(
    bilirubin: Decimal, albumin: Decimal, inr: Decimal, ascites: Decimal, encephalopathy: Decimal
) -> Decimal:
    """Child-Pugh points, 5 to 15; ascites 0 none, 1 slight, 2 moderate; encephalopathy grade 0 to 4."""
    points = _points(bilirubin, ("0", 1), ("34", 2)) + (bilirubin > 51)
    points += 1 if albumin > 35 else 2 if albumin >= 28 else 3
    points += _points(inr, ("0", 1), ("1.7", 2)) + (inr > Decimal("2.3"))
    points += _points(ascites, ("0", 1), ("1", 2), ("2", 3))
    points += _points(encephalopathy, ("0", 1), ("1", 2), ("3", 3))
    return Decimal(points)


@formula(take("points", limits=("5", "15")), reference="Pugh et al., Br J Surg 1973;60:646")
def child_pugh_class(points: Decimal) -> str:
    """Child-Pugh class: 'A' 5-6, 'B' 7-9, 'C' 10-15."""
    return "A" if points <= 6 else "B" if points <= 9 else "C"


@formula(
    take("underlying", "yes"),
    take("platelets", unit="10^9/L", limits=("0", "5000")),
    take("d_dimer_fold", unit="x ULN", limits=("0", "")),
    take("pt_prolonged", unit="s", limits=("-30", "300")),
    take("fibrinogen", unit="g/L", limits=("0", "30")),
    unit="points",
    reference="Taylor et al., Thromb Haemost 2001;86:1327; D-dimer above ULN 2, above 10 x ULN 3 points",
)
def isth_dic(
    underlying: bool, platelets: Decimal, d_dimer_fold: Decimal, pt_prolonged: Decimal, fibrinogen: Decimal
) -> Decimal | None:
    """ISTH score, overt DIC from 5 points; unknown without an underlying disorder, for which it is not made."""
    if not underlying:
        return None
    points = 0 if platelets > 100 else 1 if platelets >= 50 else 2
    points += 0 if d_dimer_fold <= 1 else 2 if d_dimer_fold <= 10 else 3
    points += 0 if pt_prolonged < 3 else 1 if pt_prolonged <= 6 else 2
    points += fibrinogen <= 1
    return Decimal(points)


@formula(
    take("underlying", "yes"),
    take("bleeding", "yes"),
    take("organ_failure", "yes"),
    take("shock", "yes"),
    take("hematologic_malignancy", "yes"),
    take("platelets", unit="10^9/L", limits=("0", "5000")),
    take("platelets_fall", unit="% in 24 hours", limits=("-1000", "100")),
    take("d_dimer", unit="mg/L", limits=("0", "10000")),
    take("pt_prolonged", unit="s", limits=("-30", "300")),
    take("aptt_prolonged", unit="s", limits=("-60", "600")),
    take("fibrinogen", unit="g/L", limits=("0", "30")),
    unit="points",
    reference="Chinese DIC scoring system, Chin J Hematol 2017;38:361",
)
def cdss(
    underlying: bool,
    bleeding: bool,
    organ_failure: bool,
    shock: bool,
    hematologic_malignancy: bool,
    platelets: Decimal,
    platelets_fall: Decimal,
    d_dimer: Decimal,
    pt_prolonged: Decimal,
    aptt_prolonged: Decimal,
    fibrinogen: Decimal,
) -> Decimal:
    """Chinese DIC score: DIC from 7 points, with a hematologic malignancy from 6; confirm its use with the sponsor."""
    points = 2 * underlying + bleeding + organ_failure + shock
    if hematologic_malignancy:
        points += platelets < 50
    else:
        points += 0 if platelets >= 100 else 1 if platelets >= 80 else 2
    points += platelets_fall >= 50
    points += _points(d_dimer, ("0", 0), ("5", 2), ("9", 3))
    points += 2 if pt_prolonged >= 6 else 1 if pt_prolonged >= 3 or aptt_prolonged >= 10 else 0
    points += fibrinogen < 1
    return Decimal(points)


_HSCORE_ARGUMENTS: tuple[Argument, ...] = (
    take("immunosuppression", "yes"),
    take("temperature", unit="C", limits=("30", "45")),
    take("liver", "yes"),
    take("spleen", "yes"),
    take("hemoglobin", unit="g/L", limits=("0", "300")),
    take("wbc", unit="10^9/L", limits=("0", "2000")),
    take("platelets", unit="10^9/L", limits=("0", "5000")),
    take("ferritin", "amount", "ug/L", limits=("0", "")),
    take("triglyceride", "amount", "mmol/L", limits=("0", "150")),
    take("fibrinogen", "amount", "g/L", limits=("0", "30")),
    take("ast", "amount", "U/L", limits=("0", "100000")),
    take("hemophagocytosis", "yes"),
)
_FARDET = "Fardet et al., Arthritis Rheumatol 2014;66:2613"
_Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Cuts:
    """Points by a number: below ``low``, from ``low`` to ``high`` inclusive, above ``high``."""

    low: Decimal
    high: Decimal
    points: tuple[int, int, int]

    def of(self, number: object | None) -> _Interval:
        """Least and greatest points the number may give; a censored one gives what its assay leaves open."""
        below, within, above = self.points
        if isinstance(number, Decimal):
            points = below if number < self.low else within if number <= self.high else above
            return points, points
        if isinstance(number, Censored):
            at = self.of(number.number)[0]
            falling = number.sign.startswith("<")
            if number.sign == "<" and number.number == self.low:
                at = below
            if number.sign == ">" and number.number == self.high:
                at = above
            possible = [points for points in self.points if (points <= at if falling else points >= at)]
            return min(possible), max(possible)
        return min(self.points), max(self.points)


_TEMPERATURE = _Cuts(Decimal("38.4"), Decimal("39.4"), (0, 33, 49))
_FERRITIN = _Cuts(Decimal(2000), Decimal(6000), (0, 35, 50))
_TRIGLYCERIDE = _Cuts(Decimal("1.5"), Decimal("4.0"), (0, 44, 64))


def _yes_points(answer: object | None, points: int) -> _Interval:
    return (0, points) if answer is None else (points, points) if answer else (0, 0)


def _counted_points(answers: Sequence[bool | None], points: Sequence[int]) -> _Interval:
    """Points by how many answers are true; ``points`` rise."""
    true, unknown = _counted(answers)
    return points[true], points[true + unknown]


def _at_most(number: object | None, limit: str) -> bool | None:
    return number <= Decimal(limit) if isinstance(number, Decimal) else None


def _decided(number: object | None, limit: str, *, above: bool) -> bool | None:
    """Is the amount at or above (or, not ``above``, at or below) the limit? None when it is unknown or censored so."""
    if not isinstance(number, Decimal | Censored):
        return None
    bound = Decimal(limit)
    return less(bound, number, or_equal=True) if above else less(number, bound, or_equal=True)


def hscore_interval(
    immunosuppression: object | None,
    temperature: object | None,
    liver: bool | None,
    spleen: bool | None,
    hemoglobin: object | None,
    wbc: object | None,
    platelets: object | None,
    ferritin: object | None,
    triglyceride: object | None,
    fibrinogen: object | None,
    ast: object | None,
    hemophagocytosis: object | None,
) -> _Interval:
    """Least and greatest HScore that the known items allow. The blood line counted is leukocytes, not neutrophils."""
    lines = (_at_most(hemoglobin, "92"), _at_most(wbc, "5.0"), _at_most(platelets, "110"))
    parts = (
        _yes_points(immunosuppression, 18),
        _TEMPERATURE.of(temperature),
        _counted_points((liver, spleen), (0, 23, 38)),
        _counted_points(lines, (0, 0, 24, 34)),
        _FERRITIN.of(ferritin),
        _TRIGLYCERIDE.of(triglyceride),
        _yes_points(_decided(fibrinogen, "2.5", above=False), 30),
        _yes_points(_decided(ast, "30", above=True), 19),
        _yes_points(hemophagocytosis, 35),
    )
    return sum(part[0] for part in parts), sum(part[1] for part in parts)


def _welcoming(argument: Argument) -> Argument:
    return Argument(argument.name, argument.kind, argument.unit, argument.low, argument.high, unknown_welcome=True)


_HSCORE_OPEN = tuple(map(_welcoming, _HSCORE_ARGUMENTS))


@formula(*_HSCORE_OPEN, unit="points", reference=_FARDET)
def hscore(*items: object | None) -> Decimal | None:
    """HScore, 0 to 337; unknown items are welcome as long as they can't change the score."""
    low, high = hscore_interval(*items)  # type: ignore[arg-type]
    return Decimal(low) if low == high else None


@formula(*_HSCORE_OPEN, unit="points", reference=_FARDET)
def hscore_low(*items: object | None) -> Decimal:
    """The least HScore that is possible with what is known; unknown is welcome."""
    return Decimal(hscore_interval(*items)[0])  # type: ignore[arg-type]


@formula(*_HSCORE_OPEN, unit="points", reference=_FARDET)
def hscore_high(*items: object | None) -> Decimal:
    """The greatest HScore that is possible with what is known; unknown is welcome."""
    return Decimal(hscore_interval(*items)[1])  # type: ignore[arg-type]


@formula(
    take("score", unit="points", limits=("0", "337")),
    unit="%",
    reference=f"{_FARDET}, smoothed: 1 / (1 + exp(10.318 - 0.06171 x score))",
)
def hscore_probability(score: Decimal) -> Decimal | Censored:
    """Approximate probability of HLH, a whole per cent; <1 up to a score of 90, >99 from 250 on."""
    if score <= 90:
        return Censored("<", Decimal(1))
    if score >= 250:
        return Censored(">", Decimal(99))
    odds = EXACT.exp(Decimal("10.318") - Decimal("0.06171") * score)
    return EXACT.divide(Decimal(100), 1 + odds).quantize(Decimal(1))


def worst_of_stored(grades: str) -> Decimal | None:
    """The worst grade of a stored grade text (``Term=3;Other=?2,3;Third=-``).

    When a candidate of an undecided term exceeds every decided grade the worst is unknown. Terms that can't be graded
    (``-``) are passed over.
    """
    decided: list[int] = []
    open_: list[int] = []
    for entry in filter(None, grades.split(";")):
        grade = entry.rpartition("=")[2]
        if grade.startswith("?"):
            open_ += [int(candidate) for candidate in grade[1:].split(",") if candidate]
        elif grade != "-":
            decided.append(int(grade))
    worst = max(decided, default=None)
    if any(worst is None or candidate > worst for candidate in open_):
        return None
    return None if worst is None else Decimal(worst)
