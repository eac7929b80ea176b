"""A subject as far as its schedule needs it: dates and states of forms, no other value."""

from __future__ import annotations

import json
from dataclasses import replace

from db import sqlite
from db.ledger.projection import read_outline, read_states
from forms.course.schedule import read_by_schedule
from forms.subject.subject import Subject


def outline_of(connection: sqlite.Connection, empty: Subject) -> Subject:
    """A subject of whom nothing is known yet, with what its schedule needs."""
    wanted = json.dumps(sorted(f"{form}.{item}" for form, item in read_by_schedule(empty.compiled)))
    values = read_outline(connection, empty.id, wanted)
    return replace(empty, values=values, states=read_states(connection, empty.id))
