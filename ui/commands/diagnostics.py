"""What may be sent when the program fails, without a window: also where Qt itself can't be loaded."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ui.commands.codes import DONE
from ui.commands.console import Console, own_log
from ui.commands.files import write_file
from ui.diagnostics import report


def diagnose(options: Namespace, console: Console) -> int:
    """Write the diagnostics to a file, or to the output."""
    told, folder = settings_of_window()
    logs = [own_log()]
    if folder is not None:
        from ui.messages import LOG_NAME

        logs.insert(0, folder / LOG_NAME)
    stores = [Path(path) for path in told.get("recent", "").split("\n") if path and Path(path).exists()]
    text = report({}, told, stores, logs)
    if options.out is None:
        for line in text.splitlines():
            console.show(line)
        return DONE
    write_file(options.out, text.encode())
    console.say("program.diagnostics.saved", path=options.out)
    return DONE


def settings_of_window() -> tuple[dict[str, str], Path | None]:
    """The settings and their folder; nothing where Qt, which reads them, is what is missing."""
    try:
        from ui.settings import Settings, name_program
    except ImportError:
        return {}, None
    name_program()
    settings = Settings()
    return settings.all(), settings.folder()
