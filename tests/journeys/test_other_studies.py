"""A visit of each of the other studies, from enrolment to the last form."""

from __future__ import annotations

import pytest

from forms.place import FormKey
from tests.journeys.test_nurse import DAY, fill_and_complete
from tests.ui.windows import FIRST

CHILD = {
    "SV": {"SVPERF": "y", "SVDAT": DAY},
    "VS": {"TEMP": "38.4", "TMAX24": "39.6", "ANTIPYR": "y", "LANSKY": "60", "SPLEENCM": "3.5"},
    "HEM": {"LBPERF": "y", "LBDAT": DAY, "LBNAM": "1", "WBC": "1.9", "HGB": "78", "PLT": "34", "NEUT": "0.7"},
}
ADULT = {**CHILD, "VS": {"TEMP": "38.4", "TMAX24": "39.6", "ANTIPYR": "y", "KPS": "70", "ECOG": "2", "SPLEENCM": "3.5"}}
PEOPLE = {"hlh_pediatric": ("2018-05-06", "D1", CHILD), "hlh_salvage": ("1984-02-11", "D1", ADULT)}


@pytest.mark.parametrize("study", sorted(PEOPLE))
def test_a_day_1_is_filled_from_enrolment_on(desk, study):
    birth, event, forms = PEOPLE[study]
    nurse = desk.sit_down("lin", desk.store(study))
    nurse.press("Ctrl+2", "Ctrl+N").sees(FIRST).press("Return").sees("Schedule").open_form("DM", "SCR")
    fill_and_complete(nurse, "DM", {"BRTHDAT": birth, "SEX": "f"})
    nurse.press("Escape").open_form("SV", event)
    for form, answers in forms.items():
        fill_and_complete(nurse.sees(nurse.label(form)), form, answers)
        nurse.press("Return")
    states = [
        nurse.store(lambda book, form=form: book.state(FormKey(FIRST, event, "1", form)).status) for form in forms
    ]
    assert states == ["complete"] * len(forms)
