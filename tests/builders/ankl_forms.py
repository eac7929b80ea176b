"""Filling the forms of study A for one patient: each function fills one form at one visit."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from tests.builders.curves import Course, chance, interpolate, rounded

COLUMNS = ("subject", "event", "event_no", "form", "form_no", "row", "item", "value", "unit", "missing")

UNITS = {
    "WBC": "10^9/L", "RBC": "10^12/L", "HGB": "g/L", "HCT": "L/L", "PLT": "10^9/L", "NEUT": "10^9/L", "NEUTLE": "%",
    "LYM": "10^9/L", "MONO": "10^9/L", "EOS": "10^9/L", "BASO": "10^9/L", "ABNCELL": "%", "RETI": "10^9/L",
    "ALT": "U/L", "AST": "U/L", "ALP": "U/L", "GGT": "U/L", "BILI": "umol/L", "BILDIR": "umol/L", "TP": "g/L",
    "ALB": "g/L", "LDH": "U/L", "CREAT": "umol/L", "UREA": "mmol/L", "URATE": "umol/L", "SODIUM": "mmol/L",
    "K": "mmol/L", "CL": "mmol/L", "CA": "mmol/L", "PHOS": "mmol/L", "MG": "mmol/L", "GLUC": "mmol/L",
    "TRIG": "mmol/L", "CHOL": "mmol/L", "AMYLASE": "U/L", "LIPASE": "U/L", "CK": "U/L", "NH3": "umol/L", "PT": "s",
    "INR": "1", "APTT": "s", "FIBRINO": "g/L", "TT": "s", "DDIMER": "mg/L FEU", "AT": "%", "FERRITIN": "ug/L",
    "SCD25": "pg/mL", "NKACT": "%", "CRP": "mg/L", "PCT": "ug/L", "ESR": "mm/h", "EBVPL": "copies/mL",
    "EBVWB": "copies/mL", "IFNG": "pg/mL", "IL6": "pg/mL", "IL10": "pg/mL", "IL18": "pg/mL", "IP10": "pg/mL",
    "HBVDNA": "IU/mL", "CMVDNA": "copies/mL", "TEMP": "°C", "TMAX24": "°C", "PULSE": "/min", "RESP": "/min",
    "SYSBP": "mmHg", "DIABP": "mmHg", "SPO2": "%", "HEIGHT": "cm", "WEIGHT": "kg", "LIVERCM": "cm", "SPLEENCM": "cm",
    "LNODECM": "cm", "FLKI67": "%", "HLTMAX": "°C", "HLHGB": "g/L", "HLPLT": "10^9/L", "HLNEUT": "10^9/L",
    "HLTRIG": "mmol/L", "HLFIB": "g/L", "HLNK": "%", "HLFERR": "ug/L", "HLSCD25": "pg/mL", "BMPCT": "%",
    "BMFLOW": "%", "PETSPL": "cm", "PETLN": "cm", "PETSPD": "cm2", "EGHR": "/min", "EGQT": "ms", "LVEF": "%",
    "HLWBC": "10^9/L", "HLAST": "U/L",
    "EXDOSE": "", "RUXDOSE": "mg", "DASTR": "mg", "HSCD34": "10^6/kg", "HSMNC": "10^8/kg", "CHIMPCT": "%",
}  # fmt: skip

CENSORED = {"EBVPL": 500, "EBVWB": 500, "IL6": Decimal("1.5"), "PCT": Decimal("0.05"), "CMVDNA": 400}
"""Below this the laboratory only says so."""

HIGHEST = {"FERRITIN": 100000}
"""Above this too."""

OTHER_UNITS = {
    "HGB": ("g/dL", Decimal("0.1"), 1), "PLT": ("10^3/uL", Decimal(1), 0), "BILI": ("mg/dL", 1 / Decimal("17.1"), 2),
    "BILDIR": ("mg/dL", 1 / Decimal("17.1"), 2), "CREAT": ("mg/dL", 1 / Decimal("88.4"), 2),
    "CRP": ("mg/dL", Decimal("0.1"), 2), "DDIMER": ("ng/mL FEU", Decimal(1000), 0),
    "GLUC": ("mg/dL", Decimal("18.02"), 0), "FERRITIN": ("ng/mL", Decimal(1), 0),
}  # fmt: skip
"""How the reference laboratory reports: unit, factor, decimals."""


@dataclass
class Chart:
    """One patient's casebook as it is filled, row by row of the data file."""

    subject: str
    first_dose: date
    course: Course
    weight: float
    height: str
    rows: list[tuple[str, ...]] = field(default_factory=list)
    weights: dict[date, str] = field(default_factory=dict)

    def put(self, event, no, form, row="1", **values):
        """Values of one form (or one row of it); None leaves an item empty, a tuple gives (value, unit)."""
        for item, value in values.items():
            if value is None:
                continue
            text, unit = value if isinstance(value, tuple) else (str(value), UNITS.get(item, ""))
            missing = text if text in ("ND", "NA", "UNK", "NASK", "NI") else ""
            cells = ("", "", missing) if missing else (text, unit, "")
            self.rows.append((self.subject, event, str(no), form, "1", str(row), item, *cells))

    def day(self, on):
        """Days since the first dose (which is day 0)."""
        return (on - self.first_dose).days

    def on(self, days):
        """The date so many days after the first dose."""
        return self.first_dose + timedelta(days=days)

    def activity(self, on):
        """Disease activity on a date."""
        return max(0.0, interpolate(self.course.activity, self.day(on)))

    def value(self, name, on):
        """A measured value on a date as reported, below the assay's limit with its sign."""
        value = self.course.value(name, self.day(on))
        limit = CENSORED.get(name)
        if limit is not None and value < limit:
            return f"<{limit}"
        if name in HIGHEST and value > HIGHEST[name]:
            return f">{HIGHEST[name]}"
        return f"{three_figures(value)}" if name.startswith("EBV") else f"{value}"

    def chance(self, seed):
        """A repeatable number between -1 and 1."""
        return chance(f"{self.subject} {seed}")


def visit(chart, event, no, on, mode="WARD"):
    """The visit itself."""
    chart.put(event, no, "SV", SVPERF="Y", SVDAT=on, SVMODE=mode)


def vitals(chart, event, no, on, *, weight=True, height=False, bleeding=False):
    """Vital signs, body size, examination."""
    activity = chart.activity(on)
    share = 1 - 0.05 * (1 - min(activity, 1)) * (chart.day(on) > 3) + 0.004 * chart.chance(f"w{on}")
    kilos = rounded(chart.weight * share, 1)
    organ = organ_size(chart, on)
    temp = chart.value("TEMP", on)
    worst = 2 + round(0.8 * chart.chance("ecog"))
    chart.put(
        event, no, "VS", TEMP=temp, TMAX24=max(Decimal(temp), rounded(float(temp) + 0.3 * activity, 1)),
        PULSE=chart.value("PULSE", on), RESP=chart.value("RESP", on), SYSBP=chart.value("SYSBP", on),
        DIABP=chart.value("DIABP", on), SPO2=chart.value("SPO2", on), HEIGHT=chart.height if height else None,
        WEIGHT=kilos if weight else None, ECOG=min(4, round(activity * worst + 0.3)), LIVERCM=organ["liver"],
        SPLEENCM=organ["spleen"], LNODE="Y" if activity > 0.4 else "N",
        LNODECM=rounded(1 + activity, 1) if activity > 0.4 else None, JAUND="Y" if activity > 0.9 else "N", RASH="N",
        EDEMA="N", BLEED="Y" if bleeding else "N", NEURO="N",
    )  # fmt: skip


def organ_size(chart, on):
    """Liver and spleen below the costal margin, in half centimetres."""
    activity = chart.activity(on)
    shown = activity if activity >= 0.12 else 0.0
    return {"liver": rounded(round(3.5 * shown * 2) / 2, 1), "spleen": rounded(round(6 * shown * 2) / 2, 1)}


def hematology(chart, event, no, on, *, lab="LAB1", significant="", odd=None):
    """The blood count; the parts add up to the whole."""
    cells = {name: Decimal(chart.value(name, on)) for name in ("NEUT", "LYM", "MONO", "EOS", "BASO")}
    white = sum(cells.values())
    red = int(chart.value("HGB", on))
    activity = chart.activity(on)
    values = {
        "WBC": white, "RBC": rounded(red / 30.6, 2), "HGB": red, "HCT": rounded(red / 331, 3),
        "PLT": chart.value("PLT", on), "PLTCLUMP": "N", **cells,
        "NEUTLE": rounded(float(100 * cells["NEUT"] / white), 1),
        "ABNCELL": rounded(15 * activity, 1) if activity >= 0.12 else 0,
        "RETI": chart.value("RETI", on) if chart.chance(f"reti {on}") > -0.6 else "ND",
    }  # fmt: skip
    head(chart, event, no, "HEM", on, lab)
    chart.put(event, no, "HEM", **reported(values, lab) | (odd or {}))
    judged(chart, event, no, "HEM", significant)


def chemistry(chart, event, no, on, *, lab="LAB1", significant=""):
    """Liver, kidney, electrolytes, metabolism."""
    names = (
        "ALT", "AST", "ALP", "GGT", "BILI", "TP", "ALB", "LDH", "CREAT", "UREA", "URATE", "SODIUM", "K", "CL", "CA",
        "PHOS", "MG", "GLUC", "TRIG", "CHOL", "AMYLASE", "LIPASE", "CK",
    )  # fmt: skip
    values = {name: chart.value(name, on) for name in names}
    values["BILDIR"] = rounded(float(values["BILI"]) * (0.34 + 0.2 * min(chart.activity(on), 1)), 1)
    asked = event in ("C_D8", "C_D15") or chart.activity(on) > 0.6
    values["NH3"] = (chart.value("NH3", on) if chart.chance(f"nh3 {on}") > -0.7 else "ND") if asked else None
    head(chart, event, no, "CHEM", on, lab)
    chart.put(event, no, "CHEM", LBFAST="Y", **reported(values, lab))
    judged(chart, event, no, "CHEM", significant)


def coagulation(chart, event, no, on, *, lab="LAB1", significant=""):
    """Clotting."""
    values = {name: chart.value(name, on) for name in ("PT", "APTT", "FIBRINO", "TT", "DDIMER", "AT")}
    values["INR"] = rounded(float(values["PT"]) / 12.05, 2)
    head(chart, event, no, "COAG", on, lab)
    chart.put(event, no, "COAG", **reported(values, lab))
    judged(chart, event, no, "COAG", significant)


def inflammation(chart, event, no, on, *, lab="LAB1", cytokines=True):
    """Ferritin and its company, EBV in plasma and blood, cytokines."""
    names = ["FERRITIN", "SCD25", "NKACT", "CRP", "PCT", "ESR", "EBVPL", "EBVWB"]
    names += ["IFNG", "IL6", "IL10", "IL18", "IP10"] if cytokines else []
    values = {name: chart.value(name, on) for name in names}
    if chart.chance(f"nk {on}") < -0.5:
        values["NKACT"] = "ND"
    head(chart, event, no, "INFL", on, lab)
    chart.put(event, no, "INFL", **reported(values, lab))
    judged(chart, event, no, "INFL", "")


def head(chart, event, no, form, on, lab):
    """Who measured when."""
    letter = {"HEM": "H", "CHEM": "B", "COAG": "C", "INFL": "F", "VIR": "V"}[form]
    number = f"{letter}{on:%y%m%d}{int(chart.subject[-1]):02d}"
    chart.put(
        event, no, form, LBPERF="Y", LBDAT=on, LBTIM="06:30" if form != "VIR" else None, LBNAM=lab, LBREFID=number
    )


def judged(chart, event, no, form, significant):
    """The investigator's view of the slip."""
    chart.put(event, no, form, LBCLSIG="CS" if significant else "NCS", LBCLTX=significant or None)


def reported(values, lab):
    """Values in the units of the laboratory that reports them."""
    if lab == "LAB1":
        return values
    told = dict(values)
    for name, (unit, factor, decimals) in OTHER_UNITS.items():
        if name in values and str(values[name])[0].isdigit():
            told[name] = (str(rounded(float(Decimal(str(values[name])) * factor), decimals)), unit)
    return told


def three_figures(value):
    """A count as the virus laboratory reports it: three significant figures."""
    return int(Decimal(f"{value:.3g}"))
