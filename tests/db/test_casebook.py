"""The one door: what goes in, what it causes, who may, when a reason is due, and what completing does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from db.casebook.casebook import Casebook
from db.casebook.completing import Blocked
from db.casebook.entering import Entered
from db.clock import clock_of
from db.folder.keys import CHEAP
from db.opening.vault import open_store
from db.people.accounts import add_account
from forms.errors import NeedsReason, Refusal
from forms.place import Place
from forms.sheet.sheet import open_sheet
from forms.subject.subject import Subject
from forms.value import Value
from tests.db.stores import START, at, fill_screening, hands, key, new_store, reopened, site_study
from tests.forms.small_study import with_setting

WEIGHT = at("AN-001", "SCR", "VS", "WEIGHT")
PLT = at("AN-001", "SCR", "LB", "PLT")
LAB = key("AN-001", "SCR", "LB")
TEMP = at("AN-001", "SCR", "VS", "TEMP")
VITALS = key("AN-001", "SCR", "VS")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Casebook]:
    casebook = new_store(tmp_path)
    fill_screening(casebook)
    yield casebook
    casebook.close()


def second_person(book: Casebook, role: str = "nurse", days: int = 0) -> Casebook:
    """Another account signed in to the same store, which the first person leaves."""
    add_account(book, "bob", "Bob Li", role, "another phrase", kdf=CHEAP, temporary=False)
    folder = book.path
    book.close()
    later = clock_of(hands(START + timedelta(days=days, hours=1)))
    return open_store(folder, user="bob", passphrase="another phrase", clock=later)


def test_a_value_is_kept_as_typed_and_as_read(book: Casebook) -> None:
    book.enter(at("AN-001", "SCR", "VS", "TEMP"), " 37,2 ")
    record = book.record(at("AN-001", "SCR", "VS", "TEMP"))
    assert record is not None
    assert record.entry.value.text == " 37,2 "
    assert record.entry.act == "value"
    assert (record.entry.who, record.entry.role) == (book.account.id, "nurse")
    assert record.changes == 0


def test_a_value_brings_what_follows_from_it_in_the_same_instant(book: Casebook) -> None:
    changes = book.enter(at("AN-001", "SCR", "LB", "NEUT"), "0.4")
    graded = at("AN-001", "SCR", "LB", "NEUT").grade_place
    assert changes.places == (at("AN-001", "SCR", "LB", "NEUT"), graded)
    record = book.record(graded)
    typed = book.record(at("AN-001", "SCR", "LB", "NEUT"))
    assert record is not None
    assert typed is not None
    assert record.entry.who == "system"
    assert record.entry.cause == typed.entry.address
    assert record.entry.at == typed.entry.at
    assert record.entry.value.value == "Neutrophil count decreased=4"


def test_a_change_follows_into_other_forms(book: Casebook) -> None:
    for form, item, text in (("SV", "SVDAT", "2025-02-08"), ("VS", "HEIGHT", "165"), ("VS", "WEIGHT", "60")):
        book.enter(at("AN-001", "C_D1", form, item), text)
    book.enter(at("AN-001", "C_D1", "EX", "EXDAT"), "2025-02-08")
    changes = book.enter(at("AN-001", "C_D1", "VS", "WEIGHT"), "62")
    assert at("AN-001", "C_D1", "EX", "EXPLAN") in changes.places


def test_the_same_value_again_changes_nothing(book: Casebook) -> None:
    before = book.position()
    changes = book.enter(WEIGHT, "60.5 ")
    assert changes.places == ()
    assert book.position() == before
    assert book.record(WEIGHT).changes == 0


def test_a_cleared_value_is_an_entry_and_the_old_one_stays_readable(book: Casebook) -> None:
    book.enter(WEIGHT, "")
    history = book.history(WEIGHT)
    assert [entry.value.value for entry in history] == ["60.5", ""]
    assert history[1].replaces == history[0].address
    assert book.subject("AN-001").values.get(WEIGHT) == Value()


def test_text_that_cannot_be_read_is_kept_with_a_finding(book: Casebook) -> None:
    changes = book.enter(WEIGHT, "about sixty")
    assert book.subject("AN-001").values.get(WEIGHT).text == "about sixty"
    assert any(finding.rule == "kind.unread" and finding.severity == "block" for finding in changes.findings)


def test_a_missing_code_is_kept_apart_from_values(book: Casebook) -> None:
    book.enter(at("AN-001", "SCR", "VS", "TEMP"), "", missing="ND")
    assert book.subject("AN-001").values.get(at("AN-001", "SCR", "VS", "TEMP")) == Value(missing="ND")


def test_a_fresh_slip_of_ones_own_needs_no_reason(book: Casebook) -> None:
    book.enter(WEIGHT, "61")
    assert [entry.value.value for entry in book.history(WEIGHT)] == ["60.5", "61"]


def test_a_value_older_than_a_day_needs_a_reason(book: Casebook, tmp_path: Path) -> None:
    book.close()
    later = reopened(tmp_path)
    with pytest.raises(NeedsReason) as told:
        later.enter(WEIGHT, "61")
    assert told.value.key == "db.reason_old"
    later.enter(WEIGHT, "61", why="misread the scale")
    assert later.history(WEIGHT)[-1].why == "misread the scale"
    later.close()


def test_another_persons_value_needs_a_reason(book: Casebook) -> None:
    bob = second_person(book)
    with pytest.raises(NeedsReason) as told:
        bob.enter(WEIGHT, "61")
    assert told.value.key == "db.reason_other"
    bob.enter(at("AN-001", "SCR", "VS", "TEMP"), "36.9")
    bob.close()


def test_a_form_once_completed_needs_a_reason_even_for_a_first_value(book: Casebook) -> None:
    book.complete(LAB)
    book.reopen(LAB, "one result came late")
    with pytest.raises(NeedsReason) as told:
        book.enter(at("AN-001", "SCR", "LB", "NEUT"), "2.0")
    assert told.value.key == "db.reason_completed"


def test_a_study_may_ask_a_reason_for_every_correction(tmp_path: Path) -> None:
    setting = replace(site_study().settings[0], id="reason_for_change", value="always")
    study = replace(site_study(), settings=(*site_study().settings, setting))
    with_always = new_store(tmp_path, study=with_setting(study, "reason_for_change", "always"))
    fill_screening(with_always)
    with pytest.raises(NeedsReason) as told:
        with_always.enter(WEIGHT, "61")
    assert told.value.key == "db.reason_always"
    with_always.close()


def test_a_refused_correction_leaves_no_trace(book: Casebook) -> None:
    book.complete(LAB)
    before, tip = book.position(), book.tip()
    with pytest.raises(NeedsReason):
        book.enter(PLT, "81")
    assert (book.position(), book.tip()) == (before, tip)
    assert book.subject("AN-001").values.get(PLT).value == "80"
    book.enter(PLT, "81", why="typing slip")
    assert book.subject("AN-001").values.get(PLT).value == "81"


@pytest.mark.parametrize(
    ("place", "key_"),
    [
        (at("AN-001", "NOPE", "LB", "PLT"), "db.place_event"),
        (at("AN-001", "SCR", "AE", "AETERM"), "db.place_form"),
        (at("AN-001", "SCR", "LB", "NOPE"), "db.place_item"),
        (at("AN-001", "SCR", "VS", "BSA"), "db.place_derived"),
        (at("AN-001", "SCR", "LB", "PLT#grade"), "db.place_derived"),
        (at("AN-001", "C_D1", "LB", "PLT", "7"), "db.place_cycle"),
        (at("AN-001", "C_D1", "LB", "PLT", "01"), "db.place_cycle"),
        (at("AN-001", "SCR", "LB", "PLT", "2"), "db.place_event_no"),
        (at("AN-001", "SCR", "LB", "PLT", row="2"), "db.place_row"),
        (at("AN-001", "SCR", "LB", "PLT", form_no="2"), "db.place_form_no"),
        (at("AN-001", "LOG", "AE", "AETERM", row="a b"), "db.place_instance"),
        (at("AN-999", "SCR", "LB", "PLT"), "db.subject_unknown"),
    ],
)
def test_a_place_the_study_does_not_know_is_refused(book: Casebook, place: Place, key_: str) -> None:
    with pytest.raises(Refusal) as told:
        book.enter(place, "1")
    assert told.value.key == key_


def test_a_file_dropped_into_a_field_is_refused(book: Casebook) -> None:
    with pytest.raises(Refusal) as told:
        book.enter(at("AN-001", "LOG", "AE", "AETERM"), "x" * 100_001)
    assert told.value.key == "db.too_long"


def test_many_values_go_in_together_or_not_at_all(book: Casebook) -> None:
    before = book.position()
    with pytest.raises(Refusal):
        book.enter_many(
            [Entered(at("AN-001", "SCR", "LB", "NEUT"), "2"), Entered(at("AN-001", "SCR", "LB", "NOPE"), "1")]
        )
    assert book.position() == before
    assert book.subject("AN-001").values.get(at("AN-001", "SCR", "LB", "NEUT")) is None


def test_a_row_id_is_never_the_same_twice_and_bears_the_devices_name(book: Casebook, tmp_path: Path) -> None:
    log = key("AN-001", "LOG", "AE")
    first, second = book.new_row(log, "ROWS"), book.new_row(log, "ROWS")
    assert first != second
    assert first.startswith(f"{book.ledger.strand}-")
    book.enter(log.place("AEYN"), "Y")
    book.enter(log.place("AETERM", second), "Fever")
    book.close()
    again = reopened(tmp_path)
    assert again.new_row(log, "ROWS") not in (first, second)
    again.close()


def test_a_sheet_of_the_store_is_the_sheet_of_its_values(book: Casebook) -> None:
    kept = book.subject("AN-001")
    rebuilt = Subject(kept.study, kept.id, dict(kept.values), kept.states, kept.ranges, kept.today, kept.site)
    for form in ("SV", "DM", "VS", "LB"):
        assert (
            book.sheet(key("AN-001", "SCR", form)).findings == open_sheet(rebuilt, key("AN-001", "SCR", form)).findings
        )


# --- completing -------------------------------------------------------------------------------------------------------


def test_a_block_refuses_completion_and_says_what_is_wrong(book: Casebook) -> None:
    book.enter(at("AN-001", "SCR", "LB", "LBDAT"), "2031-01-01")
    with pytest.raises(Blocked) as told:
        book.complete(LAB)
    assert [finding.rule for finding in told.value.findings] == ["LB.future"]
    assert "A date in the future" in told.value.in_language("en")
    assert book.state(LAB).status == "started"


def test_an_investigator_may_let_a_block_stand_until_the_value_changes(tmp_path: Path) -> None:
    book = new_store(tmp_path, role="investigator")
    fill_screening(book)
    dated = at("AN-001", "SCR", "LB", "LBDAT")
    book.enter(dated, "2031-01-01")
    with pytest.raises(Blocked) as blocked:
        book.complete(LAB)
    finding = blocked.value.findings[0]
    with pytest.raises(Refusal):
        book.override(finding.place, finding.rule, "  ")
    book.override(finding.place, finding.rule, "clock of the analyser")
    book.complete(LAB)
    book.enter(dated, "2032-01-01", why="worse")
    book.reopen(LAB, "look again")
    with pytest.raises(Blocked):
        book.complete(LAB)
    book.close()


def test_a_nurse_may_not_override(book: Casebook) -> None:
    with pytest.raises(Refusal) as told:
        book.override(PLT, "bounds.hard", "because")
    assert told.value.key == "db.no_right"


def test_completing_opens_a_query_for_each_question_and_mending_closes_it(book: Casebook) -> None:
    book.enter(TEMP, "41.5")
    assert book.queries() == ()
    book.complete(VITALS)
    query = book.queries("AN-001")[0]
    assert (query.rule, query.status, query.opened_by) == ("bounds.soft", "open", "system")
    assert set(query.words) == {"en", "zh"}
    assert book.subjects()[0].open_queries == 1
    book.enter(TEMP, "37.5", why="read from the wrong line")
    closed = book.queries("AN-001")[0]
    assert (closed.status, closed.closed_by) == ("closed", "system")
    assert book.subjects()[0].open_queries == 0


def test_a_correction_on_a_completed_form_can_raise_a_query(book: Casebook) -> None:
    book.complete(VITALS)
    book.enter(TEMP, "41.5", why="checked")
    assert [query.rule for query in book.queries("AN-001")] == ["bounds.soft"]


def test_a_completed_form_that_no_longer_applies_is_asked_about_and_closed_when_it_does(tmp_path: Path) -> None:
    study = site_study()
    events = [event for event in study.events if event.id != "SCR"]
    forms = tuple(
        replace(each, when="SCR.DM.SEX = 'F'") if each.form == "VS" else each for each in study.event_by_id["SCR"].forms
    )
    events.insert(0, replace(study.event_by_id["SCR"], forms=forms))
    book = new_store(tmp_path, study=replace(study, events=tuple(events)))
    fill_screening(book)
    book.complete(VITALS)
    book.enter(at("AN-001", "SCR", "DM", "SEX"), "M")
    asked = [query for query in book.queries("AN-001") if query.rule == "hidden.form"]
    assert [(query.place.form_key, query.status) for query in asked] == [(VITALS, "open")]
    assert book.subject("AN-001").evaluate("SCR.VS.WEIGHT is unknown") is True
    assert book.subject("AN-001").values[at("AN-001", "SCR", "VS", "BSA")].value == "1.6652"
    book.enter(at("AN-001", "SCR", "DM", "SEX"), "F")
    assert [query.status for query in book.queries("AN-001") if query.rule == "hidden.form"] == ["closed"]
    assert book.subject("AN-001").evaluate("SCR.VS.WEIGHT = 60.5") is True
    book.close()


def test_a_query_that_a_person_settled_is_not_asked_again(book: Casebook) -> None:
    book.enter(TEMP, "41.5")
    book.complete(VITALS)
    query = book.queries()[0]
    folder = book.path
    bob = second_person(book, "monitor")
    bob.close_query(query.id, "seen on the source")
    bob.close()
    ann = open_store(folder, user="ann", passphrase="correct horse", clock=clock_of(hands(START + timedelta(hours=2))))
    ann.reopen(VITALS, "again")
    ann.complete(VITALS)
    assert [each.status for each in ann.queries()] == ["closed"]
    ann.close()


def test_completion_says_who_and_when_and_is_sealed(book: Casebook) -> None:
    changes = book.complete(LAB)
    state = book.state(LAB)
    assert (state.status, state.completed_by, state.completed_at) == ("complete", book.account.id, changes.at)
    last = book.connection.execute("SELECT max(seq) FROM seal").fetchone()[0]
    assert book.tip() == book.connection.execute("SELECT hash FROM entry WHERE seq = ?", (last,)).fetchone()[0].hex()
    assert book.complete(LAB).places == ()


def test_reopening_needs_a_reason(book: Casebook) -> None:
    book.complete(LAB)
    with pytest.raises(Refusal):
        book.reopen(LAB, " ")
    book.reopen(LAB, "late result")
    assert book.state(LAB).status == "started"
    assert book.state(LAB).once_completed
    assert book.reopen(LAB, "again").places == ()


# --- queries of people ------------------------------------------------------------------------------------------------


def test_a_query_is_asked_answered_closed_and_asked_again(book: Casebook) -> None:
    folder = book.path
    bob = second_person(book, "monitor")
    bob.open_query(PLT, "Source says 88?")
    query = bob.queries()[0]
    assert (query.text, query.rule, query.opened_by) == ("Source says 88?", "", bob.account.id)
    bob.close()
    ann = open_store(folder, user="ann", passphrase="correct horse", clock=clock_of(hands(START + timedelta(hours=3))))
    ann.answer_query(query.id, "corrected")
    changes = ann.enter(PLT, "88", why="query", query=query.id)
    assert ann.history(PLT)[-1].cause == query.id
    assert changes.entered == 1
    with pytest.raises(Refusal):
        ann.close_query(query.id, "fine")
    ann.close()
    bob = open_store(folder, user="bob", passphrase="another phrase", clock=clock_of(hands(START + timedelta(hours=4))))
    bob.close_query(query.id, "fine")
    assert bob.queries()[0].status == "closed"
    bob.reopen_query(query.id, "not so fine")
    assert bob.queries()[0].status == "open"
    with pytest.raises(Refusal):
        bob.reopen_query(query.id, "twice")
    with pytest.raises(Refusal):
        bob.close_query("none:1", "x")
    with pytest.raises(Refusal):
        bob.open_query(PLT, "  ")
    bob.close()


def test_a_monitor_changes_no_data(book: Casebook) -> None:
    bob = second_person(book, "monitor")
    for attempt in (
        lambda: bob.enter(PLT, "1"),
        lambda: bob.add_subject(),
        lambda: bob.complete(LAB),
        lambda: bob.reopen(LAB, "x"),
        lambda: bob.draft(PLT, "x"),
    ):
        with pytest.raises(Refusal) as told:
            attempt()
        assert told.value.key == "db.no_right"
    assert not bob.may("enter")
    assert bob.may("query.open")
    bob.close()


# --- subjects and drafts ----------------------------------------------------------------------------------------------


def test_subjects_are_numbered_by_the_site_and_an_id_is_given_once(book: Casebook) -> None:
    book.add_subject()
    assert [line.id for line in book.subjects()] == ["AN-001", "AN-002"]
    for taken in ("AN-001", "an 3"):
        with pytest.raises(Refusal):
            book.add_subject(taken)


def test_a_line_of_the_list_shows_the_facts_of_the_study(book: Casebook) -> None:
    line = book.subjects()[0]
    assert (line.status, line.sex, line.age) == ("new", "F", "34")
    book.enter(at("AN-001", "C_D1", "SV", "SVDAT"), "2025-02-08")
    book.enter(at("AN-001", "C_D1", "EX", "EXDAT"), "2025-02-08")
    book.enter(at("AN-001", "C_D1", "EX", "EXDOSE"), "100")
    assert book.subjects()[0].status == "on"


def test_the_list_is_searched_by_any_part_of_the_id(book: Casebook) -> None:
    book.add_subject("AN-014")
    assert [line.id for line in book.subjects("14")] == ["AN-014"]
    assert [line.id for line in book.subjects("an-0")] == ["AN-001", "AN-014"]
    assert book.subjects("%") == []
    assert book.count_subjects() == 2
    assert [line.id for line in book.subjects(offset=1, limit=1)] == ["AN-014"]


def test_a_draft_is_no_act_and_goes_when_the_text_is_entered(book: Casebook, tmp_path: Path) -> None:
    note = at("AN-001", "UNS", "UV", "UVNOTE", "k-1")
    before = book.position()
    book.draft(note, "half a sen")
    assert book.position() == before
    assert [draft.text for draft in book.drafts(note.form_key)] == ["half a sen"]
    book.close()
    again = reopened(tmp_path)
    assert [draft.text for draft in again.drafts()] == ["half a sen"]
    again.enter(note, "half a sentence")
    assert again.drafts() == ()
    again.draft(note, "x")
    again.clear_draft(note)
    assert again.drafts() == ()
    again.close()


def test_lone_surrogates_and_controls_do_not_break_the_store(book: Casebook) -> None:
    term = at("AN-001", "LOG", "AE", "AETERM")
    book.enter(at("AN-001", "LOG", "AE", "AEYN"), "Y")
    book.enter(term, "O'Brien 😀 \u202e\ud800 \x00 x")
    assert "O'Brien 😀" in book.record(term).entry.value.text


def test_a_closed_casebook_says_so(tmp_path: Path) -> None:
    book = new_store(tmp_path)
    book.close()
    book.close()
    for attempt in (lambda: book.enter(PLT, "1"), lambda: book.subjects(), lambda: book.note_act("export")):
        with pytest.raises(Refusal) as told:
            attempt()
        assert told.value.key == "db.closed"


def test_an_act_nobody_knows_is_a_bug(book: Casebook) -> None:
    with pytest.raises(ValueError, match="dance"):
        book.note_act("dance")


def test_many_values_tell_their_progress_subject_by_subject(book: Casebook) -> None:
    book.add_subject("AN-002")
    seen: list[tuple[int, int, str]] = []
    entries = [Entered(at(subject, "SCR", "LB", "NEUT"), "2") for subject in ("AN-001", "AN-002")]
    book.enter_many(entries, tick=lambda done, of, text: seen.append((done, of, text)))
    assert seen == [(0, 2, "AN-001"), (1, 2, "AN-002")]


def test_pictures_of_many_subjects_are_let_go_and_read_again(book: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.casebook.reading.OPEN_SUBJECTS", 2)
    for number in range(2, 6):
        book.add_subject(f"AN-00{number}")
    book.enter(WEIGHT, "61")
    assert book.subject("AN-001").values[WEIGHT].value == "61"
    assert [book.subject(f"AN-00{number}").id for number in range(1, 4)] == ["AN-001", "AN-002", "AN-003"]


def test_a_form_with_nothing_on_it_can_be_completed_when_nothing_is_required(book: Casebook) -> None:
    notes = key("AN-001", "C_D1", "EX")
    assert book.sheet(notes).complete_blockers() == ()
    book.complete(notes)
    assert book.state(notes).status == "complete"
    assert notes in book.subject("AN-001").keys()


def test_instances_of_forms_and_visits_get_ids_of_their_own(book: Casebook) -> None:
    ids = {book.new_event_no("AN-001", "UNS"), book.new_form_no("AN-001", "UNS", "1", "UV"), book.new_row(LAB, "X")}
    assert len(ids) == 3
    with pytest.raises(Refusal) as told:
        book.enter(at("AN-001", "UNS", "UV", "UVNOTE", "a/b"), "x")
    assert told.value.key == "db.place_instance"


def test_people_are_shown_by_their_names(book: Casebook) -> None:
    assert book.names() == {book.account.id: "Ann Wu"}
