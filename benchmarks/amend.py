"""What a new version of a study costs: a hundred subjects of 2,000 values, tried dry and put in force.

Run: ``python -m benchmarks.amend [SUBJECTS]``. The worst case: another CTCAE edition, which visits already begun follow
as well. Budgets, in processor time: 20 s dry, 60 s in force (the second dry run included).
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from db.casebook.casebook import Casebook
from db.casebook.entering import Entered
from db.clock import set_clock
from db.folder.keys import CHEAP
from db.incoming.amend import amend, plan_definition
from db.opening.vault import create_store
from forms.authoring.load import read_study
from forms.place import Place
from forms.study.definition import ComingIntoForce
from resources import folder

VALUES = 2000


def longest() -> list[dict[str, str]]:
    """The values of the demonstration's patient who has most, at most `VALUES` of them."""
    found: dict[str, list[dict[str, str]]] = {}
    with (folder("studies", "ankl") / "demo" / "patients.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["subject"], []).append(row)
    return max(found.values(), key=len)[:VALUES]


def filled(place: Path, subjects: int) -> Casebook:
    """A store in which every subject has those values."""
    study = replace(read_study("ankl"), subject_id_pattern=".+")
    role = next(role.id for role in study.roles if {"study", "enter", "subject.add"} <= set(role.rights))
    book = create_store(
        place, study, site="S01", user="demo", name="Lin", role=role, passphrase="a benchmark's own",
        clock=set_clock("2029-10-20"), kdf=CHEAP,
    )  # fmt: skip
    rows = longest()
    for number in range(subjects):
        who = f"S01-{number:03d}"
        book.add_subject(who)
        book.enter_many([_entered(row, who) for row in rows], "transcribed")
    return book


def _entered(row: dict[str, str], who: str) -> Entered:
    numbers = {name: row[name] or "1" for name in ("event_no", "form_no", "row")}
    place = Place(subject=who, event=row["event"], form=row["form"], item=row["item"], **numbers)
    return Entered(place, row["value"], row["unit"], row["missing"])


def measure(subjects: int = 100) -> dict[str, float]:
    """Seconds of processor time dry and in force, and how much differs."""
    with tempfile.TemporaryDirectory() as place:
        book = filled(Path(place, "s.casebook"), subjects)
        version = replace(book.study, version="90.1", ctcae="6.0", amendment=ComingIntoForce(begun="follow"))
        begun = time.process_time()
        plan = plan_definition(book, version)
        dry = time.process_time() - begun
        amend(book, version, "2029-10-19", "amendment", accept=True)
        whole = time.process_time() - begun - dry
        book.close()
    return {"tried dry s (20)": dry, "put in force s (60)": whole, "values that differ": float(len(plan.differences))}


if __name__ == "__main__":
    for name, figure in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100).items():
        print(f"{name:32} {figure:10.3f}")
