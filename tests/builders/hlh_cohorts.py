"""The synthetic cohorts of both HLH studies: entries of their forms, subjects, the data files of the demonstrations.

The tables give the published figures wherever those do not contradict themselves; no line is a real patient. The data
files are written to ``resources/studies/<study>/demo/patients.csv`` by ``python -m tests.builders.hlh_cohorts``; a test
demands that they are what these functions give.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from forms.authoring.load import read_study
from forms.place import Place
from forms.sheet.follow import follow
from forms.study.definition import Study
from forms.subject.subject import Subject
from forms.values.kinds import parse_value
from resources import folder
from tests.builders import hlh_children, hlh_relapsed
from tests.builders.hlh_forms import Typed, table

COLUMNS = ("subject", "event", "event_no", "form", "form_no", "row", "item", "value", "unit", "missing")
STUDIES = ("hlh_pediatric", "hlh_salvage")
TODAY = {"hlh_pediatric": hlh_children.TODAY, "hlh_salvage": hlh_relapsed.TODAY}
WHY = "Judged on the whole course: single features lag behind or are under other influence."


def entries(study_id: str) -> Iterator[tuple[str, Iterator[Typed]]]:
    """Each subject of a cohort with its entries."""
    if study_id == "hlh_pediatric":
        found = hlh_children.events()
        for at, line in enumerate(table("pediatric_hlh"), 1):
            yield f"S01-{at:03d}", hlh_children.pediatric(line, found.get(line["subject_id"]))
    else:
        for at, line in enumerate(table("rr_hlh"), 1):
            yield f"S01-{at:03d}", hlh_relapsed.salvage(line)


def subject(study: Study, name: str, typed: Iterable[Typed], today: date) -> Subject:
    """A subject as the store would give it: values read as typed, with everything that follows from them."""
    values = {}
    for event, number, form, row, item_id, text in typed:
        item = study.form_by_id[form].items[item_id]
        codelist = study.codelist_by_id.get(item.codelist)
        place = Place(name, event, number, form, "1", row, item_id)
        values[place] = parse_value(item, text, codelist=codelist, today=today)
    person = Subject(study, name, values, {}, study.ranges, today, "S01")
    return follow(person, tuple(values))[0]


@cache
def cohort(study_id: str) -> tuple[tuple[str, tuple[Typed, ...], Subject], ...]:
    """Every subject: id, entries, and the subject that follows. A judgement that differs from the rule says why."""
    study, today = read_study(study_id), TODAY[study_id]
    found = []
    for name, typed in entries(study_id):
        known = tuple(typed)
        person = subject(study, name, known, today)
        reasons = tuple(_reasons(person))
        if reasons:
            known += reasons
            person = subject(study, name, known, today)
        found.append((name, known, person))
    return tuple(found)


def _reasons(person: Subject) -> Iterator[Typed]:
    for key in person.keys():
        if key.form == "RS":
            told = {
                item: person.values.get(key.place(item)) for item in ("RSCALC", "RSINV", "RSSTRH", "RSSTRAT", "RSSTRSN")
            }
            said = {item: value.value if value else "" for item, value in told.items()}
            if said["RSINV"] and said["RSCALC"] not in ("", said["RSINV"]):
                yield key.event, key.event_no, "RS", "1", "RSRSN", WHY
            if said["RSSTRAT"] and said["RSSTRH"] not in ("", said["RSSTRAT"]) and not said["RSSTRSN"]:
                yield key.event, key.event_no, "RS", "1", "RSSTRSN", WHY


def build(study_id: str) -> str:
    """The data file of a study's demonstration."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    for name, typed, _ in cohort(study_id):
        taken = {each[:5]: each[5] for each in typed}
        for (event, number, form, row, item), text in taken.items():
            lines.writerow((name, event, number, form, "1", row, item, text, "", ""))
    return out.getvalue()


if __name__ == "__main__":
    for each in STUDIES:
        folder("studies", each, "demo").mkdir(exist_ok=True)
        folder("studies", each, "demo", "patients.csv").write_text(build(each), encoding="utf-8")
