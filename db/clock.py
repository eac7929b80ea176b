"""The only reader of the clock. Everything else is given a `Clock`.

Instants are whole milliseconds since 1970-01-01 UTC, kept with the local offset in minutes at that moment.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from forms.errors import Refusal

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def _runs_by_itself(_left: datetime) -> None:
    """A clock nobody sets is not moved by what a store says."""


@dataclass(frozen=True)
class Clock:
    """Gives the aware local time when called. ``was_set`` says that a person set it for a demonstration or a test.

    ``zoned`` is false when the zone it shows is nobody's, so that another one before tells nothing. ``go_on_from`` is
    told when the store was left: a clock set to a day goes on from there, within that day.
    """

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    was_set: str = ""
    zoned: bool = True
    go_on_from: Callable[[datetime], None] = _runs_by_itself

    def __call__(self) -> datetime:
        """Aware local time."""
        return self.now()

    def today(self) -> date:
        """The local date."""
        return self.now().date()


def system_clock() -> Clock:
    """The computer's clock."""
    return Clock(lambda: datetime.now().astimezone(), seconds_passed)


def seconds_passed() -> float:
    """Seconds since some moment that no setting of the clock changes, those the computer slept included.

    On Linux that is CLOCK_BOOTTIME; elsewhere the monotonic clock goes on during sleep, on macOS under its own name.
    """
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        if hasattr(time, name):
            return time.clock_gettime(getattr(time, name))
    return time.monotonic()


def set_clock(day: str | date) -> Clock:
    """A clock that shows ``day`` (ISO date) at nine in the morning UTC and runs on from there.

    A store that was left later that day sets it on to that moment: each sign-in would else begin at nine again, which
    looks like a clock set back.
    """
    start = datetime.combine(date.fromisoformat(day) if isinstance(day, str) else day, datetime.min.time(), UTC)
    start += timedelta(hours=9)
    begun = time.monotonic()
    set_on = timedelta()

    def now() -> datetime:
        return start + set_on + timedelta(seconds=time.monotonic() - begun)

    def go_on_from(left: datetime) -> None:
        nonlocal set_on
        if left.astimezone(UTC).date() == start.date() and left > now():
            set_on += left - now()

    return Clock(now, time.monotonic, start.date().isoformat(), zoned=False, go_on_from=go_on_from)


class Stepping:
    """Hands that move by ``step`` at each look, so that a built store is the same each time."""

    def __init__(self, start: datetime, step: timedelta) -> None:
        self.at = start
        self.step = step
        self.steps = 0

    def now(self) -> datetime:
        """The time shown, then one step on."""
        shown = self.at
        self.at += self.step
        self.steps += 1
        return shown

    def monotonic(self) -> float:
        """Seconds walked, without a step; setting the hands leaves it alone."""
        return self.steps * self.step.total_seconds()

    def move_to(self, at: datetime) -> None:
        """Set the hands."""
        self.at = at


def clock_of(hands: Stepping) -> Clock:
    """A clock that moves only when it is looked at or when its hands are set."""
    return Clock(hands.now, hands.monotonic, hands.at.date().isoformat())


def milliseconds(at: datetime) -> int:
    """Milliseconds since 1970 UTC of an aware time."""
    return (at - EPOCH) // MILLISECOND


def offset_minutes(at: datetime) -> int:
    """Local offset from UTC in minutes."""
    offset = at.utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 60)


def iso(instant: int) -> str:
    """``2026-11-21T03:08:09.120Z``."""
    return (EPOCH + instant * MILLISECOND).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant % 1000:03d}Z"


def read_instant(text: str, offset: int = 0) -> int:
    """Milliseconds of an ISO time; without a zone it is local at ``offset`` minutes. A bare date means its end.

    Raises ValueError when the text is no ISO time.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        at = at.replace(tzinfo=timezone(timedelta(minutes=offset)))
    if len(text) == len("2026-11-21"):
        at += timedelta(days=1) - MILLISECOND
    return milliseconds(at)


def read_day(text: str) -> str:
    """An ISO date or "". Raises Refusal for anything else."""
    try:
        return date.fromisoformat(text.strip()).isoformat() if text.strip() else ""
    except ValueError as error:
        raise Refusal("db.day_misread", text=text[:40]) from error


def local_date(instant: int, offset: int) -> date:
    """The calendar date where and when an entry was made."""
    return (EPOCH + instant * MILLISECOND + timedelta(minutes=offset)).date()
