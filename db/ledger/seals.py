"""Seals: who said it. The author of each transaction signs where the ledger has come to, with the own key.

The seal under the last entry of a transaction is an Ed25519 signature over

    "casebook seal 1" + LF + json([root, strand, run, seq, hash, key, rights, definition, ranges])

with JSON as in `db.ledger.binding`. ``root`` is the store: the hash of the entry that brought its first account in,
which binds the first key. ``run`` is the number of the first entry that the author answers for, at the sign-in;
``seq`` and ``hash`` name the entry sealed. ``key`` is the public half of the author's key. ``rights``, ``definition``
and ``ranges`` are the addresses of the last acts on accounts, definition and ranges by then, "" where there is none.
A seal covers the author's whole run, so that only the last of a run need be verified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from db import sqlite
from db.folder.boxes import Secret
from db.folder.keys import Signer, is_signed
from db.ledger.binding import RELIED, Tip, encode

DOMAIN = b"casebook seal 1\n"

SEALED_FROM = 4
"""The schema from which on every transaction is sealed."""

RELIED_ON = ("rights", "definition", "ranges")


class Basis(NamedTuple):
    """By which key a run is sealed, and the addresses of the acts it relies on."""

    key: str
    rights: str = ""
    definition: str = ""
    ranges: str = ""


def seal_message(root: str, strand: str, run: int, seq: int, mark: str, basis: Basis) -> bytes:
    """What is signed; ``root`` and ``mark`` in hex."""
    return DOMAIN + encode([root, strand, run, seq, mark, *basis]).encode()


class Sealer:
    """The key of who is signed in, and the run it seals: from entry number ``run`` of its strand on."""

    def __init__(self, connection: sqlite.Connection, signing_key: Secret, run: int) -> None:
        self._signer = Signer(signing_key)
        self._root = read_root(connection)
        self._relied = read_relied(connection)
        self._numbers: dict[Basis, int] = {}
        self._basis: Basis | None = None
        self.run = run

    @property
    def public(self) -> str:
        """Hex of the public key that seals."""
        return self._signer.public

    def seal(self, connection: sqlite.Connection, strand: str, tip: Tip, noted: Mapping[str, str]) -> None:
        """Set the seal under the last entry, inside its transaction.

        ``noted`` are addresses of acts of this transaction that seals rely on.
        """
        self._root = self._root or read_root(connection)
        if noted or self._basis is None:
            self._basis = Basis(self.public, **{**self._relied, **noted})
        basis = self._basis
        message = seal_message(self._root, strand, self.run, tip.seq, tip.hash.hex(), basis)
        row = (strand, tip.seq, self.run, self._number(connection, basis), self._signer.sign(message))
        connection.execute("INSERT INTO seal VALUES (?, ?, ?, ?, ?)", row)

    def keep(self, noted: Mapping[str, str]) -> None:
        """The transaction was committed: what it noted is relied on from now on."""
        self._relied.update(noted)

    def forget(self) -> None:
        """The transaction came to nothing, and with it what was noted and numbered in it."""
        self._numbers.clear()
        self._basis = None

    def _number(self, connection: sqlite.Connection, basis: Basis) -> int:
        found = self._numbers.get(basis)
        if found is None:
            row = connection.execute(
                'SELECT id FROM basis WHERE "key" = ? AND rights = ? AND definition = ? AND ranges = ?', basis
            ).fetchone()
            if row is None:
                row = connection.execute("INSERT INTO basis VALUES (NULL, ?, ?, ?, ?) RETURNING id", basis).fetchone()
            found = self._numbers[basis] = row[0]
        return found


def read_root(connection: sqlite.Connection) -> str:
    """What tells a store from every other: the hash, in hex, of the entry that brought the first account in."""
    row = connection.execute(
        "SELECT hash FROM entry WHERE person = 1 AND act = 'account_added' ORDER BY arrival LIMIT 1"
    ).fetchone()
    return "" if row is None else str(row[0].hex())


ROOT_DIGITS = 32
"""Hex digits of the root that are printed and compared: 128 bits, out of reach of whoever looks for another store."""


def grouped(root: str) -> str:
    """The fingerprint of a store as it is printed: its first digits in groups of four."""
    return " ".join(root[at : at + 4] for at in range(0, ROOT_DIGITS, 4)).strip()


def is_root(typed: str, root: str) -> bool:
    """Whether what a person typed off the sheet is the whole fingerprint; blanks, dashes and capitals don't count."""
    plain = "".join(letter for letter in typed.lower() if letter not in " -\t\n")
    return len(plain) >= ROOT_DIGITS and root.startswith(plain)


def read_relied(connection: sqlite.Connection) -> dict[str, str]:
    """Addresses of the last acts that a seal relies on, "" where there is none."""
    found = {}
    for name in RELIED_ON:
        ends = (
            connection.execute(
                """SELECT arrival, strand || ':' || seq FROM entry WHERE person = 1 AND act = ?
                   ORDER BY arrival DESC LIMIT 1""",
                (act,),
            ).fetchone()
            for act, relied in RELIED.items()
            if relied == name
        )
        found[name] = max((row for row in ends if row is not None), default=(0, ""))[1]
    return found


@dataclass(frozen=True, slots=True)
class Run:
    """What one author answers for: entries ``first`` to ``last`` of a strand, by the seal under the last one."""

    strand: str
    first: int
    last: int
    basis: Basis
    signature: bytes
    hash: str
    arrival: int

    @property
    def address(self) -> str:
        """Address of the entry under which the seal stands."""
        return f"{self.strand}:{self.last}"

    def is_sealed_by(self, key: str, root: str) -> bool:
        """Whether the signature is made with that key, over this run in the store with this root."""
        message = seal_message(root, self.strand, self.first, self.last, self.hash, self.basis)
        return self.basis.key == key and is_signed(key, message, self.signature.hex())


_RUNS = """
SELECT s.strand, s.run, s.seq, coalesce(b."key", ''), b.rights, b.definition, b.ranges, s.signature,
 coalesce(e.hash, x''), coalesce(e.arrival, 0)
FROM {ends} AS s LEFT JOIN basis AS b ON b.id = s.basis LEFT JOIN entry AS e ON e.strand = s.strand AND e.seq = s.seq
WHERE s.strand = ? ORDER BY s.seq
"""


def read_runs(connection: sqlite.Connection, strand: str) -> list[Run]:
    """The runs of a strand by their last seals, in order; none for a store of a schema that had no seals."""
    return _read_runs(connection, strand, "(SELECT strand, run, max(seq) AS seq, basis, signature FROM seal "
                      "WHERE strand = ? GROUP BY run)")  # fmt: skip


def read_sealed_strands(connection: sqlite.Connection) -> tuple[str, ...]:
    """Every strand of which there are seals."""
    rows = connection.execute("SELECT DISTINCT strand FROM seal") if has_seals(connection) else ()
    return tuple(strand for (strand,) in rows)


def read_last_run(connection: sqlite.Connection, strand: str) -> Run | None:
    """The run that a strand ends with."""
    found = _read_runs(connection, strand, "(SELECT * FROM seal WHERE strand = ? ORDER BY seq DESC LIMIT 1)")
    return found[0] if found else None


def read_seals(connection: sqlite.Connection, strand: str) -> Iterator[Run]:
    """Every seal of a strand, in order."""
    return _each_run(connection, strand, "(SELECT * FROM seal WHERE strand = ?)")


def _read_runs(connection: sqlite.Connection, strand: str, ends: str) -> list[Run]:
    return list(_each_run(connection, strand, ends)) if has_seals(connection) else []


def _each_run(connection: sqlite.Connection, strand: str, ends: str) -> Iterator[Run]:
    for row in connection.execute(_RUNS.format(ends=ends), (strand, strand)):
        yield Run(row[0], row[1], row[2], Basis(*row[3:7]), row[7], row[8].hex(), row[9])


def has_seals(connection: sqlite.Connection) -> bool:
    """Whether the store is of a schema with seals."""
    return sqlite.has_table(connection, "seal")
