"""Signing, freezing, locking: which act each state allows, what a change breaks, what locking the database takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.casebook.casebook import Casebook
from db.casebook.flagging import set_flag, whole_subject, whole_visit
from db.casebook.prelock import Checklist, lock_database, read_checklist, unlock_database
from db.casebook.waiting import read_waiting
from db.casebook.worklist import find_tasks
from db.clock import clock_of
from db.folder.tries import read_tries
from db.ledger.projection import fold, read_rows
from db.people.signing import sign, sign_scope
from db.proof.verify import verify
from forms.errors import NeedsReason, Refusal, Trouble
from forms.place import FormKey
from forms.record.dataset import Signature
from forms.study.definition import Role, Study
from forms.subject.states import EMPTY, STARTED, completed, flagged, hindrance
from tests.db.stores import PASSPHRASE, RIGHTS, START, at, fill_screening, hands, key, new_store, reopened, site_study
from tests.forms.small_study import words

EVERYTHING = (
    "read subject.add enter correct complete reopen override query.open query.answer query.close verify sign lock "
    "unlock import export report settings"
)
ONE = "AN-001"
LB, VS, DM, SV = (key(ONE, "SCR", form) for form in ("LB", "VS", "DM", "SV"))
PLT = at(ONE, "SCR", "LB", "PLT")


def study() -> Study:
    roles = {**RIGHTS, "pi": EVERYTHING}
    return replace(
        site_study(), roles=tuple(Role(role, words(role), tuple(told.split())) for role, told in roles.items())
    )


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Casebook]:
    made = new_store(tmp_path, role="pi", study=study())
    fill_screening(made)
    yield made
    made.close()


def sign_one(book: Casebook, *forms: FormKey, meaning: str = "author") -> None:
    sign(book, forms, meaning, PASSPHRASE, user="ann")


def of(book: Casebook, form: FormKey) -> list[Signature]:
    return [each for each in book.signatures(form.subject) if each.key == form]


def agrees(book: Casebook) -> bool:
    """Tables, kept picture and fold say the same, and the proof finds nothing."""
    folded = fold(read_rows(book.connection, ONE, 1 << 62))
    kept = book.subject(ONE).states
    book.forget()
    return folded.states == dict(book.subject(ONE).states) == dict(kept) and verify(book).faults == ()


# --- the table of states and acts -----------------------------------------------------------------------------------

DONE = completed(STARTED, "2026-01-02T03:04:05.000Z", "u1")
STATES = {
    "empty": EMPTY,
    "started": STARTED,
    "complete": DONE,
    "signed": flagged(DONE, "signed", on=True),
    "verified": flagged(DONE, "verified", on=True),
    "frozen": flagged(DONE, "frozen", on=True),
    "locked": flagged(DONE, "locked", on=True),
    "frozen and locked": flagged(flagged(DONE, "frozen", on=True), "locked", on=True),
}
ALLOWED = {
    "value": "empty started complete signed verified",
    "completed": "empty started",
    "reopened": "complete signed verified",
    "overridden": "empty started complete signed verified",
    "verified": "started complete signed frozen locked frozen and locked",
    "unverified": "verified",
    "signed": "complete signed verified frozen locked frozen and locked",
    "frozen": "started complete signed verified",
    "unfrozen": "frozen frozen and locked",
    "locked": "started complete signed verified frozen",
    "unlocked": "locked frozen and locked",
}


@pytest.mark.parametrize("act", list(ALLOWED))
@pytest.mark.parametrize("state", list(STATES))
def test_each_state_allows_an_act_or_says_in_a_sentence_why_not(act: str, state: str) -> None:
    names = ALLOWED[act].replace("frozen and locked", "both").split()
    told = hindrance(STATES[state], act)
    assert bool(told) != (("both" if state == "frozen and locked" else state) in names)
    if told:
        assert "LB" in Refusal(told, form="LB").in_language("en")
        assert "LB" in Refusal(told, form="LB").in_language("zh")


@pytest.mark.parametrize(
    ("act", "first"),
    [("unverified", "verified"), ("frozen", ""), ("unfrozen", "frozen"), ("locked", ""), ("unlocked", "locked")],
)
def test_each_act_but_verifying_asks_for_a_reason_and_keeps_it(book: Casebook, act: str, first: str) -> None:
    if first:
        set_flag(book, first, LB, "before")
    with pytest.raises(Refusal, match="reason"):
        set_flag(book, act, LB, "  ")
    set_flag(book, act, LB, "as agreed")
    entry = next(each for each in reversed(book.dataset().subjects[0].entries) if each.act == act)
    assert (entry.why, entry.place.form_key) == ("as agreed", LB)
    assert agrees(book)


@pytest.mark.parametrize(
    ("right", "act"),
    [("verify", "verified"), ("lock", "frozen"), ("lock", "locked"), ("unlock", "unlocked"), ("lock", "unfrozen")],
)
def test_an_act_without_its_right_is_refused_and_nothing_is_written(tmp_path: Path, right: str, act: str) -> None:
    rights = tuple(each for each in EVERYTHING.split() if each != right)
    book = new_store(tmp_path, role="pi", study=replace(study(), roles=(Role("pi", words("pi"), rights),)))
    fill_screening(book)
    before = book.position()
    with pytest.raises(Refusal, match=right):
        set_flag(book, act, LB, "reason")
    assert book.position() == before
    book.close()


# --- frozen and locked ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["frozen", "locked"])
def test_a_closed_form_takes_no_entry_is_not_completed_and_not_opened_again(book: Casebook, act: str) -> None:
    book.complete(DM)
    for form in (LB, DM):
        set_flag(book, act, form, "cleaned")
    for refused in (
        lambda: book.enter(PLT, "81", why="slip"),
        lambda: book.complete(LB),
        lambda: book.reopen(DM, "why"),
        lambda: book.override(PLT, "LB.PLT.low", "why"),
    ):
        with pytest.raises(Refusal, match="frozen or locked"):
            refused()
    set_flag(book, {"frozen": "unfrozen", "locked": "unlocked"}[act], LB, "a late slip")
    book.enter(PLT, "81", why="slip")
    assert book.sheet(LB).cell("PLT").value.value == "81"
    assert agrees(book)


def test_locking_a_frozen_form_and_unlocking_it_leaves_it_frozen(book: Casebook) -> None:
    set_flag(book, "frozen", LB, "a")
    set_flag(book, "locked", LB, "b")
    set_flag(book, "unlocked", LB, "c")
    assert book.state(LB).flags().frozen
    assert not book.takes_entries(LB)


def test_a_locked_visit_takes_no_new_form_and_another_visit_does(book: Casebook) -> None:
    weight = at(ONE, "C_D1", "VS", "WEIGHT")
    book.enter(weight, "61")
    set_flag(book, "locked", whole_visit(weight.form_key), "visit cleaned")
    assert book.state(weight.form_key).flags().locked
    assert not book.state(LB).flags().locked
    with pytest.raises(Refusal, match="can't be begun"):
        book.enter(at(ONE, "C_D1", "SV", "SVDAT"), "2025-02-08")
    book.enter(at(ONE, "C_D1", "SV", "SVDAT", event_no="2"), "2025-03-01")
    assert agrees(book)
    set_flag(book, "unlocked", whole_visit(weight.form_key), "too early")
    book.enter(at(ONE, "C_D1", "SV", "SVDAT"), "2025-02-08")
    assert agrees(book)


def test_a_locked_subject_takes_nothing_and_one_form_of_it_can_be_opened_by_itself(book: Casebook) -> None:
    set_flag(book, "locked", whole_subject(ONE), "data cleaned")
    with pytest.raises(Refusal, match="can't be begun"):
        book.enter(at(ONE, "LOG", "AE", "AETERM"), "tired")
    with pytest.raises(Refusal, match="already"):
        set_flag(book, "locked", whole_subject(ONE), "again")
    set_flag(book, "unlocked", LB, "slip found")
    book.enter(PLT, "81", why="slip")
    assert not book.takes_entries(key(ONE, "LOG", "AE"))
    assert book.takes_entries(LB)
    assert agrees(book)


def test_a_new_form_in_a_locked_subject_is_refused_to_a_file_by_its_line(book: Casebook, tmp_path: Path) -> None:
    from db.incoming.data_file import import_csv

    set_flag(book, "frozen", whole_subject(ONE), "data cleaned")
    file = tmp_path / "in.csv"
    head = "subject,event,event_no,form,form_no,row,item,value,unit,missing"
    file.write_text(f"{head}\n{ONE},LOG,1,AE,1,1,AETERM,tired,,\n", "utf-8")
    [fault] = import_csv(book, file).faults
    assert (fault.line, fault.column) == (2, "value")
    assert "can't be begun" in fault.text["en"]


def test_flags_stand_after_the_store_was_closed_and_opened(book: Casebook, tmp_path: Path) -> None:
    book.complete(LB)
    sign_one(book, LB)
    set_flag(book, "verified", LB)
    set_flag(book, "locked", whole_subject(ONE), "cleaned")
    book.close()
    later = reopened(tmp_path)
    flags = later.state(LB).flags()
    assert (flags.complete, flags.verified, flags.signed, flags.frozen, flags.locked) == (True, True, True, False, True)
    assert not later.takes_entries(key(ONE, "LOG", "AE"))
    later.close()


def test_an_altered_flag_is_found(book: Casebook) -> None:
    set_flag(book, "locked", LB, "cleaned")
    book.connection.execute("UPDATE flag SET locked = 0")
    assert [each.key for each in verify(book).found] == ["db.verify.state"]


# --- signing --------------------------------------------------------------------------------------------------------


def test_a_signature_tells_who_what_for_and_when_and_binds_the_entries_that_stand(book: Casebook) -> None:
    book.complete(LB)
    sign_one(book, LB, meaning="approval")
    [signature] = of(book, LB)
    assert (signature.name, signature.meaning, signature.scope) == ("Ann Wu", "approval", "form")
    assert signature.entry.offset == 8 * 60
    told = json.loads(signature.entry.value.value)
    assert told["definition"] == book.definition
    assert book.record(PLT).entry.address in told["entries"]
    assert not signature.is_broken
    assert book.state(LB).flags().signed
    assert agrees(book)


def test_only_what_is_complete_is_signed_and_nothing_is_when_one_is_not(book: Casebook) -> None:
    book.complete(LB)
    before = book.position()
    with pytest.raises(Refusal, match="not complete"):
        sign_one(book, LB, VS)
    with pytest.raises(Refusal, match="nothing to sign"):
        sign_one(book)
    with pytest.raises(Refusal, match="author, review or approval"):
        sign_one(book, LB, meaning="seen")
    assert book.position() == before


def test_the_first_signing_asks_name_and_passphrase_the_next_the_passphrase_alone(book: Casebook) -> None:
    book.complete(LB)
    book.complete(VS)
    with pytest.raises(Refusal, match="own name and passphrase"):
        sign(book, [LB], "author", PASSPHRASE)
    sign(book, [LB], "author", PASSPHRASE, user="ann")
    sign(book, [VS], "author", PASSPHRASE)
    assert book.state(VS).flags().signed


def test_nobody_signs_for_another_and_each_wrong_try_is_counted_and_noted(book: Casebook) -> None:
    book.complete(LB)
    with pytest.raises(Refusal, match="own name"):
        sign(book, [LB], "author", PASSPHRASE, user="bob")
    for _ in range(3):
        with pytest.raises(Trouble, match="passphrase"):
            sign(book, [LB], "author", "a wrong phrase", user="ann")
    assert len(read_tries(book.path)) == 4
    assert of(book, LB) == []
    sign(book, [LB], "author", PASSPHRASE, user="ann")
    assert read_tries(book.path) == ()
    assert len(book.acts("sign_in_failed")) == 4


def test_five_wrong_passphrases_lock_the_account_for_signing_too(book: Casebook) -> None:
    book.complete(LB)
    for _ in range(5):
        with pytest.raises(Trouble, match="passphrase"):
            sign(book, [LB], "author", "a wrong phrase", user="ann")
    with pytest.raises(Trouble, match="locked"):
        sign(book, [LB], "author", PASSPHRASE, user="ann")


def test_a_correction_breaks_the_signature_which_is_kept_with_what_changed(book: Casebook) -> None:
    book.complete(LB)
    sign_one(book, LB)
    book.enter(PLT, "81", why="typing slip")
    [broken] = of(book, LB)
    change = next(each for each in broken.changes if each.place == PLT)
    assert (change.before.value, change.after.value, change.entry.who) == ("80", "81", book.account.id)
    assert change.entry.why == "typing slip"
    assert not book.state(LB).flags().signed
    assert [(each.key, each.broken) for each in read_waiting(book)] == [(LB, True)]
    sign_one(book, LB)
    first, second = of(book, LB)
    assert (first.is_broken, second.is_broken) == (True, False)
    assert read_waiting(book) == ()
    assert agrees(book)


def test_today_lists_each_broken_signature_and_a_line_a_subject_for_what_was_never_signed(book: Casebook) -> None:
    for form in (LB, VS, DM):
        book.complete(form)
    sign_one(book, LB)
    book.enter(PLT, "81", why="typing slip")
    told = [
        task for task in find_tasks(book, {}, tick=lambda at, of, text: None) if task.kind in ("broken", "unsigned")
    ]
    assert [(task.kind, task.subject, task.key) for task in told if task.kind == "broken"] == [("broken", ONE, LB)]
    [fresh] = [task for task in told if task.kind == "unsigned"]
    assert (fresh.subject, fresh.open_forms) == (ONE, 2)


def test_opening_a_form_again_breaks_its_signature_and_two_persons_meanings_stand_side_by_side(book: Casebook) -> None:
    book.complete(LB)
    sign_one(book, LB)
    sign_one(book, LB, meaning="review")
    assert [each.meaning for each in of(book, LB)] == ["author", "review"]
    book.reopen(LB, "one more result")
    assert all(each.is_broken and each.changes[0].after is None for each in of(book, LB))
    assert agrees(book)


def test_what_is_computed_anew_breaks_the_signature_of_the_form_it_stands_on(book: Casebook) -> None:
    for form in (LB, VS, DM):
        book.complete(form)
    later = at(ONE, "C_D1", "LB", "ALT")
    for item, text in (("LBDAT", "2025-02-10"), ("LBNAM", "HOSP"), ("ALT", "800"), ("PLT", "70"), ("HGB", "90")):
        book.enter(at(ONE, "C_D1", "LB", item), text)
    book.complete(later.form_key)
    sign_one(book, later.form_key)
    book.enter(at(ONE, "C_D1", "EX", "EXDAT", row="a"), "2025-02-08")
    book.enter(at(ONE, "C_D1", "EX", "EXDOSE", row="a"), "175")
    [signature] = of(book, later.form_key)
    assert signature.is_broken
    assert {each.entry.who for each in signature.changes} == {"system"}
    assert agrees(book)


def test_a_casebook_is_signed_once_over_all_its_forms_and_a_form_begun_later_breaks_it(book: Casebook) -> None:
    with pytest.raises(Refusal, match="not complete"):
        sign_scope(book, whole_subject(ONE), "casebook", "approval", PASSPHRASE, user="ann")
    for form in (SV, DM, VS, LB):
        book.complete(form)
    sign_scope(book, whole_subject(ONE), "casebook", "approval", PASSPHRASE, user="ann")
    [whole] = of(book, whole_subject(ONE))
    assert len(json.loads(whole.entry.value.value)["entries"]) == 4
    assert all(book.state(form).flags().signed for form in (SV, DM, VS, LB))
    assert agrees(book)
    book.enter(at(ONE, "LOG", "AE", "AETERM"), "tired")
    [whole] = of(book, whole_subject(ONE))
    assert [each.place.item for each in whole.changes] == ["AETERM"]
    assert not of(book, LB)[0].is_broken
    sign_scope(book, whole_subject(ONE), "interim", "approval", PASSPHRASE)
    assert [each.scope for each in of(book, whole_subject(ONE))] == ["casebook", "interim"]


def test_a_visit_is_signed_by_itself(book: Casebook) -> None:
    for form in (SV, DM, VS, LB):
        book.complete(form)
    book.enter(at(ONE, "C_D1", "VS", "WEIGHT"), "61")
    sign_scope(book, whole_visit(LB), "visit", "review", PASSPHRASE, user="ann")
    assert [each.scope for each in of(book, whole_visit(LB))] == ["visit"]
    with pytest.raises(Refusal, match="as a whole"):
        sign_scope(book, whole_subject(ONE), "visit", "review", PASSPHRASE)


def test_a_form_that_is_locked_can_be_signed_and_stays_locked(book: Casebook) -> None:
    book.complete(LB)
    set_flag(book, "locked", LB, "cleaned")
    sign_one(book, LB)
    assert (book.state(LB).flags().signed, book.state(LB).flags().locked) == (True, True)
    assert agrees(book)


@pytest.mark.parametrize("what", ["digest", "entries", "name", "meaning", "at", "signature", "definition"])
def test_a_forged_signature_is_found(book: Casebook, what: str) -> None:
    from db.ledger.ledger import Act
    from forms.value import Value

    book.complete(LB)
    sign_one(book, LB)
    told = json.loads(of(book, LB)[0].entry.value.value)
    told[what] = told[what][:1] if what == "entries" else "0" * 16 if what != "name" else "Bo Li"
    with book.writing() as ledger:
        ledger.append([Act("signed", LB.place("", ""), Value(value=json.dumps(told)))])
    assert [each.key for each in verify(book).found] == ["db.verify.signature"]


def test_a_signature_copied_to_another_form_is_found(book: Casebook) -> None:
    from db.ledger.ledger import Act

    book.complete(LB)
    book.complete(VS)
    sign_one(book, LB)
    with book.writing() as ledger:
        ledger.append([Act("signed", VS.place("", ""), of(book, LB)[0].entry.value)])
    assert [each.key for each in verify(book).found] == ["db.verify.signature"]


def test_a_dataset_tells_the_signatures_of_its_position(book: Casebook) -> None:
    book.complete(LB)
    sign_one(book, LB)
    then = book.position()
    book.enter(PLT, "81", why="slip")
    [before] = book.dataset(str(then), trail=False).subjects[0].signatures
    [after] = book.dataset(trail=False).subjects[0].signatures
    assert (before.is_broken, after.is_broken) == (False, True)


def test_an_entry_forced_past_a_locked_form_or_a_locked_database_is_found(book: Casebook) -> None:
    from db.ledger.ledger import Act
    from forms.value import Value

    set_flag(book, "locked", LB, "cleaned")
    with book.writing() as ledger:
        [first] = ledger.append([Act("value", PLT, Value("99", "99"), "forced", book.record(PLT).entry.address)])
    assert first in " ".join(fault["en"] for fault in verify(book).faults)
    lock_database(book, read_checklist(book), "end of study")
    with book.writing() as ledger:
        [second] = ledger.append([Act("value", at(ONE, "SCR", "DM", "PREG"), Value("Y", "Y"), "forced")])
    assert second in " ".join(fault["en"] for fault in verify(book).faults)


# --- the database ---------------------------------------------------------------------------------------------------


def test_the_list_before_a_lock_names_what_is_lacking_with_its_place(book: Casebook) -> None:
    book.complete(LB)
    book.complete(VS)
    sign_one(book, VS)
    book.enter(at(ONE, "SCR", "VS", "WEIGHT"), "62", why="slip")
    book.open_query(PLT, "Right?")
    lines = {(line.kind, line.place.form, line.place.item) for line in read_checklist(book).lines}
    assert {("query", "LB", "PLT"), ("unsigned", "LB", ""), ("broken", "VS", ""), ("incomplete", "DM", "")} <= lines
    assert "unverified" not in read_checklist(book).counts


def test_a_locked_database_takes_every_right_to_change_from_everybody(book: Casebook, tmp_path: Path) -> None:
    book.complete(VS)
    checklist = read_checklist(book)
    with pytest.raises(Refusal, match="all the same"):
        lock_database(book, checklist, "")
    lock_database(book, checklist, "end of study, open points accepted by the sponsor")
    [act] = book.acts("database_locked")
    assert json.loads(act.value.value) == checklist.counts
    before = book.position()
    for refused in (
        lambda: book.enter(PLT, "81", why="slip"),
        lambda: book.add_subject(),
        lambda: book.complete(LB),
        lambda: book.reopen(VS, "why"),
        lambda: book.override(PLT, "r", "why"),
        lambda: book.draft(PLT, "8"),
        lambda: book.open_query(PLT, "Right?"),
        lambda: set_flag(book, "verified", LB),
    ):
        with pytest.raises(Refusal, match="database was locked by Ann Wu"):
            refused()
    assert (book.position(), book.may("enter"), book.may("sign")) == (before, False, True)
    book.close()
    later = reopened(tmp_path)
    assert not later.may("enter")
    with pytest.raises(Refusal, match="locked already"):
        lock_database(later, read_checklist(later), "again")
    with pytest.raises(Refusal, match="reason"):
        unlock_database(later, "")
    unlock_database(later, "a report came late")
    later.enter(PLT, "81", why="late report")
    later.close()


def test_a_list_made_before_something_was_entered_locks_nothing(book: Casebook) -> None:
    checklist = read_checklist(book)
    book.enter(at(ONE, "SCR", "DM", "PREG"), "Y", why="slip")
    with pytest.raises(Refusal, match="since the list was made"):
        lock_database(book, checklist, "end of study")
    lock_database(book, Checklist(book.position(), ()), "end of study")


def test_a_closed_form_says_so_and_does_not_ask_for_a_reason_first(book: Casebook) -> None:
    book.complete(LB)
    with pytest.raises(NeedsReason):
        book.enter(PLT, "81")
    set_flag(book, "locked", LB, "cleaned")
    with pytest.raises(Refusal, match="frozen or locked"):
        book.enter(PLT, "81")


def test_tomorrow_s_sign_in_asks_the_name_again(book: Casebook, tmp_path: Path) -> None:
    book.complete(LB)
    book.complete(VS)
    sign_one(book, LB)
    book.close()
    later = reopened(tmp_path, clock_of(hands(START.replace(day=4))))
    with pytest.raises(Refusal, match="own name"):
        sign(later, [VS], "author", PASSPHRASE)
    later.close()


# --- words ----------------------------------------------------------------------------------------------------------


def test_every_meaning_scope_and_lack_has_its_words_in_both_languages() -> None:
    from db.casebook.prelock import KINDS
    from forms.record.signatures import MEANINGS, SCOPES
    from forms.texts import say

    keys = [f"db.meaning.{each}" for each in MEANINGS] + [f"db.meaning_short.{each}" for each in MEANINGS]
    keys += [f"db.scope.{each}" for each in SCOPES] + [f"db.lacking.{each}" for each in KINDS]
    for one in keys:
        assert say("en", one) != say("zh", one)
