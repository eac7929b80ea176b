"""A clock set back or on is told at the next sign-in, by verify and in print; a clock set by hand only where it may."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from db.casebook.casebook import Casebook
from db.clock import Clock, set_clock, system_clock
from db.copies.restoring import restore
from db.opening.vault import open_store
from db.proof.copying import backup
from db.proof.verify import verify
from forms.errors import Refusal
from reports.paper.page import demonstration_mark
from reports.pdf import audit
from tests.db.stores import PASSPHRASE, START, at, fill_screening, hands, new_store, reopened

PLT = at("AN-001", "SCR", "LB", "PLT")


def earnest(start: datetime = START, step: timedelta = timedelta(seconds=1)) -> tuple[Clock, object]:
    """A clock nobody set, and its hands."""
    moved = hands(start, step)
    return Clock(moved.now, moved.monotonic), moved


def set_wrong_for_one_entry(folder: Path, wrong: timedelta) -> Casebook:
    """A store in which one value was entered under a wrong clock that was set right afterwards."""
    clock, moved = earnest()
    book = new_store(folder, clock)
    fill_screening(book)
    right = moved.at
    moved.move_to(right + wrong)
    book.enter(PLT, "41", why="repeated")
    moved.move_to(right + timedelta(minutes=1))
    book.enter(PLT, "42", why="repeated")
    book.close()
    return book


def printed(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("wrong", [timedelta(days=-400), timedelta(hours=-2), timedelta(hours=3), timedelta(days=4000)])
def test_a_clock_wrong_for_one_entry_is_told_at_the_next_sign_in_by_verify_and_in_the_audit_report(tmp_path, wrong):
    book = set_wrong_for_one_entry(tmp_path, wrong)
    clock, _ = earnest(START + timedelta(days=60))
    again = reopened(tmp_path, clock)
    told = " ".join(text["en"] for text in again.warnings)
    assert "was set back" in told
    assert "was set on" in told
    shown = (START + wrong).date().isoformat()
    assert shown in told
    found = verify(book.path, user="ann", passphrase=PASSPHRASE)
    assert found.faults == ()
    assert any("2 times" in note["en"] for note in found.notes)
    assert shown in str(found.notes)
    report = " ".join(printed(audit.render(again.dataset(), "en")))
    assert "Clock was set back" in report
    assert f"the clock showed {shown}" in report
    assert "时钟显示" in " ".join(printed(audit.render(again.dataset(), "zh")))
    again.close()
    third = reopened(tmp_path, earnest(START + timedelta(days=61))[0])
    assert "was set" not in " ".join(text["en"] for text in third.warnings)
    third.close()


def test_an_entry_back_in_time_of_which_nothing_tells_is_named(tmp_path, monkeypatch):
    book = new_store(tmp_path, earnest()[0])
    fill_screening(book)
    tip = book.ledger.tip
    monkeypatch.setattr(book.ledger, "_look", lambda: setattr(book.ledger, "_now", (tip.at - 7_200_000, tip.offset)))
    book.enter(PLT, "41", why="repeated")
    address = book.history(PLT)[-1].address
    assert ("db.verify.time", address) in [(fault.key, fault.where) for fault in verify(book).found]
    book.let_go()


# --- a clock set by hand ----------------------------------------------------------------------------------------------


def test_a_store_made_in_earnest_refuses_a_clock_set_by_hand_everywhere(tmp_path):
    book = new_store(tmp_path, system_clock())
    backup(book, tmp_path / "copy.casebook")
    position = book.position()
    book.close()
    set_by_hand = set_clock("2024-10-20")
    for read_only in (False, True):
        with pytest.raises(Refusal) as told:
            open_store(book.path, user="ann", passphrase=PASSPHRASE, clock=set_by_hand, read_only=read_only)
        assert told.value.key == "db.clock_not_of_store"
        assert "CASEBOOK_TODAY（2024-10-20）" in told.value.in_language("zh")
    with pytest.raises(Refusal):
        restore(tmp_path / "copy.casebook", tmp_path / "back", user="ann", passphrase=PASSPHRASE, clock=set_by_hand)
    with pytest.raises(Refusal):
        verify(book.path, user="ann", passphrase=PASSPHRASE, clock=set_by_hand)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.casebook", "trial.casebook"]
    again = reopened(tmp_path, system_clock())
    assert [act.act for act in again.acts("signed_in", "clock_set")] == ["signed_in", "signed_in"]
    assert again.position() > position
    assert again.set_clock == ""
    assert again.dataset().set_clock == ""
    again.close()


def test_a_store_made_under_a_clock_set_by_hand_says_so_on_every_page_and_in_verify(tmp_path):
    book = new_store(tmp_path, set_clock("2024-10-20"))
    fill_screening(book)
    assert book.set_clock == "2024-10-20"
    for language in ("en", "zh"):
        once = audit.render(book.dataset(), language)
        pages = printed(once)
        assert len(pages) > 1
        mark = "".join(demonstration_mark("2024-10-20", language).split())
        assert all(mark in "".join(page.split()) for page in pages)
        assert audit.render(book.dataset(), language) == once
    assert any("2024-10-20" in note["en"] for note in verify(book).notes)
    book.close()
    again = reopened(tmp_path, set_clock("2024-10-21"))
    assert again.set_clock == "2024-10-20"
    again.close()
    really = reopened(tmp_path, system_clock())
    assert really.set_clock == "2024-10-20"
    really.close()


def test_a_clock_set_to_a_day_goes_on_where_the_store_was_left_that_day() -> None:
    clock = set_clock("2025-07-25")
    clock.go_on_from(datetime(2025, 7, 25, 14, 30, tzinfo=UTC))
    assert clock() >= datetime(2025, 7, 25, 14, 30, tzinfo=UTC)
    assert clock() < datetime(2025, 7, 25, 14, 31, tzinfo=UTC)


@pytest.mark.parametrize("left", ["2025-07-25T08:00+00:00", "2025-07-26T10:00+00:00", "2025-07-24T23:00+00:00"])
def test_a_clock_set_to_a_day_is_not_moved_from_nine_by_an_earlier_hour_or_another_day(left) -> None:
    clock = set_clock("2025-07-25")
    clock.go_on_from(datetime.fromisoformat(left))
    assert clock().isoformat().startswith("2025-07-25T09:00")


def test_the_computers_clock_is_not_moved_by_what_a_store_says() -> None:
    clock = system_clock()
    clock.go_on_from(datetime(2199, 1, 1, tzinfo=UTC))
    assert clock().year < 2199
