"""The one door for data: whatever is typed, imported or decided goes in here, and every picture comes out of here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from db.casebook import completing, queries
from db.casebook.drafts import Draft, drop_draft, read_drafts, write_draft
from db.casebook.entering import Before, Changes, Entered, check_reason, find_item, read_value, says_the_same
from db.casebook.reading import Opened, OpenStore
from db.casebook.subjects import check_id, free_id, line_changed, line_facts, touch
from db.ledger.ledger import NOWHERE, SYSTEM, Act
from forms.compiled.graph import graph_of
from forms.place import FormKey, Place
from forms.progress import Tick
from forms.record.dataset import Dataset
from forms.sheet.follow import follow
from forms.subject.states import STARTED
from forms.subject.subject import Subject
from forms.value import Value
from forms.values.kinds import legible


@dataclass(slots=True)
class Step:
    """What is written for one subject: entered values, what follows from them, and where each entry went."""

    opened: Opened
    subject: Subject
    changed: dict[Place, Value]
    follows: dict[Place, Value]
    pointers: dict[Place, str] = field(default_factory=dict)

    def shown_anew(self) -> Iterator[FormKey]:
        """Started forms without a change of their own that may apply now where they did not, or no longer do."""
        changed = {*self.changed, *self.follows}
        graph = graph_of(self.subject.compiled)
        if graph.shows_after((place.form, place.item) for place in changed):
            own = {place.form_key for place in changed}
            yield from (key for key in self.subject.keys() if key not in own)


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
        self._write_line(empty)
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
            self.keep(Opened(step.subject, step.opened.pointers))
        return changes

    def _read(self, subject: Subject, entries: Iterable[Entered]) -> dict[Place, Value]:
        return {
            entry.place: read_value(self.study, subject, find_item(self.study, entry.place), entry) for entry in entries
        }

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
                self._check_reason(opened, place)
        if any(place in opened.pointers for place in changed):
            self.check_right("correct")
        after, follows = follow(before.with_values(changed), changed)
        step = Step(opened, after, changed, follows)
        self._append(step, why.strip(), cause)
        return step

    def _check_reason(self, opened: Opened, place: Place) -> None:
        before = None
        if pointer := opened.pointers.get(place, ""):
            strand, _, seq = pointer.partition(":")
            row = self.connection.execute(
                "SELECT who, at FROM trail WHERE strand = ? AND seq = ?", (strand, int(seq))
            ).fetchone()
            before = Before(*row)
        check_reason(self.study, opened.subject, place, before, self.account.id, self.ledger.now)

    def _append(self, step: Step, why: str, cause: str) -> None:
        ledger, old = self.ledger, step.opened.pointers
        causes = {place.form_key: ledger.address(at) for at, place in enumerate(step.changed, 1)}
        last = ledger.address(len(step.changed))
        acts = [Act("value", place, value, why, old.get(place, ""), cause) for place, value in step.changed.items()]
        acts += [
            Act("derived", place, value, "", old.get(place, ""), causes.get(place.form_key, last), SYSTEM)
            for place, value in step.follows.items()
        ]
        addresses = ledger.append(acts)
        step.pointers = {act.place: address for act, address in zip(acts, addresses, strict=True)}
        self.elsewhere.note({**step.changed, **step.follows})
        fresh = {key: STARTED for key in causes if key not in step.subject.states}
        if fresh:
            step.subject = replace(step.subject, states={**step.subject.states, **fresh})
        asked = self._write_line(step.subject, step.pointers)
        touched = dict.fromkeys([*(place.form_key for place in step.pointers), *step.shown_anew()])
        complete = {key for key in touched if step.subject.state(key).status == "complete"}
        if complete or asked:
            completing.settle_queries(self, step.subject, touched, complete, addresses[0])

    def _changes(self, steps: Sequence[Step]) -> Changes:
        if not steps:
            return Changes(position=self.ledger.tip.arrival)
        places = tuple(place for step in steps for place in step.pointers)
        return self.done(places, tuple(step.subject for step in steps), sum(len(step.changed) for step in steps))

    def _write_line(self, subject: Subject, places: Iterable[Place] = ()) -> int:
        """Bring the subject's line up to date; returns how many queries are open."""
        if not places or line_changed(self.study, places):
            self._write_facts(subject)
        return touch(self.connection, self.ledger.now, subject.id)

    def _write_facts(self, subject: Subject) -> None:
        self.connection.execute(
            "UPDATE subject SET status = ?, sex = ?, age = ?, cycle = ?, worst_grade = ? WHERE id = ?",
            (*line_facts(subject), subject.id),
        )

    def settle_line(self, subject: Subject, *, entered: bool) -> None:
        """Bring a subject's line up to date under another definition, inside a transaction that is open.

        ``entered`` says that computed values changed with it.
        """
        self._write_facts(subject)
        if entered:
            touch(self.connection, self.ledger.now, subject.id)

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
