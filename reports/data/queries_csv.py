"""The listing of queries as a table file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from forms.record.dataset import Dataset, Query, SubjectData
from forms.record.trail import corrections
from forms.texts import say

COLUMNS = ("id", "subject", "event", "event_no", "form", "form_no", "row", "item", "rule", "question", "status",
           "opened_at", "opened_by", "due", "to", "closed_at", "closed_by", "steps", "corrections")  # fmt: skip
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Cells that begin so would run as a formula in a spreadsheet; an apostrophe goes before (OWASP, CSV injection)."""


def render(dataset: Dataset, language: str) -> bytes:
    """Every query of a dataset, one a row, UTF-8 with a byte order mark so that spreadsheets read Chinese."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    for data in dataset.subjects:
        for query in data.queries:
            place = query.place
            lines.writerow(
                safe(cell)
                for cell in (
                    query.id, place.subject, place.event, place.event_no, place.form, place.form_no, place.row,
                    place.item, query.rule, query.words.get(language, query.text), query.status, query.opened_at,
                    who(dataset, query.opened_by, language), query.due, query.to, query.closed_at,
                    who(dataset, query.closed_by, language), "\n".join(steps(dataset, data, query, language)),
                    str(len(corrections(data, query))),
                )
            )  # fmt: skip
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def safe(cell: str) -> str:
    """The cell with an apostrophe before a sign that begins a formula."""
    return f"'{cell}" if cell.startswith(SIGNS) else cell


def who(dataset: Dataset, account: str, language: str) -> str:
    """A person's name; the program for what a rule did."""
    return say(language, "access.listing.program") if account == "system" else dataset.names.get(account, account)


def steps(dataset: Dataset, data: SubjectData, query: Query, language: str) -> Iterator[str]:
    """Answers, closings and re-openings: state, when (UTC), who, words."""
    for entry in data.entries:
        if entry.replaces == query.id and entry.act.startswith("query_"):
            words = f": {entry.why}" if entry.why else ""
            act = say(language, f"db.act.{entry.act}")
            yield f"{act} {entry.at[:16].replace('T', ' ')}Z {who(dataset, entry.who, language)}{words}"
