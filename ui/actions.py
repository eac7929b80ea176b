"""The one table of shortcuts. Menus, buttons and the F1 page are made from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from ui.settings import Settings


class ActionLine(NamedTuple):
    """One action: its id (text ``ui.action.<id>``), its keys, where it holds, and the right it asks for ("" = none)."""

    id: str
    keys: tuple[str, ...]
    where: str
    right: str = ""


WHERE = ("window", "list", "schedule", "form")

TABLE = (
    ActionLine("help", ("F1",), "window"),
    ActionLine("shortcuts", ("Shift+F1",), "window"),
    ActionLine("today", ("Ctrl+1",), "window"),
    ActionLine("subjects", ("Ctrl+2",), "window"),
    ActionLine("queries", ("Ctrl+3",), "window"),
    ActionLine("reports", ("Ctrl+4",), "window"),
    ActionLine("study", ("Ctrl+5",), "window"),
    ActionLine("administration", ("Ctrl+9",), "window"),
    ActionLine("search", ("Ctrl+F",), "window"),
    ActionLine("back", ("Alt+Left", "Esc"), "window"),
    ActionLine("language", ("Ctrl+Shift+L",), "window"),
    ActionLine("appearance", ("Ctrl+Shift+D",), "window"),
    ActionLine("lock", ("Ctrl+L",), "window"),
    ActionLine("sign_out", ("Ctrl+Shift+Q",), "window"),
    ActionLine("next_area", ("F6",), "window"),
    ActionLine("add_subject", ("Ctrl+N",), "list", "subject.add"),
    ActionLine("open", ("Return",), "list"),
    ActionLine("move", ("Up", "Down", "Left", "Right"), "schedule"),
    ActionLine("open_form", ("Return",), "schedule"),
    ActionLine("fold", ("Space",), "schedule"),
    ActionLine("add_visit", ("Ctrl+Shift+N",), "schedule", "enter"),
    ActionLine("sign_many", ("Ctrl+Shift+G",), "window", "sign"),
    ActionLine("next_field", ("Return", "Tab"), "form"),
    ActionLine("previous_field", ("Shift+Return", "Shift+Tab"), "form"),
    ActionLine("unit", ("F3",), "form", "enter"),
    ActionLine("missing", ("F8",), "form", "enter"),
    ActionLine("history", ("F9",), "form"),
    ActionLine("why_grade", ("F7",), "form"),
    ActionLine("ask_query", ("F4",), "form", "query.open"),
    ActionLine("add_row", ("Ctrl+N",), "form", "enter"),
    ActionLine("remove_row", ("Ctrl+Shift+Del",), "form", "enter"),
    ActionLine("next_section", ("Ctrl+Down",), "form"),
    ActionLine("previous_section", ("Ctrl+Up",), "form"),
    ActionLine("next_form", ("Ctrl+PgDown",), "form"),
    ActionLine("previous_form", ("Ctrl+PgUp",), "form"),
    ActionLine("complete", ("Ctrl+Return",), "form", "enter"),
    ActionLine("sign", ("Ctrl+Shift+S",), "form", "sign"),
    ActionLine("states", ("Ctrl+Shift+K",), "form"),
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
