"""The casebook and the audit report of a real small store, read back from the PDF."""

from __future__ import annotations

import hashlib
import io
import re

import pytest
from pypdf import PdfReader

from db.clock import set_clock
from db.folder.keys import CHEAP
from db.opening.vault import create_store, open_store
from db.people.accounts import add_account
from forms.errors import Refusal
from forms.grading.words import explain
from forms.place import FormKey
from forms.sheet.sheet import open_sheet
from forms.texts import said
from reports.pdf import audit
from reports.pdf.casebook import report
from reports.registry import REPORTS
from tests.reports.datasets import ankl, demo_dataset

PHRASE = "a phrase for tests"
S = "S01-001"


def fill(book, form, event="SCR", **values):
    for item, text in values.items():
        book.enter(FormKey(S, event, "1", form).place(item), text)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """One subject with vital signs, a blood count with a correction, an adverse event, odd characters."""
    path = tmp_path_factory.mktemp("store") / "site.casebook"
    book = create_store(
        path, ankl(), site="S01", user="demo", name="Lin Xia", role="investigator", passphrase=PHRASE,
        clock=set_clock("2024-10-20"), kdf=CHEAP,
    )  # fmt: skip
    add_account(book, "zhou", "Zhou Wei", "pi", "another phrase", kdf=CHEAP, temporary=False)
    book.add_subject(S)
    fill(book, "DM", BRTHDAT="1992-03-04", SEX="F", ETHNIC="HAN")
    book.complete(FormKey(S, "SCR", "1", "DM"))
    fill(book, "SV", SVPERF="Y", SVDAT="2024-10-18")
    fill(book, "VS", HEIGHT="165", WEIGHT="58.6", TEMP="warm", EXAMTX="Rash 🙂 on both arms " + "and legs " * 60)
    fill(book, "HEM", LBPERF="Y", LBDAT="2024-10-18", LBNAM="LAB1", PLT="48", HGB="79")
    book.enter(FormKey(S, "SCR", "1", "HEM").place("WBC"), "", missing="ND")
    row = book.new_row(FormKey(S, "LOG", "1", "AE"), "AE")
    for item, text in (("AETERM", "numb fingers"), ("AEDECOD", "Paresthesia"), ("AETOXGR", "1")):
        book.enter(FormKey(S, "LOG", "1", "AE").place(item, row), text)
    book.close()
    book = open_store(path, user="zhou", passphrase="another phrase", clock=set_clock("2024-10-22"))
    platelets = FormKey(S, "SCR", "1", "HEM").place("PLT")
    book.enter(platelets, "43", why="Transcription error")
    book.open_query(platelets, "Is <b>43</b> as on the slip?")
    (asked,) = [query for query in book.queries(S) if query.place == platelets]
    book.answer_query(asked.id, "Yes, looked up & confirmed.")
    book.close_query(asked.id, "Settled.")
    made = book.dataset()
    book.close()
    return made


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def flat(words: str) -> str:
    return re.sub(r"\s+", " ", words)


@pytest.fixture(scope="module")
def english(dataset):
    return flat(text_of(report.render(dataset, S, "en")))


def test_a_ctcae_term_stands_in_the_language_of_the_casebook(dataset, english):
    assert "Paresthesia" in english
    assert "CTCAE术语 感觉异常" in flat(text_of(report.render(dataset, S, "zh")))


def test_only_what_was_measured_on_two_days_is_drawn_over_time(english):
    pdf = flat(text_of(report.render(demo_dataset(), "S01-007", "en")))
    assert "Platelets, multiples of ULN" in pdf
    assert "Soluble CD25, multiples of ULN" not in pdf
    assert "No measurement has a second result yet" in english


def test_every_answered_question_stands_with_its_answer(dataset, english):
    subject = dataset.subjects[0].subject
    for key in subject.keys():
        for cell in open_sheet(subject, key).cells():
            if not cell.value.blank and cell.item.id != "EXAMTX":
                words = said(cell.item.label, "en").split()[0]
                assert words in english, (key.form, cell.item.id)


def test_a_corrected_value_is_marked_and_both_values_stand_in_the_trail(english):
    assert re.search(r"Platelets 43 ▼ †", english)
    trail = english[english.rindex("Annex: audit trail") :]
    assert re.search(r"Platelets 48 10\^9/L 43 10\^9/L Reason: Transcription error", trail)


@pytest.mark.parametrize("render", [lambda made: report.render(made, S, "en"), lambda made: audit.render(made, "en")])
def test_a_query_stands_with_its_whole_thread(dataset, render):
    words = flat(text_of(render(dataset)))
    for step in (
        r"2024-10-22 \d\d:\d\d \(UTC\) Zhou Wei \(Principal investigator\) Query opened: Is <b>43</b> as on the slip\?",
        r"Zhou Wei \(Principal investigator\) Query answered: Yes, looked up & confirmed\.",
        r"Zhou Wei \(Principal investigator\) Query closed: Settled\.",
    ):
        assert re.search(step, words), step


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_print_shows_how_the_store_keeps_a_question(dataset, language):
    words = text_of(report.render(dataset, S, language)) + text_of(audit.render(dataset, language))
    assert '"words"' not in words
    assert '{"' not in words


def test_the_trail_tells_question_and_answer_as_words_not_as_a_change_of_value(english):
    trail = english[english.rindex("Annex: audit trail") :]
    assert re.search(r"Platelets Query opened: Is <b>43</b> as on the slip\?", trail)
    assert re.search(r"Platelets Query answered: Yes, looked up & confirmed\.", trail)


def test_a_value_that_cannot_be_read_is_printed_as_typed_with_its_finding(english):
    assert "warm" in english
    assert re.search(r"■ Body temperature: ", english)


def test_a_missing_value_says_why(english):
    assert re.search(r"White cell count Not done", english)


def test_the_working_of_a_grade_is_the_one_the_window_shows(dataset, english):
    sheet = open_sheet(dataset.subjects[0].subject, FormKey(S, "SCR", "1", "HEM"))
    for grade in sheet.cell("PLT").grades:
        if grade.grade:
            assert flat(explain(grade, "en").text) in english


def test_a_character_the_font_lacks_is_printed_as_its_code_point(english):
    assert "[U+1F642]" in english


def test_header_and_footer_name_study_subject_versions_position_and_tip(dataset):
    first = flat(PdfReader(io.BytesIO(report.render(dataset, S, "en"))).pages[0].extract_text())
    for words in (S, f"CTCAE v{ankl().ctcae}", f"entry {dataset.position}", dataset.tip[:4], dataset.definition[:12]):
        assert words in first


def test_the_same_dataset_gives_the_same_bytes(dataset):
    made = {hashlib.sha256(report.render(dataset, S, "zh")).hexdigest() for _ in range(2)}
    assert len(made) == 1


def test_no_wall_clock_stands_in_the_document(dataset):
    facts = PdfReader(io.BytesIO(report.render(dataset, S, "en"))).metadata
    assert "2000" in str(facts.get("/CreationDate"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_text_key_is_left_untold(dataset, language):
    words = text_of(report.render(dataset, S, language)) + text_of(audit.render(dataset, language))
    assert not re.search(r"\b(casebook|audit|reports|db|forms|grade)\.[a-z_]+\b(?!\.pdf)", words)


def test_both_languages_print_the_same_results(dataset):
    def numbers(language):
        words = text_of(report.render(dataset, S, language))
        return sorted(re.findall(r"(?<![\d.])\d+\.\d+(?![\d.])", words[: len(words) // 2]))[:20]

    assert set(numbers("en")) & set(numbers("zh"))


def test_a_complete_form_names_who_completed_it(english):
    assert re.search(r"Completed 2024-10-\d\d \d\d:\d\d \(UTC\) by Lin Xia", english)


def test_chapters_are_bookmarks(dataset):
    outline = PdfReader(io.BytesIO(report.render(dataset, S, "en"))).outline
    titles = [entry.title for entry in outline if not isinstance(entry, list)]
    assert titles == [
        "Schedule",
        "Key measurements over time",
        "Forms as entered",
        "CTCAE grades and their working",
        "Queries",
        "Annex: audit trail",
    ]


def test_a_subject_that_is_not_there_is_refused_in_words(dataset):
    with pytest.raises(Refusal, match="S01-999"):
        report.render(dataset, "S01-999", "en")


def test_the_audit_report_lists_every_change_with_old_new_and_reason(dataset):
    words = flat(text_of(audit.render(dataset, "en")))
    assert re.search(r"Platelets 48 10\^9/L 43 10\^9/L Transcription error", words)
    assert "Zhou Wei (Principal investigator)" in words


def test_the_audit_report_lists_acts_on_the_store(dataset):
    words = flat(text_of(audit.render(dataset, "en")))
    assert "Store created" in words
    assert words.count("Signed in") >= 2


def test_a_patient_with_nothing_but_a_number_gets_a_casebook():
    data = demo_dataset(count=1)
    from dataclasses import replace

    subject = data.subjects[0].subject
    bare = replace(data.subjects[0], subject=type(subject)(subject.study, "S01-009", {}, {}, (), data.today, "S01"))
    words = text_of(report.render(replace(data, subjects=(bare,)), "S01-009", "en"))
    assert "Nothing recorded" in words


def test_every_report_of_the_registry_can_be_rendered(dataset):
    for listed in REPORTS.values():
        assert listed.render(dataset, "en", S)[:5] == b"%PDF-", listed.id
