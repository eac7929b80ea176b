"""A new key for the whole store, for when somebody who was taken away may have kept a copy of the old one.

The store is copied under the new key, the copy is checked entry by entry, then database and key file change places.
The new key is sealed for everybody who stays by their public key, so nobody has to be asked for a passphrase. Whatever
moment the power fails at, one pair of files fits together and the next sign-in finds it. Copies made before keep the
old key: they open as they did, and say nothing about what comes after.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import replace
from pathlib import Path

from db import _sqlite, files, keys
from db.boxes import seal_for
from db.casebook import Casebook, Tick
from db.key_acts import keys_act
from db.keys import DEFAULT, Kdf, Keys, Unwrapped
from db.ledger import Act, Ledger
from db.session import tip_message
from db.vault import open_as, recovery_wrap
from forms.errors import Refusal, Trouble
from forms.value import Value


def rekey(casebook: Casebook, why: str, tick: Tick | None = None, kdf: Kdf = DEFAULT) -> Casebook:
    """Re-encrypt the store; returns it opened anew, the casebook given is closed.

    ``recovery_code`` of the new one is to be printed and sealed: the sheet before no longer opens the store. Raises
    Trouble while another program reads the store, and leaves it as it was when anything can't be proved.
    """
    casebook.check_right("accounts")
    if not why.strip():
        raise Refusal("db.why_missing")
    fresh, code = os.urandom(32), keys.new_recovery_code()
    with casebook.guard:
        _prepare(casebook, why.strip(), fresh, code, kdf, tick or (lambda at, of, text: None))
        return _change_places(casebook, fresh, code)


def _prepare(casebook: Casebook, why: str, fresh: bytes, code: str, kdf: Kdf, tick: Tick) -> None:
    """Both files under the new key lie beside the old ones, proved; whatever stops it leaves the store as it was."""
    following = _next_keys(casebook, fresh, code, kdf)
    try:
        tick(0, 3, "copy")
        _copy_under(casebook, fresh, following, why)
        tick(1, 3, "check")
        files.write_whole(casebook.path / files.NEXT_KEYS, keys.dump_keys(following))
        with _sqlite.translated(casebook.path):
            _stand_alone(casebook.connection)
        tick(2, 3, "change")
    except OSError as error:
        _undo(casebook)
        raise files.disk_trouble(casebook.path, error) from error
    except BaseException:
        _undo(casebook)
        raise


def _next_keys(casebook: Casebook, fresh: bytes, code: str, kdf: Kdf) -> Keys:
    known = keys.read_keys(casebook.path / files.KEYS)
    following = replace(known, check=keys.key_check(known.store, fresh))
    wraps = tuple(
        replace(wrap, store_key=seal_for(casebook.accounts[wrap.id].public_key, fresh, keys.box_about(following, wrap)))
        for wrap in known.wraps
        if wrap.id in casebook.accounts and casebook.accounts[wrap.id].active
    )
    following = replace(following, wraps=wraps)
    return following.with_wrap(recovery_wrap(following, code, fresh, kdf))


def _copy_under(casebook: Casebook, fresh: bytes, following: Keys, why: str) -> None:
    path = casebook.path / files.NEXT_STORE
    path.unlink(missing_ok=True)
    tip = casebook.tip()
    with casebook.reading() as connection:
        connection.execute("VACUUM INTO ?", (str(path),))
    with _sqlite.translated(path):
        connection = _sqlite.connect(path, casebook.store_key)
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute(f"PRAGMA rekey = \"x'{fresh.hex()}'\"")
        finally:
            connection.close()
        connection = _sqlite.connect(path, fresh)
        try:
            _note(casebook, connection, following, why)
            _prove(connection, tip, path)
            _stand_alone(connection)
        finally:
            connection.close()
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _note(casebook: Casebook, connection: _sqlite.Connection, following: Keys, why: str) -> None:
    """The act in the copy alone: the store that is given up ends where it was."""
    old = casebook.ledger
    ledger = Ledger(connection, old.strand, old.clock)
    ledger.who, ledger.role, ledger.definition = old.who, old.role, old.definition
    with ledger.transaction():
        ledger.append([Act("rekeyed", why=why), keys_act(following)])
        address, tip = ledger.address(0), ledger.tip.hash.hex()
        signature = keys.sign(casebook.signing_key, tip_message(address, tip))
        signed = {"address": address, "hash": tip, "signature": signature}
        ledger.append([Act("tip_signed", value=Value(value=json.dumps(signed, sort_keys=True)))])


def _prove(connection: _sqlite.Connection, tip: str, path: Path) -> None:
    from db.verify import verify_connection

    if verify_connection(connection, anchor=tip).found:
        raise Trouble("db.copy_differs", path=str(path))


def _stand_alone(connection: _sqlite.Connection) -> None:
    """No log beside the database any more; refused while another connection is open."""
    mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    if mode != "delete":
        raise Trouble("db.busy", path="", code=str(mode))


def _change_places(casebook: Casebook, fresh: bytes, code: str) -> Casebook:
    folder = casebook.path
    try:
        casebook.connection.close()
        os.replace(folder / files.NEXT_STORE, folder / files.STORE)
        os.replace(folder / files.NEXT_KEYS, folder / files.KEYS)
        files.sync_folder(folder)
    except OSError as error:
        raise files.disk_trouble(folder, error) from error
    finally:
        casebook.let_go()
    unwrapped = Unwrapped(fresh, casebook.signing_key)
    opened = open_as(folder, unwrapped, casebook.account.id, casebook.user, casebook.clock)
    opened.recovery_code = code
    return opened


def _undo(casebook: Casebook) -> None:
    for name in (files.NEXT_KEYS, files.NEXT_STORE):
        with contextlib.suppress(OSError):
            (casebook.path / name).unlink(missing_ok=True)
    with contextlib.suppress(_sqlite.DatabaseError):
        casebook.connection.execute("PRAGMA journal_mode = WAL")
