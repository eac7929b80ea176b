"""Who had which role from when to when, as the acts on accounts tell it, and what that list shows at a glance."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from forms.record.dataset import Entry
from forms.study.definition import Study, Text
from forms.texts import both, said

DATA_RIGHTS = frozenset({"enter", "correct", "sign", "lock"})
"""Rights that make somebody an owner of data. Whoever also looks after accounts could cover up what they did."""


@dataclass(frozen=True, slots=True)
class Period:
    """One role of one account. Instants are ISO UTC, ``until`` "" = still; ``offset`` minutes where it began.

    ``trained`` is when the person ticked the training for this role, ``last_day`` the ISO date up to which it was
    given, ``by`` the account that gave it.
    """

    account: str
    user: str
    name: str
    role: str
    since: str
    offset: int
    by: str
    why: str
    until: str = ""
    trained: str = ""
    last_day: str = ""
    keeper: bool = False


def read_periods(acts: Iterable[Entry]) -> tuple[Period, ...]:
    """Periods in order of their beginning, from the acts of a store in order of arrival; other acts are passed over."""
    periods: list[Period] = []
    running: dict[str, int] = {}
    for entry in acts:
        account = entry.place.item
        if entry.act == "account_removed" and account in running:
            at = running.pop(account)
            periods[at] = replace(periods[at], until=entry.at)
        elif entry.act in ("account_added", "account_changed"):
            _follow(periods, running, entry)
        elif entry.act == "training" and account in running:
            at = running[account]
            if periods[at].role == json.loads(entry.value.value)["role"]:
                periods[at] = replace(periods[at], trained=periods[at].trained or entry.at)
    return tuple(periods)


def _follow(periods: list[Period], running: dict[str, int], entry: Entry) -> None:
    told = json.loads(entry.value.value)
    account = entry.place.item
    last_day = str(told.get("last_day", ""))
    if account in running:
        at = running[account]
        if periods[at].role == told["role"]:
            periods[at] = replace(periods[at], last_day=last_day, name=told["name"])
            return
        periods[at] = replace(periods[at], until=entry.at)
    running[account] = len(periods)
    periods.append(
        Period(
            account,
            told["user"],
            told["name"],
            told["role"],
            entry.at,
            entry.offset,
            entry.who,
            entry.why,
            last_day=last_day,
            keeper=bool(told.get("keeper")),
        )
    )


def role_words(study: Study, role: str, language: str) -> str:
    """A role as the study calls it; one that the definition does not know by its id."""
    return said(study.role_by_id[role].label, language) if role in study.role_by_id else role


def check_duties(study: Study, periods: Sequence[Period]) -> tuple[Text, ...]:
    """Findings on the separation of duties: nobody should look after accounts and own data.

    EMA guideline on computerised systems 2023, annex 3: the system administrator is not the data owner.
    """
    rights = {role.id: frozenset(role.rights) for role in study.roles}
    now = [period for period in periods if not period.until]
    found = [
        both("access.duties.role", name=period.name)
        for period in now
        if "accounts" in rights.get(period.role, ()) and rights[period.role] & DATA_RIGHTS
    ]
    looking_after = {_same(each.name) for each in now if "accounts" in rights.get(each.role, ())}
    found += [
        both("access.duties.two", name=each.name, user=each.user)
        for each in now
        if _same(each.name) in looking_after and "accounts" not in rights.get(each.role, ())
        and rights.get(each.role, frozenset()) & DATA_RIGHTS
    ]  # fmt: skip
    if not looking_after:
        found += [both("access.duties.keeper", name=each.name) for each in now if each.keeper]
    return tuple(found)


def _same(name: str) -> str:
    return "".join(name.casefold().split())
