"""Patterns of ids: what fits, that no pattern and no text takes long, and that an example can be made."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.study.patterns import LONGEST, PatternFault, fits, pattern


@pytest.mark.parametrize(
    ("text", "fitting", "other"),
    [
        ("[A-Z0-9]+-[0-9]{3}", ["S01-007", "A-000"], ["S01-07", "s01-007", "-007", "S01-0077", "S01-007 "]),
        ("R[0-9]{4}", ["R0001"], ["r0001", "R001", ""]),
        (r"(AN|BJ)-\d{2,3}", ["AN-01", "BJ-123"], ["AN-1", "XX-01", "AN-1234", "AN-１２"]),
        (r"^[^-]+-\d+$", ["x-1", "é-99"], ["-1", "x-"]),
        (r"(?:a|b)*c?", ["", "abab", "bc"], ["cc", "cab"]),
        (r"[]x-]\.", ["].", "-.", "x."], ["].."]),
        (".+", ["anything at all"], ["", "two\nlines"]),
        (r"\w\s\W", ["a -", "_\t."], ["a  b"]),
    ],
)
def test_a_text_fits_as_a_whole_or_not_at_all(text, fitting, other):
    assert [each for each in fitting if not fits(text, each)] == []
    assert [each for each in other if fits(text, each)] == []


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("[A-Z", 1, "["),
        ("(A|B", 1, "("),
        ("A)", 2, ")"),
        ("*A", 1, "*"),
        ("A**", 3, "*"),
        ("[Z-A]", 2, "backwards"),
        ("A{3", 2, "{3}"),
        ("A{4,2}", 2, "{3}"),
        (r"(A)\1", 4, r"\1"),
        ("(?=A)B", 1, "(?="),
        ("(?P<x>A)", 1, "(?P"),
        ("^A{900}{2}", 8, "{"),
        ("((A{99}){99}){99}", 1, "many"),
        ("((((){999}){999}){999}){999}", 1, "many"),
        ("A" * (LONGEST + 1), LONGEST, "many"),
        ("(" * 30 + "A" + ")" * 30, 21, "many"),
    ],
)
def test_what_can_not_be_used_is_told_with_its_column(text, column, words):
    with pytest.raises(PatternFault) as caught:
        pattern(text)
    assert caught.value.column == column
    assert words in caught.value.message["en"]
    assert not fits(text, "A")


@pytest.mark.parametrize("text", ["(A+)+B", "(A|AA)*", "(A*)*(A*)*(A*)*B", "(.*)*(.*)*=", ".*.*.*.*.*.*.*.*.*B"])
def test_no_pattern_takes_long_on_a_text_that_almost_fits(text):
    begun = time.process_time()
    fits(text, "A" * LONGEST)
    assert time.process_time() - begun < 1


PARTS = st.recursive(
    st.sampled_from(["A", "b", "0", "-", r"\.", "[A-C]", "[^a]", r"\d", r"\w", ".", "[0-9_]"]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map("".join)
        | st.tuples(inner, inner).map("({0[0]}|{0[1]})".format)
        | st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{1,3}", "{2,}"])).map("(?:{0[0]}){0[1]}".format)
    ),
    max_leaves=6,
)


@given(PARTS, st.text("AbB0-._\n", max_size=6))
def test_what_fits_is_what_regular_expressions_say(text, words):
    assert fits(text, words) == (re.fullmatch(text, words) is not None)


@given(PARTS)
def test_every_example_of_a_pattern_fits_it(text):
    assert all(fits(text, example) for example in pattern(text).some(20))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("[A-Z0-9]+-[0-9]{3}", ["S01-001", "S01-012"]),
        (".+", ["S01-001", "S01-012"]),
        ("R[0-9]{4}", ["R0001", "R0012"]),
        (r"S\d\d-\d{4}", ["S01-0001", "S01-0012"]),
        (r"(GZ|SH)/\d{3}/[A-Z]", ["GZ/001/A", "GZ/012/A"]),
        ("[1-9][0-9]{2}", ["100", "111"]),
        ("[A-Z]{3}", ["AAA", "AAL"]),
    ],
)
def test_ids_are_made_that_fit_the_pattern(text, ids):
    make = pattern(text).id_like("S01")
    assert [make(1), make(12)] == ids
    assert all(fits(text, each) for each in ids)
