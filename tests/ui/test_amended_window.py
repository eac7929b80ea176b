"""The window on a store with two versions of the study: each form shows the questions of the version of its visit."""

from dataclasses import replace

import pytest

from db.incoming.amend import amend
from forms.place import FormKey
from forms.study.definition import ComingIntoForce, Item
from tests.builders.versions import with_new_item, without_item
from tests.ui.windows import FIRST, signed_in


@pytest.fixture
def window(tmp_path, qtbot):
    made = signed_in(tmp_path, qtbot, role="pi")
    book = made.casebook
    study = with_new_item(book.study, "VS", Item("ADDED", {"en": "Added", "zh": "新增"}, "text"))
    study = replace(without_item(study, "SV", "SVREAS"), version="90", amendment=ComingIntoForce())
    amend(book, study, book.clock.today().isoformat(), "amendment 2", accept=True)
    yield made
    made.close()


def test_a_begun_visit_shows_its_own_questions_and_the_next_one_the_new(window):
    window.workspace.open_subject(FIRST)
    for number, there in (("1", False), ("2", True)):
        window.workspace.open_form(FormKey(FIRST, "C_D1", number, "VS"))
        page = window.workspace.made["subject"].form
        assert ("ADDED" in page.sheet.form.items) is there
