"""Going through many subjects: an outline holds little, and the schedule made of it is that of the whole subject."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

import pytest

from db.casebook.entering import Entered
from db.clock import set_clock
from db.folder.keys import CHEAP
from db.opening.vault import create_store
from forms.authoring.load import read_study
from forms.course.schedule import schedule
from ui.commands.demo_store import read_cells, read_plan


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    made = create_store(
        tmp_path_factory.mktemp("outline") / "s.casebook", read_study("ankl"), site="S01", user="lin", name="Lin",
        role="nurse", passphrase="a phrase", clock=set_clock(read_plan("ankl")["today"]), kdf=CHEAP,
    )  # fmt: skip
    for subject, cells in groupby(read_cells("ankl"), key=lambda cell: cell.place.subject):
        made.add_subject(subject)
        made.enter_many([Entered(cell.place, cell.text, cell.unit, cell.missing) for cell in cells])
    made.add_subject("S01-099")
    yield made
    made.close()


def test_the_schedule_of_an_outline_is_that_of_the_whole_subject(book):
    for line in book.subjects():
        whole, outline = book.subject(line.id), book.outline(line.id)
        assert schedule(outline) == schedule(whole)
        assert outline.keys() == whole.keys()


def test_an_outline_holds_a_fraction_of_the_values(book):
    assert len(book.outline("S01-001").values) < len(book.subject("S01-001").values) / 4


def test_an_outline_tells_what_was_entered_a_moment_ago(book):
    before = schedule(book.outline("S01-006"))
    visit = next(each for each in before if each.actual is not None and each.event != "SCR")
    dated = next(
        place for place in book.subject("S01-006").values
        if (place.event, place.event_no, place.item) == (visit.event, visit.event_no, "SVDAT")
    )  # fmt: skip
    book.enter(dated, "", missing="ND", why="not done after all")
    assert schedule(book.outline("S01-006")) == schedule(book.subject("S01-006")) != before


@pytest.mark.parametrize("study_id", ["ankl", "hlh_pediatric", "hlh_salvage"])
def test_values_that_the_schedule_does_not_read_change_no_visit(study_id, book):
    """Leaving each of them out, one form at a time, gives the same visits; those it reads are in the outline."""
    from forms.compiled.study import compiled
    from forms.course.schedule import read_by_schedule

    wanted = read_by_schedule(compiled(read_study(study_id)))
    assert wanted
    if study_id != "ankl":
        return
    whole = book.subject("S01-003")
    visits = schedule(whole)
    for form in {place.form for place in whole.values}:
        left = {
            place: value for place, value in whole.values.items()
            if place.form != form or (place.form, place.item) in wanted
        }  # fmt: skip
        states = {key: whole.state(key) for key in whole.keys()}
        assert schedule(replace(whole, values=left, states=states, memo=type(whole.memo)())) == visits, form
