"""Definitions, laboratory ranges and the site, as the ledger tells them at a position."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from functools import lru_cache
from typing import Any

from db import sqlite
from db.clock import local_date, read_instant
from db.ledger.ledger import DEFINITION_DIGITS, Act, read_acts
from forms.errors import Trouble
from forms.place import Place
from forms.record.dataset import Entry
from forms.study.canonical import fingerprint, read
from forms.study.definition import LabRange, Study
from forms.subject.in_force import StudyInForce
from forms.value import Value

_DECIMALS = ("low", "high", "age_from", "age_to")


def definition_act(content: bytes, why: str = "", approved: str = "") -> Act:
    """The act by which a definition comes into force: its canonical JSON, named by its sha256.

    ``approved``: ISO date on which the ethics committee approved it for this site.
    """
    place = Place("", "", "", "", "", "", fingerprint(content))
    told = json.dumps({"approved": approved}) if approved else ""
    return Act("definition", place, Value(text=told, value=content.decode("utf-8")), why)


def read_history(connection: sqlite.Connection, position: int | None = None) -> tuple[StudyInForce, ...]:
    """Every version that was put in force up to a position (None: now), oldest first."""
    found = []
    for act in read_acts(connection, "definition"):
        if position is None or act.arrival <= position:
            content = act.value.value.encode("utf-8")
            if fingerprint(content) != act.place.item:
                raise Trouble("db.definition_altered", told=act.place.item[:12])
            study, day = study_of(act.place.item, content), local_date(read_instant(act.at), act.offset)
            name = act.place.item[:DEFINITION_DIGITS]
            found.append(StudyInForce(name, study, act.arrival, day, approval_of(act), act.why, act.who))
    return tuple(found)


def is_first_definition(connection: sqlite.Connection) -> bool:
    """Whether no other version was put in force after the first; cheaper than reading them."""
    row = connection.execute("SELECT count(*) FROM entry WHERE person = 1 AND act = 'definition'").fetchone()
    return int(row[0]) < 2


def approval_of(act: Entry) -> str:
    """The ISO date of the ethics committee's approval that a ``definition`` act tells, "" where it tells none."""
    if act.value.text in ("", act.value.value):
        return ""
    told: dict[str, str] = json.loads(act.value.text)
    return told["approved"]


def range_act(entry: LabRange, why: str = "") -> Act:
    """The act by which a laboratory range comes into force."""
    content = {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(entry).items()}
    place = Place("", "", "", "", "", entry.lab, entry.analyte)
    return Act("range", place, Value(value=json.dumps(content, ensure_ascii=False, sort_keys=True)), why)


def read_definition(connection: sqlite.Connection, position: int | None = None) -> tuple[Study, str]:
    """The study in force at a position (None: now) and the sha256 of its canonical JSON."""
    row = connection.execute(
        """SELECT t.item, t.value FROM trail AS t WHERE t.person = 1 AND t.act = 'definition' AND t.arrival <= ?
           ORDER BY t.arrival DESC LIMIT 1""",
        (1 << 62 if position is None else position,),
    ).fetchone()
    if row is None:
        raise Trouble("db.no_definition")
    content = row[1].encode("utf-8")
    if fingerprint(content) != row[0]:
        sqlite.check_sound(connection)
        raise Trouble("db.definition_altered", told=row[0][:12])
    return study_of(row[0], content), row[0]


def read_definitions(connection: sqlite.Connection) -> tuple[Study, ...]:
    """Every study that was ever in force, that of now first. Those that can't be read are left out."""
    found: dict[str, Study] = {}
    for act in reversed(read_acts(connection, "definition")):
        content = act.value.value.encode("utf-8")
        if act.place.item not in found and fingerprint(content) == act.place.item:
            found[act.place.item] = study_of(act.place.item, content)
    return tuple(found.values())


@lru_cache(maxsize=32)
def study_of(definition: str, content: bytes) -> Study:
    """Studies are frozen: one object serves every connection, with whatever was compiled of it."""
    return read(content)


def read_ranges(connection: sqlite.Connection, position: int | None = None) -> tuple[LabRange, ...]:
    """Laboratory ranges in force at a position, oldest first."""
    return tuple(
        read_range(act) for act in read_acts(connection, "range") if position is None or act.arrival <= position
    )


def read_range(act: Entry) -> LabRange:
    """The range of a ``range`` act."""
    content: dict[str, Any] = json.loads(act.value.value)
    for name in _DECIMALS:
        if content[name] is not None:
            content[name] = Decimal(content[name])
    return LabRange(**content)


def read_set_clock(connection: sqlite.Connection) -> str:
    """The day (ISO date) the clock was set to by hand when the store was made, "" for a store made in earnest."""
    row = connection.execute(
        """SELECT t.act, t.value FROM trail AS t WHERE t.person = 1 AND t.act IN ('clock_set', 'signed_in')
           ORDER BY t.arrival LIMIT 1"""
    ).fetchone()
    return str(row[1]) if row is not None and row[0] == "clock_set" else ""


def read_site(connection: sqlite.Connection) -> str:
    """The site code given when the store was made."""
    return str(json.loads(read_acts(connection, "store_created")[0].value.value)["site"])
