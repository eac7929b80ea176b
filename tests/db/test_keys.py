"""The key file: what opens it, what it tells, and how its damage is told from a wrong passphrase."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from db.clock import clock_of
from db.folder import keys, paths
from db.folder.keys import CHEAP, DEFAULT, Unwrapped
from db.opening.vault import open_store
from db.people.accounts import change_passphrase, recover, renew_recovery
from db.people.rekey import rekey
from db.proof.verify import verify
from forms.errors import Refusal, Trouble
from tests.db.stores import PASSPHRASE, START, fill_screening, hands, new_store, reopened
from ui.stores import open_reader


def later(days: int):
    return clock_of(hands(START + timedelta(days=days)))


def sealed(passphrase: str = PASSPHRASE) -> tuple[keys.Keys, Unwrapped]:
    unwrapped = Unwrapped(b"k" * 32, b"s" * 32)
    known = keys.new_keys(unwrapped.store_key)
    return known.with_wrap(keys.wrap(known, "a-1", "ann", passphrase, unwrapped, CHEAP)), unwrapped


def test_the_right_passphrase_gives_both_keys_and_any_other_gives_none() -> None:
    known, unwrapped = sealed()
    wrap = known.wrap_of("ann")
    assert keys.unwrap(known, wrap, PASSPHRASE) == unwrapped
    for wrong in ("", "correct hors", "Correct horse", PASSPHRASE + " "):
        assert keys.unwrap(known, wrap, wrong) is None


def test_a_passphrase_may_be_typed_composed_or_decomposed() -> None:
    known, unwrapped = sealed("Zu\u0308rich 密码")
    assert keys.unwrap(known, known.wrap_of("ann"), "Z\u00fcrich 密码") == unwrapped


@pytest.mark.parametrize("change", [{"user": "bob"}, {"id": "a-2"}, {"salt": "00" * 16}, {"kdf": keys.Kdf(128, 1, 1)}])
def test_a_wrap_is_bound_to_its_person_and_cost(change: dict[str, object]) -> None:
    known, _ = sealed()
    assert keys.unwrap(known, replace(known.wrap_of("ann"), **change), PASSPHRASE) is None  # type: ignore[arg-type]


def test_a_wrap_of_another_store_opens_nothing() -> None:
    (one, _), (two, _) = sealed(), sealed()
    assert keys.unwrap(two, one.wrap_of("ann"), PASSPHRASE) is None


def test_the_cost_in_use_is_that_of_the_recommendation() -> None:
    assert (DEFAULT.memory, DEFAULT.passes, DEFAULT.lanes) == (64 * 1024, 3, 4)


def test_a_key_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    known, _ = sealed()
    paths.write_whole(tmp_path / "k.json", keys.dump_keys(known))
    assert keys.read_keys(tmp_path / "k.json") == known
    assert known.without("a-1").wraps == ()
    assert known.without("a-1").version == known.version + 1


def test_every_damage_of_the_key_file_is_told_from_a_wrong_passphrase(tmp_path: Path) -> None:
    known, _ = sealed()
    whole = keys.dump_keys(known)
    path = tmp_path / "k.json"
    for at in range(0, len(whole), 7):
        broken = bytearray(whole)
        broken[at] = broken[at] ^ 0x01
        path.write_bytes(bytes(broken))
        try:
            assert keys.read_keys(path) == known
        except Trouble as trouble:
            told = trouble.key
            assert told in ("db.keys_damaged", "db.keys_newer")
    for broken in (b"", b"[]", b"null", whole[:100], b"\xff" * 20):
        path.write_bytes(broken)
        with pytest.raises(Trouble) as trouble_:
            keys.read_keys(path)
        assert trouble_.value.key == "db.keys_damaged"


def test_a_key_file_of_a_newer_program_is_named(tmp_path: Path) -> None:
    known, _ = sealed()
    content = json.loads(keys.dump_keys(known)) | {"format": "casebook keys 9"}
    (tmp_path / "k.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(Trouble) as told:
        keys.read_keys(tmp_path / "k.json")
    assert told.value.key == "db.keys_newer"


def test_a_signature_is_its_persons_and_its_messages() -> None:
    one, two = keys.new_signing_key(), keys.new_signing_key()
    signature = keys.sign(one, b"tip")
    assert keys.is_signed(keys.public_key(one), b"tip", signature)
    assert not keys.is_signed(keys.public_key(one), b"top", signature)
    assert not keys.is_signed(keys.public_key(two), b"tip", signature)
    assert not keys.is_signed("", b"tip", "not hex")


# --- recovery ---------------------------------------------------------------------------------------------------------


def test_a_recovery_code_survives_being_read_off_paper() -> None:
    code = keys.new_recovery_code()
    assert len(code) == 35
    plain = code.replace("-", "")
    assert keys.read_recovery_code(code.lower().replace("-", " ")) == plain
    assert keys.read_recovery_code(code.replace("0", "O").replace("1", "l")) == plain


def test_a_slip_in_a_recovery_code_is_named_before_anything_is_tried() -> None:
    code = keys.new_recovery_code()
    swapped = ("1" if code[0] != "1" else "2") + code[1:]
    misread = 0
    for typed in (code[:-1], code + "A", swapped, "", "?" * 30):
        with pytest.raises(Refusal) as told:
            keys.read_recovery_code(typed)
        misread += told.value.key == "db.recovery_code_misread"
    assert misread == 5


def test_the_sheet_opens_the_store_once_and_is_replaced_by_another(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    fill_screening(book)
    code = book.recovery_code
    book.close()
    found = recover(tmp_path / "trial", code, "ann", "found again", later(1), CHEAP)
    assert found.subjects()[0].id == "AN-001"
    assert len(found.acts("recovery_used")) == 1
    assert found.recovery_code != code
    assert verify(found).faults == ()
    found.close()
    with pytest.raises(Trouble) as told:
        recover(tmp_path / "trial", code, "ann", "once more", later(2), CHEAP)
    assert told.value.key == "db.recovery_code_wrong"
    with pytest.raises(Trouble):
        reopened(tmp_path)
    again = open_store(tmp_path / "trial", user="ann", passphrase="found again", clock=later(3))
    assert verify(again).faults == ()
    again.close()


def test_the_sheet_restores_nobody_whom_the_store_does_not_know(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    code = book.recovery_code
    book.close()
    with pytest.raises(Refusal) as told:
        recover(tmp_path / "trial", code, "nobody", "a passphrase", later(1), CHEAP)
    assert told.value.key == "db.user_unknown"


def test_a_new_sheet_needs_a_reason_and_ends_the_old_one(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    old = book.recovery_code
    with pytest.raises(Refusal):
        renew_recovery(book, " ", CHEAP)
    fresh = renew_recovery(book, "the seal was broken", CHEAP)
    book.close()
    with pytest.raises(Trouble):
        recover(tmp_path / "trial", old, "ann", "a passphrase", later(1), CHEAP)
    recover(tmp_path / "trial", fresh, "ann", "a passphrase", later(2), CHEAP).close()


def test_a_passphrase_is_changed_by_whoever_knows_the_old_one(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    for old, new, told_key in (
        ("wrong", "another phrase", "db.old_passphrase_wrong"),
        (PASSPHRASE, PASSPHRASE, "db.passphrase_same"),
        (PASSPHRASE, "abc", "db.passphrase_short"),
    ):
        with pytest.raises(Refusal) as told:
            change_passphrase(book, old, new, CHEAP)
        assert told.value.key == told_key
    change_passphrase(book, PASSPHRASE, "another phrase", CHEAP)
    book.close()
    with pytest.raises(Trouble):
        reopened(tmp_path)
    open_store(tmp_path / "trial", user="ann", passphrase="another phrase", clock=later(3)).close()


# --- keys in memory ---------------------------------------------------------------------------------------------------


def test_keys_are_wiped_from_memory_when_a_store_is_closed_and_another_one_that_is_open_keeps_its_own(
    tmp_path: Path,
) -> None:
    book = new_store(tmp_path)
    fill_screening(book)
    reader = open_reader(book)
    kept = [book.store_key, book.signing_key]
    assert all(any(key) for key in kept)
    book.close()
    assert kept == [bytes(32), bytes(32)]
    assert reader.dataset().subjects[0].subject.id == "AN-001"
    reader.let_go()
    assert not any(reader.store_key)


def test_a_store_under_a_new_key_works_on_after_the_old_one_was_wiped(tmp_path: Path) -> None:
    book = new_store(tmp_path, role="admin")
    old, before = book.store_key, bytes(book.store_key)
    fresh = rekey(book, "somebody left", kdf=CHEAP)
    assert not any(old)
    assert bytes(fresh.store_key) not in (before, bytes(32))
    fresh.note_act("report")
    assert verify(fresh).faults == ()
    fresh.close()


def test_keys_have_no_picture_in_words() -> None:
    _, unwrapped = sealed()
    assert "kkkk" not in repr(unwrapped) + str(unwrapped)
    assert unwrapped.store_key.hex() not in repr(unwrapped)
