"""Adverse events, medication and ruxolitinib intervals of study A as log rows; laboratory events follow the counts."""

from datetime import timedelta

NO_CRITERION = dict.fromkeys(("AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE"), "N")
MARROW = {"AERELRUX": "POSSIBLE", "AERELPEG": "UNLIKELY", "AERELGEM": "PROBABLE", "AERELOXA": "PROBABLE"}
ASPARAGINASE = {"AERELRUX": "UNLIKELY", "AERELPEG": "DEFINITE", "AERELGEM": "UNRELATED", "AERELOXA": "UNRELATED"}
LIVER = {"AERELRUX": "POSSIBLE", "AERELPEG": "PROBABLE", "AERELGEM": "POSSIBLE", "AERELOXA": "UNLIKELY"}
UNRELATED = dict.fromkeys(("AERELRUX", "AERELPEG", "AERELGEM", "AERELOXA"), "UNRELATED")
OXALIPLATIN = {**UNRELATED, "AERELOXA": "DEFINITE"}
EMETIC = {**UNRELATED, "AERELGEM": "PROBABLE", "AERELOXA": "PROBABLE"}
INFECTION = {"AERELRUX": "POSSIBLE", "AERELPEG": "UNLIKELY", "AERELGEM": "POSSIBLE", "AERELOXA": "UNLIKELY"}

WATCHED = {
    "NEUT": ("Neutropenia", "Neutrophil count decreased", (1.8, 1.5, 1.0, 0.5), 3, MARROW),
    "PLT": ("Thrombocytopenia", "Platelet count decreased", (125, 75, 50, 25), 3, MARROW),
    "HGB": ("Anemia", "Anemia", (115, 100, 80), 3, MARROW),
    "FIBRINO": ("Low fibrinogen", "Fibrinogen decreased", (2.0, 1.5, 1.0, 0.5), 3, ASPARAGINASE),
    "TRIG": ("High triglycerides", "Hypertriglyceridemia", (-1.71, -3.42, -5.7, -11.4), 2, ASPARAGINASE),
    "ALT": ("Raised ALT", "Alanine aminotransferase increased", (-40, -120, -200, -800), 3, LIVER),
}
"""Analyte: the nurse's words, the CTCAE term, where grades begin (below; negative: above), the least grade that is
written down as an event, causality."""

ACTION = {"AEACNRUX": "NOT_CHANGED", "AEACNPEG": "NOT_CHANGED", "AEACNGEM": "NOT_CHANGED", "AEACNOXA": "NOT_CHANGED"}


def grade_of(value, bounds):
    """The grade a number has by the absolute steps (limits of the hospital laboratory for a woman)."""
    if bounds[0] < 0:
        return sum(value > -bound for bound in bounds)
    return sum(value < bound for bound in bounds)


def from_counts(chart, samples):
    """Events that the laboratory shows: worse than before treatment and bad enough to be written down.

    ``samples`` are the days on which blood was drawn, in order.
    """
    rows = []
    for analyte, (words, term, bounds, least, causality) in WATCHED.items():
        seen = [(on, grade_of(float(chart.course.value(analyte, chart.day(on))), bounds)) for on in samples]
        before = seen[0][1]
        at = 0
        while at < len(seen):
            if seen[at][1] < least or seen[at][1] <= before:
                at += 1
                continue
            end = next((i for i in range(at + 1, len(seen)) if seen[i][1] < least), None)
            worst = max(grade for _, grade in seen[at : end or len(seen)])
            recovered = seen[end][0] if end else None
            rows.append(event(words, term, worst, seen[at][0], recovered, causality))
            at = end or len(seen)
    return sorted(rows, key=lambda row: row["AESTDAT"])


def event(words, term, grade, start, end, causality, *, serious=(), treated="N", note=None, outcome=None, **more):
    """One adverse event; ``end`` None = still there. ``serious`` names the criteria that hold."""
    usual = "RECOVERED" if end else "NOT_RECOVERED"
    row = {
        "AETERM": words, "AEDECOD": term, "AETOXGR": grade, "AESTDAT": start, "AEONGO": "N" if end else "Y",
        "AEENDAT": end, "AESER": "Y" if serious else "N", **causality, "AERELDIS": "UNLIKELY", **ACTION,
        "AECONTRT": treated, "AEOUT": outcome or usual, "AETX": note,
    }  # fmt: skip
    if serious:
        row |= NO_CRITERION | dict.fromkeys(serious, "Y")
        row |= {"AESNO": 1, "AEAWARE": f"{start}T14:20", "AEREPDAT": f"{start + timedelta(days=1)}T09:10"}
    return row | more


def medication(words, kind, reason, start, end=None, *, dose=None, unit=None, often=None, route="IV"):
    """One concomitant medication or transfusion."""
    return {
        "CMTRT": words, "CMCLASS": kind, "CMINDC": reason, "CMDOSE": dose and (str(dose), ""), "CMDOSU": unit,
        "CMFRQ": often, "CMROUTE": route, "CMSTDAT": start, "CMONGO": "N" if end else "Y", "CMENDAT": end,
    }  # fmt: skip


def ruxolitinib(start, end=None, *, dose="10", times=2, change="NONE", reason=None, note=None):
    """One interval of ruxolitinib at one dose."""
    return {
        "RUXSTDAT": start, "RUXONGO": "N" if end else "Y", "RUXENDAT": end, "RUXDOSE": dose, "RUXTIMES": times,
        "RUXADJ": change, "RUXRS": reason, "RUXTX": note,
    }  # fmt: skip


def history(words, kind, start, *, ongoing=True, end=None, grade=None):
    """One line of medical history."""
    return {
        "MHTERM": words, "MHCAT": kind, "MHSTDAT": start, "MHONGO": "Y" if ongoing else "N", "MHENDAT": end,
        "MHTOXGR": grade,
    }  # fmt: skip
