from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.values.dates import (
    PartialDate,
    earlier,
    is_short,
    lacking_part,
    parse_date,
    parse_datetime,
    parse_time,
    read_date,
    same,
    short_ways,
    whole_date,
)
from forms.values.file_dates import meant_dates

TODAY = date(2024, 11, 21)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2024-10-18", "2024-10-18"),
        ("2024/10/18", "2024-10-18"),
        ("2024.10.18", "2024-10-18"),
        ("2024-1-8", "2024-01-08"),
        ("20241018", "2024-10-18"),
        ("2024 10 18", "2024-10-18"),
        (" 2024-10-18 ", "2024-10-18"),
        ("2024年10月18日", "2024-10-18"),
        ("２０２４－１０－１８", "2024-10-18"),
        ("18.10.2024", "2024-10-18"),
        ("10/18/2024", "2024-10-18"),
        ("5/5/2024", "2024-05-05"),
        ("18-OCT-2024", "2024-10-18"),
        ("18 oct 2024", "2024-10-18"),
        ("18OCT2024", "2024-10-18"),
        ("October 18, 2024", "2024-10-18"),
        ("2024-OCT-18", "2024-10-18"),
        ("10/22", "2024-10-22"),
        ("11-21", "2024-11-21"),
        ("25 Oct", "2024-10-25"),
        ("10月25日", "2024-10-25"),
        ("today", "2024-11-21"),
        ("今天", "2024-11-21"),
        ("yesterday", "2024-11-20"),
        ("-2", "2024-11-19"),
        ("−2", "2024-11-19"),
        ("+7", "2024-11-28"),
    ],
)
def test_a_typed_date_is_read_without_guessing(text, canonical):
    found = parse_date(text, TODAY)
    assert found is not None
    assert found.canonical == canonical


@pytest.mark.parametrize("text", ["3/11", "12/1", "11-22", "10/20", "2/29", "1 Jan", "7月26日"])
def test_a_date_without_its_year_that_today_does_not_settle_stays_unread(text):
    assert parse_date(text, TODAY) is None
    assert parse_date(text, TODAY, partial=True) is None
    assert is_short(text)
    assert lacking_part(text) == "year"


@pytest.mark.parametrize(
    ("text", "today", "near", "meant"),
    [
        ("7/26", date(2025, 7, 25), date(2025, 7, 25), "2025-07-26"),
        ("7/26", date(2025, 7, 25), date(2024, 8, 26), "2024-07-26"),
        ("12/30", date(2025, 7, 25), date(2025, 1, 2), "2024-12-30"),
        ("1/2", date(2025, 7, 25), date(2024, 12, 30), "2025-01-02"),
        ("3 Nov", date(2026, 11, 29), date(2019, 11, 1), "2019-11-03"),
        ("2月29日", date(2024, 11, 21), date(2024, 3, 1), "2024-02-29"),
        ("6/1", date(2025, 7, 25), date(2025, 5, 1), "2025-06-01"),
    ],
)
def test_a_date_without_its_year_is_that_of_the_day_of_the_form_within_a_month(text, today, near, meant):
    found = parse_date(text, today, near=near)
    assert found is not None
    assert found.canonical == meant
    assert short_ways(text, today, near) == ()


@pytest.mark.parametrize(
    ("text", "near", "ways"),
    [
        ("7/26", None, ["2025-07-26", "2024-07-26"]),
        ("6/2", date(2025, 5, 1), ["2025-06-02", "2024-06-02"]),
        ("7/26", date(2025, 1, 10), ["2024-07-26", "2025-07-26"]),
        ("3/11", None, ["2025-03-11", "2026-03-11"]),
        ("2/29", date(2024, 7, 1), ["2024-02-29"]),
        ("2025-07-26", None, []),
        ("-2", None, []),
        ("2025", None, []),
        ("soon", None, []),
    ],
)
def test_the_days_that_a_date_without_its_year_may_mean_are_told_the_likeliest_first(text, near, ways):
    assert [way.isoformat() for way in short_ways(text, date(2025, 7, 25), near)] == ways


@pytest.mark.parametrize(
    ("text", "timed", "part"),
    [
        ("2025-07", False, "day"),
        ("2025年7月", False, "day"),
        ("UK-JUL-2025", False, "day"),
        ("2025", False, "month"),
        ("7/26", False, "year"),
        ("7/26 09:30", True, "year"),
        ("2025-07-26", True, "time"),
        ("2025-07-26", False, ""),
        ("-2", False, ""),
        ("soon", False, ""),
        ("2025-13", False, ""),
    ],
)
def test_what_a_date_lacks_to_be_whole_is_named(text, timed, part):
    assert lacking_part(text, timed=timed) == part


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-13-01",
        "2024-02-30",
        "2023-2-29",
        "3/4/2024",
        "18/10/24",
        "24-10-18",
        "13/11",
        "1024-10-18",
        "2924-10-18",
        "soon",
        "2024-10-18 09:30",
        "2024-10-18-1",
        "2024--18",
        "-",
        "+",
        "-99999",
        "9" * 41,
        "٢٠٢٤-١٠-١٨",
    ],
)
def test_what_would_be_a_guess_is_no_date(text):
    assert parse_date(text, TODAY) is None
    assert parse_date(text, TODAY, partial=True) is None


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2024", "2024"),
        ("2024年", "2024"),
        ("2024-10", "2024-10"),
        ("2024年10月", "2024-10"),
        ("202410", "2024-10"),
        ("10-2024", "2024-10"),
        ("OCT 2024", "2024-10"),
        ("UK-OCT-2024", "2024-10"),
        ("UK/10/2024", "2024-10"),
        ("2024-10-UK", "2024-10"),
        ("2024-10-??", "2024-10"),
        ("2024-UK-UK", "2024"),
        ("UN UNK 2024", "2024"),
        ("2024-UK-18", "2024"),
        ("2024年10月不详", "2024-10"),
    ],
)
def test_a_partial_date_is_read_only_where_the_item_allows_it(text, canonical):
    found = parse_date(text, TODAY, partial=True)
    assert found is not None
    assert found.canonical == canonical
    assert not found.whole
    assert parse_date(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2024-10-18 09:30", "2024-10-18T09:30"),
        ("2024-10-18T09:30", "2024-10-18T09:30"),
        ("2024-10-18t9:30:15", "2024-10-18T09:30"),
        ("20241018 0930", "2024-10-18T09:30"),
        ("today 9:30", "2024-11-21T09:30"),
        ("18 OCT 2024 23:59", "2024-10-18T23:59"),
        ("2024年10月18日09:30", "2024-10-18T09:30"),
        ("2024年10月18日 9时30分", "2024-10-18T09:30"),
    ],
)
def test_a_date_with_a_time_is_read(text, canonical):
    found = parse_datetime(text, TODAY)
    assert found is not None
    assert found.canonical == canonical


@pytest.mark.parametrize("text", ["2024-10-18", "2024-10-18 25:00", "2024-10-18 9", "2024-10 09:30", "x" * 50])
def test_a_date_time_needs_its_time_unless_it_may_be_partial(text):
    assert parse_datetime(text, TODAY) is None


def test_a_partial_date_time_may_lack_its_time():
    assert parse_datetime("2024-10-18", TODAY, partial=True) == PartialDate(2024, 10, 18)
    assert parse_datetime("2024-10", TODAY, partial=True) == PartialDate(2024, 10)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("9:30", "09:30"),
        ("0930", "09:30"),
        ("930", "09:30"),
        ("９：３０", "09:30"),
        ("23:59:59", "23:59"),
        ("9时30分", "09:30"),
    ],
)
def test_a_time_of_day_is_read(text, canonical):
    assert parse_time(text) == canonical


@pytest.mark.parametrize("text", ["24:00", "9:60", "9", "noon", "", "1" * 50])
def test_what_is_no_time_of_day_is_refused(text):
    assert parse_time(text) is None


def test_a_partial_date_spans_from_its_first_to_its_last_day():
    assert PartialDate(2024).first() == date(2024, 1, 1)
    assert PartialDate(2024).last() == date(2024, 12, 31)
    assert PartialDate(2024, 2).last() == date(2024, 2, 29)
    assert PartialDate(2024, 2, 3).first() == PartialDate(2024, 2, 3).last() == date(2024, 2, 3)


@pytest.mark.parametrize(
    "parts",
    [(2024, None, 3), (2024, 13), (2024, 2, 30), (0,), (2024, 2, 3, 9), (2024, 2, None, 9, 30), (2024, 2, 3, 24, 0)],
)
def test_an_impossible_date_cannot_be_made(parts):
    with pytest.raises(ValueError, match=r"."):
        PartialDate(*parts)


OCTOBER = PartialDate(2024, 10)
EIGHTEENTH = PartialDate(2024, 10, 18)


def test_comparison_of_dates_is_undecided_where_a_missing_part_would_decide():
    assert earlier(OCTOBER, PartialDate(2024, 11, 2)) is True
    assert earlier(OCTOBER, EIGHTEENTH) is None
    assert earlier(EIGHTEENTH, OCTOBER) is None
    assert earlier(PartialDate(2024, 10, 1), OCTOBER, or_same=True) is True
    assert earlier(OCTOBER, PartialDate(2024, 10, 1)) is False
    assert earlier(PartialDate(2024, 11), OCTOBER) is False
    assert same(OCTOBER, OCTOBER) is None
    assert same(OCTOBER, PartialDate(2024, 11)) is False
    assert same(EIGHTEENTH, EIGHTEENTH) is True


def test_a_date_is_compared_with_a_date_time_by_day():
    morning, evening = PartialDate(2024, 10, 18, 9, 30), PartialDate(2024, 10, 18, 21, 0)
    assert earlier(morning, evening) is True
    assert earlier(morning, EIGHTEENTH) is False
    assert earlier(morning, EIGHTEENTH, or_same=True) is True
    assert same(morning, EIGHTEENTH) is True
    assert same(morning, evening) is False


def test_days_are_added_to_whole_dates_within_the_calendar_only():
    assert EIGHTEENTH.plus_days(14) == PartialDate(2024, 11, 1)
    assert PartialDate(2024, 10, 18, 9, 30).plus_days(1) == PartialDate(2024, 10, 19, 9, 30)
    assert OCTOBER.plus_days(1) is None
    assert PartialDate(9999, 12, 31).plus_days(1) is None
    assert EIGHTEENTH.plus_days(10**9) is None


@pytest.mark.parametrize("text", ["", "2024-1-1", "2024-02-30", "0000", "2024-10-18T24:00", "2024-10-18 09:30"])
def test_what_is_not_canonical_is_not_read_back(text):
    assert read_date(text) is None


@st.composite
def partial_dates(draw):
    day = whole_date(draw(st.dates(date(1900, 1, 1), date(2199, 12, 31))))
    precision = draw(st.integers(1, 4))
    if precision == 4:
        return PartialDate(day.year, day.month, day.day, draw(st.integers(0, 23)), draw(st.integers(0, 59)))
    return PartialDate(day.year, day.month if precision > 1 else None, day.day if precision > 2 else None)


@given(partial_dates(), st.dates())
def test_a_canonical_date_is_read_back_as_itself(day, today):
    assert read_date(day.canonical) == day
    parse = parse_date if day.hour is None else parse_datetime
    assert parse(day.canonical, today, partial=True) == day


@given(partial_dates(), partial_dates())
def test_a_decided_comparison_holds_for_every_day_the_dates_allow(a, b):
    answer = earlier(a, b)
    if answer is not None and a.hour is None and b.hour is None:
        assert answer == (a.last() < b.first())
        assert answer == (a.first() < b.last())
    assert not (earlier(a, b) is True and earlier(b, a) is True)
    assert earlier(a, b, or_same=True) == (None if earlier(b, a) is None else not earlier(b, a))


@given(st.text(max_size=60), st.dates(date(2, 1, 1)), st.booleans())
def test_no_text_stops_the_reading_of_dates(text, today, partial):
    for found in (parse_date(text, today, partial), parse_datetime(text, today, partial)):
        assert found is None or read_date(found.canonical) == found
    parse_time(text)


@given(st.from_regex(r"[0-9]{1,4}[-/. ]?([0-9]{1,2}|[A-Za-z]{3})[-/. ]?[0-9]{0,4}", fullmatch=True))
def test_no_text_like_a_date_stops_the_reading_of_dates(text):
    found = parse_date(text, TODAY, partial=True)
    assert found is None or 1900 <= found.year <= 2199


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024/10/18", ("2024-10-18",)),
        ("18.10.2024", ("2024-10-18",)),
        ("5/1/1960", ("1960-01-05", "1960-05-01")),
        ("7.7.1960", ("1960-07-07",)),
        ("18-Oct-2024", ("2024-10-18",)),
        ("20241018", ("2024-10-18",)),
        ("45583", ("2024-10-18",)),
        ("2024年10月", ("2024-10",)),
        ("2024.1", ("2024-01", "2024-10")),
        ("2024.7", ("2024-07",)),
        ("3/11", ()),
        ("-2", ()),
        ("today", ()),
        ("Oct-24", ()),
        ("10/18/24", ()),
        ("31.2.2024", ()),
        ("about spring", ()),
        ("9" * 99, ()),
    ],
)
def test_what_a_date_in_another_form_may_mean_is_told_where_no_year_is_guessed(text, meant):
    assert meant_dates(text) == meant
