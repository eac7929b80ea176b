"""Without a mouse: on every page, for every role, each button is come to by Tab or has keys that F1 tells."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from db.folder.keys import CHEAP
from db.people.accounts import add_account
from forms.place import FormKey
from tests.ui.laptop import SLIP
from tests.ui.windows import FIRST, PHRASE, ankl, new_site, new_window, wait_for_jobs
from ui.actions import TABLE, hint
from ui.parts.pieces import button
from ui.parts.switches import HINTED, Switches

ROLES = tuple(role.id for role in ankl().roles)
USED = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit)
MOST = 400
"""Presses of Tab after which a page is given up."""
STOPS = 3
"""Presses that find the focus where it was, after which Tab is held to lead no further."""


def usable(root: QWidget) -> list[QWidget]:
    """What can be pressed, typed into or chosen from now."""
    every = [each for kind in USED for each in root.findChildren(kind)]
    return [each for each in every if each.isVisible() and each.isEnabled() and not inner(each)]


def inner(widget: QWidget) -> bool:
    """A part of another control (the cross of a field, the corner of a table, a header), or a mere picture."""
    if widget.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents):
        return True
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QLineEdit | QComboBox | QAbstractItemView):
            return True
        around = around.parentWidget()
    return False


def walked(root: QWidget) -> set[QWidget]:
    """What gets the focus when Tab is pressed again and again from the first control."""
    met: set[QWidget] = set()
    still = 0
    for _ in range(MOST):
        focus = QApplication.focusWidget()
        if focus is None:
            break
        around: QWidget | None = focus
        new = focus not in met
        while around is not None and around is not root:
            met.add(around)
            if around.focusProxy() is not None:
                met.add(around.focusProxy())
            around = around.parentWidget()
        still = 0 if new else still + 1
        if still > STOPS:
            break
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        QApplication.processEvents()
    return met


def told_keys(control: QWidget) -> bool:
    """Whether its tip names keys of the table that F1 shows."""
    keys = [QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for line in TABLE for key in line.keys]
    return any(f"({key})" in control.toolTip() for key in keys)


def unreached(root: QWidget) -> list[str]:
    """Controls that the keyboard doesn't get to; what only shows (a derived value) is no act."""
    met = walked(root)
    groups = {each.parentWidget() for each in met if isinstance(each, QRadioButton)}
    found = []
    for control in usable(root):
        by_arrows = isinstance(control, QRadioButton) and control.parentWidget() in groups
        shows = isinstance(control, QLineEdit | QPlainTextEdit) and control.isReadOnly()
        if not (control in met or by_arrows or shows or told_keys(control)):
            found.append(f"{type(control).__name__} {control.accessibleName() or words_of(control)!r}")
    return found


def words_of(control: QWidget) -> str:
    return control.text() if isinstance(control, QAbstractButton) else ""


def test_a_button_that_tab_passes_by_is_found_unless_its_tip_tells_keys(qtbot):
    board = QWidget()
    qtbot.addWidget(board)
    column = QVBoxLayout(board)
    first, passed = button(lambda: None), button(lambda: None)
    first.setText("Save")
    passed.setText("Leave")
    passed.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    column.addWidget(first)
    column.addWidget(passed)
    with qtbot.waitActive(board):
        board.show()
        board.activateWindow()
    first.setFocus()
    assert unreached(board) == ["QPushButton 'Leave'"]
    passed.setToolTip(hint("Leave", "lock"))
    assert unreached(board) == []


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A site with a subject, grades, a query and an account for each role."""
    book = new_site(tmp_path_factory.mktemp("site"), "pi", "maker")
    slip = FormKey(FIRST, "C_D8", "1", "HEM")
    for item, text in SLIP:
        book.enter(slip.place(item), text)
    book.open_query(slip.place("PLT"), "As on the slip?")
    for role in sorted(ROLES, key=lambda each: each == "admin"):
        add_account(book, role, role.title(), role, PHRASE, kdf=CHEAP, temporary=False)
    book.close()
    return book.path


def settle(qtbot, window) -> None:
    if window.jobs is not None:
        wait_for_jobs(window, qtbot)
    QTest.qWait(HINTED + 20)


@pytest.mark.parametrize("role", ROLES)
def test_everything_that_can_be_pressed_is_come_to_without_a_mouse(store, tmp_path, qtbot, role):
    window = new_window(tmp_path, qtbot)
    found, seen = [], []

    def look(name: str) -> None:
        settle(qtbot, window)
        seen.append(name)
        found.extend(f"{name}: {fault}" for fault in unreached(window))

    window.show_welcome()
    look("welcome")
    window.show_sign_in(str(store), role)
    look("sign in")
    window.open_store(role, PHRASE)
    wait_for_jobs(window, qtbot)
    space = window.workspace
    for page in space.seen:
        space.go(page)
        look(page)
        tabs = getattr(space.made[page], "tabs", None)
        for at in range(1, tabs.count() if tabs is not None else 0):
            tabs.setCurrentIndex(at)
            look(f"{page}, tab {at}")
    if "subjects" in space.seen:
        space.open_subject(FIRST)
        look("schedule")
        for event, form in (("C_D8", "HEM"), ("LOG", "AE"), ("SCR", "DX")):
            space.open_form(FormKey(FIRST, event, "1", form))
            look(f"form {form}")
    window.close()
    assert found == []
    assert len(seen) > len(space.seen)


def test_the_tabs_of_a_page_are_turned_by_the_arrows(store, tmp_path, qtbot):
    window = new_window(tmp_path, qtbot)
    window.show_sign_in(str(store), "pi")
    window.open_store("pi", PHRASE)
    wait_for_jobs(window, qtbot)
    window.workspace.go("study")
    settle(qtbot, window)
    tabs = window.workspace.made["study"].tabs
    assert tabs.tabBar() in walked(window)
    tabs.tabBar().setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(tabs.tabBar(), Qt.Key.Key_Right)
    assert tabs.currentIndex() == 1
    window.close()


def test_the_other_language_is_an_arrow_away(tmp_path, qtbot):
    window = new_window(tmp_path, qtbot)
    window.show_welcome()
    chosen = next(each for each in window.findChildren(Switches) if each.isVisible()).languages["en"]
    chosen.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(chosen, Qt.Key.Key_Right)
    assert window.settings.language == "zh"
    window.close()
