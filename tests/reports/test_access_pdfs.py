"""Delegation list, query listing, recovery sheet and rehearsal protocol, read back from their PDFs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from db.folder.keys import CHEAP
from db.people.accounts import add_account, change_role, remove_account
from forms.record.delegation import check_duties, read_periods
from forms.texts import said
from reports.pdf import delegation, queries, recovery, rehearsal
from reports.registry import REPORTS
from tests.db.stores import fill_screening, new_store, site_study
from tests.qr_reader import read_symbol

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
PHRASE = "another phrase"


def text_of(tmp_path: Path, pdf: bytes) -> str:
    path = tmp_path / "read.pdf"
    path.write_bytes(pdf)
    told = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode()
    return " ".join(told.split())


@pytest.fixture
def book(tmp_path):
    made = new_store(tmp_path)
    yield made
    made.close()


def people(book) -> None:
    bob = add_account(book, "bob", "Bob Li", "nurse", PHRASE, "Ward 3", kdf=CHEAP, temporary=False)
    change_role(book, bob.id, "investigator", "Promoted", "2026-01-31")
    eve = add_account(book, "eve", "Eve", "nurse", PHRASE, kdf=CHEAP)
    remove_account(book, eve.id, "Left")


def test_the_delegation_list_names_every_role_from_when_to_when(book, tmp_path):
    people(book)
    periods = read_periods(book.dataset().acts)
    assert [(each.name, each.role, bool(each.until)) for each in periods] == [
        ("Ann Wu", "nurse", False),
        ("Bob Li", "nurse", True),
        ("Bob Li", "investigator", False),
        ("Eve", "nurse", True),
    ]
    told = text_of(tmp_path, delegation.render(book.dataset(), "en"))
    for words in ("Ann Wu", "Bob Li", "until 2026-01-31", "Promoted", "not yet", "2025-03-01 09:00", "UTC+08:00"):
        assert words in told
    assert said({"zh": "授权"}, "zh") in text_of(tmp_path, delegation.render(book.dataset(), "zh"))


def test_the_same_delegation_list_is_the_same_bytes(book):
    people(book)
    dataset = book.dataset()
    assert delegation.render(dataset, "zh") == delegation.render(dataset, "zh")
    assert REPORTS["delegation"].render(dataset, "en") == delegation.render(dataset, "en")


def test_one_person_who_looks_after_accounts_and_owns_data_is_a_finding(book):
    found = check_duties(site_study(), read_periods(book.dataset().acts))
    assert "No administrator" in found[0]["en"]
    add_account(book, "ann2", "ann  wu", "admin", PHRASE, kdf=CHEAP)
    found = check_duties(site_study(), read_periods(book.acts("account_added")))
    assert len(found) == 1
    assert "also has the account ann" in found[0]["en"]


def test_an_administrator_who_is_nobody_else_is_no_finding(book):
    add_account(book, "root", "Root", "admin", PHRASE, kdf=CHEAP)
    assert check_duties(site_study(), read_periods(book.acts("account_added"))) == ()


def test_the_recovery_sheet_holds_the_code_in_letters_and_as_symbol(tmp_path):
    code = "ABCDE-FGHJK-MNPQR-STVWX-YZ012-34567"
    for language in ("en", "zh"):
        made = "2025-03-01 09:00 UTC+08:00"
        pdf = recovery.render(site_study(), "AN", "trial.casebook", made, code, "0a1b 2c3d", "0.1", language)
        told = text_of(tmp_path, pdf)
        assert "0a1b 2c3d" in told
        assert code in told
        assert "UTC+08:00" in told
    symbol = recovery.draw_code(code).contents[0].qr
    symbol.make()
    assert read_symbol(symbol.modules) == code


def test_the_query_listing_says_what_was_asked_and_what_followed(book, tmp_path):
    from tests.db.stores import at

    fill_screening(book)
    bob = add_account(book, "bob", "Bob Li", "monitor", PHRASE, kdf=CHEAP, temporary=False)
    assert bob.role == "monitor"
    book.complete(at("AN-001", "SCR", "LB", "PLT").form_key)
    told = text_of(tmp_path, queries.render(book.dataset(), "en"))
    assert "Query listing" in told


def test_the_protocol_of_a_rehearsal_says_whether_the_copy_is_good(tmp_path):
    lines = [("Copy", "trial-20250301T010000Z.casebook"), ("Faults", "none")]
    good = text_of(tmp_path, rehearsal.render(site_study(), "AN", lines, True, "0.1", "en"))
    assert "can take the store's place" in good
    assert "trial-20250301T010000Z.casebook" in good
    assert "can't take" in text_of(tmp_path, rehearsal.render(site_study(), "AN", lines, False, "0.1", "en"))
