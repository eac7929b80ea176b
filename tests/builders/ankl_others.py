"""Patients 5 to 7 of study A: two who died, and one in cycle 1 on the day of the demonstration."""

from tests.builders.ankl_chart import TODAY, chart_of, day, samples
from tests.builders.ankl_events import (
    EMETIC,
    INFECTION,
    UNRELATED,
    event,
    from_counts,
    history,
    medication,
    ruxolitinib,
)
from tests.builders.ankl_forms import hematology, inflammation, visit, vitals
from tests.builders.ankl_reports import adverse_events
from tests.builders.ankl_visits import assess, cycle, day_one, day_two, log, screening


def fifth():
    """Partial, then complete remission; H1N1 delayed cycle 3, the leukemia came back, death on day 86."""
    start = day("2025-03-22")
    starts = (start, day("2025-04-12"))
    activity = (
        (-4, 1.0),
        (0, 1.0),
        (7, 0.72),
        (14, 0.45),
        (19, 0.36),
        (28, 0.16),
        (40, 0.04),
        (50, 0.03),
        (60, 0.2),
        (72, 0.75),
        (85, 1.15),
    )
    chart = chart_of(
        5, start, activity, starts, sex="F", weight=60.5, height="159", PLT=27, HGB=71, FERRITIN=31200, LDH=2240
    )
    screening(
        chart,
        day("2025-03-20"),
        birth="1970-12-11",
        sex="F",
        consent_time="11:30",
        hlh=True,
        disease={"onset": "2025-02", "marrow": 41.0, "genes": "TP53 p.R175H 37 %; STAT3 p.D661Y 21 %"},
    )
    partial = {"investigator": "PR", "marrow_percent": 12.5, "next_step": "Cycle 2"}
    cycle(chart, 1, starts[0], response=partial)
    cycle(
        chart,
        2,
        starts[1],
        response={"investigator": "CR", "pet": "3", "next_step": "Cycle 3; haploidentical donor found"},
        days={"END": 19},
    )
    relapse = day("2025-05-30")
    visit(chart, "UNS", 1, relapse)
    chart.put("UNS", 1, "UV", UVRS="PROGRESSION")
    vitals(chart, "UNS", 1, relapse)
    hematology(chart, "UNS", 1, relapse)
    inflammation(chart, "UNS", 1, relapse)
    assess(
        chart,
        "UNS",
        1,
        relapse,
        investigator="PD",
        marrow_percent=24.0,
        parts={"RSORG": "SD", "RSBM": "PD", "RSBLD": "PD"},
        next_step="Best supportive care",
    )
    log(
        chart,
        "RUX",
        "RUXYN",
        [
            ruxolitinib(start, day("2025-05-07")),
            ruxolitinib(
                day("2025-05-16"),
                day("2025-06-03"),
                dose="5",
                change="RED",
                reason="INF",
                note="Restarted at half dose after influenza",
            ),
        ],
    )
    log(
        chart,
        "MH",
        "MHYN",
        [
            history("Type 2 diabetes", "GENERAL", "2016"),
            history("Cholecystectomy", "LIVER", "2009-04", ongoing=False, end="2009-04"),
        ],
    )
    influenza = event(
        "Influenza A (H1N1) pneumonia",
        "Lung infection",
        5,
        day("2025-05-06"),
        day("2025-06-15"),
        INFECTION,
        serious=("AESDTH", "AESLIFE", "AESHOSP"),
        treated="Y",
        outcome="FATAL",
        AEACNRUX="INTERRUPTED",
        AERELDIS="POSSIBLE",
        note="H1N1 by PCR; cycle 3 put off; respiratory failure in June together with relapse.",
    )
    sugar = event(
        "High blood sugar",
        "Hyperglycemia",
        2,
        day("2025-03-30"),
        day("2025-04-20"),
        {**UNRELATED, "AERELPEG": "PROBABLE"},
        treated="Y",
    )
    adverse_events(chart, [*from_counts(chart, samples(chart)[:10]), sugar, influenza])
    log(
        chart,
        "CM",
        "CMYN",
        [
            medication("Metformin", "OTHER", "Diabetes", "2016", dose="0.5", unit="g", often="BID", route="PO"),
            medication(
                "Red cells", "RBC", "Hemoglobin below 70", day("2025-03-21"), day("2025-03-21"), dose=2, unit="U"
            ),
            medication(
                "Platelets, apheresis",
                "PLT",
                "Platelets below 20",
                day("2025-03-24"),
                day("2025-04-02"),
                dose=1,
                unit="U",
            ),
            medication(
                "Oseltamivir",
                "ANTIVIRAL",
                "H1N1",
                day("2025-05-07"),
                day("2025-05-16"),
                dose=75,
                unit="mg",
                often="BID",
                route="PO",
            ),
        ],
    )
    chart.put("LOG", 1, "HS", HSYN="N", HSNRS="INF")
    chart.put("LOG", 1, "DS", EOTDAT=day("2025-06-03"), EOTRS="PROGRESSION")
    chart.put(
        "LOG",
        1,
        "DD",
        DTHDAT=day("2025-06-15"),
        DTHTIM="04:10",
        DTHCAUS="INF",
        DTHCONT="PD",
        DTHREL="UNLIKELY",
        DTHAUT="N",
        DTHPLC="HERE",
        DTHTX="H1N1 pneumonia from day 46; cycle 3 delayed; progression confirmed on day 70; respiratory failure.",
    )
    return chart


def sixth():
    """No response; died on day 25 of progression."""
    start = day("2025-04-28")
    activity = ((-2, 1.0), (0, 1.0), (7, 0.88), (13, 1.05), (19, 1.3), (24, 1.5))
    chart = chart_of(
        6,
        start,
        activity,
        (start,),
        sex="F",
        weight=54.0,
        height="163",
        omitted=(7,),
        PLT=18,
        NEUT=0.62,
        FERRITIN=33000,
        LDH=3980,
        BILI=61,
        ALT=402,
        AST=655,
        FIBRINO=0.92,
        EBVPL=1480000,
        TEMP=39.4,
    )
    screening(
        chart,
        day("2025-04-27"),
        birth="1987-01-19",
        sex="F",
        consent_time="08:45",
        hlh=True,
        disease={
            "onset": "2025-04-05",
            "marrow": 58.0,
            "genes": "TP53 p.R273C 44 %; JAK2 p.R683G 9 %",
            "karyotype": "45,XX,-17,add(6)(q21)[14]/46,XX[6]",
        },
    )
    omitted = {"EXGIVEN": "N", "EXADJ": "OMIT", "EXADJRS": "DIS"}
    parts = {"RSBM": "PD", "RSBLD": "SD", "RSORG": "SD", "RSEBV": "SD", "RSHLH": "PD"}
    cycle(
        chart,
        1,
        start,
        days={"END": 18},
        response={"investigator": "NR", "marrow_percent": 92.0, "parts": parts, "next_step": "Best supportive care"},
        **{"GEM C_D8": omitted, "tablets left": 12},
    )
    log(chart, "RUX", "RUXYN", [ruxolitinib(start, day("2025-05-20"))])
    log(chart, "MH", "MHYN", [history("Jaundice before diagnosis", "SYMPTOM", "2025-04", grade="3")])
    worse = event(
        "Progression of leukemia",
        "Disease progression",
        5,
        day("2025-05-14"),
        day("2025-05-22"),
        UNRELATED,
        serious=("AESDTH",),
        outcome="FATAL",
        AERELDIS="DEFINITE",
        note="Multi-organ failure with uncontrolled HLH.",
    )
    bleed = event(
        "Nose bleed", "Epistaxis", 2, day("2025-05-03"), day("2025-05-05"), INFECTION, treated="Y", AERELDIS="PROBABLE"
    )
    adverse_events(chart, [bleed, *from_counts(chart, samples(chart)), worse])
    log(
        chart,
        "CM",
        "CMYN",
        [
            medication(
                "Dexamethasone", "STEROID", "HLH", day("2025-04-26"), day("2025-05-22"), dose=15, unit="mg", often="QD"
            ),
            medication(
                "Platelets, apheresis",
                "PLT",
                "Platelets below 20",
                day("2025-04-28"),
                day("2025-05-20"),
                dose=1,
                unit="U",
            ),
            medication(
                "Fresh frozen plasma",
                "PLASMA",
                "Coagulopathy",
                day("2025-05-08"),
                day("2025-05-20"),
                dose=400,
                unit="mL",
            ),
            medication(
                "Etoposide", "ETOPOSIDE", "Uncontrolled HLH", day("2025-05-17"), day("2025-05-17"), dose=100, unit="mg"
            ),
        ],
    )
    chart.put("LOG", 1, "HS", HSYN="N", HSNRS="DEAD")
    chart.put("LOG", 1, "DS", EOTDAT=day("2025-05-22"), EOTRS="DEATH")
    chart.put(
        "LOG",
        1,
        "DD",
        DTHDAT=day("2025-05-22"),
        DTHCAUS="PD",
        DTHCONT="HLH;MOF",
        DTHREL="UNRELATED",
        DTHAUT="N",
        DTHPLC="HERE",
        DTHTX="Rapid progression with HLH; multi-organ failure on day 25.",
    )
    return chart


def seventh():
    """In cycle 1 today: day 8, the morning's count is in, the rest of the visit is not."""
    start = day("2025-07-18")
    activity = ((-2, 1.0), (0, 1.0), (3, 0.84), (7, 0.55))
    chart = chart_of(
        7, start, activity, (start,), sex="F", weight=55.8, height="164", omitted=(7,), PLT=47, FERRITIN=9850, BILI=33
    )
    screening(
        chart,
        start,
        birth="1995-03-08",
        sex="F",
        consent_time="08:30",
        hlh=True,
        disease={"onset": "2025-06-24", "marrow": 26.0},
    )
    day_one(chart, 1, start, first=True, special={})
    day_two(chart, 1, day("2025-07-19"), {})
    visit(chart, "C_D8", 1, TODAY)
    hematology(chart, "C_D8", 1, TODAY)
    log(chart, "RUX", "RUXYN", [ruxolitinib(start)])
    log(chart, "MH", "MHYN", [history("Fever before diagnosis", "SYMPTOM", "2025-06-24", grade="2")])
    adverse_events(chart, [event("Nausea", "Nausea", 1, day("2025-07-18"), day("2025-07-20"), EMETIC, treated="Y")])
    log(
        chart,
        "CM",
        "CMYN",
        [medication("Palonosetron", "ANTIEMETIC", "Prophylaxis", start, start, dose="0.25", unit="mg")],
    )
    return chart
