import pytest

from reports.paper.lines import break_lines
from reports.paper.style import lacking, printable, width_of


def test_a_sign_the_font_lacks_is_printed_as_its_code_point():
    assert printable("smile \U0001f600") == "smile [U+1F600]"


def test_an_invisible_direction_mark_is_shown():
    assert printable("a\u200fb") == "a[U+200F]b"


def test_chinese_greek_and_signs_are_printed_as_they_are():
    text = "血小板 ≥ 75 ×10⁹/L α β µ 37.5℃ ± §"
    assert "[U+" not in printable(text.replace("⁹", ""))


def test_a_letter_with_a_separate_accent_is_drawn_as_one():
    assert printable("e\u0301") == "é"


def test_line_ends_stay_and_tabs_become_spaces():
    assert printable("a\r\nb\tc") == "a\nb c"


def test_signs_that_cannot_be_drawn_are_named_once():
    assert lacking("x\U0001f600y\U0001f600[z]") == ("\U0001f600",)


def test_lines_are_never_wider_than_their_room():
    text = "Sentence with words, 中文与英文混排的一段文字，还有 averyveryverylongwordthatneverends" + "9" * 60
    lines = break_lines(text, 90)
    assert all(width_of(line) <= 90 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_chinese_punctuation_does_not_begin_a_line():
    lines = break_lines("中文字符，" * 20, 83)
    assert not [line for line in lines if line.startswith("，")]


def test_punctuation_after_a_number_does_not_begin_a_line_and_a_bracket_does_not_end_one():
    text = "参考范围 125–350；符合（1 级）。" * 8
    for width in range(40, 120, 3):
        lines = break_lines(text, width)
        assert not [line for line in lines if line[0] in "；。）" or line[-1] == "（"]
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    "unit", ["10⁹/L", "10¹²/L", "×10⁻³", "10⁵", "10⁶ copies/mL", "10⁷", "10⁸", "10⁰", "SpO₂", "CO₂", "kg/m²"]
)
def test_units_with_raised_and_lowered_digits_are_printed_as_they_are_written(unit):
    assert printable(unit) == unit
    assert lacking(unit) == ()
