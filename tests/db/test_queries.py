"""Queries and drafts at the casebook: what is refused, and when a settled question is asked anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db.clock import clock_of
from db.folder.keys import CHEAP
from db.people.accounts import add_account
from forms.errors import Refusal
from tests.db.stores import PASSPHRASE, START, at, fill_screening, hands, key, new_store, reopened

PLT = at("AN-001", "SCR", "LB", "PLT")
TEMP = at("AN-001", "SCR", "VS", "TEMP")
VITALS = key("AN-001", "SCR", "VS")


@pytest.fixture
def book(tmp_path):
    made = new_store(tmp_path)
    fill_screening(made)
    add_account(made, "moni", "Moni", "monitor", PASSPHRASE, kdf=CHEAP, temporary=False)
    yield made
    made.close()


def signed_in(tmp_path, user, days):
    return reopened(tmp_path, clock_of(hands(START + timedelta(days=days))), user)


def test_a_query_without_words_is_neither_asked_nor_answered(book, tmp_path):
    book.close()
    monitor = signed_in(tmp_path, "moni", 1)
    for text, language in (("  ", "en"), ("Right?", "tlh")):
        with pytest.raises(Refusal, match="Write what is asked"):
            monitor.open_query(PLT, text, language=language)
    monitor.open_query(PLT, "Right?")
    with pytest.raises(Refusal, match="Write what is asked"):
        monitor.close_query(monitor.queries()[0].id, " ")
    assert [query.status for query in monitor.queries()] == ["open"]
    monitor.close()


def test_the_past_shows_every_state_a_query_and_a_form_went_through(book, tmp_path):
    book.complete(VITALS)
    book.reopen(VITALS, "late result")
    seen = [(book.position(), "started", ())]
    book.close()
    monitor = signed_in(tmp_path, "moni", 1)
    monitor.open_query(PLT, "Right?")
    (query,) = monitor.queries()
    seen.append((monitor.position(), "started", ("open",)))
    monitor.close()
    nurse = signed_in(tmp_path, "ann", 2)
    nurse.answer_query(query.id, "Yes.")
    seen.append((nurse.position(), "started", ("answered",)))
    nurse.complete(VITALS)
    seen.append((nurse.position(), "complete", ("answered",)))
    nurse.close()
    monitor = signed_in(tmp_path, "moni", 3)
    for act, status in (
        (monitor.close_query, "closed"),
        (monitor.reopen_query, "open"),
        (monitor.close_query, "closed"),
    ):
        act(query.id, "so it is")
        seen.append((monitor.position(), "complete", (status,)))
    for position, form, statuses in seen:
        (data,) = monitor.dataset(str(position)).subjects
        assert data.states[VITALS].status == form
        assert tuple(each.status for each in data.queries) == statuses
    monitor.close()


def test_a_query_to_a_role_that_may_not_answer_is_refused(book, tmp_path):
    book.close()
    monitor = signed_in(tmp_path, "moni", 1)
    with pytest.raises(Refusal, match="may not answer queries"):
        monitor.open_query(PLT, "Right?", to="monitor")
    assert monitor.queries() == ()
    monitor.close()


def test_a_question_that_a_person_settled_is_asked_anew_once_the_value_changed(book, tmp_path):
    book.enter(TEMP, "41.5")
    book.complete(VITALS)
    book.close()
    monitor = signed_in(tmp_path, "moni", 1)
    monitor.close_query(monitor.queries()[0].id, "seen on the source")
    monitor.close()
    nurse = signed_in(tmp_path, "ann", 2)
    nurse.enter(TEMP, "41.8", why="second reading")
    assert sorted(query.status for query in nurse.queries()) == ["closed", "open"]
    nurse.close()


def test_a_draft_is_given_up_or_replaced_whenever_it_was_begun(book):
    first, second = at("AN-001", "LOG", "AE", "AETERM"), at("AN-001", "LOG", "AE", "AETERM", row="2")
    book.draft(first, "fev")
    book.clear_draft(second)
    book.draft(second, "ra")
    assert [(draft.place, draft.text) for draft in book.drafts()] == [(first, "fev"), (second, "ra")]
    book.clear_draft(second)
    assert [draft.place for draft in book.drafts()] == [first]
    book.enter(at("AN-001", "LOG", "AE", "AEYN"), "Y")
    book.enter(first, "fever")
    assert book.drafts() == ()


def test_a_store_is_read_again_after_it_was_told_to_forget(book):
    before = book.subject("AN-001")
    assert book.subject("AN-001") is before
    book.forget()
    assert book.subject("AN-001") is not before
    assert book.subject("AN-001").values == before.values
