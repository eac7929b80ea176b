"""Complete forms that wait for a signature, those whose signature broke among them."""

from __future__ import annotations

from dataclasses import dataclass

from db.casebook.reading import OpenStore
from db.clock import iso
from db.ledger.signatures import read_signatures
from forms.place import FormKey


@dataclass(frozen=True, slots=True)
class Waiting:
    """A complete form without a signature. ``broken``: it had one, and something changed underneath."""

    key: FormKey
    completed_at: str
    broken: bool


def read_waiting(casebook: OpenStore, subject: str = "") -> tuple[Waiting, ...]:
    """Complete forms that wait for a signature, of one subject or of all, in order of subject and completion."""
    casebook.check_right("read")
    with casebook.reading() as connection:
        rows = connection.execute(
            """SELECT s.subject, s.event, s.event_no, s.form, s.form_no, f.completed_at, g.spot IS NOT NULL
               FROM form_state AS f JOIN spot AS s ON s.id = f.spot
               LEFT JOIN flag AS g ON g.spot = f.spot AND g."row" = ''
               WHERE f.status = 'complete' AND coalesce(g.signed, 0) = 0 AND ? IN ('', s.subject)
               ORDER BY s.subject, f.completed_at, f.spot""",
            (subject,),
        ).fetchall()
        marked = dict.fromkeys(row[0] for row in rows if row[6])
        signed = {each.key for person in marked for each in read_signatures(connection, person)}
    return tuple(Waiting(key, iso(row[5]), key in signed) for row in rows for key in [FormKey(*row[:5])])
