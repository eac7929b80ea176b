"""Entries written past the program by somebody who holds the key: in another's name, without the right, out of time."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from db.casebook.flagging import set_flag
from db.casebook.prelock import lock_database, read_checklist
from db.clock import clock_of, iso, milliseconds
from db.folder.keys import CHEAP, new_signing_key, public_key
from db.ledger.definitions import definition_act
from db.ledger.ledger import NOWHERE, Act
from db.opening.vault import open_store
from db.people.accounts import add_account, remove_account, reset_passphrase, take_over
from forms.errors import Trouble
from forms.place import Place
from forms.study.canonical import dump
from forms.value import Value
from tests.db.attacks.insider import LATER, Insider, account_change, crewed_study, new_site, signed_in
from tests.db.stores import at, hands

PLT = at("AN-001", "SCR", "LB", "PLT")
FORGED = Act("value", PLT, Value("250", "250"), "forged")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def site(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "trial.casebook"))


def test_the_site_nobody_attacked_is_sound_and_every_entry_is_sealed(site):
    found = Insider(site).verified()
    assert found.faults == ()
    assert found.sealed == found.entries


def test_an_entry_that_nobody_signed_is_named_and_keeps_everybody_out(site):
    mona = Insider(site)
    (where,) = mona.write(FORGED, who=mona.people["bob"].id, unsealed=True, sign_in=False)
    assert ("unsealed", f"{where} – {where}") in mona.found()
    with pytest.raises(Trouble) as told:
        signed_in(site, "ann")
    assert told.value.key == "db.tail_broken"
    assert where in str(told.value)


@pytest.mark.parametrize(
    "act",
    [
        FORGED,
        Act("import", value=Value(value=json.dumps({"file": "lab.csv", "sha256": "0" * 64}))),
        Act("completed", at("AN-001", "SCR", "LB", "", row="")),
        Act("query_answered", PLT, replaces="x:1", why="as in the chart"),
        Act("report", value=Value(value="{}")),
    ],
    ids=lambda act: act.act,
)
def test_an_entry_in_anothers_name_under_the_own_seal_is_named(site, act):
    mona = Insider(site)
    mona.write(Act("report"))
    (where,) = mona.write(act, who=mona.people["bob"].id, sign_in=False)
    assert ("seal", f"{where} – {where}") in mona.found()


def test_an_entry_slipped_into_the_own_sign_in_under_anothers_name_is_named(site):
    mona = Insider(site)
    mona.write(Act("report"))
    with mona.opened() as connection:
        run = connection.execute("SELECT max(run) FROM seal").fetchone()[0]
    (where,) = mona.write(FORGED, who=mona.people["bob"].id, run=run, sign_in=False)
    assert ("author", where) in mona.found()


def test_a_sign_in_in_anothers_name_without_that_persons_key_is_named(site):
    mona = Insider(site)
    (where,) = mona.write(FORGED, who=mona.people["bob"].id)
    strand, _, seq = where.partition(":")
    assert ("seal", f"{strand}:{int(seq) - 1} – {where}") in mona.found()


@pytest.mark.parametrize(
    "act",
    [
        FORGED,
        Act("range", Place("", "", "", "", "", "HOSP", "PLT"), Value(value="{}")),
        Act("completed", at("AN-001", "SCR", "LB", "", row="")),
        Act("query_answered", PLT, replaces="x:1", why="as in the chart"),
        Act("overridden", PLT, Value(value="RULE"), "because"),
        Act("subject_added", replace(NOWHERE, subject="AN-009")),
        Act("account_added", replace(NOWHERE, item="zzzz-9"), Value(value=json.dumps({
            "user": "eve", "name": "Eve", "role": "lead", "public_key": "0" * 64, "keeper": False, "must_change": True,
            "last_day": ""}))),
        Act("account_removed", replace(NOWHERE, item="zzzz-9")),
        Act("import", value=Value(value="{}")),
        Act("derived", PLT, Value("1", "1")),
        Act("export", value=Value(value="csv")),
        Act("backup", value=Value(value="{}")),
        Act("redacted", value=Value(value=json.dumps({"sealed": "0" * 64})), replaces="x:1"),
        Act("redaction_proposed", replaces="x:1"),
        Act("a word that is no act"),
    ],
    ids=lambda act: act.act,
)  # fmt: skip
def test_what_a_monitor_has_no_right_to_is_named_under_her_own_seal(site, act):
    mona = Insider(site)
    (where,) = mona.write(act)
    assert {(kind, place) for kind, place in mona.found() if kind in ("right", "account", "redaction")} & {
        ("right", where), ("account", where), ("redaction", where)
    }  # fmt: skip


def test_computed_values_of_the_program_do_not_follow_from_what_a_monitor_may_do(site):
    mona = Insider(site)
    (where,) = mona.write(Act("derived", PLT, Value("1", "1"), who="system"))
    assert ("right", where) in mona.found()


def test_a_monitor_who_makes_herself_lead_is_named(site):
    mona = Insider(site)
    (where,) = mona.write(account_change(mona.people["mona"], role="lead"))
    assert ("account", where) in mona.found()


def test_what_she_enters_after_that_is_named_no_more_since_the_first_act_is(site):
    mona = Insider(site)
    mona.write(account_change(mona.people["mona"], role="lead"))
    (where,) = mona.write(FORGED, role="lead")
    kinds = [kind for kind, _ in mona.found()]
    assert "account" in kinds
    assert where


def test_a_role_in_an_entry_that_its_author_does_not_have_is_named(site):
    mona = Insider(site)
    (where,) = mona.write(FORGED, role="nurse")
    assert ("role", where) in mona.found()


def test_a_definition_that_gives_all_rights_is_named_where_its_author_may_not_put_one_in_force(site):
    mona = Insider(site)
    study = crewed_study()
    everything = tuple(replace(role, rights=study.role_by_id["lead"].rights) for role in study.roles)
    (where,) = mona.write(definition_act(dump(replace(study, roles=everything)), "an amendment"))
    assert ("right", where) in mona.found()


@pytest.mark.parametrize("user", ["mona", "ann"])
def test_another_persons_key_exchanged_is_named_whoever_does_it(site, user):
    insider = Insider(site, user)
    fresh = new_signing_key()
    (where,) = insider.write(account_change(insider.people["bob"], public_key=public_key(fresh)))
    assert ("account", where) in insider.found()
    insider.write(FORGED, who=insider.people["bob"].id, key=fresh)
    assert ("account", where) in insider.found()


def test_a_second_factor_of_somebody_else_taken_off_is_named(site):
    mona = Insider(site)
    (where,) = mona.write(Act("second_factor", replace(NOWHERE, item=mona.people["bob"].id), Value(value="off")))
    assert ("account", where) in mona.found()


def test_a_recovery_sheet_of_ones_own_is_named_before_anybody_is_let_in_by_it(site):
    mona = Insider(site)
    fresh = new_signing_key()
    with mona.opened() as connection:
        told = connection.execute("SELECT value FROM trail WHERE act = 'keys_changed' ORDER BY seq DESC").fetchone()[0]
    own = json.dumps(json.loads(told) | {"sheet": public_key(fresh)})
    (where,) = mona.write(Act("keys_changed", value=Value(value=own)))
    found = mona.found()
    assert ("account", where) in found
    assert "keys" in [kind for kind, _ in found]
    change = account_change(mona.people["ann"], public_key=public_key(new_signing_key()))
    mona.write(Act("recovery_used"), change, who=mona.people["ann"].id, key=fresh)
    assert ("account", where) in mona.found()


def test_an_end_sealed_by_a_key_that_is_nobodys_keeps_everybody_out(site):
    mona = Insider(site)
    mona.write(Act("report"), who=mona.people["ann"].id, key=new_signing_key())
    with pytest.raises(Trouble) as told:
        signed_in(site, "bob", LATER + timedelta(minutes=5))
    assert told.value.key == "db.tail_broken"


def test_a_passphrase_reset_gives_the_account_to_whoever_reset_it_and_stands_in_the_ledger(site):
    ann = signed_in(site, "ann")
    bob = next(each for each in ann.accounts.values() if each.user == "bob")
    reset_passphrase(ann, bob.id, "chosen by ann", "forgot it", CHEAP)
    ann.close()
    clock = clock_of(hands(LATER + timedelta(minutes=5)))
    posing = open_store(site, user="bob", passphrase="chosen by ann", clock=clock)
    take_over(posing, "chosen by ann", "known to ann alone", trained=True, kdf=CHEAP)
    posing.enter(PLT, "250", why="forged")
    posing.close()
    told = Insider(site).verified()
    assert told.faults == ()
    reader = signed_in(site, "ann", LATER + timedelta(minutes=10))
    assert [(act.who, act.place.item) for act in reader.acts("passphrase_reset")] == [(reader.account.id, bob.id)]
    reader.close()


def test_the_key_of_an_invitation_signs_the_taking_over_and_nothing_else(site):
    ann = signed_in(site, "ann")
    add_account(ann, "eve", "Eve", "nurse", "temporary phrase", kdf=CHEAP)
    ann.close()
    eve = Insider(site, "eve", "temporary phrase")
    (where,) = eve.write(FORGED)
    assert ("waiting", where) in eve.found()


def test_a_key_from_before_the_account_was_taken_over_signs_nothing_any_more(site):
    ann = signed_in(site, "ann")
    add_account(ann, "eve", "Eve", "nurse", "temporary phrase", kdf=CHEAP)
    ann.close()
    invited = Insider(site, "eve", "temporary phrase")
    clock = clock_of(hands(LATER + timedelta(minutes=5)))
    eve = open_store(site, user="eve", passphrase="temporary phrase", clock=clock)
    take_over(eve, "temporary phrase", "eve's own phrase", trained=True, kdf=CHEAP)
    eve.enter(PLT, "81", why="misread")
    eve.close()
    assert invited.found() == []
    (where,) = invited.write(FORGED, when=LATER + timedelta(minutes=9))
    assert ("seal", where) in [(kind, place[-len(where) :]) for kind, place in invited.found()]


def test_somebody_who_was_removed_signs_nothing_any_more(site):
    bob = Insider(site, "bob")
    ann = signed_in(site, "ann")
    remove_account(ann, bob.id, "left")
    ann.close()
    (where,) = bob.write(FORGED, when=LATER + timedelta(minutes=5))
    assert ("closed", where) in bob.found()


def test_an_entry_of_an_account_there_never_was_is_named(site):
    mona = Insider(site)
    mona.people["ghost"] = replace(mona.people["bob"], id="zzzz-7", user="ghost")
    (where,) = mona.write(FORGED, who="zzzz-7")
    assert ("closed", where) in mona.found()


def test_a_back_dated_entry_is_named(site):
    mona = Insider(site)
    (where,) = mona.write(Act("report"), when=LATER - timedelta(days=30), unlooked=True, sign_in=False)
    assert ("time", where) in mona.found()


def test_a_back_dated_entry_behind_a_clock_set_back_is_told_with_both_times(site):
    mona = Insider(site)
    early = LATER - timedelta(days=30)
    mona.write(Act("report"), when=early)
    told = mona.verified()
    assert told.faults == ()
    assert iso(milliseconds(early))[:10] in str(told.notes)


def test_a_value_changed_in_a_locked_database_is_named(site):
    ann = signed_in(site, "ann")
    lock_database(ann, read_checklist(ann), "before the analysis")
    ann.close()
    bob = Insider(site, "bob")
    (where,) = bob.write(FORGED, when=LATER + timedelta(minutes=5))
    assert ("locked", where) in bob.found()


@pytest.mark.parametrize("act", ["frozen", "locked"])
def test_a_value_changed_on_a_form_that_takes_none_is_named(site, act):
    ann = signed_in(site, "ann")
    set_flag(ann, act, PLT.form_key, "checked")
    ann.close()
    bob = Insider(site, "bob")
    (where,) = bob.write(FORGED, when=LATER + timedelta(minutes=5))
    assert ("locked_form", where) in bob.found()
