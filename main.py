"""Introduces the parts to each other: the command line gets the function that opens the window."""

from __future__ import annotations

import sys
from pathlib import Path


def open_window(store: Path | None, user: str, passphrase: str, language: str) -> int:
    """Open the window; Qt is loaded only now."""
    from ui.window.app import run

    return run(str(store) if store else None, user=user, passphrase=passphrase, language=language)


def start() -> int:
    """Run what the command line asks for, in the version of the program that is to run."""
    from ui.release.pointer import hand_over

    code = hand_over(sys.argv[1:])
    if code is not None:
        return code
    from ui.commands import main
    from ui.enclosure import enclose

    enclose()
    return main(sys.argv[1:], open_window)


if __name__ == "__main__":
    sys.exit(start())
