from decimal import Decimal

from reports.statistics.describe import describe


def test_the_median_of_an_even_number_is_the_middle_of_two():
    found = describe([Decimal(26), Decimal(54), Decimal(30), Decimal(33)])
    assert (found.median, found.low, found.high) == (Decimal("31.5"), Decimal(26), Decimal(54))


def test_quartiles_agree_with_numpy():
    import numpy

    values = [Decimal(x) for x in (3, 9, 1, 14, 5, 6, 30)]
    found = describe(values)
    theirs = numpy.percentile([float(x) for x in values], [25, 75])
    assert [float(found.first_quartile), float(found.third_quartile)] == list(theirs)


def test_nothing_has_no_median():
    assert describe([]).median is None
