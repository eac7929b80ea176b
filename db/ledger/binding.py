"""What binds entries to one another and to their author: how they are written down, where a strand has come to."""

from __future__ import annotations

import json
from dataclasses import dataclass

START = bytes(32)
"""What stands before the first entry of a strand."""

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""JSON as hashes and signatures are made over it: UTF-8 without spaces, non-ASCII letters unescaped."""

RELIED = {
    "account_added": "rights", "account_changed": "rights", "account_removed": "rights", "training": "rights",
    "definition": "definition", "range": "ranges",
}  # fmt: skip
"""Acts that a seal names as what it relies on, see `db.ledger.seals`."""


@dataclass(frozen=True, slots=True)
class Tip:
    """The last entry of the writing strand: its number, hash, instant, and the position reached in this store."""

    seq: int = 0
    hash: bytes = START
    arrival: int = 0
    at: int = 0
    offset: int = 0
