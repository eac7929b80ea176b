"""Study C: the course of each patient of the synthetic table as entries of its forms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tests.builders.hlh_features import FORMS, Features
from tests.builders.hlh_forms import (
    SERIOUS,
    Line,
    Typed,
    adverse,
    after,
    body,
    event,
    followed,
    form,
    judged,
    outcome,
    quiet_logs,
    slip,
    transplanted,
    visit,
    weeks,
)

TODAY = date(2019, 1, 1)
LABS = {
    "WBC": "wbc", "PLT": "platelets", "ALT": "alt", "BILI": "tbil", "TRIG": "triglycerides", "FIBRINO": "fibrinogen",
    "FERRITIN": "ferritin", "SCD25": "scd25",
}  # fmt: skip
VIRUS = {"EBVWB": "ebv_dna_wb", "EBVPL": "ebv_dna_plasma"}
CYTOKINES = {"IFNG": "ifng", "IL18": "il18", "MIP1A": "mip1a", "IP10": "ip10"}
GRADES = {
    "ae_leukopenia_grade": ("White blood cell decreased", "Leukopenia"),
    "ae_thrombocytopenia_grade": ("Platelet count decreased", "Thrombocytopenia"),
    "ae_transaminases_grade": ("Alanine aminotransferase increased", "Elevated transaminases"),
    "ae_bilirubin_grade": ("Blood bilirubin increased", "Elevated bilirubin"),
    "ae_triglycerides_grade": ("Hypertriglyceridemia", "Hypertriglyceridemia"),
}
INFECTIONS = {
    "pulmonary_infection_aggravated": ("Lung infection", "Pulmonary infection got worse"),
    "urinary_infection": ("Urinary tract infection", "Urinary infection"),
}
VISITS = ("FU03", "FU04", "FU05", "FU06", "FU09", "FU12")


class Patient:
    """One line of the table with its days worked out."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.first = date.fromisoformat(line["rux_start"])
        self.years = float(line["age_years"])
        self.infused = weeks(self.first, line["hsct_week"]) if line["hsct"] == "1" else None
        self.last = min(weeks(self.first, line["os_weeks"]), TODAY) if line["death"] == "1" else TODAY
        size = int(line["subject_id"][-2:])
        active = {item: float(line[f"{column}_pre"]) for item, column in LABS.items()}
        active |= {
            "NEUT": round(min(0.5 + size % 7 / 10, 0.7 * active["WBC"]), 2),
            "HGB": 72 + size % 16,
            "AST": active["ALT"] * 1.2 + 20,
        }
        active |= {"ALB": 27 + size % 6, "CREAT": 48 + size % 20, "SODIUM": 134, "INR": 1.2, "DDIMER": 2.2 + size % 5}
        self.features = Features(line["subject_id"], active | {"SPL": 2 + size % 4})

    @property
    def stopped(self) -> date:
        """The day weekly assessments end: transplantation or the last contact."""
        return min(day for day in (self.infused, self.last) if day)


def salvage(line: Line) -> Iterator[Typed]:
    """One patient of study C."""
    patient = Patient(line)
    yield from _screening(patient)
    yield from _drugs(patient)
    fever = 36.8 if line["afebrile_24h"] == "1" else 38.6
    day = after(patient.first, 1)
    yield from visit("D1", patient.first)
    yield from body("D1", day, patient.years, line["weight_kg"], 39.0, patient.features.active["SPL"])
    yield from visit("H24", day)
    yield from form("H24", "TF", TFDAT=day, TFBASE="39.0", TFTEMP=fever, TFANTI="N")
    yield from _assessments(patient)
    if patient.infused:
        worse = line["pfs_reason"] == "progression after HSCT"
        back = weeks(patient.first, line["pfs_weeks"]) if worse else None
        yield from transplanted(patient.infused, patient.last, line["best_response"], back)
    yield from adverse(_events(patient))
    yield from quiet_logs("MH", "DV", "UT")
    hydroxychloroquine = "hydroxychloroquine" in line["steroid_combo"]
    yield from form("LOG", "CM", CMYN="Y" if hydroxychloroquine else "N")
    if hydroxychloroquine:
        given = {"CMDOSE": "200", "CMDOSU": "mg", "CMFRQ": "daily", "CMROUTE": "PO", "CMONGO": "Y"}
        named = {"CMTRT": "Hydroxychloroquine sulfate", "CMCLASS": "OTHER", "CMINDC": "Macrophage activation syndrome"}
        yield from form("LOG", "CM", "c1", **named, **given, CMSTDAT=patient.first)
    yield from _ending(patient)


def _screening(patient: Patient) -> Iterator[Typed]:
    line, first = patient.line, patient.first
    yield from visit("SCR", first)
    yield from form("SCR", "SL", SLDAT=first, SLSRC="REFERRED", SLAGAIN="N")
    grown = {"ICBY": "SELF"} if patient.years >= 18 else {"ICBY": "GUARDIAN", "ICREL": "FATHER"}
    assent = {"ICASSENT": "Y"} if 8 <= patient.years < 18 else {}
    yield from form("SCR", "IC", ICDAT=first, ICVER="1.1 (2017-08-10)", **grown, ICCOPY="Y", **assent)
    born = after(first, -patient.years * 365.25 - 40)
    yield from form("SCR", "DM", BRTHDAT=born, SEX=line["sex"], ETHNIC="HAN")
    answers = {**{f"IEI{n}": "Y" for n in range(1, 6)}, "IEE1": "N", "IEE2": "N"}
    yield from form("SCR", "IE", **answers, IEDAT=first, IEYN="Y", ENRDAT=first)
    relapsed = int(line["subject_id"][-2:]) % 3 == 0
    yield from form("SCR", "PT", PTYN="Y", PTSTAT="REL" if relapsed else "REFR")
    course = {"PTREG": "HLH94", "PTSTDAT": after(first, -45), "PTENDAT": after(first, -3)}
    answer = {"PTRESP": "PR", "PTRELDAT": after(first, -6)} if relapsed else {"PTRESP": "NONE"}
    yield from form("SCR", "PT", "p1", **course, **answer)
    active = patient.features.active
    yield from body("SCR", first, patient.years, line["weight_kg"], 39.0, active["SPL"])
    yield from _workup(patient)
    yield from _slips(patient, "SCR", first, "pre", active)
    serology = {"HBSAG": "NEG", "HBCAB": "NEG", "HCVAB": "NEG", "HIVAB": "NEG"}
    yield from slip("SCR", "VIR", first, **serology)


def _workup(patient: Patient) -> Iterator[Typed]:
    line, active = patient.line, patient.features.active
    virus = {"EBVWBB": line["ebv_dna_wb_pre"], "EBVPLB": line["ebv_dna_plasma_pre"]}
    patterns = {"EBVVCAM": "NEG", "EBVVCAG": "POS", "EBVAVID": "HIGH", "EBVEBNA": "POS"}
    mas = "MAS" in line["steroid_combo"]
    kind = "EBV" if line["ebv_hlh"] == "1" else "MAS" if mas else "MAL" if patient.years >= 40 else "UNKNOWN"
    yield from form(
        "SCR", "HL", HLONSET=after(patient.first, -70), HLDXDAT=after(patient.first, -48), HLIMM="N", HLTMAX="39.4",
        HLFEVD="12", HLSPL="Y", HLSPLCM=active["SPL"], HLSPLTH=line["spleen_thickness_cm_pre"], HLLIV="Y",
        HLHGB=active["HGB"], HLWBC=active["WBC"], HLNEUT=active["NEUT"], HLPLT=round(min(active["PLT"], 88)),
        HLTRIG=active["TRIG"], HLFAST="Y", HLFIB=active["FIBRINO"], HLAST=round(active["AST"]), HLPHAGO="Y",
        HLPHSITE="bone marrow", HLNK="11.3", HLFERR=round(max(active["FERRITIN"], 900)), HLSCD25=round(active["SCD25"]),
        HLCNS="NONE", HLCLASS=kind, **patterns, **virus,
    )  # fmt: skip


def _slips(
    patient: Patient, name: str, day: date, end: str, values: dict[str, float], number: str = "1"
) -> Iterator[Typed]:
    """The slips of a day: what the table has of that time, the rest as the features have it."""
    line = patient.line
    told = {item: line[f"{column}_{end}"] for item, column in LABS.items()} if end else {}
    for slip_name, items in FORMS.items():
        if slip_name == "CYT":
            continue
        results: dict[str, object] = {
            item: told.get(item) or _written(values[item]) for item in items if item in values
        }
        if slip_name == "INFL" and end:
            results |= {item: line[f"{column}_{end}"] for item, column in VIRUS.items()}
        yield from slip(name, slip_name, day, number, **results)
    if end:
        last = "pre" if end == "pre" else "wk2_4"
        yield from slip(name, "CYT", day, **{item: line[f"{column}_{last}"] for item, column in CYTOKINES.items()})
        thick = line[f"spleen_thickness_cm_{end}"]
        size = "ENLARGED" if float(thick) > 4 else "NORMAL"
        yield from form(name, "US", USPERF="Y", USDAT=day, USTHICK=thick, USSPL=size)


def _written(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _drugs(patient: Patient) -> Iterator[Typed]:
    line, first = patient.line, patient.first
    stop = after(patient.infused, -1) if patient.infused else patient.last if line["death"] == "1" else None
    over = {"RUXONGO": "N", "RUXENDAT": stop} if stop else {"RUXONGO": "Y"}
    yield from form("LOG", "RUX", RUXYN="Y")
    yield from form("LOG", "RUX", "r1", RUXSTDAT=first, **over, RUXDOSE=line["rux_mg_bid"], RUXTIMES="2")
    dispensed = {"DALOT": "R1708", "DASTR": "5.0", "DADISP": "112"}
    yield from form("LOG", "DA", "d1", DADAT=first, **dispensed)
    combined = line["steroid_combo"]
    yield from form("LOG", "ST", STYN="N" if combined == "none" else "Y")
    if combined != "none":
        mas = "MAS" in combined
        dose = "32" if mas else str((4, 8, 12, 16)[int(line["subject_id"][-2:]) % 4])
        ends = {"STONGO": "N", "STENDAT": stop} if stop else {"STONGO": "Y"}
        usual = {"STDRUG": "METHYLPREDNISOLONE", "STROUTE": "PO", "STPURP": "MAS" if mas else "COMBINED"}
        yield from form("LOG", "ST", "s1", **usual, STSTDAT=first, **ends, STMG=dose)


def _assessments(patient: Patient) -> Iterator[Typed]:
    """Responses in the order of their days: at week 2 with the markers of the table, then as the disease went."""
    told = dict(_told(patient))
    week2 = after(patient.first, 14)
    told.setdefault(week2, ("W2", "", {}))
    for day, (name, response, more) in sorted(told.items()):
        yield from _assessed(patient, name, day, response, more)


def _told(patient: Patient) -> Iterator[tuple[date, tuple[str, str, dict[str, object]]]]:
    """Day, visit and response of each assessment."""
    line, first = patient.line, patient.first
    best, answered = line["best_response"], line["week_to_response"]
    failed = weeks(first, line["pfs_weeks"]) if line["pfs_event"] == "1" else None
    for week in (2, 4, 6, 8):
        day = after(first, 7 * week)
        if day < patient.stopped and not (failed and day >= failed):
            early = best == "NR" or week < float(answered)
            yield day, (f"W{week}", ("NE" if best == "NR" else "NR") if early else best, {})
    if (answered and float(answered) not in (2, 4, 6, 8)) or (answered and weeks(first, answered) >= patient.stopped):
        yield weeks(first, answered), ("W2" if float(answered) == 2 else "UNS.1", best, {})
    if failed:
        response = "NR" if best == "NR" else "REL" if line["pfs_reason"] == "relapse" else "PD"
        more = {} if response == "NR" else {"RSRELDAT": failed}
        on_time = (failed - first).days in (14, 28, 42, 56) and failed < patient.stopped
        yield failed, (f"W{(failed - first).days // 7}" if on_time else "UNS.2", response, more)


def _assessed(patient: Patient, name: str, day: date, response: str, more: dict[str, object]) -> Iterator[Typed]:
    event_id, _, number = name.partition(".")
    line, number = patient.line, number or "1"
    values = patient.features.at(response or line["best_response"])
    if event_id == "W2":
        values["NEUT"] = min(values["NEUT"], round(0.75 * float(line["wbc_wk2"]), 2))
    yield from visit(event_id, day, number)
    if event_id == "UNS":
        yield from form("UNS", "UV", number=number, UVWHY="RESULT" if response in ("CR", "PR") else "WORSE")
    yield from body(event_id, day, patient.years, line["weight_kg"], values["FEV"], values["SPL"], number)
    if event_id == "W2":
        yield from _slips(patient, "W2", day, "wk2", values)
        yield from form("W2", "NM", NMDAT=day)
    else:
        yield from _slips(patient, event_id, day, "", values, number)
    if response:
        worse = "Y" if response == "PD" else "N"
        yield from judged(event_id, day, response, number, RSHLHD=worse, **more)


def _events(patient: Patient) -> list[dict[str, object]]:
    line, found = patient.line, []
    size = int(line["subject_id"][-2:])
    for at, (column, (term, said)) in enumerate(GRADES.items()):
        grade = int(line[column])
        if grade:
            day = after(patient.first, 4 + (3 * size + 5 * at) % 20)
            end = after(day, 5 + 3 * grade)
            found.append(event(term, said, grade, day, end if end < patient.last else None))
    for column, (term, said) in INFECTIONS.items():
        if line[column] == "1":
            day = after(patient.first, 9 + size % 12)
            end = after(day, 16)
            serious = {**SERIOUS, "AEAWARE": f"{day}T09:30", "AEREPDAT": f"{day}T16:10"}
            found.append(event(term, said, 3, day, end if end < patient.last else None, **serious))
    return sorted(found, key=lambda one: str(one["AESTDAT"]))


def _ending(patient: Patient) -> Iterator[Typed]:
    line = patient.line
    yield from outcome(line, patient.last, "HLH", "Progression of HLH with multiple organ failure.")
    state = {"": "REMISSION"}.get(line["pfs_reason"], "PRESENT")
    yield from followed(patient.first, patient.last, VISITS, state)
    if patient.infused and line["death"] != "1":
        yield from form("LOG", "DS", EOTDAT=after(patient.infused, -1), EOTRS="HSCT")
