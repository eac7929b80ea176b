"""Subjects with random dates, known in part or whole: what must hold of every report of them."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.subject.life import find_last_seen
from forms.values.dates import read_date
from forms.values.spans import days_of
from reports.pdf.cohort.data import Cohort
from reports.pdf.cohort.dates import taken
from reports.pdf.cohort.safety import events_of
from tests.reports.datasets import TODAY, dataset_of, subject_of
from tests.reports.patients import BEGUN, rows, study_of

FIRST = date(2025, 1, 10)
CASES = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def days(draw, low=FIRST, high=TODAY):
    return draw(st.dates(low, high)).isoformat()


@st.composite
def loose(draw, low=FIRST, high=TODAY):
    """A date known to the day, the month or the year."""
    return draw(days(low, high))[: draw(st.sampled_from([4, 7, 10]))]


@st.composite
def patients(draw):
    """Lines of a subject: visits, assessments, calls, events and perhaps a death after all of them."""
    lines = []
    seen = FIRST
    for cycle in range(1, draw(st.integers(1, 3))):
        seen += timedelta(days=draw(st.integers(18, 40)))
        lines += [f"C_D1/{cycle + 1} SV SVPERF Y", f"C_D1/{cycle + 1} SV SVDAT {seen}"]
        answer = draw(st.sampled_from(["CR", "PR", "SD", "NR", "PD"]))
        lines += [f"C_END/{cycle} RS RSDAT {seen}", f"C_END/{cycle} RS RSINV {answer}"]
        if answer == "PD":
            lines.append(f"C_END/{cycle} RS RSRELDAT {draw(loose(FIRST, seen))}")
    if draw(st.booleans()):
        lines += [f"LOG AE#1 {text}" for text in ("AETERM ill", f"AETOXGR {draw(st.integers(1, 4))}")]
        lines += [f"LOG AE#1 AESTDAT {draw(loose(date(2024, 11, 1), seen))}"]
    if draw(st.booleans()):
        call = min(seen + timedelta(days=draw(st.integers(1, 60))), TODAY)
        lines += [f"CALL/1 SF SFDAT {call}", "CALL/1 SF SFSTAT ALIVE", f"CALL/1 SF SFALIVE {call}"]
        lines += ["CALL/1 SF SFDIS RELAPSE", f"CALL/1 SF SFREL {draw(loose(FIRST, call))}"]
        seen = call
    fate = draw(st.sampled_from(["alive", "day", "unknown"]))
    if fate != "alive":
        lines.append("LOG DD DTHCAUS PD")
    if fate == "day":
        lines.append(f"LOG DD DTHDAT {draw(loose(seen, TODAY))}")
    return tuple(lines)


def cohort_of(lines, cut_off=None):
    person = subject_of(study_of("ankl"), "S01-001", rows(*BEGUN, *lines))
    return Cohort(dataset_of(person.study, [person], cut_off=cut_off), "en")


def observations(made):
    return {name: seen[0] for name, seen in made.observed.items() if seen}


def wider(line, known):
    """The line with its date known to fewer places; other lines as they are."""
    spot, _, value = line.rpartition(" ")
    return f"{spot} {value[:known]}" if spot.endswith(("RSRELDAT", "SFREL", "DTHDAT", "AESTDAT")) else line


@CASES
@given(patients())
def test_no_death_lies_before_the_last_proof_of_life_and_nothing_lies_after_a_death(lines):
    made = cohort_of(lines)
    person = made.people[0]
    seen, death = find_last_seen(person.data.subject), person.day("$death")
    assert (death is not None) == (person.data.subject.life("known_dead") is True)
    if death is not None:
        assert death >= seen
        assert all(
            one.day <= max(death, days_of(read_date(one.recorded)).first) for one in person.taken if one.recorded
        )


@CASES
@given(patients())
def test_the_day_taken_is_one_that_the_recorded_date_allows(lines):
    for one in cohort_of(lines).people[0].taken:
        if one.recorded:
            can_be = days_of(read_date(one.recorded))
            assert can_be.first <= one.days.first <= one.day <= one.days.last <= can_be.last


@CASES
@given(patients(), st.sampled_from([4, 7]))
def test_knowing_less_of_a_date_never_removes_an_event(lines, known):
    narrow, wide = cohort_of(lines), cohort_of([wider(line, known) for line in lines])
    before, after = observations(narrow), observations(wide)
    assert {name for name, seen in before.items() if seen.event} <= {name for name, seen in after.items() if seen.event}
    events = [len(events_of(made, made.people[0])) for made in (narrow, wide)]
    assert events[0] <= events[1]


@CASES
@given(patients(), st.lists(st.dates(FIRST, TODAY), min_size=2, max_size=2).map(sorted))
def test_a_later_cut_off_never_changes_an_event_that_an_earlier_one_saw(lines, cuts):
    early, late = (observations(cohort_of(lines, cut)) for cut in cuts)
    for name, seen in early.items():
        assert late[name].time >= seen.time
        if seen.event:
            assert late[name] == seen


@CASES
@given(patients(), st.none() | st.dates(FIRST, TODAY))
def test_tables_listings_and_derived_items_have_one_day_for_one_death(lines, cut):
    made = cohort_of(lines, cut)
    person = made.people[0]
    died, seen = made.dead.get(person.id), observations(made).get("os")
    assert (died is not None) == (seen is not None and seen.event)
    if died is None:
        return
    assert died == person.day("$death") == FIRST + timedelta(days=int(seen.time))
    listed = [one.day for one in taken(made).get(person.id, ()) if one.place.item == "DTHDAT"]
    assert listed in ([], [died])
    derived = person.value("LOG.DD.DTHDOSE")
    assert derived is None or derived == person.number("days($last_dose, $death)")
