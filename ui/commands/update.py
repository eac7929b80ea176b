"""A new version of the program from a folder, and the way back."""

from __future__ import annotations

import sys
from argparse import Namespace

from forms.errors import Misuse, Refusal
from ui.commands.codes import DONE
from ui.commands.console import Console
from ui.commands.diagnostics import settings_of_window


def update(options: Namespace, console: Console) -> int:
    """Install the release in a folder, or go back to the version before; either holds from the next start on."""
    from ui.release.installing import go_back, install
    from ui.release.manifest import release_key

    if (options.folder is None) != options.back:
        raise Misuse("program.update.either")
    check_updates()
    if options.back:
        console.say("program.update.back", version=go_back(known_schemas()))
        return DONE
    tick = console.ticker(console.words("program.update.copying"))
    release = install(options.folder, release_key(), known_schemas(), tick)
    console.say("program.update.done", version=release.version)
    for line in release.notes.get(console.language, "").splitlines():
        console.show(line)
    return DONE


def check_updates() -> None:
    """Raises Refusal where the program is none that can be updated this way."""
    from ui.release.pointer import is_packed

    if not is_packed():
        raise Refusal("program.update.not_packed")
    if sys.platform == "darwin":
        raise Refusal("program.update.bundle")


def known_schemas() -> dict[str, int]:
    """The schema of each store that was opened in the window of this person."""
    from ui.release.known import read_schemas

    return read_schemas(settings_of_window()[0].get("schemas", ""))
