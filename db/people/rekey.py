"""A new key for the whole store, for when somebody who was taken away may have kept a copy of the old one.

The store is copied under the new key, the copy is checked entry by entry, then database and key file change places.
The new key is sealed for everybody who stays by their public key, so nobody has to be asked for a passphrase. Whatever
moment the power fails at, one pair of files fits together and the next sign-in finds it. Copies made before keep the
old key: they open as they did, and say nothing about what comes after.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from pathlib import Path

from db import sqlite
from db.casebook.casebook import Casebook
from db.folder import keys, paths
from db.folder.boxes import seal_for
from db.folder.copying import copy_into
from db.folder.keys import DEFAULT, Kdf, Keys, Unwrapped
from db.ledger.ledger import Act, Ledger
from db.ledger.seals import Sealer
from db.opening.key_acts import keys_act
from db.opening.vault import open_as, recovery_wrap
from forms.errors import Refusal, Trouble
from forms.progress import Tick


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
        paths.write_whole(casebook.path / paths.NEXT_KEYS, keys.dump_keys(following))
        with sqlite.translated(casebook.path):
            _stand_alone(casebook.connection)
        tick(2, 3, "change")
    except OSError as error:
        _undo(casebook)
        raise paths.disk_trouble(casebook.path, error) from error
    except BaseException:
        _undo(casebook)
        raise


def _next_keys(casebook: Casebook, fresh: bytes, code: str, kdf: Kdf) -> Keys:
    known = keys.read_keys(casebook.path / paths.KEYS)
    following = replace(known, check=keys.key_check(known.store, fresh))
    wraps = tuple(
        replace(wrap, store_key=seal_for(casebook.accounts[wrap.id].public_key, fresh, keys.box_about(following, wrap)))
        for wrap in known.wraps
        if wrap.id in casebook.accounts and casebook.accounts[wrap.id].active
    )
    following = replace(following, wraps=wraps)
    return following.with_wrap(recovery_wrap(following, code, fresh, kdf))


def _copy_under(casebook: Casebook, fresh: bytes, following: Keys, why: str) -> None:
    path = casebook.path / paths.NEXT_STORE
    tip = casebook.tip()
    with casebook.reading() as connection:
        copy_into(connection, path)
    with sqlite.translated(path):
        connection = sqlite.connect(path, casebook.store_key)
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute(f"PRAGMA rekey = \"x'{fresh.hex()}'\"")
        finally:
            connection.close()
        connection = sqlite.connect(path, fresh)
        try:
            _note(casebook, connection, following, why)
            _prove(connection, tip, path)
            _stand_alone(connection)
        finally:
            connection.close()
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _note(casebook: Casebook, connection: sqlite.Connection, following: Keys, why: str) -> None:
    """The act in the copy alone: the store that is given up ends where it was."""
    old = casebook.ledger
    ledger = Ledger(connection, old.strand, old.clock)
    ledger.who, ledger.role, ledger.definition = old.who, old.role, old.definition
    run = old.sealer.run if old.sealer is not None else 0
    ledger.sealer = Sealer(connection, casebook.signing_key, run)
    with ledger.transaction():
        ledger.append([Act("rekeyed", why=why), keys_act(following)])


def _prove(connection: sqlite.Connection, tip: str, path: Path) -> None:
    from db.proof.verify import verify_connection

    if verify_connection(connection, anchor=tip).found:
        raise Trouble("db.copy_differs", path=str(path))


def _stand_alone(connection: sqlite.Connection) -> None:
    """No log beside the database any more; refused while another connection is open."""
    mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    if mode != "delete":
        raise Trouble("db.busy", path="", code=str(mode))


def _change_places(casebook: Casebook, fresh: bytes, code: str) -> Casebook:
    folder = casebook.path
    unwrapped = Unwrapped(fresh, bytes(casebook.signing_key))
    try:
        casebook.connection.close()
        os.replace(folder / paths.NEXT_STORE, folder / paths.STORE)
        os.replace(folder / paths.NEXT_KEYS, folder / paths.KEYS)
        paths.sync_folder(folder)
    except OSError as error:
        raise paths.disk_trouble(folder, error) from error
    finally:
        casebook.let_go()
    opened = open_as(folder, unwrapped, casebook.account.id, casebook.user, casebook.clock)
    opened.recovery_code = code
    return opened


def _undo(casebook: Casebook) -> None:
    for name in (paths.NEXT_KEYS, paths.NEXT_STORE):
        with contextlib.suppress(OSError):
            (casebook.path / name).unlink(missing_ok=True)
    with contextlib.suppress(sqlite.DatabaseError):
        casebook.connection.execute("PRAGMA journal_mode = WAL")
    casebook.expect_new_log()
