"""A subject as far as its schedule needs it: dates and states of forms, no other value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from db import sqlite
from db.casebook.versions import judged
from db.ledger.projection import read_outline, read_states
from forms.compiled.graph import Node, read_by
from forms.compiled.life import read_for
from forms.compiled.study import compiled
from forms.course.schedule import read_by_schedule
from forms.study.names import KNOWN_DEAD
from forms.subject.in_force import StudyInForce
from forms.subject.subject import Subject


def outline_of(connection: sqlite.Connection, empty: Subject, history: Sequence[StudyInForce] = ()) -> Subject:
    """A subject of whom nothing is known yet, with what its schedule needs."""
    nodes = set(read_by_schedule(empty.compiled)).union(*map(read_by_version, history))
    wanted = json.dumps(sorted(f"{form}.{item}" for form, item in nodes))
    values = read_outline(connection, empty.id, wanted)
    return judged(connection, replace(empty, values=values, states=read_states(connection, empty.id)), history)


def read_by_version(version: StudyInForce) -> frozenset[Node]:
    """Items that the schedule by an earlier version looks at, and what tells whether it applies to a subject."""
    ready = compiled(version.study)
    cache = ready.cache("in force")
    found = cache.get("reads")
    if found is None:
        told = version.study.amendment
        rules = [(ready.rule(text), "") for text in (told.consent, told.who) if text]
        alive = read_for(ready, KNOWN_DEAD) if rules else ()
        found = cache["reads"] = frozenset({*read_by_schedule(ready), *read_by(ready, rules), *alive})
    return cast("frozenset[Node]", found)
