"""What was in force when: people, definition, ranges and recovery sheet, from one act on them to the next."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from db import sqlite
from db.ledger.binding import RELIED
from db.ledger.chain import ProofFault
from db.ledger.definitions import study_of
from db.ledger.ledger import DEFINITION_DIGITS, read_acts
from db.ledger.roles import ACCOUNT_ACTS, Account, after_act
from db.ledger.seals import RELIED_ON
from forms.record.dataset import Entry
from forms.study.canonical import fingerprint
from forms.study.definition import Study


@dataclass(frozen=True, slots=True)
class InForce:
    """What is in force from a position on, until the next moment.

    ``definitions`` are the digits of those that were in force by then; ``sheet`` is the public key of the recovery
    sheet, "" while the ledger names none; ``relied`` the addresses that a seal names.
    """

    arrival: int = 0
    accounts: Mapping[str, Account] = field(default_factory=dict)
    study: Study | None = None
    definitions: frozenset[str] = frozenset()
    sheet: str = ""
    locked: bool = False
    """Whether the database was locked."""
    relied: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(RELIED_ON, ""))


class Timeline:
    """Every moment of a store, by position. ``maker`` is the account that made it, as it was then."""

    def __init__(self, connection: sqlite.Connection) -> None:
        self.faults: list[ProofFault] = []
        self.maker: Account | None = None
        self._all = [InForce()]
        for act in read_acts(connection, *ACCOUNT_ACTS, "definition", "range", *_OTHERS):
            try:
                self._all.append(_after(self._all[-1], act))
            except (ValueError, KeyError, TypeError):
                self.faults.append(ProofFault("db.verify.account", act.address))
            if self.maker is None and act.act == "account_added":
                self.maker = self._all[-1].accounts.get(act.place.item)
        self._arrivals = [each.arrival for each in self._all]

    def before(self, arrival: int) -> int:
        """Number of the moment an entry at this position was made in."""
        return bisect_left(self._arrivals, arrival) - 1

    def __getitem__(self, number: int) -> InForce:
        return self._all[number]

    def end(self, number: int) -> int:
        """The last position whose entry was made in a moment."""
        return self._arrivals[number + 1] if number + 1 < len(self._all) else 1 << 62


_OTHERS = ("keys_changed", "database_locked", "database_unlocked")


def _after(before: InForce, act: Entry) -> InForce:
    moment = replace(before, arrival=act.arrival)
    if act.act in RELIED:
        moment = replace(moment, relied={**before.relied, RELIED[act.act]: act.address})
    if act.act in ACCOUNT_ACTS:
        person = act.place.item
        return replace(moment, accounts={**before.accounts, person: after_act(before.accounts.get(person), act)})
    if act.act in ("database_locked", "database_unlocked"):
        return replace(moment, locked=act.act == "database_locked")
    if act.act == "keys_changed":
        return replace(moment, sheet=json.loads(act.value.value).get("sheet", before.sheet))
    if act.act == "definition":
        content = act.value.value.encode("utf-8")
        if fingerprint(content) != act.place.item:
            return moment
        known = before.definitions | {act.place.item[:DEFINITION_DIGITS]}
        return replace(moment, study=study_of(act.place.item, content), definitions=known)
    return moment
