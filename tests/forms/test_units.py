"""Units: every conversion of the catalogue, every spelling people type, and what is not known stays unknown."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.values import units
from resources import folder

D = Decimal


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "expected", "canonical"),
    [
        ("HGB", "9.2", "g/dL", "92.0", "g/L"),
        ("HGB", "5", "mmol/L", "80.570", "g/L"),
        ("PLT", "85000", "/uL", "85", "10^9/L"),
        ("PLT", "8.5", "x10^4/uL", "85.0", "10^9/L"),
        ("PLT", "85", "K/uL", "85", "10^9/L"),
        ("FERRITIN", "500", "ng/mL", "500", "ug/L"),
        ("FIBRINO", "150", "mg/dL", "1.5", "g/L"),
        ("FIBRINO", "4", "umol/L", "1.36", "g/L"),
        ("BILI", "2", "mg/dL", "34.2", "umol/L"),
        ("CREAT", "1.2", "mg/dL", "106.08", "umol/L"),
        ("UREA", "20", "mg/dL", "7.140", "mmol/L"),
        ("PHOS", "3", "mg/dL", "0.969", "mmol/L"),
        ("MG", "2", "mg/dL", "0.822", "mmol/L"),
        ("ALB", "3.2", "g/dL", "32.0", "g/L"),
        ("ALT", "1", "ukat/L", "60", "U/L"),
        ("NH3", "100", "ug/dL", "58.7", "umol/L"),
        ("CRP", "1.2", "mg/dL", "12.0", "mg/L"),
        ("DDIMER", "500", "ng/mL FEU", "0.5", "mg/L FEU"),
        ("DDIMER", "1", "mg/L DDU", "2", "mg/L FEU"),
        ("WEIGHT", "120", "jin", "60.0", "kg"),
        ("HEIGHT", "1.7", "m", "170.0", "cm"),
        ("HEIGHT", "70", "in", "177.80", "cm"),
        ("TEMP", "101.3", "degF", "38.5", "degC"),
        ("EBVPL", "5000", "copies/L", "5", "copies/mL"),
    ],
)
def test_a_value_is_converted_by_the_published_factor(
    analyte: str, value: str, unit: str, expected: str, canonical: str
) -> None:
    assert units.convert(analyte, D(value), unit, canonical) == D(expected)


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "canonical", "about"),
    [
        ("TRIG", "265", "mg/dL", "mmol/L", "2.992"),
        ("CHOL", "200", "mg/dL", "mmol/L", "5.172"),
        ("GLUC", "100", "mg/dL", "mmol/L", "5.549"),
        ("CA", "8", "mg/dL", "mmol/L", "1.996"),
        ("FERRITIN", "2247", "pmol/L", "ug/L", "1000"),
    ],
)
def test_a_value_is_converted_by_a_published_divisor(
    analyte: str, value: str, unit: str, canonical: str, about: str
) -> None:
    found = units.convert(analyte, D(value), unit, canonical)
    assert found is not None
    assert abs(found - D(about)) < D("0.0006")


@pytest.mark.parametrize(
    ("analyte", "typed", "meant"),
    [
        ("PLT", "×10⁹/L", "10^9/L"),
        ("PLT", "10*9/L", "10^9/L"),
        ("PLT", "10E9/L", "10^9/L"),
        ("PLT", "X10^9/L", "10^9/L"),
        ("PLT", "G/L", "10^9/L"),
        ("PLT", "cells/µL", "/mm3"),
        ("PLT", "万/uL", "10^4/uL"),
        ("PLT", "10**9/L", "10^9/L"),
        ("PLT", "K/mcL", "10^9/L"),
        ("PLT", "K/mm3", "10^9/L"),
        ("PLT", "thousand/µL", "10^9/L"),
        ("PLT", "Giga/L", "10^9/L"),
        ("PLT", "/cu mm", "/mm3"),
        ("PLT", "cells/mcL", "/mm3"),
        ("ALT", "[iU]/L", "U/L"),
        ("ALB", "g/100 mL", "g/dL"),
        ("TEMP", "celsius", "degC"),
        ("TEMP", "Fahrenheit", "degF"),
        ("INR", "{INR}", "ratio"),
        ("INR", "same unit as limits", "ratio"),
        ("CREAT", "μmol/L", "umol/L"),
        ("CREAT", "µmol/l", "umol/L"),
        ("ALT", "IU/L", "U/L"),
        ("TEMP", "℃", "degC"),
        ("TEMP", "°C", "degC"),
        ("INR", "", "ratio"),
        ("pH", "", "pH"),
        ("WEIGHT", "斤", "jin"),
        ("HGB", "ｇ／Ｌ", "g/L"),
    ],
)
def test_a_spelling_is_read_as_the_unit_it_means(analyte: str, typed: str, meant: str) -> None:
    assert units.symbol(analyte, typed) == meant


@pytest.mark.parametrize(
    ("analyte", "unit"),
    [
        ("PLT", "g/dL"),
        ("PLT", "mil/uL"),
        ("HGB", "10^9/L"),
        ("HGB", "mol/L"),
        ("ALT", ""),
        ("ALT", "mmol/L"),
        ("PT", "%"),
        ("NOPE", "g/L"),
    ],
)
def test_a_unit_an_analyte_is_not_reported_in_is_unknown(analyte: str, unit: str) -> None:
    assert units.symbol(analyte, unit) is None
    assert units.convert(analyte, D(1), unit, unit) is None


def test_assay_specific_units_are_known_but_never_converted() -> None:
    assert "U/mL" in units.known("SCD25")
    assert units.convert("SCD25", D(2400), "U/mL", "pg/mL") is None
    assert units.convert("EBVPL", D(1000), "IU/mL", "copies/mL") is None


def test_names_and_codes_lead_to_each_other() -> None:
    assert units.analyte_of("NEUT") == "Neutrophils (ANC)"
    assert units.code_of("Neutrophils (ANC)") == "NEUT"
    assert units.code_of("CD4 lymphocytes") == ""
    assert units.known("NEUT") == units.known("Neutrophils (ANC)")


@given(
    st.decimals(min_value="0.01", max_value=10000, places=2), st.sampled_from(["HGB", "TEMP", "BILI", "TRIG", "WEIGHT"])
)
def test_converting_there_and_back_gives_the_value_again(value: Decimal, analyte: str) -> None:
    first = units.known(analyte)[0]
    for unit in units.known(analyte):
        there = units.convert(analyte, value, first, unit)
        if there is not None:
            back = units.convert(analyte, there, unit, first)
            assert back is not None
            assert abs(back - value) < D("1e-15")


COUNTS = {
    "10^9/L": (
        "10^9/l", "x10^9/L", "×10⁹/L", "* 10^9/L", "10*9/L", "10**9/L", "10E9/L", "X10E9/L", "10E+09/L", "1E9/L",
        "109/L", "10~9/L", "10(9)/L", "10^9·L^-1", "×10⁹·L⁻¹", "10*9.L-1", "10^9 cells/L", "10^9个/L", "G/L", "g/l",
        "GI/L", "Gpt/L", "K/uL", "k/µL", "K/mcL", "K/mm3", "K/cumm", "10^3/uL", "10*3/uL", "10*3/uL{cells}", "X10E3/UL",
        "x10^3/mm³", "Thousand/uL", "THOUS/uL", "thou/mm3", "1000/uL", "10^6/mL", "/nL",
    ),
    "/mm3": (
        "/uL", "1/uL", "/µL", "/μl", "/㎕", "/mcL", "/mm³", "/㎣", "/cu mm", "/cumm", "/cmm", "cells/uL", "{cells}/uL",
        "cells per uL", "#/uL", "个/μL", "µL-1", "CELLS/MM3",
    ),
    "10^12/L": ("T/L", "TI/L", "10*12/L", "10¹²/L"),
    "10^6/L": ("10^3/mL", "10*6/L", "10*3/mL"),
    "10^4/uL": ("万/μL", "10⁴/µL"),
}  # fmt: skip


@pytest.mark.parametrize("analyte", ["WBC", "PLT", "NEUT", "LYM", "EOS", "CD4 lymphocytes"])
def test_a_count_is_read_in_every_way_its_unit_is_written(analyte: str) -> None:
    for meant, spellings in COUNTS.items():
        for spelling in (meant, *spellings):
            assert units.symbol(analyte, spelling) == meant, spelling


@pytest.mark.parametrize(
    ("analyte", "meant", "spellings"),
    [
        ("ALB", "g/L", "G/L g/l gm/L g·L⁻¹ 克/升 mg/mL"),
        ("ALB", "g/dL", "G/DL gm/dl g% g/100mL 克/分升"),
        ("HGB", "mmol/L", "mmol/l mM mmol·L-1 MMOL/L 毫摩尔/升"),
        ("ALT", "U/L", "u/l IU/L iu/l [iU]/L [IU]/L U·L-1 units/L mU/mL 单位/升 国际单位/升"),
        ("ALT", "ukat/L", "µkat/L μkat/l ukat/l"),
        ("BILI", "umol/L", "µmol/L μmol/L UMOL/L mcmol/L micromol/L umol.L-1 μmol·L⁻¹ 微摩尔/升"),
        ("CREAT", "mg/dL", "mg/dl MG/DL mg% mg/100mL 毫克/分升"),
        ("SODIUM", "mEq/L", "meq/l MEQ/L mval/L"),
        ("Troponin I", "ng/mL", "NG/ML ng/ml"),
        ("Troponin I", "ug/L", "µg/L mcg/L"),
        ("QTCF", "ms", "MS msec MSEC milliseconds 毫秒"),
        ("QTCF", "s", "sec S seconds 秒"),
        ("APTT", "s", "sec sec. SECONDS 秒"),
        ("TEMP", "degC", "C °C ºC ˚C ℃ Cel 摄氏度"),
        ("TEMP", "degF", "F °F ℉ [degF]"),
        ("SYSBP", "mmHg", "mm[Hg] MMHG 毫米汞柱"),
        ("SPO2", "%", "％ percent PCT"),
        ("INR", "ratio", "1 {INR} INR RATIO"),
        ("EGFR", "mL/min/1.73 m2", "mL/min/1.73m2 mL/min/1.73m² mL/min/1.73m^2 ml/min/{1.73_m2}"),
        ("DDIMER", "mg/L FEU", "mg/L{FEU} mg{FEU}/L"),
    ],
)
def test_a_unit_is_read_however_laboratories_ucum_and_cdisc_write_it(analyte: str, meant: str, spellings: str) -> None:
    for spelling in (meant, *spellings.split()):
        assert units.symbol(analyte, spelling) == meant, spelling


def test_no_spelling_means_two_units_of_one_measurement() -> None:
    raw = json.loads(folder("units.json").read_text(encoding="utf-8"))
    for entry in raw["measurements"]:
        mine, name = entry["units"], entry["code"] or entry["name"]
        for meant, spellings in raw["units"].items():
            for spelling in spellings if meant in mine else ():
                found = units.symbol(name, spelling)
                assert found is not None, (entry["code"], spelling)
                same = {found, meant} == {"ng/mL", "ug/L"} or units.convert(name, D(1), found, meant) == 1
                assert found == meant or same, (entry, spelling, found)


@pytest.mark.parametrize(
    ("analyte", "names"),
    [
        ("Leukocytes (WBC)", "WBC|White blood cells|white blood cell count|Leukocytes|6690-2|白细胞|白细胞计数|ＷＢＣ"),
        (
            "Neutrophils (ANC)",
            "NEUT|ANC|Absolute neutrophil count|Neutrophils|neutrophils, absolute|751-8|中性粒细胞绝对值",
        ),
        ("Platelets", "PLT|PLAT|platelet count|Thrombocytes|777-3|血小板|血小板计数"),
        ("Hemoglobin", "HGB|Hb|Haemoglobin|718-7|血红蛋白"),
        ("ALT", "ALAT|SGPT|ALT (SGPT)|Alanine Aminotransferase|1742-6|谷丙转氨酶|丙氨酸氨基转移酶"),
        ("AST", "SGOT|AST/SGOT|1920-8|谷草转氨酶|天门冬氨酸氨基转移酶"),
        ("Bilirubin (total)", "BILI|Total bilirubin|Bilirubin, total|TBIL|1975-2|14631-6|总胆红素"),
        ("Creatinine", "CREAT|serum creatinine|2160-0|血肌酐"),
        ("Potassium", "K|K+|Serum potassium|2823-3|血钾"),
        ("Calcium", "CA|Total calcium|17861-6|血清钙"),
        ("Calcium, ionized", "CAION|Ionised calcium|1994-3|离子钙"),
        ("CPK", "CK|Creatine kinase|2157-6|肌酸激酶"),
        ("QTc (average)", "QTc|QTcF|QTcB|QTCFAG|QTc interval|8636-3|校正QT间期"),
        ("Systolic BP", "SYSBP|Systolic blood pressure|8480-6|收缩压"),
        ("Body temperature", "TEMP|体温|8310-5"),
        ("LVEF", "Ejection fraction|10230-1|左室射血分数"),
        ("CD4 lymphocytes", "CD4|CD4+ T cells|24467-3|CD4细胞计数"),
        ("eGFR or CrCl", "eGFR|GFR|33914-3|肾小球滤过率"),
    ],
)
def test_a_measurement_is_known_by_cdisc_code_loinc_and_common_names(analyte: str, names: str) -> None:
    for name in (analyte, *names.split("|")):
        assert units.analyte_of(name) == analyte, name
        assert units.known(name) == units.known(analyte)


@pytest.mark.parametrize("name", ["", " ", "foo", "1742-5", "Urine creatinine", "Troponin", "血", "count"])
def test_what_names_no_measurement_or_two_is_none(name: str) -> None:
    assert units.key_of(name) == ""
    assert units.analyte_of(name) == ""
    assert units.known(name) == ()


def test_an_unknown_name_gets_near_ones() -> None:
    assert units.like("Plateletts")[0] == "Platelets"
    assert units.like("Haemoglobine")[0] == "Hemoglobin"
    assert "Creatinine" in units.like("creatinin")
    assert units.like("xyzzy quux") == ()


def test_no_name_or_code_stands_for_two_measurements() -> None:
    raw = json.loads(folder("units.json").read_text(encoding="utf-8"))
    for entry in raw["measurements"]:
        key = entry["code"] or entry["name"]
        for name in (*entry.get("names", ()), *entry.get("loinc", ())):
            assert units.key_of(name) == key, name


def test_every_loinc_code_has_its_check_digit() -> None:
    """The digit behind the dash is that of the Luhn sum of the ones before it (LOINC Users' Guide, appendix C)."""
    raw = json.loads(folder("units.json").read_text(encoding="utf-8"))
    codes = [code for entry in raw["measurements"] for code in entry.get("loinc", ())]
    assert len(codes) > 120
    assert len(set(codes)) == len(codes)
    for code in codes:
        number, _, check = code.partition("-")
        doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(number))]
        assert (sum(part // 10 + part % 10 for part in doubled) + int(check)) % 10 == 0, code


def test_what_is_possible_lies_around_what_is_usual() -> None:
    raw = json.loads(folder("units.json").read_text(encoding="utf-8"))
    told = 0
    for entry in raw["measurements"]:
        scale = units.scale_of(entry["code"] or entry["name"])
        if scale is None or scale.possible is None:
            continue
        told += 1
        low, high = scale.possible
        assert low < high
        for limit in scale.usual:
            assert limit is None or low < limit < high, entry
        if scale.usual != (None, None):
            assert scale.apart > 1
    assert told > 50
