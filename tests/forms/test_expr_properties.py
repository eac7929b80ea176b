from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from forms.expressions.expression import ExpressionFault, parse
from forms.expressions.nodes import (
    Aggregate,
    Arithmetic,
    Call,
    Comparison,
    Constant,
    FactOf,
    Here,
    If,
    Joined,
    Known,
    Membership,
    Moment,
    Name,
    Negative,
    Not,
    Outer,
    SettingOf,
    There,
    written,
)
from forms.expressions.parse import AGGREGATES, NAMES
from forms.functions.general import FUNCTIONS
from forms.values.censored import Censored, edges, highest, less, lowest
from forms.values.dates import PartialDate
from forms.values.operators import all_of, any_of, inverted

numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3)
wild_numbers = st.decimals()
dates = st.builds(
    lambda day, precision: PartialDate(day.year, *((day.month, day.day)[:precision])), st.dates(), st.integers(0, 2)
)
censored = st.builds(Censored, st.sampled_from(["<", "<=", ">", ">="]), numbers)
texts = st.text(max_size=6)
values = st.one_of(
    st.none(),
    st.booleans(),
    numbers,
    wild_numbers,
    censored,
    dates,
    texts,
    st.tuples(texts, texts),
    st.integers(),
    st.dates(),
    st.floats(),
    st.sampled_from(["Y", "N", "F", "M", "2", "<0.5", "09:30"]),
)


class Whim:
    """Answers every question with whatever the test draws."""

    def __init__(self, draw, depth=0):
        self.draw = draw
        self.depth = depth

    def __getattr__(self, name):
        return lambda *asked: self.draw(values)

    def instances(self, form, event):
        return [Whim(self.draw, self.depth + 1) for _ in range(self.draw(st.integers(0, 3)))] if self.depth < 2 else []


names = st.sampled_from(["A", "WEIGHT", "PLT#grade", "x_1"])
forms = st.sampled_from(["VS", "HEM"])
constants = st.builds(
    Constant,
    st.one_of(st.none(), st.booleans(), texts, dates, st.decimals(0, 10**9, places=4)),
)


def _references(inside):
    plain = st.one_of(
        st.builds(Here, names),
        st.builds(There, st.just(""), st.none(), st.sampled_from(["DM", "AE"]), names),
        st.builds(There, st.sampled_from(["C_D1", "SCR"]), st.one_of(st.none(), st.integers(0, 99)), forms, names),
        st.builds(Moment, st.sampled_from(["prev", "before", "baseline"]), forms, names),
        st.builds(FactOf, names.map(lambda name: name.replace("#", "_"))),
        st.builds(SettingOf, texts),
        st.builds(Name, st.sampled_from(NAMES)),
    )
    return st.one_of(plain, st.builds(Outer, plain)) if inside else plain


def _values(depth, inside=0):
    simple = st.one_of(constants, _references(inside))
    if depth == 0:
        return simple
    below = _values(depth - 1, inside)
    either = st.one_of(below, _conditions(depth - 1, inside))
    return st.one_of(
        simple,
        st.builds(Negative, either),
        st.builds(Arithmetic, st.sampled_from("+-*/"), either, below),
        st.builds(If, _conditions(depth - 1, inside), either, below),
        _calls(either),
        st.builds(
            Aggregate,
            st.sampled_from([which for which in AGGREGATES if which not in ("any", "all")]),
            _values(depth - 1, inside + 1),
            forms,
            st.sampled_from(["", "LOG"]),
            st.one_of(st.none(), _conditions(depth - 1, inside + 1)),
        ),
    )


@st.composite
def _calls(draw, arguments):
    function = FUNCTIONS[draw(st.sampled_from(sorted(FUNCTIONS)))]
    count = draw(st.integers(function.fewest, function.most or function.fewest + 2))
    return Call(function.name, tuple(draw(st.lists(arguments, min_size=count, max_size=count))))


def _conditions(depth, inside=0):
    simple = st.sampled_from([Constant(True), Constant(False), Constant(None)])
    if depth == 0:
        return simple
    below, value = _conditions(depth - 1, inside), _values(depth - 1, inside)
    return st.one_of(
        simple,
        st.builds(Comparison, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), value, value),
        st.builds(Membership, value, st.lists(value, min_size=1, max_size=3).map(tuple)),
        st.builds(Known, value, st.booleans()),
        st.builds(Not, below),
        st.builds(Joined, st.sampled_from(["and", "or"]), st.lists(below, min_size=2, max_size=3).map(tuple)),
        st.builds(
            Aggregate,
            st.sampled_from(["any", "all"]),
            _conditions(depth - 1, inside + 1),
            forms,
            st.just(""),
            st.none(),
        ),
    )


trees = st.one_of(_values(3), _conditions(3))


@settings(max_examples=300, deadline=None)
@given(trees)
def test_an_expression_written_out_is_read_back_as_the_same_tree(tree):
    assert parse(written(tree)).node == tree


@settings(max_examples=500, deadline=None)
@given(trees, st.data())
def test_an_expression_never_raises_whatever_the_values(tree, data):
    expr = parse(written(tree))
    result = expr.evaluate(Whim(data.draw))
    assert result is None or isinstance(result, Decimal | Censored | PartialDate | str | bool | tuple)
    if isinstance(result, Decimal):
        assert result.is_finite()


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(FUNCTIONS)), st.data())
def test_a_function_never_raises_whatever_the_values(name, data):
    function = FUNCTIONS[name]
    count = data.draw(st.integers(function.fewest, function.most or function.fewest + 3))
    first = function.evaluate(arguments := data.draw(st.lists(values, min_size=count, max_size=count)))
    assert function.evaluate(arguments) == first or first != first


pieces = st.sampled_from(
    [
        *"()[].,+-*/=<>",
        "'a'",
        "1",
        "A",
        "$b",
        "if",
        "then",
        "else",
        "and",
        "or",
        "not",
        "in",
        "is",
        "known",
        "unknown",
        "over",
        "where",
        "sum (",
        "prev (",
        "outer (",
        "coalesce (",
        "over EX )",
    ]
)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(pieces).map(" ".join)))
def test_any_text_is_an_expression_or_a_fault_in_words(text):
    fault = None
    try:
        expr = parse(text)
    except ExpressionFault as caught:
        fault = caught
    if fault is None:
        assert parse(expr.canonical).node == expr.node
    else:
        assert 1 <= fault.column <= len(text) + 1
        assert fault.message["en"]
        assert fault.message["zh"]


answers = st.lists(st.sampled_from([True, False, None]), max_size=6)


@given(answers)
def test_de_morgan_holds_in_three_values(parts):
    assert inverted(all_of(parts)) is any_of(inverted(part) for part in parts)


@given(answers)
def test_a_decided_answer_stays_when_the_unknown_becomes_known(parts):
    for known in (True, False):
        filled = [known if part is None else part for part in parts]
        assert all_of(parts) in (None, all_of(filled))
        assert any_of(parts) in (None, any_of(filled))


amounts = st.one_of(
    st.decimals(-5, 5, places=0),
    st.builds(Censored, st.sampled_from(["<", "<=", ">", ">="]), st.decimals(-5, 5, places=0)),
)


def _may_be(amount, number):
    (low, high) = edges(amount)
    above = low is None or number > low[0] or (number == low[0] and low[1])
    below = high is None or number < high[0] or (number == high[0] and high[1])
    return above and below


grid = [Decimal(step) / 4 for step in range(-26, 27)]


@given(amounts, amounts, st.booleans())
def test_a_decided_comparison_holds_for_everything_the_assay_leaves_open(a, b, or_equal):
    truths = {(x <= y) if or_equal else (x < y) for x in grid if _may_be(a, x) for y in grid if _may_be(b, y)}
    answer = less(a, b, or_equal=or_equal)
    assert answer is None or truths == {answer}
    assert len(truths) == 2 or answer is not None


@given(st.lists(amounts, min_size=1, max_size=3), st.data())
def test_lowest_and_highest_hold_whatever_the_true_results_are(several, data):
    true_results = [data.draw(st.sampled_from([x for x in grid if _may_be(amount, x)])) for amount in several]
    low, high = lowest(several), highest(several)
    assert low is None or _may_be(low, min(true_results))
    assert high is None or _may_be(high, max(true_results))


def test_today_is_given_and_never_asked_of_the_clock():
    expr = parse("today + 1")
    scope = Whim(None)
    scope.name = lambda word: date(2024, 10, 18)
    assert expr.evaluate(scope) == PartialDate(2024, 10, 19)
