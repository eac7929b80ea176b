"""A character that the font lacks is told when it is typed."""

import pytest

from forms.place import FormKey
from forms.sheet.sheet import open_sheet
from forms.values.glyphs import code_points, drawable, folded, lacking
from reports.paper.style import lacking as lacking_in_print
from tests.forms import small_study


def test_the_list_of_characters_is_that_of_the_two_faces():
    from fontTools.ttLib import TTFont

    from resources import folder

    faces = [TTFont(folder("fonts", f"CasebookSans-{name}.ttf")).getBestCmap() for name in ("Regular", "Bold")]
    both = {chr(code) for code in set(faces[0]) & set(faces[1])}
    assert both <= drawable()
    assert len(drawable() - both) <= 8


@pytest.mark.parametrize("text", ["plain", "ALT 5×ULN ≥ 3 µmol/L", "皮疹伴发热，累及双上肢", "张珺 喆"])
def test_words_of_the_two_languages_lack_nothing(text):
    assert lacking(text) == ()


@pytest.mark.parametrize(("text", "signs"), [("rash 🙂", "U+1F642"), ("𠮷 and 𠮷", "U+20BB7"), ("a\u202eb", "U+202E")])
def test_other_signs_are_named_once_by_their_code_point(text, signs):
    assert code_points(lacking(text)) == signs


@pytest.mark.parametrize("text", ["rash 🙂", "皮疹", "é", "e\u0301", "ok\tok", "𠮷"])
def test_entry_and_print_agree(text):
    assert lacking(text) == lacking_in_print(text)


def test_a_sign_the_font_lacks_is_kept_as_typed_with_a_note():
    subject = small_study.subject()
    cell = open_sheet(subject, FormKey(subject.id, "UNS", "1", "UV")).enter("UVNOTE", "rash 🙂").cell("UVNOTE")
    assert cell.value.text == "rash 🙂"
    assert [(finding.rule, finding.severity) for finding in cell.findings] == [("glyph.missing", "note")]


def test_full_width_forms_are_read_as_plain_ones_and_no_other_digit_is():
    assert folded("Ｓ０１－００１　ｋｇ") == "S01-001 kg"
    assert folded("10⁹ 8⑤ 1½ H₂O 𝟏 ㏪") == "10⁹ 8⑤ 1½ H₂O 𝟏 ㏪"
    assert folded("ﬁ Ⅳ e\u0301") == "fi IV é"
