"""Seals left out, exchanged, made again or carried over; chains and whole stores written anew."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from db import sqlite
from db.clock import clock_of
from db.copies.restoring import restore
from db.folder import paths
from db.folder.keys import CHEAP, new_signing_key, public_key
from db.ledger.ledger import COLUMNS, START, Act, commitment, entry_hash
from db.ledger.seals import Run, Sealer, read_last_run, read_root, read_runs, seal_message
from db.opening.vault import create_store
from db.people.accounts import recover, remove_account
from db.proof.copying import backup
from db.proof.verify import verify
from forms.errors import Trouble
from forms.value import Value
from tests.db.attacks.insider import LATER, PASSPHRASE, Insider, account_change, crewed_study, new_site, signed_in
from tests.db.stores import at, fill_screening, hands

PLT = at("AN-001", "SCR", "LB", "PLT")
FORGED = Act("value", PLT, Value("250", "250"), "forged")
SOON = LATER + timedelta(minutes=30)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def site(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "trial.casebook"))


def run_of(connection: sqlite.Connection, user: str, insider: Insider) -> tuple[str, int, int]:
    """Strand, first and last entry of somebody's run."""
    key = insider.people[user].public_key
    row = connection.execute(
        'SELECT strand, min(run), max(seq) FROM seal JOIN basis ON basis.id = basis WHERE "key" = ?', (key,)
    ).fetchone()
    return row[0], row[1], row[2]


# --- seals ------------------------------------------------------------------------------------------------------------


def test_anothers_seals_left_out_are_missed(site):
    mona = Insider(site)
    with mona.unhindered() as connection:
        strand, first, last = run_of(connection, "bob", mona)
        connection.execute("DELETE FROM seal WHERE run = ?", (first,))
    assert mona.found() == [("unsealed", f"{strand}:{first} – {strand}:{last}")]


def test_the_last_seal_of_anothers_run_left_out_leaves_entries_that_nobody_signed(site):
    mona = Insider(site)
    with mona.unhindered() as connection:
        strand, first, last = run_of(connection, "bob", mona)
        connection.execute("DELETE FROM seal WHERE run = ? AND seq = ?", (first, last))
        before = connection.execute("SELECT max(seq) FROM seal WHERE run = ?", (first,)).fetchone()[0]
    assert ("unsealed", f"{strand}:{before + 1} – {strand}:{last}") in mona.found()


def test_all_seals_left_out_make_no_old_store_of_a_new_one(site):
    mona = Insider(site)
    with mona.unhindered() as connection:
        connection.execute("DELETE FROM seal")
    assert [kind for kind, _ in mona.found()] == ["unsealed"]
    with pytest.raises(Trouble) as told:
        signed_in(site, "ann")
    assert told.value.key == "db.tail_broken"


def test_anothers_run_signed_again_by_the_own_key_is_named(site):
    mona = Insider(site)
    with mona.unhindered() as connection:
        strand, first, last = run_of(connection, "bob", mona)
        connection.execute('UPDATE basis SET "key" = ? WHERE "key" = ?',
                           (mona.people["mona"].public_key, mona.people["bob"].public_key))  # fmt: skip
        sealer = Sealer(connection, mona.key, first)
        run = read_run(connection, strand, last)
        connection.execute("UPDATE seal SET signature = ? WHERE seq = ?", (signed(sealer, mona, run), last))
    assert ("seal", f"{strand}:{first} – {strand}:{last}") in mona.found()


def read_run(connection: sqlite.Connection, strand: str, last: int) -> Run:
    """The run whose last seal stands under an entry."""
    return next(each for each in read_runs(connection, strand) if each.last == last)


def signed(sealer: Sealer, insider: Insider, run: Run) -> bytes:
    """A signature as the program makes it, by the insider's key."""
    with insider.opened() as connection:
        root = read_root(connection)
    return sealer._signer.sign(seal_message(root, run.strand, run.first, run.last, run.hash, run.basis))


def test_a_seal_of_an_earlier_entry_set_under_a_later_one_is_named(site):
    mona = Insider(site)
    with mona.unhindered() as connection:
        strand, first, last = run_of(connection, "bob", mona)
        connection.execute(
            """UPDATE seal SET signature = (SELECT signature FROM seal AS s WHERE s.run = ? ORDER BY s.seq LIMIT 1)
               WHERE seq = ?""",
            (first, last),
        )
    assert ("seal", f"{strand}:{first} – {strand}:{last}") in mona.found()


def test_a_seal_in_the_middle_of_a_sign_in_is_covered_by_the_last_and_looked_at_when_asked_for(site):
    mona = Insider(site)
    with mona.unhindered() as connection:
        strand, first, _ = run_of(connection, "bob", mona)
        seq = connection.execute("SELECT min(seq) FROM seal WHERE run = ?", (first,)).fetchone()[0]
        connection.execute("UPDATE seal SET signature = zeroblob(64) WHERE seq = ?", (seq,))
    assert mona.found() == []
    full = verify(site, user="ann", passphrase=PASSPHRASE, full=True)
    assert [(fault.key, fault.where) for fault in full.found] == [
        ("db.verify.seal", f"{strand}:{first} – {strand}:{seq}")
    ]


def test_a_run_that_claims_the_entries_of_others_is_named(site):
    mona = Insider(site)
    (where,) = mona.write(Act("report"), run=1)
    assert ("seal", where) in [(kind, place[-len(where) :]) for kind, place in mona.found()]


def test_a_seal_that_relies_on_rights_of_before_is_named(site):
    bob = Insider(site, "bob")
    ann = signed_in(site, "ann")
    remove_account(ann, bob.people["mona"].id, "left")
    ann.close()
    with bob.opened() as connection:
        before = connection.execute("SELECT rights FROM basis ORDER BY id LIMIT 1").fetchone()[0]
        strand = connection.execute("SELECT max(strand) FROM seal").fetchone()[0]
    (where,) = bob.write(FORGED, when=SOON)
    with bob.unhindered() as connection:
        run = read_last_run(connection, strand)
        stale = replace(run, basis=run.basis._replace(rights=before))
        connection.execute("UPDATE basis SET rights = ? WHERE id = (SELECT max(id) FROM basis)", (before,))
        sealer = Sealer(connection, bob.key, run.first)
        connection.execute("UPDATE seal SET signature = ? WHERE seq = ?", (signed(sealer, bob, stale), run.last))
    assert ("seal_basis", where) in bob.found()


def test_a_seal_from_another_store_of_the_same_people_is_named(site, tmp_path):
    ann = signed_in(site, "ann")
    copied = backup(ann, tmp_path / "copy.casebook")
    ann.close()
    restore(copied.path, tmp_path / "other", user="ann", passphrase=PASSPHRASE, clock=clock_of(hands(SOON)))
    other = Insider(tmp_path / "other.casebook", "ann")
    with other.opened() as connection:
        run = read_last_run(connection, connection.execute("SELECT value FROM device").fetchone()[0])
    mona = Insider(site)
    (where,) = mona.write(Act("report"), who=mona.people["ann"].id, when=SOON)
    with mona.unhindered() as connection:
        connection.execute("UPDATE seal SET signature = ? WHERE seq = ?", (run.signature, int(where.partition(":")[2])))
    assert ("seal", where) in [(kind, place[-len(where) :]) for kind, place in mona.found()]


@pytest.mark.parametrize("part", ["seal_is_never_changed", "seal_is_never_deleted", "seal_is_of_the_last_entry"])
def test_a_trigger_that_guards_seals_taken_away_is_named(site, part):
    mona = Insider(site)
    with mona.opened() as connection:
        connection.execute(f"DROP TRIGGER {part}")
    assert mona.found() == [("schema_missing", f"trigger {part}")]


def test_a_view_that_tells_of_other_authors_is_named_and_read_past(site):
    mona = Insider(site)
    with mona.opened() as connection:
        told = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'trail'").fetchone()[0]
        connection.execute("DROP VIEW trail")
        connection.execute(told.replace("c.who", f"replace(c.who, '{mona.id}', 'x') AS who"))
    assert mona.found() == [("schema_altered", "view trail")]


def test_a_seal_has_no_hidden_number_by_which_it_is_replaced(site):
    mona = Insider(site)
    with mona.opened() as connection, pytest.raises(sqlite.DatabaseError):
        connection.execute("SELECT rowid FROM seal")


# --- chains -----------------------------------------------------------------------------------------------------------


def written_anew(connection: sqlite.Connection, strand: str, since: int) -> None:
    """Every hash from an entry on, worked out again."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM trail AS t WHERE t.strand = ? AND t.seq >= ? ORDER BY t.seq", (strand, since)
    ).fetchall()
    before = connection.execute("SELECT hash FROM entry WHERE strand = ? AND seq = ?", (strand, since - 1)).fetchone()
    prev = before[0] if before else START
    for row in rows:
        mark = entry_hash(prev, commitment(row[23], row[24], row[25], row[26]), row[:20])
        connection.execute("UPDATE entry SET prev = ?, hash = ? WHERE seq = ?", (prev, mark, row[1]))
        prev = mark


def test_a_chain_written_anew_from_an_altered_value_on_breaks_the_seals_behind_it(site):
    mona = Insider(site)
    with mona.unhindered() as connection:
        strand, first, last = run_of(connection, "bob", mona)
        seq = connection.execute("SELECT seq FROM entry WHERE item = 'PLT' AND act = 'value'").fetchone()[0]
        connection.execute("UPDATE payload SET value = '250' WHERE seq = ?", (seq,))
        written_anew(connection, strand, seq)
    (site / paths.COUNTER).unlink()
    assert ("seal", f"{strand}:{first} – {strand}:{last}") in mona.found()
    assert "entry" not in [kind for kind, _ in mona.found()]


def test_an_entry_told_of_another_author_breaks_the_seal_though_the_chain_is_whole(site):
    mona = Insider(site)
    with mona.unhindered() as connection:
        strand, first, last = run_of(connection, "bob", mona)
        seq = connection.execute("SELECT seq FROM entry WHERE item = 'PLT' AND act = 'value'").fetchone()[0]
        other = connection.execute("SELECT context FROM entry WHERE act = 'account_added' LIMIT 1").fetchone()[0]
        connection.execute("UPDATE entry SET context = ? WHERE seq = ?", (other, seq))
        written_anew(connection, strand, seq)
    (site / paths.COUNTER).unlink()
    assert {("author", f"{strand}:{seq}"), ("seal", f"{strand}:{first} – {strand}:{last}")} <= set(mona.found())


def test_a_first_key_exchanged_with_the_chain_written_anew_is_another_store(site):
    ann = signed_in(site, "ann")
    root = ann.fingerprint()
    ann.close()
    mona = Insider(site)
    fresh = new_signing_key()
    with mona.unhindered() as connection:
        strand = connection.execute("SELECT max(strand) FROM entry").fetchone()[0]
        public = mona.people["ann"].public_key
        connection.execute("UPDATE payload SET value = replace(value, ?, ?)", (public, public_key(fresh)))
        written_anew(connection, strand, 1)
    (site / paths.COUNTER).unlink()
    kinds = [kind for kind, _ in mona.found(root=root)]
    assert "root_differs" in kinds
    assert "seal" in kinds


def test_a_whole_store_made_anew_with_new_keys_is_told_by_the_fingerprint_or_a_tip_alone(site, tmp_path):
    ann = signed_in(site, "ann")
    root, tip = ann.fingerprint(), ann.tip()
    ann.close()
    forged = create_store(
        tmp_path / "forged", crewed_study(), site="AN", user="ann", name="Ann Wu", role="lead", passphrase=PASSPHRASE,
        clock=clock_of(hands()), kdf=CHEAP,
    )  # fmt: skip
    fill_screening(forged)
    forged.close()
    store = Insider(tmp_path / "forged.casebook", "ann")
    assert store.found() == []
    assert [kind for kind, _ in store.found(root=root)] == ["root_differs"]
    assert [kind for kind, _ in store.found(anchor=tip)] == ["anchor_missing"]
    assert Insider(site).found(root=root.replace(" ", "-").upper(), anchor=tip) == []


@pytest.mark.parametrize("typed", ["", "0a1b", " "])
def test_a_fingerprint_too_short_proves_nothing(site, typed):
    found = Insider(site).found(root=typed)
    assert [kind for kind, _ in found] == (["root_differs"] if typed else [])


def test_a_tail_rolled_back_with_its_seals_is_told_by_a_tip_alone(site):
    earlier = Path(shutil.copytree(site, site.with_name("earlier.casebook")))
    bob = signed_in(site, "bob")
    bob.enter(PLT, "20", why="misread")
    tip = bob.tip()
    bob.close()
    shutil.rmtree(site)
    shutil.copytree(earlier, site)
    assert Insider(site).found() == []
    assert [kind for kind, _ in Insider(site).found(anchor=tip)] == ["anchor_missing"]


def test_a_tail_cut_off_without_its_seals_is_named(site):
    mona = Insider(site)
    with mona.unhindered() as connection:
        strand, last = connection.execute("SELECT strand, max(seq) FROM entry").fetchone()
        connection.execute("DELETE FROM entry WHERE seq = ?", (last,))
    (site / paths.COUNTER).unlink()
    assert ("sealed_gone", f"{strand}:{last}") in mona.found()


# --- strands ----------------------------------------------------------------------------------------------------------


def test_an_invented_strand_is_named(site):
    mona = Insider(site)
    mona.write(FORGED, who=mona.people["bob"].id, strand="evil", unsealed=True, sign_in=False)
    assert ("unsealed", "evil:1 – evil:1") in mona.found()


def test_an_invented_strand_under_the_own_seal_is_named(site):
    mona = Insider(site)
    mona.write(Act("report"), strand="evil")
    assert ("strand", "evil:1") in mona.found()


def test_a_strand_begun_by_somebody_who_may_not_restore_is_named(site):
    mona = Insider(site)
    with mona.opened() as connection:
        strand, seq, mark = connection.execute("SELECT strand, max(seq), hash FROM entry").fetchone()
    begun = Value(value=f'{{"after": "{strand}:{seq}", "from": "copy", "hash": "{mark.hex()}"}}')
    mona.write(Act("strand_begun", value=begun), strand="evil", sign_in=False)
    assert ("right", "evil:1") in mona.found()


def test_a_strand_that_goes_on_from_an_entry_there_never_was_is_named(site):
    ann = Insider(site, "ann")
    begun = Value(value='{"after": "zzzz:7", "from": "copy", "hash": "00"}')
    ann.write(Act("strand_begun", value=begun), strand="evil", sign_in=False)
    assert ("strand", "evil:1") in ann.found()


# --- rights of before -------------------------------------------------------------------------------------------------


def test_an_older_copy_restored_to_have_a_right_again_is_told_by_a_tip_alone(site, tmp_path):
    ann = signed_in(site, "ann")
    copied = backup(ann, tmp_path / "copy.casebook")
    remove_account(ann, next(each.id for each in ann.accounts.values() if each.user == "rita"), "left")
    tip = ann.tip()
    ann.close()
    restore(copied.path, tmp_path / "again", user="ann", passphrase=PASSPHRASE, clock=clock_of(hands(SOON)))
    again = tmp_path / "again.casebook"
    rita = signed_in(again, "rita", SOON + timedelta(minutes=5))
    assert rita.account.active
    assert rita.acts("restore")
    rita.close()
    assert Insider(again, "ann").found() == []
    assert [kind for kind, _ in Insider(again, "ann").found(anchor=tip)] == ["anchor_missing"]


def test_a_recovery_without_the_sheet_is_named(site):
    mona = Insider(site)
    fresh = new_signing_key()
    act = account_change(mona.people["ann"], public_key=public_key(fresh))
    (_, where) = mona.write(Act("recovery_used"), act, who=mona.people["ann"].id, key=fresh)
    kinds = mona.found()
    assert ("seal", where) in [(kind, place[-len(where) :]) for kind, place in kinds]
    assert "right" in [kind for kind, _ in kinds]


def test_a_recovery_with_the_sheet_is_sealed_by_it_and_the_person_by_the_new_key(tmp_path):
    book = create_store(
        tmp_path / "trial", crewed_study(), site="AN", user="ann", name="Ann Wu", role="lead", passphrase=PASSPHRASE,
        clock=clock_of(hands()), kdf=CHEAP,
    )  # fmt: skip
    code = book.recovery_code
    fill_screening(book)
    book.close()
    again = recover(book.path, code, "ann", PASSPHRASE + " again", clock_of(hands(LATER)), CHEAP)
    again.enter(PLT, "81", why="misread")
    assert verify(again, full=True).faults == ()
    keys = again.connection.execute('SELECT count(DISTINCT "key") FROM basis').fetchone()[0]
    assert keys == 3
    again.close()


def test_an_older_key_file_put_back_is_named(site):
    kept = (site / paths.KEYS).read_bytes()
    ann = signed_in(site, "ann")
    remove_account(ann, next(each.id for each in ann.accounts.values() if each.user == "bob"), "left")
    ann.close()
    (site / paths.KEYS).write_bytes(kept)
    assert Insider(site, "bob").found() == [("keys", paths.KEYS)]
