"""Who said it: each entry against the seal of its author, and against the rights the author had then.

A strand is cut into runs by the seals (`db.ledger.seals`): from a sign-in to the last seal of the same key. The last
seal of a run answers for the whole run, so that one signature a run is verified, however many transactions it has.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from db import sqlite
from db.ledger.chain import ProofFault
from db.ledger.definitions import read_set_clock
from db.ledger.ledger import SYSTEM, read_acts, read_strands
from db.ledger.seals import SEALED_FROM, Run, read_root, read_runs, read_sealed_strands, read_seals
from db.proof.rights import LOOKED_AT, MAKING, Row, Scene, misfit_of_person, misfit_of_system
from db.proof.timeline import InForce, Timeline

MOST_FAULTS = 100
FOREVER = 1 << 62

Said = tuple[str, str, str, str, bool]
"""Who, role, act, definition and whether something is replaced: what the right to an entry depends on."""


@dataclass(slots=True)
class _Running:
    """The run under way. ``begun`` is the moment it began in."""

    run: Run | None = None
    begun: InForce = field(default_factory=InForce)
    sheet: str = ""
    """Key of the recovery sheet by then; in a store of an earlier version the first sealed run brings it in."""
    author: str = ""
    signed_in: bool = False
    new_key: bool = False
    """The author got another key, so that only the act on the key file may follow."""


@dataclass(slots=True)
class _Origin:
    """How a store began: which strand, under which schema, and where the others went on."""

    strand: str
    schema: int
    ends: dict[str, int]
    """Number of the entry after which a strand was left, because another goes on from there."""
    steps: dict[str, int]
    """Number of the entry by which a strand came to a schema with seals."""


class Authors:
    """Is shown every entry in order of strand and number; holds what it found, and what no seal covers."""

    def __init__(self, connection: sqlite.Connection) -> None:
        self._connection = connection
        self._moments = Timeline(connection)
        self.faults: list[ProofFault] = self._moments.faults
        self.root = read_root(connection)
        self.sealed = 0
        """Entries that a seal covers."""
        self.unsigned: list[str] = []
        """Addresses up to which a strand was written before there were seals."""
        self._origin = _read_origin(connection)
        ends = "SELECT max(seq) FROM entry WHERE strand = ?"
        self._strands = {
            strand: (read_runs(connection, strand), connection.execute(ends, (strand,)).fetchone()[0] or 0)
            for strand in dict.fromkeys((*read_strands(connection), *read_sealed_strands(connection)))
        }
        self._was_set = bool(read_set_clock(connection))
        self._strand, self._last = "", 0
        self._runs: list[Run] = []
        self._strand_end = 0
        self._now = _Running()
        self._before = _Running()
        self._run_end = 0
        self._moment, self._moment_end = 0, -1
        self._fine: set[Said] = set()
        self._act = ("", "", 0)

    def saw(self, row: Row) -> None:
        """The next entry."""
        if row[0] != self._strand:
            self._turn_to(row[0])
        if row[1] > self._run_end:
            self._begin(row)
        self._last = row[1]
        if self._now.run is None:
            return
        self.sealed += 1
        if row[20] > self._moment_end:
            self._move_to(row[20])
        said = (row[4], row[5], row[6], row[18], row[16] != "")
        if said not in self._fine:
            self._look_at(row, said)
        if row[1] == self._run_end:
            self._end(row)

    def finish(self) -> list[ProofFault]:
        """No entry is left; everything that was found."""
        for strand in list(self._strands):
            self._turn_to(strand)
        self._leave()
        return self.faults

    # --- runs -----------------------------------------------------------------------------------------------------

    def _turn_to(self, strand: str) -> None:
        self._leave()
        self._strand, self._last, self._run_end, self._moment_end = strand, 0, 0, -1
        self._runs, self._strand_end = self._strands.pop(strand, ([], 0))
        self._now, self._before = _Running(), _Running()

    def _leave(self) -> None:
        """A strand is done: no seal may be left over."""
        for run in self._runs:
            if run.last > self._strand_end:
                self._fault("db.verify.sealed_gone", run.address)
        self._runs = []

    def _begin(self, row: Row) -> None:
        """The first entry of a run, or of what no seal covers."""
        seq = row[1]
        while self._runs and self._runs[0].last < seq:
            self._runs.pop(0)
        if self._now.run is not None:
            self._before = self._now
        follows = self._runs[0] if self._runs else None
        self._act = ("", "", 0)
        if follows is None or follows.first > seq:
            self._run_end = follows.first - 1 if follows is not None else FOREVER
            self._now = _Running()
            self._not_sealed(seq)
            return
        if follows.first <= self._last:
            self._fault("db.verify.seal", follows.address)
        self._run_end = follows.last
        self._move_to(row[20])
        self._now = _Running(follows, self._moments[self._moment], self._sheet_of(follows))
        self._now.signed_in = follows.first != seq  # what comes before can't be read, which is told elsewhere
        self._check_strand(row)

    def _not_sealed(self, first: int) -> None:
        """Entries without a seal: of an earlier version, or by nobody."""
        strand, origin = self._strand, self._origin
        last = min(self._strand_end, self._run_end)
        old = 0
        if first == 1 and origin.schema < SEALED_FROM:
            old = min(last, origin.steps.get(strand, FOREVER) - 1, origin.ends.get(strand, FOREVER))
        if old:
            self.unsigned.append(f"{strand}:{old}")
        if old < last:
            self._fault("db.verify.unsealed", f"{strand}:{max(first, old + 1)} – {strand}:{last}")

    def _check_strand(self, row: Row) -> None:
        due = "store_created" if row[0] == self._origin.strand else "strand_begun"
        if row[1] == 1 and row[6] != due:
            self._fault("db.verify.strand", _address(row))

    def _end(self, row: Row) -> None:
        """The last entry of a run: its seal must be its author's, over what was in force."""
        now, run = self._now, self._now.run
        if run is None:
            return
        after = self._moments[self._moments.before(row[20] + 1)]
        told = {"rights": run.basis.rights, "definition": run.basis.definition, "ranges": run.basis.ranges}
        if not now.author or not any(run.is_sealed_by(key, self.root) for key in self._keys_of(now)):
            self._fault("db.verify.seal", f"{run.strand}:{run.first} – {run.address}")
        elif told != after.relied:
            self._fault("db.verify.seal_basis", _address(row))

    def _keys_of(self, now: _Running) -> list[str]:
        """Public keys by which a run may be sealed: the author's, or that of the sheet which lets the author in."""
        if self._is_making(now):
            return [self._moments.maker.public_key] if self._moments.maker is not None else []
        account = now.begun.accounts.get(now.author)
        return [key for key in (account.public_key if account else "", now.sheet) if key]

    def _sheet_of(self, run: Run) -> str:
        found = self._moments[self._moment].sheet
        if not found and self._before.run is None and self.unsigned:
            during = range(self._moment, self._moments.before(run.arrival + 1) + 1)
            return next((self._moments[each].sheet for each in during if self._moments[each].sheet), "")
        return found

    def _is_making(self, now: _Running) -> bool:
        return now.run is not None and now.run.first == 1 and now.run.strand == self._origin.strand

    # --- entries --------------------------------------------------------------------------------------------------

    def _move_to(self, arrival: int) -> None:
        self._moment = self._moments.before(arrival)
        self._moment_end = self._moments.end(self._moment)
        self._fine.clear()

    def _look_at(self, row: Row, said: Said) -> None:
        who, act, now = row[4], row[6], self._now
        misfit = ""
        try:
            misfit = self._misfit_of_system(row) if who == SYSTEM else self._misfit_of(row)
        except (ValueError, KeyError, TypeError, AttributeError):
            misfit = "db.verify.account"
        if who != SYSTEM and act == "account_changed" and row[13] == now.author:
            now.new_key = True
        self._act = (act, row[13], row[2])
        if misfit:
            self._fault(misfit, _address(row))
        elif act not in LOOKED_AT and now.signed_in and not now.new_key:
            self._fine.add(said)

    def _misfit_of_system(self, row: Row) -> str:
        return misfit_of_system(row, self._scene())

    def _misfit_of(self, row: Row) -> str:
        now, act = self._now, row[6]
        now.author = now.author or row[4]
        if row[4] != now.author:
            return "db.verify.author"
        if now.new_key and act != "keys_changed":
            return "db.verify.right"
        if not now.signed_in:
            if act == "signed_in":
                now.signed_in = True
            elif self._is_making(now):
                return self._misfit_of_making(row)
            elif self._goes_on():
                now.signed_in = True
            elif act != "strand_begun":
                now.signed_in = True
                return "db.verify.sign_in"
        elif act == "store_created":
            return "db.verify.strand"
        return misfit_of_person(row, self._scene())

    def _misfit_of_making(self, row: Row) -> str:
        """The acts that make a store, before anybody can have a right."""
        own = row[6] != "account_added" or row[13] == row[4]
        first = (row[6] == "store_created") == (row[1] == 1)
        return "" if row[6] in MAKING and own and first else "db.verify.sign_in"

    def _goes_on(self) -> bool:
        """The same person after a change of the own key, without signing in anew."""
        return self._before.author == self._now.author and self._before.new_key

    def _scene(self) -> Scene:
        moment = self._moments[self._moment]
        now = self._now
        by_sheet = now.run is not None and now.sheet == now.run.basis.key
        return Scene(
            self._connection, moment, self._moments[max(self._moment - 1, 0)], now.author, by_sheet, self._act,
            self._was_set,
        )  # fmt: skip

    def _fault(self, key: str, where: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(ProofFault(key, where))


def check_every_seal(connection: sqlite.Connection, root: str) -> list[ProofFault]:
    """Each seal by itself: the signature is that of the key it names, which is that of its whole run."""
    faults: list[ProofFault] = []
    for strand in read_sealed_strands(connection):
        keys = {run.first: run.basis.key for run in read_runs(connection, strand)}
        faults += [
            ProofFault("db.verify.seal", f"{strand}:{seal.first} – {seal.address}")
            for seal in read_seals(connection, strand)
            if not seal.is_sealed_by(keys.get(seal.first, ""), root)
        ]
    return faults[:MOST_FAULTS]


def _address(row: Row) -> str:
    return f"{row[0]}:{row[1]}"


def _read_origin(connection: sqlite.Connection) -> _Origin:
    made = read_acts(connection, "store_created")[0]
    ends: dict[str, int] = {}
    steps: dict[str, int] = {}
    for act in read_acts(connection, "strand_begun"):
        strand, _, seq = str(json.loads(act.value.value)["after"]).partition(":")
        ends.setdefault(strand, int(seq))
    for act in read_acts(connection, "migration"):
        if int(json.loads(act.value.value)["to"]) >= SEALED_FROM:
            steps.setdefault(act.strand, act.seq)
    return _Origin(made.strand, int(json.loads(made.value.value)["schema"]), ends, steps)
