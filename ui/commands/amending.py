"""Commands on versions of a definition: what differs, a new version tried dry on a store's data, put in force."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from forms.amending.listed import effect_more, listed
from forms.errors import NeedsReason
from ui.commands.codes import DONE, FINDINGS
from ui.commands.console import Console
from ui.commands.files import write_file
from ui.commands.opening import opened
from ui.commands.study import check, read_definition

if TYPE_CHECKING:
    from db.incoming.amend import Amendment
    from forms.amending.effects import Effect


def show_difference(options: Namespace, console: Console) -> int:
    """Print in what two definitions differ, a line for each change."""
    from forms.amending.difference import change_words, difference

    changes = difference(read_definition(options.old, console), read_definition(options.new, console))
    for change in changes:
        console.show(change_words(change, console.language))
    if not changes:
        console.say("amend.said.none")
    return DONE


def amend_store(options: Namespace, console: Console) -> int:
    """Try a new version dry on a store's data, or put it in force with the ethics committee's date and a reason."""
    from db.incoming.amend import amend, plan_definition
    from db.incoming.lawful import check_newer

    options.source = str(options.folder)
    if check(options, console) != DONE:
        return FINDINGS
    study = read_definition(options.source, console)
    if not options.dry_run and not options.reason.strip():
        raise NeedsReason("db.definition_reason")
    tick = console.ticker(console.words("commands.amend.working"))
    with opened(options, console, read_only=options.dry_run) as casebook:
        check_newer(casebook, study)
        plan = plan_definition(casebook, study, tick)
        _report(plan, console)
        if options.out is not None:
            write_file(options.out, listed(plan.effects, console.language).encode("utf-8"))
        if options.dry_run:
            return FINDINGS if plan.barred else DONE
        amend(casebook, study, options.ethics, options.reason, accept=options.accept, tick=tick)
    console.say("commands.amend.done", version=study.version, day=options.ethics)
    return DONE


def _report(plan: Amendment, console: Console) -> None:
    for effect in plan.effects:
        console.show(_line(effect, console))
    for kind, count in plan.counts().items():
        console.show(f"{console.words('amend.kind.' + kind)}: {count}")
    consents = ", ".join(plan.to_consent) or "-"
    console.say("commands.amend.told", subjects=plan.subjects, kept=plan.kept, consents=consents)
    for effect in plan.barred:
        console.complain(_line(effect, console))


def _line(effect: Effect, console: Console) -> str:
    what = effect_more(effect, console.language)
    return f"{effect.place}: {console.words('amend.kind.' + effect.kind)} {what}".rstrip()
