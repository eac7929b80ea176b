"""Keeps what the program holds in memory and writes to itself: no dumps of its memory, files for their owner alone.

While a store is open its key is in memory, and a picture of the memory made after a crash would hold it, and with it
everything. What each system offers is used where it costs nothing; `docs/decisions/keys.md` says how far it goes.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

SET_DUMPABLE = 4
"""PR_SET_DUMPABLE of prctl(2)."""

NO_HEAP = 1
"""WER_FAULT_REPORTING_FLAG_NOHEAP of WerSetFlags."""


def enclose() -> None:
    """Called once, before anything is opened or written. What a system refuses is passed over."""
    os.umask(0o077)
    if sys.platform == "win32":
        _leave_out_of_reports()
        return
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        _close_memory()


def _close_memory() -> None:
    """No dump, also where the system pipes dumps to a program, and no reading by other programs of the person."""
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(SET_DUMPABLE, 0, 0, 0, 0)


def _leave_out_of_reports() -> None:
    """Error reports of Windows hold no memory of this program."""
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.windll.kernel32.WerSetFlags(NO_HEAP)  # type: ignore[attr-defined,unused-ignore]
