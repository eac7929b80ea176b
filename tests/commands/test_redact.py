"""A text taken out by two people at the command line: listed without its words, proposed by one, then confirmed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.db.attacks.insider import PASSPHRASE, new_site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    store = new_site(tmp_path)
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", PASSPHRASE)
    return store


def as_user(user: str) -> tuple[str, str]:
    return ("--user", user)


def test_one_proposes_and_another_confirms(say, site, monkeypatch):
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", PASSPHRASE)
    listed = say("redact", site, *as_user("ann"), "--subject", "AN-001", "--item", "LBNAM")
    assert listed.code == 0
    assert "HOSP" not in listed.out
    (line,) = [each for each in listed.out.splitlines() if "LBNAM" in each]
    address = line.split()[0]
    proposed = say("redact", site, *as_user("ann"), "--propose", address, "--reason", "names a person")
    assert proposed.code == 0
    waiting = say("redact", site, *as_user("rita"))
    assert f"entry {address}" in waiting.out
    assert "names a person" in waiting.out
    proposal = waiting.out.split()[0]
    own = say("redact", site, *as_user("ann"), "--confirm", proposal)
    assert (own.code, "Another person" in own.err) == (1, True)
    done = say("redact", site, *as_user("rita"), "--confirm", proposal)
    assert done.code == 0
    assert "removed" in done.out
    assert say("redact", site, *as_user("rita")).out == ""
    assert say("verify", site, *as_user("ann")).code == 0


def test_without_the_right_nothing_is_listed_or_proposed(say, site):
    for words in ((), ("--subject", "AN-001"), ("--propose", "x:1", "--reason", "a name"), ("--confirm", "x:1")):
        told = say("redact", site, *as_user("bob"), *words)
        assert told.code == 1
        assert "does not have the right" in told.err
        assert told.out == ""


def test_a_proposal_without_a_reason_is_refused(say, site):
    told = say("redact", site, *as_user("ann"), "--propose", "x:1")
    assert (told.code, "reason" in told.err) == (1, True)
