"""One woman's course in study A, day by day, from screening to follow-up: what the schedule says on each day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from forms.authoring.load import read_study
from forms.course.samples import serving_sample, visits_served
from forms.place import FormKey
from tests.studies.patient import Patient

STUDY = read_study("ankl")


def consent(p):
    p.fill("SCR.IC", ICDAT="2024-10-14", ICVER="1.0", ICBY="SELF", ICCOPY="Y")


def screening(p):
    p.visit("SCR", "2024-10-15").fill("SCR.DM", BRTHDAT="1992-05", SEX="F")


def enrolment(p):
    p.fill("SCR.IE", IEDAT="2024-10-17", IEYN="Y", ENRDAT="2024-10-17")


def first_day(p):
    p.visit("C_D1", "2024-10-18").fill("C_D1.EXOXA", EXGIVEN="Y", EXDAT="2024-10-18", EXDOSE="175")


def second_day_late(p):
    p.visit("C_D2", "2024-10-21")


def fifteenth_day(p):
    p.visit("C_D15", "2024-11-01")


def blood_for_two_visits(p):
    p.visit("C_END", "2024-11-06").fill("C_END.HEM", LBPERF="Y", LBDAT="2024-11-06", LBNAM="LAB1", PLT="90")


def second_cycle_late(p):
    p.visit("C_D1.2", "2024-11-15").fill("C_D1.2.EXOXA", EXGIVEN="Y", EXDAT="2024-11-15", EXDOSE="175")


def second_day_not_held(p):
    p.fill("C_D2.2.SV", SVPERF="N", SVMISS="CONDITION")


def eighth_day(p):
    p.visit("C_D8.2", "2024-11-22").fill("C_D8.2.EXGEM", EXGIVEN="Y", EXDAT="2024-11-22", EXDOSE="1750")


def rest_of_second_cycle(p):
    p.visit("C_D15.2", "2024-11-29").visit("C_END.2", "2024-12-03")


def transplantation(p):
    p.fill("LOG.HS", HSYN="Y", HSCOND="2024-12-12", HSDAT="2024-12-20")


def end_of_treatment(p):
    p.fill("LOG.DS", EOTDAT="2024-12-11", EOTRS="HSCT")


def final_visit(p):
    p.visit("EOT", "2024-12-23")


def half_a_year(p):
    p.visit("FU06", "2025-06-12")


def death(p):
    p.fill("LOG.DD", DTHDAT="2025-08-01", DTHCAUS="GVHD")


COURSE = (
    ("2024-10-13", None, {"SCR": "due", "C_D1.1": "upcoming"}),
    ("2024-10-14", consent, {"SCR": "due", "C_D1.1": "upcoming"}),
    ("2024-10-15", screening, {"SCR": "done"}),
    ("2024-10-17", enrolment, {"C_D1.1": "due", "C_D2.1": "upcoming", "C_D1.2": "not_expected"}),
    ("2024-10-18", first_day, {"C_D1.1": "done", "C_D2.1": "upcoming", "C_D1.2": "upcoming"}),
    ("2024-10-19", None, {"C_D2.1": "due"}),
    ("2024-10-20", None, {"C_D2.1": "due"}),
    ("2024-10-21", None, {"C_D2.1": "overdue", "C_D8.1": "upcoming"}),
    ("2024-10-21", second_day_late, {"C_D2.1": "out_of_window"}),
    ("2024-10-24", None, {"C_D8.1": "due"}),
    ("2024-10-27", None, {"C_D8.1": "due"}),
    ("2024-10-28", None, {"C_D8.1": "overdue", "C_D15.1": "upcoming"}),
    ("2024-10-30", None, {"C_D8.1": "overdue", "C_D15.1": "due"}),
    ("2024-11-01", fifteenth_day, {"C_D8.1": "missed", "C_D15.1": "done"}),
    ("2024-11-04", None, {"C_END.1": "due", "C_D1.2": "upcoming"}),
    ("2024-11-06", None, {"C_END.1": "due", "C_D1.2": "due"}),
    ("2024-11-06", blood_for_two_visits, {"C_END.1": "done", "C_D1.2": "due"}),
    ("2024-11-11", None, {"C_D1.2": "due", "C_D8.2": "upcoming"}),
    ("2024-11-12", None, {"C_D1.2": "overdue", "C_D8.2": "upcoming", "C_D1.3": "not_expected"}),
    ("2024-11-15", second_cycle_late, {"C_D1.2": "out_of_window", "C_D2.2": "upcoming", "C_D1.3": "upcoming"}),
    ("2024-11-16", second_day_not_held, {"C_D2.2": "missed"}),
    ("2024-11-22", eighth_day, {"C_D8.2": "done"}),
    ("2024-12-03", rest_of_second_cycle, {"C_D15.2": "done", "C_END.2": "done", "C_D1.3": "due"}),
    ("2024-12-10", None, {"C_D1.3": "overdue", "C_D2.3": "upcoming", "EOT": "not_expected"}),
    ("2024-12-11", end_of_treatment, {"C_D1.3": "not_expected", "C_END.3": "not_expected", "EOT": "upcoming"}),
    ("2024-12-15", None, {"EOT": "due"}),
    ("2024-12-20", transplantation, {"EOT": "due", "C_D1.3": "not_expected", "FU03": "upcoming"}),
    ("2024-12-23", final_visit, {"EOT": "done"}),
    ("2025-02-25", None, {"FU03": "upcoming"}),
    ("2025-02-26", None, {"FU03": "due"}),
    ("2025-03-26", None, {"FU03": "due"}),
    ("2025-03-27", None, {"FU03": "overdue", "FU06": "upcoming"}),
    ("2025-06-12", half_a_year, {"FU03": "missed", "FU06": "done", "FU09": "upcoming", "FU24": "upcoming"}),
    ("2025-08-02", death, {"FU09": "not_expected", "FU12": "not_expected", "FU24": "not_expected"}),
)
"""Day, what is typed on it, and where visits stand then."""

STATUS = {
    "2024-10-14": "SCREENING", "2024-10-17": "ENROLLED", "2024-10-18": "TREATMENT", "2024-12-11": "FOLLOWUP",
    "2024-12-20": "TRANSPLANTED", "2025-08-02": "DEAD",
}  # fmt: skip


def at_the_time(last, count=None):
    """The patient on a day, with what was typed by then; ``count``: by no more than so many steps of the course."""
    patient = Patient(STUDY, today=date.fromisoformat(last))
    for day, typed, _ in COURSE[:count]:
        if typed is not None and day <= last:
            patient.subject = replace(patient.subject, today=date.fromisoformat(day))
            typed(patient)
    patient.subject = replace(patient.subject, today=date.fromisoformat(last))
    return patient


def standing(patient):
    cycles = {event.id for event in STUDY.events if event.kind == "cycle"}
    return {
        (f"{name}.{number}" if name in cycles else name): visit.status
        for (name, number), visit in patient.visits().items()
    }


@pytest.mark.parametrize("step", range(len(COURSE)), ids=[f"{n}-{day}" for n, (day, *_) in enumerate(COURSE)])
def test_the_schedule_of_the_day(step):
    day, _, expected = COURSE[step]
    told = standing(at_the_time(day, step + 1))
    assert {name: told[name] for name in expected} == expected


@pytest.mark.parametrize(("day", "status"), STATUS.items())
def test_how_far_she_has_come(day, status):
    assert at_the_time(day).fact("status") == status


def test_a_late_cycle_moves_everything_after_it_and_nothing_before():
    visits = at_the_time("2024-11-15").visits()
    planned = {at: visits[at].planned for at in (("C_D15", "1"), ("C_D8", "2"), ("C_END", "2"), ("C_D1", "3"))}
    assert planned == {
        ("C_D15", "1"): date(2024, 11, 1),
        ("C_D8", "2"): date(2024, 11, 22),
        ("C_END", "2"): date(2024, 12, 2),
        ("C_D1", "3"): date(2024, 12, 6),
    }


def test_follow_up_counts_from_the_end_of_treatment_to_month_24():
    visits = at_the_time("2024-12-23").visits()
    planned = {name: (visits[name, "1"].planned - date(2024, 12, 11)).days for name in FOLLOW_UP}
    assert planned == FOLLOW_UP


FOLLOW_UP = {"FU03": 91, "FU06": 183, "FU09": 274, "FU12": 365, "FU18": 548, "FU24": 731}


def test_on_every_day_at_most_one_cycle_is_awaited():
    day = date(2024, 10, 14)
    while day < date(2024, 12, 31):
        told = standing(at_the_time(day.isoformat()))
        begun = [name for name, status in told.items() if name.startswith("C_D1.") and status in ("due", "overdue")]
        assert len(begun) <= 1, day
        day += timedelta(days=3)


# --- one sample, two visits -------------------------------------------------------------------------------------------


def key(event, number, form="HEM"):
    return FormKey("S01-001", event, number, form)


def test_blood_of_the_last_days_of_a_cycle_serves_the_next_day_1_too():
    patient = at_the_time("2024-11-07")
    assert visits_served(patient.subject, "HEM", date(2024, 11, 6)) == (key("C_END", "1"), key("C_D1", "2"))
    assert serving_sample(patient.subject, key("C_D1", "2")) == key("C_END", "1")


def test_blood_before_the_window_of_day_1_serves_the_end_of_the_cycle_only():
    patient = at_the_time("2024-11-05")
    assert visits_served(patient.subject, "HEM", date(2024, 11, 4)) == (key("C_END", "1"),)


def test_a_visit_with_its_own_sample_needs_no_other():
    patient = at_the_time("2024-11-07").fill("C_D1.2.HEM", LBPERF="Y", LBDAT="2024-11-07", LBNAM="LAB1")
    assert serving_sample(patient.subject, key("C_D1", "2")) is None
    assert visits_served(patient.subject, "HEM", date(2024, 11, 6)) == (key("C_END", "1"),)


def test_a_day_1_that_came_late_is_not_served_by_old_blood():
    patient = at_the_time("2024-11-16")
    assert serving_sample(patient.subject, key("C_D1", "2")) is None
    assert visits_served(patient.subject, "HEM", date(2024, 11, 6)) == (key("C_END", "1"),)
    assert visits_served(patient.subject, "HEM", date(2024, 11, 13)) == (key("C_D1", "2"),)


def test_missed_visits_and_forms_without_results_are_served_by_nothing():
    patient = at_the_time("2024-11-16")
    assert serving_sample(patient.subject, key("C_D8", "1")) is None
    assert serving_sample(patient.subject, key("C_D1", "2", "CI")) is None
    assert serving_sample(patient.subject, key("C_D2", "2", "COAG")) is None
    assert visits_served(patient.subject, "HEM", date(2024, 10, 25)) == ()
