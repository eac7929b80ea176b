"""A change of the key file and the act that binds it: both hold, or neither does."""

from __future__ import annotations

import hashlib
import json
import os

from db.casebook.session import Session
from db.folder import keys, paths
from db.folder.keys import Keys
from db.ledger.ledger import Act, read_acts
from forms.value import Value


def keys_act(known: Keys) -> Act:
    """The act that binds a version of the key file into the ledger, and names the key of its recovery sheet."""
    told = {"version": known.version, "sha256": keys.mark(known), "sheet": known.sheet}
    return Act("keys_changed", value=Value(value=json.dumps(told)))


def settle_keys(casebook: Session) -> None:
    """Finish or undo a change of keys that was interrupted: the ledger names the version that holds."""
    waiting = casebook.path / paths.NEXT_KEYS
    for left in casebook.path.glob("*.next.*"):
        if left != waiting:
            left.unlink(missing_ok=True)
    if not waiting.exists():
        return
    acts = read_acts(casebook.connection, "keys_changed")
    told = json.loads(acts[-1].value.value)["sha256"] if acts else ""
    if hashlib.sha256(waiting.read_bytes()).hexdigest() == told:
        os.replace(waiting, casebook.path / paths.KEYS)
    else:
        waiting.unlink()
    paths.sync_folder(casebook.path)
