"""A passphrase has ten characters or more; demonstrations alone have shorter ones, and old stores keep theirs."""

import pytest

from db.clock import Clock
from db.folder import keys, paths
from db.folder.keys import CHEAP
from db.opening.vault import create_store, open_store
from db.people.accounts import add_account, change_passphrase, recover, reset_passphrase
from forms.errors import Refusal
from tests.db.stores import hands, new_store, site_study

LONG = "four wet horses"
SHORT = ("nine char", "", "         ", "短口令", "  abcdefgh  ", "e\u0301" * 9)
"""Of nine characters and less: blanks around them and letters made of two pieces count for no more."""


def clock():
    """A clock that nobody set."""
    its_hands = hands()
    return Clock(its_hands.now, its_hands.monotonic)


def made(folder, passphrase=LONG):
    return create_store(folder / "trial", site_study(), site="AN", user="ann", role="admin", passphrase=passphrase,
                        clock=clock(), kdf=CHEAP)  # fmt: skip


def assert_too_short(verb):
    with pytest.raises(Refusal) as told:
        verb()
    assert (told.value.key, told.value.values["least"]) == ("db.passphrase_short", 10)


@pytest.mark.parametrize("short", SHORT, ids=ascii)
def test_no_store_and_no_account_begins_with_a_short_passphrase(tmp_path, short):
    assert_too_short(lambda: made(tmp_path, short))
    assert list(tmp_path.iterdir()) == []
    book = made(tmp_path)
    assert_too_short(lambda: add_account(book, "bob", "Bob", "nurse", short, kdf=CHEAP))
    bob = add_account(book, "bob", "Bob", "nurse", "ten chars!", kdf=CHEAP)
    assert_too_short(lambda: reset_passphrase(book, bob.id, short, "forgot", CHEAP))
    assert_too_short(lambda: change_passphrase(book, LONG, short, CHEAP))
    code = book.recovery_code
    book.close()
    assert_too_short(lambda: recover(tmp_path / "trial", code, "ann", short, clock(), CHEAP))


@pytest.mark.parametrize("enough", ["ten chars!", "一二三四五六七八九十", "é" * 10])
def test_ten_characters_of_any_script_are_enough(tmp_path, enough):
    made(tmp_path, enough).close()
    book = open_store(tmp_path / "trial", user="ann", passphrase=enough, clock=clock())
    assert book.user == "ann"
    book.close()


def test_a_store_with_a_shorter_passphrase_opens_and_is_told_at_the_next_change(tmp_path):
    book = made(tmp_path)
    known = keys.read_keys(book.path / paths.KEYS)
    unwrapped = keys.Unwrapped(bytes(book.store_key), bytes(book.signing_key))
    old = known.with_wrap(keys.wrap(known, book.account.id, "ann", "abcd", unwrapped, CHEAP))
    book.close()
    paths.write_whole(book.path / paths.KEYS, keys.dump_keys(old))
    book = open_store(tmp_path / "trial", user="ann", passphrase="abcd", clock=clock())
    assert_too_short(lambda: change_passphrase(book, "abcd", "abcde", CHEAP))
    change_passphrase(book, "abcd", LONG, CHEAP)
    book.close()


def test_a_demonstration_whose_clock_is_set_has_the_passphrase_everybody_is_told(tmp_path):
    book = new_store(tmp_path)
    assert book.clock.was_set
    change_passphrase(book, "correct horse", "demo", CHEAP)
    with pytest.raises(Refusal) as told:
        change_passphrase(book, "demo", "abc", CHEAP)
    assert told.value.values["least"] == 4
    assert book.set_clock
    book.close()
