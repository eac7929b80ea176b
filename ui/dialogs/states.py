"""Verifying, freezing, locking and unlocking: what may be done to a form, its visit or its subject, as a menu."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtWidgets import QMenu, QWidget

from db.casebook.casebook import Casebook
from db.casebook.entering import Changes
from db.casebook.flagging import ACTS, WIDE, set_flag, whole_subject, whole_visit
from db.ledger.roles import RIGHTS_FOR
from forms.errors import Told
from forms.place import FormKey
from forms.subject.states import ACTS_ON_FLAGS, NONE, hindrance
from forms.texts import say
from ui.dialogs.reason import OneLineDialog
from ui.parts.places import visit_words
from ui.parts.plain import menu_words
from ui.settings import Settings

VERIFYING = frozenset({"verified", "unverified"})


def acts_on(casebook: Casebook, key: FormKey) -> Iterator[tuple[str, FormKey, str]]:
    """What this person may do here now: act, what it is done to, and the word for that (form, visit, subject)."""
    whole = {"visit": whole_visit(key), "subject": whole_subject(key.subject)}
    levels = {"form": key, **whole} if key.form else {"visit": key, **whole} if key.event else {"subject": key}
    scopes = casebook.scope_flags(key.subject)
    for level, at in levels.items():
        for act in ACTS:
            if not casebook.may(RIGHTS_FOR[act][0]) or (level != "form" and act not in WIDE):
                continue
            if level == "form":
                if not hindrance(casebook.state(key), act):
                    yield act, at, level
                continue
            flag, on = ACTS_ON_FLAGS[act]
            if bool(getattr(scopes.get(at, NONE), flag)) != on:
                yield act, at, level


def menu_name(casebook: Casebook, key: FormKey, language: str) -> str:
    """What the menu is called by what it offers: to whoever only verifies, nothing is said of locks. "" when empty."""
    offered = {act for act, _, _ in acts_on(casebook, key)}
    if not offered:
        return ""
    return say(language, "ui_form.states" if offered - VERIFYING else "ui_form.states.verify")


def make_states_menu(
    casebook: Casebook, key: FormKey, settings: Settings, parent: QWidget, done: Callable[[Changes], object],
    refused: Callable[[Told], object],
) -> QMenu:  # fmt: skip
    """A menu of what may be done; each but verifying asks for a reason."""
    language = settings.language
    menu = QMenu(parent)
    menu.setAccessibleName(menu_name(casebook, key, language))
    number = 0
    before = ""
    for act, at, level in acts_on(casebook, key):
        if before and level != before:
            menu.addSeparator()
        before, number = level, number + 1
        what = settings.say(
            f"ui_form.level.{level}", visit=visit_words(casebook.study, key, language), subject=key.subject
        )
        words = settings.say(f"ui_form.do.{act}", what=what)
        mnemonic = f"&{number}  " if number < 10 else ""
        action = menu.addAction(mnemonic + menu_words(words))
        action.setObjectName(f"{act} {level}")
        action.triggered.connect(
            lambda _=False, a=act, k=at, w=words: _do(casebook, a, k, w, settings, parent, done, refused)
        )
    return menu


def _do(
    casebook: Casebook, act: str, key: FormKey, words: str, settings: Settings, parent: QWidget,
    done: Callable[[Changes], object], refused: Callable[[Told], object],
) -> None:  # fmt: skip
    why = ""
    if act != "verified":
        dialog = OneLineDialog("state", words, settings.language, parent)
        if not dialog.exec():
            return
        why = dialog.why
    try:
        changes = set_flag(casebook, act, key, why)
    except Told as error:
        refused(error)
        return
    done(changes)
