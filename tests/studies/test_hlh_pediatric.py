"""Study B: who may enter, which dose, what the features say, strata, phases, endpoints, a course day by day."""

from decimal import Decimal

import pytest

from forms.authoring.load import read_study
from tests.studies.hlh import ACTIVE, D1, QUIET, examined, on, remembered, sample, treatment
from tests.studies.patient import Patient

STUDY = read_study("hlh_pediatric")

WORKUP = {
    "HLONSET": "2024-02-10",
    "HLDXDAT": "2024-03-01",
    "HLNEW": "Y",
    "HLFAM": "N",
    "HLTMAXA": "39.0",
    "HLWORSE": "Y",
    "HLIMM": "N",
    "HLTMAX": "39.6",
    "HLSPL": "Y",
    "HLSPLCM": "4",
    "HLLIV": "Y",
    "HLHGB": "80",
    "HLWBC": "1.9",
    "HLNEUT": "0.4",
    "HLPLT": "40",
    "HLTRIG": "4.0",
    "HLFAST": "Y",
    "HLFIB": "1.0",
    "HLAST": "300",
    "HLPHAGO": "Y",
    "HLPHSITE": "marrow",
    "HLNK": "10",
    "HLFERR": "8000",
    "HLSCD25": "40000",
    "HLIM": "N",
    "HLINFLA": "N",
    "HLNOINF": "N",
    "EBVWBB": "20000",
    "EBVPLB": "5000",
    "EBVVCAM": "POS",
    "EBVVCAG": "POS",
    "EBVAVID": "LOW",
    "EBVEBNA": "NEG",
    "HLCNS": "NONE",
}
CRITERIA = {f"IEI{n}": "Y" for n in range(1, 8)} | {f"IEE{n}": "N" for n in range(1, 7)}


@remembered
def child(*, weight="18.0", born="2019-06-01", consent="2024-03-02", today="2024-03-04", workup=None, settings=None):
    """Screened with active HLH; nothing decided yet."""
    patient = Patient(STUDY, today=D1.fromisoformat(today), settings=settings or {})
    patient.fill("SCR.IC", ICDAT=consent, ICBY="GUARDIAN").fill("SCR.DM", BRTHDAT=born, SEX="F")
    patient.visit("SCR", on(-1)).fill("SCR.HL", **(WORKUP | (workup or {}))).fill("LOG.CM", CMYN="N")
    sample(patient, "SCR", on(-1), ACTIVE)
    return examined(patient, "SCR", fever="39.6", spleen="4", weight=weight)


@remembered
def enrolled(**how):
    return (
        child(**how)
        .fill("SCR.PT", PTYN="N")
        .fill("SCR.IE", IEDIAL="N", IEECMO="N", IEYN="Y", ENRDAT=on(-1), **CRITERIA)
    )


@remembered
def treated(*, today="2024-05-30", **how):
    patient = enrolled(today=today, **how)
    patient.fill("LOG.RUX", RUXYN="Y")
    return patient.fill("LOG.RUX", row="r1", RUXSTDAT=on(1), RUXONGO="Y", RUXDOSE="5", RUXTIMES="2")


def seen(patient, event, day, results=QUIET, *, judged="", stratum="", deterioration="N", exam=None, **changed):
    """One visit with examination, slips and assessment."""
    patient.visit(event, on(day))
    examined(patient, event, **(exam or {}))
    sample(patient, event, on(day), results, **changed)
    patient.fill(f"{event}.RS", RSDAT=on(day), RSDET=deterioration)
    if judged:
        patient.fill(f"{event}.RS", RSINV=judged)
    if stratum:
        patient.fill(f"{event}.RS", RSSTRAT=stratum)
    return patient


# --- who may enter ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "answer"),
    [("2006-03-02", "Y"), ("2006-03-03", "Y"), ("2006-03-01", "N"), ("2024-01-20", "Y"), ("2005-03-01", "N")],
)
def test_the_eighteenth_birthday_is_the_last_day_to_enter(born, answer):
    assert child(born=born).value("SCR.DM", "AGEOK") == answer


def test_the_whole_year_of_eighteen_may_enter_when_the_sponsor_says_so():
    assert child(born="2005-03-03", settings={"age_whole": "yes"}).value("SCR.DM", "AGEOK") == "Y"
    assert child(born="2005-03-02", settings={"age_whole": "yes"}).value("SCR.DM", "AGEOK") == "N"


def test_the_data_answer_the_criteria_they_can():
    patient = enrolled()
    hints = {f"IEI{n}H": "Y" for n in range(1, 8)} | {"IEE3H": "N", "IEE4H": "N"}
    assert {name: patient.value("SCR.IE", name) for name in hints} == hints
    assert patient.rules("SCR.IE") == set()


def test_an_answer_against_the_data_is_asked_about():
    patient = enrolled(born="2006-03-01")
    assert "IE.IEI1.hint" in patient.rules("SCR.IE")


def test_eligible_against_a_criterion_blocks():
    patient = enrolled().fill("SCR.IE", IEE5="Y")
    assert "IE.IEYN.exclusion" in patient.rules("SCR.IE")
    assert "IE.IEYN.inclusion" in enrolled().fill("SCR.IE", IEI4="N").rules("SCR.IE")


@pytest.mark.parametrize(("creatinine", "gfr", "excluded"), [("268", "15.0", "N"), ("270", "14.9", "Y")])
def test_clearance_below_fifteen_is_excluded(creatinine, gfr, excluded):
    patient = enrolled().fill("SCR.CHEM", CREAT=creatinine).fill("SCR.COAG", INR="1.0")
    assert patient.value("SCR.IE", "IEGFR") == gfr
    assert patient.ask("SCR.IE.IEE4H") == excluded


def test_a_measured_clearance_goes_before_the_estimate():
    patient = enrolled().fill("SCR.IE", IEGFRM="14.9")
    assert patient.value("SCR.IE", "IEE4H") == "Y"


@pytest.mark.parametrize(("inr", "meld", "excluded"), [("2.2", "20", "N"), ("2.3", "21", "Y")])
def test_meld_above_twenty_is_excluded(inr, meld, excluded):
    patient = enrolled().fill("SCR.CHEM", BILI="60").fill("SCR.COAG", INR=inr)
    assert (patient.value("SCR.IE", "IEMELD"), patient.value("SCR.IE", "IEE4H")) == (meld, excluded)


def test_organ_function_not_known_stays_open_unless_another_part_decides():
    patient = enrolled().fill("SCR.COAG", INR="")
    assert patient.value("SCR.IE", "IEE4H") == ""
    assert patient.fill("SCR.IE", IEECMO="Y").value("SCR.IE", "IEE4H") == "Y"


def steroid(patient, **row):
    typed = {"PTDRUG": "METHYLPREDNISOLONE", "PTSTDAT": "2024-02-28", "PTENDAT": "2024-03-01", "PTMG": "28.8"}
    patient.fill("SCR.PT", PTYN="Y").fill("SCR.PT", row="p1", PTCLASS="STEROID", **(typed | row))
    return patient


@pytest.mark.parametrize(
    ("row", "allowed"),
    [
        ({"PTOUT": "NONE", "PTFEV": "N"}, "Y"),
        ({"PTOUT": "NONE", "PTFEV": "N", "PTMG": "28.7"}, "N"),
        ({"PTOUT": "NONE", "PTFEV": "N", "PTENDAT": "2024-02-29"}, "N"),
        ({"PTOUT": "IMP", "PTFEV": "Y"}, "N"),
        ({"PTOUT": "IMP", "PTFEV": "Y", "PTSTDAT": "2024-02-24"}, "Y"),
        ({"PTOUT": "IMP", "PTFEV": "N", "PTSTDAT": "2024-02-24"}, "N"),
        ({"PTOUT": "PR", "PTFEV": "Y", "PTSTDAT": "2024-02-20"}, "N"),
    ],
)
def test_steroids_before_enrolment_are_allowed_at_two_mg_per_kg_for_long_enough(row, allowed):
    patient = steroid(child(), **row)
    assert patient.value("SCR.PT", "PTALLOW", "p1") == allowed
    patient.fill("SCR.IE", ENRDAT=on(-1))
    assert patient.value("SCR.IE", "IEI6H") == allowed
    assert patient.value("SCR.IE", "IEI5H") == "Y"
    assert patient.fact("steroid") == "Y"


def test_the_dose_of_a_steroid_is_shown_as_prednisone_per_kg():
    assert steroid(child()).value("SCR.PT", "PTPRED", "p1") == "2.00"


def test_chemotherapy_before_enrolment_is_no_newly_treated_patient():
    patient = child().fill("SCR.PT", PTYN="Y").fill("SCR.PT", row="p1", PTCLASS="CHEMO", PTTRT="etoposide")
    patient.fill("SCR.IE", IEI5="Y")
    assert patient.value("SCR.IE", "IEI5H") == "N"
    assert "IE.IEI5.hint" in patient.rules("SCR.IE")


def test_below_eighteen_a_guardian_signs_and_from_eight_the_child_is_asked():
    assert "IC.ICBY.guardian" in child().fill("SCR.IC", ICBY="SELF").rules("SCR.IC")
    assert child(born="2016-03-02").cell("SCR.IC", "ICASSENT").required
    assert child(born="2016-03-03").cell("SCR.IC", "ICASSENT").hidden


# --- HLH-2004, HScore, etiology ---------------------------------------------------------------------------------------


def test_all_eight_criteria_and_the_score():
    patient = child()
    assert patient.value("SCR.HL", "HLCNT") == "8"
    assert patient.value("SCR.HL", "HLMET") == "MET"
    assert patient.value("SCR.HL", "HSCORE") == "299"


OPEN = {"HLNK": "", "HLSCD25": "", "HLPHAGO": "N", "HLPHSITE": "", "HLSPL": "N", "HLTMAX": "39.6"}


def test_tests_still_needed_are_named_while_the_criteria_are_open():
    patient = child(workup=OPEN)
    assert (patient.value("SCR.HL", "HLCNT"), patient.value("SCR.HL", "HLOPEN")) == ("4", "2")
    assert patient.value("SCR.HL", "HLMET") == "UNDETERMINED"
    assert patient.value("SCR.HL", "HLNEED") == "NK;SCD25"
    assert child(workup=OPEN | {"HLNK": "10"}).value("SCR.HL", "HLMET") == "MET"
    assert child(workup=OPEN | {"HLTMAX": "38.4", "HLNK": "20"}).value("SCR.HL", "HLMET") == "NOT_MET"


@pytest.mark.parametrize(
    ("changed", "item", "answer"),
    [
        ({"HLTMAX": "38.5"}, "HLC1", "Y"),
        ({"HLTMAX": "38.4"}, "HLC1", "N"),
        ({"HLHGB": "90", "HLPLT": "99"}, "HLC3", "Y"),
        ({"HLHGB": "90", "HLPLT": "100"}, "HLC3", "N"),
        ({"HLHGB": "89", "HLPLT": "100", "HLNEUT": "1.0"}, "HLC3", "N"),
        ({"HLTRIG": "3.0", "HLFIB": ""}, "HLC4", "Y"),
        ({"HLTRIG": "2.99", "HLFIB": ""}, "HLC4", ""),
        ({"HLTRIG": "2.99", "HLFIB": "1.5"}, "HLC4", "Y"),
        ({"HLTRIG": "2.99", "HLFIB": "1.51"}, "HLC4", "N"),
        ({"HLNK": "15.11"}, "HLC6", "N"),
        ({"HLNK": "15.10"}, "HLC6", "Y"),
        ({"HLFERR": "500"}, "HLC7", "Y"),
        ({"HLSCD25": "6399"}, "HLC8", "N"),
    ],
)
def test_each_criterion_at_its_limit(changed, item, answer):
    assert child(workup=changed).value("SCR.HL", item) == answer


def test_with_something_missing_the_score_shows_as_an_interval():
    patient = child(workup={"HLAST": ""})
    assert patient.value("SCR.HL", "HSCORE") == ""
    assert (patient.value("SCR.HL", "HSLOW"), patient.value("SCR.HL", "HSHIGH")) == ("280", "299")


@pytest.mark.parametrize(
    ("changed", "pattern", "etiology"),
    [
        ({}, "PRIMARY", "EBV"),
        ({"EBVVCAM": "NEG", "EBVAVID": "HIGH", "EBVEBNA": "POS"}, "REACTIVATED", "EBV"),
        (
            {
                "EBVVCAM": "NEG",
                "EBVAVID": "HIGH",
                "EBVEBNA": "POS",
                "EBVEBER": "POS",
                "HLIM": "Y",
                "HLLPD": "Y",
                "HLEXCL": "Y",
            },
            "REACTIVATED",
            "CAEBV",
        ),
        ({"EBVPLB": "500", "HLINFLA": "Y", "HLNOINF": "Y"}, "PRIMARY", "SAID"),
        ({"EBVPLB": "400"}, "PRIMARY", "UNKNOWN"),
    ],
)
def test_the_etiology_follows_from_its_criteria(changed, pattern, etiology):
    patient = child(workup=changed)
    assert (patient.value("SCR.HL", "EBVSERO"), patient.value("SCR.HL", "HLCLASSH")) == (pattern, etiology)


def test_enrolment_etiology_final_etiology_and_genes_stand_apart():
    patient = child(workup={"HLCLASS": "EBV"}).fill("LOG.FA", FAYN="Y")
    patient.fill("LOG.FA", row="g1", FAWHO="CHILD", FADAT=on(1), FAGENE="PRF1", FAPRIM="Y")
    patient.fill("LOG.ET", ETDAT=on(1), ETCLASS="EBV")
    assert [patient.fact(name) for name in ("etiology", "final_etiology", "primary_gene")] == ["EBV", "EBV", "Y"]
    assert "ET.ETCLASS.gene" in patient.rules("LOG.ET")
    assert patient.value("SCR.HL", "HLMET") == "MET"


def test_a_gene_alone_is_no_diagnosis_unless_the_study_says_so():
    few = OPEN | {"HLNK": "20", "HLSCD25": "3000"}
    for answer, met in (("no", "NOT_MET"), ("yes", "MET")):
        patient = child(workup=few, settings={"molecular_shortcut": answer}).fill("LOG.FA", FAYN="Y")
        patient.fill("LOG.FA", row="g1", FAWHO="CHILD", FADAT=on(1), FAGENE="PRF1", FAPRIM="Y")
        assert patient.value("SCR.HL", "HLMET") == met


# --- dose -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weight", "dose"),
    [("4.2", "2.5"), ("10.0", "2.5"), ("10.1", "5"), ("20.0", "5"), ("20.1", "10"), ("45.7", "10")],
)
def test_the_dose_follows_the_weight_at_enrolment(weight, dose):
    assert child(weight=weight).ask("$planned_dose") == Decimal(dose)


def test_a_dose_that_is_not_the_planned_one_needs_a_reason():
    patient = treated(weight="20.1")
    assert patient.value("LOG.RUX", "RUXDEV", "r1") == "-50.0"
    assert patient.cell("LOG.RUX", "RUXRS", "r1").required
    assert not treated(weight="20.0").cell("LOG.RUX", "RUXRS", "r1").required


def test_crossing_a_weight_limit_is_only_told():
    patient = treated(weight="20.0").visit("D7", on(7))
    examined(patient, "D7", weight="20.4")
    found = {finding.rule: finding.severity for finding in patient.sheet("D7.VS").findings}
    assert found["VS.WEIGHT.band"] == "note"
    assert patient.ask("$planned_dose") == 5


def test_etoposide_is_planned_by_surface_and_its_doses_are_numbered():
    patient = treated().fill("LOG.TX", TXYN="Y")
    for row, day in (("a", 5), ("b", 8), ("c", 12)):
        patient.fill("LOG.TX", row=row, TXDRUG="VP16", TXDAT=on(day), TXDOSE="74", TXDOSU="MG")
    assert patient.value("LOG.TX", "TXPLAN", "a") == "74.2"
    assert [patient.value("LOG.TX", "TXNO", row) for row in "abc"] == ["1", "2", "3"]
    assert [patient.value("LOG.TX", "TXWEEK", row) for row in "abc"] == ["1", "1", "2"]
    assert patient.ask("$vp_doses") == 3


def test_a_dose_keeps_the_size_of_its_day_when_the_child_grows():
    patient = treated().fill("LOG.TX", TXYN="Y").fill("LOG.ST", STYN="Y")
    patient.fill("LOG.TX", row="a", TXDRUG="VP16", TXDAT=on(5), TXDOSE="74", TXDOSU="MG")
    patient.fill("LOG.ST", row="a", STDRUG="METHYLPREDNISOLONE", STPURP="INTENSIVE", STSTDAT=on(5), STMG="36")
    before = [
        patient.value(*where, "a") for where in (("LOG.TX", "TXPLAN"), ("LOG.ST", "STMGKG"), ("LOG.ST", "STPRED"))
    ]
    examined(patient.visit("SMP", on(20)), "SMP", weight="24.0")
    assert patient.ask("$weight = 24") is True
    after = [patient.value(*where, "a") for where in (("LOG.TX", "TXPLAN"), ("LOG.ST", "STMGKG"), ("LOG.ST", "STPRED"))]
    assert before == after == ["74.2", "2.00", "2.50"]


def test_a_daily_steroid_is_shown_per_kg_and_as_prednisone():
    patient = treated().fill("LOG.ST", STYN="Y")
    patient.fill("LOG.ST", row="s", STDRUG="METHYLPREDNISOLONE", STPURP="BEFORE", STSTDAT=on(1), STONGO="Y", STMG="36")
    assert (patient.value("LOG.ST", "STMGKG", "s"), patient.value("LOG.ST", "STPRED", "s")) == ("2.00", "2.50")


# --- response feature by feature --------------------------------------------------------------------------------------


def states(patient, event):
    names = ("FEV", "SPL", "NEUT", "PLT", "HGB", "FIB", "DDI", "FERR", "TRIG", "SCD", "CNS")
    return {name: patient.value(f"{event}.RS", f"RS{name}S") for name in names}


def test_everything_back_to_normal_is_complete_response():
    patient = seen(treated(), "D14", 14)
    assert set(states(patient, "D14").values()) == {"NORMAL"}
    assert patient.value("D14.RS", "RSNABN") == "10"
    assert patient.value("D14.RS", "RSCALC") == "CR"


@pytest.mark.parametrize(
    ("item", "result", "feature", "state"),
    [
        ("NEUT", "1.0", "NEUT", "NORMAL"),
        ("NEUT", "0.99", "NEUT", "IMPROVED"),
        ("NEUT", "0.7", "NEUT", "IMPROVED"),
        ("NEUT", "0.69", "NEUT", "UNCHANGED"),
        ("NEUT", "0.2", "NEUT", "WORSE"),
        ("NEUT", "0.21", "NEUT", "UNCHANGED"),
        ("PLT", "100", "PLT", "NORMAL"),
        ("PLT", "70", "PLT", "IMPROVED"),
        ("PLT", "69", "PLT", "UNCHANGED"),
        ("PLT", "20", "PLT", "WORSE"),
        ("HGB", "90", "HGB", "NORMAL"),
        ("HGB", "85", "HGB", "IMPROVED"),
        ("HGB", "84", "HGB", "UNCHANGED"),
        ("FIBRINO", "1.51", "FIB", "NORMAL"),
        ("FIBRINO", "1.5", "FIB", "IMPROVED"),
        ("FIBRINO", "1.24", "FIB", "UNCHANGED"),
        ("FIBRINO", "0.5", "FIB", "WORSE"),
        ("DDIMER", "0.49", "DDI", "NORMAL"),
        ("DDIMER", "2.0", "DDI", "IMPROVED"),
        ("DDIMER", "2.1", "DDI", "UNCHANGED"),
        ("DDIMER", "6.0", "DDI", "WORSE"),
        ("FERRITIN", "500", "FERR", "NORMAL"),
        ("FERRITIN", "4000", "FERR", "IMPROVED"),
        ("FERRITIN", "4001", "FERR", "UNCHANGED"),
        ("FERRITIN", "12000", "FERR", "WORSE"),
        ("FERRITIN", ">100000", "FERR", "WORSE"),
        ("TRIG", "2.99", "TRIG", "NORMAL"),
        ("TRIG", "3.0", "TRIG", "UNCHANGED"),
        ("TRIG", "6.0", "TRIG", "WORSE"),
        ("SCD25", "6400", "SCD", "NORMAL"),
        ("SCD25", "20000", "SCD", "IMPROVED"),
        ("SCD25", "60000", "SCD", "WORSE"),
        ("PLT", "", "PLT", "UNKNOWN"),
        ("FERRITIN", "", "FERR", "UNKNOWN"),
    ],
)
def test_each_feature_at_its_limits(item, result, feature, state):
    patient = seen(treated(), "D3", 3, **{item: result})
    assert patient.value("D3.RS", f"RS{feature}S") == state


@pytest.mark.parametrize(
    ("fever", "spleen", "wanted"),
    [
        ("37.4", "2", ("NORMAL", "IMPROVED")),
        ("37.5", "3", ("UNCHANGED", "UNCHANGED")),
        ("36.9", "6", ("NORMAL", "WORSE")),
    ],
)
def test_fever_and_spleen(fever, spleen, wanted):
    patient = seen(treated(), "D3", 3, exam={"fever": fever, "spleen": spleen})
    assert (states(patient, "D3")["FEV"], states(patient, "D3")["SPL"]) == wanted


def test_fever_that_had_gone_and_is_back_is_worse():
    patient = seen(treated(), "D3", 3, exam={"fever": "36.9"})
    assert states(seen(patient, "D7", 7, exam={"fever": "38.9"}), "D7")["FEV"] == "WORSE"


def test_worse_is_measured_against_the_best_result_so_far():
    patient = seen(treated(), "D3", 3, ACTIVE, FERRITIN="1000")
    seen(patient, "D7", 7, ACTIVE, FERRITIN="1500")
    assert states(patient, "D7")["FERR"] == "WORSE"
    patient = seen(treated(settings={"rs_worse_against": "baseline"}), "D3", 3, ACTIVE, FERRITIN="1000")
    assert states(seen(patient, "D7", 7, ACTIVE, FERRITIN="1500"), "D7")["FERR"] == "IMPROVED"


@pytest.mark.parametrize(
    ("kind", "item", "days", "before", "after"),
    [
        ("PLT", "PLT", 4, "IMPROVED", "NORMAL"),
        ("RBC", "HGB", 7, "IMPROVED", "NORMAL"),
        ("GCSF", "NEUT", 4, "IMPROVED", "NORMAL"),
        ("FIBRINOGEN", "FIB", 4, "IMPROVED", "NORMAL"),
        ("PLASMA", "FIB", 4, "IMPROVED", "NORMAL"),
    ],
)
def test_a_result_under_support_is_held_one_step_lower_for_its_days(kind, item, days, before, after):
    within = treatment(treated(), "c1", kind, on(14 - days), on(14 - days))
    assert states(seen(within, "D14", 14), "D14")[item] == before
    assert within.value("D14.RS", f"RS{item}U") == "Y"
    assert within.value("D14.RS", "RSCALC") == "PR"
    outside = treatment(treated(), "c1", kind, on(13 - days), on(13 - days))
    assert states(seen(outside, "D14", 14), "D14")[item] == after


def test_support_that_lasts_counts_to_its_end():
    patient = treatment(treated(), "c1", "GCSF", on(3), on(11))
    assert states(seen(patient, "D14", 14), "D14")["NEUT"] == "IMPROVED"


@pytest.mark.parametrize(("policy", "state"), [("counts", "NORMAL"), ("unknown", "UNKNOWN"), ("lower", "IMPROVED")])
def test_what_support_means_is_a_setting(policy, state):
    patient = treatment(treated(settings={"support_policy": policy}), "c1", "PLT", on(12), on(12))
    assert states(seen(patient, "D14", 14), "D14")["PLT"] == state


def test_while_nobody_said_whether_there_was_support_nothing_normal_is_believed():
    patient = treated().fill("LOG.CM", CMYN="")
    seen(patient, "D14", 14)
    assert states(patient, "D14")["PLT"] == "UNKNOWN"
    assert patient.value("D14.RS", "RSCALC") == ""
    assert patient.fill("LOG.CM", CMYN="N").value("D14.RS", "RSCALC") == "CR"


def test_an_antipyretic_holds_the_temperature_back():
    patient = seen(treated(), "D14", 14, exam={"antipyretic": "Y"})
    assert (states(patient, "D14")["FEV"], patient.value("D14.RS", "RSCALC")) == ("IMPROVED", "PR")


def test_the_response_baseline_is_the_worst_result_without_support():
    patient = treated()
    treatment(patient, "c1", "PLT", on(-3), on(-3))
    patient.visit("SMP", on(-2))
    sample(patient, "SMP", on(-2), {"HEM": {"WBC": "2", "HGB": "70", "PLT": "20", "NEUT": "0.3"}})
    assert patient.ask("$rb_plt") == 40
    assert patient.ask("$rb_hgb") == 70
    assert patient.ask("baseline(HEM.PLT)") == 40


def test_a_sample_between_visits_serves_the_assessment():
    patient = treated().visit("D7", on(7)).visit("SMP", on(6))
    examined(patient, "D7")
    sample(patient, "SMP", on(6), QUIET)
    patient.fill("D7.HEM", LBPERF="SHARED").fill("D7.RS", RSDAT=on(7), RSDET="N")
    assert patient.value("D7.RS", "RSCALC") == "CR"
    assert patient.sheet("D7.HEM").complete_blockers() == ()


def test_a_result_too_old_does_not_serve():
    patient = treated().visit("D7", on(7)).visit("SMP", on(3))
    examined(patient, "D7")
    sample(patient, "SMP", on(3), QUIET)
    patient.fill("D7.RS", RSDAT=on(7), RSDET="N")
    assert states(patient, "D7")["PLT"] == "UNKNOWN"


def test_deterioration_and_new_signs_of_the_nervous_system_are_progression():
    assert seen(treated(), "D7", 7, deterioration="Y").value("D7.RS", "RSCALC") == "PD"
    patient = seen(treated(), "D7", 7).fill("D7.RS", RSCNS="WORSE")
    assert patient.value("D7.RS", "RSCALC") == "PD"


def test_involvement_of_the_nervous_system_must_resolve_for_complete_response():
    patient = seen(treated(workup={"HLCNS": "MILD"}), "D14", 14)
    assert patient.cell("D14.RS", "RSCNS").required
    assert patient.value("D14.RS", "RSCALC") == ""
    assert patient.fill("D14.RS", RSCNS="IMPROVED").value("D14.RS", "RSCALC") == "PR"
    assert patient.fill("D14.RS", RSCNS="NORMAL").value("D14.RS", "RSCALC") == "CR"


def test_relapse_needs_three_features_after_complete_response():
    patient = seen(treated(), "D14", 14, judged="CR")
    seen(patient, "D21", 21, ACTIVE)
    assert patient.value("D21.RS", "RSCALC") == "REL"
    patient = seen(treated(), "D14", 14, judged="CR")
    assert seen(patient, "D21", 21, PLT="80", FERRITIN="900").value("D21.RS", "RSCALC") != "REL"


def test_another_judgement_needs_a_reason():
    patient = seen(treated(), "D14", 14, judged="PR")
    assert "RS.RSINV.differs" in patient.rules("D14.RS")
    assert patient.cell("D14.RS", "RSRSN").required
    assert "RS.RSINV.differs" not in patient.fill("D14.RS", RSRSN="liver still large").rules("D14.RS")


# --- strata -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "day", "judged", "stratum"),
    [
        ("D2", 2, "NR", "PEND"),
        ("D3", 3, "NR", "UNF"),
        ("D3", 3, "IMP", "PEND"),
        ("D7", 7, "IMP", "UNF"),
        ("D7", 7, "PR", "PEND"),
        ("D14", 14, "CR", "FAV"),
        ("D7", 7, "PD", "UNF"),
        ("D28", 28, "PR", "PEND"),
    ],
)
def test_the_stratum_by_class_and_day(event, day, judged, stratum):
    patient = seen(treated(), event, day, judged=judged)
    assert patient.value(f"{event}.RS", "RSSTRH") == stratum


def test_at_day_28_partial_response_forces_a_decision():
    patient = seen(treated(), "D28", 28, judged="PR", stratum="PEND")
    blocked = [finding.rule for finding in patient.sheet("D28.RS").complete_blockers()]
    assert "RS.RSSTRAT.forced" in blocked
    patient.fill("D28.RS", RSSTRAT="UNF", RSSTRSN="fever returned")
    assert "RS.RSSTRAT.forced" not in patient.rules("D28.RS")
    assert "RS.RSSTRAT.forced" not in seen(treated(), "D21", 21, judged="PR", stratum="PEND").rules("D21.RS")


def test_a_decision_against_the_stratum_needs_a_reason():
    patient = seen(treated(), "D7", 7, judged="PR", stratum="UNF")
    assert "RS.RSSTRAT.differs" in patient.rules("D7.RS")


def test_unfavorable_without_additional_treatment_is_asked_about_after_three_days():
    patient = seen(treated(today="2024-03-09"), "D3", 3, judged="NR", stratum="UNF")
    assert "RS.RSSTRAT.switch" not in patient.rules("D3.RS")
    patient = seen(treated(today="2024-03-10"), "D3", 3, judged="NR", stratum="UNF")
    told = {finding.rule: finding.severity for finding in patient.sheet("D3.RS").findings}
    assert told["RS.RSSTRAT.switch"] == "note"


def test_days_may_be_counted_after_the_first_dose_instead():
    patient = seen(treated(settings={"day_numbering": "days_after"}), "D3", 3, judged="NR")
    assert (patient.value("D3.RS", "RSDY"), patient.value("D3.RS", "RSSTRH")) == ("2", "PEND")
    assert patient.visits()[("D7", "1")].planned.isoformat() == on(8)


# --- endpoints --------------------------------------------------------------------------------------------------------


def switched(patient, day):
    """Additional treatment begins."""
    patient.fill("LOG.TX", TXYN="Y")
    return patient.fill("LOG.TX", row="t1", TXDRUG="VP16", TXDAT=on(day), TXDOSE="74", TXDOSU="MG")


def endpoints(patient):
    return {entry.id: (patient.ask(entry.event), patient.ask(entry.censor)) for entry in STUDY.analysis.survivals}


def test_a_favorable_course_has_no_event():
    patient = seen(seen(treated(), "D3", 3, judged="PR"), "D28", 28, judged="CR", stratum="FAV")
    assert [patient.fact(name) for name in ("frontline_best", "first_response", "stratum", "overall")] == [
        "CR",
        on(3),
        "FAV",
        "CR",
    ]
    assert endpoints(patient)["efs_front"] == (None, on(28))


def test_no_response_counts_one_day_after_the_first_dose():
    patient = switched(seen(treated(), "D3", 3, ACTIVE, judged="NR", exam={"fever": "39", "spleen": "4"}), 4)
    assert patient.fact("frontline_best") == "NR"
    assert endpoints(patient)["efs_front"][0] == on(2)


def test_partial_response_that_progressed_has_its_event_then():
    patient = seen(seen(treated(), "D3", 3, judged="PR"), "D14", 14, judged="PD").fill("D14.RS", RSRELDAT=on(13))
    switched(patient, 15)
    assert patient.fact("frontline_best") == "PR"
    assert endpoints(patient)["efs_front"][0] == on(13)


@pytest.mark.parametrize(
    ("policy", "event", "censor"), [("censor", None, on(7)), ("event", on(7), on(7)), ("ignore", None, on(7))]
)
def test_improvement_then_additional_treatment_counts_as_the_setting_says(policy, event, censor):
    patient = switched(seen(treated(settings={"efs_switch": policy}), "D3", 5, judged="IMP"), 7)
    assert patient.fact("frontline_best") == "IMP"
    assert endpoints(patient)["efs_front"] == (event, censor)


def test_an_assessment_after_additional_treatment_is_no_frontline_response():
    patient = switched(seen(treated(), "D3", 3, judged="NR"), 4)
    seen(patient, "W2", 18, judged="CR")
    assert [patient.fact(name) for name in ("frontline_best", "week8", "overall")] == ["NR", "CR", "CR"]


def test_refractory_is_told_once_week_eight_is_past():
    patient = switched(seen(treated(today="2024-05-09"), "D3", 3, judged="NR"), 4)
    assert patient.fact("week8") is None
    patient = switched(seen(treated(today="2024-05-10"), "D3", 3, judged="NR"), 4)
    assert seen(patient, "W8", 60, judged="PR").fact("week8") == "REFR"
    assert switched(seen(treated(today="2024-05-30"), "D3", 3, judged="NR"), 4).fact("week8") == "REFR"


def test_an_excluded_subject_stays_enrolled_but_leaves_the_primary_analysis():
    patient = treated().fill("LOG.AS", ASDEC="OUT", ASRS="VIOLATION", ASDAT=on(30))
    holds = {entry.id: patient.ask(entry.holds) for entry in STUDY.analysis.sets}
    assert holds == {"enrolled": True, "primary": False, "safety": False, "intensive": False}


# --- a course day by day ----------------------------------------------------------------------------------------------


def plan(patient):
    return {
        event: visit.status
        for (event, _), visit in patient.visits().items()
        if visit.status not in ("added", "not_expected")
    }


def test_before_the_first_dose_the_frontline_days_are_projected():
    visits = enrolled(today=on(-1)).visits()
    assert visits[("D1", "1")].status == "due"
    assert visits[("D28", "1")].planned.isoformat() == on(27)
    assert visits[("W1", "1")].status == "not_expected"


def test_a_frontline_course_day_by_day():
    def at(day, *done):
        patient = treated(today=on(day))
        for number in done:
            seen(patient, f"D{number}", number, judged="PR" if number < 21 else "CR")
        return plan(patient)

    assert at(2, 1)["D2"] == "due"
    assert at(3, 1, 2)["D3"] == "due"
    assert at(4, 1, 2)["D3"] == "due"
    assert at(5, 1, 2)["D3"] == "overdue"
    assert at(5, 1, 2, 3)["D7"] == "upcoming"
    assert [at(day, 1, 2, 3)["D7"] for day in (6, 8, 9)] == ["due", "due", "overdue"]
    assert at(16, 1, 2, 3, 14)["D7"] == "missed"
    assert at(25, 1, 2, 3, 7, 14, 21)["D28"] == "due"
    assert at(32, 1, 2, 3, 7, 14, 21)["D28"] == "overdue"
    assert at(28, 1, 2, 3, 7, 14, 21, 28)["D28"] == "done"


def test_after_the_switch_weeks_count_from_additional_treatment():
    patient = switched(seen(seen(treated(today=on(20)), "D2", 2, judged="NR"), "D3", 3, judged="NR", stratum="UNF"), 5)
    visits = patient.visits()
    assert visits[("D7", "1")].status == "not_expected"
    assert visits[("D28", "1")].status == "not_expected"
    assert visits[("W1", "1")].planned.isoformat() == on(12)
    assert visits[("W8", "1")].planned.isoformat() == on(61)
    assert [visits[(f"W{n}", "1")].status for n in (1, 2, 3)] == ["overdue", "due", "upcoming"]
    assert visits[("S2", "1")].status == "not_expected"
    assert (patient.fact("status"), patient.ask("$intensive_week")) == ("INTENSIVE", 3)


def test_of_the_weeks_of_intensive_treatment_the_second_fourth_and_eighth_are_judged():
    judged = {
        event.id: next(entry.required for entry in event.forms if entry.form == "RS")
        for event in STUDY.events
        if event.id in {f"W{week}" for week in range(1, 9)}
    }
    assert [event for event, required in judged.items() if required] == ["W2", "W4", "W8"]


def test_salvage_has_an_origin_of_its_own():
    patient = switched(treated(today=on(40)), 5)
    patient.fill("LOG.TX", row="t2", TXDRUG="LDOX", TXDAT=on(30), TXDOSE="15", TXDOSU="MG")
    visits = patient.visits()
    assert visits[("S2", "1")].planned.isoformat() == on(44)
    assert visits[("S8", "1")].planned.isoformat() == on(86)
    assert patient.fact("status") == "SALVAGE"


def test_after_transplantation_days_count_from_a_day_zero():
    patient = switched(treated(today=on(112)), 5).fill("LOG.HS", HSYN="Y", HSDAT=on(50), HSRUX=on(49))
    visits = patient.visits()
    assert visits[("W8", "1")].status == "not_expected"
    assert visits[("T60", "1")].planned.isoformat() == on(110)
    assert visits[("T60", "1")].status == "due"
    patient.visit("T60", on(110)).fill("T60.HC", HCDAT=on(110))
    assert patient.value("T60.HC", "HCDAY") == "60"
    assert patient.ask("$hsct_day") == 62
    assert "HS.HSRUX.order" not in patient.rules("LOG.HS")
    assert "HS.HSRUX.order" in patient.fill("LOG.HS", HSRUX=on(50)).rules("LOG.HS")


def test_follow_up_counts_from_the_end_of_treatment_and_ends_with_death():
    patient = treated(today=on(120)).fill("LOG.DS", EOTDAT=on(28), EOTRS="COMPLETED")
    assert patient.visits()[("FU03", "1")].planned.isoformat() == on(119)
    assert patient.visits()[("FU03", "1")].status == "due"
    patient.fill("LOG.DD", DTHDAT=on(100), DTHCAUS="HLH")
    statuses = {event: visit.status for (event, _), visit in patient.visits().items()}
    assert statuses["FU03"] == "not_expected"
    assert statuses["FU02"] == "overdue"
    assert patient.fact("status") == "DEAD"


def test_a_recorded_missed_visit_is_missed():
    patient = treated(today=on(10)).fill("D7.SV", SVPERF="N", SVMISS="CONDITION")
    assert patient.visits()[("D7", "1")].status == "missed"


# --- ranges -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "low", "high"),
    [
        ("2023-12-01", "97", "183"),
        ("2023-08-01", "97", "141"),
        ("2022-06-01", "107", "141"),
        ("2019-06-01", "112", "149"),
        ("2012-06-01", "118", "156"),
        ("2009-06-01", "114", "154"),
        ("2006-03-04", "114", "154"),
        ("2006-03-03", "115", "150"),
    ],
)
def test_limits_follow_age(born, low, high):
    limits = child(born=born).cell("SCR.HEM", "HGB").range
    assert (str(limits.low), str(limits.high)) == (low, high)


def test_limits_are_dated():
    patient = child()
    assert all(entry.valid_from for entry in STUDY.ranges)
    patient.fill("SCR.HEM", LBDAT="2018-12-31")
    assert patient.cell("SCR.HEM", "HGB").range is None


def test_graded_results_use_the_limits_of_the_child():
    patient = child()
    assert patient.grades("SCR.HEM", "PLT") == {"Platelet count decreased": 3}
    assert patient.grades("SCR.CHEM", "ALT")["Alanine aminotransferase increased"] == 3


@pytest.mark.parametrize(
    ("action", "interval", "asked"),
    [
        ("REDUCED", {"RUXADJ": "NONE"}, "reduced"),
        ("REDUCED", {"RUXADJ": "RED"}, ""),
        ("INTERRUPTED", {"RUXADJ": "NONE"}, "interrupted"),
        ("INTERRUPTED", {"RUXADJ": "INT"}, ""),
        ("WITHDRAWN", {"RUXONGO": "Y"}, "withdrawn"),
        ("WITHDRAWN", {"RUXONGO": "N", "RUXENDAT": on(9)}, ""),
        ("NOT_CHANGED", {"RUXADJ": "NONE"}, ""),
    ],
)
def test_what_an_event_did_to_the_drug_must_be_in_the_record_of_the_drug(action, interval, asked):
    patient = treated().fill("LOG.RUX", row="r1", **interval)
    patient.fill("LOG.AE", AEYN="Y").fill("LOG.AE", row="a", AETERM="x", AESTDAT=on(8), AEACNRUX=action)
    told = {rule for rule in patient.rules("LOG.AE") if rule.startswith("AE.AEACNRUX")}
    assert told == ({f"AE.AEACNRUX.{asked}"} if asked else set())


@pytest.mark.parametrize(("platelets", "told"), [("49", True), ("50", False)])
def test_an_anticoagulant_below_fifty_platelets_is_told(platelets, told):
    patient = treated()
    sample(patient, "D3", on(3), {"HEM": ACTIVE["HEM"]}, PLT=platelets)
    treatment(patient, "h", "ANTICOAG", on(4))
    assert ("CM.CMCLASS.anticoagulant" in patient.rules("LOG.CM")) is told


def test_the_screening_log_follows_the_eligibility_form():
    patient = child().fill("SCR.SL", SLDAT=on(-1), SLAGAIN="N")
    assert patient.value("SCR.SL", "SLOUT") == "PENDING"
    patient.fill("SCR.IE", **(CRITERIA | {"IEI6": "N"}), IEYN="N", IEDAT=on(-1))
    assert patient.value("SCR.SL", "SLOUT") == "FAILED"


def test_a_death_without_the_end_of_the_study_is_told_after_a_month():
    patient = treated(today=on(60)).fill("LOG.DD", DTHDAT=on(29), DTHCAUS="HLH", DTHREL="UNRELATED", DTHTX="x")
    assert "DD.DTHDAT.end" in patient.rules("LOG.DD")
    patient.fill("LOG.DS", EOTDAT=on(29), EOTRS="DEATH", EOSDAT=on(29), EOSRS="DEATH")
    assert "DD.DTHDAT.end" not in patient.rules("LOG.DD")


def test_drugs_of_a_serious_event_belong_to_one_of_the_log():
    patient = treated().fill("LOG.AE", AEYN="Y").fill("LOG.AE", row="a", AETERM="x", AESTDAT=on(8), AESER="Y")
    patient.fill("LOG.SD", SDYN="Y").fill("LOG.SD", row="a", SDNO="2", SDDRUG="RUX")
    assert "SD.SDNO.known" in patient.rules("LOG.SD")
    patient.fill("LOG.SD", row="a", SDNO="1")
    assert "SD.SDNO.known" not in patient.rules("LOG.SD")
