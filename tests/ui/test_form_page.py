"""The form page at the keyboard: what a nurse types is saved when she leaves the field, and told truly."""

from __future__ import annotations

import os
from functools import cache

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QLineEdit, QMenu, QPushButton

from db.clock import set_clock
from db.folder.keys import CHEAP
from db.opening.vault import create_store, open_store
from db.people.accounts import add_account
from forms.authoring.load import read_study
from forms.place import FormKey
from forms.study.definition import Study
from ui.dialogs.history import HistoryDialog
from ui.dialogs.reason import ReasonDialog
from ui.dialogs.working import WorkingDialog
from ui.hub import Hub
from ui.pages.form.page import FormPage
from ui.settings import Settings

PHRASE = "a phrase for tests"


@cache
def ankl() -> Study:
    return read_study("ankl")


class Desk:
    """A store with one subject and the form page on it, as one nurse has it before her."""

    def __init__(self, folder, qtbot, language: str = "en") -> None:
        self.path = folder / "site.casebook"
        self.book = create_store(
            self.path, ankl(), site="S01", user="demo", name="Lin Xia", role="investigator", passphrase=PHRASE,
            clock=set_clock("2024-10-20"), kdf=CHEAP,
        )  # fmt: skip
        self.book.add_subject("S01-001")
        self.settings = Settings(folder / "casebook.ini")
        self.settings.put("language", language)
        self.hub = Hub()
        self.page = FormPage(self.book, self.hub, None, self.settings)  # type: ignore[arg-type]
        self.page.resize(1160, 700)
        qtbot.addWidget(self.page)
        self.page.show()

    def key(self, form: str, event: str = "SCR", event_no: str = "1") -> FormKey:
        return FormKey("S01-001", event, event_no, form)

    def open(self, form: str, event: str = "SCR", event_no: str = "1") -> None:
        self.page.show_form(self.key(form, event, event_no))
        QApplication.processEvents()

    def type(self, item: str, text: str, row: str = "1", end: Qt.Key = Qt.Key.Key_Return) -> None:
        self.page.go_to(item, row)
        focus = QApplication.focusWidget()
        assert focus is not None
        if isinstance(focus, QLineEdit):
            focus.selectAll()
        QTest.keyClicks(focus, text)
        QTest.keyClick(focus, end)

    def value(self, form: str, item: str, row: str = "1"):
        return self.book.sheet(self.key(form)).cell(item, row).value

    def enter(self, form: str, **values: str) -> None:
        for item, text in values.items():
            self.book.enter(self.key(form).place(item), text)


@pytest.fixture
def desk(tmp_path, qtbot):
    made = Desk(tmp_path, qtbot)
    yield made
    made.page.hide()
    made.book.close()


def test_enter_saves_the_field_and_goes_to_the_next_one(desk):
    desk.open("VS")
    desk.type("TEMP", "38.4")
    assert desk.value("VS", "TEMP").value == "38.4"
    assert desk.page.here == ("TMAX24", "1")
    assert desk.page.head.saved.text().startswith("Saved ")


def test_leaving_a_field_with_tab_saves_it(desk):
    desk.open("VS")
    desk.type("PULSE", "96", end=Qt.Key.Key_Tab)
    assert desk.value("VS", "PULSE").value == "96"


def test_blanks_typed_into_an_empty_field_write_nothing_and_tell_no_time(desk):
    desk.open("VS")
    before = desk.book.position()
    desk.page.saver.save("TEMP", "1", "   ")
    assert desk.book.position() == before


def test_going_to_another_page_saves_what_stands_typed(desk):
    desk.open("VS")
    desk.page.go_to("PULSE", "1")
    QTest.keyClicks(QApplication.focusWidget(), "104")
    desk.page.hide()
    assert desk.value("VS", "PULSE").value == "104"


def test_body_surface_appears_while_the_weight_is_being_typed(desk):
    desk.open("VS")
    desk.type("HEIGHT", "165")
    desk.page.go_to("WEIGHT", "1")
    QTest.keyClicks(QApplication.focusWidget(), "58.6")
    assert desk.page.canvas.fields[("BSA", "1")].editor.text() == "1.64"
    assert desk.value("VS", "WEIGHT").blank, "nothing is written before the field is left"


def test_a_value_that_cannot_be_read_is_kept_as_typed_and_told(desk):
    desk.open("VS")
    desk.type("TEMP", "warm")
    assert desk.value("VS", "TEMP").text == "warm"
    findings = desk.page.canvas.fields[("TEMP", "1")].cell.findings
    assert [finding.severity for finding in findings] == ["block"]
    desk.page.go_to("TEMP", "1")
    assert desk.page.canvas.fields[("TEMP", "1")].editor.text() == "warm"


def test_a_low_platelet_count_shows_its_grade_and_the_working_on_f7(desk, monkeypatch):
    desk.enter("DM", BRTHDAT="1992-03-04", SEX="F")
    desk.enter("HEM", LBPERF="Y", LBDAT="2024-10-19", LBNAM="LAB1")
    desk.open("HEM")
    desk.type("PLT", "43")
    chips = desk.page.canvas.fields[("PLT", "1")].chips
    assert [(words, grade) for _, words, grade in chips] == [("G3", 3)]
    seen = []
    monkeypatch.setattr(WorkingDialog, "exec", lambda dialog: seen.append(dialog))
    desk.page.go_to("PLT", "1")
    desk.page.acts.show_working()
    words = " ".join(label.text() for label in seen[0].findChildren(QLabel))
    assert "Platelet count decreased" in words
    assert "CTCAE 5.0" in words


def test_a_correction_asks_why_and_the_answer_stands_in_the_history(desk, monkeypatch):
    desk.open("VS")
    desk.type("PULSE", "96")
    monkeypatch.setattr(type(desk.book), "_check_reason", _always_asks)
    monkeypatch.setattr(ReasonDialog, "exec", _first_reason)
    desk.type("PULSE", "69")
    entries = desk.book.history(desk.key("VS").place("PULSE"))
    assert [entry.value.value for entry in entries] == ["96", "69"]
    assert entries[-1].why == "Transcription error"


def _first_reason(dialog):
    dialog.list.setCurrentRow(0)
    return True


def test_a_correction_without_a_reason_leaves_the_old_value(desk, monkeypatch):
    desk.open("VS")
    desk.type("PULSE", "96")
    monkeypatch.setattr(type(desk.book), "_check_reason", _always_asks)
    monkeypatch.setattr(ReasonDialog, "exec", lambda dialog: False)
    desk.type("PULSE", "69")
    assert desk.value("VS", "PULSE").value == "96"
    assert desk.page.canvas.fields[("PULSE", "1")].editor.text() == "96"


def _always_asks(book, opened, place):
    from forms.errors import NeedsReason

    if opened.subject.value(place) is not None:
        raise NeedsReason("db.needs_reason", place=str(place))


def test_no_reason_is_chosen_before_the_person_chooses_one(desk):
    dialog = ReasonDialog("Pulse", "96", "69", "en", desk.page)
    dialog.open()
    QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.why == ""
    QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    QTest.keyClick(dialog.list, Qt.Key.Key_Return)
    assert dialog.result() == ReasonDialog.DialogCode.Accepted
    assert dialog.why == "Transcription error"


def test_own_words_are_reason_enough(desk):
    dialog = ReasonDialog("Pulse", "96", "69", "en", desk.page)
    dialog.words.setText("misread the chart")
    assert dialog.accept_button.isEnabled()
    assert dialog.why == "misread the chart"


def test_other_as_a_reason_demands_words(desk):
    dialog = ReasonDialog("Pulse", "96", "69", "en", desk.page)
    dialog.list.setCurrentRow(dialog.list.count() - 1)
    assert not dialog.accept_button.isEnabled()
    dialog.words.setText("the family corrected it")
    assert dialog.accept_button.isEnabled()
    assert dialog.why == "the family corrected it"


def test_f8_gives_a_missing_code_in_words(desk):
    desk.open("VS")
    desk.page.go_to("SPO2", "1")
    desk.page.acts.choose_missing()
    menu = desk.page.findChild(QMenu)
    menu.actions()[0].trigger()
    menu.close()
    assert desk.value("VS", "SPO2").missing == "ND"
    line = desk.page.canvas.fields[("SPO2", "1")].editor.line
    assert (line.text(), line.placeholderText()) == ("", "Not done")


def test_f9_shows_every_value_with_who_and_when(desk, monkeypatch):
    desk.open("VS")
    desk.type("PULSE", "96")
    seen = []
    monkeypatch.setattr(HistoryDialog, "exec", lambda dialog: seen.append(dialog))
    desk.page.go_to("PULSE", "1")
    desk.page.acts.show_history()
    table = seen[0].table
    assert table.item(0, 2).text() == "96 /min"
    assert "Lin Xia" in table.item(0, 1).text()
    assert "UTC" in table.item(0, 0).text()


def test_the_unit_of_the_slip_is_kept_with_the_value(desk):
    desk.enter("HEM", LBPERF="Y", LBDAT="2024-10-19", LBNAM="LAB1")
    desk.open("HEM")
    box = desk.page.canvas.fields[("HGB", "1")].unit
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findText("g/dL"))
    box.activated.emit(box.currentIndex())
    desk.type("HGB", "7.9")
    value = desk.value("HEM", "HGB")
    assert (value.value, value.unit) == ("7.9", "g/dL")
    assert [words for _, words, _ in desk.page.canvas.fields[("HGB", "1")].chips] == ["G3"]


def test_the_last_value_stands_with_its_own_unit_beside_the_unit_of_today(desk):
    from ui.editors.words import previous_words, range_words

    for event, day in (("SCR", "2024-10-11"), ("C_D1", "2024-10-18")):
        for item, text in (("LBPERF", "Y"), ("LBDAT", day), ("LBNAM", "LAB1")):
            desk.book.enter(desk.key("CHEM", event).place(item), text)
    desk.book.enter(desk.key("CHEM").place("CREAT"), "<0.9", unit="mg/dL")
    sheet = desk.book.sheet(desk.key("CHEM", "C_D1"))
    assert previous_words(sheet, sheet.cell("CREAT"), "en") == "<0.9 mg/dL  (10-11)"
    converted = desk.book.sheet(desk.key("CHEM")).cell("CREAT").range
    assert converted is None or len(range_words(converted)) <= len("0.4638–0.8258")


def test_complete_lists_what_is_missing_and_each_line_leads_to_its_field(desk):
    desk.open("VS")
    desk.page.acts.complete()
    assert desk.book.state(desk.key("VS")).status != "complete"
    lines = desk.page.blockers.findChildren(QPushButton)
    assert lines
    lines[0].click()
    assert desk.page.here is not None


def test_the_list_of_what_is_missing_keeps_its_height_however_often_it_is_told(desk):
    desk.open("VS")
    heights = []
    for _ in range(3):
        desk.page.acts.complete()
        QApplication.processEvents()
        heights.append(desk.page.blockers.height())
        desk.page.reload()
        heights.append(desk.page.blockers.height())
    lines = desk.page.blockers.findChildren(QPushButton)
    assert set(heights) == {heights[0]}
    assert heights[0] > sum(line.height() for line in lines if line.isVisible())


def test_a_complete_form_says_so_and_can_be_opened_again_with_a_reason(desk, monkeypatch):
    desk.enter("DM", BRTHDAT="1992-03-04", SEX="F", ETHNIC="HAN")
    desk.open("DM")
    desk.page.acts.complete()
    assert desk.book.state(desk.key("DM")).status == "complete"
    assert desk.page.head.status.text() == "Complete"
    from ui.dialogs.reason import OneLineDialog

    monkeypatch.setattr(OneLineDialog, "exec", lambda dialog: dialog.words.setText("a form came late") or True)
    desk.page.acts.complete()
    assert desk.book.state(desk.key("DM")).status == "started"


def test_a_new_row_of_a_log_is_begun_and_kept_by_its_first_value(desk):
    desk.open("AE", "LOG")
    desk.page.acts.add_row()
    row = desk.page.filling.open_rows["AE"]
    desk.type("AETERM", "numb fingers in the cold", row=row)
    sheet = desk.book.sheet(desk.key("AE", "LOG"))
    assert sheet.rows("AE") == (row,)
    assert sheet.cell("AETERM", row).value.text == "numb fingers in the cold"
    assert not desk.page.filling.new_rows


def test_the_line_of_a_row_tells_terms_in_the_language_and_yes_or_no_with_the_question(desk):
    from ui.editors.words import row_summary

    desk.open("AE", "LOG")
    desk.page.acts.add_row()
    row = desk.page.filling.open_rows["AE"]
    for item, text in (("AETERM", "手指麻木"), ("AEDECOD", "Paresthesia"), ("AEONGO", "Y")):
        desk.book.enter(desk.key("AE", "LOG").place(item, row), text)
    sheet = desk.book.sheet(desk.key("AE", "LOG"))
    told = row_summary(sheet, next(g for g in sheet.form.groups if g.id == "AE"), row, "zh")
    assert "感觉异常" in told
    assert "是否持续？ 是" in told


def test_every_input_of_every_form_has_a_name_for_screen_readers(desk):
    nameless = []
    for form in ("VS", "HEM", "DX", "DM"):
        desk.open(form)
        nameless += [f.item.id for f in desk.page.canvas.fields.values() if not f.editor.accessibleName()]
    assert nameless == []


def test_the_same_form_stands_in_chinese_after_the_language_is_changed(desk):
    desk.open("VS")
    desk.settings.put("language", "zh")
    assert desk.page.head.title.text() == "生命体征、体格检查与ECOG"
    assert desk.page.head.status.text() == "未填", "as the schedule calls it"
    desk.page.acts.complete()
    lines = [each.text() for each in desk.page.blockers.findChildren(QPushButton)]
    assert lines
    assert all("：" in line and ": " not in line for line in lines)


def test_a_reader_without_the_right_to_enter_sees_but_cannot_type(tmp_path, qtbot):
    made = Desk(tmp_path, qtbot)
    made.enter("VS", PULSE="96")
    add_account(made.book, "hu", "Hu Jing", "monitor", "another phrase", kdf=CHEAP, temporary=False)
    made.page.hide()
    made.book.close()
    book = open_store(made.path, user="hu", passphrase="another phrase", clock=set_clock("2024-10-21"))
    page = FormPage(book, Hub(), None, made.settings)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show_form(made.key("VS"))
    assert page.canvas.fields[("PULSE", "1")].editor.line.isReadOnly()
    assert not page.head.complete.isVisibleTo(page)
    book.close()


def test_a_draft_of_long_text_is_found_again_after_a_crash(desk):
    desk.open("VS")
    place = desk.key("VS").place("EXAMTX")
    desk.book.draft(place, "rash on both")
    desk.open("VS")
    assert desk.page.canvas.fields[("EXAMTX", "1")].editor.text() == "rash on both"
    desk.page.go_to("EXAMTX", "1")
    desk.page.flush()
    assert desk.value("VS", "EXAMTX").text == "rash on both"
    assert desk.book.drafts(desk.key("VS")) == ()


def test_completing_tells_how_many_queries_the_form_leaves_open(desk):
    desk.enter("VS", TEMP="36.8", ECOG="1")
    desk.open("VS")
    desk.page.acts.complete()
    assert "queries" not in desk.page.head.saved.text()
    desk.page.casebook.reopen(desk.key("VS"), "one more")
    desk.book.enter(desk.key("VS").place("SYSBP"), "70", why="left out at first")
    desk.page.acts.complete()
    assert [query.place.item for query in desk.book.standing(desk.key("VS"))] == ["SYSBP"]
    assert desk.page.head.saved.text().endswith("open queries: 1")


def test_a_field_come_to_after_a_dialog_has_its_text_selected(desk):
    desk.enter("VS", TEMP="36.8")
    desk.open("VS")
    front = QDialog()
    front.show()
    front.activateWindow()
    QApplication.processEvents()
    desk.page.go_to("TEMP", "1")
    assert desk.page.canvas.fields[("TEMP", "1")].editor.line.selectedText() == "36.8"
    front.close()


def test_a_draft_put_back_stays_on_the_screen_when_the_language_changes(desk):
    desk.book.draft(desk.key("VS").place("EXAMTX"), "rash on both")
    desk.open("VS")
    desk.settings.put("language", "zh")
    QApplication.processEvents()
    assert desk.page.canvas.fields[("EXAMTX", "1")].editor.text() == "rash on both"


def test_half_typed_text_in_a_row_of_a_log_is_found_again_after_a_crash(desk):
    key = desk.key("AE", event="LOG")
    row = desk.book.new_row(key, "AE")
    desk.book.draft(key.place("AETERM", row), "fever since noon")
    desk.open("AE", event="LOG")
    assert desk.page.canvas.fields[("AETERM", row)].editor.text() == "fever since noon"
    desk.page.go_to("AETERM", row)
    desk.page.flush()
    assert desk.book.sheet(key).cell("AETERM", row).value.text == "fever since noon"
    assert desk.book.drafts(key) == ()


def test_the_draft_of_a_second_row_waits_until_that_row_is_opened(desk):
    key = desk.key("AE", event="LOG")
    desk.book.enter(key.place("AETERM", "1"), "Nausea")
    desk.book.enter(key.place("AETERM", "2"), "Rash")
    desk.book.draft(key.place("AETERM", "1"), "Nausea after supper")
    desk.book.draft(key.place("AETERM", "2"), "Rash on both arms")
    desk.open("AE", event="LOG")
    assert desk.page.canvas.fields[("AETERM", "1")].editor.text() == "Nausea after supper"
    desk.page.go_to("AETERM", "2")
    assert desk.page.canvas.fields[("AETERM", "2")].editor.text() == "Rash on both arms"


def test_completing_enters_the_draft_that_stands_on_the_screen(desk):
    answers = {"TEMP": "36.8", "ECOG": "1"}
    desk.enter("VS", **answers)
    desk.book.draft(desk.key("VS").place("EXAMTX"), "rash on both")
    desk.open("VS")
    desk.page.acts.complete()
    assert desk.book.state(desk.key("VS")).status == "complete"
    assert desk.value("VS", "EXAMTX").text == "rash on both"
    assert desk.book.drafts(desk.key("VS")) == ()


def test_a_text_taken_back_leaves_no_draft_behind(desk):
    desk.open("VS")
    desk.page.go_to("EXAMTX", "1")
    desk.book.draft(desk.key("VS").place("EXAMTX"), "rash")
    desk.page.flush()
    assert desk.book.drafts(desk.key("VS")) == ()


# --- the store is taken away ------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody rename a folder in which a file is open")
def test_a_value_that_could_not_be_saved_stays_on_the_screen_and_is_saved_once_the_folder_is_back(desk, tmp_path):
    told = []
    desk.page.trouble.connect(told.append)
    desk.open("VS")
    desk.path.rename(tmp_path / "elsewhere")
    desk.type("WEIGHT", "61.5")
    assert {error.key for error in told} == {"db.folder_gone"}
    told.clear()
    desk.page.go_to("WEIGHT", "1")
    field = QApplication.focusWidget()
    assert field.text() == "61.5"
    (tmp_path / "elsewhere").rename(desk.path)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert told == []
    assert desk.value("VS", "WEIGHT").value == "61.5"
