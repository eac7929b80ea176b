"""The list of subjects: the store searches and pages, the window asks for what is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from db.casebook.entering import Changes
from db.casebook.newcomers import asked_of
from db.casebook.subjects import SubjectLine
from forms.place import Place
from tests.db.stores import site_study
from tests.ui.windows import FIRST, ankl, dialogs, press, signed_in
from ui.dialogs.new_subject import NewSubjectDialog
from ui.hub import Hub
from ui.models.subject_list import PAGE, SubjectListModel
from ui.settings import Settings


@dataclass
class Many:
    """Answers for a store of many subjects and counts the pages it is asked for."""

    count: int
    asked: list[tuple[str, int, int]] = field(default_factory=list)
    study = site_study()

    def count_subjects(self, search: str = "") -> int:
        return len(self._found(search))

    def subjects(self, search: str = "", offset: int = 0, limit: int = 200) -> list[SubjectLine]:
        self.asked.append((search, offset, limit))
        found = self._found(search)[offset : offset + limit]
        return [SubjectLine(each, "on", "F", "30", "1", "3", 2, "2024-10-18T03:00:00.000Z") for each in found]

    def _found(self, search: str) -> list[str]:
        return [name for name in (f"S01-{n:05d}" for n in range(1, self.count + 1)) if search in name]


@pytest.fixture
def many(tmp_path, qapp):
    book, hub = Many(10_000), Hub()
    return book, hub, SubjectListModel(book, hub, Settings(tmp_path / "s.ini"))  # type: ignore[arg-type]


def test_the_model_keeps_the_rules_of_qt(many):
    book, hub, model = many
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_search("0007")
    hub.changed.emit(Changes((Place(model.line(0).id, "", "", "", "", "", ""),)))
    assert [model.line(row).id for row in range(model.rowCount())] == book._found("0007")
    book.count += 1
    hub.changed.emit(Changes((Place("S01-10001", "", "", "", "", "", ""),)))
    assert model.rowCount() == len(book._found("0007"))


def test_of_ten_thousand_only_the_page_looked_at_is_read(many):
    book, _, model = many
    assert model.rowCount() == 10_000
    assert model.data(model.index(5_000, 0)) == "S01-05001"
    assert book.asked == [("", 5_000 // PAGE * PAGE, PAGE)]


def test_a_change_reads_only_the_page_it_lies_on_anew(many):
    book, hub, model = many
    for row in (0, PAGE):
        model.line(row)
    book.asked.clear()
    hub.changed.emit(Changes((Place("S01-00002", "", "", "", "", "", ""),)))
    model.line(0)
    model.line(PAGE)
    assert book.asked == [("", 0, PAGE)]


def test_words_for_a_screen_reader_name_subject_and_column(many):
    _, _, model = many
    words = model.data(model.index(0, 6), Qt.ItemDataRole.AccessibleTextRole)
    assert words == "S01-00001, Open queries: 2"


def test_typing_in_the_search_narrows_the_list_and_enter_opens(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    window.casebook.add_subject("S01-014")
    window.workspace.go("subjects")
    page = window.workspace.made["subjects"]
    page.model.reload()
    page.focus_search()
    QTest.keyClicks(page.search, "014")
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert page.model.rowCount() == 1
    assert page.count.text() == "1 of 2"
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert window.workspace.made["subject"].band.id.text() == "S01-014"
    window.close()


def test_a_search_that_finds_nobody_says_so(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    window.workspace.go("subjects")
    page = window.workspace.made["subjects"]
    page.model.show_search("nobody")
    assert page.stack.currentWidget() is page.empty
    assert page.empty.title.text() == "Nobody found"
    window.close()


def asked() -> NewSubjectDialog:
    found = [each for each in dialogs() if isinstance(each, NewSubjectDialog)]
    assert len(found) == 1
    return found[0]


def test_adding_a_subject_can_be_thought_better_of(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    window.workspace.go("subjects")
    press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    asked()
    press(Qt.Key.Key_Escape)
    assert dialogs() == []
    assert window.casebook.count_subjects() == 1
    window.close()


def test_who_may_be_the_same_person_is_named_before_a_subject_is_added(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    window.casebook.add_subject("S01-002")
    window.workspace.go("subjects")
    window.workspace.made["subjects"].add_subject()
    dialog = asked()
    assert dialog.note.text() == "Without any entry yet, perhaps one of these was meant: S01-002."
    dialog.birth.setText("1991-03-11")
    assert f"Perhaps the same person: {FIRST} (same date of birth)." in dialog.note.text()
    dialog.birth.setText("1991-03-12")
    assert FIRST not in dialog.note.text()
    dialog.number.setText("Ｓ01-1")
    assert f"Numbers that look like this one: {FIRST}" in dialog.note.text()
    dialog.reject()
    window.close()


def test_initials_and_sex_betray_the_same_person_but_sex_alone_does_not(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    book = window.casebook
    for subject, sex, initials in (("S01-002", "F", "W.X."), ("S01-003", "M", "wx"), ("S01-004", "F", "LY")):
        book.add_subject(subject)
        for item, text in (("SEX", sex), ("SUBJINIT", initials)):
            book.enter(Place(subject, "SCR", "1", "DM", "1", "1", item), text)
    window.workspace.go("subjects")
    window.workspace.made["subjects"].add_subject()
    dialog = asked()
    dialog.sex.setCurrentIndex(dialog.sex.findText("Female"))
    assert not dialog.note.isVisible()
    dialog.initials.setText("ＷX")
    named = "S01-002 (same initials, same sex), S01-003 (same initials)"
    assert dialog.note.text() == f"Perhaps the same person: {named}."
    dialog.birth.setText("1991-03-11")
    assert dialog.note.text() == (f"Perhaps the same person: {FIRST} (same date of birth, same sex), {named}.")
    dialog.reject()
    window.close()


def test_a_study_that_asks_for_no_initials_is_not_asked_for_them():
    study = ankl()
    bare = replace(study, forms=tuple(
        replace(form, groups=tuple(
            replace(group, items=tuple(item for item in group.items if item.id != "SUBJINIT")) for group in form.groups
        )) for form in study.forms
    ))  # fmt: skip
    assert asked_of(study) == {"birth": "BRTHDAT", "sex": "SEX", "initials": "SUBJINIT"}
    assert asked_of(bare) == {"birth": "BRTHDAT", "sex": "SEX"}


def test_a_new_subject_gets_the_next_number_and_opens(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    window.workspace.go("subjects")
    window.workspace.made["subjects"].add_subject()
    dialog = asked()
    assert dialog.number.text() == "S01-002"
    assert window.casebook.count_subjects() == 1
    dialog.go.click()
    assert window.workspace.made["subject"].band.id.text() == "S01-002"
    assert window.casebook.count_subjects() == 2
    window.close()


def test_a_monitor_is_not_offered_to_add_a_subject(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot, role="monitor")
    window.workspace.go("subjects")
    assert not window.workspace.made["subjects"].add.isVisible()
    window.close()


def test_the_subject_added_before_is_still_first(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    window.workspace.go("subjects")
    model = window.workspace.made["subjects"].model
    assert model.data(model.index(0, 0)) == FIRST
    assert model.data(model.index(0, 2)) == "Female"
    window.close()
