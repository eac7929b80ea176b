"""Stores for the tests: the small study with a site's roles, a cheap key derivation, a clock moved by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from db.casebook.casebook import Casebook
from db.clock import Clock, Stepping, clock_of
from db.folder.keys import CHEAP
from db.opening.vault import create_store, open_store
from forms.place import FormKey, Place
from forms.study.definition import Fact, Role, Study
from tests.forms.small_study import small_study, words

RIGHTS = {
    "nurse": "read subject.add enter correct complete reopen query.answer import export report backup",
    "investigator": "read subject.add enter correct complete reopen override query.open query.answer",
    "monitor": "read query.open query.close report",
    "admin": "accounts backup restore",
}
PASSPHRASE = "correct horse"
START = datetime(2025, 3, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))


@cache
def site_study() -> Study:
    """The small study as a site works with it."""
    facts = (
        Fact("status", words("Status"), "text", "if $doses > 0 then 'on' else 'new'"),
        Fact("age", words("Age"), "integer", "age_years(SCR.DM.BRTHDAT, SCR.SV.SVDAT)"),
    )  # fmt: skip
    return replace(
        small_study(),
        roles=tuple(Role(role, words(role), tuple(rights.split())) for role, rights in RIGHTS.items()),
        facts=(*small_study().facts, *facts),
    )


def hands(start: datetime = START, step: timedelta = timedelta(seconds=1)) -> Stepping:
    """A clock's hands."""
    return Stepping(start, step)


def new_store(folder: Path, clock: Clock | None = None, role: str = "nurse", study: Study | None = None) -> Casebook:
    """A new store, signed in as ``ann``."""
    return create_store(
        folder / "trial", study or site_study(), site="AN", user="ann", name="Ann Wu", role=role, passphrase=PASSPHRASE,
        clock=clock or clock_of(hands()), kdf=CHEAP,
    )  # fmt: skip


def reopened(folder: Path, clock: Clock | None = None, user: str = "ann", passphrase: str = PASSPHRASE) -> Casebook:
    """The store of `new_store` opened again, a day later unless a clock is given."""
    later = clock or clock_of(hands(START + timedelta(days=2)))
    return open_store(folder / "trial", user=user, passphrase=passphrase, clock=later)


def with_identify(folder: Path, *, site: str = "AN", passphrase: str = PASSPHRASE) -> Casebook:
    """A new store whose nurses and investigators may look into the identification log."""
    rights = {
        role: told + (" identify query.open" if role in ("nurse", "investigator") else "")
        for role, told in RIGHTS.items()
    }
    roles = tuple(Role(role, words(role), tuple(told.split())) for role, told in rights.items())
    return create_store(
        folder / "trial", replace(site_study(), roles=roles), site=site, user="ann", name="Ann Wu", role="nurse",
        passphrase=passphrase, clock=clock_of(hands()), kdf=CHEAP,
    )  # fmt: skip


def later_reader(folder: Path, passphrase: str = PASSPHRASE) -> Casebook:
    """The store of `new_store` opened for looking only, a day later."""
    later = clock_of(hands(START + timedelta(days=1)))
    return open_store(folder / "trial", user="ann", passphrase=passphrase, clock=later, read_only=True)


def at(
    subject: str, event: str, form: str, item: str, event_no: str = "1", row: str = "1", form_no: str = "1"
) -> Place:
    """A place, told shortly."""
    return Place(subject, event, event_no, form, form_no, row, item)


def key(subject: str, event: str, form: str, event_no: str = "1") -> FormKey:
    """A form, told shortly."""
    return FormKey(subject, event, event_no, form)


def fill_screening(book: Casebook, subject: str = "AN-001", *, add: bool = True) -> None:
    """A subject with a screening: an adult woman with blood counts."""
    if add:
        book.add_subject(subject)
    for form, item, text in SCREENING:
        book.enter(at(subject, "SCR", form, item), text)


SCREENING = (
    ("SV", "SVDAT", "2025-02-01"),
    ("DM", "BRTHDAT", "1990-05-06"),
    ("DM", "SEX", "F"),
    ("DM", "PREG", "N"),
    ("VS", "HEIGHT", "165"),
    ("VS", "WEIGHT", "60.5"),
    ("LB", "LBDAT", "2025-02-01"),
    ("LB", "LBNAM", "HOSP"),
    ("LB", "PLT", "80"),
    ("LB", "HGB", "95"),
    ("LB", "ALT", "130"),
)

__all__ = [
    "PASSPHRASE",
    "SCREENING",
    "START",
    "UTC",
    "at",
    "fill_screening",
    "hands",
    "key",
    "new_store",
    "reopened",
    "site_study",
]
