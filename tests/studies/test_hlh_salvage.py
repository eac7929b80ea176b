"""Study C: who may enter, which dose, the 24 hours, Marsh's markers, weeks, best response, a course day by day."""

from decimal import Decimal

import pytest

from forms.authoring.load import read_study
from tests.studies.hlh import ACTIVE, D1, QUIET, examined, on, remembered, sample, treatment
from tests.studies.patient import Patient

STUDY = read_study("hlh_salvage")

WORKUP = {
    "HLONSET": "2023-12-10",
    "HLDXDAT": "2024-01-05",
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
    "HLFIB": "1.0",
    "HLAST": "300",
    "HLPHAGO": "Y",
    "HLNK": "10",
    "HLFERR": "8000",
    "HLSCD25": "40000",
    "HLCLASS": "EBV",
    "HLCNS": "NONE",
}
CRITERIA = {f"IEI{n}": "Y" for n in range(1, 6)} | {"IEE1": "N", "IEE2": "N"}


@remembered
def person(*, weight="60.0", born="1995-06-01", consent="2024-03-02", today="2024-03-04", workup=None, settings=None):
    """Screened with active HLH; nothing decided yet."""
    patient = Patient(STUDY, today=D1.fromisoformat(today), settings=settings or {})
    patient.fill("SCR.IC", ICDAT=consent, ICBY="SELF").fill("SCR.DM", BRTHDAT=born, SEX="F")
    patient.visit("SCR", on(-1)).fill("SCR.HL", **(WORKUP | (workup or {}))).fill("LOG.CM", CMYN="N")
    sample(patient, "SCR", on(-1), ACTIVE)
    patient.fill("SCR.US", USPERF="Y", USDAT=on(-1), USTHICK="5.0", USSPL="ENLARGED")
    return examined(patient, "SCR", fever="39.6", spleen="4", weight=weight)


def regimen(patient, **row):
    typed = {"PTREG": "HLH94", "PTSTDAT": "2024-02-01", "PTRESP": "NONE"}
    return patient.fill("SCR.PT", PTYN="Y").fill("SCR.PT", row="p1", **(typed | row))


@remembered
def enrolled(**how):
    return regimen(person(**how)).fill("SCR.IE", IEYN="Y", ENRDAT=on(-1), **CRITERIA)


@remembered
def treated(*, today="2024-07-30", **how):
    patient = enrolled(today=today, **how).fill("LOG.RUX", RUXYN="Y")
    return patient.fill("LOG.RUX", row="r1", RUXSTDAT=on(1), RUXONGO="Y", RUXDOSE="10", RUXTIMES="2")


def week(patient, number, results=QUIET, *, judged="", progression="N", day=0, exam=None, **changed):
    """The visit of a week with its assessment."""
    event, at = f"W{number}", on(day or 7 * number + 1)
    patient.visit(event, at)
    examined(patient, event, **({"weight": "60.0"} | (exam or {})))
    sample(patient, event, at, results, **changed)
    patient.fill(f"{event}.RS", RSDAT=at, RSHLHD=progression)
    return patient.fill(f"{event}.RS", RSINV=judged) if judged else patient


# --- who may enter ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "answer"),
    [
        ("2023-03-03", "N"),
        ("2023-03-02", "N"),
        ("2023-03-01", "Y"),
        ("1949-03-03", "Y"),
        ("1949-03-02", "N"),
        ("1990-01-01", "Y"),
    ],
)
def test_older_than_one_and_younger_than_seventy_five(born, answer):
    assert person(born=born).value("SCR.DM", "AGEOK") == answer


@pytest.mark.parametrize(
    ("row", "hint", "status"),
    [
        ({}, "Y", "REFR"),
        ({"PTSTDAT": "2024-02-18"}, "Y", "REFR"),
        ({"PTSTDAT": "2024-02-19"}, "N", "REFR"),
        ({"PTRESP": "PR"}, "N", ""),
        ({"PTRESP": "PR", "PTRELDAT": "2024-02-25"}, "Y", "REL"),
        ({"PTREG": "DEP"}, "N", ""),
    ],
)
def test_hlh_94_for_two_weeks_without_success_or_relapsed(row, hint, status):
    patient = regimen(person(), **row).fill("SCR.IE", IEYN="Y", ENRDAT=on(-1))
    assert patient.value("SCR.IE", "IEI3H") == hint
    assert patient.value("SCR.PT", "PTSTATH") == status


def test_the_data_answer_the_criteria_they_can():
    patient = enrolled()
    hints = {"IEI1H": "Y", "IEI2H": "Y", "IEI3H": "Y", "IEI5H": "Y"}
    assert {name: patient.value("SCR.IE", name) for name in hints} == hints
    assert patient.rules("SCR.IE") == set()
    assert "IE.IEYN.exclusion" in patient.fill("SCR.IE", IEE2="Y").rules("SCR.IE")


def test_a_child_needs_a_guardian():
    assert "IC.ICBY.guardian" in person(born="2012-01-01").rules("SCR.IC")


def test_ebv_hlh_without_ebv_is_asked_about():
    assert "HL.HLCLASS.ebv" in person(workup={"EBVWBB": "300", "EBVPLB": "400"}).rules("SCR.HL")
    assert "HL.HLCLASS.ebv" not in person(workup={"EBVWBB": "3000", "EBVPLB": "400"}).rules("SCR.HL")


# --- dose -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "weight", "dose"),
    [
        ("2010-03-02", "24.9", "10"),
        ("2010-03-03", "25.0", "5"),
        ("2010-03-03", "24.9", "2.5"),
        ("2010-03-03", "60.0", "5"),
        ("2021-01-01", "14.0", "2.5"),
        ("1960-01-01", "60.0", "10"),
    ],
)
def test_the_usual_dose_by_age_fourteen_and_twenty_five_kilograms(born, weight, dose):
    assert person(born=born, weight=weight).ask("$planned_dose") == Decimal(dose)


def test_another_dose_needs_a_reason_and_is_no_error():
    patient = treated(born="2015-01-01", weight="30.0")
    assert patient.cell("LOG.RUX", "RUXRS", "r1").required
    assert {finding.severity for finding in patient.sheet("LOG.RUX").findings} <= {"note", "query"}


def test_ruxolitinib_stops_one_day_before_the_cells():
    patient = treated().fill("LOG.RUX", row="r1", RUXONGO="N", RUXENDAT=on(30)).fill("LOG.HS", HSYN="Y", HSDAT=on(31))
    assert "RUX.RUXENDAT.hsct" not in patient.rules("LOG.RUX")
    assert "RUX.RUXENDAT.hsct" in patient.fill("LOG.HS", HSDAT=on(30)).rules("LOG.RUX")


# --- 24 hours and nine markers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("reading", "afebrile"), [("37.4", "Y"), ("37.5", "N"), ("39.0", "N")])
def test_the_temperature_at_24_hours(reading, afebrile):
    patient = treated().visit("H24", on(2)).fill("H24.TF", TFDAT=on(2), TFBASE="39.6", TFTEMP=reading, TFANTI="N")
    assert patient.fact("afebrile") == afebrile


def test_nine_markers_stand_side_by_side_with_what_is_missing():
    patient = week(treated(), 2, SCD25="").fill("W2.US", USPERF="Y", USDAT=on(15), USTHICK="4.0", USSPL="NORMAL")
    patient.fill("W2.NM", NMDAT=on(15))
    assert patient.value("W2.NM", "NMKNOWN") == "8"
    assert (patient.value("W2.NM", "NMFERRP"), patient.value("W2.NM", "NMFERRN")) == ("8000", "120")
    assert patient.value("W2.NM", "NMFERR") == "-98.5"
    assert patient.value("W2.NM", "NMSPL") == "-20.0"
    assert patient.cell("W2.NM", "NMMISS").required


def test_the_spleen_may_be_measured_below_the_rib_instead():
    patient = week(treated(settings={"spleen_measure": "margin"}), 2, exam={"spleen": "1"}).fill("W2.NM", NMDAT=on(15))
    assert patient.value("W2.NM", "NMSPL") == "-75.0"


# --- Marsh feature by feature -----------------------------------------------------------------------------------------


def states(patient, number):
    names = ("FEV", "SCD", "FERR", "TRIG", "NEUT", "ALT", "PLT", "HGB")
    return {name: patient.value(f"W{number}.RS", f"RS{name}S") for name in names}


def test_everything_normal_is_complete_response():
    patient = week(treated(), 2)
    assert set(states(patient, 2).values()) == {"NORMAL"}
    assert patient.value("W2.RS", "RSCALC") == "CR"


@pytest.mark.parametrize(
    ("item", "result", "feature", "improved", "state"),
    [
        ("SCD25", "26666", "SCD", "Y", "IMPROVED"),
        ("SCD25", "26667", "SCD", "N", "UNCHANGED"),
        ("SCD25", "6400", "SCD", "Y", "NORMAL"),
        ("SCD25", "60000", "SCD", "N", "WORSE"),
        ("FERRITIN", "6000", "FERR", "Y", "IMPROVED"),
        ("FERRITIN", "6001", "FERR", "N", "UNCHANGED"),
        ("FERRITIN", "12000", "FERR", "N", "WORSE"),
        ("FERRITIN", "500", "FERR", "Y", "NORMAL"),
        ("TRIG", "3.0", "TRIG", "Y", "IMPROVED"),
        ("TRIG", "3.01", "TRIG", "N", "UNCHANGED"),
        ("TRIG", "6.0", "TRIG", "N", "WORSE"),
        ("NEUT", "0.8", "NEUT", "Y", "IMPROVED"),
        ("NEUT", "0.79", "NEUT", "N", "UNCHANGED"),
        ("NEUT", "0.2", "NEUT", "N", "WORSE"),
        ("ALT", "250", "ALT", "Y", "IMPROVED"),
        ("ALT", "251", "ALT", "N", "UNCHANGED"),
        ("ALT", "50", "ALT", "Y", "NORMAL"),
        ("ALT", "750", "ALT", "N", "WORSE"),
        ("FERRITIN", "", "FERR", "", "UNKNOWN"),
    ],
)
def test_each_marker_by_its_own_rule(item, result, feature, improved, state):
    patient = week(treated(), 2, **{item: result})
    assert patient.value("W2.RS", f"RS{feature}I") == improved
    assert states(patient, 2)[feature] == state


def test_alt_counts_only_from_four_hundred():
    patient = treated().fill("SCR.CHEM", ALT="400")
    assert week(patient, 2, ALT="60").value("W2.RS", "RSALTI") == "N"
    assert states(patient, 2)["ALT"] == "UNCHANGED"


def test_partial_response_needs_two_improved_markers_and_no_fever():
    two = {"SCD25": "20000", "TRIG": "2.0"}
    patient = week(treated(), 2, ACTIVE, **two)
    assert (patient.value("W2.RS", "RSNIMP"), patient.value("W2.RS", "RSCALC")) == ("2", "PR")
    assert week(treated(), 2, ACTIVE, SCD25="20000").value("W2.RS", "RSCALC") == "NR"
    assert week(treated(), 2, ACTIVE, exam={"fever": "38.0"}, **two).value("W2.RS", "RSCALC") == "NR"


def test_normal_markers_with_low_hemoglobin_are_partial_response():
    assert week(treated(), 2, HGB="89").value("W2.RS", "RSCALC") == "PR"
    assert week(treated(), 2, PLT="99").value("W2.RS", "RSCALC") == "PR"
    assert week(treated(), 2, HGB="").value("W2.RS", "RSCALC") == ""


@pytest.mark.parametrize(("kind", "days", "feature"), [("GCSF", 4, "NEUT"), ("PLT", 4, "PLT"), ("RBC", 7, "HGB")])
def test_a_result_under_support_is_not_normal(kind, days, feature):
    within = week(treatment(treated(), "c1", kind, on(15 - days), on(15 - days)), 2)
    assert states(within, 2)[feature] in ("IMPROVED", "UNCHANGED")
    assert within.value("W2.RS", "RSCALC") == "PR"
    outside = week(treatment(treated(), "c1", kind, on(14 - days), on(14 - days)), 2)
    assert outside.value("W2.RS", "RSCALC") == "CR"


def test_neutrophils_under_growth_factor_do_not_count_as_improved():
    patient = week(treatment(treated(), "c1", "GCSF", on(13), on(15)), 2)
    assert patient.value("W2.RS", "RSNEUTI") == "N"


def test_fever_again_with_two_worse_markers_is_progression():
    patient = week(treated(), 2, judged="PR")
    week(patient, 4, exam={"fever": "38.9"}, FERRITIN="3000", TRIG="5")
    assert patient.value("W4.RS", "RSBACK") == "Y"
    assert patient.value("W4.RS", "RSCALC") == "PD"


def test_fever_that_never_left_is_fever_again_only_when_the_study_says_so():
    for answer, response in (("no", "NR"), ("yes", "PD")):
        patient = treated(settings={"rs_fever_stays": answer})
        week(patient, 2, ACTIVE, exam={"fever": "39.0"}, FERRITIN="20000", TRIG="9")
        assert patient.value("W2.RS", "RSCALC") == response


def test_relapse_needs_three_features_with_ferritin_or_scd25_after_complete_response():
    patient = week(treated(), 2, judged="CR")
    assert week(patient, 4, PLT="60", HGB="80", FERRITIN="2000").value("W4.RS", "RSCALC") == "REL"
    patient = week(treated(), 2, judged="CR")
    assert week(patient, 4, PLT="60", HGB="80", TRIG="3.4").value("W4.RS", "RSCALC") != "REL"


def test_clear_progression_goes_before_the_markers():
    assert week(treated(), 2, progression="Y").value("W2.RS", "RSCALC") == "PD"


# --- endpoints --------------------------------------------------------------------------------------------------------


def test_best_response_is_the_highest_within_eight_weeks():
    patient = week(week(treated(), 2, judged="PR"), 8, judged="CR")
    assert [patient.fact(name) for name in ("best_response", "first_response", "week_2", "week_8")] == [
        "CR",
        on(15),
        "PR",
        "CR",
    ]
    assert patient.ask("$response_week") == 2
    late = week(week(treated(), 2, judged="NR"), 8, judged="CR", day=61)
    assert late.fact("best_response") == "NR"


def test_after_transplantation_weeks_are_transplanted_not_missing():
    patient = week(treated(), 2, judged="PR").fill("LOG.HS", HSYN="Y", HSDAT=on(24))
    assert [patient.fact(f"week_{n}") for n in (2, 4, 6, 8)] == ["PR", "HSCT", "HSCT", "HSCT"]
    assert {patient.visits()[(f"W{n}", "1")].status for n in (4, 6, 8)} == {"not_expected"}
    dead = week(treated(), 2, judged="NR").fill("LOG.DD", DTHDAT=on(24), DTHCAUS="HLH")
    assert [dead.fact(f"week_{n}") for n in (2, 4)] == ["NR", "DEAD"]


@pytest.mark.parametrize(("answer", "best"), [("no", "CR"), ("yes", "PR")])
def test_whether_best_response_stops_at_transplantation_is_a_setting(answer, best):
    patient = week(week(treated(settings={"best_stops_hsct": answer}), 2, judged="PR"), 6, judged="CR")
    assert patient.fill("LOG.HS", HSYN="Y", HSDAT=on(31)).fact("best_response") == best


def survival(patient, name):
    entry = next(entry for entry in STUDY.analysis.survivals if entry.id == name)
    return patient.ask(entry.event), patient.ask(entry.censor)


def test_no_response_ends_progression_free_survival_unless_the_study_says_otherwise():
    assert survival(week(treated(), 2, judged="NR"), "pfs")[0] == on(15)
    assert survival(week(treated(settings={"pfs_no_response": "no"}), 2, judged="NR"), "pfs")[0] is None
    later = week(week(treated(), 2, judged="NR"), 4, judged="PR")
    assert survival(later, "pfs") == (None, on(29))


def test_progression_after_a_response_is_a_relapse():
    patient = week(week(treated(), 2, judged="PR"), 8, judged="PD").fill("W8.RS", RSRELDAT=on(55))
    assert patient.fact("relapse") == on(55)
    assert survival(patient, "pfs")[0] == on(55)
    assert survival(patient, "os") == (None, on(57))


def test_transplantation_may_censor_progression_free_survival():
    patient = week(treated(settings={"hsct_ends_pfs": "yes"}), 2, judged="PR").fill("LOG.HS", HSYN="Y", HSDAT=on(20))
    patient.fill("LOG.DD", DTHDAT=on(60), DTHCAUS="GVHD")
    assert survival(patient, "pfs") == (None, on(20))
    assert survival(patient, "os")[0] == on(60)


# --- a course day by day ----------------------------------------------------------------------------------------------


def test_a_course_day_by_day():
    def at(day, *done):
        patient = treated(today=on(day)).visit("D1", on(1))
        for number in done:
            week(patient, number, judged="PR")
        return {event: visit.status for (event, _), visit in patient.visits().items()}

    assert at(2)["H24"] == "due"
    assert at(3)["H24"] == "due"
    assert at(4)["H24"] == "overdue"
    assert [at(day)["W2"] for day in (11, 12, 18, 19)] == ["upcoming", "due", "due", "overdue"]
    assert at(20, 2)["W2"] == "done"
    assert at(20, 2)["H24"] == "missed"
    assert at(40, 2, 6)["W4"] == "missed"
    assert at(60, 2, 4, 6)["W8"] == "due"
    assert at(61, 2, 4, 6)["W8"] == "overdue"
    assert at(90, 2, 4, 6, 8)["FU03"] == "due"


def test_before_the_first_dose_weeks_are_projected_but_never_due():
    visits = enrolled(today=on(16)).visits()
    assert visits[("W2", "1")].planned.isoformat() == on(14)
    assert visits[("W2", "1")].status == "upcoming"


def test_a_visit_outside_its_window_is_told():
    patient = week(treated(today=on(30)), 2, day=20)
    assert patient.visits()[("W2", "1")].status == "out_of_window"


# --- ranges -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "low", "high"), [("1995-06-01", "115", "150"), ("2012-06-01", "118", "156"), ("2022-06-01", "107", "141")]
)
def test_limits_serve_children_and_adults(born, low, high):
    limits = person(born=born).cell("SCR.HEM", "HGB").range
    assert (str(limits.low), str(limits.high)) == (low, high)
