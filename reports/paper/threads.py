"""The thread of a query as every print shows it, with times of the place where each act was made."""

from __future__ import annotations

from forms.record.dataset import Dataset, Entry, Query, SubjectData
from forms.record.trail import act_words, entry_words, local_moment, thread, who_words
from forms.texts import say


def moment_words(entry: Entry) -> str:
    """``2024-10-18 09:30 (UTC+08:00)``."""
    moment = local_moment(entry)
    return f"{moment:%Y-%m-%d %H:%M} ({moment:%Z})"


def thread_steps(dataset: Dataset, data: SubjectData, query: Query, language: str, *, first: int = 0) -> list[str]:
    """Each act on a query on a line: when, who, what, its words. ``first`` 1 leaves the question out."""
    steps = []
    for entry in list(thread(query.id, data.entries))[first:]:
        words = entry_words(dataset.study, entry, language)
        act = act_words(entry, None, language) + (f"{say(language, 'casebook.colon')}{words}" if words else "")
        steps.append(f"{moment_words(entry)}  {who_words(dataset.study, dataset.names, entry, language)}  {act}")
    return steps
