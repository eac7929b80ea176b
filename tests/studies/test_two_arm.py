"""A randomised study written from the authors' guide alone, walked from its definition to its reports."""

import csv
import io
import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from db.opening.vault import open_store
from forms.authoring.load import check_study, read_study
from forms.place import FormKey, Place
from forms.texts import said
from ui.commands import main
from ui.commands.preview import PASSPHRASE, USER, build


def text_of_pdf(content):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


SOURCE = Path(__file__).parent / "two_arm"
STUDY = read_study(SOURCE)
COLUMNS = ["subject", "event", "event_no", "form", "form_no", "row", "item", "value", "unit", "missing"]
BEST = ["CR", "CR", "", "PR", "PR", "PR", "PR", "PR", "PR", "SD", "PD", "SD", "SD"]
"""Best response of each of thirteen patients; the third died before the first dose."""


def rows():
    for at, best in enumerate(BEST, 1):
        who = f"L01-{at:03d}"
        begun = date(2025, 1, 6) + timedelta(days=7 * at)

        def told(form, event="SCR", event_no="1", who=who, **values):
            for item, value in values.items():
                unit = {"WEIGHT": "kg", "LDH": "U/L", "CREAT": "umol/L", "EXDOSE": "mg", "EXTMG": "mg"}.get(item, "")
                yield [who, event, event_no, form, "1", "1", item, value, unit, ""]

        arm = "AB"[at % 2]
        yield from told("SV", SVDAT=begun)
        yield from told("DM", BRTHDAT="1970-01-01", SEX="M" if at % 3 else "F")
        yield from told("VS", WEIGHT="70", ECOG="3" if at == 13 else "1")
        creatinine = "300" if at == 13 else "80"
        yield from told("LB", LBDAT=begun, LBNAM="WARD" if at == 2 else "CENTRAL", LDH="280", CREAT=creatinine)
        yield from told("IE", IEI1="Y", IEI2="Y", IEE1="N", IEE2="N", IEYN="Y")
        yield from told("RAND", RANDAT=begun + timedelta(days=2), RANDNO=f"R-{at:03d}", ARM=arm)
        if not best:
            yield from told("DD", "LOG", DTHDAT=begun + timedelta(days=5))
            continue
        dosed = begun + timedelta(days=4)
        yield from told("SV", "C", SVDAT=dosed)
        yield from told("EXI", "C", EXDAT=dosed, EXDOSE="1500")
        if arm == "B":
            yield from told("EXT", "C", EXTMG="280")
        yield from told("TU", "C", TUDAT=dosed + timedelta(days=1), RESP=best)


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """The store after ``new`` and ``import``, as the command line makes it."""
    place = tmp_path_factory.mktemp("two_arm")
    patch = pytest.MonkeyPatch()
    patch.setenv("CASEBOOK_PASSPHRASE", "far from home")
    patch.setenv("CASEBOOK_TODAY", "2025-07-25")
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        patch.setenv(name, str(place / "home"))
    data = place / "data.csv"
    with data.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([COLUMNS, *rows()])
    store = place / "trial.casebook"
    assert main(["new", str(store), "--study", str(SOURCE), "--site", "L01", "--user", "nan", "--role", "nurse"]) == 0
    assert main(["import", str(store), str(data), "--user", "nan"]) == 0
    yield store
    patch.undo()


@pytest.fixture(scope="module")
def report(walked):
    """The cohort report's text and its figures."""
    out, figures = walked.parent / "cohort.pdf", walked.parent / "figures.json"
    words = ["report", "cohort", str(walked), "--user", "nan", "--out", str(out), "--figures", str(figures)]
    assert main([*words, "--language", "en"]) == 0
    kept = {each["id"]: each for each in json.loads(figures.read_text(encoding="utf-8"))}
    return text_of_pdf(out.read_bytes()), kept


@pytest.fixture
def book(walked, tmp_path):
    """A copy of the store to work in."""
    copy = shutil.copytree(walked, tmp_path / "trial.casebook")
    opened = open_store(copy, user="nan", passphrase="far from home")
    yield opened
    opened.close()


def findings_of(book, who, form, event="SCR"):
    return {(each.place.item, each.rule): each for each in book.sheet(FormKey(who, event, "1", form)).findings}


def test_the_study_is_sound():
    assert check_study(SOURCE) == ()


# --- who may enter ----------------------------------------------------------------------------------------------------


def test_a_criterion_answered_against_the_data_is_asked_about(book):
    told = findings_of(book, "L01-013", "IE")
    assert {(item, rule): each.severity for (item, rule), each in told.items()} == {
        ("IEI2", "eligibility.I2"): "query",
        ("IEE1", "eligibility.E1"): "query",
        ("IEYN", "eligibility.decision"): "query",
    }
    decision = told["IEYN", "eligibility.decision"].text
    assert "ECOG 0 to 2; Creatinine clearance below 30" in decision["en"]
    assert "ECOG 0～2" in decision["zh"]


def test_a_patient_whose_data_agree_is_let_in_without_a_word(book):
    assert findings_of(book, "L01-001", "IE") == {}


def test_eligible_against_an_answer_can_not_be_completed(book):
    place = Place("L01-001", "SCR", "1", "IE", "1", "1", "IEE2")
    book.enter(place, "Y", why="found later")
    (blocker,) = book.sheet(place.form_key).complete_blockers()
    assert (blocker.rule, blocker.severity) == ("eligibility.decision", "block")
    assert "Lymphoma of the brain" in blocker.text["en"]


def test_an_open_answer_shows_what_the_data_say(book):
    book.add_subject("L01-014")
    key = FormKey("L01-014", "SCR", "1", "VS")
    book.enter(key.place("ECOG"), "3")
    told = book.sheet(FormKey("L01-014", "SCR", "1", "IE")).cell("IEI2").findings
    assert [(each.rule, each.severity) for each in told] == [("eligibility.I2", "note")]
    assert "not eligible" in told[0].text["en"]
    assert book.sheet(FormKey("L01-014", "SCR", "1", "IE")).cell("IEI1").findings == ()


def test_the_report_says_who_was_in_and_why(report):
    text, figures = report
    assert figures["eligibility.I2.satisfied"]["n"] == 13
    assert figures["eligibility.I2.against"]["subjects"] == ["L01-013"]
    assert figures["eligibility.E2.open"]["n"] == 0
    assert figures["eligibility.in_against"]["subjects"] == ["L01-013"]
    assert "Subjects not eligible by a criterion" in text
    assert 'In "Randomised" nevertheless: 1 of 13.' in text


# --- response over everyone randomised -------------------------------------------------------------------------------


def test_a_response_counts_the_set_it_names(report):
    text, figures = report
    overall = figures["response.orr.overall"]
    assert (overall["n"], overall["denominator"]) == (8, 13)
    assert 'Best response: evaluable subjects of "Randomised" (n = 13)' in text
    by_arm = [figures[f"response_by.overall.arm.{arm}.orr"] for arm in "AB"]
    assert [(each["n"], each["denominator"]) for each in by_arm] == [(4, 6), (4, 7)]


def test_a_response_that_names_no_set_says_whom_it_counts(report):
    text, figures = report
    complete = figures["response.orr.complete"]
    assert (complete["n"], complete["denominator"]) == (2, 12)
    assert 'Complete response: evaluable subjects of "Treated" (n = 12)' in text


def test_a_set_that_does_not_exist_is_told_with_its_line(tmp_path):
    faults = faults_after(tmp_path, "analysis.yaml", "set: randomised, evaluable", "set: randomized, evaluable")
    assert [(line, "randomized" in words) for line, words in faults] == [(14, True)]


def test_a_response_of_one_class_is_printed_once(report):
    text, _ = report
    assert text.count("Overall response (CR) 2/12 16.7") == 2, "once among the key results, once in the table"
    assert "Complete response 2/12 16.7" not in text
    assert "all treated (CR) 2/12" not in text


def test_only_classes_that_are_shown_get_a_line(report):
    text, figures = report
    assert "Partial response 6/13" in text
    assert "Stable disease" not in text
    assert "response.sd.overall" not in figures
    assert (figures["response.not_shown.overall"]["n"], figures["response.not_shown.complete"]["n"]) == (5, 10)
    assert text.count("Other responses") == 1, "in the legend of the bars"


def test_baseline_tests_can_be_switched_off(report):
    figures = report[1]
    assert not [name for name in figures if name.startswith("baseline_by.arm.p.")]
    assert "baseline_by.arm.A.age.median" in figures


def test_days_of_milestones_say_from_which_day_they_count(report):
    text, _ = report
    assert text.count("Study day 1 is") == 1
    assert 'Day 1 is the day from which "Progression-free survival" counts' in text


# --- limits of the laboratory -----------------------------------------------------------------------------------------


def test_a_result_is_judged_by_the_limit_of_its_own_laboratory(report, book):
    _, figures = report
    assert figures["baseline.ldh"]["n"] == 12
    assert "L01-002" not in figures["baseline.ldh"]["subjects"]
    place = Place("L01-001", "SCR", "1", "LB", "1", "1", "LDH")
    book.enter(place, "501", why="typed wrongly")
    assert ("LDH", "LB.LDH.twice") in findings_of(book, "L01-001", "LB")


# --- a number that no two patients share ------------------------------------------------------------------------------


def test_a_randomisation_number_given_twice_is_found_on_entry(book):
    place = Place("L01-013", "SCR", "1", "RAND", "1", "1", "RANDNO")
    changes = book.enter(place, "ｒ-004", why="typed wrongly")
    found = [each for each in changes.findings if each.rule == "unique"]
    assert [each.place for each in found] == [place]
    assert "L01-004" in found[0].text["en"]
    assert ("RANDNO", "unique") in findings_of(book, "L01-004", "RAND")
    book.enter(place, "R-013", why="mended")
    assert ("RANDNO", "unique") not in findings_of(book, "L01-004", "RAND")


def test_a_randomisation_number_given_twice_becomes_a_query_at_completion(book):
    place = Place("L01-013", "SCR", "1", "RAND", "1", "1", "RANDNO")
    book.enter(place, "R-004", why="typed wrongly")
    book.complete(place.form_key)
    assert [query.rule for query in book.queries("L01-013")] == ["unique"]
    book.enter(place, "R-013", why="mended")
    assert [query.status for query in book.queries("L01-013")] == ["closed"]


def doubles(result):
    return [each.finding.place.subject for each in result.findings if each.finding.rule == "unique"]


def test_numbers_given_twice_within_one_file_are_found_by_a_dry_run_and_leave_nothing(book):
    from db.incoming.data_file import import_csv

    file = book.path.parent / "more.csv"
    new = [["L01-020", "SCR", "1", "RAND", "1", "1", "RANDNO", "R-099", "", ""],
           ["L01-021", "SCR", "1", "RAND", "1", "1", "RANDNO", "R-099", "", ""],
           ["L01-022", "SCR", "1", "RAND", "1", "1", "RANDNO", "R-001", "", ""]]  # fmt: skip
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([COLUMNS, *new])
    result = import_csv(book, file, dry_run=True)
    assert doubles(result) == ["L01-021", "L01-022"]
    assert ("RANDNO", "unique") not in findings_of(book, "L01-001", "RAND")
    result = import_csv(book, file)
    assert doubles(result) == ["L01-021", "L01-022"]
    assert ("RANDNO", "unique") in findings_of(book, "L01-001", "RAND")


# --- what an author gets wrong ----------------------------------------------------------------------------------------


def faults_after(tmp_path, file, before, after):
    """Line and words of each fault of the study with one text replaced."""
    place = shutil.copytree(SOURCE, tmp_path / "study")
    path = next(place.rglob(file))
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    faults = check_study(place)
    assert all(Path(fault.file).name == file for fault in faults)
    assert all(said(fault.text, "zh") for fault in faults)
    return [(fault.line, said(fault.text, "en")) for fault in faults]


@pytest.mark.parametrize(
    ("file", "before", "after", "words"),
    [
        ("analysis.yaml", "holds: $first_dose is known", "holds: $first_dose", "True or false is needed here"),
        ("study.yaml", '"age_years($birth, SCR.SV.SVDAT)"', '"age_years($birth, SCR.VS.WEIGHT)"', "takes a date"),
        ("study.yaml", "value: LOG.DD.DTHDAT", "value: SCR.RAND.ARM", "a date is needed here"),
        ("study.yaml", "item: IE.IEI1", "item: LB.LBNAM", "answers Y and N"),
        ("study.yaml", 'pattern: "L[0-9]{2}-[0-9]{3}"', 'pattern: "(L[0-9]+)+-[0-9]{3}\\\\1"', "can't be used"),
        ("analysis.yaml", "by: [arm]}", "by: [arm], hazard_ratio: true}", "Fields here are:"),
        ("10_screening.yaml", "unique: true", "uniqe: true", 'Is "unique" meant?'),
        ("10_screening.yaml", "holds: LDH <= 2 * LDH#uln", "holds: LDH <= 2 * LDH#upper", "grade, lln, uln or flag"),
        ("10_screening.yaml", "{en: Date of the sample, zh", "{en: Date, if known, zh", "quotes"),
    ],
)
def test_a_slip_is_told_with_its_line_and_what_to_do(tmp_path, file, before, after, words):
    ((line, told),) = faults_after(tmp_path, file, before, after)
    text = next(SOURCE.rglob(file)).read_text(encoding="utf-8")
    assert line == text[: text.index(before)].count("\n") + 1
    assert words in told


# --- preview and paper ------------------------------------------------------------------------------------------------


def test_the_preview_has_a_subject_whose_id_fits(tmp_path, monkeypatch):
    monkeypatch.setenv("CASEBOOK_TODAY", "2025-07-25")
    preview = open_store(build(tmp_path, STUDY, "en"), user=USER, passphrase=PASSPHRASE)
    assert [line.id for line in preview.subjects()] == ["L00-001"]
    preview.close()


def test_the_forms_are_printed_in_both_languages(tmp_path):
    for language, words in (("en", "Randomisation number"), ("zh", "随机号")):
        out = tmp_path / f"{language}.pdf"
        assert main(["study", "print", str(SOURCE), "--out", str(out), "--annotated", "--language", language]) == 0
        assert words in text_of_pdf(out.read_bytes())
