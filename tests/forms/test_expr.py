from datetime import date, datetime
from decimal import Decimal

import pytest

from forms.expressions.expression import ExpressionFault, Read, parse
from forms.values.censored import Censored
from forms.values.dates import PartialDate

D = Decimal


class Place:
    """Answers for names from plain dicts; rows are places too."""

    def __init__(self, rows=None, **values):
        self.values = values
        self.rows = rows or {}
        self.asked = []

    def _answer(self, *asked):
        self.asked.append(asked)
        return self.values.get(asked[-1])

    def here(self, item):
        return self._answer("here", item)

    def other(self, event, number, form, item):
        place = f"{event}[{number}].{form}.{item}" if number else f"{event}.{form}.{item}".lstrip(".")
        return self._answer("other", place)

    def previous(self, form, item):
        return self._answer("prev", f"prev {form}.{item}")

    def before(self, form, item):
        return self._answer("before", f"before {form}.{item}")

    def baseline(self, form, item):
        return self._answer("baseline", f"baseline {form}.{item}")

    def fact(self, name):
        return self._answer("fact", f"${name}")

    def setting(self, name):
        return self._answer("setting", f"setting {name}")

    def name(self, word):
        return self._answer("name", word)

    def instances(self, form, event):
        return self.rows.get(f"{form} in {event}" if event else form, ())


def value(text, rows=None, **values):
    return parse(text).evaluate(Place(rows, **values))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1 + 2 * 3", D(7)),
        ("(1 + 2) * 3", D(9)),
        ("10 - 4 - 3", D(3)),
        ("24 / 4 / 2", D(3)),
        ("-2 * -3", D(6)),
        ("--2", D(2)),
        ("0.7 * 3.0", D("2.10")),
        ("0.7 * 3.0 = 2.1", True),
        ("0.1 + 0.2 = 0.3", True),
        ("2 < 10", True),
        ("1 != 1.0", False),
        ("1 <> 2", True),
        ("3 ≥ 3 and 2 ≤ 3 and 2 ≠ 3", True),
        ("18 <= 80 <= 80", True),
        ("18 <= 81 <= 80", False),
        ("1 < 2 < 3 < 3", False),
        ("'it''s'", "it's"),
        ('"say ""yes"""', 'say "yes"'),
        ("'a' = 'A'", False),
        ("'a' = 'a'", True),
        ("if 1 < 2 then 'x' else 'y'", "x"),
        ("if 1 > 2 then 'x' else if 1 > 1 then 'y' else 'z'", "z"),
        ("not 1 = 2", True),
        ("not not true", True),
        ("true or false and false", True),
        ("2 in (1, 2)", True),
        ("2 not in (1, 2)", False),
        ("'09:30' < '10:00'", True),
        ("'2' < '10'", True),
        ("'b' > 'a'", None),
        ("1 / 3 * 3 = 1", False),
        ("date('2024-10-18') - date('2024-10-01')", D(17)),
        ("date('2024-10-18') + 14", PartialDate(2024, 11, 1)),
        ("14 + date('2024-10-18')", PartialDate(2024, 11, 1)),
        ("date('2024-10-18') - 18", PartialDate(2024, 9, 30)),
        ("date('2024-10-18') + 0.5", None),
        ("date('2024-10') + 1", None),
        ("date('2024-10-18') - date('2024-10')", None),
        ("date('2024-10-18') + date('2024-10-18')", None),
        ("5 - date('2024-10-18')", None),
        ("date('2024-10-18') * 2", None),
        ("date('9999-12-31') + 1", None),
        ("date('2024-10-18') + 99999999", None),
        ("date('2024-10-18') > 5", None),
        ("date('2024-10-18') = '2024-10-18'", None),
        ("1 = 'one'", None),
        ("true = 1", None),
        ("true = true", True),
        ("true < false", None),
        ("1 + true", None),
        ("-'a'", None),
    ],
)
def test_an_expression_gives(text, result):
    assert value(text) == result
    assert type(value(text)) is type(result)


@pytest.mark.parametrize(
    "text",
    ["1 / 0", "A + 1", "1 - A", "-A", "A * 0", "A = A", "A < 1", "A in (1, 2)", "if A = 1 then 1 else 1", "-A / 2"],
)
def test_unknown_is_neither_zero_nor_false(text):
    assert value(text) is None


TRUTH = {"true": True, "false": False, "unknown": None}
AND = {("true", "true"): True, ("true", "unknown"): None, ("unknown", "true"): None, ("unknown", "unknown"): None}
OR = {("false", "false"): False, ("false", "unknown"): None, ("unknown", "false"): None, ("unknown", "unknown"): None}


@pytest.mark.parametrize("a", TRUTH)
@pytest.mark.parametrize("b", TRUTH)
def test_and_or_not_follow_kleene(a, b):
    assert value(f"{a} and {b}") is AND.get((a, b), False)
    assert value(f"{a} or {b}") is OR.get((a, b), True)
    assert value(f"not {a}") is (None if a == "unknown" else not TRUTH[a])


def test_the_document_prints_the_same_tables():
    from pathlib import Path

    rows = [
        line for line in Path("docs/expressions.md").read_text(encoding="utf-8").splitlines() if line.count("|") == 6
    ]
    printed = {
        (a, b): tuple(rest)
        for a, b, *rest in ([cell.strip() for cell in row.strip("|").split("|")] for row in rows)
        if a in TRUTH
    }
    assert len(printed) == 9
    word = {True: "true", False: "false", None: "unknown"}
    for (a, b), (both, either, inverse) in printed.items():
        assert word[value(f"{a} and {b}")] == both
        assert word[value(f"{a} or {b}")] == either
        assert word[value(f"not {a}")] == inverse


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("A is known", False),
        ("A is unknown", True),
        ("A is not known", True),
        ("B is known", True),
        ("B is not unknown", True),
        ("A = 1 is unknown", None),
    ],
)
def test_only_is_known_and_is_unknown_always_decide(text, result):
    if result is None:
        with pytest.raises(ExpressionFault):
            parse(text)
    else:
        assert value(text, B=D(1)) is result


def test_membership_is_unknown_only_when_an_unknown_option_would_decide():
    assert value("1 in (A, 1)") is True
    assert value("2 in (A, 1)") is None
    assert value("S in ('F', 'M')", S="F") is True
    assert value("S in ('F', 'M')", S="f") is False
    assert value("S in ('1', '2')", S=D(2)) is True
    assert value("S in ('F', 'M')") is None
    assert value("X in ('LIV', 'LN')", X=("SPL", "LN")) is True
    assert value("X in ('LIV', B)", X=("SPL",)) is None
    assert value("X = 'SPL'", X=("SPL",)) is True
    assert value("'SPL' = X", X=("SPL", "LN")) is False


def test_a_code_written_as_a_number_counts_as_that_number():
    assert value("ECOG <= 2", ECOG="2") is True
    assert value("ECOG + 1", ECOG="2") == D(3)
    assert value("ECOG = 2", ECOG="2") is True
    assert value("ECOG = '2.0'", ECOG="2") is False


LOW = Censored("<", D("0.5"))
HIGH = Censored(">", D(100000))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("A < 0.5", True),
        ("A <= 0.5", True),
        ("A > 1", False),
        ("A >= 0.5", False),
        ("A < 0.3", None),
        ("A > 0.3", None),
        ("A = 0.7", False),
        ("A = 0.5", False),
        ("A = 0.3", None),
        ("A != 0.7", True),
        ("A = A", None),
        ("A < B", True),
        ("B > 500", True),
        ("B < 500", False),
        ("C <= 0.5", True),
        ("C < 0.5", None),
        ("C > 0.5", False),
        ("C >= 0.5", None),
        ("A in (0.7, 1)", False),
        ("A in (0.2, 1)", None),
    ],
)
def test_a_comparison_with_a_censored_number_says_what_the_assay_decides(text, result):
    assert value(text, A=LOW, B=HIGH, C=Censored("<=", D("0.5"))) is result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("A * 2", "<1.0"),
        ("2 * A", "<1.0"),
        ("A * -2", ">-1.0"),
        ("A * 0", "0"),
        ("A / 2", "<0.25"),
        ("A / -2", ">-0.25"),
        ("A + 1", "<1.5"),
        ("1 - A", ">0.5"),
        ("-A", ">-0.5"),
        ("A + A", "<1.0"),
        ("A - A", None),
        ("A + B", None),
        ("A * A", None),
        ("1 / A", None),
        ("A / 0", None),
        ("min_of(A, 3)", "<0.5"),
        ("max_of(A, 3)", "3"),
        ("max_of(A, 0.2)", None),
        ("min_of(A, 0.2)", "<=0.2"),
        ("max_of(B, 3)", ">100000"),
        ("max_of(A, B, 7)", ">100000"),
        ("percent_change(100, B)", ">99900"),
        ("log10(B)", ">5"),
        ("abs(B)", ">100000"),
        ("abs(A)", None),
        ("corrected_calcium(A, 40)", None),
    ],
)
def test_arithmetic_never_puts_the_limit_in_place_of_the_result(text, result):
    got = value(text, A=LOW, B=HIGH)
    if isinstance(got, D):
        assert f"{got}" == result
    else:
        assert (got.canonical if got is not None else None) == result


def test_partial_dates_are_compared_by_every_day_they_allow():
    assert value("A < date('2024-11-02')", A=PartialDate(2024, 10)) is True
    assert value("A < date('2024-10-18')", A=PartialDate(2024, 10)) is None
    assert value("A >= date('2024-10-01')", A=PartialDate(2024, 10)) is True
    assert value("A = A", A=PartialDate(2024, 10)) is None
    assert value("A != date('2024-11')", A=PartialDate(2024, 10)) is True


def test_references_ask_the_scope_and_nothing_else():
    assert value("WEIGHT", WEIGHT=D(65)) == D(65)
    assert value("VS.WEIGHT", **{"VS.WEIGHT": D(65)}) == D(65)
    assert value("C_D1.VS.WEIGHT", **{"C_D1.VS.WEIGHT": D(65)}) == D(65)
    assert value("C_D1[2].VS.WEIGHT", **{"C_D1[2].VS.WEIGHT": D(65)}) == D(65)
    assert value("prev(VS.WEIGHT)", **{"prev VS.WEIGHT": D(65)}) == D(65)
    assert value("before(VS.WEIGHT)", **{"before VS.WEIGHT": D(65)}) == D(65)
    assert value("baseline(HEM.PLT)", **{"baseline HEM.PLT": D(65)}) == D(65)
    assert value("$first_dose", **{"$first_dose": PartialDate(2024)}) == PartialDate(2024)
    assert value("setting('cycle days')", **{"setting cycle days": D(21)}) == D(21)
    assert value("cycle + row_number", cycle=D(2), row_number=D(3)) == D(5)
    assert value("PLT#grade", **{"PLT#grade": "Platelet count decreased=3"}) == "Platelet count decreased=3"


def test_a_branch_that_is_not_taken_is_not_evaluated():
    place = Place(A=D(1))
    assert parse("if A = 1 then 2 else B").evaluate(place) == D(2)
    assert ("here", "B") not in place.asked


def test_plain_dates_and_whole_numbers_from_a_scope_are_understood():
    assert value("today - D", today=date(2024, 10, 18), D=datetime(2024, 10, 1, 9, 30)) == D(17)  # noqa: DTZ001
    assert value("cycle + 1", cycle=2) == D(3)
    assert value("X is known", X=object()) is False
    assert value("X is known", X=1.5) is False


ROWS = {
    "EX": [
        Place(EXDOSE=D(100), EXDAT=PartialDate(2024, 10, 1), EXKIND="A"),
        Place(EXDOSE=D(200), EXDAT=PartialDate(2024, 10, 8), EXKIND="B"),
        Place(EXDOSE=None, EXDAT=PartialDate(2024, 10, 15), EXKIND="A"),
        Place(EXDOSE=D(50), EXDAT=None, EXKIND=None),
    ],
    "EX in LOG": [Place(EXDOSE=D(7))],
}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("sum(EXDOSE over EX)", None),
        ("sum(EXDOSE over EX where EXDOSE is known)", D(350)),
        ("sum(EXDOSE over EX where EXKIND = 'B')", D(200)),
        ("sum(EX.EXDOSE over EX where EX.EXKIND = 'B')", D(200)),
        ("sum(EXDOSE over EX in LOG)", D(7)),
        ("sum(EXDOSE over NONE)", D(0)),
        ("min(EXDOSE over EX)", D(50)),
        ("max(EXDOSE over EX)", D(200)),
        ("min(EXDAT over EX)", PartialDate(2024, 10, 1)),
        ("max(EXDAT over EX)", PartialDate(2024, 10, 15)),
        ("max(EXDOSE over NONE)", None),
        ("count(1 over EX)", D(4)),
        ("count(EXDOSE over EX)", D(3)),
        ("count(EXDOSE > 60 over EX)", D(2)),
        ("count(1 over EX where EXKIND = 'A')", D(2)),
        ("first(EXDOSE over EX)", D(100)),
        ("last(EXDOSE over EX)", D(50)),
        ("last(EXDOSE over EX where EXKIND = 'A')", D(100)),
        ("first(EXDOSE over NONE)", None),
        ("any(EXDOSE > 150 over EX)", True),
        ("any(EXDOSE > 500 over EX)", None),
        ("any(EXDOSE > 500 over EX where EXDOSE is known)", False),
        ("any(EXDOSE < 60 over EX where EXKIND = 'A')", None),
        ("any(true over NONE)", False),
        ("all(EXDOSE > 10 over EX)", None),
        ("all(EXDOSE > 60 over EX)", False),
        ("all(EXDOSE > 10 over EX where EXKIND = 'B')", True),
        ("all(EXDOSE > 60 over EX where EXKIND = 'B')", None),
        ("all(false over NONE)", True),
        ("sum(EXDOSE over EX where EXDAT <= outer(EXDAT))", D(300)),
        ("count(1 over EX where EXDAT > outer(D1) and outer(cycle) = 2)", D(2)),
        ("sum(count(1 over EX where EXDOSE > outer(EXDOSE) and EXDAT <= outer(outer(EXDAT))) over EX in LOG)", D(2)),
    ],
)
def test_an_aggregate_looks_at_every_row(text, result):
    here = {"EXDAT": PartialDate(2024, 10, 8), "D1": PartialDate(2024, 10, 1), "cycle": D(2)}
    assert value(text, ROWS, **here) == result or (result is None and value(text, ROWS, **here) is None)


# A nested aggregate asks its own rows for the form within.
for _row in ROWS["EX in LOG"]:
    _row.rows = ROWS


def test_what_an_expression_reads_is_known_without_running_it():
    text = (
        "if A = $f then C_D1[2].VS.W + VS.H else sum(X * outer(B) over EX in LOG where DM.SEX = setting('s')) + cycle"
    )
    assert parse(text).reads == {
        Read("item", item="A"),
        Read("fact", name="f"),
        Read("event", event="C_D1", form="VS", item="W", number=2),
        Read("form", form="VS", item="H"),
        Read("rows", event="LOG", form="EX"),
        Read("rows", event="LOG", form="EX", item="X"),
        Read("item", item="B"),
        Read("form", form="DM", item="SEX", inside="EX"),
        Read("setting", name="s"),
        Read("name", name="cycle"),
    }


def test_values_at_other_times_are_read_too():
    assert parse("prev(VS.W) + before(VS.W) + baseline(VS.W)").reads == {
        Read(kind, form="VS", item="W") for kind in ("prev", "before", "baseline")
    }
    assert parse("max(before(VS.W) over EX)").reads >= {Read("before", form="VS", item="W", inside="EX")}


def test_parsing_the_same_text_again_gives_the_same_object():
    assert parse("A + 1") is parse("A + 1")
    assert parse("A + 1") != parse("A+1")
    assert parse("A + 1").node == parse("A+1").node
    assert parse("A+1").canonical == "A + 1"


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("A+1*-2", "A + (1 * (-2))"),
        ("a.b<=1 or not c.d=2", "(a.b <= 1) or (not (c.d = 2))"),
        ("E[2].F.I≥E.F.I", "E[2].F.I >= E.F.I"),
        ("prev( F.I )is known", "prev(F.I) is known"),
        ("$f is unknown and setting('a''b')='x'", "($f is unknown) and (setting('a''b') = 'x')"),
        ('if cycle=1 then true else if false=true then "q" else unknown', None),
        ("sum(A over F in E where B>outer(C))", "sum(A over F in E where B > outer(C))"),
        ("min(F.A over F)", "min(A over F)"),
        ("SEX in('F',\"M\")", "SEX in ('F', 'M')"),
        ("round_to(D-date('2024-10'),12.50)", "round_to(D - date('2024-10'), 12.50)"),
    ],
)
def test_an_expression_is_written_out_in_one_way(text, canonical):
    expected = canonical or "if cycle = 1 then true else if false = true then 'q' else unknown"
    assert parse(text).canonical == expected
    assert parse(expected).node == parse(text).node


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("", 1, "empty"),
        ("  ", 1, "empty"),
        ("A +", 4, "too early"),
        ("(A", 3, "“)”"),
        ("A B", 3, "“B” does not belong"),
        ("A = = B", 5, "“=” does not belong"),
        ("A == B", 4, "“=” does not belong"),
        ("if A = 1 then 2", 16, "else"),
        ("if A = 1 2", 10, "then"),
        ("A is maybe", 6, "known / unknown"),
        ("A in B", 6, "“(”"),
        ("then", 1, "“then”"),
        ("A & B", 3, "“&”"),
        ("A + 12abc", 5, "“1”"),
        ("1.", 2, "“.”"),
        ("'abc", 1, "closing quote"),
        ("A = 'it's'", 10, "closing quote"),
        ("fever(A)", 1, "no function “fever”"),
        ("bsa_mostler(1, 2)", 1, "bsa_mosteller"),
        ("bsa_mosteller(1)", 1, "was given 1"),
        ("age_years(A, B, C)", 1, "was given 3"),
        ("min(A, B)", 1, "min_of"),
        ("sum(A", 1, "goes over"),
        ("sum(A over )", 12, "after “over”"),
        ("sum(A over EX in 3)", 18, "EVENT"),
        ("sum(A over EX where B)", 21, "True or false"),
        ("sum(A over EX", 14, "“)”"),
        ("any(A over EX)", 5, "True or false"),
        ("A[2]", 1, "is not a reference"),
        ("A[2].B", 1, "is not a reference"),
        ("A[x].B.C", 3, "cycle number"),
        ("A[99999].B.C", 3, "cycle number"),
        ("A.B.C.D", 1, "is not a reference"),
        ("A.", 3, "FORM.ITEM"),
        ("A.$b", 3, "FORM.ITEM"),
        ("prev(A)", 6, "FORM.ITEM"),
        ("prev(E.A.B)", 6, "FORM.ITEM"),
        ("prev(1)", 6, "FORM.ITEM"),
        ("prev(A.B", 9, "“)”"),
        ("setting(A)", 9, "text in quotes"),
        ("date(A)", 6, "text in quotes"),
        ("date('18.10.2024')", 6, "is not a date"),
        ("outer(A)", 1, "inside an aggregate"),
        ("sum(outer(1 + 2) over EX)", 11, "outer takes"),
        ("sum(outer(3) over EX)", 11, "outer takes"),
        ("SEX and true", 1, "True or false"),
        ("not VS.WEIGHT", 5, "True or false"),
        ("if 1 then 2 else 3", 4, "True or false"),
        ("A + 1 or true", 1, "True or false"),
        ("1" * 31, 1, "too long"),
        ("(" * 100 + "1" + ")" * 100, 41, "nested"),
        ("abs(" * 100 + "1" + ")" * 100, 161, "nested"),
        ("A" + " + A" * 500, 1, "hang on each other"),
        ("not " * 500 + "true", 1, "hang on each other"),
        ("-" * 5000 + "1", 1, "hang on each other"),
        ("if true then 1 else " * 300 + "1", 1, "hang on each other"),
        ("A" * 20_001, 20_000, "longer than"),
    ],
)
def test_a_bad_author_is_told_what_is_wrong_and_where(text, column, words):
    with pytest.raises(ExpressionFault) as caught:
        parse(text)
    assert caught.value.column == column
    assert words in caught.value.message["en"]
    assert caught.value.message["zh"] != caught.value.message["en"]
    assert "expr." not in caught.value.message["zh"] + caught.value.message["en"]
    assert str(column) in str(caught.value)


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("A", False),
        ("A + 1", False),
        ("'Y'", False),
        ("if A = 1 then 'x' else 2", False),
        ("A = 1", True),
        ("$f", True),
        ("unknown", True),
        ("coalesce(A, true)", True),
        ("if A = 1 then 'x' else true", True),
    ],
)
def test_a_rule_that_can_never_be_true_or_false_can_be_told(text, may):
    assert parse(text).may_decide is may


def test_long_lists_and_chains_within_the_limits_are_fine():
    assert value("A in (" + ", ".join(map(str, range(2000))) + ")", A=D(1999)) is True
    assert value(" or ".join(f"A = {number}" for number in range(500)), A=D(499)) is True
    assert value("1" + " + 1" * 150) == D(151)
    assert value("if A = 0 then 0 else " * 100 + "7", A=D(1)) == D(7)
    assert value("(" * 39 + "7" + ")" * 39) == D(7)
