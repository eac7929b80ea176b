from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.study.definition import Code, CodeList, Item
from forms.value import BLANK, Value
from forms.values.censored import Censored
from forms.values.dates import PartialDate
from forms.values.kinds import canonical, legible, parse_number, parse_value, read_number, shown, typed

TODAY = date(2024, 11, 21)
SEX = CodeList("SEX", {"en": "Sex"}, (Code("F", {"en": "Female", "zh": "女"}), Code("M", {"en": "Male", "zh": "男"})))
NY = CodeList("NY", {"en": "No/Yes"}, (Code("N", {"en": "No", "zh": "否"}), Code("Y", {"en": "Yes", "zh": "是"})))
SITES = CodeList(
    "SITES",
    {"en": "Organs"},
    (
        Code("LIV", {"en": "Liver", "zh": "肝"}),
        Code("SPL", {"en": "Spleen", "zh": "脾"}),
        Code("LN", {"en": "Nodes, any", "zh": "淋巴结"}),
    ),
)


def item(kind, **more):
    return Item("X", {"en": "X"}, kind, **more)


def parsed(kind, text, *, codelist=None, unit="", missing="", **more):
    return parse_value(item(kind, **more), text, unit=unit, missing=missing, codelist=codelist, today=TODAY)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.50", "12.50"),
        ("12", "12"),
        (" 12.5 ", "12.5"),
        ("007.10", "7.10"),
        (".5", "0.5"),
        ("5.", "5"),
        ("+3", "3"),
        ("-3.0", "-3.0"),
        ("−3", "-3"),
        ("-0.0", "0.0"),
        ("１２．５", "12.5"),
        ("<0.5", "<0.5"),
        ("＜5", "<5"),
        ("< 0.50", "<0.50"),
        ("≤0.5", "<=0.5"),
        ("≥ 100000", ">=100000"),
        ("=<2", "<=2"),
        (">100000", ">100000"),
        ("1.2E5", "120000"),
        ("1.20×10^5", "120000"),
        ("3.4x10^-2", "0.034"),
    ],
)
def test_a_number_keeps_its_precision_and_the_sign_of_the_assay(text, value):
    found = parsed("number", text)
    assert (found.text, found.value) == (text, value)
    assert not found.unread


@pytest.mark.parametrize(
    "text",
    [
        "1,234",
        "1，234",
        "12 g/L",
        "abc",
        ".",
        "-",
        "<",
        "<>5",
        "1e999999",
        "1E99",
        "Infinity",
        "NaN",
        "0x10",
        "1_000",
        "1.2.3",
        "9" * 25,
        "9" * 5000,
        "٣",
        "5%",
    ],
)
def test_a_number_that_cannot_be_read_is_kept_as_typed(text):
    found = parsed("number", text)
    assert found.text == text
    assert found.value == ""
    assert found.unread


@pytest.mark.parametrize(("text", "value"), [("5", "5"), ("５", "5"), ("<5", "<5"), ("-2", "-2")])
def test_an_integer_is_read(text, value):
    assert parsed("integer", text).value == value


@pytest.mark.parametrize("text", ["5.0", "5.", "1E2", "5,0"])
def test_an_integer_with_a_decimal_point_is_unread(text):
    assert parsed("integer", text).unread


def test_a_number_is_in_the_first_unit_unless_another_is_named():
    assert parsed("number", "5", units=("g/L", "g/dL")).unit == "g/L"
    assert parsed("number", "5", units=("g/L", "g/dL"), unit="g/dL").unit == "g/dL"
    assert parsed("number", "5").unit == ""
    assert parsed("text", "5", units=("g/L",)).unit == ""


def test_white_space_alone_is_blank():
    assert parsed("number", " \t") is BLANK
    assert parsed("text", "") is BLANK


def test_a_missing_code_leaves_the_value_empty():
    assert parsed("number", "", missing="nd") == Value(missing="ND")
    assert parsed("code", "", missing="UNK", codelist=SEX) == Value(missing="UNK")


def test_an_unknown_missing_code_is_unread():
    assert parsed("number", "", missing="XX").unread
    assert parsed("number", "5", missing="XX") == Value(text="5")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ND", "ND"),
        ("n/a", "NA"),
        ("未做", "ND"),
        ("不详", "UNK"),
        ("UK", "UNK"),
        ("Not  done", "ND"),
        ("nask", "NASK"),
    ],
)
def test_a_missing_code_typed_into_the_field_counts(text, code):
    for kind in ("number", "integer", "date", "time", "datetime"):
        assert parsed(kind, text) == Value(text=text, missing=code)


def test_a_missing_code_the_item_does_not_take_is_unread():
    assert parsed("number", "ND", missing="").missing == "ND"
    found = parse_value(item("number", missing=("NA",)), "ND", today=TODAY)
    assert found.unread


def test_a_text_that_reads_like_a_missing_code_stays_text():
    assert parsed("text", "ND") == Value(text="ND", value="ND")


@pytest.mark.parametrize(
    ("text", "code"),
    [("F", "F"), ("f", "F"), ("female", "F"), (" Female ", "F"), ("女", "F"), ("Ｆ", "F"), ("男", "M")],
)
def test_a_code_is_meant_by_itself_or_by_a_label_in_any_language(text, code):
    assert parsed("code", text, codelist=SEX).value == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("y", "Y"),
        ("YES", "Y"),
        ("是", "Y"),
        ("有", "Y"),
        ("1", "Y"),
        ("n", "N"),
        ("no", "N"),
        ("否", "N"),
        ("无", "N"),
        ("0", "N"),
    ],
)
def test_yes_and_no_are_forgiving(text, code):
    assert parsed("code", text, codelist=NY).value == code


def test_a_word_for_yes_means_nothing_in_another_list():
    assert parsed("code", "yes", codelist=SEX).unread


def test_a_label_of_two_codes_means_neither():
    twins = CodeList("T", {"en": "T"}, (Code("A", {"en": "Same"}), Code("B", {"en": "same"})))
    assert parsed("code", "same", codelist=twins).unread
    assert parsed("code", "b", codelist=twins).value == "B"


def test_a_code_without_a_list_is_taken_as_typed():
    assert parsed("code", " Abc ").value == "Abc"


@pytest.mark.parametrize(
    "text", ["SPL;LIV", "liver, spleen", "脾、肝", "LIV；SPL", "肝，脾", " spl ; liv ; spl ", "LIV,,SPL"]
)
def test_several_codes_are_stored_once_each_in_list_order(text):
    assert parsed("codes", text, codelist=SITES).value == "LIV;SPL"


def test_a_label_with_a_comma_is_read_whole():
    assert parsed("codes", "Nodes, any", codelist=SITES).value == "LN"


@pytest.mark.parametrize("text", ["LIV;QQQ", ";", "liver spleen"])
def test_one_wrong_code_among_several_leaves_all_unread(text):
    found = parsed("codes", text, codelist=SITES)
    assert found.unread
    assert found.text == text


def test_several_codes_without_a_list_keep_their_order():
    assert parsed("codes", "B;A;B").value == "B;A"


def test_dates_and_times_are_stored_canonically():
    assert parsed("date", "18-OCT-2024") == Value(text="18-OCT-2024", value="2024-10-18")
    assert parsed("date", "2024-10").unread
    assert parsed("date", "2024-10", partial=True).value == "2024-10"
    assert parsed("datetime", "2024-10-18 09:30").value == "2024-10-18T09:30"
    assert parsed("datetime", "2024-10-18").unread
    assert parsed("time", "930").value == "09:30"


def test_text_loses_only_the_space_around_it():
    assert parsed("long", "  two\nlines ").value == "two\nlines"
    assert parsed("text", "＜5 全角").value == "＜5 全角"


def test_a_stored_value_becomes_what_expressions_know():
    assert typed(item("number"), Value("12.50", "12.50")) == Decimal("12.50")
    assert typed(item("number"), Value("<0.5", "<0.5")) == Censored("<", Decimal("0.5"))
    assert typed(item("date"), Value("", "2024-10")) == PartialDate(2024, 10)
    assert typed(item("datetime"), Value("", "2024-10-18T09:30")) == PartialDate(2024, 10, 18, 9, 30)
    assert typed(item("codes"), Value("", "A;B")) == ("A", "B")
    assert typed(item("code"), Value("", "F")) == "F"
    assert typed(item("time"), Value("", "09:30")) == "09:30"


@pytest.mark.parametrize("value", [BLANK, Value(text="abc"), Value(missing="ND"), Value(text="x", value="x")])
def test_what_is_missing_or_unread_is_unknown(value):
    assert typed(item("number"), value) is None


@pytest.mark.parametrize(
    ("kind", "decimals", "result", "text"),
    [
        ("number", 2, Decimal("1.75198"), "1.75"),
        ("number", 1, Decimal("0.25"), "0.3"),
        ("number", 1, Decimal("-0.25"), "-0.3"),
        ("number", 2, Decimal(5), "5.00"),
        ("number", 0, Decimal("-0.4"), "0"),
        ("number", None, Decimal("1.751983003469053"), "1.75198300347"),
        ("number", None, Decimal("120.0"), "120"),
        ("number", 1, Censored("<", Decimal("0.55")), "<0.55"),
        ("number", 0, Censored("<", Decimal("0.1")), "<0.1"),
        ("number", 1, Censored(">", Decimal("0.5")), ">0.5"),
        ("number", 2, Censored("<", Decimal("2.69897000434")), "<2.70"),
        ("number", 2, Censored("<", Decimal("0.5")), "<0.50"),
        ("number", 1, "12.34", "12.3"),
        ("number", 1, Decimal("NaN"), ""),
        ("number", 1, Decimal("1E+400"), ""),
        ("number", None, Decimal("1E-400"), ""),
        ("number", None, Decimal("0E+400"), "0"),
        ("number", 1, "abc", ""),
        ("number", 1, True, ""),
        ("number", 1, None, ""),
        ("number", 1, PartialDate(2024), ""),
        ("integer", None, Decimal("18.5"), "19"),
        ("integer", None, 7, "7"),
        ("date", None, PartialDate(2024, 10, 18, 9, 30), "2024-10-18"),
        ("date", None, date(2024, 10, 18), "2024-10-18"),
        ("date", None, Decimal(1), ""),
        ("datetime", None, PartialDate(2024, 10, 18, 9, 30), "2024-10-18T09:30"),
        ("code", None, True, "Y"),
        ("code", None, False, "N"),
        ("code", None, " MET ", "MET"),
        ("code", None, Decimal("3.0"), "3"),
        ("codes", None, ("A", "B"), "A;B"),
        ("text", None, PartialDate(2024), "2024"),
        ("text", None, Censored(">", Decimal(99)), ">99"),
        ("text", None, object(), ""),
    ],
)
def test_a_derived_result_is_stored_as_the_item_says(kind, decimals, result, text):
    assert canonical(item(kind, decimals=decimals), result) == text


@pytest.mark.parametrize(
    ("kind", "value", "codelist", "english", "chinese"),
    [
        ("code", Value("f", "F"), SEX, "Female", "女"),
        ("code", Value("", "Q"), SEX, "Q", "Q"),
        ("codes", Value("", "LIV;SPL"), SITES, "Liver, Spleen", "肝、脾"),
        ("number", Value("", "", "", "ND"), None, "Not done", "未做"),
        ("number", Value("12,5"), None, "12,5", "12,5"),
        ("number", Value("12.50", "12.50"), None, "12.50", "12.50"),
        ("date", Value("", "2024-10"), None, "2024-10-UK", "2024-10-UK"),
        ("date", Value("", "2024"), None, "2024-UK-UK", "2024-UK-UK"),
        ("datetime", Value("", "2024-10-18T09:30"), None, "2024-10-18 09:30", "2024-10-18 09:30"),
        ("text", BLANK, None, "", ""),
    ],
)
def test_a_person_reads_words_for_codes_and_missing_codes(kind, value, codelist, english, chinese):
    assert shown(item(kind), value, codelist, "en") == english
    assert shown(item(kind), value, codelist, "zh") == chinese


@given(
    st.sampled_from(["text", "long", "integer", "number", "date", "datetime", "time", "code", "codes"]),
    st.one_of(st.text(max_size=80), st.from_regex(r"[<>=≤≥]{0,2} ?-?[0-9]{0,30}\.?[0-9]{0,5}([eE]-?[0-9]{0,8})?")),
    st.text(max_size=5),
    st.sampled_from([None, SEX, NY, SITES]),
    st.booleans(),
)
def test_no_text_stops_the_reading_of_a_value_and_every_text_is_kept(kind, text, missing, codelist, partial):
    found = parsed(kind, text, codelist=codelist, missing=missing, partial=partial)
    if legible(text).strip():
        assert found.text == legible(text)
    typed(item(kind), found)
    shown(item(kind), found, codelist, "zh")


@pytest.mark.parametrize(
    ("typed_text", "kept"),
    [
        ("a\x00b\x1b", "ab"),
        ("one\r\ntwo\rthree\nfour\tfive", "one\ntwo\nthree\nfour\tfive"),
        ("\x7f\x85\x9f", ""),
        ("half \ud83e a pair", "half \ufffd a pair"),
        ("\u200f\u202eO'Neill 🩸", "\u200f\u202eO'Neill 🩸"),
        ("\ufffe\uffff", ""),
    ],
)
def test_control_characters_are_dropped_and_everything_a_person_can_see_stays(typed_text, kept):
    assert legible(typed_text) == kept
    assert parsed("text", typed_text).text == kept
    assert legible(kept) == kept


def test_a_control_character_does_not_spoil_a_number_or_a_date():
    assert parsed("number", "12.5\x00").value == "12.5"
    assert parsed("date", "2024-\x0110-18").value == "2024-10-18"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**15), max_value=10**15))
def test_a_canonical_number_is_read_back_as_itself(number):
    text = parse_number(f"{number:f}")
    assert read_number(text) == number
    assert parse_number(text) == text


@given(st.sampled_from(["number", "integer", "date"]), st.text(min_size=1, max_size=30))
def test_reading_a_canonical_text_again_changes_nothing(kind, text):
    once = parsed(kind, text, partial=True)
    if once.value:
        assert parsed(kind, once.value, partial=True).value == once.value


@pytest.mark.parametrize("text", ["62.5¹", "10⁹", "8⑤", "1₂", "170²", "1½", "½", "⒈", "𝟏𝟐", "١٢", "1.2×10⁵"])
def test_a_raised_circled_or_foreign_digit_is_no_digit_of_a_number(text):
    assert parsed("number", text).value == ""
    assert parsed("integer", text).value == ""
    assert parsed("number", text).text == text


@pytest.mark.parametrize("text", ["2024年10月1⑧日", "2024-10-1⁸", "①/②"])
def test_a_raised_or_circled_digit_is_no_digit_of_a_date(text):
    assert parsed("date", text, partial=True).value == ""


def test_a_circled_number_is_not_taken_for_a_code():
    grades = CodeList("G", {"en": "G"}, tuple(Code(code, {"en": code}) for code in ("1", "2", "IV")))
    assert parsed("code", "①", codelist=grades).value == ""
    assert parsed("code", "１", codelist=grades).value == "1"
    assert parsed("code", "Ⅳ", codelist=grades).value == "IV"


def from_file(kind, text, **more):
    return parse_value(item(kind, **more), text, today=TODAY, from_file=True)


@pytest.mark.parametrize(
    "text",
    ["3/11", "-2", "today", "12.10.2024", "25.10.2024", "5-1", "Oct-24", "Mar-05", "2024/10/18", "45583", "24-10-18",
     "18-Oct-24", "10/18/24", "2024年10月", "24-Oct", "10月24日", "1991-02-29", "1991-02-31", "2024-15-01", "191112",
     "2024.1", "1.5", "20241018", "UK-OCT-2024", "18-OCT-2024", "2024-10-18 00:00:00", "2024-10-UK", "1200-01-01"],
)  # fmt: skip
def test_only_iso_dates_are_read_from_a_file_and_the_rest_stays_as_typed(text):
    assert from_file("date", text, partial=True) == Value(text)


@pytest.mark.parametrize("text", ["2024", "2024-10", "2024-10-18", "２０２４－１０－１８", " 2024-10-18 "])
def test_iso_dates_whole_and_partial_are_read_from_a_file(text):
    known = "2024-10-18" if "18" in text or "８" in text else text
    assert from_file("date", text, partial=True).value == known
    assert from_file("date", text).value == (known if len(known) == 10 else "")


@pytest.mark.parametrize(
    ("text", "value"),
    [("2024-10-18T09:30", "2024-10-18T09:30"), ("2024-10-18 09:30:00", "2024-10-18T09:30"), ("2024-10", "2024-10"),
     ("today 9:30", ""), ("2024-10-18 9:30", ""), ("2024-10-18T25:00", ""), ("18.10.2024 09:30", "")],
)  # fmt: skip
def test_a_date_with_a_time_is_read_from_a_file_in_iso_form_only(text, value):
    assert from_file("datetime", text, partial=True).value == value


@pytest.mark.parametrize(("text", "value"), [("9:30", "09:30"), ("09:30:00", "09:30"), ("0.39", ""), ("930", "")])
def test_a_part_of_a_day_as_spreadsheets_keep_it_is_not_taken_for_a_time(text, value):
    assert from_file("time", text).value == value


@pytest.mark.parametrize("kind", ["number", "integer", "date", "code", "text"])
def test_a_word_for_missing_is_no_missing_code_in_a_file(kind):
    read = parse_value(item(kind), "NA", today=TODAY, from_file=True, codelist=NY if kind == "code" else None)
    assert read.missing == ""
    assert read.text == "NA"
