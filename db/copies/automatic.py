"""Backups that make themselves: when one is due, which old ones go, how old the last one is, and rehearsing a restore.

The copy is made and proved by a reading connection, so the person goes on working; what was done is written into the
ledger afterwards by the one who works (`note_copy`). Copies lie in the second place as ``NAME-STAMP.casebook`` folders.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from db import sqlite
from db.casebook.casebook import Casebook
from db.clock import Clock, iso, milliseconds, read_instant
from db.copies.restoring import restore
from db.folder import keys, paths, unfinished
from db.folder.boxes import Secret
from db.folder.copying import copy_into
from db.ledger.ledger import read_position, read_strands, read_tip
from db.proof.copying import Copy, check_copy
from forms.errors import Refusal, Trouble
from forms.progress import Tick
from forms.study.definition import Text

HOUR = 60 * 60 * 1000
EVERY = 20 * HOUR
"""Milliseconds after which a further copy is due: once a working day, also when one comes earlier than yesterday."""

LATE = 3 * 24 * HOUR
"""Milliseconds after which the age of the last copy is a warning."""

DAILY, WEEKLY, MONTHLY = 7, 4, 12
"""Copies kept: the newest of each of the last days, weeks and months on which there are any."""

DAMAGED = frozenset({
    "db.damaged", "db.copy_differs", "db.keys_damaged", "db.keys_missing", "db.keys_misfit", "db.database_missing",
    "db.no_store", "db.no_definition", "db.definition_altered", "db.tail_broken",
    "db.backup_damaged", "db.backup_empty", "db.backup_not_proved",
})  # fmt: skip
"""What a store or a copy is told to be when it can't be worked with any more; then an earlier copy helps."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy in the second place: where, when it was made (ISO UTC) and its size in bytes."""

    path: Path
    at: str
    size: int


def last_copy(casebook: Casebook) -> str:
    """When the last proved copy was made (ISO UTC), "" when there is none."""
    acts = casebook.acts("backup")
    return acts[-1].at if acts else ""


def is_due(casebook: Casebook) -> bool:
    """Whether something was entered since the last copy and that is long enough ago."""
    last = last_copy(casebook)
    return not last or milliseconds(casebook.clock()) - read_instant(last) >= EVERY


def is_late(casebook: Casebook) -> bool:
    """Whether the age of the last copy is a warning."""
    last = last_copy(casebook)
    return not last or milliseconds(casebook.clock()) - read_instant(last) >= LATE


def copy_store(reader: Casebook, place: str, *, tick: Tick) -> Copy:
    """Copy the store to a second place and prove the copy; then drop old ones. Raises Trouble and leaves nothing half.

    Runs on a reading connection in any thread.
    """
    reader.check_right("backup")
    folder = Path(place)
    check_place(reader.path, folder)
    unfinished.clear_left(folder, reader.path)
    target = unfinished.free_name(folder, reader.path, milliseconds(reader.clock()))
    with unfinished.made_whole(target) as part:
        tick(0, 3, "copy")
        copied = _copy(reader, part, target, tick)
    rotate(folder, reader.path)
    tick(3, 3, "")
    return copied


def check_place(store: Path, folder: Path) -> None:
    """Raises Refusal unless the second place is a folder outside the store."""
    if not folder.is_dir():
        raise Refusal("db.place_missing", path=str(folder))
    if folder.resolve().is_relative_to(store.resolve()):
        raise Refusal("db.place_inside", path=str(folder))


def _copy(reader: Casebook, part: Path, target: Path, tick: Tick) -> Copy:
    with sqlite.translated(target):
        connection = sqlite.connect(reader.path / paths.STORE, reader.store_key, "ro")
        try:
            connection.execute("PRAGMA query_only = OFF")
            copy_into(connection, part / paths.STORE)
        finally:
            connection.close()
        tick(1, 3, "check")
        position, tip = _end_of(part / paths.STORE, reader.store_key)
        paths.copy_file(reader.path / paths.KEYS, part / paths.KEYS)
        for each in (part / paths.STORE, part / paths.KEYS):
            with each.open("rb+") as file:
                os.fsync(file.fileno())
        _compare(reader, tip)
        check_copy(part, reader.store_key, tip, position)
    return Copy(target, position, tip)


def _end_of(path: Path, store_key: Secret) -> tuple[int, str]:
    connection = sqlite.connect(path, store_key, "ro")
    try:
        strand = connection.execute("SELECT value FROM device WHERE name = 'strand'").fetchone()[0]
        return read_position(connection), read_tip(connection, strand).hash.hex()
    finally:
        connection.close()


def _compare(reader: Casebook, tip: str) -> None:
    """The copy must end with an entry of the store itself."""
    connection = sqlite.connect(reader.path / paths.STORE, reader.store_key, "ro")
    try:
        if not _has_tip(connection, tip):
            raise Trouble("db.copy_differs", path=str(reader.path))
    finally:
        connection.close()


def _has_tip(connection: sqlite.Connection, tip: str) -> bool:
    return any(
        connection.execute("SELECT 1 FROM entry WHERE strand = ? AND hash = ?", (strand, bytes.fromhex(tip))).fetchone()
        for strand in read_strands(connection)
    )


def note_copy(casebook: Casebook, copied: Copy) -> None:
    """Write into the ledger that a proved copy was made, and sign where the ledger has come to."""
    told = {"to": copied.path.name, "position": copied.position, "tip": copied.tip}
    casebook.note_act("backup", json.dumps(told, sort_keys=True))


def read_copies(place: str | Path, store: Path) -> tuple[Kept, ...]:
    """The copies of a store in a second place, newest first.

    A copy belongs to the store of its name, unless its key file says that it is another store's. ``store`` itself may
    be damaged or gone.
    """
    mine, found = _store_id(store), []
    folder = Path(place)
    for path in folder.glob(f"*{paths.SUFFIX}") if folder.is_dir() else ():
        stamp = unfinished.read_stamp(path, store)
        if stamp and (path / paths.STORE).exists():
            if mine and _store_id(path) not in ("", mine):
                continue
            at = datetime.strptime(stamp[0], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            kept = Kept(path, iso(milliseconds(at)), (path / paths.STORE).stat().st_size)
            found.append((kept.at, stamp[1], kept))
    return tuple(kept for _, _, kept in sorted(found, key=lambda each: each[:2], reverse=True))


def _store_id(store: Path) -> str:
    """The number a key file gives its store, "" when it can't be read. A restored or re-keyed store keeps it."""
    try:
        return keys.read_keys(store / paths.KEYS).store
    except Trouble:
        return ""


def restore_newest(
    copies: Sequence[Path], dest: Path, *, user: str, passphrase: str, clock: Clock, tick: Tick
) -> tuple[Copy, tuple[Path, ...]]:
    """Make a working store of the first copy that can be proved; also returns the damaged ones passed over.

    What lies at ``dest`` is kept beside it. Raises Trouble when none of them is sound, or the passphrase is wrong.
    """
    passed: list[Path] = []
    for path in copies:
        try:
            made = restore(path, dest, user=user, passphrase=passphrase, clock=clock, tick=tick)
        except Trouble as trouble:
            if trouble.key not in DAMAGED:
                raise
            passed.append(path)
        else:
            return replace(made, path=path), tuple(passed)
    raise Trouble("db.no_good_copy", count=len(passed))


def kept_by(copies: Iterable[Kept]) -> tuple[Kept, ...]:
    """Which copies stay: the newest of each of the last days, weeks and months that have any."""
    newest_first = sorted(copies, key=lambda kept: kept.at, reverse=True)
    staying: dict[Path, Kept] = {}
    for count, part in ((DAILY, _day), (WEEKLY, _week), (MONTHLY, _month)):
        seen: set[str] = set()
        for copy in newest_first:
            if part(copy.at) not in seen and len(seen) < count:
                seen.add(part(copy.at))
                staying[copy.path] = copy
    return tuple(staying.values())


def _day(at: str) -> str:
    return at[:10]


def _week(at: str) -> str:
    year, week, _ = datetime.fromisoformat(at[:10]).isocalendar()
    return f"{year}-{week:02d}"


def _month(at: str) -> str:
    return at[:7]


def rotate(place: Path, store: Path) -> tuple[Path, ...]:
    """Remove the copies of a store that need not stay; returns which. What can't be proved to be its own stays."""
    mine = _store_id(store)
    copies = [copy for copy in read_copies(place, store) if mine and _store_id(copy.path) == mine]
    staying = {copy.path for copy in kept_by(copies)}
    gone = tuple(copy.path for copy in copies if copy.path not in staying)
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    return gone


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What rehearsing a restore showed. ``faults`` are sentences by language; ``in_store``: the copy's end is known.

    Instants are ISO UTC; ``seconds`` is how long opening and proving took.
    """

    copy: str
    at: str
    entries: int
    position: int
    tip: str
    subjects: int
    faults: tuple[Text, ...]
    in_store: bool
    seconds: float

    @property
    def good(self) -> bool:
        """Whether the copy could take the store's place."""
        return not self.faults and self.in_store


def rehearse(reader: Casebook, source: str, *, tick: Tick) -> Rehearsal:
    """Restore a copy into a folder of its own, open and prove it there, compare it with the store, throw it away."""
    reader.check_right("backup")
    clock: Clock = reader.clock
    begun = clock.monotonic()
    folder = Path(source)
    known = keys.read_keys(folder / paths.KEYS)
    if not known.proves(reader.store_key):
        raise Trouble("db.copy_other_key", path=folder.name)
    with tempfile.TemporaryDirectory(prefix="casebook-rehearsal-") as beside:
        path = Path(beside) / paths.STORE
        tick(0, 3, "copy")
        try:
            paths.copy_file(folder / paths.STORE, path)
        except OSError as error:
            raise paths.disk_trouble(path, error) from error
        tick(1, 3, "check")
        return _rehearsed(reader, folder.name, path, begun)


def _rehearsed(reader: Casebook, name: str, path: Path, begun: float) -> Rehearsal:
    from db.proof.verify import verify_connection

    connection = sqlite.connect(path, reader.store_key)
    try:
        with sqlite.translated(path):
            found = verify_connection(connection)
            subjects = 0 if found.found else connection.execute("SELECT count(*) FROM subject").fetchone()[0]
    finally:
        connection.close()
    store = sqlite.connect(reader.path / paths.STORE, reader.store_key, "ro")
    try:
        in_store = _has_tip(store, found.tip)
    finally:
        store.close()
    clock = reader.clock
    return Rehearsal(
        name, iso(milliseconds(clock())), found.entries, found.position, found.tip, subjects, found.faults, in_store,
        round(clock.monotonic() - begun, 1),
    )  # fmt: skip


def note_rehearsal(casebook: Casebook, shown: Rehearsal) -> None:
    """Write the rehearsal into the ledger."""
    told = {"copy": shown.copy, "position": shown.position, "tip": shown.tip, "good": shown.good}
    casebook.note_act("rehearsal", json.dumps(told, sort_keys=True))
