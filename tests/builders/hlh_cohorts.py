"""The synthetic cohorts of both HLH studies as entries of their forms.

Each line of a table becomes what a site would have typed: ``(event, event_no, form, row, item, text)``. The tables give
the published figures wherever those do not contradict themselves; no line is a real patient.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from forms.follow import follow
from forms.kinds import parse_value
from forms.place import Place
from forms.study import Study
from forms.subject import Subject

TABLES = Path(__file__).parent / "cohorts"

Typed = tuple[str, str, str, str, str, str]
Line = dict[str, str]

ETIOLOGY = {"EBV": "EBV", "CAEBV": "CAEBV", "SAIDs": "SAID", "Unknown": "UNKNOWN"}
YES = {"1": "Y", "0": "N"}


def table(name: str) -> list[Line]:
    """Lines of ``pediatric_hlh`` or ``rr_hlh``."""
    with (TABLES / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _form(event: str, form: str, row: str = "1", number: str = "1", **answers: object) -> Iterator[Typed]:
    for item, answer in answers.items():
        if answer not in ("", None):
            yield event, number, form, row, item, str(answer)


def _visit(event: str, day: date, number: str = "1") -> Iterator[Typed]:
    yield from _form(event, "SV", number=number, SVPERF="Y", SVDAT=day)


def _judged(event: str, day: date, response: str, number: str = "1", **more: object) -> Iterator[Typed]:
    yield from _visit(event, day, number)
    yield from _form(event, "RS", number=number, RSDAT=day, RSINV=response, **more)


def _born(day: date, years: str) -> date:
    return day - timedelta(days=round(float(years) * 365.25))


def _outcome(line: Line, died: date, cause: str) -> Iterator[Typed]:
    if line["death"] == "1":
        yield from _form("LOG", "DD", DTHDAT=died, DTHCAUS=cause, DTHREL="UNRELATED", DTHTX="-")
        return
    last = line["last_contact_date"]
    yield from _form("CALL", "SF", number="c1", SFDAT=last, SFMETH="PHONE", SFSTAT="ALIVE", SFALIVE=last)


# --- pediatric study --------------------------------------------------------------------------------------------------


def pediatric(line: Line) -> Iterator[Typed]:
    """One child of study B."""
    first = date.fromisoformat(line["enrol_date"])
    yield from _pediatric_screening(line, first)
    stop = first + timedelta(days=27)
    yield from _form("LOG", "RUX", RUXYN="Y")
    dose = line["rux_mg_q12h"]
    yield from _form("LOG", "RUX", "r1", RUXSTDAT=first, RUXONGO="N", RUXENDAT=stop, RUXDOSE=dose, RUXTIMES="2")
    yield from _frontline(line, first)
    if line["additional_tx"] == "1":
        yield from _intensive(line, first)
    if line["hsct"] == "1":
        yield from _form("LOG", "HS", HSYN="Y", HSDAT=first + timedelta(days=int(line["hsct_day"])))
    causes = {"Severe infection": "INF", "Severe graft-versus-host disease after HSCT": "GVHD"}
    yield from _outcome(line, first + timedelta(days=int(line["os_days"])), causes.get(line["death_cause"], "HLH"))


def _pediatric_screening(line: Line, first: date) -> Iterator[Typed]:
    yield from _visit("SCR", first)
    yield from _form("SCR", "IC", ICDAT=first, ICBY="GUARDIAN")
    yield from _form("SCR", "DM", BRTHDAT=_born(first, line["age_years"]), SEX=line["sex"])
    yield from _form("SCR", "IE", IEYN="Y", ENRDAT=first)
    yield from _form("SCR", "PT", PTYN=YES[line["prior_steroid"]])
    if line["prior_steroid"] == "1":
        yield from _form("SCR", "PT", "p1", PTCLASS="STEROID", PTSTDAT=first - timedelta(days=5))
    yield from _form("SCR", "VS", WEIGHT=line["weight_kg"])
    yield from _form(
        "SCR",
        "HL",
        HLONSET=first - timedelta(days=int(line["days_onset_to_dx"])),
        HLDXDAT=first,
        HLNEW="Y",
        HLTMAX="39.0",
        HLSPL=YES[line["splenomegaly"]],
        HLLIV=YES[line["hepatomegaly"]],
        HLNODE=YES[line["lymphadenopathy"]],
        HLJAUN=YES[line["jaundice"]],
        HLRASH=YES[line["rash"]],
        HLCNS="MILD" if line["cns_involvement"] == "1" else "NONE",
        HLPHAGO=YES[line["hemophagocytosis"]],
        HLNK="10" if line["low_nk_activity"] == "1" else "20",
        HLCLASS=ETIOLOGY[line["etiology"]],
    )
    drawn = {"LBPERF": "Y", "LBDAT": first, "LBNAM": "LAB1"}
    counts = {"WBC": "wbc", "NEUT": "neutrophils", "PLT": "platelets", "HGB": "hemoglobin"}
    yield from _form("SCR", "HEM", **drawn, **{item: line[column] for item, column in counts.items()})
    yield from _form("SCR", "CHEM", **drawn, ALT=line["alt"], AST=line["ast"], TRIG=line["triglycerides"])
    yield from _form("SCR", "COAG", **drawn, FIBRINO=line["fibrinogen"])
    folds = {"FERRITIN": ("ferritin_fold", 500), "SCD25": ("scd25_fold", 6400)}
    times = {item: round(float(line[column]) * limit, 1) for item, (column, limit) in folds.items() if line[column]}
    yield from _form("SCR", "INFL", **drawn, **times)
    if line["ifng_fold"]:
        yield from _form("SCR", "CYT", **drawn, IFNG=round(float(line["ifng_fold"]) * 8, 1))


def _frontline(line: Line, first: date) -> Iterator[Typed]:
    response = {"HLH improvement": "IMP"}.get(line["response_d28"], line["response_d28"])
    if response == "NR":
        yield from _judged("D3", first + timedelta(days=2), "NR", RSSTRAT="UNF")
        return
    day = int(line["first_response_day"])
    yield from _judged(f"D{day}", first + timedelta(days=day - 1), "PR" if response == "CR" else response)
    if response == "CR":
        day = int(line["cr_day"])
        yield from _judged(f"D{day}", first + timedelta(days=day - 1), "CR", RSSTRAT="FAV")
    elif response == "PR":
        worse = first + timedelta(days=int(line["efs_front_days"]))
        yield from _judged("UNS", worse, "PD", "u1", RSRELDAT=worse, RSSTRAT="UNF")


def _intensive(line: Line, first: date) -> Iterator[Typed]:
    began = first + timedelta(days=int(line["additional_tx_day"]))
    regimen = line["intensive_regimen"].split("+")
    yield from _form("LOG", "ST", STYN="Y")
    row = {"STDRUG": "METHYLPREDNISOLONE", "STPURP": "INTENSIVE", "STSTDAT": began, "STONGO": "Y"}
    yield from _form("LOG", "ST", "s1", **row, STMG=round(2 * float(line["weight_kg"]), 1))
    yield from _form("LOG", "TX", TXYN="Y" if len(regimen) > 1 else "N")
    for number in range(int(float(line["etoposide_doses"] or ("2" if "VP16" in regimen else "0")))):
        when = began + timedelta(days=3 * number)
        yield from _form("LOG", "TX", f"v{number}", TXDRUG="VP16", TXDAT=when, TXDOSE="60", TXDOSU="MG")
    if "CsA" in regimen:
        yield from _form("LOG", "TX", "c1", TXDRUG="CSA", TXDAT=began, TXDOSE="60", TXDOSU="MG")
    if line["wk_to_salvage_chemo"]:
        when = began + timedelta(days=round(7 * float(line["wk_to_salvage_chemo"])))
        yield from _form("LOG", "TX", "d1", TXDRUG="LDOX", TXDAT=when, TXDOSE="15", TXDOSU="MG")
        yield from _form("LOG", "TX", "d2", TXDRUG="PEG", TXDAT=when, TXDOSE="1500", TXDOSU="IU")
    event = began + timedelta(days=int(line["efs_int_days"]))
    died = first + timedelta(days=int(line["os_days"])) if line["death"] == "1" else date.max
    week8 = began + timedelta(days=56)
    if line["intensive_wk8"] == "CR":
        yield from _judged("W8", week8, "CR")
    elif week8 < died:
        yield from _judged("W8", week8, "NR")
    if line["efs_int_event"] == "1" and event < died:
        relapsed = line["intensive_wk8"] == "CR"
        yield from _judged("UNS", event, "REL" if relapsed else "PD", "u2", RSRELDAT=event)


# --- salvage study ----------------------------------------------------------------------------------------------------


def salvage(line: Line) -> Iterator[Typed]:
    """One patient of study C."""
    first = date.fromisoformat(line["rux_start"])
    yield from _salvage_screening(line, first)
    yield from _form("LOG", "RUX", RUXYN="Y")
    yield from _form("LOG", "RUX", "r1", RUXSTDAT=first, RUXONGO="Y", RUXDOSE=line["rux_mg_bid"], RUXTIMES="2")
    with_steroid = line["steroid_combo"] != "none"
    yield from _form("LOG", "ST", STYN="Y" if with_steroid else "N")
    if with_steroid:
        row = {"STDRUG": "METHYLPREDNISOLONE", "STPURP": "COMBINED", "STSTDAT": first, "STONGO": "Y", "STMG": "8"}
        yield from _form("LOG", "ST", "s1", **row)
    yield from _form(
        "H24", "TF", TFDAT=first + timedelta(days=1), TFTEMP="36.8" if line["afebrile_24h"] == "1" else "38.6"
    )
    yield from _answers(line, first)
    if line["hsct"] == "1":
        yield from _form("LOG", "HS", HSYN="Y", HSDAT=_weeks(first, line["hsct_week"]))
    yield from _outcome(line, _weeks(first, line["os_weeks"]), "HLH")


def _weeks(first: date, weeks: str) -> date:
    return first + timedelta(days=round(7 * float(weeks)))


def _salvage_screening(line: Line, first: date) -> Iterator[Typed]:
    yield from _visit("SCR", first)
    yield from _form("SCR", "IC", ICDAT=first)
    yield from _form("SCR", "DM", BRTHDAT=_born(first, line["age_years"]) - timedelta(days=40), SEX=line["sex"])
    yield from _form("SCR", "IE", IEYN="Y", ENRDAT=first)
    yield from _form("SCR", "VS", WEIGHT=line["weight_kg"])
    yield from _form("SCR", "HL", HLCLASS="EBV" if line["ebv_hlh"] == "1" else "MAL")
    week2 = first + timedelta(days=14)
    for event, day, end in (("SCR", first, "pre"), ("W2", week2, "wk2")):
        drawn = {"LBPERF": "Y", "LBDAT": day, "LBNAM": "LAB1"}
        yield from _form(event, "HEM", **drawn, WBC=line[f"wbc_{end}"], PLT=line[f"platelets_{end}"])
        values = {"ALT": f"alt_{end}", "BILI": f"tbil_{end}", "TRIG": f"triglycerides_{end}"}
        yield from _form(event, "CHEM", **drawn, **{item: line[column] for item, column in values.items()})
        yield from _form(event, "COAG", **drawn, FIBRINO=line[f"fibrinogen_{end}"])
        values = {
            "FERRITIN": f"ferritin_{end}",
            "SCD25": f"scd25_{end}",
            "EBVWB": f"ebv_dna_wb_{end}",
            "EBVPL": f"ebv_dna_plasma_{end}",
        }
        yield from _form(event, "INFL", **drawn, **{item: line[column] for item, column in values.items()})
        yield from _form(event, "US", USPERF="Y", USDAT=day, USTHICK=line[f"spleen_thickness_cm_{end}"])
        names = {"IFNG": "ifng", "IL18": "il18", "MIP1A": "mip1a", "IP10": "ip10"}
        last = "pre" if end == "pre" else "wk2_4"
        cytokines = {item: line[f"{column}_{last}"] for item, column in names.items()}
        if any(cytokines.values()):
            yield from _form(event, "CYT", **drawn, **cytokines)
    yield from _form("W2", "NM", NMDAT=week2)


def _answers(line: Line, first: date) -> Iterator[Typed]:
    response = line["best_response"]
    if response == "NR":
        yield from _judged("W2", _weeks(first, line["pfs_weeks"]), "NR")
        return
    yield from _judged("UNS", _weeks(first, line["week_to_response"]), response, "u1")
    if line["pfs_event"] == "1":
        when = _weeks(first, line["pfs_weeks"])
        yield from _judged("UNS", when, "REL" if line["pfs_reason"] == "relapse" else "PD", "u2", RSRELDAT=when)


# --- subjects ---------------------------------------------------------------------------------------------------------


def subject(study: Study, name: str, typed: Iterator[Typed], today: date) -> Subject:
    """A subject as the store would give it: values read as typed, with everything that follows from them."""
    values = {}
    for event, number, form, row, item_id, text in typed:
        item = study.form_by_id[form].items[item_id]
        codelist = study.codelist_by_id.get(item.codelist)
        place = Place(name, event, number, form, "1", row, item_id)
        values[place] = parse_value(item, text, codelist=codelist, today=today)
    person = Subject(study, name, values, {}, study.ranges, today, "S01")
    return follow(person, tuple(values))[0]
