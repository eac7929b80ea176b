"""Clinical calculators with their published formulas, units and limits. Numbers are Decimal throughout, 28 digits.

Powers, roots and logarithms come from decimal arithmetic, correctly rounded and the same on every computer; no binary
fractions are involved. Nothing is rounded unless the score is defined as rounded. Amounts of substance in SI units;
formulas published in mg/dL divide by 88.4 (creatinine) and 17.1 (bilirubin), g/L by 10.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from forms.functions.formula import Argument, formula, take
from forms.values.censored import EXACT, Amount, Censored, divide

CREATININE_UMOL_PER_MG_DL = Decimal("88.4")
BILIRUBIN_UMOL_PER_MG_DL = Decimal("17.1")

_HEIGHT = take("height", unit="cm", limits=("20", "260"))
_WEIGHT = take("weight", unit="kg", limits=("0.3", "400"))
_CREATININE = take("creatinine", unit="umol/L", limits=("1", "5000"))
_BILIRUBIN = take("bilirubin", unit="umol/L", limits=("0", "3000"))
_INR = take("inr", limits=("0.1", "50"))
_SODIUM = take("sodium", unit="mmol/L", limits=("80", "220"))
_ALBUMIN = take("albumin", unit="g/L", limits=("1", "100"))
_DIALYSED = take("dialysed", "yes", optional=True)
_SEX = take("sex", "sex")
_ADULT = take("age", unit="years", limits=("18", "130"))


def _raised(base: Decimal, exponent: str) -> Decimal:
    return EXACT.power(base, Decimal(exponent))


@formula(_HEIGHT, _WEIGHT, unit="m2", reference="Mosteller, N Engl J Med 1987;317:1098")
def bsa_mosteller(height: Decimal, weight: Decimal) -> Decimal:
    """Body surface area: root of height x weight / 3600."""
    return EXACT.sqrt(EXACT.divide(height * weight, Decimal(3600)))


@formula(_HEIGHT, _WEIGHT, unit="m2", reference="DuBois and DuBois, Arch Intern Med 1916;17:863")
def bsa_dubois(height: Decimal, weight: Decimal) -> Decimal:
    """Body surface area: 0.007184 x kg^0.425 x cm^0.725; less good below 15 kg."""
    return EXACT.multiply(Decimal("0.007184") * _raised(weight, "0.425"), _raised(height, "0.725"))


@formula(_HEIGHT, _WEIGHT, unit="m2", reference="Haycock et al., J Pediatr 1978;93:62")
def bsa_haycock(height: Decimal, weight: Decimal) -> Decimal:
    """Body surface area: 0.024265 x kg^0.5378 x cm^0.3964, made for children."""
    return EXACT.multiply(Decimal("0.024265") * _raised(weight, "0.5378"), _raised(height, "0.3964"))


@formula(_HEIGHT, _WEIGHT, unit="kg/m2", reference="Quetelet index, WHO TRS 894 (2000)")
def bmi(height: Decimal, weight: Decimal) -> Decimal:
    """Body mass index; its bands are for adults."""
    return EXACT.divide(weight * 10000, height * height)


_PERCENT = ("0", "100")


@formula(
    take("wbc", unit="10^9/L", limits=("0", "2000")),
    take("segmented", unit="%", limits=_PERCENT),
    take("band", unit="%", limits=_PERCENT, optional=True),
    unit="10^9/L",
    reference="White cells x (segmented % + band %) / 100",
)
def anc(wbc: Decimal, segmented: Decimal, band: Decimal | None = None) -> Decimal | None:
    """Absolute neutrophil count from the differential; an unknown band makes it unknown unless it is left out."""
    percent = segmented + (band or 0)
    return EXACT.divide(wbc * percent, Decimal(100)) if percent <= 100 else None


@formula(
    take("calcium", unit="mmol/L", limits=("0.1", "10")),
    _ALBUMIN,
    unit="mmol/L",
    reference="Payne et al., BMJ 1973;4:643, as 0.02 mmol/L for each g/L of albumin from 40",
)
def corrected_calcium(calcium: Decimal, albumin: Decimal) -> Decimal:
    """Calcium corrected for albumin: Ca + 0.02 x (40 - albumin)."""
    return EXACT.add(calcium, Decimal("0.02") * (40 - albumin))


@formula(_ADULT, _WEIGHT, _CREATININE, _SEX, unit="mL/min", reference="Cockcroft and Gault, Nephron 1976;16:31")
def cockcroft_gault(age: Decimal, weight: Decimal, creatinine: Decimal, sex: str) -> Decimal:
    """Creatinine clearance of adults, x 0.85 for women."""
    factor = Decimal("0.85") if sex == "F" else Decimal(1)
    mg_dl = EXACT.divide(creatinine, CREATININE_UMOL_PER_MG_DL)
    return EXACT.divide((140 - age) * weight * factor, 72 * mg_dl)


@formula(
    _HEIGHT,
    _CREATININE,
    take("age", unit="years", limits=("1", "18"), optional=True),
    unit="mL/min/1.73 m2",
    reference="Schwartz et al., J Am Soc Nephrol 2009;20:629 (bedside, IDMS creatinine)",
)
def schwartz(height: Decimal, creatinine: Decimal, age: Decimal | None = None) -> Decimal:
    """Glomerular filtration of children from 1 to 18 years: 36.5 x height / creatinine."""
    return EXACT.divide(Decimal("36.5") * height, creatinine)


@formula(
    _HEIGHT,
    _CREATININE,
    take("age", unit="years", limits=("0", "1")),
    unit="mL/min/1.73 m2",
    reference="Schwartz et al., J Pediatr 1984;104:849 (0.45 x cm / mg/dL)",
)
def schwartz_infant(height: Decimal, creatinine: Decimal, age: Decimal) -> Decimal:
    """Glomerular filtration of infants born at term in their first year: 39.78 x height / creatinine."""
    return EXACT.divide(Decimal("0.45") * CREATININE_UMOL_PER_MG_DL * height, creatinine)


@formula(_ADULT, _CREATININE, _SEX, unit="mL/min/1.73 m2", reference="Inker et al., N Engl J Med 2021;385:1737")
def ckd_epi_2021(age: Decimal, creatinine: Decimal, sex: str) -> Decimal:
    """Glomerular filtration of adults by CKD-EPI 2021, without race."""
    kappa, alpha, factor = ("0.7", "-0.241", "1.012") if sex == "F" else ("0.9", "-0.302", "1")
    ratio = EXACT.divide(EXACT.divide(creatinine, CREATININE_UMOL_PER_MG_DL), Decimal(kappa))
    low, high = min(ratio, Decimal(1)), max(ratio, Decimal(1))
    filtered = 142 * _raised(low, alpha) * _raised(high, "-1.200") * EXACT.power(Decimal("0.9938"), age)
    return EXACT.multiply(filtered, Decimal(factor))


def _creatinine_mg_dl(creatinine: Decimal, dialysed: bool | None, cap: str) -> Decimal:
    """mg/dL, at least 1.0, at most ``cap``, and the cap after two dialyses within the last week."""
    mg_dl = EXACT.divide(creatinine, CREATININE_UMOL_PER_MG_DL)
    return Decimal(cap) if dialysed else min(max(mg_dl, Decimal(1)), Decimal(cap))


def _bilirubin_mg_dl(bilirubin: Decimal) -> Decimal:
    return max(EXACT.divide(bilirubin, BILIRUBIN_UMOL_PER_MG_DL), Decimal(1))


def _whole(number: Decimal) -> Decimal:
    return number.quantize(Decimal(1), rounding=ROUND_HALF_UP)


def _within_meld(score: Decimal) -> Decimal:
    return min(max(score, Decimal(6)), Decimal(40))


_MELD = (_BILIRUBIN, _INR, _CREATININE)
_KAMATH = "Kamath et al., Hepatology 2001;33:464, limits of UNOS"


@formula(*_MELD, _DIALYSED, unit="points", reference=_KAMATH)
def meld_exact(bilirubin: Decimal, inr: Decimal, creatinine: Decimal, dialysed: bool | None = None) -> Decimal:
    """Original MELD before rounding, within 6 to 40; floors 1.0, creatinine at most 4.0 mg/dL."""
    bili, ratio = EXACT.ln(_bilirubin_mg_dl(bilirubin)), EXACT.ln(max(inr, Decimal(1)))
    creat = EXACT.ln(_creatinine_mg_dl(creatinine, dialysed, "4.0"))
    score = Decimal("3.78") * bili + Decimal("11.2") * ratio + Decimal("9.57") * creat + Decimal("6.43")
    return _within_meld(score)


@formula(*_MELD, _DIALYSED, unit="points", reference=_KAMATH)
def meld(bilirubin: Decimal, inr: Decimal, creatinine: Decimal, dialysed: bool | None = None) -> Decimal:
    """Original MELD, a whole number from 6 to 40."""
    return _whole(meld_exact(bilirubin, inr, creatinine, dialysed))


_KIM = "Kim et al., N Engl J Med 2008;359:1018, as OPTN uses it since 2016"


@formula(*_MELD, _SODIUM, _DIALYSED, unit="points", reference=_KIM)
def meld_na_exact(
    bilirubin: Decimal, inr: Decimal, creatinine: Decimal, sodium: Decimal, dialysed: bool | None = None
) -> Decimal:
    """MELD-Na before rounding: from the rounded MELD when that is above 11, sodium within 125 to 137."""
    score = meld(bilirubin, inr, creatinine, dialysed)
    if score <= 11:
        return score
    lack = 137 - min(max(sodium, Decimal(125)), Decimal(137))
    return _within_meld(score + Decimal("1.32") * lack - Decimal("0.033") * score * lack)


@formula(*_MELD, _SODIUM, _DIALYSED, unit="points", reference=_KIM)
def meld_na(
    bilirubin: Decimal, inr: Decimal, creatinine: Decimal, sodium: Decimal, dialysed: bool | None = None
) -> Decimal:
    """MELD-Na, a whole number from 6 to 40."""
    return _whole(meld_na_exact(bilirubin, inr, creatinine, sodium, dialysed))


_MELD_3 = (*_MELD, _SODIUM, _ALBUMIN, _SEX, _DIALYSED)
_KIM_3 = "Kim et al., Gastroenterology 2021;161:1887"


@formula(*_MELD_3, unit="points", reference=_KIM_3)
def meld_3_exact(
    bilirubin: Decimal,
    inr: Decimal,
    creatinine: Decimal,
    sodium: Decimal,
    albumin: Decimal,
    sex: str,
    dialysed: bool | None = None,
) -> Decimal:
    """MELD 3.0 before rounding; creatinine 1.0 to 3.0 mg/dL, albumin 1.5 to 3.5 g/dL, sodium 125 to 137."""
    bili, ratio = EXACT.ln(_bilirubin_mg_dl(bilirubin)), EXACT.ln(max(inr, Decimal(1)))
    creat = EXACT.ln(_creatinine_mg_dl(creatinine, dialysed, "3.0"))
    lack = 137 - min(max(sodium, Decimal(125)), Decimal(137))
    low = Decimal("3.5") - min(max(EXACT.divide(albumin, Decimal(10)), Decimal("1.5")), Decimal("3.5"))
    score = Decimal("1.33") * (sex == "F") + Decimal("4.56") * bili + Decimal("0.82") * lack
    score += Decimal("9.09") * ratio + Decimal("11.14") * creat - Decimal("0.24") * lack * bili
    score += Decimal("1.85") * low - Decimal("1.83") * low * creat + 6
    return _within_meld(score)


@formula(*_MELD_3, unit="points", reference=_KIM_3)
def meld_3(
    bilirubin: Decimal,
    inr: Decimal,
    creatinine: Decimal,
    sodium: Decimal,
    albumin: Decimal,
    sex: str,
    dialysed: bool | None = None,
) -> Decimal:
    """MELD 3.0, a whole number from 6 to 40."""
    return _whole(meld_3_exact(bilirubin, inr, creatinine, sodium, albumin, sex, dialysed))


@formula(
    _BILIRUBIN,
    _INR,
    _ALBUMIN,
    take("age", unit="years", limits=("0", "12")),
    take("growth_failure", "yes"),
    unit="points",
    reference="McDiarmid et al., Transplantation 2002;74:173",
)
def peld(bilirubin: Decimal, inr: Decimal, albumin: Decimal, age: Decimal, growth_failure: bool) -> Decimal:
    """PELD for children under 12 years, before rounding; bilirubin, INR and albumin at least 1.0 (mg/dL, g/dL)."""
    bili, ratio = EXACT.ln(_bilirubin_mg_dl(bilirubin)), EXACT.ln(max(inr, Decimal(1)))
    protein = EXACT.ln(max(EXACT.divide(albumin, Decimal(10)), Decimal(1)))
    score = Decimal("4.80") * bili + Decimal("18.57") * ratio - Decimal("6.87") * protein
    return score + Decimal("4.36") * (age < 1) + Decimal("6.67") * growth_failure


_QT = take("qt", unit="ms", limits=("100", "1000"))


@formula(
    _QT, take("rr", unit="ms", limits=("150", "4000")), unit="ms", reference="Fridericia, Acta Med Scand 1920;53:469"
)
def qtcf(qt: Decimal, rr: Decimal) -> Decimal:
    """QT corrected by Fridericia from the RR interval: QT / cube root of RR in seconds."""
    return EXACT.divide(qt, EXACT.power(EXACT.divide(rr, Decimal(1000)), EXACT.divide(Decimal(1), Decimal(3))))


@formula(_QT, take("rate", unit="1/min", limits=("15", "400")), unit="ms", reference="Fridericia, RR = 60 / heart rate")
def qtcf_by_rate(qt: Decimal, rate: Decimal) -> Decimal:
    """QT corrected by Fridericia from the heart rate."""
    return qtcf(qt, EXACT.divide(Decimal(60000), rate))


@formula(
    take("value", "amount"),
    take("uln", limits=("0.000001", "")),
    unit="x ULN",
    reference="Value / upper limit of normal",
)
def fold_uln(value: Amount, uln: Decimal) -> Amount | None:
    """A value as multiples of the upper limit of normal that was valid for it."""
    return divide(value, uln)


@formula(take("copies", "amount", "copies/mL"), unit="log10", reference="Decimal logarithm")
def log10_ebv(copies: Amount) -> Amount | None:
    """Decimal logarithm of a viral load; below the limit of detection it stays below: of <500 it is <2.7."""
    number = copies.number if isinstance(copies, Censored) else copies
    if number <= 0:
        return None
    logarithm = EXACT.log10(number)
    return Censored(copies.sign, logarithm) if isinstance(copies, Censored) else logarithm


_AMOUNT: tuple[Argument, Argument] = (take("given", limits=("0", "")), take("planned", limits=("0.000001", "")))


@formula(*_AMOUNT, unit="%", reference="Cumulative dose given / planned x 100")
def relative_dose(given: Decimal, planned: Decimal) -> Decimal:
    """Dose given in percent of the dose planned, both for the same period and basis (per m2 or absolute)."""
    return EXACT.divide(given * 100, planned)


@formula(
    *_AMOUNT,
    take("days_taken", unit="days", limits=("1", "")),
    take("days_planned", unit="days", limits=("1", "")),
    unit="%",
    reference="Hryniuk and Bush, J Clin Oncol 1984;2:1281",
)
def dose_intensity(given: Decimal, planned: Decimal, days_taken: Decimal, days_planned: Decimal) -> Decimal:
    """Relative dose intensity: dose per time given in percent of dose per time planned."""
    return EXACT.divide(given * 100 * days_planned, planned * days_taken)


@formula(
    take("taken", limits=("0", "")),
    take("planned", limits=("1", "")),
    unit="%",
    reference="Doses taken / planned x 100",
)
def adherence(taken: Decimal, planned: Decimal) -> Decimal:
    """Tablets or doses taken in percent of those planned."""
    return EXACT.divide(taken * 100, planned)
