"""What a schedule wants done is kept until something changes; it says what the schedule says and is proved with it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

import pytest

from db.casebook.entering import Entered
from db.casebook.outlooks import NOTE, keep_notes, read_outlooks
from db.casebook.worklist import Task, find_tasks, tasks_of, tasks_on
from db.clock import set_clock
from db.folder.keys import CHEAP
from db.opening.vault import create_store, open_store
from db.proof.verify import verify
from forms.authoring.load import read_study
from forms.course.prospects import DAYS_AHEAD, Span, dump, look_out, read
from forms.course.schedule import schedule
from forms.subject.subject import Subject
from ui.commands.demo_store import read_cells, read_plan

FIRST, DAY = "S01-001", timedelta(days=1)
STUDIES = {"ankl": 7, "hlh_pediatric": 4, "hlh_salvage": 3}
"""Shipped studies and how many patients of their demonstrations are walked through."""


def quiet(*_told: object) -> None:
    pass


def fill(folder, study_id: str, many: int):
    made = create_store(
        folder / "s.casebook", read_study(study_id), site="S01", user="lin", name="Lin", role="nurse",
        passphrase="a phrase", clock=set_clock(read_plan(study_id)["today"]), kdf=CHEAP,
    )  # fmt: skip
    for at, (subject, cells) in enumerate(groupby(read_cells(study_id), key=lambda cell: cell.place.subject)):
        if at < many:
            made.add_subject(subject)
            made.enter_many([Entered(cell.place, cell.text, cell.unit, cell.missing) for cell in cells])
    made.add_subject("S01-099")
    return made


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prospects")
    fill(folder, "ankl", 3).close()
    return folder / "s.casebook"


@pytest.fixture
def book(filled, tmp_path):
    shutil.copytree(filled, tmp_path / "s.casebook")
    made = open_store(
        tmp_path / "s.casebook", user="lin", passphrase="a phrase", clock=set_clock(read_plan("ankl")["today"])
    )
    yield made
    made.close()


def look(book) -> dict[str, str]:
    """Go through all subjects; the notes that had to be made."""
    made: dict[str, str] = {}
    for _ in read_outlooks(book, made, quiet):
        pass
    return made


def by_schedule(subject: Subject) -> Iterator[Task]:
    """The tasks as the whole schedule of a day tells them."""
    for visit in schedule(subject):
        forms = [
            form.key for form in visit.forms
            if form.applicable and form.state.status != "complete" and (form.required or form.state.status == "started")
        ]  # fmt: skip
        if not forms or subject.study.event_by_id[visit.event].kind == "log":
            continue
        if visit.status in ("overdue", "due"):
            yield Task(visit.status, subject.id, forms[0], visit.latest, len(forms))
        elif visit.actual is not None:
            yield Task("incomplete", subject.id, forms[0], visit.actual, len(forms))


@pytest.mark.parametrize("study_id", STUDIES)
def test_prospects_say_of_every_day_they_hold_for_what_the_schedule_of_that_day_says(study_id, tmp_path):
    book = fill(tmp_path, study_id, STUDIES[study_id])
    for line in book.subjects():
        subject = book.outline(line.id)
        outlook = look_out(subject)
        days = [subject.today + DAY * ahead for ahead in range(0, DAYS_AHEAD + 30, 3)]
        for day in filter(outlook.span.holds, days):
            assert list(tasks_on(outlook, day)) == list(by_schedule(subject.on(day))), (line.id, day)
        assert read(line.id, dump(outlook)) == outlook
    book.close()


def test_prospects_that_no_rule_ties_to_the_day_hold_for_ever(book):
    assert look_out(book.outline(FIRST)).span == Span()


def test_prospects_that_hang_on_an_age_end_before_the_birthday_that_changes_it(tmp_path):
    book = fill(tmp_path, "hlh_pediatric", 1)
    subject = book.outline(FIRST)
    birth = subject.fact("birth").first()
    eve = birth.replace(year=birth.year + 11) - DAY
    outlook = look_out(subject.on(eve - DAY * 5))
    assert outlook.span == Span(eve - DAY * 5, eve)
    assert look_out(subject.on(eve + DAY)).span == Span(eve + DAY, eve + DAY * (1 + DAYS_AHEAD))
    book.close()


def test_a_rule_that_asks_for_the_day_itself_holds_for_that_day_only(book):
    study = book.study
    events = tuple(replace(event, expected="today > date('2020-01-01')") if event.id == "C_D1" else event
                   for event in study.events)  # fmt: skip
    subject = replace(book.outline(FIRST), study=replace(study, events=events))
    assert look_out(subject).span == Span(subject.today, subject.today)


def test_what_was_worked_out_once_is_not_worked_out_again(book):
    made = look(book)
    assert set(made) == {NOTE + line.id for line in book.subjects()}
    before = find_tasks(book, {}, tick=quiet)
    keep_notes(book, made)
    again: dict[str, str] = {}
    assert find_tasks(book, again, tick=quiet) == before
    assert again == {}


def test_an_entry_makes_only_its_own_subject_new(book):
    keep_notes(book, look(book))
    place = next(place for place in book.subject(FIRST).values if place.item == "SVDAT" and place.event == "C_D15")
    book.enter(place, "", missing="ND", why="not done after all")
    made: dict[str, str] = {}
    tasks = find_tasks(book, made, tick=quiet)
    assert set(made) == {NOTE + FIRST}
    assert [task for task in tasks if task.subject == FIRST and task.query is None] == sorted(
        tasks_of(book.subject(FIRST)), key=tasks.index
    )


def test_completing_a_form_makes_its_subject_new(book):
    keep_notes(book, look(book))
    key = next(iter(tasks_of(book.subject(FIRST)))).key
    started = next(at for at in book.subject(FIRST).keys() if at.event == key.event)
    if book.sheet(started).complete_blockers() or book.state(started).status == "complete":
        started = next(
            at for at in book.subject(FIRST).keys()
            if book.state(at).status != "complete" and not book.sheet(at).complete_blockers()
        )  # fmt: skip
    book.complete(started)
    assert set(look(book)) == {NOTE + FIRST}


def test_another_definition_makes_every_subject_new(book):
    keep_notes(book, look(book))
    definition = book.definition
    book.definition = "0" * 64
    assert len(look(book)) == book.count_subjects()
    book.definition = definition
    assert look(book) == {}


def test_notes_are_kept_over_sign_out_and_are_no_part_of_the_ledger(book):
    made, position = look(book), book.position()
    keep_notes(book, made)
    assert book.position() == position
    reader = open_store(book.path, user="lin", passphrase="a phrase", clock=book.clock, read_only=True)
    assert look(reader) == {}
    reader.close()


def test_a_store_opened_for_looking_keeps_no_notes(book):
    made = look(book)
    reader = open_store(book.path, user="lin", passphrase="a phrase", clock=book.clock, read_only=True)
    keep_notes(reader, made)
    assert look(reader) == made
    reader.close()


def test_a_note_that_can_not_be_read_is_made_anew(book):
    made = look(book)
    mark = made[NOTE + FIRST].partition("\n")[0]
    keep_notes(book, {**made, NOTE + FIRST: f"{mark}\n[1, 2"})
    assert look(book) == {NOTE + FIRST: made[NOTE + FIRST]}
    keep_notes(book, {NOTE + FIRST: f"{mark}\n[1, 2, 3]"})
    assert look(book) == {NOTE + FIRST: made[NOTE + FIRST]}


def test_what_was_worked_out_before_a_cancelled_list_is_not_lost(book):
    made: dict[str, str] = {}

    def stop(at: int, _of: int, _text: str) -> None:
        if at == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        find_tasks(book, made, tick=stop)
    keep_notes(book, made)
    assert len(made) == 2
    assert len(look(book)) == book.count_subjects() - 2


def test_the_proof_finds_a_note_that_says_something_else_than_the_entries(book):
    keep_notes(book, look(book))
    assert verify(book).faults == ()
    name = NOTE + FIRST
    note = book.connection.execute("SELECT value FROM device WHERE name = ?", (name,)).fetchone()[0]
    mark, _, text = note.partition("\n")
    outlook = read(FIRST, text)
    keep_notes(book, {name: f"{mark}\n{dump(replace(outlook, prospects=outlook.prospects[1:]))}"})
    found = verify(book).found
    assert [(fault.key, fault.where) for fault in found] == [("db.verify.prospects", FIRST)]


def test_the_proof_passes_over_notes_made_of_earlier_entries(book):
    keep_notes(book, look(book))
    place = next(place for place in book.subject(FIRST).values if place.item == "SVDAT" and place.event == "C_D15")
    book.enter(place, "", missing="ND", why="not done after all")
    assert verify(book).faults == ()


def test_prospects_on_a_day_that_has_a_window_are_due_and_later_overdue(book):
    outlook = look_out(book.outline(FIRST))
    awaited = next((at for at in outlook.prospects if at.actual is None and at.latest and not at.settled), None)
    if awaited is None:
        outlook = next(each for each in map(look_out, map(book.outline, ("S01-002", "S01-003")))
                       if any(at.actual is None and at.latest for at in each.prospects))  # fmt: skip
        awaited = next(at for at in outlook.prospects if at.actual is None and at.latest)
    assert isinstance(awaited.latest, date)
    assert awaited.status(awaited.earliest - DAY) == "upcoming"
    assert awaited.status(awaited.latest) == "due"
    assert awaited.status(awaited.latest + DAY) == ("missed" if awaited.passed else "overdue")
