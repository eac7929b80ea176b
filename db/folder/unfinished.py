"""Copies in the making: a folder grows beside its name and gets it when it is whole; what sudden ends left goes.

Copies are named ``NAME-STAMP.casebook`` after the store and the instant (UTC), with a number when that name is taken.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from db.clock import iso
from db.folder import paths
from db.folder.lock import seize
from forms.errors import Refusal

READY = "ready"
"""A file that says in a folder in the making that it is whole and only lacks its name."""

STAMP = re.compile(r"-(\d{8}T\d{6})Z(?:-(\d+))?\.casebook$")
"""The end of a copy's name: its instant and its number among those of the same second."""


def free_name(folder: Path, store: Path, instant: int) -> Path:
    """Where a copy of ``store`` made at ``instant`` (milliseconds UTC) goes in a folder."""
    stamp = iso(instant)[:19].replace("-", "").replace(":", "")
    turn, tail = 1, ""
    while (target := folder / f"{store.stem}-{stamp}Z{tail}{paths.SUFFIX}").exists():
        turn += 1
        tail = f"-{turn}"
    return target


def read_stamp(path: Path, store: Path | None = None) -> tuple[str, int] | None:
    """Instant and number of a copy by its name; None for another name, or that of a copy of another store."""
    found = STAMP.search(path.name)
    if found is None or (store is not None and path.name[: found.start()] != store.stem):
        return None
    return found[1], int(found[2] or 1)


def check_outside(store: Path, target: Path) -> None:
    """Raises Refusal for a copy that would lie in the store itself and be lost with it."""
    if target.resolve().is_relative_to(store.resolve()):
        raise Refusal("db.copy_inside", path=str(target))


@contextmanager
def made_whole(target: Path, keep_as: Callable[[], str] | None = None) -> Iterator[Path]:
    """A new folder beside ``target`` that takes its name at the end. Raises Trouble when the disk refuses.

    Whatever goes wrong, nothing half is left; after a sudden end the next copy of the same store clears it away. What
    lies at ``target`` is kept beside it under the name that ``keep_as`` gives; see `finish` for an end in between.
    """
    part = target.with_name(target.name + paths.PART)
    try:
        shutil.rmtree(part, ignore_errors=True)
        paths.make_folder(part.parent)
        part.mkdir(0o700)
        with paths.make_new(part / paths.LOCK) as held:
            seize(held)
            yield part
        _take_name(part, target, keep_as)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise paths.disk_trouble(target, error) from error
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _take_name(part: Path, target: Path, keep_as: Callable[[], str] | None) -> None:
    aside = target.with_name(keep_as()) if keep_as is not None and target.exists() else None
    if aside is not None:
        paths.write_whole(part / READY, aside.name.encode())
        os.replace(target, aside)
    try:
        os.replace(part, target)
    except OSError:
        if aside is not None:
            os.replace(aside, target)
        raise
    for name in (paths.LOCK, READY):
        (target / name).unlink(missing_ok=True)
    paths.sync_folder(target.parent)


def finish(target: Path) -> None:
    """Give a whole folder its name when a sudden end came after the old one was set aside and before that."""
    part = target.with_name(target.name + paths.PART)
    if target.exists() or not (part / READY).exists() or _is_held(part):
        return
    with suppress(OSError):
        os.replace(part, target)
        for name in (paths.LOCK, READY):
            (target / name).unlink(missing_ok=True)
        paths.sync_folder(target.parent)


def clear_left(folder: Path, store: Path) -> None:
    """Remove what copies of a store left half made in a folder; one that is being made now stays."""
    for part in folder.iterdir() if folder.is_dir() else ():
        if part.name.endswith(paths.PART) and read_stamp(part.with_suffix(""), store) and not _is_held(part):
            shutil.rmtree(part, ignore_errors=True)


def _is_held(part: Path) -> bool:
    """Whether some program is writing into it; the system lets go when that program ends."""
    try:
        with (part / paths.LOCK).open("r+b") as file:
            return not seize(file)
    except OSError:
        return False
