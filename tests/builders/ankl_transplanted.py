"""Patients 1 to 4 of study A: complete remission after cycle 1, transplanted, alive."""

from tests.builders.ankl_chart import REMISSION, TODAY, chart_of, day, samples, transplant
from tests.builders.ankl_events import (
    EMETIC,
    INFECTION,
    OXALIPLATIN,
    UNRELATED,
    event,
    from_counts,
    history,
    medication,
    ruxolitinib,
)
from tests.builders.ankl_reports import adverse_events
from tests.builders.ankl_visits import after_transplantation, after_treatment, calls, cycle, log, screening


def first():
    """Transplanted after three cycles; alive at 9.0 months, the longest survival."""
    start = day("2024-10-24")
    starts = (start, day("2024-11-14"), day("2024-12-05"))
    chart = chart_of(1, start, REMISSION, starts, sex="F", weight=52.5, height="161", PLT=33, FERRITIN=18900)
    screening(
        chart,
        day("2024-10-18"),
        birth="1992-05-14",
        sex="F",
        consent_time="10:15",
        hlh=True,
        disease={"onset": "2024-09", "marrow": 34.0, "genes": "STAT3 p.Y640F 32 %; TP53 p.R248Q 18 %"},
    )
    cycle(chart, 1, starts[0], response={"investigator": "CR", "next_step": "Cycle 2"})
    cycle(chart, 2, starts[1], response={"investigator": "CR", "pet": "2", "next_step": "Cycle 3, donor search"})
    cycle(chart, 3, starts[2], response={"investigator": "CR", "next_step": "Transplantation"})
    after_treatment(chart, day("2025-02-12"))
    after_treatment(chart, day("2025-04-14"), event="FU03", response=False)
    after_treatment(chart, TODAY, event="FU06", response=False)
    calls(chart, *map(day, ("2025-03-13", "2025-05-14", "2025-06-13")))
    transplant(
        chart,
        day("2025-01-13"),
        day("2025-01-06"),
        HSDONOR="HAPLO",
        HSHLA=5,
        HSSRC="PBBM",
        HSINT="MAC",
        HSREG="Busulfan, cyclophosphamide, ATG",
        HSCD34="4.86",
        HSMNC="8.20",
        HSGVP="Cyclosporine, mycophenolate, methotrexate",
        HSRUX=day("2025-01-12"),
        HSANC=day("2025-01-26"),
        HSPLT=day("2025-01-29"),
        HSFAIL="N",
    )
    for row, (on, percent) in enumerate((("2025-02-12", "99.6"), ("2025-04-14", "100.0")), 1):
        chart.put("LOG", 1, "HS", row=row, CHIMDAT=day(on), CHIMPCT=percent)
    course = {"engrafted": day("2025-01-26"), "tested": (30, 100), "graft": (60,)}
    after_transplantation(chart, day("2025-01-13"), 0, 30, 60, 100, 180, **course)
    graft = {"GVDAT": "2025-02", "GVTYPE": "ACUTE", "GVGRADE": "I", "GVORG": "Skin", "GVTRT": "Topical steroid"}
    stages = {"GVASK": "1", "GVALI": "0", "GVAUG": "0", "GVALG": "0"}
    log(chart, "GV", "GVYN", [{**graft, **stages, "GVREF": "N", "GVEND": "2025-03", "GVOUT": "RESOLVED"}])
    log(chart, "RUX", "RUXYN", [ruxolitinib(start, day("2025-01-12"))])
    log(
        chart,
        "MH",
        "MHYN",
        [
            history("Fever before diagnosis", "SYMPTOM", "2024-09", grade="2"),
            history("Mosquito bite hypersensitivity", "ALLERGY", "2015"),
        ],
    )
    nausea = event("Nausea", "Nausea", 2, starts[0], day("2024-10-27"), EMETIC, treated="Y")
    cold = event("Numb fingers in the cold", "Paresthesia", 1, day("2024-12-06"), day("2024-12-12"), OXALIPLATIN)
    adverse_events(chart, [nausea, *from_counts(chart, samples(chart)[:14]), cold])
    log(
        chart,
        "CM",
        "CMYN",
        [
            medication(
                "Dexamethasone",
                "STEROID",
                "HLH before cycle 1",
                day("2024-10-19"),
                day("2024-10-23"),
                dose=15,
                unit="mg",
                often="QD",
            ),
            medication(
                "Platelets, apheresis",
                "PLT",
                "Platelets below 20",
                day("2024-10-30"),
                day("2024-10-30"),
                dose=1,
                unit="U",
            ),
            medication(
                "Human fibrinogen",
                "FIBRINOGEN",
                "Fibrinogen below 1.0 g/L",
                day("2024-11-07"),
                day("2024-11-09"),
                dose=2,
                unit="g",
                often="QD",
            ),
            medication(
                "Ondansetron", "ANTIEMETIC", "Prophylaxis", day("2024-10-24"), day("2024-12-13"), dose=8, unit="mg"
            ),
            medication(
                "Trimethoprim-sulfamethoxazole",
                "ANTIBIOTIC",
                "Prophylaxis",
                "2024-11",
                dose=480,
                unit="mg",
                often="QD",
                route="PO",
            ),
        ],
    )
    chart.put("LOG", 1, "DS", EOTDAT=day("2025-01-12"), EOTRS="HSCT")
    return chart


def second():
    """Transplanted after two cycles; ruxolitinib halved while on voriconazole."""
    start = day("2024-12-04")
    starts = (start, day("2024-12-25"))
    chart = chart_of(
        2, start, REMISSION, starts, sex="F", weight=57.0, height="165", TRIG=4.6, FIBRINO=1.05, EBVPL=64000
    )
    screening(
        chart,
        day("2024-12-02"),
        birth="1996-09-02",
        sex="F",
        consent_time="15:40",
        hlh=True,
        disease={"onset": "2024-11-10", "marrow": 22.5, "genes": "DDX3X p.R528H 41 %", "core": "POS"},
        pet="4",
    )
    reduced = {"EXDOSE": 1200, "EXLVL": "1", "EXADJ": "RED", "EXADJRS": "HEM", "EXADJAE": "Neutropenia"}
    cycle(chart, 1, starts[0], response={"investigator": "CR", "next_step": "Cycle 2"}, **{"GEM C_D8": reduced})
    cycle(chart, 2, starts[1], response={"investigator": "CR", "pet": "1", "next_step": "Transplantation"})
    after_treatment(chart, day("2025-02-25"))
    after_treatment(chart, day("2025-04-28"), event="FU03", response=False)
    calls(chart, *map(day, ("2025-03-27", "2025-05-28", "2025-06-30", "2025-07-24")))
    transplant(
        chart,
        day("2025-01-27"),
        day("2025-01-20"),
        HSDONOR="MSD",
        HSHLA=10,
        HSSRC="PB",
        HSINT="MAC",
        HSREG="Busulfan, cyclophosphamide",
        HSCD34="5.42",
        HSMNC="9.05",
        HSGVP="Cyclosporine, methotrexate",
        HSRUX=day("2025-01-26"),
        HSANC=day("2025-02-08"),
        HSPLT=day("2025-02-11"),
        HSFAIL="N",
    )
    chart.put("LOG", 1, "HS", row=1, CHIMDAT=day("2025-02-25"), CHIMPCT="98.9")
    after_transplantation(chart, day("2025-01-27"), 0, 30, 60, 100, engrafted=day("2025-02-08"), tested=(30,))
    log(chart, "GV", "GVYN", [])
    half = ruxolitinib(day("2024-12-16"), day("2025-01-02"), dose="5", change="RED", reason="DDI", note="Voriconazole")
    log(
        chart,
        "RUX",
        "RUXYN",
        [ruxolitinib(start, day("2024-12-15")), half, ruxolitinib(day("2025-01-03"), day("2025-01-26"))],
    )
    log(
        chart,
        "MH",
        "MHYN",
        [
            history("Past hepatitis B infection", "LIVER", "UNK"),
            history("Fever before diagnosis", "SYMPTOM", "2024-11", grade="3"),
        ],
    )
    mould = event(
        "Suspected fungal pneumonia",
        "Lung infection",
        3,
        day("2024-12-15"),
        day("2025-01-03"),
        INFECTION,
        treated="Y",
        AEACNRUX="REDUCED",
    )
    vomit = event("Vomiting", "Vomiting", 1, day("2024-12-25"), day("2024-12-26"), EMETIC, treated="Y")
    adverse_events(chart, [*from_counts(chart, samples(chart)[:10]), mould, vomit])
    log(
        chart,
        "CM",
        "CMYN",
        [
            medication(
                "Entecavir",
                "ANTIHBV",
                "Core antibody positive",
                day("2024-12-03"),
                dose="0.5",
                unit="mg",
                often="QD",
                route="PO",
            ),
            medication(
                "Dexamethasone",
                "STEROID",
                "HLH before cycle 1",
                day("2024-12-02"),
                day("2024-12-04"),
                dose=15,
                unit="mg",
                often="QD",
            ),
            medication(
                "Voriconazole",
                "AZOLE",
                "Fungal pneumonia",
                day("2024-12-16"),
                day("2025-01-02"),
                dose=200,
                unit="mg",
                often="BID",
                route="PO",
            ),
            medication(
                "Cryoprecipitate", "PLASMA", "Low fibrinogen", day("2024-12-18"), day("2024-12-18"), dose=10, unit="U"
            ),
        ],
    )
    chart.put("LOG", 1, "DS", EOTDAT=day("2025-01-26"), EOTRS="HSCT")
    return chart


def third():
    """The one man; febrile neutropenia as a serious event, cycle 3 late, screened by another laboratory."""
    start = day("2025-01-15")
    starts = (start, day("2025-02-06"), day("2025-03-04"))
    chart = chart_of(3, start, REMISSION, starts, sex="M", weight=70.5, height="174", PLT=58, ALT=96, AST=140, BILI=29)
    screening(
        chart,
        day("2025-01-13"),
        birth="1979-11-23",
        sex="M",
        consent_time="09:05",
        hlh=True,
        lab="LAB2",
        disease={
            "onset": "2024-12-28",
            "marrow": 18.0,
            "genes": "STAT5B p.N642H 12 %",
            "karyotype": "46,XY,del(6)(q21q25)[9]/46,XY[11]",
        },
        advice={"IEG1": "Y"},
    )
    omitted = {"EXGIVEN": "N", "EXADJ": "OMIT", "EXADJRS": "INF"}
    late = {"CIDLYRS": "HEM", "CIRUXON": "Y", "CITX": "Neutrophils 0.7 on the planned day"}
    cycle(chart, 1, starts[0], response={"investigator": "CR", "next_step": "Cycle 2"})
    cycle(
        chart,
        2,
        starts[1],
        response={"investigator": "CR", "pet": "2", "next_step": "Cycle 3"},
        start={"CIRUXON": "Y"},
        **{"GEM C_D8": omitted},
    )
    cycle(chart, 3, starts[2], response={"investigator": "CR", "next_step": "Transplantation"}, start=late)
    after_treatment(chart, day("2025-05-09"))
    after_treatment(chart, day("2025-07-09"), event="FU03", response=False)
    calls(chart, *map(day, ("2025-06-09", "2025-07-23")))
    transplant(
        chart,
        day("2025-04-10"),
        day("2025-04-03"),
        HSDONOR="MUD",
        HSHLA=10,
        HSSRC="PB",
        HSINT="MAC",
        HSREG="Busulfan, cyclophosphamide, ATG",
        HSCD34="6.10",
        HSGVP="Cyclosporine, mycophenolate, methotrexate",
        HSRUX=day("2025-04-09"),
        HSANC=day("2025-04-22"),
        HSPLT=day("2025-04-24"),
        HSFAIL="N",
    )
    chart.put("LOG", 1, "HS", row=1, CHIMDAT=day("2025-05-09"), CHIMPCT="99.1")
    course = {"engrafted": day("2025-04-22"), "tested": (30,), "graft": (60,)}
    after_transplantation(chart, day("2025-04-10"), 0, 30, 60, 100, **course)
    graft = {
        "GVDAT": "2025-05-20",
        "GVTYPE": "ACUTE",
        "GVGRADE": "II",
        "GVORG": "Skin, gut",
        "GVTRT": "Methylprednisolone",
    }
    stages = {"GVASK": "2", "GVALI": "0", "GVAUG": "0", "GVALG": "1"}
    log(chart, "GV", "GVYN", [{**graft, **stages, "GVREF": "N", "GVEND": "2025-06", "GVOUT": "RESOLVED"}])
    log(chart, "RUX", "RUXYN", [ruxolitinib(start, day("2025-04-09"))])
    log(chart, "MH", "MHYN", [history("Hypertension", "GENERAL", "2019")])
    fever = event(
        "Febrile neutropenia",
        "Febrile neutropenia",
        3,
        day("2025-02-18"),
        day("2025-02-24"),
        {**INFECTION, "AERELGEM": "PROBABLE", "AERELOXA": "PROBABLE"},
        serious=("AESHOSP",),
        treated="Y",
        note="Readmitted with 38.9 °C and neutrophils 0.4; cultures negative; meropenem.",
    )
    cold = event(
        "Cold with fever",
        "Upper respiratory infection",
        2,
        day("2025-02-11"),
        day("2025-02-17"),
        INFECTION,
        treated="Y",
    )
    throat = event(
        "Tightness of the throat on cold drinks",
        "Laryngopharyngeal dysesthesia",
        1,
        day("2025-03-05"),
        day("2025-03-08"),
        OXALIPLATIN,
    )
    adverse_events(chart, [*from_counts(chart, samples(chart)[:14]), cold, fever, throat])
    log(
        chart,
        "CM",
        "CMYN",
        [
            medication(
                "Meropenem",
                "ANTIBIOTIC",
                "Febrile neutropenia",
                day("2025-02-18"),
                day("2025-02-25"),
                dose=1,
                unit="g",
                often="Q8H",
            ),
            medication(
                "rhG-CSF",
                "GCSF",
                "Neutrophils below 0.5",
                day("2025-02-18"),
                day("2025-02-22"),
                dose=300,
                unit="ug",
                often="QD",
            ),
            medication("Amlodipine", "OTHER", "Hypertension", "2019", dose=5, unit="mg", often="QD", route="PO"),
        ],
    )
    chart.put("LOG", 1, "DS", EOTDAT=day("2025-04-09"), EOTRS="HSCT")
    return chart


def fourth():
    """The one without HLH; four cycles before a cord-blood transplantation. Her counts keep the monitor asking."""
    start = day("2025-02-26")
    starts = (start, day("2025-03-19"), day("2025-04-09"), day("2025-05-02"))
    chart = chart_of(
        4,
        start,
        REMISSION,
        starts,
        sex="F",
        weight=49.0,
        height="158",
        TEMP=38.1,
        HGB=98,
        PLT=91,
        NEUT=1.62,
        TRIG=1.92,
        FIBRINO=2.55,
        NKACT=16.2,
        FERRITIN=1240,
        SCD25=7250,
        ALT=62,
        AST=71,
        BILI=17,
        LDH=620,
        CRP=22,
        EBVPL=8900,
        EBVWB=41000,
    )
    screening(
        chart,
        day("2025-02-24"),
        birth="1998-07-30",
        sex="F",
        consent_time="16:20",
        hlh=False,
        disease={"onset": "2025-01", "marrow": 11.0, "subtype": "SUBACUTE"},
        pet="4",
    )
    odd = {"odd C_D15": {"HCT": "0.214"}}
    cycle(chart, 1, starts[0], response={"investigator": "CR", "next_step": "Cycle 2"})
    cycle(chart, 2, starts[1], response={"investigator": "CR", "pet": "1", "next_step": "Cycle 3"}, **odd)
    cycle(chart, 3, starts[2], response={"investigator": "CR", "next_step": "Cycle 4"})
    cycle(
        chart,
        4,
        starts[3],
        response={"investigator": "CR", "pet": "1", "next_step": "Transplantation"},
        start={"CIRUXON": "Y"},
    )
    after_treatment(chart, day("2025-07-08"))
    calls(chart, day("2025-07-22"))
    transplant(
        chart,
        day("2025-06-09"),
        day("2025-06-02"),
        HSDONOR="CORD",
        HSHLA=8,
        HSSRC="CB",
        HSINT="RIC",
        HSREG="Fludarabine, busulfan",
        HSCD34="0.21",
        HSGVP="Cyclosporine, mycophenolate",
        HSRUX=day("2025-06-08"),
        HSANC=day("2025-06-28"),
        HSPLT=day("2025-07-11"),
        HSFAIL="N",
    )
    chart.put("LOG", 1, "HS", row=1, CHIMDAT=day("2025-07-08"), CHIMPCT="97.8")
    after_transplantation(chart, day("2025-06-09"), 0, 30, engrafted=day("2025-06-28"), tested=(30,))
    log(chart, "GV", "GVYN", [])
    log(chart, "RUX", "RUXYN", [ruxolitinib(start, day("2025-06-08"))])
    log(chart, "MH", "MHYN", [])
    rash = event(
        "Itching rash on trunk",
        "Rash maculo-papular",
        2,
        day("2025-03-22"),
        day("2025-04-01"),
        {**UNRELATED, "AERELGEM": "PROBABLE"},
        treated="Y",
    )
    zoster = event(
        "Shingles, left chest",
        "Shingles",
        2,
        day("2025-05-24"),
        day("2025-06-04"),
        {**UNRELATED, "AERELRUX": "PROBABLE"},
        treated="Y",
    )
    adverse_events(chart, [*from_counts(chart, samples(chart)[:18]), rash, zoster])
    log(
        chart,
        "CM",
        "CMYN",
        [
            medication(
                "Loratadine",
                "OTHER",
                "Rash",
                day("2025-03-22"),
                day("2025-04-01"),
                dose=10,
                unit="mg",
                often="QD",
                route="PO",
            ),
            medication(
                "Valaciclovir",
                "ANTIVIRAL",
                "Shingles",
                day("2025-05-24"),
                day("2025-06-03"),
                dose=1,
                unit="g",
                often="TID",
                route="PO",
            ),
        ],
    )
    chart.put("LOG", 1, "DS", EOTDAT=day("2025-06-08"), EOTRS="HSCT")
    return chart
