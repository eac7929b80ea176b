"""Shared by the tests of both HLH studies: days of a course, laboratory slips, treatments."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import copy
from datetime import date, timedelta
from functools import wraps

from tests.studies.patient import Patient

D1 = date(2024, 3, 4)
"""Day of the first dose in these tests."""

ACTIVE = {
    "HEM": {"WBC": "1.9", "HGB": "80", "PLT": "40", "NEUT": "0.4"},
    "CHEM": {"ALT": "500", "AST": "300", "BILI": "20", "ALB": "30", "CREAT": "30", "SODIUM": "136", "TRIG": "4.0"},
    "COAG": {"INR": "1.2", "FIBRINO": "1.0", "DDIMER": "4.0"},
    "INFL": {"FERRITIN": "8000", "SCD25": "40000"},
}
QUIET = {
    "HEM": {"WBC": "6.0", "HGB": "115", "PLT": "250", "NEUT": "3.0"},
    "CHEM": {"ALT": "20", "AST": "25", "BILI": "8", "ALB": "42", "CREAT": "30", "SODIUM": "139", "TRIG": "1.2"},
    "COAG": {"INR": "1.0", "FIBRINO": "2.8", "DDIMER": "0.2"},
    "INFL": {"FERRITIN": "120", "SCD25": "3000"},
}


def remembered(build: Callable[..., Patient]) -> Callable[..., Patient]:
    """Build each patient once; every caller gets a copy of their own (subjects are frozen)."""
    kept: dict[str, Patient] = {}

    @wraps(build)
    def again(**how: object) -> Patient:
        key = json.dumps(how, sort_keys=True)
        if key not in kept:
            kept[key] = build(**how)
        return copy(kept[key])

    return again


def on(day: int) -> str:
    """The date of a study day; day 1 is the first dose, there is no day 0."""
    return (D1 + timedelta(days=day - 1 if day > 0 else day)).isoformat()


def sample(patient: Patient, event: str, day: str, results: dict[str, dict[str, str]], **changed: str) -> Patient:
    """Type the slips of one day; ``PLT="30"`` changes a result, ``PLT=""`` leaves it out."""
    for form, answers in results.items():
        typed = {item: changed.get(item, text) for item, text in answers.items()}
        known = {item: text for item, text in typed.items() if text}
        patient.fill(f"{event}.{form}", LBPERF="Y", LBDAT=day, LBNAM="LAB1", **known)
    return patient


def treatment(patient: Patient, row: str, kind: str, start: str, end: str = "") -> Patient:
    """One row of concomitant treatment."""
    patient.fill("LOG.CM", CMYN="Y")
    ended = {"CMONGO": "N", "CMENDAT": end} if end else {"CMONGO": "Y"}
    return patient.fill("LOG.CM", row=row, CMTRT="x", CMCLASS=kind, CMINDC="x", CMSTDAT=start, **ended)


def examined(
    patient: Patient,
    event: str,
    *,
    fever: str = "36.8",
    spleen: str = "0",
    weight: str = "18.0",
    antipyretic: str = "N",
) -> Patient:
    return patient.fill(
        f"{event}.VS",
        TEMP=fever,
        TMAX24=fever,
        ANTIPYR=antipyretic,
        HEIGHT="110",
        WEIGHT=weight,
        LIVERCM="0",
        SPLEENCM=spleen,
    )
