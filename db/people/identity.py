"""The local identification log: who a subject is, for those alone who may look, and in nothing that leaves the store.

Hospital number, name and bed are sealed with AES-256-GCM under a key of their own. That key is sealed for each person
whose role has the right ``identify``, and for the recovery sheet: others can open the store without being able to read
it. Whoever opens the log passes its key on to those who may look by then; when somebody may no longer, everything is
sealed anew under another key. Each look and each change is an act that names the subject and holds no value.

It stands apart from entries and values, so no dataset, export, PDF or import can hold it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from db import sqlite
from db.casebook.casebook import Casebook
from db.folder import keys, paths
from db.folder.boxes import Secret, open_box, seal_for
from db.folder.keys import RECOVERY
from db.ledger.ledger import NOWHERE, Act
from db.ledger.marks import SEALED, mark_of_keys, mark_of_rows
from db.ledger.roles import rights_of
from forms.errors import Refusal, Trouble
from forms.value import Value

RIGHT = "identify"
EVERYBODY = "*"
"""Stands for all subjects in the act of looking one up."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the log says of a subject."""

    number: str = ""
    name: str = ""
    bed: str = ""


def read_identity(casebook: Casebook, subject: str) -> Identity:
    """Who a subject is, empty when nothing was noted. The look is an act. Raises Refusal for whoever may not."""
    casebook.check_right(RIGHT)
    with casebook.writing() as ledger:
        key = _key(casebook)
        found = _read(casebook, key, subject)
        ledger.append([Act("identity_read", replace(NOWHERE, item=subject))])
    return found


def read_log(casebook: Casebook) -> dict[str, Identity]:
    """Who all subjects are, in order of their ids, empty where nothing was noted. The look at all is one act."""
    casebook.check_right(RIGHT)
    with casebook.writing() as ledger:
        key = _key(casebook)
        noted = {row[0] for row in casebook.connection.execute("SELECT DISTINCT subject FROM identity")}
        subjects = [row[0] for row in casebook.connection.execute("SELECT id FROM subject ORDER BY id")]
        found = {each: _read(casebook, key, each) if each in noted else Identity() for each in subjects}
        ledger.append([Act("identity_read", replace(NOWHERE, item=EVERYBODY))])
    return found


def write_identity(casebook: Casebook, subject: str, identity: Identity, why: str = "") -> None:
    """Note who a subject is; a change of what was noted needs a reason. What stood before is kept, sealed."""
    write_log(casebook, {subject: identity}, why)


def write_log(casebook: Casebook, told: Mapping[str, Identity], why: str = "") -> int:
    """Note who many subjects are, all or none; returns how many were new or changed. See `write_identity`."""
    casebook.check_right(RIGHT)
    with casebook.writing():
        for subject in told:
            if not casebook.connection.execute("SELECT 1 FROM subject WHERE id = ?", (subject,)).fetchone():
                raise Refusal("db.subject_unknown", id=subject[:40])
        key = _key(casebook)
        return sum(_write(casebook, key, subject, identity, why.strip()) for subject, identity in told.items())


def _write(casebook: Casebook, key: bytes, subject: str, identity: Identity, why: str) -> bool:
    before, ledger = _read(casebook, key, subject), casebook.ledger
    if before == identity:
        return False
    if before != Identity() and not why:
        raise Refusal("db.identity_why")
    turn = _last_turn(casebook.connection, subject) + 1
    sealed = _seal(key, identity, subject, turn)
    casebook.connection.execute(
        "INSERT INTO identity VALUES (?, ?, ?, ?, ?)", (subject, turn, ledger.now, casebook.account.id, sealed)
    )
    mark = hashlib.sha256(sealed.encode()).hexdigest()
    ledger.append([Act("identity_changed", replace(NOWHERE, item=subject), Value(value=mark), why)])
    return True


def grant_by(casebook: Casebook, holder: str, signing_key: Secret) -> None:
    """Give the log to the person signed in, if the role may look, by what was sealed for another key.

    That is the key of the recovery sheet which let the person in (``holder`` `RECOVERY`), or the person's own one of
    the invitation.
    """
    if RIGHT not in rights_of(casebook.study, casebook.role):
        return
    row = casebook.connection.execute("SELECT box FROM identity_key WHERE holder = ?", (holder,)).fetchone()
    key = open_box(signing_key, row[0], _about(holder)) if row else None
    if key is not None:
        with casebook.writing():
            _settle(casebook, key)


def _key(casebook: Casebook) -> bytes:
    """The log's key, passed on to whoever may look by now; made at the first use. Inside a transaction."""
    held = casebook.connection.execute("SELECT holder, box FROM identity_key").fetchall()
    box = dict(held).get(casebook.account.id)
    if not held:
        key = os.urandom(32)
    else:
        opened = open_box(casebook.signing_key, box, _about(casebook.account.id)) if box else None
        if opened is None:
            raise Refusal("db.identity_not_granted")
        key = opened
    return _settle(casebook, key)


def _settle(casebook: Casebook, key: bytes) -> bytes:
    """Box the key for all who may look; a new key when somebody who held it may no longer."""
    due, connection = _entitled(casebook), casebook.connection
    held = dict(connection.execute("SELECT holder, public_key FROM identity_key").fetchall())
    anew = any(holder not in due for holder in held)
    if anew:
        key = _seal_anew(casebook, key)
        held = {}
    fresh = {holder: public for holder, public in due.items() if held.get(holder) != public}
    for holder, public in fresh.items():
        connection.execute(
            "INSERT OR REPLACE INTO identity_key VALUES (?, ?, ?)",
            (holder, public, seal_for(public, key, _about(holder))),
        )
    if fresh or anew:
        told = {"rows": mark_of_rows(_sealed_rows(connection)) if anew else "", "keys": mark_of_keys(connection)}
        casebook.ledger.append([Act(SEALED, value=Value(value=json.dumps(told, sort_keys=True)))])
    return key


def _sealed_rows(connection: sqlite.Connection) -> list[tuple[str, int, str]]:
    found: list[tuple[str, int, str]] = connection.execute(
        "SELECT subject, turn, sealed FROM identity ORDER BY subject, turn"
    ).fetchall()
    return found


def _entitled(casebook: Casebook) -> dict[str, str]:
    """Public key by account of those who may look, and of the recovery sheet."""
    found = {
        account.id: account.public_key
        for account in casebook.accounts.values()
        if account.active and RIGHT in rights_of(casebook.study, account.role)
    }
    public = keys.read_keys(casebook.path / paths.KEYS).sheet
    return {**found, **({RECOVERY: public} if public else {})}


def _seal_anew(casebook: Casebook, old: bytes) -> bytes:
    key = os.urandom(32)
    rows = casebook.connection.execute("SELECT subject, turn, sealed FROM identity").fetchall()
    for subject, turn, sealed in rows:
        identity = _open(old, sealed, subject, turn)
        fresh = _seal(key, identity, subject, turn)
        casebook.connection.execute(
            "UPDATE identity SET sealed = ? WHERE subject = ? AND turn = ?", (fresh, subject, turn)
        )
    casebook.connection.execute("DELETE FROM identity_key")
    return key


def _last_turn(connection: sqlite.Connection, subject: str) -> int:
    turn: int | None = connection.execute("SELECT max(turn) FROM identity WHERE subject = ?", (subject,)).fetchone()[0]
    return turn or 0


def _read(casebook: Casebook, key: bytes, subject: str) -> Identity:
    row = casebook.connection.execute(
        "SELECT turn, sealed FROM identity WHERE subject = ? ORDER BY turn DESC LIMIT 1", (subject,)
    ).fetchone()
    return Identity() if row is None else _open(key, row[1], subject, row[0])


def _seal(key: bytes, identity: Identity, subject: str, turn: int) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    plain = json.dumps(asdict(identity), ensure_ascii=False).encode()
    return (nonce + AESGCM(key).encrypt(nonce, plain, _about(f"{subject} {turn}"))).hex()


def _open(key: bytes, sealed: str, subject: str, turn: int) -> Identity:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        data = bytes.fromhex(sealed)
        return Identity(**json.loads(AESGCM(key).decrypt(data[:12], data[12:], _about(f"{subject} {turn}"))))
    except (InvalidTag, ValueError) as error:
        raise Trouble("db.identity_altered", subject=subject) from error


def _about(what: str) -> bytes:
    return f"casebook identity {what}".encode()
