"""The one door for data: whatever is typed, imported or decided goes in here, and every picture comes out of here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from db.casebook import completing, queries
from db.casebook.drafts import Draft, drop_draft, read_drafts, write_draft
from db.casebook.entering import (
    Before,
    Changes,
    Entered,
    check_reason,
    check_takes_entries,
    find_item,
    read_value,
    says_the_same,
)
from db.casebook.following import Step, write_entered
from db.casebook.reading import Opened, OpenStore
from db.casebook.subjects import check_id, free_id, write_line
from db.casebook.versions import judged_after
from db.ledger.ledger import NOWHERE, Act
from forms.place import FormKey, Place
from forms.progress import Tick
from forms.record.dataset import Dataset
from forms.subject.in_force import day_items
from forms.subject.subject import Subject
from forms.value import Value
from forms.values.kinds import legible


class Casebook(OpenStore):
    """An open store."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._drafted: set[Place] | None = None

    def rolled_back(self) -> None:
        """Drop what was learnt from a transaction that came to nothing; which drafts there are is read again."""
        super().rolled_back()
        self._drafted = None

    def add_subject(self, id: str = "") -> Changes:  # noqa: A002
        """Take a new subject in, by the site's next number when no id is given."""
        self.check_right("subject.add")
        with self.writing():
            subject = id.strip() or free_id(self.connection, self.study, self.site)
            empty = self.admit(subject)
            changes = self.done((replace(NOWHERE, subject=subject),), (empty,))
        self.keep(Opened(empty, {}))
        return changes

    def admit(self, subject: str, cause: str = "") -> Subject:
        """Append a new subject in a transaction that is open. Raises Refusal for an id that won't do."""
        check_id(self.connection, self.study, subject)
        self.ledger.append([Act("subject_added", replace(NOWHERE, subject=subject), cause=cause)])
        empty = self.empty_subject(subject)
        write_line(self.connection, empty, self.ledger.now, facts=True)
        return empty

    def enter(
        self, place: Place, text: str, *, unit: str = "", missing: str = "", why: str = "", query: str = ""
    ) -> Changes:
        """Enter one value with everything it causes. The same again changes nothing.

        ``query`` is the id of the query that the correction is made for. Raises NeedsReason when ``why`` is due.
        """
        return self.enter_many((Entered(place, text, unit, missing),), why, query=query)

    def enter_many(
        self, entries: Sequence[Entered], why: str = "", tick: Tick | None = None, *, query: str = "", source: str = ""
    ) -> Changes:
        """Enter many values, all or none; each subject's consequences are worked out once.

        ``source`` names the file they came from: the import is an act and the cause of each value. Raises Refusal for a
        place that the study doesn't know, NeedsReason when a correction must be explained.
        """
        self.check_right("enter")
        by_subject: dict[str, list[Entered]] = {}
        for entry in entries:
            by_subject.setdefault(entry.place.subject, []).append(entry)
        steps: list[Step] = []
        with self.writing() as ledger:
            cause = ledger.append([Act("import", value=Value(value=source), why=why)])[0] if source else query
            for at, (subject, own) in enumerate(by_subject.items()):
                if tick is not None:
                    tick(at, len(by_subject), subject)
                values = self._read(self.opened(subject).subject, own)
                step = self.put(subject, values, why, cause)
                if step.changed:
                    steps.append(step)
            self._drop_drafts(entries)
            changes = self._changes(steps)
        for step in steps:
            step.opened.pointers.update(step.pointers)
            self.keep(replace(step.opened, subject=step.subject))
        return changes

    def _read(self, subject: Subject, entries: Sequence[Entered]) -> dict[Place, Value]:
        subject = self.foreseen(subject, entries)
        found = {}
        for entry in entries:
            study = subject.judging(entry.place.event, entry.place.event_no).study
            found[entry.place] = read_value(study, subject, find_item(study, entry.place), entry)
        return found

    def foreseen(self, subject: Subject, entries: Iterable[Entered]) -> Subject:
        """A subject with the versions that will judge its visits once these answers, with their days, are there."""
        if len(self.versions) < 2:
            return subject
        by_place = {entry.place: entry for entry in entries}
        days = {
            place: read_value(self.study, subject, item, entry)
            for place, entry in by_place.items()
            if (place.form, place.item) in day_items(self.versions, place.event)
            and place.form in self.study.form_by_id
            and (item := self.study.form_by_id[place.form].items.get(place.item)) is not None
        }
        return judged_after(self.connection, self.versions, subject, subject.with_values(days), tuple(by_place))[0]

    def put(self, subject: str, values: Mapping[Place, Value], why: str, cause: str = "") -> Step:
        """Append what is new in the values of one subject with all that follows, in a transaction that is open."""
        opened = self.opened(subject)
        before = opened.subject
        changed = {
            place: value for place, value in values.items() if not says_the_same(before.values.get(place), value)
        }
        if not changed:
            return Step(opened, before, {}, {})
        if not why.strip():
            for place in changed:
                check_takes_entries(before, place, opened.takes_new)
                self._check_reason(opened, place)
        if any(place in opened.pointers for place in changed):
            self.check_right("correct")
        return write_entered(self, opened, changed, why.strip(), cause)

    def _check_reason(self, opened: Opened, place: Place) -> None:
        before = None
        if pointer := opened.pointers.get(place, ""):
            strand, _, seq = pointer.partition(":")
            row = self.connection.execute(
                "SELECT who, at FROM trail WHERE strand = ? AND seq = ?", (strand, int(seq))
            ).fetchone()
            before = Before(*row)
        check_reason(self.study, opened.subject, place, before, self.account.id, self.ledger.now)

    def _changes(self, steps: Sequence[Step]) -> Changes:
        if not steps:
            return Changes(position=self.ledger.tip.arrival)
        places = tuple(place for step in steps for place in step.pointers)
        return self.done(places, tuple(step.subject for step in steps), sum(len(step.changed) for step in steps))

    # --- forms and queries ----------------------------------------------------------------------------------------

    def complete(self, key: FormKey) -> Changes:
        """Declare a form complete; see `db.casebook.completing.complete`."""
        return completing.complete(self, key)

    def reopen(self, key: FormKey, why: str) -> Changes:
        """Open a completed form again."""
        return completing.reopen(self, key, why)

    def override(self, place: Place, rule: str, why: str) -> Changes:
        """Let a block stand, as an investigator, until the value changes."""
        return completing.override(self, place, rule, why)

    def open_query(self, place: Place, text: str, language: str = "en", due: str = "", to: str = "") -> Changes:
        """Ask about a place, to be answered by ``due`` (ISO date) by the role ``to``."""
        return queries.open_query(self, place, text, language, due, to)

    def answer_query(self, query_id: str, text: str) -> Changes:
        """Answer an open query."""
        return queries.answer_query(self, query_id, text)

    def close_query(self, query_id: str, text: str) -> Changes:
        """Close a query."""
        return queries.close_query(self, query_id, text)

    def reopen_query(self, query_id: str, text: str) -> Changes:
        """Open a closed query again."""
        return queries.reopen_query(self, query_id, text)

    # --- drafts ---------------------------------------------------------------------------------------------------

    def draft(self, place: Place, text: str, unit: str = "") -> None:
        """Keep a long text while it is being typed."""
        with self.writing() as ledger:
            self.check_right("enter")
            write_draft(self.connection, place, self.account.id, legible(text), unit, ledger.now)
        if self._drafted is not None:
            self._drafted.add(place)

    def drafts(self, key: FormKey | None = None) -> tuple[Draft, ...]:
        """The person's drafts, of one form or all."""
        with self.reading() as connection:
            return read_drafts(connection, self.account.id, key)

    def clear_draft(self, place: Place) -> None:
        """Give a draft up. Entering a value does so by itself, in the same transaction."""
        if place not in self._drafted_places():
            return
        with self.writing():
            drop_draft(self.connection, place, self.account.id)
        self._drafted_places().discard(place)

    def _drop_drafts(self, entries: Sequence[Entered]) -> None:
        drafted = self._drafted_places()
        for place in drafted.intersection(entry.place for entry in entries):
            drop_draft(self.connection, place, self.account.id)
            drafted.discard(place)

    def _drafted_places(self) -> set[Place]:
        if self._drafted is None:
            self._drafted = {draft.place for draft in self.drafts()}
        return self._drafted

    # --- pictures for reports -------------------------------------------------------------------------------------

    def dataset(
        self, as_of: str = "", cut_off: date | None = None, today: date | None = None, *, subject: str = "",
        trail: bool = True, tick: Tick | None = None,
    ) -> Dataset:  # fmt: skip
        """The whole store, or one subject, as it was recorded at a position or time.

        See `db.casebook.dataset.read_dataset`. It reads through a connection of its own, so that a job may call it
        from any thread.
        """
        from db.casebook.dataset import read_dataset

        self.check_right("read")
        return read_dataset(self.path, self.store_key, as_of, cut_off, today, subject=subject, trail=trail, tick=tick)
