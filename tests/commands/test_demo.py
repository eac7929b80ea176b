"""The demonstration: seven patients whose reports say what the trial's abstract says."""

import json
import re
from decimal import Decimal

import pytest
from pypdf import PdfReader

from db.clock import set_clock
from db.opening.vault import open_store
from reports.registry import REPORTS
from resources import folder
from tests.builders.ankl_patients import build
from ui.commands import main
from ui.commands.demo import build_store
from ui.commands.demo_store import read_cells, read_plan

SUBJECTS = tuple(f"S01-{number:03d}" for number in range(1, 8))
TRANSPLANTED, LATE_DEATH, EARLY_DEATH, PENDING = SUBJECTS[:4], SUBJECTS[4], SUBJECTS[5], SUBJECTS[6]


@pytest.fixture(scope="module")
def casebook(demonstration):
    """The demonstration store, open for reading."""
    opened = open_store(demonstration, user="demo", passphrase="demo", clock=set_clock("2025-07-25"), read_only=True)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """What ``demo --headless`` writes."""
    place = tmp_path_factory.mktemp("headless")
    assert main(["demo", "--headless", str(place), "--language", "en"]) == 0
    return place


@pytest.fixture(scope="module")
def figures(written):
    """Figures by id."""
    return {each["id"]: each for each in json.loads((written / "figures.json").read_text(encoding="utf-8"))}


def test_the_data_file_is_what_the_builder_gives():
    assert folder("studies", "ankl", "demo", "patients.csv").read_text(encoding="utf-8") == build()


def test_the_data_file_names_only_places_of_the_definition(casebook):
    study = casebook.study
    for cell in read_cells("ankl"):
        assert cell.place.item in study.form_by_id[cell.place.form].items
        assert cell.place.form in {each.form for each in study.event_by_id[cell.place.event].forms}


def test_no_value_of_the_demonstration_is_unreadable(casebook):
    for subject in SUBJECTS:
        unread = [place for place, value in casebook.subject(subject).values.items() if value.unread]
        assert unread == []


def test_the_patients_meet_every_inclusion_and_no_exclusion(casebook):
    study = casebook.study
    for subject in SUBJECTS:
        picture = casebook.subject(subject)
        met = [picture.evaluate(rule.holds, "SCR", "1", "IE") for rule in study.eligibility if rule.holds]
        assert False not in met


def test_enrolment_and_ages_are_those_of_the_abstract(casebook):
    facts = {name: [casebook.subject(each).fact(name) for each in SUBJECTS] for name in ("enrolled", "age", "sex")}
    days = sorted(str(day.first()) for day in facts["enrolled"])
    assert (days[0], days[-1]) == ("2024-10-18", "2025-07-18")
    assert sorted(facts["age"]) == [26, 28, 30, 32, 38, 45, 54]
    assert facts["sex"].count("F") == 6


def test_courses_end_as_the_abstract_tells(casebook):
    status = {each: casebook.subject(each).fact("status") for each in SUBJECTS}
    assert [each for each in SUBJECTS if status[each] == "TRANSPLANTED"] == list(TRANSPLANTED)
    assert [each for each in SUBJECTS if status[each] == "DEAD"] == [LATE_DEATH, EARLY_DEATH]
    assert status[PENDING] == "TREATMENT"


def test_the_longest_survival_is_nine_months_to_the_day_of_the_demonstration(casebook):
    first = casebook.subject(SUBJECTS[0])
    lived = first.fact("last_alive").first() - first.fact("first_dose").first()
    assert lived.days == 274
    assert round(Decimal(lived.days) / Decimal("30.4375"), 1) == Decimal("9.0")
    assert read_plan("ankl")["today"] == first.fact("last_alive").canonical


def test_the_last_patient_is_on_day_8_of_cycle_1_with_the_visit_half_entered(casebook):
    picture = casebook.subject(PENDING)
    assert (picture.fact("cycle"), picture.fact("cycle_day")) == (1, 8)
    begun = {key.form for key in picture.keys() if key.event == "C_D8"}
    assert begun == {"SV", "HEM"}


def test_fibrinogen_falls_to_its_trough_ten_to_fourteen_days_after_pegaspargase(casebook):
    for subject in TRANSPLANTED:
        values = casebook.subject(subject).evaluate
        seen = {
            event: values("COAG.FIBRINO", event, "2", "COAG") for event in ("C_D1", "C_D2", "C_D8", "C_D15", "C_END")
        }
        assert min(seen, key=seen.get) == "C_D15"


def test_virus_falls_with_remission_and_rises_without(casebook):
    for subject in TRANSPLANTED:
        assert casebook.subject(subject).evaluate("INFL.EBVPL < 500", "C_END", "1", "INFL") is True
    rises = "INFL.EBVPL > 10 * C_D1.INFL.EBVPL"
    assert casebook.subject(EARLY_DEATH).evaluate(rises, "C_END", "1", "INFL") is True


def test_corrections_carry_their_reason_and_keep_what_was_typed_first(casebook):
    plan = read_plan("ankl")
    for told in plan["corrections"]:
        places = [
            place
            for place in casebook.subject(told["subject"]).values
            if (place.event, place.event_no, place.form, place.item)
            == (told["event"], told["event_no"], told["form"], told["item"])
        ]
        first, last = casebook.history(places[0])
        assert first.value.text == told["typed"]
        assert (last.why, last.value.text != told["typed"]) == (told["why"], True)


def test_the_monitor_has_open_questions_about_one_patient(casebook):
    asked = {query.place.subject for query in casebook.queries() if not query.rule and query.status == "open"}
    assert asked == {"S01-004"}


def test_forms_of_past_visits_are_complete(casebook):
    for subject in SUBJECTS[:6]:
        picture = casebook.subject(subject)
        open_forms = [
            key
            for key in picture.keys()
            if key.event not in ("LOG", "FU06") and picture.states[key].status != "complete"
        ]
        assert [key for key in open_forms if key.event != "CALL"] == []


def test_entries_were_made_on_the_days_they_speak_of_by_the_people_who_would(casebook):
    place = next(place for place in casebook.subject("S01-002").values if place.item == "RSINV")
    entry = casebook.history(place)[0]
    assert casebook.accounts[entry.who].name == "Zhou Wei"
    assert entry.at[:10] == "2024-12-23"


def test_a_store_that_is_there_is_used_again(demonstration):
    assert build_store(demonstration.parent) == (demonstration, "2025-07-25")


def test_a_study_without_demonstration_is_refused(say):
    told = say("demo", "--study", "nothing", "--headless", "out")
    assert told.code == 1
    assert "ankl" in told.err


# --- what is printed --------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_everything_is_written_without_a_display(written):
    names = {path.name for path in written.iterdir()}
    assert names == {*(f"casebook-{subject}.pdf" for subject in SUBJECTS), "cohort.pdf", "figures.json", "data.csv"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("figure", "value", "n", "denominator"),
    [
        ("flow.enrolled", 7, 7, None),
        ("baseline.age.median", 32, 7, 7),
        ("baseline.age.min", 26, 7, 7),
        ("baseline.age.max", 54, 7, 7),
        ("baseline.sex.F", 85.7, 6, 7),
        ("baseline.hlh", 85.7, 6, 7),
        ("baseline.ebv", 100.0, 7, 7),
        ("flow.evaluable", 6, 6, None),
        ("response.orr.cycle_1", 83.3, 5, 6),
        ("response.cr.cycle_1", 66.7, 4, 6),
        ("response.pr.cycle_1", 16.7, 1, 6),
        ("response.nr.cycle_1", 16.7, 1, 6),
        ("response.orr.cycle_2", 83.3, 5, 6),
        ("response.cr.cycle_2", 83.3, 5, 6),
        ("response.nr.cycle_2", 16.7, 1, 6),
        ("deaths.all", 2, 2, 7),
        ("deaths.S01-006.day", 25, None, None),
        ("deaths.S01-005.day", 86, None, None),
        ("milestone.hsct", 57.1, 4, 7),
        ("survival.os.longest", 9.0, 1, None),
    ],
)
def test_each_figure_of_the_abstract_is_among_the_numbers(figures, figure, value, n, denominator):
    told = figures[figure]
    assert (told["value"], told["n"], told["denominator"]) == (value, n, denominator)


@pytest.mark.slow
def test_the_exact_interval_of_the_response_rate_is_the_published_one(figures):
    told = figures["response.orr.cycle_1"]
    assert (told["ci_low"], told["ci_high"]) == (35.9, 99.6)
    assert "Clopper-Pearson" in told["ci_method"]
    assert told["subjects"] == [*TRANSPLANTED, LATE_DEATH]


@pytest.mark.slow
def test_those_transplanted_are_the_four_in_remission_and_alive(figures):
    assert figures["milestone.hsct"]["subjects"] == list(TRANSPLANTED)
    assert set(TRANSPLANTED) <= set(figures["flow.alive"]["subjects"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "printed",
    [
        "32 (26–54)",
        "6 (85.7)",
        "7 (100.0)",
        "5/6",
        "83.3",
        "35.9–99.6",
        "4/6",
        "66.7",
        "16.7",
        "9.0",
        "n = 7",
        "ChiCTR2400086092",
    ],
)
def test_the_cohort_report_prints_the_abstracts_numbers(written, printed):
    text = "\n".join(page.extract_text() for page in PdfReader(written / "cohort.pdf").pages)
    assert printed in text


@pytest.mark.slow
def test_the_deaths_are_printed_with_their_days(written):
    pages = [page.extract_text() for page in PdfReader(written / "cohort.pdf").pages]
    listing = next(page for page in pages if "Deaths (2 of 7" in page)
    assert re.search(r"S01-005\s+2025-06-15\s+86\s", listing)
    assert re.search(r"S01-006\s+2025-05-22\s+25\s", listing)


@pytest.mark.slow
@pytest.mark.parametrize("subject", [TRANSPLANTED[0], EARLY_DEATH, PENDING])
def test_a_casebook_is_about_its_subject_and_has_outlines(written, subject):
    reader = PdfReader(written / f"casebook-{subject}.pdf")
    assert subject in reader.pages[0].extract_text()
    assert reader.outline


@pytest.mark.slow
def test_the_data_written_go_into_a_new_store_and_give_the_same_data(written, say, tmp_path):
    new = tmp_path / "n.casebook"
    assert say("new", new, "--study", "ankl", "--site", "S01", "--user", "lin").code == 0
    assert say("import", new, written / "data.csv", "--accept-unparsed", "--user", "lin").code == 0
    assert say("export", new, "--format", "csv", "--out", tmp_path / "again.csv", "--user", "lin").code == 0
    assert (tmp_path / "again.csv").read_bytes() == (written / "data.csv").read_bytes()


@pytest.mark.slow
def test_the_same_position_cut_off_and_language_give_the_same_report(say, store, tmp_path):
    head = (
        "report",
        "cohort",
        store,
        "--user",
        "demo",
        "--as-of",
        "12000",
        "--cut-off",
        "2025-06-30",
        "--language",
        "zh",
    )
    assert say(*head, "--out", tmp_path / "a.pdf", "--figures", tmp_path / "a.json").code == 0
    assert say(*head, "--out", tmp_path / "b.pdf", "--figures", tmp_path / "b.json").code == 0
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


@pytest.mark.slow
def test_before_the_late_death_one_death_is_counted(say, store, tmp_path):
    told = say(
        "report", "cohort", store, "--user", "demo", "--cut-off", "2025-06-01", "--out", tmp_path / "a.pdf",
        "--figures", tmp_path / "a.json",
    )  # fmt: skip
    assert told.code == 0
    figures = {each["id"]: each for each in json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))}
    assert figures["deaths.all"]["n"] == 1
    assert figures["flow.enrolled"]["n"] == 6


@pytest.mark.slow
@pytest.mark.parametrize("report", sorted(REPORTS))
def test_every_report_of_the_list_is_made_by_its_command(say, store, tmp_path, report):
    subject = ("--subject", EARLY_DEATH) if REPORTS[report].about == "subject" else ()
    told = say("report", report, store, "--user", "demo", *subject, "--out", tmp_path / "r.pdf", "--language", "zh")
    assert told.code == 0
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")


def test_a_report_about_an_unknown_subject_is_refused(say, store, tmp_path):
    told = say("report", "casebook", store, "--user", "demo", "--subject", "S01-099", "--out", tmp_path / "r.pdf")
    assert told.code == 1
    assert "S01-099" in told.err
    assert not (tmp_path / "r.pdf").exists()
