"""No window can be opened: Qt lacks the plugin of the display, or a library that the plugin needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QtMsgType, qInstallMessageHandler


@contextmanager
def told_in_words() -> Iterator[None]:
    """While Qt starts: where it would end the program, say why in words and end with 3 instead."""

    def on_message(kind: QtMsgType, _where: object, text: str) -> None:
        if kind == QtMsgType.QtFatalMsg:
            end_without_window(text)
        elif sys.stderr is not None:
            print(text, file=sys.stderr)

    before = qInstallMessageHandler(on_message)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def end_without_window(said: str) -> None:
    """Tell, on the console or in a box of the system, that no window can be opened; the program ends with 3."""
    from forms.texts import say
    from ui.commands.codes import TROUBLE
    from ui.commands.language import spoken_language
    from ui.commands.unheard import show_box

    first = next((line for line in said.splitlines() if line.strip()), "")
    words = say(spoken_language(sys.argv[1:], os.environ), "program.no_window", said=first)
    if sys.stderr is not None:
        print(words, file=sys.stderr, flush=True)
    show_box(words)
    os._exit(TROUBLE)
