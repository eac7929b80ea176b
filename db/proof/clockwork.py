"""What the clock did, as far as the ledger can tell, among what a verification says."""

from __future__ import annotations

import json

from db import sqlite
from db.clock import iso, read_instant
from db.ledger.definitions import read_set_clock
from db.ledger.ledger import read_acts
from forms.record.dataset import Entry
from forms.study.definition import Text
from forms.texts import both

CLOCK_FAULTS = ("clock_set_back", "clock_set_on")
MOST_TOLD = 5
"""So many of the latest are told one by one."""


def note_clock(connection: sqlite.Connection) -> list[Text]:
    """That the clock was set by hand for the whole store, or set back or on while it was worked with."""
    notes = [both("db.verify.clock_made", day=day) for day in (read_set_clock(connection),) if day]
    acts = read_acts(connection, *CLOCK_FAULTS)
    if acts:
        notes.append(both("db.verify.clock_count", count=len(acts)))
    return [*notes, *(told_clock(act) for act in acts[-MOST_TOLD:])]


def told_clock(act: Entry) -> Text:
    """The sentence for a person about an act on the clock."""
    told = json.loads(act.value.value)
    if act.act == "zone_changed":
        before, now = (zone_of(int(told[key])) for key in ("before", "now"))
        return both("db.zone_was_changed", at=told_time(act.at, act.offset), before=before, now=now)
    key = "db.clock_was_back" if act.act == "clock_set_back" else "db.clock_was_on"
    return both(key, expected=told_time(told["expected"], act.offset), shown=told_time(told["shown"], act.offset))


def told_time(at: str, offset: int) -> str:
    """``2026-11-21 09:30 UTC+08:00`` of an ISO instant."""
    return f"{iso(read_instant(at) + offset * 60_000)[:16].replace('T', ' ')} {zone_of(offset)}"


def zone_of(offset: int) -> str:
    """``UTC+08:00`` of an offset in minutes."""
    hours, minutes = divmod(abs(offset), 60)
    return f"UTC{'-' if offset < 0 else '+'}{hours:02d}:{minutes:02d}"
