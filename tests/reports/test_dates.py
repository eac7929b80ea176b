"""Dates known in part, and every number of the cohort report that leans on them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader
from reportlab.graphics.shapes import String

from forms.place import FormKey
from forms.sheet.sheet import open_sheet
from forms.study.names import BASELINE_SAME_DAY
from reports.figures.survival import draw_survival
from reports.pdf.cohort import report
from reports.statistics.survival import Observation, kaplan_meier
from tests.reports.datasets import dataset_of, subject_of
from tests.reports.patients import BEGUN, died, figures, response, rows, subjects, visit


def count(figure):
    return figure.n, figure.denominator


def test_a_progression_and_a_death_of_the_same_month_are_one_event_on_the_day_of_the_progression():
    found = figures(
        (*response("2025-03-20", "PD", "2025-03-20"), *died("2025-03")),
        (*response("2025-04-10", "PD", "2025-04-10"), *died("2025-04")),
        (*response("2025-05-05", "PD", "2025-05-05"), *died("2025-05")),
        (*response("2025-06-12", "PD", "2025-06-12"), *died("2025-06")),
    )
    for endpoint in ("pfs", "efs"):
        base = f"survival.{endpoint}"
        assert count(found[f"{base}.events"]) == (4, 4)
        assert found[f"{base}.median"].value == Decimal("3.4")
        assert (found[f"{base}.median"].ci_low, found[f"{base}.median"].ci_high) == (Decimal("2.3"), None)
        assert found[f"{base}.at_3"].value == Decimal("50.0")


def test_a_death_known_to_the_month_does_not_lie_before_the_last_visit():
    seen = ("2025-02-25", "2025-03-28", "2025-04-29", "2025-05-30", "2025-06-29")
    found = figures(*((*visit(day), *died(day[:7])) for day in seen))
    assert found["survival.os.median"].value == Decimal("3.6")
    assert found["survival.os.at_3"].value == Decimal("60.0")
    assert found["deaths.S01-003.day"].value == Decimal("110")


@pytest.mark.parametrize("day", ["2025", "?UNK"])
def test_a_death_without_a_day_is_a_death_at_the_last_proof_of_life(day):
    found = figures((*visit("2025-04-10"), *died(day)), visit("2025-07-01"))
    assert count(found["flow.alive"]) == (1, 2)
    assert found["deaths.all"].subjects == ("S01-001",)
    assert count(found["survival.os.events"]) == (1, 2)
    assert found["deaths.S01-001.day"].value == Decimal("91")


@pytest.mark.parametrize(
    ("told", "day"),
    [
        (("LOG DD DTHCAUS PD",), 91),
        (("LOG AE#1 AETERM sepsis", "LOG AE#1 AETOXGR 5", "LOG AE#1 AESTDAT 2025-04-02"), 91),
        (("LOG AE#1 AETERM sepsis", "LOG AE#1 AEOUT FATAL", "LOG AE#1 AEENDAT 2025-05-08"), 119),
        (("LOG DS EOTRS DEATH", "LOG DS EOTDAT 2025-05-08"), 119),
        (("LOG DS EOSRS DEATH", "LOG DS EOSDAT 2025-05-09"), 120),
        (("CALL/1 SF SFDAT 2025-06-01", "CALL/1 SF SFSTAT DEAD"), 91),
    ],
    ids=["cause", "grade 5", "fatal with end", "end of treatment", "end of study", "call"],
)
def test_who_is_known_dead_is_never_alive_whatever_form_says_so(told, day):
    found = figures((*visit("2025-04-10"), *told), visit("2025-07-01"))
    assert found["flow.alive"].subjects == ("S01-002",)
    assert found["milestone.death"].subjects == found["deaths.all"].subjects == ("S01-001",)
    assert found["survival.os.events"].subjects == ("S01-001",)
    assert found["deaths.S01-001.day"].value == day


def event(row, start="", grade="2", end="", term="Nausea"):
    lines = [f"LOG AE#{row} AETERM ill", f"LOG AE#{row} AEDECOD {term}", f"LOG AE#{row} AETOXGR {grade}"]
    lines += [f"LOG AE#{row} AESTDAT {start}"] if start else []
    return (*lines, *([f"LOG AE#{row} AEENDAT {end}"] if end else []))


def test_an_event_that_may_have_begun_under_treatment_counts():
    found = figures(
        event(1, "2025-01"), event(1, "2025", grade="4", term="Sepsis"), event(1, "2025-01-09"), event(1, "2025-01-10"),
        event(1), event(1, "2024-12"), event(1, "2024"),
    )  # fmt: skip
    assert found["ae.all.any"].subjects == ("S01-001", "S01-002", "S01-004", "S01-005")
    assert found["ae.all.grade3"].subjects == ("S01-002",)


@pytest.mark.parametrize("start", ["2025", "2025-01", ""])
@pytest.mark.parametrize("end", ["2025-01-08", "2024-12"])
def test_an_event_that_ended_before_the_first_dose_does_not_count(start, end):
    assert figures(event(1, start, end=end))["ae.all.any"].n == 0


def test_a_relapse_before_the_first_dose_is_no_event_and_hides_none():
    found = figures(
        response("2025-01-31", "PD", "2024-12-20"), (*response("2025-01-31", "PD", "2024-12-20"), *died("2025-03-05"))
    )
    assert found["survival.pfs.events"].subjects == ("S01-002",)
    assert found["survival.pfs.median"].value == Decimal("1.8")
    assert found["milestone.relapse"].n == 0


def test_a_death_before_the_first_dose_is_not_counted_as_day_0():
    found = figures(died("2025-01-08"), died("2025-03-05"))
    assert count(found["survival.os.events"]) == (1, 1)
    assert found["survival.os.not_counted"].subjects == ("S01-001",)
    assert found["deaths.all"].n == 2


def test_a_death_known_to_the_month_after_the_cut_off_is_as_if_its_day_were_known():
    lines = (*visit("2025-01-31"), *response("2025-01-30", "SD"))
    for day in ("2025-07", "2025-07-09"):
        found = figures((*lines, *died(day)), cut_off="2025-01-25")
        assert count(found["response.pending.best"]) == (1, 1)
        assert found["survival.os.events"].n == found["deaths.all"].n == found["milestone.death"].n == 0
        assert found["flow.alive"].n == 1
        assert found["survival.os.longest"].value == Decimal("0.5")


def test_a_new_treatment_known_to_the_year_leaves_the_responder_in():
    called = ("CALL/1 SF SFDAT 2025-06-10", "CALL/1 SF SFSTAT ALIVE", "CALL/1 SF SFNEW Y", "CALL/1 SF SFNEWDAT 2025")
    found = figures((*response("2025-02-20", "CR"), *called))
    assert count(found["response.orr.best"]) == (1, 1)
    assert count(found["survival.efs.events"]) == (1, 1)


def test_a_complete_response_after_progression_is_not_the_best_response():
    found = figures(
        (*response("2025-02-01", "PD"), *response("2025-03-01", "CR", cycle=2)),
        (*response("2025-02-01", "CR"), *response("2025-03-01", "PD", cycle=2)),
    )
    assert found["response.orr.best"].subjects == ("S01-002",)
    assert found["response.nr.best"].subjects == ("S01-001",)


def test_the_last_day_known_alive_is_read_from_every_dated_observation():
    for lines, day in (
        (("LOG AE#1 AETERM rash", "LOG AE#1 AESTDAT 2025-05-02"), 112),
        (("LOG AE#1 AETERM rash", "LOG AE#1 AESTDAT 2025-02-02", "LOG AE#1 AEENDAT 2025-05-06"), 116),
        (("LOG CM#1 CMTRT any", "LOG CM#1 CMSTDAT 2025-05"), 111),
        (("LOG RUX#1 RUXSTDAT 2025-04-20", "LOG RUX#1 RUXENDAT 2025-05-07"), 117),
        (("C_D8/1 VIR LBDAT 2025-05-09",), 119),
        (("C_D1/2 SV SVPERF N", "C_D1/2 SV SVDAT 2025-05-09"), 0),
        (("LOG DS EOTDAT 2025-05-09", "LOG DS EOTRS AE"), 0),
        (("CALL/1 SF SFDAT 2025-05-09", "CALL/1 SF SFSTAT ALIVE"), 119),
        (("CALL/1 SF SFDAT 2025-05-09", "CALL/1 SF SFSTAT LTFU", "CALL/1 SF SFALIVE 2025-03-01"), 50),
    ):
        found = figures(lines)["survival.os.longest"].value
        assert found == (Decimal(day) / Decimal("30.4375")).quantize(Decimal("0.1")), lines


def test_a_call_after_the_cut_off_tells_of_a_relapse_before_it():
    call = ("CALL/1 SF SFDAT 2025-05-20", "CALL/1 SF SFSTAT ALIVE", "CALL/1 SF SFDIS RELAPSE")
    lines = (*response("2025-02-10", "CR"), *call)
    before = figures((*lines, "CALL/1 SF SFREL 2025-03-02"), cut_off="2025-04-01")
    after = figures((*lines, "CALL/1 SF SFREL 2025-05-02"), cut_off="2025-04-01")
    assert (before["survival.pfs.events"].n, before["milestone.relapse"].n) == (1, 1)
    assert (after["survival.pfs.events"].n, after["milestone.relapse"].n) == (0, 0)
    assert after["survival.os.longest"].value == Decimal("2.7")


DAY_8 = ("C_D8/1 SV SVPERF Y", "C_D8/1 SV SVDAT 2025-01-17", "C_D8/1 EXGEM EXDAT 2025-01-17", "C_D8/1 EXGEM EXGIVEN Y")
TWICE_DAILY = ("LOG RUX#1 RUXSTDAT 2025-01-10", "LOG RUX#1 RUXDOSE 10", "LOG RUX#1 RUXTIMES 2")
SIZE = ("C_D1/1 VS WEIGHT 60", "C_D1/1 VS HEIGHT 168", "C_D1/1 CI CIGO Y")


def test_a_dose_given_in_an_unknown_amount_is_a_dose_and_not_0_mg():
    found = figures((*SIZE, *DAY_8, "C_D8/1 EXGEM EXDOSE ?UNK"), (*SIZE, *DAY_8, "C_D8/1 EXGEM EXDOSE 1650"))
    assert found["exposure.gem.doses.min"].value == 2
    assert found["exposure.gem.cumulative.median"].value == Decimal("3300")
    for name in ("cumulative", "relative", "intensity"):
        assert found[f"exposure.gem.{name}.median"].subjects == ("S01-002",), name


def test_relative_dose_intensity_counts_delays_and_relative_dose_does_not():
    second = (
        "C_D1/2 SV SVPERF Y", "C_D1/2 SV SVDAT 2025-02-21", "C_D1/2 EXGEM EXDAT 2025-02-21", "C_D1/2 EXGEM EXGIVEN Y",
        "C_D1/2 EXGEM EXDOSE 1650", "C_D8/2 SV SVPERF Y", "C_D8/2 SV SVDAT 2025-02-28", "C_D8/2 EXGEM EXGIVEN Y",
        "C_D8/2 EXGEM EXDAT 2025-02-28", "C_D8/2 EXGEM EXDOSE 1650", "C_D1/2 VS WEIGHT 60", "C_D1/2 VS HEIGHT 168",
        "C_D1/2 CI CIGO Y",
    )  # fmt: skip
    found = figures((*SIZE, *DAY_8, "C_D8/1 EXGEM EXDOSE 1650", *second))
    relative, intensity = (found[f"exposure.gem.{name}.median"].value for name in ("relative", "intensity"))
    assert intensity == (relative * 42 / 63).quantize(Decimal("0.1"))


def test_ruxolitinib_between_cycles_is_part_of_the_cumulative_amount():
    lines = (
        "LOG RUX#1 RUXSTDAT 2025-01-10",
        "LOG RUX#1 RUXENDAT 2025-02-28",
        "LOG RUX#1 RUXDOSE 10",
        "LOG RUX#1 RUXTIMES 2",
    )
    assert figures(lines)["exposure.rux.cumulative.median"].value == 20 * 50


def test_a_drug_without_a_last_day_ends_with_the_death():
    found = figures((*TWICE_DAILY, "LOG RUX#1 RUXONGO Y", *died("2025-02-03")))
    assert found["exposure.rux.cumulative.median"].value == 20 * 25


def platelets(*days):
    form = {"2025-01-10": "C_D1/1", "2025-01-17": "C_D8/1", "2025-01-24": "C_END/1"}
    return [
        line
        for day, count in days
        for line in (f"{form[day]} HEM LBDAT {day}", f"{form[day]} HEM PLT {count}", f"{form[day]} HEM LBPERF Y")
    ]


@pytest.mark.parametrize(("same_day", "worse"), [("yes", (1, 1)), ("no", (0, 0))])
def test_worse_than_baseline_follows_the_setting_for_results_of_the_first_dose(same_day, worse):
    made = subjects(platelets(("2025-01-10", 60), ("2025-01-17", 40)))[0]
    settings = tuple(
        replace(one, value=same_day) if one.id == BASELINE_SAME_DAY else one for one in made.study.settings
    )
    study = replace(made.study, settings=settings)
    person = subject_of(study, made.id, rows(*BEGUN, *platelets(("2025-01-10", 60), ("2025-01-17", 40))))
    found = {figure.id: figure for figure in report.figures(dataset_of(study, [person]), "en")}
    assert count(found["lab.platelet_count_decreased.worse"]) == worse


def test_the_table_under_a_curve_counts_an_event_on_day_0_in_its_first_column():
    curve = kaplan_meier([Observation(Decimal(0), True, "a"), Observation(Decimal(9), False, "b")])
    drawing = draw_survival([("OS", curve)], language="en", width=400, divisor=Decimal(1), axis="d", measure="%")
    texts = [part.text for part in drawing.contents if isinstance(part, String)]
    events = texts.index("Events")
    assert texts[events + 1] == "1"
    assert texts[texts.index("At risk") + 1] == "2"


def test_a_later_call_does_not_decide_an_earlier_class(salvage):
    """Week 2 without response, week 4 with one: at a cut-off between them there was no response, in every table."""
    calls = (
        "W2 RS RSDAT 2018-03-14", "W2 RS RSINV NR", "W4 RS RSDAT 2018-03-28", "W4 RS RSINV PR",
        "CALL/1 SF SFDAT 2018-12-20", "CALL/1 SF SFSTAT ALIVE", "CALL/1 SF SFALIVE 2018-12-20",
    )  # fmt: skip
    found = salvage(calls, cut_off="2018-03-21")
    assert count(found["response.nr.best"]) == (1, 1)
    assert count(found["survival.pfs.events"]) == (1, 1)
    assert found["survival.pfs.longest"].value == Decimal("0.5")
    assert found["outcome.times.all.pfs.median"].value == Decimal("2.0")
    later = salvage(calls)
    assert count(later["response.pr.best"]) == (1, 1)
    assert count(later["survival.pfs.events"]) == (0, 1)


def test_days_on_a_drug_that_goes_on_end_with_the_death(salvage):
    found = salvage(("LOG DD DTHDAT 2018-03-24", "LOG DD DTHCAUS HLH"))
    assert found["outcome.exposure.all.days.median"].value == 25
    assert found["exposure.rux.cumulative.median"].value == 25 * 20


@pytest.fixture
def salvage():
    """Figures of one subject of the salvage study, on ruxolitinib from 28 February 2018, without a last day."""
    begun = (
        "SCR SV SVPERF Y", "SCR SV SVDAT 2018-02-27", "SCR IC ICDAT 2018-02-27", "SCR DM BRTHDAT 1960-06-02",
        "SCR DM SEX M", "SCR IE IEYN Y", "SCR IE ENRDAT 2018-02-28", "LOG RUX RUXYN Y",
        "LOG RUX#1 RUXSTDAT 2018-02-28", "LOG RUX#1 RUXONGO Y", "LOG RUX#1 RUXDOSE 10", "LOG RUX#1 RUXTIMES 2",
    )  # fmt: skip

    def made(*patients, cut_off=None):
        return figures(*patients, study="hlh_salvage", today=date(2019, 1, 1), begun=begun, cut_off=cut_off)

    return made


def test_a_time_to_progression_ends_at_the_last_assessment_before_the_cut_off_where_the_study_says_so():
    lines = (*response("2025-02-01", "SD"), *response("2025-03-20", "SD", cycle=2), *visit("2025-03-20"))
    person = subjects(lines)[0]
    endpoints = tuple(
        replace(one, censor="max(RSDAT over RS)") if one.id == "pfs" else one for one in person.study.analysis.survivals
    )
    study = replace(person.study, analysis=replace(person.study.analysis, survivals=endpoints))
    person = subject_of(study, person.id, rows(*BEGUN, *lines))
    book = report.figures(dataset_of(study, [person], cut_off=date(2025, 3, 1)), "en")
    found = {figure.id: figure.value for figure in book}
    assert found["survival.pfs.longest"] == Decimal("0.7")
    assert found["survival.os.longest"] == Decimal("1.6")


@pytest.mark.parametrize(
    ("language", "rule", "listed"),
    [
        ("en", "Of the days left, the earliest is taken for events and beginnings and the latest for ends", "Recorded"),
        ("zh", "事件及开始日期取最早一日，结束日期取最晚一日", "采用日期"),
    ],
)
def test_the_report_prints_the_rule_and_lists_every_date_read_by_it(language, rule, listed):
    made = subjects((*visit("2025-04-10"), *died("2025-04")), (*visit("2025-02-20"), *died("?UNK")))
    pages = PdfReader(BytesIO(report.render(dataset_of(made[0].study, made), language))).pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    assert "".join(rule.split()) in text
    assert listed in text
    for words in ("2025-04;countedon2025-04-10", "unknown;countedon2025-02-20") if language == "en" else ():
        assert words in text


def test_dates_that_contradict_each_other_are_listed():
    found = figures(
        response("2025-01-31", "PD", "2024-12-20"), (*died("2025-03-01"), *visit("2025-03-20")), visit("2025-03-20")
    )
    assert found["dates.contradict"].subjects == ("S01-001", "S01-002")


def test_the_form_asks_about_a_relapse_before_the_first_dose_and_a_visit_after_death():
    person = subjects((*response("2025-01-31", "PD", "2024-12-20"), *died("2025-03-01"), *visit("2025-03-20")))[0]

    def asked(event, form):
        sheet = open_sheet(person, FormKey(person.id, event, "1", form))
        return {finding.rule for finding in sheet.findings}

    assert "RS.RSRELDAT.dose" in asked("C_END", "RS")
    assert "DD.DTHDAT.seen" in asked("LOG", "DD")


def test_the_list_of_subjects_calls_nobody_alive_who_is_known_dead():
    dead, gone = subjects(("LOG AE#1 AETERM sepsis", "LOG AE#1 AEOUT FATAL"), ("LOG DD DTHCAUS PD",))
    assert [person.fact("status") for person in (dead, gone)] == ["DEAD", "DEAD"]
