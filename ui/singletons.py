"""Keeps None, True and False alive under PySide6 6.12.0 on CPython 3.11.

That wheel counts on singletons that are never counted (CPython 3.12 and later, PEP 683): each call that returns nothing
takes one reference of None away, and after some ten thousand calls the interpreter aborts with "deallocating None".
PySide6 6.11.3 does not do so. Giving the singletons a very large count makes 3.11 behave as 3.12 does.
"""

from __future__ import annotations

import sys

ENOUGH = 1 << 48
"""References given in advance: more than a program can use up."""


def keep_singletons() -> None:
    """Do it where it is needed; elsewhere nothing happens."""
    if sys.version_info >= (3, 12) or sys.getrefcount(None) > ENOUGH:
        return
    from ctypes import c_ssize_t

    for singleton in (None, True, False, NotImplemented, Ellipsis):
        c_ssize_t.from_address(id(singleton)).value += ENOUGH + 1
