import random
from decimal import Decimal

import pytest
from scipy import stats

from reports.statistics.comparisons import fisher, freeman_halton, pearson, rank_sum, signed_rank
from reports.statistics.special import beta_share, chi_square_tail, normal_tail


def numbers(*values):
    return [Decimal(str(value)) for value in values]


@pytest.mark.parametrize("table", [[[8, 2], [1, 5]], [[7, 11], [15, 19]], [[0, 4], [5, 5]], [[12, 3], [12, 3]]])
def test_fisher_agrees_with_scipy(table):
    assert fisher(table).p == pytest.approx(stats.fisher_exact(table)[1], abs=1e-12)


def test_complete_response_by_steroid_has_its_published_p_value():
    assert round(fisher([[7, 11], [15, 19]]).p, 3) == 0.775


def test_response_by_etiology_has_its_published_p_value():
    """Misprints row: chi-square gives .0109, Fisher-Freeman-Halton .0092, printed .009."""
    found = freeman_halton([[21, 3], [3, 7], [7, 4], [5, 2]])
    assert round(found.p, 4) == 0.0092
    assert "Freeman" in found.method


def test_complete_response_by_etiology_in_three_groups():
    assert round(freeman_halton([[14, 10], [3, 8], [0, 10]]).p, 4) == 0.0025


def test_freeman_halton_does_not_depend_on_the_order_of_rows_and_columns():
    table = [[2, 0, 5], [1, 4, 1], [3, 3, 0]]
    turned = [list(line) for line in zip(*table, strict=True)]
    assert freeman_halton(table).p == pytest.approx(freeman_halton(turned[::-1]).p, abs=1e-14)


def test_an_exact_test_too_large_to_enumerate_gives_no_p_value():
    generator = random.Random(1)
    table = [[generator.randint(20, 40) for _ in range(6)] for _ in range(6)]
    assert freeman_halton(table).p is None


def test_a_table_with_one_empty_margin_cannot_be_tested():
    assert fisher([[3, 0], [4, 0]]).p is None
    assert pearson([[3, 0], [4, 0]]).p is None


@pytest.mark.parametrize(
    ("table", "printed"),
    [([[38, 14], [122, 85]], 0.061), ([[47, 5], [214, 35]], 0.391), ([[43, 9], [185, 64]], 0.199)],
)
def test_comparisons_with_the_older_trial_have_their_published_p_values(table, printed):
    found = pearson(table)
    assert round(found.p, 3) == printed
    assert found.p == pytest.approx(stats.chi2_contingency(table, correction=False)[1], abs=1e-12)


def test_rank_sum_without_ties_agrees_with_scipy():
    first, second = numbers(1.1, 3.2, 5.5, 0.4), numbers(2.0, 7.1, 8.4, 9.9, 6.0)
    theirs = stats.mannwhitneyu([float(x) for x in first], [float(x) for x in second], method="exact")
    ours = rank_sum(first, second)
    assert (ours.p, ours.statistic) == pytest.approx((theirs.pvalue, theirs.statistic), abs=1e-12)


def test_rank_sum_of_many_tied_values_agrees_with_scipy():
    generator = random.Random(3)
    first = [Decimal(generator.randint(0, 9)) for _ in range(40)]
    second = [Decimal(generator.randint(1, 11)) for _ in range(35)]
    theirs = stats.mannwhitneyu([float(x) for x in first], [float(x) for x in second], method="asymptotic")
    ours = rank_sum(first, second)
    assert ours.p == pytest.approx(theirs.pvalue, abs=1e-12)
    assert "normal" in ours.method


def test_signed_rank_without_ties_agrees_with_scipy():
    differences = numbers(0.3, -1.2, 2.4, 3.3, -0.7, 5.1, 4.0)
    theirs = stats.wilcoxon([float(x) for x in differences], method="exact")
    assert signed_rank(differences).p == pytest.approx(theirs.pvalue, abs=1e-12)


def test_signed_rank_of_many_tied_values_agrees_with_scipy():
    generator = random.Random(5)
    differences = [Decimal(generator.randint(-4, 7)) for _ in range(80)]
    theirs = stats.wilcoxon([float(x) for x in differences], method="approx", correction=True)
    assert signed_rank(differences).p == pytest.approx(theirs.pvalue, abs=1e-10)


def test_plain_rank_tests_leave_the_continuity_correction_out_whatever_the_size():
    first, second = numbers(1.1, 3.2, 5.5, 0.4, 3.2), numbers(2.0, 7.1, 8.4, 9.9, 6.0, 3.2)
    floats = [[float(x) for x in group] for group in (first, second)]
    theirs = stats.mannwhitneyu(*floats, method="asymptotic", use_continuity=False)
    ours = rank_sum(first, second, plain=True)
    assert (ours.p, "no continuity" in ours.method) == (pytest.approx(theirs.pvalue, abs=1e-12), True)
    differences = numbers(0.3, -1.2, 2.4, 3.3, -0.7, 5.1, 4.0, 2.4)
    theirs = stats.wilcoxon([float(x) for x in differences], method="approx", correction=False)
    ours = signed_rank(differences, plain=True)
    assert (ours.p, "no continuity" in ours.method) == (pytest.approx(theirs.pvalue, abs=1e-12), True)


def test_pairs_that_all_stay_the_same_cannot_be_tested():
    assert signed_rank(numbers(0, 0, 0)).p is None
    assert rank_sum([], numbers(1)).p is None


def test_tails_agree_with_scipy():
    for x in (0.01, 0.5, 3.84, 12.0, 80.0):
        for freedom in (1, 2, 3, 7, 30):
            assert chi_square_tail(x, freedom) == pytest.approx(stats.chi2.sf(x, freedom), rel=1e-10)
    assert normal_tail(1.959963984540054) == pytest.approx(0.025, abs=1e-15)
    assert beta_share(0.3, 2.5, 40) == pytest.approx(stats.beta.cdf(0.3, 2.5, 40), rel=1e-10)
