"""The one table of shortcuts. Menus, buttons and the F1 page are made from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from ui.settings import Settings


class Line(NamedTuple):
    """One action: its id (text ``ui.action.<id>``), its keys, where it holds, and the right it asks for ("" = none)."""

    id: str
    keys: tuple[str, ...]
    where: str
    right: str = ""


WHERE = ("window", "list", "schedule", "form")

TABLE = (
    Line("help", ("F1",), "window"),
    Line("today", ("Ctrl+1",), "window"),
    Line("subjects", ("Ctrl+2",), "window"),
    Line("queries", ("Ctrl+3",), "window"),
    Line("reports", ("Ctrl+4",), "window"),
    Line("study", ("Ctrl+5",), "window"),
    Line("administration", ("Ctrl+9",), "window"),
    Line("search", ("Ctrl+F",), "window"),
    Line("back", ("Alt+Left", "Esc"), "window"),
    Line("language", ("Ctrl+Shift+L",), "window"),
    Line("appearance", ("Ctrl+Shift+D",), "window"),
    Line("lock", ("Ctrl+L",), "window"),
    Line("sign_out", ("Ctrl+Shift+Q",), "window"),
    Line("next_area", ("F6",), "window"),
    Line("add_subject", ("Ctrl+N",), "list", "subject.add"),
    Line("open", ("Return",), "list"),
    Line("move", ("Up", "Down", "Left", "Right"), "schedule"),
    Line("open_form", ("Return",), "schedule"),
    Line("fold", ("Space",), "schedule"),
    Line("add_visit", ("Ctrl+Shift+N",), "schedule", "enter"),
    Line("next_field", ("Return", "Tab"), "form"),
    Line("previous_field", ("Shift+Return", "Shift+Tab"), "form"),
    Line("unit", ("F3",), "form", "enter"),
    Line("missing", ("F8",), "form", "enter"),
    Line("history", ("F9",), "form"),
    Line("why_grade", ("F7",), "form"),
    Line("ask_query", ("F4",), "form", "query.open"),
    Line("add_row", ("Ctrl+N",), "form", "enter"),
    Line("remove_row", ("Ctrl+Shift+Del",), "form", "enter"),
    Line("next_section", ("Ctrl+Down",), "form"),
    Line("previous_section", ("Ctrl+Up",), "form"),
    Line("next_form", ("Ctrl+PgDown",), "form"),
    Line("previous_form", ("Ctrl+PgUp",), "form"),
    Line("complete", ("Ctrl+Return",), "form", "enter"),
)
BY_ID = {line.id: line for line in TABLE}


def make_action(action_id: str, owner: QWidget, verb: Callable[[], object], settings: Settings) -> QAction:
    """A QAction of the table: active in the whole window, or while ``owner`` or a child of it has the focus."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QAction, QKeySequence

    line = BY_ID[action_id]
    action = QAction(settings.say(f"ui.action.{action_id}"), owner)
    action.setObjectName(action_id)
    action.setShortcuts([QKeySequence(keys) for keys in line.keys])
    everywhere = line.where == "window"
    context = Qt.ShortcutContext.WindowShortcut if everywhere else Qt.ShortcutContext.WidgetWithChildrenShortcut
    action.setShortcutContext(context)
    action.triggered.connect(lambda _checked=False: verb())
    owner.addAction(action)
    return action


def keys_of(action_id: str) -> str:
    """The first keys of an action as the person sees them on this computer."""
    from PySide6.QtGui import QKeySequence

    return QKeySequence(BY_ID[action_id].keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


def hint(text: str, action_id: str) -> str:
    """``text (keys)`` for tool tips."""
    return f"{text} ({keys_of(action_id)})"
