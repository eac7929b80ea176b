"""Commands that bring data in and take data out."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from forms.errors import Misuse
from forms.texts import said
from ui.commands.arguments import DONE, FINDINGS
from ui.commands.console import Console
from ui.commands.files import check_out, write_file
from ui.commands.opening import opened

if TYPE_CHECKING:
    from db.exchange import Change
    from forms.value import Value

FORMATS = ("csv",)
"""What data can be written as."""


def bring(options: Namespace, console: Console) -> int:
    """Bring a data file in through the same door as typing: all rows or none.

    Faults refuse it (exit code 1). What checks say is listed and refuses nothing (exit code 0).
    """
    from db.exchange import import_csv

    with opened(options, console) as casebook:
        result = import_csv(
            casebook,
            options.file,
            dry_run=options.dry_run,
            reason=options.reason,
            accept_unparsed=options.accept_unparsed,
            tick=console.ticker(console.words("commands.importing")),
        )
    for fault in result.faults:
        console.fault(options.file, fault.line, fault.column, said(fault.text, console.language))
    if result.faults:
        console.complain(console.words("commands.import.refused", count=len(result.faults)))
        return FINDINGS
    for finding in result.findings:
        console.fault(options.file, 0, str(finding.place), said(finding.text, console.language))
    if options.dry_run:
        for change in result.changes:
            console.show(told(console, change))
    verb = "commands.import.would" if options.dry_run else "commands.import.done"
    console.say(verb, entered=result.entered, findings=len(result.findings))
    return DONE


def told(console: Console, change: Change) -> str:
    """What would change at a place."""
    old = shown(change.old) if change.old is not None else console.words("commands.import.nothing")
    return console.words("commands.import.change", place=change.place, new=shown(change.new), old=old)


def shown(value: Value) -> str:
    """A value with its unit, or its missing code."""
    return value.missing or " ".join(part for part in (value.value or value.text, value.unit) if part)


def export(options: Namespace, console: Console) -> int:
    """Write the current data, or those of an earlier position of the ledger, to a file."""
    if options.format not in FORMATS:
        raise Misuse("commands.format_unknown", format=options.format, formats=", ".join(FORMATS))
    check_out(options.out)
    from reports.data.csv import render

    with opened(options, console) as casebook:
        casebook.check_right("export")
        content = render(casebook.dataset(options.as_of))
        write_file(options.out, content)
        casebook.note_act("export", str(options.format))
    console.say("commands.export.done", path=options.out)
    return DONE
