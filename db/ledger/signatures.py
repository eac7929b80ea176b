"""Electronic signatures in the ledger: what is signed, by which message, and how they are read again.

An act ``signed`` stands at the form, visit or subject it covers. It names every entry it covers by address, binds them
by a digest over addresses and hashes, names the definition in force whole, and carries the signature by the person's
Ed25519 key over all of it. It is bound to hashes, which hold commitments instead of texts: a lawful redaction leaves it
whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from db import sqlite
from db.folder import keys
from db.folder.boxes import Secret
from db.ledger.ledger import COLUMNS, PERSON, encode, read_entry
from db.ledger.projection import Row
from forms.place import FormKey, Place
from forms.record.dataset import Signature, SignedOver
from forms.record.signatures import BREAKING
from forms.value import REDACTED, Value

Covered = Sequence[tuple[str, str]]
"""Address and hash (hex) of entries."""


def read_covered(connection: sqlite.Connection, key: FormKey) -> Covered:
    """The entries behind everything that stands on a form, by row and item, and the one that completed it."""
    where = "s.subject = ? AND s.event = ? AND s.event_no = ? AND s.form = ? AND s.form_no = ?"
    columns = (key.subject, key.event, key.event_no, key.form, key.form_no)
    rows: list[tuple[str, str]] = connection.execute(
        f"""SELECT e.strand || ':' || e.seq, lower(hex(e.hash)) FROM spot AS s JOIN current AS c ON c.spot = s.id
            JOIN entry AS e ON e.strand = c.strand AND e.seq = c.seq WHERE {where} ORDER BY c."row", c.item""",
        columns,
    ).fetchall()
    rows += connection.execute(
        f"""SELECT t.strand || ':' || t.seq, lower(hex(t.hash)) FROM trail AS t WHERE t.person = {PERSON}
            AND t.person > 1 AND t.act = 'completed' AND t.spot = (SELECT id FROM spot AS s WHERE {where})
            ORDER BY t.arrival DESC LIMIT 1""",
        (key.subject, *columns),
    )
    return rows


def digest_of(covered: Covered) -> str:
    """sha256 (hex) over addresses and hashes."""
    return hashlib.sha256(encode([list(each) for each in covered]).encode()).hexdigest()


def signature_message(place: Place, who: str, told: Mapping[str, Any]) -> bytes:
    """What is signed: where, by which account, and everything the act tells besides the signature itself."""
    content = {name: each for name, each in told.items() if name != "signature"}
    where = [place.subject, place.event, place.event_no, place.form, place.form_no]
    return b"casebook signature " + encode([where, who, sorted(content.items())]).encode()


def signed_content(
    signing_key: Secret, place: Place, who: str, covered: Covered, *, name: str, meaning: str, scope: str,
    at: str, offset: int, definition: str,
) -> str:  # fmt: skip
    """What an act ``signed`` keeps, as JSON."""
    told: dict[str, Any] = {
        "at": at,
        "definition": definition,
        "digest": digest_of(covered),
        "entries": [address for address, _ in covered],
        "meaning": meaning,
        "name": name,
        "offset": offset,
        "scope": scope,
    }
    told["signature"] = keys.sign(signing_key, signature_message(place, who, told))
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def fold_signatures(rows: Iterable[Row]) -> tuple[Signature, ...]:
    """Signatures of a subject from its entries in order of arrival, each with all that changed under it."""
    given = list(rows)
    first = next((at for at, row in enumerate(given) if row[6] == "signed"), None)
    if first is None:
        return ()
    values = {Place(*row[7:14]): _value(row) for row in given[:first] if row[6] in ("value", "derived")}
    found: list[Signature] = []
    for row in given[first:]:
        place = Place(*row[7:14])
        if row[6] == "signed":
            found.append(_signature(row, place))
        elif row[6] in BREAKING:
            after = None if row[6] == "reopened" else _value(row)
            before = values.get(place) if after is not None else None
            for at, each in enumerate(found):
                if each.covers(place):
                    change = SignedOver(place, before, after, read_entry(row))
                    found[at] = replace(each, changes=(*each.changes, change))
            if after is not None:
                values[place] = after
    return tuple(found)


def _value(row: Row) -> Value:
    return Value(REDACTED, REDACTED) if row[23] is None else Value(row[24], row[25], row[14], row[15])


def _signature(row: Row, place: Place) -> Signature:
    entry = read_entry(row)
    if entry.value.value == REDACTED:
        return Signature(entry, place.form_key, REDACTED, "", "")
    told = json.loads(entry.value.value)
    return Signature(entry, place.form_key, told["name"], told["meaning"], told["scope"])


def read_signatures(connection: sqlite.Connection, subject: str) -> tuple[Signature, ...]:
    """Signatures over anything of a subject, oldest first."""
    signed = connection.execute(
        f"SELECT min(t.arrival) FROM trail AS t WHERE t.person = {PERSON} AND t.person > 1 AND t.act = 'signed'",
        (subject,),
    ).fetchone()[0]
    if signed is None:
        return ()
    return fold_signatures(
        connection.execute(
            f"SELECT {COLUMNS} FROM trail AS t WHERE t.person = {PERSON} AND t.person > 1 ORDER BY t.arrival",
            (subject,),
        )
    )


def find_unsound(connection: sqlite.Connection, public: Mapping[str, Sequence[tuple[int, str]]]) -> list[str]:
    """Addresses of signatures that are not what they say.

    ``public`` gives, by account, each public key (hex) and the position from which it held. The signature must be by
    the key its author had then, the entries it names must be there with the hashes it binds, the name of the
    definition must be the one its entry carries.
    """
    rows = connection.execute(f"SELECT {COLUMNS} FROM trail AS t WHERE t.act = 'signed' ORDER BY t.arrival")
    return [entry.address for entry in map(read_entry, rows) if not _is_sound(connection, entry, public)]


def _is_sound(connection: sqlite.Connection, entry: Any, public: Mapping[str, Sequence[tuple[int, str]]]) -> bool:
    try:
        told = json.loads(entry.value.value)
        held = [key for since, key in public.get(entry.who, ()) if since <= entry.arrival]
        covered = [(address, _hash_at(connection, address)) for address in told["entries"]]
        return (
            bool(held)
            and told["digest"] == digest_of(covered)
            and told["definition"].startswith(entry.definition)
            and (told["at"], told["offset"]) == (entry.at, entry.offset)
            and keys.is_signed(held[-1], signature_message(entry.place, entry.who, told), told["signature"])
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _hash_at(connection: sqlite.Connection, address: str) -> str:
    strand, _, seq = address.partition(":")
    row = connection.execute("SELECT hash FROM entry WHERE strand = ? AND seq = ?", (strand, int(seq))).fetchone()
    return str(row[0].hex())
