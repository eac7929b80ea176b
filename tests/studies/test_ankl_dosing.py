"""Study A: what the card of each dosing day says, dose levels, vials and caps, delays, exposure."""

from dataclasses import replace
from datetime import date

import pytest

from forms.authoring.load import read_study
from tests.studies.patient import Patient

STUDY = read_study("ankl")
LAB = {"LBPERF": "Y", "LBNAM": "LAB1"}


def treated(sex="F", **settings):
    """A person of 170 cm and 65 kg on day 1 of cycle 1: surface 1.7520 m2."""
    patient = Patient(STUDY, settings=settings)
    patient.visit("SCR", "2024-10-15").fill("SCR.IC", ICDAT="2024-10-14").fill("SCR.DM", BRTHDAT="1992-05-01", SEX=sex)
    patient.fill("SCR.VS", HEIGHT="170", WEIGHT="65").visit("C_D1", "2024-10-18").fill("C_D1.VS", WEIGHT="65")
    return patient.fill("C_D1.EXOXA", EXGIVEN="Y", EXDAT="2024-10-18", EXDOSE="175")


def with_event(patient, term, grade, ongoing="Y"):
    patient.fill("LOG.AE", AEYN="Y")
    return patient.fill(
        "LOG.AE", row="a-1", AETERM="Trouble", AEDECOD=term, AETOXGR=grade, AESTDAT="2024-10-20", AEONGO=ongoing
    )


# --- dose levels, vials, caps -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "gemcitabine", "oxaliplatin"), [("0", "1750", "175"), ("1", "1310", "130"), ("2", "880", "90")]
)
def test_a_lower_level_is_planned_so_and_needs_its_reason(level, gemcitabine, oxaliplatin):
    patient = treated()
    for form, dose in (("EXGEM", gemcitabine), ("EXOXA", oxaliplatin)):
        patient.fill(f"C_D1.{form}", EXLVL=level, EXGIVEN="Y", EXDAT="2024-10-18", EXDOSE=dose)
        assert patient.value(f"C_D1.{form}", "EXRDOSE") == dose
        assert patient.value(f"C_D1.{form}", "EXDEV") == "0.0"
        assert patient.cell(f"C_D1.{form}", "EXADJRS").required is (level != "0")


def test_vials_to_open_are_counted():
    patient = treated()
    assert [patient.value("C_D1.EXGEM", name) for name in ("EXVIAL1", "EXVIAL2")] == ["1", "4"]
    assert [patient.value("C_D1.EXOXA", name) for name in ("EXVIAL1", "EXVIAL2")] == ["1", "2"]
    assert patient.value("C_D2.EXPEG", "EXVIAL1") == "2"


@pytest.mark.parametrize(
    ("settings", "dose", "asked"),
    [
        ({}, "4380", False),
        ({}, "3750", False),
        ({}, "3900", True),
        ({}, "7500", True),
        ({"peg_cap_on": "yes"}, "3750", False),
        ({"peg_cap_on": "yes", "peg_cap": "4000"}, "4000", False),
    ],
)
def test_a_whole_vial_or_the_cap_is_planned_so_and_not_asked_about(settings, dose, asked):
    patient = treated(**settings).visit("C_D2", "2024-10-19")
    patient.fill("C_D2.EXPEG", EXGIVEN="Y", EXDAT="2024-10-19", EXDOSE=dose)
    assert ("EXPEG.EXDOSE.query" in patient.rules("C_D2.EXPEG")) is asked
    assert patient.cell("C_D2.EXPEG", "EXADJ").required is asked


def test_a_dose_changed_for_toxicity_names_its_event():
    patient = treated().fill("C_D1.EXGEM", EXGIVEN="Y", EXDOSE="1310", EXLVL="1", EXADJ="RED", EXADJRS="HEM")
    assert patient.cell("C_D1.EXGEM", "EXADJAE").required
    patient.fill("C_D1.EXGEM", EXADJAE="Trouble")
    assert "EXGEM.EXADJAE.known" in patient.rules("C_D1.EXGEM")
    assert "EXGEM.EXADJAE.known" not in with_event(patient, "Nausea", "2").rules("C_D1.EXGEM")


# --- the cards --------------------------------------------------------------------------------------------------------


def on_day_8(sex="F", **results):
    blood = {"NEUT": "3", "PLT": "200", "BILI": "10", "ALT": "20", **results}
    patient = treated(sex).visit("C_D8", "2024-10-25")
    patient.fill("C_D8.HEM", **LAB, LBDAT="2024-10-25", NEUT=blood["NEUT"], PLT=blood["PLT"])
    return patient.fill("C_D8.CHEM", **LAB, LBDAT="2024-10-25", BILI=blood["BILI"], ALT=blood["ALT"])


@pytest.mark.parametrize(
    ("results", "advice"),
    [
        ({}, "FULL"),
        ({"NEUT": "1.0", "PLT": "75"}, "FULL"),
        ({"NEUT": "0.99"}, "REDUCE"),
        ({"PLT": "74"}, "REDUCE"),
        ({"NEUT": "0.5", "PLT": "50"}, "REDUCE"),
        ({"NEUT": "0.49"}, "HOLD"),
        ({"PLT": "49"}, "HOLD"),
        ({"BILI": "63"}, "FULL"),
        ({"BILI": "63.1"}, "CARE"),
        ({"BILI": "105"}, "CARE"),
        ({"BILI": "105.1"}, "HOLD"),
        ({"ALT": "800"}, "FULL"),
        ({"ALT": "801"}, "HOLD"),
        ({"NEUT": "ND"}, ""),
    ],
)
def test_the_card_of_day_8_goes_by_counts_and_multiples_of_the_upper_limit(results, advice):
    patient = on_day_8(**results).fill("C_D8.EXGEM", EXGIVEN="Y", EXDAT="2024-10-25", EXDOSE="1750")
    assert patient.value("C_D8.EXGEM", "EXADV") == advice


def test_the_upper_limit_is_that_of_the_sex():
    for sex, advice in (("F", "HOLD"), ("M", "CARE")):
        patient = on_day_8(sex, BILI="120").fill("C_D8.EXGEM", EXGIVEN="Y", EXDAT="2024-10-25", EXDOSE="1750")
        assert patient.value("C_D8.EXGEM", "EXADV") == advice


def test_counts_low_by_the_disease_cancel_the_advice():
    patient = on_day_8(NEUT="0.2").fill("C_D8.EXGEM", EXGIVEN="Y", EXDAT="2024-10-25", EXDOSE="1750", EXADJRS="DIS")
    assert patient.value("C_D8.EXGEM", "EXADV") == "FULL"


def test_day_1_of_cycle_1_has_no_card_of_counts():
    assert treated().cell("C_D1.EXGEM", "EXADV").hidden


@pytest.mark.parametrize(
    ("term", "grade", "advice", "suggested"),
    [
        ("Peripheral sensory neuropathy", "1", "FULL", "100"),
        ("Peripheral sensory neuropathy", "2", "REDUCE", "75"),
        ("Paresthesia", "3", "STOP", "0"),
        ("Laryngopharyngeal dysesthesia", "2", "CARE", "100"),
    ],
)
def test_the_card_of_oxaliplatin_goes_by_neuropathy(term, grade, advice, suggested):
    patient = with_event(treated(), term, grade).visit("C_D1.2", "2024-11-08").fill("C_D1.2.VS", WEIGHT="65")
    patient.fill("C_D1.2.CHEM", **LAB, LBDAT="2024-11-08", BILI="10", ALT="20", CREAT="60")
    patient.fill("C_D1.2.EXOXA", EXGIVEN="Y", EXDAT="2024-11-08", EXDOSE="175")
    told = [patient.value("C_D1.2.EXOXA", name) for name in ("EXADV", "EXSUGM2")]
    assert told == [advice, suggested]


def test_a_low_clearance_asks_for_less_oxaliplatin_and_no_gemcitabine():
    patient = treated().visit("C_D1.2", "2024-11-08").fill("C_D1.2.VS", WEIGHT="65")
    patient.fill("C_D1.2.HEM", **LAB, LBDAT="2024-11-08", NEUT="3", PLT="200")
    patient.fill("C_D1.2.CHEM", **LAB, LBDAT="2024-11-08", BILI="10", ALT="20", CREAT="300")
    for form, dose in (("EXOXA", "175"), ("EXGEM", "1750")):
        patient.fill(f"C_D1.2.{form}", EXGIVEN="Y", EXDAT="2024-11-08", EXDOSE=dose)
    assert patient.value("C_D1.2.EXOXA", "EXSUGM2") == "65"
    assert "EXOXA.kidney" in patient.rules("C_D1.2.EXOXA")
    assert patient.value("C_D1.2.EXGEM", "EXADV") == "HOLD"


def test_oxaliplatin_in_saline_is_asked_about():
    assert "EXOXA.EXDIL.saline" in treated().fill("C_D1.EXOXA", EXDIL="SALINE").rules("C_D1.EXOXA")


def on_day_2(trig="2", bili="10", fib="2", **more):
    patient = treated().visit("C_D2", "2024-10-19")
    patient.fill("C_D1.CHEM", **LAB, LBDAT="2024-10-18", TRIG=trig, BILI=bili, **more)
    patient.fill("C_D2.COAG", **LAB, LBDAT="2024-10-19", FIBRINO=fib)
    return patient.fill("C_D2.EXPEG", EXGIVEN="Y", EXDAT="2024-10-19", EXDOSE="4380")


@pytest.mark.parametrize(
    ("results", "advice"),
    [
        ({}, "FULL"),
        ({"fib": "1.0"}, "FULL"),
        ({"fib": "0.99"}, "CARE"),
        ({"trig": "11.4"}, "FULL"),
        ({"trig": "11.41"}, "HOLD"),
        ({"bili": "63"}, "FULL"),
        ({"bili": "64"}, "HOLD"),
        ({"LIPASE": "181"}, "CARE"),
    ],
)
def test_the_card_of_day_2_goes_by_fat_liver_pancreas_and_clotting(results, advice):
    assert on_day_2(**results).value("C_D2.EXPEG", "PGADV") == advice


@pytest.mark.parametrize(
    ("term", "grade", "ongoing", "advice"),
    [
        ("Pancreatitis", "2", "Y", "HOLD"),
        ("Pancreatitis", "2", "N", "FULL"),
        ("Pancreatitis", "3", "N", "STOP"),
        ("Allergic reaction", "2", "N", "FULL"),
        ("Anaphylaxis", "3", "N", "STOP"),
        ("Thromboembolic event", "3", "Y", "HOLD"),
        ("Stroke", "4", "N", "STOP"),
    ],
)
def test_what_happened_before_decides_on_pegaspargase(term, grade, ongoing, advice):
    patient = with_event(on_day_2(), term, grade, ongoing)
    assert patient.value("C_D2.EXPEG", "PGADV") == advice


def test_ammonia_counts_only_with_signs_of_encephalopathy():
    patient = on_day_2(NH3="150")
    assert patient.value("C_D2.EXPEG", "PGADV") == "FULL"
    assert patient.fill("C_D2.EXPEG", PGENC="Y").value("C_D2.EXPEG", "PGADV") == "HOLD"
    assert "EXPEG.ammonia" in patient.rules("C_D2.EXPEG")


# --- delays, the next cycle -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "delay", "reason", "said"),
    [
        ("2024-11-08", "0", False, set()),
        ("2024-11-11", "3", False, set()),
        ("2024-11-12", "4", True, set()),
        ("2024-11-22", "14", True, set()),
        ("2024-11-23", "15", True, {"CI.delay.deviation"}),
        ("2024-11-29", "21", True, {"CI.delay.deviation"}),
        ("2024-11-30", "22", True, {"CI.delay.deviation", "CI.delay.off"}),
    ],
)
def test_a_delay_asks_for_its_reason_and_whether_ruxolitinib_went_on(day, delay, reason, said):
    patient = treated().fill("C_D1.CI", CIGO="Y").visit("C_D1.2", day).fill("C_D1.2.CI", CIGO="Y")
    assert patient.value("C_D1.2.CI", "CIDELAY") == delay
    assert [patient.cell("C_D1.2.CI", name).required for name in ("CIDLYRS", "CIRUXON")] == [reason, reason]
    assert {f.rule for f in patient.sheet("C_D1.2.CI").findings if f.rule.startswith("CI.delay")} == said
    assert {f.severity for f in patient.sheet("C_D1.2.CI").findings} <= {"note"}


@pytest.mark.parametrize(
    ("results", "met"),
    [
        ({}, "Y"),
        ({"NEUT": "1.0", "PLT": "75", "BILI": "63"}, "Y"),
        ({"NEUT": "0.99"}, "N"),
        ({"PLT": "74"}, "N"),
        ({"BILI": "63.1"}, "N"),
    ],
)
def test_the_usual_limits_to_begin_a_cycle(results, met):
    blood = {"NEUT": "3", "PLT": "200", "BILI": "10", **results}
    patient = treated().visit("C_D1.2", "2024-11-08")
    patient.fill("C_D1.2.HEM", **LAB, LBDAT="2024-11-08", NEUT=blood["NEUT"], PLT=blood["PLT"])
    patient.fill("C_D1.2.CHEM", **LAB, LBDAT="2024-11-08", BILI=blood["BILI"]).fill("C_D1.2.CI", CIGO="Y")
    assert patient.value("C_D1.2.CI", "CIHINT") == met
    with_event(patient, "Pancreatitis", "3")
    assert patient.value("C_D1.2.CI", "CIHINT") == "N"


def test_a_carrier_of_hepatitis_b_is_due_for_hbv_dna_every_three_months():
    patient = treated().visit("C_D1.2", "2025-01-14").fill("C_D1.2.CI", CIGO="Y")
    patient.fill("SCR.VIR", **LAB, LBDAT="2024-10-15", HBSAG="NEG", HBCAB="POS", HBVDNA="<20")
    assert "CI.hbv" not in patient.rules("C_D1.2.CI")
    patient.visit("C_D1.2", "2025-01-15")
    assert "CI.hbv" in patient.rules("C_D1.2.CI")
    assert "CI.hbv" not in patient.fill("SCR.VIR", HBCAB="NEG").rules("C_D1.2.CI")


def test_no_dose_lies_on_or_after_the_day_of_transplantation():
    patient = treated().fill("LOG.HS", HSYN="Y", HSDAT="2024-11-09").visit("C_D1.2", "2024-11-08")
    patient.fill("C_D1.2.EXOXA", EXGIVEN="Y", EXDAT="2024-11-08", EXDOSE="175")
    assert "EXOXA.EXDAT.hsct" not in patient.rules("C_D1.2.EXOXA")
    assert "EXOXA.EXDAT.hsct" in patient.fill("C_D1.2.EXOXA", EXDAT="2024-11-09").rules("C_D1.2.EXOXA")


# --- ruxolitinib and its interactions ---------------------------------------------------------------------------------


def taking(patient, dose="10", start="2024-10-18", end="2024-11-07"):
    patient.fill("LOG.RUX", RUXYN="Y")
    return patient.fill(
        "LOG.RUX", row="a-1", RUXSTDAT=start, RUXONGO="N", RUXENDAT=end, RUXDOSE=dose, RUXTIMES="2", RUXADJ="NONE"
    )


@pytest.mark.parametrize(("dose", "level"), [("10", True), ("5", True), ("0", True), ("7.5", False)])
def test_a_dose_between_the_levels_is_noted(dose, level):
    assert ("RUX.RUXDAILY.level" not in taking(treated(), dose).rules("LOG.RUX")) is level


@pytest.mark.parametrize(
    ("dose", "start", "said"), [("10", "2024-11-01", True), ("5", "2024-11-01", False), ("10", "2024-11-08", False)]
)
def test_an_azole_is_noted_only_while_the_full_dose_is_taken(dose, start, said):
    patient = taking(treated(), dose).fill("LOG.CM", CMYN="Y")
    patient.fill("LOG.CM", row="a-1", CMTRT="Voriconazole", CMCLASS="AZOLE", CMSTDAT=start)
    assert ("CM.CMCLASS.azole" in patient.rules("LOG.CM")) is said


def test_an_anticoagulant_with_low_platelets_is_noted():
    patient = on_day_8(PLT="49").fill("LOG.CM", CMYN="Y")
    patient.fill("LOG.CM", row="a-1", CMTRT="Heparin", CMCLASS="ANTICOAG", CMSTDAT="2024-10-20", CMENDAT="2024-10-25")
    assert "CM.CMCLASS.anticoagulant" in patient.rules("LOG.CM")
    assert "CM.CMCLASS.anticoagulant" not in patient.fill("C_D8.HEM", PLT="50").rules("LOG.CM")


def test_tablets_taken_are_told_as_a_share_of_those_planned():
    patient = treated().visit("C_END", "2024-11-06").fill("C_END.DA", DASTR="5", DADISP="84", DARET="4", DALOST="0")
    assert [patient.value("C_END.DA", name) for name in ("DATAKEN", "DAPLAN", "DAADH")] == ["80", "84", "95.2"]
    assert "DA.DAADH.low" in patient.fill("C_END.DA", DARET="20").rules("C_END.DA")


# --- exposure ---------------------------------------------------------------------------------------------------------


def test_cumulative_dose_and_dose_intensity_count_the_delay():
    patient = taking(treated(), end="2024-12-05")
    patient.fill("C_D1.EXGEM", EXGIVEN="Y", EXDAT="2024-10-18", EXDOSE="1752").visit("C_D8", "2024-10-25")
    patient.fill("C_D8.EXGEM", EXGIVEN="N", EXADJ="OMIT", EXADJRS="INF")
    patient.visit("C_D1.2", "2024-11-15").fill("C_D1.2.VS", WEIGHT="65").visit("C_D8.2", "2024-11-22")
    for where in ("C_D1.2.EXGEM", "C_D8.2.EXGEM"):
        patient.fill(where, EXGIVEN="Y", EXDAT="2024-11-15", EXDOSE="1752")
    patient.fill("LOG.DS", EOTDAT="2024-12-06", EOTRS="PHYSICIAN")
    told = {name: patient.value("LOG.DS", name) for name in ("EOTDAYS", "EOTGEM", "EOTGEMR", "EOTGEMI", "EOTRUXR")}
    assert told == {"EOTDAYS": "49", "EOTGEM": "3000", "EOTGEMR": "75.0", "EOTGEMI": "64.3", "EOTRUXR": "100.0"}


def test_six_cycles_are_asked_for_only_when_treatment_ended_as_planned():
    patient = treated().fill("LOG.DS", EOTDAT="2024-12-06", EOTRS="HSCT")
    assert "DS.EOTRS.completed" not in patient.rules("LOG.DS")
    assert "DS.EOTRS.completed" in patient.fill("LOG.DS", EOTRS="COMPLETED").rules("LOG.DS")


# --- limits nobody confirmed ------------------------------------------------------------------------------------------


def test_a_limit_that_nobody_confirmed_only_advises():
    found = {}
    for confirmed in (False, True):
        settings = [
            replace(s, confirmed=confirmed or s.confirmed) if s.id == "dose_query_percent" else s
            for s in STUDY.settings
        ]
        patient = Patient(replace(STUDY, settings=tuple(settings)), today=date(2025, 8, 1))
        patient.fill("SCR.VS", HEIGHT="170").visit("C_D1", "2024-10-18").fill("C_D1.VS", WEIGHT="65")
        patient.fill("C_D1.EXOXA", EXGIVEN="Y", EXDAT="2024-10-18", EXDOSE="140")
        told = {f.rule: f.severity for f in patient.sheet("C_D1.EXOXA").findings}
        found[confirmed] = told["EXOXA.EXDOSE.query"]
    assert found == {False: "note", True: "query"}
