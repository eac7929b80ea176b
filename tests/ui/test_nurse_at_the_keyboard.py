"""A research nurse and her keyboard: what she types is shown as it was read, and nothing asks for a mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from forms.place import FormKey, Place
from forms.shown import unit_words
from tests.ui.windows import FIRST, press, signed_in, type_text
from ui.dialogs.reason import OneLineDialog

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
DAY8 = ("C_D8", "1")


@pytest.fixture
def window(tmp_path, qtbot):
    made = signed_in(tmp_path, qtbot)
    yield made
    made.close()


def open_form(window, form: str, event: str = "C_D8"):
    window.workspace.open_form(FormKey(FIRST, event, "1", form))
    QApplication.processEvents()
    return window.workspace.made["subject"].form


def type_into(page, item: str, text: str, row: str = "1") -> None:
    page.go_to(item, row)
    type_text(text)
    press(Qt.Key.Key_Return)


def shown(page, item: str, row: str = "1") -> str:
    return page.canvas.fields[(item, row)].editor.line.text()


def stored(page, item: str, row: str = "1"):
    return page.casebook.sheet(page.key).cell(item, row).value


@pytest.mark.parametrize(
    ("typed", "read"),
    [("-2", "2024-10-16"), ("today", "2024-10-18"), ("10/4", "2024-10-04"), ("2024年10月3日", "2024-10-03")],
)
def test_a_date_typed_short_stands_there_as_it_was_read(window, typed, read):
    page = open_form(window, "HEM")
    if typed.isascii():
        type_into(page, "LBDAT", typed)
    else:
        page.go_to("LBDAT", "1")
        page.canvas.fields[("LBDAT", "1")].editor.line.insert(typed)
        page.canvas.fields[("LBDAT", "1")].editor.line.textEdited.emit(typed)
        press(Qt.Key.Key_Return)
    assert shown(page, "LBDAT") == read


def test_a_date_whose_day_is_unknown_says_so(window):
    page = open_form(window, "DX", "SCR")
    type_into(page, "DXONSET", "UK-OCT-2023")
    assert shown(page, "DXONSET") == "2023-10-UK"


def test_two_days_ago_typed_on_another_day_is_another_date(window):
    page = open_form(window, "HEM")
    place = page.filling.place("LBDAT", "1")
    window.casebook.enter(place, "2024-10-01")
    page.reload()
    type_into(page, "LBDAT", "-2")
    before = window.casebook.position()
    page.go_to("LBDAT", "1")
    press(Qt.Key.Key_Return)
    assert window.casebook.position() == before, "leaving it as it stands writes nothing"
    assert stored(page, "LBDAT").value == "2024-10-16"


def test_a_term_is_stored_by_its_own_name_and_shown_in_the_language_of_the_window(window):
    page = open_form(window, "AE", "LOG")
    press(Qt.Key.Key_N, CONTROL)
    row = page.filling.open_rows["AE"]
    type_into(page, "AETERM", "cold fingers", row)
    editor = page.canvas.fields[("AEDECOD", row)].editor
    type_text("paresth")
    press_popup(editor, Qt.Key.Key_Down)
    press_popup(editor, Qt.Key.Key_Return)
    assert editor.text() == "Paresthesia"
    assert page.here == ("AETOXGR", row), "the next key belongs to the next field"
    assert stored(page, "AEDECOD", row).value == "Paresthesia"
    window.settings.put("language", "zh")
    assert shown(page, "AEDECOD", row) == "感觉异常 · Paresthesia"


def press_popup(editor, key) -> None:
    from PySide6.QtTest import QTest

    QTest.keyClick(editor.completer_.popup(), key)
    QApplication.processEvents()


def test_a_chinese_name_of_a_term_typed_out_is_the_term(window):
    page = open_form(window, "AE", "LOG")
    press(Qt.Key.Key_N, CONTROL)
    row = page.filling.open_rows["AE"]
    editor = page.canvas.fields[("AEDECOD", row)].editor
    editor.line.setText("感觉异常")
    assert editor.text() == "Paresthesia"
    editor.line.setText("what nobody ever named")
    assert editor.text() == "what nobody ever named"


def test_f3_chooses_the_unit_that_the_slip_gives(window):
    page = open_form(window, "CHEM")
    type_into(page, "CREAT", "1.2")
    page.go_to("CREAT", "1")
    page.acts.choose_unit()
    menu = page.findChildren(QMenu)[-1]
    assert [action.text() for action in menu.actions()] == ["&1  umol/L", "&2  mg/dL"]
    menu.actions()[1].trigger()
    menu.close()
    value = stored(page, "CREAT")
    assert (value.value, value.unit) == ("1.2", "mg/dL")


def test_a_missing_code_can_be_taken_away_again(window):
    page = open_form(window, "VS")
    page.saver.save("PULSE", "1", "", missing="ND")
    page.go_to("PULSE", "1")
    page.acts.choose_missing()
    menu = page.findChildren(QMenu)[-1]
    menu.actions()[-1].trigger()
    menu.close()
    assert page.casebook.sheet(page.key).cell("PULSE").value.blank


def test_a_row_is_removed_with_a_reason_and_its_values_stay_in_the_trail(window, monkeypatch):
    page = open_form(window, "AE", "LOG")
    press(Qt.Key.Key_N, CONTROL)
    row = page.filling.open_rows["AE"]
    type_into(page, "AETERM", "entered for the wrong patient", row)
    asked = []

    def answered(dialog):
        asked.append(dialog.findChildren(QPushButton))
        dialog.words.setText("belongs to another subject")
        return True

    monkeypatch.setattr(OneLineDialog, "exec", answered)
    page.acts.remove_row()
    assert [button.text() for button in asked[0]] == ["Remove the row", "Keep it"]
    assert page.sheet.rows("AE") == ()
    trail = window.casebook.history(Place(FIRST, "LOG", "1", "AE", "1", row, "AETERM"))
    assert [entry.value.text for entry in trail] == ["entered for the wrong patient", ""]
    assert trail[-1].why == "belongs to another subject"


def test_a_row_not_written_yet_goes_away_without_a_question(window):
    page = open_form(window, "AE", "LOG")
    before = window.casebook.position()
    press(Qt.Key.Key_N, CONTROL)
    page.acts.remove_row()
    assert (page.filling.new_rows, window.casebook.position()) == ({}, before)


def test_complete_puts_the_cursor_into_the_first_field_that_stands_in_the_way(window):
    page = open_form(window, "HEM")
    press(Qt.Key.Key_Return, CONTROL)
    first = page.sheet.complete_blockers()[0].place
    assert page.here == (first.item, first.row)
    assert len(page.blockers.findChildren(QPushButton)) == len(page.sheet.complete_blockers())


def test_every_button_around_a_form_is_pressed_by_enter(window):
    page = open_form(window, "AE", "LOG")
    buttons = [each for each in page.findChildren(QPushButton) if each.isVisible() and each.isEnabled()]
    assert [each.text() for each in buttons if not each.autoDefault()] == []


def test_the_next_form_and_the_next_section_are_a_key_away(window):
    page = open_form(window, "HEM")
    press(Qt.Key.Key_Down, CONTROL)
    assert page.sheet.form.group_of[page.here[0]].id == "HEM"
    press(Qt.Key.Key_Up, CONTROL)
    assert page.sheet.form.group_of[page.here[0]].id == "HEAD"
    press(Qt.Key.Key_PageDown, CONTROL)
    QApplication.processEvents()
    assert page.key.form != "HEM"


def test_another_language_keeps_cursor_and_place_on_the_page(window):
    page = open_form(window, "CHEM")
    page.go_to("CREAT", "1")
    type_text("88")
    window.settings.put("language", "zh")
    assert page.here == ("CREAT", "1")
    assert page.canvas.fields[("CREAT", "1")].editor.line.hasFocus()
    assert stored(page, "CREAT").value == "88"
    assert page.head.saved.text().startswith("已保存")


def test_saved_tells_the_zone(window):
    page = open_form(window, "VS")
    type_into(page, "PULSE", "96")
    assert "UTC" in page.head.saved.text()


def test_a_form_that_cannot_be_opened_leaves_the_one_before(window):
    page = open_form(window, "VS")
    window.workspace.open_form(FormKey(FIRST, "C_D8", "1", "NOSUCH"))
    assert page.key == FormKey(FIRST, "C_D8", "1", "VS")
    type_into(page, "PULSE", "96")
    assert stored(page, "PULSE").value == "96"


def test_a_second_report_of_a_serious_event_is_a_form_of_its_own(window):
    page = open_form(window, "SAE", "LOG")
    assert not page.head.another.isVisible(), "the first is still empty"
    type_into(page, "SAENO", "1")
    assert page.head.another.isVisible()
    page.head.another.click()
    QApplication.processEvents()
    assert page.key.form_no != "1"
    assert "no. 2" in page.head.where.text()


def test_units_are_read_as_people_write_them():
    assert unit_words("a", "zh") == "岁"
    assert unit_words("mL/min/1.73 m2", "en") == "mL/min/1.73 m²"
    assert unit_words("1", "en") == ""
    assert unit_words("10^9/L", "en") == "10^9/L"


def open_band(window):
    window.workspace.open_form(FormKey(FIRST, "C_D8", "1", "HEM"))
    return window.workspace.made["subject"].band


def told_of(band, name):
    cell, head, chip = band.worst[name]
    return (head.text(), chip.text()) if cell.isVisible() else None


def test_the_band_and_the_list_tell_the_same_worst_open_event(window):
    key = FormKey(FIRST, "LOG", "1", "AE")
    row = window.casebook.new_row(key, "AE")
    for item, text in (("AETERM", "fever"), ("AETOXGR", "3"), ("AEONGO", "Y")):
        window.casebook.enter(key.place(item, row), text)
    for item, text in (("LBPERF", "Y"), ("LBDAT", "2024-10-03"), ("LBNAM", "LAB1"), ("PLT", "20")):
        window.casebook.enter(Place(FIRST, "C_D8", "1", "HEM", "1", "1", item), text)
    band = open_band(window)
    assert told_of(band, "event") == ("Worst open event", "G3")
    assert window.casebook.subjects()[0].worst_grade == "3"
    window.workspace.go("subjects")
    model = window.workspace.made["subjects"].model
    assert model.headerData(5, Qt.Orientation.Horizontal) == "Worst open event"


def test_on_the_lowest_screen_every_button_of_a_form_is_seen_and_the_tip_tells_the_worst_grade(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot, role="pi")
    for item, text in (("LBPERF", "Y"), ("LBDAT", "2024-10-03"), ("LBNAM", "LAB1"), ("PLT", "20")):
        window.casebook.enter(Place(FIRST, "C_D8", "1", "HEM", "1", "1", item), text)
    window.resize(683, 313)
    band = open_band(window)
    form = window.workspace.made["subject"].form
    for each in (form.head.back, form.head.next, form.head.complete, form.standing.sign_button):
        qtbot.waitUntil(lambda shown=each: shown.visibleRegion().boundingRect() == shown.rect())
    assert (band.id.text(), told_of(band, "result")) == (FIRST, None)
    assert "G4 Platelet count decreased" in band.toolTip()
    window.resize(1366, 768)
    qtbot.waitUntil(lambda: told_of(band, "result") is not None)
    window.close()


def test_the_band_names_the_worst_grade_by_its_term(window):
    for item, text in (("LBPERF", "Y"), ("LBDAT", "2024-10-03"), ("LBNAM", "LAB1"), ("PLT", "20")):
        window.casebook.enter(Place(FIRST, "C_D8", "1", "HEM", "1", "1", item), text)
    band = open_band(window)
    assert told_of(band, "result") == ("Worst latest result", "G4 Platelet count decreased")
    assert told_of(band, "event") is None
