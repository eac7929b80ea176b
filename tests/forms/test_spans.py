"""The rule for dates known in part, without a study: intervals, bounds, the day that is taken."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.expressions.expression import parse
from forms.study.definition import Item
from forms.values.dates import PartialDate, read_date
from forms.values.kinds import canonical
from forms.values.spans import DateSpan, PossibleDays, between, days_of, earliest_of, latest_of

DAYS = st.dates(date(2020, 1, 1), date(2026, 12, 31))
TAKES = st.sampled_from(["earliest", "middle", "latest"])


@st.composite
def intervals(draw):
    first = draw(DAYS)
    return PossibleDays(first, first + timedelta(days=draw(st.integers(0, 800))))


@st.composite
def partial_dates(draw):
    day = draw(DAYS)
    known = draw(st.sampled_from([4, 7, 10]))
    return read_date(day.isoformat()[:known])


class Nothing:
    """A scope without anything in it."""

    def setting(self, name):
        return None


def value(text):
    return parse(text).evaluate(Nothing())


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("2024-02", "2024-02-01", "2024-02-29"), ("2024", "2024-01-01", "2024-12-31"), ("2024-02-10",) * 3],
)
def test_an_incomplete_date_is_the_interval_of_its_days(text, first, last):
    assert days_of(read_date(text)) == PossibleDays(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("take", "day"), [("earliest", "2025-03-01"), ("middle", "2025-03-16"), ("latest", "2025-03-31")]
)
def test_the_rule_takes_one_day_of_the_interval(take, day):
    assert days_of(read_date("2025-03")).taken(take) == date.fromisoformat(day)


def test_a_bound_that_leaves_no_day_is_passed_over():
    march = days_of(read_date("2025-03"))
    assert march.not_before(date(2025, 4, 2)) == march
    assert march.not_after(date(2025, 2, 1)) == march
    late = PossibleDays(date(2025, 3, 20), date(2025, 3, 25))
    assert march.not_before(late.first).not_after(late.last) == late


def test_an_interval_can_not_end_before_it_begins():
    with pytest.raises(ValueError, match="ends before it begins"):
        PossibleDays(date(2025, 3, 2), date(2025, 3, 1))


@given(intervals(), DAYS, DAYS, TAKES)
def test_the_day_taken_lies_in_the_interval_and_within_every_bound_that_can_hold(days, low, high, take):
    narrowed = days.not_before(low).not_after(high)
    assert days.first <= narrowed.first <= narrowed.taken(take) <= narrowed.last <= days.last
    assert narrowed.first >= low or low > days.last


@pytest.mark.parametrize(
    ("expression", "gives"),
    [
        ("lowest(date('2025-03-20'), date('2025-03'))", "2025-03-01/2025-03-20"),
        ("highest(date('2025-03-20'), date('2025-03'))", "2025-03-20/2025-03-31"),
        ("lowest(date('2025-03'), date('2025'))", "2025-01-01/2025-03-31"),
        ("lowest(date('2025-02'), date('2025-03'))", "2025-02"),
        ("lowest(date('2025-03-01'), date('2025-03'))", "2025-03-01"),
        ("highest(date('2025'), date('2025-06'), date('2026-01-05'))", "2026-01-05"),
        ("min_of(date('2025-03'), date('2025-03'))", "2025-03"),
        ("lowest(lowest(date('2025-03-20'), date('2025-03')), date('2025-03-10'))", "2025-03-01/2025-03-10"),
    ],
)
def test_the_earliest_and_the_latest_of_dates_are_intervals_never_unknown(expression, gives):
    assert value(expression).canonical == gives


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("lowest(date('2025-03-20'), date('2025-03')) <= date('2025-03-20')", True),
        ("lowest(date('2025-03-20'), date('2025-03')) > date('2025-03-20')", False),
        ("lowest(date('2025-03-20'), date('2025-03')) < date('2025-03-10')", None),
        ("days(date('2025-03-01'), lowest(date('2025-03-20'), date('2025-03')))", None),
        ("year_of(lowest(date('2025-03-20'), date('2025-03')))", 2025),
        ("year_of(highest(date('2024'), date('2024-12-30'), lowest(date('2025'), date('2025-03-02'))))", 2025),
        ("year_of(lowest(date('2025'), date('2024-12-30')))", 2024),
    ],
)
def test_an_interval_is_compared_by_every_day_it_allows(expression, answer):
    assert value(expression) == answer


def test_an_item_keeps_the_month_or_the_year_that_holds_an_interval():
    item = Item("D", {"en": "Day", "zh": "日期"}, "date")
    assert canonical(item, value("lowest(date('2025-03-20'), date('2025-03'))")) == "2025-03"
    assert canonical(item, value("lowest(date('2025-06-20'), date('2025'))")) == "2025"
    assert canonical(item, between(date(2024, 12, 30), date(2025, 1, 2))) == ""


@given(st.lists(partial_dates(), min_size=1, max_size=4), st.data())
def test_the_least_of_dates_holds_the_least_of_any_days_they_can_be(dates, data):
    chosen = [data.draw(st.dates(one.first(), one.last())) for one in dates]
    least, greatest = earliest_of(dates), latest_of(dates)
    assert least.first() <= min(chosen) <= least.last()
    assert greatest.first() <= max(chosen) <= greatest.last()


@given(intervals())
def test_an_interval_is_written_as_a_day_a_month_or_a_year_where_it_is_one(days):
    made = between(days.first, days.last)
    assert days_of(made) == days
    assert isinstance(made, DateSpan) == (made.canonical.count("/") == 1)
    assert made.whole == days.known
    assert isinstance(made, PartialDate)
    assert made.without_time == made
