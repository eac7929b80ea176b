"""The case-report form on paper: everything the definition asks stands there, in both languages."""

import re
import subprocess

import pytest

from forms.authoring.load import check_study, read_study, study_ids
from forms.study.canonical import dump, fingerprint
from forms.texts import LANGUAGES, said
from reports.paper.lines import break_lines
from reports.pdf.crf.fields import ANSWER_WIDTH, Piece, place_pieces
from reports.pdf.crf.report import render
from reports.pdf.crf.words import Telling

STUDIES = {name: read_study(name) for name in study_ids() if not check_study(name)}
ANKL = read_study("ankl")


def words_of(content, tmp_path):
    (tmp_path / "crf.pdf").write_bytes(content)
    told = subprocess.run(["pdftotext", "-layout", tmp_path / "crf.pdf", "-"], capture_output=True, check=True)
    return told.stdout.decode()


def squeezed(text):
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES)
def test_every_form_of_every_study_is_printed_in_every_language(study, language, tmp_path):
    words = squeezed(words_of(render(study, language, app="1"), tmp_path))
    assert [form.id for form in study.forms if squeezed(said(form.label, language)) not in words] == []


@pytest.mark.parametrize("annotated", [False, True], ids=["blank", "annotated"])
def test_the_same_definition_gives_the_same_bytes(annotated):
    assert render(ANKL, "zh", app="1", annotated=annotated) == render(ANKL, "zh", app="1", annotated=annotated)


def test_every_page_has_room_for_the_subject_and_names_version_and_definition(tmp_path):
    pages = words_of(render(ANKL, "en", app="1"), tmp_path).split("\f")[:-1]
    digest = fingerprint(dump(ANKL))
    for number, page in enumerate(pages, 1):
        assert "Subject ____" in page
        assert f"Page {number} of {len(pages)}" in page
        assert digest in page


def test_every_page_of_a_form_names_the_form(tmp_path):
    pages = words_of(render(ANKL, "en", app="1", annotated=True), tmp_path).split("\f")
    chemistry = [page for page in pages if re.search(r" Chemistry$", page.split("\n\n")[0], re.MULTILINE)]
    assert len(chemistry) >= 2


def test_the_annotated_form_tells_ids_codes_checks_derivations_and_conditions(tmp_path):
    words = squeezed(words_of(render(ANKL, "en", app="1", annotated=True), tmp_path))
    for form in ANKL.forms:
        for item in form.items.values():
            assert item.id in words
            for rule in (item.derive, item.show, *(check.holds for check in item.checks)):
                assert squeezed(rule) in words
            assert squeezed(item.cdash) in words


def test_the_blank_form_shows_no_rule_and_no_id(tmp_path):
    words = words_of(render(ANKL, "en", app="1"), tmp_path)
    for rule in ("SVPERF", "is unknown or", "coalesce", "ECSTDAT"):
        assert rule not in words


@pytest.mark.parametrize(
    ("language", "item", "words"),
    [
        ("en", "SVMISS", "only if Did the visit take place? No"),
        ("zh", "SVMISS", "仅当“访视是否进行？ 否”时填写"),
        ("en", "SVDAT", "only if Did the visit take place? Yes"),
    ],
)
def test_a_condition_is_told_in_words(language, item, words):
    form = ANKL.form_by_id["SV"]
    assert Telling(ANKL, form, language).condition(form.items[item].show) == words


def test_a_condition_too_long_for_words_is_told_as_applicable_only():
    form = ANKL.form_by_id["SV"]
    assert Telling(ANKL, form, "en").condition("days(SVDAT, today) > 3") == "only where it applies"
    assert Telling(ANKL, form, "en").condition("") == ""


def test_no_answer_is_wider_than_its_place():
    long = "A label that goes on and on, far beyond the width of the place it is meant for, and then some more words"
    placed = place_pieces([Piece("circle", long), Piece("square", "short")], ANSWER_WIDTH)
    assert placed[-1].row == len(break_lines(long, ANSWER_WIDTH - 18, 8.0))
    assert all(entry.x <= ANSWER_WIDTH for entry in placed)
