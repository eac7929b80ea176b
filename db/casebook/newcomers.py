"""Before a subject is added: the number it would get, and who may be the same person under another number."""

from __future__ import annotations

import re

from db.casebook.casebook import Casebook
from db.casebook.subjects import free_id
from forms.study.names import BIRTH
from forms.values.dates import parse_date
from forms.values.likeness import likeness

_PLAIN_FACT = re.compile(r"(?:\w+\.)*(\w+)")


def next_id(casebook: Casebook) -> str:
    """The number that `Casebook.add_subject` would take now."""
    return free_id(casebook.connection, casebook.study, casebook.site)


def look_alikes(casebook: Casebook, subject: str) -> tuple[str, ...]:
    """Subjects whose id differs from this one only in how it is written."""
    rows = casebook.connection.execute("SELECT id FROM subject ORDER BY id").fetchall()
    return tuple(each for (each,) in rows if likeness(each) == likeness(subject))


def without_values(casebook: Casebook) -> tuple[str, ...]:
    """Subjects for whom nothing has been entered yet: one of them may have been meant."""
    rows = casebook.connection.execute(
        """SELECT id FROM subject WHERE NOT EXISTS (
             SELECT 1 FROM current AS v JOIN spot AS s ON s.id = v.spot WHERE s.subject = subject.id) ORDER BY id"""
    )
    return tuple(each for (each,) in rows)


def born_on(casebook: Casebook, birth: str) -> tuple[str, ...]:
    """Subjects with this date of birth as typed; none for a text that is no day or a study that asks for none."""
    day = parse_date(birth, casebook.clock.today())
    fact = next((each for each in casebook.study.facts if each.id == BIRTH), None)
    plain = _PLAIN_FACT.fullmatch(fact.value.strip()) if fact is not None else None
    if day is None or plain is None:
        return ()
    rows = casebook.connection.execute(
        """SELECT DISTINCT s.subject FROM current AS v JOIN spot AS s ON s.id = v.spot
           JOIN payload AS p ON p.strand = v.strand AND p.seq = v.seq
           WHERE v.item = ? AND p.value = ? ORDER BY s.subject""",
        (plain[1], day.canonical),
    )
    return tuple(each for (each,) in rows)
