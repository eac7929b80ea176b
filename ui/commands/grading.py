"""The grade command: hands its arguments to `ui.commands.grade`."""

from __future__ import annotations

from argparse import Namespace

from ui.commands.console import Console
from ui.commands.grade import run


def grade_file(options: Namespace, console: Console) -> int:
    """Grade a file of measurements by CTCAE."""
    return run(options.source, options.out, options.ctcae, console.language)
