"""The one lawful removal of a text: by two people, with a tombstone; anything else by which a text goes is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from db.casebook.casebook import Casebook
from db.casebook.redacting import confirm_redaction, find_texts, propose_redaction, read_proposals
from db.folder import paths
from db.ledger.ledger import Act, commitment
from db.proof.verify import verify
from forms.errors import Refusal
from forms.value import Value
from tests.db.attacks.insider import LATER, Insider, new_site, signed_in
from tests.db.stores import at

TERM = at("AN-001", "LOG", "AE", "AETERM")
NAMED = "Mrs. Zhang has a fever"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    store = new_site(tmp_path)
    bob = signed_in(store, "bob", LATER - timedelta(minutes=20))
    bob.enter(at("AN-001", "LOG", "AE", "AEYN"), "Y")
    bob.enter(TERM, NAMED)
    bob.note_act("report", "{}", subject="AN-001")
    bob.note_act("report", "{}", subject="AN-002")
    bob.note_act("export", "csv")
    bob.close()
    return store


@pytest.fixture
def ann(site: Path) -> Iterator[Casebook]:
    book = signed_in(site, "ann")
    yield book
    book.close()


def proposed(site: Path, user: str = "ann", why: str = "a name") -> str:
    book = signed_in(site, user)
    propose_redaction(book, book.record(TERM).entry.address, why)
    (proposal,) = read_proposals(book)
    book.close()
    return proposal.address


def key_of(act) -> str:
    with pytest.raises(Refusal) as told:
        act()
    return told.value.key


def test_texts_that_could_go_are_listed_for_a_subject_and_for_one_item(ann):
    places = [entry.place for entry in find_texts(ann, "AN-001")]
    assert TERM in places
    assert at("AN-001", "LOG", "AE", "AEYN") in places
    assert [entry.place for entry in find_texts(ann, "AN-001", "AETERM")] == [TERM]
    assert find_texts(ann, "AN-009") == ()


def test_a_text_goes_when_two_people_say_so_and_everything_around_it_stays(site):
    proposal = proposed(site)
    rita = signed_in(site, "rita", LATER + timedelta(minutes=5))
    before = rita.record(TERM).entry
    holding = confirm_redaction(rita, proposal)
    after = rita.record(TERM).entry
    assert (after.value.text, after.why) == ("█", "")
    assert (after.at, after.who, after.hash) == (before.at, before.who, before.hash)
    assert [(act.act, act.place.subject) for act in holding.taken_out] == [("report", "AN-001"), ("export", "")]
    assert [act.cause for act in rita.acts("redacted")] == [proposal]
    assert read_proposals(rita) == ()
    assert (site / (paths.STORE + paths.LOG)).stat().st_size == 0
    assert verify(rita).faults == ()
    rita.close()


def test_other_entries_that_repeat_the_text_are_listed(site):
    bob = signed_in(site, "bob", LATER - timedelta(minutes=5))
    bob.enter(TERM, "fever", why=f"it said: {NAMED}")
    first = next(entry for entry in bob.history(TERM) if entry.value.text == NAMED)
    repeated = bob.record(TERM).entry.address
    bob.close()
    ann = signed_in(site, "ann")
    propose_redaction(ann, first.address, "a name")
    (proposal,) = read_proposals(ann)
    ann.close()
    rita = signed_in(site, "rita", LATER + timedelta(minutes=5))
    assert [entry.address for entry in confirm_redaction(rita, proposal.address).elsewhere] == [repeated]
    assert rita.record(TERM).entry.value.text == "fever"
    rita.close()


def test_nobody_confirms_the_own_proposal(site):
    proposal = proposed(site)
    ann = signed_in(site, "ann", LATER + timedelta(minutes=5))
    assert key_of(lambda: confirm_redaction(ann, proposal)) == "db.redaction_own"
    assert ann.record(TERM).entry.value.text == NAMED
    ann.close()


def test_what_can_not_be_proposed_is_refused_with_words(site, ann):
    address = ann.record(TERM).entry.address
    strand = address.partition(":")[0]
    assert key_of(lambda: propose_redaction(ann, address, " ")) == "db.why_missing"
    assert key_of(lambda: propose_redaction(ann, f"{strand}:9999", "a name")) == "db.redaction_nowhere"
    assert key_of(lambda: propose_redaction(ann, "nonsense", "a name")) == "db.redaction_nowhere"
    assert key_of(lambda: propose_redaction(ann, f"{strand}:1", "a name")) == "db.redaction_not_of_subject"
    assert key_of(lambda: confirm_redaction(ann, address)) == "db.redaction_unknown"
    propose_redaction(ann, address, "a name")
    assert key_of(lambda: propose_redaction(ann, address, "a name")) == "db.redaction_proposed"


def test_a_text_that_is_gone_can_not_go_again(site):
    proposal = proposed(site)
    rita = signed_in(site, "rita", LATER + timedelta(minutes=5))
    confirm_redaction(rita, proposal)
    assert key_of(lambda: confirm_redaction(rita, proposal)) == "db.redaction_unknown"
    assert key_of(lambda: propose_redaction(rita, rita.record(TERM).entry.address, "again")) == "db.redaction_done"
    rita.close()


def test_whoever_has_no_right_to_it_proposes_and_confirms_nothing(site):
    proposal = proposed(site)
    mona = signed_in(site, "mona", LATER + timedelta(minutes=5))
    address = mona.record(TERM).entry.address
    assert key_of(lambda: propose_redaction(mona, address, "a name")) == "db.no_right"
    assert key_of(lambda: confirm_redaction(mona, proposal)) == "db.no_right"
    mona.close()


# --- past the program -------------------------------------------------------------------------------------------------


def removed(insider: Insider, item: str, cause: str = "", act: str = "value") -> str:
    """Take a text away with a tombstone, as the program would; gives the address of the tombstone."""
    with insider.opened() as connection:
        strand, seq, *salted = connection.execute(
            "SELECT strand, seq, salt, text, value, why FROM trail WHERE item = ? AND act = ?", (item, act)
        ).fetchone()
    told = Value(value=json.dumps({"sealed": commitment(*salted).hex()}))
    (where,) = insider.write(Act("redacted", value=told, why="a name", replaces=f"{strand}:{seq}", cause=cause),
                             when=LATER + timedelta(minutes=9))  # fmt: skip
    with insider.opened() as connection:
        connection.execute("DELETE FROM payload WHERE strand = ? AND seq = ?", (strand, seq))
    return where


def test_a_removal_by_one_person_alone_is_named(site):
    proposal = proposed(site)
    ann = Insider(site, "ann")
    where = removed(ann, "AETERM", proposal)
    assert ("one_person", where) in ann.found()


def test_a_removal_that_nobody_proposed_is_named(site):
    ann = Insider(site, "ann")
    where = removed(ann, "AETERM")
    assert ("redaction", where) in ann.found()


def test_a_removal_of_another_text_than_was_proposed_is_named(site):
    proposal = proposed(site)
    rita = Insider(site, "rita")
    where = removed(rita, "PLT", proposal)
    assert ("redaction", where) in rita.found()


def test_an_account_that_is_removed_from_the_ledger_like_a_text_is_named(site):
    with Insider(site).opened() as connection:
        item = connection.execute("SELECT item FROM entry WHERE act = 'account_added' ORDER BY seq DESC").fetchone()[0]
    ann = Insider(site, "ann")
    removed(ann, item, act="account_added")
    assert {"redaction", "account"} & {kind for kind, _ in ann.found()}


def test_a_removal_confirmed_by_somebody_without_the_right_is_named(site):
    proposal = proposed(site)
    mona = Insider(site)
    where = removed(mona, "AETERM", proposal)
    assert ("right", where) in mona.found()


def test_a_text_that_was_removed_and_is_put_back_is_named(site):
    with Insider(site).opened() as connection:
        kept = connection.execute(
            "SELECT p.* FROM payload AS p JOIN entry AS e ON e.strand = p.strand AND e.seq = p.seq"
            " WHERE e.item = 'AETERM' AND e.act = 'value'"
        ).fetchone()
    proposal = proposed(site)
    rita = signed_in(site, "rita", LATER + timedelta(minutes=5))
    confirm_redaction(rita, proposal)
    rita.close()
    insider = Insider(site)
    with insider.opened() as connection:
        connection.execute("INSERT INTO payload VALUES (?, ?, ?, ?, ?, ?)", kept)
    assert ("text_back", f"{kept[0]}:{kept[1]}") in insider.found()
