import math
import random
import shutil
import subprocess
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reports.statistics.comparisons import fisher, freeman_halton, pearson, rank_sum, signed_rank
from reports.statistics.freeman_halton import drawn_p, exact_p
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


@pytest.mark.parametrize(
    ("table", "by_r"),
    [
        ([[9, 2, 6, 4, 1], [6, 6, 7, 3, 0], [3, 1, 2, 0, 2]], None),
        ([[8, 3, 7, 5, 0], [7, 5, 8, 2, 0], [2, 1, 2, 0, 2]], 0.2691682),
        ([[7, 5, 2, 2, 0], [10, 4, 5, 0, 3], [0, 7, 4, 2, 1]], 0.0122690),
    ],
)
def test_tables_of_ordinary_size_are_tested_exactly(table, by_r):
    found = freeman_halton(table)
    assert "exact" in found.method
    assert found.error == 0
    assert found.p == pytest.approx(asked_of_r(table) if by_r is None else by_r, abs=5e-7)


def asked_of_r(table) -> float:
    """P of R's fisher.test, which knows the network algorithm by its authors' own code."""
    found = shutil.which("Rscript")
    if found is None:
        pytest.skip("Rscript is not installed (apt-get install r-base-core)")
    numbers = ",".join(str(count) for line in table for count in line)
    code = f"cat(format(fisher.test(matrix(c({numbers}), nrow={len(table)}, byrow=TRUE))$p.value, digits=12))"
    return float(subprocess.run([found, "-e", code], capture_output=True, text=True, check=True).stdout)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=2, max_size=3))
def test_the_network_gives_what_adding_up_every_table_gives(table):
    found = freeman_halton(table).p
    assert found is None if one_sided(table) else found == pytest.approx(by_every_table(table), abs=1e-12)


def one_sided(table) -> bool:
    return sum(1 for line in table if sum(line)) < 2 or sum(1 for column in zip(*table, strict=True) if sum(column)) < 2


def by_every_table(table) -> float:
    """The definition, word for word: of all tables of the same margins, those no more probable than the one seen."""
    rows, columns = [sum(line) for line in table], [sum(column) for column in zip(*table, strict=True)]

    def lines(total, room):
        if len(room) == 1:
            return [(total,)] if total <= room[0] else []
        return [(one, *rest) for one in range(min(total, room[0]) + 1) for rest in lines(total - one, room[1:])]

    def every(left, room):
        if not left:
            return [()] if not any(room) else []
        return [
            (line, *rest)
            for line in lines(left[0], room)
            for rest in every(left[1:], [have - one for have, one in zip(room, line, strict=True)])
        ]

    weights = [
        Fraction(1, math.prod(math.factorial(count) for line in one for count in line)) for one in every(rows, columns)
    ]
    seen = Fraction(1, math.prod(math.factorial(count) for line in table for count in line))
    return float(sum(weight for weight in weights if weight <= seen) / sum(weights))


def test_a_table_too_large_to_count_is_drawn_with_its_error_and_says_so():
    table = [[12, 15, 9, 14], [20, 11, 13, 12], [9, 15, 16, 13]]
    found = freeman_halton(table)
    assert "1,000,000 seeded draws" in found.method
    assert 0 < found.error < 0.0005
    assert found.p == pytest.approx(0.3144, abs=4 * found.error)
    assert freeman_halton(table) == found


def test_draws_agree_with_counting():
    p, error = drawn_p([[9, 2, 6], [6, 6, 7], [3, 1, 2]], 200_000)
    assert p == pytest.approx(exact_p([[9, 2, 6], [6, 6, 7], [3, 1, 2]]), abs=4 * error)


def test_five_pairs_can_not_be_less_probable_than_one_in_sixteen():
    found = signed_rank(numbers(3, 8, 1, 4, 6), plain=True)
    assert (found.p, "exact" in found.method) == (0.0625, True)
    few = rank_sum(numbers(1, 2, 3), numbers(4, 5, 6), plain=True)
    assert (few.p, "exact" in few.method) == (0.1, True)


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


def test_above_twenty_values_plain_rank_tests_leave_the_continuity_correction_out():
    generator = random.Random(11)
    first = [Decimal(generator.randint(0, 30)) / 10 for _ in range(12)]
    second = [Decimal(generator.randint(10, 50)) / 10 for _ in range(13)]
    floats = [[float(x) for x in group] for group in (first, second)]
    theirs = stats.mannwhitneyu(*floats, method="asymptotic", use_continuity=False)
    ours = rank_sum(first, second, plain=True)
    assert (ours.p, "no continuity" in ours.method) == (pytest.approx(theirs.pvalue, abs=1e-12), True)
    differences = [Decimal(generator.choice([-3, -2, -1, 1, 2, 3, 4, 5])) for _ in range(25)]
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
