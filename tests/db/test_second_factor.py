"""The optional second factor, against the test vectors of its RFC and at the door of the store."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from db.clock import clock_of
from db.folder.keys import CHEAP
from db.opening.second_factor import code_of, is_on, new_secret, turn_off, turn_on, uri_of
from db.opening.vault import open_store
from db.people.accounts import recover
from forms.errors import Refusal, Trouble
from tests.db.stores import PASSPHRASE, START, hands, new_store


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037"),
     (20000000000, "353130")],
)  # fmt: skip
def test_codes_are_those_of_rfc_6238_appendix_b(seconds, digits):
    assert code_of(b"12345678901234567890", seconds // 30) == digits


def counter(moment) -> int:
    return int(moment.timestamp()) // 30


def at_door(folder, code: str, minutes: int = 60, passphrase: str = PASSPHRASE):
    clock = clock_of(hands(START + timedelta(minutes=minutes)))
    return open_store(folder / "trial", user="ann", passphrase=passphrase, clock=clock, code=code)


@pytest.fixture
def secret(tmp_path):
    """A store whose keeper has a second factor."""
    book = new_store(tmp_path)
    made = new_secret()
    with pytest.raises(Refusal):
        turn_on(book, made, "000")
    turn_on(book, made, code_of(made, counter(START)))
    assert is_on(book)
    book.close()
    (tmp_path / "code").write_text(book.recovery_code, encoding="utf-8")
    return made


def test_the_passphrase_alone_is_no_longer_enough(tmp_path, secret):
    with pytest.raises(Trouble) as told:
        at_door(tmp_path, "")
    assert told.value.key == "db.code_needed"
    at_door(tmp_path, code_of(secret, counter(START + timedelta(minutes=60)))).close()


def test_a_wrong_code_counts_as_a_failed_try_and_an_old_one_is_wrong(tmp_path, secret):
    right = code_of(secret, counter(START + timedelta(minutes=60)))
    at_door(tmp_path, right).close()
    for _ in range(5):
        with pytest.raises(Trouble) as told:
            at_door(tmp_path, right)
        assert told.value.key == "db.code_wrong"
    with pytest.raises(Trouble, match="locked"):
        at_door(tmp_path, code_of(secret, counter(START + timedelta(minutes=61))), 61)


@pytest.mark.parametrize("steps", [-1, 1])
def test_a_telephone_half_a_minute_off_is_let_in(tmp_path, secret, steps):
    book = at_door(tmp_path, code_of(secret, counter(START + timedelta(minutes=60)) + steps))
    assert book.user == "ann"
    book.close()


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_telephone_a_minute_off_is_not(tmp_path, secret, steps):
    with pytest.raises(Trouble) as told:
        at_door(tmp_path, code_of(secret, counter(START + timedelta(minutes=60)) + steps))
    assert told.value.key == "db.code_wrong"


def test_it_is_turned_off_again_and_the_recovery_sheet_ends_it(tmp_path, secret):
    book = at_door(tmp_path, code_of(secret, counter(START + timedelta(minutes=60))))
    turn_off(book)
    assert [act.value.value.split()[0] for act in book.acts("second_factor")] == ["on", "off"]
    turn_on(book, secret, code_of(secret, counter(START + timedelta(minutes=60))))
    book.close()
    sheet = (tmp_path / "code").read_text(encoding="utf-8")
    clock = clock_of(hands(START + timedelta(days=1)))
    found = recover(tmp_path / "trial", sheet, "ann", "found again", clock, CHEAP)
    assert not is_on(found)
    found.close()
    at_door(tmp_path, "", 3000, "found again").close()


def test_the_symbol_says_what_an_authenticator_reads(secret):
    name, _, rest = uri_of(b"12345678901234567890", "ann", "trial").partition("?")
    assert name == "otpauth://totp/Casebook:ann%20trial"
    assert dict(parse_qsl(rest)) == {
        "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "issuer": "Casebook", "algorithm": "SHA1", "digits": "6",
        "period": "30",
    }  # fmt: skip
