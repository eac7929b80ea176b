"""What can be known of a store from outside: where it lies, who may sign in, and the keys behind a passphrase.

The sign-in page asks this, so nothing here loads a study, a casebook or the database.
"""

from __future__ import annotations

from pathlib import Path

from db.clock import Clock
from db.folder import keys, paths, tries
from db.folder.boxes import Secret
from db.folder.keys import Unwrapped, Wrap
from db.folder.unfinished import finish
from forms.errors import Trouble


def store_folder(path: str | Path) -> Path:
    """The folder of a store; ``.casebook`` is added when the path has no such ending. Raises Trouble for no name."""
    folder = Path(path)
    if folder.name in ("", ".."):
        folder = folder.resolve()
    if not folder.name:
        raise Trouble("db.no_store", path=str(path))
    return folder if folder.suffix == paths.SUFFIX else folder.with_name(folder.name + paths.SUFFIX)


def find_store(path: str | Path) -> Path:
    """The folder of an existing store. Raises Trouble when there is none.

    Raises Trouble too for links among its files. A restore that was broken off just before the
    store got its name back is finished first.
    """
    finish(store_folder(path))
    for folder in (Path(path), store_folder(path)):
        if (folder / paths.STORE).exists() or (folder / paths.KEYS).exists():
            paths.check_plain(folder)
            return folder
    raise Trouble("db.no_store", path=str(path))


def users(path: str | Path) -> tuple[str, ...]:
    """Sign-in names of a store, for the sign-in page."""
    known = keys.read_keys(find_store(path) / paths.KEYS)
    return tuple(wrap.user for wrap in known.wraps if wrap.id != keys.RECOVERY)


def unlock(folder: Path, user: str, passphrase: str, clock: Clock) -> tuple[Unwrapped, Wrap]:
    """The keys behind a passphrase. A failed try is noted; too many in a row lock the account for a while."""
    with tries.counted(folder):
        return _unlock(folder, user, passphrase, clock)


def _unlock(folder: Path, user: str, passphrase: str, clock: Clock) -> tuple[Unwrapped, Wrap]:
    tries.check_locked(folder, user, clock)
    misfits, is_known = False, False
    damaged: Trouble | None = None
    files_there = [each for each in (folder / paths.KEYS, folder / paths.NEXT_KEYS) if each.exists()]
    for path in files_there or [folder / paths.KEYS]:
        try:
            known = keys.read_keys(path)
        except Trouble as trouble:
            damaged = damaged or trouble
            continue
        wrap = known.wrap_of(user)
        is_known = is_known or wrap is not None
        found = keys.unwrap(known, wrap, passphrase) if wrap is not None else None
        if wrap is not None and found is not None:
            if len(files_there) == 1 or _opens(folder, found.store_key):
                return found, wrap
            misfits = True
    if misfits:
        raise Trouble("db.keys_misfit", path=str(folder))
    if damaged is not None:
        raise damaged
    tries.note_try(folder, user if is_known else tries.NOBODY, clock)
    raise Trouble("db.wrong_passphrase", user=user)


def _opens(folder: Path, store_key: Secret) -> bool:
    from db.sqlite import connect

    try:
        connect(folder / paths.STORE, store_key, "ro").close()
    except Trouble:
        return False
    return True
