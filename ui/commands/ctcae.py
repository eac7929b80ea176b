"""Commands on CTCAE editions: change a store's edition (dry run first), bring in NCI's own wording."""

from __future__ import annotations

from argparse import Namespace

from forms.errors import NeedsReason
from ui.commands.codes import DONE
from ui.commands.console import Console
from ui.commands.opening import opened
from ui.wording import wording_file


def change(options: Namespace, console: Console) -> int:
    """Grade a store by another edition: an audited act with a reason. With ``--dry-run`` it only tells."""
    from db.incoming.amend import plan_definition, put_in_force, with_edition

    if not options.dry_run and not options.reason.strip():
        raise NeedsReason("db.definition_reason")
    with opened(options, console, read_only=options.dry_run) as casebook:
        study = with_edition(casebook.study, options.to)
        tick = console.ticker(console.words("commands.ctcae.working"))
        plan = plan_definition(casebook, study, tick)
        for difference in plan.differences:
            before, after = difference.before.value or "-", difference.after.value or "-"
            console.say("commands.ctcae.difference", place=difference.place, before=before, after=after)
        for place, moved in plan.events:
            after = " | ".join(moved.after) or "-"
            console.say("commands.ctcae.event", place=place, before=moved.before, after=after)
        if not options.dry_run:
            put_in_force(casebook, study, options.reason, tick)
    verb = "commands.ctcae.would" if options.dry_run else "commands.ctcae.done"
    console.say(verb, edition=options.to, values=len(plan.differences), events=len(plan.events))
    return DONE


def wording(options: Namespace, console: Console) -> int:
    """Read the official wording of grades from NCI's workbook and keep it for this person's window."""
    from forms.grading.nci_workbook import import_wording

    target = wording_file(options.edition)
    target.parent.mkdir(parents=True, exist_ok=True)
    count = import_wording(options.workbook, target, options.edition)
    console.say("commands.ctcae.wording", count=count, edition=options.edition)
    return DONE
