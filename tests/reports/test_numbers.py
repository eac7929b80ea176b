"""How the numbers of a report are summed up and printed."""

from __future__ import annotations

from decimal import Decimal

from forms.values.censored import Censored
from reports.figure import dump_figures
from reports.pdf.cohort.baseline import number_figures
from reports.pdf.cohort.words import middle_range


def printed(values, decimals=0):
    numbered = [(f"S01-{at:03}", value) for at, value in enumerate(values, 1)]
    return middle_range(*number_figures("baseline.x", "X", numbered, "", decimals))


def test_the_half_of_a_median_of_counts_is_printed():
    assert printed([Decimal(0), Decimal(1)]) == "0.5 (0–1)"
    assert printed([Decimal(35), Decimal(40), Decimal(41), Decimal(60)]) == "40.5 (35–60)"


def test_a_median_that_is_whole_is_printed_whole():
    assert printed([Decimal(2), Decimal(4)]) == "3 (2–4)"


def test_measurements_keep_the_decimals_of_the_definition():
    assert printed([Decimal("1.25"), Decimal("2.50")], 1) == "1.9 (1.3–2.5)"
    assert printed([Decimal("1.5"), Decimal("2.0")]) == "2 (2–2)"


def test_results_given_as_a_limit_keep_their_sign_in_print_and_file():
    values = [Censored("<", Decimal(500)), Decimal(1000), Censored(">", Decimal(100000))]
    assert printed(values) == "1000 (<500 – >100000)"
    figures = number_figures("baseline.x", "X", [("S01-001", values[0])], "U/L", 0)
    assert b'"sign": "<"' in dump_figures(figures)


def test_the_median_of_limits_is_a_limit():
    assert printed([Censored("<=", Decimal(5)), Censored("<=", Decimal(5)), Decimal(9)]) == "≤5 (≤5 – 9)"
