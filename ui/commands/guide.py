"""``main.py guide --out DIR``: the guides as pages for a browser, and the quick card as PDF, in each language."""

from __future__ import annotations

from argparse import Namespace

from ui.commands.codes import DONE
from ui.commands.console import Console
from ui.commands.files import write_file


def write(options: Namespace, console: Console) -> int:
    """Write them all; what lies in the folder under other names stays. Raises Trouble when the disk refuses."""
    from ui.guide.bound import files

    for name, content in files().items():
        write_file(options.out / name, content)
    console.say("commands.guide.written", path=options.out / "index.html")
    return DONE
