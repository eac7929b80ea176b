"""Building the demonstration store: the patients' data file is entered day by day, by the people who would have.

A folder ``demo`` beside a definition holds ``patients.csv`` (the data file as it stands on the day of the
demonstration) and ``demo.json`` (that day, the people, what was first typed wrong, what a monitor asked). The clock is
set to each day in turn, so histories, reasons and queries look as they do in a real store; the ledger says that the
clock was set.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forms.place import FormKey, Place
from forms.progress import Tick
from resources import folder

if TYPE_CHECKING:
    from db.casebook.casebook import Casebook
    from forms.study.definition import Study

USER = "demo"
PASSPHRASE = "demo"
"""Told to everyone; it guards invented people."""
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MORNING, ROUND, EVENING = 0, 1, 2
"""Turns of a day: the nurse enters, the investigator assesses, the monitor asks and is answered."""


@dataclass
class Hands:
    """A clock that moves a second at each look and can be set to another day."""

    at: datetime

    def now(self) -> datetime:
        """The time shown."""
        self.at += timedelta(seconds=1)
        return self.at

    def monotonic(self) -> float:
        """Seconds, in step with the hands."""
        return self.at.timestamp()


@dataclass(frozen=True, slots=True)
class DemoValue:
    """One line of the data file: a place and what is typed there."""

    place: Place
    text: str
    unit: str
    missing: str


@dataclass(frozen=True, slots=True)
class DemoStep:
    """One thing one person does on one day. ``what`` is given to the casebook by the function of its name below."""

    on: date
    turn: int
    user: str
    act: Callable[[Casebook, Any], object]
    what: Any


def studies() -> tuple[str, ...]:
    """Shipped studies that have a demonstration."""
    return tuple(sorted(path.parent.parent.name for path in folder("studies").glob("*/demo/demo.json")))


def read_plan(study: str) -> dict[str, Any]:
    """The demonstration's day, people, corrections and questions."""
    plan: dict[str, Any] = json.loads(folder("studies", study, "demo", "demo.json").read_text(encoding="utf-8"))
    return plan


def read_cells(study: str) -> list[DemoValue]:
    """The lines of the data file."""
    with folder("studies", study, "demo", "patients.csv").open(encoding="utf-8", newline="") as lines:
        return [
            DemoValue(
                Place(*(row[name] for name in ("subject", "event", "event_no", "form", "form_no", "row", "item"))),
                row["value"],
                row["unit"],
                row["missing"],
            )
            for row in csv.DictReader(lines)
        ]


def build(path: Path, study: str, tick: Tick | None = None) -> Path:
    """Make the demonstration store of a study at ``path``; returns its folder."""
    from db.clock import Clock
    from db.folder.keys import Kdf
    from db.opening.vault import create_store, open_store
    from db.people.accounts import add_account
    from forms.authoring.load import read_study

    plan, cells, definition = read_plan(study), read_cells(study), read_study(study)
    steps = plan_steps(plan, cells, definition)
    hands = Hands(at_hour(plan, steps[0].on - timedelta(days=1), 8))
    clock = Clock(hands.now, hands.monotonic, plan["today"])
    light = Kdf(memory=8 * 1024, passes=1, lanes=1)
    owner, *others = plan["people"]
    casebook = create_store(
        path, definition, site=plan["site"], user=owner["user"], name=owner["name"], role=owner["role"],
        passphrase=PASSPHRASE, clock=clock, kdf=light,
    )  # fmt: skip
    store = casebook.path
    for person in others:
        add_account(casebook, person["user"], person["name"], person["role"], PASSPHRASE, kdf=light, temporary=False)
    done = 0
    for (on, turn, user), group in groupby(steps, key=lambda step: (step.on, step.turn, step.user)):
        hands.at = max(hands.at, at_hour(plan, on, 9 + 3 * turn))
        if user != casebook.user:
            casebook.close()
            casebook = open_store(store, user=user, passphrase=PASSPHRASE, clock=clock)
        for step in group:
            step.act(casebook, step.what)
            done += 1
        if tick is not None:
            tick(done, len(steps), on.isoformat())
    casebook.close()
    return store


def at_hour(plan: Mapping[str, Any], on: date, hour: int) -> datetime:
    """A time of day at the site."""
    zone = timezone(timedelta(hours=plan["offset_hours"]))
    return datetime(on.year, on.month, on.day, hour, tzinfo=zone)


# --- what happens when ------------------------------------------------------------------------------------------------


def plan_steps(plan: Mapping[str, Any], cells: list[DemoValue], study: Study) -> list[DemoStep]:
    """Everything that is done, in the order it is done."""
    wrong = {correction_place(told): told for told in plan["corrections"]}
    days: dict[tuple[date, str], list[DemoValue]] = {}
    forms: dict[FormKey, date] = {}
    for on, cell in dated(cells, study):
        on = entry_day(plan, on)
        days.setdefault((on, person(plan, cell.place.form)), []).append(first_typed(cell, wrong))
        forms[cell.place.form_key] = max(on, forms.get(cell.place.form_key, on))
    steps = []
    for (on, user), entered in days.items():
        steps.append(DemoStep(on, turn_of(plan, user), user, enter, entered))
    steps += completions(plan, forms, study)
    for cell in cells:
        if cell.place in wrong:
            told = wrong[cell.place]
            on = entry_day(plan, forms[cell.place.form_key] + timedelta(days=told["after_days"]))
            steps.append(DemoStep(on, MORNING, plan["enters"], correct, (cell, told["why"])))
    for told in plan["questions"]:
        steps.append(DemoStep(date.fromisoformat(told["on"]), EVENING, plan["asks"], ask, told))
        if "answer" in told:
            steps.append(DemoStep(date.fromisoformat(told["answered"]), EVENING, plan["enters"], answer, told))
    return sorted(steps, key=lambda step: (step.on, step.turn, step.user))


def dated(cells: list[DemoValue], study: Study) -> Iterator[tuple[date, DemoValue]]:
    """Each line with the day it is entered: the latest day its form, or its row of a log, speaks of."""
    visits = visit_days(cells, study)
    latest: dict[tuple[str, ...], date] = {}
    for cell in cells:
        key = unit_of(cell.place, study)
        for text in DATE.findall(cell.text):
            latest[key] = max(date.fromisoformat(text), latest.get(key, date.min))
        visit = visits.get(visit_of(cell.place))
        if visit is not None:
            latest[key] = max(visit, latest.get(key, date.min))
    first: dict[str, date] = {}
    for (subject, *_), on in visits.items():
        first[subject] = min(on, first.get(subject, on))
    for cell in cells:
        yield latest.get(unit_of(cell.place, study), first[cell.place.subject]), cell


def visit_days(cells: list[DemoValue], study: Study) -> dict[tuple[str, ...], date]:
    """The day each visit took place, by subject, event and its number."""
    dates = {(event.id, event.date_item) for event in study.events}
    return {
        visit_of(cell.place): date.fromisoformat(cell.text)
        for cell in cells
        if (cell.place.event, f"{cell.place.form}.{cell.place.item}") in dates and DATE.fullmatch(cell.text)
    }


def visit_of(place: Place) -> tuple[str, ...]:
    """The visit a place belongs to."""
    return (place.subject, place.event, place.event_no)


def entry_day(plan: Mapping[str, Any], on: date) -> date:
    """The day what happened is entered: the same one, or the site's next day of entry where it has such days."""
    every = int(plan.get("entered_every_days", 1))
    return min(on + timedelta(days=-on.toordinal() % every), date.fromisoformat(plan["today"]))


def unit_of(place: Place, study: Study) -> tuple[str, ...]:
    """What is entered in one go: a form, or a row of a group that repeats."""
    group = study.form_by_id[place.form].group_of[place.item]
    row = (group.id, place.row) if group.repeat else ("", "")
    return (place.subject, place.event, place.event_no, place.form, place.form_no, *row)


def person(plan: Mapping[str, Any], form: str) -> str:
    """Who fills a form."""
    return str(plan["assesses"] if form in plan["assessed_forms"] else plan["enters"])


def turn_of(plan: Mapping[str, Any], user: str) -> int:
    """When on a day a person sits down."""
    return MORNING if user == plan["enters"] else ROUND


def completions(plan: Mapping[str, Any], forms: Mapping[FormKey, date], study: Study) -> Iterator[DemoStep]:
    """Every form of a visit, or those the plan names, is declared complete some days later; logs run on."""
    today = date.fromisoformat(plan["today"])
    named = plan.get("completed_forms")
    for key, on in forms.items():
        runs_on = study.event_by_id[key.event].kind == "log" and key.form not in plan["assessed_forms"]
        day = entry_day(plan, on + timedelta(days=plan["completed_after_days"]))
        if day <= today and not runs_on and (named is None or key.form in named):
            user = person(plan, key.form)
            yield DemoStep(day, turn_of(plan, user), user, complete, key)


def correction_place(told: Mapping[str, Any]) -> Place:
    """The place a correction or a question speaks of."""
    return Place(
        told["subject"], told["event"], told["event_no"], told["form"], "1", told.get("row", "1"), told["item"]
    )


def first_typed(cell: DemoValue, wrong: Mapping[Place, Mapping[str, Any]]) -> DemoValue:
    """The line as it was typed first, when it was corrected later."""
    told = wrong.get(cell.place)
    return DemoValue(cell.place, told["typed"], cell.unit, "") if told else cell


# --- what is done -----------------------------------------------------------------------------------------------------


def enter(casebook: Casebook, cells: list[DemoValue]) -> None:
    """Enter a day's lines; a subject's first lines take the subject in."""
    from db.casebook.entering import Entered

    for subject in dict.fromkeys(cell.place.subject for cell in cells):
        if not casebook.count_subjects(subject):
            casebook.add_subject(subject)
    casebook.enter_many([Entered(cell.place, cell.text, cell.unit, cell.missing) for cell in cells])


def correct(casebook: Casebook, told: tuple[DemoValue, str]) -> None:
    """Mend what was typed wrong, with the reason."""
    cell, why = told
    casebook.enter(cell.place, cell.text, unit=cell.unit, missing=cell.missing, why=why)


def complete(casebook: Casebook, key: FormKey) -> None:
    """Declare a form complete; what blocks it stays for the person who looks around."""
    from db.casebook.completing import Blocked

    try:
        casebook.complete(key)
    except Blocked:
        return


def ask(casebook: Casebook, told: Mapping[str, Any]) -> None:
    """A monitor's question."""
    casebook.open_query(correction_place(told), told["text"], told["language"])


def answer(casebook: Casebook, told: Mapping[str, Any]) -> None:
    """The nurse's answer to it."""
    place = correction_place(told)
    query = next(each for each in casebook.queries(place.subject) if each.place == place)
    casebook.answer_query(query.id, told["answer"])
