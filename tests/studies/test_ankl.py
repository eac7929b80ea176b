"""Study A as its nurses, investigators and statisticians meet it."""

from datetime import date
from decimal import Decimal

import pytest

from forms.authoring.load import read_study
from tests.studies.patient import Patient

STUDY = read_study("ankl")


@pytest.fixture
def patient():
    return Patient(STUDY)


def screened(patient, day="2024-10-17"):
    """A woman of 32 who may enter."""
    patient.visit("SCR", "2024-10-15")
    patient.fill("SCR.IC", ICDAT="2024-10-14", ICVER="1.0", ICBY="SELF", ICCOPY="Y")
    patient.fill("SCR.DM", BRTHDAT="1992-05", SEX="F")
    patient.fill("SCR.DX", DXDAT="2024-10-13", DXCONF="Y", DXPRIOR="N", DXCIRR="N", EBVBASE="POS", HLHBASE="Y")
    patient.fill("SCR.VS", HEIGHT="170", WEIGHT="65", ECOG="2", SPLEENCM="5", LIVERCM="3")
    patient.fill("SCR.CHEM", LBPERF="Y", LBDAT="2024-10-15", LBNAM="LAB1", CREAT="60", BILI="20", ALB="30")
    patient.fill("SCR.VIR", LBPERF="Y", LBDAT="2024-10-15", LBNAM="LAB1", HIVAB="NEG", HBSAG="NEG", HBCAB="NEG")
    patient.fill("SCR.IE", IEI1="Y", IEI2="Y", IEI3="Y", IEE1="N", IEE2="N", IEE3="N", IEE4="N", IEE5="N")
    return patient.fill("SCR.IE", IEDAT=day, IEYN="Y", ENRDAT=day)


def begun(patient, day="2024-10-18", weight="65"):
    screened(patient).visit("C_D1", day).fill("C_D1.VS", WEIGHT=weight, ECOG="2")
    return patient.fill("C_D1.EXOXA", EXGIVEN="Y", EXDAT=day, EXDOSE="175")


# --- who may enter ----------------------------------------------------------------------------------------------------


def test_the_data_agree_with_every_criterion_they_can_judge(patient):
    screened(patient)
    views = {rule.id: patient.ask(rule.holds) for rule in STUDY.eligibility if rule.holds}
    assert {name for name, satisfied in views.items() if satisfied is False} == set()
    assert {"A-I1", "A-I2", "A-I3", "A-E2", "A-E3", "A-E4"} <= {name for name, satisfied in views.items() if satisfied}


@pytest.mark.parametrize(
    ("birth", "answer"), [("2006-10-14", "Y"), ("2006-10-15", "N"), ("1943-10-15", "Y"), ("1943-10-14", "N")]
)
def test_ages_of_18_and_80_are_both_included(patient, birth, answer):
    screened(patient).fill("SCR.DM", BRTHDAT=birth)
    assert patient.value("SCR.IE", "IEI1H") == answer


def test_an_answer_against_the_data_is_asked_about(patient):
    screened(patient).fill("SCR.VIR", HIVAB="POS")
    assert patient.value("SCR.IE", "IEE2H") == "Y"
    assert "IE.IEE2.hint" in patient.rules("SCR.IE")


def test_without_an_hiv_test_the_data_say_nothing(patient):
    screened(patient).fill("SCR.VIR", HIVAB="ND")
    assert patient.value("SCR.IE", "IEE2H") == ""
    assert "IE.IEE2.hint" not in patient.rules("SCR.IE")


def test_eligible_with_an_exclusion_met_can_not_be_completed(patient):
    screened(patient).fill("SCR.IE", IEE5="Y")
    assert "IE.IEYN.exclusion" in {f.rule for f in patient.sheet("SCR.IE").complete_blockers()}


def test_liver_enzymes_and_low_counts_exclude_nobody(patient):
    screened(patient).fill("SCR.CHEM", ALT="2000", AST="3000", BILI="300")
    assert patient.rules("SCR.IE") == set()


def test_hlh_is_counted_with_what_is_not_known_left_open(patient):
    patient.fill("SCR.DX", HLTMAX="39.0", HLSPL="Y", HLHGB="80", HLPLT="90", HLNEUT="2", HLFERR="499", HLPHAGO="N")
    assert (patient.value("SCR.DX", "HLCNT"), patient.value("SCR.DX", "HLOPEN")) == ("3", "3")
    assert patient.value("SCR.DX", "HLMET") == ""
    patient.fill("SCR.DX", HLFIB="1.5", HLNK="15.10")
    assert patient.value("SCR.DX", "HLMET") == "Y"


def test_hlh_is_denied_as_soon_as_five_can_not_be_reached(patient):
    patient.fill("SCR.DX", HLTMAX="37.0", HLSPL="N", HLHGB="120", HLPLT="200", HLNEUT="3", HLFERR="100", HLPHAGO="N")
    assert patient.value("SCR.DX", "HLMET") == "N"


def test_soluble_cd25_in_units_has_a_limit_of_its_own(patient):
    patient.fill("SCR.DX", HLSCD25U="2400")
    assert patient.value("SCR.DX", "HLC8") == "Y"
    patient.fill("SCR.DX", HLSCD25="6399")
    assert patient.value("SCR.DX", "HLC8") == "N"


# --- doses ------------------------------------------------------------------------------------------------------------


def test_doses_follow_the_weight_of_day_1_at_full_precision(patient):
    begun(patient)
    planned = {form: patient.value(where, "EXPDOSE") for where, form in PLACES.items()}
    assert planned == {"EXGEM": "1752.0", "EXOXA": "175.2", "EXPEG": "4380.0"}
    assert patient.value("C_D1.EXGEM", "EXBSA") == "1.75"


PLACES = {"C_D1.EXGEM": "EXGEM", "C_D1.EXOXA": "EXOXA", "C_D2.EXPEG": "EXPEG"}


def test_doses_are_rounded_as_the_pharmacy_does_unless_the_study_says_otherwise(patient):
    begun(patient)
    assert {patient.value(where, "EXRDOSE") for where in PLACES} == {"1750", "175", "4380"}
    capped = begun(Patient(STUDY, settings={"peg_cap_on": "yes"}))
    assert capped.value("C_D2.EXPEG", "EXRDOSE") == "3750"
    vials = begun(Patient(STUDY, settings={"peg_round": "3750"}))
    assert vials.value("C_D2.EXPEG", "EXRDOSE") == "3750"


def test_the_study_may_choose_du_bois(patient):
    assert begun(Patient(STUDY, settings={"bsa_formula": "dubois"})).value("C_D1.EXGEM", "EXPDOSE") == "1753.6"


def test_a_small_change_of_weight_keeps_the_doses_and_a_large_one_moves_them(patient):
    begun(patient).fill("C_D1.CI", CIGO="Y")
    patient.visit("C_D1.2", "2024-11-08").fill("C_D1.2.VS", WEIGHT="71.4").fill("C_D1.2.CI", CIGO="Y")
    assert patient.value("C_D1.2.CI", "CIWT") == "65.00"
    patient.visit("C_D1.3", "2024-11-29").fill("C_D1.3.VS", WEIGHT="71.5").fill("C_D1.3.CI", CIGO="Y")
    assert patient.value("C_D1.3.CI", "CIWT") == "71.50"
    assert "VS.WEIGHT.change" not in patient.rules("C_D1.3.VS")


@pytest.mark.parametrize(
    ("dose", "rules"),
    [
        ("1750", set()),
        ("1663", set()),
        ("1660", {"EXGEM.EXDOSE.note"}),
        ("1574", {"EXGEM.EXDOSE.query"}),
    ],
)
def test_a_dose_far_from_plan_asks_for_its_reason(patient, dose, rules):
    begun(patient).fill("C_D1.EXGEM", EXGIVEN="Y", EXDAT="2024-10-18", EXDOSE=dose)
    assert patient.rules("C_D1.EXGEM") == rules


def test_a_reason_answers_the_question(patient):
    begun(patient).fill("C_D1.EXGEM", EXGIVEN="Y", EXDAT="2024-10-18", EXDOSE="1310", EXADJ="RED", EXADJRS="HEM")
    assert patient.rules("C_D1.EXGEM") == set()


def test_low_counts_on_day_8_advise_and_the_disease_as_their_cause_takes_the_advice_back(patient):
    begun(patient).visit("C_D8", "2024-10-25")
    patient.fill("C_D8.HEM", LBPERF="Y", LBDAT="2024-10-25", LBNAM="LAB1", NEUT="0.4", PLT="80", WBC="0.9", HGB="80")
    patient.fill("C_D8.EXGEM", EXGIVEN="Y", EXDAT="2024-10-25", EXDOSE="1750")
    assert {"EXGEM.day8.omit", "EXGEM.day8.reduce"} <= patient.rules("C_D8.EXGEM")
    patient.fill("C_D8.EXGEM", EXADJRS="DIS")
    assert patient.rules("C_D8.EXGEM") == set()


def test_the_limits_to_begin_a_cycle_are_not_asked_on_the_first(patient):
    begun(patient).fill("C_D1.CI", CIGO="Y")
    assert patient.cell("C_D1.CI", "CIHINT").hidden
    assert patient.rules("C_D1.CI") == set()


def test_a_cycle_that_begins_below_the_limits_is_noted_unless_the_disease_is_the_cause(patient):
    begun(patient).fill("C_D1.CI", CIGO="Y").visit("C_D1.2", "2024-11-15").fill("C_D1.2.VS", WEIGHT="64")
    lab = {"LBPERF": "Y", "LBDAT": "2024-11-15", "LBNAM": "LAB1"}
    patient.fill("C_D1.2.HEM", **lab, NEUT="0.8", PLT="60", WBC="2", HGB="90").fill("C_D1.2.CHEM", **lab, BILI="30")
    patient.fill("C_D1.2.CI", CIGO="Y")
    assert patient.value("C_D1.2.CI", "CIDELAY") == "7"
    assert patient.cell("C_D1.2.CI", "CIDLYRS").required
    assert patient.rules("C_D1.2.CI") == {"CI.CIGO.hint"}
    assert patient.fill("C_D1.2.CI", CIDIS="Y").rules("C_D1.2.CI") == set()


def test_exposure_is_told_by_drug_and_cycle(patient):
    begun(patient).visit("C_D8", "2024-10-25").visit("C_D2", "2024-10-19")
    patient.fill("C_D1.EXGEM", EXGIVEN="Y", EXDAT="2024-10-18", EXDOSE="1750")
    patient.fill("C_D8.EXGEM", EXGIVEN="N", EXADJ="OMIT", EXADJRS="HEM")
    patient.fill("C_D2.EXPEG", EXGIVEN="Y", EXDAT="2024-10-19", EXDOSE="3750", EXADJ="RED", EXADJRS="VIAL")
    patient.fill("LOG.RUX", RUXYN="Y")
    patient.fill(
        "LOG.RUX", row="a-1", RUXSTDAT="2024-10-18", RUXONGO="N", RUXENDAT="2024-10-27", RUXDOSE="10", RUXTIMES="2"
    )
    patient.fill("LOG.RUX", row="a-2", RUXSTDAT="2024-10-28", RUXONGO="Y", RUXDOSE="5", RUXTIMES="2")
    told = {d.id: (patient.ask(d.cycle_given, "C_D1"), patient.ask(d.cycle_planned, "C_D1")) for d in STUDY.drugs}
    assert told == {"RUX": (310, 420), "GEM": (1750, 3504), "OXA": (175, Decimal("175.2")), "PEG": (3750, 4380)}


# --- laboratory -------------------------------------------------------------------------------------------------------


def test_values_are_graded_in_whatever_unit_the_laboratory_uses(patient):
    lab = {"LBPERF": "Y", "LBDAT": "2024-10-25", "LBNAM": "LAB1"}
    begun(patient).fill("C_D8.HEM", **lab, HGB=("7.9", "g/dL"), PLT=("7.4", "10^4/uL"))
    assert patient.grades("C_D8.HEM", "HGB")["Anemia"] == 3
    assert patient.grades("C_D8.HEM", "PLT")["Platelet count decreased"] == 2


def test_neutrophils_come_from_the_percentage_only_when_no_count_is_given(patient):
    lab = {"LBPERF": "Y", "LBDAT": "2024-10-25", "LBNAM": "LAB1"}
    begun(patient).fill("C_D8.HEM", **lab, WBC="1.0", NEUTLE="40")
    assert patient.value("C_D8.HEM", "ANC") == "0.40"
    assert patient.grades("C_D8.HEM", "ANC") == {"Neutrophil count decreased": 4}
    assert patient.fill("C_D8.HEM", NEUT="0.41").value("C_D8.HEM", "ANC") == ""


@pytest.mark.parametrize(
    ("form", "answers", "rule"),
    [
        ("HEM", {"WBC": "2", "NEUT": "3"}, "HEM.NEUT.wbc"),
        ("HEM", {"HGB": "90", "HCT": "0.20"}, "HEM.HGB.hct"),
        ("HEM", {"WBC": "5", "NEUT": "3", "LYM": "1", "MONO": "0", "EOS": "0", "BASO": "0"}, "HEM.BASO.sum"),
        ("HEM", {"PLT": "40", "PLTCLUMP": "Y"}, "HEM.PLT.clump"),
        ("CHEM", {"BILI": "10", "BILDIR": "11"}, "CHEM.BILDIR.total"),
        ("CHEM", {"TP": "50", "ALB": "51"}, "CHEM.ALB.total"),
        ("CHEM", {"K": "6.6"}, "CHEM.K.hemolysis"),
        ("CHEM", {"CREAT": "121"}, "CHEM.CREAT.delta"),
        ("COAG", {"INR": "2", "PT": "12"}, "COAG.INR.pt"),
    ],
)
def test_values_that_do_not_fit_each_other_are_asked_about(patient, form, answers, rule):
    lab = {"LBPERF": "Y", "LBDAT": "2024-10-25", "LBNAM": "LAB1"}
    begun(patient).visit("C_D8", "2024-10-25").fill(f"C_D8.{form}", **lab, **answers)
    assert rule in patient.rules(f"C_D8.{form}")


def test_plasma_ebv_below_the_limit_keeps_its_sign(patient):
    begun(patient).fill("C_D8.INFL", LBPERF="Y", LBDAT="2024-10-25", LBNAM="LAB2", EBVPL="<500", EBVWB="125000")
    assert patient.value("C_D8.INFL", "EBVPL") == "<500"
    assert patient.value("C_D8.INFL", "EBVPLLOG") == "<2.70"
    assert patient.value("C_D8.INFL", "EBVWBLOG") == "5.10"


# --- response ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "response"),
    [
        ("CR CR CR CR CR", "CR"),
        ("CR CR CR PR CR", "PR"),
        ("PR SD CR CR CR", "SD"),
        ("SD PR CR PD CR", "PD"),
        ("CR CR CR CR ND", ""),
        ("ND CR CR CR PD", "PD"),
    ],
)
def test_the_worst_component_decides_and_a_missing_one_leaves_it_open(patient, parts, response):
    names = ("RSBM", "RSBLD", "RSORG", "RSEBV", "RSHLH")
    patient.fill("C_END.RS", RSDAT="2024-11-07", RSPETDUE="N", **dict(zip(names, parts.split(), strict=True)))
    assert patient.value("C_END.RS", "RSCALC") == response


def test_pet_counts_where_it_is_due(patient):
    parts = {"RSBM": "CR", "RSBLD": "CR", "RSORG": "CR", "RSEBV": "CR", "RSHLH": "CR"}
    patient.fill("C_END.2.RS", RSDAT="2024-11-28", RSPETDUE="Y", **parts)
    assert patient.value("C_END.2.RS", "RSCALC") == ""
    assert patient.fill("C_END.2.RS", RSPET="PR").value("C_END.2.RS", "RSCALC") == "PR"


def test_the_data_say_what_each_component_looks_like(patient):
    begun(patient).fill("SCR.BM", BMPERF="Y", BMDAT="2024-10-13", BMPCT="40")
    patient.fill("SCR.INFL", LBPERF="Y", LBDAT="2024-10-15", LBNAM="LAB1", EBVPL="100000")
    patient.visit("C_END", "2024-11-06").fill("C_END.VS", SPLEENCM="2", LIVERCM="1")
    patient.fill("C_END.BM", BMPERF="Y", BMDAT="2024-11-06", BMPCT="20")
    patient.fill("C_END.INFL", LBPERF="Y", LBDAT="2024-11-06", LBNAM="LAB1", EBVPL="10000")
    patient.fill("C_END.RS", RSDAT="2024-11-07", RSBM="SD")
    told = [patient.value("C_END.RS", name) for name in ("RSBMH", "RSORGH", "RSEBVH", "RSPETH")]
    assert told == ["PR", "PR", "PR", ""]
    assert "RS.RSBM.hint" in patient.rules("C_END.RS")


def test_another_judgement_than_the_one_worked_out_needs_its_reason(patient):
    parts = {"RSBM": "PR", "RSBLD": "CR", "RSORG": "CR", "RSEBV": "CR", "RSHLH": "CR"}
    patient.fill("C_END.RS", RSDAT="2024-11-07", RSPETDUE="N", **parts, RSINV="CR")
    assert "RS.RSINV.differs" in patient.rules("C_END.RS")
    assert patient.cell("C_END.RS", "RSRSN").required
    patient.fill("C_END.RS", RSRSN="Cells of regeneration")
    assert "RS.RSINV.differs" not in patient.rules("C_END.RS")


def test_no_response_is_a_fair_word_for_stable_disease(patient):
    parts = {"RSBM": "SD", "RSBLD": "CR", "RSORG": "CR", "RSEBV": "CR", "RSHLH": "CR"}
    patient.fill("C_END.BM", BMPERF="Y", BMDAT="2024-11-06", BMPCT="40")
    patient.fill("C_END.RS", RSDAT="2024-11-07", RSPETDUE="N", **parts, RSINV="NR")
    assert patient.rules("C_END.RS") == set()


# --- adverse events ---------------------------------------------------------------------------------------------------


def event(patient, **answers):
    base = {"AETERM": "x", "AEDECOD": "Pancreatitis", "AESTDAT": "2024-10-25", "AEONGO": "Y", "AEOUT": "NOT_RECOVERED"}
    return begun(patient).fill("LOG.AE", AEYN="Y").fill("LOG.AE", row="a-1", **{**base, "AESER": "N", **answers})


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({"AETOXGR": "5", "AEONGO": "N"}, "AE.AETOXGR.fatal"),
        ({"AETOXGR": "5"}, "AE.AESER.grade5"),
        ({"AETOXGR": "4"}, "AE.AESER.grade4"),
        ({"AETOXGR": "3", "AEOUT": "RECOVERED"}, "AE.AEOUT.ongoing"),
        ({"AETOXGR": "3", "AESTDAT": "2024-10-13"}, "AE.AESTDAT.consent"),
        ({"AETOXGR": "3", "AEONGO": "N", "AEENDAT": "2024-10-24"}, "AE.AEENDAT.order"),
    ],
)
def test_events_that_contradict_themselves_are_told(patient, answers, rule):
    assert rule in event(patient, **answers).rules("LOG.AE")


def test_grade_4_and_not_serious_is_no_question_for_an_expected_laboratory_event(patient):
    event(patient, AETOXGR="4", AEDECOD="Platelet count decreased")
    assert "AE.AESER.grade4" not in patient.rules("LOG.AE")


def test_serious_with_every_criterion_denied_can_not_be(patient):
    no = dict.fromkeys(("AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE"), "N")
    event(patient, AETOXGR="3", AESER="Y", **no)
    assert "AE.AESER.criterion" in patient.rules("LOG.AE")


def test_an_event_of_a_partly_known_start_is_emergent_only_when_every_day_of_it_is(patient):
    patient.fill("LOG.RUX", RUXYN="Y")
    patient.fill("LOG.RUX", row="a-1", RUXSTDAT="2024-10-18", RUXONGO="Y", RUXDOSE="10", RUXTIMES="2")
    event(patient, AETOXGR="2", AESTDAT="2024-11")
    assert patient.value("LOG.AE", "AETE", "a-1") == "Y"
    assert patient.fill("LOG.AE", row="a-1", AESTDAT="2024-10").value("LOG.AE", "AETE", "a-1") == ""


@pytest.mark.parametrize(
    ("form", "question", "row"), [("AE", "AEYN", "AETERM"), ("CM", "CMYN", "CMTRT"), ("MH", "MHYN", "MHTERM")]
)
def test_a_log_says_whether_there_is_anything(patient, form, question, row):
    patient.fill(f"LOG.{form}", **{question: "Y"})
    assert f"{form}.{question}.none" in patient.rules(f"LOG.{form}")
    patient.fill(f"LOG.{form}", row="a-1", **{row: "something"})
    assert f"{form}.{question}.none" not in patient.rules(f"LOG.{form}")
    patient.fill(f"LOG.{form}", **{question: "N"})
    assert f"{form}.{question}.rows" in patient.rules(f"LOG.{form}")


# --- the course -------------------------------------------------------------------------------------------------------


def test_days_of_a_cycle_count_from_the_day_it_really_began(patient):
    begun(patient, day="2024-10-21").today = date(2024, 11, 1)
    visits = patient.visits()
    assert visits["C_D8", "1"].planned == date(2024, 10, 28)
    assert visits["C_D1", "2"].planned == date(2024, 11, 11)


def test_a_cycle_is_expected_only_after_the_one_before_was_begun(patient):
    begun(patient)
    expected = {key for key, visit in patient.visits().items() if visit.status != "not_expected"}
    assert ("C_D1", "2") in expected
    assert ("C_D1", "3") not in expected


@pytest.mark.parametrize(
    ("where", "answers"),
    [
        ("LOG.HS", {"HSYN": "Y", "HSDAT": "2024-11-07"}),
        ("LOG.DD", {"DTHDAT": "2024-11-07"}),
        ("LOG.DS", {"EOTDAT": "2024-11-07", "EOTRS": "NO_RESPONSE"}),
    ],
)
def test_no_cycle_is_expected_after_transplantation_death_or_end_of_treatment(patient, where, answers):
    begun(patient).fill(where, **answers)
    assert patient.visits()["C_D1", "2"].status == "not_expected"


def test_follow_up_comes_every_three_months_after_the_end_of_treatment(patient):
    begun(patient).fill("LOG.DS", EOTDAT="2024-11-07", EOTRS="NO_RESPONSE")
    planned = [patient.visits()[name, "1"].planned for name in ("FU03", "FU06", "FU09", "FU12")]
    assert planned == [date(2025, 2, 6), date(2025, 5, 9), date(2025, 8, 8), date(2025, 11, 7)]


def test_a_missed_visit_is_told_apart_from_one_that_is_late(patient):
    begun(patient).fill("C_D8.SV", SVPERF="N", SVMISS="CONDITION")
    assert patient.visits()["C_D8", "1"].status == "missed"


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([], "SCREENING"),
        ([("SCR.IE", {"IEYN": "N"})], "FAILED"),
        ([("SCR.IE", {"IEYN": "Y", "ENRDAT": "2024-10-17"})], "ENROLLED"),
        ([("C_D1.EXOXA", {"EXGIVEN": "Y", "EXDAT": "2024-10-18"})], "TREATMENT"),
        ([("LOG.DS", {"EOTDAT": "2024-11-07"})], "FOLLOWUP"),
        ([("LOG.HS", {"HSYN": "Y", "HSDAT": "2024-12-07"})], "TRANSPLANTED"),
        ([("LOG.DS", {"EOTDAT": "2024-11-07", "EOSDAT": "2024-12-07"})], "OFF"),
        ([("LOG.HS", {"HSYN": "Y", "HSDAT": "2024-12-07"}), ("LOG.DD", {"DTHDAT": "2025-01-07"})], "DEAD"),
    ],
)
def test_the_status_tells_how_far_a_subject_has_come(patient, steps, status):
    for where, answers in steps:
        patient.fill(where, **answers)
    assert patient.fact("status") == status


# --- what the abstract reports ----------------------------------------------------------------------------------------


def treated(responses, *, death="", hsct=""):
    patient = begun(Patient(STUDY))
    for cycle, response in enumerate(responses, 1):
        day = {1: "2024-10-18", 2: "2024-11-08"}[cycle]
        patient.visit(f"C_D1.{cycle}", day)
        patient.fill(f"C_END.{cycle}.RS", RSDAT={1: "2024-11-06", 2: "2024-11-27"}[cycle], RSINV=response)
    if hsct:
        patient.fill("LOG.HS", HSYN="Y", HSDAT=hsct)
    return patient.fill("LOG.DD", DTHDAT=death) if death else patient


COHORT = {
    "P1": treated(["CR", "CR"], hsct="2024-12-20"),
    "P2": treated(["CR", "CR"], hsct="2024-12-20"),
    "P3": treated(["CR", "CR"], hsct="2024-12-20"),
    "P4": treated(["CR", "CR"], hsct="2024-12-20"),
    "P5": treated(["PR", "CR"], death="2025-01-11"),
    "P6": treated(["NR"], death="2024-11-11"),
    "P7": begun(Patient(STUDY)),
}


@pytest.mark.parametrize(("cycle", "cr", "pr", "nr"), [("1", 4, 1, 1), ("2", 5, 0, 1)])
def test_the_published_responses_come_out_with_the_dead_patient_kept_in(cycle, cr, pr, nr):
    endpoint = next(each for each in STUDY.analysis.responses if each.id == f"cycle_{cycle}")
    evaluable = [patient for patient in COHORT.values() if patient.ask(endpoint.evaluable)]
    told = [patient.ask(endpoint.value) for patient in evaluable]
    assert (told.count("CR"), told.count("PR"), told.count("NR")) == (cr, pr, nr)
    assert len(told) == 6


def test_sets_are_seven_seven_and_six():
    sizes = {
        group.id: sum(patient.ask(group.holds) is True for patient in COHORT.values()) for group in STUDY.analysis.sets
    }
    assert sizes == {"enrolled": 7, "safety": 7, "evaluable": 6}


def test_the_death_of_day_25_ends_both_survival_and_freedom_from_events():
    ends = {each.id: COHORT["P6"].ask(each.event) for each in STUDY.analysis.survivals}
    assert ends == {"os": "2024-11-11", "pfs": "2024-11-11", "efs": "2024-11-06"}
    assert COHORT["P6"].ask("study_day($death, $first_dose)") == 25


def test_transplantation_censors_only_when_the_study_says_so():
    patient = treated(["CR", "CR"], hsct="2024-12-20", death="2025-03-01")
    pfs = next(each for each in STUDY.analysis.survivals if each.id == "pfs")
    assert patient.ask(pfs.event) == "2025-03-01"
    other = Patient(STUDY, settings={"hsct_ends_pfs": "yes"})
    begun(other).fill("LOG.HS", HSYN="Y", HSDAT="2024-12-20").fill("LOG.DD", DTHDAT="2025-03-01")
    assert (other.ask(pfs.event), other.ask(pfs.censor)) == (None, "2024-12-20")
