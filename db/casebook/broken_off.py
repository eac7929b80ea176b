"""A person's last session that did not end by signing out: until when everything was kept, and where she was."""

from __future__ import annotations

from typing import NamedTuple

from db import sqlite
from db.casebook.drafts import read_drafts
from db.clock import iso
from forms.place import Place


class BrokenOff(NamedTuple):
    """When the last entry of the session was kept (ISO UTC), and the place that was typed at last, None for none."""

    at: str
    place: Place | None


def find_broken_off(connection: sqlite.Connection, strand: str, who: str) -> BrokenOff | None:
    """The last session of an account on this device when it ended without a sign-out, else None.

    To be asked before the next session begins. A draft kept since then is where the person was, else the last value.
    """
    row = connection.execute(
        """SELECT act, seq, at FROM trail WHERE person = 1 AND act IN ('signed_in', 'signed_out')
           AND strand = ? AND who = ? ORDER BY arrival DESC LIMIT 1""",
        (strand, who),
    ).fetchone()
    if row is None or row[0] == "signed_out":
        return None
    _, begun, at = row
    last = connection.execute(
        """SELECT at, subject, event, event_no, form, form_no, "row", item FROM trail
           WHERE strand = ? AND seq > ? AND who = ? AND act = 'value' ORDER BY seq DESC LIMIT 1""",
        (strand, begun, who),
    ).fetchone()
    place = Place(*last[1:]) if last is not None else None
    kept = last[0] if last is not None else at
    drafts = [draft for draft in read_drafts(connection, who) if draft.at >= iso(kept)]
    return BrokenOff(iso(kept), drafts[-1].place if drafts else place)
