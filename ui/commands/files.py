"""Reading and writing the files that a command names."""

from __future__ import annotations

from pathlib import Path

from forms.errors import Misuse, Trouble


def check_out(*paths: Path) -> None:
    """Raises Misuse for an output that would destroy something: a file of a store, or the same file named twice."""
    from db.folder.paths import KEYS, STORE

    for at, path in enumerate(paths):
        whole = path.resolve()
        for folder in (whole, *whole.parents):
            if (folder / STORE).exists() or (folder / KEYS).exists():
                raise Misuse("commands.out_in_store", path=path, store=folder)
        if whole in (other.resolve() for other in paths[:at]):
            raise Misuse("commands.out_twice", path=path)


def write_file(path: Path, content: bytes) -> None:
    """Write a file, its owner's alone, whole or not at all; to a device straight on.

    Raises Trouble when the disk refuses, Misuse for a place inside a store.
    """
    from db.folder.paths import make_folder, replace_file

    check_out(path)
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            path.write_bytes(content)
            return
        make_folder(path.parent)
        replace_file(path, content)
    except OSError as error:
        raise Trouble("commands.not_written", path=path, reason=error.strerror) from error
