"""Printed pages look as they were last approved, in both languages.

A page that changed on purpose is looked at and kept anew: ``python -m tests.golden.store`` (docs/developers.md).
"""

from __future__ import annotations

import io

import pytest
from PIL import Image
from pypdf import PdfReader

from reports.paper.page import PageFacts, render_document
from reports.paper.tables import Column, draw_table, row
from tests.golden.compare import differences
from tests.golden.dump import dump
from tests.golden.pages import PAGES, made_page
from tests.golden.store import FINE, FOLDER, can_draw, draw, kept_lines, lines_of, picture_path, unlike


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_words_lines_and_places_that_were_approved(name):
    told = differences(kept_lines(name), lines_of(name))
    assert not told, "\n  ".join([f"{name}: python -m tests.golden.store {name} keeps it as it is now", *told])


@pytest.mark.slow
@pytest.mark.skipif(not can_draw(), reason="pdftoppm is not installed")
@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_as_it_was_approved(name):
    apart = unlike(Image.open(picture_path(name)), draw(*made_page(name)))
    assert not apart, f"{name} looks otherwise at these points from the upper left corner: {apart[:12]}"


def test_nothing_is_kept_of_a_page_that_is_no_longer_printed():
    assert sorted(path.stem for path in FOLDER.glob("lines/*.txt")) == sorted(PAGES)
    assert sorted(path.stem for path in FOLDER.glob("pictures/*.png")) == sorted(PAGES)


# --- what a comparison says -------------------------------------------------------------------------------------------


def printed(*rows, title="Title", language="en"):
    facts = PageFacts(language, title, "Study", "S01-001", "none", "1.0", "0")
    table = draw_table((Column("What"), Column("How many", "right")), [row(*each) for each in rows], language=language)
    return PdfReader(io.BytesIO(render_document(facts, [table])))


def lines(*rows, **options):
    reader = printed(*rows, **options)
    return list(dump(reader.pages[0], reader))


ROWS = [("Platelets", "43"), ("Hemoglobin", "101")]


def test_the_same_page_does_not_differ():
    assert differences(lines(*ROWS), lines(*ROWS)) == []


def test_another_number_is_told_with_its_place():
    gone, new, *_ = differences(lines(*ROWS), lines(("Platelets", "48"), ROWS[1]))
    assert gone.startswith("gone: text CasebookSans-Regular 8 #1b1f24 43 at ")
    assert new.startswith("new: text CasebookSans-Regular 8 #1b1f24 48 at ")


def test_a_row_more_is_told_as_new_and_what_stands_below_as_moved():
    told = differences(lines(*ROWS), lines(("Leukocytes", "2"), *ROWS))
    assert any(each.startswith("new: ") and "Leukocytes" in each for each in told)
    assert any(each.startswith("moved by +0, -14.4: text CasebookSans-Regular 8 #1b1f24 Platelets") for each in told)


def test_a_step_that_no_eye_sees_is_no_difference():
    kept = ["page 595.3 841.9", "text 48 700.1 Sans 8 #000000 Platelets"]
    assert differences(kept, [kept[0], "text 48.1 700 Sans 8 #000000 Platelets"]) == []
    assert differences(kept, [kept[0], "text 48.5 700.1 Sans 8 #000000 Platelets"]) == [
        "moved by +0.5, +0: text Sans 8 #000000 Platelets at 48, 700.1"
    ]


def test_another_colour_font_or_size_is_a_difference():
    kept = "text 48 700 Sans 8 #000000 Platelets"
    for look in ("Sans 8 #ff0000", "Bold 8 #000000", "Sans 9 #000000"):
        assert len(differences([kept], [f"text 48 700 {look} Platelets"])) == 2


def test_a_curve_with_another_corner_is_of_another_shape():
    assert differences(["line 1 1 2 2 3 3 #000000 1"], ["line 1 1 2 2 3 3 4 4 #000000 1"]) == [
        "of another shape: line #000000 1 at 1, 1"
    ]


def test_of_many_differences_the_first_are_written_out():
    told = differences([], [f"text 48 {700 - at} Sans 8 #000000 line {at}" for at in range(40)])
    assert len(told) == 13
    assert told[-1] == "... and 28 more"


def test_chinese_stands_in_the_lines_as_it_reads_on_the_page():
    assert any(line.endswith(" #1b1f24 血小板计数") for line in lines(("血小板计数", "43"), language="zh"))


@pytest.mark.skipif(not can_draw(), reason="pdftoppm is not installed")
def test_a_word_that_is_missing_is_seen_and_the_ways_of_a_renderer_are_not():
    kept = draw(printed(*ROWS), 0)
    assert unlike(kept, draw(printed(*ROWS), 0)) == []
    assert unlike(kept, draw(printed(*ROWS), 0, FINE + 1)) == []
    assert unlike(kept, draw(printed(("", "43"), ROWS[1]), 0)) != []
