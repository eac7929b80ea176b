"""Commands that make the PDFs, and the list of them."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from ui.commands.arguments import DONE
from ui.commands.console import Console

if TYPE_CHECKING:
    pass


def list_reports(options: Namespace, console: Console) -> int:
    """Print the id and title of each report."""
    from reports.registry import REPORTS

    for report in REPORTS:
        console.show(f"{report.id}\t{report.title[console.language]}")
    return DONE


def casebook(options: Namespace, console: Console) -> int:
    """One subject's casebook."""
    return make(options, console, "casebook")


def cohort(options: Namespace, console: Console) -> int:
    """The cohort report and, with --figures, every number in it."""
    return make(options, console, "cohort")


def audit(options: Namespace, console: Console) -> int:
    """The audit trail of the store."""
    return make(options, console, "audit")
