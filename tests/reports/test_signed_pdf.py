"""A printed casebook shows on every signed form who signed, with which meaning, when and where, and what broke it."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.casebook.flagging import set_flag, whole_subject
from db.people.signing import sign, sign_scope
from reports.pdf.casebook.report import render
from tests.db.stores import PASSPHRASE, fill_screening, new_store
from tests.db.test_states import DM, LB, ONE, PLT, SV, VS, study
from tests.reports.test_casebook_pdf import text_of


@pytest.fixture
def book(tmp_path: Path):
    made = new_store(tmp_path, role="pi", study=study())
    fill_screening(made)
    for form in (SV, DM, VS, LB):
        made.complete(form)
    yield made
    made.close()


def printed(book, language: str = "en") -> str:
    return " ".join(text_of(render(book.dataset(), ONE, language)).split())


def test_a_signed_form_shows_name_meaning_and_time_with_zone_on_the_print(book):
    sign(book, [LB], "approval", PASSPHRASE, user="ann")
    words = printed(book)
    assert "Ann Wu · Approval · Form · 2025-03-01 01:00" in words
    assert "UTC (there 2025-03-01 09:00" in words
    assert "UTC+08:00)" in words
    assert "Nothing changed underneath." in words
    chinese = printed(book, "zh")
    assert "Ann Wu · 批准 · 表单 · 2025-03-01" in chinese


def test_a_broken_signature_stays_on_the_print_with_what_changed(book):
    sign(book, [LB], "author", PASSPHRASE, user="ann")
    book.enter(PLT, "81", why="slip")
    words = printed(book)
    assert "Ann Wu · Author · Form" in words
    assert "Broken since:" in words
    assert "80" in words.partition("Broken since:")[2]
    assert "→ 81" in words
    assert "Nothing changed underneath." not in words


def test_a_casebook_signature_and_a_lock_are_printed_and_a_print_without_any_has_no_such_section(book):
    assert "Nothing changed underneath." not in printed(book)
    sign_scope(book, whole_subject(ONE), "final", "approval", PASSPHRASE, user="ann")
    set_flag(book, "locked", whole_subject(ONE), "cleaned")
    words = printed(book)
    assert "Ann Wu · Approval · Final" in words
    assert "· Locked" in words
