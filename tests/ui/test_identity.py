"""The identification log in the window: a button in the band for those who may look, none for others."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from db.accounts import add_account
from db.identity import Identity, read_identity
from db.keys import CHEAP
from tests.ui.windows import FIRST, signed_in

MONITORS = "nine old ducks swim"


@pytest.fixture
def window(tmp_path, qtbot):
    made = signed_in(tmp_path, qtbot, role="pi")
    yield made
    for dialog in dialogs():
        QDialog.reject(dialog)
    made.close()


def dialogs() -> list[QDialog]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]


def line(dialog, name: str) -> QLineEdit:
    words = dialog.settings.say(f"access.field.{name}")
    return next(each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == words)


def test_whoever_may_look_notes_and_sees_who_a_subject_is(window):
    window.workspace.open_subject(FIRST)
    page = window.workspace.made["subject"]
    page.identity.click()
    dialog = dialogs()[0]
    line(dialog, "id_name").setText("张小兰")
    line(dialog, "id_number").setText("H-88123")
    dialog.go.click()
    assert read_identity(window.casebook, FIRST) == Identity("H-88123", "张小兰", "")
    page.identity.click()
    dialog = dialogs()[0]
    assert line(dialog, "id_name").text() == "张小兰"
    line(dialog, "id_bed").setText("12-3")
    dialog.go.click()
    assert dialog.note.isVisible()
    line(dialog, "why").setText("Moved")
    dialog.go.click()
    assert read_identity(window.casebook, FIRST).bed == "12-3"
    assert len(window.casebook.acts("identity_read")) >= 3


def test_a_monitor_sees_no_button(window):
    add_account(window.casebook, "hu", "Hu Jing", "monitor", MONITORS, kdf=CHEAP, temporary=False)
    window.leave()
    window.open_store("hu", MONITORS)
    window.workspace.open_subject(FIRST)
    assert not window.workspace.made["subject"].identity.isVisible()
