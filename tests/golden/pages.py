"""Which pages of which prints are kept, and how each is made: from the demonstrations, with the clock set.

What a page says of the program that printed it (version, mark of the definition, entries of the ledger) is set to the
same every time, so that a page changes when its look or its matter changes and not with every release.
"""

from __future__ import annotations

import csv
import functools
import io
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pypdf import PdfReader

from db.clock import set_clock
from db.opening.vault import open_store
from forms.authoring.load import read_study
from forms.record.dataset import Dataset, Entry, SubjectData
from forms.texts import LANGUAGES, say
from reports.paper.page import short_tip
from reports.paper.places import event_words, form_words
from reports.pdf import queries, recovery
from reports.pdf.casebook import report as casebook
from reports.pdf.cohort import report as cohort
from reports.pdf.crf import report as crf
from resources import folder
from tests.reports.datasets import dataset_of, subject_of
from ui.commands import demo_store

STUDIES = {"ankl": "2025-07-25", "hlh_pediatric": "2021-10-01", "hlh_salvage": "2019-01-01"}
"""The day each demonstration is looked at."""
SUBJECTS = 12
PATIENT = "S01-001"
VISITS = {("SCR", "1"), ("C_D1", "1"), ("C_D8", "1")}
QUESTIONS = (
    {"subject": PATIENT, "event": "C_D1", "event_no": "1", "form": "VS", "item": "WEIGHT", "on": "2025-02-20",
     "text": "Please check the weight against the nursing chart.", "language": "en"},
    {"subject": PATIENT, "event": "C_D8", "event_no": "1", "form": "HEM", "item": "NEUT", "on": "2025-02-20",
     "text": "请核对中性粒细胞计数与化验单是否一致。", "language": "zh", "answer": "已核对，一致。",
     "answered": "2025-02-21"},
)  # fmt: skip
MARK = "0123456789abcdef" * 4


# --- data -------------------------------------------------------------------------------------------------------------


@functools.cache
def cohort_of(study_id: str) -> Dataset:
    """The first patients of a demonstration, with every form complete."""
    study, today = read_study(study_id), date.fromisoformat(STUDIES[study_id])
    by_subject: dict[str, list[dict[str, str]]] = {}
    with folder("studies", study_id, "demo", "patients.csv").open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            by_subject.setdefault(line["subject"], []).append(line)
    few = sorted(by_subject.items())[:SUBJECTS]
    made = dataset_of(study, [subject_of(study, subject, lines, today) for subject, lines in few], today)
    return replace(made, definition=MARK, app="1.0")


@functools.cache
def patient() -> Dataset:
    """A store of one patient's first week, entered, corrected and asked about as in the demonstration."""
    plan, cells = demo_store.read_plan("ankl"), demo_store.read_cells("ankl")
    plan["questions"] = QUESTIONS
    plan["corrections"] = [told for told in plan["corrections"] if told["subject"] == PATIENT]
    cells = [
        cell for cell in cells if cell.place.subject == PATIENT and (cell.place.event, cell.place.event_no) in VISITS
    ]
    with (
        tempfile.TemporaryDirectory() as place,
        patch.object(demo_store, "read_plan", lambda study: plan),
        patch.object(demo_store, "read_cells", lambda study: cells),
    ):
        store = demo_store.build(Path(place, "one.casebook"), "ankl")
        book = open_store(
            store,
            user=demo_store.USER,
            passphrase=demo_store.PASSPHRASE,
            clock=set_clock(plan["today"]),
            read_only=True,
        )
        try:
            return settled(book.dataset(today=date.fromisoformat(plan["today"])))
        finally:
            book.close()


def settled(made: Dataset) -> Dataset:
    """The dataset with entries numbered from 1 and each time of day at its full hour."""
    subjects = []
    for data in made.subjects:
        entries = {entry.address: at_its_hour(entry, number) for number, entry in enumerate(data.entries, 1)}
        subjects.append(
            SubjectData(
                data.subject,
                {place: replace(one, entry=entries[one.entry.address]) for place, one in data.records.items()},
                {key: replace(state, completed_at=full_hour(state.completed_at)) for key, state in data.states.items()},
                tuple(
                    replace(query, opened_at=full_hour(query.opened_at), closed_at=full_hour(query.closed_at))
                    for query in data.queries
                ),
                tuple(entries.values()),
            )
        )
    return replace(
        made, definition=MARK, app="1.0", position=1000, as_of="2025-07-25T00:00:00.000Z", tip=MARK,
        subjects=tuple(subjects),
    )  # fmt: skip


def at_its_hour(entry: Entry, number: int) -> Entry:
    """An entry as if it had come at the full hour, and as the number it is."""
    return replace(entry, arrival=number, at=full_hour(entry.at))


def full_hour(at: str) -> str:
    """A time (ISO 8601 UTC) at its full hour; "" stays."""
    return f"{at[:14]}00:00.000Z" if at else ""


# --- prints -----------------------------------------------------------------------------------------------------------


@functools.cache
def print_of(kind: str, study_id: str, language: str) -> PdfReader:
    """A print, read back."""
    return PdfReader(io.BytesIO(PRINTS[kind](study_id, language)))


def blank_form(study_id: str, language: str, *, annotated: bool = False) -> bytes:
    """The case report form, blank or annotated."""
    with patch.object(crf, "fingerprint", lambda definition: MARK):
        return crf.render(read_study(study_id), language, app="1.0", annotated=annotated)


def recovery_sheet(study_id: str, language: str) -> bytes:
    """The sheet with the recovery code."""
    return recovery.render(
        read_study(study_id), "S01", "ankl.casebook", "2025-03-01 09:00 UTC+08:00",
        "ABCDE-FGHJK-MNPQR-STVWX-YZ012-34567", short_tip(MARK), "1.0", language, STUDIES[study_id],
    )  # fmt: skip


PRINTS: dict[str, Callable[[str, str], bytes]] = {
    "casebook": lambda study_id, language: casebook.render(patient(), PATIENT, language),
    "queries": lambda study_id, language: queries.render(patient(), language),
    "cohort": lambda study_id, language: cohort.render(cohort_of(study_id), language),
    "crf": blank_form,
    "crf-annotated": functools.partial(blank_form, annotated=True),
    "recovery": recovery_sheet,
}


# --- pages ------------------------------------------------------------------------------------------------------------

Find = Callable[[PdfReader, str, str], int]
"""The page (from 0) of a print in a language of a study."""


def page(number: int) -> Find:
    """A page by its number, from 1; -1 is the last."""
    return lambda reader, study_id, language: number - 1 if number > 0 else len(reader.pages) + number


def headed(key: str, further: int = 0) -> Find:
    """The page of the heading with this text, or one further on."""
    return lambda reader, study_id, language: bookmark(reader, say(language, key)) + further


def visit_form(event: str, form: str, number: str = "1") -> Find:
    """The page on which a form of a visit begins."""

    def find(reader: PdfReader, study_id: str, language: str) -> int:
        study = read_study(study_id)
        visit = event_words(study, event, number, 1, language)
        return bookmark(reader, f"{visit} · {form_words(study, form, language)}")

    return find


def blank(form: str) -> Find:
    """The page on which a form of the case report form begins."""
    return lambda reader, study_id, language: bookmark(reader, form_words(read_study(study_id), form, language))


def bookmark(reader: PdfReader, title: str) -> int:
    """The page (from 0) of the first bookmark that ends in a title."""
    found = [
        reader.get_destination_page_number(entry) for entry in entries(reader.outline) if entry.title.endswith(title)
    ]
    assert found, f"no bookmark {title!r} among {[entry.title for entry in entries(reader.outline)]}"
    return found[0] or 0


def entries(outline: Any) -> Iterator[Any]:
    """Every bookmark, whatever stands below which."""
    for entry in outline:
        yield from entries(entry) if isinstance(entry, list) else (entry,)


BOTH: tuple[str, ...] = LANGUAGES
KEPT: tuple[tuple[str, str, str, tuple[str, ...], Find], ...] = (
    ("casebook-front", "casebook", "ankl", BOTH, page(1)),
    ("casebook-visit", "casebook", "ankl", BOTH, visit_form("C_D1", "EXGEM")),
    ("casebook-labs", "casebook", "ankl", BOTH, visit_form("C_D8", "HEM")),
    ("casebook-grades", "casebook", "ankl", BOTH, headed("casebook.section.working")),
    ("casebook-trail", "casebook", "ankl", BOTH, page(-1)),
    ("queries", "queries", "ankl", BOTH, page(1)),
    ("cohort-key", "cohort", "ankl", BOTH, headed("reports.key.head")),
    ("cohort-survival", "cohort", "ankl", BOTH, headed("reports.survival.head")),
    ("cohort-safety", "cohort", "ankl", BOTH, headed("reports.ae.head")),
    ("cohort-key", "cohort", "hlh_pediatric", ("zh",), headed("reports.key.head")),
    ("cohort-survival", "cohort", "hlh_pediatric", ("zh",), headed("reports.survival.head", 3)),
    ("cohort-safety", "cohort", "hlh_pediatric", ("zh",), headed("reports.ae.head", 1)),
    ("cohort-key", "cohort", "hlh_salvage", ("en",), headed("reports.key.head")),
    ("cohort-survival", "cohort", "hlh_salvage", ("en",), headed("reports.survival.head")),
    ("cohort-safety", "cohort", "hlh_salvage", ("en",), headed("reports.ae.head")),
    ("form", "crf", "ankl", BOTH, blank("CHEM")),
    ("form", "crf", "hlh_pediatric", ("zh",), blank("RS")),
    ("form-annotated", "crf-annotated", "hlh_salvage", ("en",), blank("RS")),
    ("recovery", "recovery", "ankl", BOTH, page(1)),
)
PAGES = {
    f"{name}.{study_id}.{language}": (kind, study_id, language, find)
    for name, kind, study_id, languages, find in KEPT
    for language in languages
}
"""Every page that is kept, by name."""


def made_page(name: str) -> tuple[PdfReader, int]:
    """The print that holds a page as the program makes it now, and which page it is."""
    kind, study_id, language, find = PAGES[name]
    reader = print_of(kind, study_id, language)
    return reader, find(reader, study_id, language)
