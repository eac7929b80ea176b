"""Rows copied from a hospital's spreadsheet find their subjects, and say so when they don't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.people.identity import Identity, read_log, write_log
from db.people.identity_sheet import place_block, read_sheet
from db.proof.verify import verify
from forms.errors import Refusal
from tests.db.stores import fill_screening, with_identify

KNOWN = {"AN-001": Identity("H-1", "张小兰", "12-3"), "AN-002": Identity("H-2"), "AN-003": Identity()}


def test_rows_with_heads_in_chinese_go_to_the_hospital_numbers_they_bear():
    text = "床号\t姓名\t住院号\t诊断\n14-1\t张小兰\th-1\tANKL\n3-2\t王强\tH-2\tANKL\n"
    assert read_sheet(text, KNOWN).told == {
        "AN-001": Identity("h-1", "张小兰", "14-1"), "AN-002": Identity("H-2", "王强", "3-2"),
    }  # fmt: skip


def test_rows_with_subjects_fill_what_is_empty_and_leave_what_their_cells_do_not_say():
    text = 'Subject ID,Hospital no.,Name,Bed\nan-003,H-3,"Li, Na",\nAN-001,,,14-1\n'
    assert read_sheet(text, KNOWN).told == {
        "AN-003": Identity("H-3", "Li, Na", ""), "AN-001": Identity("H-1", "张小兰", "14-1"),
    }  # fmt: skip


def test_rows_without_heads_are_read_by_the_subjects_or_numbers_in_them():
    assert read_sheet("AN-003\tH-3\tLi Na\t7\n", KNOWN).told == {"AN-003": Identity("H-3", "Li Na", "7")}
    assert read_sheet("Wang Qiang\tH-2\t9\n", KNOWN).told == {"AN-002": Identity("H-2", "Wang Qiang", "9")}


def test_rows_of_strangers_and_rows_that_differ_on_one_subject_are_left():
    text = "住院号\t姓名\nH-9\t陌生人\nH-2\t王强\nH-2\t王强\nH-2\t王墙\n"
    found = read_sheet(text, KNOWN)
    assert found.told == {"AN-002": Identity("H-2", "王强")}
    assert found.left == (("H-9", "陌生人"), ("H-2", "王墙"))


def test_a_number_noted_for_two_subjects_leads_to_neither():
    known = {"A": Identity("H-1"), "B": Identity("H-1")}
    assert read_sheet("住院号\t姓名\nH-1\t王强\n", known).told == {}


def test_a_name_alone_decides_nothing():
    found = read_sheet("姓名\t床号\n张小兰\t1\n", KNOWN)
    assert found.told == {}
    assert found.left == (("张小兰", "1"),)


def test_rows_without_any_hint_are_laid_where_the_cursor_stands():
    found = read_sheet("王强\t9\n李娜\t10\n", KNOWN)
    assert found.loose == (("王强", "9"), ("李娜", "10"))
    assert place_block(found.loose, ["AN-002", "AN-003"], 1, KNOWN) == {
        "AN-002": Identity("H-2", "王强", "9"), "AN-003": Identity("", "李娜", "10"),
    }  # fmt: skip


@given(st.text())
def test_whatever_the_clipboard_holds_nothing_breaks_and_no_subject_is_made_up(text):
    assert read_sheet(text, KNOWN).told.keys() <= KNOWN.keys()


def test_many_are_kept_in_one_go_or_none(tmp_path):
    book = with_identify(tmp_path)
    for subject in ("AN-001", "AN-002", "AN-003"):
        fill_screening(book, subject)
    assert read_log(book) == dict.fromkeys(("AN-001", "AN-002", "AN-003"), Identity())
    assert write_log(book, KNOWN) == 2
    assert read_log(book) == KNOWN
    before = book.position()
    with pytest.raises(Refusal, match="reason"):
        write_log(book, {"AN-003": Identity("H-3"), "AN-001": Identity("H-7")})
    with pytest.raises(Refusal, match="AN-999"):
        write_log(book, {"AN-003": Identity("H-3"), "AN-999": Identity("H-7")})
    assert book.position() == before
    assert read_log(book) == KNOWN
    assert write_log(book, {"AN-001": Identity("H-7"), "AN-002": Identity("H-2")}, "Another admission") == 1
    assert not verify(book).faults
    book.close()
