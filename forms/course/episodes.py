"""Episodes of an adverse event from a series of graded results: when a term opens, worsens, improves and recovers.

A record is kept for each event (with its history of grades) or for each grade, by study setting; treatment-emergent
means worse than the grade at baseline. From conditioning on, what is proposed pauses, so that aplasia floods nobody.
Pure: the window proposes from this, a person confirms.

Source of the two ways of recording: CDASH/SDTM (one record an event) and NCI's practice (a new row at each change of
grade, a baseline finding that resolves is no event).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from forms.grading.result import Grade, StoredGrade, read_stored

Records = Literal["event", "grade"]
Turn = Literal["opening", "worsening", "improvement", "recovery", "undecided"]


@dataclass(frozen=True, slots=True)
class Point:
    """One graded result of one term. ``grade`` None with ``candidates`` = undecided, without = not gradable.

    ``at`` orders results of one day (sample time or sequence). ``key`` is the caller's address of the result.
    """

    day: date
    grade: int | None
    candidates: tuple[int, ...] = ()
    at: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class GradeChange:
    """A turn of an episode. ``before`` and ``after`` are grades; an undecided result changes nothing but asks."""

    day: date
    turn: Turn
    before: int
    after: int | None
    key: str = ""
    candidates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch in which a term was above grade 0.

    ``grade`` is the worst one (or the one grade of the row, when each grade is a record). ``ended`` None = ongoing;
    ``recovered``: it ended at the level counted as recovered. ``emergent``: worse than at baseline. ``paused``: it
    opened in a stretch in which nothing is proposed. ``continues``: a row that follows another of the same event.
    ``undecided``: a person still has to choose a grade in it; grade 0 when nothing in it is decided.
    """

    term: str
    started: date
    grade: int
    ended: date | None
    recovered: bool
    emergent: bool
    baseline: int | None
    changes: tuple[GradeChange, ...]
    paused: bool = False
    continues: bool = False
    undecided: bool = field(default=False)


@dataclass(frozen=True, slots=True)
class Rules:
    """Study settings. ``records``: one record an event or one a grade.

    ``recovery_to``: ``baseline`` (grade at baseline or less, 0 when unknown) or ``normal`` (grade 0).
    ``pauses``: stretches (from, to or None) in which nothing is proposed, from conditioning on.
    ``least``: grades below it open nothing.
    """

    records: Records = "event"
    recovery_to: Literal["baseline", "normal"] = "baseline"
    pauses: tuple[tuple[date, date | None], ...] = ()
    least: int = 1

    def pauses_on(self, day: date) -> bool:
        """Whether proposals rest on a day."""
        return any(start <= day and (end is None or day <= end) for start, end in self.pauses)


AS_EVENTS = Rules()
"""One record an event, recovered when back at baseline, no pause."""


def find_episodes(
    term: str, points: Iterable[Point], baseline: int | None, first_dose: date | None, rules: Rules = AS_EVENTS
) -> tuple[Episode, ...]:
    """Episodes of one term in order of time, whatever the order of the points.

    ``baseline``: the grade at baseline, None when unknown (then as 0: nothing is hidden by it).
    Points before ``first_dose`` are history: an event that stands at baseline opens only when it becomes worse.
    """
    ordered = sorted(set(points), key=lambda point: (point.day, point.at, point.key))
    level = (baseline or 0) if rules.recovery_to == "baseline" else 0
    walk = _Walk(term, baseline, level, rules)
    for point in ordered:
        if first_dose is None or point.day >= first_dose:
            walk.meet(point)
    walk.close()
    episodes = walk.episodes
    return tuple(row for episode in episodes for row in _rows(episode)) if rules.records == "grade" else tuple(episodes)


class _Walk:
    """The state of the walk along one term: the grade last known and the episode that is open."""

    def __init__(self, term: str, baseline: int | None, level: int, rules: Rules) -> None:
        self.term = term
        self.baseline = baseline
        self.level = level
        self.rules = rules
        self.grade = min(baseline or 0, level)
        self.open: list[GradeChange] = []
        self.episodes: list[Episode] = []

    def meet(self, point: Point) -> None:
        """Take the next result."""
        if point.grade is None:
            if point.candidates and self._matters(point.candidates):
                self._note(point, "undecided")
            return
        if not self._is_open and point.grade > self.level and point.grade >= self.rules.least:
            self._note(point, "opening")
        elif self._is_open and point.grade <= self.level:
            self._note(point, "recovery")
            self.close(point.day)
        elif self._is_open and point.grade != self.grade:
            self._note(point, "worsening" if point.grade > self.grade else "improvement")
        self.grade = point.grade

    def _matters(self, candidates: tuple[int, ...]) -> bool:
        """Whether an undecided result could open or worsen something."""
        if self._is_open and max(candidates) > self.grade:
            return True
        return min(candidates) > self.level

    @property
    def _is_open(self) -> bool:
        return any(change.turn == "opening" for change in self.open)

    def _note(self, point: Point, turn: Turn) -> None:
        self.open.append(GradeChange(point.day, turn, self.grade, point.grade, point.key, point.candidates))

    def close(self, recovered: date | None = None) -> None:
        """End what is open: recovered on a day, or still going on."""
        if not self.open:
            return
        opened = next((change for change in self.open if change.turn == "opening"), None)
        first = opened or self.open[0]
        worst = max((change.after for change in self.open if change.after is not None), default=0)
        self.episodes.append(
            Episode(
                term=self.term,
                started=first.day,
                grade=worst,
                ended=recovered,
                recovered=recovered is not None,
                emergent=worst > (self.baseline or 0),
                baseline=self.baseline,
                changes=tuple(self.open),
                paused=self.rules.pauses_on(first.day),
                undecided=opened is None or any(change.turn == "undecided" for change in self.open),
            )
        )
        self.open = []


def _rows(episode: Episode) -> Iterable[Episode]:
    """An episode as one row a grade: each change ends a row and opens the next."""
    turns = [change for change in episode.changes if change.turn not in {"undecided", "recovery"}]
    if not turns:
        yield episode
        return
    for number, change in enumerate(turns):
        following = turns[number + 1].day if number + 1 < len(turns) else episode.ended
        yield Episode(
            term=episode.term,
            started=change.day,
            grade=change.after or 0,
            ended=following,
            recovered=episode.recovered and number + 1 == len(turns),
            emergent=(change.after or 0) > (episode.baseline or 0),
            baseline=episode.baseline,
            changes=(change,),
            paused=episode.paused,
            continues=number > 0,
            undecided=episode.undecided,
        )


def points_by_term(results: Iterable[tuple[date, str, str, str]]) -> Mapping[str, Sequence[Point]]:
    """Series by term from kept results: ``(day, time of the day, key, stored grades)``."""
    series: dict[str, list[Point]] = {}
    for day, at, key, stored_text in results:
        for kept in read_stored(stored_text):
            series.setdefault(kept.term, []).append(Point(day, kept.grade, kept.candidates, at, key))
    return series


def worst_by_term(results: Iterable[tuple[date, str, str, str]]) -> Mapping[str, int]:
    """The highest decided grade of each term, for a table of baseline against worst."""
    worst: dict[str, int] = {}
    for term, points in points_by_term(results).items():
        grades = [point.grade for point in points if point.grade is not None]
        if grades:
            worst[term] = max(grades)
    return worst


def is_emergent(after: StoredGrade | Grade | int | None, baseline: int | None) -> bool | None:
    """Whether a grade is worse than at baseline; None when the grade isn't decided."""
    grade = after if after is None or isinstance(after, int) else after.grade
    return None if grade is None else grade > (baseline or 0)
