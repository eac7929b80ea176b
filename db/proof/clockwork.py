"""What the clock did, as far as the ledger can tell, among what a verification says."""

from __future__ import annotations

from db import sqlite
from db.ledger.definitions import read_set_clock
from db.ledger.ledger import read_acts
from db.opening.surroundings import told_clock
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
