"""Reading and writing the files that a command names."""

from __future__ import annotations

import os
import tempfile
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
    """Write a file whole or not at all; to a device straight on. Raises Trouble when the disk refuses.

    Raises Misuse for a place inside a store.
    """
    check_out(path)
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            path.write_bytes(content)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.write(content)
            os.chmod(part, 0o644)
            os.replace(part, path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Trouble("commands.not_written", path=path, reason=error.strerror) from error
