"""Remove a text typed by mistake: find the entry, propose, confirm as another person, see what still holds it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from typing import TYPE_CHECKING

from forms.texts import say
from ui.commands.codes import DONE
from ui.commands.console import Console
from ui.commands.opening import opened

if TYPE_CHECKING:
    from db.casebook.casebook import Casebook
    from forms.record.dataset import Entry


def redact(options: Namespace, console: Console) -> int:
    """Propose a removal, confirm one, list entries of a subject without their texts, or list open proposals."""
    from db.casebook.redacting import confirm_redaction, find_texts, propose_redaction, read_proposals

    looks_only = not (options.propose or options.confirm)
    with opened(options, console, read_only=looks_only) as casebook:
        if options.propose:
            propose_redaction(casebook, options.propose, options.reason)
            proposal = read_proposals(casebook)[-1].address
            console.say("commands.redact.proposed", where=options.propose, proposal=proposal)
        elif options.confirm:
            holding = confirm_redaction(casebook, options.confirm)
            console.say("commands.redact.removed")
            _list(console, casebook, "commands.redact.taken_out", holding.taken_out)
            _list(console, casebook, "commands.redact.elsewhere", holding.elsewhere)
        elif options.subject:
            _list(console, casebook, "commands.redact.entries", find_texts(casebook, options.subject, options.item))
        else:
            casebook.check_right("redact")
            for act in read_proposals(casebook):
                console.say("commands.redact.open", where=act.replaces, why=act.why, **_who(casebook, act))
    return DONE


def _list(console: Console, casebook: Casebook, heading: str, entries: Iterable[Entry]) -> None:
    """Entries with their addresses and without their texts."""
    told = list(entries)
    if told:
        console.say(heading, count=len(told))
    for entry in told:
        place = str(entry.place) if entry.place.item else entry.place.subject
        act = say(console.language, f"db.act.{entry.act}")
        console.say("commands.redact.line", act=act, place=place, **_who(casebook, entry))


def _who(casebook: Casebook, entry: Entry) -> dict[str, str]:
    from db.proof.clockwork import told_time

    names = casebook.names()
    return {
        "address": entry.address,
        "when": told_time(entry.at, entry.offset),
        "who": names.get(entry.who, entry.who),
    }
