"""For hands and ears: every input has a name, in both languages; F1 tells every key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QWidget,
)

from tests.ui.windows import FIRST, new_window, signed_in
from ui.actions import TABLE
from ui.dialogs.shortcuts import ShortcutsDialog, keys_text
from ui.dialogs.start_study import StartStudyDialog

INPUTS = (QLineEdit, QComboBox, QAbstractButton, QAbstractItemView, QPlainTextEdit, QProgressBar)


def nameless(root: QWidget) -> list[str]:
    found = []
    for kind in INPUTS:
        for widget in root.findChildren(kind):
            inner = isinstance(widget.parent(), QComboBox | QLineEdit) or widget.parent().objectName().startswith("qt_")
            hidden_view = widget.window().windowType() == Qt.WindowType.Popup
            deco = isinstance(widget, QAbstractButton) and not widget.isEnabled() and not widget.text()
            if inner or hidden_view or deco or widget.focusPolicy().value == 0:
                continue
            told = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
            if not told.strip():
                found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_input_on_every_page_has_a_name(tmp_path, qtbot, language):
    window = signed_in(tmp_path, qtbot, language)
    for page in window.workspace.seen:
        window.workspace.go(page)
        assert nameless(window.workspace.made[page]) == [], page
    window.workspace.open_subject(FIRST)
    assert nameless(window.workspace.made["subject"]) == []
    assert nameless(window.workspace.bar) == []
    assert nameless(window.workspace.rail) == []
    window.lock()
    assert nameless(window.covers[0]) == []
    window.close()


def test_every_input_at_the_door_has_a_name(tmp_path, qtbot):
    window = new_window(tmp_path, qtbot)
    window.show_welcome()
    assert nameless(window.welcome) == []
    window.show_sign_in(str(tmp_path / "none.casebook"))
    assert nameless(window.sign_in) == []
    dialog = StartStudyDialog(window.settings, window.make_clock(), window)
    assert nameless(dialog) == []
    window.close()


def test_f1_tells_every_action_of_the_table(tmp_path, qtbot):
    window = new_window(tmp_path, qtbot)
    dialog = ShortcutsDialog(window.settings, window)
    told = {label.text() for label in dialog.findChildren(QLabel)}
    for line in TABLE:
        assert window.settings.say(f"ui.action.{line.id}") in told
        assert keys_text(line) in told
    window.close()
