"""Electronic signatures: a person says with the own passphrase what the signing of some forms means.

The first signing of a sign-in asks name and passphrase, later ones the passphrase. What is signed are the entries that
stand, by address and hash, see `db.ledger.signatures`; whatever changes later breaks the signature by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from db.casebook.casebook import Casebook
from db.casebook.completing import check_can, with_state
from db.casebook.flagging import is_under
from db.clock import iso
from db.folder.tries import check_locked, counted, note_try
from db.ledger.ledger import Act
from db.ledger.signatures import Covered, read_covered, signed_content
from db.people.accounts import check_own_passphrase
from forms.errors import Refusal
from forms.place import FormKey
from forms.record.signatures import MEANINGS, SCOPES
from forms.subject.states import flagged
from forms.subject.subject import Subject
from forms.value import Value

if TYPE_CHECKING:
    from db.casebook.entering import Changes


def sign(casebook: Casebook, forms: Sequence[FormKey], meaning: str, passphrase: str, *, user: str = "") -> Changes:
    """Sign single forms, all or none. ``user`` is due at the first signing since the person signed in.

    Raises Refusal for a form that is not complete, Trouble for a wrong passphrase, which counts as a failed try.
    """
    casebook.check_right("sign")
    _check(casebook, forms, meaning)
    _prove(casebook, user, passphrase)
    return _write(casebook, forms, meaning, "form", None)


def sign_scope(
    casebook: Casebook, over: FormKey, scope: str, meaning: str, passphrase: str, *, user: str = ""
) -> Changes:
    """Sign a visit, or a subject's whole casebook, in one act over the signatures of its forms.

    ``over`` is a key without a form. An interim signature takes the forms that are complete, every other one asks that
    all are.
    """
    casebook.check_right("sign")
    if scope not in SCOPES[1:] or (scope == "visit") != bool(over.event):
        raise Refusal("db.sign_scope")
    with casebook.reading():
        subject = casebook.opened(over.subject).subject
    forms = [key for key in subject.keys() if is_under(key, over)]
    if scope == "interim":
        forms = [key for key in forms if subject.state(key).status == "complete"]
    _check(casebook, forms, meaning)
    _prove(casebook, user, passphrase)
    return _write(casebook, forms, meaning, scope, over)


def _check(casebook: Casebook, forms: Sequence[FormKey], meaning: str) -> None:
    if meaning not in MEANINGS:
        raise Refusal("db.sign_meaning")
    if not forms:
        raise Refusal("db.sign_nothing")
    with casebook.reading():
        for key in forms:
            check_can(casebook.opened(key.subject).subject, key, "signed")


def _prove(casebook: Casebook, user: str, passphrase: str) -> None:
    """The person in front of it is the one who is signed in; nobody signs for another, whatever they know."""
    if not casebook.signings and user.strip() != casebook.user:
        with counted(casebook.path):
            check_locked(casebook.path, casebook.user, casebook.clock)
            note_try(casebook.path, casebook.user, casebook.clock)
        raise Refusal("db.sign_other")
    check_own_passphrase(casebook, passphrase)


def _write(casebook: Casebook, forms: Sequence[FormKey], meaning: str, scope: str, over: FormKey | None) -> Changes:
    subjects: dict[str, Subject] = {}
    with casebook.writing() as ledger:
        acts = [_act(casebook, key, read_covered(casebook.connection, key), meaning, scope) for key in forms]
        addresses = ledger.append(acts)
        if over is not None:
            acts.append(_act(casebook, over, _entries_at(casebook, addresses), meaning, scope))
            ledger.append(acts[-1:])
        for key in forms:
            subject = subjects.get(key.subject) or casebook.opened(key.subject).subject
            subjects[key.subject] = with_state(subject, key, flagged(subject.state(key), "signed", on=True))
        changes = casebook.done(tuple(act.place for act in acts), tuple(subjects.values()))
    casebook.signings += 1
    for subject in subjects.values():
        casebook.keep(replace(casebook.opened(subject.id), subject=subject))
    return changes


def _act(casebook: Casebook, key: FormKey, covered: Covered, meaning: str, scope: str) -> Act:
    ledger, place = casebook.ledger, key.place("", "")
    told = signed_content(
        casebook.signing_key, place, casebook.account.id, covered, name=casebook.account.name, meaning=meaning,
        scope=scope, at=iso(ledger.now), offset=ledger.offset, definition=casebook.definition,
    )  # fmt: skip
    return Act("signed", place, Value(value=told))


def _entries_at(casebook: Casebook, addresses: Sequence[str]) -> Covered:
    found = []
    for address in addresses:
        strand, _, seq = address.partition(":")
        row = casebook.connection.execute(
            "SELECT hash FROM entry WHERE strand = ? AND seq = ?", (strand, int(seq))
        ).fetchone()
        found.append((address, row[0].hex()))
    return found
