"""Whole visits of study A: screening, the days of a cycle, what follows treatment; and the logs."""

from datetime import timedelta
from decimal import Decimal
from math import sqrt

from tests.builders.ankl_forms import chemistry, coagulation, hematology, inflammation, visit, vitals
from tests.builders.curves import rounded

ONE = timedelta(days=1)
PHENOTYPE = {
    "FLSCD3": "NEG", "FLCCD3": "POS", "FLCD2": "POS", "FLCD5": "NEG", "FLCD7": "POS", "FLCD8": "NEG", "FLCD16": "DIM",
    "FLCD56": "POS", "FLCD57": "NEG", "FLCD94": "POS", "FLHLADR": "POS", "FLGZMB": "POS", "FLPERF": "POS",
    "FLTIA1": "POS",
}  # fmt: skip


def screening(chart, on, *, birth, sex, consent_time, version="2.0", disease, lab="LAB1", hlh, advice=None, pet="5"):
    """Consent to eligibility, all on the screening visit (the marrow and the scan a day or so before)."""
    visit(chart, "SCR", 1, on)
    chart.put("SCR", 1, "IC", ICDAT=on, ICTIM=consent_time, ICVER=version, ICBY="SELF", ICCOPY="Y", ICWHO="Dr Lin")
    chart.put("SCR", 1, "SL", SLDAT=on, SLSRC="WARD", SLAGAIN="N")
    chart.put("SCR", 1, "DM", BRTHDAT=birth, SEX=sex, ETHNIC="HAN")
    diagnosis(chart, on, hlh=hlh, **disease)
    marrow(chart, "SCR", 1, on - ONE, percent=disease["marrow"], flow=disease["marrow"], hlh=hlh)
    scan(chart, "SCR", 1, on - ONE, deauville=pet, sites="MARROW;SPLEEN;LIVER", spd=8.4)
    vitals(chart, "SCR", 1, on, height=True, bleeding=hlh)
    heart(chart, "SCR", 1, on)
    hematology(chart, "SCR", 1, on, lab=lab, significant="cytopenia of the disease")
    chemistry(chart, "SCR", 1, on, lab=lab)
    coagulation(chart, "SCR", 1, on, lab=lab)
    inflammation(chart, "SCR", 1, on, lab=lab)
    virology(chart, on, core=disease.get("core", "NEG"), lab=lab)
    if sex == "F":
        chart.put("SCR", 1, "PREG", PGPERF="Y", PGDAT=on, PGRES="NEG")
    answers = {f"IEI{number}": "Y" for number in (1, 2, 3)} | {f"IEE{number}": "N" for number in (1, 2, 3, 4, 5)}
    answers |= {"IEG1": "Y", "IEG2": "Y", "IEG3": "Y", "IEG4": "N", "IEG5": "N", "IEG6": "N"} | (advice or {})
    chart.put("SCR", 1, "IE", **answers, IEDAT=on, IEYN="Y", ENRDAT=on)


def diagnosis(
    chart, on, *, hlh, onset, marrow, subtype="CLASSIC", genes="", karyotype="46,XX[20]", core="NEG", phago=None
):
    """How the leukemia was recognised and what it had brought with it."""
    worst = {name: chart.course.quantities[name].active for name in ("TEMP", "HGB", "PLT", "NEUT", "TRIG", "FIBRINO")}
    active = chart.course.quantities
    chart.put(
        "SCR", 1, "DX", DXONSET=onset, DXDAT=on - ONE, DXCONF="Y", DXMETH="MARROW;BLOOD", DXSUB=subtype, DXPRIOR="N",
        DXPRE="Y" if hlh else "N", DXPRETX="Dexamethasone 10 mg/m2 daily, 3 days" if hlh else None, **PHENOTYPE,
        FLKI67=60 + round(20 * chart.chance("ki67")), TCRCLON="GERMLINE", KARYO=karyotype, NGSMUT=genes or None,
        JAKSTAT="Y" if "STAT" in genes or "JAK" in genes else "N", EBVBASE="POS",
        EBVSRC="EBER in marrow, plasma EBV-DNA", HLWBC=rounded(worst["NEUT"] + 1.1, 2), HLIMM="N", HLLIV="Y",
        HLAST=round(active["AST"].active), HLFAST="Y",
        HLPHSITE="MARROW" if (phago or hlh) not in ("N", False) else None,
        HLTMAX=rounded(worst["TEMP"] + (0.5 if hlh else 0.1), 1), HLSPL="Y", HLHGB=round(worst["HGB"]),
        HLPLT=round(worst["PLT"]), HLNEUT=rounded(worst["NEUT"], 2), HLTRIG=rounded(worst["TRIG"], 2),
        HLFIB=rounded(worst["FIBRINO"], 2), HLPHAGO=phago or ("Y" if hlh else "N"),
        HLNK=rounded(active["NKACT"].active, 2),
        HLFERR=round(active["FERRITIN"].active), HLSCD25=round(active["SCD25"].active), HLHBASE="Y" if hlh else "N",
        DXCIRR="N",
    )  # fmt: skip


def marrow(chart, event, no, on, *, percent, flow=None, hlh=False):
    """A marrow examination."""
    clear = percent == 0
    chart.put(
        event, no, "BM", BMPERF="Y", BMDAT=on, BMCELL="NORMAL" if clear else "HYPER", BMPCT=rounded(percent, 1),
        BMFLOW="0.005" if clear else rounded(flow if flow is not None else percent, 3),
        BMEBER="NEG" if clear else "POS", BMPHAGO="Y" if hlh else "N", BMREF=f"M{on:%y%m%d}",
    )  # fmt: skip


def scan(chart, event, no, on, *, deauville, uptake=None, sites=None, spd=None, new="N"):
    """A PET-CT."""
    active = deauville in ("4", "5")
    chart.put(
        event, no, "PET", PETPERF="Y", PETGREW=None if event == "SCR" else new,
        PETDAT=on, PETDS=deauville, PETUPT=uptake, PETNEW=new, PETSITE=sites,
        PETSUV="9.4" if active else "1.9", PETSPL="15.5" if active else "10.8", PETLN="2.1" if active else "0.8",
        PETSPD=spd,
    )  # fmt: skip


def heart(chart, event, no, on):
    """Electrocardiogram and echocardiogram."""
    rate = int(chart.value("PULSE", on))
    chart.put(
        event, no, "ECG", EGDAT=on, EGHR=rate, EGQT=round(400 * sqrt(60 / rate)), EGRES="NORMAL", ECHODAT=on, LVEF=64
    )


def virology(chart, on, *, core="NEG", lab="LAB1"):
    """The screening for viruses."""
    from tests.builders.ankl_forms import head, judged

    head(chart, "SCR", 1, "VIR", on, lab)
    chart.put(
        "SCR", 1, "VIR", HBSAG="NEG", HBCAB=core, HCVAB="NEG", HIVAB="NEG", TPAB="NEG", HBVDNA=("<20", "IU/mL"),
        CMVDNA=("<400", "copies/mL"),
    )  # fmt: skip
    judged(chart, "SCR", 1, "VIR", "")


def doses(chart):
    """Planned doses by body surface (Mosteller) of cycle 1: rounded, then what the vials give."""
    surface = sqrt(float(chart.height) * chart.weight / 3600)
    return {"GEM": round(surface * 1000 / 50) * 50, "OXA": round(surface * 100 / 5) * 5, "PEG": 3750, "bsa": surface}


def cycle(chart, number, day1, **special):
    """One cycle from its actual day 1; ``special`` changes days, doses and response (see the patients)."""
    first = day1 == chart.first_dose
    days = {"D8": 7, "D15": 14, "END": 19} | special.get("days", {})
    last = special.get("last", "END")
    day_one(chart, number, day1, first=first, special=special)
    day_two(chart, number, day1 + ONE, special)
    if last == "D2":
        return
    day_eight(chart, number, day1 + timedelta(days=days["D8"]), special)
    for event, name in (("C_D15", "D15"), ("C_END", "END")):
        on = day1 + timedelta(days=days[name])
        visit(chart, event, number, on, mode="CLINIC" if name == "D15" and number > 1 else "WARD")
        vitals(chart, event, number, on)
        hematology(chart, event, number, on, odd=special.get(f"odd {event}"))
        chemistry(chart, event, number, on)
        coagulation(chart, event, number, on, significant=low_fibrinogen(chart, on))
        if event == "C_END":
            inflammation(chart, event, number, on, cytokines=number < 3)
            assess(chart, event, number, on, **special["response"])
            tablets(chart, number, special)


def day_one(chart, number, start, *, first, special):
    """Day 1: everything, gemcitabine and oxaliplatin."""
    visit(chart, "C_D1", number, start)
    vitals(chart, "C_D1", number, start)
    hematology(chart, "C_D1", number, start)
    chemistry(chart, "C_D1", number, start)
    coagulation(chart, "C_D1", number, start)
    inflammation(chart, "C_D1", number, start, cytokines=first)
    chart.put("C_D1", number, "CI", CIGO="Y", CIDIS=None if first else "N", **special.get("start", {}))
    give(chart, "C_D1", number, "GEM", start, special)
    give(chart, "C_D1", number, "OXA", start, special)


def day_two(chart, number, on, special):
    """Day 2: clotting before pegaspargase."""
    visit(chart, "C_D2", number, on)
    coagulation(chart, "C_D2", number, on)
    chart.put("C_D2", number, "EXPEG", PGPANC="N", PGALL="N", PGENC="N")
    give(chart, "C_D2", number, "PEG", on, special)


def day_eight(chart, number, on, special):
    """Day 8: counts and the second gemcitabine."""
    visit(chart, "C_D8", number, on, mode="WARD" if number == 1 else "CLINIC")
    vitals(chart, "C_D8", number, on)
    hematology(chart, "C_D8", number, on)
    chemistry(chart, "C_D8", number, on)
    coagulation(chart, "C_D8", number, on, significant=low_fibrinogen(chart, on))
    give(chart, "C_D8", number, "GEM", on, special)


def give(chart, event, number, drug, on, special):
    """One dose: as planned, less, or not at all, with the reason."""
    form = f"EX{drug}"
    told = special.get(f"{drug} {event}", {})
    if told.get("EXGIVEN") == "N":
        chart.put(event, number, form, **told)
        return
    planned = doses(chart)
    start, end = {"GEM": ("10:00", "10:30"), "OXA": ("11:00", "13:00"), "PEG": ("15:00", "15:05")}[drug]
    unit = "IU" if drug == "PEG" else "mg"
    short = drug == "PEG" and planned["bsa"] * 2500 > 3750 * 1.1
    values = {
        "EXGIVEN": "Y", "EXDAT": on, "EXSTTIM": start, "EXENTIM": end, "EXDOSE": planned[drug],
        "EXROUTE": "IM" if drug == "PEG" else "IV", "EXREAC": "N",
        "EXLOT": f"{drug[0]}{number}{on:%m}{int(chart.subject[-1])}",
        "EXADJ": "RED" if short else "NONE", "EXADJRS": "VIAL" if short else None,
    }  # fmt: skip
    if drug == "PEG":
        values |= {"EXPREM": "Y", "EXOBS": "Y"}
    if drug == "OXA":
        values |= {"EXDIL": "GLUCOSE", "EXSLOW": "N"}
    values |= told
    values["EXDOSE"] = (str(values["EXDOSE"]), unit)
    chart.put(event, number, form, **values)


def assess(
    chart, event, number, on, *, investigator, pet=None, marrow_percent=0, parts=None, reason=None, next_step=None
):
    """The response: marrow, scan where due, and the investigator's class beside the computed one."""
    marrow(chart, event, number, on, percent=marrow_percent)
    if pet:
        scan(chart, event, number, on, deauville=pet, uptake="GONE" if pet in "123" else "LOWER", sites=None)
    usual = "CR" if investigator == "CR" else "PR" if investigator == "PR" else "PD"
    components = dict.fromkeys(("RSBM", "RSBLD", "RSORG", "RSEBV", "RSHLH"), usual) | (parts or {})
    chart.put(
        event, number, "RS", RSDAT=on, RSPETDUE="Y" if pet else "N", **components,
        RSPET=("CR" if pet in "123" else "PD") if pet else None, RSINV=investigator, RSRSN=reason,
        RSRELDAT=on if investigator == "PD" else None, RSNEXT=next_step,
    )  # fmt: skip


def tablets(chart, number, special):
    """Ruxolitinib tablets handed out and brought back."""
    left = special.get("tablets left", abs(round(3 * chart.chance(f"tablets {number}"))))
    chart.put(
        "C_END", number, "DA", DASTR=5, DADISP=84, DARET=left, DALOST=0, DAMISS=left // 2, DADIARY="Y", DALOT="R2407"
    )


def low_fibrinogen(chart, on):
    """What the investigator notes when fibrinogen is low enough to act."""
    return "fibrinogen, replaced" if chart.course.value("FIBRINO", chart.day(on)) < Decimal("1.0") else ""


def after_treatment(chart, on, *, event="EOT", response=True, pet="1", method="CLINIC"):
    """End-of-treatment visit and the quarterly visits after it."""
    visit(chart, event, 1, on, mode=method)
    vitals(chart, event, 1, on)
    hematology(chart, event, 1, on)
    chemistry(chart, event, 1, on)
    inflammation(chart, event, 1, on, cytokines=False)
    if event == "EOT":
        coagulation(chart, event, 1, on)
        heart(chart, event, 1, on)
    if response:
        assess(chart, event, 1, on, investigator="CR", pet=pet, next_step="Follow-up")
    alive(chart, event, 1, on, method=method)


def alive(chart, event, number, on, method="PHONE", disease="REMISSION", note=None):
    """Known alive on a day."""
    chart.put(
        event, number, "SF", SFDAT=on, SFMETH=method, SFSTAT="ALIVE", SFALIVE=on, SFDIS=disease, SFNEW="N", SFTX=note
    )


def calls(chart, *days):
    """Survival calls between the visits."""
    for number, on in enumerate(days, 1):
        alive(chart, "CALL", number, on)


def after_transplantation(chart, infusion, *days, engrafted, tested=(), graft=()):
    """Visits of the course after transplantation on their own days (infusion is day 0)."""
    for number in days:
        event = f"T{number:03d}"
        on = infusion + timedelta(days={0: 0, 30: 30, 60: 60, 100: 99, 180: 179}[number])
        visit(chart, event, 1, on, mode="WARD" if number < 30 else "CLINIC")
        chart.put(event, 1, "HC", HCDAT=on, HCHLH="N")
        if number:
            chart.put(
                event, 1, "HC", HCDIS="REMISSION", HCENG="Y" if on >= engrafted else "N",
                HCCHIM="Y" if number in tested else "N", HCGV="Y" if number in graft else "N", HCIMM="Y", HCINF="N",
                HCRUX="N",
            )  # fmt: skip


def log(chart, form, ask, rows):
    """A log: whether there is anything, then its rows."""
    chart.put("LOG", 1, form, **{ask: "Y" if rows else "N"})
    for number, row in enumerate(rows, 1):
        chart.put("LOG", 1, form, row=number, **row)
