"""Which section of the guides tells about which page or dialog: one line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Section(NamedTuple):
    """A place in a guide: the guide and the anchor of a heading, the same in every language."""

    guide: str
    anchor: str


START = Section("users", "first_steps")
"""Where the guide opens when nothing more fitting is in front."""

SECTIONS: Mapping[str, Section] = {
    "ui.pages.door.welcome": Section("users", "starting"),
    "ui.pages.door.sign_in": Section("users", "sign-in"),
    "ui.pages.door.crash": Section("users", "program-fails"),
    "ui.pages.door": Section("users", "starting"),
    "ui.pages.today": Section("users", "today"),
    "ui.pages.subjects": Section("users", "subjects"),
    "ui.pages.subject": Section("users", "schedule"),
    "ui.pages.schedule": Section("users", "schedule"),
    "ui.pages.form": Section("users", "entering"),
    "ui.pages.queries": Section("users", "queries"),
    "ui.pages.reports": Section("users", "reports"),
    "ui.pages.study": Section("users", "study-page"),
    "ui.pages.administration": Section("users", "people"),
    "ui.pages.administration.people": Section("users", "people"),
    "ui.pages.administration.keys": Section("users", "keys-page"),
    "ui.pages.administration.backups": Section("users", "backups"),
    "ui.pages.administration.lock": Section("users", "database-lock"),
    "ui.pages.administration.amend": Section("users", "amend-page"),
    "ui.pages.form.standing": Section("users", "signing"),
    "ui.dialogs.sign": Section("users", "signing"),
    "ui.dialogs.guide": Section("users", "this-guide"),
    "ui.dialogs.history": Section("users", "history"),
    "ui.dialogs.identity_log": Section("users", "identification-log"),
    "ui.dialogs.new_subject": Section("users", "add-subject"),
    "ui.dialogs.reason": Section("users", "reason"),
    "ui.dialogs.recovery_sheet": Section("users", "recovery-code"),
    "ui.dialogs.rehearsal": Section("operators", "recovery-drill"),
    "ui.dialogs.setting": Section("users", "study-settings"),
    "ui.dialogs.notes": Section("operators", "from-a-stick"),
    "ui.dialogs.shortcuts": Section("users", "keys"),
    "ui.dialogs.start_study": Section("users", "start-study"),
    "ui.dialogs.which_date": Section("users", "dates"),
    "ui.dialogs.work": Section("users", "safe"),
    "ui.dialogs.working": Section("users", "grades"),
    "ask.add": Section("users", "people"),
    "ask.code": Section("users", "second-factor"),
    "ask.factor": Section("users", "second-factor"),
    "ask.factor_off": Section("users", "second-factor"),
    "ask.from_copy": Section("users", "damaged"),
    "ask.identity": Section("users", "identity"),
    "ask.passphrase": Section("users", "passphrase"),
    "ask.pin": Section("users", "lock"),
    "ask.query": Section("users", "ask-query"),
    "ask.recovery": Section("users", "recovery-code"),
    "ask.rekey": Section("users", "keys-page"),
    "ask.remove": Section("users", "people"),
    "ask.reset": Section("users", "passphrase"),
    "ask.role": Section("users", "people"),
    "ask.sheet_new": Section("users", "recovery-code"),
    "ask.take_back": Section("users", "backups"),
    "ask.take_over": Section("users", "first-sign-in"),
    "ask.take_role": Section("users", "first-sign-in"),
    "ask.unlock": Section("users", "people"),
}
"""Module of a page or dialog, or ``ask.`` and the key of a small dialog, to its section. A package's line holds for
every module in it that has none of its own."""


def section_of(names: Iterable[str]) -> Section:
    """The section of the first name that has one, asked from the innermost widget outwards; the first steps if none."""
    for name in names:
        found = section_named(name)
        if found:
            return found
    return START


def section_named(name: str) -> Section | None:
    """The section of a module, else of the package around it; None when neither has a line."""
    while name:
        if name in SECTIONS:
            return SECTIONS[name]
        name = name.rpartition(".")[0]
    return None
