"""A study of other people is a folder: nothing in the program speaks of the shipped ones."""

import io
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from db.clock import clock_of
from db.folder.keys import CHEAP
from db.incoming.amend import plan_definition, with_edition
from db.opening.vault import create_store
from forms.authoring.load import check_study, read_study, study_ids
from forms.course.schedule import schedule
from forms.place import GRADE_MARK, Place
from reports.pdf.casebook import report as casebook_pdf
from reports.pdf.cohort import report
from reports.pdf.cohort.data import Cohort
from reports.pdf.cohort.trends import trend_lines
from tests.db.stores import hands

ANN, BEN = "K-001", "K-002"
COURSE = [
    *((ANN, "ENTRY", "1", *answer) for answer in (
        ("MEETING", "CAME", "Y"), ("MEETING", "CALLDAY", "2025-01-06"), ("WHO", "BORN", "1985-03-02"),
        ("WHO", "GENDER", "F"),
        ("TUBES", "DRAWN", "2025-01-06"), ("TUBES", "READBY", "CLINIC"), ("TUBES", "THROMBO", "20"),
    )),
    *((ANN, "WEEK", "1", *answer) for answer in (
        ("MEETING", "CAME", "Y"), ("MEETING", "CALLDAY", "2025-01-13"), ("SHOT", "GIVENON", "2025-01-13"),
        ("SHOT", "MICRO", "100"), ("TUBES", "DRAWN", "2025-01-15"), ("TUBES", "READBY", "CLINIC"),
        ("TUBES", "THROMBO", "45"),
    )),
    (ANN, "WEEK", "2", "MEETING", "CAME", "N"),
    *((ANN, "WEEK", "3", *answer) for answer in (
        ("MEETING", "CALLDAY", "2025-01-27"), ("SHOT", "GIVENON", "2025-01-27"), ("SHOT", "MICRO", "50"),
        ("TUBES", "DRAWN", "2025-01-27"), ("TUBES", "READBY", "CLINIC"), ("TUBES", "THROMBO", "180"),
    )),
    *((ANN, "DIARY", "1", "TROUBLE", *answer) for answer in (
        ("WORDS", "the head hurts"), ("MEANS", "Headache"), ("HOWBAD", "3"), ("BEGAN", "2025-01-20"), ("GRAVE", "Y"),
    )),
    (BEN, "ENTRY", "1", "MEETING", "CALLDAY", "2025-01-08"),
    (BEN, "ENTRY", "1", "WHO", "GENDER", "M"),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return Path(shutil.copytree(Path(__file__).parent / "fourth", tmp_path_factory.mktemp("studies") / "itp"))


@pytest.fixture(scope="module")
def study(folder):
    return read_study(folder)


@pytest.fixture(scope="module")
def book(study, tmp_path_factory):
    made = create_store(
        tmp_path_factory.mktemp("store") / "itp", study, site="K", user="kim", name="Kim Roe", role="everyone",
        passphrase="far away", clock=clock_of(hands()), kdf=CHEAP,
    )  # fmt: skip
    for subject in (ANN, BEN):
        made.add_subject(subject)
    for subject, event, event_no, form, item, text in COURSE:
        made.enter(Place(subject, event, event_no, form, "1", "1", item), text)
    yield made
    made.close()


@pytest.fixture(scope="module")
def figures(book):
    return {figure.id: figure for figure in report.figures(book.dataset(today=date(2025, 3, 1)), "en")}


def ids_of(study):
    yield from (event.id for event in study.events)
    for form in study.forms:
        yield form.id
        yield from (group.id for group in form.groups)
        yield from form.items


def text_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_study_is_sound_and_shares_no_event_form_group_or_item_with_a_shipped_one(folder, study):
    assert check_study(folder) == ()
    shipped = {name for each in study_ids() if each != study.id for name in ids_of(read_study(each))}
    assert set(ids_of(study)) & shipped == set()


def test_a_result_is_graded_by_the_limits_of_the_laboratory_that_the_form_names(book):
    blood = Place(ANN, "ENTRY", "1", "TUBES", "1", "1", "THROMBO")
    assert book.subject(ANN).values[replace(blood, item=f"THROMBO{GRADE_MARK}")].value == "Platelet count decreased=4"
    cell = book.sheet(blood.form_key).cell("THROMBO")
    assert (cell.flag, cell.range.lab) == ("L", "CLINIC")


def test_a_visit_said_not_to_have_taken_place_is_missed(book):
    status = {(visit.event, visit.event_no): visit.status for visit in schedule(book.subject(ANN))}
    assert [status["WEEK", number] for number in "123"] == ["done", "missed", "done"]


def test_the_list_shows_what_the_study_knows_of_a_person(book):
    ann, ben = book.subjects()
    assert (ann.status, ann.sex, ann.age) == ("TREATED", "F", "39")
    assert (ben.status, ben.sex, ben.age, ben.cycle) == ("WAITING", "M", "", "")


def test_the_cohort_counts_doses_events_response_and_time(figures):
    counted = ("ae.all.any", "ae.all.grade3", "ae.serious", "exposure.stim.patients", "response.orr.four_weeks")
    assert {name: (figures[name].n, figures[name].denominator) for name in counted} == dict.fromkeys(counted, (1, 1))
    assert [str(figures[f"exposure.stim.{what}.median"].value) for what in ("doses", "cumulative")] == ["2", "150"]
    assert str(figures["exposure.stim.relative.median"].value) == "75.0"
    assert figures["trend.tubes.thrombo.patients"].n == 1


@pytest.mark.parametrize(("language", "words"), [("en", ("Thrombocytes", "Headache")), ("zh", ("血小板", "头痛"))])
def test_casebook_and_cohort_are_printed_in_the_study_s_own_words(book, language, words):
    dataset = book.dataset(today=date(2025, 3, 1))
    for pdf in (casebook_pdf.render(dataset, ANN, language), report.render(dataset, language)):
        assert all(word in text_of(pdf) for word in words)


def test_a_course_is_drawn_in_multiples_of_the_limit_of_the_laboratory_named(book):
    lines, multiples = trend_lines(Cohort(book.dataset(today=date(2025, 3, 1)), "en"), book.study.analysis.trends[0])
    assert multiples
    assert [dot.value for dot in lines[0].dots] == [20 / 400, 45 / 400, 180 / 400]


def test_another_edition_is_weighed_for_events_by_their_term_and_grade(book, study):
    (place, change), *others = plan_definition(book, with_edition(study, "6.0")).events
    assert (place, others) == (Place(ANN, "DIARY", "1", "TROUBLE", "1", "1", "MEANS"), [])
    assert (change.kind, change.reworded) == ("same", True)
