"""What a screen reader is told: on every page and dialog each thing that can be used has a name, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tests.ui.laptop import OFTEN, Site, dialogs, door, forms, pages
from tests.ui.windows import new_window

ROLE, TEXT = QAccessible.Role, QAccessible.Text
USED = (
    ROLE.Button, ROLE.PushButton, ROLE.CheckBox, ROLE.RadioButton, ROLE.ComboBox, ROLE.EditableText, ROLE.Link,
    ROLE.SpinBox, ROLE.Slider, ROLE.List, ROLE.Table, ROLE.Tree, ROLE.PageTab, ROLE.MenuItem, ROLE.ButtonMenu,
    ROLE.ButtonDropDown, ROLE.ProgressBar, ROLE.Dialog,
)  # fmt: skip
"""What is pressed, typed into, chosen from or looked through, and what opens over a page."""

MOST = 4_000
"""Things of one page that are looked at: tables of all subjects have no end."""


def things(root: QWidget) -> Iterator[QAccessibleInterface]:
    """Everything a screen reader finds that is to be seen, from a widget down."""
    waiting, met = [QAccessible.queryAccessibleInterface(root)], 0
    while waiting and met < MOST:
        thing = waiting.pop()
        if thing is None or not thing.isValid() or thing.state().invisible:
            continue
        met += 1
        yield thing
        if thing.role() not in (ROLE.Table, ROLE.Tree, ROLE.List, ROLE.ComboBox):
            waiting += [thing.child(at) for at in range(thing.childCount())]


def nameless(root: QWidget) -> list[str]:
    """Things to use that say nothing of themselves."""
    found = []
    for thing in things(root):
        if thing.role() in USED and not (thing.text(TEXT.Name) or "").strip():
            made = thing.object()
            where = made.parent() if made is not None else None
            found.append(f"{thing.role().name} {type(made).__name__} in {type(where).__name__}")
    return found


def test_a_field_and_a_button_without_words_are_found(qtbot):
    board = QWidget()
    qtbot.addWidget(board)
    column = QVBoxLayout(board)
    field, button = QLineEdit(), QPushButton()
    column.addWidget(field)
    column.addWidget(button)
    board.show()
    assert len(nameless(board)) == 2
    field.setAccessibleName("Weight")
    button.setText("Save")
    assert nameless(board) == []


@pytest.fixture(params=["en", "zh"])
def site(request, tmp_path, qtbot) -> Iterator[Site]:
    made = Site(tmp_path, new_window(tmp_path, qtbot, request.param))
    yield made
    made.close()


def test_everything_that_can_be_used_on_the_pages_has_a_name(site):
    found = []
    for name, go in door(site):
        go()
        site.settle()
        found += [f"{name}: {fault}" for fault in nameless(site.window)]
    site.enter()
    for walk in (pages(site.window), forms(site.window, OFTEN)):
        for name, go in walk:
            go()
            site.settle()
            found += [f"{name}: {fault}" for fault in nameless(site.window)]
    assert sorted(set(found)) == []


def test_everything_that_can_be_used_in_the_dialogs_has_a_name(site):
    for _, go in door(site):
        go()
    site.enter()
    for _, go in pages(site.window):
        go()
    found = []
    for name, make in dialogs(site):
        dialog = make()
        dialog.show()
        site.settle()
        found += [f"{name}: {fault}" for fault in nameless(dialog)]
        QDialog.reject(dialog)
        site.settle()
    assert sorted(set(found)) == []
