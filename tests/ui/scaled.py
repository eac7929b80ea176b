"""A program that walks the window on the screen it has, at the scale it was started with, and prints what it found.

``python -m tests.ui.scaled FOLDER LANGUAGE``: run by a test under a display of a laptop's size.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from PySide6.QtWidgets import QWidget

from tests.ui.laptop import OFTEN, Site, dialogs, door, forms, pages
from tests.ui.seen import faults
from tests.ui.windows import TODAY
from ui.parts.bounded import screen_room
from ui.settings import Settings
from ui.window.app import open_window, start


def off_screen(widget: QWidget) -> list[str]:
    """Where a window or dialog lies beyond the edge of its screen."""
    frame, screen = widget.frameGeometry(), widget.screen().geometry()
    return [] if screen.contains(frame) else [f"off the screen: {frame.getRect()} on {screen.getRect()}"]


def main(folder: Path, language: str) -> None:
    application = start(["casebook"])
    settings = Settings(folder / "casebook.ini")
    settings.put("language", language)
    window = open_window(application, settings, TODAY)
    sys.excepthook = sys.__excepthook__
    window.show()
    site = Site(folder, window)
    site.settle()
    sizes = {f"{window.width()} by {window.height()}": window.size()}
    found = off_screen(window)
    found += site.walk(door(site), sizes)
    site.enter()
    found += site.walk(pages(window), sizes)
    found += site.walk(forms(window, OFTEN), sizes)
    room = {"own screen": screen_room(window)}
    found += site.walk_dialogs(dialogs(site), room, lambda dialog: faults(dialog) + off_screen(dialog))
    screen = window.screen()
    told = {"scale": screen.devicePixelRatio(), "screen": screen.geometry().getRect()[2:], "found": found}
    print(json.dumps(told, ensure_ascii=False), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
