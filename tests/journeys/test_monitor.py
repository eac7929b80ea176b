"""The monitor: reads, asks, closes, and changes nothing."""

from __future__ import annotations

import pytest

from forms.place import FormKey
from tests.journeys.desk import visit_begun
from tests.ui.windows import FIRST


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_monitor_goes_from_field_to_field_by_enter_and_no_key_changes_an_answer(desk, language):
    monitor = desk.sit_down("hu", desk.store(prepare=visit_begun), language)
    before = monitor.store(lambda book: book.position())
    monitor.open_subject(FIRST).open_form("HEM", "C_D8")
    assert monitor.cursor().startswith(monitor.label("HEM.LBPERF"))
    monitor.press("Right", "n", "Delete", "Space", "Return")
    assert monitor.cursor().startswith(monitor.label("HEM.LBDAT"))
    monitor.type("2024-10-04").press("Return").go_to("HEM.PLT", "Return")
    assert monitor.held() == "18"
    monitor.press("F7").sees(monitor.say("ui_form.working.version"), "CTCAE 5.0").press("Escape")
    monitor.press("F9").sees("Lin Xia").press("Escape")
    monitor.press("F8").sees_no(monitor.say("ui_form.missing.clear")).sees(monitor.say("access.right.enter"))
    key = FormKey(FIRST, "C_D8", "1", "HEM")
    assert monitor.stored(key.place("LBPERF")).value == "Y"
    assert monitor.store(lambda book: book.position()) == before


def test_every_running_record_is_opened_by_enter(desk):
    monitor = desk.sit_down("hu", desk.store(prepare=visit_begun))
    monitor.open_subject(FIRST).push("AE").sees("Running records")
    assert monitor.cursor().startswith("Was there any adverse event?")
