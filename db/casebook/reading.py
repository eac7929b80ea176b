"""The present as people look at it: subjects, sheets, histories, queries, and ids for what is about to be entered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from db.casebook.drafts import drafted_ids
from db.casebook.entering import check_form
from db.casebook.outline import outline_of
from db.casebook.session import Session
from db.casebook.subjects import SubjectLine, count_lines, read_lines
from db.casebook.versions import judged
from db.ledger.definitions import is_first_definition, read_history
from db.ledger.ledger import COLUMNS, DEFINITION_DIGITS, PERSON, read_entry
from db.ledger.projection import read_item, read_picture, read_queries, read_scopes, read_standing
from db.ledger.signatures import read_signatures
from forms.errors import Refusal
from forms.place import FormKey, Place
from forms.record.dataset import Entry, Query, Record, Signature
from forms.sheet.sheet import Sheet, open_sheet
from forms.subject.in_force import StudyInForce
from forms.subject.states import Flags, FormState
from forms.subject.subject import Subject
from forms.subject.unique import Elsewhere, unique_items
from forms.value import Value

OPEN_SUBJECTS = 24
"""Pictures of subjects kept ready."""

AT_PLACE = f"""t.person = {PERSON} AND t.event = ? AND t.event_no = ? AND t.form = ? AND t.form_no = ?
 AND t."row" = ? AND t.item = ? AND t.person > 1"""
"""Condition on ``trail AS t`` for the seven columns of a place."""


@dataclass(slots=True)
class Opened:
    """A subject's picture and the address of the entry behind each value."""

    subject: Subject
    pointers: dict[Place, str]
    scopes: Mapping[FormKey, Flags] = field(default_factory=dict)
    """Flags of visits and of the subject as a whole, under keys without a form: they hold for what is not begun."""

    def takes_new(self, key: FormKey) -> bool:
        """Whether a form that holds nothing yet may be begun: neither its visit nor the subject is frozen or locked."""
        scopes = (FormKey(key.subject, "", "", "", ""), FormKey(key.subject, key.event, key.event_no, "", ""))
        return all(scope not in self.scopes or self.scopes[scope].takes_entries for scope in scopes)


def columns_of(place: Place) -> tuple[str, ...]:
    """A place as the seven columns of a table."""
    return (place.subject, place.event, place.event_no, place.form, place.form_no, place.row, place.item)


class OpenStore(Session):
    """An open store one can look into."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._subjects: OrderedDict[str, Opened] = OrderedDict()
        self._history: tuple[StudyInForce, ...] = ()
        self._issued: dict[str, int] = {}
        self.elsewhere = Elsewhere(self._read_unique)

    def forget(self) -> None:
        """Drop the pictures kept ready; they are read again when asked for."""
        self._subjects.clear()
        self._history = ()
        self.elsewhere.for_study(self.study)

    def rolled_back(self) -> None:
        """Drop what was learnt from values that were not kept after all."""
        self.elsewhere.forget()

    @property
    def versions(self) -> tuple[StudyInForce, ...]:
        """Every version of the study that was put in force, oldest first."""
        if not self._history:
            alone = is_first_definition(self.connection)
            first = StudyInForce(self.definition[:DEFINITION_DIGITS], self.study, 0, date.min)
            self._history = (first,) if alone else read_history(self.connection)
        return self._history

    def _read_unique(self) -> Iterator[tuple[Place, Value]]:
        for form, item in unique_items(self.study):
            yield from read_item(self.connection, form, item)

    def subjects(self, search: str = "", offset: int = 0, limit: int = 200) -> list[SubjectLine]:
        """Lines of the subject list in order of id."""
        self.check_right("read")
        with self.reading() as connection:
            return read_lines(connection, search, offset, limit)

    def count_subjects(self, search: str = "") -> int:
        """How many subjects a search finds."""
        with self.reading() as connection:
            return count_lines(connection, search)

    def empty_subject(self, subject: str) -> Subject:
        """The picture of a subject of whom nothing is known."""
        return Subject(
            self.study, subject, {}, {}, self.ranges, self.clock.today(), self.site, elsewhere=self.elsewhere
        )

    def _kept(self, subject: str) -> Opened | None:
        found = self._subjects.get(subject)
        if found is None or found.subject.today != self.clock.today():
            return None
        self._subjects.move_to_end(subject)
        return found

    def opened(self, subject: str) -> Opened:
        """The picture kept ready, or read now. Raises Refusal for a subject there isn't."""
        if (found := self._kept(subject)) is not None:
            return found
        if not self.connection.execute("SELECT 1 FROM subject WHERE id = ?", (subject,)).fetchone():
            raise Refusal("db.subject_unknown", id=subject[:40])
        picture = read_picture(self.connection, subject)
        read = replace(self.empty_subject(subject), values=picture.values, states=picture.states)
        seen = judged(self.connection, read, self.versions)
        return self.keep(Opened(seen, picture.pointers, read_scopes(self.connection, subject)))

    def keep(self, opened: Opened) -> Opened:
        """Keep a picture ready in place of the earlier one."""
        self._subjects[opened.subject.id] = opened
        self._subjects.move_to_end(opened.subject.id)
        while len(self._subjects) > OPEN_SUBJECTS:
            self._subjects.popitem(last=False)
        return opened

    def subject(self, id: str) -> Subject:  # noqa: A002
        """The picture of a subject as it stands."""
        return self._look_at(id).subject

    def _look_at(self, subject: str) -> Opened:
        """The picture kept ready, or read now, for whoever may look."""
        self.check_right("read")
        with self.guard:
            self.check_open()
            if (found := self._kept(subject)) is not None:
                return found
            with self.reading():
                return self.opened(subject)

    def outline(self, id: str) -> Subject:  # noqa: A002
        """A subject with no more than its schedule needs, for going through many; not kept ready."""
        self.check_right("read")
        with self.reading() as connection:
            return outline_of(connection, self.empty_subject(id), self.versions)

    def sheet(self, key: FormKey) -> Sheet:
        """One form as it stands, ready to be filled."""
        subject = self.subject(key.subject)
        check_form(subject.judging(key.event, key.event_no).study, key)
        return open_sheet(subject, key)

    def state(self, key: FormKey) -> FormState:
        """Status of a form."""
        return self.subject(key.subject).state(key)

    def takes_entries(self, key: FormKey) -> bool:
        """Whether values may be entered on a form: it is not frozen or locked, nor what it would be begun in."""
        opened = self._look_at(key.subject)
        state = opened.subject.state(key)
        return state.flags().takes_entries and (state.status != "empty" or opened.takes_new(key))

    def scope_flags(self, subject: str) -> Mapping[FormKey, Flags]:
        """Flags of a subject's visits and of the subject as a whole, under keys without a form."""
        return self._look_at(subject).scopes

    def signatures(self, subject: str) -> tuple[Signature, ...]:
        """Signatures over anything of a subject, oldest first, each with what changed underneath."""
        self.check_right("read")
        with self.reading() as connection:
            return read_signatures(connection, subject)

    def record(self, place: Place) -> Record | None:
        """The entry behind the current value of a place, None when there never was one."""
        self.check_right("read")
        with self.reading() as connection:
            row = connection.execute(
                f"""SELECT {COLUMNS}, c.changes FROM trail AS t
                    JOIN current AS c ON c.spot = t.spot AND c."row" = t."row" AND c.item = t.item
                      AND c.strand = t.strand AND c.seq = t.seq
                    WHERE {AT_PLACE}""",
                columns_of(place),
            ).fetchone()
        return Record(read_entry(row), row[-1]) if row else None

    def history(self, place: Place) -> tuple[Entry, ...]:
        """Everything that ever happened at a place, oldest first."""
        self.check_right("read")
        with self.reading() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM trail AS t WHERE {AT_PLACE} ORDER BY t.arrival", columns_of(place)
            ).fetchall()
        return tuple(read_entry(row) for row in rows)

    def queries(self, subject: str = "") -> tuple[Query, ...]:
        """Queries of a subject, or of all, oldest first."""
        self.check_right("read")
        with self.reading() as connection:
            return read_queries(connection, subject)

    def standing(self, key: FormKey) -> tuple[Query, ...]:
        """Queries on a form that are not closed, answered ones too, oldest first."""
        self.check_right("read")
        with self.reading() as connection:
            return read_standing(connection, key)

    def new_row(self, key: FormKey, group_id: str) -> str:
        """An id for a row not entered yet. Nothing is written."""
        return self._issue(key.subject)

    def new_form_no(self, subject: str, event: str, event_no: str, form: str) -> str:
        """An id for another instance of a repeating form. Nothing is written."""
        return self._issue(subject)

    def new_event_no(self, subject: str, event: str) -> str:
        """An id for an added event. Nothing is written."""
        return self._issue(subject)

    def _issue(self, subject: str) -> str:
        with self.reading() as connection:
            mine = f"{self.ledger.strand}-"
            if subject not in self._issued:
                used = {(place.event_no, place.form_no, place.row) for place in self.opened(subject).subject.values}
                ids = [each for three in used.union(drafted_ids(connection, subject)) for each in three]
                numbers = [int(tail) for each in ids if (tail := each.removeprefix(mine)) != each and tail.isdecimal()]
                self._issued[subject] = max(numbers, default=0)
            self._issued[subject] += 1
            return f"{mine}{self._issued[subject]}"
