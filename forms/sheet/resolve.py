"""A subject as reports read it: every date known in part stands for one day, by the rule the study declares.

One place for every table, figure, listing and derived item. The interval of days a date can be is narrowed by what is
recorded (not after the death or today, not after the end of the same thing, not before the last proof of life for a
death, not before the bounds the study gives), then the study's rule takes one day. No cut-off is asked here, so a later
one can't change an earlier number. Whole dates are never touched; a date of birth stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from forms.compiled.life import death_item, is_end, names_of
from forms.compiled.study import FormPlan
from forms.place import SINGLE, FormKey, Place
from forms.sheet.follow import follow
from forms.study.analysis import DateRule
from forms.subject.life import find_known_dead, find_last_seen, recorded_elsewhere
from forms.subject.subject import Subject
from forms.value import Value
from forms.values.dates import PartialDate
from forms.values.spans import PossibleDays, Take, days_of

BIRTH_DAY = {"BRTHDAT", "BRTHDTC"}


@dataclass(frozen=True, slots=True)
class ImputedDate:
    """One date that was known in part: where, what was recorded ("" = no day at all), what it can be, the day taken."""

    place: Place
    recorded: str
    days: PossibleDays
    day: date


@dataclass(frozen=True)
class Resolved:
    """A subject without incomplete dates, and the days that were taken, in order of arrival."""

    subject: Subject
    taken: tuple[ImputedDate, ...] = ()


@dataclass(frozen=True, slots=True)
class _Open:
    """A date still to be read: its form and what was recorded."""

    place: Place
    plan: FormPlan
    recorded: PartialDate


def resolve(subject: Subject) -> Resolved:
    """Read every incomplete date of a subject; the same subject comes back when there is none."""
    rules = {rule.item: rule for rule in subject.study.analysis.dates.items}
    open_dates = list(_open_dates(subject))
    death, taken = _death(subject, open_dates, rules)
    left = [one for one in open_dates if not taken or one.place != taken[0].place]
    if not taken and not left:
        return Resolved(subject)
    limit = min(subject.today, death) if death is not None else subject.today
    changed = _with_days(subject, taken)
    ends = [one for one in left if is_end(one.plan, one.place.item)]
    bound = [one for one in left if one not in ends and _bounds(rules, one.place)]
    plain = [one for one in left if one not in ends and one not in bound]
    for group in (plain, bound, ends):
        news = [_read(changed, one, rules, limit, end=group is ends) for one in group]
        changed, taken = _with_days(changed, news), [*taken, *news]
    whole = follow(changed, [one.place for one in taken])[0]
    return Resolved(whole, tuple(sorted(taken, key=lambda one: one.place)))


def _open_dates(subject: Subject) -> Iterable[_Open]:
    for place, value in subject.values.items():
        plan = subject.compiled.forms.get(place.form)
        item = plan.laid_out.get(place.item) if plan is not None else None
        if plan is None or item is None or item.item.kind not in ("date", "datetime") or item.derive is not None:
            continue
        known = subject.filled(place.form_key).typed(place.row, place.item) if value.value else None
        if isinstance(known, PartialDate) and not known.whole and not names_of(plan, place.item) & BIRTH_DAY:
            yield _Open(place, plan, known)


def _death(
    subject: Subject, open_dates: list[_Open], rules: Mapping[str, DateRule]
) -> tuple[date | None, list[ImputedDate]]:
    """The day of death and, when it was not recorded whole, how it was found."""
    form, item = death_item(subject.compiled)
    found = next((one for one in open_dates if (one.place.form, one.place.item) == (form, item)), None)
    if found is None:
        days = (subject.filled(key).typed(SINGLE, item) for key in subject.keys_of(form))
        whole = next((on.first() for on in days if isinstance(on, PartialDate)), None)
        if not form or whole is not None or not find_known_dead(subject):
            return whole, []
    place = found.place if found is not None else _place_of_death(subject, form, item)
    span = _days_of_death(subject, found.recorded if found is not None else recorded_elsewhere(subject))
    if place is None or span is None:
        return None, []
    day = span.taken(_take(subject, rules.get(f"{form}.{item}"), end=False))
    return day, [ImputedDate(place, found.recorded.canonical if found is not None else "", span, day)]


def _days_of_death(subject: Subject, recorded: PartialDate | None) -> PossibleDays | None:
    """Not before the last proof of life, not after today; None when nothing at all is dated."""
    seen = find_last_seen(subject, subject.today)
    if recorded is not None:
        return days_of(recorded).not_after(subject.today).not_before(seen)
    return None if seen is None else PossibleDays(seen, subject.today)


def _place_of_death(subject: Subject, form: str, item: str) -> Place | None:
    """Where the day of death is missing: on the form that was begun, else where that form stands in the study."""
    begun = next(iter(subject.keys_of(form)), None)
    homes = subject.compiled.homes.get(form, ())
    key = begun or (FormKey(subject.id, homes[0], SINGLE, form) if homes else None)
    return None if key is None else key.place(item)


def _bounds(rules: Mapping[str, DateRule], place: Place) -> bool:
    rule = rules.get(f"{place.form}.{place.item}")
    return rule is not None and bool(rule.not_before or rule.not_after)


def _take(subject: Subject, rule: DateRule | None, *, end: bool) -> Take:
    dates = subject.study.analysis.dates
    return (rule.take if rule is not None else "") or (dates.ends if end else dates.events)


def _read(subject: Subject, one: _Open, rules: Mapping[str, DateRule], limit: date, *, end: bool) -> ImputedDate:
    rule = rules.get(f"{one.place.form}.{one.place.item}")
    other = _other_end(subject, one, end=end)
    days = days_of(one.recorded).not_after(limit)
    if other is not None:
        days = days.not_before(other.first()) if end else days.not_after(other.last())
    if rule is not None:
        days = days.not_before(_asked(subject, one.place, rule.not_before, first=True))
        days = days.not_after(_asked(subject, one.place, rule.not_after, first=False))
    return ImputedDate(one.place, one.recorded.canonical, days, days.taken(_take(subject, rule, end=end)))


def _asked(subject: Subject, place: Place, bound: str, *, first: bool) -> date | None:
    """A bound of the study at the spot of a date; an incomplete one binds by its outer day."""
    if not bound:
        return None
    found = subject.evaluate(bound, place.event, place.event_no, place.form, place.form_no, place.row)
    if not isinstance(found, PartialDate):
        return None
    return found.first() if first else found.last()


def _other_end(subject: Subject, one: _Open, *, end: bool) -> PartialDate | None:
    """The beginning that belongs to an end, or the end that belongs to a beginning: same group, same row."""
    name, group = one.place.item, one.plan.laid_out[one.place.item].group
    ids = [item.id for item in group.items]
    pairs = ((f"{stem}{last}", f"{stem}{start}") for stem, last, start in _stems(ids))
    for ending, beginning in pairs:
        if name in (ending, beginning) and beginning in ids:
            partner = beginning if end else ending
            known = subject.filled(one.place.form_key).typed(one.place.row, partner)
            if partner != name and isinstance(known, PartialDate):
                return known
    return None


_STARTS = {"ENDAT": ("STDAT", "DAT"), "ENDTC": ("STDTC", "DTC"), "END": ("ST", "DAT")}


def _stems(ids: list[str]) -> Iterable[tuple[str, str, str]]:
    for name in ids:
        for last, starts in _STARTS.items():
            if name.endswith(last):
                for start in starts:
                    yield name.removesuffix(last), last, start


def _with_days(subject: Subject, taken: Iterable[ImputedDate]) -> Subject:
    return subject.with_values({one.place: Value(one.day.isoformat(), one.day.isoformat()) for one in taken})
