"""What is noticed around a store when somebody signs in: where it lies, which key file it has, what the clock did."""

from __future__ import annotations

import json

from db.casebook.casebook import Casebook
from db.clock import milliseconds, read_instant
from db.folder import keys, paths
from db.folder.whereabouts import check_folder
from db.ledger.ledger import read_acts
from db.proof.clockwork import told_clock, told_time
from forms.record.dataset import Entry
from forms.study.definition import Text
from forms.texts import both

CLOCK_ACTS = ("clock_set_back", "clock_set_on", "zone_changed")
WEEK = 7 * 24 * 60 * 60 * 1000
"""Milliseconds for which it is told at sign-in that the clock was set."""


def find_warnings(casebook: Casebook) -> tuple[Text, ...]:
    """Everything worth saying at sign-in."""
    return (
        *_interrupted(casebook),
        *_counter(casebook),
        *_key_file(casebook),
        *_clock(casebook),
        *check_folder(casebook.path),
    )


def look_again(casebook: Casebook) -> None:
    """Find the warnings of an open store anew, as after its clock was set."""
    with casebook.reading():
        casebook.warnings = find_warnings(casebook)


def _interrupted(casebook: Casebook) -> tuple[Text, ...]:
    """Whoever comes first hears that the last session broke off; whose own it was hears it when she comes."""
    offset = casebook.ledger.tip.offset
    if casebook.interrupted:
        return (both("db.was_interrupted", at=told_time(casebook.interrupted, offset)),)
    if casebook.broken_off is not None:
        return (both("db.yours_was_interrupted", at=told_time(casebook.broken_off.at, offset)),)
    return ()


def _counter(casebook: Casebook) -> tuple[Text, ...]:
    if not casebook.lacks_counter:
        return ()
    return (both("db.counter_missing", file=paths.COUNTER),)


def _key_file(casebook: Casebook) -> tuple[Text, ...]:
    acts = read_acts(casebook.connection, "keys_changed")
    told = json.loads(acts[-1].value.value)
    known = keys.read_keys(casebook.path / paths.KEYS)
    if keys.mark(known) == told["sha256"]:
        return ()
    age = "db.keys_older_than_store" if known.version < told["version"] else "db.keys_newer_than_store"
    return (both(age, found=known.version, told=told["version"]),)


def _clock(casebook: Casebook) -> tuple[Text, ...]:
    """What the clock did since the last sign-in or in the last week; the latest of each kind.

    Entries of that moment carry whatever time it showed, so their age goes by the time that was expected. A clock that
    a demonstration sets begins anew at each sign-in, which is no news.
    """
    if casebook.set_clock and not casebook.clock.zoned:
        return ()
    now = milliseconds(casebook.clock())
    signed_in = read_acts(casebook.connection, "signed_in")
    before = signed_in[-2].arrival if len(signed_in) > 1 else 0
    acts = [
        act
        for act in read_acts(casebook.connection, *CLOCK_ACTS)
        if act.arrival > before or _moment(act, now) >= now - WEEK
    ]
    return tuple(told_clock(act) for act in {act.act: act for act in acts}.values())


def _moment(act: Entry, now: int) -> int:
    """The instant (milliseconds UTC) of an act on the clock: of the times it tells the latest that can have been."""
    told = json.loads(act.value.value)
    instants = [read_instant(str(each)) for each in (act.at, told.get("expected", act.at), told.get("shown", act.at))]
    return max((each for each in instants if each <= now), default=0)
