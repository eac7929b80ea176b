"""Study A: response component by component at its limits, the Lugano short form, HLH at diagnosis and later."""

import pytest

from forms.authoring.load import read_study
from tests.studies.patient import Patient

STUDY = read_study("ankl")
LAB = {"LBPERF": "Y", "LBNAM": "LAB1"}


def screened(hlh="Y", **scan):
    """A woman with 40 % in the marrow, 10 % in the blood, spleen 4 cm, liver 2 cm, EBV-DNA 100,000."""
    patient = Patient(STUDY).visit("SCR", "2024-10-15").fill("SCR.IC", ICDAT="2024-10-14")
    patient.fill("SCR.DM", BRTHDAT="1992-05-01", SEX="F").fill("SCR.VS", SPLEENCM="4", LIVERCM="2", LNODE="N")
    patient.fill("SCR.BM", BMPERF="Y", BMDAT="2024-10-14", BMPCT="40").fill("SCR.DX", HLHBASE=hlh)
    patient.fill("SCR.HEM", **LAB, LBDAT="2024-10-15", ABNCELL="10")
    patient.fill("SCR.INFL", **LAB, LBDAT="2024-10-15", EBVPL="100000")
    patient.fill("SCR.PET", PETPERF="Y", PETDAT="2024-10-14", PETDS="5", **{**SCAN, **scan})
    patient.visit("C_D1", "2024-10-18").fill("C_D1.EXOXA", EXGIVEN="Y", EXDAT="2024-10-18", EXDOSE="175")
    return patient.visit("C_END.2", "2024-11-27").fill("C_END.2.RS", RSDAT="2024-11-27")


SCAN = {"PETSPL": "17", "PETLN": "3", "PETSPD": "20"}


def told(patient, item):
    return patient.value("C_END.2.RS", item)


# --- components -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marrow", "state"),
    [
        ({"BMPCT": "0"}, "CR"),
        ({"BMPCT": "0", "BMFLOW": "0.009", "BMEBER": "NEG"}, "CR"),
        ({"BMPCT": "0", "BMFLOW": "0.01"}, "PR"),
        ({"BMPCT": "0", "BMEBER": "POS"}, "PR"),
        ({"BMPCT": "20"}, "PR"),
        ({"BMPCT": "20.1"}, "SD"),
        ({"BMPCT": "59.9"}, "SD"),
        ({"BMPCT": "60"}, "PD"),
        ({}, ""),
    ],
)
def test_marrow(marrow, state):
    patient = screened().fill("C_END.2.BM", BMPERF="Y", BMDAT="2024-11-26", **marrow)
    assert told(patient, "RSBMH") == state


def test_leukemic_cells_that_come_back_are_progression():
    patient = screened().fill("C_END.BM", BMPERF="Y", BMDAT="2024-11-06", BMPCT="0")
    patient.fill("C_END.2.BM", BMPERF="Y", BMDAT="2024-11-26", BMPCT="3")
    assert told(patient, "RSBMH") == "PD"
    patient.fill("C_END.HEM", **LAB, LBDAT="2024-11-06", ABNCELL="0")
    patient.fill("C_END.2.HEM", **LAB, LBDAT="2024-11-26", ABNCELL="1")
    assert told(patient, "RSBLDH") == "PD"


@pytest.mark.parametrize(("cells", "state"), [("0", "CR"), ("5", "PR"), ("5.1", "SD"), ("14.9", "SD"), ("15", "PD")])
def test_blood(cells, state):
    assert told(screened().fill("C_END.2.HEM", **LAB, LBDAT="2024-11-26", ABNCELL=cells), "RSBLDH") == state


@pytest.mark.parametrize(
    ("found", "state"),
    [
        ({"SPLEENCM": "0", "LIVERCM": "0"}, "CR"),
        ({"SPLEENCM": "0", "LIVERCM": "0", "LNODE": "Y", "LNODECM": "1.5"}, "CR"),
        ({"SPLEENCM": "0", "LIVERCM": "0", "LNODE": "Y", "LNODECM": "1.6"}, "PR"),
        ({"SPLEENCM": "3", "LIVERCM": "0"}, "PR"),
        ({"SPLEENCM": "3", "LIVERCM": "0.5"}, "SD"),
        ({"SPLEENCM": "6", "LIVERCM": "3"}, "PD"),
    ],
)
def test_organs(found, state):
    assert told(screened().fill("C_END.2.VS", **found), "RSORGH") == state


@pytest.mark.parametrize(
    ("copies", "state"),
    [
        ("<500", "CR"),
        ("499", "CR"),
        ("500", "PR"),
        ("10000", "PR"),
        ("10500", "SD"),
        ("990000", "SD"),
        ("1000000", "PD"),
    ],
)
def test_virus_in_plasma(copies, state):
    patient = screened().fill("C_END.2.INFL", **LAB, LBDAT="2024-11-26", EBVPL=copies)
    assert told(patient, "RSEBVH") == state


def well(patient, **worse):
    blood = {"HGB": "110", "PLT": "150", "NEUT": "2", **worse}
    patient.fill("C_END.2.VS", TMAX24=worse.get("TMAX24", "36.8"))
    patient.fill("C_END.2.HEM", **LAB, LBDAT="2024-11-26", **{name: blood[name] for name in ("HGB", "PLT", "NEUT")})
    patient.fill("C_END.2.CHEM", **LAB, LBDAT="2024-11-26", TRIG=worse.get("TRIG", "1.5"))
    patient.fill("C_END.2.COAG", **LAB, LBDAT="2024-11-26", FIBRINO=worse.get("FIBRINO", "2.5"))
    marks = {"FERRITIN": worse.get("FERRITIN", "200"), "SCD25": worse.get("SCD25", "900")}
    return patient.fill("C_END.2.INFL", **LAB, LBDAT="2024-11-26", **marks)


@pytest.mark.parametrize(
    ("worse", "state"),
    [
        ({}, "CR"),
        ({"FERRITIN": "500"}, "PR"),
        ({"FERRITIN": "500", "SCD25": "6400"}, "PR"),
        ({"FERRITIN": "500", "SCD25": "6400", "TRIG": "3"}, "SD"),
        ({"FERRITIN": "500", "SCD25": "6400", "TRIG": "3", "TMAX24": "38.5", "HGB": "80", "PLT": "50"}, "PD"),
        ({"SCD25": "ND", "FERRITIN": "500", "TRIG": "3"}, ""),
    ],
)
def test_hlh(worse, state):
    patient = screened()
    patient.fill("SCR.DX", HLTMAX="39", HLHGB="80", HLPLT="50", HLNEUT="3", HLFERR="9000", HLSCD25="9000", HLFIB="2")
    patient.fill("SCR.DX", HLTRIG="2")
    assert told(well(patient, **worse), "RSHLHB") == "4"
    assert told(patient, "RSHLHH") == state


def test_who_never_had_hlh_is_complete_there():
    assert told(well(screened(hlh="N"), FERRITIN="600"), "RSHLHH") == "CR"


# --- what is due when -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cycle", "due"), [("1", "Y"), ("2", "Y"), ("3", "N"), ("4", "Y"), ("5", "N"), ("6", "Y")])
def test_marrow_is_due_after_cycles_1_and_2_and_then_every_second(cycle, due):
    patient = Patient(STUDY).fill(f"C_END.{cycle}.RS", RSDAT="2024-11-07", RSPETDUE="N")
    assert patient.value(f"C_END.{cycle}.RS", "RSBMD") == due
    assert patient.cell(f"C_END.{cycle}.RS", "RSBM").required is (due == "Y")


def test_where_marrow_is_not_due_the_others_decide_and_one_that_was_done_counts():
    patient = Patient(STUDY).fill("C_END.3.RS", RSDAT="2024-12-18", RSPETDUE="N")
    patient.fill("C_END.3.RS", RSBLD="CR", RSORG="CR", RSEBV="CR", RSHLH="CR")
    assert patient.value("C_END.3.RS", "RSCALC") == "CR"
    assert patient.fill("C_END.3.RS", RSBM="PR").value("C_END.3.RS", "RSCALC") == "PR"
    assert patient.fill("C_END.3.RS", RSBM="ND", RSBMDUE="Y").value("C_END.3.RS", "RSCALC") == ""


def test_a_judgement_without_the_examination_is_noted():
    patient = screened().fill("C_END.2.RS", RSPETDUE="Y", RSBM="CR", RSPET="CR")
    assert {"RS.marrow", "RS.pet"} <= patient.rules("C_END.2.RS")
    patient.fill("C_END.2.BM", BMPERF="Y", BMDAT="2024-11-26", BMPCT="0")
    patient.fill("C_END.2.PET", PETPERF="Y", PETDAT="2024-11-26", PETDS="2")
    assert not {"RS.marrow", "RS.pet"} & patient.rules("C_END.2.RS")


# --- Lugano -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scan", "metabolic", "component"),
    [
        ({"PETDS": "3", "PETUPT": "LOWER", "PETNEW": "N"}, "CMR", "CR"),
        ({"PETDS": "4", "PETUPT": "LOWER", "PETNEW": "N"}, "PMR", "PR"),
        ({"PETDS": "5", "PETUPT": "SAME", "PETNEW": "N"}, "NMR", "SD"),
        ({"PETDS": "5", "PETUPT": "HIGHER"}, "PMD", "PD"),
        ({"PETDS": "2", "PETNEW": "Y"}, "PMD", "PD"),
        ({"PETDS": "4", "PETNEW": "N"}, "", ""),
        ({"PETDS": "2"}, "", ""),
    ],
)
def test_uptake_gives_the_metabolic_class(scan, metabolic, component):
    patient = screened().fill("C_END.2.PET", PETPERF="Y", PETDAT="2024-11-26", **scan)
    assert patient.value("C_END.2.PET", "PETMET") == metabolic
    assert told(patient, "RSPETH") == component


@pytest.mark.parametrize(
    ("scan", "state"),
    [
        ({"PETLN": "1.5", "PETSPL": "13", "PETSPD": "2"}, "CR"),
        ({"PETLN": "1.6", "PETSPL": "13", "PETSPD": "10"}, "PR"),
        ({"PETLN": "2", "PETSPL": "14.9", "PETSPD": "10"}, "PR"),
        ({"PETLN": "2", "PETSPL": "15", "PETSPD": "10"}, "SD"),
        ({"PETLN": "2", "PETSPL": "14", "PETSPD": "10.1"}, "SD"),
        ({"PETLN": "2", "PETSPL": "19", "PETSPD": "10"}, "PR-"),
        ({"PETLN": "2", "PETSPL": "19.1", "PETSPD": "10"}, "PD"),
    ],
)
def test_sizes_give_the_class_by_ct(scan, state):
    patient = screened().fill("C_END.2.PET", PETPERF="Y", PETDAT="2024-11-26", PETNEW="N", PETGREW="N", **scan)
    assert patient.value("C_END.2.PET", "PETCT") == ("SD" if state == "PR-" else state)


@pytest.mark.parametrize(
    ("now", "smallest", "grown"),
    [
        (("2.0", "1.5"), ("1.5", "1.3"), "Y"),
        (("1.9", "1.5"), ("1.5", "1.2"), "N"),
        (("2.4", "2.4"), ("1.5", "1.5"), "N"),
        (("2.5", "2.0"), ("1.5", "1.5"), "Y"),
        (("1.5", "1.5"), ("0.8", "0.8"), "N"),
        (("1.6", "1.5"), ("0.8", "0.8"), "Y"),
    ],
)
def test_a_lesion_has_grown_by_half_and_by_half_or_one_centimetre(now, smallest, grown):
    sizes = {"PETLDI": now[0], "PETSDI": now[1], "PETLDIN": smallest[0], "PETSDIN": smallest[1]}
    patient = screened().fill("C_END.2.PET", PETPERF="Y", PETDAT="2024-11-26", PETNEW="N", PETGREW="Y", **sizes)
    assert patient.value("C_END.2.PET", "PETGROWN") == grown


@pytest.mark.parametrize(("spleen", "grown"), [("14.9", "N"), ("15", "Y")])
def test_a_spleen_that_was_normal_has_grown_from_two_centimetres_on(spleen, grown):
    patient = screened(PETSPL="13").fill("C_END.2.PET", PETPERF="Y", PETDAT="2024-11-26", PETSPL=spleen)
    assert patient.value("C_END.2.PET", "PETSPLPD") == grown


# --- HLH at diagnosis -------------------------------------------------------------------------------------------------

FULL = {
    "HLTMAX": "39.6", "HLSPL": "Y", "HLLIV": "Y", "HLHGB": "80", "HLPLT": "50", "HLWBC": "2", "HLNEUT": "0.5",
    "HLFERR": "9000", "HLTRIG": "4.5", "HLFIB": "1.2", "HLAST": "200", "HLPHAGO": "Y", "HLIMM": "N",
}  # fmt: skip


def test_hscore_with_its_probability():
    patient = Patient(STUDY).fill("SCR.DX", **FULL)
    told = [patient.value("SCR.DX", name) for name in ("HSCOREL", "HSCOREH", "HSPROB", "HLSTATE")]
    assert told == ["319", "319", ">99", "MET"]


def test_hscore_with_something_missing_is_an_interval():
    patient = Patient(STUDY).fill("SCR.DX", **{**FULL, "HLPHAGO": "ND", "HLAST": "ND"})
    assert [patient.value("SCR.DX", name) for name in ("HSCOREL", "HSCOREH", "HSPROB")] == ["265", "319", ""]


def test_undetermined_hlh_names_the_tests_that_would_decide():
    patient = Patient(STUDY).fill("SCR.DX", HLHBASE="N")
    patient.fill("SCR.DX", HLTMAX="39", HLSPL="Y", HLHGB="80", HLPLT="90", HLNEUT="2", HLFERR="499", HLPHAGO="N")
    assert patient.value("SCR.DX", "HLSTATE") == "UNDETERMINED"
    assert set(patient.value("SCR.DX", "HLNEED").split(";")) == {"TG_OR_FIB", "NK", "SCD25"}
    assert "DX.HLNEED.pending" in patient.rules("SCR.DX")
    patient.fill("SCR.DX", HLNK="20", HLSCD25="900")
    assert (patient.value("SCR.DX", "HLSTATE"), patient.value("SCR.DX", "HLNEED")) == ("NOT_MET", "")
