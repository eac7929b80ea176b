"""The research nurse: from a first sign-in to a completed visit, a correction, an interruption, a power cut."""

from __future__ import annotations

import pytest

from forms.place import FormKey, Place
from tests.journeys.desk import PHRASE, visit_begun
from tests.ui.windows import FIRST

DAY = "2024-10-18"
CONSENT = {"ICDAT": "2024-10-16", "ICTIM": "10:30", "ICVER": "1.0", "ICBY": "1", "ICCOPY": "y"}
PERSON = {"BRTHDAT": "1991-03-11", "SEX": "f"}
ELIGIBLE = {"IEI1": "y", "IEI2": "y", "IEI3": "y", "IEE1": "n", "IEE2": "n", "IEE3": "n", "IEE4": "n", "IEE5": "n"}
DAY_1 = {
    "SV": {"SVPERF": "y", "SVDAT": DAY, "SVMODE": "1"},
    "VS": {"TEMP": "37.2", "SYSBP": "112", "DIABP": "70", "HEIGHT": "164", "WEIGHT": "58.6", "ECOG": "1"},
    "HEM": {"LBPERF": "y", "LBDAT": DAY, "LBNAM": "1", "WBC": "3.2", "HGB": "92", "PLT": "88", "NEUT": "1.9"},
    "CHEM": {
        "LBPERF": "y", "LBDAT": DAY, "LBNAM": "1", "ALT": "31", "AST": "28", "BILI": "12.1", "ALB": "38", "CREAT": "61",
    },
    "COAG": {"LBPERF": "y", "LBDAT": DAY, "LBNAM": "1", "FIBRINO": "2.61"},
    "INFL": {"LBPERF": "y", "LBDAT": DAY, "LBNAM": "1", "FERRITIN": "412", "EBVPL": "1200"},
    "CI": {"CIGO": "y"},
    "EXGEM": {"EXGIVEN": "1", "EXDAT": DAY, "EXSTTIM": "10:00", "EXENTIM": "10:30", "EXDOSE": "1630", "EXADJ": "1"},
    "EXOXA": {"EXGIVEN": "1", "EXDAT": DAY, "EXSTTIM": "11:00", "EXENTIM": "13:00", "EXDOSE": "165", "EXADJ": "1"},
}  # fmt: skip
"""Cycle 1 day 1 as it is typed, form after form in the order of the visit."""


def fill_and_complete(nurse, form: str, answers: dict[str, str]) -> None:
    """Fill a form that stands open, complete it, and see that it is."""
    nurse.fill(form, answers).press("Ctrl+Return").sees(nurse.say("ui_form.reopen"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_nurse_enrols_a_subject_and_fills_a_visit_without_leaving_the_keyboard(desk, language):
    nurse = desk.sit_down("lin", desk.store(), language)
    nurse.sees(nurse.say("ui.today.nothing"))
    nurse.press("Ctrl+2", "Ctrl+N").sees(FIRST).press("Return").sees(nurse.say("ui.schedule.title"))
    nurse.open_form("IC", "SCR")
    fill_and_complete(nurse, "IC", CONSENT)
    nurse.press("Return").sees(nurse.label("DM"))
    fill_and_complete(nurse, "DM", PERSON)
    nurse.press("Escape").open_form("IE", "SCR").fill("IE", ELIGIBLE).fill("IE", {"IEDAT": DAY, "IEYN": "y"})
    nurse.fill("IE", {"ENRDAT": DAY})
    nurse.press("Escape").open_form("SV", "C_D1")
    for form, answers in DAY_1.items():
        fill_and_complete(nurse.sees(nurse.label(form)), form, answers)
        nurse.press("Return")  # Complete has put the cursor on the next form
    nurse.press("Escape").walk_to("EXOXA", "C_D1").sees(
        nurse.say("ui.mark.complete"), nurse.say("ui.visit_status.done")
    )
    keys = [FormKey(FIRST, "C_D1", "1", form) for form in DAY_1]
    assert nurse.store(lambda book: [book.state(key).status for key in keys]) == ["complete"] * len(keys)
    dose = nurse.store(lambda book: book.sheet(FormKey(FIRST, "C_D1", "1", "EXGEM")).cell("EXDOSE"))
    assert (dose.value.value, dose.value.unit, dose.findings) == ("1630", "mg", ())


def test_a_correction_after_completion_asks_for_a_reason_and_keeps_what_stood_there(desk):
    nurse = desk.sit_down("lin", desk.store(prepare=visit_begun))
    nurse.open_subject(FIRST).open_form("VS", "C_D8").fill("VS", {"TEMP": "37.2", "WEIGHT": "65.8", "ECOG": "1"})
    nurse.press("Ctrl+Return").sees("Re-open").go_to("VS.WEIGHT").type("56.8").press("Return")
    nurse.sees("65.8 kg → 56.8 kg").press("Return")
    nurse.sees("65.8 kg → 56.8 kg")  # a bare Enter gives no reason
    nurse.press("Down", "Return")
    place = Place(FIRST, "C_D8", "1", "VS", "1", "1", "WEIGHT")
    assert nurse.stored(place).value == "56.8"
    entered, corrected = nurse.history(place)
    assert (entered.value.value, corrected.value.value, corrected.why) == ("65.8", "56.8", "Transcription error")
    nurse.go_to("VS.WEIGHT").press("F9").sees("65.8", "56.8", "Transcription error").press("Escape")


def test_a_correction_given_up_leaves_the_value_that_was_there(desk):
    nurse = desk.sit_down("lin", desk.store(prepare=visit_begun))
    nurse.open_subject(FIRST).open_form("VS", "C_D8").fill("VS", {"TEMP": "37.2", "ECOG": "1"})
    nurse.press("Ctrl+Return").sees("Re-open").go_to("VS.TEMP").type("38.2").press("Return")
    nurse.sees("37.2 °C → 38.2 °C").press("Escape").go_to("VS.TEMP")
    assert nurse.held() == "37.2"
    assert len(nurse.history(Place(FIRST, "C_D8", "1", "VS", "1", "1", "TEMP"))) == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_locked_window_shows_nothing_and_gives_back_the_field_with_what_stood_half_typed(desk, language):
    nurse = desk.sit_down("lin", desk.store(prepare=visit_begun), language)
    nurse.open_subject(FIRST).open_form("CHEM", "C_D8").go_to("CHEM.CREAT").type("8")
    nurse.press("Ctrl+L").sees(nurse.say("ui.lock.title")).sees_no(FIRST, nurse.label("CHEM.CREAT"))
    nurse.press("Ctrl+1", "Escape").sees(nurse.say("ui.lock.title"))
    nurse.type("not the phrase").press("Return").sees(nurse.say("db.wrong_passphrase"))
    nurse.type(PHRASE).press("Return").sees(FIRST)
    nurse.type("2").press("Return")
    assert nurse.stored(Place(FIRST, "C_D8", "1", "CHEM", "1", "1", "CREAT")).value == "82"


def test_after_a_power_cut_everything_entered_is_there_and_enter_leads_back_to_the_field(desk):
    nurse = desk.sit_down("lin", desk.store(prepare=visit_begun))
    nurse.open_subject(FIRST).open_form("VS", "C_D8").fill("VS", {"TEMP": "38.4", "TMAX24": "39.1", "ANTIPYR": "y"})
    nurse.type("10")
    left = desk.kill(nurse)
    back = desk.sit_down("lin", left)
    back.sees("The last session ended without signing out.")
    back.sees("Go on where it ended: S01-001 · Cycle 1, Day 8 · Vital signs").press("Return")
    assert back.cursor().startswith(back.label("VS.ANTIPYR")), "the last that was kept"
    back.press("Return")
    assert back.cursor().startswith(back.label("VS.PULSE"))
    back.press("Ctrl+1").sees_no("Go on where it ended")
    assert "S01-001" in back.line()


def test_whose_session_broke_off_hears_of_it_although_somebody_else_came_first(desk):
    nurse = desk.sit_down("lin", desk.store(prepare=visit_begun))
    nurse.open_subject(FIRST).open_form("HEM", "C_D8").fill("HEM", {"WBC": "1.8"}).go_to("HEM.LBCLSIG")
    left = desk.kill(nurse)
    monitor = desk.sit_down("hu", left)
    monitor.sees("The last session ended without signing out.").sees_no("Go on where it ended")
    monitor.press("Ctrl+Shift+Q")
    back = desk.sit_down("lin", left)
    back.sees("Your last session here ended without signing out.").press("Return")
    assert back.cursor().startswith(back.label("HEM.WBC"))
    back.press("Ctrl+Shift+Q")
    again = desk.sit_down("lin", left)
    again.sees_no("Your last session here", "Go on where it ended")


def test_a_long_text_half_typed_is_there_after_a_power_cut(desk):
    nurse = desk.sit_down("lin", desk.store(prepare=visit_begun))
    nurse.open_subject(FIRST).open_form("VS", "C_D8").go_to("VS.EXAMTX").type("Spleen two fingers below")
    nurse.until(lambda: bool(nurse.window.casebook.drafts()), "the draft to be kept")
    back = desk.sit_down("lin", desk.kill(nurse))
    back.press("Return").sees("Spleen two fingers below")
    assert back.cursor().startswith(back.label("VS.EXAMTX"))
    back.press("Tab")
    assert back.stored(Place(FIRST, "C_D8", "1", "VS", "1", "1", "EXAMTX")).value == "Spleen two fingers below"


def test_numb_fingers_in_the_cold_become_an_event_by_its_term(desk):
    nurse = desk.sit_down("lin", desk.store(prepare=visit_begun), "zh")
    nurse.open_subject(FIRST).push("AE").press("Ctrl+N").fill("AE", {"AETERM": "遇冷手麻"})
    nurse.go_to("AE.AEDECOD").type("感觉异常").press("Down", "Return")
    nurse.fill("AE", {"AETOXGR": "1", "AESTDAT": "2024-10-05"})
    nurse.sees("感觉异常 · Paresthesia")
    row = nurse.store(lambda book: book.sheet(FormKey(FIRST, "LOG", "1", "AE")).rows("AE"))[0]
    assert nurse.stored(Place(FIRST, "LOG", "1", "AE", "1", row, "AEDECOD")).value == "Paresthesia"


def test_a_field_that_has_no_grade_says_so_when_asked_why(desk):
    nurse = desk.sit_down("lin", desk.store(prepare=visit_begun))
    nurse.open_subject(FIRST).open_form("HEM", "C_D8").go_to("HEM.LBDAT").press("F7")
    nurse.sees("Date of sampling is not graded.")
    nurse.go_to("HEM.WBC").press("F7").sees("White cell count has no value yet that could be graded.")


def test_a_temperature_typed_one_field_early_answers_no_question(desk):
    nurse = desk.sit_down("lin", desk.store(prepare=visit_begun))
    nurse.open_subject(FIRST).open_form("COAG", "C_D8").type("37.2").sees("The number typed was not taken")
    nurse.press("Return")
    assert nurse.store(lambda book: book.sheet(FormKey(FIRST, "C_D8", "1", "COAG"))).cell("LBPERF").value.blank


def test_every_tile_of_today_is_pressed_by_enter(desk):
    nurse = desk.sit_down("lin", desk.store(prepare=visit_begun))
    nurse.sees("Unfinished").go_to("Overdue visits").press("Return").sees_no("Unfinished |")
