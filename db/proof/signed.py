"""Electronic signatures against the entries they bind: by whose key, over which hashes, under which definition."""

from __future__ import annotations

import json

from db import sqlite
from db.ledger.chain import ProofFault
from db.ledger.ledger import read_acts
from db.ledger.signatures import find_unsound


def check_signed(connection: sqlite.Connection) -> list[ProofFault]:
    """Every act by which something was signed must be what it says, by the key its author had at that time."""
    public: dict[str, list[tuple[int, str]]] = {}
    for act in read_acts(connection, "account_added", "account_changed"):
        public.setdefault(act.place.item, []).append((act.arrival, json.loads(act.value.value)["public_key"]))
    return [ProofFault("db.verify.signature", address) for address in find_unsound(connection, public)]
