"""The investigator: judges slips, assesses the response, answers what is asked."""

from __future__ import annotations

import pytest

from forms.place import FormKey
from tests.journeys.desk import visit_begun
from tests.ui.windows import FIRST

SLIP = FormKey(FIRST, "C_D8", "1", "HEM")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_slip_with_a_grade_4_waits_for_a_judgement_and_the_judgement_for_its_reason(desk, language):
    doctor = desk.sit_down("zhou", desk.store(prepare=visit_begun), language)
    doctor.open_subject(FIRST).open_form("HEM", "C_D8").fill("HEM", {"WBC": "0.8"})
    doctor.fill("HEM", {"LBCLSIG": "2"}).press("Ctrl+Return").sees(doctor.say("ui_form.status.started"))
    assert doctor.cursor().startswith(doctor.label("HEM.LBCLTX")), "Complete leads to what is missing"
    doctor.type("PLT 18, WBC 0.8").press("Return", "Ctrl+Return").sees(doctor.say("ui_form.reopen"))
    assert doctor.stored(SLIP.place("LBCLSIG")).value == "CS"


def test_a_response_judged_other_than_worked_out_asks_for_the_reason(desk):
    doctor = desk.sit_down("zhou", desk.store(prepare=visit_begun))
    doctor.open_subject(FIRST).open_form("RS", "C_END")
    doctor.fill("RS", {"RSDAT": "2024-10-16", "RSPETDUE": "n"})
    doctor.fill("RS", dict.fromkeys(("RSBM", "RSBLD", "RSORG", "RSEBV", "RSHLH"), "1"))
    doctor.fill("RS", {"RSINV": "Partial"}).press("Ctrl+Return")
    assert doctor.cursor().startswith(doctor.label("RS.RSRSN"))
    doctor.type("EBV-DNA is falling but was drawn after the transfusion.").press("Ctrl+Return").sees("Re-open")
    form = doctor.store(lambda book: book.sheet(FormKey(FIRST, "C_END", "1", "RS")))
    assert (form.cell("RSCALC").value.value, form.cell("RSINV").value.value) == ("CR", "PR")
    assert form.cell("RSRSN").value.value.startswith("EBV-DNA")


def test_an_investigator_answers_what_the_monitor_asked_of_her(desk):
    path = desk.store(prepare=visit_begun)
    monitor = desk.sit_down("hu", path)
    monitor.open_subject(FIRST).open_form("HEM", "C_D8").go_to("HEM.PLT").press("F4").type("Is this significant?")
    monitor.enter_all({"To": "Investigator"}).push("Ask")
    desk.put_away(monitor)
    doctor = desk.sit_down("zhou", path)
    doctor.press("Ctrl+3").sees("Is this significant?", "Investigator").go_to("Answer, or why it is settled")
    doctor.type("Yes, transfused today").press("Return").sees("Yes, transfused today")
    (query,) = doctor.store(lambda book: book.queries(FIRST))
    assert (query.status, query.to) == ("answered", "investigator")
