"""Filling the forms that both HLH studies share: each function gives what a site would have typed.

An entry is ``(event, event_no, form, row, item, text)``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

TABLES = Path(__file__).parent / "cohorts"

Typed = tuple[str, str, str, str, str, str]
Line = dict[str, str]

YES = {"1": "Y", "0": "N"}
FOLLOW_UP = {
    "FU01": 30,
    "FU02": 61,
    "FU03": 91,
    "FU04": 122,
    "FU05": 152,
    "FU06": 183,
    "FU09": 274,
    "FU12": 365,
    "FU15": 457,
}
TRANSPLANTED = {"T30": 30, "T60": 60, "T100": 100, "T180": 180, "T365": 365}


def table(name: str) -> list[Line]:
    """Lines of ``pediatric_hlh``, ``pediatric_hlh_ae`` or ``rr_hlh``."""
    with (TABLES / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def form(event: str, form: str, row: str = "1", number: str = "1", **answers: object) -> Iterator[Typed]:
    for item, answer in answers.items():
        if answer not in ("", None):
            yield event, number, form, row, item, str(answer)


def visit(event: str, day: date, number: str = "1", mode: str = "WARD") -> Iterator[Typed]:
    yield from form(event, "SV", number=number, SVPERF="Y", SVDAT=day, SVMODE=mode)


def slip(event: str, name: str, day: date, number: str = "1", **results: object) -> Iterator[Typed]:
    """One slip of the hospital's laboratory."""
    if any(result not in ("", None) for result in results.values()):
        yield from form(event, name, number=number, LBPERF="Y", LBDAT=day, LBNAM="LAB1", **results)


def judged(event: str, day: date, response: str, number: str = "1", **more: object) -> Iterator[Typed]:
    yield from form(event, "RS", number=number, RSDAT=day, RSINV=response, **more)


def after(day: date, days: float) -> date:
    return day + timedelta(days=round(days))


def weeks(first: date, count: str) -> date:
    return after(first, 7 * float(count))


def height(years: float) -> int:
    """Centimetres of a child or an adult of that age, about the middle."""
    if years < 1:
        return round(51 + 24 * years)
    if years < 2:
        return round(75 + 11 * (years - 1))
    return min(166, round(86 + 6.2 * (years - 2)))


def body(
    event: str, day: object, years: float, weight: str, fever: float, spleen: float, number: str = "1"
) -> Iterator[Typed]:
    """Examination with the performance score of the age."""
    score = {} if years < 1 else {"LANSKY": "60" if fever >= 37.5 else "90"}
    if years >= 16:
        score = {"KPS": "60" if fever >= 37.5 else "80"}
    if years >= 18:
        score["ECOG"] = "2" if fever >= 37.5 else "1"
    yield from form(
        event, "VS", number=number, TEMP=round(fever - 0.3, 1), TMAX24=round(fever, 1), ANTIPYR="N",
        HEIGHT=height(years), WEIGHT=weight, SPLEENCM=round(spleen, 1), **score,
    )  # fmt: skip


def adverse(rows: list[dict[str, object]]) -> Iterator[Typed]:
    """The log of adverse events and the reports of the serious ones."""
    yield from form("LOG", "AE", AEYN="Y" if rows else "N")
    for at, row in enumerate(rows, 1):
        yield from form("LOG", "AE", f"a{at:02d}", **row)


def event(term: str, said: str, grade: int, day: date, end: date | None, **more: object) -> dict[str, object]:
    """One line of that log; without an end it goes on."""
    over = {"AEONGO": "N", "AEENDAT": end, "AEOUT": "RECOVERED"} if end else {"AEONGO": "Y", "AEOUT": "NOT_RECOVERED"}
    usual = {"AESER": "N", "AERELRUX": "POSSIBLE", "AERELDIS": "POSSIBLE", "AEACNRUX": "NOT_CHANGED"}
    treated = {"AECONTRT": "Y" if grade > 1 else "N"}
    return {"AETERM": said, "AEDECOD": term, "AETOXGR": grade, "AESTDAT": day, **over, **usual, **treated, **more}


SERIOUS = {
    "AESER": "Y", "AESDTH": "N", "AESLIFE": "N", "AESHOSP": "Y", "AESDISAB": "N", "AESCONG": "N", "AESMIE": "N",
}  # fmt: skip


def transplanted(day: date, last: date, status: str, active: date | None = None) -> Iterator[Typed]:
    """The transplantation and its visits up to the last contact; HLH is active from a day on."""
    yield from form(
        "LOG", "HS", HSYN="Y", HSCOND=after(day, -8), HSDAT=day, HSSTAT=status, HSDONOR="HAPLO", HSHLA="5",
        HSSRC="PBBM", HSINT="RIC", HSRUX=after(day, -1), HSFAIL="N",
    )  # fmt: skip
    for name, days in TRANSPLANTED.items():
        seen = after(day, days)
        if seen < last:
            yield from visit(name, seen, mode="CLINIC")
            back = "Y" if active and seen >= active else "N"
            yield from form(name, "HC", HCDAT=seen, HCHLH=back, HCCHIM="98.5", HCDLI="N")
            yield from form(name, "SF", SFDAT=seen, SFMETH="CLINIC", SFSTAT="ALIVE", SFALIVE=seen)


def followed(origin: date, last: date, names: tuple[str, ...], disease: str) -> Iterator[Typed]:
    """Follow-up visits from an origin to the last contact."""
    for name in names:
        seen = after(origin, FOLLOW_UP[name])
        if seen < last:
            yield from visit(name, seen, mode="CLINIC")
            yield from form(name, "SF", SFDAT=seen, SFMETH="CLINIC", SFSTAT="ALIVE", SFALIVE=seen, SFDIS=disease)


def outcome(line: Line, died: date, cause: str, words: str) -> Iterator[Typed]:
    """The death, or the last call to the living."""
    if line["death"] == "1":
        yield from form(
            "LOG", "DD", DTHDAT=died, DTHCAUS=cause, DTHREL="UNRELATED", DTHAUT="N", DTHPLC="HERE", DTHTX=words
        )
        yield from form("LOG", "DS", EOTDAT=died, EOTRS="DEATH", EOSDAT=died, EOSRS="DEATH")
        return
    last = line["last_contact_date"]
    yield from form("CALL", "SF", number="1", SFDAT=last, SFMETH="PHONE", SFSTAT="ALIVE", SFALIVE=last)


def quiet_logs(*names: str) -> Iterator[Typed]:
    """Logs in which there was nothing to record."""
    for name in names:
        yield from form("LOG", name, **{f"{name}YN": "N"})
