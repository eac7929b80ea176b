"""Study A: the course after transplantation on its own days, calls, withdrawal, GVHD, death, support, medication."""

from dataclasses import replace
from datetime import date

import pytest

from forms.authoring.load import read_study
from tests.studies.patient import Patient

STUDY = read_study("ankl")
LAB = {"LBPERF": "Y", "LBNAM": "LAB1"}
TRANSPLANT_VISITS = {"T000": 0, "T030": 30, "T060": 60, "T100": 100, "T180": 180, "T365": 365}


@pytest.fixture
def patient():
    """A woman whose treatment ended on 6 January 2025; last seen on 8 January."""
    patient = Patient(STUDY, today=date(2025, 1, 8)).visit("SCR", "2024-10-15").fill("SCR.IC", ICDAT="2024-10-14")
    patient.fill("SCR.DM", BRTHDAT="1992-05-01", SEX="F").visit("C_D1", "2024-10-18")
    patient.fill("C_D1.EXOXA", EXGIVEN="Y", EXDAT="2024-10-18", EXDOSE="175")
    patient.fill("LOG.DS", EOTDAT="2025-01-06", EOTRS="HSCT")
    return patient.visit("UNS.1", "2025-01-08")


def on(patient, day):
    patient.subject = replace(patient.subject, today=date.fromisoformat(day))
    return {name: visit for (name, number), visit in patient.visits().items() if number == "1"}


# --- transplantation --------------------------------------------------------------------------------------------------


def test_the_days_after_transplantation_have_a_day_0(patient):
    patient.fill("LOG.HS", HSYN="Y", HSCOND="2025-01-06", HSDAT="2025-01-13")
    visits = on(patient, "2025-01-13")
    assert {name: (visits[name].planned - date(2025, 1, 13)).days for name in TRANSPLANT_VISITS} == TRANSPLANT_VISITS
    assert visits["T000"].status == "due"
    patient.visit("T000", "2025-01-13").fill("T000.HC", HCDAT="2025-01-13")
    assert patient.value("T000.HC", "HCDAY") == "0"
    patient.fill("T030.HC", HCDAT="2025-02-12")
    assert patient.value("T030.HC", "HCDAY") == "30"


@pytest.mark.parametrize(
    ("day", "status"),
    [("2025-02-04", "upcoming"), ("2025-02-05", "due"), ("2025-02-19", "due"), ("2025-02-20", "overdue")],
)
def test_day_30_is_due_a_week_around(patient, day, status):
    patient.fill("LOG.HS", HSYN="Y", HSDAT="2025-01-13").visit("T000", "2025-01-13")
    assert on(patient, day)["T030"].status == status


def test_without_transplantation_none_of_its_days_is_expected(patient):
    visits = on(patient, "2025-06-01")
    assert {visits[name].status for name in TRANSPLANT_VISITS} == {"not_expected"}


def test_after_death_no_day_is_expected(patient):
    patient.fill("LOG.HS", HSYN="Y", HSDAT="2025-01-13").fill("LOG.DD", DTHDAT="2025-02-20")
    visits = on(patient, "2025-03-01")
    assert [visits[name].status for name in ("T030", "T060", "T365")] == ["overdue", "not_expected", "not_expected"]


def test_engraftment_chimerism_and_further_cells_count_from_day_0(patient):
    patient.fill("LOG.HS", HSYN="Y", HSDAT="2025-01-13", HSANC="2025-01-26", HSPLT="2025-01-29")
    patient.fill("LOG.HS", row="a-1", CHIMDAT="2025-02-12", CHIMPCT="99.6")
    patient.fill("LOG.HS", row="b-1", INFDAT="2025-04-13", INFKIND="DLI")
    told = [patient.value("LOG.HS", *where) for where in (("HSANCD",), ("HSPLTD",), ("CHIMDAY", "a-1"))]
    assert told == ["13", "16", "30"]
    assert patient.value("LOG.HS", "INFDAY", "b-1") == "90"
    assert "HS.INFDAT.order" in patient.fill("LOG.HS", row="b-1", INFDAT="2025-01-13").rules("LOG.HS")


@pytest.mark.parametrize(("last", "noted"), [("2025-01-12", False), ("2025-01-13", True)])
def test_ruxolitinib_stops_a_day_before_the_cells(patient, last, noted):
    patient.fill("LOG.HS", HSYN="Y", HSDAT="2025-01-13", HSRUX=last)
    assert ("HS.HSRUX.order" in patient.rules("LOG.HS")) is noted


def test_relapse_told_after_transplantation_is_progression(patient):
    patient.fill("LOG.HS", HSYN="Y", HSDAT="2025-01-13").fill("T100.HC", HCDAT="2025-04-22", HCDIS="RELAPSE")
    assert patient.cell("T100.HC", "HCRELDAT").required
    assert patient.fill("T100.HC", HCRELDAT="2025-04-20").fact("progression") == "2025-04-20"


# --- GVHD -------------------------------------------------------------------------------------------------------------

NONE = {"GVASK": "0", "GVALI": "0", "GVAUG": "0", "GVALG": "0"}


@pytest.mark.parametrize(
    ("stages", "grade"),
    [
        (NONE, ""),
        ({**NONE, "GVASK": "2"}, "I"),
        ({**NONE, "GVASK": "3"}, "II"),
        ({**NONE, "GVALI": "1"}, "II"),
        ({**NONE, "GVAUG": "1"}, "II"),
        ({**NONE, "GVALG": "1", "GVASK": "1"}, "II"),
        ({**NONE, "GVALI": "3"}, "III"),
        ({**NONE, "GVALG": "2"}, "III"),
        ({**NONE, "GVASK": "4"}, "IV"),
        ({**NONE, "GVALG": "4"}, "IV"),
    ],
)
def test_acute_gvhd_is_graded_by_its_organs(patient, stages, grade):
    patient.fill("LOG.GV", GVYN="Y").fill("LOG.GV", row="a-1", GVTYPE="ACUTE", **stages)
    assert patient.value("LOG.GV", "GVCALC", "a-1") == grade


ORGANS = ("GVCSK", "GVCMO", "GVCEY", "GVCGI", "GVCLI", "GVCLU", "GVCJO", "GVCGE")


@pytest.mark.parametrize(
    ("scores", "grade"),
    [
        ({}, ""),
        ({"GVCSK": "1", "GVCMO": "1"}, "MILD"),
        ({"GVCSK": "1", "GVCMO": "1", "GVCEY": "1"}, "MOD"),
        ({"GVCEY": "2"}, "MOD"),
        ({"GVCLU": "1"}, "MOD"),
        ({"GVCLU": "2"}, "SEVERE"),
        ({"GVCJO": "3"}, "SEVERE"),
    ],
)
def test_chronic_gvhd_is_graded_by_its_scores(patient, scores, grade):
    patient.fill("LOG.GV", GVYN="Y")
    patient.fill("LOG.GV", row="a-1", GVTYPE="CHRONIC", **{**dict.fromkeys(ORGANS, "0"), **scores})
    assert patient.value("LOG.GV", "GVCALC", "a-1") == grade


def test_a_grade_of_the_other_kind_of_gvhd_is_asked_about(patient):
    patient.fill("LOG.GV", GVYN="Y").fill("LOG.GV", row="a-1", GVTYPE="CHRONIC", GVGRADE="II")
    assert "GV.GVGRADE.kind" in patient.rules("LOG.GV")
    assert "GV.GVGRADE.kind" not in patient.fill("LOG.GV", row="a-1", GVGRADE="MILD").rules("LOG.GV")


# --- calls and withdrawal ---------------------------------------------------------------------------------------------


def test_a_call_is_due_in_a_month_in_which_nobody_heard_of_her(patient):
    assert on(patient, "2025-01-25")["M01"].status == "upcoming"
    assert on(patient, "2025-02-05")["M01"].status == "due"
    assert on(patient, "2025-02-16")["M01"].status == "overdue"
    patient.visit("UNS.2", "2025-01-28")
    assert on(patient, "2025-02-05")["M01"].status == "not_expected"


def test_a_call_made_is_done_and_tells_she_lives(patient):
    patient.fill("M01.SF", SFDAT="2025-02-05", SFMETH="PHONE", SFSTAT="ALIVE", SFALIVE="2025-02-05")
    assert on(patient, "2025-02-06")["M01"].status == "done"
    assert patient.fact("last_alive") == "2025-02-05"
    assert patient.visits()["M02", "1"].status == "upcoming"


@pytest.mark.parametrize(
    ("scope", "visits", "calls"), [("TREATMENT", True, True), ("FOLLOWUP", False, True), ("ALL", False, False)]
)
def test_what_a_withdrawal_covers_is_no_longer_expected(patient, scope, visits, calls):
    patient.fill("LOG.HS", HSYN="Y", HSDAT="2025-01-13").fill("LOG.DS", EOTRS="WITHDRAWAL", WDSCOPE=scope)
    told = on(patient, "2025-02-05")
    assert [told[name].status != "not_expected" for name in ("T060", "FU03", "M02")] == [visits, visits, calls]


def test_told_dead_asks_for_the_death_form(patient):
    patient.fill("M01.SF", SFDAT="2025-01-08", SFMETH="PHONE", SFSTAT="DEAD")
    assert "SF.SFSTAT.death" in patient.rules("M01.SF")
    assert "SF.SFSTAT.death" not in patient.fill("LOG.DD", DTHDAT="2025-01-07").rules("M01.SF")
    assert "SF.SFSTAT.alive" in patient.fill("M01.SF", SFSTAT="ALIVE").rules("M01.SF")


@pytest.mark.parametrize(("day", "noted"), [("2024-11-17", True), ("2024-11-18", False)])
def test_a_death_within_the_days_of_collection_belongs_to_the_log(day, noted):
    patient = Patient(STUDY).fill("SCR.IC", ICDAT="2024-10-14").visit("C_D1", "2024-10-18")
    patient.fill("C_D1.EXOXA", EXGIVEN="Y", EXDAT="2024-10-18", EXDOSE="175").fill("LOG.DD", DTHDAT=day, DTHCAUS="INF")
    assert ("DD.event" in patient.rules("LOG.DD")) is noted
    patient.fill("LOG.AE", AEYN="Y").fill("LOG.AE", row="a-1", AEOUT="FATAL")
    assert "DD.event" not in patient.rules("LOG.DD")


# --- other treatment --------------------------------------------------------------------------------------------------


def test_later_treatment_of_the_leukemia_is_new_therapy_and_a_pre_phase_is_not(patient):
    patient.fill("LOG.UT", UTYN="Y")
    patient.fill("LOG.UT", row="a-1", UTPHASE="BEFORE", UTKIND="HLH", UTTRT="Dexamethasone", UTSTDAT="2024-10-10")
    assert patient.fact("new_therapy") is None
    patient.fill("LOG.UT", row="b-1", UTPHASE="AFTER", UTKIND="LEUKEMIA", UTTRT="DA-EPOCH", UTSTDAT="2025-01-07")
    assert patient.fact("new_therapy") == "2025-01-07"
    assert "UT.UTSTDAT.phase" in patient.fill("LOG.UT", row="b-1", UTSTDAT="2024-10-01").rules("LOG.UT")


@pytest.mark.parametrize(("allowed", "answer"), [("yes", "Y"), ("no", "N")])
def test_whether_a_pre_phase_is_allowed_is_a_setting(allowed, answer):
    patient = Patient(STUDY, settings={"prephase_allowed": allowed})
    patient.fill("SCR.DX", DXCONF="Y", DXPRIOR="N", DXPRE="Y").fill("SCR.IE", IEI2="Y")
    assert patient.value("SCR.IE", "IEI2H") == answer


@pytest.mark.parametrize(
    ("category", "ongoing", "hint"),
    [("PSYCH", "Y", "IEE1H"), ("MALIGNANCY", "Y", "IEE5H"), ("THROMBOSIS", "Y", "IEG5H"), ("THROMBOSIS", "N", "")],
)
def test_the_history_hints_at_exclusions(category, ongoing, hint):
    patient = Patient(STUDY).fill("LOG.MH", MHYN="Y").fill("SCR.IE", IEE1="N")
    patient.fill("LOG.MH", row="a-1", MHTERM="x", MHCAT=category, MHONGO=ongoing)
    found = {name for name in ("IEE1H", "IEE5H", "IEG5H") if patient.value("SCR.IE", name) == "Y"}
    assert found == ({hint} if hint else set())


@pytest.mark.parametrize(("creatinine", "answer"), [("200", "N"), ("330", "Y")])
def test_a_clearance_of_30_is_no_severe_dysfunction(creatinine, answer):
    patient = Patient(STUDY).fill("SCR.DM", BRTHDAT="1964-01-01", SEX="M").fill("SCR.VS", WEIGHT="80")
    patient.fill("SCR.CHEM", **LAB, LBDAT="2024-10-15", CREAT=creatinine).fill("SCR.IE", IEE3="N")
    assert patient.value("SCR.IE", "IEE3H") == answer


@pytest.mark.parametrize(("encephalopathy", "points", "answer"), [("0", "9", "N"), ("12", "10", "Y")])
def test_ten_points_of_child_pugh_are_severe(encephalopathy, points, answer):
    patient = Patient(STUDY).fill("SCR.CHEM", **LAB, LBDAT="2024-10-15", BILI="52", ALB="28")
    patient.fill("SCR.COAG", **LAB, LBDAT="2024-10-15", INR="1.6")
    patient.fill("SCR.DX", DXCIRR="Y", DXASC="SLIGHT", DXENC=encephalopathy).fill("SCR.IE", IEE4="N")
    assert (patient.value("SCR.DX", "DXCHILD"), patient.value("SCR.IE", "IEE4H")) == (points, answer)


# --- support, slips, limits by age ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "item", "form", "inside", "outside"),
    [
        ("PLT", "SUPPLT", "HEM", "2024-10-21", "2024-10-20"),
        ("GCSF", "SUPGCSF", "HEM", "2024-10-21", "2024-10-20"),
        ("RBC", "SUPRBC", "HEM", "2024-10-18", "2024-10-17"),
        ("FIBRINOGEN", "SUPFIB", "COAG", "2024-10-21", "2024-10-20"),
        ("ALBUMIN", "SUPALB", "CHEM", "2024-10-22", "2024-10-21"),
    ],
)
def test_support_is_computed_from_the_log_over_its_own_days(kind, item, form, inside, outside):
    for day, answer in ((inside, "Y"), (outside, "N"), ("2024-10-26", "N")):
        patient = Patient(STUDY).fill(f"C_D8.{form}", **LAB, LBDAT="2024-10-25").fill("LOG.CM", CMYN="Y")
        patient.fill("LOG.CM", row="a-1", CMTRT="x", CMCLASS=kind, CMSTDAT=day, CMENDAT=day, CMONGO="N")
        assert patient.value(f"C_D8.{form}", item) == answer


def test_a_result_of_grade_4_waits_for_its_judgement():
    patient = Patient(STUDY).fill("C_D8.HEM", **LAB, LBDAT="2024-10-25", PLT="24")
    assert "HEM.grade4" in patient.rules("C_D8.HEM")
    assert "HEM.grade4" not in patient.fill("C_D8.HEM", LBCLSIG="NCS").rules("C_D8.HEM")
    assert "HEM.grade4" not in patient.fill("C_D8.HEM", LBCLSIG="", PLT="25").rules("C_D8.HEM")


@pytest.mark.parametrize(("hematocrit", "asked"), [("0.31", True), ("0.32", False)])
def test_five_results_that_are_those_of_the_sample_before_may_have_been_copied(hematocrit, asked):
    slip = {"WBC": "3.1", "HGB": "101", "PLT": "88", "NEUT": "1.7", "HCT": "0.31"}
    patient = Patient(STUDY).fill("C_D8.HEM", **LAB, LBDAT="2024-10-25", **slip)
    patient.fill("C_D15.HEM", **LAB, LBDAT="2024-11-01", **{**slip, "HCT": hematocrit})
    assert ("HEM.copied" in patient.rules("C_D15.HEM")) is asked


@pytest.mark.parametrize(("birth", "upper"), [("1965-10-16", "97"), ("1964-10-15", "111")])
def test_limits_follow_the_age(birth, upper):
    patient = Patient(STUDY).fill("SCR.DM", BRTHDAT=birth, SEX="M")
    patient.fill("SCR.CHEM", **LAB, LBDAT="2024-10-15", CREAT="80")
    assert str(patient.cell("SCR.CHEM", "CREAT").range.high) == upper


@pytest.mark.parametrize(("birth", "asked"), [("1969-10-14", True), ("1968-10-14", False)])
def test_a_pregnancy_test_is_asked_for_up_to_55_years(birth, asked):
    patient = Patient(STUDY).fill("SCR.IC", ICDAT="2024-10-14").fill("SCR.DM", BRTHDAT=birth, SEX="F")
    forms = {form.key.form: form.applicable for form in patient.visits()["SCR", "1"].forms}
    assert forms["PREG"] is asked


# --- events and what was done about them ------------------------------------------------------------------------------


def test_a_reduction_told_in_the_log_must_be_in_the_record_of_the_drug(patient):
    patient.fill("LOG.AE", AEYN="Y").fill("LOG.AE", row="a-1", AESTDAT="2024-10-25", AEACNGEM="REDUCED")
    assert "AE.AEACNGEM.reduced" in patient.rules("LOG.AE")
    patient.visit("C_D8", "2024-10-25").fill("C_D8.EXGEM", EXGIVEN="Y", EXDAT="2024-10-25", EXLVL="1")
    assert "AE.AEACNGEM.reduced" not in patient.rules("LOG.AE")


def test_a_fatal_event_asks_for_the_death_form(patient):
    patient.fill("LOG.AE", AEYN="Y").fill("LOG.AE", row="a-1", AEOUT="FATAL", AETOXGR="5")
    assert "AE.AEOUT.death" in patient.rules("LOG.AE")
    assert "AE.AEOUT.death" not in patient.fill("LOG.DD", DTHDAT="2025-01-07").rules("LOG.AE")


def test_dose_limiting_toxicity_is_asked_for_in_cycle_1_where_the_study_wants_it():
    for setting, day, asked in (("no", "2024-10-25", False), ("yes", "2024-11-07", True), ("yes", "2024-11-08", False)):
        patient = Patient(STUDY, settings={"dlt": setting}).visit("C_D1", "2024-10-18")
        patient.fill("C_D1.EXOXA", EXGIVEN="Y", EXDAT="2024-10-18", EXDOSE="175").fill("LOG.AE", AEYN="Y")
        patient.fill("LOG.AE", row="a-1", AETERM="x", AESTDAT=day)
        assert patient.cell("LOG.AE", "AEDLT", "a-1").hidden is not asked


def test_what_the_protocol_leaves_open_stands_among_the_settings_and_is_not_confirmed():
    open_points = {
        "primary_endpoint", "survival_origin", "crcl_least", "child_pugh_most", "peg_cap_on", "peg_iv", "retreat_anc",
        "retreat_plt", "retreat_bili_fold", "prephase_allowed", "visit_windows", "ae_days_after", "sae_clock",
        "ctcae_edition", "bsa_formula", "rs_fall", "rs_rise", "rs_ebv_log", "rs_mrd", "response_ebv",
        "response_bm_cycles", "response_pet_cycles", "rux_stop_days", "hsct_ends_pfs", "efs_new_therapy",
    }  # fmt: skip
    known = {setting.id: setting for setting in STUDY.settings}
    assert open_points <= known.keys()
    assert not any(known[name].confirmed for name in open_points)
    assert known["ctcae_edition"].value == STUDY.ctcae
