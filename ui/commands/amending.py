"""Commands on versions of a definition: what differs, a new version tried dry on a store's data, put in force."""

from __future__ import annotations

import csv
import io
from argparse import Namespace
from typing import TYPE_CHECKING

from forms.errors import NeedsReason
from forms.texts import said
from ui.commands.codes import DONE, FINDINGS
from ui.commands.console import Console
from ui.commands.files import write_file
from ui.commands.opening import opened
from ui.commands.study import check, read_definition

if TYPE_CHECKING:
    from db.incoming.amend import Amendment
    from forms.amending.effects import Effect

COLUMNS = (
    "subject", "event", "event_no", "form", "form_no", "row", "item", "effect", "weight", "before", "after", "text",
)  # fmt: skip
"""Columns of the list that a dry run writes; ``weight`` is refused, accept or told."""


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
            write_file(options.out, listed(plan, console.language).encode("utf-8"))
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
    told = said(effect.text, console.language) if effect.text else ""
    values = " → ".join(each.value or each.missing or "-" for each in (effect.before, effect.after))
    what = told or (values if effect.kind in ("value", "grade", "locked") else effect.before.value)
    return f"{effect.place}: {console.words('amend.kind.' + effect.kind)} {what}".rstrip()


def listed(plan: Amendment, language: str) -> str:
    """Every effect as CSV with `COLUMNS`; what is barred first, then what has to be accepted."""
    weights = {**dict.fromkeys(plan.to_accept, "accept"), **dict.fromkeys(plan.barred, "refused")}
    order = {"refused": 0, "accept": 1, "told": 2}
    rows = sorted(((weights.get(each, "told"), each) for each in plan.effects), key=lambda row: order[row[0]])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for weight, each in rows:
        at = each.place
        writer.writerow([
            at.subject, at.event, at.event_no, at.form, at.form_no, at.row, at.item, each.kind, weight,
            *(value.value or value.missing for value in (each.before, each.after)),
            said(each.text, language) if each.text else "",
        ])  # fmt: skip
    return text.getvalue()
