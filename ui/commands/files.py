"""Reading and writing the files that a command names."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from forms.errors import Trouble


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises Trouble when the folder is missing, not writable or full."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
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
