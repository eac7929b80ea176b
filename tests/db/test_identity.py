"""The identification log: for those who may look, sealed against those who may not, in nothing that leaves."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from db.clock import clock_of
from db.copies.automatic import copy_store
from db.folder import paths
from db.folder.keys import CHEAP
from db.opening.vault import open_store
from db.people.accounts import add_account, change_role, note_training, recover, reset_passphrase, take_over
from db.people.identity import Identity, read_identity, write_identity
from db.people.rekey import rekey
from db.proof.verify import verify
from forms.errors import Refusal
from tests.db.stores import PASSPHRASE, START, fill_screening, hands, reopened, with_identify

OLD = Path(__file__).resolve().parents[1] / "old_stores"
WHO = Identity("H-88123", "张小兰", "12-3")
BOBS = "phrase of bob"


def later(days: int):
    return clock_of(hands(START + timedelta(days=days)))


@pytest.fixture
def book(tmp_path):
    made = with_identify(tmp_path)
    fill_screening(made)
    yield made
    made.close()


def second(book, role: str = "investigator"):
    return add_account(book, "bob", "Bob Li", role, BOBS, kdf=CHEAP, temporary=False)


def test_what_was_noted_is_read_back_and_every_look_is_an_act_without_a_value(book):
    assert read_identity(book, "AN-001") == Identity()
    write_identity(book, "AN-001", WHO)
    assert read_identity(book, "AN-001") == WHO
    looks = book.acts("identity_read", "identity_changed")
    assert [(act.act, act.place.item) for act in looks] == [
        ("identity_read", "AN-001"), ("identity_changed", "AN-001"), ("identity_read", "AN-001"),
    ]  # fmt: skip
    assert not any(part in str(act) for act in looks for part in (WHO.name, WHO.number, WHO.bed))
    assert not verify(book).faults


def test_a_change_needs_a_reason(book):
    write_identity(book, "AN-001", WHO)
    with pytest.raises(Refusal, match="reason"):
        write_identity(book, "AN-001", replace(WHO, bed="14-1"))
    write_identity(book, "AN-001", replace(WHO, bed="14-1"), "Moved")
    assert read_identity(book, "AN-001").bed == "14-1"


def test_a_monitor_may_not_look_and_holds_no_key(book, tmp_path):
    write_identity(book, "AN-001", WHO)
    bob = second(book, "monitor")
    read_identity(book, "AN-001")
    held = [row[0] for row in book.connection.execute("SELECT holder FROM identity_key")]
    assert bob.id not in held
    book.close()
    monitor = reopened(tmp_path, later(1), "bob", BOBS)
    with pytest.raises(Refusal, match="right"):
        read_identity(monitor, "AN-001")
    monitor.close()


def test_somebody_new_may_look_once_a_holder_has_opened_the_log(book, tmp_path):
    write_identity(book, "AN-001", WHO)
    second(book)
    book.close()
    bob = reopened(tmp_path, later(1), "bob", BOBS)
    with pytest.raises(Refusal, match="not opened to you"):
        read_identity(bob, "AN-001")
    bob.close()
    ann = reopened(tmp_path, later(2))
    read_identity(ann, "AN-001")
    ann.close()
    bob = reopened(tmp_path, later(3), "bob", BOBS)
    assert read_identity(bob, "AN-001") == WHO
    bob.close()


def test_whoever_may_no_longer_look_is_shut_out_by_another_key(book):
    bob = second(book)
    write_identity(book, "AN-001", WHO)
    before = book.connection.execute("SELECT sealed FROM identity").fetchone()
    change_role(book, bob.id, "monitor", "Left the ward")
    assert read_identity(book, "AN-001") == WHO
    assert book.connection.execute("SELECT sealed FROM identity").fetchone() != before
    assert bob.id not in [row[0] for row in book.connection.execute("SELECT holder FROM identity_key")]


def test_a_reset_passphrase_gets_the_log_back_from_another_holder(book, tmp_path):
    bob = second(book)
    write_identity(book, "AN-001", WHO)
    reset_passphrase(book, bob.id, "temporary words", "Forgotten", CHEAP)
    read_identity(book, "AN-001")
    book.close()
    back = reopened(tmp_path, later(1), "bob", "temporary words")
    take_over(back, "temporary words", "bob's new words", trained=True, kdf=CHEAP)
    assert read_identity(back, "AN-001") == WHO
    back.close()


def test_the_recovery_sheet_brings_the_log_back_to_its_only_reader(book, tmp_path):
    code = book.recovery_code
    write_identity(book, "AN-001", WHO)
    book.close()
    found = recover(tmp_path / "trial", code, "ann", "found again", later(3), CHEAP)
    assert read_identity(found, "AN-001") == WHO
    again = found.recovery_code
    found.close()
    found = recover(tmp_path / "trial", again, "ann", "and once more", later(4), CHEAP)
    assert read_identity(found, "AN-001") == WHO
    found.close()


def test_the_log_outlives_a_new_key_of_the_store(book):
    write_identity(book, "AN-001", WHO)
    fresh = rekey(book, "Laptop stolen", kdf=CHEAP)
    assert read_identity(fresh, "AN-001") == WHO
    fresh.close()


def test_no_dataset_export_or_report_holds_a_word_of_it(book, tmp_path):
    from reports.data.data_file import render as csv_of
    from reports.pdf.audit import render as audit_of
    from reports.pdf.casebook.report import render as casebook_of

    write_identity(book, "AN-001", WHO)
    dataset = book.dataset()
    told = [repr(dataset), repr(list(dataset.subjects[0].entries)), csv_of(dataset).decode()]
    for pdf in (casebook_of(dataset, "AN-001", "zh"), audit_of(dataset, "zh")):
        path = tmp_path / "report.pdf"
        path.write_bytes(pdf)
        told.append(text_of(path))
    assert not [part for part in (WHO.name, WHO.number) for text in told if part in text]


def text_of(path: Path) -> str:
    import subprocess

    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    return subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode()


def test_a_copy_holds_the_log_sealed(book, tmp_path):
    write_identity(book, "AN-001", WHO)
    reader = open_store(tmp_path / "trial", user="ann", passphrase=PASSPHRASE, clock=later(0), read_only=True)
    (tmp_path / "stick").mkdir()
    made = copy_store(reader, str(tmp_path / "stick"), tick=lambda *_: None)
    reader.close()
    copied = open_store(made.path, user="ann", passphrase=PASSPHRASE, clock=later(5))
    assert read_identity(copied, "AN-001") == WHO
    copied.close()


def test_a_line_taken_out_of_the_log_behind_the_program_is_found(book):
    write_identity(book, "AN-001", WHO)
    assert not verify(book).faults
    book.connection.execute("DELETE FROM identity")
    assert "identification log of AN-001" in verify(book).faults[0]["en"]


@pytest.mark.parametrize(("schema", "noted", "factors"), [(1, 0, 0), (2, 1, 0), (3, 1, 1)])
def test_an_old_store_is_brought_up_to_date_after_a_copy_of_it(tmp_path, schema, noted, factors):
    shutil.copytree(OLD / f"schema-{schema}.casebook", tmp_path / "trial.casebook")
    book = reopened(tmp_path)
    assert (tmp_path / "trial.casebook" / paths.BACKUPS / f"schema-{schema}.casebook" / paths.STORE).exists()
    assert book.connection.execute("SELECT count(*) FROM identity").fetchone() == (noted,)
    assert book.connection.execute("SELECT count(*) FROM second_factor").fetchone() == (factors,)
    assert book.count_subjects() == 1
    assert not verify(book).faults
    book.close()


def test_the_log_is_not_lost_when_somebody_who_was_only_invited_comes_in_by_the_sheet(tmp_path):
    book = with_identify(tmp_path)
    book.add_subject("AN-001")
    code = book.recovery_code
    add_account(book, "bob", "Bob Li", "investigator", BOBS, kdf=CHEAP)
    write_identity(book, "AN-001", WHO)
    book.close()
    came = recover(tmp_path / "trial", code, "bob", "bob's own phrase", later(2), kdf=CHEAP)
    assert came.account.waiting
    assert verify(came).faults == ()
    note_training(came)
    assert read_identity(came, "AN-001") == WHO
    assert verify(came).faults == ()
    came.close()


def test_what_an_invitation_could_read_is_read_after_taking_over_with_the_new_key(tmp_path):
    book = with_identify(tmp_path)
    book.add_subject("AN-001")
    add_account(book, "bob", "Bob Li", "investigator", BOBS, kdf=CHEAP)
    write_identity(book, "AN-001", WHO)
    invited = next(each for each in book.accounts.values() if each.user == "bob")
    book.close()
    bob = reopened(tmp_path, later(2), "bob", BOBS)
    take_over(bob, BOBS, "bob's own phrase", trained=True, kdf=CHEAP)
    assert bob.account.public_key != invited.public_key
    assert read_identity(bob, "AN-001") == WHO
    assert verify(bob).faults == ()
    bob.close()
