"""Who opens a store: the passphrase, the clock, the open casebook."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from forms.errors import Misuse, Refusal, Trouble
from ui.commands.console import Console

if TYPE_CHECKING:
    from db.casebook.casebook import Casebook
    from db.clock import Clock

PASSPHRASE = "CASEBOOK_PASSPHRASE"
CODE = "CASEBOOK_CODE"
TODAY = "CASEBOOK_TODAY"


def ask_passphrase(console: Console, user: str, *, twice: bool = False) -> str:
    """The passphrase, from the environment or typed unseen on the terminal. Raises Misuse when there is neither."""
    given = os.environ.get(PASSPHRASE)
    if given:
        return given
    if not sys.stdin.isatty():
        raise Misuse("commands.no_passphrase", variable=PASSPHRASE)
    typed = getpass.getpass(console.words("commands.passphrase", user=user))
    if twice and typed != getpass.getpass(console.words("commands.passphrase_again")):
        raise Refusal("commands.passphrases_differ")
    return typed


def clock() -> Clock:
    """The machine's clock, or one set by CASEBOOK_TODAY (demonstrations and tests; the ledger says so)."""
    from db.clock import set_clock, system_clock

    told = os.environ.get(TODAY)
    if not told:
        return system_clock()
    try:
        return set_clock(date.fromisoformat(told))
    except ValueError:
        raise Misuse("commands.not_a_date", text=f"{TODAY}={told}") from None


@contextmanager
def opened(options: Namespace, console: Console, *, read_only: bool = False) -> Iterator[Casebook]:
    """The store of the command line, open for its user, closed whatever happens. Raises Trouble when it can't be."""
    from db.opening.vault import open_store

    path: Path = options.store
    passphrase = ask_passphrase(console, options.user)
    try:
        casebook = open_store(path, user=options.user, passphrase=passphrase, clock=clock(), read_only=read_only,
                              code=os.environ.get(CODE, ""))  # fmt: skip
    except Trouble as trouble:
        if trouble.key != "db.code_needed" or not sys.stdin.isatty():
            raise
        code = getpass.getpass(console.words("access.code.prompt", user=options.user))
        casebook = open_store(path, user=options.user, passphrase=passphrase, clock=clock(), read_only=read_only,
                              code=code)  # fmt: skip
    try:
        yield casebook
    finally:
        casebook.close()
