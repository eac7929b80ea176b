"""People of a store: the first passphrase, training, forgotten passphrases, locks, dates, and nobody's id twice."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from db.clock import clock_of
from db.folder import paths
from db.folder.keys import CHEAP, new_recovery_code
from db.ledger.ledger import ACTS
from db.ledger.roles import RIGHTS_FOR, SYSTEM_ACTS
from db.opening.vault import open_store
from db.people.accounts import (
    add_account,
    change_passphrase,
    change_role,
    check_own_passphrase,
    recover,
    remove_account,
    reset_passphrase,
    take_over,
    unlock_account,
)
from db.proof.verify import verify
from forms.authoring.meaning import RIGHTS
from forms.errors import Refusal, Trouble
from tests.db.stores import PASSPHRASE, START, hands, new_store, reopened

FIRST = "first phrase of bob"
OWN = "bob's own phrase"


def add_bob(book, role: str = "nurse", **given):
    return add_account(book, "bob", "Bob Li", role, FIRST, kdf=CHEAP, **given)


def as_bob(folder, passphrase: str = FIRST, days: int = 1):
    return reopened(folder, clock_of(hands(START + timedelta(days=days))), "bob", passphrase)


def test_a_new_person_can_do_nothing_before_choosing_an_own_passphrase_and_ticking_the_training(tmp_path):
    book = new_store(tmp_path)
    add_bob(book)
    book.close()
    bob = as_bob(tmp_path)
    assert not bob.may("read")
    with pytest.raises(Refusal, match="not taken over"):
        bob.add_subject("AN-001")
    with pytest.raises(Refusal, match="training"):
        take_over(bob, FIRST, OWN, trained=False, kdf=CHEAP)
    take_over(bob, FIRST, OWN, trained=True, kdf=CHEAP)
    bob.add_subject("AN-001")
    bob.close()
    with pytest.raises(Trouble, match="not right"):
        as_bob(tmp_path, FIRST, 2)
    again = as_bob(tmp_path, OWN, 2)
    assert again.may("enter")
    assert not verify(again).faults
    again.close()


def test_another_role_needs_its_own_training_and_has_its_own_dates(tmp_path):
    book = new_store(tmp_path)
    bob = add_bob(book, temporary=False)
    changed = change_role(book, bob.id, "monitor", "Left the ward", last_day="2025-12-31")
    assert changed.since > bob.since
    assert changed.last_day == "2025-12-31"
    book.close()
    after = as_bob(tmp_path)
    assert not after.may("query.open")
    take_over(after, "", "", trained=True)
    assert after.may("query.open")
    assert not after.may("enter")
    after.close()


def test_nobody_changes_the_own_role(tmp_path):
    book = new_store(tmp_path)
    with pytest.raises(Refusal, match="own role"):
        change_role(book, book.account.id, "investigator", "because")
    book.close()


def test_an_account_ends_on_its_last_day(tmp_path):
    book = new_store(tmp_path)
    add_bob(book, temporary=False, last_day="2025-03-10")
    book.close()
    as_bob(tmp_path, days=9).close()
    with pytest.raises(Refusal, match="2025-03-10"):
        as_bob(tmp_path, days=10)


def test_a_forgotten_passphrase_is_reset_to_a_temporary_one_and_nothing_is_lost(tmp_path):
    book = new_store(tmp_path)
    bob = add_bob(book, temporary=False)
    book.close()
    first = as_bob(tmp_path)
    first.add_subject("AN-001")
    first.close()
    book = reopened(tmp_path)
    reset_passphrase(book, bob.id, "temporary again", "Forgotten", kdf=CHEAP)
    book.close()
    second = as_bob(tmp_path, "temporary again", 3)
    assert second.account.must_change
    take_over(second, "temporary again", OWN, trained=True, kdf=CHEAP)
    assert second.count_subjects() == 1
    assert not verify(second).faults
    second.close()


def test_five_wrong_passphrases_lock_the_account_even_for_the_right_one_until_it_is_unlocked(tmp_path):
    book = new_store(tmp_path)
    bob = add_bob(book, temporary=False)
    book.close()
    at_door = clock_of(hands(START + timedelta(days=1)))
    for _ in range(10):
        with pytest.raises(Trouble):
            open_store(tmp_path / "trial", user="bob", passphrase="guess", clock=at_door)
    with pytest.raises(Trouble, match="locked"):
        open_store(tmp_path / "trial", user="bob", passphrase=FIRST, clock=at_door)
    book = open_store(tmp_path / "trial", user="ann", passphrase=PASSPHRASE, clock=at_door)
    assert len(book.acts("sign_in_failed")) == 5
    book.close()
    with pytest.raises(Trouble, match="locked"):
        open_store(tmp_path / "trial", user="bob", passphrase=FIRST, clock=at_door)
    book = open_store(tmp_path / "trial", user="ann", passphrase=PASSPHRASE, clock=at_door)
    unlock_account(book, bob.id, "Caps Lock")
    assert len(book.acts("sign_in_failed")) == 5
    assert len(book.acts("account_unlocked")) == 1
    book.close()
    open_store(tmp_path / "trial", user="bob", passphrase=FIRST, clock=at_door).close()


def test_a_wrong_present_passphrase_counts_as_a_failed_try_and_five_lock(tmp_path):
    book = new_store(tmp_path)
    for _ in range(5):
        with pytest.raises(Refusal):
            change_passphrase(book, "guess", "a new passphrase", CHEAP)
    with pytest.raises(Trouble, match="locked"):
        change_passphrase(book, PASSPHRASE, "a new passphrase", CHEAP)
    book.close()
    with pytest.raises(Trouble, match="locked"):
        reopened(tmp_path, clock_of(hands(START + timedelta(minutes=1))))


def test_tries_before_the_right_passphrase_at_the_locked_window_are_no_longer_in_a_row(tmp_path):
    book = new_store(tmp_path)
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(Trouble, match="passphrase"):
                check_own_passphrase(book, "guess")
        check_own_passphrase(book, PASSPHRASE)
    assert len(book.acts("sign_in_failed")) == 8
    book.close()


def test_a_wrong_recovery_code_is_on_record(tmp_path):
    new_store(tmp_path).close()
    with pytest.raises(Trouble, match="recovery code"):
        recover(tmp_path / "trial", new_recovery_code(), "ann", "a new passphrase", kdf=CHEAP)
    book = reopened(tmp_path)
    assert "(recovery sheet)" in book.acts("sign_in_failed")[0].value.value
    book.close()


def test_names_and_ids_of_people_who_left_are_never_given_again(tmp_path):
    book = new_store(tmp_path)
    bob = add_bob(book)
    remove_account(book, bob.id, "Left")
    with pytest.raises(Refusal, match="never given"):
        add_bob(book)
    carl = add_account(book, "carl", "Carl", "nurse", FIRST, kdf=CHEAP)
    assert carl.id != bob.id
    book.close()
    with pytest.raises(Trouble):
        as_bob(tmp_path)


def test_a_changed_passphrase_encrypts_nothing_anew(tmp_path):
    book = new_store(tmp_path)
    before = bytes(book.store_key)
    change_passphrase(book, PASSPHRASE, "another one", kdf=CHEAP)
    assert book.store_key == before
    book.close()
    again = reopened(tmp_path, passphrase="another one")
    assert again.store_key == before
    again.close()


def test_a_passphrase_typed_into_the_name_by_mistake_is_kept_nowhere(tmp_path):
    new_store(tmp_path).close()
    for _ in range(6):
        with pytest.raises(Trouble, match="passphrase"):
            reopened(tmp_path, None, PASSPHRASE, "ann")
    assert PASSPHRASE.encode() not in (tmp_path / "trial.casebook" / paths.TRIES).read_bytes()
    book = reopened(tmp_path)
    assert {json.loads(act.value.value)["user"] for act in book.acts("sign_in_failed")} == {"(unknown name)"}
    book.close()


def test_a_window_left_open_over_the_last_day_is_not_unlocked_after_it(tmp_path):
    book = new_store(tmp_path)
    last_day = START.date().isoformat()
    add_bob(book, last_day=last_day, temporary=False)
    book.close()
    turned = hands(START + timedelta(hours=2))
    bob = reopened(tmp_path, clock_of(turned), "bob", FIRST)
    check_own_passphrase(bob, FIRST)
    turned.move_to(START + timedelta(days=1))
    with pytest.raises(Refusal, match=last_day):
        check_own_passphrase(bob, FIRST)
    bob.close()


def test_every_act_names_the_right_to_write_it_or_is_the_programs():
    assert set(ACTS) == set(RIGHTS_FOR) | set(SYSTEM_ACTS)
    told = (*RIGHTS_FOR.values(), *SYSTEM_ACTS.values())
    assert {right for rights in told for right in rights} <= {"", *RIGHTS}
