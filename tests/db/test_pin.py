"""A PIN for one sitting: what it is refused for, what ends it, and that nothing of it is left."""

from __future__ import annotations

import pytest

from db.folder import paths
from db.folder.keys import CHEAP
from db.folder.tries import read_tries
from db.people.accounts import change_passphrase
from db.people.pin import TRIES, check_pin, end_pin, has_pin, set_pin
from forms.errors import Told
from tests.db.stores import PASSPHRASE, new_store

PIN = "481516"


@pytest.fixture
def book(tmp_path):
    made = new_store(tmp_path)
    yield made
    made.close()


def refused(act, *given) -> str:
    with pytest.raises(Told) as told:
        act(*given)
    return told.value.key


def test_the_digits_set_are_those_that_unlock_also_typed_wide(book):
    assert not has_pin(book)
    set_pin(book, PIN)
    assert has_pin(book)
    check_pin(book, PIN)
    check_pin(book, "".join(chr(ord(digit) + 0xFEE0) for digit in PIN))


@pytest.mark.parametrize("easy", ["777777", "123456", "987654", "890123"])
def test_digits_that_everybody_tries_first_are_refused(book, easy):
    assert refused(set_pin, book, easy) == "db.pin_easy"
    assert not has_pin(book)


def test_the_passphrase_asked_for_has_to_be_right(book):
    assert refused(set_pin, book, PIN, "not the passphrase")
    assert not has_pin(book)
    set_pin(book, PIN, PASSPHRASE)
    assert has_pin(book)


def test_an_ended_pin_is_overwritten_and_unlocks_nothing(book):
    set_pin(book, PIN)
    end_pin(book)
    assert not book.pin
    assert refused(check_pin, book, PIN) == "db.pin_over"


def test_wrong_pins_in_a_row_end_it_as_one_failed_try(book):
    set_pin(book, PIN)
    assert [refused(check_pin, book, "151623") for _ in range(TRIES)] == ["db.pin_wrong"] * (TRIES - 1) + [
        "db.pin_over"
    ]
    assert not has_pin(book)
    assert len(read_tries(book.path)) == 1


def test_the_right_pin_forgets_the_wrong_ones_and_what_is_no_pin_is_not_counted(book):
    set_pin(book, PIN)
    for _ in range(TRIES):
        assert refused(check_pin, book, "151623") == "db.pin_wrong"
        assert refused(check_pin, book, "1516") == "db.pin_digits"
        check_pin(book, PIN)
    assert not read_tries(book.path)


def test_a_changed_passphrase_ends_the_pin(book):
    set_pin(book, PIN)
    change_passphrase(book, PASSPHRASE, "another one that is long enough", CHEAP)
    assert not has_pin(book)
    assert not book.pin


def test_without_a_readable_key_file_the_passphrase_is_asked(book):
    set_pin(book, PIN)
    (book.path / paths.KEYS).write_text("torn", encoding="utf-8")
    assert not has_pin(book)
