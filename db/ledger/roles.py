"""Who may do what: accounts as the ledger tells them, and the table of roles and rights of the study definition."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from forms.errors import Refusal
from forms.record.dataset import Entry
from forms.study.definition import Study

ACCOUNT_ACTS = ("account_added", "account_changed", "account_removed", "training")

RIGHTS_FOR: Mapping[str, tuple[str, ...]] = {
    "store_created": ("",),
    "strand_begun": ("backup", "restore"),
    "definition": ("study",),
    "range": ("ranges", "study"),
    "setting": ("settings",),
    "account_added": ("accounts",),
    "account_changed": ("accounts",),
    "account_removed": ("accounts",),
    "account_unlocked": ("accounts",),
    "passphrase_changed": ("",),
    "passphrase_reset": ("accounts",),
    "recovery_used": ("",),
    "recovery_renewed": ("accounts",),
    "keys_changed": ("",),
    "training": ("accounts",),
    "second_factor": ("",),
    "rekeyed": ("accounts",),
    "identity_changed": ("identify",),
    "identity_read": ("identify",),
    "identity_sealed": ("identify",),
    "signed_in": ("",),
    "signed_out": ("",),
    "tip_signed": ("",),
    "subject_added": ("subject.add",),
    "value": ("enter",),
    "overridden": ("override",),
    "completed": ("complete",),
    "reopened": ("reopen",),
    "query_opened": ("query.open",),
    "query_answered": ("query.answer",),
    "query_closed": ("query.close",),
    "query_reopened": ("query.open",),
    "verified": ("verify",),
    "unverified": ("verify",),
    "signed": ("sign",),
    "frozen": ("lock",),
    "unfrozen": ("lock",),
    "locked": ("lock",),
    "unlocked": ("unlock",),
    "database_locked": ("lock",),
    "database_unlocked": ("unlock",),
    "report": ("",),
    "export": ("export",),
    "import": ("import", "enter"),
    "backup": ("backup",),
    "restore": ("backup", "restore"),
    "rehearsal": ("backup",),
    "verification": ("",),
    "redaction_proposed": ("redact",),
    "redacted": ("redact",),
}
"""Who may write each act: one of these rights is enough; "" means anybody who is signed in.

What a person may do to the own account only (another key, training, a second factor) `verify` looks at by itself.
"""

EDIT_RIGHTS = frozenset((
    "subject.add", "enter", "correct", "complete", "reopen", "override", "judge", "import", "merge",
    "query.open", "query.answer", "query.close", "verify", "settings", "study", "ranges",
))  # fmt: skip
"""Rights that nobody has while the database is locked: whatever changes data, or how they are judged.

To sign what is locked stays possible, and so does to remove personal data typed by mistake.
"""

SYSTEM_ACTS: Mapping[str, tuple[str, ...]] = {
    "migration": ("",),
    "counter_missing": ("",),
    "sign_in_failed": ("",),
    "clock_set": ("",),
    "clock_set_back": ("",),
    "clock_set_on": ("",),
    "zone_changed": ("",),
    "derived": ("enter", "subject.add", "study", "ranges", "settings"),
    "query_opened": ("enter", "complete", "study", "ranges", "settings"),
    "query_closed": ("enter", "complete", "reopen", "study", "ranges", "settings"),
}
"""Acts that the program writes, and the rights of the person signed in from whose acts each may follow."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person of this store. ``id`` is never used again; ``keeper`` made the store.

    ``since`` and ``until`` (ISO UTC, "" = still) say when the role held; ``last_day`` (ISO date, "" = open) is the last
    one on which it may be used; ``trained`` is the role for which the person has ticked the training.
    """

    id: str
    user: str
    name: str
    role: str
    public_key: str
    keeper: bool = False
    must_change: bool = False
    since: str = ""
    until: str = ""
    last_day: str = ""
    trained: str = ""

    @property
    def active(self) -> bool:
        """Whether the person still works here."""
        return not self.until

    @property
    def waiting(self) -> bool:
        """Whether the person must still take the account over: own passphrase, and training for the role ticked."""
        return self.must_change or (not self.keeper and self.trained != self.role)


def told(account: Account) -> str:
    """What the ledger keeps of an account."""
    return json.dumps(
        {
            "user": account.user,
            "name": account.name,
            "role": account.role,
            "public_key": account.public_key,
            "keeper": account.keeper,
            "must_change": account.must_change,
            "last_day": account.last_day,
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def fold_accounts(entries: Iterable[Entry]) -> dict[str, Account]:
    """Accounts by id from the acts on them, in order of arrival."""
    accounts: dict[str, Account] = {}
    for entry in entries:
        accounts[entry.place.item] = after_act(accounts.get(entry.place.item), entry)
    return accounts


def after_act(before: Account | None, entry: Entry) -> Account:
    """An account as an act leaves it. Raises ValueError, KeyError or TypeError when it says no such thing."""
    if entry.act == "account_removed":
        return replace(_known(before), until=entry.at)
    content = json.loads(entry.value.value)
    if entry.act == "training":
        return replace(_known(before), trained=content["role"])
    same = before is not None and before.role == content["role"]
    since = before.since if before is not None and same else entry.at
    return Account(entry.place.item, **content, since=since, trained=before.trained if before is not None else "")


def _known(account: Account | None) -> Account:
    if account is None:
        raise KeyError("an account that was never added")
    return account


def rights_of(study: Study, role: str) -> frozenset[str]:
    """Rights of a role; a role the definition does not know has none."""
    return frozenset(study.role_by_id[role].rights) if role in study.role_by_id else frozenset()


def check_right(study: Study, accounts: Mapping[str, Account], account: Account, right: str) -> None:
    """Raises Refusal when the person may not.

    Accounts are looked after by whoever has that right; while nobody in the store has, by whoever made it.
    """
    if account.active and right in rights_of(study, account.role):
        return
    if right == "accounts" and account.active and account.keeper:
        others = (each for each in accounts.values() if each.active)
        if not any(right in rights_of(study, each.role) for each in others):
            return
    raise Refusal("db.no_right", right=right, role=account.role)
