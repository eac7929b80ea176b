"""The window, from the command line: the function that opens it is handed in, so nothing here knows Qt."""

from __future__ import annotations

import gc
import os
import sys
from argparse import Namespace
from pathlib import Path

from forms.errors import Refusal, Trouble
from ui.commands.arguments import COMMANDS
from ui.commands.codes import USAGE
from ui.commands.console import Console


def open_store_window(options: Namespace, console: Console) -> int:
    """Open the window on a store, or on the page that asks for one."""
    if options.store is not None and not options.store.exists():
        console.complain(console.words("commands.no_store", path=options.store, commands=", ".join(COMMANDS)))
        return USAGE
    return show(options, options.store, options.user, "")


def show(options: Namespace, store: Path | None, user: str, passphrase: str) -> int:
    """Hand over to the window; its exit code. Raises Refusal where no window can be shown.

    What is loaded for the first picture stays, so Python doesn't look through it for circles to throw away;
    `ui.window.app.stand` lets it begin again.
    """
    if options.window is None or not has_display():
        raise Refusal("commands.no_display")
    gc.disable()
    try:
        return int(options.window(store, user, passphrase, options.asked_language))
    except ImportError as error:
        from ui.commands.console import log_failure
        from ui.messages import missing_part

        log = log_failure(error)
        raise Trouble("program.part_missing", part=missing_part(error), path=str(log)) from error


def has_display() -> bool:
    """Whether there is something to show a window on; only Linux can lack it and say so beforehand."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
