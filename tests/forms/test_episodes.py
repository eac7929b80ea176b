"""Episodes: what opens, worsens, improves and recovers, one record an event or one a grade."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from forms.course.episodes import (
    AS_EVENTS,
    Episode,
    Point,
    Rules,
    find_episodes,
    is_emergent,
    points_by_term,
    worst_by_term,
)

DOSE = date(2024, 10, 1)


def day(number: int) -> date:
    """Study day, 1 = first dose."""
    return DOSE + timedelta(days=number - 1)


def series(*grades: tuple[int, int | None]) -> list[Point]:
    return [Point(day(number), grade, key=f"d{number}") for number, grade in grades]


def found(*grades: tuple[int, int | None], baseline: int | None = 0, rules: Rules = AS_EVENTS) -> tuple[Episode, ...]:
    return find_episodes("Platelet count decreased", series(*grades), baseline, DOSE, rules)


def turns(episode: Episode) -> list[tuple[str, int, int | None]]:
    return [(change.turn, change.before, change.after) for change in episode.changes]


def test_an_event_opens_worsens_improves_and_recovers() -> None:
    (episode,) = found((1, 0), (4, 1), (7, 3), (10, 2), (14, 0), (20, 0))
    assert (episode.started, episode.ended, episode.grade) == (day(4), day(14), 3)
    assert turns(episode) == [("opening", 0, 1), ("worsening", 1, 3), ("improvement", 3, 2), ("recovery", 2, 0)]
    assert episode.recovered
    assert episode.emergent


def test_an_event_that_has_not_recovered_goes_on() -> None:
    (episode,) = found((4, 2), (7, 1))
    assert (episode.ended, episode.recovered) == (None, False)


def test_after_recovery_a_new_event_opens() -> None:
    first, second = found((2, 2), (5, 0), (9, 1))
    assert (first.ended, second.started, second.ended) == (day(5), day(9), None)


def test_the_same_grade_again_changes_nothing() -> None:
    (episode,) = found((2, 2), (3, 2), (4, 2))
    assert len(episode.changes) == 1


def test_what_stood_at_baseline_is_no_event_until_it_is_worse() -> None:
    assert found((1, 2), (4, 2), (8, 1), baseline=2) == ()
    (episode,) = found((1, 2), (4, 3), (8, 2), baseline=2)
    assert (episode.started, episode.grade, episode.ended, episode.emergent) == (day(4), 3, day(8), True)


def test_recovery_can_mean_normal_instead_of_baseline() -> None:
    rules = Rules(recovery_to="normal")
    (episode,) = found((4, 3), (8, 2), (12, 0), baseline=2, rules=rules)
    assert episode.ended == day(12)
    (as_before,) = found((4, 2), (8, 0), baseline=2, rules=rules)
    assert not as_before.emergent


def test_an_unknown_baseline_hides_nothing() -> None:
    (episode,) = found((4, 1), baseline=None)
    assert episode.emergent
    assert episode.baseline is None


def test_results_before_the_first_dose_open_nothing() -> None:
    assert found((-3, 3), (0, 2), baseline=2) == ()


def test_one_record_a_grade_ends_a_row_at_each_change() -> None:
    rows = found((4, 1), (7, 3), (10, 2), (14, 0), rules=Rules(records="grade"))
    assert [(row.started, row.grade, row.ended, row.recovered, row.continues) for row in rows] == [
        (day(4), 1, day(7), False, False),
        (day(7), 3, day(10), False, True),
        (day(10), 2, day(14), True, True),
    ]


def test_grades_below_the_least_open_nothing() -> None:
    assert found((4, 1), (8, 1), rules=Rules(least=2)) == ()
    (episode,) = found((4, 1), (8, 2), rules=Rules(least=2))
    assert episode.started == day(8)


def test_an_undecided_result_is_noted_and_waits_for_a_person() -> None:
    points = [Point(day(2), 1), Point(day(3), None, (1, 2)), Point(day(5), 0)]
    (episode,) = find_episodes("Hypokalemia", points, 0, DOSE)
    assert episode.undecided
    assert [change.turn for change in episode.changes] == ["opening", "undecided", "recovery"]
    (waiting,) = find_episodes("Hypokalemia", [Point(day(3), None, (1, 2))], 0, DOSE)
    assert (waiting.grade, waiting.undecided, waiting.emergent) == (0, True, False)
    (row,) = find_episodes("Hypokalemia", [Point(day(3), None, (1, 2))], 0, DOSE, Rules(records="grade"))
    assert row == waiting


def test_a_result_that_is_not_gradable_changes_nothing() -> None:
    (episode,) = found((2, 2), (4, None), (6, 2))
    assert len(episode.changes) == 1


def test_proposals_pause_from_conditioning_on() -> None:
    rules = Rules(pauses=((day(30), None),))
    before, after = found((2, 2), (5, 0), (31, 4), rules=rules)
    assert (before.paused, after.paused) == (False, True)
    limited = Rules(pauses=((day(30), day(60)),))
    assert [episode.paused for episode in found((31, 4), (50, 0), (61, 2), rules=limited)] == [True, False]


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 4)), max_size=12), st.integers(0, 2), st.randoms())
def test_order_and_repetition_of_results_never_change_the_episodes(points, baseline, chance) -> None:
    known = series(*dict(points).items())
    mixed = [*known, *known]
    chance.shuffle(mixed)
    assert find_episodes("Anemia", known, baseline, DOSE) == find_episodes("Anemia", mixed, baseline, DOSE)


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 4)), max_size=12), st.integers(0, 2))
def test_episodes_follow_each_other_and_hold_what_they_say(points, baseline) -> None:
    known = series(*dict(points).items())
    episodes = find_episodes("Anemia", known, baseline, DOSE)
    for episode in episodes:
        assert episode.changes[0].turn == "opening"
        assert episode.grade > baseline
        assert episode.ended is None or episode.ended > episode.started
        assert episode.grade == max(change.after for change in episode.changes if change.after is not None)
    for earlier, later in pairwise(episodes):
        assert earlier.ended is not None
        assert earlier.ended < later.started
    rows = find_episodes("Anemia", known, baseline, DOSE, Rules(records="grade"))
    assert max((row.grade for row in rows), default=0) == max((episode.grade for episode in episodes), default=0)


def test_series_are_made_from_what_is_stored() -> None:
    kept = [
        (day(2), "08:00", "a", "Hyperkalemia=0;Hypokalemia=?1,2"),
        (day(4), "", "b", "Hyperkalemia=2;Hypokalemia=0"),
        (day(5), "", "c", "Anemia=-"),
    ]
    by_term = points_by_term(kept)
    assert by_term["Hypokalemia"][0].candidates == (1, 2)
    assert worst_by_term(kept) == {"Hyperkalemia": 2, "Hypokalemia": 0}


def test_emergent_means_worse_than_baseline() -> None:
    assert is_emergent(3, 2) is True
    assert is_emergent(2, 2) is False
    assert is_emergent(1, None) is True
    assert is_emergent(None, 2) is None
