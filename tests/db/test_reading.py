"""Reading the ledger: what is there, what was never there, and a store that no longer says what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

import db.casebook.outlooks as outlooks
import db.ledger.chain as chain
from db import sqlite
from db.casebook.newcomers import next_id
from db.casebook.outlooks import find_misfits, keep_notes, read_outlooks
from db.folder import paths
from db.folder.counter import Counted
from db.folder.keys import CHEAP
from db.ledger.counted import first_missing
from db.ledger.definitions import read_definition
from db.people.accounts import add_account
from db.proof.verify import verify
from forms.errors import Refusal, Trouble
from tests.db.stores import PASSPHRASE, at, fill_screening, new_store, site_study

PLT = at("AN-001", "SCR", "LB", "PLT")


@pytest.fixture
def book(tmp_path):
    made = new_store(tmp_path)
    fill_screening(made)
    yield made
    made.close()


def test_there_is_no_study_before_the_first_entry(book):
    with pytest.raises(Trouble, match="definition"):
        read_definition(book.connection, 0)


def test_entries_counted_on_a_strand_that_is_not_there_are_missing_from_the_first_on(book):
    assert first_missing(book.connection, None) == 0
    assert first_missing(book.connection, Counted("elsewhere", 7, "")) == 1


def test_who_made_the_store_looks_after_accounts_only_while_nobody_else_has_that_right(book, tmp_path):
    add_account(book, "root", "Root", "admin", PASSPHRASE, kdf=CHEAP, temporary=False)
    with pytest.raises(Refusal):
        add_account(book, "eve", "Eve", "nurse", PASSPHRASE, kdf=CHEAP)


def test_a_value_that_two_subjects_share_is_asked_about_where_it_has_to_be_the_only_one(tmp_path):
    study, forms = site_study(), []
    for form in study.forms:
        if form.id == "SV":
            (group,) = form.groups
            form = replace(form, groups=(replace(group, items=tuple(replace(i, unique=True) for i in group.items)),))
        forms.append(form)
    book = new_store(tmp_path, study=replace(study, forms=tuple(forms)))
    fill_screening(book, "AN-001")
    fill_screening(book, "AN-002")
    place = at("AN-002", "SCR", "SV", "SVDAT")
    book.complete(place.form_key)
    (query,) = [each for each in book.queries("AN-002") if each.place == place]
    assert (query.rule, "AN-001" in query.text) == ("unique", True)
    book.close()


def test_proof_tells_how_far_it_is_and_names_no_more_faults_of_a_strand_than_so_many(book, monkeypatch):
    monkeypatch.setattr(chain, "MOST_FAULTS", 3)
    monkeypatch.setattr(chain, "TOLD_EVERY", 10)
    told, key, path = [], bytes(book.store_key), book.path
    book.close()
    found = verify(path, user="ann", passphrase=PASSPHRASE, tick=lambda *said: told.append(said))
    assert found.faults == ()
    assert any(said[0] and not said[0] % 10 for said in told)
    connection = sqlite.connect(path / paths.STORE, key)
    connection.execute("DROP TRIGGER entry_is_never_changed")
    connection.execute("UPDATE entry SET at = at + 1")
    connection.close()
    found = verify(path, user="ann", passphrase=PASSPHRASE)
    assert [fault.key for fault in found.found].count("db.verify.entry") == 3


def test_a_fault_says_where_in_the_language_of_the_reader():
    fault = chain.ProofFault("db.verify.unsealed", "strand:7")
    assert "strand:7" in str(fault)
    assert str(fault) == fault.text["en"] != fault.text["zh"]


def test_where_ids_are_words_the_first_is_offered_and_the_next_is_left_to_the_person(tmp_path):
    book = new_store(tmp_path, study=replace(site_study(), subject_id_pattern="RED|BLUE|GREEN"))
    assert next_id(book) == "RED"
    book.add_subject("RED")
    assert next_id(book) == ""
    book.add_subject("BLUE")
    assert book.count_subjects() == 2
    book.close()


def test_a_note_for_the_worklist_that_cannot_be_read_is_a_misfit_and_one_of_older_entries_is_not(book):
    made: dict[str, str] = {}
    list(read_outlooks(book, made, lambda *_: None))
    keep_notes(book, made)
    assert list(find_misfits(book.connection)) == []
    ((name, note),) = made.items()
    mark, _, _ = note.partition("\n")
    for kept, misfits in ((f"{mark}\n{{", ["AN-001"]), (f"0 {mark}\n{{", [])):
        keep_notes(book, {name: kept})
        assert list(find_misfits(book.connection)) == misfits


def test_the_worklist_reads_its_subjects_page_by_page(book, monkeypatch):
    book.add_subject("AN-002")
    monkeypatch.setattr(outlooks, "_PAGE", outlooks._PAGE.replace("LIMIT 200", "LIMIT 1"))
    monkeypatch.setattr(outlooks, "PAGE", 1)
    assert [each.subject for each in read_outlooks(book, {}, lambda *_: None)] == ["AN-001", "AN-002"]


def test_an_act_that_the_ledger_does_not_know_is_not_written(book):
    before = book.position()
    with pytest.raises(ValueError, match="tea_made"):
        book.note_act("tea_made")
    assert book.position() == before


def test_a_store_says_whether_it_can_be_worked_with(book):
    assert book.is_open
    book.close()
    assert not book.is_open


def test_flags_of_a_visit_are_read_beside_those_of_its_forms(book):
    assert book.scope_flags("AN-001") == {}
