"""Study A beyond the visits: serious events, screening, deviations, pregnancy, samples, analysis sets."""

from datetime import date

import pytest

from forms.authoring.load import read_study
from tests.studies.patient import Patient

STUDY = read_study("ankl")


@pytest.fixture
def patient():
    """A woman in her first cycle; febrile neutropenia, known to the site on 2 November at two in the afternoon."""
    patient = Patient(STUDY, today=date(2024, 11, 3))
    patient.fill("SCR.IC", ICDAT="2024-10-14").fill("SCR.DM", BRTHDAT="1992-05", SEX="F")
    patient.visit("C_D1", "2024-10-18").fill("C_D1.EXOXA", EXGIVEN="Y", EXDAT="2024-10-18", EXDOSE="175")
    patient.fill("LOG.AE", AEYN="Y")
    patient.fill("LOG.AE", row="1", AETERM="Nausea", AEDECOD="Nausea", AETOXGR="1", AESTDAT="2024-10-19", AESER="N")
    return patient.fill(
        "LOG.AE", row="2", AETERM="Fever with low counts", AEDECOD="Febrile neutropenia", AETOXGR="3",
        AESTDAT="2024-11-01", AEONGO="Y", AESER="Y", AESNO="1", AESDTH="N", AESLIFE="N", AESHOSP="Y",
        AESDISAB="N", AESCONG="N", AESMIE="N", AEAWARE="2024-11-02T14:00", AERELRUX="POSSIBLE", AEOUT="NOT_RECOVERED",
    )  # fmt: skip


def reported(patient, **answers):
    return patient.fill("LOG.SAE", SAENO="1", SAETYPE="INITIAL", **answers)


# --- serious events ---------------------------------------------------------------------------------------------------


def test_a_serious_event_asks_for_its_report(patient):
    assert "AE.AESER.report" in patient.rules("LOG.AE")
    assert "AE.AESER.report" not in reported(patient).rules("LOG.AE")


def test_the_report_fetches_what_the_log_has(patient):
    reported(patient)
    fetched = {name: patient.value("LOG.SAE", name) for name in ("SAETERM", "SAETOXGR", "SAEHOSP", "SAEDTH", "SAEREL")}
    assert fetched == {
        "SAETERM": "Fever with low counts", "SAETOXGR": "3", "SAEHOSP": "Y", "SAEDTH": "N", "SAEREL": "Y",
    }  # fmt: skip
    assert patient.value("LOG.SAE", "SAECLOCK").startswith("2024-11-02T14:00")


def test_a_report_without_its_serious_event_is_asked_about(patient):
    assert "SAE.SAENO.known" not in reported(patient).rules("LOG.SAE")
    assert "SAE.SAENO.known" in patient.fill("LOG.SAE", SAENO="2").rules("LOG.SAE")


def test_two_serious_events_do_not_share_a_number(patient):
    assert "AE.AESNO.twice" not in patient.rules("LOG.AE")
    assert "AE.AESNO.twice" in patient.fill("LOG.AE", row="1", AESER="Y", AESNO="1").rules("LOG.AE")


@pytest.mark.parametrize(
    ("sent", "hours", "late"), [("2024-11-03T13:59", "24.0", False), ("2024-11-03T14:01", "24.0", True)]
)
def test_the_first_report_has_24_hours_from_knowledge(patient, sent, hours, late):
    patient.today = date(2024, 11, 3)
    reported(patient, SAEREP=sent)
    assert patient.value("LOG.SAE", "SAEHRS") == hours
    assert ("SAE.SAEREP.late" in patient.rules("LOG.SAE")) is late


@pytest.mark.parametrize(
    ("today", "said", "left"),
    [
        (date(2024, 11, 2), {"SAE.soon"}, "24"),
        (date(2024, 11, 3), {"SAE.soon"}, "0"),
        (date(2024, 11, 4), {"SAE.overdue"}, "-24"),
    ],
)
def test_an_unsent_report_counts_down_day_by_day(patient, today, said, left):
    reported(patient)
    from dataclasses import replace

    patient.subject = replace(patient.subject, today=today)
    reported(patient, SAENARR="Fever of 39.2 with neutrophils of 0.2.")
    assert patient.rules("LOG.SAE") & {"SAE.soon", "SAE.overdue"} == said
    assert patient.value("LOG.SAE", "SAELEFT") == left


def test_a_follow_up_runs_from_its_own_news_and_needs_a_first_report(patient):
    patient.fill("LOG.SAE#2", SAENO="1", SAETYPE="FOLLOWUP", SAEFU="1", SAEINFO="2024-11-03T08:00")
    assert patient.value("LOG.SAE#2", "SAECLOCK").startswith("2024-11-03T08:00")
    assert "SAE.initial" in patient.rules("LOG.SAE#2")
    reported(patient)
    assert "SAE.initial" not in patient.rules("LOG.SAE#2")


def test_a_final_report_waits_for_the_outcome(patient):
    reported(patient)
    patient.fill("LOG.SAE#2", SAENO="1", SAETYPE="FINAL", SAEINFO="2024-11-03T08:00")
    assert "SAE.final" in patient.rules("LOG.SAE#2")
    patient.fill("LOG.AE", row="2", AEOUT="RECOVERED", AEONGO="N", AEENDAT="2024-11-03")
    assert "SAE.final" not in patient.rules("LOG.SAE#2")


def test_two_first_reports_of_one_event_are_told(patient):
    assert "SAE.once" not in reported(patient, SAEREP="2024-11-03T09:00").rules("LOG.SAE")
    patient.fill("LOG.SAE#2", SAENO="1", SAETYPE="INITIAL", SAEREP="2024-11-03T11:00")
    assert "SAE.once" in patient.rules("LOG.SAE")


def test_the_drugs_of_a_report_belong_to_a_serious_event(patient):
    patient.fill("LOG.SD", SDYN="Y")
    for row, drug in (("1", "RUX"), ("2", "OXA")):
        patient.fill("LOG.SD", row=row, SDNO="1", SDDRUG=drug, SDROLE="SUSPECT", SDDOSE="as planned")
    assert patient.rules("LOG.SD") == set()
    assert patient.fill("LOG.SD", row="2", SDNO="2").rules("LOG.SD") == {"SD.SDNO.known"}


def test_suspected_and_unexpected_is_a_susar(patient):
    assert reported(patient, SAEEXP="UNEXPECTED").value("LOG.SAE", "SAESUSAR") == "Y"
    assert reported(patient, SAEEXP="EXPECTED").value("LOG.SAE", "SAESUSAR") == "N"


def test_the_log_and_the_report_agree_on_when_the_sponsor_heard(patient):
    reported(patient, SAEREP="2024-11-03T09:00")
    patient.fill("LOG.AE", row="2", AEREPDAT="2024-11-03T10:00")
    assert "SAE.sponsor" in patient.rules("LOG.SAE")
    patient.fill("LOG.AE", row="2", AEREPDAT="2024-11-03T09:00")
    assert "SAE.sponsor" not in patient.rules("LOG.SAE")


# --- conduct ----------------------------------------------------------------------------------------------------------


def test_the_screening_log_follows_the_eligibility_form():
    patient = Patient(STUDY).fill("SCR.SL", SLDAT="2024-10-10", SLAGAIN="N")
    assert patient.value("SCR.SL", "SLOUT") == "PENDING"
    patient.fill("SCR.IE", IEYN="N")
    assert patient.value("SCR.SL", "SLOUT") == "FAILED"
    assert patient.cell("SCR.SL", "SLEND").required
    patient.fill("SCR.IE", IEYN="Y", ENRDAT="2024-10-14")
    assert patient.value("SCR.SL", "SLOUT") == "ENROLLED"
    assert patient.cell("SCR.SL", "SLEND").hidden


def test_who_declines_before_the_criteria_are_judged_is_a_screening_failure():
    patient = Patient(STUDY).fill("SCR.SL", SLDAT="2024-10-10", SLEND="2024-10-12", SLENDRS="DECLINED")
    assert patient.value("SCR.SL", "SLOUT") == "FAILED"


def test_a_waiver_is_a_deviation(patient):
    patient.fill("SCR.IE", IEWAIV="age, sponsor")
    assert "IE.IEWAIV.deviation" in patient.rules("SCR.IE")
    patient.fill("LOG.DV", DVYN="Y").fill("LOG.DV", DVCAT="ELIGIBILITY", DVDAT="2024-10-17", DVTERM="81 years")
    assert "IE.IEWAIV.deviation" not in patient.rules("SCR.IE")


def test_a_deviation_names_an_event_and_a_cycle_that_exist(patient):
    patient.fill("LOG.DV", DVYN="Y").fill("LOG.DV", DVAE="Nausea", DVCYC="1")
    assert patient.rules("LOG.DV") == set()
    patient.fill("LOG.DV", DVAE="Rash", DVCYC="2")
    assert patient.rules("LOG.DV") == {"DV.DVAE.known", "DV.DVCYC.begun"}


def test_exposure_in_pregnancy_is_dated_from_the_last_period(patient):
    patient.fill("LOG.PX", PXWHO="SUBJECT", PXAWARE="2024-11-02", PXLMP="2024-09-28", PXREP="2024-11-03")
    assert patient.value("LOG.PX", "PXWEEK") == "5.0"
    assert patient.value("LOG.PX", "PXLAST") == "-6"
    assert patient.rules("LOG.PX") == set()
    patient.fill("SCR.DM", SEX="M")
    assert patient.rules("LOG.PX") == {"PX.PXWHO.sex"}


def test_a_tube_has_a_number_of_its_own_and_is_worked_up_in_time(patient):
    patient.fill("LOG.SP", SPYN="Y")
    patient.fill("LOG.SP", row="1", SPID="A1", SPDAT="2024-10-18T08:00", SPPROC="2024-10-18T12:00")
    patient.fill("LOG.SP", row="2", SPID="A2", SPDAT="2024-10-18T08:00", SPPROC="2024-10-18T12:01")
    assert patient.rules("LOG.SP") == {"SP.SPPROC.late"}
    patient.fill("LOG.SP", row="2", SPID="A1", SPPROC="2024-10-18T10:00")
    assert patient.rules("LOG.SP") == {"SP.SPID.twice"}


def test_leukemic_cells_in_the_fluid_speak_for_involvement(patient):
    patient.fill("SCR.CSF", CSFPERF="Y", CSFDAT="2024-10-15", CSFCYT="POS", CNSINV="NO")
    assert patient.rules("SCR.CSF") == {"CSF.CNSINV.cells"}
    assert patient.fill("SCR.CSF", CNSINV="LEUKEMIA").rules("SCR.CSF") == set()


def test_a_decision_takes_the_place_of_what_the_data_say(patient):
    safety = next(each for each in STUDY.analysis.sets if each.id == "safety")
    assert patient.ask(safety.holds) is True
    patient.fill("LOG.AS", ASENR="IN", ASSAF="OUT", ASEVA="OUT", ASRS="VIOLATION")
    assert patient.ask(safety.holds) is False
    assert "AS.differs" in patient.rules("LOG.AS")
    assert "AS.differs" not in patient.fill("LOG.AS", ASTX="No consent for the drug").rules("LOG.AS")


# --- pause of laboratory events ---------------------------------------------------------------------------------------


def test_laboratory_events_pause_from_conditioning_on_while_the_setting_says_so(patient):
    assert patient.fact("lab_ae_pause") is None
    patient.fill("LOG.HS", HSYN="Y", HSCOND="2024-10-25", HSDAT="2024-11-02")
    assert patient.fact("lab_ae_pause") == "2024-10-25"
    assert patient.fill("LOG.HS", HSCOND="UNK").fact("lab_ae_pause") == "2024-11-02"
    never = Patient(STUDY, settings={"lab_ae_pause": "no"})
    assert never.fill("LOG.HS", HSYN="Y", HSCOND="2024-10-25", HSDAT="2024-11-02").fact("lab_ae_pause") is None
