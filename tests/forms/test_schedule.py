from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from forms.course.schedule import Visit, schedule
from forms.study.definition import Event
from forms.subject.states import FormState
from forms.subject.subject import Subject
from tests.forms.small_study import key, small_study, subject, typed


def visit(person: Subject, event: str, event_no: str = "1") -> Visit:
    return next(found for found in schedule(person) if (found.event, found.event_no) == (event, event_no))


def on(day: str) -> Subject:
    """A subject screened on 1 October, seen on that day."""
    return typed(subject(today=date.fromisoformat(day)), key("SCR", "SV"), SVDAT="2024-10-01")


def test_visits_come_in_study_order_cycle_by_cycle() -> None:
    names = [(found.event, found.event_no) for found in schedule(subject())]
    assert names[:5] == [("SCR", "1"), ("C_D1", "1"), ("C_D8", "1"), ("C_D1", "2"), ("C_D8", "2")]
    assert names[-2:] == [("EOT", "1"), ("LOG", "1")]


def test_nothing_known_nothing_planned_and_only_the_first_visit_is_to_be_filled() -> None:
    course = [found for found in schedule(subject()) if found.status != "added"]
    assert [found.status for found in course] == ["due", *["upcoming"] * (len(course) - 1)]
    assert all(found.planned is None for found in schedule(subject()))


def test_the_whole_course_is_projected_from_the_first_visit() -> None:
    person = on("2024-10-01")
    assert visit(person, "C_D1").planned == date(2024, 10, 8)
    assert visit(person, "C_D8").planned == date(2024, 10, 15)
    assert visit(person, "C_D1", "6").planned == date(2025, 1, 21)


def test_a_late_day_1_moves_the_rest_of_the_course() -> None:
    person = typed(on("2024-10-12"), key("C_D1", "SV"), SVDAT="2024-10-12")
    assert visit(person, "C_D1").status == "out_of_window"
    assert visit(person, "C_D8").planned == date(2024, 10, 19)
    assert visit(person, "C_D1", "2").planned == date(2024, 11, 2)


@pytest.mark.parametrize(
    ("today", "status"),
    [
        ("2024-10-06", "upcoming"),
        ("2024-10-07", "due"),
        ("2024-10-11", "due"),
        ("2024-10-12", "overdue"),
    ],
)
def test_a_visit_is_due_within_its_window_and_overdue_after_it(today: str, status: str) -> None:
    found = visit(on(today), "C_D1")
    assert (found.earliest, found.latest) == (date(2024, 10, 7), date(2024, 10, 11))
    assert found.status == status


@pytest.mark.parametrize(
    ("day", "status"), [("2024-10-06", "out_of_window"), ("2024-10-07", "done"), ("2024-10-11", "done")]
)
def test_a_visit_that_took_place_is_judged_by_its_window(day: str, status: str) -> None:
    assert visit(typed(on("2024-12-01"), key("C_D1", "SV"), SVDAT=day), "C_D1").status == status


def test_a_visit_that_hangs_on_one_not_done_is_not_overdue_yet() -> None:
    person = on("2024-12-01")
    assert visit(person, "C_D1").status == "overdue"
    assert visit(person, "C_D8").status == "upcoming"


def test_a_visit_passed_over_is_missed() -> None:
    person = typed(on("2024-11-01"), key("C_D1", "SV"), SVDAT="2024-10-08")
    assert visit(person, "C_D8").status == "overdue"
    person = typed(person, key("C_D1", "SV", "2"), SVDAT="2024-10-29")
    assert visit(person, "C_D8").status == "missed"


def test_a_visit_recorded_as_not_done_is_missed_at_once() -> None:
    person = typed(on("2024-10-09"), key("C_D1", "SV"), SVDAT="ND")
    assert visit(person, "C_D1").status == "missed"


def test_after_death_nothing_more_is_expected() -> None:
    person = typed(on("2024-11-01"), key("C_D1", "SV"), SVDAT="2024-10-08")
    log = key("LOG", "AE")
    person = typed(person, log, AEYN="Y")
    person = typed(person, log, row="a", AETERM="sepsis", AESTDAT="2024-10-20", AESER="Y", AESDTH="Y")
    assert visit(person, "C_D8").status == "not_expected"
    assert visit(person, "C_D1").status == "done"


def test_added_visits_are_shown_once_made() -> None:
    person = typed(on("2024-11-01"), key("UNS", "UV", "k7-1"), UVDAT="2024-10-20")
    found = visit(person, "UNS", "k7-1")
    assert (found.status, found.actual, found.planned) == ("added", date(2024, 10, 20), None)


def test_a_form_with_a_condition_applies_only_when_it_holds_for_certain() -> None:
    def applies(person: Subject) -> bool:
        return next(form.applicable for form in visit(person, "C_D8").forms if form.key.form == "VS")

    person = on("2024-10-01")
    assert applies(person) is False
    assert applies(typed(person, key("SCR", "DM"), SEX="F")) is True
    assert applies(typed(person, key("SCR", "DM"), SEX="M")) is False


def test_a_form_begun_stays_though_its_condition_fell() -> None:
    person = typed(on("2024-10-01"), key("C_D8", "VS"), WEIGHT="65")
    form = next(form for form in visit(person, "C_D8").forms if form.key.form == "VS")
    assert (form.applicable, form.required, form.state.status) == (True, False, "started")


def test_the_state_of_a_form_is_what_the_store_says() -> None:
    at = key("SCR", "SV")
    person = replace(on("2024-10-01"), states={at: FormState("complete", "2024-10-01T10:00:00.000Z", "nurse")})
    states = {form.key.form: form.state.status for form in visit(person, "SCR").forms}
    assert states == {"SV": "complete", "DM": "empty", "VS": "empty", "LB": "empty"}


def test_a_cycle_beyond_the_plan_is_shown_when_it_was_entered() -> None:
    person = typed(on("2025-03-01"), key("C_D1", "SV", "7"), SVDAT="2025-02-20")
    assert visit(person, "C_D1", "7").actual == date(2025, 2, 20)


def test_two_visits_planned_on_each_other_stay_without_a_day() -> None:
    one, other = (Event(name, {"en": name}, "visit", (), planned=f"{peer}.SV.SVDAT + 1") for name, peer in ("AB", "BA"))
    events = tuple(replace(event, forms=small_study().events[0].forms) for event in (one, other))
    person = subject(replace(small_study(), events=events))
    assert [found.planned for found in schedule(person)] == [None, None]
