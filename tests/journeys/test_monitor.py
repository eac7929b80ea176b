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


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_question_is_asked_answered_and_closed_by_keys(desk, language):
    path = desk.store(prepare=visit_begun)
    monitor = desk.sit_down("hu", path, language)
    monitor.open_subject(FIRST).open_form("HEM", "C_D8").go_to("HEM.PLT").press("F4").type(ASKED[language])
    monitor.push(monitor.say("access.query.go")).sees(ASKED[language]).press("Ctrl+Shift+Q")
    desk.put_away(monitor)

    nurse = desk.sit_down("lin", path, language)
    nurse.sees(nurse.say("ui.today.kind.query")).choose(ASKED[language]).press("Return")
    assert nurse.cursor().startswith(nurse.label("HEM.PLT"))
    nurse.press("Ctrl+3").sees(ASKED[language]).go_to(nurse.say("ui.queries.reply")).type(ANSWERED[language])
    nurse.press("Return").sees(nurse.say("ui.query_status.answered"))
    desk.put_away(nurse)

    monitor = desk.sit_down("hu", path, language)
    monitor.press("Ctrl+3").sees(ANSWERED[language]).go_to(monitor.say("ui.queries.reply")).type("18").press("Return")
    assert monitor.cursor() == monitor.say("ui.queries.close"), "closing is a person's choice: Enter only leads there"
    monitor.press("Return").sees(monitor.say("ui.queries.none"))
    (query,) = monitor.store(lambda book: book.queries(FIRST))
    asker = monitor.store(lambda book: book.names()[query.opened_by])
    assert (query.status, query.place.item, asker) == ("closed", "PLT", "Hu Jing")


ASKED = {"en": "Platelets 18: clotted sample?", "zh": "血小板18：标本是否凝集？"}
ANSWERED = {"en": "Counted again, 18.", "zh": "复查仍为18。"}


def test_a_question_given_up_by_escape_stands_there_again(desk):
    monitor = desk.sit_down("hu", desk.store(prepare=visit_begun))
    monitor.open_subject(FIRST).open_form("HEM", "C_D8").go_to("HEM.PLT").press("F4").type("Was the sample")
    monitor.press("Escape", "F4").type(" clotted?").sees("Was the sample clotted?").push("Ask")
    assert [query.text for query in monitor.store(lambda book: book.queries(FIRST))] == ["Was the sample clotted?"]
    monitor.press("F4").sees_no("Was the sample clotted?\n")
    assert monitor.held() == "", "what was asked is not offered once more"


def test_a_monitor_takes_the_casebook_and_the_queries_home(desk):
    monitor = desk.sit_down("hu", desk.store(prepare=visit_begun))
    monitor.press("Ctrl+4").push("Make PDF").save_as(desk.folder / "casebook.pdf").sees("casebook.pdf")
    monitor.press("Ctrl+3").push("Listing…").save_as(desk.folder / "queries.csv").sees("queries.csv")
    assert (desk.folder / "casebook.pdf").read_bytes().startswith(b"%PDF")
    assert (desk.folder / "queries.csv").read_text(encoding="utf-8-sig").count("\n") >= 1
