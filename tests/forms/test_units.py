"""Units: every conversion of the catalogue, every spelling people type, and what is not known stays unknown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.values import units

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
    [("PLT", "g/L"), ("HGB", "G/L"), ("HGB", "mol/L"), ("ALT", ""), ("ALT", "mmol/L"), ("PT", "%"), ("NOPE", "g/L")],
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
