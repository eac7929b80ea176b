"""Study B: the course of each child of the synthetic table as entries of its forms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tests.builders.hlh_features import FORMS, Features
from tests.builders.hlh_forms import (
    FOLLOW_UP,
    SERIOUS,
    YES,
    Line,
    Typed,
    adverse,
    after,
    body,
    event,
    followed,
    form,
    height,
    judged,
    outcome,
    quiet_logs,
    slip,
    table,
    transplanted,
    visit,
)  # fmt: skip

TODAY = date(2021, 10, 1)
FRONT = {"D1": 1, "D2": 2, "D3": 3, "D7": 7, "D14": 14, "D21": 21, "D28": 28}
CAUSES = {
    "Severe infection": "INF",
    "Severe graft-versus-host disease after HSCT": "GVHD",
    "Multiple organ failure, persistent HLH activation": "HLH",
}
REASONS = {"Financial difficulty": "COST", "Serious infection": "INF", "Tocilizumab treatment": "THERAPY"}
TERMS = {
    "Anemia": "Anemia",
    "Thrombocytopenia": "Platelet count decreased",
    "Neutrocytopenia": "Neutrophil count decreased",
    "Myelosuppression": "Blood and lymphatic system disorders - Other, specify",
    "Constipation": "Constipation",
    "Pancreatic damage": "Lipase increased",
    "Rash": "Rash maculo-papular",
    "Diarrhea": "Diarrhea",
    "Liver damage": "Alanine aminotransferase increased",
    "Sweating": "Hyperhidrosis",
    "Gastritis": "Gastritis",
    "Secondary infection": "Infections and infestations - Other, specify",
    "Heart damage": "Cardiac disorders - Other, specify",
    "Kidney damage": "Creatinine increased",
    "Gastrointestinal hemorrhage": "Upper gastrointestinal hemorrhage",
}
EBV = {
    "EBV": {"EBVWBB": 86000, "EBVPLB": 4200, "EBVVCAM": "NEG", "EBVVCAG": "POS", "EBVAVID": "HIGH", "EBVEBNA": "POS"},
    "PRIMARY": {
        "EBVWBB": 52000,
        "EBVPLB": 9100,
        "EBVVCAM": "POS",
        "EBVVCAG": "POS",
        "EBVAVID": "LOW",
        "EBVEBNA": "NEG",
    },
    "NONE": {"EBVWBB": 0, "EBVPLB": 0, "EBVVCAM": "NEG", "EBVVCAG": "POS", "EBVAVID": "HIGH", "EBVEBNA": "POS"},
}
CLASSES = {
    "EBV": ("EBV", {"HLIM": "N", "HLINFLA": "N", "HLNOINF": "N"}),
    "CAEBV": (
        "CAEBV",
        {"HLIM": "Y", "HLINFLA": "N", "HLNOINF": "N", "EBVEBER": "POS", "HLLPD": "Y", "HLEXCL": "Y"},
    ),
    "SAIDs": ("SAID", {"HLIM": "N", "HLINFLA": "Y", "HLNOINF": "Y"}),
    "Unknown": ("UNKNOWN", {"HLIM": "N", "HLINFLA": "N", "HLNOINF": "Y"}),
}


def events() -> dict[str, list[Line]]:
    """Adverse events of the table by child."""
    found: dict[str, list[Line]] = {}
    for line in table("pediatric_hlh_ae"):
        found.setdefault(line["subject_id"], []).append(line)
    return found


class Child:
    """One line of the table with its days worked out."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.first = date.fromisoformat(line["enrol_date"])
        self.years = float(line["age_years"])
        self.weight = line["weight_kg"]
        self.last = after(self.first, int(line["os_days"]))
        self.began = after(self.first, int(line["additional_tx_day"])) if line["additional_tx_day"] else None
        self.infused = after(self.first, int(line["hsct_day"])) if line["hsct_day"] else None
        self.features = Features(line["subject_id"], self._active())
        self.bsa = (height(self.years) * float(self.weight) / 3600) ** 0.5

    def _active(self) -> dict[str, float]:
        line = self.line
        names = {
            "WBC": "wbc", "NEUT": "neutrophils", "PLT": "platelets", "HGB": "hemoglobin", "FIBRINO": "fibrinogen",
            "TRIG": "triglycerides", "AST": "ast", "ALT": "alt",
        }  # fmt: skip
        found = {name: float(line[column]) for name, column in names.items()}
        for name, column, limit in (
            ("FERRITIN", "ferritin_fold", 500),
            ("SCD25", "scd25_fold", 6400),
            ("IFNG", "ifng_fold", 8),
        ):
            if line[column]:
                found[name] = round(float(line[column]) * limit, 1)
        size = len(line["subject_id"]) + int(line["subject_id"][-3:])
        found |= {"DDIMER": 2.4 + size % 7, "BILI": 48 if line["jaundice"] == "1" else 14, "ALB": 28 + size % 5}
        found |= {"CREAT": 24 + size % 9, "AMYLASE": 70, "LIPASE": 41, "INR": 1.2, "SODIUM": 133 + size % 4}
        found["SPL"] = 2 + size % 4 if line["splenomegaly"] == "1" else 0
        return found

    @property
    def stopped(self) -> date:
        """The day treatment visits end: transplantation, death or last contact."""
        return min(day for day in (self.infused, self.last, TODAY) if day)


def pediatric(line: Line, found: list[Line] | None = None) -> Iterator[Typed]:
    """One child of study B. ``found`` are its adverse events."""
    child = Child(line)
    yield from _screening(child)
    yield from _frontline(child)
    yield from _drugs(child)
    if child.began:
        yield from _additional(child)
        yield from _intensive(child)
    yield from _transplantation(child)
    yield from adverse([_event(child, one) for one in found or []])
    yield from quiet_logs("CM", "MH", "DV")
    yield from _genetics(child)
    yield from _ending(child)


def _screening(child: Child) -> Iterator[Typed]:
    line, first, active = child.line, child.first, child.features.active
    yield from visit("SCR", first)
    yield from form("SCR", "SL", SLDAT=first, SLSRC="WARD", SLAGAIN="N")
    assent = {"ICASSENT": "Y"} if child.years >= 8 else {}
    yield from form(
        "SCR", "IC", ICDAT=first, ICVER="2.0 (2020-03-02)", ICBY="GUARDIAN", ICREL="MOTHER", ICCOPY="Y", **assent
    )
    yield from form("SCR", "DM", BRTHDAT=after(first, -child.years * 365.25), SEX=line["sex"], ETHNIC="HAN")
    yield from form("SCR", "IE", IEDIAL="N", IEECMO="N", **{f"IEI{n}": "Y" for n in range(1, 8)})
    yield from form("SCR", "IE", **{f"IEE{n}": "N" for n in range(1, 7)}, IEDAT=first, IEYN="Y", ENRDAT=first)
    yield from form("SCR", "PT", PTYN=YES[line["prior_steroid"]])
    if line["prior_steroid"] == "1":
        yield from form(
            "SCR", "PT", "p1", PTCLASS="STEROID", PTDRUG="METHYLPREDNISOLONE", PTSTDAT=after(first, -5),
            PTENDAT=after(first, -1), PTMG=round(2 * float(child.weight), 1), PTOUT="NONE", PTFEV="Y",
        )  # fmt: skip
    yield from body("SCR", first, child.years, child.weight, 39.2, active["SPL"])
    yield from _workup(child)
    for name, items in FORMS.items():
        yield from slip("SCR", name, first, **{item: _written(active[item]) for item in items if item in active})
    serology = {"HBSAG": "NEG", "HBCAB": "NEG", "HCVAB": "NEG", "HIVAB": "NEG"}
    yield from slip("SCR", "VIR", first, **serology)
    seen = YES[line["hemophagocytosis"]]
    yield from form("SCR", "BM", BMPERF="Y", BMDAT=first, BMPHAGO=seen, BMMAL="N")


def _written(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _workup(child: Child) -> Iterator[Typed]:
    line, active = child.line, child.features.active
    code, answers = CLASSES[line["etiology"]]
    kind = "PRIMARY" if line["fulminant_primary_ebv"] == "1" else "EBV" if code in ("EBV", "CAEBV") else "NONE"
    worst = {
        "HLHGB": active["HGB"], "HLWBC": active["WBC"], "HLNEUT": active["NEUT"], "HLPLT": active["PLT"],
        "HLTRIG": active["TRIG"], "HLFIB": active["FIBRINO"], "HLAST": active["AST"], "HLFERR": active.get("FERRITIN"),
        "HLSCD25": active.get("SCD25"),
    }  # fmt: skip
    yield from form(
        "SCR", "HL", HLONSET=after(child.first, -int(line["days_onset_to_dx"])), HLDXDAT=child.first, HLNEW="Y",
        HLFAM="N", HLTMAXA="39.2", HLWORSE="Y", HLIMM="N", HLTMAX="39.2", HLFEVD=min(int(line["days_onset_to_dx"]), 14),
        HLSPL=YES[line["splenomegaly"]], HLSPLCM=active["SPL"], HLLIV=YES[line["hepatomegaly"]], HLFAST="Y",
        HLNODE=YES[line["lymphadenopathy"]], HLJAUN=YES[line["jaundice"]], HLRASH=YES[line["rash"]],
        HLCNS="MILD" if line["cns_involvement"] == "1" else "NONE", HLCSF=YES[line["cns_involvement"]], HLMRI="N",
        HLPHAGO=YES[line["hemophagocytosis"]], HLPHSITE="bone marrow" if line["hemophagocytosis"] == "1" else "",
        HLNK="10.2" if line["low_nk_activity"] == "1" else "19.6", HLCLASS=code, **EBV[kind], **answers,
        **{item: _written(value) for item, value in worst.items() if value is not None},
    )  # fmt: skip


def _seen(
    child: Child,
    name: str,
    day: date,
    response: str,
    *,
    whole: bool = True,
    judge: bool = True,
    number: str = "1",
    **more: object,
) -> Iterator[Typed]:
    """A visit with examination, slips and, where judged, the response."""
    values = child.features.at(response)
    yield from visit(name, day, number)
    yield from body(name, day, child.years, child.weight, values["FEV"], values["SPL"], number)
    for slip_name, items in FORMS.items():
        if name != "D1" and (slip_name == "HEM" or (whole and (slip_name != "CYT" or name in ("D7", "D14", "D28")))):
            yield from slip(name, slip_name, day, number, **{item: values[item] for item in items if item in values})
    if judge:
        worse = "Y" if response == "PD" else "N"
        brain = (
            {"RSCNS": "NORMAL" if response in ("CR", "PR") else "UNCHANGED"}
            if child.line["cns_involvement"] == "1"
            else {}
        )
        yield from judged(name, day, response, number, RSDET=worse, **brain, **more)


def _frontline(child: Child) -> Iterator[Typed]:
    line, first = child.line, child.first
    response = {"HLH improvement": "IMP"}.get(line["response_d28"], line["response_d28"])
    answered = int(line["first_response_day"] or 0)
    yield from visit("D1", first)
    for name, study_day in FRONT.items():
        day = after(first, study_day - 1)
        if (child.began and day >= child.began) or study_day < (answered or 3) or (name == "D1" and answered != 1):
            continue
        now = response
        if response == "CR":
            now = "CR" if study_day >= int(line["cr_day"]) else "PR"
        stratum = {"CR": "FAV", "PR": "PEND", "IMP": "PEND", "NR": "UNF"}[now]
        if now == "IMP" and study_day >= 7:
            stratum = "UNF"
        yield from _seen(child, name, day, now, **({"RSSTRAT": stratum} if study_day >= 3 else {}))
    if response == "PR":
        worse = after(first, int(line["efs_front_days"]))
        yield from _between(child, "1", worse, "PD", RSRELDAT=worse, RSSTRAT="UNF")
    elif response == "IMP" and child.began:
        severe = "Severe disease; the investigator does not wait"
        yield from _between(child, "1", child.began, "IMP", RSSTRAT="UNF", RSSTRSN=severe)


def _between(child: Child, number: str, day: date, response: str, **more: object) -> Iterator[Typed]:
    """An unscheduled visit because the disease got worse."""
    yield from form("UNS", "UV", number=number, UVWHY="WORSE")
    yield from _seen(child, "UNS", day, response, number=number, **more)


def _drugs(child: Child) -> Iterator[Typed]:
    line, first = child.line, child.first
    planned = after(child.began, 56) if child.began else after(first, 27)
    if child.infused:
        planned = min(planned, after(child.infused, -1))
    stop = min(planned, child.last, TODAY)
    yield from form("LOG", "RUX", RUXYN="Y")
    dose = line["rux_mg_q12h"]
    over = {"RUXONGO": "Y"} if stop == TODAY else {"RUXONGO": "N", "RUXENDAT": stop}
    yield from form("LOG", "RUX", "r1", RUXSTDAT=first, **over, RUXDOSE=dose, RUXTIMES="2")
    with_steroid = line["prior_steroid"] == "1" or child.began is not None
    yield from form("LOG", "ST", STYN="Y" if with_steroid else "N")
    usual = {"STDRUG": "METHYLPREDNISOLONE", "STROUTE": "IV", "STONGO": "N"}
    if line["prior_steroid"] == "1":
        end = after(child.began, -1) if child.began else after(first, 13)
        half = after(first, (end - first).days // 2)
        for row, days, dose in (("s1", (first, half), 2), ("s2", (after(half, 1), end), 1)):
            if days[0] <= days[1]:
                mg = round(dose * float(child.weight), 1)
                yield from form("LOG", "ST", row, **usual, STPURP="BEFORE", STSTDAT=days[0], STENDAT=days[1], STMG=mg)
    if child.began:
        for row, start, length, dose in (("s3", 0, 13, 2), ("s4", 14, 13, 1), ("s5", 28, 27, 0.5)):
            begin, end = after(child.began, start), min(after(child.began, start + length), child.stopped)
            if begin <= end:
                mg = round(dose * float(child.weight), 1)
                yield from form("LOG", "ST", row, **usual, STPURP="INTENSIVE", STSTDAT=begin, STENDAT=end, STMG=mg)
    yield from form(
        "LOG",
        "DA",
        "d1",
        DADAT=first,
        DALOT="R2003",
        DASTR="5.0",
        DADISP=str(round(56 * float(line["rux_mg_q12h"]) / 5)),
    )


def _additional(child: Child) -> Iterator[Typed]:
    line, began = child.line, child.began
    assert began is not None
    regimen = line["intensive_regimen"].split("+")
    yield from form("LOG", "TX", TXYN="Y" if len(regimen) > 1 else "N")
    usual = {"TXDOSU": "MG", "TXROUTE": "IV"}
    doses = int(float(line["etoposide_doses"] or ("2" if "VP16" in regimen else "0")))
    for number in range(doses):
        when = after(began, (3 if number < 4 else 7) * number if number < 4 else 9 + 7 * (number - 3))
        yield from form("LOG", "TX", f"v{number}", TXDRUG="VP16", TXDAT=when, TXDOSE=round(100 * child.bsa, 1), **usual)
    if "CsA" in regimen:
        dose = round(5 * float(child.weight))
        yield from form("LOG", "TX", "c1", TXDRUG="CSA", TXDAT=began, TXDOSE=dose, TXDOSU="MG", TXROUTE="PO")
    if line["wk_to_salvage_chemo"]:
        when = after(began, 7 * float(line["wk_to_salvage_chemo"]))
        yield from form("LOG", "TX", "d1", TXDRUG="LDOX", TXDAT=when, TXDOSE=round(25 * child.bsa, 1), **usual)
        yield from form(
            "LOG", "TX", "d2", TXDRUG="PEG", TXDAT=when, TXDOSE=round(2000 * child.bsa), TXDOSU="IU", TXROUTE="IM"
        )


def _intensive(child: Child) -> Iterator[Typed]:
    line, began = child.line, child.began
    assert began is not None
    complete = line["intensive_wk8"] == "CR"
    event_day = after(began, int(line["efs_int_days"]))
    failed = line["efs_int_event"] == "1" and event_day < child.last
    salvaged = after(began, 7 * float(line["wk_to_salvage_chemo"])) if line["wk_to_salvage_chemo"] else None
    visits = [(f"W{week}", after(began, 7 * week)) for week in range(1, 9)]
    visits += [(f"S{week}", after(salvaged, 7 * week)) for week in (2, 4, 8)] if salvaged else []
    told = [(day, name) for name, day in visits if day < child.stopped] + ([(event_day, "UNS")] if failed else [])
    for day, name in sorted(told):
        if name == "UNS":
            yield from _between(child, "2", day, "REL" if complete else "PD", RSRELDAT=day)
        elif complete:
            now = {"W1": "IMP", "W2": "PR", "W3": "PR", "W4": "PR"}.get(name, "PR")
            yield from _week(child, name, day, "CR" if name == "W8" else now)
        else:
            yield from _week(child, name, day, "NR")


def _week(child: Child, name: str, day: date, response: str) -> Iterator[Typed]:
    if name.startswith("S"):
        yield from visit(name, day)
        yield from judged(
            name, day, response, RSDET="N", RSNEXT="The sample of the week of intensive treatment serves."
        )
        return
    whole = name in ("W2", "W4", "W8")
    yield from _seen(child, name, day, response, whole=whole, judge=whole)


def _transplantation(child: Child) -> Iterator[Typed]:
    line = child.line
    if child.infused:
        back = after(child.infused, 60) if "relapsed HLH after HSCT" in line["death_cause"] else None
        status = "CR" if line["intensive_wk8"] == "CR" else "IMP"
        yield from transplanted(child.infused, min(child.last, TODAY), status, back)
    elif line["no_hsct_reason"]:
        yield from form("LOG", "HS", HSYN="N", HSNRS=REASONS[line["no_hsct_reason"]])


def _event(child: Child, one: Line) -> dict[str, object]:
    grade, day = int(one["grade"]), after(child.first, int(one["onset_day"]) - 1)
    day = min(day, child.last)
    end = after(day, 6 + 3 * grade)
    infection = one["term"] == "Secondary infection" and grade >= 3
    more: dict[str, object] = {}
    if child.began and day >= child.began:
        more["AERELTX"] = "PROBABLE" if grade >= 3 else "POSSIBLE"
    if infection:
        more |= {**SERIOUS, "AEAWARE": f"{day}T10:20", "AEREPDAT": f"{day}T15:40", "AERELRUX": "POSSIBLE"}
    return event(TERMS[one["term"]], one["term"], grade, day, end if end < child.last else None, **more)


def _genetics(child: Child) -> Iterator[Typed]:
    found = child.line["primary_hlh_gene"] == "1"
    reported = min(after(child.first, 40), child.last)
    yield from form("LOG", "FA", FAYN="Y", FAPANEL="Whole exome, child and parents", FARES="Y" if found else "N")
    if found:
        yield from form(
            "LOG", "FA", "g1", FAWHO="CHILD", FADAT=reported, FAGENE="UNC13D", FAZYG="COMP", FAACMG="P", FAPRIM="Y"
        )
        yield from form("LOG", "ET", ETDAT=reported, ETCLASS="PRIM")


def _ending(child: Child) -> Iterator[Typed]:
    line, dead = child.line, child.line["death"] == "1"
    words = f"{line['death_cause']}."
    yield from outcome(line, child.last, CAUSES.get(line["death_cause"], "HLH"), words)
    if dead:
        return
    if child.infused:
        end = after(child.infused, -1)
        yield from form("LOG", "DS", EOTDAT=end, EOTRS="HSCT")
        yield from followed(end, min(child.last, TODAY), tuple(FOLLOW_UP), "PRESENT")
    elif line["favorable"] == "1" or line["intensive_wk8"] == "CR":
        end = after(child.began, 56) if child.began else after(child.first, 27)
        if end < child.last:
            yield from form("LOG", "DS", EOTDAT=end, EOTRS="COMPLETED")
            yield from followed(end, min(child.last, TODAY), tuple(FOLLOW_UP), "REMISSION")
