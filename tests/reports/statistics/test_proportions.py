from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics.numbers import percent, rounded
from reports.statistics.proportions import clopper_pearson, proportion


@pytest.mark.parametrize(
    ("count", "total", "expected"),
    [
        (5, 6, ("83.3", "35.9", "99.6")),
        (36, 52, ("69.2", "54.9", "81.3")),
        (14, 18, ("77.8", "52.4", "93.6")),
        (22, 34, ("64.7", "46.5", "80.3")),
        (25, 34, ("73.5", "55.6", "87.1")),
    ],
)
def test_the_published_response_rates_have_their_published_exact_limits(count, total, expected):
    found = proportion(count, total)
    assert tuple(map(str, (found.percent, found.low, found.high))) == expected


def test_nothing_and_everybody_have_one_sided_ends():
    assert (proportion(0, 7).low, proportion(7, 7).high) == (Decimal("0.0"), Decimal("100.0"))


def test_a_proportion_of_nobody_is_not_estimable():
    found = proportion(0, 0)
    assert (found.percent, found.low, found.high) == (None, None, None)


def test_halves_are_rounded_away_from_zero():
    assert [str(percent(1, 16)), str(percent(3, 16)), str(percent(2, 3))] == ["6.3", "18.8", "66.7"]
    assert str(rounded(Decimal("-0.25"))) == "-0.3"
    assert str(rounded(Fraction(-1, 4))) == "-0.3"
    assert str(rounded(0.15)) == "0.2"


def test_a_rounded_zero_has_no_sign():
    assert str(rounded(Decimal("-0.01"))) == "0.0"


@given(st.integers(1, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_exact_limits_agree_with_scipy(pair):
    from scipy.stats import binomtest

    count, total = pair
    ours = clopper_pearson(count, total)
    theirs = binomtest(count, total).proportion_ci(method="exact")
    assert ours == pytest.approx((theirs.low, theirs.high), abs=1e-10)


def test_exact_limits_of_thousands_agree_with_scipy():
    from scipy.stats import beta

    assert clopper_pearson(1234, 5000) == pytest.approx(
        (beta.ppf(0.025, 1234, 3767), beta.ppf(0.975, 1235, 3766)), abs=1e-10
    )
