"""Who may do what: accounts as the ledger tells them, and the table of roles and rights of the study definition."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from forms.dataset import Entry
from forms.errors import Refusal
from forms.study import Study

ACCOUNT_ACTS = ("account_added", "account_changed", "account_removed")


@dataclass(frozen=True, slots=True)
class Account:
    """A person of this store. ``id`` is never used again; ``keeper`` made the store.

    ``since`` and ``until`` (ISO UTC, "" = still) say when the role held.
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

    @property
    def active(self) -> bool:
        """Whether the person still works here."""
        return not self.until


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
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def fold_accounts(entries: Iterable[Entry]) -> dict[str, Account]:
    """Accounts by id from the acts on them, in order of arrival."""
    accounts: dict[str, Account] = {}
    for entry in entries:
        account = entry.place.item
        if entry.act == "account_removed":
            accounts[account] = replace(accounts[account], until=entry.at)
            continue
        content = json.loads(entry.value.value)
        since = entry.at if account not in accounts or accounts[account].role != content["role"] else ""
        accounts[account] = Account(account, **content, since=since or accounts[account].since)
    return accounts


def rights_of(study: Study, role: str) -> frozenset[str]:
    """Rights of a role; a role the definition does not know has none."""
    return next((frozenset(each.rights) for each in study.roles if each.id == role), frozenset())


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
