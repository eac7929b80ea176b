"""Commands that bring data in and take data out."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from forms.errors import Misuse
from forms.shown import with_unit
from forms.texts import said
from ui.commands.codes import DONE, FINDINGS
from ui.commands.console import Console
from ui.commands.files import check_out, write_file
from ui.commands.opening import opened

if TYPE_CHECKING:
    from db.incoming.data_file import ImportResult, ValueChange
    from forms.value import Value

FORMATS = ("csv",)
"""What data can be written as."""

MOST_LISTED = 500
"""Changes of a dry run, and new subjects, told one by one; of more changes there is a line a subject unless asked."""


def bring(options: Namespace, console: Console) -> int:
    """Bring a data file in through the same door as typing: all rows or none.

    Faults refuse it (exit code 1). What checks say is listed and refuses nothing (exit code 0).
    """
    from db.incoming.data_file import import_csv

    with opened(options, console) as casebook:
        result = import_csv(
            casebook,
            options.file,
            dry_run=options.dry_run,
            reason=options.reason,
            accept_unparsed=options.accept_unparsed,
            clear=options.clear,
            look_alikes=options.new_subjects,
            tick=console.ticker(console.words("commands.importing")),
        )
    for fault in result.faults:
        console.fault(options.file, fault.line, fault.column, said(fault.text, console.language))
    if result.faults:
        console.complain(console.words("commands.import.refused", count=len(result.faults)))
        return FINDINGS
    for noted in result.findings:
        console.fault(options.file, noted.line, noted.column, said(noted.finding.text, console.language))
    if options.dry_run:
        tell_changes(console, result.changes, whole=options.list)
    tell_subjects(console, result, options)
    if result.left:
        console.say("commands.import.left", count=result.left)
    verb = "commands.import.would" if options.dry_run else "commands.import.done"
    console.say(verb, entered=result.entered, findings=len(result.findings))
    return DONE


def tell_changes(console: Console, changes: Sequence[ValueChange], *, whole: bool) -> None:
    """What would change: each place, or how much of each subject when that is too long to be read."""
    if whole or len(changes) <= MOST_LISTED:
        for change in changes:
            console.show(told(console, change))
        return
    counts: dict[str, list[int]] = {}
    for change in changes:
        kind = 0 if change.old is None or change.old.blank else 2 if change.new.blank else 1
        counts.setdefault(change.place.subject, [0, 0, 0])[kind] += 1
    for subject, (new, other, cleared) in counts.items():
        console.say("commands.import.subject", subject=subject, new=new, other=other, cleared=cleared)
    console.say("commands.import.list_asked", count=len(changes))


def tell_subjects(console: Console, result: ImportResult, options: Namespace) -> None:
    """Which subjects are new."""
    new = result.new_subjects
    if new:
        shown_ids = ", ".join(new[:MOST_LISTED]) + (", …" if len(new) > MOST_LISTED else "")
        verb = "commands.import.subjects_would" if options.dry_run else "commands.import.subjects_new"
        console.say(verb, count=len(new), subjects=shown_ids)


def told(console: Console, change: ValueChange) -> str:
    """What would change at a place."""
    nothing, language = console.words("commands.import.nothing"), console.language
    old = (shown(change.old, language) if change.old is not None else "") or nothing
    new = shown(change.new, language) or nothing
    return console.words("commands.import.change", place=change.place, new=new, old=old)


def shown(value: Value, language: str) -> str:
    """A value with its unit, or its missing code."""
    return value.missing or with_unit(value.value or value.text, value.unit, language)


def export(options: Namespace, console: Console) -> int:
    """Write the current data, or those of an earlier position of the ledger, to a file."""
    if options.format not in FORMATS:
        raise Misuse("commands.format_unknown", format=options.format, formats=", ".join(FORMATS))
    check_out(options.out)
    from reports.data.data_file import render

    with opened(options, console) as casebook:
        casebook.check_right("export")
        content = render(casebook.dataset(options.as_of))
        write_file(options.out, content)
        casebook.note_act("export", str(options.format))
    console.say("commands.export.done", path=options.out)
    return DONE
