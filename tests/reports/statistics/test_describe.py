from decimal import Decimal

import pytest

from forms.values.censored import Censored
from reports.statistics.describe import describe, quantile


def below(number):
    return Censored("<", Decimal(number))


def above(number):
    return Censored(">", Decimal(number))


def test_the_median_of_an_even_number_is_the_middle_of_two():
    found = describe([Decimal(26), Decimal(54), Decimal(30), Decimal(33)])
    assert (found.median, found.low, found.high) == (Decimal("31.5"), Decimal(26), Decimal(54))


def test_quartiles_agree_with_numpy():
    import numpy

    values = sorted(Decimal(x) for x in (3, 9, 1, 14, 5, 6, 30))
    found = [float(quantile(values, Decimal(share))) for share in ("0.25", "0.75")]
    assert found == list(numpy.percentile([float(x) for x in values], [25, 75]))


def test_nothing_has_no_median():
    assert describe([]).median is None


def test_results_given_as_a_limit_keep_their_sign_at_the_ends():
    found = describe([Decimal(1000), above(100000), below(500)])
    assert (found.median, found.low, found.high) == (Decimal(1000), below(500), above(100000))


def test_what_lies_below_a_number_comes_before_it_and_what_lies_above_after_it():
    found = describe([above(5), Decimal(5), below(5)])
    assert (found.low, found.median, found.high) == (below(5), Decimal(5), above(5))


@pytest.mark.parametrize(
    ("values", "median"),
    [
        ([below(2), below(2)], below(2)),
        ([below(2), Decimal(4)], below(3)),
        ([Decimal(4), above(8)], above(6)),
        ([above(2), below(4)], Decimal(3)),
    ],
)
def test_a_median_between_a_number_and_a_limit_is_a_limit(values, median):
    assert describe(values).median == median
