"""Forms verified, frozen, locked and opened again: one form, a row of a log, a whole visit or a whole subject.

A whole visit or subject is named by a key without a form. Its act stands at the forms that are there, and once at the
visit or subject itself, so that nothing new is begun in it; a single form of it can be unlocked by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from db.casebook.completing import check_can, with_state
from db.casebook.entering import check_form
from db.casebook.reading import Opened, OpenStore
from db.ledger.ledger import Act
from db.ledger.roles import RIGHTS_FOR
from forms.errors import Refusal
from forms.place import FormKey
from forms.subject.states import ACTS_ON_FLAGS, NONE, Flags, flagged, hindrance

if TYPE_CHECKING:
    from db.casebook.entering import Changes

ACTS = tuple(act for act in ACTS_ON_FLAGS if act != "signed")
"""Acts of this room; signing asks for the passphrase and is `db.people.signing`."""

WIDE = frozenset(("frozen", "unfrozen", "locked", "unlocked"))
"""Acts that also hold for what is begun later, when they are done to a visit or a subject."""


def whole_subject(subject: str) -> FormKey:
    """The key that stands for everything of a subject."""
    return FormKey(subject, "", "", "", "")


def whole_visit(key: FormKey) -> FormKey:
    """The key that stands for everything of the visit that a form belongs to."""
    return FormKey(key.subject, key.event, key.event_no, "", "")


def is_under(key: FormKey, scope: FormKey) -> bool:
    """Whether a form is that form, or belongs to that visit or subject."""
    if scope.form:
        return key == scope
    return key.subject == scope.subject and (
        not scope.event or (key.event, key.event_no) == (scope.event, scope.event_no)
    )


def set_flag(casebook: OpenStore, act: str, key: FormKey, why: str = "", row: str = "") -> Changes:
    """Set or take a flag of a form, of a ``row`` of its log, of a visit or of a subject; a reason is due.

    To verify needs none. Raises Refusal without the right, without a reason, and where the state does not allow it.
    """
    casebook.check_right(RIGHTS_FOR[act][0])
    if act != "verified" and not why.strip():
        raise Refusal("db.why_missing")
    with casebook.writing() as ledger:
        opened = casebook.opened(key.subject)
        forms = list(_forms(casebook, opened, act, key, row))
        wide = not key.form and act in WIDE and not _holds(opened.scopes.get(key, NONE), act)
        if not forms and not wide:
            raise Refusal("db.state.nothing")
        places = [each.place("", row) for each in ([key] if wide else []) + forms]
        ledger.append([Act(act, place, why=why.strip()) for place in places])
        changes = casebook.done(tuple(places))
    after = _after(opened, act, key if wide else None, forms, row)
    casebook.keep(after)
    return replace(changes, subjects=(after.subject,))


def _holds(flags: Flags, act: str) -> bool:
    flag, on = ACTS_ON_FLAGS[act]
    return bool(getattr(flags, flag)) == on


def _forms(casebook: OpenStore, opened: Opened, act: str, key: FormKey, row: str) -> Iterator[FormKey]:
    if key.form:
        check_form(casebook.study, key)
        check_can(opened.subject, key, act, row)
        yield key
        return
    for each in opened.subject.keys():
        if is_under(each, key) and not hindrance(opened.subject.state(each), act):
            yield each


def _after(opened: Opened, act: str, scope: FormKey | None, forms: list[FormKey], row: str) -> Opened:
    flag, on = ACTS_ON_FLAGS[act]
    subject = opened.subject
    for each in forms:
        subject = with_state(subject, each, flagged(subject.state(each), flag, on=on, row=row))
    scopes = opened.scopes
    if scope is not None:
        scopes = {**scopes, scope: replace(scopes.get(scope, NONE), **{flag: on})}
    return replace(opened, subject=subject, scopes=scopes)
