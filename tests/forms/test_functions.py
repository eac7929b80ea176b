import inspect
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from forms.expressions.expression import parse
from forms.functions.formula import formula, take
from forms.functions.general import FUNCTIONS, table
from forms.values.censored import Censored
from forms.values.dates import PartialDate
from forms.values.spans import between

D = Decimal


class Nowhere:
    """A scope that knows nothing."""

    def __getattr__(self, name):
        return lambda *asked: None


def value(text):
    return parse(text).evaluate(Nowhere())


def rounded(text, decimals):
    return f"{value(text):.{decimals}f}"


def test_the_document_lists_every_function_as_it_is():
    document = Path("docs/expressions.md").read_text(encoding="utf-8")
    assert document.endswith(table()), (
        "put the text of forms.functions.general.table() at the end of docs/expressions.md"
    )
    for function in FUNCTIONS.values():
        assert f"`{function.signature}`" in document


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_every_function_names_its_source_and_fits_its_arguments(function):
    assert function.reference
    assert function.summary.endswith(".")
    parameters = inspect.signature(function.call).parameters.values()
    named = [parameter for parameter in parameters if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]
    if len(named) == len(list(parameters)):
        assert len(named) == len(function.arguments)
        assert [p.default is not p.empty for p in named] == [argument.optional for argument in function.arguments]
    assert all(a.low is None or a.high is None or a.low < a.high for a in function.arguments)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_an_unknown_argument_makes_the_result_unknown_unless_it_is_welcome(function):
    count = len(function.arguments)
    welcome = any(argument.unknown_welcome for argument in function.arguments)
    if not welcome:
        assert function.evaluate([None] * count) is None
    else:
        assert "unknown" in function.summary


def test_a_function_is_declared_once_only():
    with pytest.raises(ValueError, match="declared twice"):
        formula(take("x"), reference="none")(FUNCTIONS["sqrt"].call)


@pytest.mark.parametrize(
    ("height", "weight", "mosteller", "dubois", "haycock"),
    [
        (170, 65, "1.7520", "1.7536", "1.7543"),
        (160, 50, "1.4907", "1.5011", "1.4873"),
        (180, 95, "2.1794", "2.1477", "2.2008"),
        (96, 14.2, "0.6154", "0.6071", "0.6172"),
        (55, 4.2, "0.2533", "0.2416", "0.2571"),
    ],
)
def test_body_surface_area(height, weight, mosteller, dubois, haycock):
    assert rounded(f"bsa_mosteller({height}, {weight})", 4) == mosteller
    assert rounded(f"bsa_dubois({height}, {weight})", 4) == dubois
    assert rounded(f"bsa_haycock({height}, {weight})", 4) == haycock


@pytest.mark.parametrize(
    ("text", "decimals", "result"),
    [
        ("bmi(170, 65)", 2, "22.49"),
        ("anc(2.4, 30, 5)", 2, "0.84"),
        ("anc(2.4, 30)", 2, "0.72"),
        ("corrected_calcium(1.90, 25)", 2, "2.20"),
        ("cockcroft_gault(40, 65, 80, 'M')", 1, "99.8"),
        ("cockcroft_gault(32, 50, 60, 'F')", 1, "93.9"),
        ("schwartz(96, 30)", 1, "116.8"),
        ("schwartz(96, 30, 3)", 1, "116.8"),
        ("ckd_epi_2021(50, 88.4, 'M')", 1, "91.7"),
        ("ckd_epi_2021(50, 88.4, 'F')", 1, "68.6"),
        ("ckd_epi_2021(30, 44.2, 'F')", 1, "129.3"),
        ("meld_exact(51.3, 1.8, 106)", 1, "18.9"),
        ("meld(51.3, 1.8, 106)", 0, "19"),
        ("meld_na_exact(51.3, 1.8, 106, 134)", 1, "21.1"),
        ("meld_na(51.3, 1.8, 106, 134)", 0, "21"),
        ("meld_3_exact(51.3, 1.8, 106, 134, 28, 'F')", 1, "22.4"),
        ("meld_3(51.3, 1.8, 106, 134, 28, 'F')", 0, "22"),
        ("meld(171, 2.5, 177)", 0, "32"),
        ("meld_na_exact(171, 2.5, 177, 128)", 1, "34.4"),
        ("meld_3_exact(171, 2.5, 177, 128, 22, 'M')", 1, "35.7"),
        ("meld(8, 0.9, 60)", 0, "6"),
        ("meld_na(8, 0.9, 60, 120)", 0, "6"),
        ("meld(900, 9, 900)", 0, "40"),
        ("meld(8, 0.9, 60, true)", 0, "20"),
        ("meld(8, 0.9, 60, false)", 0, "6"),
        ("meld_3(8, 0.9, 60, 140, 40, 'M')", 0, "6"),
        ("peld(51.3, 1.8, 28, 0.5, true)", 1, "20.1"),
        ("qtcf(400, 1000)", 0, "400"),
        ("qtcf(400, 800)", 1, "430.9"),
        ("qtcf_by_rate(400, 75)", 1, "430.9"),
        ("fold_uln(120, 40)", 0, "3"),
        ("log10_ebv(1000)", 0, "3"),
        ("relative_dose(1500, 1750)", 1, "85.7"),
        ("dose_intensity(1500, 1750, 28, 21)", 1, "64.3"),
        ("adherence(40, 42)", 1, "95.2"),
    ],
)
def test_a_calculator_gives(text, decimals, result):
    assert rounded(text, decimals) == result


@pytest.mark.parametrize(
    "text",
    [
        "bsa_mosteller(1.70, 65)",
        "bsa_mosteller(170, 65000)",
        "anc(2.4, 80, 30)",
        "anc(2.4, 30, unknown)",
        "cockcroft_gault(17, 65, 80, 'M')",
        "cockcroft_gault(40, 65, 80, 'X')",
        "cockcroft_gault(40, 65, 0.9, 'M')",
        "schwartz(96, 30, 40)",
        "ckd_epi_2021(12, 60, 'F')",
        "meld(51.3, 1.8, 106, unknown)",
        "peld(51.3, 1.8, 28, 13, true)",
        "child_pugh(20, 40, 1, 3, 0)",
        "isth_dic('N', 40, 12, 4, 0.8)",
        "isth_dic(unknown, 40, 12, 4, 0.8)",
        "fold_uln(120, 0)",
        "log10_ebv(0)",
        "ln(0)",
        "ln(-1)",
        "log10(-1)",
        "sqrt(-1)",
        "power(-2, 0.5)",
        "power(10, 100) * power(10, 100) * power(10, 101)",
        "power(0, -1)",
        "round_to(5, 0)",
        "round_half_up(5, -1)",
        "percent_change(0, 5)",
        "percent_of(5, 0)",
        "relative_dose(5, 0)",
        "hscore_probability(400)",
        "worst_grade('nonsense')",
        "age_years(date('2024-10-18'), date('2024-10-17'))",
        "days(date('2024-10'), date('2024-10-18'))",
        "months(5, date('2024-10-18'))",
        "min_of(1, date('2024-10-18'))",
        "has(3, 'A')",
    ],
)
def test_outside_its_limits_a_function_says_unknown(text):
    result = value(text)
    assert result is None or text.startswith("power(10")


@pytest.mark.parametrize(
    ("text", "points", "band"),
    [
        ("20, 40, 1.0, 0, 0", 5, "A"),
        ("33.9, 35.1, 1.69, 0, 0", 5, "A"),
        ("34, 35, 1.7, 1, 1", 10, "C"),
        ("51, 28, 2.3, 1, 2", 10, "C"),
        ("40, 30, 1.0, 0, 0", 7, "B"),
        ("52, 27, 2.4, 2, 3", 15, "C"),
    ],
)
def test_child_pugh(text, points, band):
    assert value(f"child_pugh({text})") == points
    assert value(f"child_pugh_class(child_pugh({text}))") == band


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("101, 1, 2.9, 1.1", 0),
        ("100, 1.1, 3, 1.0", 5),
        ("50, 10, 6, 2", 4),
        ("49, 10.1, 6.1, 0.5", 8),
        ("49, 0.5, -1, 3", 2),
    ],
)
def test_isth_score_of_overt_dic(text, points):
    assert value(f"isth_dic('Y', {text})") == points


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("'N', 'N', 'N', 'N', 'N', 100, 0, 4.9, 2.9, 9.9, 1.0", 0),
        ("'Y', 'Y', 'Y', 'Y', 'N', 99, 0, 4.9, 2.9, 9.9, 1.0", 6),
        ("'N', 'N', 'N', 'N', 'N', 80, 49, 5, 3, 0, 1.0", 4),
        ("'N', 'N', 'N', 'N', 'N', 79, 50, 8.9, 0, 10, 0.99", 7),
        ("'Y', 'N', 'N', 'N', 'Y', 50, 0, 9, 5.9, 10, 1.0", 6),
        ("'Y', 'N', 'N', 'N', 'Y', 49, 50, 9, 6, 10, 0.99", 10),
    ],
)
def test_chinese_score_of_dic(text, points):
    assert value(f"cdss({text})") == points


SEVERE = "'N', 39.6, true, true, 80, 2.0, 50, 9000, 4.5, 1.2, 200, true"


def test_hscore_of_a_severe_case():
    assert value(f"hscore({SEVERE})") == 319
    assert value("hscore_probability(319)") == Censored(">", D(99))


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("false, 38.3, false, false, 120, 8, 200, 500, 1.0, 3.0, 20, false", 0),
        ("true, 38.4, true, false, 92, 5.0, 200, 2000, 1.5, 2.5, 30, false", 18 + 33 + 23 + 24 + 35 + 44 + 30 + 19),
        ("false, 39.4, false, true, 92, 6, 200, 6000, 4.0, 2.6, 29, false", 33 + 23 + 0 + 35 + 44),
        ("true, 39.5, true, true, 90, 4, 110, 6001, 4.1, 2.5, 30, true", 337),
    ],
)
def test_hscore_at_its_cut_offs(text, points):
    assert value(f"hscore({text})") == points


def test_hscore_with_missing_items_is_an_interval():
    known = "'N', 39.6, true, unknown, 80, 2.0, unknown, unknown, 4.5, 1.2, 200, unknown"
    assert value(f"hscore({known})") is None
    assert value(f"hscore_low({known})") == 49 + 23 + 24 + 0 + 64 + 30 + 19
    assert value(f"hscore_high({known})") == 49 + 38 + 34 + 50 + 64 + 30 + 19 + 35


def _hscore(ferritin):
    items = (False, D("39.6"), True, True, D(80), D(2), D(50), ferritin, D("4.5"), D("1.2"), D(200), True)
    return [FUNCTIONS[name].evaluate(items) for name in ("hscore_low", "hscore", "hscore_high")]


@pytest.mark.parametrize(
    ("sign", "number", "points"),
    [
        (">", 40000, (50, 50)),
        (">", 6000, (50, 50)),
        (">=", 6000, (35, 50)),
        (">", 3000, (35, 50)),
        ("<", 2000, (0, 0)),
        ("<=", 2000, (0, 35)),
        ("<", 5000, (0, 35)),
    ],
)
def test_hscore_takes_from_a_censored_ferritin_what_it_decides(sign, number, points):
    low, score, high = _hscore(Censored(sign, D(number)))
    assert (low - 269, high - 269) == points
    assert score == (low if low == high else None)


@pytest.mark.parametrize(
    ("score", "percent"), [(100, 1), (120, 5), (140, 16), (168, 51), (169, 53), (200, 88), (240, 99)]
)
def test_hscore_probability_is_near_the_published_table(score, percent):
    published = {100: 1, 120: 5, 140: 16, 200: 88, 240: 99}
    result = value(f"hscore_probability({score})")
    assert abs(result - published.get(score, percent)) <= 2


def test_hscore_probability_has_open_ends():
    assert value("hscore_probability(90)") == Censored("<", D(1))
    assert value("hscore_probability(250)") == Censored(">", D(99))


@pytest.mark.parametrize(
    ("met", "not_met", "result"),
    [
        (5, 3, "MET"),
        (5, 0, "MET"),
        (4, 4, "NOT_MET"),
        (4, 3, "UNDETERMINED"),
        (0, 4, "NOT_MET"),
        (0, 3, "UNDETERMINED"),
    ],
)
def test_hlh_2004_counts_in_three_values(met, not_met, result):
    criteria = ["true"] * met + ["'N'"] * not_met
    criteria += ["unknown"] * (8 - len(criteria))
    assert value(f"hlh_2004({', '.join(criteria)})") == result
    answer = {"MET": True, "NOT_MET": False, "UNDETERMINED": None}[result]
    assert value(f"at_least(5, {', '.join(criteria)})") is answer
    assert value(f"count_true({', '.join(criteria)})") == met
    assert value(f"count_unknown({', '.join(criteria)})") == 8 - met - not_met


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("age_years(date('1990-10-18'), date('2024-10-17'))", 33),
        ("age_years(date('1990-10-18'), date('2024-10-18'))", 34),
        ("age_years(date('2004-02-29'), date('2022-02-28'))", 17),
        ("age_years(date('2004-02-29'), date('2022-03-01'))", 18),
        ("age_years(date('1990'), date('2024-12-31'))", 34),
        ("age_years(date('1990'), date('2024-10-18'))", None),
        ("age_years(date('1990-03'), date('2024-10-18'))", 34),
        ("age_years(date('1990-03'), date('2024-10'))", 34),
        ("round_half_up(age_exact(date('2024-09-11'), date('2024-10-18')), 1)", D("0.1")),
        ("days(date('2024-10-18'), date('2024-10-01'))", -17),
        ("weeks(date('2024-10-01'), date('2024-10-15'))", 2),
        ("round_half_up(months(date('2024-10-18'), date('2025-07-18')), 2)", D("8.97")),
        ("months_between(date('2024-10-18'), date('2024-10-18'))", 0),
        ("round_half_up(years(date('2020-01-01'), date('2024-01-01')), 3)", D("4.000")),
        ("hours(date('2024-10-18T22:30'), date('2024-10-19T01:00'))", D("2.5")),
        ("hours(date('2024-10-18'), date('2024-10-19T01:00'))", None),
        ("study_day(date('2024-10-18'), date('2024-10-18'))", 1),
        ("study_day(date('2024-10-17'), date('2024-10-18'))", -1),
        ("study_day(date('2024-10'), date('2024-10-18'))", None),
        ("cycle_day(date('2024-10-25'), date('2024-10-18'))", 8),
        ("cycle_day(date('2024-10-17'), date('2024-10-18'))", 0),
        ("cycle_day(date('2024'), date('2024-10-18'))", None),
        ("day_of(date('2024-10-18T09:30'))", PartialDate(2024, 10, 18)),
        ("day_of(date('2024-10'))", PartialDate(2024, 10)),
        ("year_of(date('2024-10'))", 2024),
        ("coalesce(unknown, 3, 4)", 3),
        ("coalesce(unknown)", None),
        ("is_missing(unknown)", True),
        ("is_missing(0)", False),
        ("min_of(3, 1, 2)", 1),
        ("max_of(3, 1, 2)", 3),
        ("max_of(3, unknown)", None),
        ("min_of(date('2024-10-18'), date('2024-10-17'))", PartialDate(2024, 10, 17)),
        ("max_of(date('2024-10-18'), date('2024-11'))", PartialDate(2024, 11)),
        ("max_of(date('2024-10-18'), date('2024-10'))", between(date(2024, 10, 18), date(2024, 10, 31))),
        ("lowest(3, unknown, 2)", 2),
        ("highest(3, unknown, 2)", 3),
        ("highest(unknown)", None),
        ("lowest(unknown, date('2024-10-18'))", PartialDate(2024, 10, 18)),
        ("round_to(1752, 10)", 1750),
        ("round_to(1755, 10)", 1760),
        ("round_to(-1755, 10)", -1760),
        ("round_to(175.2, 2.5)", 175),
        ("round_down(1759, 10)", 1750),
        ("round_up(4380, 3750)", 7500),
        ("round_half_up(2.675, 2)", D("2.68")),
        ("abs(-3)", 3),
        ("sqrt(16)", 4),
        ("ln(1)", 0),
        ("log10(1000)", 3),
        ("power(2, 10)", 1024),
        ("percent_change(50, 45)", -10),
        ("percent_of(1, 4)", 25),
        ("has('A', 'A')", True),
        ("worst_grade('Platelet count decreased=3;Anemia=2')", 3),
        ("worst_grade('Hyponatremia=?2,3;Anemia=3;Other=-')", 3),
        ("worst_grade('Hyponatremia=?2,3;Anemia=2')", None),
        ("worst_grade('Hyponatremia=?2,3')", None),
        ("worst_grade('Anemia=-')", None),
        ("limit_of(5)", 5),
    ],
)
def test_a_function_gives(text, result):
    got = value(text)
    assert got == result
    assert (got is None) == (result is None)


def test_censored_values_pass_where_it_is_sound():
    low = Censored("<", D(500))
    assert FUNCTIONS["limit_of"].evaluate([low]) == 500
    assert FUNCTIONS["fold_uln"].evaluate([low, D(100)]) == Censored("<", D(5))
    assert FUNCTIONS["percent_of"].evaluate([low, D(1000)]) == Censored("<", D(50))
    logarithm = FUNCTIONS["log10_ebv"].evaluate([low])
    assert logarithm.sign == "<"
    assert f"{logarithm.number:.3f}" == "2.699"
    assert FUNCTIONS["percent_change"].evaluate([low, D(100)]) is None
    assert FUNCTIONS["percent_change"].evaluate([D(1000), low]) == Censored("<", D(-50))
    assert FUNCTIONS["abs"].evaluate([Censored("<", D(-5))]) == Censored(">", D(5))
    assert FUNCTIONS["abs"].evaluate([Censored(">", D(-5))]) is None
    assert FUNCTIONS["has"].evaluate([("A", "B"), "B"]) is True


def test_a_limit_holds_for_censored_arguments_too():
    assert FUNCTIONS["hscore_low"].evaluate([None] * 7 + [Censored(">", D(-1))] + [None] * 4) == 0


def test_a_number_that_is_none_is_unknown():
    assert FUNCTIONS["sqrt"].evaluate([D("NaN")]) is None
    assert FUNCTIONS["coalesce"].evaluate([D("Infinity"), D(1)]) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("term_known('Nausea', '5.0')", True),
        ("term_known('恶心', '5.0')", True),
        ("term_known('feeling sick to the bone', '5.0')", False),
        ("term_known('Nausea', '2.0')", None),
        ("term_has_grade('Nausea', 3, '5.0')", True),
        ("term_has_grade('Nausea', 4, '5.0')", False),
        ("term_has_grade('no such term', 3, '5.0')", None),
        ("term_needs_text('Gastrointestinal disorders - Other, specify', '5.0')", True),
        ("term_needs_text('Nausea', '5.0')", False),
        ("term_needs_text('no such term', '5.0')", None),
    ],
)
def test_a_chosen_term_is_held_against_its_edition(text, told):
    assert value(text) is told
