"""What the ledger keeps of rows that lie beside its entries, so that they can't be altered unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from db import sqlite

SEALED = "identity_sealed"
"""The act by which the log's key was given to people, or everything was sealed anew under another."""

STEP = 30
"""Seconds a code holds (RFC 6238 section 5.2)."""

DRIFT = 1
"""Codes before and after the present one that are taken, for a telephone whose clock is a little off."""

ON = "on"
"""First word of the act by which a second factor begins; the mark of its row follows."""


def mark_of_factor(account: str, public: str, box: str) -> str:
    """What the ledger keeps of a second factor: the sha256 of the row, without the last code used."""
    return hashlib.sha256(json.dumps([account, public, box]).encode()).hexdigest()


def mark_of_rows(rows: Sequence[tuple[str, int, str]]) -> str:
    """The sha256 of what the log holds: subject, turn and sealed text of each row, in order of subject and turn."""
    return hashlib.sha256(json.dumps([list(row) for row in rows], ensure_ascii=False).encode()).hexdigest()


def mark_of_keys(connection: sqlite.Connection) -> str:
    """The sha256 of the boxes that hold the log's key, in order of their holders."""
    rows = connection.execute("SELECT holder, public_key, box FROM identity_key ORDER BY holder").fetchall()
    return hashlib.sha256(json.dumps([list(row) for row in rows]).encode()).hexdigest()
