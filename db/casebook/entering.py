"""What is asked of a value before it goes in: a place the study knows, a person who may, a reason where one is due."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from forms.course.near import near_day
from forms.errors import NeedsReason, Refusal
from forms.findings import Finding
from forms.grading.terms import as_term
from forms.place import GRADE_MARK, SINGLE, FormKey, Place
from forms.sheet.sheet import open_sheet
from forms.study.definition import Item, Study
from forms.study.names import REASON_FOR_CHANGE
from forms.subject.subject import Subject
from forms.value import Value
from forms.values.kinds import parse_value

LONGEST = 100_000
"""Characters of one value. More is a file dropped into a field, not a value."""

DAY = 24 * 60 * 60 * 1000
INSTANCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


@dataclass(frozen=True, slots=True)
class Entered:
    """One value as it comes in from a file or a paste."""

    place: Place
    text: str
    unit: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Changes:
    """What one act changed: places, the position reached and when (ISO UTC; "" when nothing changed).

    ``findings`` of every form touched are worked out when first asked for.
    """

    places: tuple[Place, ...] = ()
    position: int = 0
    at: str = ""
    subjects: tuple[Subject, ...] = field(default=(), repr=False, compare=False)
    entered: int = 0

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Findings of the forms that hold the changed places, or were completed."""
        subjects = {subject.id: subject for subject in self.subjects}
        keys = dict.fromkeys(place.form_key for place in self.places)
        return tuple(
            finding
            for key in keys
            if key.subject in subjects
            and key.form in subjects[key.subject].judging(key.event, key.event_no).study.form_by_id
            for finding in open_sheet(subjects[key.subject], key).findings
        )


def find_item(study: Study, place: Place) -> Item:
    """The item at a place that a person may fill. Raises Refusal naming what the study doesn't know."""
    check_form(study, place.form_key)
    form = study.form_by_id[place.form]
    item = form.items.get(place.item)
    if item is None:
        if place.item.endswith(GRADE_MARK):
            raise Refusal("db.place_derived", item=place.item)
        raise Refusal("db.place_item", item=place.item, form=place.form)
    if item.derive:
        raise Refusal("db.place_derived", item=place.item)
    if place.row != SINGLE and not form.group_of[place.item].repeat:
        raise Refusal("db.place_row", item=place.item, row=place.row)
    if not INSTANCE.fullmatch(place.row):
        raise Refusal("db.place_instance", id=place.row[:40])
    return item


def check_form(study: Study, key: FormKey) -> None:
    """Raises Refusal unless the study has that form in that event and the instance can exist."""
    event = study.event_by_id.get(key.event)
    if event is None:
        raise Refusal("db.place_event", event=key.event)
    if not any(each.form == key.form for each in event.forms):
        raise Refusal("db.place_form", form=key.form, event=key.event)
    if event.kind == "cycle":
        if not (key.event_no.isascii() and key.event_no.isdigit() and 1 <= int(key.event_no) <= event.cycles
                and key.event_no == str(int(key.event_no))):  # fmt: skip
            raise Refusal("db.place_cycle", event=key.event, no=key.event_no[:40], most=event.cycles)
    elif event.kind != "added" and key.event_no != SINGLE:
        raise Refusal("db.place_event_no", event=key.event, no=key.event_no[:40])
    if key.form_no != SINGLE and not study.form_by_id[key.form].repeat:
        raise Refusal("db.place_form_no", form=key.form, no=key.form_no[:40])
    for instance in (key.event_no, key.form_no):
        if not INSTANCE.fullmatch(instance):
            raise Refusal("db.place_instance", id=instance[:40])


def check_takes_entries(subject: Subject, place: Place, takes_new: Callable[[FormKey], bool]) -> None:
    """Raises Refusal when the form of a place, or the row, is frozen or locked.

    ``takes_new`` tells of a form that holds nothing yet whether it may be begun: its whole visit may be closed.
    """
    state = subject.state(place.form_key)
    if state.is_flagged and not state.flags(place.row).takes_entries:
        raise Refusal("db.form_closed", form=place.form, item=place.item)
    if state.status == "empty" and not takes_new(place.form_key):
        raise Refusal("db.scope_closed", form=place.form, item=place.item)


def read_value(study: Study, subject: Subject, item: Item, entered: Entered, *, from_file: bool = False) -> Value:
    """The value a person means; without a unit the one in use stays. Raises Refusal for text too long to be one.

    ``from_file``: see `forms.values.kinds.parse_value`.
    """
    if len(entered.text) > LONGEST:
        raise Refusal("db.too_long", most=LONGEST, item=item.id)
    value = parse_value(
        item,
        entered.text,
        unit=entered.unit or _unit_in_use(subject, entered),
        missing=entered.missing,
        codelist=study.codelist_by_id.get(item.codelist),
        today=subject.today,
        near=None if from_file else near_day(subject, entered.place, item, entered.text),
        from_file=from_file,
    )
    return as_term(study.ctcae, value) if item.lookup == "ctcae" else value


def _unit_in_use(subject: Subject, entered: Entered) -> str:
    before = subject.value(entered.place)
    return before.unit if before is not None and entered.text and not entered.missing else ""


def says_the_same(old: Value | None, new: Value) -> bool:
    """Whether entering ``new`` over ``old`` changes nothing. How it was typed does not matter once it was read."""
    if old is None:
        return new.blank
    if old == new:
        return True
    return bool(new.value) and (old.value, old.unit, old.missing) == (new.value, new.unit, new.missing)


@dataclass(frozen=True, slots=True)
class Before:
    """Who made the entry that stands, and when."""

    who: str
    at: int


def check_reason(study: Study, subject: Subject, place: Place, before: Before | None, who: str, now: int) -> None:
    """Raises NeedsReason when this correction must be explained.

    It must once the form was completed, when the value is another person's or older than a day, and always if the
    study's setting says so.
    """
    if subject.state(place.form_key).once_completed:
        raise NeedsReason("db.reason_completed")
    if before is None:
        return
    if before.who != who:
        raise NeedsReason("db.reason_other")
    if now - before.at > DAY:
        raise NeedsReason("db.reason_old")
    setting = study.setting_by_id.get(REASON_FOR_CHANGE)
    if setting is not None and setting.value.strip().lower() == "always":
        raise NeedsReason("db.reason_always")
