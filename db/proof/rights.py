"""Whether the author of an entry had the right to it then: the table of rights, and what it can't say of an act."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from db import sqlite
from db.clock import local_date
from db.ledger.ledger import SYSTEM
from db.ledger.roles import ACCOUNT_ACTS, EDIT_RIGHTS, RIGHTS_FOR, SYSTEM_ACTS, Account, check_right, rights_of, told
from db.proof.timeline import InForce
from forms.errors import Refusal
from forms.study.definition import Study

Row = Sequence[Any]
"""An entry as `db.ledger.ledger.COLUMNS` gives it."""

MAKING = frozenset({"store_created", "definition", "range", "account_added", "keys_changed"})
"""What stands before the first sign-in of a store, all by the person who makes it."""

TAKING_OVER = frozenset({
    "signed_in", "signed_out", "tip_signed", "passphrase_changed", "account_changed", "training", "keys_changed",
    "second_factor", "identity_sealed",
})  # fmt: skip
"""What an account may do that is not taken over yet; whoever comes in by the sheet saves the log for the next one."""

RECOVERING = frozenset({"signed_in", "recovery_used", "account_changed", "keys_changed"})
"""What the key of the recovery sheet may seal, for whichever account is given back."""


@dataclass(slots=True)
class Scene:
    """What a rule looks at besides the entry itself."""

    connection: sqlite.Connection
    moment: InForce
    before: InForce
    """The moment before this one: what the program computes may follow from an act that took a right away."""
    author: str
    by_sheet: bool
    """Sealed by the key of the recovery sheet."""
    last: tuple[str, str, int]
    """Act, item and instant of the last entry that rules look at."""
    was_set: bool
    """The store's clock was set by hand: a demonstration or a test, where people are let in without an invitation."""

    @property
    def account(self) -> Account | None:
        """The author's account as it was then."""
        return self.moment.accounts.get(self.author)


def misfit_of_system(row: Row, scene: Scene) -> str:
    """What is wrong with an entry of the program: the key of a text, or ""."""
    rights = SYSTEM_ACTS.get(row[6])
    if rights is None or row[5] != SYSTEM:
        return "db.verify.right"
    if "" in rights:
        return ""
    had = {right for moment in (scene.moment, scene.before) for right in _rights(moment, scene.author)}
    return "" if had.intersection(rights) else "db.verify.right"


def misfit_of_person(row: Row, scene: Scene) -> str:
    """What is wrong with an entry of a person who was there to make it: the key of a text, or ""."""
    act, account = row[6], scene.account
    if account is None or not account.active:
        return "db.verify.closed"
    if row[5] != account.role:
        return "db.verify.role"
    if act != "definition" and row[18] not in scene.moment.definitions:
        return "db.verify.definition_then"
    if scene.by_sheet and act not in RECOVERING:
        return "db.verify.right"
    if account.waiting and act not in TAKING_OVER and not scene.by_sheet:
        return "db.verify.waiting"
    rule = RULES.get(act)
    if rule is not None and (is_own := rule(row, scene, account)) is not None:
        return is_own
    return _by_table(act, account, scene.moment)


def _by_table(act: str, account: Account, moment: InForce) -> str:
    for right in RIGHTS_FOR.get(act, ()):
        if not right:
            return ""
        if moment.locked and right in EDIT_RIGHTS:
            return "db.verify.locked"
        with suppress(Refusal):
            if moment.study is not None:
                check_right(moment.study, moment.accounts, account, right)
                return ""
    return "db.verify.right"


def _rights(moment: InForce, author: str) -> frozenset[str]:
    account, study = moment.accounts.get(author), moment.study
    return rights_of(study, account.role) if account is not None and isinstance(study, Study) else frozenset()


def _signed_in(row: Row, scene: Scene, account: Account) -> str | None:
    late = account.last_day and local_date(row[2], row[3]).isoformat() > account.last_day
    return "db.verify.closed" if late else ""


def _added(row: Row, scene: Scene, account: Account) -> str | None:
    """An id is given once, nobody else made the store, and the first passphrase is temporary."""
    fresh = _told(row)
    invited = fresh["must_change"] is True or scene.was_set
    users = {each.user for each in scene.moment.accounts.values()}
    known = row[13] in scene.moment.accounts or fresh["user"] in users
    return None if not known and not fresh["keeper"] and invited else "db.verify.account"


def _changed(row: Row, scene: Scene, account: Account) -> str | None:
    """Nobody alters the own role; a key is exchanged by its owner, by the sheet, or by a reset that says so."""
    before = scene.moment.accounts.get(row[13])
    if before is None or not before.active:
        return "db.verify.account"
    fresh = json.loads(told(before)) | _told(row)
    other_key = fresh["public_key"] != before.public_key
    if row[13] == scene.author:
        kept = json.loads(told(replace(before, public_key=fresh["public_key"], must_change=False)))
        may = scene.by_sheet or before.must_change
        return "" if fresh == kept and other_key and may else "db.verify.account"
    kept = json.loads(told(replace(before, role=fresh["role"], last_day=fresh["last_day"], name=fresh["name"])))
    if other_key:
        kept |= {"public_key": fresh["public_key"], "must_change": True}
        if scene.last != ("passphrase_reset", row[13], row[2]):
            return "db.verify.account"
    return None if fresh == kept else "db.verify.account"


def _removed(row: Row, scene: Scene, account: Account) -> str | None:
    before = scene.moment.accounts.get(row[13])
    return None if before is not None and before.active and row[13] != scene.author else "db.verify.account"


def _trained(row: Row, scene: Scene, account: Account) -> str | None:
    """Each ticks the own training, for the role held; in a demonstration whoever lets a person in does it."""
    person = scene.moment.accounts.get(row[13])
    if person is None or _told(row)["role"] != person.role:
        return "db.verify.account"
    return "" if row[13] == scene.author or scene.was_set else "db.verify.account"


def _factor(row: Row, scene: Scene, account: Account) -> str | None:
    return None if row[13] == scene.author else "db.verify.account"


def _keys(row: Row, scene: Scene, account: Account) -> str | None:
    """The recovery sheet is exchanged by its own use, or by an act that says so and needs a right."""
    before, fresh = scene.moment.sheet, _told(row).get("sheet", "")
    said = scene.last[0] in ("recovery_renewed", "rekeyed") and scene.last[2] == row[2]
    return None if before in ("", fresh) or scene.by_sheet or said else "db.verify.account"


def _recovered(row: Row, scene: Scene, account: Account) -> str | None:
    return None if scene.by_sheet else "db.verify.right"


def _begun(row: Row, scene: Scene, account: Account) -> str | None:
    """A strand goes on from an entry that is there."""
    content = _told(row)
    strand, _, seq = content["after"].partition(":")
    found = scene.connection.execute("SELECT hash FROM entry WHERE strand = ? AND seq = ?", (strand, int(seq)))
    told_of = found.fetchone()
    return None if row[1] == 1 and told_of and told_of[0].hex() == content["hash"] else "db.verify.strand"


def _valued(row: Row, scene: Scene, account: Account) -> str | None:
    """What stands in place of another value is a correction."""
    return "db.verify.right" if row[16] and "correct" not in _rights(scene.moment, scene.author) else None


def _redacted(row: Row, scene: Scene, account: Account) -> str | None:
    """A text goes when one person proposed it and another confirms, and only one about a subject."""
    proposal = _entry_at(scene.connection, row[17])
    target = _entry_at(scene.connection, row[16])
    if proposal is None or proposal[:2] != ("redaction_proposed", row[16]) or target is None or target[3] == 1:
        return "db.verify.redaction"
    return "db.verify.one_person" if proposal[2] == row[4] else None


def _entry_at(connection: sqlite.Connection, address: str) -> tuple[str, str, str, int] | None:
    strand, _, seq = address.partition(":")
    found: tuple[str, str, str, int] | None = connection.execute(
        "SELECT act, replaces, who, person FROM trail WHERE strand = ? AND seq = ?",
        (strand, int(seq) if seq.isdecimal() else 0),
    ).fetchone()
    return found


def _never(row: Row, scene: Scene, account: Account) -> str | None:
    return "db.verify.strand"


def _told(row: Row) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(row[25])
    return content


Rule = Callable[[Row, Scene, Account], str | None]
"""Says what is wrong ("" nothing), or None: the table of rights decides."""

RULES: Mapping[str, Rule] = {
    "store_created": _never,
    "strand_begun": _begun,
    "signed_in": _signed_in,
    "account_added": _added,
    "account_changed": _changed,
    "account_removed": _removed,
    "training": _trained,
    "recovery_used": _recovered,
    "second_factor": _factor,
    "keys_changed": _keys,
    "value": _valued,
    "redacted": _redacted,
}
"""What the table of rights can't say of an act."""

LOOKED_AT = frozenset({*RULES, *ACCOUNT_ACTS, "passphrase_reset", "recovery_renewed", "rekeyed"}) - {"value"}
"""Acts that are looked at one by one; of all others the same person needs the same right again and again."""
