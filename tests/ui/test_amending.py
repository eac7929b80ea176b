"""A new version of the study in the window: chosen, told in words, tried dry, put in force."""

import csv
import shutil

import pytest

from forms.place import FormKey
from resources import folder
from tests.ui.windows import FIRST, signed_in, standing, wait_for_jobs

ENROLMENT = "forms/10_enrolment.yaml"
LABEL = ("Time of consent", "Hour of consent")


@pytest.fixture
def window(tmp_path, qtbot):
    yield from standing(tmp_path, qtbot, role="pi")


@pytest.fixture
def version(tmp_path):
    """Makes a folder with the shipped study under another number, with words of the enrolment forms replaced."""

    def make(number="9.0", *changes, follow=False):
        target = tmp_path / f"v{number}"
        shutil.copytree(folder("studies", "ankl"), target)
        main_file, part = target / "study.yaml", target / ENROLMENT
        text = main_file.read_text("utf-8")
        old = next(line for line in text.splitlines() if line.startswith("version:"))
        main_file.write_text(
            text.replace(old, f'version: "{number}"') + "\namendment: {begun: follow}\n" * follow, "utf-8"
        )
        text = part.read_text("utf-8")
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        part.write_text(text, "utf-8")
        return str(target)

    return make


def part_of(window):
    window.workspace.go("administration")
    page = window.workspace.made["administration"]
    page.tabs.setCurrentWidget(page.amend)
    return page.amend


def tried(window, qtbot, folder_name):
    part = part_of(window)
    part.look_at(folder_name)
    part.dry.click()
    wait_for_jobs(window, qtbot)
    return part


def test_the_difference_is_shown_in_words_before_anything_else_can_be_done(window, version):
    part = part_of(window)
    assert not part.dry.isVisible()
    part.look_at(version("9.0", LABEL))
    assert "Time of consent → Hour of consent" in part.changes.toPlainText()
    assert part.dry.isVisible()
    assert not part.go.isVisible()


def test_an_older_version_is_refused_by_name_and_nothing_is_offered(window, version):
    part = part_of(window)
    part.look_at(version("0.1"))
    assert "0.1" in part.note.text()
    assert part.note.isVisible()
    assert not part.dry.isVisible()


def test_a_folder_without_a_definition_is_refused_in_a_sentence(window, tmp_path):
    part = part_of(window)
    part.look_at(str(tmp_path))
    assert str(tmp_path) in part.note.text()
    assert not part.dry.isVisible()


def test_a_version_that_loses_a_value_lists_the_place_and_cannot_be_put_in_force(window, qtbot, version, tmp_path):
    part = tried(window, qtbot, version("9.0", ("BRTHDAT", "BORN"), follow=True))
    assert part.model.rowCount() >= 1
    row = [part.model.data(part.model.index(0, column)) for column in range(5)]
    assert FIRST in row
    assert not part.go.isVisible()
    assert "can't be put in force" in part.counts.text()
    part.list_to(str(tmp_path / "list.csv"))
    with (tmp_path / "list.csv").open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    assert (first["subject"], first["item"], first["weight"]) == (FIRST, "BRTHDAT", "refused")
    opened = []
    part.open_place.connect(opened.append)
    part.table.opened.emit(part.model.index(0, 0))
    assert [(place.form, place.item) for place in opened] == [("DM", "BRTHDAT")]


@pytest.mark.parametrize(("day", "why"), [("", "amendment 1"), ("soon", "amendment 1"), ("2024-10-01", " ")])
def test_without_the_ethics_date_or_a_reason_nothing_is_put_in_force(window, qtbot, version, day, why):
    part = tried(window, qtbot, version("9.0", LABEL))
    before = window.casebook.position()
    part.day.setText(day)
    part.why.setText(why)
    part.go.click()
    assert part.note.isVisible()
    assert window.casebook.position() == before
    assert window.casebook.study.version != "9.0"
    assert part.go.isVisible()


def test_what_was_written_since_the_dry_run_asks_for_another(window, qtbot, version):
    part = tried(window, qtbot, version("9.0", LABEL))
    window.casebook.add_subject("")
    part.day.setText("2024-10-01")
    part.why.setText("amendment 1")
    part.go.click()
    assert "Try it on the data again" in part.note.text()
    assert window.casebook.study.version != "9.0"


def test_a_version_put_in_force_is_worked_by_at_once_and_the_next_is_tried_against_it(window, qtbot, version):
    part = tried(window, qtbot, version("9.0", LABEL))
    part.day.setText("2024-10-01")
    part.why.setText("amendment 1")
    part.go.click()
    assert window.casebook.study.version == "9.0"
    assert "9.0" in part.note.text()
    assert "9.0" in part.text.text()
    assert not part.go.isVisible()
    window.workspace.open_subject(FIRST)
    window.workspace.open_form(FormKey(FIRST, "SCR", "1", "IC"))
    part = tried(window, qtbot, version("9.1", LABEL, ("Hour of consent", "Minute of consent")))
    assert part.plan is not None
    assert "Hour of consent → Minute of consent" in part.changes.toPlainText()


def test_a_dry_run_that_is_given_up_leaves_the_version_chosen(window, qtbot, version):
    part = part_of(window)
    part.look_at(version("9.0", LABEL))
    part.dry.click()
    assert part.stop.isVisible()
    part.stop.click()
    wait_for_jobs(window, qtbot)
    assert part.plan is None
    assert part.dry.isEnabled()
    assert not part.stop.isVisible()


def test_who_may_not_read_subjects_data_is_not_shown_what_a_version_would_do_to_them(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot, role="admin")
    assert not window.casebook.may("read")
    window.workspace.go("administration")
    page = window.workspace.made["administration"]
    assert page.tabs.indexOf(page.amend) == -1
    window.close()


def test_whoever_lacks_the_right_to_the_definition_is_not_shown_the_tab(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot, role="datamanager")
    assert not window.casebook.may("study")
    window.workspace.go("administration")
    page = window.workspace.made["administration"]
    assert page.tabs.indexOf(page.amend) == -1
    window.close()
