"""How far the ledger of a device was acknowledged: a small file beside the database, written after each commit.

It is not flushed, so that after a power cut it may lag behind the database: that is normal. It can never be ahead of
it, but when acknowledged entries are gone: SQLite's log was removed or cut, or an older database put in its place.
Whoever holds the folder can alter it; against an insider only a tip noted outside helps.
"""

from __future__ import annotations

import os
import re
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from db.folder import paths

LENGTH = 64
"""Bytes of the one line: so few are written to the disk together or not at all."""

MARK = 16
"""Hex digits of an entry's hash that stand in the line."""

_LINE = re.compile(rb"(casebook (\w{1,12}) (\d{1,15}) ([0-9a-f]{16})) ([0-9a-f]{8}) *\n")


@dataclass(frozen=True, slots=True)
class Counted:
    """The last entry that was acknowledged: strand, number within it, the beginning of its hash."""

    strand: str
    seq: int
    mark: str


class Counter:
    """The file, held open while a store is written."""

    def __init__(self, folder: Path) -> None:
        self._file: BinaryIO | None = None
        self._last = 0
        with suppress(OSError):
            self._file = os.fdopen(paths.private(folder / paths.COUNTER), "r+b", buffering=0)

    def note(self, strand: str, seq: int, mark: bytes) -> None:
        """Count on to an entry. A disk that refuses is passed over: the entry itself is safe."""
        if self._file is None or seq == self._last:
            return
        line = f"casebook {strand} {seq} {mark.hex()[:MARK]}".encode()
        line = (line + b" %08x" % zlib.crc32(line)).ljust(LENGTH - 1) + b"\n"
        with suppress(OSError):
            self._file.seek(0)
            self._file.write(line)
            self._last = seq

    def close(self) -> None:
        """Let the file go."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()


def read_counter(folder: Path) -> Counted | None:
    """What was counted, None when there is no such file or it can't be read, as after a power cut."""
    try:
        found = _LINE.match((folder / paths.COUNTER).read_bytes())
    except OSError:
        return None
    if found is None or int(found[5], 16) != zlib.crc32(found[1]):
        return None
    return Counted(found[2].decode(), int(found[3]), found[4].decode())
