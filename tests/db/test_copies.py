"""Copies in a second place that several stores share: each store sees, rotates and rehearses its own alone."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from db.casebook.casebook import Casebook
from db.clock import clock_of
from db.copies.automatic import copy_store, read_copies, rotate
from db.folder import paths
from db.folder.keys import CHEAP, Unwrapped
from db.opening.vault import create_store, open_as, open_store
from tests.db.stores import PASSPHRASE, START, hands, site_study


def store_at(path: Path) -> Casebook:
    return create_store(path, site_study(), site="AN", user="ann", name="Ann Wu", role="nurse", passphrase=PASSPHRASE,
                        clock=clock_of(hands()), kdf=CHEAP)  # fmt: skip


def copied(book: Casebook, place: Path, hours: int) -> Path:
    clock = clock_of(hands(START + timedelta(hours=hours)))
    reader = open_as(book.path, Unwrapped(book.store_key, book.signing_key), book.account.id, "", clock)
    made = copy_store(reader, str(place), tick=lambda *_: None)
    reader.let_go()
    return made.path


def test_a_store_whose_name_begins_like_anothers_leaves_its_copies_alone(tmp_path):
    place = tmp_path / "stick"
    place.mkdir()
    short, long = store_at(tmp_path / "trial"), store_at(tmp_path / "trial-02")
    theirs = [copied(long, place, hours) for hours in (1, 2)]
    mine = [copied(short, place, hours) for hours in (3, 4)]
    assert [copy.path for copy in read_copies(place, short.path)] == [mine[1]]
    assert theirs[1].exists()
    assert rotate(place, short.path) == ()
    assert [copy.path for copy in read_copies(place, long.path)] == [theirs[1]]
    short.close()
    long.close()


def test_a_store_of_the_same_name_elsewhere_leaves_its_copies_alone(tmp_path):
    place = tmp_path / "stick"
    place.mkdir()
    one, two = store_at(tmp_path / "one" / "trial"), store_at(tmp_path / "two" / "trial")
    first = copied(one, place, 1)
    second = copied(two, place, 2)
    assert first.exists()
    assert [copy.path for copy in read_copies(place, one.path)] == [first]
    assert [copy.path for copy in read_copies(place, two.path)] == [second]
    one.close()
    two.close()


def test_copies_of_a_store_whose_key_file_is_gone_are_still_found_and_none_is_removed(tmp_path):
    place = tmp_path / "stick"
    place.mkdir()
    book = store_at(tmp_path / "trial")
    made = copied(book, place, 1)
    again = shutil.copytree(made, place / made.name.replace("Z", "1Z").replace("T0", "T1").replace("1Z", "Z"))
    book.close()
    (book.path / paths.KEYS).unlink()
    assert {copy.path for copy in read_copies(place, book.path)} == {made, again}
    assert rotate(place, book.path) == ()
    open_store(made, user="ann", passphrase=PASSPHRASE, clock=clock_of(hands(START + timedelta(days=1)))).close()
