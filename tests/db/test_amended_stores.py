"""Stores of the world, amended: those of every earlier schema, and the shipped studies with all patients."""

import csv
import shutil
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from db.casebook.entering import Entered
from db.casebook.session import Session
from db.clock import clock_of, set_clock
from db.folder.keys import CHEAP
from db.incoming.amend import amend, plan_definition
from db.opening.vault import create_store, open_store
from db.proof.verify import verify
from forms.authoring.load import read_study, study_ids
from forms.errors import Refusal
from forms.place import Place
from forms.sheet.follow import recompute
from forms.study.definition import Bounds, ComingIntoForce
from resources import folder
from tests.builders.versions import next_version, with_form, with_item, with_new_item
from tests.db.stores import PASSPHRASE, START, hands
from tests.forms.small_study import item

OLD = Path(__file__).resolve().parents[1] / "old_stores"
STORES = sorted(path for path in OLD.iterdir() if path.suffix == ".casebook")


@pytest.mark.parametrize("old", STORES, ids=lambda path: path.stem)
def test_a_store_of_every_earlier_schema_takes_a_new_version_and_its_visits_keep_theirs(tmp_path, old, monkeypatch):
    shutil.copytree(old, tmp_path / "trial.casebook")
    later = clock_of(hands(START + timedelta(days=900)))
    book = open_store(tmp_path / "trial", user="ann", passphrase=PASSPHRASE, clock=later)
    version = with_new_item(next_version(book.study), "VS", item("PULSE", "integer"))
    begun = next(key for line in book.subjects() for key in book.subject(line.id).keys())
    plan = plan_definition(book, version)
    assert (plan.barred, plan.to_accept, plan.kept) == ((), (), 1)
    with pytest.raises(Refusal):  # a nurse of that definition may not
        amend(book, version, "2025-03-02", "amendment 2")
    monkeypatch.setattr(Session, "check_right", lambda *_: None)
    amend(book, version, "2025-03-02", "amendment 2")
    subject = book.subject(begun.subject)
    assert subject.judging(begun.event, begun.event_no).study.version == "1"
    assert "PULSE" in subject.judging("C_D1", "6").study.form_by_id["VS"].items
    book.close()


# --- the shipped studies with the patients of their demonstrations ------------------------------------------------


@cache
def shipped(name):
    return read_study(name)


def lines_of(name):
    with (folder("studies", name) / "demo" / "patients.csv").open(encoding="utf-8", newline="") as file:
        found = {}
        for row in csv.DictReader(file):
            found.setdefault(row["subject"], []).append(row)
    return found


def entered(row, who):
    numbers = {name: row[name] or "1" for name in ("event_no", "form_no", "row")}
    place = Place(subject=who, event=row["event"], form=row["form"], item=row["item"], **numbers)
    return Entered(place, row["value"], row["unit"], row["missing"])


def store_of(tmp_path, name):
    study = shipped(name)
    role = next(role.id for role in study.roles if {"study", "enter", "subject.add"} <= set(role.rights))
    return create_store(
        tmp_path / "s.casebook", replace(study, subject_id_pattern=".+"), site="S01", user="demo", name="Lin",
        role=role, passphrase=PASSPHRASE, clock=set_clock("2029-10-20"), kdf=CHEAP,
    )  # fmt: skip


def first_amendment(study):
    """A new question, a wider choice, a narrower limit, another window; begun visits keep what they have."""
    form = next(form for form in study.forms if any(item.soft for item in form.items.values()))
    narrow = next(item for item in form.items.values() if item.soft)
    changed = with_item(study, form.id, narrow.id, soft=Bounds(Decimal(0), Decimal(1)))
    changed = with_new_item(changed, form.id, item("ADDED", "text"))
    events = tuple(replace(event, after=event.after + 1) if event.planned else event for event in changed.events)
    return replace(changed, events=events, version="90.1", amendment=ComingIntoForce())


def second_amendment(study):
    """Begun visits follow; another name for a form; the CTCAE edition of before or after."""
    first = study.forms[0]
    changed = with_form(study, first.id, lambda form: replace(form, label={"en": "Renamed", "zh": "改名"}))
    return replace(changed, version="90.2", ctcae="6.0", amendment=ComingIntoForce(begun="follow"))


@pytest.mark.slow
@pytest.mark.parametrize("name", study_ids())
def test_each_shipped_study_is_amended_twice_with_all_its_patients(tmp_path, name):
    book = store_of(tmp_path, name)
    for who, rows in lines_of(name).items():
        book.add_subject(who)
        book.enter_many([entered(row, who) for row in rows], "transcribed")
    for make in (first_amendment, second_amendment):
        version = make(book.study)
        plan = plan_definition(book, version)
        assert plan.barred == ()
        changes = amend(book, version, "2029-10-19", "amendment", accept=True)
        assert set(changes.places) == {effect.place for effect in plan.differences}
        for line in book.subjects(limit=book.count_subjects()):
            assert recompute(book.subject(line.id))[1] == {}
    assert any(effect.kind == "limit" for effect in plan.effects)
    book.close()
    assert verify(tmp_path / "s.casebook", user="demo", passphrase=PASSPHRASE).faults == ()
