"""The principal investigator: five minutes between rounds."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from tests.journeys.desk import visit_begun


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_cohort_report_is_made_by_keys_and_says_how_many_it_is_about(desk, language):
    leader, path = desk.sit_down("chen", desk.store(prepare=visit_begun), language), desk.folder / "cohort.pdf"
    leader.press("Ctrl+4").choose(leader.say("reports.report.cohort")).push(leader.say("ui.reports.make")).save_as(path)
    leader.sees(str(path), leader.say("ui.reports.open"))
    pages = PdfReader(io.BytesIO(path.read_bytes())).pages
    assert "n = 1" in pages[0].extract_text()
    (act,) = leader.store(lambda book: tuple(book.acts("report")))
    assert '"cohort"' in act.value.value


def test_a_cut_off_that_is_no_date_is_refused_where_it_was_typed(desk):
    leader = desk.sit_down("chen", desk.store(prepare=visit_begun))
    leader.press("Ctrl+4").choose("Cohort report").go_to("Cut-off date").type("next week").push("Make PDF")
    leader.sees("next week")
    assert leader.cursor() == "Cut-off date"


def test_a_setting_left_open_is_looked_at_and_says_where_it_is_used(desk):
    leader = desk.sit_down("chen", desk.store(prepare=visit_begun))
    leader.press("Ctrl+5").choose("Gemcitabine is rounded to, mg").press("Return")
    leader.sees("Gemcitabine is rounded to, mg", "usual practice", "gem_round").press("Escape")
    assert "Gemcitabine is rounded to, mg" in leader.line()
