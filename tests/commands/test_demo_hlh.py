"""The demonstrations of studies B and C: the synthetic cohorts, entered as a site would have."""

from datetime import date

import pytest

from db.clock import set_clock
from db.opening.vault import open_store
from forms.authoring.load import read_study
from resources import folder
from tests.builders.hlh_cohorts import STUDIES, TODAY, build
from ui.commands import demo_store
from ui.commands.demo_store import entry_day, read_cells, read_plan, studies

FEW = ("S01-003", "S01-012", "S01-014")


@pytest.fixture(scope="module", params=STUDIES)
def study_id(request):
    return request.param


@pytest.fixture(scope="module")
def small(study_id, tmp_path_factory):
    """The demonstration store with three of its subjects, open for reading."""
    plan, cells = read_plan(study_id), [cell for cell in read_cells(study_id) if cell.place.subject in FEW]
    for name in ("corrections", "questions"):
        plan[name] = [told for told in plan[name] if told["subject"] in FEW]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_store, "read_plan", lambda study: plan)
        patch.setattr(demo_store, "read_cells", lambda study: cells)
        store = demo_store.build(tmp_path_factory.mktemp(study_id) / "few.casebook", study_id)
    opened = open_store(store, user="demo", passphrase="demo", clock=set_clock(plan["today"]), read_only=True)
    yield opened
    opened.close()


def test_every_study_has_a_demonstration():
    assert studies() == ("ankl", *STUDIES)


def test_the_data_file_is_what_the_builder_gives(study_id):
    assert folder("studies", study_id, "demo", "patients.csv").read_text(encoding="utf-8") == build(study_id)


def test_the_plan_names_forms_and_places_of_the_data(study_id):
    study, plan = read_study(study_id), read_plan(study_id)
    assert date.fromisoformat(plan["today"]) == TODAY[study_id]
    assert {*plan["assessed_forms"], *plan["completed_forms"]} - study.form_by_id.keys() <= {"ET", "TF", "NM"}
    places = {cell.place for cell in read_cells(study_id)}
    assert {demo_store.correction_place(told) for told in plan["corrections"] + plan["questions"]} <= places


def test_entries_wait_for_the_next_day_of_entry_but_never_beyond_today():
    plan = {"today": "2021-10-01", "entered_every_days": 14}
    days = {entry_day(plan, date(2021, 3, day)) for day in range(1, 29)}
    assert all(day.toordinal() % 14 == 0 for day in days)
    assert entry_day(plan, date(2021, 9, 30)) == date(2021, 10, 1)
    assert entry_day({"today": "2021-10-01"}, date(2021, 3, 3)) == date(2021, 3, 3)


def test_subjects_are_entered_without_unreadable_values_and_assessments_are_complete(small):
    assert small.count_subjects() == len(FEW)
    for subject in FEW:
        picture = small.subject(subject)
        assert not [place for place, value in picture.values.items() if value.unread]
        judged = [key for key in picture.keys() if key.form == "RS"]
        done = [key for key in judged if picture.states[key].status == "complete"]
        assert len(done) >= 0.8 * len(judged) > 0


def test_what_was_typed_wrong_stands_in_the_trail_with_its_reason(small, study_id):
    told = [told for told in read_plan(study_id)["corrections"] if told["subject"] in FEW]
    for one in told:
        entries = small.history(demo_store.correction_place(one))
        assert (entries[0].value.text, bool(entries[-1].why)) == (one["typed"], True)
    assert told or study_id == "hlh_salvage"
