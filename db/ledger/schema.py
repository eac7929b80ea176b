"""Schema of a store in numbered steps. A step is never edited and imports nothing of ours; a new one goes at the end.

What stands where, and why in this way, is told in docs/decisions/ledger.md. `PRAGMA user_version` holds the number of
the last step done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_LEDGER = """
CREATE TABLE context (
  id INTEGER PRIMARY KEY, who TEXT NOT NULL, role TEXT NOT NULL, "offset" INTEGER NOT NULL,
  definition TEXT NOT NULL, app TEXT NOT NULL
) STRICT;

CREATE TABLE spot (
  id INTEGER PRIMARY KEY, subject TEXT NOT NULL, event TEXT NOT NULL, event_no TEXT NOT NULL,
  form TEXT NOT NULL, form_no TEXT NOT NULL
) STRICT;

CREATE INDEX spot_of_subject ON spot (subject, event, event_no, form, form_no);

INSERT INTO spot VALUES (1, '', '', '', '', '');

CREATE TABLE entry (
  strand TEXT NOT NULL, seq INTEGER NOT NULL, arrival INTEGER NOT NULL, at INTEGER NOT NULL,
  context INTEGER NOT NULL, act TEXT NOT NULL, person INTEGER NOT NULL, spot INTEGER NOT NULL,
  "row" TEXT NOT NULL, item TEXT NOT NULL,
  unit TEXT NOT NULL, missing TEXT NOT NULL, replaces TEXT NOT NULL, cause TEXT NOT NULL,
  prev BLOB NOT NULL, hash BLOB NOT NULL,
  PRIMARY KEY (strand, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX entry_of_person ON entry (person, arrival) WHERE person > 1;

CREATE INDEX entry_of_store ON entry (act, arrival) WHERE person = 1;

CREATE TABLE payload (
  strand TEXT NOT NULL, seq INTEGER NOT NULL,
  salt BLOB NOT NULL, text TEXT, value TEXT NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY (strand, seq)
) STRICT, WITHOUT ROWID;

CREATE VIEW trail AS
SELECT e.strand, e.seq, e.at, c."offset", c.who, c.role, e.act,
       s.subject, s.event, s.event_no, s.form, s.form_no, e."row", e.item, e.unit, e.missing, e.replaces, e.cause,
       c.definition, c.app,
       e.arrival, e.prev, e.hash, p.salt, coalesce(p.text, p.value) AS text, p.value, p.why, e.person, e.spot
FROM entry AS e JOIN context AS c ON c.id = e.context JOIN spot AS s ON s.id = e.spot
LEFT JOIN payload AS p ON p.strand = e.strand AND p.seq = e.seq;

CREATE TRIGGER entry_follows_the_last BEFORE INSERT ON entry
WHEN EXISTS (SELECT 1 FROM entry WHERE strand = NEW.strand AND seq >= NEW.seq)
  OR length(NEW.hash) <> 32
  OR CASE NEW.seq WHEN 1 THEN NEW.prev <> zeroblob(32)
     ELSE NOT EXISTS (SELECT 1 FROM entry WHERE strand = NEW.strand AND seq = NEW.seq - 1
                      AND hash = NEW.prev AND arrival < NEW.arrival) END
BEGIN SELECT RAISE(ABORT, 'an entry must follow the last of its strand'); END;

CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;

CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;

CREATE TRIGGER context_is_never_changed BEFORE UPDATE ON context
BEGIN SELECT RAISE(ABORT, 'contexts are never changed'); END;

CREATE TRIGGER context_is_never_deleted BEFORE DELETE ON context
BEGIN SELECT RAISE(ABORT, 'contexts are never deleted'); END;

CREATE TRIGGER spot_is_never_changed BEFORE UPDATE ON spot
BEGIN SELECT RAISE(ABORT, 'spots are never changed'); END;

CREATE TRIGGER spot_is_never_deleted BEFORE DELETE ON spot
BEGIN SELECT RAISE(ABORT, 'spots are never deleted'); END;

CREATE TRIGGER payload_is_never_replaced BEFORE INSERT ON payload
WHEN EXISTS (SELECT 1 FROM payload WHERE strand = NEW.strand AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'payloads are never replaced'); END;

CREATE TRIGGER payload_is_never_changed BEFORE UPDATE ON payload
BEGIN SELECT RAISE(ABORT, 'payloads are never changed'); END;

CREATE TRIGGER payload_goes_only_by_a_tombstone BEFORE DELETE ON payload
WHEN NOT EXISTS (
  SELECT 1 FROM entry WHERE person = 1 AND act = 'redacted' AND replaces = OLD.strand || ':' || OLD.seq)
BEGIN SELECT RAISE(ABORT, 'payloads are never deleted'); END;
"""

_PROJECTIONS = """
CREATE TABLE current (
  spot INTEGER NOT NULL, "row" TEXT NOT NULL, item TEXT NOT NULL,
  strand TEXT NOT NULL, seq INTEGER NOT NULL, first INTEGER NOT NULL, changes INTEGER NOT NULL,
  PRIMARY KEY (spot, "row", item)
) STRICT, WITHOUT ROWID;

CREATE TABLE form_state (
  spot INTEGER PRIMARY KEY, status TEXT NOT NULL, completed_at INTEGER NOT NULL, completed_by TEXT NOT NULL,
  once_completed INTEGER NOT NULL
) STRICT;

CREATE TABLE query (
  id TEXT PRIMARY KEY, strand TEXT NOT NULL, seq INTEGER NOT NULL, subject TEXT NOT NULL, arrival INTEGER NOT NULL,
  status TEXT NOT NULL, closed_at INTEGER NOT NULL, closed_by TEXT NOT NULL, closed_arrival INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX query_of_subject ON query (subject, arrival);

CREATE TABLE subject (
  id TEXT PRIMARY KEY, arrival INTEGER NOT NULL, status TEXT NOT NULL, sex TEXT NOT NULL, age TEXT NOT NULL,
  cycle TEXT NOT NULL, worst_grade TEXT NOT NULL, open_queries INTEGER NOT NULL, last_entry INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER value_becomes_current AFTER INSERT ON entry WHEN NEW.act IN ('value', 'derived')
BEGIN
  INSERT INTO current VALUES (NEW.spot, NEW."row", NEW.item, NEW.strand, NEW.seq, NEW.arrival, 0)
  ON CONFLICT DO UPDATE SET strand = excluded.strand, seq = excluded.seq, changes = changes + 1;
END;

CREATE TRIGGER value_starts_its_form AFTER INSERT ON entry WHEN NEW.act = 'value'
  AND NOT EXISTS (SELECT 1 FROM form_state WHERE spot = NEW.spot)
BEGIN
  INSERT INTO form_state VALUES (NEW.spot, 'started', 0, '', 0);
END;

CREATE TRIGGER form_is_completed AFTER INSERT ON entry WHEN NEW.act = 'completed'
BEGIN
  INSERT INTO form_state
  SELECT NEW.spot, 'complete', NEW.at, who, 1 FROM context WHERE id = NEW.context
  ON CONFLICT DO UPDATE SET status = 'complete', completed_at = excluded.completed_at,
    completed_by = excluded.completed_by, once_completed = 1;
END;

CREATE TRIGGER form_is_reopened AFTER INSERT ON entry WHEN NEW.act = 'reopened'
BEGIN
  UPDATE form_state SET status = 'started', completed_at = 0, completed_by = '' WHERE spot = NEW.spot;
END;

CREATE TRIGGER query_is_opened AFTER INSERT ON entry WHEN NEW.act = 'query_opened'
BEGIN
  INSERT INTO query
  SELECT NEW.strand || ':' || NEW.seq, NEW.strand, NEW.seq, subject, NEW.arrival, 'open', 0, '', 0
  FROM spot WHERE id = NEW.spot;
  UPDATE subject SET open_queries = open_queries + 1 WHERE id = (SELECT subject FROM spot WHERE id = NEW.spot);
END;

CREATE TRIGGER query_is_answered AFTER INSERT ON entry WHEN NEW.act = 'query_answered'
BEGIN
  UPDATE query SET status = 'answered' WHERE id = NEW.replaces AND status = 'open';
END;

CREATE TRIGGER query_is_closed AFTER INSERT ON entry WHEN NEW.act = 'query_closed'
BEGIN
  UPDATE subject SET open_queries = open_queries - 1
  WHERE id = (SELECT subject FROM query WHERE id = NEW.replaces AND status <> 'closed');
  UPDATE query SET status = 'closed', closed_at = NEW.at, closed_arrival = NEW.arrival,
    closed_by = (SELECT who FROM context WHERE id = NEW.context)
  WHERE id = NEW.replaces AND status <> 'closed';
END;

CREATE TRIGGER query_is_reopened AFTER INSERT ON entry WHEN NEW.act = 'query_reopened'
BEGIN
  UPDATE subject SET open_queries = open_queries + 1
  WHERE id = (SELECT subject FROM query WHERE id = NEW.replaces AND status = 'closed');
  UPDATE query SET status = 'open', closed_at = 0, closed_by = '', closed_arrival = 0 WHERE id = NEW.replaces;
END;

CREATE TRIGGER subject_is_added AFTER INSERT ON entry WHEN NEW.act = 'subject_added'
BEGIN
  INSERT INTO subject SELECT subject, NEW.arrival, '', '', '', '', '', 0, NEW.at FROM spot WHERE id = NEW.spot;
END;
"""


def _first(database: Database) -> None:
    """Ledger, payloads, projections, drafts and the notes of this device."""
    for statement in (_LEDGER + _PROJECTIONS).split("\n\n"):
        database.execute(statement)
    place = dict.fromkeys(("subject", "event", "event_no", "form", "form_no", "row", "item"), str)
    database["draft"].create(  # type: ignore[union-attr]
        {**place, "who": str, "text": str, "unit": str, "at": int},
        pk=(*place, "who"),
        not_null={*place, "who", "text", "unit", "at"},
        strict=True,
    )
    database["device"].create(  # type: ignore[union-attr]
        {"name": str, "value": str}, pk="name", not_null={"value"}, strict=True
    )


def _second(database: Database) -> None:
    """The local identification log: sealed under a key of its own, which is sealed for each person who may look."""
    for statement in _IDENTITY.split("\n\n"):
        database.execute(statement)


_IDENTITY = """
CREATE TABLE identity (
  subject TEXT NOT NULL, turn INTEGER NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, sealed TEXT NOT NULL,
  PRIMARY KEY (subject, turn)
) STRICT, WITHOUT ROWID;

CREATE TABLE identity_key (
  holder TEXT PRIMARY KEY, public_key TEXT NOT NULL, box TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


def _third(database: Database) -> None:
    """The optional second factor of each person, sealed for that person."""
    database.execute(
        """CREATE TABLE second_factor (
             account TEXT PRIMARY KEY, public_key TEXT NOT NULL, box TEXT NOT NULL, used INTEGER NOT NULL
           ) STRICT, WITHOUT ROWID"""
    )


def _fourth(database: Database) -> None:
    """Seals: the signature by its author under each transaction, and what a seal relies on, kept once for many."""
    for statement in _SEALS.split("\n\n"):
        database.execute(statement)


_SEALS = """
CREATE TABLE basis (
  id INTEGER PRIMARY KEY, "key" TEXT NOT NULL, rights TEXT NOT NULL, definition TEXT NOT NULL, ranges TEXT NOT NULL
) STRICT;

CREATE TABLE seal (
  strand TEXT NOT NULL, seq INTEGER NOT NULL, run INTEGER NOT NULL, basis INTEGER NOT NULL, signature BLOB NOT NULL,
  PRIMARY KEY (strand, seq)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER seal_is_of_the_last_entry BEFORE INSERT ON seal
WHEN length(NEW.signature) <> 64 OR NEW.run > NEW.seq
  OR NEW.seq IS NOT (SELECT max(seq) FROM entry WHERE strand = NEW.strand)
  OR EXISTS (SELECT 1 FROM seal WHERE strand = NEW.strand AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'a seal is set under the last entry of its strand'); END;

CREATE TRIGGER seal_is_never_changed BEFORE UPDATE ON seal
BEGIN SELECT RAISE(ABORT, 'seals are never changed'); END;

CREATE TRIGGER seal_is_never_deleted BEFORE DELETE ON seal
BEGIN SELECT RAISE(ABORT, 'seals are never deleted'); END;

CREATE TRIGGER basis_is_never_replaced BEFORE INSERT ON basis
WHEN EXISTS (SELECT 1 FROM basis WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a basis is never replaced'); END;

CREATE TRIGGER basis_is_never_changed BEFORE UPDATE ON basis
BEGIN SELECT RAISE(ABORT, 'a basis is never changed'); END;

CREATE TRIGGER basis_is_never_deleted BEFORE DELETE ON basis
BEGIN SELECT RAISE(ABORT, 'a basis is never deleted'); END;
"""


def _fifth(database: Database) -> None:
    """Flags of forms, of rows of their logs, and of whole visits and subjects: verified, signed, frozen, locked."""
    for statement in _FLAGS.split("\n\n"):
        database.execute(statement)


_FLAGS = """
CREATE TABLE flag (
  spot INTEGER NOT NULL, "row" TEXT NOT NULL, verified INTEGER NOT NULL, signed INTEGER NOT NULL,
  frozen INTEGER NOT NULL, locked INTEGER NOT NULL, PRIMARY KEY (spot, "row")
) STRICT, WITHOUT ROWID;

CREATE TRIGGER flag_is_set AFTER INSERT ON entry
WHEN NEW.act IN ('verified', 'unverified', 'frozen', 'unfrozen', 'locked', 'unlocked')
  OR (NEW.act = 'signed' AND (SELECT form FROM spot WHERE id = NEW.spot) <> '')
BEGIN
  INSERT INTO flag VALUES (
    NEW.spot, NEW."row", NEW.act = 'verified', NEW.act = 'signed', NEW.act = 'frozen', NEW.act = 'locked')
  ON CONFLICT DO UPDATE SET
    verified = CASE NEW.act WHEN 'verified' THEN 1 WHEN 'unverified' THEN 0 ELSE verified END,
    signed = CASE NEW.act WHEN 'signed' THEN 1 ELSE signed END,
    frozen = CASE NEW.act WHEN 'frozen' THEN 1 WHEN 'unfrozen' THEN 0 ELSE frozen END,
    locked = CASE NEW.act WHEN 'locked' THEN 1 WHEN 'unlocked' THEN 0 ELSE locked END;
END;

CREATE TRIGGER value_takes_flags_away AFTER INSERT ON entry WHEN NEW.act IN ('value', 'derived')
BEGIN
  UPDATE flag SET verified = 0, signed = 0
  WHERE spot = NEW.spot AND "row" IN ('', NEW."row") AND (verified OR signed);
END;

CREATE TRIGGER reopening_takes_the_signature_away AFTER INSERT ON entry WHEN NEW.act = 'reopened'
BEGIN
  UPDATE flag SET signed = 0 WHERE spot = NEW.spot AND "row" = '';
END;
"""


STEPS: tuple[Callable[[Database], None], ...] = (_first, _second, _third, _fourth, _fifth)
"""Step n brings a store from schema n-1 to schema n."""

CURRENT = len(STEPS)
