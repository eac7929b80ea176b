"""Numbers, units, limits and values as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from forms.shown import fact_words, unit_words, value_words
from forms.study.definition import Fact, Item, LabRange
from forms.subject.ranges import in_unit
from forms.value import Value
from forms.values.censored import Censored
from forms.values.digits import number_words, range_words, result_words
from tests.forms.small_study import small_study

D = Decimal


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("0.6447963800", "0.6448"),
        ("0.4638009048737755656108597285", "0.4638"),
        ("79.5780", "79.58"),
        ("35.00000000", "35"),
        ("1234.5", "1234.5"),
        ("150000", "150000"),
        ("123456.789", "123456.8"),
        ("1.00", "1.00"),
        ("0.05", "0.05"),
        ("0", "0"),
        ("0.00", "0.00"),
        ("-0.123456", "-0.1235"),
        ("1E+3", "1000"),
        ("NaN", ""),
    ],
)
def test_a_number_is_shown_with_sensible_digits_and_no_whole_one_is_lost(number, shown):
    assert number_words(D(number)) == shown


def test_the_sign_of_an_assay_stays_with_its_number():
    assert number_words(Censored("<", D("0.1"))) == "<0.1"
    assert number_words(Censored(">=", D("0.4638009048737755"))) == ">=0.4638"
    assert result_words(D("120.00")) == "120"


def test_a_converted_range_has_the_digits_of_a_laboratory():
    stated = LabRange("LAB1", "CREAT", "umol/L", low=D("41"), high=D("73"))
    converted = in_unit(stated, "mg/dL")
    assert converted is not None
    assert len(str(converted.low)) > 20
    assert range_words(converted.low, converted.high) == "0.4638–0.8258"
    assert range_words(stated.low, stated.high) == "41–73"
    assert range_words(None, D("26")) == "≤ 26"
    assert range_words(D("15"), None) == "≥ 15"
    assert range_words(None, None) == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Value("0.9", "0.9", "mg/dL"), "0.9 mg/dL"),
        (Value("＜0.1", "<0.1", "mg/dL"), "<0.1 mg/dL"),
        (Value("12.50", "12.50", "1"), "12.50"),
        (Value("", "", "", "ND"), "Not done"),
        (Value("about 3", "", "mg/dL"), "about 3 mg/dL"),
        (Value(), ""),
    ],
)
def test_a_value_is_told_with_sign_digits_and_unit(value, shown):
    asked = Item("CREA", {"en": "Creatinine"}, "number", units=("umol/L", "mg/dL", "1"))
    assert value_words(asked, value, None, "en") == shown


def test_a_quotient_without_stated_decimals_is_told_short_and_one_with_them_as_stated():
    ratio = Item("RATIO", {"en": "Ratio"}, "number", derive="A / B")
    assert value_words(ratio, Value("", "0.333333333333"), None, "en") == "0.3333"
    exact = Item("BSA", {"en": "Body surface"}, "number", units=("m2",), derive="A", decimals=5)
    assert value_words(exact, Value("", "1.75123", "m2"), None, "en") == "1.75123 m²"


def test_a_fact_that_lies_below_what_an_assay_can_tell_keeps_its_sign():
    fact = Fact("level", {"en": "Level"}, "number", "VS.X", unit="mg/dL", decimals=1)
    assert fact_words(small_study(), fact, Censored("<", D("0.25")), "en") == "<0.25 mg/dL"
    assert fact_words(small_study(), fact, D("0.25"), "en") == "0.3 mg/dL"
    assert fact_words(small_study(), fact, None, "en") == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_units_read_alike_wherever_they_stand(language):
    assert unit_words("mg/m2", language) == "mg/m²"
    assert unit_words("10^9/L", language) == "10^9/L"
    assert unit_words("1", language) == ""
    assert unit_words("/min", language) == {"en": "/min", "zh": "次/分"}[language]
