"""What the ledger's entries say, in words: values as they are read, questions and answers, and what each act was.

The window's history, the thread of a query and every print take their words from here, so that an entry reads the same
wherever it stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone

from forms.grading.grade import term_label
from forms.grading.result import read_stored
from forms.record.dataset import Entry, Query, SubjectData, read_asked
from forms.record.delegation import role_words
from forms.shown import value_words
from forms.study.definition import Study
from forms.texts import said, say
from forms.value import REDACTED

VALUES = ("value", "derived")
"""Acts that carry a value."""


def question_words(query: Query, language: str) -> str:
    """What a query asks; a person's own question stands in the language it was written in."""
    return query.words.get(language) or query.text


def thread(query_id: str, entries: Iterable[Entry]) -> Iterator[Entry]:
    """A query's entries in order: what was asked, answered, closed, opened again."""
    for entry in entries:
        if entry.act.startswith("query_") and query_id in (entry.address, entry.replaces):
            yield entry


def told_before(entries: Sequence[Entry]) -> dict[str, Entry]:
    """The value that each value took the place of, by the address of the later one."""
    by_address = {entry.address: entry for entry in entries if entry.act in VALUES}
    return {entry.address: by_address[entry.replaces] for entry in by_address.values() if entry.replaces in by_address}


def act_words(entry: Entry, before: Entry | None, language: str) -> str:
    """What was done: a value that took another's place was corrected or cleared, not entered a second time."""
    if entry.act not in VALUES or before is None:
        return say(language, f"db.act.{entry.act}")
    if entry.value.blank:
        return say(language, "db.act.cleared")
    if entry.act == "derived":
        return say(language, "db.act.computed_again")
    return say(language, "db.act.entered_again" if before.value.blank else "db.act.corrected")


def entry_words(study: Study, entry: Entry, language: str) -> str:
    """What an entry says: a value with its unit, grades, a question, an answer; "" for acts that say nothing."""
    if entry.act == "query_opened":
        words = read_asked(entry.value.value)[1]
        return words.get(language) or said(words, "en")
    if entry.act.startswith("query_"):
        return entry.why
    if entry.act not in VALUES:
        return ""
    if entry.place.graded_item:
        return grades_words(study, entry.value.value, language)
    form = study.form_by_id.get(entry.place.form)
    item = form.items.get(entry.place.item) if form is not None else None
    codelist = study.codelist_by_id.get(item.codelist) if item is not None else None
    return value_words(item, entry.value, codelist, language, study.ctcae)


def who_words(study: Study, names: Mapping[str, str], entry: Entry, language: str) -> str:
    """``Lin Xia (Study nurse)``; the program for what follows by a rule."""
    if entry.who == "system":
        return say(language, "casebook.trail.system")
    name, role = names.get(entry.who, entry.who), role_words(study, entry.role, language)
    return f"{name} ({role})" if role else name


def clock_words(entry: Entry, language: str) -> str:
    """Which time was expected and which one the clock showed when it was set back or on; "" for other acts."""
    if entry.act not in ("clock_set_back", "clock_set_on"):
        return ""
    told = json.loads(entry.value.value)
    moments = {name: f"{_local(told[name], entry.offset):%Y-%m-%d %H:%M}" for name in ("expected", "shown")}
    return say(language, "casebook.trail.clock", **moments)


def local_moment(entry: Entry) -> datetime:
    """Time of an entry where it was made."""
    return _local(entry.at, entry.offset)


def _local(at: str, offset: int) -> datetime:
    return datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(timezone(timedelta(minutes=offset)))


def grades_words(study: Study, stored: str, language: str) -> str:
    """``Anemia 3``, undecided ``Hyperglycemia 1/2?``; "" when all lies within limits or nothing is stored."""
    if stored == REDACTED:
        return stored
    told = []
    for term, grade, candidates in read_stored(stored):
        name = term_label(study.ctcae, term, language)
        if grade:
            told.append(f"{name} {grade}")
        elif grade is None:
            told.append(f"{name} {'/'.join(map(str, candidates))}?")
    return say(language, "casebook.list_comma").join(told)


def corrections(data: SubjectData, query: Query) -> list[Entry]:
    """Values that were entered for a query: they name it as their cause."""
    return [entry for entry in data.entries if entry.cause == query.id and entry.act == "value"]
