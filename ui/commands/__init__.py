"""The command line: the second face of the program, for scripts, monitors and machines without a display.

`main` reads the arguments, runs one command and turns whatever happens into words and an exit code of `codes`.
`arguments` says which commands there are; each lives in a module named for what it is about (`study`, `store`,
`amending`, `exchange`, `report`, `grade`, `ctcae`, `demo`, `preview`, `bench`, `diagnostics`, `update`) and gets
``(options, console)``. `console` is where words go out, `files` where files do, `opening` asks who and the passphrase.

Data: arguments -> one verb of `db`, `forms` or `reports` -> words and files. Nothing here knows Qt: `main.py` passes in
the function that opens the window.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

from forms.errors import Cancelled, Misuse, Refusal, Told
from ui.commands.arguments import read_arguments
from ui.commands.codes import FINDINGS, TROUBLE, USAGE
from ui.commands.console import Console
from ui.commands.language import asked_language, spoken_language
from ui.commands.unheard import in_a_box

Window = Callable[[Path | None, str, str, str], int]
"""Opens the window: store (None = the page that asks), user, passphrase ("" = asked for in the window), language."""


def main(argv: Sequence[str], window: Window | None = None) -> int:
    """Run one command; returns its exit code and never lets a traceback reach the person."""
    with in_a_box():
        return answer(argv, window)


def answer(argv: Sequence[str], window: Window | None) -> int:
    """Run one command, whoever hears it; returns its exit code."""
    speak_whatever_the_encoding()
    console = Console(spoken_language(argv, os.environ))
    try:
        options = read_arguments(list(argv), console.language)
        options.window = window
        options.asked_language = asked_language(argv)
        return run(options, console)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else USAGE
    except Misuse as misuse:
        console.complain(console.told(misuse))
        return USAGE
    except Refusal as refusal:
        console.complain(console.told(refusal))
        return FINDINGS
    except Told as trouble:
        console.complain(console.told(trouble))
        return TROUBLE
    except (Cancelled, KeyboardInterrupt):
        console.complain(console.words("commands.stopped"))
        return TROUBLE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return TROUBLE
    except OSError as error:
        console.complain(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror))
        return TROUBLE
    except Exception as bug:  # noqa: BLE001 - the last door: a person gets words, the log gets the places
        return console.own_up(bug)


def speak_whatever_the_encoding() -> None:
    """Let what a terminal or a pipe has no letters for be written as its code instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def run(options: Namespace, console: Console) -> int:
    """Run the command that the arguments name: function ``options.verb`` of the module ``ui.commands.<module>``."""
    verb: Callable[[Namespace, Console], int] = getattr(import_module(f"ui.commands.{options.module}"), options.verb)
    return verb(options, console)
