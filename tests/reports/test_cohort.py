import dataclasses
import io
import json
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from forms.place import Place
from forms.record.dataset import Dataset
from forms.study.definition import AnalysisSet, ResponseEndpoint, SurvivalEndpoint
from forms.subject.subject import Subject
from forms.texts import LANGUAGES
from forms.value import Value
from reports.figure import Figure, dump_figures
from reports.paper.style import printable
from reports.pdf.cohort import report
from tests.reports.datasets import TODAY, ankl, dataset_of, demo_dataset, demo_subjects

GOLDEN = {
    "flow.enrolled": (7, 7, None),
    "flow.evaluable": (6, 6, None),
    "baseline.age.median": (32, 7, 7),
    "baseline.age.min": (26, 7, 7),
    "baseline.age.max": (54, 7, 7),
    "baseline.sex.F": ("85.7", 6, 7),
    "baseline.hlh": ("85.7", 6, 7),
    "baseline.ebv": ("100.0", 7, 7),
    "response.orr.cycle_1": ("83.3", 5, 6),
    "response.cr.cycle_1": ("66.7", 4, 6),
    "response.pr.cycle_1": ("16.7", 1, 6),
    "response.nr.cycle_1": ("16.7", 1, 6),
    "response.orr.cycle_2": ("83.3", 5, 6),
    "response.cr.cycle_2": ("83.3", 5, 6),
    "response.pr.cycle_2": ("0.0", 0, 6),
    "response.pending.cycle_1": ("14.3", 1, 7),
    "milestone.hsct": ("57.1", 4, 7),
    "milestone.death": ("28.6", 2, 7),
    "survival.os.events": (2, 2, 7),
    "survival.os.longest": ("9.0", 1, None),
    "deaths.all": (2, 2, 7),
}


@pytest.fixture(scope="module")
def figures():
    return {figure.id: figure for figure in report.figures(demo_dataset(), "en")}


@pytest.mark.parametrize("figure", GOLDEN)
def test_the_seven_patients_give_the_figures_of_the_abstract(figures, figure):
    """Misprints row 000: the abstract prints 66.6 for 4/6; correct rounding is 66.7."""
    value, n, denominator = GOLDEN[figure]
    found = figures[figure]
    assert (found.value, found.n) == (Decimal(value), n)
    assert denominator is None or found.denominator == denominator


def test_the_response_rate_has_its_exact_limits_with_their_method(figures):
    found = figures["response.orr.cycle_1"]
    assert (str(found.ci_low), str(found.ci_high)) == ("35.9", "99.6")
    assert "Clopper-Pearson" in found.ci_method


def test_deaths_fell_on_days_25_and_86(figures):
    days = {figure.value for figure in figures.values() if re.fullmatch(r"deaths\..+\.day", figure.id)}
    assert days == {Decimal(25), Decimal(86)}


def test_the_transplanted_are_alive(figures):
    assert not set(figures["milestone.hsct"].subjects) & set(figures["milestone.death"].subjects)


def test_every_interval_and_estimate_names_its_method(figures):
    assert all(figure.ci_method for figure in figures.values() if figure.ci_low is not None)
    assert all(figure.ci_method for figure in figures.values() if figure.id.startswith("survival.os.at_"))


def test_every_count_has_as_many_subjects_behind_it(figures):
    whole = re.compile(r"quality\.|survival\..+\.(at_\d+|median)|deaths\..+\.|.*\.median_day|.*follow_up")
    for figure in figures.values():
        if figure.n is not None and not whole.match(figure.id):
            assert len(figure.subjects) == figure.n, figure.id


def test_patients_are_counted_once_at_their_worst_grade(figures):
    for figure in figures.values():
        if figure.id.startswith("ae.") and figure.id.endswith(".grade3"):
            any_grade = figures[figure.id.removesuffix(".grade3") + ".any"]
            assert set(figure.subjects) <= set(any_grade.subjects)
            assert any_grade.n <= 7


def test_ids_and_numbers_do_not_depend_on_the_language(figures):
    chinese = {figure.id: figure for figure in report.figures(demo_dataset(), "zh")}
    assert list(chinese) == list(figures)
    assert all(chinese[name].value == figures[name].value for name in figures)
    assert chinese["response.orr.cycle_1"].label != figures["response.orr.cycle_1"].label


@pytest.fixture(scope="module")
def pages():
    return {
        language: [page.extract_text() for page in PdfReader(io.BytesIO(report.render(demo_dataset(), language))).pages]
        for language in LANGUAGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_of_the_abstract_stand_in_the_pdf(pages, language):
    text = "\n".join(pages[language])
    for words in ("32 (26–54)", "6 (85.7)", "5/6", "83.3", "35.9–99.6", "66.7", "7 (100.0)", "9.0", "4/7 (57.1)"):
        assert words in text
    assert text.count("NE") >= 3


def test_both_languages_print_the_same_numbers(pages):
    def numbers(language):
        text = "\n".join(pages[language][1:])
        return sorted(re.findall(r"\d+/\d+ \(\d+\.\d\)|\d+\.\d–\d+\.\d", text))

    assert numbers("en") == numbers("zh")


def test_percents_are_written_as_each_language_writes_them(pages):
    assert "83.3 %" in "".join(pages["en"])
    chinese = "".join(pages["zh"])
    assert "83.3%" in chinese
    assert not re.search(r"\d %", chinese)


def test_every_figure_is_traced_in_the_annex(pages, figures):
    text = "".join(pages["en"]).replace("\n", "")
    for name in ("response.orr.cycle_1", "baseline.age.median", "survival.os.longest", "milestone.hsct"):
        assert name in text
    assert len(figures) > 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_key_is_missing(pages, language):
    text = "\n".join(pages[language])
    assert "reports." not in text
    assert not re.search(r"\{\w+\}", text)


def test_the_pdf_has_the_same_bytes_in_another_process():
    code = (
        "import hashlib; from tests.reports.datasets import demo_dataset; from reports.pdf.cohort import report;"
        "print(hashlib.sha256(report.render(demo_dataset(), 'zh')).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_cohort_of_none_one_or_two_patients_is_printed(count, language):
    dataset = demo_dataset(count=count)
    found = {figure.id: figure for figure in report.figures(dataset, language)}
    assert found["flow.screened"].value == count
    if count == 0:
        assert found["response.orr.cycle_1"].value is None
        assert found["baseline.age.median"].value is None
    assert report.render(dataset, language).startswith(b"%PDF")


def test_a_patient_with_nothing_but_a_number_is_printed():
    empty = Subject(ankl(), "S01-099", {}, {}, ankl().ranges, TODAY, "S01")
    dataset = dataset_of(ankl(), [empty])
    found = {figure.id: figure for figure in report.figures(dataset, "en")}
    assert (found["flow.screened"].value, found["flow.enrolled"].value) == (1, 0)
    assert report.render(dataset, "en").startswith(b"%PDF")


def test_after_a_cut_off_nothing_counts_and_times_are_censored_there():
    found = {figure.id: figure for figure in report.figures(demo_dataset(cut_off=date(2025, 3, 1)), "en")}
    assert found["flow.enrolled"].value == 4
    assert found["deaths.all"].value == 0
    assert found["survival.os.events"].value == 0
    assert found["survival.os.longest"].value == Decimal("4.2")
    assert found["survival.os.median"].value is None


def test_all_censored_prints_a_curve_without_limits():
    dataset = demo_dataset(cut_off=date(2025, 3, 1))
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(report.render(dataset, "en"))).pages)
    assert "Median not reached" in text
    assert "2025-03-01" in text


def test_an_undecided_grade_is_counted_as_open_and_not_as_a_grade():
    subject = demo_subjects()[0]
    place = Place(subject.id, "C_D8", "1", "CHEM", "1", "1", "SODIUM#grade")
    changed = Subject(
        subject.study,
        subject.id,
        {**subject.values, place: Value("Hyponatremia=?2,3", "Hyponatremia=?2,3")},
        {},
        subject.ranges,
        subject.today,
        subject.site,
    )
    found = {figure.id: figure for figure in report.figures(dataset_of(ankl(), [changed]), "en")}
    assert found["lab.hyponatremia.open"].subjects == (subject.id,)
    assert found["lab.hyponatremia.grade_3"].n == 0


def test_events_in_own_words_are_counted_each_for_itself_however_they_are_spelled():
    told = ("Fever!", "fever", "fever?", "🩸", "<b>", "发热", "发热。", "\u200fמרים", "x" * 400, "x" * 401)
    subject = demo_subjects()[0]
    events = {
        Place(subject.id, "LOG", "1", "AE", "1", str(100 + row), "AETERM"): Value(term, term)
        for row, term in enumerate(told)
    }
    changed = Subject(
        subject.study, subject.id, {**subject.values, **events}, {}, subject.ranges, subject.today, subject.site
    )
    dataset = dataset_of(ankl(), [changed])
    found = [figure for figure in report.figures(dataset, "en") if figure.id.startswith("ae.term.none.")]
    assert {figure.label for figure in found} >= set(told)
    assert len({figure.id for figure in found}) == len(found)
    assert report.render(dataset, "zh").startswith(b"%PDF")


def test_nothing_of_one_study_is_needed():
    """A definition with its own sets, codes and times gives its own figures."""
    study = ankl()
    other = dataclasses.replace(
        study.analysis,
        sets=(AnalysisSet("all", {"en": "Everyone", "zh": "全部"}, "true"),),
        responses=(
            ResponseEndpoint(
                "day_28", {"en": "Day 28", "zh": "第28天"}, "'CR'", "RESPONSE", ("CR",), ("CR", "NR"), "true"
            ),
        ),
        survivals=(
            SurvivalEndpoint(
                "efs", {"en": "EFS", "zh": "EFS"}, "$first_dose", "$death", "$last_alive", "all", "plain", (Decimal(1),)
            ),
        ),
        milestones=(),
        deaths=(),
        trends=(),
        baseline=(),
        adverse_events="",
    )
    changed = dataclasses.replace(study, analysis=other, drugs=())
    subjects = [Subject(changed, s.id, s.values, {}, s.ranges, s.today, s.site) for s in demo_subjects()]
    dataset = dataset_of(changed, subjects)
    found = {figure.id: figure for figure in report.figures(dataset, "en")}
    assert found["response.orr.day_28"].n == 7
    assert "plain" in found["survival.efs.at_1"].ci_method
    assert report.render(dataset, "zh").startswith(b"%PDF")


def test_no_character_of_the_pdf_is_a_box():
    dataset = demo_dataset()
    assert isinstance(dataset, Dataset)
    for language in LANGUAGES:
        labels = "".join(figure.label for figure in report.figures(dataset, language))
        assert printable(labels) == labels


def test_figures_are_json_with_plain_numbers():
    figure = Figure("a.b", "A", Decimal("83.3"), "%", 5, 6, Decimal("35.9"), Decimal("99.6"), "exact", subjects=("x",))
    found = json.loads(dump_figures([figure]))[0]
    assert found["value"] == 83.3
    assert found["ci_low"] == 35.9
    assert found["subjects"] == ["x"]
    assert found["p"] is None
    assert found["test"] is None
    assert list(found) == [
        "id", "label", "value", "unit", "n", "denominator", "ci_low", "ci_high", "ci_method", "p", "test", "stratum",
        "subjects", "note", "sign",
    ]  # fmt: skip


def test_a_value_that_cannot_be_estimated_is_null():
    assert json.loads(dump_figures([Figure("a", "A", None)]))[0]["value"] is None
